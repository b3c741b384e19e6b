"""The review of a worksheet: decisions, edits, undo, the screen by its keys, and a terminal that is killed."""

from __future__ import annotations

import os
import pty
import select
import signal
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from textual.pilot import Pilot
from textual.widgets import Input, Static

from conftest import ROOT, apart
from helpers import MINIMAL, call
from onrecord.curate.review import ReviewApp, marked
from onrecord.curate.reviewing import Candidate, Mark, Review, candidates, marks, open_review
from onrecord.curate.spans import Span
from onrecord.curate.worksheet import Worksheet, read, write
from onrecord.evidence import find_texts
from onrecord.findings import PackageError
from onrecord.package import open_package

TEXTS = MINIMAL / "texts"
HASH = "ecd80cbcd097e3d7345e3e93831ed8a8767bf3acb4f298f87b06d4dfe3f80f6a"
CONTENTS = ["356-402", "456-511", "514-553", "682-724"]


def row(number: int, span: str) -> dict[str, str]:
    text = find_texts(TEXTS)[HASH]
    start, end = map(int, span.split("-"))
    first = text.rfind("\n", 0, start) + 1
    return {
        "row_id": f"S0001-{number:03}", "source_id": "S0001", "text_sha256": HASH, "confidence": "0.80",
        "reason": "the verb said", "guesses": "stance channel", "passage": text[first : text.find("\n", end)],
        "passage_start": str(first), "content": text[start:end], "content_span": span, "speaker": "Somebody",
        "claim_summary": f"Claim {number}", "stance": "affirm", "certainty": "CT+", "channel": "unspecified",
        "candidates": "P0001 0.83 The strike will end; soon; P0007 0.55 The basin will be closed",
    }  # fmt: skip


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    path = tmp_path / "sheet.csv"
    rows = [row(n, span) for n, span in enumerate(CONTENTS, 1)]
    rows[0] |= {
        "hop_1_kind": "explicit",
        "hop_1_source_span": "302-330",
        "hop_1_cue_span": "331-344",
        "time_span": "345-355",
    }
    write(path, Worksheet.of(rows))
    return path


def opened(path: Path, texts: bool = True) -> Review:
    return open_review(path, open_package(ROOT).schemas, find_texts(TEXTS) if texts else {})


def saved(path: Path, name: str = "decision") -> list[str]:
    return [row[name] for row in read(path).rows]


# Without a screen


def test_each_decision_is_saved_and_the_next_undecided_row_comes(sheet: Path) -> None:
    review = opened(sheet)
    review.accept()
    assert saved(sheet) == ["accept", "", "", ""]
    assert review.next_open()
    assert review.at == 1
    review.move(2)
    review.reject()
    assert review.next_open()
    assert (review.at, saved(sheet)) == (1, ["accept", "", "", "reject"])
    review.merge("S0001-001")
    assert saved(sheet, "merge_into")[1] == "S0001-001"
    assert review.next_open()
    review.accept()
    assert not review.next_open()
    assert opened(sheet).at == 0
    assert review.summary == f"{sheet}: 2 accepted, 1 rejected, 1 merged"


def test_an_edit_is_checked_and_accepts_the_row_as_changed(sheet: Path) -> None:
    review = opened(sheet)
    with pytest.raises(ValueError, match="'affrim' is no stance; did you mean affirm"):
        review.edit("stance", "affrim")
    assert saved(sheet) == [""] * 4
    review.edit("stance", " deny ")
    assert (saved(sheet)[0], saved(sheet, "stance")[0], saved(sheet, "guesses")[0]) == ("edit", "deny", "channel")
    review.accept()
    assert saved(sheet)[0] == "edit"
    with pytest.raises(ValueError, match="text_sha256 cannot be edited"):
        review.edit("text_sha256", "0" * 64)


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("said_edtf", "2023-9-5", "is no date"),
        ("said_edtf", "../2023-09-05", ""),
        ("content_span", "12", "is no span"),
        ("content_span", "10-9999", "the text ends at 1495"),
        ("content_span", "10-20 30-40", ""),
        ("speaker_id", "Peskov", "not of the form A0001"),
        ("speaker_id", "A+peskov", ""),
        ("speaker_country", "Korea", "not of the form KOR"),
        ("hop_1_kind", "implict", "is no hop_1_kind; did you mean implicit"),
        ("hop_2_channel", "briefing", ""),
        ("certainty", "ct+", "did you mean CT"),
        ("certainty", "", ""),
    ],
)
def test_what_is_wrong_with_a_value(sheet: Path, name: str, value: str, says: str) -> None:
    problem = opened(sheet).problem(name, value)
    assert (says in problem) if says else problem == ""


