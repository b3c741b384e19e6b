"""Claims that lead to no passage, or to a wrong one: two kinds or more for each rule about evidence."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from corrupt.copied import Copy, Expected, Row, Sheet, Wrong
from corrupt.kinds import kind
from onrecord.evidence import normalize, span_hash

Found = list[Expected | Wrong]
INERT = ("credit", "byline", "alt_text", "subhead")
PLACED = ("headline", "deck", "caption")
QUOTED = ("direct", "mixed")
SPOKEN = (*QUOTED, "indirect")
WORD = "abcdefghijklmnopqrstuvwxyz"


def claim_of(copy: Copy, span: Row) -> Row:
    return copy.sheet("claims").get(claim_id=span["claim_id"])


def source_of(copy: Copy, span: Row) -> Row:
    return copy.sheet("sources").get(source_id=claim_of(copy, span)["source_id"])


def spans_of(copy: Copy, source: str) -> list[Row]:
    """The spans of a source, in order of the table."""
    claims = {row["claim_id"] for row in copy.sheet("claims").where(source_id=source)}
    return [row for row in copy.sheet("evidence").rows if row["claim_id"] in claims]


def ends(row: Row) -> tuple[int, int]:
    return int(row["start_char"]), int(row["end_char"])


def inside(span: Row, outer: Row) -> bool:
    return ends(outer)[0] <= ends(span)[0] and ends(span)[1] <= ends(outer)[1]


def overlaps(span: Row, other: Row) -> bool:
    return ends(span)[0] < ends(other)[1] and ends(span)[1] > ends(other)[0]


def ranges_of(copy: Copy, source: str, *kinds: str) -> list[Row]:
    return [row for row in copy.sheet("source_ranges").where(source_id=source) if row["range_kind"] in kinds]


def quotations(copy: Copy, span: Row) -> list[Row]:
    """The quotations of its source in which a span lies."""
    ranges = ranges_of(copy, claim_of(copy, span)["source_id"], "quotation")
    return [outer for outer in ranges if inside(span, outer)]


def parts(copy: Copy, claim: Row, part: str) -> list[Row]:
    return copy.sheet("evidence").where(claim_id=claim["claim_id"], part=part)


def unheld(source: Row) -> None:
    """Have a source coded from a text that is not at hand, so that its spans can be moved and no text tells."""
    source["text_sha256"] = span_hash(f"a text of {source['source_id']} that nobody has")


def move(row: Row, start: int, end: int) -> None:
    row["start_char"], row["end_char"] = str(start), str(end)


def move_range(copy: Copy, row: Row, start: int, end: int) -> None:
    """Give a range other ends, and its place in the order of the table."""
    sheet = copy.sheet("source_ranges")
    sheet.take(row)
    move(row, start, end)
    sheet.put(row)


def quote(span: Row, words: str) -> None:
    """Have a span quote words, with the length and hash that are theirs."""
    span.update(
        exact=words, span_length=str(len(normalize(words))), span_sha256=span_hash(words), anchor_from="", anchor_to=""
    )


def take_all(sheet: Sheet, rows: list[Row]) -> None:
    for row in rows:
        sheet.take(row)


RULE = "span-in-text"
GROUP = f"rule {RULE}"


@kind(GROUP, "a range ends where it begins, or before")
def _(copy: Copy, rng: Random) -> Found:
    sheet = copy.sheet("source_ranges")
    row = sheet.pick(rng, lambda r: r["range_kind"] in INERT and ends(r)[0] > 0)
    start = ends(row)[0]
    move_range(copy, row, start, rng.choice([start, rng.randint(1, start)]))
    return [sheet.wrong(row, "end_char", RULE)]


@kind(GROUP, "a range ends beyond the text")
def _(copy: Copy, rng: Random) -> Found:
    sheet = copy.sheet("source_ranges")
    row = sheet.pick(rng, lambda r: r["range_kind"] in INERT)
    length = int(copy.sheet("sources").get(source_id=row["source_id"])["text_length"])
    move_range(copy, row, ends(row)[0], length + rng.choice([1, 40, 5000]))
    return [sheet.wrong(row, "end_char", RULE)]


@kind(GROUP, "the offsets of a span are swapped")
def _(copy: Copy, rng: Random) -> Found:
    sheet = copy.sheet("evidence")
    row = sheet.pick(rng, lambda r: r["part"] in ("source", "cue", "time") and not r["exact"])
    unheld(source_of(copy, row))
    row["start_char"], row["end_char"] = row["end_char"], row["start_char"]
    return [sheet.wrong(row, "end_char", RULE)]


@kind(GROUP, "a text is shorter in the table than its spans and ranges reach")
def _(copy: Copy, rng: Random) -> Found:
    """Every span and range that ends beyond the length that is left is wrong."""
    sheet = copy.sheet("sources")
    source = sheet.pick(rng, lambda r: r["text_length"])
    unheld(source)
    spans, ranges = (
        spans_of(copy, source["source_id"]),
        copy.sheet("source_ranges").where(source_id=source["source_id"]),
    )
    source["text_length"] = str(min(max(ends(r)[1] for r in rows) for rows in (spans, ranges)) - 1)
    most = int(source["text_length"])
    return [
        table.wrong(row, "end_char", RULE)
        for table, rows in ((copy.sheet("evidence"), spans), (copy.sheet("source_ranges"), ranges))
        for row in rows
        if ends(row)[1] > most
    ]


RULE_HASH = "span-hash"
GROUP = f"rule {RULE_HASH}"


@kind(GROUP, "a letter of quoted words is miswritten")
def _(copy: Copy, rng: Random) -> Found:
    sheet = copy.sheet("evidence")
    row = sheet.pick(rng, lambda r: r["exact"] and not r["anchor_from"] and not r["anchor_to"])
    n = rng.choice([i for i, letter in enumerate(row["exact"]) if letter in WORD])
    other = rng.choice([letter for letter in WORD if letter != row["exact"][n]])
    row["exact"] = row["exact"][:n] + other + row["exact"][n + 1 :]
    return [sheet.wrong(row, "span_sha256", RULE_HASH)]


@kind(GROUP, "quoted words have a space too many")
def _(copy: Copy, rng: Random) -> Found:
    """The hash does not mind, but the offsets do."""
    sheet = copy.sheet("evidence")
    row = sheet.pick(rng, lambda r: " " in r["exact"])
    n = rng.choice([i for i, letter in enumerate(row["exact"]) if letter == " "])
    row["exact"] = row["exact"][:n] + " " + row["exact"][n:]
    return [sheet.wrong(row, "end_char", RULE_HASH)]


@kind(GROUP, "the words of a span are counted wrongly")
def _(copy: Copy, rng: Random) -> Found:
    sheet = copy.sheet("evidence")
    row = sheet.pick(rng, lambda r: not r["exact"])
    row["span_length"] = str(int(row["span_length"]) + rng.choice([1, 2, 100]))
    return [sheet.wrong(row, "span_length", RULE_HASH, texts=True)]


@kind(GROUP, "two spans of a claim have each other's hash")
def _(copy: Copy, rng: Random) -> Found:
    sheet = copy.sheet("evidence")

    def others(r: Row) -> list[Row]:
        spans = sheet.where(claim_id=r["claim_id"])
        return [
            s
            for s in spans
            if s["span_sha256"] != r["span_sha256"] and "time" not in (s["part"], r["part"]) and not s["exact"]
        ]

    one = sheet.pick(rng, lambda r: not r["exact"] and others(r))
    two = rng.choice(others(one))
    one["span_sha256"], two["span_sha256"] = two["span_sha256"], one["span_sha256"]
    return [sheet.wrong(row, "span_sha256", RULE_HASH, texts=True) for row in (one, two)]


@kind(GROUP, "the anchors of a span are swapped")
def _(copy: Copy, rng: Random) -> Found:
    sheet = copy.sheet("evidence")

    def distinct(r: Row) -> bool:
        a, b = r["anchor_from"], r["anchor_to"]
        return bool(a and b) and not (a.endswith(b) or b.startswith(a) or a.startswith(b) or b.endswith(a))

    row = sheet.pick(rng, lambda r: distinct(r) and not r["exact"])
    row["anchor_from"], row["anchor_to"] = row["anchor_to"], row["anchor_from"]
    return [sheet.wrong(row, column, RULE_HASH, texts=True) for column in ("anchor_from", "anchor_to")]


@kind(GROUP, "a text is longer in the table than it is")
def _(copy: Copy, rng: Random) -> Found:
    sheet = copy.sheet("sources")
    row = sheet.pick(rng, lambda r: r["text_length"])
    row["text_length"] = str(int(row["text_length"]) + rng.choice([1, 10, 1000]))
    return [sheet.wrong(row, "text_length", RULE_HASH, texts=True)]


RULE_QUOTE = "quote-inside-quotation"
GROUP = f"rule {RULE_QUOTE}"


def quoted_spans(copy: Copy, claim: Row) -> list[Row]:
    """The content spans of a claim that lie in a quotation."""
    return [span for span in parts(copy, claim, "content") if quotations(copy, span)]


@kind(GROUP, "a claim without quoted words is called direct or mixed")
def _(copy: Copy, rng: Random) -> Found:
    sheet = copy.sheet("claims")
    row = sheet.pick(rng, lambda r: r["quote_type"] == "indirect" and not quoted_spans(copy, r))
    row["quote_type"] = rng.choice(QUOTED)
    return [sheet.wrong(row, "quote_type", RULE_QUOTE)]


@kind(GROUP, "a quoted span begins before its quotation mark")
def _(copy: Copy, rng: Random) -> Found:
    sheet = copy.sheet("evidence")

    def sole(r: Row) -> bool:
        claim, outer = claim_of(copy, r), quotations(copy, r)
        return (
            r["part"] == "content"
            and claim["quote_type"] in QUOTED
            and not r["exact"]
            and len(outer) == len(quoted_spans(copy, claim)) == 1
            and not any(ends(w)[0] in range(ends(outer[0])[0] - 1, ends(r)[0]) for w in walls(copy, claim["source_id"]))
        )

    row = sheet.pick(rng, sole)
    claim = claim_of(copy, row)
    move(row, ends(quotations(copy, row)[0])[0] - 1, ends(row)[1])
    unheld(source_of(copy, row))
    return [copy.sheet("claims").wrong(claim, "quote_type", RULE_QUOTE)]


def walls(copy: Copy, source: str) -> list[Row]:
    """The ranges over whose border no span may run."""
    return ranges_of(copy, source, *PLACED, "boilerplate")


@kind(GROUP, "a quotation is marked as something else, or not at all")
def _(copy: Copy, rng: Random) -> Found:
    """Quoted words that lay in it are no longer inside a quotation either."""
    sheet, claims, evidence = copy.sheet("source_ranges"), copy.sheet("claims"), copy.sheet("evidence")

    def resting(r: Row) -> list[Row]:
        return [
            claim
            for claim in claims.where(source_id=r["source_id"])
            if claim["quote_type"] in QUOTED and all(quotations(copy, s) == [r] for s in quoted_spans(copy, claim))
        ]

    row = sheet.pick(rng, lambda r: r["range_kind"] == "quotation" and resting(r))
    lost = resting(row)
    bare = [s for s in spans_of(copy, row["source_id"]) if s["exact"] and quotations(copy, s) == [row]]
    sheet.take(row)
    if rng.random() < 0.5:
        row["range_kind"] = rng.choice(INERT)
        sheet.put(row)
    why = "the quoted words lie in no quotation any more"
    return [
        *(claims.wrong(claim, "quote_type", RULE_QUOTE) for claim in lost),
        *(evidence.wrong(span, "exact", "exact-within-limit", why) for span in bare),
    ]


RULE_HAS = "claim-has-evidence"
GROUP = f"rule {RULE_HAS}"


def plain(claim: Row) -> bool:
    """Whether a claim needs no quotation."""
    return claim["quote_type"] not in QUOTED


@kind(GROUP, "a claim has lost its content spans")
def _(copy: Copy, rng: Random) -> Found:
    sheet = copy.sheet("claims")
    row = sheet.pick(rng, plain)
    take_all(copy.sheet("evidence"), parts(copy, row, "content"))
    return [sheet.wrong(row, "claim_id", RULE_HAS)]


@kind(GROUP, "the content span of a claim hangs on another claim")
def _(copy: Copy, rng: Random) -> Found:
    sheet, evidence = copy.sheet("claims"), copy.sheet("evidence")

    def others(r: Row) -> list[str]:
        """The claims beside it that have no such span."""
        (span,) = parts(copy, r, "content")
        taken = {s["claim_id"] for s in evidence.rows if s["part"] == "content" and ends(s) == ends(span)}
        alike = sheet.where(source_id=r["source_id"], claim_location=r["claim_location"])
        return [c["claim_id"] for c in alike if c["claim_id"] not in taken]

    row = sheet.pick(rng, lambda r: plain(r) and len(parts(copy, r, "content")) == 1 and others(r))
    (span,) = parts(copy, row, "content")
    span["claim_id"] = rng.choice(others(row))
    return [sheet.wrong(row, "claim_id", RULE_HAS)]


@kind(GROUP, "the content span of a claim is called a time span")
def _(copy: Copy, rng: Random) -> Found:
    sheet = copy.sheet("claims")
    row = sheet.pick(rng, lambda r: plain(r) and len(parts(copy, r, "content")) == 1)
    (span,) = parts(copy, row, "content")
    span["part"] = "time"
    return [sheet.wrong(row, "claim_id", RULE_HAS)]


RULE_CUE = "cue-or-implicit"
GROUP = f"rule {RULE_CUE}"


def last_hop(copy: Copy, claim: Row) -> Row | None:
    """The last hop of a claim's chain."""
    hops = copy.sheet("attributions").where(claim_id=claim["claim_id"])
    return max(hops, key=lambda r: int(r["hop"]), default=None)


