"""Whether every recorded span is borne out by the texts at hand; and where the wrong ones really stand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from onrecord.curate.passages import Passages
from onrecord.curate.spans import Span, span_of
from onrecord.curate.tables import Row, read_rows
from onrecord.evidence import normalize, span_hash
from onrecord.package import Package

__all__ = ["Checked", "Wrong", "evidence_of", "verify"]

_SEARCHED = 200_000
"""Of longer texts, the wrong spans are not sought by their hash: every stretch would have to be tried."""


@dataclass(frozen=True)
class Wrong:
    """A recorded span that its text does not bear out: what is wrong, and where its words are (by length and hash)."""

    row: Row
    what: str
    found: tuple[Span, ...] = ()


@dataclass
class Checked:
    """One source: how many spans are recorded, how many its text bears out, and which it does not.

    ``at_hand`` says whether the text was there; ``other`` is a file that looks like another edition of it.
    """

    source: Row
    recorded: int = 0
    verified: int = 0
    at_hand: bool = False
    other: Path | None = None
    wrong: list[Wrong] = field(default_factory=list)


def verify(package: Package, texts: Mapping[str, str], folder: Path | None = None) -> list[Checked]:
    """Check the spans of evidence and the ranges of every source that has any, against texts by their hash.

    ``folder`` is where other editions are looked for. Raises PackageError for a table that cannot be read.
    """
    evidence = evidence_of(read_rows(package, "claims"), read_rows(package, "evidence"))
    ranges: dict[str, list[Row]] = {}
    for row in read_rows(package, "source_ranges"):
        ranges.setdefault(row["source_id"], []).append(row)
    found = []
    for source in read_rows(package, "sources"):
        spans, parts = evidence.get(source["source_id"], []), ranges.get(source["source_id"], [])
        text = texts.get(source["text_sha256"]) if source["text_sha256"] else None
        if not (spans or parts or source["text_sha256"]):
            continue
        one = Checked(source, len(spans) + len(parts), at_hand=text is not None)
        found.append(one)
        if text is None:
            one.other = _edition(folder, source)
            continue
        if source["text_length"] != str(len(text)):
            one.wrong.append(Wrong(source, f"text_length is {source['text_length']}, and the text has {len(text)}"))
        passages = Passages(text)
        faults = [*_wrong_spans(spans, passages), *_wrong_ranges(parts, text)]
        one.verified = one.recorded - len(faults)
        one.wrong += faults
    return found


def evidence_of(claims: Iterable[Row], evidence: Iterable[Row]) -> dict[str, list[Row]]:
    """The rows of evidence by the source of their claim."""
    sources = {row["claim_id"]: row["source_id"] for row in claims}
    found: dict[str, list[Row]] = {}
    for row in evidence:
        found.setdefault(sources.get(row["claim_id"], ""), []).append(row)
    return found


def _wrong_spans(rows: list[Row], passages: Passages) -> Iterator[Wrong]:
    for row in rows:
        if what := _fault(row, passages.text):
            length = int(row["span_length"]) if row["span_length"].isdecimal() else 0
            seek = 0 < length <= len(passages.text) <= _SEARCHED
            yield Wrong(row, what, tuple(passages.hashed(row["span_sha256"], length)) if seek else ())


def _fault(row: Row, text: str) -> str:
    """What is wrong with a span of evidence, empty where nothing is."""
    span = span_of(row)
    if span is None or span.end > len(text):
        return f"{row['start_char']}-{row['end_char']} is no stretch of the text"
    held = span.of(text)
    if span_hash(held) != row["span_sha256"]:
        return "other words stand there"
    normal = normalize(held)
    if row["span_length"] != str(len(normal)):
        return f"span_length is {row['span_length']}, and the words have {len(normal)}"
    if row["exact"] and (len(row["exact"]) != len(held) or normalize(row["exact"]) != normal):
        return "exact has other words"
    if not normal.startswith(normalize(row["anchor_from"])) or not normal.endswith(normalize(row["anchor_to"])):
        return "the anchors are not its first and last words"
    return ""


def _wrong_ranges(rows: list[Row], text: str) -> Iterator[Wrong]:
    for row in rows:
        span = span_of(row)
        if span is None or span.end > len(text):
            yield Wrong(row, f"{row['start_char']}-{row['end_char']} is no stretch of the text")
        elif not span.of(text).strip():
            yield Wrong(row, "there are no words in it")


def _edition(folder: Path | None, source: Row) -> Path | None:
    """A text that is named after the source and has another hash than it."""
    if folder is None or not source["text_sha256"]:
        return None
    names = [f"{source['source_id']}-*.txt", f"{source['source_id']}.txt"]
    names += [f"{source['seed']}.txt"] if source["seed"] else []
    return next((path for name in names for path in sorted(folder.glob(name)) if path.is_file()), None)
