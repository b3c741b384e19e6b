"""Attributions in plain English: who is said to have said what, and where it stands."""

import csv
import re
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import onrecord
from onrecord.curate.extract import extract
from onrecord.curate.extract.lexicon import confidence, split_reason, verb_forms
from onrecord.curate.extract.tokens import tokenize
from onrecord.curate.spans import Attribution, Span

LEXICON = Path(onrecord.__file__).parent / "curate" / "lexicon"
BENCH = Path(__file__).parent.parent / "scripts" / "bench" / "polnear.py"


def words(text: str, spans: tuple[Span, ...]) -> list[str]:
    return [text[span.start : span.end] for span in spans]


def parts(text: str) -> list[tuple[str, str, str]]:
    """Source, cue and content of the attributions at the top, pieces joined by an ellipsis."""
    return [
        (" … ".join(words(text, a.source)), " … ".join(words(text, a.cue)), " … ".join(words(text, a.content)))
        for a in extract(text)
        if a.parent is None
    ]


def only(text: str) -> Attribution:
    found = [a for a in extract(text) if a.parent is None]
    assert len(found) == 1, parts(text)
    return found[0]


@pytest.mark.parametrize(
    ("text", "source", "cue", "content"),
    [
        ("“The bridge is safe,” the mayor said.", "the mayor", "said", "The bridge is safe"),
        ('"The bridge is safe," said Ana Ruiz, the mayor.', "Ana Ruiz, the mayor", "said", "The bridge is safe"),
        ("‘I don’t know the bridge,’ she told reporters.", "she", "told", "I don’t know the bridge"),
        ('"Why not?" Ruiz asked.', "Ruiz", "asked", "Why not"),
        ("“It is safe,” Ruiz said 30 minutes into the debate.", "Ruiz", "said", "It is safe"),
        (
            "“It is safe,” Kim Lee, a judge in Oslo, told the Daily Post.",
            "Kim Lee, a judge in Oslo",
            "told",
            "It is safe",
        ),
        ("“It is safe,” Ruiz pointed out.", "Ruiz", "pointed out", "It is safe"),
        ("“It is safe,” Ruiz grinned.", "Ruiz", "grinned", "It is safe"),
        ("''The bridge is safe,'' he added.", "he", "added", "The bridge is safe"),
        ('Ruiz said: "The bridge is safe."', "Ruiz", "said", "The bridge is safe"),
        ('Ruiz gloated: "The bridge held up well."', "Ruiz", "gloated", "The bridge held up well"),
        (
            '"The bridge," she said, "is safe for now."',
            "she",
            "said",
            "The bridge … is safe for now",
        ),
        (
            '"It is safe," she said. "It will stay so for years."',
            "she",
            "said",
            "It is safe … It will stay so for years",
        ),
        ('"It is safe. It held."\n\n— Ana Ruiz', "Ana Ruiz", "—", "It is safe. It held"),
    ],
)
def test_direct_quotations(text: str, source: str, cue: str, content: str) -> None:
    assert parts(text) == [(source, cue, content)]
    assert only(text).quote_type == "direct"


