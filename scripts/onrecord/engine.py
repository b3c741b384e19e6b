"""Runs the checks: Pandera on pandas for cells and keys, Ibis on DuckDB for rules across tables."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from onrecord.dates import bounds
from onrecord.evidence import normalize, span_hash
from onrecord.findings import Finding
from onrecord.package import Package, TableText
from onrecord.tableschema import Field, TableSchema, convert, example

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pandas as pd

    from onrecord.rules import Rule

__all__ = ["LoadedTable", "check_cells", "check_references", "check_rules", "load_table", "model_tables"]

_STRAY = re.compile("^\\s|\\s$|[\x00-\x09\x0b-\x1f\x7f\u00ad\u200b-\u200f\u2028-\u202e\u2060\ufeff]")
_DERIVED = {"dates", "spans", "weekdays", "plover_modes", "identifiers", "published", "judged_fields"}
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass
class LoadedTable:
    """A table read: its text, its cells as strings and as typed values, and what could not be typed.

    ``frame`` has the types of ``schema.typed`` and the row numbers of ``text`` as its index;
    ``mistyped`` are the cells (row, column) that hold no value of their type.
    """

    text: TableText
    schema: TableSchema
    strings: pd.DataFrame
    frame: pd.DataFrame
    mistyped: set[tuple[int, str]]

    @property
    def name(self) -> str:
        return self.schema.name

    def finding(self, row: int, field: str, rule: str, message: str) -> Finding:
        """A finding at a cell, with its true line and column."""
        line, column = self.text.place(row, field)
        return Finding(self.text.path, line, column, rule, message, self.name, field, self.text.cell(row, field))


def load_table(text: TableText, schema: TableSchema) -> LoadedTable:
    """Type the cells of a table; columns the file lacks are empty."""
    import pandas as pd

    raw = pd.DataFrame(text.rows, columns=range(len(text.columns)), dtype="str")
    strings = pd.DataFrame(
        {
            c: raw[text.columns.index(c)] if c in text.columns else pd.Series("", index=raw.index, dtype="str")
            for c in schema.columns
        }
    )
    frame, mistyped = {}, set()
    for f in schema.fields:
        frame[f.name], bad = convert(strings[f.name], f.type)
        mistyped |= {(int(row), f.name) for row in bad[bad].index}
    return LoadedTable(text, schema, strings, pd.DataFrame(frame), mistyped)


def check_cells(table: LoadedTable) -> Iterator[Finding]:
    """Types, the Pandera schema, composite keys, and stray characters of one table."""
    for row, name in sorted(table.mistyped):
        kind = table.schema.field[name].type
        value = table.strings.at[row, name]
        yield table.finding(row, name, "type", f"{name} {value!r} is no {kind}; write it as {example(kind)}")
    yield from _pandera(table)
    yield from _composite_keys(table)
    for name in table.strings.columns:
        column = table.strings[name]
        for row in column.index[column.map(lambda cell: bool(_STRAY.search(cell)))]:
            if (row, name) not in table.mistyped:
                shown = ascii(column[row]) if len(column[row]) < 60 else "the cell"
                yield table.finding(
                    row, name, "stray-characters",
                    f"{name} {shown} begins or ends with white space, or holds an invisible character; delete it",
                )  # fmt: skip


def _pandera(table: LoadedTable) -> Iterator[Finding]:
    import pandera.errors

    lacking = {c for c in table.schema.columns if c not in table.text.columns}
    try:
        table.schema.pandera().validate(table.frame, lazy=True)
    except pandera.errors.SchemaErrors as errors:
        for case in errors.failure_cases.itertuples():
            name, row = case.column, case.index
            if row is None or name in lacking or (row, name) in table.mistyped or name not in table.schema.field:
                continue
            if case.check == "multiple_fields_uniqueness":
                continue  # reported once a row, with the line of its double, by _composite_keys
            yield _constraint_finding(table, int(row), name, str(case.check))


def _constraint_finding(table: LoadedTable, row: int, name: str, check: str) -> Finding:
    f = table.schema.field[name]
    value = str(table.strings.at[row, name])
    if check == "not_nullable":
        return table.finding(row, name, "required", f"{name} is empty; {_how_to_fill(f)}")
    if check == "unique":
        first = int(table.strings.index[table.strings[name] == value][0])
        rule = "primary-key" if table.schema.primary_key == [name] else "unique"
        return table.finding(
            row, name, rule,
            f"{name} {value!r} stands in line {table.text.place(first, name)[0]} already; every row needs its own",
        )  # fmt: skip
    c = f.constraints
    say = {
        "enum": f"is not a term of the vocabulary; use {_nearest(value, f)}",
        "pattern": f"does not match {c.get('pattern')}; mend it",
        "minimum": f"is below {c.get('minimum')}; mend it",
        "maximum": f"is above {c.get('maximum')}; mend it",
        "maxLength": f"is longer than {c.get('maxLength')} characters; shorten it",
    }
    rule = "max-length" if check == "maxLength" else check
    return table.finding(row, name, rule, f"{name} {value!r} {say.get(check, f'fails {check}; mend it')}")


def _how_to_fill(f: Field) -> str:
    return f"choose one of {', '.join(f.enum)}" if f.enum else "fill it"


def _nearest(value: str, f: Field) -> str:
    import difflib

    near = difflib.get_close_matches(value, f.enum, 1)
    return (f"{near[0]}, or another of " if near else "one of ") + ", ".join(f.enum)


def _composite_keys(table: LoadedTable) -> Iterator[Finding]:
    keys = [("primary-key", table.schema.primary_key)] + [("unique-key", k) for k in table.schema.unique_keys]
    for rule, key in keys:
        if len(key) < 2:
            continue
        values = table.strings[key]
        for row in values.index[values.duplicated()]:
            same = (values == values.loc[row]).all(axis=1)
            line = table.text.place(int(values.index[same][0]), key[0])[0]
            yield table.finding(
                int(row), key[0], rule,
                f"{', '.join(key)} {', '.join(values.loc[row])!r} stands in line {line} already; delete one row, or mend its key",
            )  # fmt: skip


def check_references(tables: dict[str, LoadedTable]) -> Iterator[Finding]:
    """Foreign keys: every reference must be the key of a row. Tables with rows unread are no target."""
    retired: dict[str, str] = {}
    if "retired" in tables:
        r = tables["retired"].strings
        retired = dict(zip(r["retired_id"], r["replacement_id"], strict=True))
    for table in tables.values():
        for key in table.schema.foreign_keys:
            target = tables.get(key.table)
            if target is None or not target.text.complete:
                continue
            known = set(target.strings[list(key.other_fields)].itertuples(index=False, name=None))
            given = table.strings[list(key.fields)]
            for row, value in zip(given.index, given.itertuples(index=False, name=None), strict=True):
                if "" in value or value in known or (row, key.fields[0]) in table.mistyped:
                    continue
                shown = ", ".join(value)
                hint = f"add the row to {key.table}, or mend the reference"
                if shown in retired:
                    hint = (
                        f"it was retired; use {retired[shown]}"
                        if retired[shown]
                        else "it was retired without replacement"
                    )
                yield table.finding(
                    int(row), key.fields[0], "foreign-key",
                    f"{', '.join(key.fields)} {shown!r} is no {', '.join(key.other_fields)} of {key.table}; {hint}",
                )  # fmt: skip


def model_tables() -> set[str]:
    """The tables that the rules read: what every package must have."""
    from onrecord.rules import RULES

    return {view for rule in RULES for view in rule.views} - _DERIVED


def check_rules(
    package: Package, tables: dict[str, LoadedTable], texts: dict[str, str], rules: tuple[Rule, ...]
) -> Iterator[tuple[Rule, list[Finding] | None]]:
    """Run rules across tables; yields each with its findings, None where a table it reads is unread."""
    views = _Views(package, tables, texts)
    for rule in rules:
        if not all(views.complete(name) for name in rule.views):
            yield rule, None
            continue
        found = []
        for rows in rule.check(*(views[name] for name in rule.views)):
            found += [_rule_finding(tables[hit["table_name"]], rule, hit) for hit in rows.to_pyarrow().to_pylist()]
        yield rule, found


def _rule_finding(table: LoadedTable, rule: Rule, hit: dict[str, Any]) -> Finding:
    row, name, detail = hit["row"], hit["field_name"], hit["detail"] or ""
    value = table.text.cell(row, name) if row >= 0 else None
    shown = f"{name} {value!r}" if value is not None and len(value) <= 80 else name or table.name
    return table.finding(row, name, rule.name, f"{shown}{f' ({detail})' if detail else ''}: {rule.sentence}")


class _Views:
    """The named views that rules read, registered with DuckDB on first use."""

    def __init__(self, package: Package, tables: dict[str, LoadedTable], texts: dict[str, str]) -> None:
        import ibis

        self.package, self.tables, self.texts = package, tables, texts
        self.connection = ibis.duckdb.connect()
        self.known: dict[str, ir.Table] = {}

    def complete(self, name: str) -> bool:
        needs = {
            "spans": ["evidence", "claims", "sources"],
            "identifiers": list(self.tables),
            "published": list(self.tables),
        }
        wanted = needs.get(name, [] if name in _DERIVED else [name])
        return all(n in self.tables and self.tables[n].text.complete for n in wanted)

    def __getitem__(self, name: str) -> ir.Table:
        if name not in self.known:
            maker = getattr(self, f"_{name}", None)
            arrow = maker() if maker and name in _DERIVED else self._table(name)
            self.known[name] = self.connection.create_table(name, arrow, temp=True)
        return self.known[name]

    def _table(self, name: str) -> Any:
        """A table with its row numbers and the bounds that its EDTF values really have."""
        import pandas as pd

        table = self.tables[name]
        frame = table.frame.copy()
        for x in table.schema.edtf:
            found = [bounds(v) for v in table.strings[f"{x}_edtf"]]
            for side in ("start", "end"):
                days = pd.Series([getattr(b, side) or None for b in found], index=frame.index, dtype="str")
                frame[f"{x}_{side}"] = pd.to_datetime(days, format="%Y-%m-%d").astype("datetime64[s]")
        arrays = {f.name: (frame[f.name], f.arrow_type()) for f in table.schema.fields}
        return _arrow({"row": (pd.Series(range(len(frame))), "int64"), **arrays})

    def _dates(self) -> Any:
        """Every EDTF cell: what it allows, and the bounds that are written beside it."""
        rows = []
        for table in self.tables.values():
            for x in table.schema.edtf:
                columns = zip(
                    table.strings[f"{x}_edtf"], table.frame[f"{x}_start"], table.frame[f"{x}_end"], strict=True
                )
                for row, (value, start, end) in enumerate(columns):
                    skip = {(row, f"{x}_{side}") for side in ("start", "end")} & table.mistyped
                    b = bounds(value)
                    if not skip:
                        rows.append(
                            (
                                table.name,
                                row,
                                f"{x}_edtf",
                                x,
                                b.problem,
                                _day(b.start),
                                _day(b.end),
                                start,
                                end,
                                b.least,
                                b.most,
                            )
                        )
        names = (
            "table_name",
            "row",
            "field_name",
            "prefix",
            "problem",
            "start_date",
            "end_date",
            "start_given",
            "end_given",
            "least",
            "most",
        )
        kinds = (
            "string",
            "int64",
            "string",
            "string",
            "string",
            "date32",
            "date32",
            "date32",
            "date32",
            "int64",
            "int64",
        )
        return _arrow_rows(rows, names, kinds)

    def _spans(self) -> Any:
        """Every span with the hash of its quoted words, and of the text where that is at hand."""
        tables = self.tables
        hashes = dict(
            zip(tables["sources"].strings["source_id"], tables["sources"].strings["text_sha256"], strict=True)
        )
        source = dict(zip(tables["claims"].strings["claim_id"], tables["claims"].strings["source_id"], strict=True))
        frame, rows = tables["evidence"].frame, []
        span: Any
        for row, span in enumerate(frame.itertuples(index=False)):
            exact = None if _missing(span.exact) else normalize(span.exact)
            text = self.texts.get(hashes.get(source.get(span.claim_id, ""), ""))
            held = None
            if text is not None and not _missing(span.start_char) and not _missing(span.end_char):
                held = normalize(text[int(span.start_char) : int(span.end_char)])
            words = held if held is not None else exact
            fits = [
                None if words is None or _missing(anchor) else check(words, normalize(anchor))
                for anchor, check in ((span.anchor_from, str.startswith), (span.anchor_to, str.endswith))
            ]
            given = [None if _missing(v) else v for v in (span.span_length, span.span_sha256)]
            rows.append((row, *given, *_measure(exact), *_measure(held), *fits))
        names = (
            "row",
            "span_length",
            "span_sha256",
            "exact_length",
            "exact_sha256",
            "text_length",
            "text_sha256",
            "anchor_from_fits",
            "anchor_to_fits",
        )
        return _arrow_rows(
            rows, names, ("int64", "int64", "string", "int64", "string", "int64", "string", "bool", "bool")
        )

    def _weekdays(self) -> Any:
        """The hash of each weekday's name, with and without 'on', and its number from Monday 1."""
        rows = [
            (span_hash(form), n)
            for n, day in enumerate(_WEEKDAYS, 1)
            for form in (day, f"on {day}", f"On {day}", f"{day[:3]}.", day[:3])
        ]
        return _arrow_rows(rows, ("span_sha256", "weekday"), ("string", "int64"))

    def _plover_modes(self) -> Any:
        terms = self.tables["events"].schema.field["plover_mode"].categories if "events" in self.tables else []
        rows = [(t["value"], kind) for t in terms for kind in t.get("plover_types", [])]
        return _arrow_rows(rows, ("plover_mode", "plover_type"), ("string", "string"))

    def _identifiers(self) -> Any:
        rows = [
            (table.name, value)
            for table in self.tables.values()
            if len(table.schema.primary_key) == 1 and table.schema.primary_key[0].endswith("_id") and table.name not in ("retired", "resolutions")
            for value in table.strings[table.schema.primary_key[0]]
        ]  # fmt: skip
        return _arrow_rows(rows, ("table_name", "id"), ("string", "string"))

    def _published(self) -> Any:
        """Every identifier of every past release, from the ledgers in releases/."""
        rows = {
            (name, row)
            for ledger in self.package.releases.values()
            for name, table in ledger.get("tables", {}).items()
            for row in table.get("rows", {})
            if name in self.tables and re.fullmatch("[A-Z][0-9]{4,}", row)
        }
        return _arrow_rows(sorted(rows), ("table_name", "id"), ("string", "string"))

    def _judged_fields(self) -> Any:
        rows = [(t.name, f.name) for t in self.tables.values() for f in t.schema.fields if f.judged]
        return _arrow_rows(rows, ("table_name", "field_name"), ("string", "string"))


