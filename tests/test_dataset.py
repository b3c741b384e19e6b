"""The real data: valid, complete, and giving the answers that the articles give."""

import hashlib
import json
import re
import sqlite3
import subprocess

import pandas as pd
import pytest

import onrecord
from conftest import ROOT
from onrecord.evidence import find_texts, normalize, span_hash, texts_folder
from onrecord.package import open_package
from onrecord.validate import validate

KREMLIN, KCNA, SUMMIT = "A0009", "A0043", "P0001"


def test_the_dataset_is_valid() -> None:
    report = validate(open_package(ROOT))
    assert report.findings == []
    assert report.skipped == []


def test_no_fewer_rows_than_two_readers_found(data: onrecord.Dataset) -> None:
    per_source = data.claims.source_id.value_counts()
    for source, least in {"S0001": 20, "S0002": 45, "S0003": 45, "S0004": 28, "S0005": 38}.items():
        assert per_source[source] >= least, source
    assert len(data.events) >= 45
    assert len(data.actors) >= 60
    founding = data.sources[data.sources.seed.notna()]
    assert (founding.coding_scope == "full").all()
    assert len(founding) == 5


def test_every_claim_leads_to_a_passage_or_to_an_address(data: onrecord.Dataset) -> None:
    content = data.evidence[data.evidence.part == "content"]
    texts = data.sources.dropna(subset="text_sha256").source_id
    assert set(content.claim_id) == set(data.claims.claim_id[data.claims.source_id.isin(texts)])
    assert data.sources[data.sources.coding_scope != "none"].url.notna().all()


def test_the_record_is_broad(data: onrecord.Dataset) -> None:
    coded = data.sources[data.sources.coding_scope != "none"]
    outlets = data.actors[data.actors.actor_id.isin(coded.publisher_id)]
    assert len(coded) >= 200
    assert (coded.coding_scope == "full").sum() >= 100
    assert len(outlets) >= 60
    assert outlets.actor_country.nunique() >= 20
    assert not coded.url.dropna().duplicated().any()


def test_nothing_is_told_as_fact_of_an_event_before_it_began(data: onrecord.Dataset) -> None:
    early = data.query(
        """SELECT claims.claim_id FROM claims JOIN propositions USING (proposition_id)
        JOIN proposition_events USING (proposition_id) JOIN sources USING (source_id)
        JOIN events ON events.event_id = proposition_events.event_id
        WHERE event_relation = 'about' AND proposition_kind = 'fact' AND stance = 'affirm'
          AND sources.published_end < events.date_start"""
    )
    assert early.claim_id.tolist() == []


def test_every_forecast_has_an_outcome_or_says_what_is_missing(data: onrecord.Dataset) -> None:
    forecasts = data.propositions[data.propositions.proposition_kind == "prediction"]
    assert sorted(set(forecasts.proposition_id) - set(data.resolutions.proposition_id)) == []
    undecided = data.resolutions[data.resolutions.outcome == "unresolved"]
    assert list(undecided.proposition_id[undecided.resolution_note.fillna("") == ""]) == []


def test_seed_records_agree_with_the_sources(data: onrecord.Dataset) -> None:
    sources = data.sources.set_index("seed")
    records = sorted((ROOT / "seeds").glob("*.json"))
    assert {r.stem for r in records} == set(sources.index.dropna())
    for path in records:
        record = json.loads(path.read_text("utf-8"))
        row = sources.loc[path.stem]
        assert (record["source_id"], record["title"], record["published"]) == (
            row.source_id,
            row.title,
            row.published_edtf,
        )
        assert (record["text_length"], record["text_sha256"]) == (row.text_length, row.text_sha256)
        assert record["url"] == (None if pd.isna(row.url) else row.url)


def test_every_span_is_in_its_text(data: onrecord.Dataset, texts: dict[str, str]) -> None:
    sources = data.sources.set_index("source_id")
    source_of = data.claims.set_index("claim_id").source_id
    for span in data.evidence.itertuples():
        text = texts[sources.loc[source_of[span.claim_id], "text_sha256"]]
        words = text[span.start_char : span.end_char]
        assert (len(normalize(words)), span_hash(words)) == (span.span_length, span.span_sha256), span.evidence_id
        assert pd.isna(span.exact) or span.exact == words
        assert words == words.strip(), span.evidence_id


