"""A package on disk (folder or zip): descriptor, tables, strict CSV reading, canonical writing."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import tempfile
import unicodedata
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Any

from onrecord.findings import Finding, PackageError

__all__ = [
    "INSTALLED",
    "Package",
    "TableText",
    "canonical_csv",
    "find_package",
    "open_package",
    "render",
    "sort_key",
    "write_files",
]

_UNREADABLE = (OSError, zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError)
TYPES = ("string", "integer", "number", "date", "boolean")
INSTALLED = Path(__file__).resolve().parent / "_package"
_ID = re.compile(r"([A-Z]?)([0-9]+)", re.ASCII)


@dataclass
class TableText:
    """One CSV as it stands: every cell a string, and the place of every row in the file.

    ``rows`` hold one cell per column of ``columns`` (the header as written). ``lines[i]`` is the
    line on which row ``i`` begins. Rows in ``ragged`` had another number of cells and were padded
    or cut. ``complete`` is false where rows or columns could not be read at all, so that what is
    missing must not be taken for absent.
    """

    name: str
    path: str
    columns: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    ragged: set[int] = field(default_factory=set)
    complete: bool = True
    data: bytes | None = None

    def place(self, row: int, name: str) -> tuple[int, int]:
        """Line and column number (both from 1) of a cell; line 1 where there is no such row."""
        column = self.columns.index(name) if name in self.columns else -1
        if not 0 <= row < len(self.rows):
            return 1, column + 1
        before = self.rows[row][:column] if column > 0 else []
        return self.lines[row] + sum(cell.count("\n") for cell in before), column + 1

    def cell(self, row: int, name: str) -> str | None:
        """The text of a cell, None where row or column do not exist."""
        if name not in self.columns or not 0 <= row < len(self.rows):
            return None
        return self.rows[row][self.columns.index(name)]


class Package:
    """A Data Package of On Record tables.

    Raises PackageError when there is no readable descriptor or schema: nothing can be said then.
    """

    def __init__(self, root: Path | zipfile.Path, label: str) -> None:
        self.root = root
        self.label = label
        self.descriptor = self.read_json("datapackage.json")
        resources = self.descriptor.get("resources")
        if not isinstance(resources, list) or not all(isinstance(r, dict) for r in resources):
            raise PackageError(f"{label}/datapackage.json: 'resources' must be a list of objects")
        names = [r.get("name") for r in resources]
        if not all(isinstance(n, str) for n in names) or len(set(names)) < len(names):
            raise PackageError(f"{label}/datapackage.json: every resource needs a name of its own; names are {names}")
        self.resources: dict[str, dict[str, Any]] = {r["name"]: r for r in resources}

    def read_json(self, path: str) -> dict[str, Any]:
        """A JSON object of the package. Raises PackageError when there is none that can be read."""
        try:
            value = json.loads(self._at(path).read_bytes().decode("utf-8"))
        except (FileNotFoundError, KeyError, NotADirectoryError):
            raise PackageError(f"{self.label}: there is no {path}; name a folder that has one") from None
        except (UnicodeDecodeError, json.JSONDecodeError, RecursionError, *_UNREADABLE) as error:
            raise PackageError(f"{self.label}/{path}: cannot be read as JSON: {error}") from None
        if not isinstance(value, dict):
            raise PackageError(f"{self.label}/{path}: must be a JSON object")
        return value

    def _at(self, path: str) -> Path | zipfile.Path:
        pure = PurePosixPath(path)
        if pure.is_absolute() or ".." in pure.parts or "\\" in path or "://" in path or not path:
            raise PackageError(
                f"{self.label}/datapackage.json: path {path!r} leaves the package; "
                "write a path below the folder of the descriptor"
            )
        return self.root.joinpath(*pure.parts)

    @property
    def names(self) -> list[str]:
        """Names of the tables, in the order of the descriptor."""
        return list(self.resources)

    def path(self, name: str) -> str:
        """Path of a table's CSV relative to the package."""
        value = self.resources[name].get("path")
        if not isinstance(value, str):
            raise PackageError(f"{self.label}/datapackage.json: resource {name!r} needs one path")
        return value

    def exists(self, path: str) -> bool:
        """Whether the package holds a file at this relative path."""
        return self._at(path).is_file()

    def read_bytes(self, path: str) -> bytes:
        """The bytes of a file of the package."""
        return self._at(path).read_bytes()

    def files(self, folder: str) -> list[str]:
        """Relative paths of everything directly in a folder of the package, sorted."""
        at = self._at(folder)
        return sorted(f"{folder}/{p.name}" for p in at.iterdir()) if at.is_dir() else []

    @cached_property
    def schemas(self) -> dict[str, dict[str, Any]]:
        """The Table Schema of every table, as JSON."""
        found = {}
        for name, resource in self.resources.items():
            schema = resource.get("schema")
            if isinstance(schema, str) and schema:
                schema = self.read_json(schema)
            if not isinstance(schema, dict) or not isinstance(schema.get("fields"), list):
                raise PackageError(f"{self.label}/datapackage.json: resource {name!r} needs a schema with fields")
            if problem := schema_problem(schema):
                raise PackageError(f"{self.label}: the schema of {name} {problem}")
            found[name] = schema
        return found

    @cached_property
    def releases(self) -> dict[str, dict[str, Any]]:
        """The ledgers of past releases: version → what releases/<version>.json holds."""
        ledgers = {p: self.read_json(p) for p in self.files("releases") if p.endswith(".json")}
        for path, ledger in ledgers.items():
            tables = ledger.get("tables")
            if not isinstance(tables, dict) or not all(
                isinstance(t, dict) and isinstance(t.get("rows"), dict) for t in tables.values()
            ):
                raise PackageError(f"{self.label}/{path}: is no ledger of a release; restore it from the release")
        return {PurePosixPath(path).stem: ledger for path, ledger in ledgers.items()}

    def read(self, name: str) -> tuple[TableText, list[Finding]]:
        """Read one table strictly: its text, and what is wrong with the file as a file."""
        path = self.path(name)
        table = TableText(name, path)
        fields = [str(f.get("name")) for f in self.schemas[name]["fields"]]
        try:
            table.data = self.read_bytes(path)
        except IsADirectoryError:
            raise PackageError(f"{self.label}/{path}: is a folder where a file should be; take it away") from None
        except (FileNotFoundError, KeyError, NotADirectoryError):
            table.columns, table.complete = fields, False
            return table, [
                Finding(path, 0, 0, "missing-table", f"the file of table {name} is not there; restore it, or write its header alone if it has no rows", name)
            ]  # fmt: skip
        except _UNREADABLE as error:
            raise PackageError(f"{self.label}/{path}: cannot be read: {error}") from None
        findings = _parse(table, fields)
        return table, findings


