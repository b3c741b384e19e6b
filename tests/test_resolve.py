"""Who is meant, when it was said, how surely, what is claimed: the parts that resolve, each by itself."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onrecord.curate.naming import fold
from onrecord.curate.resolve import lexicons
from onrecord.curate.resolve.background import Background
from onrecord.curate.resolve.channels import channel_of, outlet_channel
from onrecord.curate.resolve.dates import Dated, dated, lean, open_until, windowed
from onrecord.curate.resolve.judging import evaded, judge
from onrecord.curate.resolve.names import country_of, short_names
from onrecord.curate.resolve.narrated import narrated, stretches
from onrecord.curate.resolve.newcomers import joint
from onrecord.curate.resolve.propositions import Ranking, folded
from onrecord.curate.resolve.sayings import sayings
from onrecord.curate.resolve.sentences import clauses, parts_outside, sentences, trimmed
from onrecord.curate.resolve.speakers import Cast
from onrecord.curate.resolve.wordings import worded
from onrecord.curate.spans import Attribution, Span
from onrecord.dates import bounds

PUBLISHED = "2024-03-14"  # a Thursday


def actor(
    key: str, name: str, kind: str = "person", country: str = "", sector: str = "GOV", about: str = ""
) -> dict[str, str]:
    return {
        "actor_id": key, "actor_name": name, "actor_kind": kind, "anonymity": "named", "size_min": "", "size_max": "",
        "actor_country": country, "sector": sector, "wikidata_id": "", "actor_description": about,
    }  # fmt: skip


def alias(key: str, name: str, kind: str = "alias") -> dict[str, str]:
    return {"actor_id": key, "alternative_name": name, "name_kind": kind, "name_language": "en"}


def role(key: str, body: str, title: str, held: str) -> dict[str, str]:
    return {"actor_id": key, "organization_id": body, "role_title": title, "held_edtf": held, "source_id": "S0001"}


def proposition(key: str, words: str, kind: str = "fact") -> dict[str, str]:
    return {
        "proposition_id": key, "proposition": words, "proposition_kind": kind, "place_id": "", "window_edtf": "",
        "window_basis": "none",
    }  # fmt: skip


def world(**tables: list[dict[str, str]]) -> Background:
    names = (
        "actors", "actor_names", "actor_roles", "actor_links", "places", "propositions", "proposition_events",
        "proposition_actors", "sources", "source_ranges", "claims",
    )  # fmt: skip
    return Background({name: list(tables.get(name, [])) for name in names})


NORTH = world(
    actors=[
        actor("A0001", "Norway", "state", "NOR", ""),
        actor("A0002", "Norwegian Ministry of Fisheries", "public_body", "NOR"),
        actor("A0003", "Kari Strand", "person", "NOR"),
        actor("A0004", "Olav Hauge", "person", "NOR"),
        actor("A0005", "Fjord Wire", "media_outlet", "NOR", "JRN", "News agency"),
        actor("A0006", "Per Strand", "person", "NOR", "BUS"),
        actor("A0007", "Park Min Ji", "person", "KOR"),
    ],
    actor_names=[
        alias("A0002", "fisheries ministry", "weak_alias"),
        alias("A0003", "Kari M. Strand"),
        alias("A0001", "Oslo", "weak_alias"),
    ],
    actor_roles=[
        role("A0003", "A0002", "Spokeswoman", "2024-01/.."),
        role("A0004", "A0002", "Minister", "../2023-12-31"),
    ],
)


def cast(text: str, known: Background = NORTH) -> Cast:
    return Cast(known, text, PUBLISHED)


# Speakers


@pytest.mark.parametrize(
    ("words", "key"),
    [
        ("Kari M. Strand", "A0003"),
        ("ministry spokeswoman Kari Strand", "A0003"),
        ("Kari Strand, who speaks for the ministry", "A0003"),
        ("the Norwegian Ministry of Fisheries", "A0002"),
        ("Oslo", "A0001"),
        ("the Fjord Wire news agency", "A0005"),
        ("Fjord Wire correspondents", "A0005"),
        ("the Norwegian Ministry of Fisheries spokeswoman", "A0003"),
    ],
)
def test_names_titles_posts_and_capitals_lead_to_actors(words: str, key: str) -> None:
    assert cast("Nothing else here.").identify(words, 0).actor_id == key


def test_a_weak_alias_alone_names_nobody() -> None:
    assert cast("The fisheries ministry said so.").identify("the fisheries ministry", 0).actor_id == ""
    supported = cast("The Norwegian Ministry of Fisheries spoke. The fisheries ministry said so.")
    found = supported.identify("the fisheries ministry", 50)
    assert (found.actor_id, found.guess) == ("A0002", True)


def test_a_surname_counts_only_after_the_full_name() -> None:
    assert cast("Hauge said so.").identify("Hauge", 0).actor_id == ""
    assert cast("Olav Hauge came. Hauge said so.").identify("Hauge", 17).actor_id == "A0004"


def test_a_surname_that_two_persons_of_the_text_bear_is_a_guess() -> None:
    text = "Kari Strand and Per Strand came; Kari Strand left. Strand said so."
    found = cast(text).identify("Strand", text.rfind("Strand"))
    assert (found.actor_id, found.guess) == ("A0003", True)


def test_a_korean_surname_stands_first() -> None:
    text = "Park Min Ji came. Park said so."
    assert cast(text).identify("Park", 18).actor_id == "A0007"
    assert short_names("Park Min Ji", "KOR") == ["Park", "Ji"]
    assert short_names("Ursula von der Leyen", "DEU") == ["von der Leyen"]


def test_an_abbreviation_is_no_surname() -> None:
    text = "Park Min Ji came. JI sanctions hold. Ji said so."
    assert cast(text).identify("JI", 18).actor_id == ""
    assert cast(text).identify("Ji", 37).actor_id == "A0007"


def test_a_post_counts_only_while_it_was_held() -> None:
    assert cast("").identify("Norway's minister", 0).actor_id == ""  # he left before publication


def test_pronouns_and_the_spokeswoman_are_guesses() -> None:
    people = cast("Kari Strand of the Norwegian Ministry of Fisheries spoke.")
    people.identify("Kari Strand", 0)
    people.identify("Olav Hauge", 20)
    assert (people.identify("he", 30).actor_id, people.identify("He", 40).guess) == ("A0004", True)
    found = people.identify("the spokeswoman", 60)
    assert (found.actor_id, found.guess) == ("A0003", True)
    people.identify("the Fjord Wire", 70)
    assert people.identify("The agency", 80).actor_id == "A0005"


@pytest.mark.parametrize(
    ("words", "kind", "anonymity", "country", "sector"),
    [
        ("Danish officials", "group", "unnamed_group", "DNK", "GOV"),
        ("a senior Danish official", "person", "unnamed_individual", "DNK", "GOV"),
        ("two intelligence officials", "group", "unnamed_group", "", "SPY"),
        ("South Korean media", "group", "unnamed_group", "KOR", "JRN"),
        ("U.S. intelligence", "group", "unnamed_group", "USA", "SPY"),
        ("a French lawmaker", "person", "unnamed_individual", "FRA", "LEG"),
        ("analysts", "group", "unnamed_group", "", "EDU"),
    ],
)
def test_whoever_is_not_named_is_a_new_unnamed_actor(
    words: str, kind: str, anonymity: str, country: str, sector: str
) -> None:
    found = cast("").identify(words, 0)
    assert found.actor_id == ""
    assert (found.kind, found.anonymity, found.country, found.sector) == (kind, anonymity, country, sector)


def test_the_same_unnamed_words_are_the_same_within_a_text_as_a_guess_and_never_a_known_actor() -> None:
    known = world(
        actors=[actor("A0009", "Danish officials, unnamed, Echo 2024", "group") | {"anonymity": "unnamed_group"}]
    )
    people = cast("", known)
    first, again, back = (
        people.identify(words, at) for at, words in enumerate(("Danish officials", "Danish officials", "the officials"))
    )
    assert first.actor_id == again.actor_id == ""
    assert first.key == again.key == back.key
    assert (first.guess, again.guess, back.guess) == (False, True, True)
    assert people.identify("Swedish officials", 9).key != first.key


@pytest.mark.parametrize(
    ("words", "name", "kind", "sector"),
    [
        ("Finnish Foreign Minister Aino Laine", "Aino Laine", "person", "GOV"),
        ("Brig. Gen. Aino Laine", "Aino Laine", "person", "MIL"),
        ("Aino Laine, a professor at the University of Turku", "Aino Laine", "person", "EDU"),
        ("the Finnish defense ministry", "Finnish defense ministry", "public_body", "GOV"),
        ("Turku University", "Turku University", "organization", "EDU"),
        ("the state news agency Lumi", "Lumi", "media_outlet", "JRN"),
        ("the Associated Press", "Associated Press", "media_outlet", "JRN"),
        ("Helsinki", "Finland", "state", ""),
    ],
)
def test_new_named_actors_get_what_their_words_show(words: str, name: str, kind: str, sector: str) -> None:
    found = cast("").identify(words, 0)
    assert (found.actor_id, found.name, found.kind, found.sector, found.anonymity) == ("", name, kind, sector, "named")


def test_a_new_person_is_known_by_the_surname_afterwards() -> None:
    people = cast("")
    people.identify("Finnish Foreign Minister Aino Laine", 0)
    again = people.identify("Laine", 90)
    assert (again.name, again.guess) == ("Aino Laine", True)
    assert people.identify("the minister", 120).name == "Aino Laine"


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        ("Swedish and Finnish media", ["Swedish media", "Finnish media"]),
        ("U.S. officials and media", ["U.S. officials", "U.S. media"]),
        ("Strand and Hauge", ["Strand", "Hauge"]),
        ("American and allied officials", ["American and allied officials"]),
        ("the Ministry of Trade", ["the Ministry of Trade"]),
    ],
)
def test_joint_speakers_split_where_each_is_one(words: str, parts: list[str]) -> None:
    assert [found for _, found in joint(words, Span(0, len(words)))] == parts


@given(st.text(max_size=60))
def test_any_words_mean_somebody(words: str) -> None:
    found = cast("Kari Strand came.").identify(words, 5)
    assert found.kind in {"person", "state", "public_body", "organization", "media_outlet", "group"}
    assert 0 <= found.confidence <= 1
    assert found.actor_id in {"", *NORTH.actors}


@given(st.text(max_size=200))
def test_mentions_lie_in_the_text_and_apart(text: str) -> None:
    found = cast(f"{text} Kari Strand {text} U.S.").mentions
    assert any(m.actor_id == "A0003" for m in found)
    assert all(a.span.end <= b.span.start for a, b in pairwise(found))


def test_a_name_of_capitals_is_no_pronoun() -> None:
    known = world(actors=[actor("A0001", "United States", "state", "USA", "")], actor_names=[alias("A0001", "US")])
    assert [m.actor_id for m in cast("The US asked us.", known).mentions] == ["A0001"]
    assert country_of("let us go") == ""


def test_fold_leaves_article_and_possessive_out() -> None:
    assert fold("The Kari-Strand’s") == "kari strand"


# Dates


@pytest.mark.parametrize(
    ("words", "edtf", "basis"),
    [
        ("said on Tuesday", "2024-03-12", "weekday"),
        ("said Thursday", "2024-03-14", "weekday"),
        ("said on Friday", "2024-03-08", "weekday"),
        ("on Feb. 5", "2024-02-05", "stated"),
        ("on 5 February 2022", "2022-02-05", "stated"),
        ("on Dec. 31", "2023-12-31", "stated"),
        ("in mid-February", "2024-02-11~/2024-02-20~", "stated"),
        ("in early January 2020", "2020-01-01~/2020-01-10~", "stated"),
        ("late last month", "2024-02-21~/2024-02-29~", "relative"),
        ("in November", "2023-11", "stated"),
        ("in May 2021", "2021-05", "stated"),
        ("in 2019", "2019", "stated"),
        ("last week", "2024-03-04/2024-03-10", "relative"),
        ("earlier this week", "2024-03-11/2024-03-14", "relative"),
        ("last month", "2024-02", "relative"),
        ("last year", "2023", "relative"),
        ("yesterday", "2024-03-13", "relative"),
        ("three days ago", "2024-03-11", "relative"),
        ("two months ago", "2024-01", "relative"),
        ("over the weekend", "2024-03-09/2024-03-10", "relative"),
    ],
)
def test_words_date_by_the_rules_of_the_codebook(words: str, edtf: str, basis: str) -> None:
    found = dated(words, PUBLISHED, (Span(0, len(words)),))
    assert [(one.edtf, one.basis) for one in found] == [(edtf, basis)]


@pytest.mark.parametrize("words", ["he may go", "march on", "on 31 February", "in the sun", "at 12:30", "Sept. 11:30"])
def test_what_is_no_date_dates_nothing(words: str) -> None:
    assert dated(words, PUBLISHED, (Span(0, len(words)),)) == []


@pytest.mark.parametrize(
    ("words", "edtf"),
    [
        ("as early as Sunday", "2024-03-17"),
        ("on Tuesday", "2024-03-19"),
        ("next week", "2024-03-18/2024-03-24"),
        ("later this month", "2024-03"),
        ("on Jan. 5", "2025-01-05"),
        ("in the coming days", "2024-03-14/.."),
        ("tomorrow", "2024-03-15"),
    ],
)
def test_what_is_yet_to_come_is_counted_forward(words: str, edtf: str) -> None:
    assert [one.edtf for one in windowed(words, PUBLISHED, (Span(0, len(words)),), future=True)] == [edtf]


def test_without_a_day_of_publication_nothing_is_guessed() -> None:
    words = "on Tuesday, last week, on Feb. 5, in May 2021"
    assert [one.edtf for one in dated(words, "2024", (Span(0, len(words)),))] == ["2021-05"]
    assert open_until("").edtf == ""
    assert open_until("2024-03").edtf == "../2024-03"


def test_a_date_that_leans_on_another_takes_its_day_and_for_the_same_day_its_basis() -> None:
    monday = Dated(Span(0, 6), "2024-03-11", "weekday")
    same, before = (
        dated(words, PUBLISHED, (Span(0, len(words)),))[0] for words in ("On the same day", "a day earlier")
    )
    assert same.later == 0
    assert [(lean(one, monday).edtf, lean(one, monday).basis) for one in (same, before)] == [
        ("2024-03-11", "weekday"),
        ("2024-03-10", "relative"),
    ]
    assert lean(before, Dated(Span(0, 4), "2019", "stated")) is None


WORDS = st.lists(
    st.sampled_from(
        [
            "on", "in", "last", "this", "next", "early", "mid", "late", "Monday", "Sunday", "Sept.", "5", "31", "February",
            "May", "2023", "2024", "week", "month", "year", "ago", "two", "days", "the", "same", "day", "earlier", "a",
            "summer", "of", "since", "mid-March", "weekend", "over", "12,", "yesterday", "today", "soon", "by",
        ]
    ),
    max_size=9,
).map(" ".join)  # fmt: skip
DAYS = st.dates(dt.date(1, 1, 1), dt.date(9999, 12, 31)).map(lambda day: day.isoformat())


@settings(deadline=None)  # the first date parsed takes longer than those after it
@given(WORDS, DAYS, st.booleans())
def test_every_date_is_valid_lies_in_its_words_and_none_said_begins_after_publication(
    words: str, published: str, future: bool
) -> None:
    whole = (Span(0, len(words)),)
    for one in [*dated(words, published, whole), *windowed(words, published, whole, future)]:
        assert 0 <= one.span.start < one.span.end <= len(words)
        assert one.later is not None or (one.edtf and not bounds(one.edtf).problem)
    for one in dated(words, published, whole):
        assert not bounds(one.edtf).start or bounds(one.edtf).start <= published
        if one.basis == "weekday":
            assert 0 <= (dt.date.fromisoformat(published) - dt.date.fromisoformat(one.edtf)).days <= 6


# Speech act, stance, certainty


@pytest.mark.parametrize(
    ("cue", "content", "act", "stance", "certainty"),
    [
        ("said", "the bridge is open", "state", "affirm", "CT+"),
        ("said", "the bridge is not open", "deny", "deny", "CT-"),
        ("denied", "the bridge is open", "deny", "deny", "CT-"),
        ("confirmed", "the bridge is open", "confirm", "affirm", "CT+"),
        ("has accused", "the harbour of closing the bridge", "accuse", "affirm", "CT+"),
        ("warned", "the bridge could fall", "warn", "expect", "PS+"),
        ("said", "the bridge will open on Friday", "predict", "affirm", "CT+"),
        ("said", "the bridge could open on Friday", "predict", "expect", "PS+"),
        ("said", "the bridge is set to open", "predict", "expect", "PR+"),
        ("said", "the mayor had likely left", "assess", "affirm", "PR+"),
        ("said", "the mayor may have left", "assess", "affirm", "PS+"),
        ("have said they believe", "the mayor will leave", "assess", "expect", "PR+"),
        ("believes", "the mayor has left", "assess", "affirm", "PR+"),
        ("is expected", "the mayor to leave", "predict", "expect", "PR+"),
        ("said", "it could not confirm the visit", "decline_comment", "noncommittal", "Uu"),
        ("said", "We have nothing to say on this", "decline_comment", "noncommittal", "Uu"),
        ("said", "he was unaware of any plans", "state", "noncommittal", "Uu"),
        ("added", "We remain concerned that the ice is thin", "express_concern", "affirm", "PS+"),
        ("promised", "to repair the bridge", "promise", "affirm", "CT+"),
        ("praised", "the builders", "praise", "affirm", "CT+"),
        ("urged", "the builders to hurry", "demand", "affirm", "CT+"),
        ("hinted at", "a new bridge", "hint", "affirm", "CT+"),
        ("said", "I doubt that the bridge will open", "assess", "deny", "PR-"),
        ("said", "he doubted the bridge was open", "assess", "deny", "PR-"),
        ("said", "I have no doubt that the bridge is open", "state", "affirm", "CT+"),
        ("doubted", "the bridge would open", "assess", "deny", "PR-"),
        ("did not doubt", "the bridge was open", "state", "affirm", "CT+"),
        ("ruled out", "a second bridge", "deny", "deny", "CT-"),
        ("did not rule out", "a second bridge", "predict", "expect", "PS+"),
    ],
)
def test_cue_and_hedges_decide(cue: str, content: str, act: str, stance: str, certainty: str) -> None:
    found = judge("statement", cue, content)
    assert (found.speech_act, found.stance, found.certainty) == (act, stance, certainty)


def test_the_words_that_decided_are_told() -> None:
    assert "“could open” lowers the certainty to PS" in judge("statement", "said", "the bridge could open").reason


def test_a_body_announces_what_a_person_predicts_and_an_outlet_reports() -> None:
    content = "the bridge will open on Friday"
    assert judge("statement", "said", content, official=True).speech_act == "announce"
    assert judge("statement", "wrote", content, outlet=True).speech_act == "report"
    assert judge("statement", "", content, narrated=True).speech_act == "predict"
    assert judge("statement", "", "the bridge was closed", narrated=True).speech_act == "state"


def test_a_hedge_or_negation_of_another_clause_is_not_the_speakers() -> None:
    assert judge("statement", "said", "the bridge is open, which could change").certainty == "CT+"
    assert judge("statement", "said", "the town has a bridge that is not open").stance == "affirm"


def test_a_silence_is_an_absence_that_is_affirmed() -> None:
    for found in (
        judge("absence", "has not said", "when"),
        judge("statement", "", "The town has not commented", narrated=True),
    ):
        assert (found.stance, found.certainty, found.proposition_kind) == ("affirm", "CT+", "absence")


def test_what_an_evasion_is_on_is_found_in_its_words() -> None:
    content = "it could not confirm a report that the mayor will leave"
    assert content[evaded(content) or 0 :] == "the mayor will leave"
    assert evaded("No, we cannot") is None
    assert evaded("the mayor will leave") is None


PHRASES = st.lists(
    st.sampled_from(
        [
            "the bridge", "could", "not", "will", "never", "is expected to", "open", "denied", "said", "declined to comment",
            "likely", "have", "nothing to say", "unaware of", "if", "which", "may have", "unlikely to", "seemingly", "no longer",
            "concerned", "plans to", "how", "has not commented", "is believed", "hinted", "believe", "cannot", "has", "no",
        ]
    ),
    max_size=8,
).map(" ".join)  # fmt: skip


@given(
    st.sampled_from(["statement", "refusal", "absence"]), PHRASES, PHRASES, st.booleans(), st.booleans(), st.booleans()
)
def test_every_judgement_obeys_the_rules_of_meaning(
    kind: str, cue: str, content: str, narrated: bool, outlet: bool, official: bool
) -> None:
    found = judge(kind, cue, content, narrated=narrated, outlet=outlet, official=official)
    assert (found.stance == "noncommittal") == (found.certainty == "Uu")
    assert (found.stance == "deny") == (found.certainty in ("CT-", "PR-", "PS-"))
    assert found.stance != "expect" or found.certainty in ("PR+", "PS+")
    assert found.speech_act != "decline_comment" or found.stance == "noncommittal"
    assert found.proposition_kind != "question" or found.stance == "noncommittal"


def test_the_lexicons_name_only_terms_of_the_schemas() -> None:
    acts = {row["speech_act"] for row in lexicons.rows("acts")} | {row["speech_act"] for row in lexicons.rows("hedges")}
    known = {
        "state", "report", "announce", "assess", "predict", "confirm", "deny", "decline_comment", "accuse", "warn",
        "promise", "demand", "praise", "hint", "express_concern",
    }  # fmt: skip
    assert acts - {""} <= known
    assert {row["certainty"] for row in lexicons.rows("hedges")} == {"PR", "PS"}
    assert all(
        row["note"] for name in ("acts", "hedges", "evasions", "channels", "unsaid") for row in lexicons.rows(name)
    )
    codes = [row["country"] for row in lexicons.rows("states")]
    assert len(codes) == len(set(codes)) > 170


# Channels


@pytest.mark.parametrize(
    ("around", "channel"),
    [
        ("told reporters", "briefing"),
        ("said when asked about it", "briefing"),
        ("said in a joint statement", "official_statement"),
        ("said on its website", "official_statement"),
        ("said in an interview", "interview"),
        ("wrote in a letter", "letter"),
        ("said in a televised speech", "speech"),
        ("said", "unspecified"),
    ],
)
def test_the_words_around_a_cue_tell_the_channel(around: str, channel: str) -> None:
    assert channel_of(around)[0] == channel


def test_an_outlet_is_a_channel_by_what_it_is_called() -> None:
    assert outlet_channel({"actor_name": "Lumi", "actor_description": "State news agency"}, "Lumi") == "state_media"
    assert outlet_channel({"actor_name": "Lumi"}, "the news agency Lumi") == "news_agency"
    assert outlet_channel({"actor_name": "Lumi"}, "Lumi") == "press_report"
    assert outlet_channel({"actor_name": "Reuters"}, "Reuters") == "news_agency"


# Sentences and narration


def test_sentences_end_where_they_end() -> None:
    text = "Mr. Hauge came on Feb. 5. “Why not?” he said. The U.S. team left.\nNext"
    assert [text[one.start : one.end] for one in sentences(text)] == [
        "Mr. Hauge came on Feb. 5.",
        "“Why not?” he said.",
        "The U.S. team left.",
        "Next",
    ]


@given(st.text(alphabet="aB .,!?“”\n;whi", max_size=80))
def test_sentences_and_clauses_lie_in_order_and_lose_no_letter(text: str) -> None:
    found = sentences(text)
    assert all(a.end <= b.start for a, b in pairwise(found))
    covered = {at for one in found for at in range(one.start, one.end)}
    assert all(at in covered for at, letter in enumerate(text) if letter.isalpha())
    for one in found:
        for part in clauses(text, one):
            assert one.start <= part.start < part.end <= one.end
            assert trimmed(text, part) == part


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(1, 10)), max_size=6))
def test_parts_outside_are_what_is_left(taken: list[tuple[int, int]]) -> None:
    spans = [Span(start, start + length) for start, length in taken]
    left = {at for part in parts_outside(Span(5, 35), spans) for at in range(part.start, part.end)}
    assert left == set(range(5, 35)) - {at for span in spans for at in range(span.start, span.end)}


def test_narration_is_what_nobody_is_cited_with_and_boilerplate_never() -> None:
    text = "Bridge closed\nBridge closed\nThe bridge is closed. Hauge, who built it in May, said it was old.\nSubscribe to our letter now.\nREAD MORE HERE"
    ranges = [
        (Span(0, 13), "headline"),
        (Span(14, 27), "headline"),
        (Span(text.index("Subscribe"), text.index("\nREAD")), "boilerplate"),
    ]
    cited = Attribution(
        (Span(text.index("it was old"), text.index("it was old") + 10),),
        (Span(text.index("said"), text.index("said") + 4),),
        (Span(text.index("Hauge"), text.index("Hauge") + 5),),
        "indirect", None, "statement", 0.9, "",
    )  # fmt: skip
    found = narrated(text, stretches(text, ranges), [cited])
    said = [(text[one.span.start : one.span.end], one.location) for one in found]
    assert said == [("The bridge is closed", "body"), ("who built it in May", "body")]
    longer = text.replace("Bridge closed", "Bridge is closed", 2)
    again = narrated(longer, stretches(longer, [(Span(0, 16), "headline"), (Span(17, 33), "headline")]), [])
    assert [one.location for one in again].count("headline") == 1


def test_a_headline_that_speaks_of_reports_is_narration_too() -> None:
    text = "Harbour Silent on Reports of Strike"
    ranges = [(Span(0, len(text)), "headline")]
    reports = Attribution((Span(29, 35),), (Span(18, 25),), (), "agentless", None, "statement", 0.5, "a noun")
    assert [text[one.span.start : one.span.end] for one in narrated(text, stretches(text, ranges), [reports])] == [text]
    said = Attribution((Span(18, 35),), (Span(8, 14),), (Span(0, 7),), "indirect", None, "statement", 0.5, "a verb")
    assert narrated(text, stretches(text, ranges), [said]) == []


# What of the attributions is saying


def attribution(
    text: str, content: str, cue: str, source: str, parent: int | None = None, kind: str = "statement"
) -> Attribution:
    def at(words: str) -> tuple[Span, ...]:
        return (Span(text.index(words), text.index(words) + len(words)),) if words else ()

    return Attribution(at(content), at(cue), at(source), "indirect", parent, kind, 0.9, "made")


def test_plans_and_thoughts_are_no_sayings_and_what_is_nested_moves_up() -> None:
    text = "Hauge said Strand plans to say she will leave."
    found = sayings(
        text,
        [
            attribution(text, "Strand plans to say she will leave", "said", "Hauge"),
            attribution(text, "to say she will leave", "plans", "Strand", 0),
            attribution(text, "she will leave", "to say", "Strand", 1),
        ],
    )
    assert [(text[one.cue[0].start : one.cue[0].end], one.parent) for one in found] == [("said", None), ("to say", 0)]


def test_said_they_believe_is_one_saying_and_declined_to_confirm_one_refusal() -> None:
    text = "Officials said they believe the ice is thin. The town declined to confirm a visit."
    found = sayings(
        text,
        [
            attribution(text, "they believe the ice is thin", "said", "Officials"),
            attribution(text, "the ice is thin", "believe", "they", 0),
            attribution(text, "to confirm a visit", "declined", "The town"),
            attribution(text, "a visit", "to confirm", "The town", 2),
        ],
    )
    assert [(one.kind, [text[s.start : s.end] for s in (*one.cue, *one.content)]) for one in found] == [
        ("statement", ["said they believe", "the ice is thin"]),
        ("refusal", ["declined to confirm", "a visit"]),
    ]


def test_a_silence_is_marked_and_an_added_clause_is_left_to_narration() -> None:
    text = "The town has not commented on it. Hauge said the bridge is old, which everybody knows."
    silent, said = sayings(
        text,
        [
            attribution(text, "it", "has not commented on", "The town"),
            attribution(text, "the bridge is old, which everybody knows", "said", "Hauge"),
        ],
    )
    assert silent.kind == "absence"
    assert text[said.content[0].start : said.content[0].end] == "the bridge is old"


def test_anonymity_is_no_saying_and_where_it_was_said_is_no_content() -> None:
    text = "Officials spoke on condition of anonymity. Hauge called the bridge a danger in a statement on Monday."
    found = sayings(
        text,
        [
            attribution(text, "condition of anonymity", "spoke on", "Officials"),
            attribution(text, "the bridge a danger in a statement on Monday", "called", "Hauge"),
        ],
    )
    assert [text[one.content[0].start : one.content[0].end] for one in found] == ["the bridge a danger"]


# Propositions


BRIDGES = world(
    actors=NORTH.tables["actors"],
    propositions=[
        proposition("P0001", "Olav Hauge will open the bridge", "prediction"),
        proposition("P0002", "Olav Hauge opened the harbour in 2019"),
        proposition("P0003", "Kari Strand will open the bridge", "prediction"),
    ],
)


def test_the_nearest_proposition_is_first_names_folded() -> None:
    text = "Olav Hauge spoke. Hauge is set to open the old bridge."
    people = cast(text, BRIDGES)
    words = folded(text[18:], people.within(18, len(text)), 18)
    assert words[0] == "A0004"
    ranked = Ranking(BRIDGES, people.find).like(words, "prediction")
    assert ranked[0].proposition_id == "P0001"
    assert all(0 <= one.score <= 1 for one in ranked)
    assert sorted((one.score for one in ranked), reverse=True) == [one.score for one in ranked]


@given(st.lists(st.text(alphabet="abcdeéß ", max_size=12), max_size=6))
def test_ranking_takes_any_words(words: list[str]) -> None:
    known = world(propositions=[proposition(f"P{n:04}", text or "x") for n, text in enumerate(words, 1)])
    for one in Ranking(known, cast("").find).like(folded(" ".join(words), []), "fact"):
        assert 0 <= one.score <= 1


def test_a_new_proposition_has_full_names_and_neither_negation_nor_hedge() -> None:
    text = "Olav Hauge came. Hauge is not expected to open it."
    people = cast(text)
    span = Span(text.index("Hauge is"), len(text) - 1)
    names = {"A0004": "Olav Hauge"}
    assert (
        worded(text, [span], people.within(span.start, span.end), names, denied=True, future=False)
        == "Olav Hauge is expected to open it"
    )
    could = "“the [old] bridge could open”"
    assert worded(could, [Span(0, len(could))], [], {}, denied=False, future=True) == "The old bridge will open"


# How names are compared


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The Ostrel Courier", "ostrel courier"),
        ("Ostrel Courier’s", "The Ostrel-Courier"),
        ("“Sea  Wall” Party", '"Sea Wall" Party'),
        ("U.S. Navy", "U S Navy"),
    ],
)
def test_names_that_are_one(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(("one", "other"), [("Ostrel", "Ostrels"), ("?", "!"), ("The", "Ostrel"), ("Sao", "São")])
def test_names_that_are_two(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@given(st.text(max_size=20))
def test_spacing_and_marks_about_a_name_are_nothing(name: str) -> None:
    assert fold(f"  {name} ") == fold(name)
    if any(letter.isalnum() for letter in fold(name)):
        assert fold(f"“{name}”") == fold(name)
