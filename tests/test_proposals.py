"""Proposals as a whole: rows of a worksheet from a text and its attributions, and the command that writes them."""

from __future__ import annotations

import csv
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers import MINIMAL, call, copy_minimal
from onrecord.curate.cellform import LIMIT
from onrecord.curate.columns import column_names
from onrecord.curate.extract import extract
from onrecord.curate.passages import cuts_word
from onrecord.curate.proposals import FILLED_FROM, Proposals, propose
from onrecord.curate.resolve.background import Background, background
from onrecord.curate.spans import Attribution, Span
from onrecord.curate.suggesting import guesses, suggest
from onrecord.curate.worksheet import Worksheet, read, write
from onrecord.dates import bounds
from onrecord.package import Package, open_package

COURIER = (MINIMAL / "texts" / "courier.txt").read_text("utf-8")
TEXT = """\
Ferry strike looms
Lena Morrow, mayor of Halvermouth, told Coastwire on Monday that the ferries “could stop”.
The Harbour Gazette reported on 4 May that the owners plan to sell, citing two people close to them.
According to the newspaper, the owners will not pay.
Asked about wages, harbour owner Finn Aldous declined to comment.
Danish officials said the strike was over. The officials said ferries were sailing.
Nils Overgaard, who owns three ferries, added that he was unaware of any sale.
Morrow denied that the harbour was closed.
The harbour is expected to open soon.
The owners have not commented.
"""


def at(words: str, text: str = TEXT, number: int = 0) -> tuple[Span, ...]:
    start = -1
    for _ in range(number + 1):
        start = text.index(words, start + 1)
    return (Span(start, start + len(words)),)


def one(
    content: str, cue: str, source: str, kind: str = "statement", quote: str = "indirect", **more: int
) -> Attribution:
    cues = at(cue, number=more.get("nth_cue", 0)) if cue else ()
    sources = at(source, number=more.get("nth_source", 0)) if source else ()
    return Attribution(at(content), cues, sources, quote, more.get("parent"), kind, 0.9, "made by hand")


CITED = [
    one("the ferries “could stop", "told", "Lena Morrow, mayor of Halvermouth", quote="mixed"),
    one("the owners plan to sell", "reported", "The Harbour Gazette"),
    one("the owners plan to sell", "citing", "two people close to them", parent=1),
    one("the owners will not pay", "According to", "the newspaper"),
    one("wages", "declined to comment", "harbour owner Finn Aldous", kind="refusal"),
    one("the strike was over", "said", "Danish officials", nth_cue=0),
    one("ferries were sailing", "said", "The officials", nth_cue=1),
    one("he was unaware of any sale", "added", "Nils Overgaard"),
    one("the harbour was closed", "denied", "Morrow", nth_source=1),
    one("The harbour", "is expected", "", quote="indirect"),
]


@pytest.fixture(scope="module")
def minimal(tmp_path_factory: pytest.TempPathFactory) -> Package:
    return open_package(copy_minimal(tmp_path_factory.mktemp("minimal") / "package"))


@pytest.fixture(scope="module")
def known(minimal: Package) -> Background:
    return background(minimal)


def with_source(known: Background, **more: str) -> Background:
    blank = dict.fromkeys(known.tables["sources"][0], "")
    row = blank | {
        "source_id": "S0009", "publisher_id": "A0002", "published_edtf": "2031-05-08", "text_sha256": "0" * 64,
        "retrieved": "2031-05-20",
    } | more  # fmt: skip
    ranges = [{"source_id": "S0009", "start_char": "0", "end_char": "18", "range_kind": "headline"}]
    tables = dict(known.tables)
    return Background(tables | {"sources": [*tables["sources"], row], "source_ranges": ranges})


@pytest.fixture(scope="module")
def proposed(known: Background) -> Proposals:
    return propose(TEXT, "S0009", with_source(known), CITED)


