"""What a claim hangs on: the words of an "if", "unless" or "on condition that" beside it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from onrecord.curate.resolve.sentences import trimmed
from onrecord.curate.spans import Span

__all__ = ["condition"]

_IF = re.compile(
    r"\bif (?!not\b|only\b|ever\b|so\b|any\b)[^,.;”\"“\n]{3,90}|\bunless [^,.;”\"“\n]{3,90}|\bon condition that [^,.;”\"\n]{3,90}",
    re.IGNORECASE,
)
_NONE = re.compile(r"(?:\bas|\beven|\basked|\bknow|\bsay|\bsee|\bunclear|\bwonder\w*|\bonly)\s*$", re.IGNORECASE)
_BEFORE, _BEHIND = 2, 40


def condition(text: str, sentence: Span, content: Sequence[Span]) -> Span | None:
    """The words of the condition in a claim's sentence, beside or within its content; None where it has none."""
    for match in _IF.finditer(text, sentence.start, sentence.end):
        if _NONE.search(text, max(sentence.start, match.start() - 12), match.start()):
            continue
        if any(part.start - _BEFORE <= match.end() and match.start() <= part.end + _BEHIND for part in content):
            return trimmed(text, Span(*match.span()))
    return None
