"""Checks of single tables: types, the Pandera schema, keys, and characters that mislead."""

from __future__ import annotations

import bisect
import re
import unicodedata
import warnings
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace

from onrecord.csvtable import sort_key
from onrecord.dates import bounds
from onrecord.findings import Finding, shown
from onrecord.loaded import LoadedTable, load_table
from onrecord.suggest import nearest
from onrecord.tableschema import Field, example

__all__ = ["CELL_RULES", "CONTROL", "MOST", "SUSPECTED", "check_cells", "double", "every_fault", "misleads"]

Found = tuple[int, Finding]
CELL_RULES = {"type", "required", "enum", "pattern", "minimum", "maximum", "max-length"}
# Joiners between letters beyond Latin, Greek and Cyrillic belong to the spelling of Persian and Indic names.
_UNSEEN = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164"
    "\ufeff\uffa0\ufff9-\uffff\U000e0000-\U000e007f]|(?<![\u0590-\u1cff\U0001f000-\U0001ffff\ufe0f])[\u200c\u200d]"
)
# Before a colon or between digits such a space is typography, between letters a slip.
_ODD_SPACE = re.compile("(?<=[^\\W\\d_])[\u00a0\u2000-\u200a\u202f\u205f](?=[^\\W\\d_])")
_STRAY = re.compile(f"^\\s|\\s$|{_UNSEEN.pattern}|{_ODD_SPACE.pattern}")
_FORMULA = re.compile(r"[=+@]|-(?![0-9]+(\.[0-9]+)?$)", re.ASCII)
# Letters of Cyrillic and Greek that look like Latin ones (Unicode UTS #39, whole-script confusables).
_ALIKE = "АВЕЅІЈКМНОРСТХҮаеорсухіјѕһԁԛԝΑΒΕΖΗΙΚΜΝΟΡΤΥΧονρυ"
_LATIN = str.maketrans(_ALIKE, "ABESIJKMHOPCTXYaeopcyxijshdqwABEZHIKMNOPTYXovpu")
_MIXED = re.compile(f"(?<![^\\W\\d_])(?=[^\\W\\d_]*[A-Za-z])[^\\W\\d_]*[{_ALIKE}][^\\W\\d_]*")
_IDENTIFIER = re.compile(r"\^([A-Z])\[0-9\]\{([0-9]+),\}\$")
MOST = 32_767
"""The characters of a cell that spreadsheets keep."""
_SEVERAL = 3
_DIGITS = 100

# What every engine of regular expressions understands alike, and what lets no cell pass over which ``_characters`` or
# the canonical form would stumble; of what it holds back, they decide. Without look-around, and with escapes of ASCII.
CONTROL = r"[\x00-\x09\x0b-\x1f\x7f]"
"""A pattern of control characters but line breaks."""
_WHITE = r" \t\x0b\f\r\x1c-\x1f\x{85}\x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}"
_STRANGE = (
    r"\x00-\x09\x0b-\x1f\x{7f}-\x{a0}\x{ad}\x{34f}\x{61c}\x{115f}\x{1160}\x{180e}\x{2000}-\x{200f}\x{2028}-\x{202f}"
    r"\x{205f}-\x{206f}\x{3164}\x{feff}\x{ffa0}\x{fff9}-\x{ffff}\x{e0000}-\x{e007f}"
)
# Characters that composition may change (Unicode Standard Annex 15), by blocks and the general category of marks.
_COMPOSED = (
    r"\p{M}\x{340}-\x{37e}\x{387}\x{958}-\x{95f}\x{9dc}-\x{9df}\x{a33}-\x{a36}\x{a59}-\x{a5e}\x{b5c}-\x{b5d}"
    r"\x{f43}-\x{fb9}\x{1100}-\x{11ff}\x{1f71}-\x{1fff}\x{2126}-\x{212b}\x{2329}-\x{232a}\x{2adc}\x{f900}-\x{faff}"
    r"\x{fb1d}-\x{fb4e}\x{1d15e}-\x{1d1c0}\x{2f800}-\x{2fa1d}"
)
_WORD = r"[^\x00-@\[-`{-\x7f]*"
_TWINS = "".join(rf"\x{{{ord(letter):x}}}" for letter in _ALIKE)
SUSPECTED = (
    rf"(?:\A|\n)[{_WHITE}]|[{_WHITE}](?:\n|\z)|[{_STRANGE}{_COMPOSED}]"
    rf"|[A-Za-z]{_WORD}[{_TWINS}]|[{_TWINS}]{_WORD}[A-Za-z]"
)
"""A pattern that finds every cell whose characters may be at fault, but for line breaks at either end; and finds one
among several, with line breaks between them."""


