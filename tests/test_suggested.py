"""What is proposed for sentences as articles, communiqués and transcripts have them, extracted and resolved together."""

from __future__ import annotations

import os
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers import MINIMAL, copy_minimal
from onrecord.curate.extract import extract
from onrecord.curate.layout import Range
from onrecord.curate.proposals import Proposals, propose
from onrecord.curate.resolve.background import Background, background
from onrecord.curate.resolve.judging import Judgement
from onrecord.curate.resolve.matters import asked, is_question, matter, points_back
from onrecord.curate.resolve.newcomers import Speaker
from onrecord.curate.resolve.parting import parted
from onrecord.curate.resolve.persons import Voice, in_third_person, voice_of
from onrecord.curate.resolve.posts import post_of
from onrecord.curate.resolve.sayings import sayings
from onrecord.curate.resolve.sentences import after_dateline
from onrecord.curate.resolve.turns import spoken, turns
from onrecord.curate.resolve.verbs import has_verb, third_person
from onrecord.curate.reviewing import open_review
from onrecord.curate.spans import Attribution, Span
from onrecord.evidence import find_texts
from onrecord.package import open_package

Row = dict[str, str]


def actor(key: str, name: str, kind: str, country: str = "", sector: str = "GOV") -> Row:
    return {
        "actor_id": key, "actor_name": name, "actor_kind": kind, "anonymity": "named", "size_min": "", "size_max": "",
        "actor_country": country, "sector": sector, "wikidata_id": "", "actor_description": "",
    }  # fmt: skip


@cache
def known() -> Background:
    tables: dict[str, list[Row]] = {
        "actors": [
            actor("A0001", "Norway", "state", "NOR", ""),
            actor("A0002", "Denmark", "state", "DNK", ""),
            actor("A0003", "The Fjord Times", "media_outlet", "NOR", "JRN"),
            actor("A0004", "Wire North", "media_outlet", "NOR", "JRN"),
            actor("A0005", "Kim Sol", "person", "PRK"),
            actor("A0006", "North Korea", "state", "PRK", ""),
            actor("A0007", "Danish Ministry of Foreign Affairs", "public_body", "DNK"),
        ],
        "actor_roles": [
            {"actor_id": "A0005", "organization_id": "A0006", "role_title": "Leader", "held_edtf": "2030/..", "source_id": "S1"}
        ],
        "sources": [
            {
                "source_id": "S0001", "publisher_id": "A0003", "published_edtf": "2031-05-08", "text_sha256": "0" * 64,
                "retrieved": "2031-05-20", "republished_from": "",
            }
        ],
    }  # fmt: skip
    others = (
        "actor_names", "actor_links", "places", "propositions", "proposition_events", "proposition_actors", "source_ranges",
        "claims",
    )  # fmt: skip
    return Background(tables | {name: [] for name in others})


def proposed(text: str, headline: int = 0) -> Proposals:
    """What is proposed for a text, of which so many characters at its beginning are the headline."""
    before = known()
    if not headline:
        return propose(text, "S0001", before, extract(text))
    ranged = {"source_id": "S0001", "start_char": "0", "end_char": str(headline), "range_kind": "headline"}
    tables = before.tables | {"source_ranges": [ranged]}
    return propose(text, "S0001", Background(tables), extract(text, [Range(0, headline, "headline")]))


def row(text: str, words: str) -> Row:
    return next(row for row in proposed(text).rows if words in row["content"])


def chain(found: Row) -> list[str]:
    return [found[f"hop_{n}_actor"] for n in range(1, 9) if f"hop_{n}_kind" in found]


# Chains


@pytest.mark.parametrize("whom", ["The Fjord Times", "us", "this newspaper"])
def test_whom_the_publisher_hears_itself_has_no_hop_before(whom: str) -> None:
    found = row(f"Two Danish officials told {whom} that the ferries were late.", "ferries were late")
    assert chain(found) == ["Danish officials, unnamed, The Fjord Times 8 May 2031"]


def test_another_outlet_that_is_told_stays_a_hop() -> None:
    found = row("Two Danish officials told Wire North that the ferries were late.", "ferries were late")
    assert chain(found) == ["Wire North", "Danish officials, unnamed, Wire North via The Fjord Times 8 May 2031"]


def test_an_origin_cited_before_the_words_is_a_hop_and_no_part_of_them() -> None:
    text = "According to Wire North, citing an unnamed port worker, cranes stood still for two days."
    found = row(text, "cranes")
    assert found["content"] == "cranes stood still for two days"
    assert [found["hop_1_actor"], found["hop_2_cue"]] == ["Wire North", "citing"]
    assert found["speaker"].startswith("Port worker, unnamed")
    assert len(proposed(text).rows) == 1


def test_an_origin_cited_between_the_outlet_and_its_verb_is_a_hop() -> None:
    found = row("Wire North, quoting a port worker, said the cranes stood still.", "cranes")
    assert found["content"] == "the cranes stood still"
    assert [found["hop_1_actor"], found["hop_1_cue"], found["hop_2_cue"]] == ["Wire North", "said", "quoting"]
    assert found["speaker"].startswith("Port worker, unnamed")


def test_who_is_cited_as_saying_it_said_it() -> None:
    found = row("Wire North cited unnamed port workers as saying the cranes stood still.", "cranes")
    assert found["content"] == "the cranes stood still"
    assert [found["hop_1_actor"], found["hop_1_cue"], found["hop_2_cue"]] == ["Wire North", "cited", "as saying"]
    assert found["speaker"].startswith("Port workers, unnamed")


def test_a_relative_clause_behind_what_is_said_is_told_by_nobody_else() -> None:
    text = "Port workers say the cranes may have stopped in April, which the harbour master has declined to discuss."
    assert chain(row(text, "to discuss")) == ["Harbour master, unnamed, The Fjord Times 8 May 2031"]


def test_two_subjects_of_one_verb_are_not_parted() -> None:
    found = proposed("Denmark said Sweden and Norway could be planning to meet.").rows
    assert [one["content"] for one in found] == ["Sweden and Norway could be planning to meet"]


def test_a_day_at_the_end_of_a_sentence_dates_what_is_said_in_it() -> None:
    text = (
        "The ferries will run again, Denmark told a news conference on Tuesday.\n\nNorway said the cranes stood still."
    )
    assert row(text, "ferries")["said_edtf"] == "2031-05-06"
    assert row(text, "cranes")["said_edtf"] == "../2031-05-08"


def test_a_day_belongs_to_what_no_comma_parts_it_from() -> None:
    text = "The ferries had stopped, Denmark told reporters on Tuesday, as media reports said the cranes stood still."
    assert row(text, "ferries")["said_edtf"] == "2031-05-06"
    assert row(text, "cranes")["said_edtf"] == "../2031-05-08"


def test_the_place_before_a_dash_is_no_part_of_what_is_said() -> None:
    found = row("OSLO — The ferries will stop in June, Norway said.", "ferries")
    assert found["content"] == "The ferries will stop in June"


def test_both_who_deny_it_deny_it() -> None:
    found = proposed("Both Norway and Denmark denied a sale of the ferries.").rows
    assert sorted(one["speaker"] for one in found) == ["Denmark", "Norway"]


def test_where_a_statement_was_posted_is_no_claim() -> None:
    text = "“The ferries will stop in June,” Norway said in a statement posted on its website."
    assert [one["content"] for one in proposed(text).rows] == ["The ferries will stop in June"]


def test_a_concern_that_is_expressed_is_that_of_whoever_expresses_it() -> None:
    found = row("Norway has expressed concern that the ferries could stop.", "ferries")
    assert (found["speaker"], found["speech_act"], found["certainty"]) == ("Norway", "express_concern", "PS+")


def test_who_would_not_hesitate_will() -> None:
    found = row("Norway said that it would not hesitate to stop the ferries.", "ferries")
    assert (found["stance"], found["certainty"]) == ("affirm", "CT+")


