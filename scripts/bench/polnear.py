"""Measures the extractor on PolNeAR and prints a table beside the published figures.

    python scripts/bench/polnear.py --data PolNeAR/data --split dev

PolNeAR (github.com/networkdynamics/PolNeAR) has no licence and carries full news texts: fetch it beside the
project, and never commit any of it. Its test split is left alone until everything is decided.

How attributions are held against each other. One unit is one part (source, cue or content) of one attribution,
whose pieces together are a set of words and marks. A unit found is right exactly if it is one of the annotated
sets of the same article, and right at IoU one half if the words in both are at least half of the words in either;
each unit is used once, the best pairs first. Of several annotators of one article the first by name counts.
``runs`` counts as the published figures do (evaluation.py of cofe-ai/CofeNet): every contiguous run of a part
is one unit, and only the exact one is right. The published figures are on the test split, cut into pieces around
annotated attributions; ours are on whole articles, where everything found outside of them counts as wrong.
``pieces`` takes the same runs at IoU one half, each with the type that it has by itself: whether "“…,” she said. “…”"
is one attribution or two is then nothing to it, on which the annotators differ. ``sure`` is as IoU, of findings with
a confidence of 0.70 or more alone; below stand quotations that no rule took, which are proposed all the same.

PolNeAR's spans take in what ours leave out by rule, so ours are widened before they are compared: content by
quotation marks, the punctuation before a closing one, and a "that" before it; a cue by a colon behind it; a source
by the comma that closes an apposition. PolNeAR annotates no attribution within another, so only those at the top
count; ``--nested`` counts all.

``nested`` is made, since PolNeAR annotates nothing nested: each paragraph without quotation marks is put into them, as
what "a resident said"; the attributions annotated in it are then nested ones in quoted words. ``plain`` are the same
paragraphs by themselves, which is as far as nested ones can come. Both at IoU one half.

Below the table stands how confidence and precision (content at IoU one half) agree, in five parts of equal size;
``--write-confidences`` writes the counts on which confidence rests, and is for the train split.

Quote types are derived on both sides in the same way, by PARC's definition (Pareti, 2015): direct if every piece of
content stands in quotation marks, mixed if the content holds some, else indirect. A unit found that is wrong counts under its own type, an annotated
one under its own.
"""

from __future__ import annotations

import argparse
import csv
import re
import time
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from onrecord.curate.extract import extract
from onrecord.curate.extract.lexicon import split_reason
from onrecord.curate.spans import Attribution, Span

PARTS = ("source", "cue", "content")
LEAST_FOUND = 5
SURE = 0.7
TYPES = ("direct", "mixed", "indirect")
PUBLISHED = {
    "rules": (10.7, 22.8, 5.6),
    "CoreNLP": (13.9, None, 17.5),
    "CRF": (50.6, 53.4, 28.6),
    "BERT with Cofe": (83.2, 75.3, 72.9),
}
_WORD = re.compile(r"\w+|''|[^\w\s]")
_OPEN = re.compile(r"(?:“|\"|''|‘|')$")
_CLOSE = re.compile(r"\s?[.,?!;…—-]*\s?(?:”|\"|''|’|')")
_THAT = re.compile(r"\bthat\s+$", re.IGNORECASE)
_MARK = re.compile(r"[“”\"‘`]|''|'(?=\w)(?<!\w')")
_PARAGRAPH = re.compile(r"[^\n\r]+")
_MARKED = re.compile(r"[“”\"]|''|‘\w[^‘’]*’")

Pieces = tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Unit:
    """One part of one attribution: its words and marks by number, and the type of quotation."""

    words: frozenset[int]
    quote_type: str


@dataclass(frozen=True)
class Measure:
    """How units are held against each other: the least overlap, pieces or whole parts, all findings or the sure ones."""

    name: str
    least: float
    runs: bool = False
    sure: bool = False
    by_type: bool = True
    parts: tuple[str, ...] = PARTS


