"""What went wrong when strangers curated: edits that left half of a row behind, and pages that lied about themselves."""

from __future__ import annotations

import codecs
from itertools import permutations
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, Static

from conftest import ROOT
from helpers import call, copy_minimal
from onrecord.curate.reading import RefusedError, read_bytes
from onrecord.curate.reviewing import Review, open_review
from onrecord.curate.worksheet import Worksheet, read, write
from onrecord.evidence import find_texts
from onrecord.package import open_package
from test_accept import DECK, SAID, take
from test_review import TEXTS, row, screen, shown
from test_store import tree

KNOWN = {
    "P0001": {"proposition": "The strike will end; soon", "proposition_kind": "prediction"},
    "P0007": {"proposition": "The basin will be closed", "proposition_kind": "prediction", "place_id": "L0001"},
}
PAGE = """<html lang="en"><head><meta charset="{charset}"><title>Ferry Talks Fail Again</title>{head}</head>
<body><article><h1>Ferry Talks Fail Again</h1>{before}
<p>“We came with an offer,” the mayor’s spokesman said on Monday, and nobody at the quay of the harbour answered.</p>
<p>The owner – a company of Port Ostrel – did not say when the ferry would sail again, or who would pay for it.</p>
{after}<p>Nobody answered the telephone on Wednesday morning, when passengers waited on the quay with bags.</p>
</article></body></html>"""


def page(charset: str = "utf-8", head: str = "", before: str = "", after: str = "") -> str:
    return PAGE.format(charset=charset, head=head, before=before, after=after)


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    path = tmp_path / "sheet.csv"
    of_known = {
        "proposition_id": "P0007", "proposition": "The basin will be closed", "proposition_kind": "prediction",
        "place_id": "L0001", "event_id": "E0001", "subjects": "A0001", "window_edtf": "2031", "window_basis": "stated",
    }  # fmt: skip
    write(path, Worksheet.of([row(1, "356-402") | of_known, row(2, "456-511")]))
    return path


def opened(path: Path, texts: bool = True) -> Review:
    return open_review(path, open_package(ROOT).schemas, find_texts(TEXTS) if texts else {}, KNOWN)


# The review


def test_words_of_the_content_take_their_span_with_them(sheet: Path) -> None:
    review = opened(sheet)
    review.edit("content", "the harbour strike would end")
    text = review.text or ""
    start = text.index("the harbour strike would end")
    assert read(sheet).rows[0]["content_span"] == f"{start}-{start + 28}"
    review.edit("content", "the harbour … by Friday")
    spans = [tuple(map(int, part.split("-"))) for part in review.row["content_span"].split()]
    assert [text[start:end] for start, end in spans] == ["the harbour", "by Friday"]
    assert review.undo()
    assert review.row["content_span"] == f"{start}-{start + 28}"


def test_a_span_takes_its_words_with_it(sheet: Path) -> None:
    review = opened(sheet)
    review.edit("content_span", "356-363 372-378")
    text = review.text or ""
    assert read(sheet).rows[0]["content"] == f"{text[356:363]} … {text[372:378]}"


def test_words_may_be_typed_for_a_span(sheet: Path) -> None:
    review = opened(sheet)
    review.edit("condition_span", "by Friday")
    text = review.text or ""
    start = text.index("by Friday", 356)
    assert read(sheet).rows[0]["condition_span"] == f"{start}-{start + 9}"
    assert "'Frday' is no span; write first character and end, as 120-180, or words of the text" in review.problem(
        "condition_span", "Frday"
    )
    assert "or words" not in opened(sheet, texts=False).problem("condition_span", "Friday")


def test_words_that_do_not_stand_in_the_text_are_not_taken(sheet: Path) -> None:
    review = opened(sheet)
    with pytest.raises(ValueError, match="do not stand in the text"):
        review.edit("content", "the harbour strike woud end")
    assert read(sheet).rows[0]["content_span"] == "356-402"
    assert opened(sheet, texts=False).problem("content", "words that cannot be looked up") == ""


def test_what_was_said_of_a_known_proposition_is_not_said_of_the_new_one(sheet: Path) -> None:
    review = opened(sheet)
    review.edit("proposition", "The basin will stay open")
    about = ("proposition_id", "place_id", "event_id", "subjects", "window_edtf", "window_basis")
    assert [review.row[name] for name in about] == ["", "", "", "", "", "none"]
    assert "claim_summary" in review.row["guesses"].split()
    review.edit("subjects", "A0002")
    review.edit("proposition", "The basin will stay open until Friday")
    assert review.row["subjects"] == "A0002"