def test_a_candidate_is_taken_without_deciding_and_is_an_edit_once_accepted(sheet: Path) -> None:
    review = opened(sheet)
    assert candidates(review.row) == [
        Candidate("P0001", "0.83", "The strike will end; soon"),
        Candidate("P0007", "0.55", "The basin will be closed"),
    ]
    assert review.choose(2)
    assert not review.choose(3)
    assert (review.row["proposition_id"], review.row["proposition"]) == ("P0007", "The basin will be closed")
    assert saved(sheet) == [""] * 4
    review.accept()
    assert saved(sheet)[0] == "edit"
    review.move(1)
    assert review.choose(0)
    assert review.row["proposition_id"] == ""


def test_a_name_and_its_identifier_change_together_and_the_end_of_the_chain_too(sheet: Path) -> None:
    review = opened(sheet)
    review.known = {
        "A0005": {"actor_name": "Dockers' Union of Ostrel"},
        "P0007": {"proposition": "The basin will be closed", "proposition_kind": "prediction", "place_id": "L0001"},
    }
    review.edit("hop_1_actor", "Somebody")
    review.edit("speaker", "dockers' union of ostrel")
    assert [review.row[name] for name in ("speaker_id", "hop_1_actor_id")] == ["A0005", "A0005"]
    review.edit("hop_1_actor_id", "A+new")
    assert [review.row[name] for name in ("speaker", "speaker_id", "hop_1_actor")] == ["", "A+new", ""]
    review.edit("speaker_id", "A0005")
    assert review.row["speaker"] == review.row["hop_1_actor"] == "Dockers' Union of Ostrel"
    review.choose(2)
    assert (review.row["proposition_kind"], review.row["place_id"]) == ("prediction", "L0001")
    review.edit("proposition", "The south basin will be closed")
    assert review.row["proposition_id"] == ""
    assert review.undo()
    assert review.row["proposition_id"] == "P0007"


def test_undo_takes_back_change_by_change(sheet: Path) -> None:
    before = read(sheet).rows
    review = opened(sheet)
    review.accept()
    review.next_open()
    review.edit("stance", "deny")
    review.reject()
    review.next_open()
    assert review.undo()
    assert (review.at, saved(sheet)) == (1, ["accept", "edit", "", ""])
    assert review.undo()
    assert review.undo()
    assert not review.undo()
    assert (review.at, read(sheet).rows) == (0, before)


def test_a_copy_stands_behind_its_row_and_is_decided_by_itself(sheet: Path) -> None:
    review = opened(sheet)
    review.move(1)
    before = read(sheet).rows
    assert review.copy() == "S0001-002.2"
    assert (review.at, saved(sheet)) == (2, [""] * 5)
    words = " ".join(before[3]["content"].split()[:3])
    review.edit("content", words)
    assert saved(sheet, "content")[1:3] == [before[1]["content"], words]
    review.move(-1)
    review.accept()
    assert saved(sheet) == ["", "accept", "edit", "", ""]
    assert review.copy() == "S0001-002.3"
    review.accept()
    assert saved(sheet) == ["", "accept", "edit", "edit", "", ""]
    while review.undo():
        pass
    assert read(sheet).rows == before


STEPS = st.lists(
    st.sampled_from(["accept", "reject", "edit", "merge", "choose", "move", "undo", "search", "copy"]), max_size=12
)


