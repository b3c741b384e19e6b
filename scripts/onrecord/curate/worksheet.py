"""The worksheet: proposed claims, one a row, as CSV or XLSX, with companion tables; read strictly, written so that it comes back."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from onrecord.curate.cellform import LIMIT, error_value, presentable, shielded, unshielded
from onrecord.curate.columns import COMPANIONS, HOPS, OPTIONAL, column, column_names, hops_in
from onrecord.curate.csvsheet import Grid, read_csv, write_csv
from onrecord.curate.xlsxsheet import read_xlsx, write_xlsx
from onrecord.findings import Finding, PackageError, shown
from onrecord.package import model_fields
from onrecord.store import write_files
from onrecord.suggest import nearest

__all__ = ["FOREIGN", "DamagedError", "Row", "Sheet", "Worksheet", "examine", "read", "write"]

Row = dict[str, str]
"""A row by the names of its columns; every cell is text, an empty one is empty."""
FOREIGN = {
    ".ods": "a spreadsheet of OpenDocument (ODS)",
    ".fods": "a spreadsheet of OpenDocument (FODS)",
    ".ots": "a template of OpenDocument (OTS)",
    ".numbers": "a spreadsheet of Numbers",
    ".xls": "a workbook of the old format XLS",
    ".xlsb": "a binary workbook (XLSB)",
}
"""What spreadsheets save that is not read, by the end of its name."""
_DASHED = re.compile(r"(?<=\d)\s*[\u2010-\u2015\u2212]\s*(?=\d)")
MAIN = "worksheet"
"""The name of the sheet in a workbook."""


class DamagedError(PackageError):
    """A worksheet that cannot be read as it was meant; ``findings`` say where."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = list(findings)
        more = f" (and {len(findings) - 1} more faults)" if len(findings) > 1 else ""
        super().__init__(f"{findings[0]}{more}")


@dataclass
class Sheet:
    """One table of a worksheet: its rows, and where each stands.

    ``path`` is the file (for a sheet of a workbook with its name), ``columns`` the header as it stands, ``numbers``
    the number that a spreadsheet shows beside each row. Both lists are empty for what was not read from a file.
    """

    rows: list[Row] = field(default_factory=list)
    path: str = ""
    columns: list[str] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)

    def number(self, row: int) -> int:
        """The number that a spreadsheet shows beside a row; ``row`` counts from 0."""
        return self.numbers[row] if row < len(self.numbers) else row + 2

    def finding(self, row: int, name: str, rule: str, message: str, fix: str) -> Finding:
        """A finding at a cell, its message beginning with the row_id; ``row`` counts from 0, ``name`` may be empty."""
        number = self.number(row)
        position = self.columns.index(name) + 1 if name in self.columns else 0
        value = self.rows[row].get(name) if name else None
        named = self.rows[row].get("row_id")
        message = f"{named}: {message}" if named else message
        return Finding(self.path, number, position, rule, message, fix, field=name, value=value)


@dataclass
class Worksheet:
    """Proposed claims and the new rows of other tables that come with them, by table."""

    claims: Sheet = field(default_factory=Sheet)
    companions: dict[str, Sheet] = field(default_factory=dict)

    @classmethod
    def of(
        cls, rows: Iterable[Mapping[str, str]], companions: Mapping[str, Iterable[Mapping[str, str]]] | None = None
    ) -> Worksheet:
        """A worksheet of these rows; cells that are not given are empty."""
        others = {name: Sheet([dict(r) for r in some]) for name, some in (companions or {}).items()}
        return cls(Sheet([dict(row) for row in rows]), others)

    @property
    def rows(self) -> list[Row]:
        """The proposed claims."""
        return self.claims.rows


def read(path: Path | str) -> Worksheet:
    """Read a worksheet, CSV or XLSX, with its companions.

    Raises DamagedError, with all findings, where something is wrong with it as a file: another program has it open,
    it is not UTF-8, columns are missing or unknown, a spreadsheet has rewritten or cut cells.
    """
    worksheet, findings = examine(path)
    if findings:
        raise DamagedError(findings)
    return worksheet


