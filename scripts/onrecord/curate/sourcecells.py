"""What is told of a source on the command line: the options that fill its cells, and what is wrong with these."""

from __future__ import annotations

import re
from collections.abc import Iterator

from onrecord.curate.draft import Draft
from onrecord.curate.tables import Row
from onrecord.dates import bounds
from onrecord.findings import Finding, shown
from onrecord.suggest import nearest

__all__ = ["OPTIONS", "check_cells", "check_term", "fault"]

OPTIONS = {
    "title": "--title", "url": "--url", "archive_url": "--archive-url", "published_edtf": "--published",
    "published_basis": "--published-basis", "retrieved": "--retrieved", "publisher_id": "--publisher",
    "publisher_basis": "--publisher-basis", "source_language": "--language", "genre": "--genre", "access": "--access",
    "republished_from": "--republished-from", "source_notes": "--notes",
}  # fmt: skip
"""The option of each cell of the table sources that can be given."""
_ADDRESS = re.compile(r"https?://[^\s]+")


def fault(name: str, what: str, fix: str) -> Finding:
    """A finding at the option that fills a cell."""
    return Finding(OPTIONS[name], 0, 0, "given", what, fix)


def check_cells(draft: Draft, row: Row) -> Iterator[Finding]:
    """What is wrong with address, dates and origin of a source, before it is in the draft."""
    for name in ("url", "archive_url"):
        if row[name] and not _ADDRESS.fullmatch(row[name]):
            yield fault(name, f"{shown(row[name])} is no address", "write it as https://…")
    yield from _check_dates(row)
    origin = row["republished_from"]
    if origin and (draft.get("sources", origin) is None or origin == row.get("source_id")):
        itself = origin == row.get("source_id")
        what = f"{origin} cannot republish itself" if itself else f"there is no source {shown(origin)}"
        yield fault("republished_from", what, "name the source by its identifier")


def _check_dates(row: Row) -> Iterator[Finding]:
    day, retrieved = bounds(row["published_edtf"]), bounds(row["retrieved"])
    if day.problem:
        yield fault("published_edtf", day.problem, "write the day as 2023-09-05, a month as 2023-09")
    if retrieved.problem or (row["retrieved"] and retrieved.start != row["retrieved"]):
        yield fault("retrieved", f"{shown(row['retrieved'])} is no day", "write it as 2023-09-05")
    elif day.start and retrieved.end and day.start > retrieved.end:
        what = f"published {row['published_edtf']} is after retrieved {row['retrieved']}"
        yield fault("published_edtf", what, "mend one of the two")


def check_term(draft: Draft, name: str, value: str) -> Iterator[Finding]:
    """A finding where a value is no term of the vocabulary of a cell."""
    terms = draft.schemas["sources"].field[name].enum
    if value not in terms:
        near = nearest(value, terms)
        fix = f"did you mean {near}?" if near else f"say {', '.join(terms)}"
        yield fault(name, f"there is no {name} {shown(value)}", fix)