@settings(max_examples=30, deadline=None)
@given(STEPS)
def test_whatever_is_done_the_file_is_what_is_seen_and_undo_leads_back(
    tmp_path_factory: pytest.TempPathFactory, steps: list[str]
) -> None:
    path = tmp_path_factory.mktemp("steps") / "sheet.csv"
    write(path, Worksheet.of([row(n, span) for n, span in enumerate(CONTENTS, 1)]))
    before = read(path).rows
    review = opened(path)
    for number, step in enumerate(steps):
        if step == "merge":
            for target in review.merge_targets()[:1]:
                review.merge(target["row_id"])
        elif step == "edit":
            review.edit("claim_summary", f"Step {number}")
        elif step in ("choose", "move"):
            getattr(review, step)(number % 3)
        elif step == "search":
            review.search("S0001-003")
        else:
            getattr(review, step)()
        assert read(path).rows == review.worksheet.rows
    while review.undo():
        pass
    assert read(path).rows == before


def test_a_row_is_merged_only_where_it_can_be(sheet: Path) -> None:
    review = opened(sheet)
    review.move(1)
    review.reject()
    review.move(1)
    assert [row["row_id"] for row in review.merge_targets()] == ["S0001-004", "S0001-001"]
    for target, says in {
        "S0001-003": "into itself", "S0001-002": "decided as reject", "S0001-01": "did you mean S0001-001", "": "no row",
    }.items():  # fmt: skip
        with pytest.raises(ValueError, match=says):
            review.merge(target)
    review.merge("C00012")
    assert saved(sheet, "merge_into")[2] == "C00012"


def test_a_worksheet_that_another_program_changed_is_not_overwritten(sheet: Path) -> None:
    review = opened(sheet)
    sheet.write_bytes(sheet.read_bytes().replace(b"Claim 2", b"Claim two"))
    with pytest.raises(PackageError, match="changed by something else"):
        review.accept()
    assert review.row["decision"] == ""
    assert "Claim two" in saved(sheet, "claim_summary")


def test_search_goes_round(sheet: Path) -> None:
    review = opened(sheet)
    assert review.search("claim 3")
    assert review.at == 2
    assert review.search("CLAIM")
    assert review.at == 3
    assert not review.search("nowhere")
    assert review.at == 3


# What is marked

PARTS = st.sampled_from(["content", "cue", "source", "time"])
SPANS = st.tuples(st.integers(0, 40), st.integers(1, 12)).map(lambda s: Span(s[0], s[0] + s[1]))


@settings(deadline=None)
@given(st.text("abc \x1b\u202e", max_size=30), st.integers(0, 10), st.lists(st.builds(Mark, SPANS, PARTS), max_size=5))
def test_every_span_is_bracketed_where_it_begins_and_ends_and_the_words_stay(
    text: str, offset: int, some: list[Mark]
) -> None:
    shown = marked(text, offset, some).plain
    assert "\x1b" not in shown
    assert "\u202e" not in shown
    bare = shown.translate(dict.fromkeys(map(ord, "[]{}<>()")))
    assert len(bare) == len(text)
    brackets = {"content": "[]", "cue": "{}", "source": "<>", "time": "()"}
    for part, (left, right) in brackets.items():
        spans = [m.span for m in some if m.part == part and m.span.start < offset + len(text) and m.span.end > offset]
        assert shown.count(left) == sum(span.start >= offset for span in spans)
        assert shown.count(right) == sum(span.end <= offset + len(text) for span in spans)


def test_the_parts_of_a_claim_are_marked_where_they_stand(sheet: Path) -> None:
    review = opened(sheet)
    text = find_texts(TEXTS)[HASH]
    shown = marked(text, 0, marks(review.row)).plain
    assert "<The Dockers’ Union of Ostrel>" in shown
    assert "{would not say}" in shown
    assert "[whether the harbour strike would end by Friday]" in shown


# The screen


def screen(
    path: Path, keys: Callable[[Pilot[None]], Awaitable[None]], texts: bool = True, size: tuple[int, int] = (80, 24)
) -> ReviewApp:
    """Press keys in a review of this size, and give the application as it then is."""
    app = ReviewApp(opened(path, texts))

    async def use() -> None:
        async with app.run_test(size=size) as pilot:
            await pilot.pause()
            await keys(pilot)

    apart(use())
    return app


def shown(pilot: Pilot[None], name: str) -> str:
    return str(pilot.app.screen.query_one(name, Static).render())


