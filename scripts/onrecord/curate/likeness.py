"""Which known texts a text is like: how much of it stands in them too, and the longest passage they share."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher

__all__ = ["REPUBLISHED", "Likeness", "alike"]

SHINGLE = 5
"""Words of a shingle: long enough that two texts share few by chance (Broder, On the resemblance of documents, 1997)."""
LEAST = 0.1
"""The least overlap that is told."""
REPUBLISHED = 0.8
"""From this overlap on a text is taken for a republication, whole or nearly so."""
_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Likeness:
    """How like a known text is: shares from 0 to 1 of the shingles of the one that stand in the other.

    ``of_new`` is the share of the new text, ``of_known`` that of the known one. ``longest`` counts the words
    of the longest passage that stands in both, word by word, and ``passage`` is its beginning in the new text.
    """

    key: str
    of_new: float
    of_known: float
    longest: int
    passage: str

    @property
    def overlap(self) -> float:
        """The greater share: an excerpt is like the whole."""
        return max(self.of_new, self.of_known)


def alike(text: str, known: Mapping[str, str], least: float = LEAST) -> list[Likeness]:
    """The known texts (by key) that overlap with a text by ``least`` or more, the most like first.

    Exact containment of word shingles, case, spacing and punctuation aside: no sketches, since some thousands
    of texts are compared in seconds. A text of fewer words than a shingle is like nothing.
    """
    words = _words(text)
    shingles = _shingles(words)
    mine = set(shingles)
    found = []
    for key, other in known.items():
        theirs = _shingles(_words(other))
        if not mine or not theirs:
            continue
        shared = mine.intersection(theirs)
        if len(shared) < least * min(len(mine), len(theirs)):
            continue
        there = set(theirs)
        of_new, of_known = len(shared) / len(mine), len(shared) / len(there)
        if max(of_new, of_known) >= least:
            # filler that repeats is junk to the matcher, which would take quadratic time over it otherwise
            match = SequenceMatcher(None, shingles, theirs).find_longest_match()
            size = match.size + SHINGLE - 1 if match.size else 0
            found.append(Likeness(key, of_new, of_known, size, " ".join(words[match.a : match.a + min(size, 12)])))
    return sorted(found, key=lambda one: (-one.overlap, one.key))


def _words(text: str) -> list[str]:
    return _WORD.findall(unicodedata.normalize("NFKC", text).casefold())


def _shingles(words: list[str]) -> list[int]:
    """Hashes of each run of words."""
    return [hash(run) for run in zip(*(words[i:] for i in range(SHINGLE)), strict=False)]
