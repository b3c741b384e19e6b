"""A saved web page: its article as text, and what the page says of it."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from onrecord.curate.language import language_tag
from onrecord.evidence import normalize

if TYPE_CHECKING:
    from lxml.html import HtmlElement

__all__ = ["Article", "decode_page", "is_page", "read_page"]

_SIGNS = re.compile(rb"<(?:!doctype\s+html|html|head|body|article)[\s>]", re.IGNORECASE)
_DECLARED = re.compile(rb"<(?:meta|\?xml)[^>]*?(?:charset|encoding)\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
# As browsers read them (WHATWG Encoding Standard).
_AS_BROWSERS = {
    "iso8859-1": "cp1252",
    "ascii": "cp1252",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
}
# Letters of private use carry through the extraction what a block is; icon fonts use them too, and are dropped.
_PRIVATE = re.compile("[\ue000-\uf8ff]")
_OPEN, _CLOSE = "\uf8f0", "\uf8f1"
_LETTERS = {"C": "caption", "R": "credit", "D": "deck", "B": "byline"}
_MARK = re.compile(f"{_OPEN}([A-Z])([^{_CLOSE}]*){_CLOSE}")
_GONE = ("script", "style", "noscript", "template", "iframe", "object", "svg", "form", "button")
_POST = re.compile(r"(?:^|\s)(?:twitter-tweet|twitter-video|instagram-media|tiktok-embed|bluesky-embed)(?:\s|$)")
_DECK = re.compile(
    r"(?:^|[\s_-])(?:standfirst|deck|dek|subtitle|sub-title|subheadline|sub-headline)(?:$|[\s_-])", re.IGNORECASE
)
_BYLINE = re.compile(r"(?:^|[\s_-])(?:byline|by-line|author|authors|dateline)(?:$|[\s_-])", re.IGNORECASE)
_CREDIT = re.compile(r"(?:^|[\s_-])(?:credit|credits|copyright|photographer|attribution)(?:$|[\s_-])", re.IGNORECASE)
_CAPTION = re.compile(r"(?:^|[\s_-])(?:caption|wp-caption-text)(?:$|[\s_-])", re.IGNORECASE)
_ASIDE = re.compile(r"comment|related|sidebar|footer|promo|recommend|newsletter", re.IGNORECASE)
_LONGEST_BYLINE, _LONGEST_DECK = 150, 500
_DATES = {"original_date": True, "extensive_search": False, "max_date": "2100-01-01"}


@dataclass(frozen=True)
class Article:
    """The text of an article, and what is said of it; what is not is empty.

    ``published`` is a day, ISO 8601; ``lines`` says of some lines, by their first offset, what they are.
    """

    text: str
    title: str = ""
    published: str = ""
    authors: tuple[str, ...] = ()
    language: str = ""
    publisher: str = ""
    url: str = ""
    lines: dict[int, str] = field(default_factory=dict)


def is_page(data: bytes) -> bool:
    """Whether bytes are a web page and not plain text."""
    start = data[:4096].replace(b"\0", b"")
    for bom, _ in _BOMS:
        start = start.removeprefix(bom)
    return start.lstrip().startswith(b"<") and bool(_SIGNS.search(start))


def decode_page(data: bytes) -> str:
    """The characters of a page: by its byte order mark, as UTF-8 where it is, as it declares, or as detected.

    Raises UnicodeDecodeError where it is none of these, also where it declares UTF-8 and is not.
    """
    for bom, name in _BOMS:
        if data.startswith(bom):
            return data.decode(name)
    if wide := _wide(data[:4096]):
        return data.decode(wide)
    declared = _DECLARED.search(data[:4096])
    name = _codec(declared[1].decode("ascii", "replace")) if declared else ""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        if name == "utf-8":
            raise
        first = error
    from trafilatura.utils import detect_encoding

    for guess in (name, *detect_encoding(data)):
        try:
            if guess:
                return data.decode(guess)
        except (UnicodeDecodeError, LookupError):
            continue
    raise first


def _wide(start: bytes) -> str:
    """The form of UTF-16 without a byte order mark, in which every other byte of markup is zero; empty for none."""
    for name, zeros in (("utf-16-le", start[1:200:2]), ("utf-16-be", start[:200:2])):
        if zeros.count(0) * 2 > len(zeros):
            return name
    return ""


def _codec(name: str) -> str:
    try:
        found = codecs.lookup(name).name
    except LookupError:
        return ""
    return _AS_BROWSERS.get(found, found)


def read_page(html: str) -> Article:
    """Extract the article of a page: no scripts, menus or comments; headings, captions, credits and byline known.

    Trafilatura finds the main text and the metadata. The text is empty where a page has no article.
    """
    import trafilatura

    tree = trafilatura.load_html(_PRIVATE.sub("", html).replace("\0", ""))
    if tree is None:
        return Article("")
    language, named = _language(tree), _authors(tree)
    marked = _mark(tree)
    document: Any = trafilatura.bare_extraction(
        tree, include_comments=False, with_metadata=True, date_extraction_params=dict(_DATES)
    )
    if document is None or document.body is None:
        return Article("", language=language)
    title = _squeezed(_h1(tree) or document.title or "")
    blocks = list(_blocks(document.body, title))
    if not any(kind == "" and len(words) >= 40 for block in blocks for kind, words in block):
        return Article("", title, language=language)
    text, lines = _composed(_completed(blocks, title, marked))
    url = document.url if re.fullmatch(r"https?://[^\s]+", document.url or "") else ""
    authors = tuple(a.strip() for a in (document.author or "").split(";") if a.strip())
    if {a.casefold() for a in authors} < {a.casefold() for a in named}:
        authors = named
    return Article(
        text, title, document.date or "", authors, language, _squeezed(document.sitename or ""), url or "", lines
    )


Block = list[tuple[str, str]]
"""Lines that belong together: what each is (empty for body), and its words."""


def _mark(tree: HtmlElement) -> Block:
    """Turn captions, credits, deck and byline into marked paragraphs, drop what is no text; returns deck and byline."""
    for element in list(tree.iter(*_GONE)):
        element.drop_tree()
    for element in [e for e in tree.iter("blockquote") if _POST.search(e.get("class") or "")]:
        element.drop_tree()
    for figure in list(tree.iter("figure")):
        captions = figure.findall(".//figcaption")
        _replace(figure, [part for caption in captions for part in _caption(caption)])
    for element in _classed(tree, _CAPTION, 600):
        _replace(element, _caption(element))
    found: Block = []
    for element in _classed(tree, _DECK, _LONGEST_DECK)[:1]:
        found.append(("deck", _words(element)))
        _replace(element, found[-1:])
    bylines = [e for e in _classed(tree, _BYLINE, _LONGEST_BYLINE) if _words(e)][:1]
    times = [e for e in tree.iter("time") if _words(e) and not _apart(e) and len(_words(e)) <= 60][:1]
    for element in (*bylines, *(t for t in times if not any(b in t.iterancestors() for b in bylines))):
        found.append(("byline", _words(element)))
        _replace(element, found[-1:])
    return found


def _caption(element: HtmlElement) -> Block:
    """Words and credit of a caption."""
    found: Block = []
    for part in [e for e in element.iter() if isinstance(e.tag, str) and _CREDIT.search(_class(e))]:
        if part is not element and part.getparent() is not None and _words(part):
            found.append(("credit", _words(part)))
            part.drop_tree()
    told = _words(element)
    return ([("caption", told)] if told else []) + found


def _classed(tree: HtmlElement, pattern: re.Pattern[str], longest: int) -> list[HtmlElement]:
    """Elements of a class, those within others left out, that hold words and not too many."""
    found: list[HtmlElement] = []
    for element in tree.iter():
        if not isinstance(element.tag, str) or element.tag in ("html", "body", "article", "main", "a", "meta", "link"):
            continue
        fits = pattern.search(_class(element)) and 0 < len(_words(element)) <= longest
        if fits and not _apart(element) and not any(outer in found for outer in element.iterancestors()):
            found.append(element)
    return found


def _apart(element: HtmlElement) -> bool:
    """Whether an element stands in what surrounds the article."""
    around = list(element.iterancestors())
    return any(e.tag in ("nav", "aside", "footer") or _ASIDE.search(_class(e)) for e in around if e.tag != "body")


def _class(element: HtmlElement) -> str:
    return " ".join(element.get(name) or "" for name in ("class", "id", "itemprop", "rel"))


def _replace(element: HtmlElement, parts: Block) -> None:
    """Put one marked paragraph in the place of an element, or nothing."""
    from lxml import html

    parent = element.getparent()
    if parent is None:
        return
    letters = {kind: letter for letter, kind in _LETTERS.items()}
    if parts:
        block = html.Element("p")
        block.text = " ".join(f"{_OPEN}{letters[kind]}{words}{_CLOSE}" for kind, words in parts)
        element.addprevious(block)
    element.drop_tree()


def _blocks(body: Any, title: str) -> Iterator[Block]:
    """The blocks of an extracted body, in order."""
    for element in body.iter("head", "p", "item", "row", "quote", "code"):
        if any(e.tag in ("p", "item", "row") for e in element.iterancestors()):
            continue
        if element.tag == "quote" and element.find(".//p") is not None:
            continue
        words = _words(element)
        marks = [(_LETTERS[m[1]], m[2].strip()) for m in _MARK.finditer(words)]
        rest = _squeezed(_MARK.sub(" ", words))
        block = marks
        if rest:
            heading = "headline" if normalize(rest).casefold() == normalize(title).casefold() else "subhead"
            block = [*marks, (heading if element.tag == "head" else "", rest)]
        if block:
            yield block


def _completed(blocks: list[Block], title: str, marked: Block) -> list[Block]:
    """The blocks with headline, deck and byline, which an extraction may leave out, at their head."""
    there = {(kind, words) for block in blocks for kind, words in block}
    if title and not any(kind == "headline" for kind, _ in there):
        blocks = [[("headline", title)], *blocks]
    after = next((i for i, block in enumerate(blocks) if block[0][0] == "headline"), -1) + 1
    lost = [[part] for part in marked if part not in there]
    return [*blocks[:after], *lost, *blocks[after:]]


def _composed(blocks: list[Block]) -> tuple[str, dict[int, str]]:
    """The text, a blank line between blocks, and the kinds of its lines by their first offset."""
    out: list[str] = []
    lines: dict[int, str] = {}
    at = 0
    for number, block in enumerate(blocks):
        for place, (kind, words) in enumerate(block):
            gap = "" if not out else "\n" if place or _bylines(blocks, number) else "\n\n"
            at += len(gap)
            if kind:
                lines[at] = kind
            out += [gap, words]
            at += len(words)
    return "".join(out), lines


def _bylines(blocks: list[Block], number: int) -> bool:
    return number > 0 and blocks[number][0][0] == "byline" == blocks[number - 1][-1][0]


def _h1(tree: HtmlElement) -> str:
    headings = [_words(e) for e in tree.iter("h1") if _words(e)]
    return headings[0] if len(headings) == 1 else ""


def _authors(tree: HtmlElement) -> tuple[str, ...]:
    """The people whom the structured data of a page (schema.org, JSON-LD) name as authors of an article."""
    names: list[str] = []
    for script in tree.xpath("//script[@type='application/ld+json']/text()"):
        try:
            found = json.loads(str(script))
        except (ValueError, RecursionError):
            continue
        roots = found if isinstance(found, list) else [found]
        nodes = [node for root in roots if isinstance(root, dict) for node in (root, *_listed(root.get("@graph")))]
        for node in nodes:
            if isinstance(node, dict) and any("Article" in str(kind) for kind in _listed(node.get("@type"))):
                people = [one for one in _listed(node.get("author")) if isinstance(one, dict)]
                names += [_squeezed(p["name"]) for p in people if p.get("@type") == "Person" and _text(p.get("name"))]
    return tuple(dict.fromkeys(names))


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _language(tree: HtmlElement) -> str:
    metas = tree.xpath("//meta[@http-equiv='content-language' or @property='og:locale']/@content")
    tags = [language_tag(str(value)) for value in (tree.get("lang") or "", *metas)]
    return next((tag for tag in tags if tag), "")


def _words(element: Any) -> str:
    return _squeezed("".join(element.itertext()))


def _squeezed(text: str) -> str:
    return " ".join(text.split())
