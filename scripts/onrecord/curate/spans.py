"""Where words stand in a text, and the parts of one attribution."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Attribution", "Span"]


@dataclass(frozen=True, order=True)
class Span:
    """A stretch of a text: code points from 0, half-open."""

    start: int
    end: int


@dataclass(frozen=True)
class Attribution:
    """That somebody is said to have said something.

    ``content`` is what is attributed (several spans where a cue or source interrupts it), ``cue`` the words that
    say that it is, ``source`` to whom (empty where to nobody). ``quote_type`` is direct, mixed or indirect.
    ``parent`` is the index, in the list of which this is one, of the attribution in whose content it is nested.
    ``kind`` is statement, refusal (declined to comment) or absence (has not commented). ``confidence`` lies
    between 0 and 1, and ``reason`` says which rule and words decided.
    """

    content: tuple[Span, ...]
    cue: tuple[Span, ...]
    source: tuple[Span, ...]
    quote_type: str
    parent: int | None
    kind: str
    confidence: float
    reason: str
