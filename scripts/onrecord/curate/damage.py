"""What is wrong with the cells of a worksheet, each by itself: words that are none, dates and spans that a spreadsheet rewrote."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from typing import Any

from onrecord.curate.columns import DECISIONS, OF_CLAIM, SPANS, TAKEN, Column, column, spelled, terms
from onrecord.curate.worksheet import Row, Sheet, Worksheet
from onrecord.dates import bounds
from onrecord.findings import Finding, shown
from onrecord.suggest import nearest

__all__ = ["check"]

Schemas = Mapping[str, Mapping[str, Any]]
_SPANS = re.compile(SPANS, re.ASCII)
_HASH = re.compile(r"[0-9a-f]{64}", re.ASCII)
_NUMBER = re.compile(r"0(\.[0-9]+)?|1(\.0+)?", re.ASCII)
_ROW = re.compile(r"[^\s/\\]+")
_SCIENTIFIC = re.compile(r"[0-9]+([.,][0-9]+)?[eE][+-]?[0-9]+", re.ASCII)
_SERIAL = re.compile(r"[0-9]{5}([.,]0+)?", re.ASCII)
_DAY = re.compile(r"([0-9]{1,2})([./-])([0-9]{1,2})\2([0-9]{4}|[0-9]{2})( 00:00(:00)?)?", re.ASCII)
_MONTH = re.compile(r"[0-9]{0,2}[-. ]{0,2}[^\W\d_]{3,9}\.?[-. ]{1,2}[0-9]{2,4}|[0-9]{1,2}[-. ]{1,2}[^\W\d_]{3,9}\.?")
_NEEDED = tuple(name for name in OF_CLAIM if name != "claim_condition")


def check(worksheet: Worksheet, schemas: Schemas) -> list[Finding]:
    """What is wrong with single cells of a worksheet, given the Table Schemas of the package.

    Decisions and what names row, source and text are checked in every row, the other cells in rows that are taken.
    """
    sheet = worksheet.claims
    findings = list(_identifiers(sheet))
    for number, row in enumerate(sheet.rows):
        decision = row.get("decision", "")
        if decision and decision not in DECISIONS:
            findings.append(_said(sheet, number, "decision", "decision", *_term(decision, list(DECISIONS), "decision")))
        elif decision in TAKEN:
            findings += _cells(sheet, number, row, schemas)
    return findings


def _identifiers(sheet: Sheet) -> Iterator[Finding]:
    seen: dict[str, int] = {}
    for number, row in enumerate(sheet.rows):
        name, source = row.get("row_id", ""), row.get("source_id", "")
        if not name:
            yield sheet.finding(number, "row_id", "identifier", "row_id is empty", "restore it; every row has its own")
        elif not _ROW.fullmatch(name):
            yield sheet.finding(
                number, "row_id", "identifier", f"row_id {shown(name)} holds a space or a slash", "restore it"
            )
        elif name in seen:
            first = sheet.number(seen[name])
            yield sheet.finding(
                number,
                "row_id",
                "identifier",
                f"row_id {name} stands in row {first} already",
                "restore it, or delete one row",
            )
        seen.setdefault(name, number)
        if not re.fullmatch(spelled("S"), source):
            yield sheet.finding(
                number,
                "source_id",
                "identifier",
                f"source_id {shown(source)} is no identifier of a source",
                "restore it, such as S0006",
            )
        elif name and not name.startswith(f"{source}-"):
            fix = "restore the one that was changed"
            yield sheet.finding(
                number, "source_id", "identifier", f"row_id {shown(name)} is not of source {source}", fix
            )
        given = row.get("text_sha256", "")
        if given and not _HASH.fullmatch(given):
            what = f"text_sha256 {shown(given)} is no hash (64 digits 0-9 a-f)"
            yield sheet.finding(number, "text_sha256", "identifier", what, "restore it, or propose anew")


def _cells(sheet: Sheet, number: int, row: Row, schemas: Schemas) -> Iterator[Finding]:
    if row["decision"] == "merge" and not row.get("merge_into"):
        yield sheet.finding(
            number, "merge_into", "decision", "merge_into is empty", "name a row or a claim, or decide otherwise"
        )
    if row["decision"] != "merge":
        if row.get("merge_into"):
            what = f"merge_into is {shown(row['merge_into'])}, and the decision is {row['decision']}"
            yield sheet.finding(number, "merge_into", "decision", what, "decide merge, or empty it")
        for name in _NEEDED:
            if not row.get(name):
                yield sheet.finding(number, name, "required", f"{name} is empty", "fill it, or decide otherwise")
        either = [("content_span", "content")] if row.get("text_sha256") else []  # no spans where there is no text
        for one, other in [*either, ("proposition_id", "proposition")]:
            if not row.get(one) and not row.get(other):
                yield sheet.finding(number, other, "required", f"{one} and {other} are empty", "fill one of them")
    for name, cell in row.items():
        defined = column(name)
        if not cell or defined is None or name in ("decision", "row_id", "source_id", "text_sha256"):
            continue
        if problem := _problem(defined, cell, schemas):
            yield _said(sheet, number, name, *problem)


def _said(sheet: Sheet, number: int, name: str, rule: str, what: str, fix: str) -> Finding:
    return sheet.finding(number, name, rule, f"{name} {what}", fix)


def _problem(one: Column, cell: str, schemas: Schemas) -> tuple[str, str, str] | None:
    """Rule, what is wrong with a cell, and how to mend it; None where nothing is."""
    if one.kind == "term":
        words = terms(one, schemas)
        return None if cell in words else ("enum", *_term(cell, words, one.name))
    if one.kind == "edtf":
        problem = bounds(cell).problem
        return ("date", *_date(cell, problem)) if problem else None
    if one.kind in ("span", "spans"):
        return _spans(cell)
    if len(one.kind) == 1 and not re.fullmatch(spelled(one.kind), cell, re.ASCII):
        near = f"{one.kind}0001" if one.kind not in "CV" else f"{one.kind}00001"
        return (
            "identifier",
            f"{shown(cell)} is no identifier",
            f"write it as {near}, or as {one.kind}+word for a new one of a companion",
        )
    if one.kind == "number" and not _NUMBER.fullmatch(cell):
        return "number", f"{shown(cell)} is no number from 0 to 1", "write it as 0.83"
    if one.kind == "integer" and not cell.isdecimal():
        return "number", f"{shown(cell)} is no whole number", "restore it"
    return None


def _term(cell: str, words: list[str], name: str) -> tuple[str, str]:
    """What is wrong with a word that is not in a vocabulary, and how to mend it."""
    if cell.casefold() in ("true", "false", "wahr", "falsch", "vrai", "faux"):
        return f"{cell} is a truth value, as a spreadsheet writes it", f"write one of {', '.join(words)}"
    near = nearest(cell, words)
    what = f"{shown(cell)} is no {'decision' if name == 'decision' else 'term of the vocabulary'}"
    return what, f"did you mean {near}?" if near else f"write one of {', '.join(words)}"


def _date(cell: str, problem: str) -> tuple[str, str]:
    if _SERIAL.fullmatch(cell):
        day = dt.date(1899, 12, 30) + dt.timedelta(days=int(cell[:5]))
        return f"{cell} is a day as a spreadsheet counts them", f"write {day.isoformat()}"
    if match := _DAY.fullmatch(cell):
        first, second, year = int(match[1]), int(match[3]), int(match[4]) + (2000 if len(match[4]) == 2 else 0)
        days = [f"{year:04}-{month:02}-{day:02}" for day, month in dict.fromkeys([(first, second), (second, first)])]
        known = [day for day in days if not bounds(day).problem]
        if match[2] == ".":
            known = known[:1]  # only the day stands first where points part
        return (
            f"{shown(cell)} is a date that a spreadsheet has rewritten",
            f"write {' or '.join(known) or '2023-09-05'}",
        )
    if _MONTH.fullmatch(cell):
        return f"{shown(cell)} is a date that a spreadsheet has rewritten", "write it as 2023-09, or 2023-09-05"
    return f"{problem}", "write it as 2023-09-05, 2023-09 or 2023-09-04/2023-09-06"


def _spans(cell: str) -> tuple[str, str, str] | None:
    fix = "restore it as 120-180, or empty it and leave the words, which are then looked for"
    what = _span_fault(cell)
    return ("span", f"{shown(cell)} {what}", fix) if what else None


def _span_fault(cell: str) -> str:
    if _SCIENTIFIC.search(cell):
        return "is in scientific notation, as a spreadsheet writes numbers"
    if not _SPANS.fullmatch(cell):
        if _DAY.fullmatch(cell) or _MONTH.fullmatch(cell) or _SERIAL.fullmatch(cell):
            return "is a date that a spreadsheet has made of a span"
        if re.match(r"-[0-9]", cell):
            return "lacks its first number (a zero, perhaps, that a spreadsheet dropped)"
        return "is no span (two offsets with a hyphen, several spans parted by spaces)"
    for part in cell.split():
        start, end = part.split("-")
        if (start != "0" and start.startswith("0")) or end.startswith("0"):
            return "has offsets with zeros before them"
        if int(start) >= int(end):
            return "ends before it begins"
    return ""
