"""The columns of a worksheet: what each holds, in which order, and as a Table Schema that other tools check by."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

__all__ = [
    "COLUMNS",
    "COMPANIONS",
    "DECISIONS",
    "HOPS",
    "HOP_COLUMNS",
    "JOINED",
    "OF_CLAIM",
    "OF_PROPOSITION",
    "OPTIONAL",
    "PARTED",
    "TAKEN",
    "Column",
    "column",
    "column_names",
    "column_table",
    "hop_columns",
    "hops_in",
    "spelled",
    "table_schema",
    "terms",
]

DECISIONS = ("accept", "edit", "reject", "merge")
TAKEN = ("accept", "edit", "merge")
"""The decisions by which a row enters the dataset."""
HOPS = 3
"""The hops for which a written worksheet has columns at least, so that there is room to add one."""
PARTED = "; "
"""What stands between several names in one cell."""
JOINED = " … "
"""What stands in one cell between words that are apart in the text."""
OF_CLAIM = (
    "speech_act", "stance", "certainty", "quote_type", "channel", "said_edtf", "said_basis", "claim_location",
    "claim_condition", "claim_summary",
)  # fmt: skip
"""The columns that are columns of the table claims, by the same names."""
OF_PROPOSITION = ("proposition", "proposition_kind", "window_edtf", "window_basis", "place_id")
"""The columns that are columns of the table propositions, by the same names."""
COMPANIONS = (
    "sources", "source_ranges", "source_credits", "actors", "actor_names", "actor_roles", "actor_links", "places",
    "events", "event_actors", "propositions", "proposition_events", "proposition_actors", "proposition_links",
    "claim_links", "resolutions",
)  # fmt: skip
"""The tables of which companions may hold new rows."""
SPANS = r"[0-9]{1,9}-[0-9]{1,9}( [0-9]{1,9}-[0-9]{1,9})*"
"""What a cell with spans looks like: 120-180 200-220."""
_KINDS = {
    "text": "text", "words": "text", "number": "0 to 1", "integer": "whole number", "decision": "a decision",
    "hash": "64 digits 0-9 a-f", "spans": "spans", "edtf": "EDTF date", "names": "names or identifiers",
}  # fmt: skip
_NEW = r"\+[A-Za-z0-9._-]+"
_HOP = re.compile(r"hop_([1-9][0-9]*)_([a-z_]+)", re.ASCII)


@dataclass(frozen=True)
class Column:
    """One column: ``kind`` says what its cells hold, ``like`` which field of a table has the same vocabulary.

    Kinds: text, words (copied from the source), number, integer, decision, hash, span, spans, edtf, term (of the
    vocabulary of ``like``), hop_kind, names (several, parted by ``PARTED``), and the letter of an identifier.
    """

    name: str
    kind: str
    description: str
    like: tuple[str, str] | None = None


def _claims(name: str, description: str, field: str = "") -> Column:
    return Column(name, "term", description, ("claims", field or name))


COLUMNS = (
    Column("decision", "decision", "What becomes of the row: empty (undecided), accept, edit (accept with what you changed), reject, merge."),
    Column("merge_into", "text", "With merge: the row_id of a row of this worksheet, or a claim identifier, to which the spans of this row are added."),
    Column("remark", "text", "Yours; it goes nowhere."),
    Column("row_id", "text", "Names the row: source_id, hyphen, anything (S0006-001). Never empty, never twice."),
    Column("source_id", "S", "The source."),
    Column("text_sha256", "hash", "SHA-256 of the text to whose characters the spans refer; that of the source, empty where it has none."),
    Column("confidence", "number", "How sure the proposer is, 0.00 to 1.00."),
    Column("reason", "text", "Why it was proposed: rule and words."),
    Column("guesses", "text", "Names of columns that are guesses, parted by spaces."),
    Column("passage", "words", "The sentence or two around the words, for reading."),
    Column("passage_start", "integer", "Offset of the passage in the text."),
    Column("content", "words", "The words of the claim; several spans are joined by ' … '."),
    Column("content_span", "spans", "Where the words stand: offsets in code points, half-open, several parted by spaces (120-180 200-220)."),
    Column("proposed_span", "spans", "The content_span as first proposed, not to be changed: it tells whether you changed the span or the words. The column may be missing."),
    Column("claim_summary", "text", "The claim as one sentence in your own words."),
    Column("speaker_id", "A", "The speaker, where known."),
    Column("speaker", "text", "Name of the speaker; where speaker_id is empty, an actor of that name, which is minted if there is none."),
    Column("speaker_kind", "term", "Of a new speaker: the kind of actor.", ("actors", "actor_kind")),
    Column("speaker_anonymity", "term", "Of a new speaker: named or not.", ("actors", "anonymity")),
    Column("speaker_country", "text", "Of a new speaker: country, ISO 3166-1 alpha-3."),
    Column("speaker_sector", "term", "Of a new speaker: sector.", ("actors", "sector")),
    _claims("speech_act", "What the speaker does in saying it."),
    _claims("stance", "The speaker's stance on the proposition."),
    _claims("certainty", "How sure the speaker is."),
    _claims("quote_type", "How the source renders the speaker."),
    _claims("channel", "Where the speaker said it."),
    Column("said_edtf", "edtf", "When the speaker said it."),
    _claims("said_basis", "How that date is known."),
    _claims("claim_location", "Where in the source the claim stands."),
    Column("claim_condition", "text", "What the claim hangs on, in your own words."),
    Column("condition_span", "spans", "The words of the condition."),
    Column("time_span", "spans", "The words that date the claim."),
    Column("proposition_id", "P", "What is claimed, where it is known."),
    Column("proposition", "text", "What is claimed, worded positively; where proposition_id is empty, a proposition of these words, which is minted if there is none."),
    Column("proposition_kind", "term", "Of a new proposition: its kind.", ("propositions", "proposition_kind")),
    Column("window_edtf", "edtf", "Of a new proposition: the days to which it is confined."),
    Column("window_basis", "term", "Of a new proposition: how the window is known; none where there is none.", ("propositions", "window_basis")),
    Column("place_id", "L", "Of a new proposition: its place."),
    Column("subjects", "names", "Of a new proposition: the actors it is about, identifiers or names, parted by '; '."),
    Column("event_id", "E", "Of a new proposition: the event it is about."),
    Column("candidates", "text", "Propositions like this one, best first."),
)  # fmt: skip
"""The columns of every worksheet, in order."""

HOP_COLUMNS = (
    Column("actor_id", "A", "Who says it at this hop, where known."),
    Column("actor", "text", "Name of who says it; where actor_id is empty, an actor of that name."),
    Column("kind", "term", "How the hop is marked; empty where there is no such hop.", ("attributions", "hop_kind")),
    Column("cue", "text", "The words that say so, at most 60 characters."),
    Column("said_edtf", "edtf", "When this hop said it, where it is told."),
    Column("channel", "term", "Where this hop said it; unspecified where empty.", ("attributions", "hop_channel")),
    Column("source_span", "spans", "The words that name who says it."),
    Column("cue_span", "spans", "The words of the cue."),
)
"""The columns of every hop; in a worksheet they begin with ``hop_1_``, ``hop_2_`` and so on."""

OPTIONAL = frozenset({"proposed_span"})
"""Columns that a worksheet need not have."""
_NAMED = {c.name: c for c in COLUMNS}
_NAMED_HOP = {c.name: c for c in HOP_COLUMNS}


def hop_columns(number: int) -> list[str]:
    """The names of the columns of one hop, from 1."""
    return [f"hop_{number}_{c.name}" for c in HOP_COLUMNS]


def column_names(hops: int = HOPS) -> list[str]:
    """The names of all columns of a worksheet with so many hops, in order."""
    return [*(c.name for c in COLUMNS), *(name for n in range(1, hops + 1) for name in hop_columns(n))]


def column(name: str) -> Column | None:
    """The definition of a column, also of a hop; None where there is no such column."""
    if match := _HOP.fullmatch(name):
        return _NAMED_HOP.get(match[2])
    return _NAMED.get(name)


def hops_in(names: Iterable[str]) -> int:
    """The highest number of a hop among names of columns, 0 where there is none."""
    return max((int(match[1]) for name in names if (match := _HOP.fullmatch(name)) and column(name)), default=0)


def spelled(letter: str) -> str:
    """The pattern of an identifier of a table: minted, or new with a plus."""
    digits = 5 if letter in "CV" else 4
    return rf"{letter}([0-9]{{{digits},}}|{_NEW})"


def table_schema(schemas: Mapping[str, Mapping[str, Any]], hops: int = HOPS) -> dict[str, Any]:
    """The Table Schema (Data Package v2) of a worksheet with so many hops, given those of the tables of a package."""
    fields = [_field(name, schemas) for name in column_names(hops)]
    return {
        "name": "worksheet",
        "title": "Worksheet of proposed claims",
        "description": "One row per proposed claim; every cell is text. See docs/worksheet.md.",
        "fields": fields,
        "primaryKey": ["row_id"],
        "missingValues": [""],
    }


def terms(one: Column, schemas: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """The vocabulary of a column, empty where it has none."""
    if one.kind == "decision":
        return list(DECISIONS)
    if one.like is None:
        return []
    table, name = one.like
    field = next(f for f in schemas[table]["fields"] if f["name"] == name)
    return list(field.get("constraints", {}).get("enum", []))


def _field(name: str, schemas: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    one = column(name)
    assert one is not None  # noqa: S101  # column_names names none else
    limits: dict[str, Any] = {}
    if name in ("row_id", "source_id"):
        limits["required"] = True
    if words := terms(one, schemas):
        limits["enum"] = words
    elif one.kind in ("span", "spans"):
        limits["pattern"] = f"^{SPANS}$"
    elif one.kind == "hash":
        limits["pattern"] = "^[0-9a-f]{64}$"
    elif len(one.kind) == 1:
        limits["pattern"] = f"^{spelled(one.kind)}$"
    kind = one.kind if one.kind in ("number", "integer") else "string"
    if kind != "string":
        limits |= {"minimum": 0} | ({"maximum": 1} if kind == "number" else {})
    return {"name": name, "type": kind, "description": one.description} | ({"constraints": limits} if limits else {})


def column_table() -> str:
    """The columns as a Markdown table, those of hops with n for the number, for docs/worksheet.md."""
    named = [(c.name, c) for c in COLUMNS] + [(f"hop_n_{c.name}", c) for c in HOP_COLUMNS]
    rows = [f"| `{name}` | {_KINDS.get(c.kind) or _vocabulary(c)} | {c.description} |" for name, c in named]
    return "\n".join(["| column | cells | what it holds |", "| --- | --- | --- |", *rows])


def _vocabulary(one: Column) -> str:
    if one.like is None:
        return f"`{one.kind}0001`, `{one.kind}+word`"
    return f"term of `{one.like[0]}.{one.like[1]}`"