@pytest.mark.parametrize(
    ("text", "source", "cue", "content"),
    [
        (
            "“It is safe,” said Jan Holt, the head of a group that checks bridges in Oslo. “It will hold.”",
            "Jan Holt, the head of a group that checks bridges in Oslo",
            "said",
            "It is safe … It will hold",
        ),
        (
            "“It is safe now,” a sign on the bridge states. “Go.”",
            "a sign on the bridge",
            "states",
            "It is safe now … Go",
        ),
        (
            "“It is no answer,” one aide said late last month, “but a start.”",
            "one aide",
            "said",
            "It is no answer … but a start",
        ),
        ("“It is safe,” one bridge official said. “Go on.”", "one bridge official", "said", "It is safe … Go on"),
        ("“They asked, ‘Is it safe?’” Ruiz told reporters.", "Ruiz", "told", "They asked, ‘Is it safe"),
        ("“It is safe for cars.” Ruiz said.", "Ruiz", "said", "It is safe for cars"),
        ("“It is safe,“ Ruiz said. “Go on.”", "Ruiz", "said", "It is safe … Go on"),
        ("Ruiz said of the bridge, “It is safe.”", "Ruiz", "said", "It is safe"),
        ("Ruiz wrote to her many followers, “It is safe.”", "Ruiz", "wrote", "It is safe"),
        ("The mayor replied:\n\n“It is safe. It will hold.”", "The mayor", "replied", "It is safe. It will hold"),
        ("The text of the plate is as follows:\n\n“It is safe to go.”", "", ":", "It is safe to go"),
        (
            "“It is safe,” said Ruiz of Utica, N.Y. “It will hold.”",
            "Ruiz of Utica, N.Y.",
            "said",
            "It is safe … It will hold",
        ),
        (
            "The walls are old (“They will hold,” Ruiz said).",
            "Ruiz",
            "said",
            "They will hold",
        ),
    ],
)
def test_quotations_whose_source_is_long_or_far(text: str, source: str, cue: str, content: str) -> None:
    assert parts(text) == [(source, cue, content)]
    assert only(text).quote_type == "direct"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "Asked whether it was safe, Ruiz said: “Of course. It is new.”",
            [("", "Asked", "whether it was safe"), ("Ruiz", "said", "Of course. It is new")],
        ),
        (
            "Ruiz said that it was safe, and a man yelled, “It is not safe!”",
            [("Ruiz", "said", "it was safe"), ("a man", "yelled", "It is not safe")],
        ),
        ("Ruiz went to the bridge at 7 p.m. She said it was safe.", [("She", "said", "it was safe")]),
        ("Ruiz moved to the U.S. The mayor said it was safe.", [("The mayor", "said", "it was safe")]),
        ("Mr. Ruiz said it was safe.", [("Mr. Ruiz", "said", "it was safe")]),
        (
            "The mayor said in a statement that “it is safe to cross.”",
            [("The mayor", "said", "it is safe to cross")],
        ),
        ("A guide called “The Bridges of Oslo” is in the library.", []),
    ],
)
def test_a_quotation_is_that_of_the_verb_that_leads_up_to_it(text: str, found: list[tuple[str, str, str]]) -> None:
    assert parts(text) == found


def test_marks_within_quotation_marks_close_nothing() -> None:
    text = 'The report notes:\n\n"The bridge is “safe,” and it holds.\n\n"Nobody should worry about it."\n\nIt rained.'
    assert words(text, only(text).content) == ["The bridge is “safe,” and it holds", "Nobody should worry about it"]


def test_a_quotation_over_paragraphs_is_one_attribution() -> None:
    text = "“It is safe,” Ruiz said. “We measured it twice.\n\n“Nobody should worry about it.”\n\nThe river rose."
    assert words(text, only(text).content) == ["It is safe", "We measured it twice", "Nobody should worry about it"]


@pytest.mark.parametrize(
    ("text", "source", "cue", "content"),
    [
        ("Ruiz said that the bridge was safe.", "Ruiz", "said", "the bridge was safe"),
        ("Ruiz said on Tuesday the bridge was safe.", "Ruiz", "said", "the bridge was safe"),
        ("The bridge was safe, the mayor said on Tuesday.", "the mayor", "said", "The bridge was safe"),
        ("According to the ministry, the bridge was safe.", "the ministry", "According to", "the bridge was safe"),
        ("The bridge was safe, according to two officials.", "two officials", "according to", "The bridge was safe"),
        ("The mayor told Radio Nord that the bridge was safe.", "The mayor", "told", "the bridge was safe"),
        ("The mayor told councillors after the vote that it was safe.", "The mayor", "told", "it was safe"),
        ("The mayor did not rule out a second bridge.", "The mayor", "did not rule out", "a second bridge"),
        ("The mayor ruled out that it would close.", "The mayor", "ruled out", "it would close"),
        ("Engineers have warned of a collapse.", "Engineers", "have warned of", "a collapse"),
        ("The mayor hopes to reopen the bridge.", "The mayor", "hopes", "to reopen the bridge"),
        ("Many residents believe the bridge is unsafe.", "Many residents", "believe", "the bridge is unsafe"),
        (
            "The minister, who visited in July, on Monday said Oslo was considering repairs.",
            "The minister, who visited in July",
            "said",
            "Oslo was considering repairs",
        ),
        ("Ruiz is sure that the bridge will hold.", "Ruiz", "is sure", "the bridge will hold"),
        ("The mayor is against the plan.", "The mayor", "is against", "the plan"),
        ("The minister was unaware of the report.", "The minister", "was unaware of", "the report"),
        ("In the end, Ruiz said, the bridge held.", "Ruiz", "said", "In the end … the bridge held"),
        ("The workers reportedly left early.", "", "reportedly", "The workers … left early"),
        ("As Radio Nord reported, the bridge closed early.", "Radio Nord", "reported", "the bridge closed early"),
        (
            "Citing the flood, the mayor closed the bridge.",
            "the mayor",
            "Citing",
            "the flood",
        ),
    ],
)
def test_indirect_speech(text: str, source: str, cue: str, content: str) -> None:
    assert parts(text) == [(source, cue, content)]
    assert only(text).quote_type == "indirect"


