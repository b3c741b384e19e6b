"""How good the proposals are on sources that were coded by hand: claims found, and fields that need no touch.

Run as ``python scripts/bench/proposals.py [--show FIELD] [--extracted]`` with ONRECORD_TEXTS set. Each source is proposed as if it
were new: actors and propositions that only this source uses are taken out of the package first, and so are the roles
that rest on it. Perfect extraction means the recorded spans of source, cue and content; real extraction is
``onrecord.curate.extract``.

A recorded claim counts as found where the words of a proposal and its own overlap: at an intersection over union of one
half or more, or where one lies wholly in the other. One proposal may be found for several claims (a sentence that holds
two); the stricter figure pairs each proposal with one claim, by overlap, at one half or more. A claim is found in kind
where such a proposal is narration as the claim is, or cites as the claim does. Fields are compared on claims found in
kind, each with the proposal that overlaps it most (of several at one half or more the one with its speaker).
"""

from __future__ import annotations

import argparse
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

from onrecord.curate.proposals import propose
from onrecord.curate.resolve.background import Background, background
from onrecord.curate.spans import Attribution, Span
from onrecord.evidence import find_texts, texts_folder
from onrecord.package import Package, open_package

ROOT = Path(__file__).resolve().parent.parent.parent
Row = dict[str, str]
FIELDS = (
    "speaker", "speaker_new", "speech_act", "stance", "certainty", "quote_type", "channel", "said_edtf", "said_basis",
    "claim_location", "chain", "proposition_top1", "proposition_top5", "new_or_known",
)  # fmt: skip


class Coded:
    """The recorded claims of a package, by source."""

    def __init__(self, package: Package) -> None:
        self.tables = {name: _rows(package, name) for name in package.names}
        self.claims: dict[str, list[Row]] = defaultdict(list)
        for row in self.tables["claims"]:
            self.claims[row["source_id"]].append(row)
        self.evidence: dict[str, list[Row]] = defaultdict(list)
        for row in self.tables["evidence"]:
            self.evidence[row["claim_id"]].append(row)
        self.hops: dict[str, list[Row]] = defaultdict(list)
        for row in self.tables["attributions"]:
            self.hops[row["claim_id"]].append(row)
        self.names = {row["actor_id"]: row["actor_name"] for row in self.tables["actors"]}

    def spans(self, claim_id: str, part: str, hop: str = "") -> tuple[Span, ...]:
        """The recorded spans of a part of a claim, those inside another left out."""
        found = [
            Span(int(row["start_char"]), int(row["end_char"]))
            for row in self.evidence[claim_id]
            if row["part"] == part and (not hop or row["hop"] == hop)
        ]
        outer = [a for a in found if not any(b != a and b.start <= a.start and a.end <= b.end for b in found)]
        return tuple(sorted(outer))

    def only_here(self, source_id: str) -> tuple[set[str], set[str]]:
        """The actors and the propositions that no other source uses."""
        here = {row["claim_id"] for row in self.claims[source_id]}
        propositions = self._used("claims", "proposition_id", source_id)
        used: dict[bool, set[str]] = {True: set(), False: set()}
        for row in self.tables["claims"]:
            used[row["source_id"] == source_id].add(row["speaker_id"])
        for row in self.tables["attributions"]:
            used[row["claim_id"] in here].add(row["actor_id"])
        for row in self.tables["proposition_actors"]:
            used[row["proposition_id"] in propositions].add(row["actor_id"])
        for row in self.tables["source_credits"]:
            used[row["source_id"] == source_id].add(row["actor_id"])
        used[False] |= {row["publisher_id"] for row in self.tables["sources"]}
        own = used[True] - used[False]
        own -= {
            row["organization_id"]
            for row in self.tables["actor_roles"]
            if row["actor_id"] not in own and row["source_id"] != source_id
        }
        return own - {""}, propositions

    def _used(self, table: str, column: str, source_id: str) -> set[str]:
        mine = {row[column] for row in self.tables[table] if row["source_id"] == source_id}
        return mine - {row[column] for row in self.tables[table] if row["source_id"] != source_id}

    def attributions(self, source_id: str, text: str) -> list[Attribution]:
        """Perfect extraction: the recorded spans as attributions, nested ones with those around them."""
        found: list[Attribution] = []
        for claim in self.claims[source_id]:
            if claim["quote_type"] == "narration":
                continue
            key = claim["claim_id"]
            content = self.spans(key, "content")
            quote_type = _quoting(text, content)
            hops = [
                hop
                for hop in sorted(self.hops[key], key=lambda hop: int(hop["hop"]))
                if self.spans(key, "cue", hop["hop"])
            ]
            kind = (
                "refusal"
                if _refuses(text, [s for hop in hops for s in self.spans(key, "cue", hop["hop"])])
                else "statement"
            )
            parent = None
            if not hops:
                found.append(Attribution(content, (), (), quote_type, None, kind, 1.0, "recorded"))
            for number, hop in enumerate(hops):
                cue, source = self.spans(key, "cue", hop["hop"]), self.spans(key, "source", hop["hop"])
                inner = hops[number + 1] if number + 1 < len(hops) else None
                if inner is not None and (
                    set(cue) & set(self.spans(key, "cue", inner["hop"])) or text[cue[0].start : cue[0].end] == "by"
                ):
                    continue  # "told TASS" and "quoted by TASS" are one attribution for an extractor
                found.append(Attribution(content, cue, source, quote_type, parent, kind, 1.0, "recorded"))
                parent = len(found) - 1
        return found


