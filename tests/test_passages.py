"""Words found in texts whatever their spacing and marks; recorded spans verified, and moved to another edition."""

import csv
import hashlib
import random
import re
import shutil
import time
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from conftest import ROOT
from helpers import MINIMAL, call, copy_minimal
from onrecord.curate.draft import Draft
from onrecord.curate.passages import Passages, locate, normalized_index
from onrecord.curate.rebasing import Editions, rebase
from onrecord.curate.spans import Span, span_of
from onrecord.curate.tables import Row, read_rows
from onrecord.curate.verifying import evidence_of, verify
from onrecord.evidence import find_texts, normalize, span_hash
from onrecord.findings import PackageError
from onrecord.package import open_package

STRANGE = "a eé \u0301\u0327 \u00b4…ﬁ\u1100\u1161\u11a8ｶﾞ\u3099\n\t\u00a0\u0bc6\u0bbe\u0338=<“”«‘'`\u0345\uff9e"
TEXTS = st.text(alphabet=st.one_of(st.sampled_from(STRANGE), st.characters(exclude_categories=("Cs",))), max_size=40)


@given(TEXTS)
@example("Á = A\u0301, ﬁre… «no»\u00a0\n\n x")
@settings(max_examples=250, deadline=None)
def test_the_index_is_the_normalized_text(text: str) -> None:
    assert normalized_index(text).text == normalize(text)


