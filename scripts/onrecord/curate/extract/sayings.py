"""Attributions by a verb: "X said that …", "… , X said, …", "X criticized …", "X plans to …"."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from onrecord.curate.extract.behind import speaks_behind, verb_behind
from onrecord.curate.extract.document import Document, Sentence
from onrecord.curate.extract.drafts import Draft
from onrecord.curate.extract.leading import words_after
from onrecord.curate.extract.lexicon import CueVerb
from onrecord.curate.extract.phrases import subject_before
from onrecord.curate.extract.trailing import SPEECH, as_said, quoted_as, words_before
from onrecord.curate.extract.verbs import VerbGroup, verb_groups

__all__ = ["by_verbs"]


def by_verbs(doc: Document, sentence: Sentence) -> list[Draft]:
    """All attributions of a sentence that rest on a verb, in the order of their cues."""
    groups = [group for group in verb_groups(doc, sentence) if doc.quoted[group.head] < 0]
    found: list[Draft] = []
    taken = sentence.first
    groups = [_speaking(doc, sentence, group) for group in groups]
    for group in groups:
        if chain := quoted_as(doc, sentence, group, taken):
            found += chain
            taken = max(part[1] for draft in chain for part in (*draft.content, draft.cue, draft.source or draft.cue))
            continue
        draft = words_before(doc, sentence, group, taken) or as_said(doc, sentence, group, taken)
        if draft:
            found.append(draft)
            taken = max(draft.content[-1][1], draft.cue[1], draft.source[1] if draft.source else 0)
    found += speaks_behind(doc, sentence, found)
    cues = {at for draft in found for part in (draft.cue, draft.source or draft.cue) for at in range(*part)}
    for part in _parts(sentence, found):
        inside = [group for group in groups if part.first <= group.first and group.last <= part.last]
        local: list[Draft] = []
        for number, group in enumerate(inside):
            if group.cue and group.first not in cues:
                draft = words_after(doc, part, group, inside, number, local or _before(found, group))
                if draft:
                    local.append(draft)
        found += local
    return found


def _speaking(doc: Document, sentence: Sentence, group: VerbGroup) -> VerbGroup:
    """A verb that elsewhere does not attribute, but has somebody's own words beside it: "he gloated: "…" "."""
    if group.form != "finite" or (group.cue and group.cue.sense in SPEECH and group.cue.frames & {"clause", "quote"}):
        return group
    number = doc.quoted[sentence.first]
    if number >= 0 and _says_what_stands_before(doc, sentence, group, doc.quotes[number].closing):
        return replace(group, cue=CueVerb(doc.word(group.head), "say", frozenset({"quote"})))
    at = group.last
    if at + 2 < sentence.last and doc.word(at) in (":", ",") and (number := doc.quoted[at + 1]) >= 0:
        quote = doc.quotes[number]
        if quote.last - quote.first > 3 and (doc.word(at) == ":" or not doc.tokens[quote.first].text[0].islower()):
            return replace(group, cue=CueVerb(doc.word(group.head), "say", frozenset({"quote"})))
    return group


def _says_what_stands_before(doc: Document, sentence: Sentence, group: VerbGroup, closing: int) -> bool:
    """Whether nothing but a source stands between spoken words that end in a mark and the verb: "“…,” he grinned"."""
    if closing >= group.first or doc.word(closing - 1) not in (",", "?", "!"):
        return False
    if (spoken := verb_behind(doc, closing + 1, sentence.last)) and spoken[0] != group.head:
        return False
    source = subject_before(doc, closing + 1, group.first)
    return source is not None and source[0] == closing + 1


def _parts(sentence: Sentence, found: list[Draft]) -> list[Sentence]:
    """The stretches of a sentence in which further cues are looked for: what was attributed, and what lies between."""
    edges = sorted({edge for draft in found for part in draft.content for edge in part})
    places = [sentence.first, *edges, sentence.last]
    return [Sentence(a, b, sentence.paragraph) for a, b in pairwise(places) if b > a]


def _before(found: list[Draft], group: VerbGroup) -> list[Draft]:
    """The attributions whose cue stands before a verb and whose content does not hold it."""
    return [
        draft
        for draft in found
        if draft.cue[0] < group.first and not any(a <= group.first < b for a, b in draft.content)
    ]
