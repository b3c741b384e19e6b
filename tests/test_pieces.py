"""A table read in pieces is what it is when read whole, and what a scan passes over is beyond suspicion."""

from __future__ import annotations

import io
import re
import sys
import time
import unicodedata
from typing import Any

import pyarrow
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from pyarrow import compute

from onrecord import cells
from onrecord.dates import bounds
from onrecord.pieces import pieces, tally

FIELDS = ["one", "two", "three"]
_PARTS = [
    b"a", b"b,c", b",", b"\n", b"\n", b"\r\n", b'"', b'""', b'"x,y"', b'"x\ny"', b'"x\r\ny"', b"\n1,2,3\n", b"\n1,2\n", b"\n1,2,3,\n", b"\xff", b"\xc3",
    b"\0", "é".encode(), b"\r", b" ", b"\none,two,three\n", b",,", b"4,5,6\n", b"7,8,9\n", b'0,"\n",1\n',
]  # fmt: skip
_bodies = st.lists(st.sampled_from(_PARTS), max_size=30).map(b"".join)
_headers = st.sampled_from(
    [b"one,two,three\n"] * 4 + [b"one,two,three\r\n", b"\xef\xbb\xbfone,two,three\n", b"three,two\n", b"x\n"]
)


def read(data: bytes, size: int) -> dict[str, Any]:
    """What all pieces together hold."""
    parts = list(pieces(io.BytesIO(data), "t", "t.csv", FIELDS, size))
    return {
        "rows": [row for part in parts for row in part.text.rows],
        "lines": [line for part in parts for line in part.text.lines],
        "raw": [raw for part in parts for raw in part.raw],
        "unread": [row for part in parts for row in part.unread],
        "findings": sorted((finding for part in parts for finding in part.findings), key=str),
        "complete": all(part.complete for part in parts),
    }


@settings(max_examples=400, deadline=None, derandomize=True)
@given(_headers, _bodies, st.integers(1, 40))
@example(b"one,two,three\r\n", b"1,2,3\n4,5,6\r\n", 7)
@example(b"one,two,three\n", b"1,2,3\n1,\0,3\n4,5,6\n", 6)
def test_pieces_of_any_size_tell_the_same(header: bytes, body: bytes, size: int) -> None:
    whole = read(header + body, 2**20)
    assume(all(f.rule != "csv-syntax" for f in whole["findings"]))  # each piece begins anew after such a fault
    assert read(header + body, size) == whole


def test_a_row_with_a_nul_is_left_out_and_the_rest_is_read() -> None:
    found = read(b"one,two,three\n1,2,3\n4,\0,6\n7,8,9\n", 2**20)
    assert found["rows"] == [["1", "2", "3"], ["7", "8", "9"]]
    assert found["lines"] == [2, 4]
    assert [(f.line, f.column, f.rule) for f in found["findings"]] == [(3, 2, "encoding")]
    assert found["unread"] == [["4", "", "6"]]


def test_line_ends_are_told_once() -> None:
    form = "canonical-form"
    ends = {
        b"one,two,three\r\n1,2,3\r\n4,5,6\r\n": [(1, form)],
        b"one,two,three\n1,2,3\n4,5,6\r\n7,8,9\r\n": [(3, form)],
        b"one,two,three\n1,2,3\n4,5,6": [(3, form)],
        b"one,two,three\n1,2,3\n4,5": [(3, "csv-syntax")],
        b'one,two,three\n1,"2\r\n",3\n': [],
        b'one,"two",three\n1,2,3\n': [(1, form)],
    }
    assert {data: [(f.line, f.rule) for f in read(data, 5)["findings"]] for data in ends} == ends


def test_what_a_tally_calls_foreign() -> None:
    for data, foreign in {
        b'"a ""b"" c",d\n"",e\n': False,
        b'"a\n""",d\n': False,
        b"": False,
        b'a"b,c\n': True,
        b'a""b,"c"\n': True,
        b"a,b": True,
        b"a,b\r\n": True,
        b"a\0,b\n": True,
    }.items():
        counted = tally(io.BytesIO(data))
        assert counted.foreign == foreign, data
        assert (counted.breaks, counted.marks) == (data.count(b"\n"), data.count(b'"') + data.count(b","))


def suspected(found: list[str]) -> list[bool]:
    """What the scan says of cells that are not of ASCII alone, and of those in files with control characters."""
    array = pyarrow.array(found)
    masks = [compute.match_substring_regex(array, pattern) for pattern in (cells.SUSPECTED, cells.CONTROL)]
    wide = [len(cell) != len(cell.encode()) for cell in found]
    spaced = [cell[:1] <= " " or cell[-1:] in (" ", "\n") for cell in found]
    both = zip(*(mask.to_pylist() for mask in masks), wide, spaced, strict=True)
    return [(one and broad) or other or space for one, other, broad, space in both]


def test_the_scan_suspects_every_cell_over_whose_characters_a_check_stumbles() -> None:
    letters = [chr(n) for n in range(sys.maxunicode + 1) if not 0xD800 <= n < 0xE000]
    known = [letter for letter in letters if unicodedata.category(letter) not in ("Cn", "Co", "Lo")]
    for context in ("x{}x", "{}", "x{}", "{}x", "x {} x", "é{}é"):
        found = [context.format(letter) for letter in (letters if context == "x{}x" else known)]
        passed = [cell for cell, held in zip(found, suspected(found), strict=True) if not held and cells.misleads(cell)]
        assert passed == []


@settings(max_examples=300, deadline=None, derandomize=True)
@given(
    st.lists(
        st.text(
            st.sampled_from("xaАсо \u0301\u200d\u200c\u00a0\u2009éΑα\u1100\u1161한\n\t\u0345ا👩🚀1-"),
            min_size=1,
            max_size=6,
        ),
        max_size=30,
    )
)
def test_the_scan_suspects_every_text_over_which_a_check_stumbles(found: list[str]) -> None:
    assert [
        cell for cell, held in zip(found, suspected(found or [""]), strict=False) if not held and cells.misleads(cell)
    ] == []


def test_a_cell_that_is_one_long_word_is_checked_in_time_that_grows_with_its_length() -> None:
    begun = time.perf_counter()
    assert not cells.misleads("é" * cells.MOST)
    assert time.perf_counter() - begun < 1


def test_dates_that_need_no_parser_are_what_the_parser_makes_of_them() -> None:
    from edtf import parse_edtf

    values = [f"{year:04}" for year in (1, 1900, 2000, 9999)]
    values += [f"{year}-{month:02}" for year in values[:] for month in range(1, 13)]
    values += [f"{month}-{day:02}" for month in values if "-" in month for day in (1, 29, 31)]
    for value in values:
        found = bounds(value)
        try:
            parsed = parse_edtf(value)
            ends = [parsed.lower_strict(), parsed.upper_strict()]
            first, last = ("-".join(f"{n:02}" if at else f"{n:04}" for at, n in enumerate(end[:3])) for end in ends)
        except Exception:  # noqa: BLE001  # the parser raises errors of several libraries
            assert found.problem, value
            continue
        exists = not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value) or first == last == value
        assert (found.start, found.end) == (first, last) if not found.problem else not exists or found.problem, value
