"""Names of actors in a text: where each is mentioned, by full name, alias, short name or capital."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from onrecord.curate.naming import fold
from onrecord.curate.resolve.background import Background
from onrecord.curate.resolve.lexicons import adjectives, capitals, states
from onrecord.curate.spans import Span

__all__ = ["Mention", "Names", "country_of", "short_names", "support", "words_of"]

_WORD = re.compile(r"[^\W_]+", re.UNICODE)
_SURNAME_FIRST = frozenset({"PRK", "KOR", "CHN", "TWN", "VNM", "KHM"})
_PARTICLES = frozenset({"de", "del", "der", "den", "di", "da", "van", "von", "al", "el", "bin", "ben", "la", "le"})
# Given names after a surname that stands first.
_GIVEN = re.compile(
    r" (?:[A-Z][a-z]{1,5}[- ](?!On\b|In\b|At\b|To\b|The\b|And\b)[A-Za-z][a-z]{1,5}|[A-Z][a-z]{2,5}[aeiou][a-z]{1,4})\b(?=[,.]| [a-z(]|$)"
)
_JOINING = frozenset({"the", "of", "s", "in", "for", "and", "its", "affairs"})
_SPELT = {"defense": "defence", "department": "ministry"}
_STRONG = frozenset({"name", "alias", "state"})


@dataclass(frozen=True, order=True)
class Mention:
    """An actor mentioned at a place of the text: ``how`` is name, alias, weak, short, state or capital."""

    span: Span
    actor_id: str
    how: str

    @property
    def strong(self) -> bool:
        """Whether the words name this actor by themselves."""
        return self.how in _STRONG


def words_of(text: str) -> list[tuple[str, int, int]]:
    """The words of a text, case folded, with their places; full stops, hyphens and apostrophes part words."""
    return [(match[0].casefold(), match.start(), match.end()) for match in _WORD.finditer(text)]


def country_of(words: str) -> str:
    """The country whose name, adjective or capital stands first in words; empty where none does."""
    found = [word for word, _, _ in words_of(words)]
    known = _countries()
    for at in range(len(found)):
        for length in (5, 4, 3, 2, 1):
            country = known.get(" ".join(found[at : at + length]), "") if at + length <= len(found) else ""
            if country and not (length == 1 and found[at] == "us" and "US" not in words):
                return country
    return ""


def _parts(words: str) -> frozenset[str]:
    """What a body's name holds, in whatever order: countries by their code, the rest without what only joins."""
    found, at, parts = [word for word, _, _ in words_of(words)], 0, set()
    while at < len(found):
        lengths = (n for n in (3, 2, 1) if " ".join(found[at : at + n]) in _countries())
        length = next(lengths, 0)
        parts.add(_countries()[" ".join(found[at : at + length])] if length else _SPELT.get(found[at], found[at]))
        at += length or 1
    return frozenset(parts - _JOINING - ({"national"} if "ministry" in parts else set()))


@cache
def _countries() -> dict[str, str]:
    return {fold(word): country for word, country in adjectives().items()}


def short_names(name: str, country: str) -> list[str]:
    """What a person is called for short after the full name: the surname, which stands first in some languages."""
    words = name.split()
    if len(words) < 2:
        return []
    start = len(words) - 1
    while start > 1 and words[start - 1].lower() in _PARTICLES:
        start -= 1
    last = " ".join(words[start:])
    return [words[0], last] if country in _SURNAME_FIRST and len(words) <= 3 else [last]


