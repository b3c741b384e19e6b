"""Cells that are no values of their fields, or hold characters that mislead."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from random import Random
from typing import Any

from corrupt.copied import Copy, Expected, Row, Sheet, Wrong, free_texts
from corrupt.kinds import kind

Found = list[Expected | Wrong]
Place = tuple[Sheet, Row, str]


def cells(
    copy: Copy, rng: Random, fits: Callable[[dict[str, Any], dict[str, Any]], Any], filled: Callable[[str], Any] = bool
) -> Place:
    """A random cell of a random table and column whose field (and its constraints) fit."""
    columns = [
        (sheet, f["name"])
        for sheet in map(copy.sheet, copy.filled())
        for f in sheet.schema["fields"]
        if fits(f, f.get("constraints", {}))
    ]
    rng.shuffle(columns)
    for sheet, column in columns:
        if rows := [row for row in sheet.rows if filled(row[column])]:
            return sheet, rng.choice(rows), column
    raise LookupError("no cell fits")


def change(place: Place, value: str, rule: str) -> Found:
    sheet, row, column = place
    if row[column] == value:
        raise ValueError(f"nothing changes: {value!r}")
    row[column] = value
    return [sheet.wrong(row, column, rule)]


def note(
    group: str,
    name: str,
    fits: Callable[[dict[str, Any], dict[str, Any]], Any],
    rule: str,
    new: Callable[[str, Random], str],
    filled: Callable[[str], Any] = bool,
) -> None:
    """A kind that writes one cell otherwise."""

    @kind(group, name)
    def corrupt(copy: Copy, rng: Random) -> Found:
        place = cells(copy, rng, fits, filled)
        return change(place, new(place[1][place[2]], rng), rule)


def is_type(name: str) -> Callable[[dict[str, Any], dict[str, Any]], bool]:
    return lambda f, _: f.get("type") == name


def with_separator(digits: str) -> str:
    return f"{int(digits):,}" if int(digits) > 999 else f"{digits},000"


def wide(digits: str) -> str:
    return digits.translate({ord("0") + n: 0xFF10 + n for n in range(10)})


def arabic(digits: str) -> str:
    return digits.translate({ord("0") + n: 0x0660 + n for n in range(10)})


INTEGERS = {
    "1e3": lambda v, rng: "1e3",
    "with a separator, 1,000": lambda v, rng: with_separator(v),
    "with a space, 1 000": lambda v, rng: f"{v} 000",
    "with an underscore, 1_000": lambda v, rng: f"{v}_000",
    "with a decimal part, 12.0": lambda v, rng: f"{v}.0",
    "with a sign, +12": lambda v, rng: f"+{v}",
    "with a leading zero, 012": lambda v, rng: f"0{v}",
    "hexadecimal, 0x10": lambda v, rng: "0x10",
    "in full-width digits": lambda v, rng: wide(v),
    "in Arabic digits": lambda v, rng: arabic(v),
    "in words": lambda v, rng: rng.choice(["twelve", "about 12", "12?", "12 chars"]),
    "TRUE": lambda v, rng: rng.choice(["TRUE", "true", "yes"]),
    "NA or null": lambda v, rng: rng.choice(["NA", "N/A", "null", "NULL", "None", "NaN", "-", "?"]),
    "between spaces": lambda v, rng: f" {v} ",
    "too great for 64 bits": lambda v, rng: "9223372036854775808",
}
for form, new in INTEGERS.items():
    note("integers", f"an integer {form}", is_type("integer"), "type", new)

NUMBERS = {
    "with a decimal comma": lambda v, rng: v.replace(".", ","),
    "with its degrees": lambda v, rng: f"{v}°",
    "with a hemisphere": lambda v, rng: f"{v}N",
    "with a point and no digit": lambda v, rng: f"{int(float(v))}.",
    "1e1": lambda v, rng: "1e1",
    "NaN or inf": lambda v, rng: rng.choice(["NaN", "nan", "inf", "-inf", "Infinity"]),
    "NA or null": lambda v, rng: rng.choice(["NA", "null", "NULL"]),
}
for form, new in NUMBERS.items():
    note("numbers", f"a number {form}", is_type("number"), "type", new)

DATES = {
    "5.9.2023": lambda v, rng: f"{int(v[8:])}.{int(v[5:7])}.{v[:4]}",
    "05/09/2023": lambda v, rng: f"{v[8:]}/{v[5:7]}/{v[:4]}",
    "2023-9-5": lambda v, rng: f"{v[:4]}-{int(v[5:7])}-{int(v[8:])}/".rstrip("/") if "-0" in v else f"{v[:4]}/{v[5:]}",
    "20230905": lambda v, rng: v.replace("-", ""),
    "a year alone": lambda v, rng: v[:4],
    "with a time": lambda v, rng: f"{v}T00:00:00",
    "in words": lambda v, rng: "5 September 2023",
    "as a spreadsheet's number": lambda v, rng: "45174",
    "a day that does not exist": lambda v, rng: rng.choice(
        ["2023-02-30", "2023-09-31", "2023-13-01", "2023-02-29", "2023-00-10"]
    ),
    "in full-width digits": lambda v, rng: wide(v),
    "NA or null": lambda v, rng: rng.choice(["NA", "null", "NULL", "NaT", "0000-00-00"]),
}
for form, new in DATES.items():
    note("dates", f"a date {form}", is_type("date"), "type", new)


def is_enum(f: dict[str, Any], c: dict[str, Any]) -> bool:
    return "enum" in c


def misspelt(term: str, rng: Random) -> str:
    n = rng.randrange(len(term) - 1)
    return term[:n] + term[n + 1 :] + ("" if len(term) > 3 else "x")


def alike(text: str, rng: Random) -> str:
    """One Latin letter replaced by one of Cyrillic or Greek that looks the same, within a word of Latin letters."""
    table = {"a": "а", "e": "е", "o": "оο", "p": "рρ", "c": "с", "x": "х", "i": "і", "A": "АΑ", "B": "ВΒ", "E": "ЕΕ", "C": "С", "T": "ТΤ", "P": "РΡ"}  # fmt: skip
    places = [
        n for n, letter in enumerate(text)
        if letter in table and any(b.isascii() and b.isalpha() for b in (text[n - 1 : n] + text[n + 1 : n + 2]))
    ]  # fmt: skip
    n = rng.choice(places)
    return text[:n] + rng.choice(table[text[n]]) + text[n + 1 :]


def can_alike(text: str) -> bool:
    return any(a + b in text for a in "aeopcxi" for b in "nrstldm") or "CT" in text


ENUMS: dict[str, Callable[[str, Random], str]] = {
    "misspelt": misspelt,
    "in another case": lambda v, rng: (
        v.swapcase() if rng.random() < 0.5 else v.title() if v.title() != v else v.lower()
    ),
    "with a space after it": lambda v, rng: f"{v} ",
    "with a no-break space before it": lambda v, rng: f"\u00a0{v}",
    "in the plural": lambda v, rng: f"{v}s",
    "of no vocabulary": lambda v, rng: rng.choice(["other", "misc", "unknown", "1", "yes"]),
    "NA or null": lambda v, rng: rng.choice(["NA", "N/A", "null", "NULL", "None", "-"]),
    "with a zero-width space": lambda v, rng: f"{v[:1]}\u200b{v[1:]}",
    "twice": lambda v, rng: f"{v}; {v}",
}
for form, new in ENUMS.items():
    note("terms", f"a term {form}", is_enum, "enum", new)
note("terms", "a term with a look-alike letter", is_enum, "enum", alike, can_alike)
note(
    "terms",
    "a term with a space for its underscore",
    is_enum,
    "enum",
    lambda v, rng: v.replace("_", " "),
    lambda v: "_" in v,
)


@kind("terms", "a term of another field")
def _(copy: Copy, rng: Random) -> Found:
    sheet, row, column = cells(copy, rng, is_enum)
    known = set(sheet.fields[column]["constraints"]["enum"])
    enums = [
        set(f["constraints"]["enum"])
        for s in map(copy.sheet, copy.names())
        for f in s.schema["fields"]
        if is_enum(f, f.get("constraints", {}))
    ]
    return change((sheet, row, column), rng.choice(sorted(set().union(*enums) - known)), "enum")


@kind("terms", "a term misspelt throughout its column")
def _(copy: Copy, rng: Random) -> Found:
    from corrupt.copied import joined

    sheet, row, column = cells(copy, rng, is_enum)
    term = row[column]
    wrong = misspelt(term, rng)
    rows = sheet.where(**{column: term})
    for row in rows:
        row[column] = wrong
    return [joined([sheet.wrong(row, column, "enum") for row in rows])]


def has(pattern: str) -> Callable[[dict[str, Any], dict[str, Any]], bool]:
    return lambda f, c: (
        c.get("pattern") == pattern
        or (
            pattern == "id"
            and str(c.get("pattern", "")).startswith("^")
            and "[0-9]{" in c["pattern"]
            and c["pattern"][2:3] == "["
        )
    )


IDS: dict[str, Callable[[str, Random], str]] = {
    "in lower case": lambda v, rng: v.lower(),
    "without its letter": lambda v, rng: v[1:],
    "with too few digits": lambda v, rng: v[0] + v[-3:],
    "with O for 0": lambda v, rng: v.replace("0", "O", 1),
    "with a hyphen": lambda v, rng: f"{v[0]}-{v[1:]}",
    "with a look-alike letter": lambda v, rng: (
        {"A": "А", "S": "Ѕ", "P": "Р", "C": "С", "E": "Е", "V": "Ѵ", "L": "Ꮮ"}[v[0]] + v[1:]
    ),
    "with a space before it": lambda v, rng: f" {v}",
    "in full-width digits": lambda v, rng: v[0] + wide(v[1:]),
    "of another table": lambda v, rng: rng.choice([x for x in "APECSL" if x != v[0]]) + v[1:],
    "two in one cell": lambda v, rng: f"{v};{v}",
    "NA or null": lambda v, rng: rng.choice(["NA", "null", "NULL", "N/A"]),
}
for form, new in IDS.items():
    note("identifiers", f"an identifier {form}", has("id"), "pattern", new)

PATTERNS: dict[str, tuple[str, Callable[[str, Random], str]]] = {
    "a country in lower case": ("^[A-Z]{3}$", lambda v, rng: v.lower()),
    "a country of two letters": ("^[A-Z]{3}$", lambda v, rng: v[:2]),
    "a country by its name": ("^[A-Z]{3}$", lambda v, rng: "Russia"),
    "a language by its name": ("^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$", lambda v, rng: "English"),
    "a language with an underscore": ("^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$", lambda v, rng: f"{v}_US"),
    "an address without its scheme": ("^https?://[^\\s]+$", lambda v, rng: v.partition("://")[2]),
    "an address with a space": ("^https?://[^\\s]+$", lambda v, rng: f"{v[:20]} {v[20:]}"),
    "a hash in capitals": ("^[0-9a-f]{64}$", lambda v, rng: v.upper()),
    "a hash cut short": ("^[0-9a-f]{64}$", lambda v, rng: v[:-1]),
    "a seed of another form": ("^[0-9]{3}_[0-9a-f]{16}$", lambda v, rng: v.replace("_", "-")),
}
for name, (pattern, new) in PATTERNS.items():
    note("patterns", name, has(pattern), "pattern", new)


def limits(copy: Copy, rng: Random, rule: str, new: Callable[[float], str]) -> Found:
    place = cells(copy, rng, lambda f, c: rule in c)
    return change(place, new(place[0].fields[place[2]]["constraints"][rule]), rule)


@kind("limits", "a figure below its minimum")
def _(copy: Copy, rng: Random) -> Found:
    return limits(copy, rng, "minimum", lambda least: str(least - rng.choice([1, 10])))


@kind("limits", "a figure above its maximum")
def _(copy: Copy, rng: Random) -> Found:
    return limits(copy, rng, "maximum", lambda most: str(most + rng.choice([1, 100])))


@kind("limits", "a text longer than its field allows")
def _(copy: Copy, rng: Random) -> Found:
    sheet, row, column = cells(copy, rng, lambda f, c: "maxLength" in c)
    most = sheet.fields[column]["constraints"]["maxLength"]
    return change(
        (sheet, row, column),
        (row[column] + " and so on" * most)[: most + rng.randrange(1, 40)].rstrip() + "n",
        "max-length",
    )


@kind("limits", "a required cell emptied")
def _(copy: Copy, rng: Random) -> Found:
    return change(cells(copy, rng, lambda f, c: c.get("required")), "", "required")


@kind("limits", "a required column emptied")
def _(copy: Copy, rng: Random) -> Found:
    from corrupt.copied import joined
    from corrupt.references import foreign_keys, left_over

    sheet, _, column = cells(copy, rng, lambda f, c: c.get("required"))
    targets = [other for name, c, other in foreign_keys(copy) if (name, c) == (sheet.name, column)]
    were = {row[column] for row in sheet.rows}
    for row in sheet.rows:
        row[column] = ""
    unused = [wrong for other in targets for key in were for wrong in left_over(copy, other, key)]
    return [joined([sheet.wrong(row, column, "required") for row in sheet.rows], unused)]


def texts(copy: Copy, rng: Random, fits: Callable[[str], Any] = bool, every: bool = False) -> Place:
    """A cell of free text."""
    found = []
    for sheet in map(copy.sheet, copy.filled()):
        columns = [f["name"] for f in sheet.schema["fields"] if every and free(f)] or list(free_texts(sheet.name))
        found += [(sheet, c) for c in columns if any(fits(row[c]) for row in sheet.rows)]
    sheet, column = rng.choice(found)
    return sheet, sheet.pick(rng, lambda row: fits(row[column])), column


def free(f: dict[str, Any]) -> bool:
    """Whether any text may stand in a field."""
    return (
        f.get("type") == "string"
        and not {"enum", "pattern"} & set(f.get("constraints", {}))
        and not f["name"].endswith("_edtf")
    )


def text_kind(
    name: str,
    rule: str,
    new: Callable[[str, Random], str],
    fits: Callable[[str], Any] = bool,
    every: bool = True,
    group: str = "characters",
) -> None:
    @kind(group, name)
    def corrupt(copy: Copy, rng: Random) -> Found:
        place = texts(copy, rng, fits, every)
        return change(place, new(place[1][place[2]], rng), rule)


def within(*characters: str) -> Callable[[str, Random], str]:
    def new(text: str, rng: Random) -> str:
        n = rng.randrange(1, len(text))
        return text[:n] + rng.choice(characters) + text[n:]

    return new


def between_letters(text: str) -> list[int]:
    return [n for n in range(1, len(text) - 1) if text[n] == " " and text[n - 1].isalpha() and text[n + 1].isalpha()]


def no_break(text: str, rng: Random) -> str:
    n = rng.choice(between_letters(text))
    return text[:n] + rng.choice("\u00a0\u202f\u2009\u2003") + text[n + 1 :]


def some(text: str) -> bool:
    return len(text) > 3


text_kind("a space before a text", "stray-characters", lambda v, rng: f" {v}")
text_kind("a space after a text", "stray-characters", lambda v, rng: f"{v} ")
text_kind("a no-break space after a text", "stray-characters", lambda v, rng: v + rng.choice("\u00a0\u202f\u3000"))
text_kind("a no-break space within a text", "stray-characters", no_break, between_letters)
text_kind("a line break after a text", "stray-characters", lambda v, rng: f"{v}\n")
text_kind("a tab within a text", "stray-characters", within("\t"), some)
text_kind("a control character", "stray-characters", within("\x07", "\x1b", "\x7f", "\x85", "\x0b", "\x0c"), some)
text_kind("a zero-width character", "stray-characters", within("\u200b", "\u200c", "\u200d", "\u2060"), some)
text_kind("a byte order mark within a text", "stray-characters", within("\ufeff"), some)
text_kind(
    "a mark of writing direction",
    "stray-characters",
    within("\u200e", "\u200f", "\u202a", "\u202e", "\u2066", "\u2069"),
    some,
)
text_kind("a soft hyphen", "stray-characters", within("\u00ad"), some)
text_kind("a line separator", "stray-characters", within("\u2028", "\u2029"), some)
text_kind("a replacement character", "stray-characters", within("\ufffd"), some)
text_kind("an invisible letter", "stray-characters", within("\u3164", "\u115f", "\u034f", "\U000e0041"), some)
text_kind("a Cyrillic or Greek letter in a Latin word", "look-alike-letters", alike, can_alike)
text_kind(
    "a letter with a combining mark",
    "canonical-form",
    lambda v, rng: unicodedata.normalize("NFD", v.replace("e", "é", 1)),
    lambda v: "e" in v,
    every=False,
)
text_kind(
    "a formula",
    "formula",
    lambda v, rng: rng.choice(["=1+1", "@SUM(A1)", '=HYPERLINK("http://x.example")', "+1 ", "-2+3 "]) + v,
    some,
    every=False,
)
text_kind("a cell of 10 MB", "cell-length", lambda v, rng: v + "x" * 10_000_000, every=False)
text_kind(
    "a cell of 32,768 characters",
    "cell-length",
    lambda v, rng: (v + " and so on" * 4000)[:32_768].rstrip() + "x" * 9,
    every=False,
)

EDTF: dict[str, Callable[[str, Random], str]] = {
    "of a day that does not exist": lambda v, rng: rng.choice(["2023-02-30", "2023-09-31", "2023-13", "2023-02-29~"]),
    "of a reversed interval": lambda v, rng: rng.choice(["2023-09-06/2023-09-04", "2023-10/2023-09", "2024/2023"]),
    "of level 2": lambda v, rng: rng.choice(
        ["2023-XX-05", "{2023,2024}", "[2023-09-04,2023-09-05]", "2023-09-~05", "1X99", "2023-21/2023-22-XX"]
    ),
    "in words": lambda v, rng: rng.choice(["5 September 2023", "Sept 2023", "last week", "early September"]),
    "5.9.2023": lambda v, rng: rng.choice(["5.9.2023", "05/09/2023", "9/5/2023"]),
    "2023-9-5": lambda v, rng: rng.choice(["2023-9-5", "2023-9", "20230905", "2023-W36"]),
    "with a hyphen for a slash": lambda v, rng: "2023-09-04-2023-09-06",
    "of three dates": lambda v, rng: "2023-09-04/2023-09-05/2023-09-06",
    "NA or null": lambda v, rng: rng.choice(["NA", "null", "unknown", "n.d.", "?"]),
    "with a question mark before it": lambda v, rng: f"?{v}",
}
for form, new in EDTF.items():
    note(
        "EDTF",
        f"a date {form}".replace("a date 5", "an EDTF cell 5")
        .replace("a date 2", "an EDTF cell 2")
        .replace("a date in", "an EDTF cell in")
        .replace("a date NA", "an EDTF cell NA")
        .replace("a date of", "an EDTF cell of")
        .replace("a date with", "an EDTF cell with"),
        lambda f, c: f["name"].endswith("_edtf"),
        "edtf-valid",
        new,
    )


def other_day(day: str, rng: Random) -> str:
    return day[:8] + f"{(int(day[8:]) + rng.randrange(1, 9)) % 28 + 1:02}"


def is_bound(f: dict[str, Any], c: dict[str, Any]) -> bool:
    return f.get("type") == "date" and f["name"].endswith(("_start", "_end"))


note(
    "EDTF",
    "an EDTF cell with a space",
    lambda f, c: f["name"].endswith("_edtf"),
    "stray-characters",
    lambda v, rng: rng.choice([f" {v}", f"{v} ", f"{v}\u00a0"]),
)
note(
    "patterns",
    "a Wikidata identifier without Q",
    has("^Q[1-9][0-9]*$"),
    "pattern",
    lambda v, rng: str(rng.randrange(1000, 99999)),
    lambda v: True,
)
note(
    "patterns",
    "a Wikidata identifier as an address",
    has("^Q[1-9][0-9]*$"),
    "pattern",
    lambda v, rng: f"https://www.wikidata.org/wiki/Q{rng.randrange(1000, 99999)}",
    lambda v: True,
)
note(
    "EDTF",
    "a bound of another day",
    is_bound,
    "bounds-match",
    lambda v, rng: next(d for d in iter(lambda: other_day(v, rng), "") if d != v),
)
note("EDTF", "a bound emptied", is_bound, "bounds-match", lambda v, rng: "")
note("EDTF", "a bound padded", is_bound, "bounds-match", lambda v, rng: rng.choice(["9999-12-31", "0001-01-01"]))


@kind("EDTF", "a bound where the date is open")
def _(copy: Copy, rng: Random) -> Found:
    sheet, row, column = cells(copy, rng, is_bound, lambda v: not v)
    return change((sheet, row, column), "2023-09-05", "bounds-match")
