"""Which actor a name means: by displayed names and by aliases that name one actor, never by weak ones."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import lru_cache

from onrecord.evidence import normalize

__all__ = ["Names", "fold"]

_LIKE = 88.0
_WORD = re.compile(r"[^\W_]+")
_POSSESSIVE = re.compile(r"['’]s\W*$")


class Names:
    """Actors by their names, displayed ones before aliases; ``add`` takes in new ones as they are minted."""

    def __init__(self, actors: Iterable[Mapping[str, str]], names: Iterable[Mapping[str, str]]) -> None:
        """Of the rows of the tables actors and actor_names."""
        self.shown: dict[str, str] = {}
        self._known: dict[str, str] = {}
        self._called: defaultdict[str, set[str]] = defaultdict(set)
        for row in actors:
            self.add(row["actor_id"], row["actor_name"])
        for row in names:
            name = fold(row["alternative_name"])
            self._called[row["actor_id"]].add(name)
            if row["name_kind"] != "weak_alias":
                self._known.setdefault(name, row["actor_id"])

    def add(self, actor_id: str, name: str) -> None:
        """Take in an actor's displayed name."""
        self.shown[actor_id] = name
        self._called[actor_id].add(fold(name))
        self._known.setdefault(fold(name), actor_id)

    def find(self, name: str) -> str:
        """The actor that a name means, empty where none does."""
        return self._known.get(fold(name), "")

    def like(self, name: str) -> str:
        """The actor whose name is nearly this one, empty where none is (RapidFuzz's ratio, 88 of 100)."""
        from rapidfuzz import fuzz, process

        found = process.extractOne(fold(name)[:200], list(self._known), scorer=fuzz.ratio, score_cutoff=_LIKE)
        return self._known[found[0]] if found else ""

    def is_called(self, actor_id: str, name: str) -> bool:
        """Whether an actor has this name, be it a weak alias."""
        return fold(name) in self._called[actor_id]

    def strong(self, actor_id: str) -> set[str]:
        """The names, folded, by which an actor is known without doubt."""
        return {name for name in self._called[actor_id] if self._known.get(name) == actor_id}


@lru_cache(maxsize=2**14)
def fold(name: str) -> str:
    """A name, or a sentence, as it is compared: case, punctuation, spacing, a leading "the" and a final possessive aside.

    What has neither letter nor digit is compared as it is.
    """
    plain = normalize(name).casefold()
    words = _WORD.findall(_POSSESSIVE.sub("", plain))
    return " ".join(words[1:] if words[:1] == ["the"] else words) if words else plain
