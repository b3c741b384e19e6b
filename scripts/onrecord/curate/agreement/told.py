"""What was measured, for people and as JSON."""

from __future__ import annotations

from typing import Any

from onrecord.curate.agreement import Agreement, Measured, SpanScore

__all__ = ["as_json", "as_text"]

_MOST_TITLES = 3


def as_text(found: Agreement) -> str:
    """Lines for a terminal: what was compared, the passages, then a line for each judged field.

    Beside each alpha stand the units that it is of and their share among those of either coder.
    """
    a, b = found.claims
    texts = len(found.alignment.texts)
    lines = [
        f"A {found.alignment.codings[0].label}: {a:,} claims; B {found.alignment.codings[1].label}: {b:,} claims; "
        f"{texts} {'text' if texts == 1 else 'texts'} coded by both",
        f"aligned: {len(found.alignment.pairs):,} claims, {found.aligned:.0%} of those that either made",
    ]
    for name, titles in zip("AB", found.alone, strict=True):
        if titles:
            more = f" and {len(titles) - _MOST_TITLES} more" if len(titles) > _MOST_TITLES else ""
            lines.append(f"left out, coded in {name} alone: {'; '.join(titles[:_MOST_TITLES])}{more}")
    lines += ["", f"{'passages':9} {'A':>6} {'B':>6}  F1 exact  F1 at IoU 0.5"]
    for one in found.spans:
        lines.append(
            f"{one.part:9} {one.a:6,} {one.b:6,}  {_number(one.f1(one.exact)):>8}  {_number(one.f1(one.overlapping)):>13}"
        )
    lines += ["", f"{'judged field':38} {'units':>6} {'aligned':>8} {'equal':>6} {'alpha':>6}  95 % interval"]
    lines += [_line(one) for one in found.fields]
    lines += ["", *_taken_over(found)]
    return "\n".join(lines).rstrip() + "\n"


def as_json(found: Agreement) -> dict[str, Any]:
    """Everything that was measured, and every unit on which the coders differ, as plain values."""
    aligned = found.alignment
    return {
        "a": {"label": aligned.codings[0].label, "claims": found.claims[0], "alone": found.alone[0]},
        "b": {"label": aligned.codings[1].label, "claims": found.claims[1], "alone": found.alone[1]},
        "texts": aligned.texts,
        "aligned": {"claims": len(aligned.pairs), "share": found.aligned},
        "pairs": [{"text": pair.text, "a": pair.a, "b": pair.b} for pair in aligned.pairs],
        "spans": [_span_json(one) for one in found.spans],
        "fields": [_field_json(one) for one in found.fields],
        "notes": _taken_over(found),
    }


def _span_json(one: SpanScore) -> dict[str, Any]:
    counts = {"a": one.a, "b": one.b, "exact": one.exact, "overlapping": one.overlapping}
    return {"part": one.part, **counts, "f1_exact": one.f1(one.exact), "f1_overlapping": one.f1(one.overlapping)}


def _field_json(one: Measured) -> dict[str, Any]:
    return {
        "table": one.compared.table,
        "field": one.compared.field,
        "scale": one.compared.scale,
        "units": len(one.compared.units),
        "units_of_either": one.compared.either,
        "share_aligned": one.share,
        "share_equal": one.alpha.agreed,
        "alpha": one.alpha.value,
        "ci_low": one.alpha.low,
        "ci_high": one.alpha.high,
        "note": one.note,
        "unlike": [{"text": unit.text, "unit": unit.name, "a": unit.a, "b": unit.b} for unit in one.unlike],
    }


def _line(one: Measured) -> str:
    name = f"{one.compared.table}.{one.compared.field}"
    aligned = "" if one.share is None else f"{one.share:.0%}"
    equal = "" if one.alpha.agreed is None else f"{one.alpha.agreed:.0%}"
    interval = "" if one.alpha.low is None else f"{_number(one.alpha.low)} to {_number(one.alpha.high)}"
    line = (
        f"{name:38} {len(one.compared.units):6,} {aligned:>8} {equal:>6} {_number(one.alpha.value):>6}  {interval:14}"
    )
    return f"{line}  {one.note}".rstrip()


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}".replace("-0.00", "0.00")


def _taken_over(found: Agreement) -> list[str]:
    """Rows that stand in both codings cell for cell, and so were perhaps not coded twice."""
    told = []
    for table in ("actors", "places", "events", "propositions"):
        a, b = ({tuple(sorted(row.items())) for row in coding.rows(table)} for coding in found.alignment.codings)
        if a & b:
            what = f"{len(a & b):,} rows of {table} are the same in both, identifier and all"
            told.append(
                f"note: {what}; if they were taken over and not coded twice, alpha of their fields says too much"
            )
    return told