def check_cells(table: LoadedTable) -> list[Finding]:
    """Check one table, and note its ``doubts`` and ``doubles``.

    Limits: cells of more than 32,767 characters are refused, since spreadsheets cut them there.
    """
    if _misnamed(table):
        table.text.complete = False
        return []
    found = [(row, f) for row, f in (*_types(table), *_pandera(table)) if row not in table.text.ragged]
    table.doubts |= {(row, f.field): _meant(table, row, f.field) for row, f in found}
    broken = _broken_rows(table, found)
    table.doubts |= {(row, name): None for row in broken for name in table.schema.columns}
    characters = [
        (row, f) for row, f in _characters(table) if (row, f.field) not in table.doubts and row not in table.text.ragged
    ]
    table.doubts |= {(row, f.field): _cleaned(table, row, f) for row, f in characters if f.level == "error"}
    whole = [(row, f) for row, f in found if row not in broken]
    return [finding for _, finding in (*whole, *broken.items(), *_keys(table), *characters)]


def every_fault(table: LoadedTable) -> list[Found]:
    """Every faulty cell of the rows of a table by itself, with its row; ``doubts`` are noted, and keys are not compared.

    What it finds in a row does not depend on other rows.
    """
    found = [*_types(table), *_pandera(table)]
    table.doubts |= {(row, f.field): None for row, f in found}
    characters = [(row, f) for row, f in _characters(table) if (row, f.field) not in table.doubts]
    table.doubts |= {(row, f.field): None for row, f in characters if f.level == "error"}
    return [*found, *characters]


def misleads(cell: str) -> bool:
    """Whether a cell has stray characters or letters of two scripts, or is not composed as the canonical form has it."""
    return bool(_STRAY.search(cell) or _MIXED.search(cell)) or not unicodedata.is_normalized("NFC", cell)


def double(table: LoadedTable, row: int, rule: str, key: list[str], line: int, already: bool = True) -> Finding:
    """The finding of a row that has the key of the row in another line, which stands there already or only below."""
    values = ", ".join(str(table.strings.at[row, name]) for name in key)
    what = f"{', '.join(key)} {shown(values)} stands in line {line} {'already' if already else 'too'}"
    fix = "delete one row, or " + ("give it a value of its own" if len(key) == 1 else "mend its key")
    return table.finding(row, key[0], rule, what, fix)


def _misnamed(table: LoadedTable) -> bool:
    """Whether the header is in another order than the columns below it, which are in that of the schema."""
    names = table.schema.columns
    if table.text.columns == names or sorted(table.text.columns) != sorted(names):
        return False
    found = [*_types(table), *_pandera(table)]
    if len(found) < len(table.strings):
        return False
    right = load_table(replace(table.text, columns=names), table.schema)
    return len([*_types(right), *_pandera(right)]) < len(found)


def _types(table: LoadedTable) -> Iterator[Found]:
    for row, name in sorted(table.mistyped):
        kind = table.schema.field[name].type
        what = f"{name} {shown(str(table.strings.at[row, name]))} is no {kind}"
        yield row, table.finding(row, name, "type", what, f"write it like {example(kind)}")