def test_cues_stand_where_their_spans_are(data: onrecord.Dataset, texts: dict[str, str]) -> None:
    sources = data.sources.set_index("source_id")
    source_of = data.claims.set_index("claim_id").source_id
    cues = data.attributions.set_index(["claim_id", "hop"]).cue
    for span in data.evidence[data.evidence.part == "cue"].itertuples():
        text = texts[sources.loc[source_of[span.claim_id], "text_sha256"]]
        words = normalize(text[span.start_char : span.end_char])
        assert words.endswith(normalize(cues[span.claim_id, span.hop])), span.evidence_id


def test_quotation_ranges_lie_between_quotation_marks(data: onrecord.Dataset, texts: dict[str, str]) -> None:
    sources = data.sources.set_index("source_id")
    for span in data.source_ranges[data.source_ranges.range_kind == "quotation"].itertuples():
        text = texts[sources.loc[span.source_id, "text_sha256"]]
        assert text[span.start_char - 1] in '“"', span
        assert text[span.end_char] in '”"', span


def test_no_sentence_of_an_article_is_in_the_repository(texts: dict[str, str]) -> None:
    """No run of a dozen words of a text stands in a tracked file, quoted speech, titles, addresses and pictures apart."""

    def words(text: str) -> list[str]:
        return re.findall(r"[a-z0-9]+", text.lower().replace("’", "").replace("'", ""))

    def runs(text: str, n: int) -> set[tuple[str, ...]]:
        found = words(text)
        return {tuple(found[i : i + n]) for i in range(len(found) - n + 1)}

    long = set().union(*(runs(t, 12) for t in texts.values()))
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False).stdout.split(
        "\n"
    )
    exempt = (
        "dataset/evidence.csv",
        "dataset/sources.csv",
        "tests/founding/evidence.csv",
        "tests/founding/sources.csv",
        "datapackage.json",
        "seeds/",
        "releases/",
        ".zenodo.json",
    )
    for name in filter(None, tracked):
        path = ROOT / name
        if not name.startswith(exempt) and not name.endswith(".png") and path.is_file():
            assert not runs(path.read_text("utf-8"), 12) & long, name


def test_links_highlight_the_very_passage(texts: dict[str, str], data: onrecord.Dataset) -> None:
    """As browsers search for a text fragment: any case, whole words, the first place that fits."""

    def find(words: str, text: str, start: int) -> re.Match[str] | None:
        return re.compile(rf"(?<!\w){re.escape(words)}(?!\w)", re.IGNORECASE).search(text, start)

    hashes = data.sources.set_index("source_id").text_sha256
    claims = data.claims.set_index("claim_id").source_id
    anchored = data.evidence.dropna(subset="anchor_from")
    assert len(anchored) > data.claims.source_id.isin(data.sources.dropna(subset="text_sha256").source_id).sum()
    for span in anchored.fillna({"anchor_to": ""}).itertuples():
        text = texts[hashes[claims[span.claim_id]]]
        whole, passage = normalize(text), normalize(text[span.start_char : span.end_char])
        first = find(normalize(span.anchor_from), whole, 0)
        assert first, span.evidence_id
        last = find(normalize(span.anchor_to), whole, first.end()) if span.anchor_to else first
        assert last, span.evidence_id
        assert whole[first.start() : last.end()] == passage, span.evidence_id
        assert abs(first.start() - len(normalize(text[: span.start_char]))) <= 1, span.evidence_id


def test_texts_are_recognized_by_hash_alone(tmp_path) -> None:
    (tmp_path / "any name.txt").write_bytes("caf\u00e9".encode())
    (tmp_path / "latin.txt").write_bytes(b"caf\xe9")
    assert find_texts(tmp_path) == {hashlib.sha256("caf\u00e9".encode()).hexdigest(): "caf\u00e9"}
    assert find_texts(None) == {}


