"""Quotations that no verb of their own attributes: they go on with the words of whoever spoke before."""

from __future__ import annotations

from onrecord.curate.extract.document import Document, Sentence
from onrecord.curate.extract.drafts import Draft

__all__ = ["continued"]

_LEAST = 3
_SPOKEN = frozenset({"say", "ask", "tell"})


def continued(doc: Document, drafts: list[list[Draft]]) -> None:
    """Adds quotations that stand alone to the attribution that they continue; ``drafts`` are those of each sentence."""
    speaker: Draft | None = None
    behind: Sentence | None = None
    for sentence, own in zip(doc.sentences, drafts, strict=True):
        alone = _alone(doc, sentence, own)
        if alone and speaker and behind and _continues(doc, speaker, behind, sentence):
            speaker.content.append(alone)
            behind = sentence
            continue
        spoken = [draft for draft in own if _speaks(doc, draft)]
        if spoken:
            speaker, behind = spoken[-1], sentence
        elif behind and behind.paragraph != sentence.paragraph:
            speaker = None


def _alone(doc: Document, sentence: Sentence, own: list[Draft]) -> tuple[int, int] | None:
    """The quotation that a sentence consists of, if nothing in it is attributed."""
    number = doc.quoted[sentence.first]
    if own or number < 0:
        return None
    quote = doc.quotes[number]
    end = min(quote.closing + 1, sentence.last)
    if end - sentence.first < _LEAST or sentence.last - end > 1:
        return None
    return (sentence.first, end)


def _speaks(doc: Document, draft: Draft) -> bool:
    quoted = any(doc.quoted[at] >= 0 for first, last in draft.content for at in range(first, last))
    return quoted or draft.why.startswith(("words", "somebody say", "somebody tell", "somebody add"))


def _continues(doc: Document, speaker: Draft, behind: Sentence, sentence: Sentence) -> bool:
    """Whether a quotation goes on with the words before: in one paragraph, or after one left open or led up to."""
    if behind.paragraph == sentence.paragraph:
        return True
    if sentence.paragraph != behind.paragraph + 1:
        return False
    return doc.quoted[behind.last - 1] >= 0 or _is_quote(doc, speaker)


def _is_quote(doc: Document, draft: Draft) -> bool:
    """Whether the content is nothing but words in quotation marks."""
    return all(doc.quoted[at] >= 0 for first, last in draft.content for at in range(first, last))
