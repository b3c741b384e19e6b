"""Releases: what stops one, what it writes, the same bytes each time, and what verification finds in a changed archive."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

import onrecord
from helpers import apply_edits, copy_minimal
from onrecord.docs import codebook
from onrecord.fmt import fmt
from onrecord.metadata.loading import loads
from onrecord.package import open_package
from onrecord.release import RefusedError, rebuild, release
from onrecord.validate import validate
from onrecord.verify import verify

pytestmark = pytest.mark.xdist_group("release")
DAY = "2026-11-22"


def git(folder: Path, *arguments: str) -> str:
    named = {"GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": "a@example.org", "GIT_COMMITTER_NAME": "A"}
    environment = {**os.environ, **named, "GIT_COMMITTER_EMAIL": "a@example.org"}
    return subprocess.run(
        ["git", "-C", str(folder), *arguments], check=True, capture_output=True, text=True, env=environment
    ).stdout


def commit(folder: Path) -> None:
    (folder / "CODEBOOK.md").write_text(codebook(open_package(folder)), "utf-8")
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "as it is", "--allow-empty")


def said(folder: Path, version: str, text: str = "- What changed.") -> None:
    path = folder / "CHANGELOG.md"
    path.write_text(f"# Changelog\n\n## {version} (unreleased)\n\n{text}\n", "utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The minimal package in a repository of its own, ready to be released as 1.0.0."""
    root = copy_minimal(tmp_path / "package")
    (root / ".gitignore").write_text("/dist/\n/build/\n/texts/\n.onrecord/\n", "utf-8")
    git(tmp_path, "init", "-q", str(root))
    said(root, "1.0.0")
    commit(root)
    return root


@pytest.fixture
def released(folder: Path) -> Path:
    release(open_package(folder), "1.0.0", DAY)
    commit(folder)
    git(folder, "tag", "v1.0.0")
    return folder


def refused(folder: Path, version: str, day: str = DAY) -> list[str]:
    before = {
        p: p.read_bytes()
        for p in folder.rglob("*")
        if p.is_file() and ".git/" not in str(p) and ".onrecord" not in str(p)
    }
    with pytest.raises(RefusedError) as error:
        release(open_package(folder), version, day)
    after = {
        p: p.read_bytes()
        for p in folder.rglob("*")
        if p.is_file() and ".git/" not in str(p) and ".onrecord" not in str(p)
    }
    assert after == before
    return error.value.reasons


def test_a_release_writes_everything_and_says_so_everywhere(folder: Path) -> None:
    done = release(open_package(folder), "1.0.0", DAY)
    assert sorted(p.name for p in done.repository) == [
        ".zenodo.json",
        "1.0.0.json",
        "CHANGELOG.md",
        "CITATION.cff",
        "datapackage.json",
    ]
    package = open_package(folder)
    assert package.descriptor["version"] == "1.0.0"
    assert "created" not in package.descriptor
    assert f"## 1.0.0 ({DAY})" in (folder / "CHANGELOG.md").read_text("utf-8")
    stem = f"{package.descriptor['name']}-1.0.0"
    names = {p.name for p in done.dist}
    assert {f"{stem}.zip", f"{stem}.db", f"{stem}-flat.csv", f"{stem}-claims.parquet", "SHA256SUMS"} <= names
    assert {
        "diff.json",
        "diff.txt",
        "diff.html",
        "CITATION.cff",
        "datacite.json",
        "croissant.json",
        ".zenodo.json",
    } <= names
    for line in (folder / "dist/SHA256SUMS").read_text("ascii").splitlines():
        digest, name = line.split("  ")
        assert hashlib.sha256((folder / "dist" / name).read_bytes()).hexdigest() == digest
    assert validate(package, folder / "texts").valid
    assert fmt(package, check=True) == ([], [])
    loaded = onrecord.load(folder / f"dist/{stem}.zip")
    assert loaded.version == "1.0.0"
    assert len(loaded.claims) == len(onrecord.load(folder).claims)
    connection = sqlite3.connect(folder / f"dist/{stem}.db")
    assert connection.execute("SELECT COUNT(*) FROM claims").fetchone()[0] == len(loaded.claims)
    assert loads(folder / "dist/croissant.json") == []
    inside = json.loads(zipfile.ZipFile(folder / f"dist/{stem}.zip").read("datapackage.json"))
    assert inside["created"] == f"{DAY}T00:00:00Z"
    for resource in inside["resources"]:
        data = (folder / resource["path"]).read_bytes()
        assert (resource["bytes"], resource["hash"]) == (len(data), f"sha256:{hashlib.sha256(data).hexdigest()}")
        assert resource["rows"] == len(loaded.tables[resource["name"]])


