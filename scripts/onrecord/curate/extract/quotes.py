"""Which stretches of a text stand in quotation marks."""

from __future__ import annotations

from dataclasses import dataclass

from onrecord.curate.extract.tokens import Token

__all__ = ["Quote", "find_quotes", "quoted_by"]

_DOUBLE = {
    '"': "either",
    "''": "either",
    "“": "open",
    "”": "close",
    "„": "open",
    "``": "open",
    "«": "open",
    "»": "close",
}
_SINGLE = {"'": "either", "‘": "open", "’": "close"}
_PARTNERS = {
    '"': ('"', "”"),
    "''": ("''", '"'),
    "“": ("”", '"'),
    "„": ("“", "”"),
    "``": ("''",),
    "«": ("»",),
    "‘": ("’", "'"),
}
_LONGEST = 3000
_LONGEST_SINGLE = 120


@dataclass(frozen=True, slots=True)
class Quote:
    """The indexes of the tokens between quotation marks, half-open, with those of the marks; ``closed`` if both are there."""

    first: int
    last: int
    opening: int
    closing: int
    closed: bool


def find_quotes(tokens: list[Token], paragraphs: list[tuple[int, int]]) -> list[Quote]:
    """The outermost quotations of each paragraph (given as token ranges); one left open runs to its paragraph's end."""
    found: list[Quote] = []
    for first, last in paragraphs:
        at = first
        while at < last:
            kind = _kind(tokens, at, first, last)
            if kind == "open":
                closing = _closing(tokens, at, last)
                if closing is None and tokens[at].text in _SINGLE:
                    at += 1
                    continue
                end = last if closing is None else closing
                if end > at + 1:
                    found.append(Quote(at + 1, end, at, end, closing is not None))
                at = end
            at += 1
    return found


def quoted_by(quotes: list[Quote], count: int) -> list[int]:
    """Per token the number of the quotation that it stands in, its marks included, or -1."""
    inside = [-1] * count
    for number, quote in enumerate(quotes):
        for at in range(quote.opening, min(quote.closing + 1, count)):
            inside[at] = number
    return inside


def _kind(tokens: list[Token], at: int, first: int, last: int) -> str | None:
    """Whether the token opens a quotation."""
    token = tokens[at]
    mark = _DOUBLE.get(token.text) or _SINGLE.get(token.text)
    if mark is None or mark == "close" or at + 1 >= last:
        return None
    spaced = at == first or tokens[at - 1].end < token.start or tokens[at - 1].text in ("(", "[", "—", "–", "-", "--")
    joined = tokens[at + 1].start == token.end
    if mark == "open":
        return "open"
    if token.text in _SINGLE and not tokens[at + 1].text[0].isalpha():
        return None
    return "open" if joined and spaced else None


def _closing(tokens: list[Token], opening: int, last: int) -> int | None:
    """The token that closes the quotation, if its paragraph has one."""
    mark = tokens[opening].text
    single = mark in _SINGLE
    partners = _PARTNERS.get(mark, (mark,))
    fallback = None
    limit = min(last, opening + (_LONGEST_SINGLE if single else _LONGEST))
    inner = False
    for at in range(opening + 1, limit):
        token = tokens[at]
        if mark in ('"', "''") and token.text in "“”" and (inner or token.text == "“"):
            inner = token.text == "“"
            continue
        if token.text == mark and single and _opens(tokens, at, last):
            break
        if token.text not in partners and not (
            token.text == mark == "“" and _ended(tokens, at) and not _opens(tokens, at, last)
        ):
            continue
        follows = at + 1 < last and tokens[at + 1].start == token.end and tokens[at + 1].text[0].isalnum()
        if single:
            if follows:
                continue
            if not tokens[at - 1].text[0].isalnum() or not tokens[at - 1].lower.endswith("s"):
                return at
            fallback = at if fallback is None else fallback
        elif mark in ('"', "''") and _opens(tokens, at, last) and not _ended(tokens, at):
            continue
        else:
            return at
    return fallback


def _opens(tokens: list[Token], at: int, last: int) -> bool:
    """Whether a mark stands before a word and after a space."""
    return at + 1 < last and tokens[at + 1].start == tokens[at].end and tokens[at - 1].end < tokens[at].start


def _ended(tokens: list[Token], at: int) -> bool:
    return tokens[at - 1].end == tokens[at].start
