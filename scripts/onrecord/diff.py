"""What differs between two states of the dataset, and the least version that the change allows.

The levels are those of the Data Package Version recipe (datapackage.org/recipes/data-package-version),
applied to a dataset whose identifiers are cited:

====================================================================  =====
What changed                                                          Level
====================================================================  =====
name, ``id`` or licence of the package; a table removed or renamed    MAJOR
a field removed, renamed, moved, or added before others               MAJOR
a field added that may not be empty                                   MAJOR
type, format, primary, unique or foreign key, missing values          MAJOR
a constraint tighter; a pattern changed or added; a term removed      MAJOR
an identifier removed, also where ``retired`` has it                  MAJOR
a table added                                                         MINOR
rows added                                                            MINOR
a field appended that may be empty                                    MINOR
a constraint looser or removed; a term added                          MINOR
cells changed; rows removed whose key is made of other identifiers    PATCH
titles, descriptions, coding rules, order of terms, other metadata    PATCH
version, date, path and order of rows                                 none
====================================================================  =====

**Our one exception**: by the recipe, to append a column is MAJOR. Here it is MINOR where the column may
be empty, since every reader that finds columns by name or by position still finds those it knew; its
keys, if any, come with it. Rows that have a value in it count as changed.

A row without an identifier of its own, such as an actor's role in an event, is a statement about those
that have one. To withdraw it corrects the data, and breaks no reference.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from onrecord.changes import Change, descriptor_changes, schema_changes
from onrecord.states import Cells, Key, State
from onrecord.versions import Level

__all__ = ["Change", "Difference", "Row", "TableDifference", "diff"]


@dataclass(frozen=True)
class Row:
    """A row that differs.

    ``cells`` are those that do, column → (before, after), and empty text where there is none; None
    where one side is known by its hash alone. ``retired`` is its row of the table of that name, and
    empty where there is none, or where only the identifier is known.
    """

    key: Key
    label: str = ""
    cells: dict[str, tuple[str, str]] | None = None
    retired: Cells = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The key in words: ``C00001, 2``."""
        return ", ".join(self.key)


@dataclass(frozen=True)
class TableDifference:
    """The rows of one table that differ; ``retired`` are removed ones that have a row in the table of that name."""

    name: str
    added: tuple[Row, ...] = ()
    removed: tuple[Row, ...] = ()
    changed: tuple[Row, ...] = ()
    retired: tuple[Row, ...] = ()
    bound: bool = False  # whether a removed row breaks references: the table mints identifiers, or keeps them

    @property
    def empty(self) -> bool:
        """Whether no row differs."""
        return not (self.added or self.removed or self.changed or self.retired)

    def rows(self) -> Iterator[tuple[str, Row, Level]]:
        """Every row with what became of it and the part of the version that this moves."""
        gone = Level.MAJOR if self.bound else Level.PATCH
        yield from (("removed", row, gone) for row in self.removed)
        yield from (("retired", row, Level.MAJOR) for row in self.retired)
        yield from (("added", row, Level.MINOR) for row in self.added)
        yield from (("changed", row, Level.PATCH) for row in self.changed)


@dataclass(frozen=True)
class Difference:
    """Everything that differs between two states; ``tables`` has those with rows that do, in the order of the package.

    ``lost`` are identifiers, with their tables, that vanished without a row in ``retired``.
    """

    before: State
    after: State
    tables: dict[str, TableDifference]
    changes: tuple[Change, ...]
    lost: tuple[tuple[str, str], ...]

    @property
    def empty(self) -> bool:
        """Whether the two say the same, apart from version, date, paths and the order of rows."""
        return not self.tables and not self.changes

    @cached_property
    def level(self) -> Level:
        """The least part of the version that must move."""
        rows = (level for table in self.tables.values() for _, _, level in table.rows())
        return max((*rows, *(change.level for change in self.changes)), default=Level.NONE)

    def reasons(self, level: Level) -> tuple[str, ...]:
        """The changes and rows, in words, each of which alone forces at least this level."""
        found = [str(change) for change in self.changes if change.level >= level]
        for table in self.tables.values():
            for what, row, forced in table.rows():
                if forced >= level:
                    found.append(f"{table.name} {row.name}{f' ({row.label})' if row.label else ''} was {what}")
        return tuple(found)

    def count(self, what: str) -> int:
        """How many rows were ``added``, ``removed``, ``changed`` or ``retired``."""
        return sum(len(getattr(table, what)) for table in self.tables.values())


def diff(before: State, after: State) -> Difference:
    """Compare two states. The levels are those of the table at the head of this module."""
    names = [*after.hashes, *(name for name in before.hashes if name not in after.hashes)]
    tables = (_table(name, before, after) for name in names)
    changes = [*descriptor_changes(before.descriptor, after.descriptor)]
    for name in after.schemas:
        if name in before.schemas:
            changes += schema_changes(name, before.schemas[name], after.schemas[name])
    return Difference(
        before,
        after,
        {table.name: table for table in tables if not table.empty},
        tuple(sorted(changes, key=lambda change: -change.level)),
        tuple(_lost(before, after)),
    )


def _table(name: str, before: State, after: State) -> TableDifference:
    was, now = before.hashes.get(name, {}), after.hashes.get(name, {})
    minted = before.identifiers(name)
    gone = [key for key in was if key not in now]
    withdrawn = {key for key in gone if key[0] in minted and key[0] in after.retired}
    return TableDifference(
        name,
        added=tuple(_row(name, key, before, after) for key in now if key not in was),
        removed=tuple(_row(name, key, before, after) for key in gone if key not in withdrawn),
        changed=tuple(_row(name, key, before, after) for key in now if key in was and was[key] != now[key]),
        retired=tuple(_row(name, key, before, after) for key in gone if key in withdrawn),
        bound=bool(minted) or name == "retired",
    )


def _row(table: str, key: Key, before: State, after: State) -> Row:
    old, new = (state.labels.get(table, {}).get(key, "") for state in (before, after))
    gone = key not in after.hashes.get(table, {})
    retired = after.retired.get(key[0], {}) if gone and table != "retired" else {}
    return Row(key, new or old, _cells(table, key, before, after), retired)


def _cells(table: str, key: Key, before: State, after: State) -> dict[str, tuple[str, str]] | None:
    """The cells that differ; None where a side that has the row does not know its cells."""
    sides: list[Cells] = []
    for state in (before, after):
        rows = state.tables.get(table, {})
        cells = rows.get(key, {}) if key in rows else {}
        if cells is None:
            return None
        sides.append(cells)
    old, new = sides
    pairs = {column: (old.get(column, ""), new.get(column, "")) for column in (*new, *old)}
    return {column: pair for column, pair in pairs.items() if pair[0] != pair[1]}


def _lost(before: State, after: State) -> Iterator[tuple[str, str]]:
    """Identifiers that a reader of the later state finds nowhere, those included that were retired before."""
    kept = {identifier for table in after.hashes for identifier in after.identifiers(table)} | after.retired.keys()
    for table in before.hashes:
        known = set(before.retired) if table == "retired" else before.identifiers(table)
        yield from ((table, identifier) for identifier in sorted(known - kept))
