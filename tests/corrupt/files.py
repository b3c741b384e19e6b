"""Files that are no longer the CSVs they were: bytes, quoting, line ends, files gone or strange."""

from __future__ import annotations

import csv
import io
from random import Random

from corrupt.copied import Copy, Expected, Sheet, Wrong, at
from corrupt.kinds import kind

BYTES = "bytes"


def any_sheet(copy: Copy, rng: Random, rows: int = 1) -> Sheet:
    return copy.sheet(rng.choice([name for name in copy.filled() if len(copy.sheet(name).rows) >= rows]))


def physical(sheet: Sheet) -> list[str]:
    """The lines of a file with their ends."""
    return sheet.text.splitlines(keepends=True) if "\r" not in sheet.text else sheet.text.split("\n")


def record(sheet: Sheet, row: dict[str, str]) -> tuple[int, str]:
    """The line on which a row begins, and its record with the line end."""
    number = sheet.number(row) + 1
    starts = [*sheet.lines(), len(sheet.text.split("\n"))]
    return starts[number], "".join(physical(sheet)[starts[number] - 1 : starts[number + 1] - 1])


def replace_record(sheet: Sheet, row: dict[str, str], new: str) -> int:
    """Write something else in place of a record; returns its line."""
    line, old = record(sheet, row)
    lines = physical(sheet)
    height = old.count("\n")
    sheet.copy.write(sheet.path, "".join([*lines[: line - 1], new, *lines[line - 1 + height :]]))
    return line


@kind(BYTES, "a byte order mark before the header")
def _(copy: Copy, rng: Random) -> list[Expected | Wrong]:
    path = copy.sheet(rng.choice(copy.names())).path
    copy.write(path, b"\xef\xbb\xbf" + copy.read(path))
    return [at(path, 1, 1, "encoding")]


@kind(BYTES, "every line ends in CRLF")
def _(copy: Copy, rng: Random) -> list[Expected | Wrong]:
    path = any_sheet(copy, rng).path
    copy.write(path, copy.read(path).replace(b"\n", b"\r\n"))
    return [at(path, 1, 0, "canonical-form")]


@kind(BYTES, "one line ends in CRLF")
def _(copy: Copy, rng: Random) -> list[Expected | Wrong]:
    sheet = any_sheet(copy, rng)
    row = sheet.pick(rng)
    line, old = record(sheet, row)
    replace_record(sheet, row, old[:-1] + "\r\n")
    return [at(sheet.path, line + old.count("\n") - 1, 0, "canonical-form")]


@kind(BYTES, "every line ends in a lone CR")
def _(copy: Copy, rng: Random) -> list[Expected | Wrong]:
    path = any_sheet(copy, rng).path
    copy.write(path, copy.read(path).replace(b"\n", b"\r"))
    return [at(path, 1, 0, "csv-syntax")]


@kind(BYTES, "one line ends in a lone CR")
def _(copy: Copy, rng: Random) -> list[Expected | Wrong]:
    sheet = any_sheet(copy, rng, 2)
    row = sheet.pick(rng, lambda r: r is not sheet.rows[-1])
    line, old = record(sheet, row)
    replace_record(sheet, row, old[:-1] + "\r")
    return [at(sheet.path, line, 0, "csv-syntax")]


@kind(BYTES, "a carriage return within an unquoted cell")
def _(copy: Copy, rng: Random) -> list[Expected | Wrong]:
    sheet = any_sheet(copy, rng)
    row = sheet.pick(rng, lambda r: '"' not in record(sheet, r)[1])
    line, old = record(sheet, row)
    place = rng.randrange(1, len(old) - 1)
    replace_record(sheet, row, old[:place] + "\r" + old[place:])
    return [at(sheet.path, line, 0, "csv-syntax")]


def _byte(copy: Copy, rng: Random, byte: int) -> list[Expected | Wrong]:
    """Put a byte that is no character into a cell."""
    sheet = any_sheet(copy, rng)
    row = sheet.pick(rng)
    column = rng.choice([c for c in sheet.columns if row[c]])
    place = sheet.place(row, column)
    row[column] = row[column][:1] + "\ue000" + row[column][1:]
    data, sheet.before = sheet.render().encode("utf-8"), sheet.render()
    copy.write(sheet.path, data.replace("\ue000".encode(), bytes([byte])))
    return [at(sheet.path, *place, "encoding")]


@kind(BYTES, "a letter in Latin-1")
def _(copy: Copy, rng: Random) -> list[Expected | Wrong]:
    return _byte(copy, rng, rng.choice("é".encode("latin-1") + "ÿ".encode("latin-1")))