def test_what_there_might_not_be_is_denied() -> None:
    found = row("Norway said there might be no ferries in June.", "ferries")
    assert (found["stance"], found["certainty"]) == ("deny", "PS-")


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("A spokeswoman for Ann Lee denied that the ferries were late.", "Spokeswoman for Ann Lee, unnamed"),
        ("The harbour master in Bergen, Viktor Dale, insists that the ferries were late.", "Viktor Dale"),
        ("Tamara Vik, 71, who sells fish by the quay, said the ferries were late.", "Tamara Vik"),
        ("According to Ann Lee, the head of the harbour, the ferries were late.", "Ann Lee"),
    ],
)
def test_who_says_it_is_told_by_the_words_around_a_name(text: str, speaker: str) -> None:
    found = row(text, "ferries were late")
    assert found["speaker"].startswith(speaker)
    assert found["content"].removeprefix("any ") == "the ferries were late"


@pytest.mark.parametrize(
    "name", ["Denmark’s Foreign Ministry", "The Danish Foreign Ministry", "The Foreign Ministry of Denmark"]
)
def test_a_body_is_known_in_whatever_order_its_name_is_put(name: str) -> None:
    assert row(f"{name} said the ferries were late.", "ferries")["speaker_id"] == "A0007"
    assert row("Denmark’s Defence Ministry said the ferries were late.", "ferries")["speaker_id"] != "A0007"


def test_last_with_a_weekday_is_no_day_of_the_week_before_publication() -> None:
    found = row("Denmark said last Thursday that the ferries were late.", "ferries")
    assert (found["said_edtf"], found["said_basis"]) == ("2031-05-01", "relative")
    found = row("Denmark said last Tuesday that the ferries were late.", "ferries")
    assert (found["said_edtf"], found["said_basis"]) == ("2031-05-06", "relative")


def test_being_asked_is_no_claim_of_its_own() -> None:
    found = proposed("“The ferries run again,” Denmark told reporters when asked about the cranes.").rows
    assert [one["content"] for one in found] == ["The ferries run again"]
    found = proposed("Asked whether she could confirm the sale, Ann Lee of Denmark said: “The ferries run again.”").rows
    assert [one["content"] for one in found] == ["The ferries run again"]


def test_a_quotation_that_holds_what_others_say_is_parted_by_sentences_too() -> None:
    text = "“The ferries will stop. Norway has told us that the cranes stand still. We go on,” Ann Lee said."
    found = proposed(text).rows
    assert [one["content"] for one in found] == ["The ferries will stop", "the cranes stand still", "We go on"]
    assert chain(found[1]) == ["Ann Lee", "Norway"]


def test_a_bare_answer_is_one_claim_with_what_follows() -> None:
    found = proposed("“No, I can’t. There is nothing to say,” Denmark said.").rows
    assert [one["content"] for one in found] == ["No, I can’t. There is nothing to say"]


@pytest.mark.parametrize(
    "between", [", a day after", ", hours before", ", even as", ", while", ", although"]
)  # fmt: skip
def test_what_somebody_else_said_meanwhile_is_no_part_of_what_is_said(between: str) -> None:
    text = f"Norway said on Monday that the ferries were running again{between} Denmark denied that they were safe."
    first, second = row(text, "running again"), row(text, "they were safe")
    assert first["content"] == "the ferries were running again"
    assert (second["content"], chain(second), second["stance"]) == ("they were safe", ["Denmark"], "deny")


def test_a_claim_that_another_rejected_is_denied_by_that_other() -> None:
    text = "Norway said it had traced the leak to a yard in Aarhus, a claim that Denmark rejected as absurd."
    one, other = sorted(proposed(text).rows, key=lambda found: found["stance"])
    assert one["content"] == other["content"] == "it had traced the leak to a yard in Aarhus"
    assert [(found["speaker"], found["stance"]) for found in (one, other)] == [
        ("Norway", "affirm"),
        ("Denmark", "deny"),
    ]
    assert one["proposition"] == other["proposition"] == "Norway had traced the leak to a yard in Aarhus"


def test_reports_that_are_denied_are_denied() -> None:
    found = row("Denmark denied reports that it would sell the yard.", "sell the yard")
    assert (found["speaker"], found["stance"], found["content"]) == ("Denmark", "deny", "it would sell the yard")


def test_said_it_could_not_confirm_a_report_is_a_refusal_on_what_is_reported() -> None:
    text = "Denmark on Monday said it cannot confirm a report that Norway is planning to sell the yard."
    found = next(one for one in proposed(text).rows if one["speaker"] == "Denmark")
    assert found["content"].startswith("it cannot confirm a report that Norway")
    assert (found["speech_act"], found["stance"]) == ("decline_comment", "noncommittal")
    assert found["proposition"] == "Norway is planning to sell the yard"


def test_each_sentence_of_a_quotation_is_a_claim() -> None:
    text = "“The ferries are old. They will be sold next year. Yes,” Kari Strand said."
    rows = proposed(text).rows
    assert [found["content"] for found in rows] == ["The ferries are old", "They will be sold next year … Yes"]
    assert [found["certainty"] for found in rows] == ["CT+", "CT+"]


# Refusals, absences and open questions


def test_asked_and_silent_is_a_refusal_on_what_stands_before() -> None:
    text = (
        "Two Danish officials said the ferries could stop. Norway did not immediately respond to a request for comment."
    )
    found = row(text, "a request for comment")
    assert (found["speaker"], found["speech_act"], found["stance"], found["certainty"]) == (
        "Norway", "decline_comment", "noncommittal", "Uu",
    )  # fmt: skip
    assert found["proposition"] == row(text, "could stop")["proposition"] == "The ferries will stop"
    assert {"proposition", "proposition_id"} <= set(found["guesses"].split())
    assert found["claim_summary"] == "Norway took no position on whether the ferries will stop."


def test_never_having_spoken_is_an_absence_affirmed() -> None:
    found = row("The ferries stopped. Norway has not commented on the reports.", "not commented")
    assert (found["proposition_kind"], found["stance"], found["quote_type"]) == ("absence", "affirm", "narration")


@pytest.mark.parametrize(
    ("refusal", "proposition", "kind"),
    [
        ("declined to say how many ferries had been sold", "How many ferries had been sold", "question"),
        ("declined to comment on whether the ferries had been sold", "The ferries had been sold", "fact"),
        ("refused to confirm that the ferries will be sold", "The ferries will be sold", "prediction"),
    ],
)
def test_a_refusal_is_on_what_was_asked(refusal: str, proposition: str, kind: str) -> None:
    found = row(f"Norway {refusal}.", "ferries")
    assert (found["proposition"], found["proposition_kind"], found["stance"]) == (proposition, kind, "noncommittal")


def test_what_is_not_known_is_an_open_question() -> None:
    found = row("It is not known who ordered the cranes.", "ordered the cranes")
    assert (found["proposition"], found["proposition_kind"]) == ("Who ordered the cranes", "question")
    assert found["stance"] == "noncommittal"


@pytest.mark.parametrize(
    "text",
    ["The Fjord Times could not independently verify the memo.", "“We don’t comment on the memo,” Denmark said."],
)
def test_what_cannot_be_confirmed_is_not_denied(text: str) -> None:
    found = row(text, "memo")
    assert (found["speech_act"], found["stance"]) == ("decline_comment", "noncommittal")


@pytest.mark.parametrize("how", ["would neither confirm nor deny", "stopped short of confirming"])
def test_who_leaves_it_open_takes_no_side(how: str) -> None:
    found = row(f"Norway {how} the sale of the ferries.", "sale")
    assert (found["speaker"], found["speech_act"], found["stance"]) == ("Norway", "decline_comment", "noncommittal")


def test_who_refuses_to_rule_it_out_holds_it_possible() -> None:
    found = row("Norway refused to rule out a sale of the ferries.", "sale")
    assert (found["content"], found["stance"], found["certainty"]) == ("a sale of the ferries", "expect", "PS+")


@pytest.mark.parametrize(
    "silence",
    [
        "Denmark gave no details of the sale",
        "Norway’s navy could not immediately be reached for comment",
        "Denmark neither confirmed nor denied the sale",
    ],
)
def test_silences_that_the_text_states_are_affirmed_and_worded_whole(silence: str) -> None:
    found = row(f"{silence}.", "n")
    assert (found["proposition_kind"], found["stance"], found["proposition"]) == ("absence", "affirm", silence)


def test_what_is_demanded_is_no_promise() -> None:
    found = row("Denmark urged Norway to sell the ferries.", "sell the ferries")
    assert found["speech_act"] == "demand"
    assert not found["proposition"].startswith("Denmark will")


