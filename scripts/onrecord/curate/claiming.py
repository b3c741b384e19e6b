"""Planned rows become claims with chain, proposition and speaker; those that are there already are recognized."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from onrecord.curate.columns import JOINED, OF_CLAIM, OF_PROPOSITION, PARTED
from onrecord.curate.naming import fold
from onrecord.curate.planning import NOBODY, Hop, Part, Plan
from onrecord.curate.quoting import Recorder
from onrecord.curate.registry import At, Ledger, Origin, Registry
from onrecord.curate.spans import Span
from onrecord.curate.tables import Row
from onrecord.findings import shown

__all__ = ["Claiming", "Settings"]

_CLAIM = {name: name for name in OF_CLAIM} | {
    "source_id": "source_id", "speaker_id": "speaker_id", "proposition_id": "proposition_id",
    "said_start": "said_edtf", "said_end": "said_edtf",
}  # fmt: skip
_SPEAKER = {
    "actor_name": "speaker", "actor_kind": "speaker_kind", "anonymity": "speaker_anonymity",
    "actor_country": "speaker_country", "sector": "speaker_sector",
}  # fmt: skip
_PROPOSITION = {name: name for name in OF_PROPOSITION}
_BOUNDS = {"window_start": "window_edtf", "window_end": "window_edtf"}
_LONGEST_CUE = 60
_Identity = tuple[str, str, str, str]


@dataclass(frozen=True)
class Settings:
    """How sources are marked when their first claims come: scope of the coding, day (ISO 8601), and coder."""

    scope: str
    day: str
    coder: str


class Claiming:
    """Makes claims of rows. A claim is the same if source, speaker, proposition and location are, and its content spans
    hold those of the row; where the source has no text, and so no spans, the date of saying must be the same too."""

    def __init__(self, ledger: Ledger, settings: Settings) -> None:
        self.ledger = ledger
        self.draft = ledger.draft
        self.settings = settings
        self.recorder = Recorder(ledger)
        self._there: defaultdict[_Identity, list[tuple[str, frozenset[Span]]]] = defaultdict(list)
        self._made: defaultdict[_Identity, list[Plan]] = defaultdict(list)
        self._coded: dict[str, Plan] = {}
        self._met: dict[str, Plan] = {}
        self._links_there: dict[str, set[tuple[str, str | None]]] = {}
        content = self.recorder.content()
        for row in self.draft.rows("claims"):
            identity = row["source_id"], row["speaker_id"], row["proposition_id"], row["claim_location"]
            self._there[identity].append((row["claim_id"], frozenset(content[row["claim_id"]])))

    def claim(self, plan: Plan, registry: Registry, merged: Sequence[Plan]) -> tuple[str, bool]:
        """The claim of a row, and whether it is new; empty where something is wrong with it, as the ledger tells then."""
        self._met.setdefault(plan.source, plan)
        speaker = registry.known("actors", plan.speaker.cell, plan.speaker.name) if plan.speaker else ""
        proposition = registry.known("propositions", plan.row["proposition_id"], plan.row["proposition"])
        if speaker is not None and proposition is not None:
            identity = plan.source, speaker, proposition, plan.row["claim_location"]
            wider = {span for one in (plan, *merged) for span in one.content}
            if found := self._recognized(identity, plan.row["said_edtf"], set(plan.content), wider):
                self._note_differences(plan, found)
                return found, False
        self._check_names(plan, registry)
        self._check_proposition(plan, registry)
        proposition = self._proposition(plan, registry)
        speaker = self._speaker(plan, registry) if plan.speaker else ""
        actors = [self._actor(plan, hop, registry, speaker or "") for hop in plan.hops]
        if proposition is None or speaker is None or None in actors:
            return "", False
        identity = plan.source, speaker, proposition, plan.row["claim_location"]
        if self._double(plan, identity):
            return "", False
        row = {name: plan.row[name] for name in OF_CLAIM}
        row |= {"source_id": plan.source, "speaker_id": speaker, "proposition_id": proposition}
        self._note_borrowed(plan)
        claim = self.ledger.new("claims", row, Origin(plan.sheet, plan.number, _CLAIM, "content_span"))
        for hop, actor in zip(plan.hops, actors, strict=True):
            self._attribution(plan, claim, hop, actor or "")
        self.recorder.record(plan, claim, plan.parts)
        self._coded.setdefault(plan.source, plan)
        return claim, True

    def merge(self, plan: Plan, registry: Registry, claim: str) -> bool:
        """Add the spans of a row to a claim; whether there was one to add."""
        self._check_names(plan, registry)
        chain = [r for r in self.draft.rows("attributions") if r["claim_id"] == claim] if plan.hops else []
        parts: list[Part] = []
        for part in plan.parts:
            hop = next((h for h in plan.hops if str(h.number) == part.hop), None)
            if hop is None:
                parts.append(part)
            elif number := _hop_of(hop, chain, registry):
                parts.append(Part(part.part, number, part.span, part.column))
            else:
                what = f"the chain of {claim} has no hop that is the row's hop {hop.number}"
                fix = "empty the spans of that hop, or accept the row by itself"
                self.ledger.findings.append(plan.at(part.column).finding("merge", what, fix))
        return self.recorder.record(plan, claim, parts)

    def close(self) -> None:
        """Record the evidence of all claims, and mark the sources that were not coded before."""
        self.recorder.close()
        for source, plan in self._coded.items():
            row = self.draft.row("sources", source)
            if row["coding_scope"] in ("none", ""):
                how = self.settings
                self.draft.change("sources", row, coding_scope=how.scope, coded_on=how.day, coded_by=how.coder)
                origin = Origin(plan.sheet, plan.number, {}, "source_id")
                self.ledger.origins.setdefault(("sources", (source,)), origin)
        self._note_scope()

    def _note_scope(self) -> None:
        """Say of which sources the scope was asked to be full, and is not."""
        for source, plan in self._met.items():
            row = self.draft.row("sources", source)
            if self.settings.scope == "full" and row["coding_scope"] == "targeted":
                said = f"{source} is coded targeted since {row['coded_on']}"
                self._stays(plan.at("source_id"), said, "sources")

    def _recognized(self, identity: _Identity, said: str, spans: set[Span], wider: set[Span]) -> str:
        """The claim in the dataset that is this one; of several that which is most like it."""
        fitting = [(claim, there) for claim, there in self._there[identity] if spans <= there]
        if not spans:
            fitting = [(c, t) for c, t in fitting if not t and self.draft.row("claims", c)["said_edtf"] == said]
        exact = (claim for claim, there in fitting if there in (spans, wider))
        return next(exact, min(fitting, key=lambda one: len(one[1]))[0] if fitting else "")

    def _double(self, plan: Plan, identity: _Identity) -> bool:
        """Whether another row of this run is the same claim, or holds it."""
        mine = set(plan.content)
        for other in self._made[identity]:
            theirs = set(other.content)
            same = (
                mine <= theirs or theirs <= mine if mine and theirs else plan.row["said_edtf"] == other.row["said_edtf"]
            )
            if same:
                what = f"it is the claim of {other.name} already (same speaker, proposition, place and words)"
                self.ledger.findings.append(plan.at("decision").finding("double", what, "reject it, or merge it"))
                return True
        self._made[identity].append(plan)
        return False

    def _note_differences(self, plan: Plan, claim: str) -> None:
        there = self.draft.row("claims", claim)
        for name in OF_CLAIM:
            if plan.row[name] != there[name]:
                what = f"{claim} is there already, with {name} {shown(there[name])}, and stays so"
                self.ledger.notes.append(
                    plan.at(name).finding("there-already", what, "to change it, edit dataset/claims.csv")
                )

    def _note_borrowed(self, plan: Plan) -> None:
        """Sentences do not carry over: say where a row repeats those of the text."""
        for name in ("claim_summary", "claim_condition", "proposition"):
            if words := plan.text.wording.borrowed(plan.row[name]):
                what = f"{name} repeats {len(words.split())} words of the text ({shown(words)})"
                self.ledger.notes.append(plan.at(name).finding("borrowed", what, "say it in your own words"))

    def _speaker(self, plan: Plan, registry: Registry) -> str | None:
        row, ref = plan.row, plan.speaker
        known = registry.known("actors", ref.cell, ref.name)
        if known is not None:
            there = self.draft.row("actors", known)
            for name, column in _SPEAKER.items():
                if name != "actor_name" and row[column] not in ("", there[name]):
                    self._stays(plan.at(column), f"{known} has {name} {shown(there[name])}", "actors")
            return known
        details = {name: row[column] for name, column in _SPEAKER.items()} | {"actor_name": ref.name}
        if ref.cell or not row["speaker_kind"]:
            fix = "fill speaker_kind and speaker_anonymity, if it is new"
            return registry.need("actors", ref.cell, ref.name, ref.at, fix=fix)
        details["anonymity"] = row["speaker_anonymity"] or "named"
        origin = Origin(plan.sheet, plan.number, _SPEAKER, ref.at.name)
        return registry.need("actors", ref.cell, ref.name, ref.at, details, origin)

    def _actor(self, plan: Plan, hop: Hop, registry: Registry, speaker: str) -> str | None:
        if hop.kind in NOBODY:
            return ""
        if hop is plan.hops[-1]:
            return speaker
        if not hop.actor:
            what = f"hop_{hop.number}_actor_id and hop_{hop.number}_actor are empty"
            at = plan.at(f"hop_{hop.number}_actor")
            self.ledger.findings.append(at.finding("required", what, "fill one of them"))
            return None
        fix = (
            "give it a row in the companion actors (actor_id A+word, actor_name, actor_kind, anonymity, and what else "
            f"is known), and write A+word into hop_{hop.number}_actor_id"
        )
        return registry.need("actors", hop.actor.cell, hop.actor.name, hop.actor.at, fix=fix)

    def _attribution(self, plan: Plan, claim: str, hop: Hop, actor: str) -> None:
        n = hop.number
        words = JOINED.join(p.span.of(plan.text.text) for p in plan.parts if p.part == "cue" and p.hop == str(n))
        filled = " ".join(words.split()) if len(words) <= _LONGEST_CUE else ""
        row = {
            "claim_id": claim,
            "hop": str(n),
            "actor_id": actor,
            "hop_kind": hop.kind,
            "cue": hop.row["cue"] or filled,
            "hop_said_edtf": hop.row["said_edtf"],
            "hop_channel": hop.row["channel"] or "unspecified",
        }
        columns = {"hop_kind": "kind", "cue": "cue", "hop_channel": "channel"}
        columns |= dict.fromkeys(("hop_said_edtf", "hop_said_start", "hop_said_end"), "said_edtf")
        named = {name: f"hop_{n}_{column}" for name, column in columns.items()} | {"actor_id": hop.actor.at.name}
        self.ledger.add("attributions", row, Origin(plan.sheet, plan.number, named, f"hop_{n}_kind"))

    def _check_names(self, plan: Plan, registry: Registry) -> None:
        """Identifier and name of an actor must be of one."""
        for ref in plan.named:
            known = registry.known("actors", ref.cell)
            if known and not self.ledger.names.is_called(known, ref.name):
                there, column = self.draft.row("actors", known), ref.at.name.removesuffix("_id")
                what = f"{ref.at.name} is {ref.cell} ({there['actor_name']}), and {column} says {shown(ref.name)}"
                fix = f"empty the one that is wrong, {ref.at.name} or {column}"
                self.ledger.findings.append(ref.at.finding("identifier", what, fix))

    def _check_proposition(self, plan: Plan, registry: Registry) -> None:
        """The words and the identifier of a proposition must be of one."""
        cell, words = plan.row["proposition_id"], plan.row["proposition"]
        known = registry.known("propositions", cell) if cell else None
        there = self.draft.get("propositions", known) if known else None
        if there and words and fold(there["proposition"]) != fold(words):
            what = f"proposition_id is {cell} ({shown(there['proposition'])}), and proposition says {shown(words)}"
            fix = "empty the one that is wrong, proposition_id or proposition"
            self.ledger.findings.append(plan.at("proposition_id").finding("identifier", what, fix))

    def _proposition(self, plan: Plan, registry: Registry) -> str | None:
        row, cell, words = plan.row, plan.row["proposition_id"], " ".join(plan.row["proposition"].split())
        at = plan.at("proposition_id" if cell else "proposition")
        known = registry.known("propositions", cell, words)
        if known is not None:
            self._note_proposition(plan, registry, known)
            return known
        if cell:
            return registry.need("propositions", cell, words, at)
        if not row["proposition_kind"]:
            what = "the proposition is new, and proposition_kind is empty"
            self.ledger.findings.append(plan.at("proposition_kind").finding("required", what, "fill it"))
            return None
        details = {name: row[name] for name in _PROPOSITION} | {"proposition": words}
        details["window_basis"] = row["window_basis"] or ("" if row["window_edtf"] else "none")
        if row["place_id"]:
            details["place_id"] = registry.need("places", row["place_id"], "", plan.at("place_id")) or ""
        origin = Origin(plan.sheet, plan.number, _PROPOSITION | _BOUNDS, "proposition")
        new = registry.need("propositions", "", words, at, details, origin)
        if new is not None:
            self._links(plan, registry, new)
        return new

    def _note_proposition(self, plan: Plan, registry: Registry, known: str) -> None:
        """What the row says otherwise, or beyond, of a proposition that is there."""
        row, there = plan.row, self.draft.row("propositions", known)
        for name in ("proposition_kind", "place_id", "window_edtf", "window_basis"):
            if row[name] and "+" not in row[name] and row[name] != there[name]:
                self._stays(plan.at(name), f"{known} has {name} {shown(there[name])}", "propositions")
        event = registry.known("events", row["event_id"]) if row["event_id"] else None
        if row["event_id"] and not self._linked("proposition_events", known, "event_id", event):
            self._stays(plan.at("event_id"), f"{known} is not linked with {row['event_id']}", "proposition_events")
        for cell, name in _subjects(row):
            if not self._linked("proposition_actors", known, "actor_id", registry.known("actors", cell, name)):
                self._stays(plan.at("subjects"), f"{known} is not linked with {cell or name}", "proposition_actors")

    def _linked(self, table: str, proposition: str, column: str, other: str | None) -> bool:
        if table not in self._links_there:
            rows = self.draft.rows(table)
            self._links_there[table] = {(r["proposition_id"], r[column]) for r in rows}
        return (proposition, other) in self._links_there[table]

    def _stays(self, at: At, what: str, table: str) -> None:
        note = at.finding("there-already", f"{what}, and stays so", f"to change it, edit dataset/{table}.csv")
        self.ledger.notes.append(note)

    def _links(self, plan: Plan, registry: Registry, proposition: str) -> None:
        """What a new proposition is about: an event, and actors."""
        row = plan.row
        for cell, name in _subjects(row):
            at = plan.at("subjects")
            if actor := registry.need("actors", cell, name, at):
                link = {"proposition_id": proposition, "actor_id": actor, "proposition_role": "subject"}
                self._link("proposition_actors", link, at, actor)
        if row["event_id"]:
            at = plan.at("event_id")
            if event := registry.need("events", row["event_id"], "", at):
                link = {"proposition_id": proposition, "event_id": event, "event_relation": "about"}
                self._link("proposition_events", link, at, event)

    def _link(self, table: str, link: Row, at: At, other: str) -> None:
        self.ledger.add(table, link, Origin(at.sheet, at.row, {}, at.name))
        if table in self._links_there:
            self._links_there[table].add((link["proposition_id"], other))


def _subjects(row: Row) -> list[tuple[str, str]]:
    """The actors that a proposition is about, each by identifier or by name."""
    words = dict.fromkeys(one.strip() for one in row["subjects"].split(PARTED.strip()))
    return [(word, "") if _is_identifier(word) else ("", word) for word in words if word]


def _is_identifier(cell: str) -> bool:
    return cell[:1] == "A" and (cell[1:2] == "+" or cell[1:].isdecimal())


def _hop_of(hop: Hop, chain: Iterable[Mapping[str, str]], registry: Registry) -> str:
    """The hop of a claim's chain that is the hop of a row: that of its actor; without one, that of its number or kind."""
    rows: list[Row] = [dict(r) for r in chain]
    if hop.actor:
        actor = registry.known("actors", hop.actor.cell, hop.actor.name)
        fitting = [r for r in rows if actor and r["actor_id"] == actor]
    elif hop.kind in NOBODY:
        fitting = [r for r in rows if r["hop_kind"] in NOBODY]
    else:
        fitting = [r for r in rows if r["hop"] == str(hop.number)]
    return fitting[0]["hop"] if fitting else ""