@kind(BYTES, "a byte that is no part of UTF-8")
def _(copy: Copy, rng: Random) -> list[Expected | Wrong]:
    return _byte(copy, rng, rng.choice([0xFF, 0xC0, 0x80, 0xED, 0xF5]))


@kind(BYTES, "a NUL byte")
def _(copy: Copy, rng: Random) -> list[Expected | Wrong]:
    return _byte(copy, rng, 0)


@kind(BYTES, "a whole file in Windows-1252")
def _(copy: Copy, rng: Random) -> list[Expected | Wrong]:
    sheets = [s for s in map(copy.sheet, copy.filled()) if not s.text.isascii() and _fits(s.text, "cp1252")]
    sheet = rng.choice(sheets)
    row, column = next((r, c) for r in sheet.rows for c in sheet.columns if not r[c].isascii())
    line, position = sheet.place(row, column)
    line += row[column][: next(i for i, c in enumerate(row[column]) if not c.isascii())].count("\n")
    copy.write(sheet.path, sheet.text.encode("cp1252"))
    return [at(sheet.path, line, position, "encoding")]


def _fits(text: str, encoding: str) -> bool:
    try:
        return text.encode(encoding) is not None
    except UnicodeEncodeError:
        return False


@kind(BYTES, "a whole file in UTF-16, with a byte order mark")
def _(copy: Copy, rng: Random) -> list[Expected | Wrong]:
    sheet = any_sheet(copy, rng)
    mark = rng.choice([("utf-16-le", b"\xff\xfe"), ("utf-16-be", b"\xfe\xff")])
    copy.write(sheet.path, mark[1] + sheet.text.encode(mark[0]))
    return [at(sheet.path, 1, 0, "encoding")]


@kind(BYTES, "a whole file in UTF-16, without a byte order mark")
def _(copy: Copy, rng: Random) -> list[Expected | Wrong]:
    sheet = any_sheet(copy, rng)
    copy.write(sheet.path, sheet.text.encode(rng.choice(["utf-16-le", "utf-16-be"])))
    return [at(sheet.path, 1, 0, "encoding")]


QUOTES = "quoting"


@kind(QUOTES, "a quotation mark opens a cell and is never closed")
def _(copy: Copy, rng: Random) -> list[Expected | Wrong]:
    sheet = any_sheet(copy, rng)
    row = sheet.pick(rng, lambda r: '"' not in record(sheet, r)[1])
    cells = [row[c] for c in sheet.columns]
    n = rng.choice([i for i, cell in enumerate(cells) if cell])
    cells[n] = '"' + cells[n]
    return [at(sheet.path, replace_record(sheet, row, ",".join(cells) + "\n"), 0, "csv-syntax")]


@kind(QUOTES, "the closing quotation mark of a cell is lost")
def _(copy: Copy, rng: Random) -> list[Expected | Wrong]:
    sheet, row = _quoted(copy, rng)
    line, old = record(sheet, row)
    start = old.index('"')
    end = next(
        i
        for i in range(start + 1, len(old))
        if old[i] == '"' and old[i + 1] in ",\n" and old[start + 1 : i].count('"') % 2 == 0
    )
    replace_record(sheet, row, old[:end] + old[end + 1 :])
    return [at(sheet.path, line, 0, "csv-syntax")]


@kind(QUOTES, "the opening quotation mark of a cell is lost")
def _(copy: Copy, rng: Random) -> list[Expected | Wrong]:
    sheet, row = _quoted(copy, rng)
    line, old = record(sheet, row)
    start = old.index('"')
    replace_record(sheet, row, old[:start] + old[start + 1 :])
    return [at(sheet.path, line, old[: old.index('"', start + 1)].count(",") + 1, "csv-syntax")]


def _quoted(copy: Copy, rng: Random) -> tuple[Sheet, dict[str, str]]:
    """A row whose one quoted cell holds a comma and no quotation mark or line break."""
    places = []
    for name in copy.filled():
        sheet = copy.sheet(name)
        starts = [*sheet.lines(), len(sheet.text.split("\n"))]
        for n, row in enumerate(sheet.rows, 1):
            cells = [v for v in row.values() if {",", '"', "\n"} & set(v)]
            if len(cells) == 1 and not {'"', "\n"} & set(cells[0]) and starts[n + 1] == starts[n] + 1:
                places.append((sheet, row))
    return rng.choice(places)


