"""An attribution while the rules work on it: parts as ranges of tokens."""

from __future__ import annotations

from dataclasses import dataclass, field

__all__ = ["Draft"]


@dataclass
class Draft:
    """Content, cue and source as half-open ranges of tokens; ``why`` names the rule, ``sure`` is its confidence."""

    content: list[tuple[int, int]]
    cue: tuple[int, int]
    source: tuple[int, int] | None
    why: str
    sure: float
    kind: str = "statement"
    inner: list[int] = field(default_factory=list)
