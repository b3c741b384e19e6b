"""A file as a source to be: plain text or a saved web page, read strictly."""

from __future__ import annotations

import datetime as dt
import re
import stat
import sys
from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import Path

from onrecord.curate.language import guess_language
from onrecord.curate.layout import DATE, Range, layout
from onrecord.curate.webpage import Article, decode_page, is_page, read_page
from onrecord.findings import Finding, PackageError, shown

__all__ = ["MOST_BYTES", "Reading", "RefusedError", "published_basis", "read", "read_bytes"]

MOST_BYTES = 20_000_000
"""What a file may have; a saved page with its pictures in it has a few millions."""
MOST_CHARACTERS = 2_000_000
"""What a text may have: about three hundred thousand words."""
_KINDS = (
    (b"%PDF-", "a PDF"), (b"PK\x03\x04", "a zip, or a document of an office program"), (b"\x1f\x8b", "a gzip archive"),
    (b"\xd0\xcf\x11\xe0", "a document of an office program"), (b"{\\rtf", "an RTF document"), (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"), (b"GIF8", "a picture"), (b"MIME-Version:", "a web archive (MHTML)"),
    (b"From: <Saved by", "a web archive (MHTML)"), (b"bplist00", "a web archive of Safari"),
)  # fmt: skip
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_BY = re.compile(r"^(?:By|Written by|Story by)\s+(?P<names>[^,|\n]+)", re.IGNORECASE)


class RefusedError(PackageError):
    """An input that cannot be taken: ``findings`` say where, what is wrong and how to mend it."""

    def __init__(self, findings: list[Finding]) -> None:
        self.findings = findings
        super().__init__("; ".join(str(finding) for finding in findings))


@dataclass(frozen=True)
class Reading(Article):
    """A text, which is kept and hashed as UTF-8, and what it or its page says of itself; ``stated`` is whether it prints
    its day of publication, and ``notes`` tell what was changed in reading."""

    notes: tuple[str, ...] = ()

    def ranges(self, repeated: Collection[str] = ()) -> list[Range]:
        """The ranges proposed; ``repeated`` as in ``layout``."""
        return layout(self.text, self.title, self.lines, repeated)

    @property
    def stated(self) -> bool:
        return published_basis(self.text, self.published) == "stated"


def read(path: str) -> Reading:
    """Read a file, or standard input for ``-``.

    Raises RefusedError for what is empty, binary, too large, not UTF-8 (plain text), or a page without an
    article; and PackageError for what cannot be opened: no such file, a folder, a pipe, no permission.
    """
    if path == "-":
        data = sys.stdin.buffer.read(MOST_BYTES + 1)
        return read_bytes(data, "standard input")
    place = Path(path)
    try:
        mode = place.stat().st_mode
        if stat.S_ISDIR(mode):
            raise PackageError(f"{path}: is a folder; name one file, and run the command for each")
        if not stat.S_ISREG(mode):  # to open a pipe would wait for ever, and a device never ends
            raise PackageError(f"{path}: is no regular file; name a file, or pass '-' and pipe the text in")
        with place.open("rb") as stream:
            data = stream.read(MOST_BYTES + 1)
    except FileNotFoundError:
        raise PackageError(f"{path}: no such file") from None
    except (OSError, ValueError) as error:
        raise PackageError(f"{path}: cannot be read: {getattr(error, 'strerror', None) or error}") from None
    return read_bytes(data, path)


def read_bytes(data: bytes, label: str) -> Reading:
    """Read the bytes of a plain text or of a web page; ``label`` names them in findings. Raises RefusedError."""

    def refuse(rule: str, what: str, fix: str, line: int = 0, column: int = 0) -> RefusedError:
        return RefusedError([Finding(label, line, column, rule, what, fix)])

    if len(data) > MOST_BYTES:
        raise refuse("text-size", f"it has more than {MOST_BYTES:,} bytes", "save the article alone, as plain text")
    if not data.strip():
        raise refuse("text-empty", "there is nothing in it", "save the text again")
    for magic, kind in _KINDS:
        if data.startswith(magic):
            raise refuse(
                "text-binary", f"it is {kind}", "save the article as plain text (UTF-8) or as a web page (HTML)"
            )
    page = is_page(data)
    if b"\0" in data and not page and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        at = data.index(b"\0")
        what = "it holds NUL bytes, as files do that are no text"
        raise refuse("text-binary", what, "save it as plain text", data.count(b"\n", 0, at) + 1)
    try:
        text = decode_page(data) if page else _plain(data)
    except UnicodeDecodeError as error:
        what, fix = _encoding(data, error, page)
        line = data.count(b"\n", 0, error.start) + 1
        raise refuse("text-encoding", what, fix, line, error.start - data.rfind(b"\n", 0, error.start)) from None
    if not page and (control := _CONTROL.search(text)):
        at = control.start()
        what = f"it holds the control character {shown(control[0])}, as files do that are no text"
        raise refuse(
            "text-binary", what, "save it as plain text, or delete the character",
            text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at),
        )  # fmt: skip
    reading = _of_page(text) if page else _of_text(text, data)
    if page and not reading.text:
        what = "no article was found in the page"
        raise refuse("text-empty", what, "copy the article's text into a file, and add that")
    if not any(letter.isalpha() for letter in reading.text):
        raise refuse("text-empty", "there is no word in it", "save the text again")
    if len(reading.text) > MOST_CHARACTERS:
        what = f"its text has {len(reading.text):,} characters, and a source at most {MOST_CHARACTERS:,}"
        raise refuse("text-size", what, "add its parts as sources of their own")
    return reading