def schema_problem(schema: Mapping[str, Any]) -> str:
    """What keeps a Table Schema from being understood; empty where nothing does."""
    fields = schema["fields"]
    if not all(isinstance(f, dict) and isinstance(f.get("name"), str) and f["name"] for f in fields):
        return "has a field without a name"
    names = [f["name"] for f in fields]
    if len(set(names)) < len(names):
        return "has two fields of one name"
    for f in fields:
        if f.get("type", "string") not in TYPES:
            return f"gives {f['name']} the type {f.get('type')!r}; we know {', '.join(TYPES)}"
        try:
            re.compile(str(f.get("constraints", {}).get("pattern", "")))
        except (re.error, AttributeError) as error:
            return f"has constraints on {f['name']} that cannot be understood: {error}"
    key = schema.get("primaryKey")
    keys = [key, *schema.get("uniqueKeys", [])] if isinstance(schema.get("uniqueKeys", []), list) else [None]
    try:
        keys += [k["fields"] for k in schema.get("foreignKeys", []) if k["reference"]["fields"] is not None]
    except (KeyError, TypeError):
        return "has foreignKeys that cannot be understood"
    for columns in keys:
        listed = [columns] if isinstance(columns, str) else columns
        if not isinstance(listed, list) or not listed or not set(listed) <= set(names):
            return f"has a key of fields that it does not have: {columns!r}"
    return ""


def _parse(table: TableText, fields: list[str]) -> list[Finding]:
    """Fill a TableText from its bytes; return what hinders reading."""
    findings: list[Finding] = []

    def report(
        line: int,
        column: int,
        rule: str,
        message: str,
        name: str = "",
        value: str | None = None,
        mendable: bool = False,
    ) -> None:
        findings.append(Finding(table.path, line, column, rule, message, table.name, name, value, mendable))

    data = table.data or b""
    text = _decode(data, report)
    if text is None:
        table.columns, table.complete = fields, False
        return findings
    records = _records(text, report)
    table.complete = all(f.rule != "csv-syntax" for f in findings)
    if not records:
        table.columns, table.complete = fields, False
        if not findings:
            report(1, 0, "columns", f"the file is empty; its first line must be {','.join(fields)}")
        return findings
    (_, header), body = records[0], records[1:]
    table.columns = header
    _check_header(header, fields, table, report)
    if body and len(body[-1][1]) < len(header) and not data.endswith(b"\n"):
        line = body.pop()[0]
        table.complete = False
        report(line, 0, "csv-syntax", "the file breaks off within this row; restore what follows")
    for line, cells in body:
        if len(cells) != len(header):
            table.ragged.add(len(table.rows))
            report(
                line, 0, "row-length",
                f"the row has {len(cells)} cells, the header {len(header)}; quote cells that hold a comma, or add what is missing",
            )  # fmt: skip
            cells = (cells + [""] * len(header))[: len(header)]
        table.rows.append(cells)
        table.lines.append(line)
    return findings