def test_words_partly_quoted_are_mixed() -> None:
    text = "Ruiz said the bridge was “as safe as houses” last year."
    found = only(text)
    assert (found.quote_type, words(text, found.content)) == ("mixed", ["the bridge was “as safe as houses” last year"])


def test_two_verbs_share_a_source() -> None:
    found = parts("Ruiz criticized the plan and said it was too dear, adding that nobody wanted it.")
    assert [(source, cue) for source, cue, _ in found] == [("Ruiz", "criticized"), ("Ruiz", "said"), ("Ruiz", "adding")]
    assert [content for _, _, content in found] == ["the plan", "it was too dear", "nobody wanted it"]


def test_a_noun_of_saying() -> None:
    assert ("Ruiz", "claim", "the bridge was safe") in parts("They laughed at Ruiz's claim that the bridge was safe.")


@pytest.mark.parametrize(
    ("text", "kind", "cue"),
    [
        ("The mayor declined to comment on the bridge.", "refusal", "declined"),
        ("The ministry could not confirm the report.", "refusal", "could not confirm"),
        ("The ministry has not commented on the report.", "absence", "has not commented on"),
        ("The mayor did not respond.", "absence", "did not respond"),
        ("The mayor could not be reached for comment.", "absence", "could not be reached"),
        ("The mayor confirmed the report.", "statement", "confirmed"),
    ],
)
def test_refusals_and_absences(text: str, kind: str, cue: str) -> None:
    found = only(text)
    assert (found.kind, words(text, found.cue)) == (kind, [cue])
    assert found.source


def test_nested_attributions_are_a_chain() -> None:
    text = "Radio Nord reported that officials said the bridge was safe."
    found = extract(text)
    assert [(words(text, a.source), a.parent) for a in found] == [(["Radio Nord"], None), (["officials"], 0)]
    text = "Officials believe the bridge is safe, Radio Nord reported."
    found = extract(text)
    assert [(words(text, a.source), a.parent) for a in found] == [(["Radio Nord"], None), (["Officials"], 0)]


def test_quoted_as_saying_names_the_reporter_too() -> None:
    text = '"Why not? It is safe," Ruiz was quoted as saying by Radio Nord when asked about it.'
    found = extract(text)
    chain = [(words(text, a.source), words(text, a.cue), a.parent) for a in found]
    assert (["Ruiz"], ["was quoted as saying"], chain.index((["Radio Nord"], ["by"], None))) in chain


def test_whom_a_report_cites_is_nested_in_it() -> None:
    text = "According to Radio Nord, citing an unnamed official, trains crossed the bridge on Monday."
    found = extract(text)
    assert [(words(text, a.source), words(text, a.content), a.parent) for a in found] == [
        (["Radio Nord"], ["trains crossed the bridge on Monday"], None),
        (["an unnamed official"], ["trains crossed the bridge on Monday"], 0),
    ]


def test_words_and_refusals_inside_quotation_marks_are_nested() -> None:
    text = "“The mayor told me he would go. The ministry declined to comment on it. I think so,” Ruiz said."
    found = extract(text)
    assert [(words(text, a.source), a.parent, a.kind) for a in found] == [
        (["Ruiz"], None, "statement"),
        (["The mayor"], 0, "statement"),
        (["The ministry"], 0, "refusal"),
    ]


def test_what_adjectives_and_nouns_attribute_inside_quotation_marks_is_nested_too() -> None:
    text = "“The mayor is sure that it holds. I heard the builders' claim that it is safe,” Ruiz said."
    assert [(words(text, a.source), words(text, a.content), a.parent) for a in extract(text)][1:] == [
        (["The mayor"], ["it holds"], 0),
        (["the builders"], ["it is safe"], 0),
    ]


def test_a_turn_of_a_transcript_is_one_attribution() -> None:
    text = "Q: Is there a date?\n\nMR. RUIZ: No. We are working on it. Nobody knows.\n\nThe briefing ended."
    assert parts(text) == [
        ("Q", ":", "Is there a date"),
        ("MR. RUIZ", ":", "No. We are working on it. Nobody knows"),
    ]


def test_a_quotation_without_a_verb_of_saying_is_given_with_a_guess() -> None:
    text = "Ruiz smiled for the first time that day — “We measured it twice, and it held.”"
    assert parts(text) == [("Ruiz", "smiled", "We measured it twice, and it held")]
    sure = only("Ruiz said, “We measured it twice, and it held.”").confidence
    assert only(text).confidence < sure
    phrase = only("Ruiz stood on a bridge that was “measured twice by all of them.”")
    assert phrase.confidence < only(text).confidence < sure


