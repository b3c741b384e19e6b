"""Names that a text gives in full before it shortens them."""

from __future__ import annotations

import re

from onrecord.curate.extract.grammar import is_titled
from onrecord.curate.extract.lexicon import function_words
from onrecord.curate.extract.tokens import tokenize
from onrecord.curate.resolve.nouns import proper

__all__ = ["full_name", "in_headline"]

_BEFORE_NAMES = frozenset(
    {"former", "ex", "late", "then", "veteran", "ousted", "disgraced", "new", "old", "rival", "fellow"}
)
_FUNCTION = function_words("preposition") | function_words("determiner") | function_words("subordinator")


def in_headline(text: str, at: int) -> bool:
    """Whether nearly all long words of the line around a place begin with a capital, as in a headline."""
    end = text.find("\n", at)
    line = text[text.rfind("\n", 0, at) + 1 : end if end >= 0 else len(text)]
    words = tokenize(line)
    return is_titled(words, 0, len(words))


def full_name(text: str, surname: str, at: int) -> str:
    """The full name, earlier in the text, of somebody whom words call by the surname."""
    surname = re.sub(r"['’]s$", "", surname)
    found = re.findall(rf"\b[A-Z][\w’'-]+ (?:[A-Z]\. )?{re.escape(surname)}\b(?! [A-Z]|-)", text[:at])
    names = [
        proper(one)
        for one in found
        if one.split()[0].lower() not in _BEFORE_NAMES | _FUNCTION and not one.split()[0].endswith(("'s", "’s"))
    ]
    return next((one for one in names if " " in one), "")