def judged(stance: str, reason: str = "") -> Judgement:
    return Judgement("state", stance, "Uu" if stance == "noncommittal" else "CT+", "fact", reason)


@pytest.mark.parametrize(
    ("content", "about"),
    [
        ("to comment", ""),
        ("to comment on the reports", ""),
        ("to discuss it", ""),
        ("to say publicly whether a sale is planned", "a sale is planned"),
        ("to answer questions about the wages of the crews", "the wages of the crews"),
        ("wages", "wages"),
        ("Whether the yard is closed remains unclear", "Whether the yard is closed"),
    ],
)
def test_what_a_refusal_is_about(content: str, about: str) -> None:
    found = matter(content, [Span(0, len(content))], judged("noncommittal"))
    assert " ".join(content[span.start : span.end] for span in found) == about


def test_what_was_asked_stands_in_the_sentence_or_in_the_question_before_it() -> None:
    text = "Asked why the cranes stood still, she left."
    (span,) = asked(text, Span(0, len(text)), None)
    assert text[span.start : span.end] == "why the cranes stood still"
    assert is_question(text[span.start : span.end])
    text = "Do you believe that the yard was sold? I will not get into that."
    (span,) = asked(text, Span(39, len(text)), Span(0, 38))
    assert text[span.start : span.end] == "the yard was sold"
    assert asked("Can you confirm that? No.", Span(22, 25), Span(0, 21)) == []


# Wordings


@pytest.mark.parametrize(
    "words", ["it", "such reports", "such reports as rumours", "the claim", "those accusations", "it rumours"]
)
def test_words_that_only_point_back_give_no_proposition(words: str) -> None:
    assert points_back(words)


@pytest.mark.parametrize(
    "words",
    ["it is a normal ferry", "the report was written by two clerks in May, he said", "ferries", "that ship sank"],
)
def test_words_that_say_something_do_not_point_back(words: str) -> None:
    assert not points_back(words)


def test_a_denial_of_such_reports_is_left_to_word_and_less_sure() -> None:
    bare, full = (
        row("Denmark dismissed such reports.", "reports"),
        row("Denmark dismissed that the yard was sold.", "yard"),
    )
    assert (bare["proposition"], bare["stance"]) == ("", "deny")
    assert float(bare["confidence"]) < float(full["confidence"])
    assert "proposition" in bare["guesses"].split()


def test_what_is_no_sentence_is_left_to_word() -> None:
    found = row("Denmark praised the skill of the crews.", "skill")
    assert (found["proposition"], found["claim_summary"]) == ("", "Denmark praised the skill of the crews.")


@pytest.mark.parametrize(
    ("said", "turned"),
    [
        ("We are watching the port", "The Coast Guard is watching the port"),
        ("I have seen our ships", "Kari Strand has seen the Coast Guard's ships"),
        ("We also know the yard", "The Coast Guard also knows the yard"),
        ("We’ve told them, and I’m glad", "The Coast Guard has told them, and Kari Strand is glad"),
        ("They showed us my cabin", "They showed the Coast Guard Kari Strand's cabin"),
        ("The IWW and the US met", "The IWW and the US met"),
        ("We saw it", "The Coast Guard saw it"),
    ],
)
def test_the_first_person_is_named_in_a_quotation(said: str, turned: str) -> None:
    voice = Voice("Kari Strand", "the Coast Guard", person=True, plural=False)
    found = in_third_person(said, voice, quoted=True)
    assert found[:1].upper() + found[1:] == turned


def test_a_group_says_we_in_the_plural() -> None:
    voice = voice_of(Speaker("", "Officials", "group", "unnamed_group", called="Danish officials"))
    assert (
        in_third_person("We are ready and we know it", voice, quoted=True)
        == "Danish officials are ready and Danish officials know it"
    )


def test_pronouns_that_fit_the_speaker_are_named_where_words_begin() -> None:
    person, body = Voice("Kari Strand", "", True, False), Voice("Norway", "", False, False)
    assert in_third_person("she had left", person, quoted=False) == "Kari Strand had left"
    assert in_third_person("its fleet had left", body, quoted=False) == "Norway's fleet had left"
    assert in_third_person("it had left", person, quoted=False) == "it had left"
    assert in_third_person("they had left", body, quoted=False) == "they had left"


@given(st.text(alphabet="Iwe’s our mtudi.", max_size=40), st.booleans())
def test_any_words_have_a_third_person_without_the_first(said: str, quoted: bool) -> None:
    voice = Voice("Ada", "Ada", person=True, plural=False)
    found = in_third_person(said, voice, quoted)
    if quoted:
        assert " we " not in f" {found} ".replace("Ada", "")


def test_we_of_a_leader_is_the_state() -> None:
    found = row("Kim Sol toured the yard. “Our crews have shown their loyalty,” Kim Sol said.", "crews")
    assert found["proposition"] == "North Korea's crews have shown their loyalty"


def test_a_pledge_to_do_is_worded_as_what_will_be_done() -> None:
    found = row("Denmark pledged to sell the ferries.", "sell the ferries")
    assert (found["proposition"], found["proposition_kind"]) == ("Denmark will sell the ferries", "prediction")


def test_spans_within_spans_are_worded_once() -> None:
    text = "Denmark said Norway wants “to supply Norway with ferries”."
    start, inner = text.index("Norway wants"), text.index("to supply")
    end = len(text) - 2
    content = (Span(start, end), Span(inner, end))
    one = Attribution(content, (Span(8, 12),), (Span(0, 7),), "mixed", None, "statement", 0.9, "made")
    assert propose(text, "S0001", known(), [one]).rows[0]["proposition"] == "Norway wants to supply Norway with ferries"


def test_verbs_make_sentences() -> None:
    assert has_verb("the yard corresponds to the plan")
    assert has_verb("they buy ferries")
    assert not has_verb("a mysterious night at sea")
    assert [third_person(verb) for verb in ("carry", "watch", "know", "sang")] == [
        "carries",
        "watches",
        "knows",
        "sang",
    ]


# Who speaks


def test_a_new_spokesman_comes_with_post_body_country_and_for_whom_he_speaks() -> None:
    text = "Norway's fisheries ministry said the ferries were late. “We are sorry,” ministry spokesman Nils Dahl told reporters."
    found = proposed(text)
    said = next(one for one in found.rows if "sorry" in one["content"])
    names = {one["actor_id"]: one["actor_name"] for one in found.actors}
    assert names[said["speaker_id"]] == said["speaker"] == "Nils Dahl"
    assert (said["speaker_country"], said["speaker_sector"]) == ("NOR", "GOV")
    assert said["proposition"] == "Norway's fisheries ministry is sorry"
    (role,), (link,) = found.tables["actor_roles"], found.tables["actor_links"]
    assert (names[role["actor_id"]], names[role["organization_id"]]) == ("Nils Dahl", "Norway's fisheries ministry")
    assert (role["role_title"], role["held_edtf"], role["source_id"]) == ("Spokesman", "2031-05-08/..", "S0001")
    assert (link["actor_id"], link["other_actor_id"], link["link_kind"]) == (
        role["actor_id"], role["organization_id"], "speaks_for",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("words", "title", "body"),
    [
        ("ministry spokesman Jan Dale", "spokesman", "ministry"),
        ("the Danish Coast Guard's spokeswoman Jan Dale", "spokeswoman", "Danish Coast Guard"),
        ("Jan Dale, spokesman for the Danish Coast Guard, said", "spokesman", "the Danish Coast Guard"),
    ],
)
def test_posts_are_read_before_and_behind_the_name(words: str, title: str, body: str) -> None:
    post = post_of(words, "Jan Dale")
    assert post is not None
    assert (post.title, post.body, post.speaks) == (title, body, True)


@pytest.mark.parametrize(
    "words", ["Jan Dale", "spokesman Jan Dale", "former ministry spokesman Jan Dale", "his friend Jan Dale"]
)
def test_without_a_post_and_a_body_there_is_none(words: str) -> None:
    assert post_of(words, "Jan Dale") is None