def row(proposed: Proposals, content: str) -> dict[str, str]:
    return next(r for r in proposed.rows if content in r["content"])


def test_told_an_agency_is_a_hop_with_its_date_and_channel(proposed: Proposals) -> None:
    found = row(proposed, "could stop")
    assert (found["hop_1_actor_id"], found["hop_2_actor_id"], found["speaker_id"]) == ("A0003", "A0008", "A0008")
    assert (found["hop_1_cue"], found["hop_2_cue"]) == ("told", "told")
    assert TEXT[slice(*map(int, found["hop_1_source_span"].split("-")))] == "Coastwire"
    assert (found["channel"], found["hop_1_channel"]) == ("news_agency", "news_agency")
    assert (found["said_edtf"], found["said_basis"]) == ("2031-05-05", "weekday")
    assert TEXT[slice(*map(int, found["time_span"].split("-")))] == "on Monday"
    assert (found["stance"], found["certainty"], found["quote_type"]) == ("expect", "PS+", "mixed")


def test_a_nested_attribution_is_a_chain_and_a_dated_report_bounds_it(proposed: Proposals) -> None:
    found = row(proposed, "the owners plan to sell")
    assert [found["hop_1_actor"], found["hop_1_said_edtf"], found["hop_1_kind"]] == [
        "Harbour Gazette",
        "2031-05-04",
        "explicit",
    ]
    assert found["speaker"] == "People close to them, unnamed, Harbour Gazette 4 May 2031 via Halvermouth Echo"
    assert (found["speaker_anonymity"], found["speaker_kind"], found["speaker_id"]) == ("unnamed_group", "group", "")
    assert (found["said_edtf"], found["said_basis"], found["proposition_kind"]) == (
        "../2031-05-04",
        "relative",
        "intent",
    )


def test_a_new_actor_of_an_earlier_hop_comes_with_its_row(proposed: Proposals) -> None:
    found = row(proposed, "the owners plan to sell")
    assert found["hop_1_actor_id"].startswith("A+")
    new = {actor["actor_id"]: actor for actor in proposed.actors}[found["hop_1_actor_id"]]
    assert (new["actor_name"], new["actor_kind"], new["sector"]) == ("Harbour Gazette", "media_outlet", "JRN")


def test_the_newspaper_points_back_and_its_named_origin_is_implicit(proposed: Proposals) -> None:
    found = row(proposed, "the owners will not pay")
    assert (found["hop_1_actor"], found["hop_2_kind"]) == ("Harbour Gazette", "implicit")
    assert "speaker" in found["guesses"].split()
    assert (found["stance"], found["certainty"]) == ("deny", "CT-")
    assert "not" not in found["proposition"].split()


def test_a_refusal_is_noncommittal(proposed: Proposals) -> None:
    found = row(proposed, "wages")
    assert (found["speech_act"], found["stance"], found["certainty"]) == ("decline_comment", "noncommittal", "Uu")
    assert (found["speaker"], found["speaker_kind"], found["speaker_anonymity"]) == ("Finn Aldous", "person", "named")
    assert found["claim_summary"] == "Finn Aldous took no position on wages."


def test_unnamed_groups_are_named_by_the_rule_and_the_same_in_the_source_as_a_guess(proposed: Proposals) -> None:
    first, again = row(proposed, "the strike was over"), row(proposed, "ferries were sailing")
    assert first["speaker"] == again["speaker"] == "Danish officials, unnamed, Halvermouth Echo 8 May 2031"
    assert first["speaker_country"] == "DNK"
    assert "speaker" not in first["guesses"].split()
    assert "speaker" in again["guesses"].split()


def test_a_clause_beside_the_saying_is_narration(proposed: Proposals) -> None:
    found = row(proposed, "who owns three ferries")
    assert (found["quote_type"], found["speaker_id"], found["channel"]) == ("narration", "A0002", "press_report")
    assert (found["said_edtf"], found["said_basis"]) == ("2031-05-08", "publication")
    assert not any(name.startswith("hop_") for name in found)
    assert row(proposed, "unaware of any sale")["stance"] == "noncommittal"