def examine(path: Path | str) -> tuple[Worksheet, list[Finding]]:
    """Read a worksheet as far as it can be, and say everything that is wrong with it as a file.

    Raises PackageError where there is no such file, or it cannot be opened.
    """
    path = Path(path)
    if path.suffix.lower() in FOREIGN and path.is_file():
        return Worksheet(), [_foreign(path)]
    findings = [*_open_elsewhere(path), *map(_foreign, _foreign_beside(path))]
    data = _bytes(path)
    companions: dict[str, Sheet] = {}
    if path.suffix.lower() in (".xlsx", ".xlsm"):
        sheets, wrong = read_xlsx(data, str(path))
        findings += wrong
        if not wrong and MAIN not in sheets:
            what = f"the workbook has no sheet {MAIN!r}, but {', '.join(sheets)}"
            findings.append(Finding(str(path), 1, 0, "columns", what, f"name the sheet with the claims {MAIN!r}"))
        for name in sheets:
            if name not in (*COMPANIONS, MAIN):
                findings.append(_stray_table(f"{path}[{name}]", name))
            elif name != MAIN:
                companions[name] = _companion(sheets[name], f"{path}[{name}]", findings)
        grid, label = sheets.get(MAIN, []), f"{path}[{MAIN}]"
    else:
        grid, wrong = read_csv(data, str(path))
        findings += wrong
        label = str(path)
        for name, beside in _beside(path).items():
            if name not in COMPANIONS:
                findings += [_stray_table(str(beside), name)] if nearest(name, COMPANIONS) else []
                continue
            rows, faults = read_csv(_bytes(beside), str(beside))
            findings += [*_open_elsewhere(beside), *faults]
            companions[name] = _companion(rows, str(beside), findings)
    if not grid and not any(f.rule in ("encoding", "csv-syntax") for f in findings):
        findings.append(Finding(label, 1, 0, "empty", "the worksheet is empty", "write its header, or propose anew"))
    claims = _sheet(grid, label, findings)
    if grid:
        findings += _missing(claims, column_names(max(1, hops_in(claims.columns))))
    return Worksheet(claims, {name: sheet for name, sheet in companions.items() if sheet.rows}), findings


def write(path: Path | str, worksheet: Worksheet) -> None:
    """Write a worksheet and its companions, all or none, as CSV or XLSX by the name of the file.

    What cannot stand in a cell (control characters) becomes a space; cells that a spreadsheet would run as a formula
    get an apostrophe, which ``read`` takes away. Companion files that are there and hold nothing any more keep their
    header alone.

    Raises PackageError for another kind of file, a cell too long for a spreadsheet, or where the files cannot be written, and ValueError
    for a column or a table that a worksheet does not have.
    """
    path = Path(path)
    if path.suffix.lower() not in (".csv", ".xlsx"):
        raise PackageError(f"{path}: a worksheet is written as .csv or .xlsx; name it so")
    names = column_names(max(HOPS, *(hops_in(row) for row in worksheet.rows), 1))
    tables = {MAIN: _grid(MAIN, names, worksheet.rows)}
    beside = {} if path.suffix.lower() == ".xlsx" else _beside(path)
    for name in COMPANIONS:
        rows = worksheet.companions[name].rows if name in worksheet.companions else []
        if rows or name in beside:
            tables[name] = _grid(name, companion_columns(name), rows)
    if unknown := set(worksheet.companions) - set(COMPANIONS):
        raise ValueError(f"a worksheet has no companion {', '.join(sorted(unknown))}")
    if path.suffix.lower() == ".xlsx":
        files = {path: write_xlsx(tables)}
    else:
        files = {
            (path if name == MAIN else path.with_suffix(f".{name}.csv")): write_csv(t) for name, t in tables.items()
        }
    write_files(files, "onrecord worksheet")


def companion_columns(table: str) -> list[str]:
    """The columns that a companion must have: those of the table but the bounds of dates, which follow from them."""
    names = model_fields()[table]
    return [n for n in names if f"{n.rpartition('_')[0]}_edtf" not in names or not n.endswith(("_start", "_end"))]


def _grid(table: str, names: list[str], rows: Iterable[Row]) -> list[list[str]]:
    grid = [names]
    for number, row in enumerate(rows, 2):
        if unknown := set(row) - set(names) - _bounds(table):
            raise ValueError(f"{table} has no column {', '.join(sorted(unknown))}")
        cells = [shielded(presentable(row.get(name, ""))) for name in names]
        for name, cell in zip(names, cells, strict=True):
            if len(cell) >= LIMIT:
                what = f"{table}, row {number}, {name}: {len(cell):,} characters"
                raise PackageError(f"{what}, and spreadsheets cut a cell at {LIMIT:,}; shorten it")
        grid.append(cells)
    return grid


def _bounds(table: str) -> set[str]:
    return set() if table == MAIN else set(model_fields()[table])


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise PackageError(f"{path}: cannot be read: {error.strerror}") from None


def _beside(path: Path) -> dict[str, Path]:
    """The companions beside a CSV, by what stands in their names where the table should."""
    found = sorted(path.parent.glob(f"{_literal(path.stem)}.*.csv"))
    return {p.name[len(path.stem) + 1 : -4]: p for p in found if p != path}


def _foreign_beside(path: Path) -> list[Path]:
    """Companions that were saved in a format that is not read."""
    return [p for p in sorted(path.parent.glob(f"{_literal(path.stem)}.*.*")) if p.suffix.lower() in FOREIGN]


def _foreign(path: Path) -> Finding:
    what = f"{FOREIGN[path.suffix.lower()]} is not read"
    return Finding(str(path), 0, 0, "format", what, "save it as XLSX or as 'CSV UTF-8', and give that")


def _literal(name: str) -> str:
    return re.sub(r"([*?[])", r"[\1]", name)