@pytest.mark.parametrize(
    "text",
    [
        "The bridge was built in 1911 and painted in 1950.",
        "Sales of “The Bridge” rose by a third last year.",
        "A report on the bridge is in the library.",
        "",
        "\n \n",
    ],
)
def test_nothing_is_made_up(text: str) -> None:
    assert [a for a in extract(text) if a.kind != "statement" or a.source] == []


@dataclass(frozen=True)
class Marked:
    start: int
    end: int
    kind: str


def test_boilerplate_is_passed_over() -> None:
    text = "Ruiz said it was safe.\n\nOur readers say that it rains."
    assert len(extract(text)) == 2
    assert len(extract(text, [Marked(24, len(text), "boilerplate")])) == 1


def test_a_headline_ends_where_its_range_ends() -> None:
    text = "Mayor Says Bridge Is Safe\nThe bridge held on Tuesday."
    found = extract(text, [Marked(0, 25, "headline")])
    assert [words(text, a.content) for a in found] == [["Bridge Is Safe"]]


@pytest.mark.parametrize(
    ("headline", "found"),
    [
        ("Bridge to reopen in May, ministry confirms", [("ministry", "confirms", "Bridge to reopen in May")]),
        ("Bridge to reopen in May, says Ruiz", [("Ruiz", "says", "Bridge to reopen in May")]),
        ("Oslo’s Ruiz to Meet Holt, Officials Say", [("Officials", "Say", "Oslo’s Ruiz to Meet Holt")]),
        ("Bridge Is Safe, Mayor Tells Reporters", [("Mayor", "Tells", "Bridge Is Safe")]),
        ("Ministry: Bridge Will Reopen", [("Ministry", ":", "Bridge Will Reopen")]),
        ("Bridge May Reopen – Report", [("Report", "–", "Bridge May Reopen")]),
        ("Bridge to be closed in May - sources", [("sources", "-", "Bridge to be closed in May")]),
        ("Ministry Mum on Reports of Bridge Closure", [("", "Reports", "Bridge Closure")]),
        ("Mayor Says Bridge Is Safe", [("Mayor", "Says", "Bridge Is Safe")]),
        ("After Flood, Mayor Says Bridge Is Safe", [("Mayor", "Says", "Bridge Is Safe")]),
        ("Live Updates: Bridge Is Closed", []),
        ("Bridge closure: What we know so far", []),
        ("The Bridge: Five Things to Know", []),
        ("Floods, Fires and Storms: A Year in Pictures", []),
        ("Old Bridge, New Trouble", []),
    ],
)
def test_headlines(headline: str, found: list[tuple[str, str, str]]) -> None:
    text = f"{headline}\nIt rained."
    told = extract(text, [Marked(0, len(headline), "headline")])
    drawn = [
        (" ".join(words(text, a.source)), " ".join(words(text, a.cue)), " ".join(words(text, a.content))) for a in told
    ]
    assert drawn == found


def test_what_a_headline_says_that_somebody_said_is_nested() -> None:
    text = "Mayor Pledges Bridge Will Stay Open, Aide Says"
    found = extract(text)
    assert [(words(text, a.source), a.parent) for a in found] == [(["Aide"], None), (["Mayor"], 0)]


def test_lists_name_where_their_words_come_from_and_hold_no_word_twice() -> None:
    for path in LEXICON.glob("cue_*.csv"):
        with path.open(encoding="utf-8", newline="") as opened:
            rows = list(csv.DictReader(opened))
        names = [next(iter(row.values())) for row in rows]
        assert len(names) == len(set(names)), path.name
        assert all(all(row.values()) for row in rows), path.name


def test_reasons_name_a_rule_and_a_verb() -> None:
    assert split_reason("the verb say, then what") == ("the verb, then what", "say")
    assert split_reason("the verb expect in the passive") == ("the verb in the passive", "expect")
    assert split_reason("the noun claims") == ("the noun", "claims")
    assert split_reason("according to somebody") == ("according to somebody", "")


def test_confidence_is_the_share_that_was_right_drawn_towards_that_of_the_rule() -> None:
    with (LEXICON / "confidences.csv").open(encoding="utf-8", newline="") as opened:
        shares = {(row["rule"], row["verb"]): int(row["right"]) / int(row["found"]) for row in csv.DictReader(opened)}
    rule = "the verb, then what"
    rare, often = confidence("the verb zzz, then what"), confidence("the verb say, then what")
    assert abs(rare - shares[rule, ""]) < 0.01
    assert min(shares[rule, ""], shares[rule, "say"]) < often < max(shares[rule, ""], shares[rule, "say"])
    assert confidence("a rule that nobody counted") == confidence("another")
    assert confidence("words, then the verb say") > often > confidence("the verb back, then what")