MEASURES = (
    Measure("exact", 1.0),
    Measure("IoU", 0.5),
    Measure("runs", 1.0, runs=True, by_type=False),
    Measure("pieces", 0.5, runs=True, parts=("content",)),
    Measure("sure", 0.5, sure=True, parts=("content",)),
)
MADE = (Measure("nested", 0.5, by_type=False), Measure("plain", 0.5, by_type=False))


def quote_type(text: str, content: Pieces) -> str:
    """Direct, mixed or indirect, by the quotation marks that the content holds."""
    pieces = [text[start:end].strip() for start, end in content]
    if all(re.match(r"“|\"|''|‘|'", piece) and re.search(r"(?:”|\"|''|’|')[.,]?$", piece) for piece in pieces):
        return "direct"
    if all(re.match(r"“|\"|''", piece) and not re.search(r"”|\"\s\w|''\s\w", piece[2:]) for piece in pieces):
        return "direct"
    return "mixed" if any(_MARKED.search(piece) for piece in pieces) else "indirect"


def annotated(path: Path) -> list[dict[str, Pieces]]:
    """The attributions of one annotation file (brat standoff)."""
    spans: dict[str, list[tuple[int, int]]] = {}
    found = []
    for line in path.read_text("utf-8").splitlines():
        name, _, rest = line.partition("\t")
        if name.startswith("T") and "\t" in rest:
            kind, _, places = rest.partition("\t")[0].partition(" ")
            if kind in ("Source", "Cue", "Content"):
                spans[name] = [(int(a), int(b)) for a, b in (piece.split() for piece in places.split(";"))]
        elif name.startswith("E"):
            parts: dict[str, list[tuple[int, int]]] = defaultdict(list)
            for role in rest.split():
                kind, _, span = role.partition(":")
                parts[kind.rstrip("2").lower()] += spans.get(span, [])
            if parts["content"] and parts["cue"]:
                found.append({part: tuple(sorted(parts[part])) for part in PARTS if parts[part]})
    return found


def widened(text: str, part: str, pieces: Pieces) -> Pieces:
    """Our spans as PolNeAR would draw them."""
    return tuple(_widened(text, part, start, end) for start, end in pieces)


def _widened(text: str, part: str, start: int, end: int) -> tuple[int, int]:
    if part == "content":
        if mark := _OPEN.search(text[max(0, start - 2) : start]):
            start -= len(mark[0])
        if (mark := _THAT.search(text[max(0, start - 6) : start])) and not _MARKED.match(text[start : start + 2]):
            start -= len(mark[0])
        if (mark := _CLOSE.match(text[end : end + 6])) and _MARKED.search(text[start:end]):
            end += len(mark[0])
    elif (part == "cue" and text[end : end + 1] == ":") or (
        part == "source" and text[end : end + 1] == "," and re.search(r", (?!and )", text[start:end])
    ):
        end += 1
    return start, end


def proposed(text: str, drawn: Iterable[Attribution]) -> list[dict[str, Pieces]]:
    """What the extractor found, widened."""
    found = []
    for item in drawn:
        parts = {part: tuple((span.start, span.end) for span in getattr(item, part)) for part in PARTS}
        found.append({part: widened(text, part, pieces) for part, pieces in parts.items() if pieces})
    return found