class Names:
    """The names that a package knows, by their first word, and what is found of them in a text."""

    def __init__(self, known: Background) -> None:
        self._known = known
        self._index: dict[str, list[tuple[tuple[str, ...], str, str, bool]]] = defaultdict(list)
        for country, actor_id in known.states.items():
            if state := states().get(country):
                for name in (state.name, *state.also):
                    self.add(name, actor_id, "state")
        for capital, country in capitals().items():
            if state_id := known.states.get(country):
                self.add(capital, state_id, "capital")
        for actor_id, actor in known.actors.items():
            if actor["anonymity"] == "named":
                self.add(actor["actor_name"], actor_id, "name")
        self._bodies: dict[frozenset[str], set[str]] = defaultdict(set)
        for actor_id, actor in known.actors.items():
            if actor["actor_kind"] == "public_body" and country_of(actor["actor_name"]):
                self._bodies[_parts(actor["actor_name"])].add(actor_id)
        kinds = {"weak_alias": "weak"}
        for row in known.tables["actor_names"]:
            self.add(row["alternative_name"], row["actor_id"], kinds.get(row["name_kind"], "alias"))

    def add(self, name: str, actor_id: str, how: str) -> None:
        """Know a name; a short one of capitals alone is found in capitals only."""
        words = tuple(fold(name).split())
        entry = (words, actor_id, how, name.isupper() and len(words) == 1)
        if words and not any(words == other and actor_id == same for other, same, _, _ in self._index[words[0]]):
            self._index[words[0]].append(entry)
            self._index[words[0]].sort(key=lambda one: -len(one[0]))

    def body(self, words: str) -> str:
        """The one body whose name these words are in another order: "Russia's Foreign Ministry"; empty if none."""
        found = self._bodies.get(_parts(words), set())
        return next(iter(found)) if len(found) == 1 else ""

    def exactly(self, words: str) -> list[tuple[str, str]]:
        """The actors whose name these words are, and how it names them."""
        key = tuple(fold(words).split())
        return (
            [
                (actor, how)
                for name, actor, how, upper in self._index.get(key[0], [])
                if name == key
                and not (upper and not words.strip().removeprefix("the ").removeprefix("The ").isupper())
                and not (how == "short" and _abbreviated(words.strip()))
            ]
            if key
            else []
        )

    def find(self, text: str, start: int = 0, end: int | None = None) -> list[Mention]:
        """All mentions in a stretch of a text, the longest name at each place, no two overlapping."""
        words = [(w, a + start, b + start) for w, a, b in words_of(text[start:end])]
        found, at = [], 0
        while at < len(words):
            hit = self._at(text, words, at)
            if hit is None:
                at += 1
                continue
            length, actor_id, how = hit
            start_at, end_at = words[at][1], words[at + length - 1][2]
            end_at += "." in text[start_at:end_at] and text[end_at : end_at + 1] == "."  # the last one of "U.S."
            found.append(Mention(Span(start_at, end_at), actor_id, how))
            at += length
        return found

    def _at(self, text: str, words: list[tuple[str, int, int]], at: int) -> tuple[int, str, str] | None:
        word, start, end = words[at]
        if not (text[start].isupper() or text[start].isdigit()):
            return None
        for name, actor_id, how, upper in self._index.get(word, ()):
            if len(name) > len(words) - at or (upper and not text[start:end].isupper()):
                continue
            if how == "short" and (_GIVEN.match(text, end) or _abbreviated(text[start:end])):
                continue  # another of that surname, as "Kim" in "Kim Tok Hun", or an abbreviation, as "UN"
            if all(words[at + n][0] == part for n, part in enumerate(name)) and _close(text, words, at, len(name)):
                return len(name), actor_id, how
            if _with_initial(text, words, at, name):  # "Vladimir V. Putin"
                return len(name) + 1, actor_id, how
        return None


def _with_initial(text: str, words: list[tuple[str, int, int]], at: int, name: tuple[str, ...]) -> bool:
    """Whether a name of two words or more stands here with an initial behind the first."""
    if len(name) < 2 or len(name) >= len(words) - at or len(words[at + 1][0]) != 1:
        return False
    rest = [word for word, _, _ in words[at + 2 : at + 1 + len(name)]]
    return [words[at][0], *rest] == list(name) and _close(text, words, at, len(name) + 1)


def _abbreviated(word: str) -> bool:
    return len(word) == 2 and word.isupper()


def _close(text: str, words: list[tuple[str, int, int]], at: int, length: int) -> bool:
    """Whether words of a name stand together, with nothing between them but a space, a hyphen, a full stop."""
    gaps = (text[words[at + n][2] : words[at + n + 1][1]] for n in range(length - 1))
    return all(gap.strip(" \u00a0-‑.'’") == "" and len(gap) <= 3 for gap in gaps)


def support(mentions: Iterable[Mention]) -> set[str]:
    """The actors that a text names by a strong name somewhere."""
    return {mention.actor_id for mention in mentions if mention.strong}