def ascribed(copy: Copy, claim: Row) -> bool:
    """Whether the text must say whose claim it is."""
    last = last_hop(copy, claim)
    return claim["quote_type"] in SPOKEN and last is not None and last["hop_kind"] == "explicit"


@kind(GROUP, "a claim has lost its source spans or its cue spans")
def _(copy: Copy, rng: Random) -> Found:
    sheet = copy.sheet("claims")
    row = sheet.pick(rng, lambda r: ascribed(copy, r))
    take_all(copy.sheet("evidence"), parts(copy, row, rng.choice(["source", "cue"])))
    return [sheet.wrong(row, "quote_type", RULE_CUE)]


@kind(GROUP, "an implicit hop is called explicit")
def _(copy: Copy, rng: Random) -> Found:
    sheet = copy.sheet("claims")

    def lacking(r: Row) -> list[str]:
        return [part for part in ("source", "cue") if not parts(copy, r, part)]

    def implied(r: Row) -> bool:
        last = last_hop(copy, r)
        return r["quote_type"] in SPOKEN and last is not None and last["hop_kind"] == "implicit" and bool(lacking(r))

    row = sheet.pick(rng, implied)
    if last := last_hop(copy, row):
        last["hop_kind"] = "explicit"
    return [sheet.wrong(row, "quote_type", RULE_CUE) for _ in lacking(row)]