def _pandera(table: LoadedTable) -> Iterator[Found]:
    warnings.filterwarnings("ignore", "PySpark does not yet fully support pandas", FutureWarning)
    import pandera.errors  # which imports PySpark where there is one

    try:
        table.schema.pandera().validate(table.frame, lazy=True)
    except pandera.errors.SchemaErrors as errors:
        for case in errors.failure_cases.itertuples():
            name, row = case.column, case.index
            if row is None or name in table.lacking or (row, name) in table.mistyped or name not in table.schema.field:
                continue
            if case.schema_context == "DataFrameSchema" or case.check == "unique":
                continue  # reported with the line of the double, by _keys
            yield int(row), _constraint_finding(table, int(row), name, str(case.check))


def _constraint_finding(table: LoadedTable, row: int, name: str, check: str) -> Finding:
    f = table.schema.field[name]
    value = str(table.strings.at[row, name])
    if check == "not_nullable":
        fix = f"choose one of {', '.join(f.enum)}" if f.enum else "fill it"
        return table.finding(row, name, "required", f"{name} is empty", fix)
    what = f"{name} {shown(value)}"
    limit = f.constraints.get(check)
    if check == "enum":
        return table.finding(row, name, "enum", f"{what} is not a term of the vocabulary", _term(value, f))
    if check == "pattern":
        meant = _meant(table, row, name)
        fix = f"did you mean {meant}?" if meant else "write it so"
        return table.finding(row, name, "pattern", f"{what} does not match {limit}", fix)
    if check == "maxLength":
        return table.finding(row, name, "max-length", f"{what} is longer than {limit} characters", "shorten it")
    side = {"minimum": "below", "maximum": "above"}[check]
    return table.finding(row, name, check, f"{what} is {side} {limit}", "mend the figure")


def _meant(table: LoadedTable, row: int, name: str) -> str | None:
    """The value that was probably meant by a cell that is none of its field."""
    f, cell = table.schema.field[name], str(table.strings.at[row, name])
    x, _, side = name.rpartition("_")
    if x in table.schema.edtf and side in ("start", "end"):
        right = bounds(str(table.strings.at[row, f"{x}_edtf"]))
        return None if right.problem else getattr(right, side)
    if f.enum:
        return nearest(cell, f.enum) or None
    plain = _plain(cell).strip()
    if f.type in ("integer", "number"):
        bare = re.sub(r"[,_' ](?=[0-9]{3}\b)", "", plain).removesuffix(".0").lstrip("+")
        return str(int(bare)) if _is_whole(bare) else None
    if identifier := _IDENTIFIER.fullmatch(str(f.constraints.get("pattern", ""))):
        letter, digits = identifier[1], plain.upper().replace("O", "0").lstrip(identifier[1] + " -")
        return f"{letter}{int(digits):0{identifier[2]}}" if _is_whole(digits) else None
    return None


def _is_whole(text: str) -> bool:
    """Whether a text is a number that somebody can have meant; of thousands of digits Python makes none."""
    return text.isdecimal() and len(text) <= _DIGITS


def _plain(cell: str) -> str:
    """A text without characters that nobody sees, letters that look alike made Latin."""
    bare = _UNSEEN.sub("", _ODD_SPACE.sub(" ", cell))
    return unicodedata.normalize("NFKC", bare.translate(_LATIN))


def _cleaned(table: LoadedTable, row: int, finding: Finding) -> str | None:
    cell = str(table.strings.at[row, finding.field])
    if finding.rule == "cell-length":
        return None
    if finding.rule == "look-alike-letters":
        return _MIXED.sub(lambda word: word.group().translate(_LATIN), cell)
    return _UNSEEN.sub("", _ODD_SPACE.sub(" ", cell)).strip()


def _term(value: str, f: Field) -> str:
    near = nearest(value, f.enum)
    others = ", ".join(term for term in f.enum if term != near)
    return f"use {near}, or another of {others}" if near else f"use one of {others}"


