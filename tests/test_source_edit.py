"""`onrecord source edit`: what it changes, what it refuses, and that it writes all or nothing."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from helpers import call, copy_minimal
from onrecord.curate.editing import edit
from onrecord.curate.reading import RefusedError
from onrecord.findings import PackageError
from onrecord.fmt import fmt
from onrecord.package import open_package
from onrecord.validate import validate
from test_store import tree

TEXT = "Bridge Opens\n\nBy Ada Crane\n8 May 2031\n\nThe bridge opened, the council said.\n"


@pytest.fixture
def package(tmp_path: Path) -> Path:
    return copy_minimal(tmp_path / "package")


def source(package: Path, source_id: str) -> dict[str, str]:
    with (package / "dataset/sources.csv").open(encoding="utf-8", newline="") as stream:
        return next(row for row in csv.DictReader(stream) if row["source_id"] == source_id)


def run(package: Path, *arguments: str) -> tuple[int, str]:
    done = call("source", "edit", *arguments, cwd=package, ONRECORD_TEXTS=str(package / "texts"))
    return done.returncode, done.stdout + done.stderr


@pytest.fixture
def dateless(package: Path, tmp_path: Path) -> Path:
    """A package with a source S0004 whose day of publication nobody gave."""
    path = tmp_path / "bridge.txt"
    path.write_text(TEXT.replace("8 May 2031\n", ""), "utf-8")
    done = call(
        "source",
        "add",
        path,
        "--publisher",
        "A0001",
        "--language",
        "en",
        cwd=package,
        ONRECORD_TEXTS=str(package / "texts"),
    )
    assert done.returncode == 0, done.stdout
    assert source(package, "S0004")["published_edtf"] == ""
    return package


def test_a_day_of_publication_is_given_with_its_bounds_and_basis(dateless: Path) -> None:
    status, said = run(dateless, "S0004", "--published", "2031-05-08")
    assert (status, said.splitlines()) == (
        0,
        ["published_edtf     (empty) -> 2031-05-08", "published_basis    (empty) -> inferred", "changed: S0004"],
    )
    row = source(dateless, "S0004")
    assert [row[f"published_{name}"] for name in ("edtf", "start", "end", "basis")] == [
        "2031-05-08",
        "2031-05-08",
        "2031-05-08",
        "inferred",
    ]
    assert validate(open_package(dateless), dateless / "texts").valid
    assert fmt(open_package(dateless), check=True) == ([], [])
    before = tree(dateless)
    assert run(dateless, "S0004", "--published", "2031-05-08") == (0, "nothing to change\n")
    assert tree(dateless) == before


def test_a_cell_is_emptied_and_a_name_becomes_its_identifier(dateless: Path) -> None:
    assert run(dateless, "S0004", "--published", "2031-05", "--published-basis", "weekday")[0] == 0
    assert run(dateless, "S0004", "--published", "", "--publisher", "Halvermouth Echo", "--language", "en-GB")[0] == 0
    row = source(dateless, "S0004")
    assert (row["published_edtf"], row["published_start"], row["published_basis"]) == ("", "", "")
    assert (row["publisher_id"], row["source_language"]) == ("A0002", "en-GB")


def test_what_a_change_may_concern_is_noted_and_a_dry_run_writes_nothing(package: Path) -> None:
    before = tree(package)
    status, said = run(package, "S0001", "--notes", "Seen twice.", "--published-basis", "inferred", "--dry-run")
    assert (status, "nothing written: a dry run" in said) == (0, True)
    assert tree(package) == before
    found = edit(open_package(package), "S0001", {"published_edtf": "2031-05-07/2031-05-08"}, dry_run=True)
    assert [note.partition(":")[0] for note in found.notes] == ["look at said_edtf of what is dated by the publication"]
    assert "C00002" in found.notes[0]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--published", "8. Mai"], "--published given:"),
        (["--published", "2032-01-01"], "is after retrieved"),
        (["--published-basis", "printed"], "there is no published_basis 'printed'"),
        (["--published", "", "--published-basis", "stated"], "a day of publication and its basis go together"),
        (["--retrieved", "soon"], "'soon' is no day"),
        (["--url", "bridge"], "'bridge' is no address"),
        (["--title", " "], "title cannot be empty"),
        (["--publisher", "Nobody At All"], "there is no actor 'Nobody At All'"),
        (["--language", "english!"], "is no language tag"),
        (["--genre", "news_reprot"], "did you mean news_report?"),
        (["--republished-from", "S0001"], "S0001 cannot republish itself"),
        (["--republished-from", "S0999"], "there is no source 'S0999'"),
    ],
)
def test_what_is_wrong_is_refused_and_nothing_is_written(package: Path, arguments: list[str], says: str) -> None:
    before = tree(package)
    status, said = run(package, "S0001", *arguments)
    assert (status, says in said, said.endswith("nothing changed\n")) == (1, True, True), said
    assert tree(package) == before


def test_everything_that_is_wrong_is_said_at_once(package: Path) -> None:
    with pytest.raises(RefusedError) as caught:
        edit(open_package(package), "S0001", {"title": "", "url": "bridge", "genre": "news"})
    assert sorted(finding.path for finding in caught.value.findings) == ["--genre", "--title", "--url"]


def test_a_package_that_would_not_be_valid_stays_as_it_is(package: Path) -> None:
    before = tree(package)
    status, said = run(package, "S0001", "--published", "2031-04-01")
    assert status == 1
    assert "the package would not be valid" in said
    assert tree(package) == before


def test_without_a_source_or_a_change_nothing_is_done(package: Path) -> None:
    assert run(package, "S0999", "--title", "X")[0] == 2
    assert run(package, "S0001") == (
        2,
        "onrecord: say what is to be changed in S0001, such as --published 2023-09-05\n",
    )
    with pytest.raises(KeyError):
        edit(open_package(package), "S0001", {"text_sha256": ""})
    with pytest.raises(PackageError):
        edit(open_package(package), "S0001", {})
