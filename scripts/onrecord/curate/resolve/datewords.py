"""The words for times, each with how it is read relative to a day of publication, by the rules of the codebook."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Callable

__all__ = ["FUTURE", "PAST", "Reader"]

_MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_name) if name}
_MONTHS |= {name.lower(): number for number, name in enumerate(calendar.month_abbr) if name} | {"sept": 9}
_DAYS = {name.lower(): number for number, name in enumerate(calendar.day_name)}
_NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_SEASONS = {"spring": (3, 5), "summer": (6, 8), "autumn": (9, 11), "fall": (9, 11)}
_PARTS = {"early": (1, 10), "mid": (11, 20), "late": (21, 31)}

_MONTH = (
    r"(?P<month>(?-i:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec)\b\.?))"
)
_WEEKDAY = r"(?P<weekday>Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)"
_YEAR = r"(?P<year>(?:19|20)\d{2})"
_COUNT = rf"(?P<count>\d{{1,3}}|{'|'.join(_NUMBERS)}|an?)"

Reader = Callable[[re.Match[str], dt.date | None], "tuple[str, str] | None"]
"""Reads one match, with the day of publication: the EDTF value and its basis, None where it tells no date."""


def _number(match: re.Match[str], name: str) -> int:
    return int(match[name])


def _month(match: re.Match[str]) -> int:
    return _MONTHS[match["month"].lower().rstrip(".")]


def _day_past(match: re.Match[str], today: dt.date | None) -> tuple[str, str] | None:
    month, number, year = _month(match), _number(match, "day"), match["year"]
    if not year:
        if today is None:
            return None
        earlier = (month, number) > (today.month, today.day)
        year = str(today.year - earlier)
    return f"{year}-{month:02}-{number:02}", "stated"


def _day_future(match: re.Match[str], today: dt.date | None) -> tuple[str, str] | None:
    if match["year"] or today is None:
        return _day_past(match, today)
    month, number = _month(match), _number(match, "day")
    year = today.year + ((month, number) < (today.month, today.day))
    return f"{year:04}-{month:02}-{number:02}", "stated"


def _year_of_month(match: re.Match[str], today: dt.date | None, future: bool) -> int | None:
    if match["year"]:
        return int(match["year"])
    if today is None:
        return None
    month = _month(match)
    return today.year + (month < today.month) if future else today.year - (month > today.month)


def _month_value(match: re.Match[str], today: dt.date | None, future: bool) -> tuple[str, str] | None:
    year, month = _year_of_month(match, today, future), _month(match)
    if year is None:
        return None
    part = (match["part"] or "").lower().rstrip("-")
    return (_part(year, month, part) if part else f"{year:04}-{month:02}"), "stated"


def _part(year: int, month: int, part: str) -> str:
    """Early, mid, late are days 1-10, 11-20, 21-end, approximate."""
    first, last = _PARTS[part]
    last = min(last, calendar.monthrange(year, month)[1])
    return f"{year:04}-{month:02}-{first:02}~/{year:04}-{month:02}-{last:02}~"


def _weekday_past(match: re.Match[str], today: dt.date | None) -> tuple[str, str] | None:
    """A weekday is the last such day up to publication, at most six days before."""
    if today is None:
        return None
    back = (today.weekday() - _DAYS[match["weekday"].lower()]) % 7
    last = match[0].lower().removeprefix("on ").startswith("last ")
    return (today - dt.timedelta(days=back or 7 * last)).isoformat(), "relative" if last else "weekday"


def _weekday_future(match: re.Match[str], today: dt.date | None) -> tuple[str, str] | None:
    if today is None:
        return None
    ahead = (_DAYS[match["weekday"].lower()] - today.weekday()) % 7
    return (today + dt.timedelta(days=ahead)).isoformat(), "weekday"


def _near(days: int) -> Reader:
    def read(_: re.Match[str], today: dt.date | None) -> tuple[str, str] | None:
        return None if today is None else ((today + dt.timedelta(days=days)).isoformat(), "relative")

    return read


def _leans(days: int) -> Reader:
    return lambda _match, _today: ("", f"leans{days}")


def _week(offset: int) -> Reader:
    """Monday to Sunday of a week before or after the one of publication."""

    def read(_: re.Match[str], today: dt.date | None) -> tuple[str, str] | None:
        if today is None:
            return None
        monday = today - dt.timedelta(days=today.weekday()) + dt.timedelta(weeks=offset)
        return f"{monday}/{monday + dt.timedelta(days=6)}", "relative"

    return read


def _so_far(unit: str) -> Reader:
    """From the beginning of a running week, month or year to publication."""

    def read(_: re.Match[str], today: dt.date | None) -> tuple[str, str] | None:
        if today is None:
            return None
        if unit == "week":
            first = today - dt.timedelta(days=today.weekday())
        else:
            first = today.replace(day=1) if unit == "month" else today.replace(month=1, day=1)
        return (f"{first}/{today}" if first < today else f"{today}"), "relative"

    return read


def _whole(unit: str, offset: int) -> Reader:
    """A month or year, counted from that of publication."""

    def read(_: re.Match[str], today: dt.date | None) -> tuple[str, str] | None:
        if today is None:
            return None
        if unit == "year":
            return f"{today.year + offset:04}", "relative"
        return _month_from(today, offset), "relative"

    return read


def _part_of_last_month(match: re.Match[str], today: dt.date | None) -> tuple[str, str] | None:
    if today is None:
        return None
    year, month = _month_from(today, -1).split("-")
    return _part(int(year), int(month), match["part"].lower()), "relative"


def _month_from(today: dt.date, offset: int) -> str:
    years, month = divmod(today.year * 12 + today.month - 1 + offset, 12)
    return f"{years:04}-{month + 1:02}"


def _ago(match: re.Match[str], today: dt.date | None) -> tuple[str, str] | None:
    """So many days ago is that day; weeks, months and years ago are as exact as their unit."""
    if today is None:
        return None
    word, unit = match["count"].lower(), match["unit"].lower()
    count = 1 if word in ("a", "an") else int(word) if word.isdecimal() else _NUMBERS.index(word) + 1
    if unit == "month":
        return _month_from(today, -count), "relative"
    if unit == "year":
        return f"{today.year - count:04}", "relative"
    moved = today - dt.timedelta(days=count * (7 if unit == "week" else 1))
    return f"{moved}{'~' if unit == 'week' else ''}", "relative"


def _season(match: re.Match[str], today: dt.date | None) -> tuple[str, str] | None:
    first, last = _SEASONS[match["season"].lower()]
    year = int(match["year"]) if match["year"] else today.year if today else None
    if year is None:
        return None
    if match["last"] and not match["year"]:
        year -= 1
    return f"{year:04}-{first:02}/{year:04}-{last:02}", "stated" if match["year"] else "relative"


def _weekend(_: re.Match[str], today: dt.date | None) -> tuple[str, str] | None:
    """The last Saturday and Sunday that had begun by publication."""
    if today is None:
        return None
    saturday = today - dt.timedelta(days=(today.weekday() - 5) % 7)
    return f"{saturday}/{saturday + dt.timedelta(days=1)}", "relative"


def _coming(_: re.Match[str], today: dt.date | None) -> tuple[str, str] | None:
    """In the coming days: from publication on, with no end said."""
    return None if today is None else (f"{today}/..", "relative")


def _compiled(table: dict[str, Reader]) -> dict[re.Pattern[str], Reader]:
    return {re.compile(rf"(?<![\w-])(?:{words})(?!\w)", re.IGNORECASE): reader for words, reader in table.items()}


_STATED = rf"(?:{_WEEKDAY},? )?(?:on )?{_MONTH} (?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?!\d|:|,\d{{3}})(?:,? {_YEAR})?"
_STATED_TOO = rf"(?:on )?(?:the )?(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? {_MONTH}(?:,? {_YEAR})?"
_NAMED_MONTH = (
    rf"(?:(?:in|since|until|by|during|of) )?(?:(?:the )?(?P<part>early|mid|late)[ -])?{_MONTH}(?: of)?(?: {_YEAR})"
)
_BARE_MONTH = rf"(?:(?:in|since|until|by|during) )(?:(?P<part>early|mid|late)[ -])?{_MONTH}(?P<year>)(?! \d)"
_PART_MONTH = rf"(?P<part>early|mid|late)[ -]{_MONTH}(?P<year>)(?! \d)"
_OWN_YEAR = rf"(?:in|since|until|by|during|of) (?:(?:early|mid|late)[ -])?{_YEAR}"

_COMMON: dict[str, Reader] = {
    r"(?:on )?(?:the|that) same day": _leans(0),
    r"(?:the|a|one) (?:previous day|day (?:earlier|before(?!\s+\w)))": _leans(-1),
    r"(?:the|a|one) (?:following day|next day|day (?:later|after(?!\s+\w)))": _leans(1),
    r"today|this (?:morning|afternoon|evening)|tonight": _near(0),
    r"yesterday": _near(-1),
    r"last week": _week(-1),
    r"(?P<part>early|mid|late) last month": _part_of_last_month,
    r"last month": _whole("month", -1),
    r"last year": _whole("year", -1),
    rf"{_COUNT} (?P<unit>day|week|month|year)s? ago": _ago,
    rf"(?:(?:in|during|over) )?(?:the |this |(?P<last>last ))(?P<season>spring|summer|autumn|fall)(?: of {_YEAR})?": _season,
    r"(?:over|at|on|during) the weekend|last weekend": _weekend,
    _OWN_YEAR: lambda match, _today: (match["year"], "stated"),
}

PAST = _compiled(
    {
        _STATED: _day_past,
        _STATED_TOO: _day_past,
        _NAMED_MONTH: lambda match, today: _month_value(match, today, future=False),
        _BARE_MONTH: lambda match, today: _month_value(match, today, future=False),
        _PART_MONTH: lambda match, today: _month_value(match, today, future=False),
        r"earlier this week": _so_far("week"),
        r"earlier this month": _so_far("month"),
        r"earlier this year": _so_far("year"),
        rf"(?:(?:on|last|this) )?{_WEEKDAY}": _weekday_past,
        r"this week": _so_far("week"),
        r"this month": _so_far("month"),
        r"this year": _so_far("year"),
        **_COMMON,
    }
)
FUTURE = _compiled(
    {
        _STATED: _day_future,
        _STATED_TOO: _day_future,
        _NAMED_MONTH: lambda match, today: _month_value(match, today, future=True),
        _BARE_MONTH: lambda match, today: _month_value(match, today, future=True),
        _PART_MONTH: lambda match, today: _month_value(match, today, future=True),
        r"tomorrow": _near(1),
        r"next week": _week(1),
        r"(?:later )?this week": _week(0),
        r"next month": _whole("month", 1),
        r"(?:later )?this month": _whole("month", 0),
        r"next year": _whole("year", 1),
        r"(?:later )?this year": _whole("year", 0),
        r"(?:in|over|within) the (?:coming|next few|near) (?:hours|days|weeks|months|future)|soon|shortly": _coming,
        rf"(?:as early as )?(?:(?:on|this|next|by) )?{_WEEKDAY}": _weekday_future,
        **_COMMON,
    }
)
