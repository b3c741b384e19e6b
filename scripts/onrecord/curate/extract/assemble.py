"""From the rules' findings to attributions: spans, types, nesting and order."""

from __future__ import annotations

from onrecord.curate.extract.document import Document
from onrecord.curate.extract.drafts import Draft
from onrecord.curate.spans import Attribution, Span

__all__ = ["assemble"]

_TRIM_LEFT = "“”\"'‘’`«»„ \t\n\r\xa0,.;:!?—–-…"
_TRIM_RIGHT = "“”\"'‘’`«»„ \t\n\r\xa0,.;:!?—–-…"


def assemble(doc: Document, drafts: list[Draft]) -> list[Attribution]:
    """The attributions in order of their content, each nested in the smallest other whose content holds its cue."""
    made: list[tuple[tuple[Span, ...], Span, tuple[Span, ...], Draft]] = []
    for draft in drafts:
        content = tuple(span for part in draft.content if (span := _span(doc, part, content=True)))
        cue = _span(doc, draft.cue) or Span(doc.tokens[draft.cue[0]].start, doc.tokens[draft.cue[1] - 1].end)
        if content:
            source = _span(doc, draft.source) if draft.source else None
            made.append((content, cue, (source,) if source else (), draft))
    made.sort(key=lambda item: (item[0], item[1]))
    return [
        Attribution(
            content, (cue,), source, _quote_type(doc, draft), _parent(made, at), draft.kind, draft.sure, draft.why
        )
        for at, (content, cue, source, draft) in enumerate(made)
    ]


def _span(doc: Document, part: tuple[int, int], *, content: bool = False) -> Span | None:
    """Tokens as a span of characters, without quotation marks, white space and marks at its ends, nor "that" before content."""
    first, last = part
    if first >= last:
        return None
    if content and doc.word(first) == "that" and doc.tags[first] == "relative" and last > first + 1:
        first += 1
    start, end = doc.tokens[first].start, doc.tokens[last - 1].end
    text = doc.text
    while start < end and text[start] in _TRIM_LEFT:
        start += 1
    while end > start and text[end - 1] in _TRIM_RIGHT:
        if text[end - 1] == "." and _abbreviated(text[start:end]):
            break
        end -= 1
    return Span(start, end) if start < end else None


def _abbreviated(words: str) -> bool:
    """Whether a span ends in an abbreviation of the form "U.S." or "Jr."."""
    return words[-4:-3] == "." or words.endswith(("Jr.", "Sr.", "Inc.", "Co.", "Corp.")) or words[-3:-2] == "."


def _quote_type(doc: Document, draft: Draft) -> str:
    quoted = [doc.quoted[at] >= 0 for first, last in draft.content for at in range(first, last)]
    if quoted and all(quoted):
        return "direct"
    return "mixed" if any(quoted) else "indirect"


def _parent(made: list[tuple[tuple[Span, ...], Span, tuple[Span, ...], Draft]], at: int) -> int | None:
    """The attribution with the least content in which the cue of this one stands."""
    place = made[at][1].start
    best: tuple[int, int] | None = None
    for number, (content, _, _, _) in enumerate(made):
        if number != at and any(span.start <= place < span.end for span in content):
            size = content[-1].end - content[0].start
            if best is None or size < best[0]:
                best = (size, number)
    return best[1] if best else None