def test_a_surname_stands_for_the_full_name_before_it() -> None:
    found = row("Ingrid Solheim leads the agency. The ferries may stop, Solheim warned.", "ferries")
    assert (found["speaker"], found["speaker_kind"]) == ("Ingrid Solheim", "person")
    assert "speaker" in found["guesses"].split()


def test_another_of_the_same_surname_is_not_the_one_who_is_known() -> None:
    found = row("Kim Sol came. Kim was met by Kim Tok Hun, a premier.", "was met by")
    assert found["proposition"] == "Kim Sol was met by Kim Tok Hun, a premier"


def test_the_statement_is_by_whoever_issued_it() -> None:
    text = "A spokesman for Denmark issued a statement on Monday. The statement said that the ferries were late."
    found = row(text, "ferries were late")
    assert found["speaker"].startswith("Spokesman for Denmark, unnamed")
    assert (found["speaker_country"], found["claim_summary"]) == (
        "DNK",
        "A spokesman for Denmark said that the ferries were late.",
    )


def test_the_spokesman_of_a_company_is_not_of_the_government() -> None:
    found = row("A spokesman for Fjordlines said that the ferries were late.", "ferries were late")
    assert found["speaker_sector"] == "UNK"


def test_whoever_is_named_is_not_the_holder_of_the_post() -> None:
    role = {
        "actor_id": "A0005",
        "organization_id": "A0002",
        "role_title": "Minister",
        "held_edtf": "2030/..",
        "source_id": "S1",
    }
    tables = dict(known().tables) | {"actor_roles": [role]}
    text = "Denmark's minister Mette Dahl said the ferries were late. Denmark's minister left, Denmark's minister said."
    rows = propose(text, "S0001", Background(tables), extract(text)).rows
    assert [found["speaker"] for found in rows] == ["Mette Dahl", "Kim Sol"]


# Datelines and transcripts


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("OSLO, Oct 5 (Northern Wire) - Ferries stopped.", "Ferries stopped."),
        ("Pyongyang, October 6 (KCNA) -- The yard grew.", "The yard grew."),
        ("MOSCOW, 5 May. /TASS/. The yard grew.", "The yard grew."),
        ("Ferries (all of them) stopped.", "Ferries (all of them) stopped."),
        ("The Coast Guard (CG) - once small - grew.", "The Coast Guard (CG) - once small - grew."),
    ],
)
def test_a_dateline_is_no_word_of_a_claim(text: str, rest: str) -> None:
    assert text[after_dateline(text, Span(0, len(text))) :] == rest


TRANSCRIPT = """\
Press Briefing

MR. HALE: Good afternoon, everyone. The minister will travel to Denmark next week.

QUESTION: Wire North reported that Norway has sold a ferry. Can you confirm that?

MR. HALE: I am not in a position to confirm it. We have told Denmark about the yard.

QUESTION: Do you believe that the yard was closed?

MR. HALE: I won't get into that.
"""


def test_a_transcript_is_proposed_turn_by_turn() -> None:
    rows = proposed(TRANSCRIPT).rows
    said = [
        (found["speaker"], found["proposition"], found["stance"]) for found in rows if found["claim_location"] == "body"
    ]
    assert ("Hale", "The minister will travel to Denmark next week", "affirm") in said
    assert ("Wire North", "Norway has sold a ferry", "affirm") in said
    assert ("Hale", "Norway has sold a ferry", "noncommittal") in said
    assert ("Hale", "Hale has told Denmark about the yard", "affirm") in said
    assert ("Hale", "The yard was closed", "noncommittal") in said
    hale = [found for found in rows if found["speaker"] == "Hale"]
    assert {(found["quote_type"], found["channel"]) for found in hale} == {("direct", "briefing")}
    assert not any("QUESTION" in found["content"] or "afternoon" in found["content"] for found in rows)


def test_a_text_with_colons_is_no_transcript() -> None:
    text = "NOTE: the ferries stopped.\nUPDATE: they sail.\nNOTE: they stopped."
    assert spoken(text) == []
    found = extract(text)
    assert turns(text, found) == list(found)


@settings(max_examples=80, deadline=None)
@given(st.text(alphabet="QA:MR. HALEsaid it“”\n?", max_size=120))
def test_any_text_with_turns_gives_attributions_that_hold(text: str) -> None:
    found = sayings(text, extract(text))
    for one in found:
        assert all(0 <= span.start <= span.end <= len(text) for span in (*one.content, *one.cue, *one.source))
        assert one.parent is None or 0 <= one.parent < len(found)


SPANS = st.tuples(st.integers(0, 60), st.integers(1, 40)).map(lambda pair: (Span(pair[0], pair[0] + pair[1]),))


@settings(max_examples=80, deadline=None)
@given(
    st.lists(
        st.tuples(SPANS, SPANS, SPANS, st.sampled_from(["direct", "mixed", "indirect"]), st.booleans()), max_size=5
    )
)
def test_taking_apart_loses_no_attribution_and_never_grows_one(parts: list[tuple[tuple[Span, ...], ...]]) -> None:
    text = (
        "Norway said it left, a claim that Denmark denied, a day after citing two men, they sank. He told us. And that it was, and that "
        * 2
    )
    made = [
        Attribution(content, cue, source, str(quote), n - 1 if nested and n else None, "statement", 0.9, "any")
        for n, (content, cue, source, quote, nested) in enumerate(parts)
    ]
    found = parted(text, made)
    assert len(found) >= len(made)
    for before, after in zip(made, found, strict=False):
        assert sum(s.end - s.start for s in after.content) <= len(text)
        assert after.content
        if after.cue == before.cue and after.source == before.source:
            assert all(any(b.start <= a.start and a.end <= b.end for b in before.content) for a in after.content)


# The command and what accept makes of its companions


def run(*arguments: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "onrecord", *map(str, arguments)],
        cwd=cwd, capture_output=True, text=True, check=False,
        env={**os.environ, "COLUMNS": "200", "NO_COLOR": "1", "ONRECORD_TEXTS": str(cwd / "texts")},
    )  # fmt: skip


def test_the_post_of_a_new_spokesman_is_accepted_with_the_claim(tmp_path: Path) -> None:
    package = copy_minimal(tmp_path / "package")
    article = tmp_path / "article.txt"
    article.write_text(
        "Ferries to stop\n\n8 May 2031\n\nNorway's fisheries ministry said the ferries were late.\n\n"
        "“We are sorry,” ministry spokesman Nils Dahl told reporters.\n",
        encoding="utf-8",
    )
    publisher = background(open_package(package)).actors["A0002"]["actor_name"]
    added = run(
        "source", "add", article, "--publisher", publisher, "--published", "2031-05-08", "--language", "en", cwd=package
    )
    assert added.returncode == 0, added.stderr
    source_id = max(background(open_package(package)).sources)
    assert run("suggest", source_id, cwd=package).returncode == 0
    sheet = package / "worksheets" / f"{source_id}.csv"
    assert {path.name for path in sheet.parent.iterdir()} == {
        f"{source_id}{part}.csv" for part in ("", ".actors", ".actor_roles", ".actor_links")
    }  # fmt: skip
    lines = sheet.read_text("utf-8-sig").splitlines()
    at = next(n for n, line in enumerate(lines) if "We are sorry" in line and n)
    lines[at] = f"accept{lines[at]}"
    sheet.write_text("\n".join(lines) + "\n", encoding="utf-8")
    done = run("accept", sheet, cwd=package)
    assert done.returncode == 0, done.stdout + done.stderr
    after = background(open_package(package))
    dahl = next(row for row in after.tables["actors"] if row["actor_name"] == "Nils Dahl")
    assert any(row["actor_id"] == dahl["actor_id"] for row in after.tables["actor_roles"])
    assert after.principals[dahl["actor_id"]]