def test_two_machines_make_the_same_files(released: Path, tmp_path: Path) -> None:
    other = tmp_path / "elsewhere" / "clone"
    git(tmp_path, "clone", "-q", str(released), str(other))
    first = {p.name: p.read_bytes() for p in (released / "dist").iterdir()}
    done = subprocess.run(
        [sys.executable, "-m", "onrecord", "release", "1.0.0", "--rebuild"], cwd=other, capture_output=True, text=True,
        check=False, env={**os.environ, "TZ": "Pacific/Auckland", "PYTHONHASHSEED": "3", "LC_ALL": "C"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert {p.name: p.read_bytes() for p in (other / "dist").iterdir()} == first
    assert git(other, "status", "--porcelain") == ""


ADDED = [{"table": "actors", "add": {"actor_id": "A0900", "actor_name": "Nobody yet", "actor_kind": "person", "anonymity": "named"}},
         {"table": "actor_names", "add": {"actor_id": "A0900", "alternative_name": "N.", "name_kind": "weak_alias"}}]  # fmt: skip


def test_a_version_that_is_too_small_is_refused_with_the_rows_that_forbid_it(released: Path) -> None:
    apply_edits(released, ADDED[:1])
    events = open_package(released).read("events")[0].rows
    apply_edits(
        released,
        [
            {
                "table": "event_actors",
                "add": {"event_id": events[0][0], "actor_id": "A0900", "event_role": "participant"},
            }
        ],
    )
    said(released, "1.0.1")
    commit(released)
    shutil.rmtree(released / "dist")
    (reason,) = refused(released, "1.0.1")
    assert "1.0.1 is too small" in reason
    assert "minor" in reason
    assert "1.1.0" in reason
    assert "A0900" in reason
    said(released, "1.1.0")
    commit(released)
    release(open_package(released), "1.1.0", "2026-12-01")
    found = json.loads((released / "dist/diff.json").read_text("utf-8"))
    assert "A0900" in json.dumps(found)


def test_a_lost_identifier_stops_a_release(released: Path) -> None:
    ledger = released / "releases/1.0.0.json"
    book = json.loads(ledger.read_text("utf-8"))
    book["tables"]["claims"]["rows"]["C99999"] = "0" * 64
    ledger.write_text(json.dumps(book), "utf-8")
    said(released, "2.0.0")
    commit(released)
    shutil.rmtree(released / "dist")
    reasons = refused(released, "2.0.0")
    assert any("C99999 vanished from claims" in reason for reason in reasons)


def test_every_reason_is_told_at_once(folder: Path) -> None:
    (folder / "CHANGELOG.md").write_text("# Changelog\n", "utf-8")
    (folder / "CODEBOOK.md").write_text("old\n", "utf-8")
    path = folder / "dataset/claims.csv"
    path.write_text(path.read_text("utf-8").replace("affirm", "afirm", 1), "utf-8")
    reasons = " | ".join(refused(folder, "1.0.0"))
    for part in ("not clean", "no entry '## 1.0.0'", "CODEBOOK.md is not current", "invalid"):
        assert part in reasons


def test_versions_and_days_that_are_none(folder: Path, released: Path) -> None:
    for version, day in (("1.0", DAY), ("v1.0.0", DAY), ("1.0.0", "2026-02-30"), ("1.0.0", "22.11.2026")):
        done = subprocess.run(
            [sys.executable, "-m", "onrecord", "release", version, "--date", day], cwd=folder, capture_output=True,
            text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 2, done.stdout
        assert done.stderr.count("\n") == 1
    said(released, "1.0.0", "- Again.")
    commit(released)
    assert any("is not above 1.0.0" in reason for reason in refused(released, "1.0.0"))


def test_rebuild_wants_the_tree_of_the_release(released: Path) -> None:
    apply_edits(released, ADDED)
    with pytest.raises(RefusedError, match="check out the tag"):
        rebuild(open_package(released), "1.0.0")
    with pytest.raises(RefusedError, match="check out the tag"):
        rebuild(open_package(released), "3.0.0")


def rewritten(
    archive: Path, change: Callable[[str, bytes], bytes | None], more: dict[str, bytes] | None = None
) -> Path:
    target = archive.with_name("changed.zip")
    with zipfile.ZipFile(archive) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            data = change(name, old.read(name))
            if data is not None:
                new.writestr(name, data)
        for name, data in (more or {}).items():
            new.writestr(name, data)
    return target


def test_a_changed_archive_is_found_out(released: Path) -> None:
    archive = next((released / "dist").glob("*.zip"))
    sound = verify(archive, released / "texts")
    assert sound.sound, sound.problems
    assert any("source texts at hand" in line for line in sound.checked)

    def problems(path: Path) -> str:
        verdict = verify(path, released / "texts")
        assert not verdict.sound
        return " | ".join(verdict.problems)

    def one_byte(name: str, data: bytes) -> bytes:
        return data[::-1].replace(b"a", b"e", 1)[::-1] if name == "dataset/places.csv" else data  # in the last row

    told = problems(rewritten(archive, one_byte))
    assert "dataset/places.csv" in told
    assert "releases/1.0.0.json" in told
    assert "does not name changed.zip" in told
    assert "missing" in problems(rewritten(archive, lambda name, data: None if name == "dataset/places.csv" else data))
    assert "was added" in problems(rewritten(archive, lambda _, data: data, {"dataset/more.csv": b"x\n1\n"}))
    with archive.open("r+b") as file:
        file.seek(200)
        file.write(b"\x00\x01")
    done = subprocess.run(
        [sys.executable, "-m", "onrecord", "verify", str(archive)], capture_output=True, text=True, check=False
    )
    assert done.returncode in (1, 2)
    assert "Traceback" not in done.stderr
