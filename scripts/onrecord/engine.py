"""Runs the checks: Pandera on pandas for cells and keys, Ibis on DuckDB for rules across tables."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from onrecord.findings import Finding
from onrecord.loaded import LoadedTable
from onrecord.package import Package
from onrecord.tableschema import Field, example
from onrecord.views import DERIVED, Views

if TYPE_CHECKING:
    from onrecord.rules import Rule

__all__ = ["check_cells", "check_references", "check_rules", "model_tables"]

_STRAY = re.compile("^\\s|\\s$|[\x00-\x09\x0b-\x1f\x7f\u00ad\u200b-\u200f\u2028-\u202e\u2060\ufeff]")


def check_cells(table: LoadedTable) -> Iterator[Finding]:
    """Types, the Pandera schema, composite keys, and stray characters of one table."""
    for row, name in sorted(table.mistyped):
        kind = table.schema.field[name].type
        value = table.strings.at[row, name]
        yield table.finding(row, name, "type", f"{name} {value!r} is no {kind}; write it like {example(kind)}")
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
            if case.schema_context == "DataFrameSchema":
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

    return {view for rule in RULES for view in rule.views} - set(DERIVED)


def check_rules(
    package: Package, tables: dict[str, LoadedTable], texts: dict[str, str], rules: tuple[Rule, ...]
) -> Iterator[tuple[Rule, list[Finding] | None]]:
    """Run rules across tables; yields each with its findings, None where a table it reads is unread."""
    views = Views(package, tables, texts)
    doubted = {name for name, table in tables.items() if table.doubtful}
    trusted = (
        Views(package, {name: table.without_doubt() for name, table in tables.items()}, texts) if doubted else views
    )
    for rule in rules:
        if not all(views.complete(name) for name in rule.views):
            yield rule, None
            continue
        hits = _hits(rule, views)
        if doubted & views.bases(rule.views):
            # what a doubtful row alone brings about, by what it says or by not being there, is not reported
            sure = {tuple(hit.values()) for hit in _hits(rule, trusted)}
            hits = [hit for hit in hits if tuple(hit.values()) in sure]
        yield rule, [_rule_finding(tables[hit["table_name"]], rule, hit) for hit in hits]


def _hits(rule: Rule, views: Views) -> list[dict[str, Any]]:
    return [hit for rows in rule.check(*(views[name] for name in rule.views)) for hit in rows.to_pyarrow().to_pylist()]


def _rule_finding(table: LoadedTable, rule: Rule, hit: dict[str, Any]) -> Finding:
    row, name, detail = hit["row"], hit["field_name"], hit["detail"] or ""
    value = table.text.cell(row, name) if row >= 0 else None
    shown = f"{name} {value!r}" if value is not None and len(value) <= 80 else name or table.name
    return table.finding(row, name, rule.name, f"{shown}{f' ({detail})' if detail else ''}: {rule.sentence}")
