"""Whether words are our own: facts carry over from a text, sentences do not."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

from onrecord.evidence import normalize

__all__ = ["MOST", "Wording"]

MOST = 10
"""So many words in a row may be those of the text: the names of things are no longer."""
_WORD = re.compile(r"\w+(?:['-]\w+)*")


class Wording:
    """The words of a text, against which others are held. Case, quotation marks, spaces and punctuation make no difference."""

    def __init__(self, text: str) -> None:
        self._matcher = SequenceMatcher(None, "", _words(text), autojunk=False)

    def borrowed(self, said: str, most: int = MOST) -> str:
        """The longest run of words that stands in the text too, if it has more than ``most`` words; else nothing."""
        words = _words(said)
        self._matcher.set_seq1(words)
        run = self._matcher.find_longest_match()
        return " ".join(words[run.a : run.a + run.size]) if run.size > most else ""


def _words(text: str) -> list[str]:
    return _WORD.findall(normalize(text).casefold())
