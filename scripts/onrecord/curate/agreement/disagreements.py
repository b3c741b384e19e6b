"""Disagreements of two codings as the rows of a worksheet for adjudication."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from onrecord.curate.agreement import Agreement
from onrecord.curate.agreement.codings import Coding, Row
from onrecord.curate.columns import HOPS, JOINED, OF_CLAIM, OF_PROPOSITION, column_names
from onrecord.curate.spans import Span

__all__ = ["disagreements"]

_AROUND = 200
_ON_CLAIMS = {"claims": "", "propositions": "", "attributions": "hop "}


def disagreements(found: Agreement, texts: Mapping[str, str]) -> list[dict[str, str]]:
    """The rows of a worksheet, in the order of the texts: claims on which the codings differ, or that one alone has.

    A row shows A's values, with the empty ``decision`` that the adjudicator fills; ``remark`` tells B's values
    where they differ. A claim that B alone has is a row with B's values, in A's identifiers where both have the same
    thing and by name else. Spans that differ are told, but make no disagreement where they share half of their
    characters. ``texts`` are those at hand, by hash, for the words and the passage around.
    """
    sides = [_Side(found, side, texts) for side in (0, 1)]
    unlike = _unlike(found)
    aligned = found.alignment
    rows = []
    for number, pair in enumerate(aligned.pairs):
        differences = _differences(sides, pair.a, pair.b, unlike[f"{pair.text} {number:06}"])
        if differences:
            rows.append(sides[0].row(pair.a, f"B: {'; '.join(differences)}"))
    for side, name in enumerate("BA"):
        known = {(pair.a, pair.b)[side] for pair in aligned.pairs}
        alone = sorted(aligned.scope[side]["claims"] - known)
        rows += [sides[side].row(claim, f"{name} has no such claim") for claim in alone]
    rows.sort(key=lambda row: (row["source_id"], _first(row["content_span"]), row["remark"], row["row_id"]))
    hops = max([HOPS, *(int(name.split("_")[1]) for row in rows for name in row if name.startswith("hop_"))])
    return [dict.fromkeys(column_names(hops), "") | row for row in rows]


def _first(spans: str) -> int:
    return int(spans.split("-")[0]) if spans else -1


def _unlike(found: Agreement) -> dict[str, list[tuple[str, str]]]:
    """Label of a claim or proposition → (column, its suffix) of the fields on which the coders differ."""
    unlike: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for one in found.fields:
        if one.compared.table in _ON_CLAIMS:
            for unit in one.unlike:
                label, _, hop = unit.name.partition("\t")
                unlike[label].append((one.compared.field, hop))
    return unlike


@dataclass
class _Side:
    """The rows of one coding by their identifiers, and how they are said in the words of A."""

    found: Agreement
    side: int
    texts: Mapping[str, str]
    by_key: dict[str, dict[str, Row]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        coding = self.coding
        keys = {"claims": "claim_id", "propositions": "proposition_id", "actors": "actor_id", "sources": "source_id"}
        self.by_key = {table: {row[key]: row for row in coding.rows(table)} for table, key in keys.items()}
        self.chains: dict[str, list[Row]] = defaultdict(list)
        for row in coding.rows("attributions"):
            self.chains[row["claim_id"]].append(row)
        self.about = {row["proposition_id"]: row["event_id"] for row in coding.rows("proposition_events")}

    @property
    def coding(self) -> Coding:
        return self.found.alignment.codings[self.side]

    def claim(self, key: str) -> Row:
        return self.by_key["claims"][key]

    def proposition(self, key: str) -> Row:
        return self.by_key["propositions"].get(self.claim(key)["proposition_id"], {})

    def name(self, actor: str) -> str:
        return self.by_key["actors"].get(actor, {}).get("actor_name", actor)

    def hop(self, key: str, number: str) -> Row:
        return next((row for row in self.chains[key] if row["hop"] == number), {})

    def label(self, table: str, key: str) -> str:
        return self.found.alignment.labels[self.side][table].get(key, "")

    def row(self, key: str, remark: str) -> dict[str, str]:
        """A claim as a row of a worksheet."""
        claim, proposition = self.claim(key), self.proposition(key)
        source = self.by_key["sources"][claim["source_id"]]
        content = self.coding.spans(key, "content")
        text = self.texts.get(source["text_sha256"], "")
        start, passage = _passage(text, content)
        identifier = self._ours("sources", claim["source_id"])
        speaker = self.by_key["actors"].get(claim["speaker_id"], {})
        row = {
            "remark": remark, "row_id": f"{identifier}-{'AB'[self.side]}-{key}", "source_id": identifier,
            "text_sha256": source["text_sha256"], "passage": passage, "passage_start": start,
            "content": JOINED.join(span.of(text) for span in content) if text else "", "content_span": _cell(content),
            "proposed_span": _cell(content), "condition_span": _cell(self.coding.spans(key, "condition")),
            "time_span": _cell(self.coding.spans(key, "time")), "speaker_id": self._ours("actors", claim["speaker_id"]),
            "speaker": speaker.get("actor_name", ""), "speaker_kind": speaker.get("actor_kind", ""),
            "speaker_anonymity": speaker.get("anonymity", ""), "speaker_country": speaker.get("actor_country", ""),
            "speaker_sector": speaker.get("sector", ""), "proposition_id": self._ours("propositions", claim["proposition_id"]),
            "event_id": self._ours("events", self.about.get(claim["proposition_id"], "")),
        }  # fmt: skip
        row |= {name: claim.get(name, "") for name in OF_CLAIM}
        row |= {name: proposition.get(name, "") for name in OF_PROPOSITION}
        row["place_id"] = self._ours("places", row["place_id"])
        for hop in self.chains[key]:
            row |= {f"hop_{hop['hop']}_{name}": value for name, value in self._hop(key, hop).items()}
        return row

    def _hop(self, key: str, hop: Row) -> dict[str, str]:
        cells = {
            "actor_id": self._ours("actors", hop["actor_id"]),
            "actor": self.name(hop["actor_id"]),
            "kind": hop["hop_kind"],
        }
        cells |= {
            "cue": hop.get("cue", ""),
            "said_edtf": hop.get("hop_said_edtf", ""),
            "channel": hop.get("hop_channel", ""),
        }
        return cells | {f"{part}_span": _cell(self.coding.spans(key, part, hop["hop"])) for part in ("source", "cue")}

    def _ours(self, table: str, key: str) -> str:
        """An identifier of A for what is meant, empty where A has none."""
        labels = self.found.alignment.labels
        if self.side == 0:
            return "" if key.startswith("+") else key
        label = labels[1][table].get(key)
        return (
            min((k for k, other in labels[0][table].items() if other == label and k[:1] != "+"), default="")
            if label
            else ""
        )


def _differences(sides: Sequence[_Side], a: str, b: str, unlike: Sequence[tuple[str, str]]) -> list[str]:
    """What B has otherwise, in words: judged fields first, then spans where there are any."""
    one, other = sides
    told = []
    claim, proposition = other.claim(b), other.proposition(b)
    for name, hop in unlike:
        if name == "speaker_id":
            told.append(f"speaker {other.name(claim['speaker_id']) or 'nobody'}")
        elif hop:
            told.append(f"hop {hop} {name} {other.hop(b, hop).get(name, '')}")
        else:
            told.append(f"{name} {claim.get(name) or 'empty'}")
    label, theirs = (s.label("propositions", s.claim(key)["proposition_id"]) for s, key in ((one, a), (other, b)))
    if label != theirs:
        told.append(f"proposition {proposition.get('proposition', '')!r}")
    ours = one.proposition(a)
    otherwise = [n for n in ("proposition_kind", "window_edtf") if ours.get(n, "") != proposition.get(n, "")]
    told += [f"{name} {proposition.get(name) or 'empty'}" for name in otherwise]
    if len(one.chains[a]) != len(other.chains[b]):
        told.append(f"hops {' < '.join(_hop_name(other, row) for row in other.chains[b]) or 'none'}")
    if told and other.coding.spans(b, "content") != one.coding.spans(a, "content"):
        told.append(f"content_span {_cell(other.coding.spans(b, 'content'))}")
    return told


def _hop_name(side: _Side, hop: Row) -> str:
    return side.name(hop["actor_id"]) or hop["hop_kind"]


def _cell(spans: Sequence[Span]) -> str:
    return " ".join(map(str, spans))


def _passage(text: str, spans: Sequence[Span]) -> tuple[str, str]:
    """The offset of the paragraph around some spans, and its words, cut where it is long; empty without a text."""
    if not text or not spans:
        return "", ""
    first, last = spans[0].start, max(span.end for span in spans)
    start = text.rfind("\n", 0, first) + 1
    end = text.find("\n", last)
    end = len(text) if end < 0 else end
    if start < first - _AROUND:
        start = first - len(text[first - _AROUND : first].partition(" ")[2])
    if end > last + _AROUND:
        end = last + len(text[last : last + _AROUND].rpartition(" ")[0])
    return str(start), text[start:end]
