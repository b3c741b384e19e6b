"""Who is named in a credit line, and as what."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

__all__ = ["Credited", "credited"]

_CREDIT = re.compile(
    r"^(?:Photo(?:graph)?s?|Pictures?|Images?|Credits?|Foto|Source)?\s*(?:by|credit)?\s*[:/–—-]*\s*", re.IGNORECASE
)
_NOBODY = {
    "pool",
    "file",
    "handout",
    "photo",
    "photos",
    "image",
    "images",
    "archive",
    "courtesy",
    "staff",
    "admin",
    "newsroom",
}
_BODY = re.compile(
    r"\b(?:Images|News|Agency|Press|Media|Photos?|Service|TV|Times|Post|Radio|Wire|Pictures|Stock|Network)\b"
)
_PERSON = re.compile(r"[A-ZÀ-Þ][\w’'.-]*(?:\s+(?:[a-z]{1,3}\s+)?[A-ZÀ-Þ][\w’'.-]*){1,3}")
_ACRONYM = re.compile(r"[A-Z]{2,6}")


@dataclass(frozen=True)
class Credited:
    """A name in a credit line: its credit_role, and what kind of actor it seems to be, empty where that is not clear."""

    name: str
    role: str
    kind: str


def credited(line: str) -> list[Credited]:
    """Who is named in a credit line: "(Ann Lee/Coastwire via Harbour Images)", "Coastwire contributed to this report."."""
    text = line.strip(" .()[]\u2026")
    if match := re.match(r"(?P<names>.+?) contributed\b", text, re.IGNORECASE):
        return list(_named(match["names"], "contributor"))
    if match := re.match(r"(?:Additional )?(?:reporting|writing) by (?P<names>[^;]+)", text, re.IGNORECASE):
        return list(_named(match["names"], "contributor"))
    if match := re.match(r"With (?:reporting|files) (?:by|from) (?P<names>.+)", text, re.IGNORECASE):
        return list(_named(match["names"], "contributor"))
    if match := re.match(r"(?:From|.*\b(?:appeared|published|ran) (?:in|on|by|at)) (?P<names>.+)", text, re.IGNORECASE):
        return list(_named(match["names"], "via"))
    if re.match(r"editing by", text, re.IGNORECASE):
        return []
    made, _, passed = _CREDIT.sub("", text).replace("(", "/").replace(")", "/").partition(" via ")
    return [*_named(made, "photo"), *_named(passed, "via")]


def _named(text: str, role: str) -> Iterator[Credited]:
    for part in re.split(r"\s*(?:[/,;|]|\band\b|&)\s*", text):
        name = re.sub(r"\s+Photos?$", "", part.strip(" .()"))
        if not name or name.casefold() in _NOBODY or not any(c.isalpha() for c in name):
            continue
        body = name.startswith("The ") or _BODY.search(name) or _ACRONYM.fullmatch(name)
        yield Credited(name, role, "media_outlet" if body else "person" if _PERSON.fullmatch(name) else "")
