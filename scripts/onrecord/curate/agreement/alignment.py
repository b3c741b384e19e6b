"""Which claims of two codings of one text are the same claim, and which actors, propositions and events."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product

from onrecord.curate.agreement.codings import Coding, text_of
from onrecord.curate.agreement.matching import THRESHOLD, best_pairs, eligible, iou, most_often, noise
from onrecord.curate.naming import fold
from onrecord.curate.spans import Span

__all__ = ["WORDED", "Alignment", "Pair", "align"]

WORDED = 0.65
"""Claims without spans whose words are less alike than this are not the same."""
_UNNAMED = ("unnamed_individual", "unnamed_group")
_OWN_NAMES = ("alias", "native", "previous")
_Labels = defaultdict[str, dict[str, str]]
_Scope = defaultdict[str, set[str]]
_Meeting = tuple[int, str, str]  # the number of the pair of claims on which two things meet, and these things


@dataclass(frozen=True)
class Pair:
    """Two claims that are one: in the same text (by its hash or address), on the same passage or in like words."""

    text: str
    a: str
    b: str


@dataclass
class Alignment:
    """What of one coding is what of the other.

    ``texts`` are the hashes (or addresses) of the texts that both coded; ``pairs`` the claims, in the order of the text;
    ``labels[side][table][identifier]`` is a label that is the same in both codings for what is the same, made of
    hashes, names and places in the text and never of identifiers. ``scope[side][table]`` holds the
    identifiers of what the claims on these texts speak of.
    """

    codings: tuple[Coding, Coding]
    texts: list[str]
    pairs: list[Pair] = field(default_factory=list)
    labels: tuple[_Labels, _Labels] = field(default_factory=lambda: (_Labels(dict), _Labels(dict)))
    scope: tuple[_Scope, _Scope] = field(default_factory=lambda: (_Scope(set), _Scope(set)))


def align(a: Coding, b: Coding, texts: Sequence[str]) -> Alignment:
    """Align two codings of the texts with these hashes or addresses; swapping them swaps the sides and changes nothing else.

    Claims are the same where their content spans share half of their characters or more (IoU), one to one, so that
    the sum of these shares is greatest. Of claims on one passage those are paired whose other spans (source, cue,
    time, condition) share most, then whose summaries and propositions are worded most alike, then those in one
    location. No judged field is looked at, so that none agrees because of the alignment; only claims that nothing
    else tells apart are paired in the order of their values. Of a text that was not kept, where claims have no spans,
    those are the same whose summaries and propositions have most words in common (Levenshtein similarity of the
    sorted words), ``WORDED`` at least.

    Actors are the same by name: displayed or another name of theirs that is no weak alias, case and punctuation aside.
    Unnamed ones, whose names are descriptions, are the same where their source spans are, those first that meet most
    often; without spans, those that stand at one hop of the same claim. Propositions and events are the same by their
    words, and else those that stand together most often on the same claims. An identifier tells nothing, since each
    coder may have minted it for something else.
    """
    found = Alignment((a, b), sorted(texts))
    _scope(found)
    for text in found.texts:
        found.pairs += _claims(found, text)
    _label_sources_and_claims(found)
    _label_actors(found)
    _label_by_claims(found)
    for side, coding in enumerate(found.codings):
        found.labels[side]["places"] = {row["place_id"]: fold(row["place_name"]) for row in coding.rows("places")}
    return found


def _scope(found: Alignment) -> None:
    for coding, scope in zip(found.codings, found.scope, strict=True):
        scope["sources"] = {r["source_id"] for r in coding.rows("sources") if text_of(r) in found.texts}
        for claim in coding.rows("claims"):
            if claim["source_id"] in scope["sources"]:
                scope["claims"].add(claim["claim_id"])
                scope["propositions"].add(claim["proposition_id"])
                scope["actors"].add(claim["speaker_id"])
        for hop in coding.rows("attributions"):
            if hop["claim_id"] in scope["claims"]:
                scope["actors"].add(hop["actor_id"])
        about = [r for r in coding.rows("proposition_events") if r["proposition_id"] in scope["propositions"]]
        scope["events"] = {r["event_id"] for r in about}
        named = [
            r.get("place_id", "") for r in coding.rows("propositions") if r["proposition_id"] in scope["propositions"]
        ]
        named += [r["place_id"] for r in coding.rows("events") if r["event_id"] in scope["events"]]
        scope["places"] = set(named)
        for identifiers in scope.values():
            identifiers.discard("")


@dataclass(frozen=True)
class _Claim:
    """What tells a claim from others without what is judged of it; ``rank`` among those that it does not tell apart."""

    identifier: str
    content: tuple[Span, ...]
    others: tuple[tuple[Span, ...], ...]
    words: str
    location: str
    rank: int

    @property
    def signature(self) -> tuple[object, ...]:
        return self.content, self.others, self.words, self.location, self.rank


def _claims(found: Alignment, text: str) -> list[Pair]:
    a, b = (_claims_of(coding, text) for coding in found.codings)
    shares = eligible([c.content for c in a], [c.content for c in b]) | _worded(a, b)
    scores = {(m, n): [share, *_likeness(a[m], b[n])] for (m, n), share in shares.items()}
    chosen = sorted(best_pairs(scores), key=lambda pair: sorted((a[pair[0]].signature, b[pair[1]].signature)))
    return [Pair(text, a[m].identifier, b[n].identifier) for m, n in chosen]


def _worded(a: Sequence[_Claim], b: Sequence[_Claim]) -> dict[tuple[int, int], float]:
    """The pairs of claims without spans that may be the same, with the likeness of their words."""
    from rapidfuzz import fuzz

    free = [(m, n) for m, n in product(range(len(a)), range(len(b))) if not a[m].content and not b[n].content]
    likeness = {(m, n): fuzz.token_sort_ratio(a[m].words, b[n].words) / 100 for m, n in free}
    return {pair: share for pair, share in likeness.items() if share >= WORDED}


def _claims_of(coding: Coding, text: str) -> list[_Claim]:
    """The claims of one text, in an order that does not depend on their identifiers."""
    sources = {row["source_id"] for row in coding.rows("sources") if text_of(row) == text}
    wording = {row["proposition_id"]: row["proposition"] for row in coding.rows("propositions")}
    parts = ("source", "cue", "time", "condition")
    described = []
    for row in coding.rows("claims"):
        if row["source_id"] in sources:
            key = row["claim_id"]
            words = fold(f"{row['claim_summary']} {wording.get(row['proposition_id'], '')}")
            spans = tuple(coding.spans(key, part) for part in parts)
            values = tuple(value for name, value in sorted(row.items()) if not name.endswith("_id"))
            location = row.get("claim_location", "")
            described.append(((coding.spans(key, "content"), spans, words, location), values, key))
    ranks: Counter[object] = Counter()
    claims = []
    for signature, _, key in sorted(described):
        claims.append(_Claim(key, *signature, rank=ranks[signature]))
        ranks[signature] += 1
    return claims


def _likeness(a: _Claim, b: _Claim) -> list[float]:
    """How like two claims on one passage are but for their content and what is judged, from 0 to 1, first things first."""
    from rapidfuzz import fuzz

    shares = [iou(x, y) if x or y else 1.0 for x, y in zip(a.others, b.others, strict=True)]
    words = fuzz.ratio(a.words, b.words) / 100
    place = float(a.location == b.location)
    return [sum(shares) / len(shares), words, place, float(a.rank == b.rank), noise(a.signature, b.signature)]


def _label_sources_and_claims(found: Alignment) -> None:
    for side, coding in enumerate(found.codings):
        labels = found.labels[side]
        for row in coding.rows("sources"):
            told = text_of(row) or fold(row.get("title", "")) or row["source_id"]
            labels["sources"][row["source_id"]] = told
    for number, pair in enumerate(found.pairs):
        label = f"{pair.text} {number:06}"
        found.labels[0]["claims"][pair.a] = found.labels[1]["claims"][pair.b] = label
    _label_originals(found)


def _label_originals(found: Alignment) -> None:
    """Give one label to sources known by their titles alone, as nobody read them, of which both codings make one text a copy."""
    unread: list[dict[str, str]] = []
    copied: list[dict[str, str]] = []
    for side, coding in enumerate(found.codings):
        labels = found.labels[side]["sources"]
        unread.append(
            {row["source_id"]: labels[row["source_id"]] for row in coding.rows("sources") if not text_of(row)}
        )
        rows = [row for row in coding.rows("sources") if text_of(row) in found.texts]
        copied.append({text_of(row): row.get("republished_from", "") for row in rows})
    met: list[_Meeting] = []
    for number, text in enumerate(found.texts):
        one, other = copied[0].get(text, ""), copied[1].get(text, "")
        if one in unread[0] and other in unread[1]:
            met.append((number, unread[0][one], unread[1][other]))
    _relabel(found, "sources", unread, met)


def _label_actors(found: Alignment) -> None:
    shown = _displayed(found.codings)
    unnamed: list[dict[str, str]] = []
    for side, coding in enumerate(found.codings):
        names = {row["actor_id"]: fold(row["actor_name"]) for row in coding.rows("actors")}
        found.labels[side]["actors"] = {key: shown.get(name, name) for key, name in names.items()}
        nobody = [row["actor_id"] for row in coding.rows("actors") if row.get("anonymity") in _UNNAMED]
        unnamed.append({key: names[key] for key in nobody})
    hops = [_hops(coding) for coding in found.codings]
    met: list[_Meeting] = []
    for number, pair in enumerate(found.pairs):
        for (hop, actor), (other_hop, other) in product(hops[0].get(pair.a, ()), hops[1].get(pair.b, ())):
            spans = found.codings[0].spans(pair.a, "source", hop), found.codings[1].spans(pair.b, "source", other_hop)
            same = iou(*spans) >= THRESHOLD if any(spans) else hop == other_hop
            if actor in unnamed[0] and other in unnamed[1] and same:
                met.append((number, unnamed[0][actor], unnamed[1][other]))
    _relabel(found, "actors", unnamed, met)


def _hops(coding: Coding) -> dict[str, list[tuple[str, str]]]:
    """Claim → (hop, actor) of its chain."""
    hops: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for row in coding.rows("attributions"):
        hops[row["claim_id"]].append((row["hop"], row["actor_id"]))
    return hops


def _displayed(codings: Iterable[Coding]) -> dict[str, str]:
    """Folded name → the first of the names of the same actor, where a coding says that two names are one actor's."""
    import networkx

    same = networkx.Graph()
    for coding in codings:
        names = {row["actor_id"]: fold(row["actor_name"]) for row in coding.rows("actors")}
        owners: dict[str, set[str]] = defaultdict(set)
        for key, name in names.items():
            owners[name].add(key)
        others = [row for row in coding.rows("actor_names") if row["name_kind"] in _OWN_NAMES]
        for row in others:
            owners[fold(row["alternative_name"])].add(row["actor_id"])
        for row in others:
            if len(owners[fold(row["alternative_name"])]) == 1 and row["actor_id"] in names:
                same.add_edge(fold(row["alternative_name"]), names[row["actor_id"]])
    return {name: min(group) for group in networkx.connected_components(same) for name in group}