def test_denial_silence_headline_and_what_nobody_is_said_to_expect(proposed: Proposals) -> None:
    denied = row(proposed, "the harbour was closed")
    assert (denied["speaker_id"], denied["stance"], denied["certainty"]) == ("A0008", "deny", "CT-")
    silent = row(proposed, "have not commented")
    assert (silent["quote_type"], silent["proposition_kind"], silent["stance"]) == ("narration", "absence", "affirm")
    assert row(proposed, "Ferry strike looms")["claim_location"] == "headline"
    expected = row(proposed, "The harbour")
    assert (expected["quote_type"], expected["speaker_id"], expected["hop_1_kind"]) == ("agentless", "", "agentless")


def test_the_rows_are_a_worksheet_that_comes_back(known: Background, proposed: Proposals, tmp_path: Path) -> None:
    from onrecord.curate.worksheet import Worksheet

    assert set().union(*proposed.rows) <= set(column_names(8))
    for suffix in ("csv", "xlsx"):
        write(tmp_path / f"S0009.{suffix}", Worksheet.of(proposed.rows, {"actors": proposed.actors}))
        back = read(tmp_path / f"S0009.{suffix}")
        assert [r["content"] for r in back.rows] == [r["content"] for r in proposed.rows]
        assert [r["actor_name"] for r in back.companions["actors"].rows] == [a["actor_name"] for a in proposed.actors]


def check(text: str, rows: list[dict[str, str]]) -> None:
    """What every row must hold, whatever the text."""
    assert [r["row_id"] for r in rows] == sorted({r["row_id"] for r in rows})
    for r in rows:
        spans = [tuple(map(int, part.split("-"))) for part in r["content_span"].split()]
        assert all(0 <= start <= end <= len(text) for start, end in spans)
        assert r["content"] == " … ".join(text[start:end] for start, end in spans)
        start = int(r["passage_start"])
        assert text[start : start + len(r["passage"])] == r["passage"]
        assert (r["stance"] == "noncommittal") == (r["certainty"] == "Uu")
        assert (r["stance"] == "deny") == r["certainty"].endswith("-")
        assert r["stance"] != "expect" or r["certainty"] in ("PR+", "PS+")
        assert r["speech_act"] != "decline_comment" or r["stance"] == "noncommittal"
        assert not bounds(r["said_edtf"]).problem
        assert (r["window_basis"] == "none") == (r["window_edtf"] == "")
        assert 0 <= float(r["confidence"]) <= 1
        assert r["reason"]
        assert set(r["guesses"].split()) <= set(column_names())
        hops = [r[f"hop_{n}_kind"] for n in range(1, 9) if f"hop_{n}_kind" in r]
        assert bool(hops) == (r["quote_type"] != "narration")
        assert all(kind in ("explicit", "implicit") for kind in hops[:-1])
        assert not hops or (r[f"hop_{len(hops)}_actor"] == r["speaker"])
        assert bool(r.get("claim_condition", "")) == ("condition_span" in r)


def test_what_every_row_must_hold(proposed: Proposals) -> None:
    check(TEXT, proposed.rows)


SPAN = st.tuples(st.integers(0, len(TEXT) - 2), st.integers(1, 60)).map(
    lambda p: (Span(p[0], min(p[0] + p[1], len(TEXT))),)
)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            SPAN,
            SPAN,
            st.one_of(st.just(()), SPAN),
            st.sampled_from(["statement", "refusal", "absence"]),
            st.booleans(),
        ),
        max_size=5,
    )
)
def test_any_attributions_give_rows_that_hold(known: Background, parts: list[tuple[tuple[Span, ...], ...]]) -> None:
    made = [
        Attribution(content, cue, source, "indirect", n - 1 if nested and n else None, kind, 0.9, "any")
        for n, (content, cue, source, kind, nested) in enumerate(parts)
    ]
    check(TEXT, propose(TEXT, "S0009", with_source(known), made).rows)


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet=st.one_of(st.sampled_from("aeT .,;:!?“”\"'’\n–(["), st.characters()), max_size=200))
def test_any_text_gives_rows_that_hold(known: Background, text: str) -> None:
    source = with_source(known)
    bare = Background(source.tables | {"source_ranges": []})
    check(text, propose(text, "S0009", bare, []).rows)


