"""What both coders gave to each unit, for every judged field, as the schemas define units and fields."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from onrecord.curate.agreement.alignment import Alignment
from onrecord.curate.agreement.alpha import Unit
from onrecord.curate.agreement.codings import Coding, Row, text_of
from onrecord.curate.agreement.matching import best_pairs, eligible, noise
from onrecord.curate.naming import fold
from onrecord.curate.spans import Span
from onrecord.tableschema import Field, TableSchema

__all__ = ["Compared", "Scale", "compared", "judged", "scale"]

Scale = Literal["nominal", "ordinal", "same", "given"]
_RANGES = "source_ranges"
_GIVEN = ("not given", "given")


@dataclass(frozen=True)
class Compared:
    """The units of one judged field: those to which both coders gave a value, and how many either coder has."""

    table: str
    field: str
    scale: Scale
    units: list[Unit]
    either: int


def judged(schemas: Sequence[TableSchema]) -> list[tuple[TableSchema, Field]]:
    """The judged fields of all tables, in the order of the schemas."""
    return [(schema, field) for schema in schemas for field in schema.fields if field.judged]


def scale(field: Field) -> Scale:
    """How values of a judged field are compared.

    Integers are steps of a scale, so ordinal: the precisions of date and place, and clarity (UCDP GED codebook). Terms
    and EDTF dates are nominal: equal or not. Certainty too: FactBank's values join how sure somebody is with
    whether it is so, and Uu and CTu stand on no side (Saurí and Pustejovsky, Language Resources and Evaluation 43,
    2009), so they have no single order. Free words are never equal; of the name of an actor or the wording of a
    proposition it is compared what they take for the same, and of a condition whether there is one.
    """
    if field.type == "integer":
        return "ordinal"
    if field.enum or field.name.endswith("_edtf") or "pattern" in field.constraints:
        return "nominal"
    return "same" if field.required else "given"


def compared(found: Alignment, schema: TableSchema, field: Field) -> Compared:
    """The units of a judged field in two aligned codings.

    A unit is a row of the table by its key without the judged field, in the common labels of the alignment, where
    it speaks of what the compared texts speak of. Actors' names and propositions' words are compared on the claims.
    An empty cell is a value where the schema allows one, and missing where it does not.
    """
    kind = scale(field)
    if kind == "same":
        values = [_meant(found, side, schema.name) for side in (0, 1)]
    elif schema.name == _RANGES:
        values = _ranges(found)
    else:
        values = [dict(_values(found, side, schema, field)) for side in (0, 1)]
    if kind == "given":
        values = [{unit: _GIVEN[bool(value)] for unit, value in one.items()} for one in values]
    if kind == "ordinal":
        values = [{unit: value for unit, value in one.items() if value.isdecimal()} for one in values]
    a, b = values
    units = [Unit(unit[0], "\t".join(unit[1:]), a[unit], b[unit]) for unit in sorted(a.keys() & b.keys())]
    return Compared(schema.name, field.name, kind, units, len(a.keys() | b.keys()))


_Key = tuple[str, ...]


def _values(found: Alignment, side: int, schema: TableSchema, field: Field) -> Iterator[tuple[_Key, str]]:
    """Unit (text, then labels) → value; several values of one unit are one, in the order of the letters."""
    leads = {key.fields[0]: key.table for key in schema.foreign_keys}
    own = {schema.primary_key[0]: schema.name} if schema.mints_identifiers else {}
    key = [name for name in schema.primary_key if name != field.name]
    labels, scope = found.labels[side], found.scope[side]
    gathered: dict[_Key, set[str]] = defaultdict(set)
    for row in found.codings[side].rows(schema.name):
        first = (own | leads).get(key[0], "")
        if field.name not in row or row[key[0]] not in scope[first] or (field.required and not row[field.name]):
            continue
        unit = [_label(labels, side, (own | leads).get(name, ""), row[name]) for name in key]
        unit = [fold(cell) if name not in own | leads else cell for name, cell in zip(key, unit, strict=True)]
        gathered[_text(found, side, schema.name, row), *unit].add(
            _label(labels, side, leads.get(field.name, ""), row[field.name])
        )
    for place, values in gathered.items():
        yield place, "|".join(sorted(values))


def _label(labels: dict[str, dict[str, str]], side: int, table: str, value: str) -> str:
    """A cell in common words: identifiers as what they are in both codings."""
    return labels[table].get(value, f"{'AB'[side]} {value}") if table and value else value


def _text(found: Alignment, side: int, table: str, row: Row) -> str:
    """The hash of the text in which a row's unit stands; empty where it stands in none."""
    labels = found.labels[side]
    if table == "sources":
        return labels["sources"].get(row["source_id"], "")
    return labels["claims"].get(row["claim_id"], "").split(" ")[0] if "claim_id" in row else ""


def _meant(found: Alignment, side: int, table: str) -> dict[_Key, str]:
    """Aligned claim, and hop for actors → the identifier of what it speaks of."""
    coding, labels = found.codings[side], found.labels[side]

    def place(row: Row) -> _Key:
        return _text(found, side, "claims", row), _label(labels, side, "claims", row["claim_id"])

    in_scope = found.scope[side]["claims"]
    if table == "actors":
        hops = [r for r in coding.rows("attributions") if r["claim_id"] in in_scope and r["actor_id"]]
        return {(*place(r), r["hop"]): r["actor_id"] for r in hops}
    return {place(r): r["proposition_id"] for r in coding.rows("claims") if r["claim_id"] in in_scope}


def _ranges(found: Alignment) -> list[dict[_Key, str]]:
    values: list[dict[_Key, str]] = [{}, {}]
    for text in found.texts:
        a, b = (_ranges_of(coding, text) for coding in found.codings)
        shares = eligible([spans for spans, _ in a], [spans for spans, _ in b])
        pairs = best_pairs({(m, n): [share, noise(a[m], b[n])] for (m, n), share in shares.items()})
        for side, ranges in enumerate((a, b)):
            aligned = {pair[side]: str(sorted((a[pair[0]], b[pair[1]]))) for pair in pairs}
            for number, (_, kind) in enumerate(ranges):
                values[side][text, aligned.get(number, f"{'AB'[side]} {number}")] = kind
    return values


def _ranges_of(coding: Coding, text: str) -> list[tuple[tuple[Span, ...], str]]:
    sources = {row["source_id"] for row in coding.rows("sources") if text_of(row) == text}
    rows = [row for row in coding.rows(_RANGES) if row["source_id"] in sources]
    return sorted(((Span(int(r["start_char"]), int(r["end_char"])),), r["range_kind"]) for r in rows)
