"""`onrecord source add`: what it writes, what it refuses, and that it writes all or nothing."""

import csv
import errno
import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers import call, copy_minimal
from onrecord.curate import keeping
from onrecord.curate.adding import Given, add
from onrecord.curate.draft import Draft
from onrecord.curate.keeping import text_name
from onrecord.curate.reading import Reading, RefusedError, read_bytes
from onrecord.curate.rebasing import rebase
from onrecord.findings import PackageError
from onrecord.package import open_package
from onrecord.store import Writer, recover
from onrecord.validate import validate
from test_kills import put
from test_reading import PAGE
from test_store import Tree, stepping
from test_store import tree as store_tree

ARTICLE = """\
Bridge to Halvermouth Stays Shut

By Ada Crane
8 May 2031

PORT OSTREL – The bridge to Halvermouth will stay shut until the end of the summer, the council said on Thursday.

“There is a crack in it that was not there in the spring,” said Lena Morrow, the mayor of Halvermouth.

Coastwire contributed to this report.
"""


@pytest.fixture
def package(tmp_path: Path) -> Path:
    return copy_minimal(tmp_path / "package")


@pytest.fixture
def article(tmp_path: Path) -> Path:
    path = tmp_path / "article.txt"
    path.write_text(ARTICLE, "utf-8")
    return path


