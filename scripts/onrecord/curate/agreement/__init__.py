"""How far two codings of the same texts agree: shares that align, span F1, Krippendorff's alpha per judged field."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from onrecord.curate.agreement.alignment import Alignment, align
from onrecord.curate.agreement.alpha import REPLICATES, Alpha, Level, Unit, alpha, partition_alpha
from onrecord.curate.agreement.codings import Coding, read_coding, text_of
from onrecord.curate.agreement.matching import best_pairs, eligible, noise
from onrecord.curate.agreement.units import Compared, compared, judged
from onrecord.curate.naming import fold
from onrecord.curate.spans import Span
from onrecord.findings import Finding, PackageError
from onrecord.package import INSTALLED, find_package, open_package
from onrecord.tableschema import TableSchema

__all__ = ["Agreement", "Measured", "SpanScore", "agreement", "coded_twice", "measure"]

PARTS = ("content", "source", "cue")


@dataclass(frozen=True)
class Measured:
    """One judged field: its units, its alpha, and what to know before relying on it."""

    compared: Compared
    alpha: Alpha
    note: str

    @property
    def share(self) -> float | None:
        """The units that both coders gave a value, of those that either coder has; None where there are none."""
        return len(self.compared.units) / self.compared.either if self.compared.either else None

    @property
    def unlike(self) -> list[Unit]:
        """The units on which the coders differ; none for words, which are compared as what they take for the same."""
        return [] if self.compared.scale == "same" else [unit for unit in self.compared.units if unit.a != unit.b]


@dataclass(frozen=True)
class SpanScore:
    """How far the passages of one part are the same: different passages in A and in B, those in both.

    ``exact`` have the same first and last characters, ``overlapping`` share half of their characters or more.
    """

    part: str
    a: int
    b: int
    exact: int
    overlapping: int

    def f1(self, same: int) -> float | None:
        """Twice the same by A and B together, which is the harmonic mean of precision and recall; None where there are none."""
        return 2 * same / (self.a + self.b) if self.a + self.b else None


@dataclass(frozen=True)
class Agreement:
    """What two codings have in common; ``alone`` are titles of sources that one of them did not code."""

    alignment: Alignment
    claims: tuple[int, int]
    fields: list[Measured]
    spans: list[SpanScore]
    alone: tuple[list[str], list[str]]

    @property
    def aligned(self) -> float:
        """The claims that both coders made, of those that either made."""
        pairs = len(self.alignment.pairs)
        return pairs / max(1, sum(self.claims) - pairs)


def agreement(a: str, b: str, replicates: int = REPLICATES) -> tuple[Agreement | None, list[Finding]]:
    """Compare two codings, each a package or a worksheet; None and every reason where they cannot be compared.

    Raises PackageError when one of them cannot be read at all.
    """
    (one, faults), (other, more) = read_coding(a), read_coding(b)
    findings = [*faults, *more]
    if not findings:
        findings = _editions(one, other)
    if not findings and not coded_twice(one, other):
        findings = [_nothing_shared(one, other)]
    return (None, findings) if findings else (measure(one, other, replicates), [])


def measure(a: Coding, b: Coding, replicates: int = REPLICATES) -> Agreement:
    """Compare two codings that were read without faults. Raises PackageError where no text was coded by both."""
    texts = coded_twice(a, b)
    if not texts:
        raise PackageError(_nothing_shared(a, b).message)
    found = align(a, b, texts)
    model = open_package(find_package(INSTALLED))
    schemas = [TableSchema(name, model.schemas[name]) for name in model.names]
    fields = [_measured(compared(found, schema, field), replicates) for schema, field in judged(schemas)]
    counts = len(found.scope[0]["claims"]), len(found.scope[1]["claims"])
    alone = tuple([_title(row) for row in _coded(coding).values() if text_of(row) not in texts] for coding in (a, b))
    return Agreement(found, counts, fields, [_span_score(found, part) for part in PARTS], (alone[0], alone[1]))


def _nothing_shared(a: Coding, b: Coding) -> Finding:
    what = f"{a.label} and {b.label} have no text in common that both coded (by text_sha256, or url)"
    return Finding(a.label, 0, 0, "no-text", what, "compare codings of the same texts", "sources", "text_sha256")


def coded_twice(a: Coding, b: Coding) -> list[str]:
    """The hashes of the texts that both codings coded, or their addresses where no text was kept."""
    return sorted(_coded(a).keys() & _coded(b).keys())


def _coded(coding: Coding) -> dict[str, dict[str, str]]:
    """Hash or address → source, of the sources that were coded."""
    claimed = {row["source_id"] for row in coding.rows("claims")}
    rows = [row for row in coding.rows("sources") if text_of(row)]
    return {
        text_of(r): dict(r) for r in rows if r.get("coding_scope") in ("full", "targeted") or r["source_id"] in claimed
    }


def _title(source: dict[str, str]) -> str:
    return source.get("title") or source["source_id"]


def _editions(a: Coding, b: Coding) -> list[Finding]:
    """Sources that both coded in different editions, so that their offsets do not mean the same."""
    findings = []
    one, other = _coded(a), _coded(b)
    for text, source in one.items():
        for twin in other.values():
            same = source["source_id"] == twin["source_id"] and fold(_title(source)) == fold(_title(twin))
            if text in other or text_of(twin) in one or not (same or source.get("url", "") == twin.get("url") != ""):
                continue
            held = [f"the hash {r['text_sha256'][:12]}…" if r["text_sha256"] else "no hash" for r in (source, twin)]
            what = f"the text of {source['source_id']} has {held[0]}, and in {b.label} {held[1]}"
            fix = "code one edition in both, or move the spans of one with 'onrecord evidence rebase'"
            findings.append(Finding(a.label, 0, 0, "edition", what, fix, "sources", "text_sha256", text))
    return findings


def _measured(fields: Compared, replicates: int) -> Measured:
    if fields.scale == "same":
        return Measured(fields, *_noted(fields, partition_alpha(fields.units, replicates)))
    level: Level = "ordinal" if fields.scale == "ordinal" else "nominal"
    return Measured(fields, *_noted(fields, alpha(fields.units, level, replicates)))


def _noted(fields: Compared, found: Alpha) -> tuple[Alpha, str]:
    if not fields.units:
        return found, "no units that both coded"
    if found.value is None:
        one = {unit.a for unit in fields.units} | {unit.b for unit in fields.units}
        if fields.scale == "same":
            return found, "not defined: all the same, or all different"
        return found, f"not defined: every value is {next(iter(one)) or 'empty'}"
    if found.low is None:
        return found, "too few units for an interval"
    return found, {"same": "what they take for the same", "given": "whether there is one"}.get(fields.scale, "")


def _span_score(found: Alignment, part: str) -> SpanScore:
    exact = overlapping = 0
    totals = [0, 0]
    for text in found.texts:
        a, b = (_passages(coding, text, part) for coding in found.codings)
        totals = [totals[0] + len(a), totals[1] + len(b)]
        exact += len(set(a) & set(b))
        shares = eligible(a, b)
        overlapping += len(best_pairs({(m, n): [share, noise(a[m], b[n])] for (m, n), share in shares.items()}))
    return SpanScore(part, totals[0], totals[1], exact, overlapping)


def _passages(coding: Coding, text: str, part: str) -> list[tuple[Span, ...]]:
    """The different passages of a part in a text: one for each claim, or hop, and the same passage once."""
    sources = {row["source_id"] for row in coding.rows("sources") if text_of(row) == text}
    claims = [row["claim_id"] for row in coding.rows("claims") if row["source_id"] in sources]
    found = Counter(s for claim in claims for (p, _), s in coding.passages.get(claim, {}).items() if p == part)
    return sorted(found)