def test_a_new_proposition_with_the_words_of_a_known_one_is_that_one_and_told(sheet: Path) -> None:
    review = opened(sheet)
    assert review.worded == "P0007"
    review.choose(0)
    assert (review.row["proposition_id"], review.worded) == ("", "P0007")
    review.edit("proposition", "The basin will stay open")
    assert (review.worded, review.row["event_id"]) == ("", "")


def test_taking_another_proposition_makes_the_summary_a_guess(sheet: Path) -> None:
    review = opened(sheet)
    assert review.choose(1)
    assert "claim_summary" in review.row["guesses"].split()
    review.edit("claim_summary", "The union says that the strike will end soon.")
    assert "claim_summary" not in review.row["guesses"].split()


def test_what_described_another_speaker_is_a_guess(sheet: Path) -> None:
    write(sheet, Worksheet.of([row(1, "356-402") | {"speaker_kind": "media_outlet", "speaker_anonymity": "named"}]))
    review = opened(sheet)
    review.edit("speaker", "A dock worker, unnamed")
    guesses = {"claim_summary", "speaker_anonymity", "speaker_kind"}
    assert guesses <= set(review.row["guesses"].split())
    review.edit("speaker_kind", "person")
    assert guesses - set(review.row["guesses"].split()) == {"speaker_kind"}


def test_a_row_that_cannot_be_accepted_is_told_at_once(sheet: Path) -> None:
    review = opened(sheet)
    review.accept()
    assert review.faults[0] == "speech_act is empty"
    review.reject()
    assert review.faults == []

    async def keys(pilot: Pilot[None]) -> None:
        await pilot.press("n", "a")
        assert "S0001-002: accept, but speech_act is empty (p goes back)" in shown(pilot, "#message")

    screen(sheet, keys)


def test_that_a_new_proposition_is_taken_is_seen_without_scrolling(sheet: Path) -> None:
    many = "; ".join(f"P000{n} 0.5{n} Proposition number {n}" for n in range(1, 10))
    write(sheet, Worksheet.of([row(1, "356-402") | {"candidates": many}]))

    async def keys(pilot: Pilot[None]) -> None:
        assert shown(pilot, "#candidates").startswith("*0 a new proposition")
        lines = [pilot.app.screen.query_one("#candidates", Static).render_line(n) for n in range(3)]
        bold = [any(part.style and part.style.bold for part in line if part.text.strip()) for line in lines]
        assert bold == [True, False, False]  # what is taken, and nothing else

    screen(sheet, keys)


def test_a_word_that_is_not_in_the_text_is_told_as_it_is_typed(sheet: Path) -> None:
    async def keys(pilot: Pilot[None]) -> None:
        await pilot.press("e")
        await pilot.pause()
        await pilot.press("r")
        await pilot.pause()
        line = pilot.app.screen.query_one(Input)
        assert line.value == "whether the harbour strike would end by Friday"
        line.value = "whether the harbor strike"
        await pilot.pause()
        assert "these words do not stand in the text" in shown(pilot, "#verdict")
        await pilot.press("enter")
        await pilot.pause()
        assert read(sheet).rows[0]["content_span"] == "356-402"

    screen(sheet, keys)


# Languages


FOREIGN = {
    "ko": "대변인은 월요일 두 정상이 이번 주에 만날 것이라고 말했다. 외교부는 논평을 거부했다. ",
    "he": "הדובר אמר ביום שני כי שני המנהיגים ייפגשו השבוע. משרד החוץ סירב להגיב לדיווחים. ",
    "ru": "Пресс-секретарь заявил, что лидеры встретятся на этой неделе. «Мы готовимся», — сказал он. ",
    "de": "Der Sprecher sagte am Montag, die beiden würden sich treffen. „Wir bereiten den Besuch vor“, sagte er. ",
}


@pytest.mark.parametrize(("language", "declared"), [*((tag, tag) for tag in FOREIGN), ("ko", "en"), ("de", "en")])
def test_of_a_text_that_is_not_english_nothing_is_proposed(tmp_path: Path, language: str, declared: str) -> None:
    package = copy_minimal(tmp_path / "package")
    path = tmp_path / "article.txt"
    path.write_text("Harbour\n\n" + (FOREIGN[language] * 8 + "\n\n") * 3, "utf-8")
    added = call(
        "source", "add", path, package, "--texts", package / "texts", "--language", declared, "--title", "Harbour",
        "--publisher", "The Ostrel Courier", "--published", "2031-05-08",
    )  # fmt: skip
    assert added.returncode == 0, added.stdout + added.stderr
    name = added.stdout.split()[0]
    before = tree(package)
    done = call("suggest", name, package, "--texts", package / "texts")
    assert done.returncode == 2
    assert f"the text of {name} is not in English ({language}), and the rules know English only" in done.stderr
    assert tree(package) == before


