"""Characters that a terminal, the log of a CI service, JSON or XML would obey instead of showing."""

from __future__ import annotations

import json
import re
from typing import Any

__all__ = ["dumps", "printable"]

# Azure reads ##vso[, TeamCity ##teamcity[ and GitHub still ##[, each of them anywhere in a line
# (actions/runner#4692); ::error and its like are commands at the beginning of a line only.
_ANYWHERE = re.compile(r"##(?=\w*\[)")
_BEGINNING = re.compile(r"^( *):")


class _AsRepr(dict[int, str]):
    """Code point → what is shown for it: itself if printable, else what ``repr`` writes; filled as they are met."""

    def __missing__(self, code: int) -> str:
        self[code] = chr(code) if chr(code).isprintable() else self.escaped(chr(code))
        return self[code]

    def escaped(self, letter: str) -> str:
        return repr(letter)[1:-1]


class _AsJson(_AsRepr):
    """The same for a JSON document: half a surrogate pair, which UTF-8 has not, becomes the text of its escape."""

    def escaped(self, letter: str) -> str:
        half = "\ud800" <= letter <= "\udfff"
        return letter if letter == "\n" else rf"\\u{ord(letter):04x}" if half else json.dumps(letter)[1:-1]


_SHOWN, _JSON = _AsRepr(), _AsJson()


def printable(text: str) -> str:
    r"""The text in one line that nothing obeys: what is not printable stands as ``repr`` writes it, such as \x1b.

    That goes for control characters, line ends, marks of direction, halves of surrogate pairs and all
    that XML cannot hold. Marks by which the log of a CI service is given commands are broken up.
    """
    if not text.isprintable():
        text = text.translate(_SHOWN)
    return _BEGINNING.sub(r"\1\\x3a", _ANYWHERE.sub(r"#\\x23", text))


def dumps(value: Any) -> str:
    r"""JSON for people and programs: letters of every script as they are, all that is not printable as \u001b.

    The document parses back to the value itself, but that a lone surrogate, such as stands for a byte of
    a file name that is no UTF-8, is the six characters \udcff.
    """
    text = json.dumps(value, ensure_ascii=False, indent=2)
    if not text.replace("\n", "").isprintable():
        text = text.translate(_JSON)
    return _ANYWHERE.sub(r"#\\u0023", text)