def _label_by_claims(found: Alignment) -> None:
    """Label propositions and events: by their words, and else by the claims on which they meet."""
    claims = [{row["claim_id"]: row["proposition_id"] for row in coding.rows("claims")} for coding in found.codings]
    met = [(number, claims[0][pair.a], claims[1][pair.b]) for number, pair in enumerate(found.pairs)]
    _label_by_words(found, "propositions", "proposition", met)
    events: tuple[dict[str, list[str]], ...] = (defaultdict(list), defaultdict(list))
    for side, coding in enumerate(found.codings):
        for row in coding.rows("proposition_events"):
            events[side][row["proposition_id"]].append(row["event_id"])
    both = [(number, x, y) for number, a, b in met for x, y in product(events[0].get(a, ()), events[1].get(b, ()))]
    _label_by_words(found, "events", "event_title", both)


def _label_by_words(found: Alignment, table: str, words: str, met: Sequence[_Meeting]) -> None:
    named: list[dict[str, str]] = []
    key = f"{table.removesuffix('s')}_id"
    for side, coding in enumerate(found.codings):
        named.append({row[key]: fold(row[words]) for row in coding.rows(table)})
        found.labels[side][table] = dict(named[side])
    known = [(n, named[0][a], named[1][b]) for n, a, b in met if a in named[0] and b in named[1]]
    _relabel(found, table, named, known)


def _relabel(found: Alignment, table: str, named: Sequence[Mapping[str, str]], met: Sequence[_Meeting]) -> None:
    """Give one label to things of different words that meet most often, where their words are in one coding alone."""
    shared = set(named[0].values()) & set(named[1].values())
    first: dict[tuple[str, str], int] = {}
    for number, a, b in met:
        first.setdefault((a, b), number)
    candidates = [(a, b) for _, a, b in met if not {a, b} & shared]
    for a, b in most_often(candidates, lambda a, b: (first[a, b], *sorted((a, b)))):
        label = " = ".join(sorted((a, b)))
        for side, name in enumerate((a, b)):
            found.labels[side][table] |= {key: label for key, word in named[side].items() if word == name}