@kind(GROUP, "the words for a speaker are called a cue")
def _(copy: Copy, rng: Random) -> Found:
    sheet = copy.sheet("claims")
    row = sheet.pick(rng, lambda r: ascribed(copy, r) and len(parts(copy, r, "source")) == 1)
    (span,) = parts(copy, row, "source")
    span["part"] = "cue"
    return [sheet.wrong(row, "quote_type", RULE_CUE)]


RULE_HOP = "evidence-hop-exists"
GROUP = f"rule {RULE_HOP}"


def hop_kind(name: str, wanted: tuple[str, ...], new: Callable[[Copy, Row], str]) -> None:
    """A kind that writes another hop into a span."""

    @kind(GROUP, name)
    def corrupt(copy: Copy, rng: Random) -> Found:
        sheet = copy.sheet("evidence")
        row = sheet.pick(rng, lambda r: r["part"] in wanted)
        row["hop"] = new(copy, row)
        return [sheet.wrong(row, "hop", RULE_HOP)]


def beyond(copy: Copy, span: Row) -> str:
    """The number after a chain's last."""
    return str(len(copy.sheet("attributions").where(claim_id=span["claim_id"])) + 1)


hop_kind("a span names a hop beyond its chain", ("source", "cue"), beyond)
hop_kind("a source or cue span names no hop", ("source", "cue"), lambda *_: "")
hop_kind("a span that belongs to no hop names one", ("content", "time", "condition"), lambda *_: "1")