def rows(package: Path, table: str) -> list[dict[str, str]]:
    with (package / f"dataset/{table}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def tree(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def run_add(package: Path, *arguments: str | Path, **env: str) -> subprocess.CompletedProcess[str]:
    return call("source", "add", *arguments, cwd=package, **env)


def test_a_text_becomes_a_source_with_ranges_and_credits(package: Path, article: Path) -> None:
    done = run_add(package, article, "--publisher", "Halvermouth Echo", "--retrieved", "2031-06-01")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.endswith("added: S0004\nnext: onrecord suggest S0004\n")
    source = rows(package, "sources")[-1]
    assert source["source_id"] == "S0004"
    assert source["title"] == "Bridge to Halvermouth Stays Shut"
    assert (source["publisher_id"], source["publisher_basis"]) == ("A0002", "inferred")
    assert source["source_notes"].startswith("Publisher as the curator gave it")
    assert (source["published_edtf"], source["published_start"], source["published_basis"]) == (
        "2031-05-08",
        "2031-05-08",
        "stated",
    )
    assert (source["retrieved"], source["source_language"], source["genre"]) == ("2031-06-01", "en", "news_report")
    assert (source["access"], source["coding_scope"], source["coded_on"]) == ("full_text", "none", "")
    kept = package / "texts/S0004-2031-05-08-halvermouth-echo-bridge-to-halvermouth-stays-shut.txt"
    assert kept.read_text("utf-8") == ARTICLE
    assert source["text_length"] == str(len(ARTICLE))
    assert source["text_sha256"] == hashlib.sha256(kept.read_bytes()).hexdigest()
    kinds = [r["range_kind"] for r in rows(package, "source_ranges") if r["source_id"] == "S0004"]
    assert kinds == ["headline", "byline", "quotation", "credit"]
    (new,) = [r for r in rows(package, "actors") if r["actor_name"] == "Ada Crane"]
    assert (new["actor_id"], new["actor_kind"], new["sector"], new["anonymity"]) == ("A0013", "person", "JRN", "named")
    credited = [(r["credit_role"], r["actor_id"]) for r in rows(package, "source_credits") if r["source_id"] == "S0004"]
    assert credited == [("author", "A0013"), ("contributor", "A0003")]
    assert validate(open_package(package), texts=package / "texts").valid
    assert call("fmt", "--check", cwd=package).returncode == 0


def test_a_saved_page_needs_no_options(package: Path, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(PAGE, "utf-8")
    done = run_add(package, tmp_path / "page.html")
    assert done.returncode == 0
    source = rows(package, "sources")[-1]
    assert (source["publisher_id"], source["publisher_basis"], source["source_language"]) == (
        "A0001",
        "stated",
        "en-GB",
    )
    assert (source["published_edtf"], source["url"]) == ("2021-05-07", "https://courier.example.org/2021/05/07/ferry")
    again = tree(package)
    more = run_add(package, tmp_path / "page.html")
    assert (more.returncode, more.stdout) == (0, "S0004 is this text already; nothing changed\n")
    assert tree(package) == again


def test_a_text_comes_by_pipe_and_a_dry_run_writes_nothing(package: Path) -> None:
    before = tree(package)
    for arguments, status in ((("--dry-run",), 0), ((), 0)):
        done = subprocess.run(
            [sys.executable, "-m", "onrecord", "source", "add", "-", "--publisher", "A0002", *arguments],
            cwd=package, input=ARTICLE.encode(), capture_output=True, check=False, env={**os.environ, "ONRECORD_TEXTS": ""},
        )  # fmt: skip
        assert done.returncode == status
        assert b"Bridge to Halvermouth" in done.stdout
        assert (tree(package) == before) == bool(arguments)


def test_the_same_words_in_other_spacing_are_the_same_text(package: Path, tmp_path: Path) -> None:
    text = (package / "texts/echo.txt").read_text("utf-8")
    (tmp_path / "copy.txt").write_text(text.replace("\n", "\n\n").replace("“", '"'), "utf-8")
    before = tree(package)
    assert run_add(package, tmp_path / "copy.txt").stdout == "S0002 is this text already; nothing changed\n"
    assert tree(package) == before


def test_a_republication_is_proposed_with_its_overlap(package: Path, tmp_path: Path) -> None:
    text = (package / "texts/courier.txt").read_text("utf-8") + "\n\nFrom The Ostrel Courier\n"
    (tmp_path / "copy.txt").write_text(text, "utf-8")
    arguments = (tmp_path / "copy.txt", "--publisher", "Halvermouth Echo")
    done = run_add(package, *arguments, "--dry-run")
    assert "like       S0001: 9" in done.stdout
    assert "the longest shared passage has 2" in done.stdout
    assert "--republished-from S0001" in done.stdout
    assert run_add(package, *arguments, "--republished-from", "S0001").returncode == 0
    assert rows(package, "sources")[-1]["republished_from"] == "S0001"


def test_what_a_publisher_prints_under_each_text_is_boilerplate(package: Path, tmp_path: Path) -> None:
    line = "The Halvermouth Echo has been read on both shores since 1880."
    for n, words in enumerate((ARTICLE, ARTICLE.replace("Bridge", "Tunnel").replace("crack", "leak") + "It drips.\n")):
        text = f"{words}\n{line}\n"
        (tmp_path / f"{n}.txt").write_text(text if n else text.replace(ARTICLE, PLAIN), "utf-8")
        assert run_add(package, tmp_path / f"{n}.txt", "--publisher", "Halvermouth Echo").returncode == 0
    source = rows(package, "sources")[-1]["source_id"]
    waste = [r for r in rows(package, "source_ranges") if (r["source_id"], r["range_kind"]) == (source, "boilerplate")]
    assert [text[int(r["start_char"]) : int(r["end_char"])] for r in waste] == [line]


PLAIN = """\
Gulls Take Over the Fish Market

The gulls of Halvermouth have taken over the fish market, and the town has no answer to them, the mayor said on Monday.

Nobody has counted the birds, but the fishermen say that there are more of them than there have been for many years.
"""


def test_an_unknown_publisher_becomes_an_actor_and_is_shown(package: Path, article: Path) -> None:
    done = run_add(package, article, "--publisher", "The Sound Gazette")
    assert done.returncode == 0
    assert "new actor  A0013 The Sound Gazette (media_outlet, JRN; proposed)" in done.stdout
    assert rows(package, "actors")[12]["actor_kind"] == "media_outlet"


def test_the_publisher_is_known_by_the_host_of_its_other_sources(package: Path, article: Path) -> None:
    draft = Draft(open_package(package))
    draft.change("sources", draft.rows("sources")[1], url="https://www.echo.example/strike")
    for path, data in draft.files().items():
        (package / path).write_bytes(data)
    done = run_add(package, article, "--url", "https://m.echo.example/2031/05/08/bridge")
    assert done.returncode == 0
    assert rows(package, "sources")[-1]["publisher_id"] == "A0002"


BAD = {
    "an unknown publisher": ((), "--publisher given: neither the text nor its address tells a publisher"),
    "a publisher like another": (("--publisher", "Halvermouth Ecko"), "much like 'Halvermouth Echo' (A0002)"),
    "an actor that is not there": (("--publisher", "A0099"), "--publisher given: there is no actor A0099"),
    "a day that is none": (("--publisher", "A0002", "--published", "May 2031"), "is not a date of EDTF level 1"),
    "a day that does not exist": (("--publisher", "A0002", "--retrieved", "2031-02-30"), "--retrieved given:"),
    "published after it was taken": (
        ("--publisher", "A0002", "--retrieved", "2031-05-07"),
        "published 2031-05-08 is after retrieved 2031-05-07",
    ),
    "a language that is none": (("--publisher", "A0002", "--language", "english!"), "is no language tag"),
    "a genre that is none": (("--publisher", "A0002", "--genre", "news report"), "did you mean news_report?"),
    "an address that is none": (("--publisher", "A0002", "--url", "echo"), "'echo' is no address"),
    "a source that is not there": (
        ("--publisher", "A0002", "--republished-from", "S0099"),
        "there is no source 'S0099'",
    ),
    "a text that was not seen": (("--publisher", "A0002", "--access", "not_seen"), "--access given:"),
}


@pytest.mark.parametrize("case", BAD)
def test_what_cannot_be_is_refused_and_nothing_is_written(package: Path, article: Path, case: str) -> None:
    arguments, says = BAD[case]
    before = tree(package)
    done = run_add(package, article, *arguments)
    assert done.returncode == 1
    assert says in done.stdout
    assert done.stdout.endswith("nothing added\n")
    assert done.stderr == ""
    assert tree(package) == before


def test_all_that_is_wrong_is_said_at_once(package: Path) -> None:
    with pytest.raises(RefusedError) as caught:
        add(open_package(package), read_bytes("Мост".encode(), "f"), Given(published="x", url="y", genre="z"))
    assert {f.path for f in caught.value.findings} == {"--published", "--url", "--language", "--publisher"}


@pytest.mark.parametrize("name", ["", "pipe", "none.txt", "empty.txt", "image.png", "latin.txt"])
def test_files_that_are_no_text_change_nothing(package: Path, tmp_path: Path, name: str) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    os.mkfifo(folder / "pipe")
    (folder / "empty.txt").write_bytes(b"")
    (folder / "image.png").write_bytes(b"\x89PNG\r\n\x1a\n\0\0")
    (folder / "latin.txt").write_bytes("fermé".encode("cp1252"))
    before = tree(package)
    done = run_add(package, folder / name, "--publisher", "A0002")
    assert done.returncode in (1, 2)
    assert "Traceback" not in done.stderr
    assert str(folder / name).rstrip("/") in done.stdout + done.stderr
    assert tree(package) == before


def test_a_package_that_would_not_be_valid_is_not_written(package: Path, article: Path) -> None:
    path = package / "dataset/places.csv"
    path.write_text(path.read_text("utf-8").replace("XAA", "Xaa"), "utf-8")
    before = tree(package)
    done = run_add(package, article, "--publisher", "A0002")
    assert done.returncode == 1
    assert "dataset/places.csv:2:3 pattern" in done.stdout
    assert done.stdout.endswith("nothing added: the package would not be valid\n")
    assert tree(package) == before


def reading() -> Reading:
    return read_bytes(ARTICLE.encode(), "article.txt")


def test_a_disk_that_is_full_leaves_nothing(package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = tmp_path / "elsewhere"
    texts.mkdir()
    before = tree(package)

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(keeping.os, "fsync", full)
    with pytest.raises(PackageError, match="No space left on device; nothing was changed"):
        add(open_package(package), reading(), Given(publisher="A0002"), texts)
    assert tree(package) == before
    assert list(texts.iterdir()) == []


@pytest.mark.parametrize("command", ["add", "rebase"])
def test_killed_at_every_step_it_is_done_or_not_begun(package: Path, command: str) -> None:
    """What a kill leaves is what is on the disk at that moment, so one run shows them all."""
    newer = (package / "texts/courier.txt").read_text("utf-8").replace("\n\n", "\n\n\n")
    moments: list[Tree] = []

    def note(_: str) -> None:
        if not moments or store_tree(package) != moments[-1]:
            moments.append(store_tree(package))

    old = store_tree(package)
    with stepping(note):
        if command == "add":
            add(open_package(package), reading(), Given(publisher="A0002"), package / "texts")
        else:
            rebase(open_package(package), "S0001", newer, package / "texts")
    new = store_tree(package)
    assert new != old
    assert len(moments) > 5
    for moment in moments:
        put(package, moment)
        recover(package)
        assert store_tree(package) in (old, new)


def test_a_text_elsewhere_goes_when_the_package_cannot_be_written(
    package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = tmp_path / "elsewhere"
    texts.mkdir()

    def refuse(*_: object) -> None:
        raise PackageError("cannot write")

    monkeypatch.setattr(Writer, "write", refuse)
    with pytest.raises(PackageError, match="cannot write"):
        add(open_package(package), reading(), Given(publisher="A0002"), texts)
    assert list(texts.iterdir()) == []


def test_a_text_elsewhere_is_kept_there_and_taken_where_it_is_already(package: Path, tmp_path: Path) -> None:
    texts = tmp_path / "elsewhere"
    texts.mkdir()
    (texts / "mine.txt").write_text(ARTICLE, "utf-8")
    found = add(open_package(package), reading(), Given(publisher="A0002"), texts)
    assert found.text_path == texts / "mine.txt"
    assert [p.name for p in texts.iterdir()] == ["mine.txt"]
    assert found.valid


def test_identifiers_are_never_used_again(package: Path) -> None:
    (package / "releases").mkdir()
    ledger = {"tables": {"actors": {"rows": {"A0077": "x"}}, "sources": {"rows": {"S0003": "x"}}}}
    (package / "releases/0.0.1.json").write_text(json.dumps(ledger))
    draft = Draft(open_package(package))
    draft.add("retired", table_name="sources", retired_id="S0041", retired_version="0.1.0", retired_reason="no source")
    assert [draft.mint("sources") for _ in range(2)] == ["S0042", "S0043"]
    assert draft.new("actors", actor_name="Coastwire Weekly")["actor_id"] == "A0078"
    assert draft.mint("claims") == "C00017"
    with pytest.raises(PackageError, match="no identifiers of its own"):
        draft.mint("actor_names")


def test_a_draft_says_what_is_added_and_changed_and_writes_nothing_by_itself(package: Path) -> None:
    before = tree(package)
    draft = Draft(open_package(package))
    assert draft.files() == {}
    assert draft.add("sources", source_id="S0002", title="Another") is None
    with pytest.raises(KeyError):
        draft.add("sources", no_such_column="x")
    with pytest.raises(KeyError):
        draft.change("sources", draft.row("sources", "S0002"), no_such_column="x")
    assert draft.files() == {}
    added = draft.new("sources", title="Cafe\u0301", published_edtf="2031-05")
    assert [added[name] for name in ("title", "published_start", "published_end")] == [
        "Café",
        "2031-05-01",
        "2031-05-31",
    ]
    draft.change("sources", draft.row("sources", "S0002"), published_edtf="2031-06-07")
    assert draft.row("sources", "S0002")["published_end"] == "2031-06-07"
    assert (draft.added, draft.changed) == ({"sources": 1}, {"sources": 1})
    assert list(draft.files()) == ["dataset/sources.csv"]
    assert "Café" in str(draft.preview().read("sources")[0].rows)
    assert draft.dry
    with pytest.raises(PackageError, match="dry run"):
        draft.write()
    assert tree(package) == before


def test_two_rows_of_one_key_are_mended_before_anything_is_drafted(package: Path) -> None:
    path = package / "dataset/places.csv"
    path.write_text(path.read_text("utf-8") + path.read_text("utf-8").splitlines(keepends=True)[-1], "utf-8")
    with pytest.raises(PackageError, match="two rows with one key; mend the package first"):
        Draft(open_package(package)).rows("places")


@given(st.text(max_size=80), st.text(max_size=40))
@settings(max_examples=200)
def test_file_names_are_plain(title: str, publisher: str) -> None:
    name = text_name({"source_id": "S0001", "published_start": "", "title": title}, publisher)
    assert name.startswith("S0001")
    assert name.endswith(".txt")
    assert len(name) < 120
    assert set(name) <= set("S0123456789abcdefghijklmnopqrstuvwxyz-.")