def test_one_key_decides_and_the_next_row_comes(sheet: Path) -> None:
    async def keys(pilot: Pilot[None]) -> None:
        assert "row 1 of 4   0 of 4 decided" in shown(pilot, "#top")
        await pilot.press("a")
        assert "S0001-002  open   row 2 of 4   1 of 4 decided" in shown(pilot, "#top")
        assert "S0001-001: accept" in shown(pilot, "#message")
        await pilot.press("r", "2", "a")
        assert saved(sheet) == ["accept", "reject", "edit", ""]
        await pilot.press("u", "u")
        assert saved(sheet) == ["accept", "reject", "", ""]
        await pilot.press("a", "a")
        assert "every row is decided" in shown(pilot, "#message")
        await pilot.press("q")

    screen(sheet, keys)
    assert saved(sheet) == ["accept", "reject", "accept", "accept"]


def test_a_wrong_value_is_told_as_it_is_typed_and_not_taken(sheet: Path) -> None:
    async def keys(pilot: Pilot[None]) -> None:
        await pilot.press("e")
        await pilot.pause()
        await pilot.press("d")
        await pilot.pause()
        line = pilot.app.screen.query_one(Input)
        assert line.value == "affirm"
        await pilot.press("x")
        await pilot.pause()
        assert "not yet: 'affirmx' is no stance; did you mean affirm?" in shown(pilot, "#verdict")
        await pilot.press("enter")
        assert saved(sheet, "stance")[0] == "affirm"
        line.value = "non"
        await pilot.pause()
        assert "noncommittal" in shown(pilot, "#verdict")
        await pilot.press("tab", "enter")
        await pilot.pause()
        assert "stance is noncommittal" in shown(pilot, "#message")
        await pilot.press("e")
        await pilot.pause()
        await pilot.press("escape")
        await pilot.pause()
        await pilot.press("a")

    screen(sheet, keys)
    assert saved(sheet) == ["edit", "", "", ""]
    assert saved(sheet, "stance")[0] == "noncommittal"


def test_a_claim_that_was_left_out_is_added_as_a_copy(sheet: Path) -> None:
    async def keys(pilot: Pilot[None]) -> None:
        await pilot.press("c")
        assert "S0001-001.2  open   row 2 of 5" in shown(pilot, "#top")
        assert "is a copy: e edits its content" in shown(pilot, "#message")
        await pilot.press("u")
        assert "row 1 of 4" in shown(pilot, "#top")
        await pilot.press("c", "a")

    screen(sheet, keys)
    assert saved(sheet) == ["", "edit", "", "", ""]


def test_merging_searching_moving_and_help(sheet: Path) -> None:
    async def keys(pilot: Pilot[None]) -> None:
        await pilot.press("right", "n", "p", "m")
        await pilot.pause()
        await pilot.press("a")
        await pilot.pause()
        assert saved(sheet, "merge_into")[1] == "S0001-001"
        await pilot.press("slash")
        await pilot.pause()
        await pilot.press(*"claim", "space", "4", "enter")
        await pilot.pause()
        assert "row 4 of 4" in shown(pilot, "#top")
        await pilot.press("left", "question_mark")
        await pilot.pause()
        await pilot.press("r")  # closes the help, and rejects nothing
        await pilot.pause()
        assert "row 3 of 4" in shown(pilot, "#top")

    screen(sheet, keys)
    assert saved(sheet) == ["", "merge", "", ""]


def test_guesses_and_the_proposition_that_is_taken_are_marked_without_colour(sheet: Path) -> None:
    async def keys(pilot: Pilot[None]) -> None:
        assert "affirm?" in shown(pilot, "#fields")
        assert "*0 a new proposition" in shown(pilot, "#candidates")
        await pilot.press("1")
        assert "*1 0.83 P0001 The strike will end; soon" in shown(pilot, "#candidates")
        assert "[what is claimed]" in shown(pilot, "#legend")

    screen(sheet, keys)


