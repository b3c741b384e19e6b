"""Plain texts and saved pages, read strictly: what they say of themselves, what each line is, and bad input."""

import codecs
import os
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers import MINIMAL
from onrecord.curate.addresses import host
from onrecord.curate.crediting import Credited, credited
from onrecord.curate.language import guess_language, language_tag
from onrecord.curate.layout import layout, lines_of
from onrecord.curate.likeness import alike
from onrecord.curate.quotations import quotations
from onrecord.curate.reading import MOST_BYTES, Reading, RefusedError, read, read_bytes
from onrecord.findings import PackageError

PAGE = """<!doctype html>
<html lang="en-GB"><head><meta charset="utf-8"><title>Ferry Talks Stall Again | The Ostrel Courier</title>
<meta property="og:site_name" content="The Ostrel Courier"><meta name="author" content="Joren Vale">
<meta property="article:published_time" content="2021-05-07T10:00:00Z">
<link rel="canonical" href="https://courier.example.org/2021/05/07/ferry">
<script>document.write("The mayor said that scripts are articles, and that nobody reads them.")</script></head>
<body><nav><ul><li><a href="/">Home</a></li><li><a href="/world">World</a></li></ul></nav>
<article><header><h1>Ferry Talks Stall Again</h1>
<p class="standfirst">The union wants a letter; the owner sends a lawyer</p>
<p class="byline">By Joren Vale</p><time datetime="2021-05-07">7 May 2021</time></header>
<figure><img src="a.jpg" alt="a ferry"><figcaption>The ferry Lisbet at the quay in Halvermouth on Monday.
<span class="photo-credit">Ada Crane/Coastwire</span></figcaption></figure>
<p>HALVERMOUTH – Talks about the ferry between Port Ostrel and Halvermouth broke off on Tuesday after two hours, the
owner of the ferry said.</p>
<p>“We came with an offer and were handed a summons,” said Lena Morrow, the mayor, who had brought both sides to one
table for the first time this year.</p>
<h2>A summons in place of an answer</h2>
<p>The owner did not say when the ferry would sail again; the harbour authority expects it “within days”, a spokesman
told Coastwire on Tuesday evening.</p>
<p>Nobody at the office of the owner answered the telephone on Wednesday morning, when passengers were waiting on the
quay with bicycles and bags.</p>
</article>
<section id="comments"><h3>Comments</h3><p>What a fine article this was, thank you all for it, said a reader.</p></section>
<footer><p>© 2021 The Ostrel Courier. All rights reserved.</p></footer></body></html>
"""
SIMPLE = (
    '<html lang="{lang}"><head>{meta}<title>{title}</title></head><body><article><h1>{title}</h1><p>{words}</p>'
    "<p>{words}</p></article></body></html>"
)


def held(reading: Reading) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for r in reading.ranges():
        found.setdefault(r.kind, []).append(reading.text[r.start : r.end])
    return found


def test_a_saved_page_tells_its_article_and_what_its_lines_are() -> None:
    reading = read_bytes(PAGE.encode(), "page.html")
    assert (reading.title, reading.published, reading.stated) == ("Ferry Talks Stall Again", "2021-05-07", True)
    assert (reading.authors, reading.language, reading.publisher) == (("Joren Vale",), "en-GB", "The Ostrel Courier")
    assert reading.url == "https://courier.example.org/2021/05/07/ferry"
    assert held(reading) == {
        "headline": ["Ferry Talks Stall Again"],
        "deck": ["The union wants a letter; the owner sends a lawyer"],
        "byline": ["By Joren Vale\n7 May 2021"],
        "caption": ["The ferry Lisbet at the quay in Halvermouth on Monday."],
        "credit": ["Ada Crane/Coastwire"],
        "subhead": ["A summons in place of an answer"],
        "quotation": ["We came with an offer and were handed a summons,", "within days"],
    }
    for word in ("scripts", "Home", "thank you", "rights reserved", "<"):
        assert word not in reading.text


def test_a_plain_text_tells_headline_byline_and_day() -> None:
    reading = read(str(MINIMAL / "texts/courier.txt"))
    assert reading.title == "Union Will Not Say Whether Harbour Strike Ends This Week"
    assert (reading.published, reading.authors, reading.language) == ("2031-05-07", ("Joren Vale",), "en")
    found = held(reading)
    assert found["deck"] == ["The director of the harbour now counts on Friday"]
    assert found["caption"] == ["Crane drivers walk out at the north basin of Port Ostrel on 5 May."]
    assert found["credit"] == ["Photo: Joren Vale"]
    assert len(found["boilerplate"]) == 2
    assert len(found["quotation"]) == 3


