"""The words that name a source: the noun at their head, the number, the person's name among them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from onrecord.curate.resolve.lexicons import Head, heads

__all__ = ["HONORIFIC", "UNNAMED", "alike", "head_noun", "named_body", "paper_by", "person_after", "proper", "stripped"]

_LEADING = re.compile(
    r"^(?:(?P<def>the|this|that|these|those|his|her|its|their|both)|(?P<indef>an?|another|one|some|several|many|various|other"
    r"|multiple|unnamed|anonymous|(?P<two>two|three|four|five|six|seven|eight|nine|ten)(?:\s+of(?=\s+(?:the|his|her|its|their|my|our)\b))?))\s+",
    re.IGNORECASE,
)
UNNAMED = re.compile(r"\b(?:unnamed|anonymous|unidentified|undisclosed)\s+", re.IGNORECASE)
_AFTER_HEAD = re.compile(
    r"\s+(?:of|for|in|at|from|with|on|to|who|which|that|familiar|close|briefed|involved|employed|cited|quoted|speaking|interviewed|based|and)\b",
    re.IGNORECASE,
)
_BODY_AND_NAME = 3
_PAPER_BY = re.compile(
    r"(?:the |an? |its |their |his |her )?(?:[\w-]+ ){0,4}?(?:memo|report|letter|study|survey|analysis|review|poll|audit|assessment"
    r"|investigation|inquiry|paper|document|statement|communiqué)s? (?:(?:released|published|issued|written|compiled|prepared|produced"
    r"|conducted)(?: [\w ]+?)? )?(?:by|(?<=statement )from|(?<=communiqué )from) (?P<who>\w.+)",
    re.IGNORECASE | re.DOTALL,
)
_PLACE_OF_BODY = re.compile(r" (?:in|at|near) .*", re.DOTALL)
HONORIFIC = re.compile(
    r"\b(?:Mr|Mrs|Ms|Dr|Gen|Brig|Lt|Col|Maj|Adm|Capt|Sgt|Sen|Rep|Gov|Prof|Sir|Lord|Lady|President|Prime Minister|Premier"
    r"|Chancellor|King|Queen|Prince|Princess|General|Admiral|Colonel|Senator|Minister|Secretary|Ambassador|Pope)\b\.?"
)
_NAME = re.compile(r"[A-Z][\w’'-]*(?:\.(?=\s))?(?:\s+(?:(?:de|del|van|von|der|al|bin|el|di|la)\s+)*[A-Z][\w’'-]*\.?)*")
_LIKE = (
    {"spokesman", "spokeswoman", "spokesperson"},
    {"ambassador", "envoy", "diplomat"},
    {"minister", "secretary"},
    {"leader", "president", "chairman", "premier", "ruler", "strongman", "chancellor"},
    {"general", "commander", "officer"},
    {"adviser", "advisor", "aide"},
    {"analyst", "expert", "researcher", "professor", "scholar", "academic", "head"},
)


_PAPER_OF = re.compile(
    r"(?:[Tt]he|[Aa]n?) (?:new |recent |latest )?(?P<who>[A-Z][\w&/’'-]*(?: [A-Z&][\w&/’'-]*)*) (?:analysis|study|poll|survey|audit|estimates|report|dispatch"
    r"|figures|data)",
)


_STATEMENT_OF = re.compile(
    r"(?:(?P<the>[Tt]he|[Aa]n?) )?(?P<who>(?:\w[\w’'-]* ){0,4}?\w[\w-]*)(?:['’]s?)? (?:own )?(?:statement|communiqué|press release)"
)


def stripped(words: str) -> tuple[str, bool, int | None]:
    """Words without leading articles and numbers, whether they are definite, and the number."""
    definite, size = False, None
    while match := _LEADING.match(words):
        definite = definite or match["def"] is not None
        if match["two"]:
            size = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten").index(
                match["two"].lower()
            ) + 2
        words = words[match.end() :]
    return words, definite, size


def _last_noun(words: str) -> tuple[Head, str] | None:
    parts = words.replace("-", " ").split()
    for length in (4, 3, 2, 1):
        key = re.sub(r"['’]s$", "", " ".join(parts[-length:])).lower()
        if len(parts) >= length and key in heads():
            return heads()[key], UNNAMED.sub("", " ".join([*parts[:-length], ""])).strip()
    return None


def head_noun(bare: str) -> tuple[Head | None, str]:
    """The noun that can be a source at the end of words (before "of", "who", …), and what stands before it."""
    match = _AFTER_HEAD.search(bare)
    begun = bare[: match.start()] if match and re.search(r"[a-z]", bare[: match.start()]) else ""
    ended = _last_noun(bare)
    if begun and (found := _last_noun(begun)) and not (found[0].what == "body" and ended and ended[0].what == "people"):
        return found  # "officials at the ministry", but not "Ministry of Fisheries spokeswoman"
    if ended:
        return ended
    words = bare.split()
    for at, word in enumerate(words[:-1]):
        if word.lower() in heads() and words[at + 1][:1].isupper() and words[at + 1].lower() not in heads():
            return heads()[word.lower()], " ".join(words[:at])
    return None, bare


def named_body(bare: str, noun: Head) -> bool:
    """Whether a body or outlet is named: by capital letters, other than those of where it is ("the opposition in Oslo")."""
    told = _PLACE_OF_BODY.sub("", bare)
    if noun.plural and re.fullmatch(r"[A-Z]?[^A-Z]*|[a-z].*", told):  # "Patients' groups", "liberal Latino groups"
        return False
    return noun.what in ("body", "outlet") and re.search(r"\b[A-Z]", told) is not None


def proper(words: str) -> str:
    """The first name of capital letters in words, without titles."""
    cleaned = HONORIFIC.sub("", words).strip(" .,")
    match = _NAME.search(cleaned)
    return match[0].strip(" .,") if match else ""


def person_after(bare: str) -> str:
    """The name that follows a post: "Foreign Ministry spokeswoman Maria Zakharova"."""
    words = bare.split()
    for at in range(len(words) - 2, -1, -1):
        if at and words[at - 1] in ("of", "for", "and"):  # "Director of Government Affairs Ann Lee"
            continue
        rest = words[at + 1 :]
        title = words[at].lower().rpartition("-")[2]  # "Secretary-Treasurer"
        if title in heads() and rest[0] in ("of", "for") and len(rest) > _BODY_AND_NAME and _capital(rest[1:]):
            return proper(" ".join(rest[-3 if len(rest[-2].strip(".")) == 1 else -2 :]))
        if title in heads() and 1 <= len(rest) <= 5 and _capital(rest):
            return proper(" ".join(rest))
    return ""


def _capital(words: Iterable[str]) -> bool:
    return all(word[:1].isupper() or word in ("and", "&") for word in words)


def paper_by(words: str) -> re.Match[str] | None:
    """Whose paper words name, as the group ``who``: "a report issued by the Harbour Institute", "the Harbour Institute study"."""
    if found := _PAPER_BY.match(words) or _PAPER_OF.fullmatch(words):
        return found
    stated = _STATEMENT_OF.fullmatch(words)
    last = re.sub(r"['’]s?$", "", stated["who"].split()[-1]) if stated else ""
    return stated if last.lower() in heads() or (last[:1].isupper() and last not in ("The", "A", "An")) else None


def alike(noun: str, words: Iterable[str]) -> bool:
    """Whether a noun for a post is among words, or one that means nearly the same is."""
    last = noun.split()[-1]
    group = next((group for group in _LIKE if last in group), {last})
    return bool(group & set(words))