def _open_elsewhere(path: Path) -> list[Finding]:
    """Whether a spreadsheet has the file open, and may still write it."""
    locks = (path.with_name(f".~lock.{path.name}#"), path.with_name(f"~${path.name}"))
    fix = "save and close it there first; if nobody has it open, delete that file"
    return [
        Finding(str(path), 0, 0, "open-elsewhere", f"a spreadsheet has the file open, as {lock.name} says", fix)
        for lock in locks
        if lock.exists()
    ]


def _stray_table(path: str, name: str) -> Finding:
    near = nearest(name, COMPANIONS)
    fix = f"name it {near!r}" if near else f"take it away; companions may be {', '.join(COMPANIONS)}"
    return Finding(path, 0, 0, "companion", f"{shown(name)} is no table that a worksheet may bring", fix)


def _sheet(grid: Grid, path: str, findings: list[Finding], known: Sequence[str] | None = None) -> Sheet:
    """The rows below a header; ``known`` are the columns there can be, by default those of a worksheet."""
    if not grid:
        return Sheet(path=path)
    (first, header), body = grid[0], grid[1:]
    header = [name.strip() for name in header]
    while (
        header
        and not header[-1]
        and not any(cells[len(header) - 1 : len(header)] != [""] for _, cells in body if len(cells) >= len(header))
    ):
        header.pop()
    findings += _strange(header, path, first, known)
    sheet = Sheet([], path, header, [])
    for number, cells in body:
        if extra := [cell for cell in cells[len(header) :] if cell]:
            what = f"the row has cells beyond the header, the first {shown(extra[0])}"
            findings.append(
                Finding(path, number, len(header) + 1, "row-length", what, "see whether its cells have moved")
            )
        padded = [*cells, *[""] * (len(header) - len(cells))]
        row = {name: _hyphened(name, unshielded(cell)) for name, cell in zip(header, padded, strict=False)}
        sheet.rows.append(row)
        sheet.numbers.append(number)
        for position, cell in enumerate(cells[: len(header)], 1):
            if cell and (problem := _damage(cell, path)):
                rule, what, fix = problem
                findings.append(
                    Finding(path, number, position, rule, what, fix, field=header[position - 1], value=cell[:80])
                )
    return sheet


def _hyphened(name: str, cell: str) -> str:
    """A cell of spans with the hyphens of which a spreadsheet has made dashes."""
    one = column(name)
    return _DASHED.sub("-", cell) if one is not None and one.kind in ("span", "spans") else cell


def _damage(cell: str, path: str) -> tuple[str, str, str] | None:
    """What is wrong with any cell that looks so, whatever its column: rule, what is wrong, how to mend it."""
    if cell[0] == "=" and not path.endswith("]"):  # in a workbook formulas are known as such
        what = f"the cell begins with '=', so that a spreadsheet runs it as a formula ({shown(cell[:40])})"
        return "formula", what, "write it otherwise, or with an apostrophe before it"
    if error_value(cell):
        return "formula", f"a formula of a spreadsheet failed here ({cell})", "write the text that stood here"
    if len(cell) >= LIMIT:
        what = f"the cell has {len(cell):,} characters, and spreadsheets cut a cell at {LIMIT:,}"
        return "cut", what, "restore what is missing, or shorten it"
    return None


def _companion(grid: Grid, path: str, findings: list[Finding]) -> Sheet:
    table = path.rpartition("[")[2][:-1] if path.endswith("]") else Path(path).stem.rpartition(".")[2]
    sheet = _sheet(grid, path, findings, list(model_fields()[table]))
    if grid:
        findings += _missing(sheet, companion_columns(table))
    return sheet


def _strange(header: list[str], path: str, line: int, known: Sequence[str] | None) -> list[Finding]:
    """The columns that there are not, or twice."""
    findings = []
    names = column_names(max(hops_in(header), HOPS)) if known is None else list(known)
    free = [name for name in names if name not in header]
    for position, name in enumerate(header, 1):
        twice = name in header[: position - 1]
        if not twice and (name in names if known is not None else column(name) is not None):
            continue
        near = nearest(name, free) if name and not twice else ""
        what = f"column {shown(name)} stands twice" if twice else f"there is no column {shown(name)}"
        fix = f"did you mean {near!r}?" if near else "delete one" if twice else "delete it; notes go into 'remark'"
        findings.append(Finding(path, line, position, "columns", what, fix, field=name, value=name))
    return findings


def _missing(sheet: Sheet, names: Iterable[str]) -> list[Finding]:
    line = 1
    lacking = [name for name in names if name not in sheet.columns and name not in OPTIONAL]
    if len(lacking) > len(sheet.columns) and not set(sheet.columns) & set(names):
        what = "the first row is not the header"
        return [Finding(sheet.path, line, 0, "columns", what, f"write it: {', '.join(lacking[:5])} …")]
    return [
        Finding(
            sheet.path, line, 0, "columns", f"column {name!r} is missing", "add it; its cells may be empty", field=name
        )
        for name in lacking
    ]