RUSSIAN = "Городской совет сообщил во вторник, что мост будет закрыт на всю зиму, и никто не спросил почему."
FRENCH = (
    "Le conseil municipal a déclaré mardi que le pont serait fermé pour tout l’hiver, écrit le journal de la ville."
)
ENCODINGS = {
    "declared": ("windows-1251", '<meta charset="windows-1251">', "ru", "Мост закрыт", RUSSIAN),
    "by its mark": ("utf-16", "", "ru", "Мост закрыт", RUSSIAN),
    "as browsers read it": ("cp1252", '<meta charset="iso-8859-1">', "fr", "Pont fermé", FRENCH),
    "UTF-8 whatever it declares": ("utf-8", '<meta charset="iso-8859-1">', "fr", "Pont fermé", FRENCH),
    "undeclared": ("cp1252", "", "fr", "Pont fermé", FRENCH),
}


@pytest.mark.parametrize("case", ENCODINGS)
def test_the_encoding_of_a_page_is_found(case: str) -> None:
    encoding, meta, lang, title, words = ENCODINGS[case]
    html = SIMPLE.format(lang=lang, meta=meta, title=title, words=words)
    reading = read_bytes(html.encode(encoding), "page.html")
    assert (reading.title, reading.language) == (title, lang)
    assert words in reading.text