@pytest.mark.parametrize("published", ["", "2031", "2031-05", "2031-05-08", "../2031-05-08", "2031-05-08~"])
def test_a_source_of_any_date_of_publication(known: Background, published: str) -> None:
    rows = propose(TEXT, "S0009", with_source(known, published_edtf=published), CITED).rows
    assert len(rows) > len(CITED)
    assert all(not bounds(r["said_edtf"]).problem for r in rows)
    assert all(r["said_edtf"] or "said_edtf" in r["guesses"] for r in rows)


def test_a_known_proposition_is_filled_in_only_when_like_enough(known: Background) -> None:
    text = "Ferry strike looms\nCrane drivers in Port Ostrel walked out on 5 May 2031. The moon is made of cheese."
    _, first, second = propose(text, "S0009", with_source(known), []).rows
    assert (first["proposition_id"], first["candidates"].split()[0]) == ("P0003", "P0003")
    assert float(first["candidates"].split()[1]) >= FILLED_FROM
    assert (
        first["claim_summary"] == "Halvermouth Echo reports that Crane drivers in Port Ostrel walked out on 5 May 2031."
    )
    assert second.get("proposition_id", "") == ""
    assert {"proposition", "claim_summary"} <= set(second["guesses"].split())


def test_a_refusal_that_names_no_matter_gets_no_silence_for_its_proposition(known: Background) -> None:
    text = (
        "Ferry strike looms\nThe Ostrel Harbour Authority has not answered the letter. The union declined to comment."
    )
    silent = Attribution(
        at("to comment", text), at("declined", text), at("The union", text), "indirect", None, "refusal", 0.9, ""
    )
    found = next(r for r in propose(text, "S0009", with_source(known), [silent]).rows if r["stance"] == "noncommittal")
    assert found["speech_act"] == "decline_comment"
    assert found.get("proposition_id", "") != "P0004"
    assert "P0004" not in found["candidates"]


def test_republished_narration_is_the_voice_of_the_original(known: Background) -> None:
    assert known.voice("S0002") == "A0001"


def test_boilerplate_is_never_proposed(minimal: Package) -> None:
    found = suggest(minimal, "S0001", COURIER)
    boilerplate = [r for r in background(minimal).ranges("S0001") if r.kind in ("boilerplate", "byline", "credit")]
    for r in found.rows:
        for part in r["content_span"].split():
            start, end = map(int, part.split("-"))
            assert all(end <= b.start or b.end <= start for b in boilerplate), r["content"]


def test_a_long_text_takes_seconds(known: Background) -> None:
    text = "\n".join([TEXT] * 60)  # more than 5,000 words
    assert len(text.split()) > 5000
    begun = time.monotonic()
    told: list[int] = []
    step = len(TEXT) + 1
    many = [
        Attribution(*(tuple(Span(s.start + n * step, s.end + n * step) for s in part) for part in (a.content, a.cue, a.source)), a.quote_type, None, a.kind, 0.9, "x")
        for n in range(60)
        for a in CITED
        if a.parent is None
    ]  # fmt: skip
    rows = propose(text, "S0009", with_source(known), many, lambda what, done, total: told.append(done)).rows
    assert len(rows) > 500
    assert len(told) >= len(rows)
    assert time.monotonic() - begun < 20


# The command