def test_forms_of_verbs() -> None:
    verbs = {
        word: {(form.verb, form.form) for form in verb_forms().get(word, ())} for word in ("said", "denies", "planned")
    }
    assert verbs == {"said": {("say", "past")}, "denies": {("deny", "third")}, "planned": {("plan", "past")}}


PIECES = [
    "he", "Ruiz", "the mayor", "said", "says", "that", "told", "to", "is", "was", "not", "declined", "comment", "and",
    "who", "which", "according to", "reportedly", "claim", "wants", "it", ",", ".", ":", ";", "—", "-", "?", '"', "“", "”",
    "'", "‘", "’", "''", "``", "(", ")", "'s", "\n", "\n\n", "U.S.", "Mr.", "12", "Asked", "as", "by", "of", "Tuesday",
]  # fmt: skip


def check(text: str) -> None:
    found = extract(text)
    assert found == extract(text)
    assert found == sorted(found, key=lambda a: a.content[0].start)
    for number, a in enumerate(found):
        assert a.content
        assert a.cue
        assert list(a.content) == sorted(a.content)
        for span in (*a.content, *a.cue, *a.source):
            assert 0 <= span.start < span.end <= len(text)
        for span in (*a.content, *a.source):
            assert not re.match(r"[\s“”\"«»]", text[span.start])
            assert not re.match(r"[\s“”\"«»,;:]", text[span.end - 1])
        assert 0 <= a.confidence <= 1
        assert a.quote_type in {"direct", "mixed", "indirect"}
        assert a.reason
        seen = {number}
        parent = a.parent
        while parent is not None:
            assert parent not in seen
            seen.add(parent)
            parent = found[parent].parent


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=60), st.sampled_from([" ", ""]))
def test_any_words_give_spans_within_the_text(pieces: list[str], between: str) -> None:
    check(between.join(pieces))


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200))
def test_any_text_gives_spans_within_it(text: str) -> None:
    check(text)
    assert "".join(token.text for token in tokenize(text)) == re.sub(r"\s", "", text)


@pytest.mark.parametrize(
    "piece", ["he said ", '"', '" a', "and he said it ", "'a ", "(", "a\n", ". ", "x", "said that "]
)
def test_time_grows_with_the_text(piece: str) -> None:
    text = piece * (40_000 // len(piece))
    began = time.process_time()
    extract(text)
    assert time.process_time() - began < 10


POLNEAR = "\n".join(
    [
        "T1\tSource 0 4\tRuiz",
        "T2\tCue 5 9\tsaid",
        "T3\tContent 10 30\tthat it was so safe.",
        "T4\tAttribution 5 9\tsaid",
        "E1\tAttribution:T4 Content:T3 Cue:T2 Source:T1",
        "",
    ]
)


def test_the_bench_counts_as_it_says(tmp_path: Path) -> None:
    for folder in ("text", "attributions"):
        (tmp_path / "dev" / folder).mkdir(parents=True)
    (tmp_path / "dev" / "text" / "one.txt").write_text("Ruiz said that it was so safe. He hopes to win.", "utf-8")
    (tmp_path / "dev" / "attributions" / "one_ab12.ann").write_text(POLNEAR, "utf-8")
    done = subprocess.run(
        [sys.executable, BENCH, "--data", tmp_path, "--split", "dev", "--write-confidences", tmp_path / "counts.csv"],
        capture_output=True,
        text=True,
        check=True,
    )
    lines = {line[:34].strip(): line[34:].split() for line in done.stdout.splitlines()}
    assert lines["exact  source   all"] == ["1", "2", "0.500", "1.000", "0.667"]
    assert lines["exact  content  all"] == ["1", "2", "0.000", "0.000", "0.000"]  # the annotated full stop is ours not
    assert lines["IoU    content  all"] == ["1", "2", "0.500", "1.000", "0.667"]
    assert lines["pieces content  all"] == ["1", "2", "0.500", "1.000", "0.667"]
    assert lines["nested content  all"] == lines["plain  content  all"] == ["1", "2", "0.500", "1.000", "0.667"]
    assert lines["sure   content  all"] == ["1", "1", "1.000", "1.000", "1.000"]
    assert [line.split("precision ")[1] for line in done.stdout.splitlines()[-2:]] == ["0.000", "1.000"]
    assert (tmp_path / "counts.csv").read_text("utf-8").splitlines() == [
        "rule,verb,found,right",
        ",,2,1",
        '"the verb, then what",,2,1',
    ]
