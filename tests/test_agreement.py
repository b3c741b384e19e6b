"""Two codings: what is the same, alpha and its intervals, disagreements, and the table they go to."""

from __future__ import annotations

import csv
import json
import random
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import krippendorff
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import ROOT
from helpers import apply_edits, call, copy_minimal
from onrecord.curate.agreement import Agreement, Measured, agreement, measure
from onrecord.curate.agreement.alpha import FEWEST_TEXTS, Alpha, Unit, alpha, partition_alpha
from onrecord.curate.agreement.codings import Coding, coding_of, read_coding
from onrecord.curate.agreement.disagreements import disagreements
from onrecord.curate.agreement.matching import best_pairs, eligible, iou
from onrecord.curate.agreement.told import as_text
from onrecord.curate.spans import Span
from onrecord.curate.worksheet import Worksheet, read
from onrecord.evidence import find_texts
from onrecord.package import open_package
from onrecord.validate import validate

Rows = dict[str, list[dict[str, str]]]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_minimal(tmp_path_factory.mktemp("codings") / "package")


@pytest.fixture(scope="module")
def coding(folder: Path) -> Coding:
    found, faults = read_coding(str(folder))
    assert not faults
    return found


def changed(coding: Coding, change: Callable[[Rows], None]) -> Coding:
    """A copy of a coding after a change of its rows."""
    tables: Rows = {name: [dict(row) for row in rows] for name, rows in coding.tables.items()}
    change(tables)
    return Coding(coding.label, tables)


def measured(found: Agreement, field: str) -> Measured:
    return next(one for one in found.fields if f"{one.compared.table}.{one.compared.field}" == field)


def figures(found: Agreement) -> list[tuple[object, ...]]:
    """Everything that is reported but for identifiers and the order of the sides."""
    fields = [
        (m.compared.table, m.compared.field, len(m.compared.units), m.compared.either, m.alpha) for m in found.fields
    ]
    spans = [(s.part, sorted((s.a, s.b)), s.exact, s.overlapping) for s in found.spans]
    return [sorted(found.claims), len(found.alignment.pairs), *spans, *fields]


# Alpha


def units(a: str, b: str) -> list[Unit]:
    return [Unit("", f"{n:03}", x, y) for n, (x, y) in enumerate(zip(a.split(), b.split(), strict=True))]


def test_the_two_examples_of_krippendorff() -> None:
    """Computing Krippendorff's Alpha-Reliability (2011), sections A and B."""
    binary = units("0 1 0 0 0 0 0 0 1 0", "1 1 1 0 0 1 0 0 0 0")
    assert alpha(binary, "nominal").value == pytest.approx(0.095, abs=5e-4)
    nominal = units("a a b b d c c c e d d a", "b a b b b c c c e d d d")
    assert alpha(nominal, "nominal").value == pytest.approx(0.692, abs=5e-4)
    assert alpha(nominal, "nominal").agreed == 0.75


VALUES = st.lists(st.tuples(st.integers(1, 4), st.integers(1, 4)), max_size=14)


@settings(deadline=None)
@given(VALUES, st.sampled_from(["nominal", "ordinal"]))
def test_alpha_is_that_of_the_library(values: list[tuple[int, int]], level: Any) -> None:
    ours = alpha([Unit("", str(n), str(a), str(b)) for n, (a, b) in enumerate(values)], level, 5).value
    if len({value for pair in values for value in pair}) < 2:
        assert ours is None
    else:
        assert ours == pytest.approx(krippendorff.alpha(list(zip(*values, strict=True)), level_of_measurement=level))


@settings(deadline=None)
@given(VALUES)
def test_alpha_of_partitions_is_alpha_over_all_pairs(values: list[tuple[int, int]]) -> None:
    ours = partition_alpha([Unit("", str(n), str(a), str(b)) for n, (a, b) in enumerate(values)], 5).value
    pairs = [(x, y) for n, x in enumerate(values) for y in values[:n]]
    alike = [[int(x[side] == y[side]) for x, y in pairs] for side in (0, 1)]
    if len({*alike[0], *alike[1]}) < 2:
        assert ours is None
    else:
        assert ours == pytest.approx(krippendorff.alpha(alike, level_of_measurement="nominal"))


