"""A review of a worksheet without its screen: where one is, decisions, edits that are checked, undo, saving."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

from onrecord.curate.columns import column, hops_in, table_schema, terms
from onrecord.curate.damage import check
from onrecord.curate.evidencing import Text
from onrecord.curate.spans import Span
from onrecord.curate.worksheet import Row, Worksheet, read, write
from onrecord.dates import bounds
from onrecord.findings import PackageError, shown
from onrecord.suggest import nearest

__all__ = ["Candidate", "Mark", "Review", "candidates", "marks", "open_review"]

_FIXED = frozenset(
    [
        "decision",
        "merge_into",
        "row_id",
        "source_id",
        "text_sha256",
        "confidence",
        "reason",
        "guesses",
        "passage",
        "passage_start",
        "proposed_span",
        "candidates",
    ]
)
_CANDIDATE = re.compile(
    r"(P(?:[0-9]{4,}|\+[A-Za-z0-9._-]+)) ([01]\.[0-9]+) (.*?)(?:; (?=P[0-9+])|$)", re.ASCII | re.DOTALL
)
_WORDS = {"accept": "accepted", "edit": "edited", "reject": "rejected", "merge": "merged", "open": "undecided"}
_OF_PROPOSITION = ("proposition", "proposition_kind", "window_edtf", "window_basis", "place_id")
_OF_SPEAKER = ("speaker_kind", "speaker_anonymity", "speaker_country", "speaker_sector")
_ABOUT = {"window_edtf": "", "window_basis": "none", "place_id": "", "subjects": "", "event_id": ""}
"""What is said of a proposition, as it stands while nothing is said."""
_SPAN = re.compile(r"([0-9]{1,9})-([0-9]{1,9})", re.ASCII)
_HOP_SPAN = re.compile(r"hop_[0-9]+_(source|cue)_span", re.ASCII)


@dataclass(frozen=True)
class Candidate:
    """A proposition that may be the one claimed, with its likeness from 0 to 1 as it was written."""

    proposition_id: str
    likeness: str
    proposition: str


@dataclass(frozen=True, order=True)
class Mark:
    """A span of a text and what it is: content, cue, source, time or condition."""

    span: Span
    part: str


@dataclass
class Review:
    """The rows of a worksheet, one of them before the eyes; every change is saved before it is shown.

    ``known`` are the actors and propositions of the dataset by their identifiers. ``at`` is the number of that row, from 0. ``text`` of a source is known where it is at hand.
    """

    path: Path
    worksheet: Worksheet
    schemas: Mapping[str, Mapping[str, Any]]
    texts: Mapping[str, str]
    known: Mapping[str, Row] = field(default_factory=dict)
    at: int = 0
    _seen: bytes = b""
    _done: list[tuple[int, Row | None]] = field(default_factory=list)
    """Each change: the number of the row, and what it was before; None where it was copied and was not there."""

    @property
    def row(self) -> Row:
        return self.worksheet.rows[self.at]

    @property
    def total(self) -> int:
        return len(self.worksheet.rows)

    @property
    def decided(self) -> int:
        return sum(bool(row["decision"]) for row in self.worksheet.rows)

    @property
    def summary(self) -> str:
        """What was decided so far, in a line."""
        counts = Counter(row["decision"] or "open" for row in self.worksheet.rows)
        told = [f"{counts[name]} {word}" for name, word in _WORDS.items() if counts[name]]
        return f"{self.path}: {', '.join(told)}"

    @property
    def text(self) -> str | None:
        """The text of the source of this row, None where it is not at hand."""
        return self.texts.get(self.row["text_sha256"])

    @property
    def worded(self) -> str:
        """The known proposition that the row takes, by its identifier or by its words; empty for a new one."""
        words = self.row["proposition"].casefold()
        same = [key for key, row in self.known.items() if words and row.get("proposition", "").casefold() == words]
        return self.row["proposition_id"] or (same[0] if same else "")

    @property
    def faults(self) -> list[str]:
        """Why the cells of this row, decided as it is, cannot be accepted into the dataset."""
        name = self.row["row_id"]
        found = check(Worksheet.of([self.row]), self.schemas)
        return [fault.message.removeprefix(f"{name}: ") for fault in found]

    @property
    def fields(self) -> list[str]:
        """The columns that may be edited, those of the hops that there are and of one more."""
        known = [name for name in self.row if name not in _FIXED and column(name)]
        hops = sum(bool(self.row.get(f"hop_{n}_kind")) for n in range(1, hops_in(self.row) + 1))
        return [name for name in known if not name.startswith("hop_") or int(name.split("_")[1]) <= hops + 1]

    def move(self, step: int) -> None:
        """Go so many rows on, not beyond the first and the last."""
        self.at = min(max(self.at + step, 0), self.total - 1)

    def next_open(self) -> bool:
        """Go to the next undecided row, from the first one again after the last; False where there is none."""
        for step in range(1, self.total + 1):
            number = (self.at + step) % self.total
            if not self.worksheet.rows[number]["decision"]:
                self.at = number
                return True
        return False

    def accept(self) -> None:
        """Accept the row: ``edit`` where something in it was changed here, which is an acceptance too."""
        changed = any(number == self.at and (old is None or _others(old, self.row)) for number, old in self._done)
        self._decide("edit" if changed or self.row["decision"] == "edit" else "accept")

    def reject(self) -> None:
        """Reject the row."""
        self._decide("reject")

    def merge(self, target: str) -> None:
        """Give the spans of the row to another one, or to a claim. Raises ValueError for a target that is none."""
        if problem := self.merge_problem(target):
            raise ValueError(problem)
        self._decide("merge", target)

    def merge_problem(self, target: str) -> str:
        """Why the row cannot be merged into this one; empty where it can."""
        if re.fullmatch(r"C[0-9]{5,}", target, re.ASCII):
            return ""
        rows = {row["row_id"]: row for row in self.worksheet.rows}
        if target == self.row["row_id"]:
            return "a row cannot be merged into itself"
        if target not in rows:
            near = nearest(target, rows) if target else ""
            return f"there is no row {shown(target)}" + (f"; did you mean {near}?" if near else "")
        if rows[target]["source_id"] != self.row["source_id"]:
            return f"{target} is of another source"
        if rows[target]["decision"] in ("reject", "merge"):
            return f"{target} is itself decided as {rows[target]['decision']}"
        return ""

    def merge_targets(self) -> list[Row]:
        """The rows into which this one may be merged, the nearest first, those before it before those after."""
        near = sorted(range(self.total), key=lambda n: (abs(n - self.at), n > self.at))
        others = [self.worksheet.rows[n] for n in near if n != self.at]
        same = [row for row in others if row["source_id"] == self.row["source_id"]]
        return [row for row in same if row["decision"] not in ("reject", "merge")]

    def problem(self, name: str, value: str) -> str:
        """What is wrong with a value for a column of this row, in words; empty where nothing is."""
        one = column(name)
        if one is None or not value:
            return ""
        if words := terms(one, self.schemas):
            near = nearest(value, words)
            hint = f"; did you mean {near}?" if near else ""
            return "" if value in words else f"{shown(value)} is no {name}{hint}"
        if one.kind == "edtf":
            wrong = bounds(value).problem
            return f"{shown(value)} is no date as 2023-09-05, 2023-09 or ../2023-09-05: {wrong}" if wrong else ""
        if one.kind == "spans":
            return self._span_problem(self._spanned(value))
        if name == "content":
            known = self.text is None or self._located(value)
            return "" if known else "these words do not stand in the text; copy them from it, ' … ' between parts"
        fields = table_schema(self.schemas, hops_in([name]) or 1)["fields"]
        limits = next(f for f in fields if f["name"] == name).get("constraints", {})
        pattern = limits.get("pattern") or ("^[A-Z]{3}$" if name == "speaker_country" else "")
        if pattern and not re.search(pattern, value, re.ASCII):
            example = {"A": "A0001 or A+peskov", "P": "P0001 or P+3", "L": "L0001", "E": "E0001 or E+visit"}.get(
                one.kind, "KOR"
            )
            return f"{shown(value)} is not of the form {example}"
        return ""

    def _span_problem(self, value: str) -> str:
        for part in value.split():
            match = _SPAN.fullmatch(part)
            if not match or int(match[1]) >= int(match[2]):
                words = "" if self.text is None else ", or words of the text"
                return f"{shown(part)} is no span; write first character and end, as 120-180{words}"
            if self.text is not None and int(match[2]) > len(self.text):
                return f"the text ends at {len(self.text)}"
        return ""

    def _spanned(self, value: str) -> str:
        """The spans of a cell, where these words stand in its stead; what is neither is left as it is."""
        words = self.text is not None and any(letter.isalpha() for letter in value)
        return _joined(self._located(value)) or value if words else value

    def _located(self, words: str) -> list[Span]:
        """Where these words stand in the text, nearest to where the content stood."""
        match = _SPAN.match(self.row["content_span"])
        near = match[1] if match else self.row["passage_start"]
        at = int(near) if near.isdecimal() else 0
        return Text(self.text or "").located(words, at) or []

    def copy(self) -> str:
        """Put an undecided copy of the row behind it, and go there; the identifier of the copy.

        It is for a claim that nobody proposed, or for the second of two that were proposed as one.
        """
        taken = {row["row_id"] for row in self.worksheet.rows}
        base = self.row["row_id"]
        key = next(name for n in count(2) if (name := f"{base}.{n}") not in taken)
        new = self.row | {"row_id": key, "decision": "", "merge_into": "", "reason": f"copied from {base} in review"}
        new |= {"proposed_span": ""} if "proposed_span" in new else {}
        self.worksheet.rows.insert(self.at + 1, new)
        try:
            self._save()
        except PackageError:
            del self.worksheet.rows[self.at + 1]
            raise
        self.at += 1
        self._done = [(number + (number >= self.at), old) for number, old in self._done]
        self._done.append((self.at, None))
        return key

    def edit(self, name: str, value: str) -> None:
        """Change a cell, and those that hang on it, which accepts the row as changed.

        Raises ValueError for a value that is not right.
        """
        value = value.strip()
        if name not in self.fields:
            raise ValueError(f"{name} cannot be edited")
        if problem := self.problem(name, value):
            raise ValueError(problem)
        if (one := column(name)) and one.kind == "spans":
            value = self._spanned(value)
        if value != self.row[name]:
            cells = self._together(name, value)
            told = {"claim_summary"} if {"proposition", "speaker"} & set(cells) else set()
            if "speaker" in cells and not cells["speaker_id"]:
                told |= {described for described in _OF_SPEAKER if self.row.get(described)}
            self._change(cells | {"decision": "edit", "merge_into": ""}, touched=set(cells), doubted=told)

    def _together(self, name: str, value: str) -> dict[str, str]:
        """The cells that change with one.

        A name and its identifier, the speaker and the end of the chain, the words of the content and their span; and
        what was said of a known proposition is not said of the new one that takes its place.
        """
        if name in ("content", "content_span") and value and self.text is not None:
            return self._passage(name, value)
        chain = [n for n in range(1, hops_in(self.row) + 1) if self.row[f"hop_{n}_kind"]]
        last = f"hop_{chain[-1]}_actor" if chain else ""
        places = [name.removesuffix("_id")]
        if places[0] in ("speaker", last) and last and self._actor("speaker") == self._actor(last):
            places = ["speaker", last]
        if not (places[0] in ("speaker", "proposition") or places[0].endswith("_actor")):
            return {name: value}
        words = "proposition" if places[0] == "proposition" else "actor_name"
        if name.endswith("_id"):
            key, said = value, self.known.get(value, {}).get(words, "")
        else:
            said = value
            named = [key for key, row in self.known.items() if row.get(words, "").casefold() == value.casefold()]
            key = named[0] if len(named) == 1 and value else ""
        cells = {cell: text for place in places for cell, text in ((place, said), (f"{place}_id", key))}
        left = places == ["proposition"] and self.worded and not key
        return cells | {cell: text for cell, text in _ABOUT.items() if left and cell in self.row}

    def _passage(self, name: str, value: str) -> dict[str, str]:
        """The words of the content and their span, of which one is given."""
        text = self.text or ""
        if name == "content":
            return {"content": value, "content_span": _joined(self._located(value))}
        words = " … ".join(" ".join(text[span.start : span.end].split()) for span in _spans(value))
        return {"content": words, "content_span": value}

    def _actor(self, place: str) -> tuple[str, str]:
        return self.row[place], self.row[f"{place}_id"]

    def choose(self, number: int) -> bool:
        """Take a candidate, from 1, for the proposition, or with 0 a new one of the words that stand; False for no such.

        This does not decide the row.
        """
        if number == 0:
            self._change({"proposition_id": ""}, touched={"proposition_id", "proposition"})
            return True
        found = candidates(self.row)
        if number > len(found):
            return False
        one = found[number - 1]
        taken = {"proposition_id": one.proposition_id, "proposition": one.proposition}
        described = self.known.get(one.proposition_id, {})
        taken |= {name: described[name] for name in _OF_PROPOSITION if name in described}
        self._change(taken, touched=set(taken), doubted={"claim_summary"})
        return True

    def undo(self) -> bool:
        """Take the last change back, and go to its row; False where nothing was changed here."""
        if not self._done:
            return False
        number, old = self._done[-1]
        before, at = list(self.worksheet.rows), self.at
        self.worksheet.rows[number : number + 1] = [] if old is None else [old]
        self.at = number if old is not None else number - 1
        try:
            self._save()
        except PackageError:
            self.worksheet.rows[:], self.at = before, at
            raise
        self._done.pop()
        if old is None:
            self._done = [(place - (place > number), row) for place, row in self._done]
        return True

    def search(self, words: str) -> bool:
        """Go to the next row of which some cell holds these words, case aside; False where none does."""
        wanted = words.casefold()
        for step in range(1, self.total + 1):
            number = (self.at + step) % self.total
            if any(wanted in cell.casefold() for cell in self.worksheet.rows[number].values()):
                self.at = number
                return True
        return False

    def _decide(self, decision: str, target: str = "") -> None:
        self._change({"decision": decision, "merge_into": target})

    def _change(
        self,
        cells: dict[str, str],
        touched: frozenset[str] | set[str] = frozenset(),
        doubted: frozenset[str] | set[str] = frozenset(),
    ) -> None:
        """Change the row and save it; where it cannot be saved, it stays as it was.

        What was touched is no guess any more; what is doubted, since it may tell of what was there before, is one.
        """
        old = dict(self.row)
        guesses = [name for name in old["guesses"].split() if name not in touched]
        guesses += sorted(doubted - set(guesses))
        self.worksheet.rows[self.at] = old | cells | ({"guesses": " ".join(guesses)} if touched else {})
        try:
            self._save()
        except PackageError:
            self.worksheet.rows[self.at] = old
            raise
        self._done.append((self.at, old))

    def _save(self) -> None:
        if self.path.read_bytes() != self._seen:
            raise PackageError(
                f"{self.path} was changed by something else meanwhile; nothing was saved: quit and begin again"
            )
        write(self.path, self.worksheet)
        self._seen = self.path.read_bytes()


def open_review(
    path: Path,
    schemas: Mapping[str, Mapping[str, Any]],
    texts: Mapping[str, str],
    known: Mapping[str, Row] | None = None,
) -> Review:
    """Begin to review a worksheet, at its first undecided row.

    Raises PackageError where it cannot be read, or has no rows, and DamagedError where something is wrong with it.
    """
    worksheet = read(path)
    if not worksheet.rows:
        raise PackageError(f"{path} has no rows to review")
    review = Review(path, worksheet, schemas, texts, known or {}, len(worksheet.rows) - 1, path.read_bytes())
    if not review.next_open():
        review.at = 0
    return review


def candidates(row: Row) -> list[Candidate]:
    """The ranked propositions of a row; what is not of that form is passed over."""
    return [Candidate(*match.groups()) for match in _CANDIDATE.finditer(row.get("candidates", ""))]


def marks(row: Row) -> list[Mark]:
    """What is marked in the text of a row, in the order of the text; spans that are none are passed over."""
    parts = {"content_span": "content", "time_span": "time", "condition_span": "condition"}
    parts |= {name: match[1] for name in row if (match := _HOP_SPAN.fullmatch(name))}
    found = [Mark(span, part) for name, part in parts.items() for span in _spans(row.get(name, ""))]
    return sorted(set(found))


def _joined(spans: Sequence[Span]) -> str:
    return " ".join(f"{span.start}-{span.end}" for span in spans)


def _spans(cell: str) -> Sequence[Span]:
    found = [_SPAN.fullmatch(part) for part in cell.split()]
    return [Span(int(m[1]), int(m[2])) for m in found if m and int(m[1]) < int(m[2])]


def _others(old: Row, new: Row) -> bool:
    """Whether something else than the decision differs."""
    aside = {"decision", "merge_into", "remark"}
    return any(new.get(name) != cell for name, cell in old.items() if name not in aside)