def test_a_row_copied_in_review_is_a_claim_of_its_own(tmp_path: Path) -> None:
    package = copy_minimal(tmp_path / "package")
    article = tmp_path / "article.txt"
    article.write_text(
        "Ferries to stop\n\n8 May 2031\n\nNorway said the ferries were late and the harbour was shut.\n",
        encoding="utf-8",
    )
    publisher = background(open_package(package)).actors["A0002"]["actor_name"]
    given = ("--publisher", publisher, "--published", "2031-05-08", "--language", "en")
    assert run("source", "add", article, *given, cwd=package).returncode == 0
    source_id = max(background(open_package(package)).sources)
    assert run("suggest", source_id, cwd=package).returncode == 0
    sheet = package / "worksheets" / f"{source_id}.csv"
    review = open_review(sheet, open_package(package).schemas, find_texts(package / "texts"))
    assert review.search("harbour was shut")
    review.edit("content", "the ferries were late")
    review.accept()
    review.copy()
    review.edit("content", "the harbour was shut")
    review.edit("proposition", "The harbour is shut")
    review.edit("claim_summary", "Norway says that the harbour is shut")
    review.accept()
    done = run("accept", sheet, cwd=package)
    assert done.returncode == 0, done.stdout + done.stderr
    after = background(open_package(package))
    claims = [row for row in after.tables["claims"] if row["source_id"] == source_id]
    assert len({row["proposition_id"] for row in claims}) == len(claims) == 2


