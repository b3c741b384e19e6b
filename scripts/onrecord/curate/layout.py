"""What each line of a text is: headline, byline, caption, credit, boilerplate; and what in it is quoted."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from onrecord.curate.quotations import quotations
from onrecord.curate.talk import answers
from onrecord.evidence import normalize

__all__ = ["DATE", "Line", "Range", "layout", "lines_of"]

_MONTH = (
    r"(?:Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)?|Apr(?:il|\.)?|May|June?|July?|Aug(?:ust|\.)?|"
    r"Sept?(?:ember|\.)?|Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?)"
)
DATE = re.compile(
    rf"(?<!\d)(?:(?P<m1>{_MONTH})\s+(?P<d1>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<y1>[12]\d{{3}})"
    rf"|(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?\s+(?P<m2>{_MONTH}),?\s+(?P<y2>[12]\d{{3}})"
    r"|(?P<y3>[12]\d{3})-(?P<m3>\d{2})-(?P<d3>\d{2}))(?!\d)"
)
"""A day as English texts print it, or as ISO 8601."""

_BYLINE = re.compile(r"(?:By|Written by|Story by)\s+(?=[A-ZÀ-Þ])", re.IGNORECASE)
_CREDIT_LINE = re.compile(
    r"(?:\W*(?:[\w.’' -]+ (?:and [\w.’' -]+ )?contributed (?:to this|reporting|writing)[^.]*|"
    r"(?:Additional )?(?:reporting|writing|editing) by .+|"
    r"With (?:reporting|files) (?:by|from) .+|From (?:The )?[A-ZÀ-Þ][\w’' ]+|"
    r"(?:This|The) (?:article|report|story|piece) (?:was )?(?:first|originally) (?:appeared|published|ran)\b[^.]+))\.?\W*",
    re.IGNORECASE,
)
_AGENCY = (
    r"AFP|AP|Reuters|TASS|Tass|Getty|Xinhua|EPA|Sputnik|KCNA|Yonhap|Kyodo|DPA|dpa|ANSA|PA|POOL|Pool|UPI|Shutterstock"
)
_CREDIT_TAIL = re.compile(
    r"(?P<credit>"
    rf"\([^()\n]*(?:\bvia\b|/|\b(?:{_AGENCY})\b|\b[Pp]hotos?\b|\bImages?\b|\b[Cc]ourtesy\b|\b[Hh]andout\b|\bFile\b)[^()\n]*\)(?:\s+[^.!?\n]{{2,80}})?"
    r"|(?:Photo(?:graph)?s?|Pictures?|Images?|Credits?|Foto|Source)\s*(?:by|credit)?\s*[:/–—-]\s*[^\n]{2,100}"
    r"|[A-ZÀ-Þ][\w.’'-]+(?:\s+[A-ZÀ-Þ][\w.’'-]+){0,3}(?:\s*/\s*[A-ZÀ-Þ][\w.’' -]{1,30}){1,4}"
    r")\s*$"
)
_BOILERPLATE = re.compile(
    r"\b(?:newsletters?|subscribe|subscribers? agree|subscription|sign up|sign in|log in|privacy policy|terms of (?:use|service)|"
    r"all rights reserved|cookies?|read more|more news\w*|related (?:content|articles?|stories)|most (?:read|popular)|"
    r"advertisement|sponsored|click here|download (?:the|our) app|follow us|share (?:this|on)|like us|join us|"
    r"remind me later|not ready to support|support (?:us|our|independent|the [A-Z]\w+)|donat(?:e|ions?)|"
    r"become a (?:member|friend|supporter|patron)|contribution|small favou?r|dear readers?|our journalism|"
    r"optimal experience|not supported|enable javascript|another browser|video embed|unsubscribe|your inbox|mailbox)\b|©|\(c\) ?\d{4}",
    re.IGNORECASE,
)
_APPEAL = re.compile(r"\b(?:you|your|we|us|our|subscribe to|sign up)\b", re.IGNORECASE)
_SENTENCE = re.compile(r"[.!?…][”\"’»)\]]*$")
_LONGEST_TITLE = 300
_HEADER_LINES = 14
_LONGEST_CAPTION = 1_200
_REPEATED = 20


@dataclass(frozen=True, order=True)
class Range:
    """What a stretch of a text is: ``kind`` is a range_kind of the table source_ranges."""

    start: int
    end: int
    kind: str


@dataclass(frozen=True)
class Line:
    """A line of a text that is not blank, without white space at its ends; ``alone`` where blank lines stand about it."""

    start: int
    end: int
    text: str
    alone: bool

    @property
    def words(self) -> int:
        return len(self.text.split())

    def credit(self) -> re.Match[str] | None:
        """The credit with which a line ends, if it is short enough to be a caption."""
        return _CREDIT_TAIL.search(self.text) if len(self.text) <= _LONGEST_CAPTION else None


def lines_of(text: str) -> list[Line]:
    """The lines of a text that are not blank."""
    found: list[tuple[int, int, str]] = []
    blank: list[bool] = [True]
    at = 0
    for raw in text.split("\n"):
        if stripped := raw.strip():
            start = at + raw.index(stripped)
            found.append((start, start + len(stripped), stripped))
            blank.append(False)
        elif found:
            blank[-1] = True
        at += len(raw) + 1
    blank[-1] = True
    return [Line(*line, blank[i] and blank[i + 1]) for i, line in enumerate(found)]


def layout(
    text: str, title: str = "", known: Mapping[int, str] | None = None, repeated: Collection[str] = ()
) -> list[Range]:
    """Proposes the ranges of a text, in order; what none covers is body.

    ``known`` says of lines, by their first offset, what they are (a web page tells). ``repeated`` are normalized
    lines that other texts of the same publisher have too. Neighbouring lines of one kind are one range where no
    line of another stands between them. Quotations follow the codebook; none lies in boilerplate. In a transcript each
    paragraph of an answer is one.
    """
    lines = lines_of(text)
    kinds = _Kinds(lines, title, dict(known or {}), repeated).decide()
    ranges = list(_joined(lines, kinds))
    for line, kind in zip(lines, kinds, strict=True):
        if kind == "caption":
            ranges += _caption(line)
    waste = [r for r in ranges if r.kind == "boilerplate"]
    spoken = list(answers(text))
    inside = [s for s in quotations(text) if not any(a.start <= s.start and s.end <= a.end for a in spoken)]
    quoted = [Range(s.start, s.end, "quotation") for s in (*inside, *spoken)]
    ranges += [q for q in quoted if not any(w.start < q.end and q.start < w.end for w in waste)]
    return sorted(set(ranges))


class _Kinds:
    """Decides what each line is, one kind after the other; the first that claims a line has it."""

    def __init__(self, lines: list[Line], title: str, known: dict[int, str], repeated: Collection[str]) -> None:
        self.lines = lines
        self.title = normalize(title)
        self.known = known
        self.repeated = repeated
        self.kinds: list[str] = [known.get(line.start, "") for line in lines]

    def decide(self) -> list[str]:
        """One kind per line, "body" for what is none."""
        self._boilerplate()
        self._headline()
        self._header()
        self._captions()
        self._credits()
        if not self.known:
            self._deck()
            self._subheads()
        self._tail()
        return [kind or "body" for kind in self.kinds]

    def _free(self) -> Iterator[tuple[int, Line]]:
        return ((i, line) for i, line in enumerate(self.lines) if not self.kinds[i])

    def _boilerplate(self) -> None:
        for i, line in self._free():
            credit = line.credit() or _CREDIT_LINE.fullmatch(line.text)
            repeats = len(line.text) >= _REPEATED and not credit and normalize(line.text) in self.repeated
            waste = (line.words <= 40 or _appeals(line.text)) and _is_waste(line)
            if normalize(line.text) != self.title and (repeats or waste):
                self.kinds[i] = "boilerplate"

    def _headline(self) -> None:
        """The title, each time it is printed; without one, the first line that may be it."""
        if not self.title and "headline" not in self.kinds:
            first = next(((i, line) for i, line in self._free()), None)
            if first and len(first[1].text) <= _LONGEST_TITLE and not first[1].text.endswith((".", ":", ",")):
                self.title = normalize(first[1].text)
        for i, line in self._free():
            if self.title and normalize(line.text).casefold() == self.title.casefold():
                self.kinds[i] = "headline"

    def _header(self) -> None:
        """Byline and date lines, before the first paragraph."""
        names = set()
        head = self._head()
        for i in head:
            line = self.lines[i]
            if not self.kinds[i] and line.words <= 25 and _BYLINE.match(line.text) and not _SENTENCE.search(line.text):
                self.kinds[i] = "byline"
                names.add(_BYLINE.sub("", line.text).split(",")[0].strip())
        for i in head:
            line = self.lines[i]
            dated = DATE.search(line.text) and line.words <= 12 and not _SENTENCE.search(line.text)
            if not self.kinds[i] and (dated or line.text in names) and not line.credit():
                self.kinds[i] = "byline"

    def _head(self) -> list[int]:
        """The lines before the first paragraph: the first of several sentences, or a long one, that has no credit."""
        found = []
        for i, line in enumerate(self.lines[:_HEADER_LINES]):
            paragraph = line.words >= 20 and _SENTENCE.search(line.text) and not line.credit()
            if paragraph and not self.kinds[i]:
                break
            found.append(i)
        return found

    def _captions(self) -> None:
        for i, line in self._free():
            if match := line.credit():
                before = line.text[: match.start()].rstrip()
                if before and not _SENTENCE.search(before):
                    continue
                self.kinds[i] = "caption" if before else "credit"
                previous = self.lines[i - 1] if i else None
                if previous and not self.kinds[i - 1] and not previous.alone and previous.words <= 10:
                    joined = self.lines[i].start - previous.end == 1
                    if joined and not _SENTENCE.search(previous.text):
                        self.kinds[i - 1] = "alt_text"

    def _credits(self) -> None:
        for i, line in self._free():
            if line.words <= 30 and _CREDIT_LINE.fullmatch(line.text):
                self.kinds[i] = "credit"

    def _deck(self) -> None:
        """A line or two between the headline and a byline, caption or boilerplate, before the first paragraph."""
        for i, line in self._free():
            if i and self.kinds[i - 1] in ("headline", "deck") and i + 1 < len(self.lines):
                told = any(c.isalnum() for c in line.text) and not all(self.kinds[i + 1 :])
                ends = self.kinds[i + 1] in ("byline", "caption", "boilerplate", "credit", "alt_text")
                if told and ends and line.words <= 45:
                    self.kinds[i] = "deck"

    def _subheads(self) -> None:
        started = False
        for i, line in self._free():
            ended = bool(_SENTENCE.search(line.text)) or line.text.endswith((",", ":", ";"))
            if started and line.alone and line.words <= 14 and not ended and i + 1 < len(self.lines):
                promotion = line.words >= 5 and line.text.isupper()
                self.kinds[i] = "boilerplate" if promotion else "subhead"
            started |= ended

    def _tail(self) -> None:
        """From boilerplate on, what only appeals to the reader, or is no sentence, is boilerplate to the end."""
        last = max(
            (i for i, k in enumerate(self.kinds) if k not in ("boilerplate", "subhead") and self._tells(i)), default=-1
        )
        began = next((i for i in range(last + 1, len(self.kinds)) if self.kinds[i] == "boilerplate"), None)
        for i in range(began if began is not None else len(self.kinds), len(self.kinds)):
            if self.kinds[i] not in ("credit", "caption", "byline"):
                self.kinds[i] = "boilerplate"

    def _tells(self, i: int) -> bool:
        """Whether a line reports: a sentence that does not speak to the reader."""
        line = self.lines[i]
        if self.kinds[i]:
            return self.kinds[i] in ("headline", "deck", "credit", "caption")
        return bool(_SENTENCE.search(line.text)) and not _appeals(line.text)


def _appeals(text: str) -> bool:
    """Whether a line speaks of us and to you, quoted speech aside, in one word of 25 or more."""
    for span in reversed(quotations(text)):
        text = text[: span.start] + text[span.end :]
    return len(_APPEAL.findall(text)) * 25 >= len(text.split())


def _is_waste(line: Line) -> bool:
    """Whether the words of a line are those of menus and appeals, and not of a report that speaks of them."""
    if not _BOILERPLATE.search(line.text):
        return False
    report = _SENTENCE.search(line.text) and line.words > 12 and not _APPEAL.search(line.text)
    return not (report or line.text.startswith(("“", '"', "«")))


def _caption(line: Line) -> Iterator[Range]:
    """The caption of a line and, apart from it, its credit."""
    match = line.credit()
    told = len(line.text[: match.start()].rstrip()) if match else len(line.text)
    if told:
        yield Range(line.start, line.start + told, "caption")
    if match:
        yield Range(line.start + match.start("credit"), line.start + match.end("credit"), "credit")


def _joined(lines: list[Line], kinds: list[str]) -> Iterator[Range]:
    """The ranges of the lines but captions and body; lines of one kind that follow each other are one range."""
    begun: int | None = None
    for i, kind in enumerate(kinds):
        if kind in ("body", "caption"):
            continue
        start = lines[begun if begun is not None else i].start
        mergeable = kind in ("boilerplate", "byline")
        if mergeable and i + 1 < len(kinds) and kinds[i + 1] == kind:
            begun = i if begun is None else begun
            continue
        yield Range(start, lines[i].end, kind)
        begun = None
