"""JSON is read strictly, and every value is found where it stands."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onrecord.findings import Region
from onrecord.jsonplaces import parse, places

TIMES = int(os.environ.get("ONRECORD_FUZZ", "1"))
fuzzed = settings(derandomize=TIMES == 1, deadline=None, max_examples=300 * TIMES)

blank = st.text(" \t\r\n", max_size=3)
words = st.text(max_size=6) | st.sampled_from(["", "a", "b", "~", "/", "~1", "0", "1", "{", '"', "\\", "é", "\u2028"])
scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | words


def written(value: Any) -> st.SearchStrategy[str]:
    """Spellings of a scalar: escaped or not."""
    return st.booleans().map(lambda ascii_only: json.dumps(value, ensure_ascii=ascii_only))


def joined(parts: list[str], marks: str, blanks: list[str]) -> str:
    inside = ",".join(f"{blanks[n % len(blanks)]}{part}" for n, part in enumerate(parts))
    return f"{marks[0]}{inside}{blanks[-1]}{marks[1]}"


def composed(below: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Arrays and objects, also with a name twice."""
    blanks = st.lists(blank, min_size=1, max_size=4)
    pairs = st.tuples(words.flatmap(written), blank, blank, below).map(lambda p: f"{p[0]}{p[1]}:{p[2]}{p[3]}")
    arrays = st.tuples(st.lists(below, max_size=5), blanks).map(lambda p: joined(p[0], "[]", p[1]))
    objects = st.tuples(st.lists(pairs, max_size=5), blanks).map(lambda p: joined(p[0], "{}", p[1]))
    return arrays | objects


texts = st.tuples(blank, st.recursive(scalars.flatmap(written), composed, max_leaves=15), blank).map("".join)


def pointers(value: Any, at: str = "") -> Iterator[tuple[str, Any]]:
    yield at, value
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, below in items:
        yield from pointers(below, f"{at}/{str(name).replace('~', '~0').replace('/', '~1')}")


def cut(text: str, region: Region) -> str:
    lines = text.split("\n")[region.line - 1 : region.end_line]
    lines[-1] = lines[-1][: region.end_column - 1]
    lines[0] = lines[0][region.column - 1 :]
    return "\n".join(lines)


@given(texts)
@fuzzed
def test_what_stands_at_a_place_is_the_value(text: str) -> None:
    found, expected = places(text), dict(pointers(json.loads(text)))
    assert set(found) == set(expected)
    for pointer, region in found.items():
        assert json.loads(cut(text, region)) == expected[pointer], pointer


def outcome(data: bytes) -> Any:
    """The value, or what is said of data that are refused."""
    try:
        return parse(data)
    except ValueError as error:
        return error


@given(texts)
@fuzzed
def test_what_is_parsed_is_what_every_reader_takes_it_for(text: str) -> None:
    value = outcome(text.encode("utf-8", "surrogatepass"))
    if isinstance(value, ValueError):
        assert "\n" not in str(value)
    else:
        assert value == json.loads(text)
        assert json.loads(json.dumps(value).encode("utf-8")) == value


@given(st.binary(max_size=60) | st.text('{}[]",:\\u0123dE+-.ntf lauresINy\n', max_size=40).map(str.encode))
@fuzzed
def test_any_bytes_are_parsed_or_refused(data: bytes) -> None:
    assert "\n" not in str(outcome(data)) or not isinstance(outcome(data), ValueError)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b'\xef\xbb\xbf{"a": 1}', "byte order mark"),
        (b"\xff", "utf-8"),
        ('{"a": 1}'.encode("utf-16"), "utf-8"),
        (b"[" * 100_000, "nested"),
        (b"[" * 100_000 + b"]" * 100_000, "nested"),
        (b"[" * 60 + b"]" * 60, "nested"),
        (b'{"a":' * 60 + b"1" + b"}" * 60, "nested"),
        (b"[" + b"9" * 5_000 + b"]", "greater"),
        (b"[9007199254740993]", "greater"),
        (b"[-9007199254740993]", "greater"),
        (b"[1e999]", "no number"),
        (b"[NaN]", "no number"),
        (b"[-Infinity]", "no number"),
        (b'{"a": 1, "b": 2, "a": 3}', "twice"),
        (b'{"a": {"b": 1, "\\u0062": 2}}', "twice"),
        (b'["\\ud800"]', "nobody sees"),
        (b'{"\\udfff": 1}', "nobody sees"),
        (b'["\\u001b[2J"]', "nobody sees"),
        (b'["\\u009b2J"]', "nobody sees"),
        (b'["\\u0000"]', "nobody sees"),
        (b'["a\x00b"]', "control character"),
        (b"", "Expecting value"),
        (b"{}{}", "Extra data"),
        (b"[1,]", "Expecting value"),
    ],
)  # fmt: skip
def test_what_readers_take_differently_is_refused_in_one_line(data: bytes, says: str) -> None:
    with pytest.raises(ValueError, match=says) as caught:
        parse(data)
    assert len(str(caught.value)) < 200
    assert "\n" not in str(caught.value)


def test_letters_of_every_script_and_line_breaks_are_fine() -> None:
    assert parse('["é\\n\\t", "\\ud83d\\ude00", 9007199254740991, -0.5, "\u202e"]'.encode()) == [
        "é\n\t", "\U0001f600", 2**53 - 1, -0.5, "\u202e",
    ]  # fmt: skip
    assert parse(b"[" * 50 + b"]" * 50)


def test_nesting_beyond_recursion_has_no_places() -> None:
    assert places("[" * 100_000 + "]" * 100_000) == {}
