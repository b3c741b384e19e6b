"""Five findings, computed from the data: docs/findings.md, its tables and its drawings.

    python scripts/findings.py [--check] [PACKAGE]

Every number in the page is computed here from the tables and views of the dataset, and every table has a CSV beside it
in docs/findings/ that names the claims on which each of its rows rests. ``--check`` writes nothing, and fails where the
page is not what the data give.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

import onrecord
from onrecord.dataset import Dataset

ROOT = Path(__file__).resolve().parent.parent
PAGE, FOLDER = ROOT / "docs/findings.md", ROOT / "docs/findings"
RUMOUR = ("P0001", "P0002", "P0123", "P0075")
"""Will meet, will visit Russia, will meet in Russia, plans to travel to Russia to meet."""
CONFIRMED = "2023-09-11"
"""The day on which the Kremlin and KCNA announced the visit."""
KINDS = {
    "on_record": "a named speaker",
    "anonymous": "unnamed speakers",
    "narration": "the outlet itself",
    "lost": "an origin that the text does not describe",
    "none": "nobody (“is expected”)",
}
VENUES = ("P0034", "P0026")
SURE = {"CT+": "certain", "PR+": "probable", "PS+": "possible"}
MOST = 15


class Findings:
    """The page as it grows, and the files beside it, by path."""

    def __init__(self, data: Dataset) -> None:
        self.data = data
        self.lines: list[str] = []
        self.files: dict[Path, str] = {}

    def say(self, *paragraphs: str) -> None:
        """Add paragraphs."""
        for one in paragraphs:
            self.lines += [one, ""]

    def table(self, name: str, frame: pd.DataFrame, caption: str, most: int = MOST) -> None:
        """Add a table; its rows with the claims behind them go to a CSV of that name."""
        path = FOLDER / f"{name}.csv"
        self.files[path] = frame.to_csv(index=False, lineterminator="\n")
        shown = frame.drop(columns=[c for c in frame.columns if c.endswith("claim_ids")]).head(most)
        more = f"; the first {most} of {len(frame)} rows" if len(frame) > most else ""
        self.say(f"*{caption}{more}* ([CSV with claims](findings/{path.name}))")
        self.lines += [_row(shown.columns), _row("---:" if _numeric(shown[c]) else "---" for c in shown.columns)]
        self.lines += [_row(row) for row in shown.itertuples(index=False)]
        self.lines.append("")

    def drawing(self, name: str, spec: dict[str, Any], words: str) -> None:
        """Add a drawing from a Vega-Lite specification, with what it shows in words."""
        import vl_convert

        path = FOLDER / f"{name}.svg"
        self.files[path] = vl_convert.vegalite_to_svg(spec, vl_version="5.20") + "\n"
        self.say(f"![{words}](findings/{path.name})")

    @property
    def page(self) -> str:
        """The whole page."""
        return "\n".join(self.lines).rstrip() + "\n"


def _row(cells: Iterable[object]) -> str:
    return f"| {' | '.join('' if pd.isna(c) else str(c).replace('|', '/') for c in cells)} |"


def _numeric(column: pd.Series) -> bool:
    return pd.api.types.is_numeric_dtype(column) or column.astype(str).str.fullmatch(r"[\d.]+( %)?").all()


def _ids(claims: pd.Series) -> str:
    return " ".join(sorted(set(claims)))


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.0f} %" if whole else "–"


def _sources(claims: pd.DataFrame) -> int:
    return int(claims.source_id.nunique())


def _sureness(claims: pd.DataFrame) -> dict[str, str]:
    """The shares of claims by certainty, and which claims they are."""
    counts = claims.certainty.value_counts()
    shares = {word: _share(int(counts.get(value, 0)), len(claims)) for value, word in SURE.items()}
    return shares | {"claim_ids": _ids(claims.claim_id)}


def _listed(words: Sequence[str]) -> str:
    return ", ".join(words[:-1]) + f" and {words[-1]}" if len(words) > 1 else "".join(words)


def carriers(data: Dataset, propositions: Sequence[str], until: str | None = None) -> pd.DataFrame:
    """The claims that carry any of these propositions, once each, with outlet, day, chain and place in the source."""
    marks = ", ".join("?" * len(propositions))
    found = data.query(
        f"""SELECT DISTINCT carriers.claim_id, carriers.source_id, carriers.publisher_id, carriers.stance,
          carriers.certainty, carriers.published_end, carriers.origin_id, carriers.origin_name, carriers.origin_kind,
          carriers.loose_origin_id, carriers.loose_origin_name, sources.source_language, sources.republished_from, claims.claim_location,
          outlet.actor_name AS publisher, outlet.actor_country,
          (SELECT COUNT(*) FROM attributions WHERE attributions.claim_id = carriers.claim_id) AS hops
        FROM carriers JOIN sources ON sources.source_id = carriers.source_id
        JOIN claims ON claims.claim_id = carriers.claim_id
        JOIN actors AS outlet ON outlet.actor_id = carriers.publisher_id
        WHERE carriers.proposition_id IN ({marks}) AND carriers.published_end IS NOT NULL""",
        tuple(propositions),
    ).drop_duplicates("claim_id")
    found["published_end"] = found.published_end.astype(str).str[:10]
    return found if until is None else found[found.published_end <= until]


def spread(page: Findings) -> None:
    """How the rumour spread, and from how many origins."""
    before = carriers(page.data, RUMOUR, "2023-09-10")
    whole = carriers(page.data, RUMOUR, "2023-09-13")
    days = []
    for day in sorted(d for d in whole.published_end.unique() if d >= "2023-09-04"):
        sofar = whole[whole.published_end <= day]
        days.append(
            {
                "until": day,
                "sources": sofar.source_id.nunique(),
                "outlets": sofar.publisher_id.nunique(),
                "languages": sofar.source_language.nunique(),
                "origins, strict": sofar.origin_id.nunique(),
                "origins, loose": sofar.loose_origin_id.nunique(),
                "claim_ids": _ids(whole[whole.published_end == day].claim_id),
            }
        )
    daily = pd.DataFrame(days)
    kinds = []
    for kind, words in KINDS.items():
        some = before[before.origin_kind == kind]
        only = before.groupby("source_id").origin_kind.agg(lambda found, kind=kind: set(found) == {kind})
        kinds.append(
            {
                "on whose word": words,
                "sources": some.source_id.nunique(),
                "of them on nothing else": int(only.sum()),
                "claims": len(some),
                "origins": some.origin_id.nunique(),
                "claim_ids": _ids(some.claim_id),
            }
        )
    by_kind = pd.DataFrame(kinds)
    origins = (
        before[before.origin_kind.isin(["anonymous", "on_record", "lost"])]
        .groupby("origin_name")
        .agg(kind=("origin_kind", "first"), sources=("source_id", "nunique"), claims=("claim_id", "nunique"), claim_ids=("claim_id", _ids))
        .reset_index()
        .sort_values(["sources", "claims", "origin_name"], ascending=[False, False, True])
        .rename(columns={"origin_name": "origin"})
    )  # fmt: skip
    origins["kind"] = origins.kind.map(KINDS)
    own = before.groupby("source_id").origin_kind.agg(lambda kinds: set(kinds) <= {"narration", "none"})
    outlet = before.loose_origin_name.value_counts().index[0]
    first = before[before.loose_origin_name == outlet]
    page.say(
        "## 1. How the rumour spread, and on whose word",
        f"Until 10 September 2023, the day before both governments announced the visit, {before.source_id.nunique()} of "
        f"our sources, of {before.publisher_id.nunique()} outlets in {before.source_language.nunique()} languages, carried "
        "that Kim Jong Un would visit Russia or meet Vladimir Putin, or planned to. "
        f"They rest on {before.origin_id.nunique()} origins if each unnamed group of each report counts for itself, and on "
        f"{before.loose_origin_id.nunique()} if unnamed groups are folded into the outlet that vouches for them. "
        f"{_sources(first)} of the sources rest, directly or through others, on one report, that of {outlet} of 4 September and "
        f"the unnamed officials behind it. {int(own.sum())} name no origin at all.",
    )
    page.table("spread-by-day", daily, "The rumour by day of publication, cumulated")
    page.table("spread-by-kind", by_kind, "On whose word, until 10 September 2023; a source may rest on several")
    page.table("spread-origins", origins, "Origins until 10 September 2023 by the sources that rest on them")
    long = daily.melt("until", ["sources", "origins, strict", "origins, loose"], "what", "number")
    page.drawing("spread", _lines(long), "Sources and origins of the rumour by day, cumulated")


def _lines(long: pd.DataFrame) -> dict[str, Any]:
    return {
        "width": 620, "height": 260, "background": "white", "padding": 12,
        "data": {"values": long.to_dict("records")},
        "encoding": {
            "x": {"field": "until", "type": "ordinal", "title": None, "axis": {"labelAngle": -40}},
            "y": {"field": "number", "type": "quantitative", "title": "cumulated"},
            "color": {"field": "what", "type": "nominal", "title": None, "scale": {"range": ["#0550ae", "#a04100", "#116329"]}},
            "strokeDash": {"field": "what", "type": "nominal", "title": None},
        },
        "mark": {"type": "line", "point": True},
    }  # fmt: skip


def inflation(page: Findings) -> None:
    """How certainty grew on the way."""
    before = carriers(page.data, RUMOUR, "2023-09-10")
    before = before[before.certainty.isin(list(SURE))]
    steps = {0: "own voice, no chain", 1: "one hop", 2: "two hops", 3: "three hops or more"}
    chains = pd.DataFrame(
        [
            {"chain": words, "claims": int((before.hops.clip(upper=3) == hops).sum())}
            | _sureness(before[before.hops.clip(upper=3) == hops])
            for hops, words in steps.items()
        ]
    )
    rows = []
    for place in ("headline", "deck", "body", "caption"):
        some = before[before.claim_location == place]
        nobody = int(some.origin_kind.isin(["narration", "none"]).sum())
        told = {"place": place, "claims": len(some), "of them on nobody's word": _share(nobody, len(some))}
        rows.append(told | _sureness(some))
    places = pd.DataFrame(rows)
    hedges = page.data.hedges()
    restated = page.data.query("SELECT COUNT(*) AS n FROM claim_links WHERE claim_relation = 'restates'").n.iloc[0]
    lost = hedges[hedges.attribution_lost == 1]
    rose = hedges[hedges.certainty_rose == 1]
    moved = hedges[
        ["claim_id", "claim_summary", "certainty", "other_claim_id", "other_summary", "other_certainty"]
    ].copy()
    moved.insert(0, "what was lost", [
        _listed([w for w, there in (("a hedge", r.certainty_rose), ("attribution", r.attribution_lost), ("a condition", r.condition_lost)) if there])
        for r in hedges.itertuples()
    ])  # fmt: skip
    own, cited = before[before.hops == 0], before[before.hops > 0]
    head, body = before[before.claim_location == "headline"], before[before.claim_location == "body"]

    def sure(some: pd.DataFrame) -> str:
        return _share(int((some.certainty == "CT+").sum()), len(some))

    page.say(
        "## 2. How certainty grew on the way",
        f"Of the claims that carried the rumour until 10 September, {sure(own)} are put as certain where the outlet speaks "
        f"in its own voice ({len(own)} claims), and {sure(cited)} where it cites somebody ({len(cited)}); in headlines "
        f"{sure(head)} ({len(head)}), in bodies {sure(body)} ({len(body)}). Of {restated} claims of the whole record that "
        f"restate another one, mostly a headline its own body, {len(lost)} ({_share(len(lost), restated)}) have a shorter "
        f"chain than what they restate, and {len(rose)} are more certain.",
    )
    page.table("certainty-by-chain", chains, "Certainty by length of the chain, until 10 September 2023")
    page.table("certainty-by-place", places, "Certainty by place in the source, until 10 September 2023")
    page.table("certainty-lost", moved, "Claims that restate another one and lose something", 8)


def forecasts(page: Findings) -> None:
    """Which forecasts came true, and whose."""
    found = page.data.forecasts()
    known = found[found.borne_out != "open"]
    rows = []
    for kind, words in KINDS.items():
        some = known[known.origin_kind == kind]
        each = some.groupby("proposition_id").borne_out.agg(set)
        rows.append(
            {
                "on whose word": words,
                "forecasts": len(each),
                "came true": int(sum(v == {"yes"} for v in each)),
                "in part": int(sum("partly" in v for v in each)),
                "did not": int(sum(v == {"no"} for v in each)),
                "undecided": found[(found.origin_kind == kind) & (found.borne_out == "open")].proposition_id.nunique(),
                "claim_ids": _ids(some.claim_id),
            }
        )
    kinds = pd.DataFrame(rows)
    wrong = (
        known[known.borne_out.isin(["no", "partly"])]
        .groupby(["proposition_id", "proposition", "outcome"])
        .agg(sources=("source_id", "nunique"), forecasters=("forecaster", lambda f: "; ".join(sorted(set(f.dropna()))[:4])), claim_ids=("claim_id", _ids))
        .reset_index()
        .sort_values(["sources", "proposition_id"], ascending=[False, True])
    )  # fmt: skip
    wrong["outcome"] = wrong.outcome.str.replace("_", " ")
    each = known.groupby("proposition_id").outcome.first().value_counts()
    total = int(each.sum())
    venue = found[found.proposition_id.isin(VENUES)].groupby("proposition_id").agg(sources=("source_id", "nunique"))
    page.say(
        "## 3. Which forecasts came true, and whose",
        f"{found.proposition_id.nunique()} predictions, and plans whose outcome is known, are in the record; "
        f"{total} are decided. {int(each.get('came_true', 0))} came true, {int(each.get('partly', 0))} in part, "
        f"{int(each.get('came_false', 0))} did not; the others name no measure, fell on talks that were not told, or hang "
        "on what never happened, as the note of each says. That the two would meet in Vladivostok stood in "
        f"{int(venue.sources.get('P0034', 0))} sources and came false; that they would meet in eastern Russia, in "
        f"{int(venue.sources.get('P0026', 0))}, came true: the visit was foretold rightly and its place was not. "
        "Forecasts of one kind of origin are counted once each, and shares under 20 forecasts are not given.",
    )
    page.table("forecasts-by-kind", kinds, "Decided forecasts by on whose word they rest")
    page.table("forecasts-wrong", wrong, "What did not come true, or in part")


def moves(page: Findings) -> None:
    """How official positions moved."""
    held = page.data.positions()
    actors = page.data.actors
    official = actors.actor_id[actors.actor_kind == "state"]
    held = held[held.actor_id.isin(official) & held.said_end.notna() & (held.followed == "itself")].copy()
    held["day"] = held.said_end.astype(str).str[:10]
    rows = []
    for (actor, proposition), some in held.sort_values(["day", "claim_id"]).groupby(["actor_name", "proposition"]):
        if some.stance.nunique() < 2:
            continue
        first = some.drop_duplicates("stance")
        rows.append(
            {
                "who": actor,
                "on": proposition,
                "moved": " → ".join(f"{r.stance} ({r.day})" for r in first.itertuples()),
                "sources": some.source_id.nunique(),
                "claim_ids": _ids(some.claim_id),
            }
        )
    moved = pd.DataFrame(rows, columns=["who", "on", "moved", "sources", "claim_ids"])
    moved = moved.sort_values(["sources", "who", "on"], ascending=[False, True, True])
    who = moved.groupby("who").size().sort_values(ascending=False)
    page.say(
        "## 4. How official positions moved",
        f"{len(moved)} pairs of a state and a proposition hold more than one stance at different times "
        "or in different reports, bodies and spokespersons counted for the state for which they speak. Most are of "
        f"{_listed([f'{name} ({n})' for name, n in who.head(4).items()])}. Each stance is shown with the day on which it is "
        "first on record; two stances on one day are rival reports rather than a change of mind.",
    )
    page.table("positions-moved", moved, "Positions that moved, by sources")


def contested(page: Findings) -> None:
    """What remained contested."""
    claims = page.data.query(
        """SELECT claims.claim_id, claims.source_id, claims.proposition_id, propositions.proposition, claims.stance,
          claim_origins.loose_origin_id, claim_origins.loose_origin_name, resolutions.outcome
        FROM claims JOIN propositions USING (proposition_id) JOIN claim_origins USING (claim_id)
        LEFT JOIN resolutions ON resolutions.proposition_id = claims.proposition_id
        WHERE claims.stance IN ('affirm', 'expect', 'deny')"""
    )
    rows = []
    for (key, words), some in claims.groupby(["proposition_id", "proposition"]):
        yes, no = some[some.stance != "deny"], some[some.stance == "deny"]
        if not (len(yes) and len(no)) or set(yes.loose_origin_id) == set(no.loose_origin_id):
            continue
        rows.append(
            {
                "proposition": words,
                "affirmed by": _some(yes.loose_origin_name),
                "denied by": _some(no.loose_origin_name),
                "sources": some.source_id.nunique(),
                "outcome": str(some.outcome.iloc[0]).replace("_", " ") if some.outcome.notna().any() else "open",
                "proposition_id": key,
                "claim_ids": _ids(some.claim_id),
            }
        )
    rival = pd.DataFrame(rows).sort_values(["sources", "proposition_id"], ascending=[False, True])
    links = page.data.query(
        """SELECT link.claim_id || ' ' || link.other_claim_id AS claim_ids, one.claim_summary AS says, other.claim_summary AS against
        FROM claim_links AS link JOIN claims AS one ON one.claim_id = link.claim_id
        JOIN claims AS other ON other.claim_id = link.other_claim_id
        WHERE link.claim_relation = 'disputes' ORDER BY link.claim_id, link.other_claim_id"""
    )[["says", "against", "claim_ids"]]
    still = rival[rival.outcome.isin(["open", "unresolved"])]
    page.say(
        "## 5. What remained contested",
        f"{len(rival)} propositions are affirmed by one origin and denied by another; {len(still)} of them are not decided "
        f"by anything in the record. {len(links)} pairs of claims are marked as disputing each other: on the day of the "
        "arrival, on the place, on who said what, on numbers.",
    )
    page.table("contested", rival.drop(columns="proposition_id"), "Affirmed by some and denied by others")
    page.table("disputes", links, "Claims that dispute each other", 8)


def _some(names: pd.Series, most: int = 3) -> str:
    counted = names.dropna().value_counts()
    ordered = sorted(counted.index, key=lambda name: (-counted[name], name))
    return "; ".join([*ordered[:most], *([f"{len(ordered) - most} more"] if len(ordered) > most else [])])


def findings(data: Dataset) -> Findings:
    """All of the page."""
    page = Findings(data)
    claims, sources = data.claims, data.sources
    coded = sources[sources.coding_scope != "none"]
    publishers = data.actors[data.actors.actor_id.isin(coded.publisher_id)]
    page.say(
        "# Findings",
        f"Written by `make findings` from version {data.version} of the dataset: {len(claims):,} claims of {len(coded)} "
        f"coded sources, by {len(publishers)} outlets in {publishers.actor_country.nunique()} countries. Every number is "
        "computed by [scripts/findings.py](../scripts/findings.py); the CSV of each table names the claims behind each row.",
        "The record is what these sources say, not all that was said: they were found by searching for the affair, and most "
        "were read as excerpts from the beginning of a page. Counts of sources and outlets are counts within the record. "
        "How far two codings agree is told in [methods.md](methods.md#agreement).",
    )
    for finding in (spread, inflation, forecasts, moves, contested):
        finding(page)
    return page


def main() -> int:
    """Write the page and its files, or compare them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("package", nargs="?", type=Path, default=ROOT)
    parser.add_argument("--check", action="store_true", help="write nothing, fail where something differs")
    given = parser.parse_args()
    page = findings(onrecord.load(given.package))
    files = {PAGE: page.page, **page.files}
    stale = [path for path in FOLDER.glob("*") if path not in files]
    if given.check:
        wrong = [path for path, text in files.items() if not path.exists() or path.read_text("utf-8") != text] + stale
        for path in wrong:
            print(f"{path.relative_to(ROOT)} is not what the data give; run 'make findings'", file=sys.stderr)
        return 1 if wrong else 0
    FOLDER.mkdir(exist_ok=True)
    for path in stale:
        path.unlink()
    for path, text in files.items():
        path.write_text(text, "utf-8")
    print(f"written: {PAGE.relative_to(ROOT)} and {len(files) - 1} files beside it")
    return 0


if __name__ == "__main__":
    sys.exit(main())