@pytest.mark.parametrize("texts", [True, False])
def test_in_80_by_24_passage_fields_candidates_and_keys_are_seen(sheet: Path, texts: bool) -> None:
    async def keys(pilot: Pilot[None]) -> None:
        for name, least in {
            "#top": 1,
            "#around": 4,
            "#legend": 1,
            "#cells": 4,
            "#ranked": 3,
            "#message": 1,
            "#keys": 1,
        }.items():
            region = pilot.app.screen.query_one(name).region
            assert region.height >= least, name
            assert region.bottom <= 24, name
        around = pilot.app.screen.query_one("#around")
        assert around.region.overlaps(pilot.app.screen.query_one("#here").region)
        assert "[whether the harbour strike would end by Friday]" in shown(pilot, "#here")
        before = shown(pilot, "#before")
        assert ("Joren Vale" in before) is texts
        at = around.scroll_y
        await pilot.press("down", "down")
        await pilot.pause()
        assert (around.scroll_y > at) is texts
        await pilot.press("t")
        await pilot.pause()
        assert shown(pilot, "#before") == ""

    screen(sheet, keys, texts)


def test_a_workbook_is_reviewed_too(sheet: Path) -> None:
    path = sheet.with_suffix(".xlsx")
    write(path, read(sheet))

    async def keys(pilot: Pilot[None]) -> None:
        await pilot.press("a", "r")

    screen(path, keys)
    assert saved(path) == ["accept", "reject", "", ""]


# The command


def test_without_a_terminal_it_says_so(sheet: Path) -> None:
    done = call("review", sheet)
    assert (done.returncode, done.stdout) == (2, "")
    assert "review fills a terminal, and this is none" in done.stderr


def test_a_damaged_or_empty_worksheet_is_told(tmp_path: Path, sheet: Path) -> None:
    (tmp_path / "bad.csv").write_text("decision,row_id\n")
    done = call("review", tmp_path / "bad.csv")
    assert done.returncode == 1
    assert "column 'source_id' is missing" in done.stdout
    write(tmp_path / "none.csv", Worksheet.of([]))
    done = call("review", tmp_path / "none.csv")
    assert (done.returncode, "has no rows to review" in done.stderr) == (2, True)
    assert call("review", tmp_path / "nowhere.csv").returncode == 2


class Terminal:
    """A review in a terminal of its own, 80 columns by 24 lines."""

    def __init__(self, path: Path) -> None:
        main, side = pty.openpty()
        os.set_blocking(main, False)
        environment = {
            **os.environ,
            "TERM": "xterm-256color",
            "COLUMNS": "80",
            "LINES": "24",
            "ONRECORD_TEXTS": str(TEXTS),
        }
        self.main, self.seen = main, b""
        command = [sys.executable, "-m", "onrecord", "review", str(path)]
        self.process = subprocess.Popen(
            command, stdin=side, stdout=side, stderr=side, cwd=ROOT, env=environment, start_new_session=True
        )
        os.close(side)

    def until(self, words: bytes) -> None:
        """Read what is shown until these words are."""
        end = time.monotonic() + 30
        while words not in self.seen:
            assert time.monotonic() < end, self.seen[-2000:]
            if select.select([self.main], [], [], 0.1)[0]:
                try:
                    self.seen += os.read(self.main, 65536)
                except OSError:
                    assert words in self.seen, self.seen[-2000:]

    def press(self, keys: str, then: bytes) -> None:
        self.seen = b""
        os.write(self.main, keys.encode())
        self.until(then)


def test_a_kill_loses_nothing_that_was_decided(sheet: Path) -> None:
    terminal = Terminal(sheet)
    try:
        terminal.until(b"0 of 4 decided")
        terminal.press("a", b"S0001-001: accept")
        terminal.press("r", b"S0001-002: reject")
    finally:
        terminal.process.send_signal(signal.SIGKILL)
        terminal.process.wait()
        os.close(terminal.main)
    assert saved(sheet) == ["accept", "reject", "", ""]
    terminal = Terminal(sheet)
    try:
        terminal.until(b"2 of 4 decided")
        terminal.press("a", b"S0001-003: accept")
        terminal.press("q", b"2 accepted, 1 rejected, 1 undecided")
        assert terminal.process.wait(10) == 0
    finally:
        terminal.process.kill()
        os.close(terminal.main)
    assert saved(sheet) == ["accept", "reject", "accept", ""]