@settings(deadline=None)
@given(VALUES, st.randoms(use_true_random=False))
def test_order_and_sides_do_not_matter_to_alpha_and_its_interval(
    values: list[tuple[int, int]], chance: random.Random
) -> None:
    some = [Unit("t", str(n), str(a), str(b)) for n, (a, b) in enumerate(values)]
    other = [Unit(u.text, u.name, u.b, u.a) for u in some]
    chance.shuffle(other)
    assert alpha(some, "nominal", 50) == alpha(other, "nominal", 50)
    assert partition_alpha(some, 50) == partition_alpha(other, 50)


def test_one_value_only_leaves_alpha_undefined_and_says_that_all_agree() -> None:
    assert alpha(units("a a a", "a a a"), "nominal") == Alpha(None, 1.0)
    assert alpha([], "nominal") == Alpha(None, None)


def test_the_interval_holds_alpha_and_narrows_with_more_units() -> None:
    few, many = (alpha(units("a b a b c a " * n, "a b b b c c " * n), "nominal") for n in (5, 50))
    assert few.value is not None
    for one in (few, many):
        assert one.low < one.value < one.high
    assert many.high - many.low < (few.high - few.low) / 2


def test_with_enough_texts_whole_texts_are_resampled() -> None:
    """Units within a text that all fail together make a wider interval than the same units one by one."""
    texts = [("a b a b", "a b a b")] * FEWEST_TEXTS + [("a b a b", "b a b a")] * FEWEST_TEXTS
    together = [
        Unit(f"text {t}", str(n), x, y)
        for t, (a, b) in enumerate(texts)
        for n, (x, y) in enumerate(zip(a.split(), b.split(), strict=True))
    ]
    alone = [Unit("", f"{u.text} {u.name}", u.a, u.b) for u in together]
    wide, narrow = alpha(together, "nominal"), alpha(alone, "nominal")
    assert wide.value == narrow.value
    assert wide.high - wide.low > 1.5 * (narrow.high - narrow.low)


# Passages

SPANS = st.lists(st.tuples(st.integers(0, 30), st.integers(1, 9)).map(lambda s: Span(s[0], s[0] + s[1])), max_size=4)


@settings(deadline=None)
@given(SPANS, SPANS)
def test_iou_counts_characters(a: list[Span], b: list[Span]) -> None:
    one, other = ({n for s in spans for n in range(s.start, s.end)} for spans in (a, b))
    assert iou(a, b) == pytest.approx(len(one & other) / max(1, len(one | other)))


@settings(deadline=None)
@given(st.lists(SPANS, max_size=5), st.lists(SPANS, max_size=5))
def test_passages_are_paired_one_to_one_for_the_greatest_sum(a: list[list[Span]], b: list[list[Span]]) -> None:
    shares = eligible(a, b)
    pairs = best_pairs({pair: [share] for pair, share in shares.items()})
    assert all(shares[pair] >= 0.5 for pair in pairs)
    assert len({m for m, _ in pairs}) == len({n for _, n in pairs}) == len(pairs)
    assert sum(shares[p] for p in pairs) == pytest.approx(best_sum(shares, range(len(a))), abs=1e-4)


def best_sum(shares: dict[tuple[int, int], float], left: range, taken: frozenset[int] = frozenset()) -> float:
    if not left:
        return 0.0
    first, rest = left[0], left[1:]
    options = [best_sum(shares, rest, taken)]
    options += [
        share + best_sum(shares, rest, taken | {n}) for (m, n), share in shares.items() if m == first and n not in taken
    ]
    return max(options)


# Codings