def bins(judged: list[tuple[float, str, bool]]) -> list[str]:
    """Five lines: the findings by confidence, in parts of equal size, with the mean confidence and the precision."""
    ordered = sorted(judged)
    made = []
    for number in range(5):
        part = ordered[len(ordered) * number // 5 : len(ordered) * (number + 1) // 5]
        if part:
            mean, precision = sum(item[0] for item in part) / len(part), sum(item[2] for item in part) / len(part)
            made.append(f"confidence {part[0][0]:.2f} to {part[-1][0]:.2f}: mean {mean:.3f}, precision {precision:.3f}")
    return made


def write_confidences(path: Path, judged: Iterable[tuple[float, str, bool]]) -> None:
    """Writes how many findings of each rule, and of each rule and verb found often, were right at IoU one half."""
    counts: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    for _, reason, right in judged:
        rule, verb = split_reason(reason)
        for key in {("", ""), (rule, ""), (rule, verb)}:
            counts[key][0] += 1
            counts[key][1] += right
    with path.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.writer(opened, lineterminator="\n")
        writer.writerow(["rule", "verb", "found", "right"])
        for (rule, verb), (number, right) in sorted(counts.items()):
            if not verb or number >= LEAST_FOUND:
                writer.writerow([rule, verb, number, right])


def units(text: str, attributions: Iterable[dict[str, Pieces]], *, runs: bool) -> dict[str, list[Unit]]:
    """The units of each part; with ``runs`` one for each contiguous piece."""
    places = [match.span() for match in _WORD.finditer(text)]
    starts, ends = [start for start, _ in places], [end for _, end in places]
    made: dict[str, list[Unit]] = {part: [] for part in PARTS}
    for attribution in attributions:
        kind = quote_type(text, attribution["content"])
        for part, pieces in attribution.items():
            sets = [frozenset(range(bisect_right(ends, start), bisect_left(starts, end))) for start, end in pieces]
            kinds = (
                [quote_type(text, (piece,)) for piece in pieces] if runs and part == "content" else [kind] * len(sets)
            )
            named = zip(sets, kinds, strict=True) if runs else [(frozenset().union(*sets), kind)]
            made[part] += [Unit(words, kind) for words, kind in named if words]
    return made


def matched(gold: list[Unit], found: list[Unit], least: float) -> list[tuple[Unit, Unit]]:
    """Pairs one to one, the best first, whose overlap is at least ``least``."""
    pairs = []
    for i, one in enumerate(gold):
        for j, other in enumerate(found):
            both = len(one.words & other.words)
            if both and (share := both / len(one.words | other.words)) >= least:
                pairs.append((share, -i, -j))
    taken: tuple[set[int], set[int]] = (set(), set())
    made = []
    for _, i, j in sorted(pairs, reverse=True):
        if i not in taken[0] and j not in taken[1]:
            taken[0].add(i)
            taken[1].add(j)
            made.append((gold[-i], found[-j]))
    return made


def spoken(text: str, gold: list[dict[str, Pieces]]) -> list[tuple[str, list[dict[str, Pieces]]]]:
    """The paragraphs without quotation marks that hold annotated attributions, each with these, placed within it."""
    made = []
    for match in _PARAGRAPH.finditer(text):
        first, last = match.span()
        inside = [
            {part: tuple((a - first, b - first) for a, b in pieces) for part, pieces in one.items()}
            for one in gold
            if all(first <= a and b <= last for pieces in one.values() for a, b in pieces)
        ]
        if inside and not _MARK.search(match[0]):
            made.append((match[0], inside))
    return made


def nested(paragraph: str) -> list[Attribution]:
    """What is found in a paragraph once somebody says it: what is nested, in the places of the paragraph."""
    begin, end = "“", ",” a resident said."
    found = extract(f"{begin}{paragraph.rstrip(' .')}{end}")
    own = [item for item in found if item.parent is not None and found[item.parent].parent is None]
    return [_moved(item, -len(begin)) for item in own]


def _top(found: list[Attribution]) -> list[Attribution]:
    return [item for item in found if item.parent is None]


def _moved(item: Attribution, by: int) -> Attribution:
    parts = {part: tuple(Span(s.start + by, s.end + by) for s in getattr(item, part)) for part in PARTS}
    return replace(item, **parts)


def row(name: str, right: int, right_found: int, gold: int, found: int) -> str:
    """One line of the table."""
    precision, recall = right_found / found if found else 0.0, right / gold if gold else 0.0
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return f"{name:<34}{gold:>7}{found:>7}{precision:>8.3f}{recall:>8.3f}{f1:>8.3f}"


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description="Measures the extractor on PolNeAR.")
    parser.add_argument("--data", type=Path, required=True, help="PolNeAR's folder data")
    parser.add_argument("--split", choices=("train", "dev"), default="dev")
    parser.add_argument("--nested", action="store_true", help="count nested attributions too")
    parser.add_argument("--write-confidences", type=Path, metavar="FILE", help="write lexicon/confidences.csv anew")
    options = parser.parse_args()
    folder = options.data / options.split
    counts: Counter[tuple[str, ...]] = Counter()
    words, seconds = 0, 0.0
    judged: list[tuple[float, str, bool]] = []
    for file in sorted((folder / "text").glob("*.txt")):
        with file.open(encoding="utf-8", newline="") as opened:
            text = opened.read()
        names = sorted((folder / "attributions").glob(f"{file.stem}_????.ann"))
        if not names:
            continue
        gold = annotated(names[0])
        began = time.perf_counter()
        drawn = [item for item in extract(text) if item.parent is None or options.nested]
        seconds += time.perf_counter() - began
        found = proposed(text, drawn)
        words += len(text.split())
        ours = units(text, found, runs=False)["content"]
        right = {id(unit) for _, unit in matched(units(text, gold, runs=False)["content"], ours, 0.5)}
        judged += [(item.confidence, item.reason, id(unit) in right) for item, unit in zip(drawn, ours, strict=True)]
        for paragraph, inside in spoken(text, gold):
            theirs = units(paragraph, inside, runs=False)
            for name, drawn_here in (("nested", nested(paragraph)), ("plain", _top(extract(paragraph)))):
                ours = units(paragraph, proposed(paragraph, drawn_here), runs=False)
                for part in PARTS:
                    counts[name, part, "gold", "indirect"] += len(theirs[part])
                    counts[name, part, "found", "indirect"] += len(ours[part])
                    pairs = len(matched(theirs[part], ours[part], 0.5))
                    counts[name, part, "right", "indirect"] += pairs
                    counts[name, part, "right found", "indirect"] += pairs
        sure = [parts for parts, item in zip(found, drawn, strict=True) if item.confidence >= SURE]
        for measure in MEASURES:
            ours = units(text, sure if measure.sure else found, runs=measure.runs)
            theirs = units(text, gold, runs=measure.runs)
            for part in PARTS:
                pairs = matched(theirs[part], ours[part], measure.least)
                for unit in theirs[part]:
                    counts[measure.name, part, "gold", unit.quote_type] += 1
                for unit in ours[part]:
                    counts[measure.name, part, "found", unit.quote_type] += 1
                for one, other in pairs:
                    counts[measure.name, part, "right", one.quote_type] += 1
                    counts[measure.name, part, "right found", other.quote_type] += 1
    print(f"PolNeAR {options.split}: {words} words in {seconds:.1f} s")
    print(f"{'':<34}{'gold':>7}{'found':>7}{'P':>8}{'R':>8}{'F1':>8}")
    for measure in (*MEASURES, *MADE):
        for part in measure.parts:
            for kinds in (TYPES, *((kind,) for kind in TYPES)) if measure.by_type else (TYPES,):
                figures = [
                    sum(counts[measure.name, part, what, kind] for kind in kinds)
                    for what in ("right", "right found", "gold", "found")
                ]
                label = "all" if len(kinds) > 1 else kinds[0]
                print(row(f"{measure.name:<7}{part:<9}{label}", figures[0], figures[1], figures[2], figures[3]))
    print("\npublished, exact F1 in percent     source     cue content")
    for name, published in PUBLISHED.items():
        print(f"{name:<34}" + "".join(f"{'–' if value is None else value:>8}" for value in published))
    print("two annotators, content F1: exact .654, at IoU one half .796\n")
    print("\n".join(bins(judged)))
    if options.write_confidences:
        write_confidences(options.write_confidences, judged)


if __name__ == "__main__":
    main()
