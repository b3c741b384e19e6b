"""A text as words and marks with their places, paragraphs and sentences."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass

from onrecord.curate.extract.lexicon import cue_verbs, function_words, verb_forms

__all__ = ["CLOSERS", "OPENERS", "Token", "paragraphs", "sentence_ends", "tokenize"]

_TOKEN = re.compile(
    r"""
    https?://\S+
  | \d+(?:[.,:/]\d+)*(?:st|nd|rd|th|s|%)?
  | (?:[A-Za-z]\.){2,}
  | [^\W\d_]+(?:n['’]t)\b
  | [^\W_]+(?:[-&/‑][^\W_]+|['’](?!(?:s|re|ll|ve|d|m)\b)[^\W\d_]+)*
  | ['’](?:s|re|ll|ve|d|m)\b
  | ''|``|--+|\.\.\.+
  | \S
    """,
    re.VERBOSE | re.IGNORECASE,
)
OPENERS = frozenset("([“‘«„") | {"``"}
CLOSERS = frozenset(")]”’»\"'") | {"''"}
_ACRONYM = re.compile(r"(?:[A-Za-z]\.){2,}")
_QUOTATION_MARKS = frozenset({'"', "“", "''", "``", "„", "«"})
_OPENING = ("pronoun", "determiner", "possessive", "subordinator", "conjunction")
_LONGEST_SENTENCE = 300
_WRAPPED = range(50, 101)


@dataclass(frozen=True, slots=True)
class Token:
    """A word or mark, in the text and in small letters with straight apostrophes, and where it stands."""

    text: str
    lower: str
    start: int
    end: int


def tokenize(text: str) -> list[Token]:
    """All words and marks in order; a possessive or contracted ending ('s, 're) is one of its own."""
    return [Token(m[0], m[0].lower().replace("’", "'"), m.start(), m.end()) for m in _TOKEN.finditer(text)]


def paragraphs(text: str) -> list[tuple[int, int]]:
    """Where paragraphs begin and end: at empty lines, and at line ends unless the text is wrapped or runs on."""
    lines = [(m.start(), m.end()) for m in re.finditer(r"[^\n\r\v\f\x85\u2028\u2029]+", text)]
    inner = [b - a for (a, b), (c, _) in itertools.pairwise(lines) if text[b:c] in ("\n", "\r\n")]
    wrapped = len(inner) > 4 and sum(length in _WRAPPED for length in inner) > 0.8 * len(inner)
    found: list[tuple[int, int]] = []
    for start, end in lines:
        if not text[start:end].strip():
            continue
        joins = found and text[found[-1][1] : start] in ("\n", "\r\n")
        if joins and (wrapped or text[start : start + 1].islower()):
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return found


def sentence_ends(tokens: list[Token], first: int, last: int, quoted: list[int]) -> list[int]:
    """Where the sentences of the tokens from ``first`` up to ``last`` end, as indexes after their last token.

    ``quoted`` holds, per token, the number of the quotation that it stands in, or -1; within a quotation no
    sentence ends.
    """
    ends: list[int] = []
    at = begin = first
    while at < last:
        text = tokens[at].text
        if text in (".", "!", "?", "...") or text.startswith("....") or _ACRONYM.fullmatch(text):
            after = at + 1
            while after < last and tokens[after].text in CLOSERS and tokens[after].start == tokens[after - 1].end:
                after += 1
            inside = quoted[at] >= 0 and after < last and quoted[after] == quoted[at]
            if not inside and _ends(tokens, at, after, last):
                ends.append(after)
                at = begin = after
                continue
        at += 1
        if at - begin >= _LONGEST_SENTENCE:
            ends.append(at)
            begin = at
    if not ends or ends[-1] != last:
        ends.append(last)
    return ends


def _ends(tokens: list[Token], at: int, after: int, last: int) -> bool:
    """Whether the mark at ``at`` closes a sentence, the next word being at ``after``."""
    if after >= last:
        return True
    following = tokens[after]
    if following.text[:1].islower() or following.start == tokens[after - 1].end:
        return False
    verb = _verb_of_speaker(tokens, after, last) if after > at + 1 else None
    if verb and (tokens[at].text in ("!", "?") or tokens[min(verb + 1, last - 1)].text in (".", ",")):
        return False
    if _ACRONYM.fullmatch(tokens[at].text):
        return after > at + 1 or _begins_anew(tokens, after, last)
    if tokens[at].text != "." or after > at + 1:
        return True
    before = tokens[at - 1]
    if before.end != tokens[at].start:
        return True
    if len(before.text) == 1 and before.text.isupper() and before.text != "I":
        return before.text == "X" and tokens[at - 2].lower == "on"  # "wrote on X. He"
    if before.lower not in function_words("abbreviation"):
        return True
    return before.lower not in function_words("title") and _begins_anew(tokens, after, last)


def _begins_anew(tokens: list[Token], at: int, last: int) -> bool:
    """Whether a sentence begins at ``at`` even behind an abbreviation: with "He", "The" or a quotation."""
    word = tokens[at]
    if word.text in _QUOTATION_MARKS:
        return at + 1 < last and tokens[at + 1].start == word.end and tokens[at + 1].text[:1].isupper()
    return word.text[:1].isupper() and any(word.lower in function_words(kind) for kind in _OPENING)


def _verb_of_speaker(tokens: list[Token], at: int, last: int) -> int | None:
    """Where the verb of saying stands if a name or pronoun and it follow: "Why?" | Trump said."""
    if tokens[at].lower in ("according", "as", "in", "on", "for", "but", "when", "after", "while"):
        return None
    for place in range(at, min(at + 6, last)):
        token = tokens[place]
        if token.text in (".", "!", "?", ",") and tokens[place - 1].lower not in function_words("abbreviation"):
            return None
        verbs = [cue_verbs()[form.verb] for form in verb_forms().get(token.lower, ()) if form.verb in cue_verbs()]
        if any(verb.sense in ("say", "ask") for verb in verbs):
            return place if place > at else None
    return None
