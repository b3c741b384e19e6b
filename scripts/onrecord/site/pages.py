"""Which page stands at which address."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from onrecord import known
from onrecord.cite import FORMATS
from onrecord.site import list_pages, question_pages, record_pages
from onrecord.site.records import PREFIXES
from onrecord.site.shelf import Asked, Found, Shelf, missing

__all__ = ["addresses", "find"]

_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"


def find(shelf: Shelf, path: str, query: Mapping[str, str]) -> Found:
    """What stands at an address, given without slashes around it; a page of status 404 where nothing does."""
    for pattern, handler in _ROUTES:
        match = pattern.fullmatch(path)
        if match:
            return handler(Asked(shelf, match, query))
    return missing(shelf, path)


Handler = Callable[[Asked], Found]
_ROUTES: tuple[tuple[re.Pattern[str], Handler], ...] = tuple(
    (re.compile(pattern, re.ASCII), handler)
    for pattern, handler in (
        (r"", list_pages.home),
        (r"search", list_pages.search),
        (r"guide", list_pages.guide),
        (r"downloads", list_pages.downloads),
        (rf"(?P<kind>{'|'.join(PREFIXES.values())})/(?P<identifier>[A-Z][0-9]{{4,9}})", record_pages.record),
        (r"report/([A-Z][0-9]{4,9})", record_pages.report),
        (r"cite(?:/(?P<identifier>[A-Z][0-9]{4,9}))?/citation\.(?P<ending>txt|bib|ris|csl\.json)", record_pages.cite),
        (r"propositions", list_pages.propositions),
        (r"actors", list_pages.actors),
        (r"sources", list_pages.sources),
        (r"timeline", list_pages.timeline),
        (rf"as-of(?:/(?P<said>said))?(?:/(?P<day>{_DAY})(?:/(?P<other>{_DAY}))?)?", question_pages.as_of),
        (r"questions", question_pages.questions),
        (r"question/([a-z0-9_]+)", question_pages.question),
        (r"origins", question_pages.origins),
        (r"origins/(P[0-9]{4,9})", question_pages.routes),
        (r"forecasts", question_pages.forecasts),
        (r"map", list_pages.places),
        (r"(?:[a-z]+/)?(?P<identifier>[A-Za-z][0-9]{4,9})", record_pages.lead),
    )
)


def addresses(shelf: Shelf) -> list[str]:
    """Every address that plain files are written for: pages, records, citations, and each day that changed something."""
    fixed = [
        "",
        "guide",
        "downloads",
        "propositions",
        "actors",
        "sources",
        "timeline",
        "as-of",
        "origins",
        "forecasts",
        "map",
        "questions",
    ]
    found = [*fixed, *(f"cite/citation.{ending}" for ending in FORMATS)]
    for kind in PREFIXES.values():
        for row in shelf.records.all(f"SELECT {kind}_id AS id FROM {kind}s ORDER BY 1"):
            found += [f"{kind}/{row['id']}", f"report/{row['id']}"]
            found += [f"cite/{row['id']}/citation.{ending}" for ending in FORMATS]
    found += [f"question/{name}" for name in question_pages.ready()]
    found += [f"origins/{row['id']}" for row in shelf.records.all("SELECT proposition_id AS id FROM propositions")]
    found += [
        f"{PREFIXES[r['retired_id'][0]]}/{r['retired_id']}"
        for r in shelf.records.all("SELECT * FROM retired")
        if r["retired_id"][0] in PREFIXES
    ]
    days = sorted({row["day"] for by in known.BASES for row in shelf.records.all(known.DAYS, by=by)})
    found += [f"{stem}/{day}" for stem in ("as-of", "as-of/said") for day in days]
    return found
