"""Verb groups: a verb with its auxiliaries, negations and adverbs."""

from __future__ import annotations

from dataclasses import dataclass

from onrecord.curate.extract.document import Document, Sentence
from onrecord.curate.extract.grammar import AUXILIARY
from onrecord.curate.extract.lexicon import CueVerb, cue_verbs, function_words, verb_forms

__all__ = ["VerbGroup", "verb_groups"]

_VERBS = frozenset({"past", "participle", "third", "base", "ing"})
_REFUSING = frozenset({"refuse", "decline"})
_LOOSE = frozenset(
    [
        "though",
        "however",
        "meanwhile",
        "moreover",
        "nonetheless",
        "nevertheless",
        "therefore",
        "thus",
        "instead",
        "indeed",
    ]
)


@dataclass(frozen=True, slots=True)
class VerbGroup:
    """Tokens from ``first`` up to ``last`` around the verb at ``head``; ``cue`` when that verb attributes.

    ``form`` is finite, ing, infinitive or passive; ``bare`` is a participle that may also be an adjective.
    """

    first: int
    head: int
    last: int
    form: str
    cue: CueVerb | None


def verb_groups(doc: Document, sentence: Sentence) -> list[VerbGroup]:
    """The verb groups of a sentence in order."""
    found: list[VerbGroup] = []
    at = sentence.first
    while at < sentence.last:
        if doc.tags[at] not in _VERBS:
            at += 1
            continue
        head = _chain(doc, at, sentence.last)
        floor = found[-1].last if found else sentence.first
        first = _beginning(doc, at, floor)
        end = _past_nor(doc, first, head, sentence.last)
        found.append(VerbGroup(first, head, end, _form(doc, first, at, head), _cue(doc, head)))
        at = end
    return found


def _past_nor(doc: Document, first: int, head: int, last: int) -> int:
    """Where "neither confirm nor deny" ends; behind the head where no second verb follows."""
    two = head + 2 < last and doc.word(head + 1) in ("nor", "or") and doc.tags[head + 2] in _VERBS
    return head + 3 if two and any(doc.word(at) == "neither" for at in range(first, head)) else head + 1


def _chain(doc: Document, at: int, last: int) -> int:
    """The head of "continued to call", "went on to say", "began saying": the last verb of the chain."""
    readings = {form.verb for form in verb_forms().get(doc.word(at), ())}
    if readings & _REFUSING and at + 2 < last and (doc.word(at + 1), doc.word(at + 2)) == ("to", "rule"):
        return at + 2
    if not readings & function_words("catenative"):
        return at
    next_at = at + 1
    while (next_at < last and doc.tags[next_at] == "adverb") or (
        doc.word(next_at) == "on" and doc.word(at)[:2] in ("go", "we")
    ):
        next_at += 1
    if next_at < last and doc.tags[next_at] == "to":
        next_at += 1
        while next_at < last and doc.tags[next_at] == "adverb":
            next_at += 1
        if next_at < last and doc.tags[next_at] == "base" and _cue(doc, next_at):
            return next_at
    elif next_at < last and doc.tags[next_at] == "ing" and _cue(doc, next_at):
        return next_at
    return at


def _beginning(doc: Document, at: int, floor: int) -> int:
    """Where the auxiliaries and adverbs before a verb begin."""
    first = at
    while first > floor:
        tag = doc.tags[first - 1]
        word = doc.word(first - 1)
        if (
            tag in AUXILIARY
            or tag in ("not", "to")
            or (tag == "adverb" and word not in _LOOSE and word not in function_words("time"))
        ):
            first -= 1
        else:
            break
    return first


def _form(doc: Document, first: int, at: int, head: int) -> str:
    before = {doc.tags[place] for place in range(first, at)}
    tag = doc.tags[at]
    if tag in ("past", "participle"):
        told = doc.word(at) == "said" and "be" not in before  # "said by phone"
        if (
            head == at and doc.word(at + 1) == "by" and "have" not in before and not told
        ):  # "a plan first reported by the Post"
            return "passive"
        if "be" in before and head == at:
            return "passive"
        if tag == "participle" and "have" not in before:
            return "passive"
        return "infinitive" if "to" in before and "have" in before else "finite"
    if tag == "ing":
        return "finite" if "be" in before else "ing"
    if tag == "base" and "to" in before and not before & {"modal", "do", "negated"}:
        return "infinitive"
    return "finite"


def _cue(doc: Document, head: int) -> CueVerb | None:
    for form in verb_forms().get(doc.word(head), ()):
        if form.verb in cue_verbs():
            return cue_verbs()[form.verb]
    return None
