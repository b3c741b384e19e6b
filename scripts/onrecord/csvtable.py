"""One CSV: strict reading with the place of every cell, canonical writing."""

from __future__ import annotations

import bisect
import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from onrecord.findings import Finding, Region, shown
from onrecord.suggest import nearest

__all__ = ["TableText", "canonical_csv", "check_header", "parse", "raw_cells", "render", "sort_key"]

_ID = re.compile(r"([A-Z]?)([0-9]+)", re.ASCII)
_CELL = re.compile(r'(?:"[^"]*(?:""[^"]*)*"?)?[^,\r\n]*')  # it always matches, so that it never goes back
_LINE_END = re.compile("\n")
_SPECIAL = re.compile('["\r\n]')
_QUOTED = re.compile(b'"[^"]*(?:"|$)')
# Nobody mends more by hand, and a small file can have more faults than fit into memory.
_MOST_FAULTS = 1000


@dataclass
class TableText:
    """One table as it stands in its file: every cell a string, and the place of every row.

    ``rows`` hold one cell per column of ``columns`` (the header as written). ``lines[i]`` is the
    line on which row ``i`` begins. Rows in ``ragged`` had another number of cells and were padded
    or cut. ``complete`` is false where rows or columns could not be read at all, so that what is
    missing must not be taken for absent. A file that is ``numbered`` has rows but no lines, as Parquet
    has: the number of a row, from 1, stands for its line, and 0 for that of the header.
    """

    name: str
    path: str
    columns: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    ragged: set[int] = field(default_factory=set)
    complete: bool = True
    data: bytes | None = None
    numbered: bool = False

    def place(self, row: int, name: str) -> tuple[int, int]:
        """Line and column number (both from 1) of a cell; the line of the header where there is no such row."""
        column = self.columns.index(name) if name in self.columns else -1
        if not 0 <= row < len(self.rows):
            return 1 - self.numbered, column + 1
        if self.numbered:
            return self.lines[row], column + 1
        before = self.rows[row][:column] if column > 0 else []
        return self.lines[row] + sum(cell.count("\n") for cell in before), column + 1

    def region(self, line: int, column: int) -> Region | None:
        """Where the characters of a field stand, given the place of a finding in this file; None where unknown.

        ``column`` is the number of the field; 0 is the whole line.
        """
        if self.data is None or not 1 <= line < len(self._starts):
            return None
        at, end = self._starts[line - 1], self._starts[line] - 1
        if not column:
            return Region(line, 1, *self._spot(end - self._text.endswith("\r", at, end)))
        row = bisect.bisect_right(self.lines, line) - 1
        if row >= 0:
            at = self._starts[self.lines[row] - 1]
        for _ in range(column - 1):
            at = _cell_end(self._text, at) + 1
            if self._text[at - 1 : at] != ",":
                return None
        return Region(*self._spot(at), *self._spot(_cell_end(self._text, at)))

    def _spot(self, offset: int) -> tuple[int, int]:
        line = bisect.bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    @cached_property
    def _text(self) -> str:
        return (self.data or b"").decode("utf-8", errors="replace").removeprefix("\ufeff")

    @cached_property
    def _starts(self) -> list[int]:
        """Where each line begins, and where one after the last would."""
        starts = [0, *(match.end() for match in _LINE_END.finditer(self._text))]
        return [*starts, len(self._text) + 1]

    def cell(self, row: int, name: str) -> str | None:
        """The text of a cell, None where row or column do not exist."""
        if name not in self.columns or not 0 <= row < len(self.rows):
            return None
        return self.rows[row][self.columns.index(name)]