@given(TEXTS, st.data())
@settings(max_examples=150, deadline=None)
def test_what_is_found_are_the_words_and_what_stands_there_is_found(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    words = text[start : data.draw(st.integers(start, len(text)))]
    found = locate(text, words)
    assert all(normalize(text[span.start : span.end]) == normalize(words) for span in found)
    assert all(a.end <= b.start for a, b in pairwise(found))
    whole = locate(text, text)
    if normalize(text):
        assert [normalize(text[s.start : s.end]) for s in whole] == [normalize(text)]


@pytest.mark.parametrize(
    ("text", "words", "found"),
    [
        ("He said “no,\n  we cannot”.", 'said "no, we cannot"', ["said “no,\n  we cannot”"]),
        ("the theory: he and the other", "he", ["he"]),
        ("then", "he", ["he"]),
        ("offices and oﬃces", "offices", ["offices", "oﬃces"]),
        ("It ended…", "ended.", []),
        ("caf\u00e9 cafe\u0301", "café", ["caf\u00e9", "cafe\u0301"]),
        ("أعلن الرئيس ذلك", "الرئيس", ["الرئيس"]),
        ("no", "  ", []),
    ],
)
def test_spacing_marks_and_letters_of_another_form_are_found(text: str, words: str, found: list[str]) -> None:
    assert [text[s.start : s.end] for s in locate(text, words)] == found


def test_what_is_like_the_words_is_offered_with_its_likeness() -> None:
    text = (MINIMAL / "texts/courier.txt").read_text("utf-8")
    near = Passages(text).near("declined to coment whether talks with the harbor authority")
    assert near
    assert near[0].likeness < 100
    assert text[near[0].span.start : near[0].span.end].startswith(
        "declined to comment on whether talks with the harbour"
    )
    assert Passages(text).near("quantum chromodynamics lattice") == []


def test_a_passage_is_found_by_length_and_hash_alone() -> None:
    text = (MINIMAL / "texts/courier.txt").read_text("utf-8")
    words = "would not say on Tuesday"
    assert Passages(text).hashed(span_hash(words), len(words)) == locate(text, words)
    assert Passages(text).hashed(span_hash("no such words"), 13) == []


def test_locating_takes_time_in_proportion_to_the_text() -> None:
    text = "The council said “no”\u00a0again… and again. " * 2_000

    def seconds(times: int) -> float:
        begun = time.perf_counter()
        assert len(locate(text * times, "said 'no' again")) == 0
        assert len(locate(text * times, 'said "no" again')) == 2_000 * times
        return time.perf_counter() - begun

    seconds(1)
    assert seconds(8) < 30 * max(seconds(1), 0.01)


# --- verifying


def changed(folder: Path, table: str, key: dict[str, str], **cells: str) -> None:
    draft = Draft(open_package(folder))
    for row in draft.rows(table):
        if key.items() <= row.items():
            draft.remove(table, row)
            draft.add(table, **{**row, **cells})
    for path, data in draft.files().items():
        (folder / path).write_bytes(data)


def evidence(folder: Path) -> dict[str, list[Row]]:
    package = open_package(folder)
    return evidence_of(read_rows(package, "claims"), read_rows(package, "evidence"))


@pytest.fixture
def package(tmp_path: Path) -> Path:
    return copy_minimal(tmp_path / "package")


def test_every_span_of_the_minimal_package_is_verified(package: Path) -> None:
    found = {one.source["source_id"]: one for one in verify(open_package(package), find_texts(package / "texts"))}
    assert all(one.at_hand and one.verified == one.recorded > 10 and not one.wrong for one in found.values())
    assert set(found) == {"S0001", "S0002"}


def test_a_span_that_was_shifted_is_wrong_and_its_words_are_found(package: Path) -> None:
    row = next(r for r in evidence(package)["S0001"] if r["part"] == "content" and int(r["span_length"]) > 25)
    right = span_of(row)
    assert right is not None
    cells = {"start_char": str(right.start + 1), "end_char": str(right.end + 1)}
    changed(package, "evidence", {"evidence_id": row["evidence_id"]}, **cells)
    (wrong,) = [w for one in verify(open_package(package), find_texts(package / "texts")) for w in one.wrong]
    assert wrong.row["evidence_id"] == row["evidence_id"]
    assert wrong.found == (right,)
    done = call("evidence", "verify", cwd=package)
    assert done.returncode == 1
    assert f"WRONG {row['evidence_id']}" in done.stdout
    assert f"its words stand at {right.start}-{right.end}" in done.stdout


def test_the_spans_of_a_zip_are_verified_as_well(package: Path) -> None:
    archive = shutil.make_archive(str(package.parent / "package"), "zip", package)
    found = verify(open_package(archive), find_texts(package / "texts"))
    assert [one.verified for one in found] == [one.recorded for one in found] != []


def test_a_text_that_is_not_at_hand_is_counted_and_no_fault(package: Path) -> None:
    (package / "texts/echo.txt").unlink()
    done = call("evidence", "verify", cwd=package)
    assert done.returncode == 0
    assert "S0002  14 spans, text not at hand" in done.stdout
    assert "14 not at hand, 0 wrong" in done.stdout


def test_another_edition_that_is_named_after_its_source_is_pointed_at(package: Path) -> None:
    text = (package / "texts/echo.txt").read_text("utf-8")
    (package / "texts/echo.txt").unlink()
    (package / "texts/S0002-newer.txt").write_text(text + "\nMore.", "utf-8")
    done = call("evidence", "verify", cwd=package)
    assert "onrecord evidence rebase S0002" in done.stdout


def test_the_recorded_spans_of_the_dataset_are_verified(texts: dict[str, str]) -> None:
    found = verify(open_package(ROOT), texts)
    assert sum(one.verified for one in found) > 500
    assert [w for one in found for w in one.wrong] == []


def test_verifying_two_hundred_sources_takes_seconds(package: Path) -> None:
    text = (package / "texts/courier.txt").read_text("utf-8")
    draft = Draft(open_package(package))
    source = next(r for r in draft.rows("sources") if r["source_id"] == "S0001")
    claims = [r for r in draft.rows("claims") if r["source_id"] == "S0001"]
    recorded = evidence(package)["S0001"]
    for n in range(200):
        other = f"{text}\n{n}"
        digest = hashlib.sha256(other.encode()).hexdigest()
        (package / f"texts/{n}.txt").write_text(other, "utf-8")
        identifier = f"S{n + 1000}"
        draft.add(
            "sources", **{**source, "source_id": identifier, "text_sha256": digest, "text_length": str(len(other))}
        )
        for claim in claims:
            draft.add("claims", **{**claim, "claim_id": f"{claim['claim_id']}{n:03}", "source_id": identifier})
        for row in recorded:
            more = {"evidence_id": f"{row['evidence_id']}{n:03}", "claim_id": f"{row['claim_id']}{n:03}"}
            draft.add("evidence", **{**row, **more})
    for path, data in draft.files().items():
        (package / path).write_bytes(data)
    begun = time.perf_counter()
    found = verify(open_package(package), find_texts(package / "texts"))
    assert time.perf_counter() - begun < 10
    assert sum(one.verified for one in found) > 200 * len(recorded)
    assert not any(one.wrong for one in found)


# --- locating, as a command


def test_locate_prints_what_evidence_records(package: Path) -> None:
    done = call("evidence", "locate", "S0001", "would  not say on Tuesday", cwd=package)
    (span,) = locate((package / "texts/courier.txt").read_text("utf-8"), "would not say on Tuesday")
    assert done.returncode == 0
    assert done.stdout.startswith(
        f"{span.start}-{span.end}  length 24  sha256 {span_hash('would not say on Tuesday')}\n"
    )
    assert "Ostrel [would not say on Tuesday] whether" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "status", "says"),
    [
        (("S0001", "declined to coment on whether talks"), 1, "not exact: 97 % like it"),
        (("S0001", "quantum chromodynamics"), 1, "the words do not stand in S0001"),
        (("S0009", "words"), 2, "there is no source 'S0009'; did you mean S000"),
        (("S0003", "words"), 2, "the text of S0003 is not at hand"),
        (("S0001", "  "), 2, "there are no words to find"),
    ],
)
def test_locate_says_what_it_does_not_find(package: Path, arguments: tuple[str, ...], status: int, says: str) -> None:
    done = call("evidence", "locate", *arguments, cwd=package)
    assert done.returncode == status
    assert says in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


