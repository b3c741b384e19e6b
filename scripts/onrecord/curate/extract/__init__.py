"""Attributions in a plain English text: who is said to have said what, by rules and word lists alone."""

from __future__ import annotations

from collections.abc import Sequence

from onrecord.curate.extract.assemble import assemble
from onrecord.curate.extract.document import Range, prepare
from onrecord.curate.extract.quotations import continued
from onrecord.curate.extract.sayings import by_verbs
from onrecord.curate.spans import Attribution

__all__ = ["Range", "extract"]


def extract(text: str, ranges: Sequence[Range] = ()) -> list[Attribution]:
    """The attributions in a text, ordered by the first character of their content.

    ``ranges`` says which stretches are headline, caption, boilerplate and so on; boilerplate, credits and bylines
    are passed over. Content leaves out "that", quotation marks and closing punctuation.
    """
    doc = prepare(text, ranges)
    drafts = [by_verbs(doc, sentence) for sentence in doc.sentences]
    continued(doc, drafts)
    return assemble(doc, [draft for own in drafts for draft in own])