def test_a_coding_agrees_with_itself(coding: Coding) -> None:
    found = measure(coding, coding, 20)
    assert found.aligned == 1
    assert {one.f1(same) for one in found.spans for same in (one.exact, one.overlapping)} == {1.0}
    assert {one.alpha.value for one in found.fields} == {1.0, None}
    assert [one.alpha.value for one in found.fields].count(None) < 10
    assert all(one.alpha.agreed in (1.0, None) for one in found.fields)
    assert all(one.note.startswith(("no units", "not defined")) for one in found.fields if one.alpha.value is None)
    assert disagreements(found, {}) == []


def renamed(coding: Coding, chance: random.Random) -> Coding:
    """The same coding with other identifiers, in tables whose rows stand in another order."""
    keys = {"claims": "claim_id", "actors": "actor_id", "propositions": "proposition_id", "events": "event_id", "sources": "source_id", "places": "place_id", "evidence": "evidence_id"}  # fmt: skip
    new: dict[str, str] = {}
    for table, key in keys.items():
        old = [row[key] for row in coding.rows(table)]
        new |= dict(zip(old, chance.sample([f"{o[0]}{n:05}" for n, o in enumerate(old, 70)], len(old)), strict=True))

    def change(tables: Rows) -> None:
        for rows in tables.values():
            chance.shuffle(rows)
            for row in rows:
                row |= {
                    name: new.get(cell, cell)
                    for name, cell in row.items()
                    if name.endswith("_id") or name == "republished_from"
                }

    return changed(coding, change)


def perturbed(coding: Coding, chance: random.Random) -> Coding:
    """Another coder's coding: claims left out, values and propositions changed, spans moved."""

    def change(tables: Rows) -> None:
        gone = {row["claim_id"] for row in tables["claims"] if chance.random() < 0.15}
        for name in ("claims", "attributions", "evidence"):
            tables[name] = [row for row in tables[name] if row["claim_id"] not in gone]
        for row in tables["claims"]:
            if chance.random() < 0.3:
                row["stance"] = chance.choice(["affirm", "deny", "expect"])
            if chance.random() < 0.3:
                row["speaker_id"] = chance.choice(["A0006", "A0007", ""])
            if chance.random() < 0.3:
                row["proposition_id"] = chance.choice(["P0001", "P0002", "P0003"])
        for row in tables["propositions"]:
            if chance.random() < 0.5:
                row["proposition"] += ", they say"
                row["proposition_kind"] = "fact"
        for row in tables["evidence"]:
            row["end_char"] = str(int(row["end_char"]) + chance.choice([0, 0, 5, 40]))
        tables["actors"][8]["actor_name"] = "officials of the harbour, unnamed, 2031"

    return changed(coding, change)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_identifiers_order_and_sides_change_nothing(coding: Coding, seed: int) -> None:
    chance = random.Random(seed)
    other = perturbed(coding, chance)
    found = measure(coding, other, 20)
    assert 0 < len(found.alignment.pairs) <= min(found.claims)
    assert figures(measure(other, coding, 20)) == figures(found)
    assert figures(measure(renamed(coding, chance), renamed(other, chance), 20)) == figures(found)


def unkept(tables: Rows) -> None:
    """Take the texts away: sources are known by their addresses, and nothing has spans."""
    for number, row in enumerate(tables["sources"]):
        row |= {"text_sha256": "", "text_length": "", "access": "excerpt", "url": f"https://example.org/{number}"}
    tables["evidence"], tables["source_ranges"] = [], []


