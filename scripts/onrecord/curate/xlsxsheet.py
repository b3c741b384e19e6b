"""Sheets of an XLSX workbook, every cell as text; what a spreadsheet made of a text is told cell by cell."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Mapping
from typing import Any

from onrecord.curate.csvsheet import Grid
from onrecord.findings import Finding

__all__ = ["read_xlsx", "write_xlsx"]

_MOST = 2**29
"""The bytes that the parts of a workbook may have when unpacked."""
_WIDE = 60


def read_xlsx(data: bytes, path: str) -> tuple[dict[str, Grid], list[Finding]]:
    """The sheets of a workbook by name.

    A whole number that stands in a cell is its digits. Dates, truth values, formulas and errors are found.
    """
    import openpyxl

    if problem := _no_workbook(data):
        return {}, [Finding(path, 1, 0, "encoding", problem, "save it anew as XLSX, or as 'CSV UTF-8'")]
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=False)
    except Exception as error:  # noqa: BLE001  # it raises errors of zip, XML and its own; each means "no workbook"
        what = f"the workbook cannot be read ({type(error).__name__})"
        return {}, [Finding(path, 1, 0, "encoding", what, "save it anew as XLSX, or as 'CSV UTF-8'")]
    sheets: dict[str, Grid] = {}
    findings: list[Finding] = []
    for sheet in book.worksheets:
        grid: Grid = []
        label = f"{path}[{sheet.title}]"
        for cells in sheet.iter_rows():
            texts = [_text(cell, label, findings) for cell in cells]
            if any(texts):
                grid.append((next(c.row for c in cells if c.value is not None), texts))
        sheets[sheet.title] = grid
    return sheets, findings


def write_xlsx(sheets: Mapping[str, list[list[str]]]) -> bytes:
    """A workbook whose cells are all texts, so that a spreadsheet changes none; the header stays in sight."""
    import openpyxl
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    book = openpyxl.Workbook(write_only=True)
    bold, wrapped = Font(bold=True), Alignment(vertical="top", wrap_text=True)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        sheet.freeze_panes = "A2"
        for number, title in enumerate(rows[0], 1):
            wide = title in ("passage", "content", "claim_summary", "proposition")
            sheet.column_dimensions[get_column_letter(number)].width = _WIDE if wide else max(len(title) + 2, 10)
        for number, row in enumerate(rows):
            cells = []
            for text in row:
                cell = WriteOnlyCell(sheet)
                cell.number_format = "@"
                if text:
                    cell.value = text
                    cell.data_type = "s"  # also what looks like a formula or an error
                if number:
                    cell.alignment = wrapped
                else:
                    cell.font = bold
                cells.append(cell)
            sheet.append(cells)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _no_workbook(data: bytes) -> str:
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        return "the workbook is locked by a password, or of the old format XLS"
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            size = sum(part.file_size for part in parts.infolist())
    except (zipfile.BadZipFile, OSError, ValueError):
        return "the file is no XLSX workbook"
    return f"the workbook would unpack to {size:,} bytes" if size > _MOST else ""


def _text(cell: Any, path: str, findings: list[Finding]) -> str:
    value = cell.value
    if value is None or (isinstance(value, str) and cell.data_type == "s"):
        return str(value or "").replace("\r\n", "\n").replace("\r", "\n")
    if cell.data_type == "n" and isinstance(value, (int, float)):
        return str(int(value)) if float(value).is_integer() and abs(value) < 10**15 else repr(value)
    rule, what, fix = _made(value, cell.data_type)
    findings.append(Finding(path, cell.row, cell.column, rule, what, fix, value=str(value)))
    return str(value)


def _made(value: Any, kind: str) -> tuple[str, str, str]:
    """What a spreadsheet has made of a text: rule, what is wrong, how to mend it."""
    mend = "format the cell as text and type it anew"
    if kind == "f":
        return (
            "formula",
            f"the cell holds a formula ({str(value)[:40]})",
            f"{mend}; an apostrophe before it keeps it text",
        )
    if kind == "b":
        return "truth-value", f"the cell holds the truth value {str(value).upper()}, not a text", mend
    if kind == "d":
        if isinstance(value, dt.datetime) and value.time() == dt.time():
            value = value.date()
        return "date", f"a spreadsheet has made a date of this cell ({value})", f"{mend}, a date as 2023-09-05"
    return "formula", f"the cell holds the error {value}", mend