@pytest.mark.parametrize(
    ("text", "words", "speaker", "act", "stance"),
    [
        ("Wire North quoted Minister Ola Berg, who warned that the bridge could fall.", "fall", "Ola Berg", "warn", "expect"),
        ("The warning came from Norsk Institute, which said the steel was rotten.", "rotten", "Norsk Institute", "state", "affirm"),
        ("It was made by Kari Lund, the head of the union, who said the cables were gone.", "gone", "Kari Lund", "state", "affirm"),
        ("He met Ivo Brandt of the Road Agency, who denied that money was lacking.", "lacking", "Ivo Brandt", "deny", "deny"),
        ("The deal is close, a person familiar with the plans, who asked not to be named, told the paper.", "close",
         "Person familiar with the plans, unnamed, The Fjord Times 8 May 2031", "state", "affirm"),
        ("Two people who saw the plans said they were old.", "old",
         "People who saw the plans, unnamed, The Fjord Times 8 May 2031", "state", "affirm"),
        ("The regulator said it was early. It declined to say how many people it had asked.", "how many",
         "Regulator, unnamed, The Fjord Times 8 May 2031", "decline_comment", "noncommittal"),
        ("Three people in the town said it was known. One of the people said nobody listened.", "nobody listened",
         "Person in the town, unnamed, The Fjord Times 8 May 2031", "deny", "deny"),
        ("Two officials said it was known. One of them said nobody listened.", "nobody listened",
         "Official, unnamed, The Fjord Times 8 May 2031", "deny", "deny"),
        ("Ola Berg accused the town of hiding it, which the company denied.", "hiding it",
         "Company, unnamed, The Fjord Times 8 May 2031", "deny", "deny"),
        ("According to the union, which has 900 members, staff were told to skip checks.", "skip checks",
         "Union, unnamed, The Fjord Times 8 May 2031", "state", "affirm"),
        ("“It is rare,” wrote analyst Siri Vold in a note to clients.", "rare", "Siri Vold", "state", "affirm"),
        ("A rebel spokesman was there. Its spokeswoman, Anne Perrin, said nobody fled.", "nobody fled", "Anne Perrin",
         "deny", "deny"),
        ("Hydrologists said the valley was at risk.", "valley", "Hydrologists, unnamed, The Fjord Times 8 May 2031", "state", "affirm"),
        ("State television reported that 14 people had died.", "14 people",
         "State television, unnamed, The Fjord Times 8 May 2031", "report", "affirm"),
        ("“I am here,” Ola Berg said. “So am I,” Siri Vold said. Berg is not tired. He said he would return.", "return", "Ola Berg", "predict", "affirm"),
        ("The Kremlin refused to be drawn on the visit.", "visit", "Kremlin", "decline_comment", "noncommittal"),
        ("Nordgrid disputes that it cut its budget.", "budget", "Nordgrid", "deny", "deny"),
        ("Lena Ortiz of the Harbour Institute said the ferry was old.", "ferry", "Lena Ortiz", "state", "affirm"),
        ("The ferry’s maker, Farmark, said the ferry was new.", "new", "Farmark", "state", "affirm"),
        ("Ola Berg said the ferry was old. For Anna Vinge, 71, it was home. She said it would be missed.", "missed",
         "Anna Vinge", "predict", "affirm"),
        ("Ola Berg said it was true. His counterpart, Davit Soren, was there. He said it was false.", "false",
         "Davit Soren", "state", "affirm"),
        ("A senior diplomat involved in the talks, who was not authorised to speak, said the bridge was old.", "bridge",
         "Senior diplomat involved in the talks, unnamed, The Fjord Times 8 May 2031", "state", "affirm"),
        ("A source close to the dressing room told the paper that it was known.", "known",
         "Source close to the dressing room, unnamed, The Fjord Times 8 May 2031", "state", "affirm"),
        ("Sources close to the matter said it was known.", "known",
         "Sources close to the matter, unnamed, The Fjord Times 8 May 2031", "state", "affirm"),
        ("Two former workers said it was known. One, who left in May, said nobody listened.", "nobody listened",
         "Former worker, unnamed, The Fjord Times 8 May 2031", "deny", "deny"),
        ("Orsa Minerals said nothing new. The researchers, from Oslo, looked for lead. They wrote that the mine leaked.", "leaked",
         "Researchers, unnamed, The Fjord Times 8 May 2031", "state", "affirm"),
        ("Striker Emeka Okoro is 27. Okoro himself has not spoken publicly since May, when he denied a rift.", "a rift",
         "Emeka Okoro", "deny", "deny"),
        ("Striker Emeka Okoro is 27. “Emeka wants to go,” Paulo Mendes said. Emeka said he would stay.", "stay", "Emeka Okoro",
         "predict", "affirm"),
        ("Former Rovers captain Lee Dunne left. Rovers declined to say where he was.", "where", "Rovers", "decline_comment",
         "noncommittal"),
        ("Lead author Dr Henrik Moe said the well was dry.", "dry", "Henrik Moe", "state", "affirm"),
        ("Ola Berg disputed that: the map, he said, was old.", "old", "Ola Berg", "state", "affirm"),
        ("The opposition in Oslo accused the town of hiding it.", "hiding", "Opposition in Oslo, unnamed, The Fjord Times 8 May 2031",
         "accuse", "affirm"),
        ("The Road Agency was asked for advice, a man said. Kari Lund left. The agency, based in Bergen, said it was not so.",
         "it was not so", "Road Agency", "deny", "deny"),
        ("Orsa Minerals rejected the study. The Road Agency said it was early. The company said it was late.", "late",
         "Orsa Minerals", "state", "affirm"),
        ("Ola Berg’s office did not dispute the size of the hole.", "hole", "Ola Berg’s office", "decline_comment", "noncommittal"),
        ("Ola Berg hinted that he may not attend.", "attend", "Ola Berg", "hint", "deny"),
        ("Oslo does not exclude a meeting this year, Ola Berg said.", "meeting", "Ola Berg", "predict", "expect"),
        ("The Sun Post claimed that Rovers had agreed a fee of two crowns.", "fee", "Sun Post", "report", "affirm"),
        ("Ola Berg said that his party would demand a debate.", "debate", "Ola Berg", "predict", "affirm"),
        ("Minister Ola Berg confirmed it. “It is agreed,” the top diplomat noted.", "agreed", "Ola Berg", "state", "affirm"),
        ("Minister Ola Berg confirmed the plan. According to him, the road will close.", "close", "Ola Berg", "predict", "affirm"),
        ("Two of her allies said the vote would come.", "vote", "Allies, unnamed, The Fjord Times 8 May 2031", "predict", "affirm"),
        ("Two allies said it was late. One of the allies, a minister, said nobody knew.", "nobody knew",
         "Ally, unnamed, The Fjord Times 8 May 2031", "deny", "deny"),
        ("Two allies spoke to the paper. One ally said it was late. The other said nobody knew.", "nobody knew",
         "Person, unnamed, The Fjord Times 8 May 2031", "deny", "deny"),
        ("“There is no plan. Those who say they know do not know,” Ola Berg said.", "Those", "Ola Berg", "deny", "deny"),
        ("Ola Berg said the road was old. He would not be drawn on whether the road was safe.", "whether", "Ola Berg",
         "decline_comment", "noncommittal"),
        ("“Bring it on,” Ola Berg wrote on X. He has long accused the town of lying.", "lying", "Ola Berg", "accuse", "affirm"),
        ("Ola Berg was against it. He has since said that it was right.", "right", "Ola Berg", "state", "affirm"),
        ("Ola Berg ruled out ever calling a vote.", "vote", "Ola Berg", "deny", "deny"),
        ("The Road Ministry’s press service reported that the road was shut.", "shut", "Road Ministry’s press service", "state",
         "affirm"),
        ("Lund’s aide, Elena Russo, left in May; she told the court that she could not remember it.", "remember", "Elena Russo",
         "deny", "deny"),
        ("An inquiry concluded that it was late. It did not name Lund, but said the town had known.", "the town had known",
         "Inquiry, unnamed, The Fjord Times 8 May 2031", "state", "affirm"),
        ("Judge Rosa Marini told jurors to disregard what they had read.", "disregard", "Rosa Marini", "state", "affirm"),
        ("The road was unsafe for years, a court heard on Monday.", "unsafe", "", "state", "affirm"),
        ("Ola Berg said it would be inappropriate to comment on the case.", "inappropriate", "Ola Berg", "decline_comment",
         "noncommittal"),
        ("The Palace confirmed that the king would return, but gave no reason.", "the king would return", "Palace", "confirm", "affirm"),
        ("Minister Park Jun said it was so. Lawmaker Choi Eun denied it. “He lied,” she said. He called the claim absurd.", "absurd",
         "Park Jun", "assess", "affirm"),
        ("A spokesman emphasised that the road was open.", "open", "Spokesman, unnamed, The Fjord Times 8 May 2031", "state", "affirm"),
        ("Rumours that the ship sank were rejected by the navy as talk.", "the ship sank", "Navy, unnamed, The Fjord Times 8 May 2031",
         "deny", "deny"),
        ("“It cannot be ruled out,” Ola Berg said.", "ruled out", "Ola Berg", "assess", "affirm"),
        ("Ola Berg said the road was shut. He was not aware of the repairs.", "repairs", "Ola Berg", "state", "noncommittal"),
        ("Ola Berg does not want to wait: “We go now.”", "We go now", "Ola Berg", "state", "affirm"),
        ("Ola Berg, who is expected in Port Hale, has promised the town “every answer”.", "every answer", "Ola Berg", "promise",
         "affirm"),
        ("“As long as we have not found it, there is a chance,” Ola Berg said.", "chance", "Ola Berg", "state", "affirm"),
        ("The Road Agency later sent a message to reporters saying it was not true.", "true", "Road Agency", "deny", "deny"),
        ("The head of Norland’s health agency said it was late.", "late",
         "Head of Norland’s health agency, unnamed, The Fjord Times 8 May 2031", "state", "affirm"),
        ("Deaths had not risen, whereas a paper, not yet reviewed, suggests a rise of 4 per cent.", "a rise of 4",
         "Paper, unnamed, The Fjord Times 8 May 2031", "hint",
         "affirm"),
        ("Patients’ groups say they were never asked.", "asked", "Patients’ groups, unnamed, The Fjord Times 8 May 2031", "deny", "deny"),
        ("The road is shut, said CDU expert Norbert Lang on Deutschlandradio.", "shut", "Norbert Lang", "state", "affirm"),
        ("Ola Berg wrote to him. Poland’s defence minister, however, is certain: “It comes,” he told reporters.", "It comes",
         "Poland’s defence minister, unnamed, The Fjord Times 8 May 2031", "state", "affirm"),
        ("Karin Holm said it was so. The chancellor was late, she added.", "late", "Karin Holm", "state", "affirm"),
        ("The manufacturer, Rheinwerk, did not wish to comment on request.", "comment", "Rheinwerk", "decline_comment",
         "noncommittal"),
        ("Oslo denied media reports according to which it had sold the ship.", "sold", "Norway", "deny", "deny"),
        ("According to a survey by the Forsa institute, 53 percent are against the bridge.", "53 percent", "Forsa institute", "state",
         "affirm"),
        ("Astrid Nygaard called it fair. A source said it was late. Nygaard has been ill, and friends say that she said it was over.",
         "it was over", "Astrid Nygaard", "state", "affirm"),
        ("The association estimates that 300 shops could close, a figure the agency calls invented.", "300 shops could close",
         "Association, unnamed, The Fjord Times 8 May 2031", "assess", "expect"),
        ("“It is fair. What his agent says is for his agent to explain,” Ola Berg said.", "explain", "Ola Berg", "state", "affirm"),
        ("Ola Berg was upfront about it, saying members need to stand together.", "stand together", "Ola Berg", "state", "affirm"),
        ("The ministry maintained that no ship had entered the strait.", "no ship", "Ministry, unnamed, The Fjord Times 8 May 2031", "deny", "deny"),
        ("Siri Vold prefers rail to road.", "rail to road", "The Fjord Times", "state", "affirm"),
        ("The town refused to sign the lease.", "sign the lease", "The Fjord Times", "state", "affirm"),
        ("Three years after Ola Berg vowed to build homes, the town has sold the land.", "build homes", "Ola Berg", "promise",
         "affirm"),
        ("To win, candidates probably need to hold the north, political analysts say; in 2012, Ole Dahl lost it.", "hold the north",
         "Political analysts, unnamed, The Fjord Times 8 May 2031", "assess", "affirm"),
        ("“This isn't just about me,” said Ola Berg.", "about me", "Ola Berg", "state", "affirm"),
        ("“If he wins I will be kept out of the hall, which means I can't meet mayors,” said Ola Berg.", "kept out", "Ola Berg",
         "predict", "affirm"),
        ("“It would have been the fairer thing to do,” said Ola Berg.", "fairer", "Ola Berg", "state", "affirm"),
        ("“He is out of touch,” said State Senator Iris Lund, Democrat of the North.", "out of touch", "Iris Lund", "state", "affirm"),
        ("“He is weak,” said Iris Lund, a Nordvik banker and an influential Democrat who said she would not vote for him.",
         "would not vote", "Iris Lund", "predict", "deny"),
        ("Mr. Berg’s father and mother said they had left.", "had left", "Mr. Berg’s father and mother, unnamed, The Fjord Times 8 May 2031", "state",
         "affirm"),
        ("Two liberal Sami groups said the road was unsafe.", "unsafe", "Liberal Sami groups, unnamed, The Fjord Times 8 May 2031", "state", "affirm"),
        ("Iris Lund left early. She said the bridge was late.", "bridge was late", "Iris Lund", "state", "affirm"),
        ("Senator Iris Lund of Nordvik is showing a film, in which she declares, “The purpose is to win.”", "purpose", "Iris Lund",
         "announce", "affirm"),
        ("Ola Berg thanked the town. Iris Lund, who left on Monday, used her speech to say so too. He said it moved him.", "moved him", "Ola Berg", "state",
         "affirm"),
        ("Iris Lund closed the shop in May with her sister.\n\n“Ola Berg wrote to us. Berg has not paid,” she said.", "not paid",
         "Iris Lund", "deny", "deny"),
        ("One pastor backing Mr. Dahl, Iris Lund of the Harbour Church, said it was late.", "late", "Iris Lund", "state", "affirm"),
        ("The town will wait, Harbour Union Director of Public Affairs Iris Lund said.", "wait", "Iris Lund", "predict", "affirm"),
        ("After the court refused to hear it, Attorney General Iris Lund (R) warned that the bridge could fall.", "could fall",
         "Iris Lund", "warn", "expect"),
        ("The officials whose laws were struck down say the change came late.", "came late",
         "Officials whose laws were struck down, unnamed, The Fjord Times 8 May 2031", "state", "affirm"),
        ("The Nordvik Budget Office said deficits would end. The budget office said about half of the rise was new.", "about half",
         "Nordvik Budget Office", "state", "affirm"),
        ("The bridge was late, in large part because Iris Lund and the town agreed to wait, Ola Berg said.", "because Iris Lund",
         "Ola Berg", "state", "affirm"),
        ("Over the long term, according to the budget office, the rise “is mainly due to age.”", "due to age",
         "Budget office, unnamed, The Fjord Times 8 May 2031", "state", "affirm"),
        ("Noting that both towns had lost, Iris Lund left the hall.", "both towns", "Iris Lund", "state", "affirm"),
        ("The office cut a dozen posts, according to a memo released Friday by the Harbour Institute.", "a dozen posts",
         "Harbour Institute", "state", "affirm"),
        ("A study by Iris Lund shows that rents rise.", "rents rise", "Iris Lund", "state", "affirm"),
        ("The ship sank, a report by the Harbour Institute said.", "sank", "Harbour Institute", "state", "affirm"),
        ("Some records that Iris Lund questioned are already kept in Nordvik.", "Some records", "The Fjord Times", "state", "affirm"),
        ("Mr. Berg’s answer was that the home is the best place.", "best place", "Berg", "state", "affirm"),
        ("There is no need to move them, Iris Lund wrote Ole Dahl.", "no need", "Iris Lund", "deny", "deny"),
        ("Iris Lund Backs Ole Dahl: I Am Tired Of Waiting\n\nIt rained in the town.", "Tired", "Iris Lund", "state", "affirm"),
        ("Iris Lund welcomed the envoys to the Storting on Friday.", "envoys", "The Fjord Times", "state", "affirm"),
        ("Kim J. Sol said on “This Week” that the visit was near.", "near", "Kim Sol", "state", "affirm"),
        ("Later on “This Week,” Iris Lund denied that the road was safe.", "road was safe", "Iris Lund", "deny", "deny"),
        ("First his wife, longtime Ole Dahl aide Iris Lund, announced that they had parted.", "parted", "Iris Lund", "announce",
         "affirm"),
        ("The Democratic front-runner said it was late.", "late", "Democratic front-runner, unnamed, The Fjord Times 8 May 2031",
         "state", "affirm"),
        ("Business Insider confirmed that the writer had left.", "had left", "Business Insider", "confirm", "affirm"),
        ("Even now the hall is full. Ole Dahl, asked about the cost, said it was fair.", "fair", "Ole Dahl", "state", "affirm"),
        ("Iris Lund said no date had been set.", "no date", "Iris Lund", "deny", "deny"),
        ("The UN’s secretary-general called for calm.", "calm", "UN’s secretary-general, unnamed, The Fjord Times 8 May 2031", "demand",
         "affirm"),
        ("Iris Lund said that, should Oslo go ahead, Denmark would respond.", "Denmark would respond", "Iris Lund", "predict",
         "affirm"),
        ("Iris Lund said at least 100 people had died.", "at least 100", "Iris Lund", "state", "affirm"),
        ("Iris Lund said more than 100 people had died.", "more than 100", "Iris Lund", "state", "affirm"),
        ("Iris Lund said as many as 10 ships had sunk.", "as many as 10", "Iris Lund", "state", "affirm"),
        ("Iris Lund said under the deal grain would pass.", "under the deal", "Iris Lund", "predict", "affirm"),
        ("Iris Lund told reporters the dam had failed.", "the dam had failed", "Iris Lund", "state", "affirm"),
        ("The Kremlin tweeted that the dam was shut.", "shut", "Kremlin", "state", "affirm"),
        ("A statement from the Harbour Institute said the dam was shut.", "shut", "Harbour Institute", "state", "affirm"),
        ("The Kremlin’s statement said the dam was shut.", "shut", "Kremlin", "state", "affirm"),
        ("Iris Lund questioned whether the dam was safe.", "safe", "Iris Lund", "state", "noncommittal"),
        ("Reports that the dam had failed were false, Iris Lund said.", "had failed", "Iris Lund", "deny", "deny"),
        ("Claims that the dam had failed are true, Iris Lund said.", "had failed", "Iris Lund", "confirm", "affirm"),
        ("Ole Dahl, in a green coat, said little.", "little", "The Fjord Times", "state", "affirm"),
        ("Lund voters took part in May, the Harbour Institute analysis shows.", "took part", "Harbour Institute", "state", "affirm"),
        ("Iris Lund said in a talk that trials, with witnesses and records, were of use.", "were of use", "Iris Lund", "state",
         "affirm"),
    ],
)  # fmt: skip
def test_whose_words_they_are(text: str, words: str, speaker: str, act: str, stance: str) -> None:
    found = row(text, words)
    assert (found["speaker"], found["speech_act"], found["stance"]) == (speaker, act, stance)


