"""How a text lies in the cell of a spreadsheet: what would be run as a formula is shielded, what cannot stand there is not."""

from __future__ import annotations

import re

__all__ = ["LIMIT", "error_value", "presentable", "shielded", "unshielded"]

LIMIT = 32_767
"""The characters of a cell that spreadsheets keep; a cell of that length was probably cut."""
_BEGINS = re.compile(r"'*[=+\-@\t]")
_SHIELD = re.compile(r"'+[=+\-@\t]")
_ERROR = re.compile(r"#(NAME\?|REF!|VALUE!|DIV/0!|N/A|NUM!|NULL!)|Err:[0-9]{3}", re.ASCII)
_LINES = re.compile(r"\r\n?")
# What XML 1.0, and so a cell of XLSX, cannot hold, line breaks and tabs aside.
_IMPOSSIBLE = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")


def presentable(text: str) -> str:
    """The text as a spreadsheet can hold it: lines end with LF, other control characters are spaces."""
    return _IMPOSSIBLE.sub(" ", _LINES.sub("\n", text))


def shielded(text: str) -> str:
    """The text with an apostrophe before it where a spreadsheet would run it (it begins with = + - @ or a tab)."""
    return f"'{text}" if _BEGINS.match(text) else text


def unshielded(cell: str) -> str:
    """What ``shielded`` was given."""
    return cell[1:] if _SHIELD.match(cell) else cell


def error_value(cell: str) -> bool:
    """Whether a spreadsheet wrote this where a formula failed."""
    return bool(_ERROR.fullmatch(cell))