def _rows(package: Package, name: str) -> list[Row]:
    table, _ = package.read(name)
    return [dict(zip(table.columns, row, strict=True)) for row in table.rows]


def _refuses(text: str, cues: Sequence[Span]) -> bool:
    words = " ".join(text[span.start : span.end] for span in cues).lower()
    return any(word in words for word in ("declin", "refus", "unable", "not confirm", "not comment"))


def _quoting(text: str, content: Sequence[Span]) -> str:
    """direct, mixed or indirect, by the quotation marks in and around the content."""
    kinds = set()
    for span in content:
        before, after = text[: span.start].count("“") - text[: span.start].count("”"), text[span.start : span.end]
        straight = text[: span.start].count('"') % 2 == 1
        inside = before > 0 or straight
        kinds.add(
            "in"
            if inside and not any(m in after for m in '“”"')
            else "mixed"
            if inside or any(m in after for m in '“"')
            else "out"
        )
    return "direct" if kinds == {"in"} else "indirect" if kinds == {"out"} else "mixed"


def overlap(one: Sequence[Span], other: Sequence[Span]) -> tuple[float, bool]:
    """Intersection over union in characters, and whether one lies wholly in the other (three quarters of it at least)."""
    a = {at for span in one for at in range(span.start, span.end)}
    b = {at for span in other for at in range(span.start, span.end)}
    both = len(a & b)
    return (both / len(a | b) if a | b else 0.0), bool(both) and both >= 0.95 * min(len(a), len(b))


def parsed(cell: str) -> tuple[Span, ...]:
    """The spans of a cell."""
    return tuple(Span(*map(int, part.split("-"))) for part in cell.split())


class Tally:
    """What was counted over the sources."""

    def __init__(self) -> None:
        self.claims = self.proposals = self.found = self.paired = self.cited = self.cited_found = self.in_kind = 0
        self.right: Counter[str] = Counter()
        self.of: Counter[str] = Counter()
        self.wrong: list[tuple[str, str, str, str, str]] = []
        self.best: list[tuple[float, str, str]] = []

    def add(self, field: str, right: bool, claim: str, expected: str, got: str, words: str) -> None:
        """Count one comparison."""
        self.of[field] += 1
        self.right[field] += right
        if not right:
            self.wrong.append((field, claim, expected, got, words))


def measure(coded: Coded, known: Background, texts: dict[str, str], extracted: bool) -> Tally:
    """Propose every source whose text is at hand, and compare."""
    tally = Tally()
    for source_id, claims in sorted(coded.claims.items()):
        text = texts.get(known.sources[source_id]["text_sha256"])
        if text is None:
            continue
        actors, propositions = coded.only_here(source_id)
        actors.discard(known.voice(source_id))
        before = known.without(actors, propositions, source_id)
        if extracted:
            from onrecord.curate.extract import extract  # type: ignore[import-not-found,unused-ignore]  # written beside

            found = extract(text, before.ranges(source_id))
        else:
            found = coded.attributions(source_id, text)
        rows = propose(text, source_id, before, found).rows
        _compare(tally, coded, before, claims, rows, propositions)
    return tally


def _compare(
    tally: Tally, coded: Coded, before: Background, claims: list[Row], rows: list[Row], gone: set[str]
) -> None:
    spans = [parsed(row["content_span"]) for row in rows]
    tally.claims += len(claims)
    tally.proposals += len(rows)
    graded = []
    for number, claim in enumerate(claims):
        own = coded.spans(claim["claim_id"], "content")
        cited = claim["quote_type"] != "narration"
        best = None
        for index, row in enumerate(rows):
            iou, inside = overlap(own, spans[index])
            if iou < 0.5 and not inside:
                continue
            same = (row["quote_type"] != "narration") == cited
            voice = row["speaker_id"] == claim["speaker_id"] or row["speaker"] == coded.names.get(
                claim["speaker_id"], ""
            )
            if iou >= 0.5:
                graded.append((iou, same, number, index))
            rank = (same, iou >= 0.5 and voice, iou)
            if best is None or rank > best[0]:
                best = (rank, index)
        tally.cited += cited
        if best is not None:
            tally.found += 1
            tally.cited_found += cited and best[0][0]
            tally.in_kind += best[0][0]
        if best is not None and best[0][0]:
            first = rows[best[1]]["candidates"].split(" ")
            target = "" if claim["proposition_id"] in gone else claim["proposition_id"]
            likeness = float(first[1]) if len(first) > 1 else 0.0
            tally.best.append((likeness, first[0], target))
            for field, right, expected, got in _fields(coded, before, claim, rows[best[1]], gone):
                tally.add(field, right, claim["claim_id"], expected, got, rows[best[1]]["content"])
    used_claims, used_rows = set(), set()
    for _, _, number, index in sorted(graded, key=lambda one: (one[1], one[0]), reverse=True):
        if number not in used_claims and index not in used_rows:
            used_claims.add(number)
            used_rows.add(index)
    tally.paired += len(used_claims)