def parse(table: TableText, fields: list[str]) -> list[Finding]:
    """Fill a TableText from its bytes, given the columns of its schema; returns what hinders reading."""
    findings: list[Finding] = []

    def report(line: int, column: int, rule: str, message: str, fix: str, **more: Any) -> None:
        findings.append(Finding(table.path, line, column, rule, message, fix, table=table.name, **more))

    data = table.data or b""
    text = _decode(data, report)
    if text is None:
        table.columns, table.complete = fields, False
        return findings
    records = _records(text, report)
    if not records:
        table.columns, table.complete = fields, False
        if all(f.rule != "csv-syntax" for f in findings):
            findings[:] = [f for f in findings if f.rule == "encoding"]
            report(1, 0, "columns", "the file is empty", f"restore it, or write its first line: {','.join(fields)}")
        return findings
    (first, header), body = records[0], records[1:]
    table.columns = header
    if not set(header) & set(fields) or _cut_off(text, fields):
        what, fix = _no_header(header, fields, text)
        findings[:] = [f for f in findings if f.rule == "encoding"]
        report(first, 0, "columns", what, fix)
        table.columns, table.complete = fields, False
        return findings
    check_header(header, fields, table, lambda *place, **more: report(first, *place, **more))
    if len(header) > 2 * len(fields) + _MOST_FAULTS:
        table.complete, body = False, []  # to pad every row to such a header would take all memory
    if body and len(body[-1][1]) < len(header) and not data.endswith(b"\n"):
        line = body.pop()[0]
        report(line, 0, "csv-syntax", "the file breaks off within this row", "restore what follows")
    for line, cells in _without_conflicts(body, report):
        if cells == header:
            report(line, 0, "columns", "the header stands here again", "delete the line")
            continue
        if len(cells) != len(header):
            table.ragged.add(len(table.rows))
            report(
                line, 0, "row-length",
                f"the row has {len(cells)} cells, the header {len(header)}",
                "quote cells that hold a comma, or add what is missing",
            )  # fmt: skip
            cells = (cells + [""] * len(header))[: len(header)]
        table.rows.append(cells)
        table.lines.append(line)
        if len(table.ragged) == _MOST_FAULTS:
            _give_up(line, report)
            break
    table.complete &= all(f.rule != "csv-syntax" for f in findings)
    return findings


def _decode(data: bytes, report: Any) -> str | None:
    if data.startswith(b"\xef\xbb\xbf"):
        report(
            1, 1, "encoding", "the file begins with a byte order mark", "save it as UTF-8 without one", mendable=True
        )
        data = data[3:]
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or data.count(b"\0") > len(data) / 4:
        report(1, 0, "encoding", "the file is in UTF-16", "save it as UTF-8")
        return None
    if b"\0" in data:
        place = _field_at(data[: data.index(b"\0")])
        report(*place, "encoding", "the cell holds a NUL byte", "delete it, or restore the file")
        return None
    if data.count(b"\r\n") == data.count(b"\n"):
        data = data.replace(b"\r\n", b"\n")  # those within cells are of the file's making too
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        report(
            *_field_at(data[: error.start]), "encoding",
            f"byte 0x{data[error.start]:02x} is not UTF-8", "save the file as UTF-8 (it may be Latin-1 or Windows-1252)",
        )  # fmt: skip
        return None


def _field_at(before: bytes) -> tuple[int, int]:
    """Line and column number of what follows these bytes."""
    unquoted = _QUOTED.sub(b"", before)
    return before.count(b"\n") + 1, unquoted[unquoted.rfind(b"\n") + 1 :].count(b",") + 1


def _records(text: str, report: Any) -> list[tuple[int, list[str]]]:
    """Records with the line on which each begins; faults of quoting are reported, never guessed."""
    csv.field_size_limit(2**31 - 1)
    reader = csv.reader(io.StringIO(text, newline="\n"), strict=True)
    lines = text.split("\n")
    records: list[tuple[int, list[str]]] = []
    faults = 0
    while faults < _MOST_FAULTS:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return records
        except csv.Error as error:
            fix = "write the row anew, quoted cells closed and the marks in them doubled"
            report(line, 0, "csv-syntax", _syntax(str(error)), fix)
            faults += 1
            continue
        if not cells or (len(cells) == 1 and not cells[0].strip()):
            report(line, 0, "row-length", "the line is empty", "delete it")
            faults += 1
            continue
        if stray := _stray_mark("\n".join(lines[line - 1 : reader.line_num])) if '"' in "".join(cells) else 0:
            what = "a quotation mark stands in an unquoted cell"
            report(line, stray, "csv-syntax", what, "delete it, or quote the cell and double it")
            faults += 1
            continue
        records.append((line, cells))
    _give_up(line, report)
    return records


def _stray_mark(record: str) -> int:
    """The number of the first cell that holds a quotation mark and does not begin with one, 0 where there is none."""
    return next((n for n, cell in enumerate(raw_cells(record), 1) if '"' in cell and cell[0] != '"'), 0)


def _without_conflicts(body: list[tuple[int, list[str]]], report: Any) -> Iterator[tuple[int, list[str]]]:
    """The records outside the marks that a version control system leaves where it could not merge."""
    within = False
    for line, cells in body:
        mark = cells[0] if len(cells) == 1 else ""
        if mark.startswith("<<<<<<<"):
            what = "two versions of the rows that follow stand here, from a merge that was not finished"
            report(
                line,
                0,
                "csv-syntax",
                what,
                "keep what is right of both, and delete the lines <<<<<<<, ======= and >>>>>>>",
            )
            within = True
        if not within:
            yield line, cells
        within &= not mark.startswith(">>>>>>>")