@kind(GROUP, "a claim has lost its last hop")
def _(copy: Copy, rng: Random) -> Found:
    """Of a longer chain, whose new end must be the speaker: the claim's own speaker is mended with it."""
    hops, claims, sheet = copy.sheet("attributions"), copy.sheet("claims"), copy.sheet("evidence")

    def fits(r: Row) -> bool:
        before = hops.where(claim_id=r["claim_id"], hop=str(int(r["hop"]) - 1))
        spans = sheet.where(claim_id=r["claim_id"], hop=r["hop"])
        claim = claims.get(claim_id=r["claim_id"])
        shown = {s["part"] for s in sheet.where(claim_id=r["claim_id"])} >= {"source", "cue"}
        if not before or not spans or not shown or last_hop(copy, claim) is not r or not claims_alone(copy, claim):
            return False
        return not roles(copy, before[0]["actor_id"]) and others_use(copy, r["actor_id"])

    row = hops.pick(rng, fits)
    before = hops.get(claim_id=row["claim_id"], hop=str(int(row["hop"]) - 1))
    spans = sheet.where(claim_id=row["claim_id"], hop=row["hop"])
    hops.take(row)
    claims.get(claim_id=row["claim_id"])["speaker_id"] = before["actor_id"]
    return [sheet.wrong(span, "hop", RULE_HOP) for span in spans]