@kind(QUOTES, "text after a closing quotation mark")
def _(copy: Copy, rng: Random) -> list[Expected | Wrong]:
    sheet = any_sheet(copy, rng)
    row = sheet.pick(rng, lambda r: '"' not in record(sheet, r)[1])
    cells = [row[c] for c in sheet.columns]
    n = rng.choice([i for i, cell in enumerate(cells) if len(cell) > 1])
    cut = rng.randrange(1, len(cells[n]))
    cells[n] = f'"{cells[n][:cut]}"{cells[n][cut:]}'
    return [at(sheet.path, replace_record(sheet, row, ",".join(cells) + "\n"), 0, "csv-syntax")]


@kind(QUOTES, "a quotation mark within an unquoted cell")
def _(copy: Copy, rng: Random) -> list[Expected | Wrong]:
    sheet, row, n = _unquoted_text(copy, rng)
    cells = [row[c] for c in sheet.columns]
    cut = rng.randrange(1, len(cells[n]))
    cells[n] = f'{cells[n][:cut]}"{cells[n][cut:]}'
    return [at(sheet.path, replace_record(sheet, row, ",".join(cells) + "\n"), n + 1, "csv-syntax")]


def _unquoted_text(copy: Copy, rng: Random) -> tuple[Sheet, dict[str, str], int]:
    sheet = any_sheet(copy, rng)
    row = sheet.pick(rng, lambda r: '"' not in record(sheet, r)[1])
    return sheet, row, rng.choice([i for i, c in enumerate(sheet.columns) if len(row[c]) > 1])


@kind(QUOTES, "a cell quoted without need")
def _(copy: Copy, rng: Random) -> list[Expected | Wrong]:
    sheet, row, n = _unquoted_text(copy, rng)
    cells = [row[c] for c in sheet.columns]
    cells[n] = f'"{cells[n]}"'
    return [at(sheet.path, replace_record(sheet, row, ",".join(cells) + "\n"), n + 1, "canonical-form")]


@kind(QUOTES, "every cell quoted")
def _(copy: Copy, rng: Random) -> list[Expected | Wrong]:
    sheet = any_sheet(copy, rng)
    out = io.StringIO()
    csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows(
        [sheet.columns, *([r[c] for c in sheet.columns] for r in sheet.rows)]
    )
    copy.write(sheet.path, out.getvalue())
    return [at(sheet.path, 1, 1, "canonical-form")]


CUT = "cut short"


@kind(CUT, "the file breaks off within a row")
def _(copy: Copy, rng: Random) -> list[Expected | Wrong]:
    sheet = any_sheet(copy, rng)
    row = sheet.pick(rng, lambda r: '"' not in record(sheet, r)[1])
    line, old = record(sheet, row)
    before = "".join(physical(sheet)[: line - 1])
    copy.write(sheet.path, before + old[: rng.randrange(1, old.rindex(",") + 1)])
    return [at(sheet.path, line, 0, "csv-syntax")]


@kind(CUT, "the file breaks off within a quoted cell")
def _(copy: Copy, rng: Random) -> list[Expected | Wrong]:
    sheet, row = _quoted(copy, rng)
    line, old = record(sheet, row)
    before = "".join(physical(sheet)[: line - 1])
    copy.write(sheet.path, before + old[: rng.randrange(old.index('"') + 1, old.rindex('"'))])
    return [at(sheet.path, line, 0, "csv-syntax")]


@kind(CUT, "the file breaks off within its header")
def _(copy: Copy, rng: Random) -> list[Expected | Wrong]:
    sheet = any_sheet(copy, rng)
    copy.write(sheet.path, sheet.text[: rng.randrange(1, sheet.text.index("\n"))])
    return [at(sheet.path, 1, 0, "columns")]


@kind(CUT, "an empty file")
def _(copy: Copy, rng: Random) -> list[Expected | Wrong]:
    path = copy.sheet(rng.choice(copy.names())).path
    copy.write(path, b"")
    return [at(path, 1, 0, "columns")]


@kind(CUT, "a file of one empty line")
def _(copy: Copy, rng: Random) -> list[Expected | Wrong]:
    path = copy.sheet(rng.choice(copy.names())).path
    copy.write(path, b"\n")
    return [at(path, 1, 0, "columns")]


@kind(CUT, "the last line without its end")
def _(copy: Copy, rng: Random) -> list[Expected | Wrong]:
    sheet = copy.sheet(rng.choice(copy.names()))
    text = sheet.text
    copy.write(sheet.path, text[:-1])
    return [at(sheet.path, text.count("\n"), 0, "canonical-form")]


