"""Checks of single tables: types, the Pandera schema, keys, and characters that mislead."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from onrecord.findings import Finding, shown
from onrecord.loaded import LoadedTable
from onrecord.suggest import nearest
from onrecord.tableschema import Field, example

__all__ = ["check_cells"]

# Joiners between letters beyond Latin, Greek and Cyrillic belong to the spelling of Persian and Indic names.
_STRAY = re.compile(
    "^\\s|\\s$|[\x00-\x09\x0b-\x1f\x7f-\x9f\u00ad\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\uffff\U000e0000-\U000e007f]"
    "|(?<![\u0590-\u1cff\U0001f000-\U0001ffff\ufe0f])[\u200c\u200d]"
)
_FORMULA = re.compile(r"[=+@]|-(?![0-9]+(\.[0-9]+)?$)", re.ASCII)
# Letters of Cyrillic and Greek that look like Latin ones (Unicode UTS #39, whole-script confusables).
_ALIKE = "АВЕЅІЈКМНОРСТХҮаеорсухіјѕһԁԛԝΑΒΕΖΗΙΚΜΝΟΡΤΥΧονρυ"
_MIXED = re.compile(f"(?=[^\\W\\d_]*[A-Za-z])[^\\W\\d_]*[{_ALIKE}][^\\W\\d_]*")
_MOST = 32_767
_KEY_RULES = {"primary-key", "unique", "unique-key"}


def check_cells(table: LoadedTable) -> list[Finding]:
    """Check one table, and note in ``doubts`` the cells that are no values of their fields.

    Limits: cells of more than 32,767 characters are refused, since spreadsheets cut them there.
    """
    found: list[tuple[int, Finding]] = [*_types(table), *_pandera(table), *_composite_keys(table)]
    table.doubts |= {(row, f.field): _meant(table, row, f.field) for row, f in found if f.rule not in _KEY_RULES}
    spoken = {(row, finding.field) for row, finding in found}
    found += [(row, f) for row, f in _characters(table) if (row, f.field) not in spoken]
    return [finding for _, finding in found]


def _types(table: LoadedTable) -> Iterator[tuple[int, Finding]]:
    for row, name in sorted(table.mistyped):
        kind = table.schema.field[name].type
        what = f"{name} {shown(str(table.strings.at[row, name]))} is no {kind}"
        yield row, table.finding(row, name, "type", what, f"write it like {example(kind)}")


def _pandera(table: LoadedTable) -> Iterator[tuple[int, Finding]]:
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
            yield int(row), _constraint_finding(table, int(row), name, str(case.check))


def _constraint_finding(table: LoadedTable, row: int, name: str, check: str) -> Finding:
    f = table.schema.field[name]
    value = str(table.strings.at[row, name])
    if check == "not_nullable":
        fix = f"choose one of {', '.join(f.enum)}" if f.enum else "fill it"
        return table.finding(row, name, "required", f"{name} is empty", fix)
    what = f"{name} {shown(value)}"
    if check == "unique":
        first = int(table.strings.index[table.strings[name] == value][0])
        rule = "primary-key" if table.schema.primary_key == [name] else "unique"
        what += f" stands in line {table.text.place(first, name)[0]} already"
        return table.finding(row, name, rule, what, "delete one row, or give it a value of its own")
    limit = f.constraints.get(check)
    if check == "enum":
        return table.finding(row, name, "enum", f"{what} is not a term of the vocabulary", _term(value, f))
    if check == "pattern":
        return table.finding(row, name, "pattern", f"{what} does not match {limit}", "write it so")
    if check == "maxLength":
        return table.finding(row, name, "max-length", f"{what} is longer than {limit} characters", "shorten it")
    side = {"minimum": "below", "maximum": "above"}[check]
    return table.finding(row, name, check, f"{what} is {side} {limit}", "mend the figure")


def _meant(table: LoadedTable, row: int, name: str) -> str:
    """The value that was probably meant by a cell that is none of its field, empty where none is likely."""
    f, cell = table.schema.field[name], str(table.strings.at[row, name])
    if f.enum:
        return nearest(cell, f.enum)
    plain = unicodedata.normalize("NFKC", cell).strip().lower()
    if f.type in ("integer", "number"):
        plain = plain.removesuffix(".0").replace(",", "")
        return plain if plain.removeprefix("-").isdecimal() else ""
    return plain if f.type == "boolean" else ""


def _term(value: str, f: Field) -> str:
    near = nearest(value, f.enum)
    others = ", ".join(term for term in f.enum if term != near)
    return f"use {near}, or another of {others}" if near else f"use one of {others}"


def _composite_keys(table: LoadedTable) -> Iterator[tuple[int, Finding]]:
    keys = [("primary-key", table.schema.primary_key)] + [("unique-key", k) for k in table.schema.unique_keys]
    for rule, key in keys:
        if len(key) < 2:
            continue
        values = table.strings[key]
        for row in values.index[values.duplicated()]:
            same = (values == values.loc[row]).all(axis=1)
            line = table.text.place(int(values.index[same][0]), key[0])[0]
            what = f"{', '.join(key)} {shown(', '.join(values.loc[row]))} stands in line {line} already"
            yield int(row), table.finding(int(row), key[0], rule, what, "delete one row, or mend its key")


def _characters(table: LoadedTable) -> Iterator[tuple[int, Finding]]:
    """Characters that nobody sees, letters of another script, formulas, and cells too long to be meant."""
    for f in table.schema.fields:
        for row, cell in zip(table.strings.index.tolist(), table.strings[f.name], strict=True):
            if len(cell) > _MOST:
                what = f"{f.name} has {len(cell):,} characters, and spreadsheets cut a cell after {_MOST:,}"
                yield row, table.finding(row, f.name, "cell-length", what, "shorten it")
            elif _STRAY.search(cell):
                what = f"{f.name} {ascii(cell) if len(cell) < 60 else 'cell'} begins or ends with white space, or holds an invisible character"
                yield row, table.finding(row, f.name, "stray-characters", what, "delete it")
            elif mixed := _MIXED.search(cell):
                word = mixed.group()
                letters = ", ".join(f"U+{ord(c):04X}" for c in dict.fromkeys(word) if c in _ALIKE)
                what = f"{f.name} has the word {word!r}, whose letters are of two scripts ({letters})"
                yield row, table.finding(row, f.name, "look-alike-letters", what, "type the word anew")
            elif f.type == "string" and _FORMULA.match(cell):
                what = f"{f.name} {shown(cell)} is run as a formula when a spreadsheet opens the file"
                fix = "word it otherwise, or leave it where the source begins so; it is never rewritten"
                yield row, table.finding(row, f.name, "formula", what, fix, "warning")
