"""Ways to spoil a package at random, which know nothing of what is then found."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from hypothesis import strategies as st

from onrecord.csvtable import render

__all__ = ["CELLS", "KINDS", "Spoiling", "spoil", "spoilings"]

CELLS = [
    "", " ", '"', '""', ",", "\n", "a\nb", "a\r\nb", "\r", "a\rb", "\t", "\x0b", "\x0c", "\x1c", "\x85", "\x7f", "\x01",
    "0", "-0", "05", "+5", "5.", "5.0", ".5", "1e3", "0x10", "1_000", "1,5", " 5", "5 ", "５", "٣", "NaN", "inf", "NULL", "NA", "true",
    str(2**53), str(2**53 - 1), str(-(2**53)), str(2**63), "9" * 400, "-1", "1", "7", "1e400", "-0.0", "43.10", "200", "-181.5",
    "2021", "2021-05", "2023-9-5", "2023-02-30", "0000-01-01", "9999-12-31", "10000-01-01", "2023-09-05", "2023-09-05 ", "2023-09-05T00:00",
    "2023-09-05~", "2023-09-04/..", "../2023", "2023-21", "202X", "-0044-03-15", "2023-02-28/2023-02-30", "2023?", "Y12345", "epoch", "infinity",
    "a\u00a0b", "\u00a0", "a\u200bb", "a\u200db", "ا\u200cب", "\ufeff", "e\u0301", "\u1112\u1161\u11ab", "\u0e33", "👩\u200d🚀", "𝒜" * 3, "\U000e0041",
    "Сhina", "Αthens", "Китай", "a\u202eb", "a\u2028b", "\u2126", "\ufb01", "ǆ", "İ", "ß", "\u0345", "a\u034fb", "\u3000x", "\ue000", "\ufffd", "\uffff",
    "=1+1", "+x", "-x", "-5", "@a", "'=1", "C00001", "C1", "c00001", "C00001 ", "C000001", "P0001", "A001", "S001", "E001", "Z999999", "C99999999999999999999",
    "\\", "\\N", "\\n", "\x1f", "a\x1fb", ";", "|", "#", "a;b", "a; b", "http://x.org", "<b>", "x" * 33_000, "é" * 32_767, "é" * 32_768, "n" * 501,
]  # fmt: skip
_BYTES = [
    b'"', b'""', b",", b"\n", b"\r", b"\r\n", b"\0", b"\xff", b"\xc3", b"\xe2\x80", b"\xf4\x90\x80\x80", b"\xed\xa0\x80", b'","', b'"\n', b"\n\n",
    b"\n<<<<<<< a\n", b"\n=======\n", b"\n>>>>>>> b\n", b" ", b"x", b"\xef\xbb\xbf", b'"x', b"\n \n", b"\n,\n", b"\n\"\"\n", b"\t", b"\\", b"\n#\n",
]  # fmt: skip
_CUT = 8


@dataclass(frozen=True)
class Spoiling:
    """One fault: its kind, and numbers and a text that say where and what, each taken modulo what there is."""

    kind: str
    table: int
    row: int
    column: int
    cell: str
    other: int


def _cell(rows: list[list[str]], how: Spoiling) -> None:
    row = rows[how.row % len(rows)]
    row[how.column % len(row)] = how.cell


def _copied(rows: list[list[str]], how: Spoiling) -> None:
    row, column = rows[how.row % len(rows)], how.column
    other = rows[how.other % len(rows)]
    row[column % len(row)] = other[column % len(other)]


def _moved(rows: list[list[str]], how: Spoiling) -> None:
    row = rows[how.row % len(rows)]
    row[how.column % len(row)] = row[how.other % len(row)]


def _doubled(rows: list[list[str]], how: Spoiling) -> None:
    rows.insert(how.other % (len(rows) + 1), list(rows[how.row % len(rows)]))


def _dropped(rows: list[list[str]], how: Spoiling) -> None:
    del rows[how.row % len(rows)]


def _swapped(rows: list[list[str]], how: Spoiling) -> None:
    one, other = how.row % len(rows), how.other % len(rows)
    rows[one], rows[other] = rows[other], rows[one]


def _longer(rows: list[list[str]], how: Spoiling) -> None:
    rows[how.row % len(rows)].insert(how.column, how.cell)


def _shorter(rows: list[list[str]], how: Spoiling) -> None:
    del rows[how.row % len(rows)][how.column % _CUT :]


def _emptied(rows: list[list[str]], how: Spoiling) -> None:
    row = rows[how.row % len(rows)]
    row[:] = [""] * len(row)


_ROWS: dict[str, Callable[[list[list[str]], Spoiling], None]] = {
    "cell": _cell,
    "copied": _copied,
    "moved": _moved,
    "doubled": _doubled,
    "dropped": _dropped,
    "swapped": _swapped,
    "longer": _longer,
    "shorter": _shorter,
    "emptied": _emptied,
}


def _damaged(data: bytes, how: Spoiling) -> bytes:
    at = how.row % (len(data) + 1)
    return data[:at] + _BYTES[how.other % len(_BYTES)] + data[at + how.column % 3 :]


def _cut_off(data: bytes, how: Spoiling) -> bytes:
    return data[: how.row % (len(data) + 1)]


def _header(data: bytes, how: Spoiling) -> bytes:
    first, _, rest = data.partition(b"\n")
    names = first.split(b",")
    at = how.column % len(names)
    ways = [[*names[:at], *names[at + 1 :]], [*names[:at], names[how.row % len(names)], *names[at + 1 :]]]
    ways += [[*names[: at + 1], *names[at:]], names[::-1], [*names[:at], b'"' + names[at] + b'"', *names[at + 1 :]]]
    return b",".join(ways[how.other % len(ways)]) + b"\n" + rest


def _quotes(data: bytes, how: Spoiling) -> bytes:
    lines = data.split(b"\n")
    at = how.row % len(lines)
    cells = lines[at].split(b",")
    cells[how.column % len(cells)] = b'"' + cells[how.column % len(cells)] + b'"'
    lines[at] = b",".join(cells)
    return b"\n".join(lines)


_FILES: dict[str, Callable[[bytes, Spoiling], bytes]] = {
    "damaged": _damaged,
    "cut off": _cut_off,
    "header": _header,
    "quotes": _quotes,
    "CRLF": lambda data, _: data.replace(b"\n", b"\r\n"),
    "BOM": lambda data, _: b"\xef\xbb\xbf" + data,
    "no last line end": lambda data, _: data.removesuffix(b"\n"),
}
KINDS = [*_ROWS, *_FILES]
_OFTEN = ["cell"] * 12 + ["copied", "moved"] * 3 + ["damaged", "quotes"] * 2
_numbers = st.integers(0, 2000)
_texts = st.sampled_from(CELLS) | st.lists(st.sampled_from([c for c in CELLS if len(c) < 9]), max_size=3).map("".join)
spoilings = st.lists(
    st.builds(Spoiling, st.sampled_from(_OFTEN + KINDS), _numbers, _numbers, _numbers, _texts, _numbers),
    min_size=1,
    max_size=12,
)
"""Some faults, most of them in cells."""


def spoil(folder: Path, faults: list[Spoiling]) -> None:
    """Spoil the tables of a package in place, those of rows first; what does not fit a table is left out."""
    paths = sorted((folder / "dataset").glob("*.csv"))
    for kinds in (_ROWS, _FILES):
        for how in faults:
            path = paths[how.table % len(paths)]
            data = path.read_bytes()
            if how.kind in kinds is _ROWS:
                header, *rows = csv.reader(io.StringIO(data.decode("utf-8"), newline=""))
                if rows and all(rows):
                    _ROWS[how.kind](rows, how)
                    path.write_text(render([header, *rows]), "utf-8", newline="")
            elif how.kind in kinds:
                path.write_bytes(_FILES[how.kind](data, how))
