"""Who and what the cells of a worksheet mean: rows of the dataset, or new ones, which are minted when they are needed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from onrecord.curate.draft import Draft
from onrecord.curate.naming import Names, fold
from onrecord.curate.tables import Key, Row
from onrecord.curate.worksheet import Sheet
from onrecord.findings import Finding, shown
from onrecord.suggest import nearest

__all__ = ["At", "Ledger", "Origin", "Registry", "natural"]

_NAME = {"actors": "actor_name", "places": "place_name", "events": "event_title", "propositions": "proposition"}
_ONE = {"actors": "actor", "places": "place", "events": "event", "propositions": "proposition", "sources": "source"}
_ENTITIES = (*_NAME, "sources")


@dataclass(frozen=True)
class At:
    """A cell of a worksheet."""

    sheet: Sheet
    row: int
    name: str

    def finding(self, rule: str, message: str, fix: str) -> Finding:
        """A finding there."""
        return self.sheet.finding(self.row, self.name, rule, message, fix)


@dataclass(frozen=True)
class Origin:
    """The row of a worksheet from which a row of the dataset was made, and the columns from which its fields were."""

    sheet: Sheet
    row: int
    columns: Mapping[str, str]
    otherwise: str = ""

    def at(self, name: str) -> At:
        """Where a field of the row comes from."""
        return At(self.sheet, self.row, self.columns.get(name, self.otherwise))


class Ledger:
    """What all worksheets of one run share: the draft, names, origins of new rows, and what is wrong.

    ``notes`` are what the curator should know and may leave as it is.
    """

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.origins: dict[tuple[str, Key], Origin] = {}
        self.findings: list[Finding] = []
        self.notes: list[Finding] = []
        self.names = Names(draft.rows("actors"), draft.rows("actor_names"))
        self._called: dict[tuple[str, str], str] = {}
        for table in _ENTITIES:
            for row in draft.rows(table):
                self._call(table, row)

    def find(self, table: str, called: str) -> str | None:
        """The identifier of what is so called (as ``natural`` says), None where nothing is."""
        if table == "actors":
            return self.names.find(called) or None
        return self._called.get((table, called))

    def add(self, table: str, row: Mapping[str, str], origin: Origin) -> bool:
        """Add a row to a table; whether its key was free."""
        added = self.draft.add(table, **row)
        if added is not None:
            self._added(table, added, origin)
        return added is not None

    def new(self, table: str, row: Mapping[str, str], origin: Origin) -> str:
        """Add a row under a new identifier, which is returned."""
        added = self.draft.new(table, **row)
        self._added(table, added, origin)
        return self.draft.key(table, added)[0]

    def _added(self, table: str, row: Row, origin: Origin) -> None:
        self.origins[table, self.draft.key(table, row)] = origin
        if table == "actors":
            self.names.add(row["actor_id"], row["actor_name"])
        elif table in _ENTITIES:
            self._call(table, row)

    def _call(self, table: str, row: Row) -> None:
        self._called.setdefault((table, natural(table, row)), self.draft.key(table, row)[0])


class Registry:
    """The identifiers and names of one worksheet with its companions."""

    def __init__(self, ledger: Ledger, companions: Mapping[str, Sheet]) -> None:
        self.ledger = ledger
        self.draft = ledger.draft
        self.companions = companions
        self._new: dict[tuple[str, str], int] = {}
        self._made: dict[tuple[str, str], str] = {}
        for table in (t for t in _ENTITIES if t in companions):
            self._index(table, companions[table])

    def _index(self, table: str, sheet: Sheet) -> None:
        key = self.draft.schemas[table].primary_key[0]
        for number, row in enumerate(sheet.rows):
            at, cell = At(sheet, number, key), row.get(key, "")
            if "+" in cell and (table, cell) not in self._new:
                self._new[table, cell] = number
            elif "+" in cell:
                self._wrong(
                    at, "identifier", f"{cell} stands here twice", "give one of them another word after the plus"
                )
            elif self.draft.get(table, cell):
                what = f"{cell} is in the dataset, and stays as it is there"
                self.ledger.notes.append(at.finding("companion", what, "companions bring new rows only"))
            else:
                what = f"{key} {shown(cell)} is no new identifier"
                self._wrong(at, "identifier", what, f"write it with a plus, as {key[0].upper()}+word")

    def known(self, table: str, cell: str, name: str = "") -> str | None:
        """The identifier in the dataset that is meant, None where it is not there (yet)."""
        if "+" in cell:
            row = self._companion_row(table, cell)
            found = self.ledger.find(table, natural(table, row)) if row else None
            return self._made.get((table, cell)) or found
        if cell:
            return cell if self.draft.get(table, cell) else None
        return self.ledger.find(table, fold(name)) if name else None

    def need(
        self,
        table: str,
        cell: str,
        name: str,
        at: At,
        details: Row | None = None,
        origin: Origin | None = None,
        fix: str = "",
    ) -> str | None:
        """The identifier that is meant, minted if need be: from a companion, or from ``details`` where only a name is given.

        None where it cannot be told, and then a finding says why; ``fix`` is how to mend it.
        """
        if found := self.known(table, cell, name):
            return found
        if "+" in cell:
            return self._from_companion(table, cell, at)
        if cell:
            self._unknown(table, cell, at)
            return None
        sheet = self.companions.get(table)
        key = self.draft.schemas[table].primary_key[0]
        for row in sheet.rows if sheet else ():
            if natural(table, row) == fold(name) and "+" in row.get(key, ""):
                return self._from_companion(table, row[key], at)
        if details is None or origin is None:
            near = nearest(name, [row[_NAME[table]] for row in self.draft.rows(table)])
            fix = f"{fix or f'describe it in the companion {table}'}" + (f", or did you mean {near!r}?" if near else "")
            self._wrong(at, "identifier", f"there is no {_ONE[table]} named {shown(name)}", fix)
            return None
        return self.ledger.new(table, details, origin)

    def finish(self, claims: Mapping[str, str]) -> list[str]:
        """Add the rows of companions that hang on what is there by now; tells what was left out, as 'table key'.

        ``claims`` are the claims of the worksheet by row_id.
        """
        waiting = [(t, n) for t, sheet in self.companions.items() if t not in _ENTITIES for n in range(len(sheet.rows))]
        while waiting:
            still = [(table, number) for table, number in waiting if not self._link(table, number, claims)]
            if len(still) == len(waiting):
                break
            waiting = still
        links = [
            f"{t} {', '.join(self.companions[t].rows[n].get(k, '') for k in self.draft.schemas[t].primary_key)}"
            for t, n in waiting
        ]
        return [f"{t} {cell}" for t, cell in self._new if self.known(t, cell) is None] + links

    def _link(self, table: str, number: int, claims: Mapping[str, str]) -> bool:
        """Add a row of a table without identifiers of its own, if what it belongs to is there; whether that is so."""
        schema, sheet = self.draft.schemas[table], self.companions[table]
        row = dict(sheet.rows[number])
        keys = {k.fields[0]: k.table for k in schema.foreign_keys}
        owner = schema.primary_key[0]
        for name, target in sorted(keys.items(), key=lambda item: item[0] != owner):
            cell = row.get(name, "")
            if target == "claims":
                found = claims.get(cell[2:]) if cell.startswith("C+") else cell
            elif name == owner and "+" in cell:
                found = self.known(target, cell)
            else:
                found = self.need(target, cell, "", At(sheet, number, name)) if cell else ""
                if found is None:
                    return True  # told already
            if found is None:
                return False
            row[name] = found
        origin = Origin(sheet, number, {name: name for name in schema.columns})
        if not self.ledger.add(table, row, origin):
            there = self.draft.row(table, *self.draft.key(table, row))
            if differing := [n for n, cell in row.items() if n in there and cell != there[n]]:
                what = f"the row is in {table} already, with another {', '.join(differing)}; it stays as it is there"
                self.ledger.notes.append(
                    At(sheet, number, differing[0]).finding("companion", what, f"edit dataset/{table}.csv")
                )
        return True

    def _companion_row(self, table: str, cell: str) -> Row | None:
        number = self._new.get((table, cell))
        return None if number is None else self.companions[table].rows[number]

    def _from_companion(self, table: str, cell: str, at: At) -> str | None:
        row = self._companion_row(table, cell)
        if row is None:
            near = nearest(cell, [c for t, c in self._new if t == table])
            fix = f"did you mean {near}?" if near else f"add it to the companion {table}"
            self._wrong(at, "identifier", f"no companion describes {cell}", fix)
            return None
        schema, sheet, number = self.draft.schemas[table], self.companions[table], self._new[table, cell]
        new = self._made[table, cell] = self.draft.mint(table)
        full = {**row, schema.primary_key[0]: new}
        for key in schema.foreign_keys:
            name = key.fields[0]
            if value := full.get(name, ""):
                full[name] = self.need(key.table, value, "", At(sheet, number, name)) or ""
        self.ledger.add(table, full, Origin(sheet, number, {name: name for name in schema.columns}))
        return new

    def _unknown(self, table: str, cell: str, at: At) -> None:
        gone = self.draft.get("retired", cell)
        if gone:
            instead = f"use {gone['replacement_id']}" if gone["replacement_id"] else "look for what stands in its place"
            self._wrong(at, "identifier", f"{cell} is retired", instead)
        else:
            self._wrong(
                at, "identifier", f"there is no {_ONE[table]} {cell}", "restore it, or empty it and give the name"
            )

    def _wrong(self, at: At, rule: str, message: str, fix: str) -> None:
        self.ledger.findings.append(at.finding(rule, message, fix))


def natural(table: str, row: Row) -> str:
    """By what a row is recognized without its identifier: its name; a source by its text, else by its address, else by
    title and date (copies of one dispatch have these in common)."""
    if table == "sources":
        told = row.get("text_sha256") or row.get("url")
        return told or f"{fold(row.get('title', ''))} {row.get('published_edtf', '')}"
    return fold(row.get(_NAME[table], ""))
