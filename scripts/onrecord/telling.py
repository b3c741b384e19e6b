"""The faults that a survey kept, in the words of the checks in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from onrecord.cells import double
from onrecord.csvtable import TableText, sort_key
from onrecord.duck import literal
from onrecord.engine import said
from onrecord.files import DISORDERED, MEND
from onrecord.findings import Finding
from onrecord.listing import Listing
from onrecord.loaded import LoadedTable, load_table
from onrecord.package import Package
from onrecord.queries import SEPARATOR
from onrecord.references import orphaned
from onrecord.rules import RULES
from onrecord.surveyed import Surveyed

if TYPE_CHECKING:
    from onrecord.duck import Duck
    from onrecord.sparked import Spark

__all__ = ["Telling"]

_KEYS = ("primary-key", "unique", "unique-key")
_APART = (*_KEYS, "foreign-key", "canonical-form")
_BY_NAME = {rule.name: rule for rule in RULES}


class Telling:
    """Lists what is wrong with tables, from the rows of ``faults`` in the store of an engine.

    ``parts`` reads rows of a table again, given a query for their numbers.
    """

    def __init__(
        self,
        package: Package,
        engine: Duck | Spark,
        tables: Mapping[str, Surveyed],
        listing: Listing,
        parts: Callable[[Surveyed, str], Iterator[tuple[list[int], TableText]]],
    ) -> None:
        self.package, self.engine, self.tables, self.listing, self.parts = package, engine, tables, listing, parts

    def run(self) -> None:
        """Fill the listing."""
        for (name,) in list(self.engine.store.rows("SELECT DISTINCT table_name FROM faults ORDER BY table_name")):
            self._tell(self.tables[name])

    def _tell(self, table: Surveyed) -> None:
        """Say of every fault of a table what is wrong."""
        name = f"'{table.name}'"
        mine = f"SELECT * FROM faults AS f WHERE table_name = {name} AND NOT EXISTS (SELECT 1 FROM doubts AS d "
        mine += 'WHERE d.table_name = f.table_name AND d."row" = f."row" AND d.field_name = f.field_name)'
        apart = f'CASE WHEN rule IN ({", ".join(map(literal, _APART))}) OR "row" < 0 THEN detail END'
        details = "array_to_string(list_sort(list_distinct(list(nullif(detail, '')))), '; ')"
        faults = self.engine.store.rows(
            f'SELECT "row", rule, field_name, {details} FROM ({mine}) GROUP BY "row", rule, field_name, {apart} ORDER BY ALL'
        )
        doubled = f"SELECT CAST(split_part(detail, '{SEPARATOR}', 1) AS BIGINT) AS \"row\" FROM ({mine}) WHERE rule IN ({', '.join(map(literal, _KEYS))})"
        firsts = {row for (row,) in self.engine.store.rows(f"SELECT DISTINCT * FROM ({doubled})")}
        fault = next(faults, None)
        if fault is None:
            return
        while fault is not None and fault[0] < 0:
            empty = TableText(table.name, table.path, table.schema.columns, numbered=table.numbered)
            nothing = load_table(empty, table.schema)
            self.listing.add(self._finding(table, nothing, -1, fault, {}))
            fault = next(faults, None)
        lines: dict[tuple[int, str], int] = {}
        leading = {key[0] for key in (table.schema.primary_key, *table.schema.unique_keys)}
        leading |= {f.name for f in table.schema.fields if f.constraints.get("unique")}
        told = self.engine.carried(f'SELECT "row" FROM ({mine}) UNION {doubled}')
        for numbers, part in self.parts(table, told):
            loaded = load_table(part, table.schema)
            at = {number: row for row, number in enumerate(numbers)}
            told_first = [(number, row) for number, row in at.items() if number in firsts]
            lines |= {(number, name): part.place(row, name)[0] for number, row in told_first for name in leading}
            while fault is not None and fault[0] in at:
                self.listing.add(self._finding(table, loaded, at[fault[0]], fault, lines))
                fault = next(faults, None)

    def _finding(
        self,
        table: Surveyed,
        loaded: LoadedTable,
        row: int,
        fault: tuple[Any, ...],
        lines: Mapping[tuple[int, str], int],
    ) -> Iterator[Finding]:
        _, rule, name, detail = fault
        first, *key = detail.split(SEPARATOR)
        if rule in _KEYS:
            yield double(loaded, row, rule, key, lines[int(first), key[0]])
        elif rule == "foreign-key":
            reference = next(k for k in table.schema.foreign_keys if (k.table, *k.fields) == (first, *key))
            missing = ", ".join(str(loaded.strings.at[row, c]) for c in reference.fields)
            unread = (", ".join(r.get(c, "") for c in reference.other_fields) for r in self.tables[first].unread)
            if missing not in unread:
                yield orphaned(loaded, row, reference, missing, self.package.last_names, self._retired)
        elif rule == "canonical-form":
            keys = table.schema.primary_key
            above = [sort_key(cell) for cell in detail.split(SEPARATOR)]
            if above > [sort_key(str(loaded.strings.at[row, c])) for c in keys]:
                yield loaded.finding(row, keys[0], rule, DISORDERED, MEND)
        else:
            yield said(loaded, _BY_NAME[rule], {"row": row, "field_name": name, "detail": detail})

    @cached_property
    def _retired(self) -> dict[str, str]:
        if "retired" not in self.tables:
            return {}
        rows = self.engine.rows('SELECT retired_id, replacement_id FROM "scanned retired"')
        return {str(old): new or "" for old, new in rows}