def _broken_rows(table: LoadedTable, found: list[Found]) -> dict[int, Finding]:
    """Rows most of whose cells are wrong, such as those shifted by a cell: one finding for each."""
    faults: dict[int, list[Finding]] = defaultdict(list)
    for row, finding in found:
        faults[row].append(finding)
    broken = {}
    for row, several in faults.items():
        formed = sum(_has_form(f, str(table.strings.at[row, f.name])) for f in table.schema.fields)
        if not any(table.strings.loc[row]):
            broken[row] = table.finding(row, "", "row-length", "every cell of the row is empty", "delete it")
        elif len(several) >= _SEVERAL and len(several) > formed / 2:
            first, *rest = sorted(several, key=lambda f: f.place)
            what = f"{first.message}, and so are {len(rest)} other cells of the row"
            fix = "look at the whole row: its cells may have moved"
            broken[row] = replace(first, message=what, fix=fix, others=tuple(f.place for f in rest))
    return broken


def _has_form(f: Field, cell: str) -> bool:
    """Whether a cell could be wrong at all."""
    return (f.required and not cell) or (
        bool(cell) and (f.type != "string" or bool({"enum", "pattern"} & f.constraints.keys()))
    )


def _keys(table: LoadedTable) -> Iterator[Found]:
    """Rows that are another's double in some key: the one that stands out of order, else the later one."""
    schema = table.schema
    single = [[f.name] for f in schema.fields if f.constraints.get("unique") and [f.name] != schema.primary_key]
    keys = [("primary-key", schema.primary_key)]
    keys += [*(("unique", key) for key in single), *(("unique-key", key) for key in schema.unique_keys)]
    for rule, key in keys:
        groups: dict[tuple[str, ...], list[int]] = defaultdict(list)
        for row, *cells in table.strings[key].itertuples(name=None):
            doubted = row in table.text.ragged or any((row, name) in table.doubts for name in key)
            if not doubted and (any(cells) or rule != "unique"):
                groups[tuple(cells)].append(row)
        for rows in groups.values() if not table.lacking & set(key) else ():
            right = _right(table, rows) if len(rows) > 1 and rule == "primary-key" else rows[0]
            for row in rows:
                if row == right or table.doubles.get(row) == right:
                    continue
                if rule == "primary-key":
                    table.doubles[row] = right
                yield row, double(table, row, rule, key, table.text.place(right, key[0])[0], right < row)


def _right(table: LoadedTable, rows: list[int]) -> int:
    """Of rows with one key that whose key it probably is."""
    if all(table.same(row, rows[0]) for row in rows):
        return next((row for row in rows if row in table.in_order), rows[0])
    fitting = [row for row in rows if _fits(table, row, rows)] or rows
    return next((row for row in fitting if not _has_room(table, row)), fitting[0])


def _fits(table: LoadedTable, row: int, group: list[int]) -> bool:
    """Whether a row stands between rows with lesser and greater keys, its doubles aside."""
    keys = table.strings[table.schema.primary_key]
    others = sorted(table.in_order.difference(group))
    at = bisect.bisect(others, row)
    three = [*others[max(at - 1, 0) : at], row, *others[at : at + 1]]
    order = [[sort_key(str(cell)) for cell in keys.loc[r]] for r in three]
    return order == sorted(order)


def _has_room(table: LoadedTable, row: int) -> bool:
    """Whether a number between those of the rows above and below is free, so that it may have been this row's."""
    keys = table.strings[table.schema.primary_key[0]]
    if not table.schema.mints_identifiers:
        return False
    at = int(keys.index.searchsorted(row))
    above = sort_key(str(keys.iloc[at - 1]))[3] if at else "0"
    below = sort_key(str(keys.iloc[at + 1]))[3] if at + 1 < len(keys) else above
    return bool(above and below) and int(below) - int(above) > 1


def _characters(table: LoadedTable) -> Iterator[Found]:
    """Characters that nobody sees, letters of another script, formulas, and cells too long to be meant."""
    for f in table.schema.fields:
        for row, cell in zip(table.strings.index.tolist(), table.strings[f.name], strict=True):
            if len(cell) > MOST:
                what = f"{f.name} has {len(cell):,} characters, and spreadsheets cut a cell after {MOST:,}"
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
