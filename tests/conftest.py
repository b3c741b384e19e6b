"""Where the real package and its texts are, for every test."""

import shutil
import signal
from pathlib import Path

import pytest

import onrecord
from onrecord.evidence import find_texts, texts_folder

# Whatever runs in the background of a shell ignores interrupts, and so would the commands that tests interrupt.
signal.signal(signal.SIGINT, signal.default_int_handler)

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def data() -> onrecord.Dataset:
    """The real dataset."""
    return onrecord.load(ROOT)


@pytest.fixture(scope="session")
def texts() -> dict[str, str]:
    """The source texts at hand, by hash; a test that needs them skips where there are none."""
    found = find_texts(texts_folder(ROOT))
    if not found:
        pytest.skip("no source texts at hand: name their folder in ONRECORD_TEXTS")
    return found


def copy_package(folder: Path) -> Path:
    """Copy the real package, tables and schemas, into a folder that is made if need be."""
    folder.mkdir(exist_ok=True)
    for name in ("dataset", "schemas"):
        shutil.copytree(ROOT / name, folder / name)
    shutil.copy(ROOT / "datapackage.json", folder)
    return folder


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the real package that a test may break."""
    return copy_package(tmp_path / "package")