def test_without_texts_claims_are_the_same_by_their_words(coding: Coding) -> None:
    bare = changed(coding, unkept)
    found = measure(bare, bare, 20)
    assert found.aligned == 1
    assert {(pair.a, pair.text[:19]) for pair in found.alignment.pairs} == {
        (pair.b, "https://example.org") for pair in found.alignment.pairs
    }

    def reworded(tables: Rows) -> None:
        tables["claims"][0]["claim_summary"] = "Nothing of all this is known to anybody in the town hall."
        tables["claims"][6] |= {
            "claim_summary": tables["claims"][6]["claim_summary"] + " So it says.",
            "stance": "affirm",
        }

    other = measure(bare, changed(bare, reworded), 20)
    assert "claims.stance" in {f"{m.compared.table}.{m.compared.field}" for m in other.fields if m.unlike}
    first = bare.rows("claims")[0]["claim_id"]
    assert {pair.a for pair in other.alignment.pairs if pair.a != pair.b} <= {first}
    assert "C00007" in {pair.a for pair in other.alignment.pairs}


def test_an_original_that_nobody_read_is_the_same_whatever_it_is_called(coding: Coding) -> None:
    def titled(title: str) -> Callable[[Rows], None]:
        def change(tables: Rows) -> None:
            unkept(tables)
            row = tables["sources"][0]
            tables["sources"].append(row | {"source_id": "S0900", "title": title, "url": "", "coding_scope": "none"})
            tables["sources"][1]["republished_from"] = "S0900"

        return change

    one, other = (changed(coding, titled(title)) for title in ("Report of an agency on cranes", "Agency report, 8 May"))
    found = measured(measure(one, other, 20), "sources.republished_from")
    assert not found.unlike
    assert "agency" in max(unit.a for unit in found.compared.units)


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_without_texts_sides_change_nothing(coding: Coding, seed: int) -> None:
    chance = random.Random(seed)
    bare = changed(coding, unkept)
    other = perturbed(bare, chance)
    found = measure(bare, other, 20)
    assert 0 < len(found.alignment.pairs) <= min(found.claims)
    assert figures(measure(other, bare, 20)) == figures(found)


def test_a_stance_that_differs_lowers_stance_and_nothing_else(coding: Coding) -> None:
    def change(tables: Rows) -> None:
        tables["claims"][6]["stance"] = "affirm"

    found = measure(coding, changed(coding, change), 20)
    assert [f"{m.compared.table}.{m.compared.field}" for m in found.fields if m.unlike] == ["claims.stance"]
    stance = measured(found, "claims.stance")
    assert (len(stance.compared.units), stance.alpha.agreed) == (16, 15 / 16)
    assert 0.8 < stance.alpha.value < 1


def test_claims_on_one_passage_are_told_apart_by_source_and_summary_not_by_what_is_judged(coding: Coding) -> None:
    """C00014 and C00015 rest on overlapping words of one speaker: swapped stances stay a disagreement."""

    def one(tables: Rows) -> None:
        span = next(r for r in tables["evidence"] if r["claim_id"] == "C00014" and r["part"] == "content")
        for row in tables["evidence"]:
            if row["claim_id"] == "C00015" and row["part"] == "content":
                row |= {"start_char": span["start_char"], "end_char": span["end_char"]}

    def other(tables: Rows) -> None:
        one(tables)
        claims = {row["claim_id"]: row for row in tables["claims"]}
        claims["C00014"]["stance"], claims["C00014"]["certainty"] = "deny", "CT-"

    a, b = changed(coding, one), changed(coding, other)
    found = measure(a, b, 20)
    assert ("C00014", "C00014") in {(p.a, p.b) for p in found.alignment.pairs}
    assert [u.a for u in measured(found, "claims.stance").unlike] == ["affirm"]


def test_an_identifier_minted_for_something_else_is_not_the_same(coding: Coding) -> None:
    def change(tables: Rows) -> None:
        for row in tables["actors"]:
            if row["actor_id"] in ("A0006", "A0007"):
                row["actor_name"] = {"A0006": "Mara Tolvane", "A0007": "Ivo Castellane"}[row["actor_id"]]

    found = measure(coding, changed(coding, change), 20)
    assert len(measured(found, "claims.speaker_id").unlike) == 8


