"""A coding of some sources, as tables: read from a package, or from the accepted rows of a worksheet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from onrecord.curate.columns import OF_CLAIM, OF_PROPOSITION, TAKEN, hops_in
from onrecord.curate.naming import fold
from onrecord.curate.spans import Span, parse_span, span_of
from onrecord.curate.worksheet import FOREIGN, Sheet, Worksheet, examine
from onrecord.findings import Finding, shown
from onrecord.package import open_package

__all__ = ["Coding", "Row", "coding_of", "read_coding", "text_of"]

Row = Mapping[str, str]
_KEYS = {"sources": "source_id", "actors": "actor_id", "propositions": "proposition_id"}
_SPANS = {"content_span": "content", "time_span": "time", "condition_span": "condition"}


@dataclass(frozen=True)
class Coding:
    """What one coder made of some sources: rows by table, with the columns of the dataset's tables.

    A worksheet has only the tables and columns of which it speaks; its identifiers are those of its rows,
    or a plus and the words that will get one.
    """

    label: str
    tables: Mapping[str, Sequence[Row]]

    def rows(self, table: str) -> Sequence[Row]:
        """The rows of a table, none where the coding does not have it."""
        return self.tables.get(table, ())

    @cached_property
    def passages(self) -> Mapping[str, Mapping[tuple[str, str], tuple[Span, ...]]]:
        """Claim → (part, hop) → its spans in the order of the text; hop is empty but for source and cue."""
        found: dict[str, dict[tuple[str, str], list[Span]]] = defaultdict(lambda: defaultdict(list))
        for row in self.rows("evidence"):
            if span := span_of(row):
                found[row["claim_id"]][row["part"], row["hop"]].append(span)
        return {claim: {part: tuple(sorted(s)) for part, s in parts.items()} for claim, parts in found.items()}

    def spans(self, claim: str, part: str, hop: str | None = None) -> tuple[Span, ...]:
        """The spans of a part of a claim, those of all hops where none is named."""
        parts = self.passages.get(claim, {})
        return tuple(sorted(s for (p, h), all_ in parts.items() if p == part and hop in (None, h) for s in all_))


def text_of(source: Row) -> str:
    """What tells the text of a source from others: its hash, or the address where no text was kept; empty without either."""
    return source.get("text_sha256") or source.get("url") or ""


def read_coding(where: str) -> tuple[Coding, list[Finding]]:
    """Read a package (folder, descriptor or zip) or a worksheet (CSV or XLSX), and what keeps it from being compared.

    Of a worksheet only accepted, edited and merged rows count. Raises PackageError when nothing can be read.
    """
    path = Path(where)
    if path.suffix.lower() in (".csv", ".xlsx", ".xlsm", *FOREIGN) and path.is_file():
        return _worksheet(path)
    return _package(where)


def _package(where: str) -> tuple[Coding, list[Finding]]:
    package = open_package(where)
    faults: list[Finding] = []
    tables: dict[str, list[Row]] = {}
    for name in package.names:
        text, found = package.read(name)
        faults += [f for f in found if not f.mendable]
        tables[name] = [dict(zip(text.columns, cells, strict=True)) for cells in text.rows] if text.complete else []
        if name == "evidence" and text.complete:
            for number, row in enumerate(tables[name]):
                if span_of(row) is None:
                    line, column = text.place(number, "start_char")
                    what = f"{shown(row['start_char'])} to {shown(row['end_char'])} is no stretch of a text"
                    faults.append(Finding(text.path, line, column, "span", what, "write two offsets, the lesser first"))
    return Coding(package.label, tables), faults


def _worksheet(path: Path) -> tuple[Coding, list[Finding]]:
    worksheet, faults = examine(path)
    return (Coding(str(path), {}), faults) if faults else coding_of(str(path), worksheet)


def coding_of(label: str, worksheet: Worksheet) -> tuple[Coding, list[Finding]]:
    """The accepted, edited and merged rows of a worksheet as tables, and what is wrong with their spans and hashes.

    The rows of its companions are taken as they are.
    """
    made = _Rows(worksheet.claims)
    for name, sheet in worksheet.companions.items():
        key = _KEYS.get(name)
        for number, row in enumerate(sheet.rows):
            made.tables[name][row[key] if key else number] = dict(row)
    for number, row in enumerate(worksheet.rows):
        if row.get("decision", "").strip() in TAKEN:
            made.add(number, row)
    return Coding(label, {name: list(found.values()) for name, found in made.tables.items()}), made.faults


class _Rows:
    """Rows of tables, gathered from the rows of a worksheet."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.tables: dict[str, dict[object, dict[str, str]]] = defaultdict(dict)
        self.faults: list[Finding] = []

    def add(self, number: int, row: Row) -> None:
        source = self.tables["sources"].setdefault(row["source_id"], _some(row, "source_id", "text_sha256"))
        if source["text_sha256"] != row.get("text_sha256"):
            what = f"{row['source_id']} has another text_sha256 here than above"
            self._fault(number, "text_sha256", what, "code one edition of a text, and give its hash in every row")
        parts = {column: (part, "") for column, part in _SPANS.items()}
        hops = [n for n in range(1, hops_in(row) + 1) if row.get(f"hop_{n}_kind")]
        parts |= {f"hop_{n}_{part}_span": (part, str(n)) for n in hops for part in ("source", "cue")}
        if row["decision"].strip() == "merge":
            self._spans(number, row, row.get("merge_into", ""), parts)
            return
        claim = row["row_id"]
        speaker = self._actor(row.get("speaker_id", ""), row.get("speaker", ""))
        if speaker:
            described = {"actor_kind": row.get("speaker_kind", ""), "anonymity": row.get("speaker_anonymity", "")}
            self._fill("actors", speaker, described)
        proposition = self._named(
            "propositions", "proposition", row.get("proposition_id", ""), row.get("proposition", "")
        )
        if not proposition:
            what = f"{claim} is accepted, and says neither proposition_id nor proposition"
            self._fault(number, "proposition", what, "write what is claimed, or reject the row")
            return
        self._fill("propositions", proposition, _some(row, *OF_PROPOSITION))
        keys = {"claim_id": claim, "proposition_id": proposition, "speaker_id": speaker}
        self.tables["claims"][claim] = keys | _some(row, "source_id", *OF_CLAIM)
        for n in hops:
            actor = self._actor(row.get(f"hop_{n}_actor_id", ""), row.get(f"hop_{n}_actor", ""))
            hop = {"claim_id": claim, "hop": str(n), "actor_id": actor, "hop_kind": row[f"hop_{n}_kind"]}
            told = {"cue": "cue", "said_edtf": "hop_said_edtf", "channel": "hop_channel"}
            more = {column: row.get(f"hop_{n}_{name}", "") for name, column in told.items()}
            self.tables["attributions"][claim, n] = hop | more
        self._spans(number, row, claim, parts)

    def _actor(self, identifier: str, name: str) -> str:
        key = self._named("actors", "actor_name", identifier, name)
        if key:
            self._fill("actors", key, {"actor_kind": "", "anonymity": ""})
        return key

    def _named(self, table: str, column: str, identifier: str, name: str) -> str:
        """The identifier of a row of a table, which is made where it is not there; what has none is known by its words."""
        key = identifier or (f"+{fold(name)}" if name else "")
        if key:
            self._fill(table, key, {f"{table.removesuffix('s')}_id": key, column: name or identifier})
        return key

    def _fill(self, table: str, key: str, cells: Mapping[str, str]) -> None:
        """Give values to the cells of a row that are empty."""
        row = self.tables[table].setdefault(key, {})
        row |= {name: value for name, value in cells.items() if not row.get(name)}

    def _spans(self, number: int, row: Row, claim: str, parts: Mapping[str, tuple[str, str]]) -> None:
        for column, (part, hop) in parts.items():
            for written in row.get(column, "").split():
                span = parse_span(written)
                if span is None:
                    what = f"{shown(written)} is no span"
                    self._fault(number, column, what, "write the first character and the end, as in 120-180")
                    continue
                ends = {"start_char": str(span.start), "end_char": str(span.end)}
                where = {"claim_id": claim, "part": part, "hop": hop, **ends}
                self.tables["evidence"][tuple(where.values())] = where

    def _fault(self, number: int, field: str, what: str, fix: str) -> None:
        self.faults.append(self.sheet.finding(number, field, "worksheet", what, fix))


def _some(row: Row, *names: str) -> dict[str, str]:
    return {name: row.get(name, "") for name in names}
