"""JSON read strictly, and where its values stand: line and column of each, by JSON pointer."""

from __future__ import annotations

import bisect
import json
import math
import re
from collections import Counter
from typing import Any, NoReturn

from onrecord.findings import Region, shown

__all__ = ["parse", "places"]

_DEEPEST = 50
_TOO_DEEP = f"it is nested more than {_DEEPEST} deep"
_GREATEST = 2**53 - 1
_HIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_BLANK = re.compile(r"[ \t\r\n]*")
_DECODER = json.JSONDecoder(strict=False)


def parse(data: bytes) -> Any:
    """The value of a JSON text that every reader understands alike (I-JSON, RFC 7493).

    Raises ValueError, in one line, for what is no JSON, and for what readers take differently: a byte
    order mark, a name twice in an object, a number that is none or loses digits in other programs,
    letters that are none or move a terminal's cursor, and nesting beyond 50.
    """
    if data.startswith(b"\xef\xbb\xbf"):
        raise ValueError("it begins with a byte order mark; save it as UTF-8 without one")
    text = data.decode("utf-8")
    try:
        value = json.loads(
            text, object_pairs_hook=_object, parse_int=_integer, parse_float=_number, parse_constant=_no_number
        )
    except RecursionError:
        raise ValueError(_TOO_DEEP) from None
    _check(value)
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = Counter(name for name, _ in pairs).most_common(1)[0][0]
        raise ValueError(f"the name {shown(twice)} stands twice in one object")
    return found


def _integer(digits: str) -> int:
    if len(digits) > len(str(-_GREATEST)) or abs(int(digits)) > _GREATEST:
        raise ValueError(f"the number {shown(digits)} is greater than programs can count")
    return int(digits)


def _number(digits: str) -> float:
    value = float(digits)
    return value if math.isfinite(value) else _no_number(digits)


def _no_number(word: str) -> NoReturn:
    raise ValueError(f"{shown(word)} is no number")


def _check(value: Any) -> None:
    """Refuse what is nested too deep, and strings with letters that nobody sees. Raises ValueError."""
    level, depth = [value], 0
    while level:
        depth += 1
        if depth > _DEEPEST:
            raise ValueError(_TOO_DEEP)
        below: list[Any] = []
        for one in level:
            if isinstance(one, dict):
                below += one
                below += one.values()
            elif isinstance(one, list):
                below += one
            elif isinstance(one, str) and _HIDDEN.search(one):
                raise ValueError(f"the text {shown(one)} has characters that nobody sees")
        level = below


def places(text: str) -> dict[str, Region]:
    """The region of every value of a JSON text that parses, by JSON pointer (RFC 6901; "" is the whole).

    Of a name that an object has twice the last counts, as in Python. Nesting beyond what Python
    recurses into gives nothing.
    """
    spans: dict[str, tuple[int, int]] = {}
    try:
        _value(text, _skip(text, 0), "", spans)
    except RecursionError:
        return {}
    starts = [0, *(i + 1 for i, letter in enumerate(text) if letter == "\n")]
    return {pointer: _region(starts, *span) for pointer, span in spans.items()}


def _skip(text: str, at: int) -> int:
    return _BLANK.match(text, at).end()  # type: ignore[union-attr]  # it matches nothing too


def _value(text: str, at: int, pointer: str, spans: dict[str, tuple[int, int]]) -> int:
    """Record the value that begins here and all below it; returns where it ends."""
    start, opening = at, text[at]
    if opening not in "{[":
        at = _DECODER.raw_decode(text, at)[1]
    else:
        at, number = _skip(text, at + 1), 0
        while text[at] not in "}]":
            name = str(number)
            if opening == "{":
                name, at = _DECODER.raw_decode(text, at)
                at = _skip(text, _skip(text, at) + 1)
            below = f"{pointer}/{name.replace('~', '~0').replace('/', '~1')}"
            if below in spans:  # what stood under the same name before does not count, nor what was in it
                for known in [p for p in spans if p.startswith(f"{below}/")]:
                    del spans[known]
            at = _skip(text, _value(text, at, below, spans))
            number += 1
            if text[at] == ",":
                at = _skip(text, at + 1)
        at += 1
    spans[pointer] = (start, at)
    return at


def _region(starts: list[int], begin: int, end: int) -> Region:
    first, last = bisect.bisect_right(starts, begin) - 1, bisect.bisect_right(starts, end) - 1
    return Region(first + 1, begin - starts[first] + 1, last + 1, end - starts[last] + 1)