# --- another edition

SENTENCES = [
    "The council said on Monday that the bridge would close.",
    "“Nobody asked us,” the mayor said on Monday.",
    "The mayor of Ostrel said that the ferry would sail.",
    "On Tuesday the owner denied it, and the owner’s lawyer said nothing.",
    "The bridge would close, the council said.",
    "It was not clear who would pay for the ferry.",
    "He said that he would ask the council, and that he said so.",
]
OTHERS = ["Rain fell over northern hills.", "Apples cost less there.", "A dog barked all night."]


@st.composite
def edited(draw: st.DrawFn) -> tuple[str, str, dict[int, int], bool]:
    """A text, another edition of it, where each offset of what stayed went, and whether a sentence stood twice."""
    kept = draw(st.lists(st.sampled_from(SENTENCES), min_size=3, max_size=12))
    old, new, moved = "", "", {}
    for sentence in kept:
        if draw(st.integers(0, 4)) == 0:
            new += draw(st.sampled_from(OTHERS)) + " "
        stays = draw(st.integers(0, 4)) > 0
        if stays:
            moved |= {len(old) + i: len(new) + i for i in range(len(sentence) + 1)}
            new += sentence + draw(st.sampled_from([" ", "\n\n", "  "]))
        old += sentence + " "
    return old, new, moved, len(set(kept)) < len(kept)


@given(edited(), st.data())
@settings(max_examples=250, deadline=None)
def test_a_span_is_never_moved_to_other_words_than_its_own(
    case: tuple[str, str, dict[int, int], bool], data: st.DataObject
) -> None:
    old, new, moved, repeats = case
    words = [m.span() for m in re.finditer(r"\w+", old)]
    first = data.draw(st.integers(0, len(words) - 1))
    last = data.draw(st.integers(first, min(first + 6, len(words) - 1)))
    span = Span(words[first][0], words[last][1])
    there = Editions(old, new).moved(span)
    inside = all(i in moved for i in range(span.start, span.end))
    unique = len(locate(old, old[span.start : span.end])) == 1
    if isinstance(there, Span):
        assert normalize(new[there.start : there.end]) == normalize(old[span.start : span.end])
        alike = normalize(old[span.start : span.end])
        if inside and normalize(new[moved[span.start] : moved[span.end - 1] + 1]) == alike:
            assert there == Span(moved[span.start], moved[span.end - 1] + 1) or repeats
    elif inside and unique and moved[span.end - 1] - moved[span.start] == span.end - 1 - span.start:
        raise AssertionError(f"{old[span.start : span.end]!r} was not found again: {there}")


def items_of(package: Path, source: str) -> list[Span]:
    ranges = read_rows(open_package(package), "source_ranges")
    rows = evidence(package)[source] + [row for row in ranges if row["source_id"] == source]
    return [span for row in rows if (span := span_of(row))]


EDITIONS = {
    "spacing": lambda t: t.replace("\n\n", "\n \n\n").replace(" said", "  said"),
    "quotation marks": lambda t: t.replace("“", '"').replace("”", '"').replace("’", "'"),
    "a paragraph more": lambda t: t.replace(
        "\n\nHarbour officials", "\n\nGulls cried over empty boats.\n\nHarbour officials"
    ),
    "a sentence less": lambda t: t.replace(
        "The harbour authority has not answered the union’s letter of 2 May.\n\n", ""
    ),
    "two paragraphs turned": lambda t: "\n\n".join(
        [*t.split("\n\n")[:6], *reversed(t.split("\n\n")[6:8]), *t.split("\n\n")[8:]]
    ),
}


@pytest.mark.parametrize("edition", EDITIONS)
def test_all_spans_are_found_again_in_an_edition_that_keeps_them(package: Path, edition: str) -> None:
    old = (package / "texts/courier.txt").read_text("utf-8")
    new = EDITIONS[edition](old)
    assert new != old
    editions = Editions(old, new)
    for span in items_of(package, "S0001"):
        there = editions.moved(span)
        held = normalize(old[span.start : span.end])
        if held in normalize(new):
            assert isinstance(there, Span), (held, there)
            assert normalize(new[there.start : there.end]) == held
        else:
            assert isinstance(there, str)


