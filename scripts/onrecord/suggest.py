"""What was meant: the nearest of the words that are allowed."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

__all__ = ["nearest"]

_CUTOFF = 70.0


def nearest(word: str, choices: Iterable[str]) -> str:
    """The choice most like a word, empty where none is like it.

    Likeness is RapidFuzz's ratio of matching letters, case, accents and invisible characters aside.
    """
    from rapidfuzz import fuzz, process

    found = process.extractOne(word[:200], list(choices), scorer=fuzz.ratio, processor=_fold, score_cutoff=_CUTOFF)
    return str(found[0]) if found else ""


def _fold(word: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", word).casefold() if c.isalnum())
