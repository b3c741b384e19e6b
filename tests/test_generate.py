"""The generator of large packages: valid, canonical, the same bytes for the same seed, and faults where it says."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.generate import generate
from onrecord.package import open_package
from onrecord.validate import validate

ROWS = 2000


def contents(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("generated") / "clean"
    generate(folder, ROWS)
    return folder


def test_what_is_generated_is_valid(clean: Path) -> None:
    report = validate(open_package(clean))
    assert [str(finding) for finding in report.findings] == []
    assert not report.skipped
    assert 0.7 * ROWS < sum(report.rows.values()) < 1.3 * ROWS


def test_same_seed_same_bytes_whatever_the_threads(clean: Path, tmp_path: Path) -> None:
    generate(tmp_path / "again", ROWS, threads=1)
    generate(tmp_path / "other", ROWS, seed=2)
    assert contents(tmp_path / "again") == contents(clean)
    assert contents(tmp_path / "other") != contents(clean)
