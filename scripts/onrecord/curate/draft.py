"""Changed tables of a package: rows added, changed and removed in memory, validated as a whole, written all or none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from onrecord.csvtable import canonical_csv
from onrecord.curate.minting import Mint
from onrecord.curate.tables import Key, Row, read_table
from onrecord.engines import Check
from onrecord.evidence import texts_folder
from onrecord.findings import PackageError
from onrecord.fmt import canonical_row
from onrecord.overlay import Overlay
from onrecord.package import Package
from onrecord.report import Report
from onrecord.store import Writer, writing
from onrecord.tableschema import TableSchema
from onrecord.validate import Validator

__all__ = ["Draft", "drafting"]

_MOST = 1_000
"""Findings that are told of a draft at the most, all being counted."""


class Draft:
    """The tables of a package, read when they are asked for; ``added`` and ``changed`` count rows by table.

    Rows are changed by the methods alone. With a ``writer`` they can be written; without one the draft is ``dry``.
    Raises PackageError for a zip, and, when a table is asked for, for one that cannot be read without loss.
    """

    def __init__(self, package: Package, writer: Writer | None = None) -> None:
        if not isinstance(package.root, Path):
            raise PackageError(f"{package.label}: a zip cannot be written to; unpack it first")
        self.package = package
        self.root: Path = package.root
        self.schemas = {name: TableSchema(name, package.schemas[name]) for name in package.names}
        self.added: Counter[str] = Counter()
        self.changed: Counter[str] = Counter()
        self._writer = writer
        self._rows: dict[str, dict[Key, Row]] = {}
        self._seen: dict[str, bytes] = {}
        self._mints: dict[str, Mint] = {}
        self._touched: set[str] = set()

    @property
    def dry(self) -> bool:
        """Whether nothing can be written."""
        return self._writer is None

    @property
    def altered(self) -> bool:
        """Whether there is anything to write."""
        return bool(self._touched)

    def rows(self, table: str) -> list[Row]:
        """The rows of a table, those that were there first; change them by ``change`` only."""
        return list(self._table(table).values())

    def get(self, table: str, *key: str) -> Row | None:
        """The row with a key, None where there is none."""
        return self._table(table).get(key)

    def row(self, table: str, *key: str) -> Row:
        """The row with a key. Raises KeyError where there is none."""
        return self._table(table)[key]

    def key(self, table: str, row: Mapping[str, str]) -> Key:
        """The key of a row."""
        return tuple(row[name] for name in self.schemas[table].primary_key)

    def mint(self, table: str) -> str:
        """An identifier for a new row of a table: none that a row, a release, or a retired row has or had."""
        if table not in self._mints:
            schema = self.schemas[table]
            had = [row[schema.primary_key[0]] for row in self.rows(table)]
            had += [row["retired_id"] for row in self.rows("retired")]
            for ledger in self.package.releases.values():
                had += ledger["tables"].get(table, {}).get("rows", {})
            self._mints[table] = Mint(schema, had)
        return self._mints[table].next()

    def new(self, table: str, **cells: str) -> Row:
        """Add a row under a new identifier. Raises KeyError for a column that does not exist."""
        key = self.schemas[table].primary_key[0]
        row = self.add(table, **{**cells, key: self.mint(table)})
        assert row is not None  # noqa: S101  # nobody has a new identifier
        return row

    def add(self, table: str, **cells: str) -> Row | None:
        """Add a row, columns that are not named empty, date bounds derived; None where its key is taken.

        Raises KeyError for a column that does not exist.
        """
        schema = self.schemas[table]
        row = canonical_row({**dict.fromkeys(schema.columns, ""), **_known(schema, cells)}, schema)
        key = self.key(table, row)
        if key in self._table(table):
            return None
        self._table(table)[key] = row
        self.added[table] += 1
        self._touched.add(table)
        return row

    def change(self, table: str, row: Row, **cells: str) -> None:
        """Change cells of a row, none of its key, date bounds derived. Raises KeyError for a column that does not exist."""
        schema = self.schemas[table]
        row |= canonical_row({**row, **_known(schema, cells)}, schema)
        self.changed[table] += 1
        self._touched.add(table)

    def remove(self, table: str, row: Row) -> None:
        """Take a row out of a table; identifiers that were published must be retired besides."""
        del self._table(table)[self.key(table, row)]
        self._touched.add(table)

    def files(self) -> dict[str, bytes]:
        """The canonical bytes of each table that was changed, by path in the package."""
        found = {}
        for table in sorted(self._touched):
            schema = self.schemas[table]
            rows = self._rows[table].values()
            found[self.package.path(table)] = canonical_csv(schema.columns, schema.primary_key, rows)
        return found

    def preview(self) -> Package:
        """The package as it would be."""
        return Package(Overlay(self.root, self.files()), self.package.label)

    def report(self, texts: Path | None = None) -> Report:
        """What validation finds in the package as it would be.

        ``texts`` is the folder of source texts, by default ONRECORD_TEXTS or texts/ in the package. Raises
        PackageError when the check cannot be begun.
        """
        return Check(Validator(texts or texts_folder(self.root)), "duckdb", most=_MOST).run(self.preview())

    def write(self, more: Mapping[Path, bytes] | None = None) -> list[Path]:
        """Write the changed tables, and ``more`` files of the package, all or none; returns those that changed.

        Raises PackageError when the draft is dry, when a table is no longer as it was read, and when disk or
        permissions forbid it.
        """
        if self._writer is None:
            raise PackageError(f"{self.package.label}: nothing is written in a dry run")
        files = {self.root / path: data for path, data in self.files().items()}
        seen = {self.root / self.package.path(table): data for table, data in self._seen.items()}
        return self._writer.write(files | dict(more or {}), seen)

    def _table(self, name: str) -> dict[Key, Row]:
        if name not in self._rows:
            text = read_table(self.package, name)
            rows = [dict(zip(text.columns, cells, strict=True)) for cells in text.rows]
            found = {self.key(name, row): row for row in rows}
            if len(found) < len(rows):
                what = f"{self.package.path(name)} has two rows with one key"
                raise PackageError(f"{what}; mend the package first: onrecord validate")
            self._rows[name] = found
            self._seen[name] = text.data or b""
        return self._rows[name]


@contextmanager
def drafting(package: Package, command: str, dry_run: bool = False) -> Iterator[Draft]:
    """A draft of a package, which is held for ``command`` until the block ends; with ``dry_run`` it is only read.

    Raises PackageError for a zip, and where another command holds the package or it cannot be written.
    """
    draft = Draft(package)
    if dry_run:
        yield draft
        return
    with writing(draft.root, command) as writer:
        # opened anew, since another command may have written while this one waited
        yield Draft(Package(draft.root, package.label), writer)


def _known(schema: TableSchema, cells: Mapping[str, str]) -> Mapping[str, str]:
    for name in cells:
        schema.field[name]  # a name that is no column
    return cells
