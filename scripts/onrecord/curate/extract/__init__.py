"""Attributions in a plain English text: who is said to have said what, by rules and word lists alone."""

from __future__ import annotations

from collections.abc import Sequence

from onrecord.curate.extract.assemble import assemble
from onrecord.curate.extract.document import Document, Range, Sentence, prepare
from onrecord.curate.extract.drafts import Draft
from onrecord.curate.extract.headlines import by_headline
from onrecord.curate.extract.quotations import continued, introduced, signed
from onrecord.curate.extract.sayings import by_verbs
from onrecord.curate.extract.silences import by_silence
from onrecord.curate.extract.sources import by_adjectives, by_colon, by_hearsay, by_nouns, by_phrases
from onrecord.curate.extract.speech import guessed, turns, within
from onrecord.curate.spans import Attribution

__all__ = ["Range", "extract"]


def extract(text: str, ranges: Sequence[Range] = ()) -> list[Attribution]:
    """The attributions in a text, ordered by the first character of their content.

    ``ranges`` says which stretches are headline, caption, boilerplate and so on; boilerplate, credits and bylines
    are passed over. Content leaves out "that", quotation marks and closing punctuation.
    """
    doc = prepare(text, ranges)
    drafts = [_of_sentence(doc, sentence) for sentence in doc.sentences]
    signed(doc, drafts)
    introduced(doc, drafts)
    continued(doc, drafts)
    turns(doc, drafts)
    guessed(doc, drafts)
    found = [draft for own in drafts for draft in own]
    return assemble(doc, found + within(doc, found))


def _of_sentence(doc: Document, sentence: Sentence) -> list[Draft]:
    """What the rules find in one sentence; the part of a headline that names its source goes before all others."""
    titled = by_headline(doc, sentence)
    if titled:
        return titled + [draft for draft in _of_words(doc, sentence) if _inside(draft, titled[0].content)]
    return _of_words(doc, sentence)


def _inside(draft: Draft, content: list[tuple[int, int]]) -> bool:
    """Whether everything that an attribution takes stands within the content of another, and is not all of it."""
    first, last = content[0]
    parts = [*draft.content, draft.cue, draft.source or draft.cue]
    return all(first <= a and b <= last for a, b in parts) and draft.content != content


def _of_words(doc: Document, sentence: Sentence) -> list[Draft]:
    """What the rules for running text find in one sentence; a rule for nouns or marks yields to one for verbs."""
    found = by_phrases(doc, sentence)
    spoken = by_verbs(doc, sentence)
    found += [draft for draft in spoken if not any(draft.cue[0] in range(*other.cue) for other in found)]
    cues = {draft.cue[0] for draft in found}
    found += [draft for draft in by_adjectives(doc, sentence) if draft.cue[0] not in cues]
    found += by_nouns(doc, sentence)
    found += by_silence(doc, sentence, {at for draft in found for at in range(*draft.cue)})
    found += by_hearsay(doc, sentence)
    named_before = sentence.paragraph not in doc.headlines
    if named_before and all(draft.why.startswith("the noun") for draft in found):
        found += by_colon(doc, sentence)
    return _once(found)


def _once(found: list[Draft]) -> list[Draft]:
    """Without a second attribution of the same words: a verb goes before a noun, then the cue that stands nearest.

    Whom an attribution cites passes the same words on, and stays.
    """
    kept: dict[tuple[tuple[int, int], ...], Draft] = {}
    for draft in found:
        words = tuple(draft.content)
        other = kept.get(words)
        if draft.citing is None and (other is None or _rank(draft) > _rank(other)):
            kept[words] = draft
    return [draft for draft in found if draft.citing is not None or kept[tuple(draft.content)] is draft]


def _rank(draft: Draft) -> tuple[bool, int]:
    return not draft.why.startswith("the noun"), -abs(draft.content[0][0] - draft.cue[1])