# Worksheets


MERGED = SAID | {
    "row_id": "S0001-003",
    "content": "declined to comment",
    "decision": "merge",
    "merge_into": "S0001-002",
}


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_rows_may_be_sorted_otherwise(tmp_path: Path, order: tuple[int, ...]) -> None:
    package = copy_minimal(tmp_path / "package")
    outcome = take(package, [(DECK, SAID, MERGED)[n] for n in order])
    assert outcome.findings == []
    assert sorted((one.row_id, one.how) for one in outcome.taken) == [
        ("S0001-001", "added"), ("S0001-002", "added"), ("S0001-003", "merged"),
    ]  # fmt: skip
    assert (outcome.added["claims"], outcome.added["actors"], outcome.added["propositions"]) == (2, 1, 2)


@pytest.mark.parametrize("at", [0, 3, 6])
def test_a_row_of_totals_is_told_and_nothing_is_written(tmp_path: Path, at: int) -> None:
    package = copy_minimal(tmp_path / "package")
    path = tmp_path / "sheet.csv"
    write(path, Worksheet.of([DECK, SAID]))
    header = path.read_text("utf-8").split("\n")[0].split(",")
    with path.open("a", encoding="utf-8") as file:
        file.write(",".join("2" if n == at else "" for n in range(len(header))) + "\n")
    before = tree(package)
    done = call("accept", path, "--texts", package / "texts", cwd=package)
    assert done.returncode == 1
    assert "sheet.csv:4:" in done.stdout
    assert "nothing written" in done.stdout
    assert done.stderr == ""
    assert tree(package) == before


def test_disagreements_are_not_written_over_decisions(tmp_path: Path) -> None:
    package = copy_minimal(tmp_path / "package")
    path = tmp_path / "both.csv"
    assert call("agreement", package, package, "--disagreements", path).returncode == 0
    path.write_text("decided", "utf-8")
    done = call("agreement", package, package, "--disagreements", path)
    assert (done.returncode, path.read_text("utf-8")) == (2, "decided")
    assert "is there already and may hold decisions" in done.stderr


# Pages


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("mark", [True, False])
def test_a_page_in_utf_16_keeps_every_character_with_or_without_a_mark(codec: str, mark: bool) -> None:
    boms = {"utf-16-le": codecs.BOM_UTF16_LE, "utf-16-be": codecs.BOM_UTF16_BE}
    text = read_bytes((boms[codec] if mark else b"") + page("utf-16").encode(codec), "page.html").text
    assert text == read_bytes(page().encode(), "page.html").text
    assert "“We came with an offer,” the mayor’s" in text
    assert "owner – a company" in text


def test_an_embedded_post_is_no_part_of_the_article() -> None:
    post = '<blockquote class="twitter-tweet"><p>What a day at the quay.</p>&mdash; Port (@port)</blockquote>'
    quote = (
        "<blockquote><p>We will not pay for a ferry that does not sail, the letter of the owner says.</p></blockquote>"
    )
    text = read_bytes(page(after=post + quote).encode(), "page.html").text
    assert "What a day" not in text
    assert "@port" not in text
    assert "We will not pay for a ferry" in text


def test_all_authors_that_a_page_names_are_credited() -> None:
    data = (
        '{"@context": "https://schema.org", "@graph": [{"@type": "NewsArticle", "author": [{"@type": "Person", '
        '"name": "Joren Vale"}, {"@type": "Person", "name": "Ada Crane"}]}]}'
    )
    head = f'<meta name="author" content="Joren Vale"><script type="application/ld+json">{data}</script>'
    assert read_bytes(page(head=head).encode(), "page.html").authors == ("Joren Vale", "Ada Crane")


@pytest.mark.parametrize("data", ["", "[", "[[[", '{"author": 3}', '{"author": {"name": ["x"]}}', "null", "[" * 5000])
def test_damaged_metadata_of_a_page_do_no_harm(data: str) -> None:
    head = f'<meta name="author" content="Joren Vale"><script type="application/ld+json">{data}</script>'
    assert read_bytes(page(head=head).encode(), "page.html").authors == ("Joren Vale",)


@pytest.mark.parametrize(
    "body",
    [
        "<script>document.write('<p>The mayor said that the ferry would sail on Monday, a spokesman said.</p>')</script>",
        "<noscript>Please enable scripts to read this page of the paper, which has nothing to say without.</noscript>",
        "<div id='root'></div>",
    ],
)
def test_a_page_of_scripts_alone_is_refused(body: str) -> None:
    with pytest.raises(RefusedError, match="no article was found in the page"):
        read_bytes(
            f"<!doctype html><html><head><title>x</title></head><body>{body}</body></html>".encode(), "page.html"
        )