def claims_alone(copy: Copy, claim: Row) -> bool:
    """Whether no other claim is about the same, and no link leads from or to this one."""
    links = [r for r in copy.sheet("claim_links").rows if claim["claim_id"] in (r["claim_id"], r["other_claim_id"])]
    return not links and len(copy.sheet("claims").where(proposition_id=claim["proposition_id"])) == 1


def roles(copy: Copy, actor: str) -> list[Row]:
    return copy.sheet("actor_roles").where(actor_id=actor)


def others_use(copy: Copy, actor: str) -> bool:
    """Whether an actor takes part in something besides claims."""
    tables = ("actor_links", "event_actors", "proposition_actors", "source_credits")
    return not actor or any(copy.sheet(name).where(actor_id=actor) for name in tables)


RULE_LIMIT = "exact-within-limit"
GROUP = f"rule {RULE_LIMIT}"


@kind(GROUP, "an anchor has more than four words")
def _(copy: Copy, rng: Random) -> Found:
    sheet = copy.sheet("evidence")
    row = sheet.pick(rng, lambda r: len(r["exact"].split()) > 4)
    words, column = row["exact"].split(), rng.choice(["anchor_from", "anchor_to"])
    number = rng.randint(5, len(words))
    row[column] = " ".join(words[:number] if column == "anchor_from" else words[-number:])
    return [sheet.wrong(row, column, RULE_LIMIT)]


