"""The page of findings is what the data give, and its numbers can be counted by hand."""

from __future__ import annotations

import csv
import re
import subprocess
import sys

import onrecord
from conftest import ROOT

PAGE = ROOT / "docs/findings.md"


def test_the_page_is_what_the_data_give() -> None:
    command = [sys.executable, ROOT / "scripts/findings.py", "--check"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_every_row_names_claims_that_exist(data: onrecord.Dataset) -> None:
    known = set(data.claims.claim_id)
    files = sorted((ROOT / "docs/findings").glob("*.csv"))
    assert len(files) > 8
    for path in files:
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                ids = {cell for name in row if name.endswith(("claim_ids", "claim_id")) for cell in row[name].split()}
                assert ids <= known, path.name
        assert f"findings/{path.name}" in PAGE.read_text("utf-8")


def test_the_spread_of_the_rumour_counted_by_hand(data: onrecord.Dataset) -> None:
    told = re.search(
        r"visit, (\d+) of our sources, of (\d+) outlets .*? (\d+) origins if .*? (\d+) if unnamed",
        PAGE.read_text("utf-8"),
    )
    assert told is not None
    entails = {}
    for row in data.proposition_links[data.proposition_links.proposition_relation == "entails"].itertuples():
        entails.setdefault(row.proposition_id, set()).add(row.other_proposition_id)

    def carries(proposition: str, seen: frozenset[str] = frozenset()) -> bool:
        if proposition in {"P0001", "P0002", "P0123", "P0075"}:
            return True
        return any(carries(p, seen | {p}) for p in entails.get(proposition, set()) - seen)

    published = data.sources.set_index("source_id").published_end
    early = data.claims[data.claims.source_id.map(published) <= "2023-09-10"]
    named = early.proposition_id.isin({"P0001", "P0002", "P0123", "P0075"})
    affirmed = early[early.stance.isin(["affirm", "expect"]) & (early.claim_condition.isna() | named)]
    carried = affirmed[[carries(p) for p in affirmed.proposition_id]]
    outlets = data.sources.set_index("source_id").publisher_id
    assert carried.source_id.nunique() == int(told[1])
    assert carried.source_id.map(outlets).nunique() == int(told[2])
    assert int(told[4]) <= int(told[3])