def _fields(
    coded: Coded, before: Background, claim: Row, row: Row, gone: set[str]
) -> Iterator[tuple[str, bool, str, str]]:
    speaker, name = claim["speaker_id"], coded.names.get(claim["speaker_id"], "")
    if not speaker or speaker in before.actors:
        got = row["speaker_id"] or row["speaker"]
        yield "speaker", got == speaker, name, row["speaker"]
    else:
        new = row["speaker_id"] == "" or row["speaker_id"].startswith("A+")
        yield "speaker_new", new and row["speaker"] == name, name, row["speaker"]
    for field in (
        "speech_act",
        "stance",
        "certainty",
        "quote_type",
        "channel",
        "said_edtf",
        "said_basis",
        "claim_location",
    ):
        yield field, claim[field] == row[field], claim[field], row[field]
    chain = [
        coded.names.get(hop["actor_id"], "")
        for hop in sorted(coded.hops[claim["claim_id"]], key=lambda hop: int(hop["hop"]))
    ]
    proposed = [row[f"hop_{n}_actor"] for n in range(1, 9) if f"hop_{n}_kind" in row]
    yield "chain", chain == proposed, " < ".join(chain), " < ".join(proposed)
    target = claim["proposition_id"]
    listed = [entry.split(" ")[0] for entry in row["candidates"].split("; ")] if row["candidates"] else []
    if target not in gone:
        text = before.propositions[target]["proposition"]
        yield "proposition_top1", target in listed[:1], text, row["candidates"][:90]
        yield "proposition_top5", target in listed[:5], text, row["candidates"][:200]
    filled = row.get("proposition_id", "")
    yield (
        "new_or_known",
        filled == ("" if target in gone else target),
        "new" if target in gone else target,
        row["candidates"][:80],
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--show", metavar="FIELD", help="list what is wrong in a field")
    parser.add_argument("--extracted", action="store_true", help="real extraction only")
    parser.add_argument("--recorded", action="store_true", help="perfect extraction only")
    parser.add_argument(
        "--thresholds", action="store_true", help="what filling a known proposition in from a likeness on gives"
    )
    asked = parser.parse_args()
    package = open_package(ROOT)
    coded, known, texts = Coded(package), background(package), find_texts(texts_folder(ROOT))
    if not any(row["text_sha256"] in texts for row in known.sources.values()):
        raise SystemExit("no text of a source is at hand: name their folder in ONRECORD_TEXTS")
    ways = [False] if asked.recorded else [True] if asked.extracted else [False, True]
    for extracted in ways:
        tally = measure(coded, known, texts, extracted)
        print(f"\n{'real' if extracted else 'perfect'} extraction: {tally.claims} claims, {tally.proposals} proposals")
        print(f"  found (overlap of one half, or one in the other)  {tally.found / tally.claims:.3f}  ({tally.found})")
        print(
            f"  found in kind (narration or cited)                {tally.in_kind / tally.claims:.3f}  ({tally.in_kind})"
        )
        print(
            f"  cited ones found as cited                         {tally.cited_found / tally.cited:.3f}  ({tally.cited_found}/{tally.cited})"
        )
        print(
            f"  paired one to one at one half                     {tally.paired / tally.claims:.3f}  ({tally.paired})"
        )
        for field in FIELDS:
            if tally.of[field]:
                print(
                    f"  {field:20} {tally.right[field] / tally.of[field]:.3f}  ({tally.right[field]}/{tally.of[field]})"
                )
        for least in (0.3, 0.4, 0.5, 0.6, 0.7, 0.8) if asked.thresholds else ():
            filled = [(first, target) for likeness, first, target in tally.best if likeness >= least]
            right = sum(first == target for first, target in filled)
            left = sum(not target for likeness, _, target in tally.best if likeness < least)
            share = (right + left) / len(tally.best)
            print(f"  filled from {least}: {right}/{len(filled)} rightly; new or known rightly {share:.3f}")
        for field, claim, expected, got, words in tally.wrong:
            if field == asked.show:
                print(f"* {claim}  {expected!r}, not {got!r}   <{words[:140]}>")


if __name__ == "__main__":
    main()
