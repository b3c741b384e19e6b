"""Which actor a name means: by displayed names and by aliases that name one actor, never by weak ones."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from onrecord.evidence import normalize

__all__ = ["Credited", "Names", "credited", "host"]

_LIKE = 88.0
_PREFIXES = ("www.", "m.", "amp.", "mobile.", "edition.")
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


@dataclass
class Names:
    """Actors by their names; ``add`` takes in new ones as they are minted."""

    known: dict[str, str] = field(default_factory=dict)
    shown: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, actors: Iterable[Mapping[str, str]], names: Iterable[Mapping[str, str]]) -> Names:
        """The names of the tables actors and actor_names."""
        found = cls()
        for row in names:
            if row["name_kind"] != "weak_alias":
                found.known[_folded(row["alternative_name"])] = row["actor_id"]
        for row in actors:
            found.add(row["actor_id"], row["actor_name"])
        return found

    def add(self, actor_id: str, name: str) -> None:
        """Take in an actor's displayed name."""
        self.known[_folded(name)] = actor_id
        self.shown[actor_id] = name

    def find(self, name: str) -> str:
        """The actor that a name means, empty where none does; "the" and the case of letters are nothing."""
        return self.known.get(_folded(name), "")

    def like(self, name: str) -> str:
        """The actor whose name is nearly this one, empty where none is (RapidFuzz's ratio, 88 of 100)."""
        from rapidfuzz import fuzz, process

        found = process.extractOne(_folded(name)[:200], list(self.known), scorer=fuzz.ratio, score_cutoff=_LIKE)
        return self.known[found[0]] if found else ""


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


def _named(text: str, role: str) -> Iterable[Credited]:
    for part in re.split(r"\s*(?:[/,;|]|\band\b|&)\s*", text):
        name = re.sub(r"\s+Photos?$", "", part.strip(" .()"))
        if not name or name.casefold() in _NOBODY or not any(c.isalpha() for c in name):
            continue
        body = name.startswith("The ") or _BODY.search(name) or _ACRONYM.fullmatch(name)
        yield Credited(name, role, "media_outlet" if body else "person" if _PERSON.fullmatch(name) else "")


def host(url: str) -> str:
    """The host of an address, without the prefix of its editions; empty where it has none."""
    try:
        found = (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""
    for prefix in _PREFIXES:
        found = found.removeprefix(prefix)
    return found


def _folded(name: str) -> str:
    return normalize(name).casefold().removeprefix("the ").strip()
