"""Accepted rows are in the dataset, filled in and valid, once; whatever is wrong, nothing is written."""

from __future__ import annotations

import csv
import json
import os
import shutil
import signal
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import ROOT
from helpers import call, copy_minimal
from onrecord.curate.accepting import Outcome, Settings, accept
from onrecord.curate.columns import column_names
from onrecord.curate.evidencing import Text
from onrecord.curate.spans import Span
from onrecord.curate.worksheet import Worksheet, read, write
from onrecord.findings import PackageError
from onrecord.fmt import fmt
from onrecord.package import open_package
from onrecord.store import recover
from onrecord.validate import validate
from test_kills import STEPWISE, put
from test_store import Tree, stepping, tree

SETTINGS = Settings("full", "2031-06-01", "person")
Row = dict[str, str]
HASH = "ecd80cbcd097e3d7345e3e93831ed8a8767bf3acb4f298f87b06d4dfe3f80f6a"


def table(package: Path, name: str) -> list[Row]:
    with (package / f"dataset/{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def empty(package: Path, *names: str) -> None:
    for name in names:
        path = package / f"dataset/{name}.csv"
        path.write_text(path.read_text("utf-8").split("\n")[0] + "\n", "utf-8")


def rows_of(package: Path, sources: set[str] | None = None) -> list[Row]:
    """The claims of a package as rows of a worksheet, in which nothing but identifiers names what is known."""
    spans: defaultdict[tuple[str, str, str], list[str]] = defaultdict(list)
    for e in table(package, "evidence"):
        spans[e["claim_id"], e["part"], e["hop"]].append(f"{e['start_char']}-{e['end_char']}")
    hops = defaultdict(list)
    for a in table(package, "attributions"):
        hops[a["claim_id"]].append(a)
    hashes = {s["source_id"]: s["text_sha256"] for s in table(package, "sources")}
    rows = []
    for c in table(package, "claims"):
        if sources is not None and c["source_id"] not in sources:
            continue
        key = c["claim_id"]
        row = {name: cell for name, cell in c.items() if name not in ("claim_id", "said_start", "said_end")}
        row |= {"decision": "accept", "row_id": f"{c['source_id']}-{key}", "text_sha256": hashes[c["source_id"]]}
        row |= {f"{p}_span": " ".join(spans[key, p, ""]) for p in ("content", "time", "condition")}
        for a in hops[key]:
            n = a["hop"]
            cells = {"actor_id": a["actor_id"], "kind": a["hop_kind"], "cue": a["cue"], "said_edtf": a["hop_said_edtf"]}
            cells |= {f"{p}_span": " ".join(spans[key, p, n]) for p in ("source", "cue")}
            row |= {f"hop_{n}_{name}": cell for name, cell in (cells | {"channel": a["hop_channel"]}).items()}
        rows.append(row)
    return rows


@pytest.fixture
def package(tmp_path: Path) -> Path:
    return copy_minimal(tmp_path / "package")


def take(package: Path, worksheet: Worksheet | list[Row], name: str = "w.csv", **how: bool) -> Outcome:
    """Write a worksheet beside a package and accept it, with the texts that lie in the package."""
    path = package.parent / name
    write(path, worksheet if isinstance(worksheet, Worksheet) else Worksheet.of(worksheet))
    return accept(open_package(package), [path], SETTINGS, package / "texts", **how)


COURIER = Text((ROOT / "tests/minimal/texts/courier.txt").read_text("utf-8"))


def span(words: str, after: int = 0) -> str:
    start = COURIER.text.index(words, after)
    return f"{start}-{start + len(words)}"


DECK: Row = {
    "decision": "accept", "row_id": "S0001-001", "source_id": "S0001", "text_sha256": HASH,
    "content": "The director of the harbour now counts on Friday",
    "claim_summary": "The Ostrel Courier reports that the director counts on Friday.",
    "speech_act": "state", "stance": "affirm", "certainty": "CT+", "quote_type": "narration", "channel": "press_report",
    "said_edtf": "2031-05-07", "said_basis": "publication", "claim_location": "deck",
    "proposition": "Ivo Castellane counts on Friday", "proposition_kind": "intent", "subjects": "Ivo Castellane; A0004",
}  # fmt: skip
"""A row in the outlet's own voice, of a new proposition."""
SAID: Row = DECK | {
    "row_id": "S0001-002", "content": "whether talks with the harbour authority were under way", "quote_type": "indirect",
    "claim_location": "body", "proposition": "Talks are wanted", "proposition_kind": "evaluation", "subjects": "",
    "channel": "unspecified", "said_edtf": "2031-05-06",
    "speaker": "Orla Finn", "speaker_kind": "person", "speaker_country": "XAA", "speaker_sector": "SOC",
    "hop_1_kind": "explicit", "hop_1_source_span": span("Its spokeswoman"), "hop_1_cue_span": span("declined to comment"),
}  # fmt: skip
"""A row with a new speaker."""


def test_what_is_there_is_recognized_and_nothing_changes(package: Path) -> None:
    before = tree(package)
    outcome = take(package, rows_of(package))
    assert outcome.findings == []
    assert {t.how for t in outcome.taken} == {"there already"}
    assert [t.row_id.partition("-")[2] for t in outcome.taken] == [t.claim_id for t in outcome.taken]
    assert tree(package) == before


def test_every_claim_of_the_real_dataset_is_recognized(tmp_path: Path, texts: dict[str, str]) -> None:
    rows = rows_of(ROOT)
    write(tmp_path / "w.xlsx", Worksheet.of(rows))
    folder = tmp_path / "texts"
    folder.mkdir()
    for sha256, text in texts.items():
        (folder / f"{sha256}.txt").write_bytes(text.encode("utf-8"))
    outcome = accept(open_package(ROOT), [tmp_path / "w.xlsx"], SETTINGS, folder, dry_run=True)
    assert [str(f) for f in outcome.findings] == []
    assert [t.row_id.partition("-")[2] for t in outcome.taken] == [t.claim_id for t in outcome.taken]
    assert not outcome.added


def without_identifiers(rows: list[Row], *names: str) -> list[list[tuple[str, str]]]:
    return sorted(sorted((n, c) for n, c in row.items() if n not in names) for row in rows)


def test_what_was_coded_comes_back_from_a_worksheet(package: Path, tmp_path: Path) -> None:
    rows, was = rows_of(package), {n: table(package, n) for n in ("claims", "attributions", "evidence", "sources")}
    empty(package, "claims", "attributions", "evidence", "claim_links")
    for row in rows:
        row["speaker_id"] = row["speaker_id"] if row["quote_type"] == "narration" else ""
    outcome = take(package, rows)
    assert outcome.findings == []
    assert table(package, "claims") == was["claims"]
    assert without_identifiers(table(package, "attributions")) == without_identifiers(was["attributions"])
    found, right = table(package, "evidence"), was["evidence"]
    # The fixture has longer anchors than it takes, and leaves out words that may be quoted; see the next test.
    aside = ("evidence_id", "anchor_from", "anchor_to", "exact")
    assert without_identifiers(found, *aside) == without_identifiers(right, *aside)
    assert {r["exact"] for r in right} <= {r["exact"] for r in found}
    assert table(package, "sources") == was["sources"]
    assert [r["evidence_id"] for r in found] == [f"V{n:05}" for n in range(1, len(found) + 1)]


def test_anchors_and_hashes_are_those_of_the_real_dataset(texts: dict[str, str]) -> None:
    hashes = {s["source_id"]: s["text_sha256"] for s in table(ROOT, "sources")}
    held = {
        c["claim_id"]: Text(texts[hashes[c["source_id"]]])
        for c in table(ROOT, "claims")
        if hashes[c["source_id"]] in texts
    }
    for row in table(ROOT, "evidence"):
        if row["claim_id"] in held:
            made = held[row["claim_id"]].recorded(Span(int(row["start_char"]), int(row["end_char"])))
            there = {name: " ".join(row[name].split()) for name in made}
            assert made == there, row["evidence_id"]


def test_rows_are_added_filled_in_and_valid(package: Path) -> None:
    outcome = take(
        package,
        [
            DECK,
            SAID,
            DECK | {"row_id": "S0001-003", "decision": "reject"},
            {"row_id": "S0001-004", "source_id": "S0001", "text_sha256": HASH},
        ],
    )
    assert [str(f) for f in outcome.findings] == []
    assert [(t.row_id, t.claim_id, t.how) for t in outcome.taken] == [
        ("S0001-001", "C00017", "added"), ("S0001-002", "C00018", "added")
    ]  # fmt: skip
    assert outcome.left == {"reject": 1, "": 1}
    assert outcome.added == {
        "claims": 2, "propositions": 2, "proposition_actors": 2, "actors": 1, "attributions": 1, "evidence": 4
    }  # fmt: skip
    new = {row["claim_id"]: row for row in table(package, "claims")}
    assert new["C00017"]["speaker_id"] == "A0001"
    assert new["C00018"]["said_start"] == "2031-05-06"
    actor = table(package, "actors")[-1]
    assert actor["actor_name"] == "Orla Finn"
    assert actor["anonymity"] == "named"
    assert new["C00018"]["speaker_id"] == actor["actor_id"] == "A0013"
    assert table(package, "attributions")[-1]["cue"] == "declined to comment"
    assert {r["actor_id"] for r in table(package, "proposition_actors") if r["proposition_id"] == "P0010"} == {
        "A0004",
        "A0006",
    }
    assert validate(open_package(package), package / "texts").valid
    assert fmt(open_package(package), check=True) == ([], [])


def test_an_unknown_identifier_beside_a_new_name_is_told(package: Path) -> None:
    before = tree(package)
    outcome = take(package, [SAID | {"hop_1_actor_id": "A9999", "hop_1_actor": SAID["speaker"]}])
    assert [("A9999" in f.message, f.field) for f in outcome.findings] == [(True, "hop_1_actor_id")]
    assert tree(package) == before


def test_accepted_again_nothing_changes_and_only_new_rows_are_added(package: Path) -> None:
    later = SAID | {"decision": "", "row_id": "S0001-005"}
    take(package, [DECK, later])
    after = tree(package)
    assert take(package, [DECK, later]).written == []
    assert tree(package) == after
    outcome = take(package, [DECK, later | {"decision": "edit"}])
    assert [(t.claim_id, t.how) for t in outcome.taken] == [("C00017", "there already"), ("C00018", "added")]
    after = tree(package)
    outcome = take(package, [DECK | {"stance": "deny", "certainty": "CT-"}, later | {"decision": "edit"}])
    assert tree(package) == after
    assert [(n.field, n.rule) for n in outcome.notes] == [("stance", "there-already"), ("certainty", "there-already")]


def test_what_the_curator_edits_in_the_dataset_meanwhile_stays_and_new_rows_are_added(package: Path) -> None:
    known = DECK | {"speaker_id": "A0001", "speaker": "The Ostrel Courier", "proposition_id": "P0003"}
    known |= {"proposition": "Crane drivers in Port Ostrel walked out on 5 May 2031", "subjects": ""}
    assert take(package, [known]).findings == []
    for name, old, new in (
        ("actors", "The Ostrel Courier", "Ostrel Courier"),
        ("propositions", "walked out on 5 May 2031", "went on strike on 5 May 2031"),
        ("claims", "The Ostrel Courier reports that the director", "The paper reports that the director"),
    ):
        path = package / f"dataset/{name}.csv"
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new), "utf-8")
    edited = tree(package)
    assert take(package, [known]).findings == []
    assert tree(package) == edited
    outcome = take(package, [known, SAID])
    assert [str(f) for f in outcome.findings] == []
    assert [(t.claim_id, t.how) for t in outcome.taken] == [("C00017", "there already"), ("C00018", "added")]


