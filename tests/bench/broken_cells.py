"""Faults of single cells, of keys and of form, for every table and column that its schema lets go wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from bench import story
from bench.faults import Attempt, Kind, UnfitError
from onrecord.tableschema import Field, TableSchema

__all__ = ["kinds"]

_NO_VALUE = {
    "integer": ("1e3", "1_000", "12.0", "twelve", "0x10"),
    "number": ("43,1", "NaN", "1e1", "north"),
    "date": ("2023-9-5", "5.9.2023", "20230905", "2023-02-30", "2021"),
}
_ALIKE = {"a": "а", "e": "е", "o": "о", "c": "с", "p": "р"}
_LONG = "and so on and so forth "
_MOVED = 3  # how far a row out of order stands from its place

Change = Callable[[Attempt, str], str]


def kinds(schemas: dict[str, TableSchema]) -> Iterator[Kind]:
    """All kinds that follow from the schemas."""
    for name, schema in schemas.items():
        for field in schema.fields:
            for rule, group, change in _changes(schema, field):
                yield _cell_kind(name, field.name, rule, group, change)
        yield Kind(f"primary-key: {name}", "keys", "primary-key", name, _double(schema.primary_key), name, _slots(name))
        for key in schema.unique_keys:
            yield Kind(f"unique-key: {name}", "keys", "unique-key", name, _double(key), name, _slots(name))
        yield Kind(
            f"canonical-form: needless quotes in {name}", "form", "canonical-form", name, _quotes, name, _slots(name)
        )
        yield Kind(f"canonical-form: out of order in {name}", "form", "canonical-form", name, _move, name, _slots(name))
        yield Kind(f"row-length: {name}", "files", "row-length", name, _one_cell_more, name, _slots(name))


def _slots(table: str) -> tuple[int, ...] | None:
    return tuple(range(len(story.PLANS[table]))) if table in story.PLANS else None


def _cell_kind(table: str, column: str, rule: str, group: str, change: Change) -> Kind:
    def make(at: Attempt) -> tuple[str, int, str]:
        at.set(**{column: change(at, at.row[column])})
        return at.here(column)

    return Kind(f"{rule}: {table}.{column}", group, rule, table, make, table, _slots(table))


def _changes(schema: TableSchema, f: Field) -> Iterator[tuple[str, str, Change]]:
    """The rules that a field can break alone, and the cell that does it."""
    limits = f.constraints
    in_key = f.name in schema.primary_key
    if f.type in _NO_VALUE:
        yield "type", "cells", lambda at, _: _NO_VALUE[f.type][at.record % len(_NO_VALUE[f.type])]
    if f.required and not in_key:
        yield "required", "cells", lambda _, cell: ""
    if f.enum:
        yield "enum", "cells", lambda _, cell: _filled(cell) + "x"
    if "pattern" in limits and not in_key:
        yield "pattern", "cells", lambda _, cell: "!" + _filled(cell)
    if "minimum" in limits:
        yield "minimum", "cells", lambda _, cell: str(limits["minimum"] - 1)
    if "maximum" in limits:
        yield "maximum", "cells", lambda _, cell: str(limits["maximum"] + 1)
    if "maxLength" in limits:
        yield "max-length", "cells", lambda _, cell: (cell + " " + _LONG * 4).strip()
    if limits.get("unique") and not in_key:
        yield "unique", "keys", lambda at, cell: _earlier(at, f.name, _filled(cell))
    if any(key.fields == (f.name,) for key in schema.foreign_keys):
        yield "foreign-key", "keys", lambda _, cell: _filled(cell)[0] + "0" + cell[1:]
    if f.type == "string" and not f.enum and "pattern" not in limits and not f.name.endswith("_edtf"):
        yield "stray-characters", "cells", lambda at, cell: _stray(at, _filled(cell))
        yield "look-alike-letters", "cells", lambda _, cell: _look_alike(cell)
        yield "formula", "cells", lambda _, cell: "=" + _filled(cell)


def _filled(cell: str) -> str:
    if not cell:
        raise UnfitError
    return cell


def _earlier(at: Attempt, column: str, cell: str) -> str:
    """The value of a row above, which stays as it is."""
    for record in range(at.record - 1, max(-1, at.record - 200), -1):
        value = at.cells(at.over, record)[column]
        if value and value != cell:
            at.needs.add((at.over, record))
            return value
    raise UnfitError


def _stray(at: Attempt, cell: str) -> str:
    return cell + " " if at.record % 2 else cell[:1] + "\u200b" + cell[1:]


def _look_alike(cell: str) -> str:
    """A word with one letter of another script."""
    for place in range(1, len(cell)):
        before, letter = cell[place - 1], cell[place]
        if letter in _ALIKE and before.isascii() and before.isalpha():
            return cell[:place] + _ALIKE[letter] + cell[place + 1 :]
    raise UnfitError


def _double(key: list[str]) -> Callable[[Attempt], tuple[str, int, str]]:
    """A row with the key of the row above."""

    def make(at: Attempt) -> tuple[str, int, str]:
        if not at.record:
            raise UnfitError
        above = at.cells(at.over, at.record - 1)
        if len(key) > 1 and above[key[0]] != at.row[key[0]]:
            raise UnfitError
        at.alone.add((at.over, at.record - 1))
        at.set(**{name: above[name] for name in key})
        return at.here(key[0])

    return make


def _quotes(at: Attempt) -> tuple[str, int, str]:
    """The first cell in quotes that it does not need."""
    data = at.package.records[at.over].raw(at.record)
    if data.startswith(b'"'):
        raise UnfitError
    first, comma, rest = data.partition(b",")
    at.raw[at.over, at.record] = b'"' + first + b'"' + comma + rest
    return at.here(at.package.records[at.over].columns[0])


def _move(at: Attempt) -> tuple[str, int, str]:
    """A row some places further down; it alone is out of order."""
    records = at.package.records[at.over]
    window = range(at.record, at.record + _MOVED + 1)
    if window.stop > len(records) or any(records.has_break(record) for record in window):
        raise UnfitError
    for place, record in zip(window, (*window[1:], window[0]), strict=True):
        at.raw[at.over, place] = records.raw(record)
    return at.over, window[-1], at.package.schemas[at.over].primary_key[0]


def _one_cell_more(at: Attempt) -> tuple[str, int, str]:
    data = at.package.records[at.over].raw(at.record)
    at.raw[at.over, at.record] = data[:-1] + b",too much\n"
    return at.over, at.record, ""