def test_texts_folder_is_named_or_beside(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ONRECORD_TEXTS", raising=False)
    assert texts_folder(tmp_path) is None
    (tmp_path / "texts").mkdir()
    assert texts_folder(tmp_path) == tmp_path / "texts"
    monkeypatch.setenv("ONRECORD_TEXTS", str(tmp_path))
    assert texts_folder(tmp_path / "elsewhere") == tmp_path


def test_normalizing_finds_a_passage_in_any_copy() -> None:
    assert span_hash("“It\u00a0does\n not”") == span_hash('"It does not"')
    assert span_hash("it does not") != span_hash("It does not")


def test_frames_are_typed_and_no_text_is_missing(data: onrecord.Dataset) -> None:
    assert str(data.claims.stance.dtype) == "category"
    assert str(data.attributions.hop.dtype) == "Int64"
    assert data.claims.said_start.dtype.kind == "M"
    assert data.claims.claim_summary.notna().all()
    package = open_package(ROOT)
    for name, frame in data.tables.items():
        text, _ = package.read(name)
        filled = sum(cell != "" for row in text.rows for cell in row)
        assert int(frame.notna().sum().sum()) == filled, name


def test_flat_has_one_row_per_claim(data: onrecord.Dataset) -> None:
    flat = data.flat
    assert flat.claim_id.tolist() == data.claims.claim_id.tolist()
    assert flat.chain.str.startswith(tuple(data.actors.actor_name)).all()


def test_the_kremlin_moved_from_not_confirming_to_confirming(founding: onrecord.Dataset) -> None:
    moves = founding.positions(actor=KREMLIN, proposition=SUMMIT)
    by_day = moves.groupby("said_start").stance.agg(set).to_dict()
    assert by_day == {pd.Timestamp("2023-09-05"): {"noncommittal"}, pd.Timestamp("2023-09-11"): {"affirm"}}
    assert set(moves.speaker_id) == {KREMLIN, "A0019"}


def test_origins_of_the_summit_grow_and_loose_is_never_above_strict(founding: onrecord.Dataset) -> None:
    carried = founding.carriers(SUMMIT)
    counts = []
    for day in pd.date_range("2023-09-04", "2023-09-11"):
        known = carried[carried.published_end <= day]
        counts.append((known.origin_id.nunique(), known.loose_origin_id.nunique()))
    assert counts == sorted(counts)
    assert counts[0] == (0, 0)
    assert counts[1] == (3, 3)
    assert counts[-2] == (5, 4)
    origins = founding.origins()
    assert (origins.loose_origins <= origins.strict_origins).all()
    assert (origins.strict_origins <= origins.claims).all()


def test_both_dates_of_actively_advancing_are_kept(founding: onrecord.Dataset) -> None:
    said = founding.flat[founding.flat.proposition.str.contains("actively advancing")]
    assert set(zip(said.speaker, said.said_edtf, said.publisher, strict=True)) == {
        ("John Kirby", "2023-09-05", "NTD"),
        ("White House", "2023-08", "NBC News"),
    }
    one, other = said.claim_id
    links = founding.claim_links
    assert ((links.claim_id == one) & (links.other_claim_id == other) & (links.claim_relation == "disputes")).any()


def test_kcna_asserted_what_the_kremlin_left_conditional(founding: onrecord.Dataset) -> None:
    kcna = founding.claims[(founding.claims.speaker_id == KCNA) & (founding.claims.proposition_id == SUMMIT)]
    assert kcna.certainty.tolist() == ["CT+"]
    assert kcna.claim_condition.isna().all()
    conditional = founding.positions(actor=KREMLIN).dropna(subset="claim_condition")
    assert set(conditional.actor_name) == {"Kremlin"}
    assert set(conditional.proposition_id) <= set(
        founding.proposition_links.query("other_proposition_id == @SUMMIT").proposition_id
    )


def test_origins_were_lost_on_the_way(founding: onrecord.Dataset) -> None:
    lost = founding.hedges()
    shells = lost[lost.claim_summary.str.contains("artillery shells")]
    assert shells.attribution_lost.tolist() == [1]
    assert shells.chain.tolist() == ["Washington Examiner"]
    assert (lost.certainty_rose == 1).any()


def test_forecasts_vladivostok_failed_and_the_meeting_came(founding: onrecord.Dataset) -> None:
    made = founding.forecasts()
    outcome = made.drop_duplicates("proposition").set_index("proposition").borne_out
    assert outcome["Kim Jong Un and Vladimir Putin will meet"] == "yes"
    assert outcome["Kim Jong Un will meet Vladimir Putin in Vladivostok"] == "no"
    assert set(made.borne_out) == {"yes", "no", "partly", "open"}


def test_a_trail_runs_from_publisher_to_origin(founding: onrecord.Dataset) -> None:
    trail = founding.trail("C00028")
    assert trail.step.tolist() == [0, 1, 2, 3]
    assert trail.actor_name.tolist()[:3] == ["NTD", "The Epoch Times", "The New York Times"]
    assert trail.hop_kind.tolist() == ["publisher", "republished", "explicit", "explicit"]


@pytest.mark.parametrize(
    ("day", "status", "outcomes"), [("2023-09-10", "anticipated", 0), ("2023-09-13", "occurred", 1)]
)
def test_as_of_knows_nothing_of_later_days(data: onrecord.Dataset, day: str, status: str, outcomes: int) -> None:
    then = data.as_of(day)
    assert then.events.set_index("event_id").status["E0001"] == status
    assert (then.resolutions.proposition_id == SUMMIT).sum() == outcomes
    published = data.sources.set_index("source_id").published_end
    assert (then.claims.source_id.map(published) <= pd.Timestamp(day)).all()
    assert set(then.resolutions.source_id.map(published).dropna()) <= set(pd.date_range("2022-09-01", day))
    assert then.flat.claim_id.tolist() == then.claims.claim_id.tolist()


def test_as_of_by_utterance_differs_from_publication(founding: onrecord.Dataset) -> None:
    by_utterance = founding.as_of("2023-09-05", by="utterance").claims
    by_publication = founding.as_of("2023-09-05").claims
    assert set(by_utterance.claim_id) - set(by_publication.claim_id)
    with pytest.raises(ValueError, match="publication"):
        founding.as_of("2023-09-05", by="guess")


def test_as_of_before_anything_is_empty_and_still_answers(data: onrecord.Dataset) -> None:
    then = data.as_of("2000-01-01")
    assert len(then.claims) == 0
    assert len(then.flat) == 0
    assert len(then.forecasts()) == 0


def test_an_unknown_table_is_an_attribute_error(data: onrecord.Dataset) -> None:
    with pytest.raises(AttributeError, match="claims"):
        _ = data.clams


def test_a_query_cannot_change_the_tables(data: onrecord.Dataset) -> None:
    with pytest.raises(sqlite3.OperationalError):
        data.query("DELETE FROM claims")
    assert len(data.query("SELECT * FROM claims")) == len(data.claims)


@pytest.mark.parametrize("day", ["10-09-2023", "2023-9-10", "yesterday"])
def test_as_of_takes_iso_dates_only(data: onrecord.Dataset, day: str) -> None:
    with pytest.raises(ValueError, match=r"(?i)iso"):
        data.as_of(day)


def test_as_of_hides_dates_and_sources_of_later_days(founding: onrecord.Dataset) -> None:
    then = founding.as_of("2023-09-06")
    summit = then.events.set_index("event_id").loc["E0001"]
    assert pd.isna(summit.date_edtf)
    assert pd.isna(summit.place_id)
    assert set(then.sources.source_id) == {"S0001", "S0002", "S0003", "S0006"}
    assert summit.status_source_id in set(then.sources.source_id)


def test_loose_origins_fold_one_way(founding: onrecord.Dataset) -> None:
    """An unnamed source folds into the outlet that vouches for it, never an outlet into its source's state."""
    origins = founding.query("SELECT * FROM claim_origins").drop_duplicates("origin_id").set_index("origin_name")
    loose = origins.loose_origin_name
    assert loose["American and allied officials, unnamed, NYT 4 Sept 2023 via The Epoch Times"] == "The New York Times"
    assert loose["The New York Times"] == "The New York Times"
    assert loose["U.S. officials, unnamed, NBC News 11 Sept 2023"] == "United States"
    assert loose["Dmitry Peskov"] == "Russia"
