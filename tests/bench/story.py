"""The plan of one story: which rows it has in every table, and how they hang together.

A generated package is many stories of this one plan. A story's rows differ from another's in names,
dates, numbers and words, which ``bench.tables`` makes of the story's number; what the rules compare is
the same in each, so that one valid story makes a valid package of any size. Every plan is a list of rows
in the order of the table's key; ``slot`` is the place of a row in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Row = dict[str, Any]

# Who is who among the actors of a story.
OUTLETS, STATES, BODIES = range(5), (5, 6), (7, 8)  # 9 is a company
PERSONS, IN_OFFICE, UNNAMED, PHOTOGRAPHER = range(10, 20), range(10, 14), range(24, 32), 32  # 20 to 23 write
ACTORS, PLACES, EVENTS, PROPOSITIONS = 33, 5, 22, 86
SHARED = 10  # propositions on which several claims are made: the predictions
PAST, FUTURE, ALLEGED, HYPOTHETICAL, LONG = range(11), range(11, 16), range(16, 19), range(19, 21), 21

# Of each source: publisher, days after the story's day, claims, whence republished, access, coding.
SOURCES: list[Row] = [
    {"publisher": p, "day": d, "claims": n, "origin": o, "access": a, "scope": s, "genre": g}
    for p, d, n, o, a, s, g in (
        (0, 0, 36, None, "full_text", "full", "news_report"),
        (1, 1, 24, 4, "full_text", "full", "news_report"),
        (2, 2, 20, None, "full_text", "targeted", "analysis"),
        (3, 4, 20, None, "excerpt", "targeted", "wire_report"),
        (4, -1, 0, 5, "not_seen", "none", "wire_report"),
        (3, -2, 0, None, "not_seen", "none", "news_report"),
        (7, 70, 0, None, "listing", "none", "official_statement"),
    )
]
RESOLVING = 6  # the source on which outcomes rest
LEAD, STRIDE, TAIL = 400, 240, 300  # characters before, for each, and after the claims in the body


def narrator(source: int) -> int:
    """Whose voice a source's narration is: its first publisher."""
    while SOURCES[source]["origin"] is not None:
        source = SOURCES[source]["origin"]
    return int(SOURCES[source]["publisher"])


def base(position: int) -> int:
    """Where in its source the passage of a claim begins: headline, deck, caption, then the body."""
    return (30, 150, 280)[position] if position < 3 else LEAD + (position - 3) * STRIDE


def text_length(source: int) -> int | None:
    """Characters of a source, None where nobody read it."""
    count = SOURCES[source]["claims"]
    return LEAD + (count - 3) * STRIDE + TAIL if count else None


