"""Codes and dates in words that are read, not looked up."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

__all__ = ["CERTAINTY", "MARKS", "STANCE", "Words", "day", "spoken"]

STANCE = {"affirm": "affirms", "deny": "denies", "noncommittal": "takes no position", "expect": "expects"}
CERTAINTY = {
    "CT+": "certain",
    "CT-": "certain it is not so",
    "PR+": "probable",
    "PR-": "probably not so",
    "PS+": "possible",
    "PS-": "possibly not so",
    "CTu": "certain of one side",
    "Uu": "uncommitted",
}
MARKS = {"CT": "full", "PR": "half", "PS": "ring", "Uu": "full"}
"""How a certainty is drawn: by the first two letters of its code."""
_SPEECH_ACT = {
    "state": "states",
    "report": "reports",
    "announce": "announces",
    "assess": "assesses",
    "predict": "predicts",
    "confirm": "confirms",
    "deny": "denies",
    "decline_comment": "declines to comment",
    "accuse": "accuses",
    "warn": "warns",
    "promise": "promises",
    "demand": "demands",
    "praise": "praises",
    "hint": "hints",
    "express_concern": "voices concern",
}
_OUTCOME = {
    "came_true": "came true",
    "came_false": "did not come true",
    "partly": "came true in part",
    "unresolved": "unresolved",
    "yes": "borne out",
    "no": "not borne out",
    "open": "undecided",
}
_ORIGIN = {
    "on_record": "on the record",
    "anonymous": "anonymous",
    "narration": "the outlet's own voice",
    "lost": "lost on the way",
    "none": "nobody named",
}
_STATUS = {"none": "only mentioned", "did_not_occur": "did not occur"}
_LOCATION = {"headline": "headline", "deck": "standfirst", "body": "body", "caption": "caption of a picture"}
_DATE_PRECISION = {"1": "to the day", "2": "to a few days", "3": "to the week", "4": "to the month", "5": "to the year"}
_WHERE_PRECISION = {
    "1": "exact: a building or site",
    "2": "a town, or within 25 km of it",
    "3": "a district",
    "4": "a province",
    "5": "a line or loose area",
    "6": "a country",
    "7": "waters or air",
}
_RELATION = {
    "restates": ("Restates", "Restated by"),
    "same_utterance": ("Reports the same act of speaking as", "Reports the same act of speaking as"),
    "disputes": ("Disputes", "Disputed by"),
    "confirms": ("Confirms", "Confirmed by"),
    "supersedes": ("Supersedes", "Superseded by"),
    "entails": ("Entails", "Entailed by"),
    "contradicts": ("Contradicts", "Contradicts"),
    "narrows": ("Narrows", "Narrowed by"),
    "member_of": ("Part of", "Has as a part"),
    "speaks_for": ("Speaks for", "Spoken for by"),
    "same_as_possible": ("May be the same as", "May be the same as"),
}
_SHORT = {
    "stance": STANCE,
    "certainty": CERTAINTY,
    "speech_act": _SPEECH_ACT,
    "outcome": _OUTCOME,
    "borne_out": _OUTCOME,
    "origin_kind": _ORIGIN,
    "status": _STATUS,
    "claim_location": _LOCATION,
    "date_precision": _DATE_PRECISION,
    "where_precision": _WHERE_PRECISION,
}
_MONTHS = (
    "January February March April May June July August September October November December".split()  # noqa: SIM905
)
_SEASONS = {"21": "spring", "22": "summer", "23": "autumn", "24": "winter"}
_DATE = re.compile(r"(-?[0-9X]{4})(?:-([0-9X]{2})(?:-([0-9X]{2}))?)?([~?%]?)", re.ASCII)
_QUALIFIER = {"~": "about ", "?": "perhaps ", "%": "perhaps about "}


class Words:
    """The words of a package's vocabularies: short ones of ours where we have them, labels of its schemas otherwise."""

    def __init__(self, labels: Mapping[tuple[str, str], str]) -> None:
        self._labels = labels

    def short(self, field: str, value: str | int | None) -> str:
        """A word or two for a term: ``stance`` ``affirm`` is "affirms"."""
        if value is None:
            return ""
        return _SHORT.get(field, {}).get(str(value)) or str(value).replace("_", " ")

    def label(self, field: str, value: str | int | None) -> str:
        """What the schema says a term means; the term itself where it says nothing."""
        return self._labels.get((field, str(value)), "") or self.short(field, value)

    def relation(self, relation: str, backwards: bool = False) -> str:
        """A relation as the start of a sentence, read from the first to the second or backwards."""
        both = _RELATION.get(relation, (relation.replace("_", " "), f"{relation.replace('_', ' ')} (by)"))
        return both[backwards]


def day(value: str | date | None) -> str:
    """A day in words, ``5 September 2023``; what is no ISO date as it stands."""
    return spoken(str(value)) if value is not None else ""


def spoken(edtf: str | None) -> str:
    """An EDTF date of level 1 in words; what is none, as it stands.

    ``2023-09-05`` is "5 September 2023", ``../2023-09-04`` "by 4 September 2023", ``2022/..`` "from 2022",
    ``../..`` "on a day unknown".
    """
    text = (edtf or "").strip()
    start, slash, end = text.partition("/")
    if not slash:
        return _one(text) or text
    if {start, end} <= {"", ".."}:
        return "on a day unknown"
    if start in ("", "..") or end in ("", ".."):
        known = _one(end if start in ("", "..") else start)
        if known is None:
            return text
        word = "by" if start in ("", "..") else "from"
        open_word = " (start unknown)" if start == "" else " (end unknown)" if end == "" else ""
        return f"{word} {known}{open_word}"
    one, other = _one(start), _one(end)
    if one is None or other is None:
        return text
    return f"{_shared(one, other)} to {other}"


def _shared(one: str, other: str) -> str:
    """The first date of an interval without the month and year that the second one repeats."""
    ours, theirs = one.split(" "), other.split(" ")
    while len(ours) > 1 and len(theirs) > 1 and ours[-1] == theirs[-1] and ours[-2] not in ("about", "perhaps"):
        ours.pop()
        theirs.pop()
    return " ".join(ours)


def _one(text: str) -> str | None:
    found = _DATE.fullmatch(text)
    if not found:
        return None
    year, month, dom, mark = found.groups()
    if "X" in year:
        known = year.rstrip("X")
        year = f"{known}{'0' * (4 - len(known))}s" if known else ""
    else:
        year = str(int(year)) if int(year) > 0 else f"{1 - int(year)} BC"
    parts = [year]
    if month and month != "XX":
        if month in _SEASONS:
            parts.insert(0, _SEASONS[month])
        elif month.isdigit() and 1 <= int(month) <= 12:
            parts.insert(0, _MONTHS[int(month) - 1])
        else:
            return None
        if dom and dom != "XX":
            if not dom.isdigit() or not 1 <= int(dom) <= 31:
                return None
            parts.insert(0, str(int(dom)))
    return _QUALIFIER.get(mark, "") + " ".join(p for p in parts if p) if any(parts) else None