def _decode(data: bytes, report: Any) -> str | None:
    if data.startswith(b"\xef\xbb\xbf"):
        report(1, 1, "encoding", "the file begins with a byte order mark; save it as UTF-8 without one", mendable=True)
        data = data[3:]
    if b"\0" in data:
        line = data[: data.index(b"\0")].count(b"\n") + 1
        report(line, 0, "encoding", "the line holds a NUL byte; delete it, or restore the file")
        return None
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        start = data.rfind(b"\n", 0, error.start) + 1
        column = data[start : error.start].count(b",") + 1
        report(
            line, column, "encoding",
            f"byte 0x{data[error.start]:02x} is not UTF-8; save the file as UTF-8 (it may be Latin-1 or Windows-1252)",
        )  # fmt: skip
        return None


def _records(text: str, report: Any) -> list[tuple[int, list[str]]]:
    """Records with the line on which each begins; faults of quoting are reported, never guessed."""
    csv.field_size_limit(2**31 - 1)
    lines = text.split("\n")
    last = lines.pop()
    source = [line + "\n" for line in lines] + ([last] if last else [])
    reader = csv.reader(source, strict=True)
    records: list[tuple[int, list[str]]] = []
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return records
        except csv.Error as error:
            what = str(error)
            if what == "unexpected end of data":
                what = "a quotation mark that opens in this row is never closed"
            elif "new-line character" in what:
                what = "a carriage return stands within the row"
            elif "expected after" in what:
                what = "text follows a closing quotation mark"
            report(
                line, 0, "csv-syntax", f"{what}; write the row anew, quoted cells closed and the marks in them doubled"
            )
            continue
        if not cells:
            report(line, 0, "row-length", "the line is empty; delete it")
            continue
        records.append((line, cells))


def _check_header(header: list[str], fields: list[str], table: TableText, report: Any) -> None:
    import difflib

    missing = [name for name in fields if name not in header]
    for position, name in enumerate(header, 1):
        if header.index(name) != position - 1:
            table.complete = False
            report(1, position, "columns", f"column {name!r} stands twice; delete one", name, name)
        elif name not in fields:
            near = difflib.get_close_matches(name, missing or fields, 1)
            hint = f"did you mean {near[0]!r}?" if near else "delete it, or add it to the schema"
            report(1, position, "columns", f"column {name!r} is not in the schema; {hint}", name, name)
    for name in missing:
        table.complete = False
        report(1, 0, "columns", f"column {name!r} is missing; add it", name)
    if not missing and [n for n in header if n in fields] != fields and len(set(header)) == len(header):
        position = next(i for i, n in enumerate(header, 1) if i > len(fields) or n != fields[i - 1])
        report(
            1, position, "columns",
            f"the columns stand in another order than in the schema; run 'onrecord fmt' (expected {','.join(fields)})",
            header[position - 1], mendable=True,
        )  # fmt: skip


def find_package(start: Path | None = None) -> Path:
    """The package to use when none is named: around the working folder, this clone, or the wheel.

    Raises PackageError when there is none.
    """
    start = (start or Path.cwd()).resolve()
    for folder in (start, *start.parents, INSTALLED.parent.parent.parent, INSTALLED):
        if (folder / "datapackage.json").is_file() and (folder / "schemas" / "claims.json").is_file():
            return folder
    raise PackageError("no datapackage.json here or above; name the folder of the package")


def open_package(path: str | Path | None = None) -> Package:
    """Open a package: a folder, its datapackage.json, or a zip. None means the nearest one.

    Raises PackageError when it cannot be opened.
    """
    where = Path(path) if path is not None else find_package()
    if where.name == "datapackage.json":
        where = where.parent
    if where.is_dir():
        return Package(where, str(path) if path is not None else ".")
    if not where.exists():
        raise PackageError(f"{where}: no such folder or file")
    if not zipfile.is_zipfile(where):
        raise PackageError(f"{where}: neither a folder nor a zip archive")
    try:
        root = zipfile.Path(where)
    except _UNREADABLE as error:
        raise PackageError(f"{where}: cannot be read: {error}") from None
    if not (root / "datapackage.json").exists():
        inner = [p for p in root.iterdir() if p.is_dir() and (p / "datapackage.json").exists()]
        if len(inner) == 1:
            root = inner[0]
    return Package(root, str(where))


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
    """Rows as canonical CSV text: least quoting, LF."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_MINIMAL).writerows(rows)
    return out.getvalue()


def write_files(files: Mapping[Path, bytes]) -> list[Path]:
    """Write files beside their places and rename them in once all are written; skip equal ones.

    Returns the paths that changed. Raises PackageError when the disk or a permission forbids it;
    no file is changed then unless a rename itself fails.
    """
    changed = [p for p, data in files.items() if not p.is_file() or p.read_bytes() != data]
    beside: list[tuple[str, Path]] = []
    try:
        for path in changed:
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
            beside.append((name, path))
            with os.fdopen(handle, "wb") as out:
                out.write(files[path])
                out.flush()
                os.fsync(out.fileno())
            Path(name).chmod(path.stat().st_mode & 0o777 if path.exists() else 0o644)
        for name, path in beside:
            Path(name).replace(path)
    except OSError as error:
        where = error.filename or ", ".join(map(str, changed))
        raise PackageError(f"cannot write {where}: {error.strerror}") from None
    finally:
        for name, _ in beside:
            Path(name).unlink(missing_ok=True)
    return changed