def _chain(number: int, position: int) -> list[tuple[int | None, str]]:
    """The hops of a claim, publisher's side first: actor and kind. None at all is narration."""
    person = PERSONS[number // 2 % len(PERSONS)]
    unnamed = UNNAMED[number // 2 % len(UNNAMED)]
    if number % 10 == 9:  # on a prediction: some speak of it twice
        return [(PERSONS[number % 50 // 10 * 2 + (number > 50 and number % 20 == 9)], "explicit")]
    chains: dict[int, list[tuple[int | None, str]]] = {
        4: [(4, "explicit"), (person, "implicit")],
        24: [(4, "explicit"), (7, "explicit"), (unnamed, "explicit")],
        36: [(4, "explicit"), (3, "explicit"), (8, "explicit"), (unnamed, "explicit")],
        8: [(None, "agentless")],
        12: [(2, "explicit"), (None, "lost")],
    }
    if position < 3 and position != 1:
        return []
    if number % 40 in chains:
        return chains[number % 40]
    if number % 2:
        return [(unnamed if number % 9 < 3 else person, "explicit")]
    return [(BODIES[number // 2 % 2], "explicit")] if number % 10 == 6 else []


_STANCES = (
    ("affirm", "CT+", "state"), ("expect", "PR+", "predict"), ("affirm", "CT+", "confirm"), ("deny", "CT-", "deny"),
    ("noncommittal", "Uu", "decline_comment"), ("affirm", "CTu", "report"), ("expect", "PS+", "warn"),
    ("deny", "PR-", "assess"), ("affirm", "CT+", "announce"), ("affirm", "PR+", "hint"),
)  # fmt: skip
_FORMS = ("day", "until", "day", "span", "day", "month", "day", "about", "until", "day", "since", "year")


def _claim(number: int, source: int, position: int) -> Row:
    chain = _chain(number, position)
    told = not chain
    actor = narrator(source) if told else chain[-1][0]
    shared = number % 5 == 4
    mixed = number * 37 % 101
    stance, certainty, act = _STANCES[0] if told else _STANCES[mixed % len(_STANCES)]
    if shared:  # on a prediction, where speakers differ and narration expects
        stance, certainty, act = ("expect", "PR+", "predict") if told else _STANCES[1 + number // 20]
    form = "day" if told or shared else _FORMS[mixed % len(_FORMS)]
    basis = "publication" if told or form == "until" else "stated"
    if not told and form == "day" and number % 3 == 1:
        basis = "weekday"
    elif form in ("span", "month", "since", "year", "about"):
        basis = "relative"
    quote = "narration" if told else "agentless" if chain[-1][1] == "agentless" else "indirect"
    if len(chain) == 1 and chain[0][0] is not None and position > 2 and number % 8 in (1, 3, 5):
        quote = "mixed" if number % 8 == 3 else "direct"
    return {
        "slot": number, "source": source, "position": position, "actor": actor, "act": act, "stance": stance,
        "certainty": certainty, "quote": quote, "form": form, "basis": basis, "chain": chain,
        "delay": 0 if told or (number > 50 and shared) else 5 if shared else number * 7 % 6, "located": ("headline", "deck", "caption", "body")[min(position, 3)],
        "channel": "press_report" if told else ("briefing", "interview", "unspecified", "speech")[number % 4],
        "conditional": position > 2 and number % 15 == 7,
        "proposition": number // 5 % SHARED if shared else SHARED + (number - number // 5) % (PROPOSITIONS - SHARED),
    }  # fmt: skip


def _claims() -> list[Row]:
    places = [(source, position) for source, s in enumerate(SOURCES) for position in range(s["claims"])]
    return [_claim(number, *place) for number, place in enumerate(places)]


CLAIMS = _claims()


def _attributions() -> Iterator[Row]:
    cues = ("said", "told reporters", "wrote", "called", "“confirmed”, as it put it", "reportedly said")
    for claim in CLAIMS:
        for hop, (actor, kind) in enumerate(claim["chain"], 1):
            cue = cues[(claim["slot"] + hop) % len(cues)] if kind == "explicit" else None
            last = hop == len(claim["chain"])
            dated = claim["form"] if last and len(claim["chain"]) > 1 else "none"
            channel = claim["channel"] if last else "news_agency"
            yield {"claim": claim["slot"], "hop": hop, "actor": actor, "kind": kind, "cue": cue, "channel": channel,
                   "form": dated, "source": claim["source"], "delay": claim["delay"]}  # fmt: skip


ATTRIBUTIONS = list(_attributions())


def quoted(claim: Row) -> bool:
    """Whether a claim's first content span holds words of its speaker."""
    return bool(claim["quote"] in ("direct", "mixed"))


def _evidence() -> Iterator[Row]:
    for claim in CLAIMS:
        at = base(claim["position"])

        def span(
            part: str, offset: int, length: int | None, hop: int | None = None, c: Row = claim, at: int = at
        ) -> Row:
            exact = part == "content" and offset == 2 and quoted(c)
            return {"claim": c["slot"], "part": part, "hop": hop, "start": at + offset, "length": length, "exact": exact,
                    "source": c["source"], "delay": c["delay"]}  # fmt: skip

        last = claim["chain"][-1][1] if claim["chain"] else ""
        body = claim["position"] > 2
        if claim["chain"] and last == "explicit":
            for hop in {1, len(claim["chain"])}:
                yield span("source", 140 + 20 * hop if body else 60, 12, hop)
                yield span("cue", 152 + 20 * hop if body else 75, 5, hop)
        elif last in ("implicit", "lost"):
            yield span("source", 160, 12, 1)
        yield span("content", 2, 48 if body else 40)
        if body and claim["slot"] % 4 == 1:
            yield span("content", 100, 36)
        if claim["basis"] == "weekday":
            yield span("time", 110 if body else 85, None)
        if claim["conditional"]:
            yield span("condition", 122, 30)


EVIDENCE = [{"slot": slot, **row} for slot, row in enumerate(_evidence())]


def _ranges() -> Iterator[Row]:
    for source in range(len(SOURCES)):
        length = text_length(source)
        if length is None:
            continue
        yield {"source": source, "start": 0, "end": 25, "kind": "boilerplate"}
        yield {"source": source, "start": 27, "end": 127, "kind": "headline"}
        yield {"source": source, "start": 147, "end": 260, "kind": "deck"}
        yield {"source": source, "start": 277, "end": 380, "kind": "caption"}
        for claim in CLAIMS:
            if claim["source"] == source and quoted(claim):
                at = base(claim["position"])
                yield {"source": source, "start": at + 1, "end": at + 98, "kind": "quotation"}
        yield {"source": source, "start": length - 200, "end": length, "kind": "boilerplate"}


RANGES = list(_ranges())


def _proposition(slot: int) -> Row:
    claims = [c for c in CLAIMS if c["proposition"] == slot]
    stances = {c["stance"] for c in claims}
    kind = ("fact", "intent", "fact", "evaluation", "fact", "absence")[slot % 6]
    if slot < SHARED:
        kind = "prediction"
    elif stances == {"noncommittal"} and slot % 2:
        kind = "question"
    elif any(c["conditional"] for c in claims):
        kind = "intent"
    form = ("none", "month", "since", "day", "none", "about", "span", "none", "year", "none", "until")[slot % 11]
    return {"slot": slot, "kind": kind, "form": form, "later": kind == "prediction", "place": slot if slot < 3 else None,
            "conditional": any(c["conditional"] for c in claims), "actors": 2 if slot % 2 else 1}  # fmt: skip


PROPOSED = [_proposition(slot) for slot in range(PROPOSITIONS)]


def _proposition_events() -> Iterator[Row]:
    others = (*FUTURE, *ALLEGED, *HYPOTHETICAL, LONG)
    for slot, proposition in enumerate(PROPOSED):
        if proposition["kind"] == "prediction":
            yield {"proposition": slot, "event": FUTURE[slot % len(FUTURE)], "relation": "about"}
        elif proposition["conditional"]:
            yield {"proposition": slot, "event": HYPOTHETICAL[slot % 2], "relation": "condition"}
        elif proposition["kind"] == "fact" and slot % 8:
            yield {"proposition": slot, "event": PAST[slot % len(PAST)], "relation": "about"}
            if slot % 11 < 3:
                yield {"proposition": slot, "event": LONG, "relation": "background"}
        elif proposition["kind"] != "fact" and slot % 8:
            yield {
                "proposition": slot,
                "event": others[slot % len(others)],
                "relation": ("about", "background")[slot % 2],
            }


PROPOSITION_EVENTS = list(_proposition_events())


def _proposition_links() -> Iterator[Row]:
    relations = ("entails", "contradicts", "narrows")
    for one in range(SHARED - 7):
        yield {"one": one + 1, "other": one, "relation": "entails"}
    for number in range(20):
        one = SHARED + 3 * number
        yield {"one": one, "other": one + 1 + number % 2, "relation": relations[number % 3]}
        if number % 5 == 0:
            yield {"one": one, "other": one + 4, "relation": "narrows"}


PROPOSITION_LINKS = list(_proposition_links())


def _said(claim: Row) -> int:
    return int(SOURCES[claim["source"]]["day"] - claim["delay"])


def _claim_links() -> Iterator[Row]:
    """Who disputes, restates, confirms whom on a shared proposition; a later word of one speaker supersedes."""
    for proposition in range(SHARED):
        claims = [c for c in CLAIMS if c["proposition"] == proposition]
        for one, other in zip(claims[1:], claims, strict=False):
            same = one["actor"] == other["actor"] and one["actor"] is not None
            if one["form"] == other["form"] == "day" and same and _said(one) > _said(other):
                relation = "supersedes"
            elif one["stance"] == other["stance"]:
                relation = ("restates", "confirms", "same_utterance")[one["slot"] % 3]
            else:
                relation = "disputes"
            yield {"one": one["slot"], "other": other["slot"], "relation": relation}
            if proposition % 4 == 0:
                yield {"one": one["slot"], "other": other["slot"] + 1, "relation": "confirms"}


CLAIM_LINKS = sorted(_claim_links(), key=lambda r: (r["one"], r["other"], r["relation"]))


def _actor_links() -> Iterator[Row]:
    for outlet in OUTLETS:
        yield {"one": outlet, "other": STATES[outlet % 2], "kind": "member_of"}
    yield {"one": 7, "other": 5, "kind": "member_of"}
    yield {"one": 7, "other": 5, "kind": "speaks_for"}
    yield {"one": 8, "other": 6, "kind": "member_of"}
    yield {"one": 9, "other": 5, "kind": "member_of"}
    for person in PERSONS:
        yield {"one": person, "other": 7 + person % 3, "kind": "member_of"}
        if person < 12:
            yield {"one": person, "other": 7 + person % 3, "kind": "speaks_for"}
    yield {"one": 24, "other": 25, "kind": "same_as_possible"}


ACTOR_LINKS = list(_actor_links())
ACTOR_NAMES: list[Row] = [
    {"actor": actor, "kind": kind, "language": language}
    for actor, kind, language in (
        (0, "alias", "en"), (1, "native", "ru"), (5, "alias", "en"), (5, "native", "ko"), (6, "alias", "en"),
        (6, "native", "ar"), (7, "alias", "en"), (7, "weak_alias", "en"), (8, "previous", "en"), (10, "native", "ru"),
        (11, "native", "ko"), (12, "native", "ar"), (13, "native", "zh-Hans"),
    )
]  # fmt: skip
ACTOR_ROLES: list[Row] = [
    {"actor": 10, "organization": 7, "past": True},
    *({"actor": actor, "organization": 7 + actor % 2, "past": False} for actor in IN_OFFICE),
]
CREDITS: list[Row] = [
    {"source": source, "role": role, "position": position, "actor": actor}
    for source, role, position, actor in (
        (0, "author", 1, 20), (0, "author", 2, 21), (0, "photo", 1, 32), (1, "author", 1, 22), (1, "via", 1, 4),
        (2, "contributor", 1, 23), (2, "author", 1, 20), (3, "author", 1, 21),
    )
]  # fmt: skip
CREDITS.sort(key=lambda r: (r["source"], r["role"], r["position"]))


def _event(slot: int) -> Row:
    types = (("CONSULT", "visit"), ("CONSULT", "meet"), ("MOBILIZE", "troops"), ("ACCUSE", "allege"), ("AGREE", None),
             ("PROTEST", "demo"), ("SANCTION", "expel"), ("CONSULT", "phone"))  # fmt: skip
    kind, mode = types[slot % len(types)]
    mode = "multilateral" if mode == "meet" else mode
    first, last, form = -30 - 20 * slot, -25 - 20 * slot, ("day", "month", "day", "span", "year", "about")[slot % 6]
    status = "occurred"
    parent: int | None = None
    if slot < 4:
        first, last, form = ((-20, -10, "span"), (-15, -15, "day"), (-15, -15, "day"), (-18, -12, "span"))[slot]
        parent = (None, 0, 1, 0)[slot]
    elif slot in FUTURE:
        first, last, form = 20 + slot, 24 + slot, ("day", "span")[slot % 2]
        status = ("anticipated", "occurred", "did_not_occur")[slot % 3]
    elif slot in ALLEGED:
        status = "alleged"
    elif slot in HYPOTHETICAL:
        form, status = "none", "hypothetical"
    elif slot == LONG:
        form = "since"
    precision = {"day": 1, "span": 1, "month": 4, "about": 4, "year": 5}.get(form)
    return {"slot": slot, "type": kind, "mode": mode, "status": status, "first": first, "last": last, "form": form,
            "precision": precision, "parent": parent, "place": slot % PLACES if slot % 4 else None,
            "clarity": 2 if slot == LONG else 1, "source": RESOLVING if slot in FUTURE else slot % 4}  # fmt: skip


PLANNED = [_event(slot) for slot in range(EVENTS)]
EVENT_ACTORS: list[Row] = [
    {"event": event, "rank": rank, "role": "participant" if event % 8 == 4 else ("actor", "recipient")[rank]}
    for event in range(EVENTS)
    for rank in range(2)
]
PROPOSITION_ACTORS: list[Row] = [
    {
        "proposition": slot, "rank": rank, "of": proposition["actors"],
        "role": {"intent": "holder", "evaluation": "target"}.get(proposition["kind"], "subject"),
    }
    for slot, proposition in enumerate(PROPOSED)
    for rank in range(proposition["actors"])
]  # fmt: skip
RESOLUTIONS: list[Row] = [
    {
        "proposition": slot, "outcome": ("came_true", "came_false", "partly", "unresolved")[slot % 4],
        "form": "none" if slot % 4 == 3 else ("day", "month")[slot % 2], "event": FUTURE[slot % 5] if slot % 2 else None,
    }
    for slot in range(SHARED)
]  # fmt: skip

PLANS: dict[str, list[Row]] = {
    "actors": [{"slot": slot} for slot in range(ACTORS)],
    "actor_names": ACTOR_NAMES,
    "sources": [{"slot": slot, **source} for slot, source in enumerate(SOURCES)],
    "source_ranges": RANGES,
    "source_credits": CREDITS,
    "actor_roles": ACTOR_ROLES,
    "actor_links": ACTOR_LINKS,
    "places": [{"slot": slot} for slot in range(PLACES)],
    "events": PLANNED,
    "event_actors": EVENT_ACTORS,
    "propositions": PROPOSED,
    "proposition_events": PROPOSITION_EVENTS,
    "proposition_actors": PROPOSITION_ACTORS,
    "proposition_links": PROPOSITION_LINKS,
    "claims": CLAIMS,
    "attributions": ATTRIBUTIONS,
    "evidence": EVIDENCE,
    "claim_links": CLAIM_LINKS,
    "resolutions": RESOLUTIONS,
}
STORY = sum(len(plan) for plan in PLANS.values())  # rows of a story over all tables