def test_another_name_of_an_actor_is_that_actor(coding: Coding) -> None:
    row = next(row for row in coding.rows("actor_names") if row["name_kind"] == "alias")

    def change(tables: Rows) -> None:
        tables["actor_names"] = []
        next(r for r in tables["actors"] if r["actor_id"] == row["actor_id"])["actor_name"] = row[
            "alternative_name"
        ].upper()

    assert measured(measure(coding, changed(coding, change), 20), "claims.speaker_id").unlike == []


def test_unnamed_actors_are_the_same_where_their_words_are(coding: Coding) -> None:
    def change(tables: Rows) -> None:
        tables["actors"][8]["actor_name"] = "people of the harbour, unnamed, 2031"

    found = measure(coding, changed(coding, change), 20)
    assert measured(found, "claims.speaker_id").unlike == []

    def elsewhere(tables: Rows) -> None:
        change(tables)
        tables["evidence"] = [r for r in tables["evidence"] if (r["claim_id"], r["part"]) != ("C00006", "source")]

    assert len(measured(measure(coding, changed(coding, elsewhere), 20), "claims.speaker_id").unlike) == 1


def test_a_proposition_split_by_one_coder_is_seen_without_its_words(coding: Coding) -> None:
    def other_words(tables: Rows) -> None:
        for number, row in enumerate(tables["propositions"]):
            row["proposition"] = f"In other words {number}"

    reworded = changed(coding, other_words)
    assert measured(measure(coding, reworded, 20), "propositions.proposition").alpha.value == 1

    def split(tables: Rows) -> None:
        tables["claims"][0]["proposition_id"] = "P0004"

    assert measured(measure(coding, changed(reworded, split), 20), "propositions.proposition").alpha.value < 0.9


def test_a_condition_is_compared_as_there_or_not(coding: Coding) -> None:
    def change(tables: Rows) -> None:
        for row in tables["claims"]:
            row["claim_condition"] = row["claim_condition"] and "Said otherwise"

    assert measured(measure(coding, changed(coding, change), 20), "claims.claim_condition").alpha.value == 1


def test_only_texts_of_both_count(coding: Coding) -> None:
    def change(tables: Rows) -> None:
        tables["claims"] = [row for row in tables["claims"] if row["source_id"] == "S0001"]
        tables["sources"][1] |= {"coding_scope": "none", "coded_by": "", "coded_on": ""}

    found = measure(coding, changed(coding, change), 20)
    assert (found.claims, found.aligned) == ((12, 12), 1)
    assert found.alone == (["Cranes Stand Still in Port Ostrel"], [])
    assert "left out, coded in A alone: Cranes Stand Still" in as_text(found)


# Worksheets


def as_worksheet(coding: Coding, decision: str = "accept") -> Worksheet:
    """All claims of a coding as the rows of a worksheet, by way of the claims that another coder lacks."""

    def empty(tables: Rows) -> None:
        for name in ("claims", "attributions", "evidence"):
            tables[name] = []

    rows = disagreements(measure(coding, changed(coding, empty), 5), {})
    return Worksheet.of({**row, "decision": decision} for row in rows)


def test_a_worksheet_is_a_coding(coding: Coding) -> None:
    sheet, faults = coding_of("sheet", as_worksheet(coding))
    assert not faults
    found = measure(coding, sheet, 20)
    assert (found.claims, found.aligned) == ((16, 16), 1)
    assert [m.compared.field for m in found.fields if m.unlike] == []
    assert {s.f1(s.exact) for s in found.spans} == {1.0}


def test_rows_that_were_not_accepted_do_not_count(coding: Coding) -> None:
    worksheet = as_worksheet(coding)
    worksheet.rows[0]["decision"], worksheet.rows[1]["decision"] = "reject", ""
    sheet, _ = coding_of("sheet", worksheet)
    assert measure(coding, sheet, 5).claims == (16, 14)


