"""From the rules' findings to attributions: spans, types, nesting and order."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from onrecord.curate.extract.document import Document
from onrecord.curate.extract.drafts import Draft
from onrecord.curate.extract.lexicon import confidence
from onrecord.curate.spans import Attribution, Span

__all__ = ["assemble"]

_NEAR = 100
_TRIM_LEFT = "“”\"'‘’`«»„ \t\n\r\xa0,.;:!?—–-…"
_TRIM_RIGHT = "“”\"'‘’`«»„ \t\n\r\xa0,.;:!?—–-…"


def assemble(doc: Document, drafts: list[Draft]) -> list[Attribution]:
    """The attributions in order of their content, each nested in the smallest other whose content holds its cue."""
    made: list[tuple[tuple[Span, ...], Span, tuple[Span, ...], Draft]] = []
    for draft in drafts:
        content = tuple(span for part in sorted(draft.content) if (span := _span(doc, part, content=True)))
        cue = _span(doc, draft.cue) or Span(doc.tokens[draft.cue[0]].start, doc.tokens[draft.cue[1] - 1].end)
        if content:
            source = _span(doc, draft.source) if draft.source else None
            made.append((content, cue, (source,) if source else (), draft))
    made.sort(key=lambda item: (item[0], item[1]))
    parents = _parents([item[0] for item in made], [item[1] for item in made], [item[3].in_quotes for item in made])
    numbers = {id(item[3]): number for number, item in enumerate(made)}
    for number, item in enumerate(made):
        if item[3].citing is not None:
            parents[number] = numbers.get(id(item[3].citing), parents[number])
    return [
        Attribution(
            content, (cue,), source, _quote_type(doc, draft), parent, draft.kind, confidence(draft.why), draft.why
        )
        for (content, cue, source, draft), parent in zip(made, parents, strict=True)
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
    if draft.in_quotes:
        return "indirect"
    quoted = [doc.quoted[at] >= 0 for first, last in draft.content for at in range(first, last)]
    if quoted and all(quoted):
        return "direct"
    return "mixed" if any(quoted) else "indirect"


def _parents(contents: Sequence[tuple[Span, ...]], cues: Sequence[Span], in_quotes: Sequence[bool]) -> list[int | None]:
    """For each attribution the one with the least content, but more than its own, in which its cue stands.

    One found in quoted words (``in_quotes``) may begin and end where those words do.
    """
    spans = sorted((span.start, span.end, number) for number, content in enumerate(contents) for span in content)
    starts = [start for start, _, _ in spans]
    sizes = [content[-1].end - content[0].start for content in contents]
    found: list[int | None] = []
    for at, cue in enumerate(cues):
        before = bisect_right(starts, cue.start)
        around = [
            (sizes[number], number)
            for _, end, number in spans[max(0, before - _NEAR) : before]
            if cue.start < end and sizes[number] + (in_quotes[at] and not in_quotes[number]) > sizes[at]
        ]
        found.append(min(around)[1] if around else None)
    return found
