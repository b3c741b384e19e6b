"""Where the real package and its texts are, for every test."""

import asyncio
import shutil
import signal
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

import onrecord
from onrecord.evidence import find_texts, texts_folder

# Whatever runs in the background of a shell ignores interrupts, and so would the commands that tests interrupt.
signal.signal(signal.SIGINT, signal.default_int_handler)

ROOT = Path(__file__).resolve().parent.parent
FOUNDING = ROOT / "tests/founding"
CHROMIUM = next(
    (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None
)


def apart(work: Coroutine[Any, Any, Any]) -> Any:
    """Run a coroutine in a thread of its own, since the browser's loop may be running in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """How pytest-playwright starts the browser: the one of this machine; tests skip where there is none."""
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine: install the package chromium")
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": ["--no-sandbox"]}


@pytest.fixture(scope="session")
def data() -> onrecord.Dataset:
    """The real dataset."""
    return onrecord.load(ROOT)


@pytest.fixture(scope="session")
def founding(tmp_path_factory: pytest.TempPathFactory) -> onrecord.Dataset:
    """The founding articles' dataset."""
    return onrecord.load(copy_package(tmp_path_factory.mktemp("founding") / "package"))


@pytest.fixture(scope="session")
def texts() -> dict[str, str]:
    """The source texts at hand, by hash; a test that needs them skips where there are none."""
    found = find_texts(texts_folder(ROOT))
    if not found:
        pytest.skip("no source texts at hand: name their folder in ONRECORD_TEXTS")
    return found


def copy_package(folder: Path, dataset: Path = FOUNDING) -> Path:
    """Copy a package, tables and schemas, into a folder that is made if need be: that of the five founding articles, as
    version 0.9.0 had it, which stays as it is while the dataset grows."""
    folder.mkdir(exist_ok=True)
    shutil.copytree(dataset, folder / "dataset")
    shutil.copytree(ROOT / "schemas", folder / "schemas")
    shutil.copy(ROOT / "datapackage.json", folder)
    return folder


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the founding package that a test may break."""
    return copy_package(tmp_path / "package")