@kind(CUT, "two rows joined by a lost line end")
def _(copy: Copy, rng: Random) -> list[Expected | Wrong]:
    sheet = any_sheet(copy, rng, 2)
    row = sheet.pick(rng, lambda r: r is not sheet.rows[-1])
    line, old = record(sheet, row)
    replace_record(sheet, row, old[:-1])
    return [at(sheet.path, line, 0, "row-length")]


LINES = "lines"


@kind(LINES, "an empty line between rows")
def _(copy: Copy, rng: Random) -> list[Expected | Wrong]:
    sheet = any_sheet(copy, rng)
    row = sheet.pick(rng)
    line, old = record(sheet, row)
    replace_record(sheet, row, "\n" + old)
    return [at(sheet.path, line, 0, "row-length")]


@kind(LINES, "an empty line at the end")
def _(copy: Copy, rng: Random) -> list[Expected | Wrong]:
    sheet = copy.sheet(rng.choice(copy.names()))
    copy.write(sheet.path, sheet.text + "\n")
    return [at(sheet.path, sheet.text.count("\n"), 0, "row-length")]


@kind(LINES, "a line of spaces")
def _(copy: Copy, rng: Random) -> list[Expected | Wrong]:
    sheet = any_sheet(copy, rng)
    row = sheet.pick(rng)
    line, old = record(sheet, row)
    replace_record(sheet, row, "  \n" + old)
    return [at(sheet.path, line, 0, "row-length")]


@kind(LINES, "a row of empty cells")
def _(copy: Copy, rng: Random) -> list[Expected | Wrong]:
    sheet = any_sheet(copy, rng)
    row = sheet.pick(rng)
    line, old = record(sheet, row)
    replace_record(sheet, row, "," * (len(sheet.columns) - 1) + "\n" + old)
    return [at(sheet.path, line, 0, "row-length")]


@kind(LINES, "the header stands a second time, further down")
def _(copy: Copy, rng: Random) -> list[Expected | Wrong]:
    sheet = any_sheet(copy, rng)
    row = sheet.pick(rng)
    line, old = record(sheet, row)
    replace_record(sheet, row, ",".join(sheet.columns) + "\n" + old)
    return [at(sheet.path, line, 0, "columns")]


@kind(LINES, "marks of an unresolved merge")
def _(copy: Copy, rng: Random) -> list[Expected | Wrong]:
    sheet = any_sheet(copy, rng)
    row = sheet.pick(rng)
    line, old = record(sheet, row)
    replace_record(sheet, row, f"<<<<<<< HEAD\n{old}=======\n{old}>>>>>>> other\n")
    return [at(sheet.path, line, 0, "csv-syntax")]


GONE = "files gone or strange"


@kind(GONE, "a file in dataset/ that is no table")
def _(copy: Copy, rng: Random) -> list[Expected | Wrong]:
    name = rng.choice([".DS_Store", "~$claims.xlsx", "claims.csv.bak", "claims (1).csv", "notes.txt", "old.csv"])
    copy.write(f"dataset/{name}", "x\n")
    return [at(f"dataset/{name}", rule="descriptor-complete")]


@kind(GONE, "a folder in dataset/")
def _(copy: Copy, rng: Random) -> list[Expected | Wrong]:
    name = rng.choice(["old", "backup.csv", "claims"])
    copy.make_folder(f"dataset/{name}")
    return [at(f"dataset/{name}", rule="descriptor-complete")]


@kind(GONE, "a folder in place of a CSV")
def _(copy: Copy, rng: Random) -> list[Expected | Wrong]:
    path = copy.sheet(rng.choice(copy.names())).path
    copy.make_folder(path)
    return [at(path, rule="missing-table")]


@kind(GONE, "a file is deleted")
def _(copy: Copy, rng: Random) -> list[Expected | Wrong]:
    path = copy.sheet(rng.choice(copy.names())).path
    copy.delete(path)
    return [at(path, rule="missing-table")]


@kind(GONE, "a file has another name")
def _(copy: Copy, rng: Random) -> list[Expected | Wrong]:
    name = rng.choice(copy.names())
    copy.write(f"dataset/{name.title()}.csv", copy.read(f"dataset/{name}.csv"))
    copy.delete(f"dataset/{name}.csv")
    text = copy.read("datapackage.json").decode()
    mark = f'"path": "dataset/{name}.csv"'
    before = text[: text.index(mark) + len('"path": ')]
    return [at("datapackage.json", before.count("\n") + 1, len(before) - before.rfind("\n"), "descriptor-complete")]
