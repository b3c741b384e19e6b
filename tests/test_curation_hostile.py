"""What went wrong when strangers curated: pages that lied about themselves."""

from __future__ import annotations

import codecs

import pytest

from onrecord.curate.reading import RefusedError, read_bytes

PAGE = """<html lang="en"><head><meta charset="{charset}"><title>Ferry Talks Fail Again</title>{head}</head>
<body><article><h1>Ferry Talks Fail Again</h1>{before}
<p>“We came with an offer,” the mayor’s spokesman said on Monday, and nobody at the quay of the harbour answered.</p>
<p>The owner – a company of Port Ostrel – did not say when the ferry would sail again, or who would pay for it.</p>
{after}<p>Nobody answered the telephone on Wednesday morning, when passengers waited on the quay with bags.</p>
</article></body></html>"""


def page(charset: str = "utf-8", head: str = "", before: str = "", after: str = "") -> str:
    return PAGE.format(charset=charset, head=head, before=before, after=after)


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