def _syntax(error: str) -> str:
    if error == "unexpected end of data":
        return "a quotation mark that opens in this row is never closed"
    if "new-line character" in error:
        return "a carriage return stands within the row"
    return "text follows a closing quotation mark" if "expected after" in error else error


def _give_up(line: int, report: Any) -> None:
    report(
        line,
        0,
        "csv-syntax",
        f"this is the fault number {_MOST_FAULTS:,}, and nothing after it was read",
        "mend the file",
    )


def _no_header(header: list[str], fields: list[str], text: str) -> tuple[str, str]:
    """What the first line is, none of whose cells is a column, and how to mend it."""
    for mark, name in ((";", "semicolons"), ("\t", "tabs"), ("|", "bars")):
        if mark.join(fields) == header[0]:
            return f"the cells are separated by {name}", "save the file with commas"
    if _cut_off(text, fields):
        return "the file breaks off within its header", "restore it"
    return "the first line is not the header", f"write it as {','.join(fields)}"


def _cut_off(text: str, fields: list[str]) -> bool:
    """Whether a file is no more than the beginning of its header."""
    return ",".join(fields).startswith(text) and text != ",".join(fields)


def check_header(header: list[str], fields: list[str], table: TableText, report: Any) -> None:
    """Report, by the number of the column (0 where it is missing), how columns differ from those of the schema."""
    missing = [name for name in fields if name not in header]
    seen: set[str] = set()
    strange = 0
    for position, name in enumerate(header, 1):
        twice = name in seen
        seen.add(name)
        if not twice and name in fields:
            continue
        strange += 1
        if strange > _MOST_FAULTS:
            break
        here = fields[position - 1] if position <= len(fields) else ""
        meant = nearest(name, missing) or (here if here in missing else "")
        fix = "delete one" if twice else "delete it, or add it to the schema"
        if meant:
            missing.remove(meant)
            fix = f"rename it to {meant!r}"
        what = "stands twice" if twice else "is not in the schema"
        report(position, "columns", f"column {shown(name)} {what}", fix, field=name, value=name)
    table.complete &= set(fields) <= set(header) and len(set(header)) == len(header)
    for name in missing:
        report(0, "columns", f"column {name!r} is missing", "add it", field=name)
    known = [name for name in header if name in fields]
    if not missing and not strange and known != fields:
        position = next(i for i, (n, right) in enumerate(zip(header, fields, strict=True), 1) if n != right)
        report(
            position, "columns", "the columns stand in another order than in the schema",
            f"run 'onrecord fmt' if the cells stand below their names, else mend the header: {','.join(fields)}", field=header[position - 1], mendable=True,
        )  # fmt: skip


def sort_key(cell: str) -> tuple[int, str, int, str, str]:
    """Order of a key cell: identifiers and integers by number, the rest by code point."""
    letter, digits = match.groups() if (match := _ID.fullmatch(cell)) else ("", "")
    number = digits.lstrip("0")
    return (1 if digits else 2, letter if digits else cell, len(number), number, cell)


def canonical_csv(fields: list[str], key: list[str], rows: Iterable[Mapping[str, str]]) -> bytes:
    """The canonical CSV: schema order, rows by key, LF, UTF-8 NFC, quotes only where needed."""
    ordered = sorted(rows, key=lambda r: [sort_key(r[k]) for k in key])
    normal = ([unicodedata.normalize("NFC", row[name]) for name in fields] for row in ordered)
    return render([fields, *normal]).encode("utf-8")


def render(rows: Iterable[list[str]]) -> str:
    """Rows as canonical CSV text: least quoting, LF.

    Python's own writer leaves a lone carriage return unquoted, and its reader refuses that.
    """
    return "".join(_line(row) + "\n" for row in rows)


def _line(row: list[str]) -> str:
    line = ",".join(row)
    if line.count(",") >= len(row) or _SPECIAL.search(line):
        line = ",".join(_quoted(cell) for cell in row)
    return line or '""'


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"' if "," in cell or _SPECIAL.search(cell) else cell


def raw_cells(record: str) -> list[str]:
    """The cells of a record as they stand, with their quotation marks; carriage returns that end it belong to none."""
    cells, at = [], 0
    while True:
        end = _cell_end(record, at)
        cells.append(record[at:end])
        if record[end : end + 1] != ",":
            return cells
        at = end + 1


def _cell_end(text: str, at: int) -> int:
    match = _CELL.match(text, at)
    return match.end() if match else at
