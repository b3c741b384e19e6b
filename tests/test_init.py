"""A package of one's own: begun in an empty folder, valid at once, and carried through the whole cycle."""

import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import ROOT
from onrecord.findings import PackageError
from onrecord.init import init
from onrecord.package import open_package
from onrecord.validate import validate


def run(*arguments: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    env = {k: v for k, v in os.environ.items() if k != "ONRECORD_TEXTS"}
    return subprocess.run(
        [sys.executable, "-m", "onrecord", *map(str, arguments)],
        cwd=cwd, capture_output=True, text=True, check=False, env={**env, "NO_COLOR": "1"},
    )  # fmt: skip


def test_a_new_package_is_valid_empty_and_has_our_schemas(tmp_path: Path) -> None:
    folder = init(tmp_path / "my data")
    package = open_package(folder)
    assert package.descriptor["name"] == "my-data"
    assert package.descriptor["title"] == "My data"
    assert package.schemas == open_package(ROOT).schemas
    report = validate(package)
    assert report.findings == []
    assert set(report.rows.values()) == {0}
    assert sorted(p.name for p in tmp_path.iterdir()) == ["my data"]


def test_the_full_cycle_in_a_new_folder(tmp_path: Path) -> None:
    assert run("init", "ours", "--title", "Our claims", cwd=tmp_path).returncode == 0
    folder = tmp_path / "ours"
    assert run("validate", cwd=folder).stdout.startswith("valid: 0 rows")
    assert run("docs", "--check", cwd=folder).returncode == 0
    rows = {
        "actors": "A0001,The Daily,media_outlet,named,,,,JRN,,\nA0002,Ann Other,person,named,,,,GOV,,\n",
        "sources": "S0001,Ann Other says it will rain,A0001,stated,news_report,,,2031-05-07,,,stated,,en,,listing,none,,,,,,\n",
        "propositions": "",
    }  # fmt: skip
    for name, text in rows.items():
        path = folder / f"dataset/{name}.csv"
        path.write_text(path.read_text("utf-8") + text, "utf-8")
    said = run("validate", cwd=folder)
    assert said.returncode == 1
    assert "bounds-match" in said.stdout
    assert run("fmt", cwd=folder).returncode == 0
    assert "2031-05-07,2031-05-07,2031-05-07" in (folder / "dataset/sources.csv").read_text("utf-8")
    left = run("validate", cwd=folder)
    assert "dataset/actors.csv:3:1 used: " in left.stdout
    path = folder / "dataset/actors.csv"
    path.write_text(path.read_text("utf-8").replace("A0002,Ann Other,person,named,,,,GOV,,\n", ""), "utf-8")
    assert run("validate", cwd=folder).returncode == 0
    built = run("build", cwd=folder)
    assert built.returncode == 0, built.stdout + built.stderr
    with sqlite3.connect(folder / "build/onrecord.db") as database:
        assert database.execute("SELECT actor_name FROM actors").fetchall() == [("The Daily",)]
        assert database.execute("SELECT count(*) FROM flat").fetchone() == (0,)
    shown = run("show", "A0001", "--json", cwd=folder)
    assert json.loads(shown.stdout)["sections"] is not None


def test_what_is_there_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full/mine.txt").write_text("mine", "utf-8")
    (tmp_path / "file").write_text("mine", "utf-8")
    for name in ("full", "file"):
        with pytest.raises(PackageError, match="not empty"):
            init(tmp_path / name)
    assert (tmp_path / "full/mine.txt").read_text("utf-8") == "mine"
    (tmp_path / "empty").mkdir()
    assert validate(open_package(init(tmp_path / "empty"))).valid