def test_a_merged_row_gives_its_spans_to_another_claim(coding: Coding) -> None:
    worksheet = as_worksheet(coding)
    row = worksheet.rows[1]
    row |= {"decision": "merge", "merge_into": worksheet.rows[0]["row_id"]}
    sheet, _ = coding_of("sheet", worksheet)
    spans = sheet.spans(worksheet.rows[0]["row_id"], "content")
    assert " ".join(f"{s.start}-{s.end}" for s in spans).endswith(row["content_span"])
    assert len(spans) == 2


@pytest.mark.parametrize(
    ("cells", "says"),
    [
        ({"content_span": "12 to 40"}, "'12' is no span"),
        ({"content_span": "40-12"}, "'40-12' is no span"),
        ({"text_sha256": "0" * 64}, "has another text_sha256 here than above"),
        ({"proposition": "", "proposition_id": ""}, "says neither proposition_id nor proposition"),
    ],
)
def test_what_is_wrong_with_a_row_is_found(coding: Coding, cells: dict[str, str], says: str) -> None:
    worksheet = as_worksheet(coding)
    worksheet.rows[3] |= cells
    _, faults = coding_of("sheet", worksheet)
    assert says in str(faults[0])


# Disagreements


def test_disagreements_are_rows_of_a_worksheet(coding: Coding, folder: Path) -> None:
    def change(tables: Rows) -> None:
        tables["claims"][6] |= {"stance": "affirm", "certainty": "CT+"}
        tables["claims"] = tables["claims"][:-1]
        tables["claims"][0]["speaker_id"] = "A0007"

    found = measure(coding, changed(coding, change), 5)
    rows = disagreements(found, find_texts(folder / "texts"))
    assert [row["remark"] for row in rows] == [
        "B: speaker Mara Tolvane",
        "B: stance affirm; certainty CT+",
        "B has no such claim",
    ]
    assert {row["decision"] for row in rows} == {""}
    assert [row["stance"] for row in rows] == ["noncommittal", "deny", "affirm"]
    assert rows[1]["content"] == "the strike would end by Friday"
    start = int(rows[1]["passage_start"])
    text = find_texts(folder / "texts")[rows[1]["text_sha256"]]
    assert text[start:].startswith(rows[1]["passage"])
    assert rows[1]["content"] in rows[1]["passage"]


def test_what_b_alone_has_is_said_in_identifiers_of_a(coding: Coding) -> None:
    other = renamed(coding, random.Random(1))

    def change(tables: Rows) -> None:
        tables["claims"] = tables["claims"][1:]

    rows = disagreements(measure(changed(coding, change), other, 5), {})
    assert [row["remark"] for row in rows] == ["A has no such claim"]
    assert (rows[0]["speaker_id"], rows[0]["proposition_id"], rows[0]["source_id"]) == ("A0005", "P0001", "S0001")


# The command


@pytest.fixture
def two(tmp_path: Path) -> tuple[Path, Path]:
    a, b = copy_minimal(tmp_path / "a"), copy_minimal(tmp_path / "b")
    apply_edits(b, [{"table": "claims", "key": {"claim_id": "C00009"}, "set": {"speech_act": "predict"}}])
    return a, b


