"""Draw the sources that are coded a second time: at random over periods of publication and languages.

    python scripts/draw.py --size 42 --seed 20230913 --until S0382 --output docs/agreement/sample.csv

Strata are the period of publication (the themes of the record follow one another in time) crossed with the language,
English or another. Each stratum gives sources in proportion to what it holds (largest remainders), two at least where
it holds as many. Only sources that were coded in full, of which no text was kept, and which are named by an address, are
drawn; ``--until S0382`` leaves out those that were coded later, ``--without FILE`` those of an earlier sample. The same
sources, seed and size give the same sample on every machine.
"""

from __future__ import annotations

import argparse
import csv
import random
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import onrecord

PERIODS = {
    "2023-07, Shoigu in Pyongyang": "2023-08-01",
    "2023-08, letters and sanctions": "2023-09-01",
    "2023-09-01 to 10, the rumour": "2023-09-11",
    "2023-09-11 to 12, the arrival": "2023-09-13",
    "2023-09-13 to 14, the summit": "2023-09-15",
    "2023-09-15 to 30, the way back": "2023-10-01",
    "2023-10 and later, what came of it": "9999-12-31",
}
"""Period → the day before which it ends (ISO 8601)."""
LEAST = 2


def period(day: str) -> str:
    """The period of a day (ISO 8601)."""
    return next(name for name, end in PERIODS.items() if day < end)


def shares(strata: dict[tuple[str, str], list[str]], size: int) -> dict[tuple[str, str], int]:
    """How many each stratum gives: two where it has them, the rest in proportion, by largest remainders."""
    given = {stratum: min(LEAST, len(some)) for stratum, some in strata.items()}
    left = size - sum(given.values())
    if left < 0:
        raise SystemExit(f"{size} are too few for {len(strata)} strata of {LEAST}; draw {sum(given.values())} or more")
    total = sum(len(some) - given[stratum] for stratum, some in strata.items())
    exact = {stratum: left * (len(some) - given[stratum]) / max(1, total) for stratum, some in strata.items()}
    for stratum, share in exact.items():
        given[stratum] += int(share)
    rest = sorted(exact, key=lambda s: (int(exact[s]) - exact[s], s))
    for stratum in rest[: size - sum(given.values())]:
        given[stratum] += 1
    return given


def draw(size: int, seed: int, until: str = "S9999", without: Sequence[str] = ()) -> list[dict[str, str]]:
    """The sample, in order of publication: source, address, title, language, period."""
    sources = onrecord.load(Path(__file__).resolve().parent.parent).sources
    coded = sources[(sources.coding_scope == "full") & sources.url.notna() & sources.text_sha256.isna()]
    rows = {
        row.source_id: {
            "source_id": row.source_id, "url": row.url, "title": row.title, "source_language": row.source_language,
            "period": period(str(row.published_end.date() if hasattr(row.published_end, "date") else row.published_end)),
        }
        for row in coded.itertuples() if row.url not in without and row.source_id <= until
    }  # fmt: skip
    strata: dict[tuple[str, str], list[str]] = defaultdict(list)
    for key in sorted(rows, key=lambda key: rows[key]["url"]):
        strata[rows[key]["period"], "en" if rows[key]["source_language"] == "en" else "other"].append(key)
    chance = random.Random(seed)  # noqa: S311  # a sample, not a secret
    chosen = [
        key
        for stratum, count in sorted(shares(strata, size).items())
        for key in chance.sample(strata[stratum], min(count, len(strata[stratum])))
    ]
    return [rows[key] for key in sorted(chosen)]


def main() -> None:
    """Draw, and write the sample as CSV."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, default=40)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--until", default="S9999", metavar="SOURCE", help="the last source that may be drawn")
    parser.add_argument("--without", type=Path, action="append", default=[], metavar="FILE", help="an earlier sample")
    parser.add_argument("--output", type=Path, required=True)
    given = parser.parse_args()
    earlier = [row["url"] for path in given.without for row in csv.DictReader(path.open(encoding="utf-8"))]
    sample = draw(given.size, given.seed, given.until, earlier)
    given.output.parent.mkdir(parents=True, exist_ok=True)
    with given.output.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(sample[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(sample)


if __name__ == "__main__":
    main()
