"""A CSV of any size, read strictly a piece at a time, with the true line of every row."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import BinaryIO

from onrecord.csvtable import TableText, parse
from onrecord.findings import Finding

__all__ = ["Piece", "Tally", "pieces", "tally"]

_SIZE = 8 * 2**20
_LETTERS = bytes(n for n in range(256) if n >= 32 and n not in (34, 127))
_LONGEST = 64 * 2**20


@dataclass(frozen=True)
class Piece:
    """Some rows of a table, and what hinders reading others.

    ``text`` holds the rows that could be read, ``raw`` each of them as it is written, and ``unread``
    the cells of rows that could not be read, as far as they can be told apart. ``complete`` is false
    where columns are missing.
    """

    text: TableText
    raw: list[str]
    unread: list[list[str]]
    findings: list[Finding]
    complete: bool


@dataclass(frozen=True)
class Tally:
    """How many line breaks and quotation marks a file has, and whether it has control characters besides.

    ``foreign`` says whether some of these are of another system: carriage returns or NUL.
    """

    breaks: int
    quotes: int
    control: bool
    foreign: bool


def tally(file: BinaryIO) -> Tally:
    """Count what is left of a file when letters are left out, faster than anything can parse it."""
    left = bytearray()
    while block := file.read(_SIZE):
        left += block.translate(None, _LETTERS)
    breaks, quotes = left.count(b"\n"), left.count(b'"')
    return Tally(breaks, quotes, breaks + quotes < len(left), b"\r" in left or b"\0" in left)


def pieces(file: BinaryIO, name: str, path: str, fields: list[str], size: int = _SIZE) -> Iterator[Piece]:
    """Read a table: at first its header alone, then its rows in pieces of about ``size`` bytes.

    A row that is not UTF-8 is left out, as is one with another number of cells, and the rest is read.
    """
    header = file.readline(_LONGEST)
    head = _parsed(header, b"", 0, TableText(name, path), fields)
    yield head
    if head.text.columns is fields:  # so the parser says that the first line is no header
        return
    reader = _Reader(header.removeprefix(b"\xef\xbb\xbf"), TableText(name, path), fields)
    while block := file.read(size):
        yield from reader.read(block)
    yield from reader.rest()


class _Reader:
    """Cuts what it is given at ends of records."""

    def __init__(self, header: bytes, table: TableText, fields: list[str]) -> None:
        self.header, self.table, self.fields = header, table, fields
        self.line = 1  # the lines that were read
        self.left = b""

    def read(self, block: bytes) -> Iterator[Piece]:
        self.left += block
        end = _last_end(self.left)
        if not end and len(self.left) < _LONGEST:
            return
        body, self.left = self.left[: end or None], self.left[end:] if end else b""
        yield from self._split(body)

    def rest(self) -> Iterator[Piece]:
        if self.left:
            yield from self._split(self.left)

    def _split(self, body: bytes) -> Iterator[Piece]:
        """The rows of a body, around the first line that is not UTF-8 and then around the next."""
        try:
            body.decode("utf-8")
        except UnicodeDecodeError as error:
            begin = body.rfind(b"\n", 0, error.start) + 1
            end = body.find(b"\n", error.start) + 1 or len(body)
            if begin:
                yield from self._split(body[:begin])
            yield self._piece(body[begin:end])
            if body[end:]:
                yield from self._split(body[end:])
        else:
            yield self._piece(body)

    def _piece(self, body: bytes) -> Piece:
        piece = _parsed(self.header, body, self.line - 1, self.table, self.fields)
        self.line += body.count(b"\n")
        return piece


def _parsed(header: bytes, body: bytes, above: int, table: TableText, fields: list[str]) -> Piece:
    """The rows of a body below their header, moved down by the lines ``above`` that come between."""
    text = replace(table, columns=[], rows=[], lines=[], ragged=set(), data=header + body)
    findings = [f for f in parse(text, fields) if not body or f.line != 1]
    unread = [text.rows[row] for row in sorted(text.ragged)]
    if text.columns is fields and body:  # a line that is not UTF-8, or holds a NUL
        told = body.decode("utf-8", errors="replace").replace("\0", "")
        lenient = replace(text, rows=[], lines=[], data=header + told.encode("utf-8"))
        parse(lenient, fields)
        unread, text.rows = lenient.rows, []
    lines = (text.data or b"").decode("utf-8", errors="replace").replace("\r\n", "\n").split("\n")
    good = [row for row in range(len(text.rows)) if row not in text.ragged]
    raw = ["\n".join(_lines(text, row, lines)) for row in good]
    rows = replace(
        text,
        rows=[text.rows[row] for row in good],
        lines=[text.lines[row] + above for row in good],
        ragged=set(),
        data=None,
    )
    moved = [replace(f, line=f.line + above) if f.line else f for f in findings]
    return Piece(rows, raw, unread, moved, all(f.line > 1 or f.mendable for f in moved))


def _lines(text: TableText, row: int, lines: list[str]) -> list[str]:
    first = text.lines[row] - 1
    return lines[first : first + 1 + sum(cell.count("\n") for cell in text.rows[row])]


def _last_end(data: bytes) -> int:
    """Where the last record ends that lies wholly in these bytes, which begin with a record; 0 where none does."""
    end = data.rfind(b"\n") + 1
    while end and data.count(b'"', 0, end) % 2:
        end = data.rfind(b"\n", 0, end - 1) + 1
    return end
