"""Forms of English verbs, as far as proposals need them: whether words make a sentence, and what follows a name."""

from __future__ import annotations

import re
from functools import cache

from onrecord.curate.resolve.lexicons import rows

__all__ = ["has_verb", "third_person"]

_AUXILIARY = frozenset(
    {"is", "are", "was", "were", "be", "been", "am", "has", "have", "had", "do", "does", "did", "will", "would", "shall", "should"}
    | {"can", "could", "may", "might", "must", "cannot"}
)  # fmt: skip
_BEFORE_BASE = frozenset({"to", "not", "i", "we", "they", "you", "people", "who"}) | _AUXILIARY
_TAKES_OBJECT = re.compile(r"\b[a-z]{2,}[^\Ws]s (?:to |with |on |for )?(?:the|an?|its|his|her|their|that|no)\b")
_WORD = re.compile(r"[a-z]+(?:[’'][a-z]+)?")


def has_verb(words: str) -> bool:
    """Whether words hold a verb, and so can be a sentence; a form that can be a noun too counts as one."""
    if _TAKES_OBJECT.search(words):
        return True
    found = _WORD.findall(words.lower())
    past, third = _pasts(), _thirds()
    for before, word in zip(["", *found], found, strict=False):
        if word in _AUXILIARY or word in past or word in third or "n't" in word or "n’t" in word:
            return True
        if re.search(r"[’'](?:re|m|ve|ll)$", word):
            return True
        if word.endswith("ed") and len(word) > 4:
            return True
        if word in _bases() and (before in _BEFORE_BASE or before.endswith("s")):
            return True
    return False


def third_person(verb: str) -> str:
    """A verb after "I" or "we" as it stands after a name; what is no base form stays."""
    return _bases().get(verb, verb)


@cache
def _bases() -> dict[str, str]:
    """Base forms of verbs and the third person singular of each; none that is also a past."""
    irregular = {row["verb"]: row for row in rows("irregular_forms")}
    found = {}
    for verb in {row["verb"] for name in ("common_verbs", "cue_verbs", "irregular_forms") for row in rows(name)}:
        if verb in irregular:
            if irregular[verb]["past"] != verb:
                found[verb] = irregular[verb]["third"]
        elif re.search(r"(?:s|x|z|ch|sh|o)$", verb):
            found[verb] = f"{verb}es"
        else:
            found[verb] = f"{verb[:-1]}ies" if re.search(r"[^aeiou]y$", verb) else f"{verb}s"
    return found


@cache
def _thirds() -> frozenset[str]:
    return frozenset(_bases().values()) | frozenset(row["third"] for row in rows("irregular_forms"))


@cache
def _pasts() -> frozenset[str]:
    return frozenset(row["past"] for row in rows("irregular_forms"))