BAD = {
    "empty": (b"", "f text-empty: there is nothing in it"),
    "blank": (b" \n\t ", "f text-empty: there is nothing in it"),
    "no word": (b"... --\n", "f text-empty: there is no word in it"),
    "a PDF": (b"%PDF-1.7 abc", "f text-binary: it is a PDF"),
    "bytes": (b"abc\n" + bytes(range(256)), "f:2 text-binary: it holds NUL bytes"),
    "a control character": (b"abc\nd\x08e", "f:2:2 text-binary: it holds the control character"),
    "huge": (b"a " * (MOST_BYTES // 2 + 1), "f text-size: it has more than 20,000,000 bytes"),
    "long": (b"ab " * 700_000, "f text-size: its text has 2,100,000 characters"),
    "Latin letters": ("ok\nLe pont est fermé".encode("cp1252"), "f:2:17 text-encoding: byte 0xe9 is not UTF-8"),
    "UTF-16": ("words".encode("utf-16"), "f:1:1 text-encoding: it is UTF-16"),
    "a page that lies": (
        b"<html><meta charset=utf-8><p>ferm\xe9",
        "f:1:34 text-encoding: byte 0xe9 is not of the encoding",
    ),
    "a page without an article": (
        b"<html><body><nav>Home</nav><script>var a = 'an article of many words, all of them in here'</script></body></html>",
        "f text-empty: no article was found in the page",
    ),
    "a web archive": (b"MIME-Version: 1.0\n", "f text-binary: it is a web archive"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_one_clear_finding_with_its_place(case: str) -> None:
    data, says = BAD[case]
    with pytest.raises(RefusedError) as caught:
        read_bytes(data, "f")
    assert str(caught.value).startswith(says)
    (finding,) = caught.value.findings
    assert finding.fix


@given(st.binary(max_size=200))
@settings(max_examples=200, deadline=None)
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    for some in (data, b"<html><body><article>" + data):
        try:
            reading = read_bytes(some, "f")
        except RefusedError:
            continue
        assert any(c.isalpha() for c in reading.text)
        for r in reading.ranges():
            assert 0 <= r.start < r.end <= len(reading.text)


def test_what_is_no_file_is_said(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for name, says in (("", "is a folder"), ("pipe", "is no regular file"), ("none.txt", "no such file")):
        with pytest.raises(PackageError, match=says):
            read(str(tmp_path / name))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_said(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("words", "utf-8")
    (tmp_path / "secret.txt").chmod(0)
    with pytest.raises(PackageError, match="Permission denied"):
        read(str(tmp_path / "secret.txt"))


def test_line_ends_and_a_byte_order_mark_are_made_plain_and_told() -> None:
    reading = read_bytes(codecs.BOM_UTF8 + b"Bridge Closed\r\n\r\nIt is closed.\r\n", "f")
    assert reading.text == "Bridge Closed\n\nIt is closed.\n"
    assert len(reading.notes) == 2


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("“No, we cannot,” he said.", ["No, we cannot,"]),
        ('He said "no" and left.', ["no"]),
        ("The firm, known as “The Lantern”, closed.", []),
        ("They saw “The Long Winter Night” twice.", []),
        ("It was a “deal” for everybody.", []),
        ("He called it a “deal”.", ["deal"]),
        ("Der Sprecher sagte: „Wir kommen morgen wieder.“", ["Wir kommen morgen wieder."]),
        ("Le maire : « Nous ne savons rien de tout cela. »", ["Nous ne savons rien de tout cela."]),
        ("‘We don’t know the owner’s name,’ she said.", ["We don’t know the owner’s name,"]),
        ("“First we waited for days.\n\n“Then we left the town,” he said.", ["First we waited for days.", "Then we left the town,"]),
        ("“Unclosed and never said again by anybody", []),
        ("“She told me ‘go home’ and I went,” he said.", ["She told me ‘go home’ and I went,"]),
        ("A 6\" pipe and a 9\" pipe.", []),
    ],
)  # fmt: skip
def test_quotations_are_speech_and_not_terms_or_titles(text: str, spans: list[str]) -> None:
    assert [text[s.start : s.end] for s in quotations(text)] == spans


@given(st.text(alphabet='ab .\n“”"‘’«»„()/:A1', max_size=120))
@settings(max_examples=300, deadline=None)
def test_ranges_lie_in_the_text_and_overlap_only_with_quotations(text: str) -> None:
    ranges = layout(text)
    for r in ranges:
        assert 0 <= r.start < r.end <= len(text)
        assert text[r.start : r.end].strip() == text[r.start : r.end]
    plain = [r for r in ranges if r.kind != "quotation"]
    assert all(a.end <= b.start for a, b in pairwise(plain))
    waste = [r for r in ranges if r.kind == "boilerplate"]
    assert not any(w.start < r.end and r.start < w.end for r in ranges if r.kind == "quotation" for w in waste)
    assert [text[line.start : line.end] for line in lines_of(text)] == [
        x.strip() for x in text.split("\n") if x.strip()
    ]


def test_lines_that_a_publisher_repeats_are_boilerplate() -> None:
    text = "Bridge Closed\n\nThe bridge is closed until spring.\n\nThe Lantern has shone since 1880.\n"
    assert [r.kind for r in layout(text)] == ["headline"]
    credited = layout(
        f"{text}\nCoastwire contributed to this report.\n", repeated={"Coastwire contributed to this report."}
    )
    assert [r.kind for r in credited] == ["headline", "credit"]
    found = layout(text, repeated={"The Lantern has shone since 1880."})
    assert [(r.kind, text[r.start : r.end]) for r in found][1:] == [
        ("boilerplate", "The Lantern has shone since 1880.")
    ]


def test_a_report_about_donations_is_no_boilerplate() -> None:
    text = (
        "Town Hall Opens Its Books\n\nThe mayor said on Monday that donations to the harbour fund had doubled within a year.\n\n"
        "The privacy policy of the fund was changed in March, according to the town clerk, who did not say by whom.\n\n"
        "Sign up for our newsletter\nYou will get it every Friday in your inbox."
    )
    assert [r.kind for r in layout(text)] == ["headline", "boilerplate"]


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("(Ada Crane/Coastwire via Harbour Images)", [("Ada Crane", "photo", "person"), ("Coastwire", "photo", ""), ("Harbour Images", "via", "media_outlet")]),
        ("Photo: Ada Crane", [("Ada Crane", "photo", "person")]),
        ("Ada Crane / POOL / DPA", [("Ada Crane", "photo", "person"), ("DPA", "photo", "media_outlet")]),
        ("Coastwire contributed to this report.", [("Coastwire", "contributor", "")]),
        ("From The Ostrel Courier", [("The Ostrel Courier", "via", "media_outlet")]),
        ("Reporting by Ada Crane and Joren Vale; editing by Mo Lamb", [("Ada Crane", "contributor", "person"), ("Joren Vale", "contributor", "person")]),
    ],
)  # fmt: skip
def test_credits_name_who_made_gave_and_passed_on(line: str, found: list[tuple[str, str, str]]) -> None:
    assert credited(line) == [Credited(*one) for one in found]


def test_a_language_is_told_only_when_it_is_sure() -> None:
    assert guess_language((MINIMAL / "texts/courier.txt").read_text("utf-8")) == "en"
    assert guess_language("הגשר נסגר לכל החורף, אמר ראש העיר ביום שלישי.") == "he"
    assert guess_language("시의회는 화요일에 다리를 겨울 내내 폐쇄한다고 밝혔다.") == "ko"
    assert guess_language("أعلن مجلس المدينة يوم الثلاثاء أن الجسر سيغلق طوال الشتاء. " * 5) == ""
    assert guess_language("The bridge is closed.") == ""
    assert [language_tag(tag) for tag in ("en_US", "EL", "pt-BR", "english!", "")] == ["en-US", "el", "pt-BR", "", ""]


def test_likeness_counts_what_stands_in_both_and_the_longest_passage() -> None:
    courier, echo = ((MINIMAL / f"texts/{name}.txt").read_text("utf-8") for name in ("courier", "echo"))
    whole = alike(echo + "\n\nOne line more from the night desk.", {"S0001": courier, "S0002": echo})
    assert [one.key for one in whole] == ["S0002"]
    assert whole[0].of_known == 1
    assert 0.85 < whole[0].of_new < 1
    assert whole[0].longest == len(echo.replace("’", " ").split())
    assert alike("word " * 3, {"S0001": courier}) == []
    assert alike("The same words again. " * 20_000, {"x": "the same words again " * 20_000})[0].of_new == 1


def test_hosts_of_editions_are_one() -> None:
    assert {host(f"https://{prefix}lantern.example/a") for prefix in ("", "www.", "m.", "amp.")} == {"lantern.example"}
    assert host("no address") == ""
