"""An attribution while the rules work on it: parts as ranges of tokens."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Draft"]


@dataclass
class Draft:
    """Content, cue and source as half-open ranges of tokens; ``why`` names the rule.

    ``in_quotes``: found inside the quoted words of somebody. ``citing``: who passed the same content on.
    """

    content: list[tuple[int, int]]
    cue: tuple[int, int]
    source: tuple[int, int] | None
    why: str
    kind: str = "statement"
    in_quotes: bool = False
    citing: Draft | None = None