@given(st.integers(0, 10**6))
@settings(max_examples=100, deadline=None)
def test_a_span_whose_words_changed_is_reported(seed: int) -> None:
    old = (MINIMAL / "texts/courier.txt").read_text("utf-8")
    chance = random.Random(seed)
    words = [m.span() for m in re.finditer(r"\w+", old)]
    first = chance.randrange(len(words) - 6)
    span = Span(words[first][0], words[first + 5][1])
    at = words[first + chance.randrange(6)]
    new = old[: at[0]] + "zyzzyva" + old[at[1] :]
    assert isinstance(Editions(old, new).moved(span), str) or normalize(old[span.start : span.end]) in normalize(new)


def test_words_that_stand_twice_and_cannot_be_told_apart_are_reported() -> None:
    old = "He said so. It rained. He said so."
    assert isinstance(Editions(old, "He said so.").moved(Span(0, 11)), str)
    assert isinstance(Editions(old, "He said so.").moved(Span(23, 34)), str)
    assert Editions(old, "He said so. It rained. A dog barked. He said so.").moved(Span(23, 34)) == Span(37, 48)


def test_rebase_writes_offsets_length_and_hash_and_keeps_the_text(package: Path) -> None:
    new = EDITIONS["spacing"](EDITIONS["quotation marks"]((package / "texts/courier.txt").read_text("utf-8")))
    (package / "newer.txt").write_text(new, "utf-8")
    before = {p: p.read_bytes() for p in (package / "dataset").glob("*.csv")}
    dry = call("evidence", "rebase", "S0001", "newer.txt", "--dry-run", cwd=package)
    assert (dry.returncode, dry.stderr) == (0, "")
    assert {p: p.read_bytes() for p in (package / "dataset").glob("*.csv")} == before
    done = call("evidence", "rebase", "S0001", "newer.txt", cwd=package)
    assert (done.returncode, done.stderr) == (0, "")
    rows = list(csv.DictReader((package / "dataset/sources.csv").open(encoding="utf-8")))
    assert (rows[0]["text_length"], rows[0]["text_sha256"]) == (str(len(new)), hashlib.sha256(new.encode()).hexdigest())
    assert call("evidence", "verify", cwd=package).stdout.endswith("0 not at hand, 0 wrong\n")
    assert call("validate", cwd=package).stdout.startswith("valid: ")
    again = call("evidence", "rebase", "S0001", "newer.txt", cwd=package)
    assert (again.returncode, again.stdout) == (0, "S0001 has this text already; nothing changed\n")
    assert read_rows(open_package(package), "evidence")[0].keys() >= {"exact"}


def test_rebase_changes_nothing_where_a_span_is_lost_and_names_it(package: Path) -> None:
    new = (package / "texts/courier.txt").read_text("utf-8").replace("a matter of two days", "a question of two days")
    (package / "newer.txt").write_text(new, "utf-8")
    before = {p: p.read_bytes() for p in package.rglob("*") if p.is_file()}
    for more in ((), ("--drop-ranges",)):
        done = call("evidence", "rebase", "S0001", "newer.txt", *more, cwd=package)
        assert done.returncode == 1
        assert "[a matter of two days]: its words do not stand in the new text" in done.stdout
        assert "nothing changed" in done.stdout
        assert {p: p.read_bytes() for p in package.rglob("*") if p.is_file()} == before


def test_a_range_that_is_gone_is_left_out_only_when_that_is_asked_for(package: Path) -> None:
    new = (package / "texts/courier.txt").read_text("utf-8").replace("the ten best beaches", "our nine best beaches")
    (package / "newer.txt").write_text(new, "utf-8")
    assert call("evidence", "rebase", "S0001", "newer.txt", cwd=package).returncode == 1
    done = call("evidence", "rebase", "S0001", "newer.txt", "--drop-ranges", cwd=package)
    assert done.returncode == 0
    assert "left out boilerplate" in done.stdout
    assert call("validate", cwd=package).stdout.startswith("valid: ")


def test_rebase_needs_the_text_that_was_coded_and_a_source_that_there_is(package: Path) -> None:
    opened = open_package(package)
    with pytest.raises(PackageError, match="no source S0099"):
        rebase(opened, "S0099", "words", package / "texts")
    with pytest.raises(PackageError, match="is the text of S0002"):
        rebase(opened, "S0001", (package / "texts/echo.txt").read_text("utf-8"), package / "texts")
    (package / "texts/courier.txt").unlink()
    with pytest.raises(PackageError, match="was coded is not among the texts at hand"):
        rebase(opened, "S0001", "words", package / "texts")