def test_what_the_denier_denies_is_what_the_other_claims() -> None:
    rows = proposed(
        "Kari Lund demanded that the minister resign, a call that the army's spokesman dismissed as premature."
    ).rows
    assert sorted((row["speaker"][:5], row["content"], row["stance"]) for row in rows) == [
        ("Army'", "the minister resign", "deny"),
        ("Kari ", "the minister resign", "affirm"),
    ]


def test_who_is_cited_is_a_hop_and_papers_are_seen_by_an_outlet() -> None:
    cited = row("Wire North quoted Minister Ola Berg, who warned that the bridge could fall.", "fall")
    assert chain(cited)[:2] == ["Wire North", "Ola Berg"]
    seen = row("The fault was known, according to an internal letter seen by Wire North.", "known")
    assert (seen["hop_1_actor"], seen["hop_1_cue"], seen["hop_2_kind"]) == ("Wire North", "seen by", "lost")
    budget = row("Wire North reported in March, citing internal emails, that the budget was cut.", "budget")
    assert (budget["content"], budget["hop_1_actor"], budget["hop_2_kind"]) == (
        "the budget was cut",
        "Wire North",
        "lost",
    )


def test_a_chain_of_three_has_all_its_hops() -> None:
    for text in (
        "Wire North, citing The Sun Post, which in turn cited a security source, said the ministers had spoken.",
        "The ministers had spoken, Wire North reported, citing The Sun Post, which quoted a security source.",
    ):
        (found,) = proposed(text).rows
        assert chain(found)[:2] == ["Wire North", "Sun Post"]
        assert found["hop_3_actor"].startswith("Security source, unnamed, Sun Post via")
        assert found["content"].lower() == "the ministers had spoken"


def test_whoever_is_interviewed_is_heard_through_the_outlet_on_its_day() -> None:
    found = row("“The ship is empty,” Iris Lund said in an interview with the Wire North on Monday.", "empty")
    assert (chain(found)[:2], found["hop_1_cue"], found["said_edtf"]) == (
        ["Wire North", "Iris Lund"],
        "interview with",
        "2031-05-05",
    )


@pytest.mark.parametrize(
    "text",
    [
        "Ole Dahl was quoted by Wire North as saying that the dam had failed.",
        "Ole Dahl was quoted as saying by Wire North that the dam had failed.",
    ],
)
def test_who_is_quoted_by_an_outlet_is_behind_it(text: str) -> None:
    (found,) = proposed(text).rows
    assert (chain(found)[:2], found["content"]) == (["Wire North", "Ole Dahl"], "the dam had failed")


def test_whom_an_outlet_cites_first_is_its_origin() -> None:
    (found,) = proposed("Citing Iris Lund, Wire North reported the dam had failed.").rows
    assert chain(found)[:2] == ["Wire North", "Iris Lund"]


def test_what_somebody_did_not_say_is_an_absence() -> None:
    (found,) = proposed("Iris Lund did not say when the dam would open.").rows
    assert (found["speaker"], found["proposition_kind"], found["stance"]) == ("The Fjord Times", "absence", "affirm")


def test_the_times_is_the_one_named_before() -> None:
    text = "She was glad, according to The Sun Times. Asked about it, Iris Lund said: “There are exceptions,” the Times reported."
    found = row(text, "exceptions")
    assert (chain(found)[:2], found["content"]) == (["Sun Times", "Iris Lund"], "There are exceptions")


def test_phrases_end_before_the_time_and_before_a_clause_of_the_writer() -> None:
    assert row("Iris Lund rejected the offer on Tuesday night.", "the offer")["content"] == "the offer"
    called = row("Iris Lund called for the ban in March after Ola Berg and his wife were robbed.", "the ban")
    assert (called["content"], called["said_edtf"]) == ("the ban", "2031-03")
    proposed_plan = row(
        "Ola Berg had proposed paying for it by raising taxes, but the members who run it refused.", "paying"
    )
    assert proposed_plan["content"] == "paying for it by raising taxes"
    assert not any(
        one["content"] == "last August"
        for one in proposed("It cost more than the office had projected last August.").rows
    )