def _missing(value: Any) -> bool:
    import pandas as pd

    return bool(pd.isna(value))


def _measure(words: str | None) -> tuple[int | None, str | None]:
    return (None, None) if words is None else (len(words), span_hash(words))


def _day(iso: str) -> Any:
    import datetime as dt

    return dt.date.fromisoformat(iso) if iso else None


def _arrow(columns: dict[str, tuple[pd.Series, Any]]) -> Any:
    import pyarrow as arrow

    arrays = {
        name: arrow.Array.from_pandas(series.astype(object).where(series.notna(), None), type=_kind(kind))
        for name, (series, kind) in columns.items()
    }
    return arrow.table(arrays)


def _arrow_rows(rows: list[tuple[Any, ...]], names: tuple[str, ...], kinds: tuple[str, ...]) -> Any:
    import pandas as pd
    import pyarrow as arrow

    columns = zip(*rows, strict=True) if rows else [[] for _ in names]
    arrays = [
        arrow.array([None if pd.isna(v) else v for v in column], type=_kind(kind))
        for column, kind in zip(columns, kinds, strict=True)
    ]
    return arrow.table(dict(zip(names, arrays, strict=True)))


def _kind(kind: Any) -> Any:
    import pyarrow as arrow

    makers = {"string": arrow.string, "int64": arrow.int64, "date32": arrow.date32, "bool": arrow.bool_}
    return makers[kind]() if isinstance(kind, str) else kind
