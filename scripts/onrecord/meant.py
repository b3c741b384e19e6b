"""The tables as they were probably meant: what is known to be wrong is mended or left out, so that it brings about nothing else."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from onrecord.csvtable import sort_key
from onrecord.loaded import Cell, LoadedTable
from onrecord.references import References, belonging

__all__ = ["Change"]

Key = tuple[str, str]


class Change:
    """What is to be changed in tables so that nothing in them is known to be wrong.

    ``cells`` hold the values that were meant. ``gone`` are rows to be left out: doubles; rows with a
    cell of which nobody can tell what was meant, and what these rows belong to; and whatever refers
    to one of them, or to a row that is missing. ``doubted`` are the tables in which something is wrong.
    """

    def __init__(self, tables: Mapping[str, LoadedTable], references: References) -> None:
        self.tables = tables
        self.cells: dict[str, dict[Cell, str]] = {name: {} for name in tables}
        self.gone: dict[str, set[int]] = {name: set(table.doubles) for name, table in tables.items()}
        self.doubted = {name for name, rows in self.gone.items() if rows}
        self._owner = belonging(tables)
        self._referring: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for table in tables.values():
            for key in table.schema.foreign_keys:
                self._referring[key.table].append((table.name, key.fields[0]))
        keys = [*self._missing(references), *self._unknown()]
        self._leave_out(keys)

    def of(self, name: str) -> tuple[list[tuple[Cell, str]], list[int]]:
        """What changes in one table, in order."""
        return sorted(self.cells[name].items()), sorted(self.gone[name])

    def _missing(self, references: References) -> Iterator[Key]:
        """The keys that are gone, and what rows may belong to that refer to such a key by a slip."""
        for one in references.gone:
            self.doubted |= {one.table, *(orphan.finding.table for orphan in one.orphans)}
            if one.row is not None:
                self.cells[one.table][one.row, self.tables[one.table].schema.primary_key[0]] = one.key
                self.gone[one.table].discard(one.row)
                continue
            yield one.table, one.key
            for orphan in one.orphans:
                name = orphan.finding.table
                if self._owner.get(name, ("",))[0] == orphan.finding.field:
                    low, high = self._around(name, orphan.row)
                    if not low < sort_key(one.key) < high:
                        yield from self._between(one.table, low, high)

    def _unknown(self) -> Iterator[Key]:
        """The keys of rows in which a cell cannot be known, and of what these rows belong to."""
        rows: dict[tuple[str, int], set[str]] = defaultdict(set)
        for name, table in self.tables.items():
            for (row, column), value in {**table.undated, **table.doubts}.items():
                self.doubted.add(name)
                if value is not None:
                    self.cells[name].setdefault((row, column), value)
                elif (row, column) not in self.cells[name]:
                    rows[name, row].add(column)
            for row, other in table.doubles.items():
                if row in self.gone[name] and not table.same(row, other):
                    rows[name, row] |= set()
        for (name, row), columns in rows.items():
            self.gone[name].add(row)
            primary = self.tables[name].schema.primary_key
            if len(primary) == 1 and row not in self.tables[name].doubles:
                yield name, self._value(name, row, primary[0])
            column, target = self._owner.get(name, ("", ""))
            if column in columns:
                yield from self._between(target, *self._around(name, row))
            elif column:
                yield target, self._value(name, row, column)

    def _value(self, name: str, row: int, column: str) -> str:
        return self.cells[name].get((row, column), str(self.tables[name].strings.at[row, column]))

    def _around(self, name: str, row: int) -> tuple[tuple, tuple]:  # type: ignore[type-arg]  # of csvtable.sort_key
        """The keys to which the rows above and below belong, for the order."""
        index, column = self.tables[name].strings.index, self._owner[name][0]
        at, rows = int(index.searchsorted(row)), index.tolist()
        low = sort_key(self._value(name, rows[at - 1], column)) if at else ()
        return low, sort_key(self._value(name, rows[at + 1], column)) if at + 1 < len(rows) else (3,)

    def _between(self, name: str, low: tuple, high: tuple) -> Iterator[Key]:  # type: ignore[type-arg]
        keys = self.tables[name].strings[self.tables[name].schema.primary_key[0]]
        return ((name, key) for key in keys if low <= sort_key(key) <= high)

    def _leave_out(self, keys: list[Key]) -> None:
        """Leave out the rows with these keys, those that refer to them, and so on."""
        seen: set[Key] = set()
        while keys:
            name, key = keys.pop()
            if (name, key) in seen or name not in self.tables:
                continue
            seen.add((name, key))
            self.gone[name] |= self._rows(name, self.tables[name].schema.primary_key[0], key)
            for table, column in self._referring[name]:
                rows = self._rows(table, column, key) - self.gone[table]
                self.gone[table] |= rows
                primary = self.tables[table].schema.primary_key
                if len(primary) == 1 and table not in self._owner:
                    keys += [(table, self._value(table, row, primary[0])) for row in rows]

    def _rows(self, name: str, column: str, key: str) -> set[int]:
        cells = self.tables[name].strings[column]
        rows = {int(row) for row in cells.index[cells == key]} | {
            r for (r, c), v in self.cells[name].items() if c == column and v == key
        }
        return {row for row in rows if self._value(name, row, column) == key}
