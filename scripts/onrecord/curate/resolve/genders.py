"""Whether a text calls somebody "he" or "she"."""

from __future__ import annotations

import re

__all__ = ["called_in", "gender_of", "pronoun_gender"]

_GENDERS = {"he": "he", "his": "he", "him": "he", "himself": "he", "she": "she", "her": "she", "herself": "she"}
_SHE = re.compile(
    r"\b(?:Ms|Mrs|Miss|Queen|Princess|Lady|(?:[Ss]pokes|[Cc]hair|[Bb]usiness|[Cc]ongress|[Nn]oble)woman|[Mm]other|[Ww]idow|[Ss]ister"
    r"|[Dd]aughter|[Ww]ife|[Aa]ctress)\b"
)
_HE = re.compile(
    r"\b(?:Mr|Sir|King|Prince|Lord|(?:[Ss]pokes|[Cc]hair|[Bb]usiness|[Cc]ongress|[Ff]isher)man|[Ff]ather|[Bb]rother|[Ss]on|[Hh]usband)\b"
)
_DAYS = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"


def pronoun_gender(pronoun: str) -> str:
    """ "he" or "she" for a pronoun that tells; empty for one that does not."""
    return _GENDERS.get(pronoun.lower(), "")


def gender_of(words: str) -> str:
    """ "he" or "she", where words for somebody are a pronoun or hold a title that tells; empty where none does."""
    return pronoun_gender(words) or ("she" if _SHE.search(words) else "he" if _HE.search(words) else "")


def called_in(text: str, surname: str) -> str:
    """ "he" or "she", where the sentences of a text that name somebody go on so with no other name between; else empty."""
    own = rf"\b{re.escape(surname)}\b(?!['’]s)(?:[^.!?\n“”\"A-Z]|{_DAYS})*?\b(he|his|him|himself|she|her|herself)\b"
    found = {pronoun_gender(match[1]) for match in re.finditer(own, text)}
    return found.pop() if len(found) == 1 else ""