def test_what_is_said_of_a_known_proposition_or_speaker_is_noted(package: Path) -> None:
    row = DECK | {
        "proposition_id": "P0006",
        "proposition": "",
        "subjects": "A0008; Ivo Castellane",
        "window_edtf": "2031-06",
    }
    said = SAID | {"speaker": "Mara Tolvane", "speaker_country": "XAB", "speaker_sector": ""}
    outcome = take(package, [row, said], dry_run=True)
    assert outcome.findings == []
    assert [(n.field, n.line) for n in outcome.notes] == [
        ("window_edtf", 2), ("subjects", 2), ("speaker_country", 3)
    ]  # fmt: skip
    assert "P0006 is not linked with Ivo Castellane, and stays so" in outcome.notes[1].message


_BASES: dict[str, Path] = {}


def bare(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The minimal package without claims."""
    if "bare" not in _BASES:
        _BASES["bare"] = copy_minimal(tmp_path_factory.mktemp("bare") / "package")
        empty(_BASES["bare"], "claims", "attributions", "evidence", "claim_links")
    return _BASES["bare"]


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_accepting_is_idempotent_whatever_is_decided(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    rows = rows_of(ROOT / "tests/minimal")
    chosen = data.draw(st.lists(st.sampled_from(range(len(rows))), unique=True, min_size=1))
    folder = tmp_path_factory.mktemp("run")
    package = shutil.copytree(bare(tmp_path_factory), folder / "package")
    undecided = [
        row | {"decision": data.draw(st.sampled_from(["accept", "edit", "reject", ""]))}
        for row in (rows[n] for n in chosen)
    ]
    # New names instead of identifiers, as a proposer writes what it does not know.
    for row in undecided:
        if data.draw(st.booleans()):
            row |= {"proposition_id": "", "proposition": f"About {row['claim_summary']}", "proposition_kind": "fact"}
        if row["quote_type"] == "indirect" and row["speaker_id"] and data.draw(st.booleans()):
            n = max(i for i in (1, 2) if row.get(f"hop_{i}_kind"))
            row |= {"speaker_id": "", f"hop_{n}_actor_id": "", "speaker": "Somebody New", "speaker_kind": "person"}
    with mock.patch("onrecord.curate.accepting.check_written", return_value=[]):
        first = take(package, undecided)
        after = tree(package)
        again = take(package, undecided)
        assert tree(package) == after
        decided = [row | {"decision": "accept"} for row in undecided]
        take(package, decided)
        last = tree(package)
        take(package, [decided[n] for n in data.draw(st.permutations(range(len(decided))))])
    assert tree(package) == last
    assert first.findings == again.findings == []
    assert {t.how for t in again.taken} <= {"there already"}
    assert [t.claim_id for t in first.taken] == [t.claim_id for t in again.taken]
    shutil.rmtree(folder)


def test_identifiers_are_never_used_again(package: Path) -> None:
    ledger = {"tables": {"claims": {"rows": {"C00040": "x"}}}}
    (package / "releases").mkdir()
    (package / "releases/0.0.1.json").write_text(json.dumps(ledger))
    with (package / "dataset/retired.csv").open("a", encoding="utf-8") as file:
        file.write("claims,C00040,,0.0.1,A slip of the coder.\n")
    outcome = take(package, [DECK], dry_run=True)
    assert [t.claim_id for t in outcome.taken] == ["C00041"]


def test_companions_bring_rows_of_other_tables(package: Path) -> None:
    row = SAID | {
        "speaker": "", "speaker_kind": "", "speaker_country": "", "speaker_sector": "", "speaker_id": "A+finn",
        "event_id": "E+talks", "proposition_id": "P+1", "proposition": "", "proposition_kind": "",
    }  # fmt: skip
    companions = {
        "actors": [
            {"actor_id": "A+finn", "actor_name": "Orla Finn", "actor_kind": "person", "anonymity": "named", "actor_country": "XAA", "sector": "SOC"},
            {"actor_id": "A+nobody", "actor_name": "Not Needed", "actor_kind": "person", "anonymity": "named"},
        ],
        "actor_roles": [{"actor_id": "A+finn", "organization_id": "A0005", "role_title": "Secretary", "held_edtf": "2031-05/..", "source_id": "S0001"}],
        "propositions": [{"proposition_id": "P+1", "proposition": "Talks are wanted", "proposition_kind": "evaluation", "window_basis": "none"}],
        "events": [{
            "event_id": "E+talks", "event_title": "Talks in Port Ostrel", "event_summary": "Talks.", "status": "alleged",
            "status_source_id": "S0001", "clarity": "1",
        }],
        "event_actors": [{"event_id": "E+talks", "actor_id": "A0005", "event_role": "participant"}],
        "proposition_events": [{"proposition_id": "P+1", "event_id": "E+talks", "event_relation": "about"}],
        "claim_links": [{"claim_id": "C+S0001-002", "other_claim_id": "C00004", "claim_relation": "same_utterance"}],
    }  # fmt: skip
    worksheet = Worksheet.of([row], companions)
    outcome = take(package, worksheet)
    assert [str(f) for f in outcome.findings] == []
    assert outcome.unused == ["actors A+nobody"]
    event = table(package, "events")[-1]["event_id"]
    assert {"proposition_id": "P0010", "event_id": event, "event_relation": "about"} in table(
        package, "proposition_events"
    )
    assert {"claim_id": "C00017", "other_claim_id": "C00004", "claim_relation": "same_utterance"} in table(
        package, "claim_links"
    )
    assert table(package, "actor_roles")[-1]["held_start"] == "2031-05-01"
    after = tree(package)
    assert take(package, worksheet).added == {}
    assert tree(package) == after
    rejected = take(package, Worksheet.of([row | {"decision": "reject"}], companions))
    assert rejected.added == {}


def test_merging_adds_spans(package: Path) -> None:
    wider = {
        "decision": "merge",
        "row_id": "S0001-009",
        "source_id": "S0001",
        "text_sha256": HASH,
        "content_span": span("would end by Friday", 730),
    }
    into_row = wider | {"merge_into": "S0001-002", "content_span": span("would not say on Tuesday")}
    into_claim = wider | {"row_id": "S0001-010", "merge_into": "C00003"}
    outcome = take(package, [DECK, SAID, into_row, into_claim])
    assert [str(f) for f in outcome.findings] == []
    assert {t.row_id: (t.claim_id, t.how) for t in outcome.taken} == {
        "S0001-001": ("C00017", "added"), "S0001-002": ("C00018", "added"),
        "S0001-009": ("C00018", "merged"), "S0001-010": ("C00003", "merged"),
    }  # fmt: skip
    starts = [
        e["start_char"] for e in table(package, "evidence") if e["claim_id"] == "C00003" and e["part"] == "content"
    ]
    assert starts == ["356", span("would end by Friday", 730).partition("-")[0]]
    after = tree(package)
    again = take(package, [DECK, SAID, into_row, into_claim])
    assert {t.how for t in again.taken} == {"there already", "merged already"}
    assert tree(package) == after


def test_a_hop_of_a_merged_row_goes_where_its_actor_stands_in_the_chain(package: Path) -> None:
    row = {
        "decision": "merge", "row_id": "S0001-009", "source_id": "S0001", "text_sha256": HASH, "merge_into": "C00006",
        "content_span": span("walked out on Monday"), "hop_1_actor": "unnamed harbour officials, Coastwire 2031",
        "hop_1_source_span": span("Harbour officials"),
    }  # fmt: skip
    assert take(package, [row]).findings == []
    assert [e["hop"] for e in table(package, "evidence")][-2:] == ["2", ""]
    stranger = take(package, [row | {"hop_1_actor": "Mara Tolvane"}])
    assert [f.rule for f in stranger.findings] == ["merge"]


def test_words_that_were_edited_are_looked_for_and_spans_that_were_edited_are_taken(package: Path) -> None:
    as_proposed = DECK | {
        "content_span": span("The director of the harbour now"),
        "proposed_span": span("The director of the harbour now"),
    }
    take(package, [as_proposed])
    assert table(package, "evidence")[-1]["end_char"] == span(DECK["content"]).partition("-")[2]
    shorter = as_proposed | {"row_id": "S0001-002", "content_span": span("The director"), "proposition": "Another"}
    outcome = take(package, [shorter])
    assert table(package, "evidence")[-1]["end_char"] == span("The director").partition("-")[2]
    notes = [f"{note.field}: {note.message}" for note in outcome.notes if note.rule == "words"]
    assert notes == ["content: S0001-002: content_span was edited, and counts: its words are 'The director'"]


def test_a_span_that_cuts_a_word_is_noted(package: Path) -> None:
    first = span("The director of the harbour")
    cut = f"{first.partition('-')[0]}-{int(first.partition('-')[2]) - 2}"
    outcome = take(package, [DECK | {"content": "", "content_span": cut}])
    assert [str(f) for f in outcome.findings] == []
    notes = [note.message for note in outcome.notes if note.rule == "span"]
    assert notes == [
        f"S0001-001: content_span {cut} begins or ends in the middle of a word: 'The director of the harbo'"
    ]
    assert not [n for n in take(package, [DECK], dry_run=True).notes if n.rule == "span"]


def test_a_worksheet_without_rows_is_noted(package: Path) -> None:
    outcome = take(package, [])
    assert (outcome.findings, outcome.taken) == ([], [])
    assert [(note.rule, note.path.rpartition("/")[2], note.line) for note in outcome.notes] == [("empty", "w.csv", 1)]


def test_a_new_name_in_a_hop_is_told_with_what_it_lacks(package: Path) -> None:
    named = {"hop_1_actor": "Ostrel Wire", "hop_2_kind": "explicit"}
    outcome = take(package, [SAID | named], dry_run=True)
    assert [finding.field for finding in outcome.findings] == ["hop_1_actor"]
    assert "there is no actor named 'Ostrel Wire'" in outcome.findings[0].message
    assert "companion actors (actor_id A+word, actor_name, actor_kind, anonymity" in outcome.findings[0].fix
    assert "write A+word into hop_1_actor_id" in outcome.findings[0].fix


def test_quoted_words_are_recorded_with_their_range(package: Path) -> None:
    empty(package, "claims", "attributions", "evidence", "claim_links")
    path = package / "dataset/source_ranges.csv"
    kept = [line for line in path.read_text("utf-8").splitlines(keepends=True) if "quotation" not in line]
    path.write_text("".join(kept), "utf-8")
    rows = rows_of(ROOT / "tests/minimal")
    mixed = next(row for row in rows if row["row_id"].endswith("C00008"))
    mixed["content_span"] = span("the end “a matter of two days")
    assert [str(f) for f in take(package, rows).findings] == []
    ranges = {
        (r["source_id"], r["start_char"], r["end_char"])
        for r in table(package, "source_ranges")
        if r["range_kind"] == "quotation"
    }
    assert ranges == {
        ("S0001", "891", "911"), ("S0001", "916", "989"), ("S0001", "1002", "1242"), ("S0002", "121", "209"), ("S0002", "262", "350")
    }  # fmt: skip
    quoted = [e for e in table(package, "evidence") if e["claim_id"] == "C00008" and e["part"] == "content"]
    assert [e["exact"] for e in quoted] == ["", "a matter of two days"]


def test_quoted_words_stay_under_a_fifth_of_the_text(package: Path) -> None:
    rows = [row for row in rows_of(package) if row["source_id"] == "S0002"]
    empty(package, "claims", "attributions", "evidence", "claim_links")
    rows = [row for row in rows if row["quote_type"] == "direct"]
    with mock.patch("onrecord.curate.accepting.check_written", return_value=[]):
        take(package, rows)
    exact = [len(e["exact"]) for e in table(package, "evidence") if e["part"] == "content"]
    assert exact == [
        42,
        87,
        0,
    ]  # of 518 characters; the second holds the first, and with the third it would be too many


def test_a_worksheet_may_be_of_two_sources(package: Path) -> None:
    empty(package, "claims", "attributions", "evidence", "claim_links")
    path = package / "dataset/sources.csv"
    path.write_text(path.read_text("utf-8").replace(",full,2031-06-01,person,", ",none,,,"), "utf-8")
    was = rows_of(ROOT / "tests/minimal")
    rows = [row for row in was if row["source_id"] == "S0002"] + [row for row in was if row["source_id"] == "S0001"]
    echo = next(row["text_sha256"] for row in was if row["source_id"] == "S0002")
    there = {"row_id": "S0002-900", "source_id": "S0002", "text_sha256": echo, "content": "ferries to Halvermouth wait"}
    implicit = {"hop_1_kind": "implicit", "hop_1_source_span": "", "hop_1_cue_span": ""}
    rows += [SAID, SAID | there | implicit]  # the same new speaker and proposition
    outcome = take(package, rows)
    assert [str(f) for f in outcome.findings] == []
    assert outcome.added["claims"] == len(rows)
    assert (outcome.added["actors"], outcome.added["propositions"]) == (1, 1)
    assert outcome.changed == {"sources": 2}
    assert {s["source_id"]: s["coding_scope"] for s in table(package, "sources")} == {
        "S0001": "full", "S0002": "full", "S0003": "none"
    }  # fmt: skip
    after = tree(package)
    assert {t.how for t in take(package, rows).taken} == {"there already"}
    assert tree(package) == after


def test_a_source_that_was_coded_in_part_stays_so_and_that_is_noted(package: Path) -> None:
    path = package / "dataset/sources.csv"
    path.write_text(
        path.read_text("utf-8").replace(",full,2031-06-01,person,", ",targeted,2031-06-01,person,"), "utf-8"
    )
    before = path.read_bytes()
    outcome = take(package, [DECK])
    assert outcome.findings == []
    assert [(n.rule, n.field) for n in outcome.notes] == [("there-already", "source_id")]
    assert "S0001 is coded targeted since 2031-06-01, and stays so" in outcome.notes[0].message
    assert path.read_bytes() == before


def test_a_source_is_marked_as_coded_when_its_first_claims_come(package: Path) -> None:
    text = "Notice to shipping.\n\nThe strike ended on 9 May.\n"
    (package / "texts/notice.txt").write_text(text, "utf-8")
    import hashlib

    sha256 = hashlib.sha256(text.encode()).hexdigest()
    path = package / "dataset/sources.csv"
    path.write_text(
        path.read_text("utf-8").replace("listing,none,,,,,,", f"full_text,none,,,{len(text)},{sha256},,"), "utf-8"
    )
    row = DECK | {
        "row_id": "S0003-1", "source_id": "S0003", "text_sha256": sha256, "content": "The strike ended on 9 May", "proposition_kind": "fact",
        "claim_location": "body", "said_edtf": "2031-05-10", "proposition": "The strike ended on 9 May 2031",
    }  # fmt: skip
    outcome = take(package, [row])
    assert [str(f) for f in outcome.findings] == []
    source = table(package, "sources")[-1]
    assert [source[n] for n in ("coding_scope", "coded_on", "coded_by")] == ["full", "2031-06-01", "person"]
    assert outcome.changed == {"sources": 1}


def test_sentences_of_the_text_are_told(package: Path) -> None:
    said = COURIER.text[COURIER.text.index("Lena Morrow, mayor") :].split(".")[0]
    assert len(said.split()) > 10
    outcome = take(package, [DECK | {"claim_summary": f"The Courier: {said}."}])
    assert outcome.findings == []
    assert [(f.rule, f.field) for f in outcome.notes] == [("borrowed", "claim_summary")]
    assert take(package, [DECK | {"claim_summary": f"The Courier: {said}."}]).notes == []  # told when it comes


UNSEEN: Row = DECK | {
    "row_id": "S0003-1", "source_id": "S0003", "text_sha256": "", "content": "", "claim_location": "headline",
    "proposition": "The strike ended on 9 May 2031", "proposition_kind": "fact", "said_edtf": "2031-05-10",
}  # fmt: skip
"""A row of a source of which no text was kept."""


def test_a_source_without_a_text_is_coded_without_spans(package: Path) -> None:
    before = len(table(package, "evidence"))
    outcome = take(package, [UNSEEN])
    assert [str(f) for f in outcome.findings] == []
    claim = table(package, "claims")[-1]
    assert (claim["source_id"], claim["claim_location"]) == ("S0003", "headline")
    assert len(table(package, "evidence")) == before
    was = tree(package)
    assert [t.how for t in take(package, [UNSEEN]).taken] == ["there already"]
    assert tree(package) == was
    later = UNSEEN | {"row_id": "S0003-2", "said_edtf": "../2031-05-10"}
    assert [t.how for t in take(package, [UNSEEN, later]).taken] == ["there already", "added"]


def test_copies_of_one_dispatch_are_several_sources(package: Path) -> None:
    source = {"title": "Strike ends", "publisher_id": "A0001", "publisher_basis": "stated", "genre": "news_report", "published_edtf": "2031-05-10", "published_basis": "stated", "source_language": "en", "access": "excerpt", "coding_scope": "full", "coded_on": "2031-06-01", "coded_by": "person"}  # fmt: skip
    copies = [source | {"source_id": f"S+{n}", "url": f"https://example.org/{n}"} for n in "ab"]
    rows = [UNSEEN | {"row_id": f"S+{n}-1", "source_id": f"S+{n}"} for n in "ab"]
    worksheet = Worksheet.of(rows, {"sources": copies})
    outcome = take(package, worksheet)
    assert [str(f) for f in outcome.findings] == []
    assert outcome.added["sources"] == outcome.added["claims"] == 2
    before = tree(package)
    assert {t.how for t in take(package, worksheet).taken} == {"there already"}
    assert tree(package) == before


def test_without_a_text_there_are_no_words(package: Path) -> None:
    before = tree(package)
    outcome = take(package, [UNSEEN | {"content": "The strike ended", "time_span": "3-9"}])
    assert {(f.rule, f.field) for f in outcome.findings} == {("no-text", "content"), ("no-text", "time_span")}
    assert "S0003 has no text in which it could stand" in outcome.findings[0].message
    assert [f.rule for f in take(package, [UNSEEN, UNSEEN | {"row_id": "S0003-2"}]).findings] == ["double"]
    assert tree(package) == before


CASES: dict[str, tuple[Row, str, str, str]] = {
    "date": ({"said_edtf": "07.05.2031"}, "said_edtf", "date", "write 2031-05-07"),
    "American date": ({"said_edtf": "5/7/2031"}, "said_edtf", "date", "write 2031-07-05 or 2031-05-07"),
    "serial date": ({"said_edtf": "45174"}, "said_edtf", "date", "write 2023-09-05"),
    "month": ({"said_edtf": "May-31"}, "said_edtf", "date", "has rewritten"),
    "no date": ({"said_edtf": "soon"}, "said_edtf", "date", "is not a date of EDTF"),
    "truth": ({"stance": "TRUE"}, "stance", "enum", "TRUE is a truth value"),
    "misspelt term": ({"stance": "afirm"}, "stance", "enum", "did you mean affirm?"),
    "misspelt decision": ({"decision": "acept"}, "decision", "decision", "did you mean accept?"),
    "capital decision": ({"decision": "Accept"}, "decision", "decision", "did you mean accept?"),
    "scientific span": ({"content_span": "1.2E+05"}, "content_span", "span", "scientific notation"),
    "dated span": ({"content_span": "12. Mrz"}, "content_span", "span", "is a date"),
    "span without zero": ({"time_span": "-54"}, "time_span", "span", "lacks its first number"),
    "padded span": ({"time_span": "007-54"}, "time_span", "span", "zeros before"),
    "endless span": ({"time_span": f"1-{'9' * 5000}"}, "time_span", "span", "is no span"),
    "reversed span": ({"time_span": "9-3"}, "time_span", "span", "ends before it begins"),
    "span beyond": ({"time_span": "3-99999"}, "time_span", "span", "beyond the text"),
    "no row_id": ({"row_id": ""}, "row_id", "identifier", "row_id is empty"),
    "other source": ({"source_id": "S0002"}, "source_id", "identifier", "is not of source S0002"),
    "no source": ({"source_id": "S0099", "row_id": "S0099-1"}, "source_id", "identifier", "there is no source S0099"),
    "other edition": ({"text_sha256": "0" * 64}, "text_sha256", "identifier", "another edition"),
    "hash": ({"text_sha256": "1.2E+63"}, "text_sha256", "identifier", "is no hash"),
    "no speaker so called": ({"speaker_id": "A0006", "speaker": "Mara Tolvane", "quote_type": "indirect", "hop_1_kind": "implicit"}, "speaker_id", "identifier", "A0006 (Ivo Castellane)"),
    "unknown actor": ({"subjects": "A0999"}, "subjects", "identifier", "there is no actor A0999"),
    "unknown name": ({"subjects": "Ivo Castelane"}, "subjects", "identifier", "did you mean 'Ivo Castellane'?"),
    "bad identifier": ({"event_id": "E+"}, "event_id", "identifier", "is no identifier"),
    "undescribed": ({"event_id": "E+x"}, "event_id", "identifier", "no companion describes E+x"),
    "retired": ({"proposition_id": "P0009", "proposition": ""}, "proposition_id", "identifier", "P0009 is retired"),
    "other proposition": ({"proposition_id": "P0001"}, "proposition_id", "identifier", "proposition says"),
    "no kind": ({"proposition_kind": ""}, "proposition_kind", "required", "the proposition is new"),
    "no summary": ({"claim_summary": ""}, "claim_summary", "required", "fill it"),
    "no words": ({"content": ""}, "content", "required", "content_span and content are empty"),
    "words not there": ({"content": "words that nobody wrote"}, "content", "words", "do not stand in the text"),
    "words in several places": ({"content": "the harbour"}, "content", "words", "several places"),
    "words elsewhere": ({"content_span": "0-10"}, "content", "words", "does not stand at 0-10"),
    "merge into nothing": ({"decision": "merge"}, "merge_into", "decision", "merge_into is empty"),
    "merge into a stranger": ({"decision": "merge", "merge_into": "S0001-404"}, "merge_into", "merge", "neither a row"),
    "merge into itself": ({"decision": "merge", "merge_into": "S0001-001"}, "merge_into", "merge", "circle"),
    "merged and accepted": ({"merge_into": "C00001"}, "merge_into", "decision", "decide merge, or empty it"),
    "narration with a hop": ({"hop_1_kind": "lost"}, "quote_type", "hops", "narration has no hops"),
    "no hop": ({"quote_type": "indirect"}, "hop_1_kind", "hops", "there is no hop"),
    "other voice": ({"speaker": "Mara Tolvane"}, "speaker", "speaker", "in the voice of A0001"),
    "confidence": ({"confidence": "0,83"}, "confidence", "number", "is no number"),
    # what the rules of the dataset find
    "certainty": ({"certainty": "CT-"}, "certainty", "deny-is-negative", "claims: "),
    "location": ({"claim_location": "body"}, "claim_location", "location-matches-range", "deck"),
    "unquoted": ({"quote_type": "direct", "hop_1_kind": "explicit", "hop_1_actor_id": "A0006", "speaker": ""}, "quote_type", "quote-inside-quotation", "claims"),
    "late": ({"said_edtf": "2031-05-09"}, "said_edtf", "claim-before-publication", "claims"),
    "empty window": ({"window_basis": "stated"}, "window_basis", "prediction-has-window", "propositions"),
    "condition without span": ({"claim_condition": "It rains"}, "claim_condition", "condition-has-span", "claims"),
    "long cue": ({"quote_type": "agentless", "hop_1_kind": "agentless", "hop_1_cue": "x" * 61}, "hop_1_cue", "max-length", "longer than 60"),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_what_is_wrong_is_told_at_its_cell_and_nothing_is_written(package: Path, name: str) -> None:
    change, column, rule, says = CASES[name]
    before = tree(package)
    outcome = take(package, [DECK | change])
    told = [f for f in outcome.findings if f.field == column or f.rule == rule]
    assert told, [str(f) for f in outcome.findings]
    path = package.parent / "w.csv"
    header = path.read_text("utf-8-sig").split("\n")[0].split(",")
    assert any(
        f.path == str(path) and f.line == 2 and f.rule == rule and says in str(f) and column in (f.field, header[f.column - 1])
        for f in told
    ), [str(f) for f in outcome.findings]  # fmt: skip
    assert tree(package) == before


def test_a_row_that_is_another_is_told(package: Path) -> None:
    outcome = take(package, [DECK, DECK | {"row_id": "S0001-002"}])
    assert [(f.rule, f.line) for f in outcome.findings] == [("double", 3)]
    outcome = take(package, [DECK, DECK])
    assert [(f.rule, f.field) for f in outcome.findings] == [("identifier", "row_id")]


def test_curled_quotes_do_no_harm(package: Path) -> None:
    words = "called the end \"a matter\u00a0of two days'"
    curled = SAID | {"content": words[:-1], "proposition": "x", "claim_location": "body"}
    assert take(package, [curled], dry_run=True).findings == []


def test_a_quotation_in_single_marks_or_of_a_term_is_found(package: Path) -> None:
    text = "‘No deal’ in Port Ostrel\n\nThe mayor, Lena Morrow, spoke of a “sea wolf” on Monday.\n"
    held = Text(text)
    for words in ("No deal", "sea wolf"):
        start = text.index(words)
        quoted = Span(start, start + len(words))
        assert held.quotations(quoted) == [quoted]
        assert held.quotations(Span(start - 1, start + len(words) + 1)) == [quoted]


def test_a_text_that_is_not_at_hand_is_asked_for(package: Path) -> None:
    shutil.rmtree(package / "texts")
    (package / "texts").mkdir()
    outcome = take(package, [DECK, SAID])  # told once, not at every row
    assert [(f.rule, f.field) for f in outcome.findings] == [("no-text", "text_sha256")]
    assert "the text of S0001 is not at hand" in outcome.findings[0].message
    assert "ONRECORD_TEXTS" in outcome.findings[0].fix


def test_a_companion_row_that_is_wrong_is_told_in_its_file(package: Path) -> None:
    row = SAID | {"speaker": "Orla Finn", "speaker_kind": "", "speaker_country": "", "speaker_sector": ""}
    actor = {"actor_id": "A+1", "actor_name": "Orla Finn", "actor_kind": "human", "anonymity": "named"}
    outcome = take(package, Worksheet.of([row], {"actors": [actor]}))
    place = f"{package.parent / 'w.actors.csv'}:2:3"
    assert [str(f.place) for f in outcome.findings if f.rule == "enum"] == [place]


def test_several_worksheets_are_taken_together_or_not_at_all(package: Path, tmp_path: Path) -> None:
    one, two = tmp_path / "one.csv", tmp_path / "two.xlsx"
    write(one, Worksheet.of([DECK]))
    write(two, Worksheet.of([SAID | {"stance": "perhaps"}]))
    before = tree(package)
    texts = package / "texts"
    assert accept(open_package(package), [one, two], SETTINGS, texts).findings[0].path == f"{two}[worksheet]"
    assert tree(package) == before
    write(two, Worksheet.of([SAID]))
    assert [t.claim_id for t in accept(open_package(package), [one, two], SETTINGS, texts).taken] == [
        "C00017",
        "C00018",
    ]


def test_the_command_says_what_it_did(package: Path) -> None:
    write(package / "w.csv", Worksheet.of([DECK, SAID, DECK | {"row_id": "S0001-3", "decision": "reject"}]))
    before = tree(package)
    dry = call("accept", "w.csv", "--dry-run", cwd=package)
    assert (dry.returncode, dry.stderr) == (0, "")
    assert tree(package) == before
    done = call("accept", "w.csv", "--date", "2031-06-01", cwd=package)
    assert done.returncode == 0
    assert done.stdout.replace("next: onrecord validate", "nothing written: a dry run") == dry.stdout
    lines = done.stdout.splitlines()
    assert lines[0] == "S0001-001  C00017  added"
    assert "left out: 1 reject" in lines
    assert any(line.split() == ["claims", "2", "added"] for line in lines)
    after = tree(package)
    assert "nothing to add" in call("accept", "w.csv", cwd=package).stdout
    assert tree(package) == after


def test_the_command_refuses_in_words(package: Path) -> None:
    write(package / "w.csv", Worksheet.of([DECK | {"stance": "afirm"}]))
    (package / ".~lock.w.csv#").write_text("x")
    done = call("accept", "w.csv", cwd=package)
    assert (done.returncode, done.stderr) == (1, "")
    assert "w.csv open-elsewhere" in done.stdout
    assert (
        "w.csv:2:23 enum: S0001-001: stance 'afirm' is no term of the vocabulary; did you mean affirm?" in done.stdout
    )
    assert done.stdout.endswith("nothing written: 2 findings to mend first\n")
    for arguments in (
        ("no.csv",),
        ("w.csv", "--date", "soon"),
        ("w.csv", "--texts", "nowhere"),
        ("w.csv", "--package", "nowhere"),
    ):
        refused = call("accept", *arguments, cwd=package)
        assert refused.returncode == 2, refused
        assert refused.stderr.count("\n") == 1, refused


def test_a_zip_is_refused(package: Path) -> None:
    write(package / "w.csv", Worksheet.of([DECK]))
    archive = shutil.make_archive(str(package.parent / "package"), "zip", package)
    with pytest.raises(PackageError, match="unpack it first"):
        accept(open_package(archive), [package / "w.csv"], SETTINGS)


def test_a_package_that_cannot_be_read_is_mended_first(package: Path) -> None:
    (package / "dataset/places.csv").write_bytes(b"\xff")
    with pytest.raises(PackageError, match=r"mend the package first: onrecord validate"):
        take(package, [DECK])


def test_killed_at_every_step_the_package_is_old_or_new(package: Path, tmp_path: Path) -> None:
    path = tmp_path / "w.csv"
    write(path, Worksheet.of([DECK, SAID]))
    old, moments = tree(package), [tree(package)]

    def note(_: str) -> None:
        if (now := tree(package)) != moments[-1]:
            moments.append(now)

    with stepping(note), mock.patch("onrecord.curate.accepting.check_written", return_value=[]):
        accept(open_package(package), [path], SETTINGS, package / "texts")
    new = tree(package)
    assert new != old
    for moment in moments:
        put(package, moment)
        recover(package)
        assert tree(package) in (old, new)


@pytest.fixture(scope="module")
def accepted(tmp_path_factory: pytest.TempPathFactory) -> Tree:
    """The minimal package after two rows were accepted."""
    package = copy_minimal(tmp_path_factory.mktemp("accepted") / "package")
    assert take(package, [DECK, SAID]).findings == []
    return tree(package)


@pytest.mark.parametrize("step", [3, 30, 60, 90])
def test_a_killed_command_leaves_old_or_new_and_the_next_ends_it(
    package: Path, tmp_path: Path, accepted: Tree, step: int
) -> None:
    write(tmp_path / "w.csv", Worksheet.of([DECK, SAID]))
    arguments = ["accept", str(tmp_path / "w.csv"), "--package"]
    old = tree(package)
    killed = subprocess.run(
        [sys.executable, "-c", STEPWISE, str(step), str(int(signal.SIGKILL)), str(package), *arguments, str(package)],
        capture_output=True, check=False, timeout=120, env={**os.environ, "ONRECORD_TEXTS": ""},
    )  # fmt: skip
    assert killed.returncode in (0, -signal.SIGKILL)
    recover(package)
    assert tree(package) in (old, accepted)
    assert call(*arguments, package).returncode == 0
    assert tree(package) == accepted


def test_what_the_reader_gives_can_be_written_and_accepted(package: Path, tmp_path: Path) -> None:
    write(tmp_path / "one.csv", Worksheet.of([DECK, SAID]))
    write(tmp_path / "two.xlsx", read(tmp_path / "one.csv"))
    write(tmp_path / "three.csv", read(tmp_path / "two.xlsx"))
    assert (tmp_path / "three.csv").read_bytes() == (tmp_path / "one.csv").read_bytes()
    outcome = accept(open_package(package), [tmp_path / "three.csv"], SETTINGS, package / "texts", dry_run=True)
    assert len(outcome.taken) == 2


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.dictionaries(
            st.sampled_from([name for name in column_names(2) if name not in ("row_id", "source_id", "text_sha256")]),
            st.one_of(
                st.sampled_from(["", "merge", "accept", "reject", "S0001-0", "S0001-1", "C00003", "C+S0001-1", "A+x", "A0006", "P0001",
                                 "lost", "explicit", "narration", "direct", "3-9", "0-1495", "1494-1496", "the harbour", " … ", "E0001", "+"]),
                st.text(max_size=6),
            ),
            max_size=5,
        ),
        min_size=1, max_size=3,
    )
)  # fmt: skip
def test_whatever_stands_in_the_cells_there_is_no_traceback(
    tmp_path_factory: pytest.TempPathFactory, changes: list[Row]
) -> None:
    if "minimal" not in _BASES:
        _BASES["minimal"] = copy_minimal(tmp_path_factory.mktemp("minimal") / "package")
    package = _BASES["minimal"]
    rows = [(DECK, SAID)[n % 2] | change | {"row_id": f"S0001-{n}"} for n, change in enumerate(changes)]
    companions = {
        "actors": [{"actor_id": "A+x", "actor_name": "X"}],
        "claim_links": [{"claim_id": "C+S0001-1", "other_claim_id": "C00001"}],
    }
    with mock.patch("onrecord.curate.accepting.check_written", return_value=[]):
        outcome = take(package, Worksheet.of(rows, companions), dry_run=True)
    assert all(f.line and f.path and f.message and f.fix for f in outcome.findings)
