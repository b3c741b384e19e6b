"""How a new proposition is worded from the words of a claim: positively, names in full, free of hedges and of who speaks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import zip_longest

from onrecord.curate.resolve.names import Mention
from onrecord.curate.resolve.persons import Voice, in_third_person
from onrecord.curate.resolve.sentences import after_dateline
from onrecord.curate.resolve.verbs import has_verb
from onrecord.curate.spans import Span

__all__ = ["worded"]

_PLAIN = (
    (re.compile(r"\[([^\]]*)\]"), r"\1"),
    (re.compile(r"[“”\"]"), ""),
    (re.compile(r"\s+"), " "),
)
_MASS = r"(?:evidence|information|confirmation|progress|contact|proof|comment|aid|damage|word|communication|[a-z]+s)"
_POSITIVE = (
    (re.compile(r"^no one\b|^nobody\b|^none of them\b", re.IGNORECASE), "Somebody"),
    (re.compile(r"^nothing\b", re.IGNORECASE), "Something"),
    (re.compile(r"^(?:none|neither) of\b", re.IGNORECASE), "Some of"),
    (re.compile(rf"^no (?={_MASS}\b)", re.IGNORECASE), ""),
    (re.compile(r"^no (?=[aeiou])", re.IGNORECASE), "An "),
    (re.compile(r"^no (?=[a-z])", re.IGNORECASE), "A "),
    (
        re.compile(
            r"\b(do|does|did|is|are|was|were|has|have|had|would|could|should|may|might|must|will|can)(?: not\b|n[’']t\b)",
            re.IGNORECASE,
        ),
        r"\1",
    ),
    (re.compile(r"\bwon[’']t\b", re.IGNORECASE), "will"),
    (re.compile(r"\b(?:can[’']t|cannot)\b", re.IGNORECASE), "can"),
    (re.compile(r"\b(has|have|had) never\b", re.IGNORECASE), r"\1"),
    (re.compile(r"\bno longer ", re.IGNORECASE), ""),
    (re.compile(r"\b(have|has|had|are|is|were|was) no\b", re.IGNORECASE), r"\1"),
    (re.compile(r"\bunlikely to\b", re.IGNORECASE), "likely to"),
)
_UNHEDGED = (
    (
        re.compile(
            r"\b(?:is|are|was|were) (?:\w+ly |also )?(?:likely|expected|anticipated|set|due|slated|poised|scheduled) to\b",
            re.IGNORECASE,
        ),
        "will",
    ),
    (re.compile(r"\b(?:will|would) (?:likely|probably)\b", re.IGNORECASE), "will"),
    (re.compile(r"\b(?:could|may|might|would)\b(?! have)", re.IGNORECASE), "will"),
    (
        re.compile(r"\b(?:likely|probably|possibly|perhaps|reportedly|allegedly|seemingly|apparently) ", re.IGNORECASE),
        "",
    ),
    (re.compile(r"\b(?:appears?|seems?) to\b", re.IGNORECASE), ""),
)

_FACT = re.compile(
    r"^(?:(?:[\w’']+ ){0,6}?the fact that |What (?:I|we) (?:will|would|can) (?:say|tell you)(?: \w+){0,3}? is(?: that)? )"
)
_OF_DOING = re.compile(r"(?P<who>[^,;]{2,60}?) of (?P<verb>\w{2,}ing)\b")
_ABBREVIATED = re.compile(r"(?:[A-Z]\.?){2,3}")
_TO_DO = re.compile(r"^to (?=[a-z])", re.IGNORECASE)
_WITH_ARTICLE = re.compile(
    r"(?:Kremlin|White House|Pentagon|United|European Union|.*\b(?:Ministry|Council|Court|Office|Service)\b)"
)


def worded(
    text: str,
    spans: Sequence[Span],
    mentions: Sequence[Mention],
    names: dict[str, str],
    *,
    denied: bool,
    future: bool,
    voice: Voice | None = None,
    quoted: bool = False,
    question: bool = False,
    promised: bool = False,
) -> str:
    """A first wording of a new proposition, for a curator to reword.

    Names stand in full, negation and hedge are taken off, and where a ``voice`` is given, its pronouns and its "to do"
    are turned into sentences about it; ``quoted`` says that the words are its own. A ``question`` keeps its first word. What is
    ``promised`` "to" be done will be.
    """
    parts = []
    for span in spans:
        piece, at = "", span.start
        inside = sorted(m for m in mentions if span.start <= m.span.start and m.span.end <= span.end)
        for mention, following in zip_longest(inside, inside[1:]):
            if following and mention.how == "weak" and following.span.start - mention.span.end <= 1:
                continue  # a title before the name
            if mention.how == "capital" and mention.span.start > span.start:
                continue  # a place, more likely than a state
            before, own = text[at : mention.span.start], text[mention.span.start : mention.span.end]
            name = names.get(mention.actor_id, own)
            if _ABBREVIATED.fullmatch(own) and re.match(r" [a-z]", text[mention.span.end : mention.span.end + 2]):
                name = own  # "U.S. officials"
            if name != own and not _WITH_ARTICLE.match(name):
                before = re.sub(r"\bthe $", "", before, flags=re.IGNORECASE)
            piece += before + name
            at = mention.span.end
        parts.append(piece + text[at : span.end])
    said = " ".join(parts)
    said = _FACT.sub("", said[after_dateline(said, Span(0, len(said))) :])
    for pattern, to in (*_PLAIN, *(_POSITIVE if denied else ()), *(_UNHEDGED if future else ())):
        said = pattern.sub(to, said)
    said = re.sub(r"  +", " ", said.strip(" ,;:.…–—"))
    said = said if question else re.sub(r"^(?:that|who|which|where) ", "", said)
    if voice is not None:
        said = in_third_person(said, voice, quoted)
        said = _of_doing(said)
        said = _TO_DO.sub(f"{voice.name} will ", said) if promised else said
    return said[:1].upper() + said[1:]


def _of_doing(said: str) -> str:
    """ "The town of hiding a report", behind "accused": the town is hiding a report."""
    match = _OF_DOING.match(said)
    if match is None or has_verb(match["who"]):
        return said
    several = match["who"].endswith("s") or " and " in match["who"]
    verb = "" if match["verb"] == "being" else f" {match['verb']}"
    return f"{match['who']} {'are' if several else 'is'}{verb}{said[match.end() :]}"
