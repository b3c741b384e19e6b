"""A sheet as CSV, as spreadsheets save it: comma, semicolon or tab, with or without a byte order mark."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from onrecord.findings import Finding

__all__ = ["Grid", "read_csv", "write_csv"]

Grid = list[tuple[int, list[str]]]
"""The rows of a sheet that are not empty, each with its number in a spreadsheet, from 1."""
_SEPARATORS = (",", ";", "\t")


def read_csv(data: bytes, path: str) -> tuple[Grid, list[Finding]]:
    """The rows of a CSV in UTF-8; what cannot be read is told with its row, and ends the reading."""
    text, findings = _decoded(data, path)
    first, _, rest = text.partition("\n")
    separator = ""
    if first.rstrip("\r").casefold() in ("sep=,", "sep=;", "sep=\t"):  # Excel's own, which it does not show
        separator, text = first[4], rest
    csv.field_size_limit(2**31 - 1)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator or _separator(text), strict=True)
    grid: Grid = []
    number = 1
    try:
        for number, cells in enumerate(reader, 1):  # where reading fails, it is the row before
            if any(cells):
                grid.append((number, [cell.replace("\r\n", "\n").replace("\r", "\n") for cell in cells]))
    except csv.Error as error:
        what = "a quotation mark that opens in this row is never closed"
        what = what if "end of data" in str(error) else "the quotation marks of this row do not match"
        row = grid[-1][0] + 1 if grid else number
        findings.append(Finding(path, row, 0, "csv-syntax", what, "close the cell, and double the marks in it"))
    return grid, findings


def write_csv(rows: Iterable[list[str]]) -> bytes:
    """Rows as CSV with commas, in UTF-8 with the byte order mark by which Excel knows it, LF."""
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n").writerows(rows)
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8")


def _decoded(data: bytes, path: str) -> tuple[str, list[Finding]]:
    fix = "save it as 'CSV UTF-8', or as XLSX"
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or data.count(b"\0") > len(data) / 4:
        return "", [Finding(path, 1, 0, "encoding", "the file is in UTF-16", fix)]
    if b"\0" in data:
        row = data[: data.index(b"\0")].count(b"\n") + 1
        return "", [Finding(path, row, 0, "encoding", "the file holds a NUL byte, so it is no CSV", fix)]
    try:
        return data.decode("utf-8-sig"), []
    except UnicodeDecodeError as error:
        row = data[: error.start].count(b"\n") + 1
        what = f"byte 0x{data[error.start]:02x} in line {row} is not UTF-8 (the file may be Windows-1252)"
        return "", [Finding(path, row, 0, "encoding", what, fix)]


def _separator(text: str) -> str:
    """The mark that stands most often in the first line."""
    first = text.replace("\r", "\n").partition("\n")[0]
    return max(_SEPARATORS, key=first.count)