@kind(GROUP, "quoted words are more than forty")
def _(copy: Copy, rng: Random) -> Found:
    """As many words of a letter as go into a span that is long enough."""
    sheet = copy.sheet("evidence")
    row = sheet.pick(rng, lambda r: r["exact"] and ends(r)[1] - ends(r)[0] > 81)
    unheld(source_of(copy, row))
    length = ends(row)[1] - ends(row)[0]
    count = rng.randint(41, length // 2)
    first = "a " * (count - 1)
    quote(row, first + "b" * (length - len(first)))
    return [sheet.wrong(row, "exact", RULE_LIMIT)]


@kind(GROUP, "words are quoted that nobody said")
def _(copy: Copy, rng: Random) -> Found:
    """A short span outside all quotations quotes its words, which are made up, since the text is not at hand."""
    sheet = copy.sheet("evidence")

    def unsaid(r: Row) -> bool:
        return not r["exact"] and ends(r)[1] - ends(r)[0] < 40 and not quotations(copy, r) and r["part"] == "content"

    row = sheet.pick(rng, unsaid)
    unheld(source_of(copy, row))
    quote(row, "w" * (ends(row)[1] - ends(row)[0]))
    return [sheet.wrong(row, "exact", RULE_LIMIT)]


@kind(GROUP, "too much of a source is quoted")
def _(copy: Copy, rng: Random) -> Found:
    """Every content span quoted, in one quotation that is the whole text: all in the limit of words, not in that of the source."""
    sources = copy.sheet("sources")
    source = sources.pick(rng, lambda r: r["text_length"])
    unheld(source)
    wide = {"source_id": source["source_id"], "start_char": "0", "end_char": source["text_length"]}
    if not copy.sheet("source_ranges").where(**wide, range_kind="quotation"):
        copy.sheet("source_ranges").add(**wide, range_kind="quotation")
    for span in spans_of(copy, source["source_id"]):
        if span["part"] == "content":
            quote(span, "w" * (ends(span)[1] - ends(span)[0]))
    return [sources.wrong(source, "text_length", RULE_LIMIT)]


RULE_PLATE = "not-boilerplate"
GROUP = f"rule {RULE_PLATE}"


@kind(GROUP, "a range of boilerplate lies over a passage")
def _(copy: Copy, rng: Random) -> Found:
    sheet = copy.sheet("evidence")
    row = sheet.pick(rng)
    source = claim_of(copy, row)["source_id"]
    copy.sheet("source_ranges").add(
        source_id=source, start_char=row["start_char"], end_char=row["end_char"], range_kind="boilerplate"
    )
    return [sheet.wrong(span, "start_char", RULE_PLATE) for span in spans_of(copy, source) if overlaps(span, row)]


@kind(GROUP, "boilerplate begins before the report ends")
def _(copy: Copy, rng: Random) -> Found:
    """The range begins with the last letter of the last passage before it."""
    sheet, ranges = copy.sheet("evidence"), copy.sheet("source_ranges")

    def ahead(r: Row) -> list[int]:
        return [ends(s)[1] for s in spans_of(copy, r["source_id"]) if ends(s)[1] <= ends(r)[0]]

    row = ranges.pick(rng, lambda r: r["range_kind"] == "boilerplate" and ahead(r))
    move_range(copy, row, max(ahead(row)) - 1, ends(row)[1])
    return [
        sheet.wrong(span, "start_char", RULE_PLATE) for span in spans_of(copy, row["source_id"]) if overlaps(span, row)
    ]


@kind(GROUP, "a span is found in the boilerplate")
def _(copy: Copy, rng: Random) -> Found:
    sheet = copy.sheet("evidence")
    row = sheet.pick(rng, lambda r: r["part"] in ("source", "cue", "time") and not r["exact"])
    length = ends(row)[1] - ends(row)[0]
    plates = ranges_of(copy, claim_of(copy, row)["source_id"], "boilerplate")
    start = ends(rng.choice([p for p in plates if ends(p)[1] - ends(p)[0] > length]))[0]
    unheld(source_of(copy, row))
    move(row, start, start + length)
    return [sheet.wrong(row, "start_char", RULE_PLATE)]


RULE_PLACE = "location-matches-range"
GROUP = f"rule {RULE_PLACE}"


def claims_in(copy: Copy, outer: Row) -> list[Row]:
    """The claims with a content span that lies over a range."""
    spans = [s for s in spans_of(copy, outer["source_id"]) if s["part"] == "content" and overlaps(s, outer)]
    keys = {span["claim_id"] for span in spans}
    return [row for row in copy.sheet("claims").rows if row["claim_id"] in keys]


@kind(GROUP, "a claim is said to stand elsewhere")
def _(copy: Copy, rng: Random) -> Found:
    sheet = copy.sheet("claims")
    row = sheet.pick(rng)
    row["claim_location"] = rng.choice([x for x in ("body", *PLACED) if x != row["claim_location"]])
    return [sheet.wrong(row, "claim_location", RULE_PLACE)]


@kind(GROUP, "a headline, deck or caption is marked as something else, or not at all")
def _(copy: Copy, rng: Random) -> Found:
    sheet, ranges = copy.sheet("claims"), copy.sheet("source_ranges")
    row = ranges.pick(rng, lambda r: r["range_kind"] in PLACED and claims_in(copy, r))
    ranges.take(row)
    other = rng.choice([k for k in (*PLACED, *INERT, "") if k != row["range_kind"]])
    if other:
        row["range_kind"] = other
        ranges.put(row)
    return [sheet.wrong(claim, "claim_location", RULE_PLACE) for claim in claims_in(copy, row)]


@kind(GROUP, "a headline, deck or caption ends before its last passage does")
def _(copy: Copy, rng: Random) -> Found:
    sheet, ranges = copy.sheet("claims"), copy.sheet("source_ranges")

    def reach(r: Row) -> int:
        return max(
            (ends(s)[1] for s in spans_of(copy, r["source_id"]) if s["part"] == "content" and inside(s, r)), default=0
        )

    row = ranges.pick(rng, lambda r: r["range_kind"] in PLACED and reach(r))
    end = reach(row)
    across = [
        s["claim_id"]
        for s in spans_of(copy, row["source_id"])
        if s["part"] == "content" and inside(s, row) and ends(s)[1] == end
    ]
    move_range(copy, row, ends(row)[0], end - 1)
    return [sheet.wrong(claim, "claim_location", RULE_PLACE) for claim in sheet.rows if claim["claim_id"] in across]


RULE_CONDITION = "condition-has-span"
GROUP = f"rule {RULE_CONDITION}"


@kind(GROUP, "a condition is forgotten")
def _(copy: Copy, rng: Random) -> Found:
    sheet = copy.sheet("claims")
    row = sheet.pick(rng, lambda r: r["claim_condition"])
    row["claim_condition"] = ""
    return [copy.sheet("evidence").wrong(span, "part", RULE_CONDITION) for span in parts(copy, row, "condition")]


@kind(GROUP, "a claim has a condition that no span shows")
def _(copy: Copy, rng: Random) -> Found:
    sheet = copy.sheet("claims")
    row = sheet.pick(rng, lambda r: not r["claim_condition"])
    row["claim_condition"] = rng.choice(["The two meet.", "sanctions are lifted"])
    return [sheet.wrong(row, "claim_condition", RULE_CONDITION)]


@kind(GROUP, "the condition span of a claim is gone, or called a time span")
def _(copy: Copy, rng: Random) -> Found:
    sheet, evidence = copy.sheet("claims"), copy.sheet("evidence")
    row = sheet.pick(rng, lambda r: r["claim_condition"])
    spans = parts(copy, row, "condition")
    if rng.random() < 0.5:
        take_all(evidence, spans)
    for span in spans:
        span["part"] = "time"
    return [sheet.wrong(row, "claim_condition", RULE_CONDITION)]


@kind(GROUP, "a time span is called a condition")
def _(copy: Copy, rng: Random) -> Found:
    sheet = copy.sheet("evidence")

    def fits(r: Row) -> bool:
        claim = claim_of(copy, r)
        return r["part"] == "time" and not claim["claim_condition"] and claim["said_basis"] != "weekday"

    row = sheet.pick(rng, fits)
    row["part"] = "condition"
    return [sheet.wrong(row, "part", RULE_CONDITION)]


RULE_CODED = "coded-text-is-identified"
GROUP = f"rule {RULE_CODED}"
CODED = ("coded_on", "coded_by")
IDENTIFIED = (*CODED, "text_length", "text_sha256")


@kind(GROUP, "a coded source lacks the day, the coder, or the length or hash of its text")
def _(copy: Copy, rng: Random) -> Found:
    sheet = copy.sheet("sources")
    column = rng.choice(IDENTIFIED)
    row = sheet.pick(rng, lambda r: r["coding_scope"] != "none" and bool(r[column]))
    row[column] = ""
    return [sheet.wrong(row, column, RULE_CODED)]


@kind(GROUP, "a source that nobody coded is said to be coded")
def _(copy: Copy, rng: Random) -> Found:
    sheet = copy.sheet("sources")
    row = sheet.pick(rng, lambda r: r["coding_scope"] == "none")
    row["coding_scope"] = rng.choice(["full", "targeted"])
    whole = row["access"] == "full_text"
    return [sheet.wrong(row, column, RULE_CODED) for column in (IDENTIFIED if whole else CODED)]


@kind(GROUP, "a claim is put down to a source that was not coded")
def _(copy: Copy, rng: Random) -> Found:
    """A source that came out later, so that the dates fit; without quoted words, which need a quotation there."""
    sheet, sources = copy.sheet("claims"), copy.sheet("sources")
    later = [s for s in sources.rows if s["coding_scope"] == "none" and s["published_start"]]
    published = {s["source_id"]: s["published_end"] for s in sources.rows}

    def fits(r: Row) -> bool:
        quoted = any(s["exact"] for s in copy.sheet("evidence").where(claim_id=r["claim_id"]))
        return r["quote_type"] != "narration" and r["said_basis"] != "weekday" and not quoted

    row = sheet.pick(rng, fits)
    row["source_id"] = rng.choice(
        [s["source_id"] for s in later if s["published_start"] >= published[row["source_id"]]]
    )
    return [sheet.wrong(row, "source_id", RULE_CODED)]


@kind(GROUP, "a source with claims is said not to be coded")
def _(copy: Copy, rng: Random) -> Found:
    sheet = copy.sheet("sources")
    row = sheet.pick(rng, lambda r: r["coding_scope"] != "none")
    row["coding_scope"] = "none"
    claims = copy.sheet("claims")
    return [claims.wrong(claim, "source_id", RULE_CODED) for claim in claims.where(source_id=row["source_id"])]
