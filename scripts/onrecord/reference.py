"""Every fault of a package by itself, found in memory with Pandera on pandas: what the other engines must find too."""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from onrecord.cells import double, every_fault
from onrecord.columnar import SUFFIX
from onrecord.compiled import Compiled
from onrecord.csvtable import TableText, sort_key
from onrecord.engine import said
from onrecord.files import DISORDERED, MEND, every_form
from onrecord.findings import Finding
from onrecord.listing import Listing
from onrecord.loaded import LoadedTable, load_table
from onrecord.package import Package
from onrecord.pieces import pieces
from onrecord.references import orphaned
from onrecord.rules import RULES, Rule
from onrecord.ruling import rule_sql
from onrecord.tableschema import TableSchema
from onrecord.views import Views, bases

if TYPE_CHECKING:
    from onrecord.duck import Duck

__all__ = ["Reference"]


class Reference:
    """Finds every fault of a package in memory, and lists them as ``Survey`` does.

    ``checked`` and ``skipped`` name the rules that ran and those that could not, ``rows`` counts the
    rows per table, and ``unread`` those that could not be read.
    """

    def __init__(self, package: Package, store: Duck, texts: dict[str, str]) -> None:
        self.package, self.texts = package, texts
        self.listing = Listing(store, [package.path(name) for name in package.names])
        self.tables: dict[str, LoadedTable] = {}
        self.checked: list[str] = []
        self.skipped: list[str] = []
        self._unread: dict[str, list[dict[str, str]]] = {}

    @property
    def texts_at_hand(self) -> tuple[int, int]:
        """How many source texts are at hand, of how many that have a hash."""
        hashes = set(self.tables["sources"].strings["text_sha256"]) - {""} if "sources" in self.tables else set()
        return len(hashes & set(self.texts)), len(hashes)

    @property
    def rows(self) -> dict[str, int]:
        return {name: len(table.strings) for name, table in self.tables.items()}

    @property
    def unread(self) -> dict[str, int]:
        return {name: len(rows) for name, rows in self._unread.items() if rows}

    def run(self, rules: Sequence[Rule] = RULES) -> None:
        """Fill the listing."""
        for name in self.package.names:
            self.tables[name] = self._read(name)
            self.listing.add(finding for _, finding in every_fault(self.tables[name]))
        for table in self.tables.values():
            self.listing.add(_keys(table))
            self.listing.add(self._references(table))
        views = Views(self.package, self.tables, self.texts)
        for rule in rules:
            self._rule(rule, views)

    def _read(self, name: str) -> LoadedTable:
        """The rows of a table that can be read."""
        schema, path = TableSchema(name, self.package.schemas[name]), self.package.path(name)
        whole = TableText(name, path, schema.columns, numbered=path.endswith(SUFFIX))
        self._unread[name] = []
        if not self.package.exists(path):
            whole, findings = self.package.read(name)
            self.listing.add(findings)
            return load_table(whole, schema)
        file = io.BytesIO(self.package.read_bytes(path))
        for number, piece in enumerate(pieces(file, name, path, schema.columns)):
            self.listing.add(piece.findings)
            self.listing.add(every_form(piece.text, piece.raw, schema))
            if not number:  # what cannot be read tells of no columns
                whole.columns = piece.text.columns
            whole.rows += piece.text.rows
            whole.lines += piece.text.lines
            whole.complete &= piece.complete
            self._unread[name] += [dict(zip(piece.text.columns, cells, strict=False)) for cells in piece.unread]
        return load_table(whole, schema)

    def _references(self, table: LoadedTable) -> Iterator[Finding]:
        retired: dict[str, str] = {}
        if "retired" in self.tables:
            strings = self.tables["retired"].strings
            retired = dict(zip(strings["retired_id"], strings["replacement_id"], strict=True))
        for key in table.schema.foreign_keys:
            target = self.tables.get(key.table)
            if target is None or not target.text.complete:
                continue
            known = set(target.strings[list(key.other_fields)].itertuples(index=False, name=None))
            known |= {tuple(row.get(c, "") for c in key.other_fields) for row in self._unread[key.table]}
            for row, *cells in table.strings[list(key.fields)].itertuples(name=None):
                sound = all(cells) and not any((row, f) in table.doubts for f in key.fields)
                if sound and tuple(cells) not in known:
                    yield orphaned(table, row, key, ", ".join(cells), self.package.last_names, retired)

    def _rule(self, rule: Rule, views: Views) -> None:
        read = bases(set(rule.views) - {"dates"}, self.tables)
        if not all(name in self.tables and self.tables[name].text.complete for name in read):
            self.skipped.append(rule.name)
            return
        self.checked.append(rule.name)
        for name in rule.views:
            views.make(name)
        found: dict[tuple[str, int, str, str], set[str]] = defaultdict(set)
        for sql in rule_sql(_COMPILED, rule):
            for hit in views.rows(sql):
                table, row, name = hit["table_name"], hit["row"], hit["field_name"]
                if (row, name) not in self.tables[table].doubts:
                    found[table, row, name, hit["detail"] if row < 0 else ""].add(hit["detail"] or "")
        for (table, row, name, _), details in found.items():
            told = {"row": row, "field_name": name, "detail": "; ".join(sorted(details - {""}))}
            self.listing.add([said(self.tables[table], rule, told)])


_COMPILED = Compiled("duckdb")


def _keys(table: LoadedTable) -> Iterator[Finding]:
    """Rows with the key of an earlier one, and rows whose key comes before that of the row above."""
    schema, primary = table.schema, table.schema.primary_key
    single = [[f.name] for f in schema.fields if f.constraints.get("unique") and [f.name] != primary]
    keys = [("primary-key", primary), *(("unique", key) for key in single)]
    for rule, key in [*keys, *(("unique-key", key) for key in schema.unique_keys)]:
        first: dict[tuple[str, ...], int] = {}
        above: list[tuple[int, str, int, str, str]] = []
        if table.lacking & set(key):
            continue
        for row, *cells in table.strings[key].itertuples(name=None):
            if any((row, name) in table.doubts for name in key):
                continue
            if rule == "primary-key":
                order = [sort_key(cell) for cell in cells]
                if above > order:
                    yield table.finding(row, key[0], "canonical-form", DISORDERED, MEND)
                above = order
            if (any(cells) or rule != "unique") and first.setdefault(tuple(cells), row) != row:
                yield double(table, row, rule, key, table.text.place(first[tuple(cells)], key[0])[0])
