"""Columns, rows and keys that are not where they belong."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from corrupt.copied import Copy, Expected, Row, Sheet, Wrong, at, joined
from corrupt.files import any_sheet, record, replace_record
from corrupt.kinds import kind

COLUMNS = "columns"
Found = list[Expected | Wrong]


def rewritten(sheet: Sheet, columns: list[str], cells: Callable[[Row], list[str]]) -> None:
    """Write a table with another header and other cells."""
    import csv
    import io

    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([columns, *map(cells, sheet.rows)])
    sheet.copy.write(sheet.path, out.getvalue())


def header(copy: Copy, rng: Random, new: Callable[[str], str], fits: Callable[[str], bool] = lambda _: True) -> Found:
    """Write one name of a header otherwise."""
    sheet = any_sheet(copy, rng)
    columns = list(sheet.columns)
    n = rng.choice([i for i, c in enumerate(columns) if fits(c)])
    columns[n] = new(columns[n])
    rewritten(sheet, columns, lambda row: [row[c] for c in sheet.columns])
    return [at(sheet.path, 1, n + 1, "columns")]


@kind(COLUMNS, "a column is missing")
def _(copy: Copy, rng: Random) -> Found:
    sheet = any_sheet(copy, rng)
    gone = rng.choice(sheet.columns)
    kept = [c for c in sheet.columns if c != gone]
    rewritten(sheet, kept, lambda row: [row[c] for c in kept])
    return [at(sheet.path, 1, 0, "columns")]


@kind(COLUMNS, "a column too many")
def _(copy: Copy, rng: Random) -> Found:
    sheet = any_sheet(copy, rng)
    n, name = rng.randrange(len(sheet.columns) + 1), rng.choice(["checked", "Unnamed: 0", "todo", "index", "colour"])
    columns = [*sheet.columns[:n], name, *sheet.columns[n:]]
    rewritten(sheet, columns, lambda row: [row.get(c, "x") for c in columns])
    return [at(sheet.path, 1, n + 1, "columns")]


@kind(COLUMNS, "a column without a name")
def _(copy: Copy, rng: Random) -> Found:
    sheet = any_sheet(copy, rng)
    rewritten(sheet, [*sheet.columns, ""], lambda row: [*(row[c] for c in sheet.columns), ""])
    return [at(sheet.path, 1, len(sheet.columns) + 1, "columns")]


@kind(COLUMNS, "a column stands twice")
def _(copy: Copy, rng: Random) -> Found:
    sheet = any_sheet(copy, rng)
    twice = rng.choice(sheet.columns)
    n = rng.randrange(sheet.columns.index(twice) + 1, len(sheet.columns) + 1)
    columns = [*sheet.columns[:n], twice, *sheet.columns[n:]]
    rewritten(sheet, columns, lambda row: [row[c] for c in columns])
    return [at(sheet.path, 1, n + 1, "columns")]


@kind(COLUMNS, "a column is misspelt")
def _(copy: Copy, rng: Random) -> Found:
    def misspelt(name: str) -> str:
        n = rng.randrange(1, len(name) - 1)
        return name[:n] + name[n + 1 :]

    return header(copy, rng, misspelt, lambda c: len(c) > 4)


@kind(COLUMNS, "a column has a name of another's making")
def _(copy: Copy, rng: Random) -> Found:
    return header(copy, rng, lambda _: rng.choice(["kind", "Name", "value", "x", "id"]))


@kind(COLUMNS, "a column in capitals")
def _(copy: Copy, rng: Random) -> Found:
    return header(copy, rng, str.upper)


@kind(COLUMNS, "a column with a space")
def _(copy: Copy, rng: Random) -> Found:
    return header(copy, rng, lambda c: rng.choice([f" {c}", f"{c} ", c.replace("_", " ")]), lambda c: "_" in c)


@kind(COLUMNS, "a column with a look-alike letter")
def _(copy: Copy, rng: Random) -> Found:
    return header(copy, rng, lambda c: c.replace("e", "е", 1), lambda c: "e" in c)


@kind(COLUMNS, "the whole header in capitals")
def _(copy: Copy, rng: Random) -> Found:
    sheet = any_sheet(copy, rng)
    rewritten(sheet, [c.upper() for c in sheet.columns], lambda row: [row[c] for c in sheet.columns])
    return [at(sheet.path, 1, 0, "columns")]


@kind(COLUMNS, "the columns stand in another order")
def _(copy: Copy, rng: Random) -> Found:
    sheet = any_sheet(copy, rng)
    columns = list(sheet.columns)
    while columns == sheet.columns:
        rng.shuffle(columns)
    rewritten(sheet, columns, lambda row: [row[c] for c in columns])
    first = next(n for n, (a, b) in enumerate(zip(columns, sheet.columns, strict=True), 1) if a != b)
    return [at(sheet.path, 1, first, "columns")]


@kind(COLUMNS, "two names of the header are swapped, the cells are not")
def _(copy: Copy, rng: Random) -> Found:
    sheet, a, b = strangers(copy, rng)
    columns = [{a: b, b: a}.get(c, c) for c in sheet.columns]
    rewritten(sheet, columns, lambda row: [row[c] for c in sheet.columns])
    first = min(sheet.columns.index(c) for c in (a, b)) + 1
    return [at(sheet.path, 1, first, "columns")]


@kind(COLUMNS, "the header is lost")
def _(copy: Copy, rng: Random) -> Found:
    sheet = any_sheet(copy, rng)
    copy.write(sheet.path, sheet.text.partition("\n")[2])
    return [at(sheet.path, 1, 0, "columns")]


@kind(COLUMNS, "semicolons in place of commas")
def _(copy: Copy, rng: Random) -> Found:
    return _delimited(copy, rng, ";")


@kind(COLUMNS, "tabs in place of commas")
def _(copy: Copy, rng: Random) -> Found:
    return _delimited(copy, rng, "\t")


def _delimited(copy: Copy, rng: Random, delimiter: str) -> Found:
    import csv
    import io

    sheet = any_sheet(copy, rng)
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\n").writerows(
        [sheet.columns, *([r[c] for c in sheet.columns] for r in sheet.rows)]
    )
    copy.write(sheet.path, out.getvalue())
    return [at(sheet.path, 1, 0, "columns")]


def strangers(copy: Copy, rng: Random) -> tuple[Sheet, str, str]:
    """Two columns of a table, filled in all rows, none of whose cells would do in the other."""
    found = []
    for name in copy.filled():
        sheet = copy.sheet(name)
        kinds = {c: enum for c, f in sheet.fields.items() if (enum := f.get("constraints", {}).get("enum"))}
        full = [c for c in kinds if all(row[c] for row in sheet.rows)]
        found += [(sheet, a, b) for a in full for b in full if a < b and not set(kinds[a]) & set(kinds[b])]
    return rng.choice(found)


ROWS = "rows"


@kind(ROWS, "a cell too many")
def _(copy: Copy, rng: Random) -> Found:
    sheet = any_sheet(copy, rng)
    row = sheet.pick(rng, lambda r: '"' not in record(sheet, r)[1])
    _, old = record(sheet, row)
    cut = rng.choice([i for i, letter in enumerate(old) if letter == ","])
    return [at(sheet.path, replace_record(sheet, row, old[:cut] + "," + old[cut:]), 0, "row-length")]


@kind(ROWS, "a cell too few")
def _(copy: Copy, rng: Random) -> Found:
    sheet = any_sheet(copy, rng)
    row = sheet.pick(rng, lambda r: '"' not in record(sheet, r)[1])
    _, old = record(sheet, row)
    cut = rng.choice([i for i, letter in enumerate(old) if letter == ","])
    return [at(sheet.path, replace_record(sheet, row, old[:cut] + old[cut + 1 :]), 0, "row-length")]


@kind(ROWS, "a comma in an unquoted text")
def _(copy: Copy, rng: Random) -> Found:
    sheet = any_sheet(copy, rng)
    row = sheet.pick(rng, lambda r: '"' not in record(sheet, r)[1])
    _, old = record(sheet, row)
    cut = rng.randrange(1, len(old) - 1)
    return [at(sheet.path, replace_record(sheet, row, old[:cut] + ", " + old[cut:]), 0, "row-length")]


@kind(ROWS, "a comma lost in every row")
def _(copy: Copy, rng: Random) -> Found:
    sheet = any_sheet(copy, rng, 5)
    rewritten(sheet, sheet.columns, lambda row: [row[c] for c in sheet.columns[:-1]])
    return [
        at(sheet.path, line, 0, "row-length", others=frozenset((sheet.path, n, 0) for n in rest))
        for line, *rest in [sheet.lines()[1:]]
    ]


@kind(ROWS, "a row stands twice, one below the other")
def _(copy: Copy, rng: Random) -> Found:
    sheet = any_sheet(copy, rng)
    row = sheet.pick(rng)
    again = dict(row)
    sheet.rows.insert(sheet.number(row) + 1, again)
    return [sheet.wrong(again, sheet.key[0], "primary-key")]


@kind(ROWS, "a row stands again at the end")
def _(copy: Copy, rng: Random) -> Found:
    sheet = any_sheet(copy, rng)
    again = dict(sheet.pick(rng, lambda r: r is not sheet.rows[-1]))
    sheet.rows.append(again)
    return [sheet.wrong(again, sheet.key[0], "primary-key")]


@kind(ROWS, "every row stands twice")
def _(copy: Copy, rng: Random) -> Found:
    sheet = any_sheet(copy, rng)
    again = [dict(row) for row in sheet.rows]
    sheet.rows += again
    return [joined([sheet.wrong(row, sheet.key[0], "primary-key") for row in again])]


@kind(ROWS, "a row has moved up")
def _(copy: Copy, rng: Random) -> Found:
    return _moved(copy, rng, -1)


@kind(ROWS, "a row has moved down")
def _(copy: Copy, rng: Random) -> Found:
    return _moved(copy, rng, 1)


def _moved(copy: Copy, rng: Random, way: int) -> Found:
    sheet = any_sheet(copy, rng, 4)
    last = len(sheet.rows) - 1
    old = rng.randrange(2, last + 1) if way < 0 else rng.randrange(last - 1)
    new = rng.randrange(old - 1) if way < 0 else rng.randrange(old + 2, last + 1)
    row = sheet.rows.pop(old)
    sheet.rows.insert(new, row)
    return [sheet.wrong(row, sheet.key[0], "canonical-form")]


@kind(ROWS, "the rows of two tables stand in one file")
def _(copy: Copy, rng: Random) -> Found:
    """A table pasted below another of a different width."""
    one = any_sheet(copy, rng)
    two = copy.sheet(rng.choice([n for n in copy.filled() if len(copy.sheet(n).columns) != len(one.columns)]))
    line = one.text.count("\n") + 1
    lines = [line + n - 1 for n in two.lines()]
    copy.write(one.path, one.text + two.text)
    return [at(one.path, line, 0, "row-length", others=frozenset((one.path, n, 0) for n in lines[1:]))]


SWAPS = "swapped cells"


@kind(SWAPS, "the cells of two columns swapped in one row")
def _(copy: Copy, rng: Random) -> Found:
    sheet, a, b = strangers(copy, rng)
    row = sheet.pick(rng)
    row[a], row[b] = row[b], row[a]
    return [sheet.wrong(row, c, "enum") for c in (a, b)]


@kind(SWAPS, "the cells of two columns swapped in every row")
def _(copy: Copy, rng: Random) -> Found:
    sheet, a, b = strangers(copy, rng)
    for row in sheet.rows:
        row[a], row[b] = row[b], row[a]
    return [joined([sheet.wrong(row, c, "enum") for row in sheet.rows]) for c in (a, b)]


@kind(SWAPS, "a row shifted by one cell")
def _(copy: Copy, rng: Random) -> Found:
    """The first cell taken out and an empty one added at the end: as many cells, none in its column."""
    sheet = copy.sheet(rng.choice(["claims", "evidence", "propositions", "events", "actors"]))
    row = sheet.pick(rng)
    cells = [*(row[c] for c in sheet.columns[1:]), ""]
    row.update(zip(sheet.columns, cells, strict=True))
    return [sheet.wrong(row, sheet.columns[0], "pattern")]
