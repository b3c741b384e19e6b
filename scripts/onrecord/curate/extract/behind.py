"""Quotations that end in a comma, "?" or "!" and have their verb of saying behind them, however long its source is."""

from __future__ import annotations

from collections.abc import Iterable

from onrecord.curate.extract.clauses import without_marks
from onrecord.curate.extract.document import Document, Sentence
from onrecord.curate.extract.drafts import Draft
from onrecord.curate.extract.grammar import AUXILIARY
from onrecord.curate.extract.lexicon import CueVerb, cue_verbs, verb_forms
from onrecord.curate.extract.quotes import Quote

__all__ = ["last_mark", "speaks_behind", "verb_behind"]

_SENSES = frozenset({"say", "ask"})
_ENDS = frozenset({"?", "!", ";", ":"})
_MARKS = frozenset({",", "—", "–", "--", "-", "(", ")"})
_NO_SOURCE = frozenset({"preposition", "subordinator", "relative", "ing", "conjunction", "past", "to"})
_SPOKEN_TO = frozenset({",", "?", "!", "…", "..."})
_INNER = frozenset({"'", "’", "”", '"', "''"})
_FAR = 40


def speaks_behind(doc: Document, sentence: Sentence, taken: Iterable[Draft]) -> list[Draft]:
    """ "“…,” said Ann Lee, who leads a group that …", "“…,” one aide said late last month": what ``taken`` left."""
    held = {doc.quoted[at] for draft in taken for first, last in draft.content for at in range(first, last)}
    numbers = dict.fromkeys(doc.quoted[at] for at in range(sentence.first, sentence.last))
    found = []
    for number in numbers:
        if number < 0 or number in held:
            continue
        quote = doc.quotes[number]
        after = quote.closing + 1
        if not quote.closed or quote.opening < sentence.first or last_mark(doc, quote) not in _SPOKEN_TO:
            continue
        if doc.is_title(quote.first, quote.last) or (quote.opening > sentence.first and _leads_in(doc, quote.opening)):
            continue
        spoken = verb_behind(doc, after, sentence.last)
        if spoken is None:
            continue
        at, cue = spoken
        source = without_marks(doc, *(_until_mark(doc, at + 1, sentence.last) if at == after else (after, at)))
        first = at
        while first > after and doc.tags[first - 1] in AUXILIARY | {"adverb", "not"}:
            first -= 1
        source = (source[0], min(source[1], first)) if at > after else source
        if source[0] >= source[1] or doc.tags[source[0]] in _NO_SOURCE:
            continue
        content = [(quote.opening, after), *_goes_on(doc, max(at + 1, source[1]), sentence.last)]
        held |= {doc.quoted[first] for first, _ in content}
        found.append(Draft(content, (first, at + 1), source, f"words, then the verb {cue.verb}"))
    return found


def _leads_in(doc: Document, opening: int) -> bool:
    """Whether a clause of the writer runs on into the quotation, so that it is a phrase of that clause."""
    return doc.word(opening - 1)[:1].isalnum()


def last_mark(doc: Document, quote: Quote) -> str:
    """The last word or mark in a quotation, marks of a quotation within it left out."""
    at = quote.last - 1
    while at > quote.first and doc.word(at) in _INNER:
        at -= 1
    return doc.word(at)


def verb_behind(doc: Document, at: int, last: int) -> tuple[int, CueVerb] | None:
    """The next verb of saying, and where it stands, before the sentence or another quotation goes on.

    A word that may be a noun too ("states", "report") counts if no verb or name follows it.
    """
    for place in range(at, min(last, at + _FAR)):
        if doc.quoted[place] >= 0 or doc.word(place) in _ENDS:
            return None
        cue = next(
            (
                cue_verbs()[form.verb]
                for form in verb_forms().get(doc.word(place), ())
                if form.form in ("past", "third", "base") and form.verb in cue_verbs()
            ),
            None,
        )
        if cue is None or cue.sense not in _SENSES or not cue.frames & {"clause", "quote"}:
            continue
        if place > at and doc.tags[place - 1] in ("relative", "to", "determiner", "preposition"):
            continue
        if doc.tags[place] in ("past", "third") or _stands_as_verb(doc, place, last):
            return place, cue
    return None


def _stands_as_verb(doc: Document, at: int, last: int) -> bool:
    """Whether what follows a word lets it be the verb: a mark, a quotation, or a preposition."""
    return (
        at + 1 >= last
        or doc.word(at + 1) in _ENDS | _MARKS | {"."}
        or doc.quoted[at + 1] >= 0
        or doc.tags[at + 1] in ("preposition", "adverb", "subordinator", "ing")
    )


def _until_mark(doc: Document, at: int, last: int) -> tuple[int, int]:
    """Whom "said …" names: up to the next mark, and on to the end of what is said of them between commas."""
    end = at
    while end < last and doc.word(end) not in _ENDS | {"—", "–", "--"} and doc.quoted[end] < 0:
        if doc.word(end) == "," and doc.tags[end + 1] not in ("determiner", "noun", "number", "relative", "adjective"):
            break
        end += 1
    return at, end


def _goes_on(doc: Document, at: int, last: int) -> list[tuple[int, int]]:
    """The quotation behind a comma with which the same sentence goes on: "…, “but a muted one.”"."""
    for place in range(at, last):
        number = doc.quoted[place]
        if number >= 0:
            return [(place, min(doc.quotes[number].closing + 1, last))] if doc.word(place - 1) == "," else []
    return []
