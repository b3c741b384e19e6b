"""A table of any size, read strictly a piece at a time, with the true line of every row."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import BinaryIO

from onrecord import columnar
from onrecord.csvtable import TableText, parse, raw_cells, render
from onrecord.files import MEND
from onrecord.findings import Finding

__all__ = ["Piece", "Tally", "pieces", "tally"]

_SIZE = 8 * 2**20
_BLOCK = 2**18  # which stays in the processor's cache
_PLAIN = b'\n",'
_LETTERS = bytes(n for n in range(256) if n >= 32 and n != 127 and n not in _PLAIN)
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
    """How many line breaks a file has, how many quotation marks and commas, and whether control characters besides.

    ``foreign`` says whether what a reader made of it may be something else: it has carriage returns, NUL, a
    quotation mark within a cell that is not quoted, or a last line that does not end.
    """

    breaks: int
    marks: int
    control: bool
    foreign: bool


def tally(file: BinaryIO) -> Tally:
    """Count what is left of a file when letters are left out, faster than anything can parse it."""
    breaks, marks, last = 0, 0, b"\n"
    control = foreign = stray = quoted = False
    while block := file.read(_BLOCK):
        left = block.translate(None, _LETTERS)
        odd = left.translate(None, _PLAIN)
        lines = left.count(b"\n")
        breaks += lines
        marks += len(left) - len(odd) - lines
        control |= bool(odd)
        foreign |= b"\r" in odd or b"\0" in odd
        between = (last + block if last != b'"' else block).split(b'"')
        stray |= any(part and part[-1] not in b",\n" for part in between[quoted:-1:2])  # those before marks that open
        quoted ^= len(between) % 2 == 0
        last = block[-1:]
    return Tally(breaks, marks, control, foreign or stray or last != b"\n")


def pieces(file: BinaryIO, name: str, path: str, fields: list[str], size: int = _SIZE) -> Iterator[Piece]:
    """Read a CSV or a Parquet: at first its header alone, then its rows in pieces of about ``size`` bytes.

    A row that is not UTF-8 is left out, as is one with another number of cells, and the rest is read. Where
    the piece ends matters only after a fault of quoting, since no one can tell where the next row begins.
    """
    if path.endswith(columnar.SUFFIX):
        yield from _columnar(file, TableText(name, path), fields)
        return
    header = file.readline(_LONGEST)
    head = _parsed(header, b"", 0, TableText(name, path), fields)
    crlf = header.endswith(b"\r\n")
    if crlf:
        head = replace(head, findings=[*head.findings, _form(head.text, 1, "line endings are not LF")])
    written = header.removeprefix(b"\xef\xbb\xbf").removesuffix(b"\n").removesuffix(b"\r")
    if head.text.columns == fields and head.text.columns is not fields and written != render([fields])[:-1].encode():
        raw = zip(fields, raw_cells(written.decode("utf-8", errors="replace")), strict=True)
        quoted = next((field for field, cell in raw if field != cell), "")
        fault = _form(head.text, 1, "the header is not written canonically")
        column = fields.index(quoted) + 1 if quoted else 0
        head = replace(head, findings=[*head.findings, replace(fault, column=column, field=quoted)])
    yield head
    if head.text.columns is fields:  # so the parser says that the first line is no header
        return
    reader = _Reader(header.replace(b"\r\n", b"\n"), TableText(name, path), fields, crlf)
    while block := file.read(size):
        yield from reader.read(block)
    yield from reader.rest()


def _columnar(file: BinaryIO, table: TableText, fields: list[str]) -> Iterator[Piece]:
    """The pieces of a Parquet; its rows are written as they would be in a CSV."""
    for batch in columnar.batches(file, table, fields):
        raw = [render([cells])[:-1] for cells in batch.text.rows]
        yield Piece(batch.text, raw, batch.unread, batch.findings, batch.text.complete)


class _Reader:
    """Cuts what it is given at ends of records."""

    def __init__(self, header: bytes, table: TableText, fields: list[str], crlf: bool) -> None:
        self.header, self.table, self.fields = header, table, fields
        self.crlf = crlf  # then every line may end so, those within cells too
        self.told = crlf
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
            *others, last = self._split(self.left)
            yield from others
            ended = self.left.endswith(b"\n") or last.findings  # what breaks off is told already
            more = [] if ended else [_form(self.table, self.line + 1, "the last line does not end in LF")]
            yield replace(last, findings=[*last.findings, *more])

    def _split(self, body: bytes) -> Iterator[Piece]:
        """The rows of a body, around the first line that is not UTF-8, or holds a NUL, and then around the next."""
        try:
            body.decode("utf-8")
            at = len(body)
        except UnicodeDecodeError as error:
            at = error.start
        nul = body.find(b"\0", 0, at)
        at = at if nul < 0 else nul
        if at == len(body):
            yield self._piece(body)
            return
        begin = body.rfind(b"\n", 0, at) + 1
        end = body.find(b"\n", at) + 1 or len(body)
        if begin:
            yield from self._split(body[:begin])
        yield self._piece(body[begin:end])
        if body[end:]:
            yield from self._split(body[end:])

    def _piece(self, body: bytes) -> Piece:
        if self.crlf:
            body = body.replace(b"\r\n", b"\n")
        piece = _parsed(self.header, body, self.line - 1, self.table, self.fields)
        if not self.told and (line := _first_return(body, piece, self.line)):
            self.told = True
            piece = replace(piece, findings=[*piece.findings, _form(self.table, line, "line endings are not LF")])
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


def _first_return(body: bytes, piece: Piece, above: int) -> int:
    """The line of the first row that was read and ends in CR and LF, 0 where there is none."""
    if b"\r\n" not in body:
        return 0
    lines = body.split(b"\n")
    rows = zip(piece.text.lines, piece.text.rows, strict=True)
    ends = (line + sum(cell.count("\n") for cell in cells) for line, cells in rows)
    return next((end for end in ends if lines[end - above - 1].endswith(b"\r")), 0)


def _form(table: TableText, line: int, what: str) -> Finding:
    return Finding(table.path, line, 0, "canonical-form", what, MEND, table.name)


def _lines(text: TableText, row: int, lines: list[str]) -> list[str]:
    first = text.lines[row] - 1
    return lines[first : first + 1 + sum(cell.count("\n") for cell in text.rows[row])]


def _last_end(data: bytes) -> int:
    """Where the last record ends that lies wholly in these bytes, which begin with a record; 0 where none does."""
    end = data.rfind(b"\n") + 1
    while end and data.count(b'"', 0, end) % 2:
        end = data.rfind(b"\n", 0, end - 1) + 1
    return end