@pytest.fixture
def package(tmp_path: Path) -> Path:
    return copy_minimal(tmp_path / "package")


@pytest.mark.parametrize(
    "text",
    [
        "and the mayor said it was safe, " * 1_200,
        "“" + "The bridge is safe. " * 2_000 + "” the mayor said.",
        "bridge " * 6_000,
        "The bridge, which the mayor praised, is " + "very " * 8_000 + "long.",
    ],
)
def test_a_paragraph_longer_than_a_cell_fits_into_a_worksheet(known: Background, text: str, tmp_path: Path) -> None:
    text = f"Ferry strike looms\n{text}"
    found = propose(text, "S0009", with_source(known), extract(text)).rows
    write(tmp_path / "w.csv", Worksheet.of(found))
    for row in found:
        assert max(map(len, row.values())) < LIMIT
        start = int(row["passage_start"])
        assert text[start : start + len(row["passage"])] == row["passage"]
        assert not cuts_word(text, start, start + len(row["passage"]))


def test_time_grows_with_the_text(known: Background) -> None:
    text = "The mayor said it was safe on Monday, and Orla Finn told reporters that talks would go on. " * 1_100
    began = time.process_time()
    assert len(propose(text, "S0009", with_source(known), extract(text)).rows) > 1_000
    assert time.process_time() - began < 20


def test_guesses_are_counted_by_what_is_guessed() -> None:
    rows = [{"guesses": "speaker speaker_id hop_1_actor_id"}, {"guesses": ""}, {"guesses": "proposition speaker"}]
    assert guesses(rows) == [("speaker", 2), ("chain", 1), ("proposition", 1)]


def test_suggest_writes_a_worksheet_and_never_over_one(package: Path) -> None:
    before = {p: p.read_bytes() for p in (package / "dataset").iterdir()}
    done = call("suggest", "S0001", cwd=package, ONRECORD_TEXTS=str(package / "texts"))
    assert (done.returncode, done.stderr) == (0, "")
    path = package / "worksheets" / "S0001.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert f"{len(rows)} proposed claims" in done.stdout
    assert rows[0]["row_id"] == "S0001-001"
    check(
        COURIER,
        [
            {k: v for k, v in r.items() if v or not k.startswith(("hop_", "condition_")) or r.get(f"{k[:6]}kind")}
            for r in rows
        ],
    )
    assert {p: p.read_bytes() for p in (package / "dataset").iterdir()} == before
    path.write_bytes(path.read_bytes() + b"\n")
    kept = path.read_bytes()
    again = call("suggest", "S0001", cwd=package, ONRECORD_TEXTS=str(package / "texts"))
    assert again.returncode == 2
    assert "may hold decisions" in again.stderr
    assert path.read_bytes() == kept
    forced = call("suggest", "S0001", "--force", cwd=package, ONRECORD_TEXTS=str(package / "texts"))
    assert forced.returncode == 0
    assert path.read_bytes() != kept


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["S0099"], "there is no source 'S0099'"),
        (["S0003"], "the text of S0003 is not at hand"),
        (["S0001", "-o", "sheet.txt"], "a worksheet is a .csv or an .xlsx"),
        (["S0001", "-o", "dataset"], "dataset"),
    ],
)
def test_what_cannot_be_proposed_is_said_in_a_line_and_nothing_written(
    package: Path, arguments: list[str], says: str
) -> None:
    before = sorted(package.rglob("*"))
    done = call("suggest", *arguments, cwd=package, ONRECORD_TEXTS=str(package / "texts"))
    assert done.returncode == 2
    assert says in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert sorted(package.rglob("*")) == before


def test_without_texts_the_command_says_where_they_belong(package: Path) -> None:
    (package / "texts").rename(package / "elsewhere")
    done = call("suggest", "S0001", cwd=package, ONRECORD_TEXTS="")
    assert done.returncode == 2
    assert "ONRECORD_TEXTS" in done.stderr