def test_a_quotation_behind_a_mixed_one_is_a_claim_of_its_own() -> None:
    rows = proposed(
        "The plans are “profoundly wrong,” said Steve Bell, a banker. “It leaves me speechless. Nobody has asked us.”"
    ).rows
    assert [(one["content"], one["quote_type"], one["speaker"]) for one in rows] == [
        ("The plans are “profoundly wrong", "mixed", "Steve Bell"),
        ("It leaves me speechless", "direct", "Steve Bell"),
        ("Nobody has asked us", "direct", "Steve Bell"),
    ]


def test_those_who_speak_together_are_two_rows_without_what_both_are() -> None:
    text = "“We wonder,” state Senate leader Phil Moe and House Speaker Tim Lund, both Democrats, said in a statement."
    assert sorted(one["speaker"] for one in proposed(text).rows) == ["Phil Moe", "Tim Lund"]


def test_what_the_outlet_asks_is_its_own_and_a_post_in_a_book_no_words() -> None:
    (asked,) = proposed("We asked our followers their thoughts on it.").rows
    assert (asked["speaker"], asked["quote_type"]) == ("The Fjord Times", "narration")
    told = row(
        "The storm of 1959 ended plans to return, Iris Lund said in her 2012 book, “A Nordvik Daughter.”", "storm"
    )
    assert (told["speaker"], told["content"]) == ("Iris Lund", "The storm of 1959 ended plans to return")


def test_states_that_are_listed_speak_each_with_the_date() -> None:
    rows = proposed("In a joint statement on May 2, Kenya, Ethiopia and Djibouti urged both sides to wait.").rows
    assert [(row["speaker"], row["said_edtf"]) for row in rows] == [
        (state, "2031-05-02") for state in ("Djibouti", "Ethiopia", "Kenya")
    ]


def test_what_is_expected_is_no_part_of_what_documents_tell() -> None:
    rows = proposed(
        "Elena Russo is expected to speak on Friday; she told police that she forgot it, according to papers seen by Wire North."
    ).rows
    expected = next(row for row in rows if "speak on Friday" in row["content"])
    assert (expected["quote_type"], expected["hop_1_kind"]) == ("agentless", "agentless")


@pytest.mark.parametrize(
    "text",
    ["When a reporter asked whether the road was safe, he left.", "He is thought to have left. Ola Berg wrote a book."],
)
def test_questions_of_reporters_and_books_are_no_claims(text: str) -> None:
    assert not [row for row in proposed(text).rows if row["quote_type"] in ("indirect", "direct", "mixed")]


def test_a_claim_that_is_rebutted_is_claimed_and_denied() -> None:
    rows = proposed("Ola Berg rejected a claim by Kari Lund that the road was shut.").rows
    assert sorted((row["speaker"], row["content"], row["stance"]) for row in rows) == [
        ("Kari Lund", "the road was shut", "affirm"),
        ("Ola Berg", "the road was shut", "deny"),
    ]


def test_a_question_between_paragraphs_is_no_claim() -> None:
    rows = proposed("The road is shut.\n\nWhy is it shut?\n\nThe bridge fell.\n").rows
    assert [row["content"] for row in rows] == ["The road is shut", "The bridge fell"]


def test_papers_that_show_something_are_lost_behind_the_outlet_that_saw_them() -> None:
    found = row("Emails obtained by Wire North show that the bridge was old.", "old")
    assert (found["content"], found["hop_1_actor"], found["hop_2_kind"]) == ("the bridge was old", "Wire North", "lost")


def test_a_view_that_another_shares_is_a_claim_of_each() -> None:
    rows = proposed(
        "Ola Berg insisted the ferry was safe, a position repeated by chairman Sir Alan Peel on Saturday."
    ).rows
    assert sorted((row["speaker"], row["content"]) for row in rows) == [
        ("Alan Peel", "the ferry was safe"),
        ("Ola Berg", "the ferry was safe"),
    ]


def test_a_headline_that_cites_reports_has_the_outlet_of_the_body() -> None:
    headline = "Oslo and Bergen weigh closing the bridge, reports say"
    body = "Wire North reported on Monday that the bridge may close."
    found = proposed(f"{headline}\n\n{body}\n", len(headline)).rows[0]
    assert (found["content"], found["claim_location"]) == ("Oslo and Bergen weigh closing the bridge", "headline")
    assert (found["hop_1_actor"], found["hop_1_kind"]) == ("Wire North", "implicit")


def test_what_happened_before_somebody_spoke_is_narration() -> None:
    rows = proposed("The talks ended in May, when Ola Berg said they were over.").rows
    assert [(row["speaker"], row["content"]) for row in rows] == [
        ("The Fjord Times", "The talks ended in May"),
        ("Ola Berg", "they were over"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "There was no immediate comment from Oslo.",
        "Oslo has made no comment.",
        "The government has yet to comment on the report.",
        "It was not possible to reach the leadership for comment.",
        "Nobody at Nordgrid was available for comment.",
    ],
)
def test_a_silence_is_told_by_the_text(text: str) -> None:
    [found] = proposed(text).rows
    assert (found["proposition_kind"], found["stance"], found["quote_type"]) == ("absence", "affirm", "narration")


@pytest.mark.parametrize(
    "text",
    [
        "Two officials spoke on condition of anonymity.",
        "Ola Berg, who spoke on the condition that he not be named, said it was late.",
        "Ola Berg said he had written to the regulator twice.",
        "The driver was questioned by police, a spokesman said.",
    ],
)
def test_how_and_to_whom_somebody_speaks_is_no_claim_of_its_own(text: str) -> None:
    assert len(proposed(text).rows) == ("said" in text)


def test_short_of_denying_is_no_denial_and_a_second_thing_said_is_a_row() -> None:
    held = row("Ola Berg played the report down, but stopped short of denying it.", "it")
    assert (held["speech_act"], held["stance"]) == ("decline_comment", "noncommittal")
    text = "Nora Lie said she was “following the case,” but that it was too early to say whether Norway would pay."
    assert [found["content"][:7] for found in proposed(text).rows][-1] == "it was "
    cited = row("The Financial Post, quoting sources close to both firms, said this week that a deal is near.", "near")
    assert (cited["hop_1_actor"], cited["hop_2_actor"][:24]) == ("Financial Post", "Sources close to both fi")


def test_a_clause_inside_another_parts_nothing_and_one_behind_is_the_writers() -> None:
    [found] = proposed("It is unclear whether Ola Berg, who was promised a pension, will be asked again.").rows
    assert found["content"].endswith("will be asked again")
    cut = row("Ola Berg said he had paid the deputies, the clearest account yet of a scheme.", "deputies")
    assert cut["content"] == "he had paid the deputies"


def test_a_day_in_a_question_dates_no_answer() -> None:
    found = row("Asked whether she would leave this year, Nora Lie replied: “I rule out nothing.”", "nothing")
    assert found["said_edtf"] == "../2031-05-08"


def test_what_is_told_to_somebody_is_said_by_the_one_who_tells() -> None:
    found = row("Ola Berg said he had been told by officials that the ship had sunk.", "sunk")
    assert (found["content"], chain(found)[0]) == ("the ship had sunk", "Ola Berg")
    assert found["hop_2_actor"].startswith("Officials")


def test_what_is_not_expected_is_denied() -> None:
    found = row("Berg is not expected to run again.", "run again")
    assert (found["stance"], found["certainty"], found["proposition_kind"]) == ("deny", "PR-", "prediction")


def test_a_known_proposition_on_others_is_not_filled_in() -> None:
    proposition = {
        "proposition_id": "P0001", "proposition": "North Korea has sent troops", "proposition_kind": "fact",
        "window_edtf": "", "window_start": "", "window_end": "", "window_basis": "none", "place_id": "",
    }  # fmt: skip
    world = Background(known().tables | {"propositions": [proposition]})
    for text, filled in (
        ("Wire North said North Korea had sent troops.", "P0001"),
        ("Wire North said it sent troops.", ""),
    ):
        [found] = propose(text, "S0001", world, extract(text)).rows
        assert (found.get("proposition_id", ""), "P0001" in found["candidates"]) == (filled, True)


def test_minimal_texts_still_give_rows() -> None:
    text = (MINIMAL / "texts" / "courier.txt").read_text("utf-8")
    assert proposed(text).rows
