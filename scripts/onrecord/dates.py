"""EDTF level 1 (ISO 8601-2:2019): is a value valid, and which days does it strictly allow."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass
from functools import lru_cache

from onrecord.findings import shown

__all__ = ["Bounds", "bounds", "day"]

_YEAR = r"-?(?:[0-9]{4}|[0-9]{3}X|[0-9]{2}XX)"
_MONTH = r"(?:0[1-9]|1[0-2]|2[1-4]|XX)"
_DAY = r"(?:0[1-9]|[12][0-9]|3[01]|XX)"
_DATE = rf"{_YEAR}(?:-{_MONTH}(?:-{_DAY})?)?"
_TIME = r"T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:Z|[+-][0-9]{2}(?::[0-9]{2})?)?"
_SINGLE = re.compile(rf"(?:{_DATE}[?~%]?|[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}{_TIME}|Y-?[0-9]{{5,9}})", re.ASCII)
_PLAIN_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_PLAIN = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?", re.ASCII)
_NUMBER = re.compile(r"^-?[0-9]+|[0-9]+", re.ASCII)
_SEASON = re.compile(r"-?[0-9]{4}-2[1-4]", re.ASCII)
_MASK = re.compile(r"[0-9]{4}-(?:[0-9]{2}-XX|XX-XX|XX)|[0-9]{3}X|[0-9]{2}XX|[0-9-]+", re.ASCII)


@dataclass(frozen=True)
class Bounds:
    """What an EDTF value allows.

    ``start`` and ``end`` are the first and last day, ISO 8601, empty where open, unknown or beyond
    the years 1 to 9999. ``problem`` says what is wrong, empty for a valid value. ``least`` and
    ``most`` bound the UCDP date precision that fits, both 0 where there must be none.
    """

    start: str = ""
    end: str = ""
    problem: str = ""
    least: int = 0
    most: int = 0


@lru_cache(maxsize=100_000)
def bounds(value: str) -> Bounds:
    """Strict bounds of one EDTF level 1 value; ``problem`` is set where it is not one.

    The library ``edtf`` parses; the guard around it refuses level 2, days that do not exist and
    reversed intervals, and keeps open and unknown ends empty instead of infinite or padded.
    """
    if not value:
        return Bounds()
    sides = value.split("/")
    if len(sides) > 2:
        return Bounds(problem="more than one '/'")
    if len(sides) == 1:
        return _single(value)
    if all(side in ("", "..") for side in sides):
        if value == "../..":
            return Bounds()
        return Bounds(problem="an interval needs a date on one side at least")
    parts = [Bounds() if side in ("", "..") else _single(side) for side in sides]
    for side, part in zip(sides, parts, strict=True):
        if part.problem:
            return part
        if "X" in side or "T" in side or side.startswith("Y"):
            return Bounds(problem=f"{shown(side)} cannot be an end of a level 1 interval")
    start, end = parts[0].start, parts[1].end
    if _reversed(*sides):
        return Bounds(problem="the interval is reversed: it ends before it begins")
    least, most = _interval_precision(sides, start, end)
    return Bounds(start, end, "", least, most)


def day(iso: str) -> dt.date | None:
    """The day of an ISO 8601 date, None for an empty text."""
    return dt.date.fromisoformat(iso) if iso else None


def _reversed(first: str, last: str) -> bool:
    """Whether one end lies before the other, in years beyond those of Python's dates too."""
    if {first, last} & {"", ".."}:
        return False
    one, other = ([int(n) for n in _NUMBER.findall(side)] for side in (first, last))
    if len([n for n in (*one[1:2], *other[1:2]) if n > 12]) == 1:  # where a season lies in its year nobody told
        return one[0] > other[0]
    return [*one, 1, 1][:3] > [*other, 99, 99][:3]


def _single(value: str) -> Bounds:
    if not _SINGLE.fullmatch(value) or value.startswith("-0000"):
        examples = "2023-09-05, 2023-09, 2023-09~, 2023-09-04/.."
        return Bounds(problem=f"{shown(value)} is not a date of EDTF level 1 (such as {examples})")
    bare = value.rstrip("?~%")
    if span := _plain(bare) if len(value) - len(bare) <= 1 else None:  # as most are, and the parser takes milliseconds
        return Bounds(*span, "", *_precision(value != bare, *span))
    if "T" not in bare and not bare.startswith("Y") and not _MASK.fullmatch(bare.lstrip("-")):
        return Bounds(problem=f"{shown(value)} leaves digits open in a way that only level 2 allows")
    if _SEASON.fullmatch(bare):
        return Bounds()  # a season: its days depend on the hemisphere, which nobody told
    from edtf import parse_edtf

    try:
        parsed = parse_edtf(bare)
        low, high = parsed.lower_strict(), parsed.upper_strict()
    except Exception:  # noqa: BLE001  # the parser raises errors of several libraries; each means "not EDTF"
        return Bounds(problem=f"{shown(value)} is not a date of EDTF level 1")
    start, end = _iso(low), _iso(high)
    if start is None or end is None:
        return Bounds(problem=f"{shown(value)} is a day that does not exist")
    least, most = _precision(value != bare, start, end)
    return Bounds(start, end, "", least, most)


def _iso(day: object) -> str | None:
    year, month, number = day[0], day[1], day[2]  # type: ignore[index]  # struct_time
    if not 1 <= year <= 9999:
        return ""
    try:
        return dt.date(year, month, number).isoformat()
    except ValueError:
        return None


def _plain(value: str) -> tuple[str, str] | None:
    """First and last day of a day, month or year of four digits; None for anything else."""
    match = _PLAIN.fullmatch(value)
    year, month, day = (int(part or 0) for part in match.groups()) if match else (0, 0, 0)
    if not year or month > 12 or (match and match[2] and not month):
        return None
    last = calendar.monthrange(year, month)[1] if month else 31
    if day > last or (match and match[3] and not day):
        return None
    return f"{year:04}-{month or 1:02}-{day or 1:02}", f"{year:04}-{month or 12:02}-{day or last:02}"


def _days(start: str, end: str) -> int:
    return (dt.date.fromisoformat(end) - dt.date.fromisoformat(start)).days + 1


def _precision(qualified: bool, start: str, end: str) -> tuple[int, int]:
    """Least and greatest UCDP date_prec of a single date (UCDP GED codebook, date_prec)."""
    if not start or not end or _days(start, end) > 366:
        return 0, 0
    days = _days(start, end)
    least = 1 if days == 1 else 4 if days <= 31 else 5
    return (max(least, 2), 5) if qualified else (least, least)


def _interval_precision(sides: list[str], start: str, end: str) -> tuple[int, int]:
    if not start or not end or _days(start, end) > 366:
        return 0, 0
    if all(_PLAIN_DAY.fullmatch(side) for side in sides):
        return 1, 1
    return 2, 5