def _plain(data: bytes) -> str:
    text = data.decode("utf-8")
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def _encoding(data: bytes, error: UnicodeDecodeError, page: bool) -> tuple[str, str]:
    """What the encoding of a file is not, what it may be, and how to mend it."""
    if page:
        return f"byte 0x{data[error.start]:02x} is not of the encoding that the page declares", "save the page again"
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "it is UTF-16", "save it as UTF-8: iconv -f UTF-16 -t UTF-8 OLD > NEW"
    from charset_normalizer import from_bytes

    best = from_bytes(data[:100_000]).best()
    name = best.encoding.replace("_", "-").upper() if best else "WINDOWS-1252"
    likely = f", it may be {name}" if best else ""
    return (
        f"byte 0x{data[error.start]:02x} is not UTF-8{likely}",
        f"save it as UTF-8: iconv -f {name} -t UTF-8 OLD > NEW",
    )


def _of_page(html: str) -> Reading:
    page = read_page(html)
    return Reading(**vars(replace(page, language=page.language or guess_language(page.text))))


def _of_text(text: str, data: bytes) -> Reading:
    ranges = layout(text)
    held = {kind: [text[r.start : r.end] for r in ranges if r.kind == kind] for kind in ("headline", "byline")}
    title = " ".join(held["headline"][0].split()) if held["headline"] else ""
    days = [day for lines in held["byline"] for day in _days(lines)]
    names = [m["names"] for lines in held["byline"] for line in lines.split("\n") if (m := _BY.match(line))]
    notes = []
    if data.startswith(b"\xef\xbb\xbf"):
        notes.append("a byte order mark was left out")
    if b"\r" in data:
        notes.append("line ends were made those of Unix (LF)")
    return Reading(text, title, days[0] if days else "", _names(names), guess_language(text), notes=tuple(notes))


def _names(lines: list[str]) -> tuple[str, ...]:
    parts = [part.strip() for line in lines for part in re.split(r"\s+and\s+|\s*&\s*", line)]
    return tuple(dict.fromkeys(part for part in parts if 1 < len(part.split()) <= 5 and not DATE.search(part)))


def _days(text: str) -> list[str]:
    """The days that a text prints, in order, ISO 8601."""
    found = []
    for m in DATE.finditer(text):
        year, day = m["y1"] or m["y2"] or m["y3"], m["d1"] or m["d2"] or m["d3"]
        month = int(m["m3"]) if m["m3"] else _MONTHS.index((m["m1"] or m["m2"])[:3].lower()) + 1
        try:
            found.append(dt.date(int(year), month, int(day)).isoformat())
        except ValueError:
            continue
    return found


def published_basis(text: str, day: str) -> str:
    """The basis of a day of publication (ISO 8601): stated where the text prints it, else inferred; empty without a day."""
    return "" if not day else "stated" if day in _days(text) else "inferred"