def test_the_command_measures_writes_and_leaves_a_valid_package(two: tuple[Path, Path], tmp_path: Path) -> None:
    a, b = two
    done = call(
        "agreement", a, b, "--write", a, "--disagreements", tmp_path / "both.xlsx", ONRECORD_TEXTS=str(a / "texts")
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"^claims\.speech_act +16 +100% +94% +0\.93 ", done.stdout, re.MULTILINE)
    assert re.search(r"^claims\.stance +16 +100% +100% +1\.00 ", done.stdout, re.MULTILINE)
    assert [row["remark"] for row in read(tmp_path / "both.xlsx").rows] == ["B: speech_act predict"]
    with (a / "dataset/agreement.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    act = next(row for row in rows if row["field_name"] == "speech_act")
    assert (act["units"], act["coders"], act["alpha"], act["agreement_version"]) == ("16", "2", "0.927", "0.1.0")
    report = validate(open_package(a), a / "texts")
    assert report.findings == []
    again = call("agreement", a, b, "--write", a)
    assert "written" not in again.stderr


def test_a_version_measured_before_stays(two: tuple[Path, Path]) -> None:
    a, b = two
    for version in ("0.1.0", "0.2.0", "0.1.0"):
        assert call("agreement", a, b, "--write", a, "--version", version).returncode == 0
    with (a / "dataset/agreement.csv").open(newline="") as file:
        versions = [row["agreement_version"] for row in csv.DictReader(file)]
    assert versions.count("0.1.0") == versions.count("0.2.0") > 20


def test_json_lists_every_unit_that_differs(two: tuple[Path, Path]) -> None:
    found = json.loads(call("agreement", *two, "--json").stdout)
    act = next(field for field in found["fields"] if field["field"] == "speech_act")
    assert [(one["a"], one["b"]) for one in act["unlike"]] == [("warn", "predict")]
    assert found["aligned"] == {"claims": 16, "share": 1.0}
    assert any("16 rows" not in note and "rows of actors" in note for note in found["notes"])


def test_another_edition_is_a_finding_and_nothing_is_written(two: tuple[Path, Path], tmp_path: Path) -> None:
    a, b = two
    apply_edits(b, [{"table": "sources", "key": {"source_id": "S0001"}, "set": {"text_sha256": "0" * 64}}])
    done = call("agreement", a, b, "--disagreements", tmp_path / "both.csv", "--write", a)
    assert done.returncode == 1
    assert "edition: the text of S0001 has the hash" in done.stdout
    assert not (tmp_path / "both.csv").exists()
    assert (a / "dataset/agreement.csv").read_text().count("\n") == 1


def no_texts(a: Path, b: Path) -> None:
    path = b / "dataset/sources.csv"
    lines = path.read_text().splitlines(keepends=True)
    path.write_text(re.sub(r"[0-9a-f]{64}", "", re.sub(r"full,2031-06-01,person,[0-9]+", "none,,,", "".join(lines))))


def damaged(a: Path, b: Path) -> None:
    path = b / "dataset/evidence.csv"
    path.write_text(path.read_text().replace("source,1,67,72,", "source,1,67,six,"))


BAD = {
    "no text in common": (no_texts, [], 1, "no text in common"),
    "a span that is none": (damaged, [], 1, "dataset/evidence.csv:2:5 span: '67' to 'six' is no stretch of a text"),
    "a version that is none": (None, ["--write", "A", "--version", "one"], 2, "'one' is no version"),
    "a version for nothing": (None, ["--version", "0.1.0"], 2, "name the package with --write"),
    "a worksheet of another kind": (None, ["--disagreements", "both.ods"], 2, "a worksheet is a .csv or an .xlsx"),
    "a package that is not there": (None, ["--write", "nowhere"], 2, "nowhere: no such folder"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_said_in_a_line(case: str, two: tuple[Path, Path]) -> None:
    spoil, options, status, says = BAD[case]
    if spoil:
        spoil(*two)
    done = call("agreement", *two, *(str(two[0]) if option == "A" else option for option in options), cwd=two[0].parent)
    assert done.returncode == status
    assert says in done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert (two[0] / "dataset/agreement.csv").read_text().count("\n") == 1


def test_a_damaged_worksheet_is_told_with_its_line(tmp_path: Path, two: tuple[Path, Path]) -> None:
    sheet = tmp_path / "sheet.csv"
    sheet.write_text("decision,row_id\naccept,S0001-001\n")
    done = call("agreement", two[0], sheet)
    assert done.returncode == 1
    assert "column 'source_id' is missing" in done.stdout


def test_two_codings_of_the_real_texts() -> None:
    """The dataset against itself: every claim aligned, also where several rest on one passage."""
    found, faults = agreement(str(ROOT), str(ROOT), 5)
    assert not faults
    assert found is not None
    assert found.aligned == 1
    assert {m.alpha.value for m in found.fields} <= {1.0, None}
