"""Where a clause that is attributed begins and ends."""

from __future__ import annotations

from onrecord.curate.extract.document import Document, Sentence
from onrecord.curate.extract.phrases import subject_before
from onrecord.curate.extract.verbs import VerbGroup

__all__ = ["clause_after", "clause_before", "without_marks"]

_JOINING = frozenset({"and", "but", "or"})
_STRONG = frozenset({"say", "ask", "think", "judge", "want", "call", "decree", "show", "point"})
_REFUSED = frozenset({"gave", "offered", "provided", "declined", "refused"})
_TIMES = frozenset({
    "hour", "hours", "day", "days", "week", "weeks", "month", "months", "year", "years", "minutes", "moments", "decade",
    "decades",
})  # fmt: skip
_WH = frozenset({"how", "why", "that", "what", "when", "where"})
_WHEN = frozenset({"after", "because", "when", "before"})
_FEW = 5
_FAR = 9
_SIDEWAYS = frozenset({"while", "although", "though", "whereas", "with", "even"})


def clause_after(
    doc: Document,
    sentence: Sentence,
    start: int,
    group: VerbGroup,
    groups: list[VerbGroup],
    source: tuple[int, int] | None,
) -> int:
    """Where what is attributed from ``start`` on ends: with the sentence, or where something else begins."""
    look = _Look(doc, sentence, start, group, groups, source)
    depth = 0
    at = start
    if (number := doc.quoted[start]) >= 0 and doc.quotes[number].opening == start:
        quote = doc.quotes[number]
        if quote.closed and quote.closing < sentence.last and doc.word(quote.last - 1) in (",", ".", "?", "!"):
            return quote.closing + 1
    while at < sentence.last:
        number = doc.quoted[at]
        if number >= 0:
            at = max(at + 1, min(doc.quotes[number].closing + 1, sentence.last))
            continue
        word = doc.word(at)
        depth += (word == "(") - (word == ")")
        if depth < 0 or (at > start and depth == 0 and look.ends_at(at)):
            return at
        at += 1
    return sentence.last


class _Look:
    """What is known of a content while its end is looked for."""

    def __init__(
        self,
        doc: Document,
        sentence: Sentence,
        start: int,
        group: VerbGroup,
        groups: list[VerbGroup],
        source: tuple[int, int] | None,
    ) -> None:
        self.doc, self.sentence, self.group = doc, sentence, group
        self.later = [item for item in groups if item.first > start]
        self.start, self.first_word = start, doc.word(start)
        self.thing = group.cue is not None and not group.cue.frames & {"clause", "that"}
        self.aside = source is not None and doc.tags[source[1] - 1] == "relative" and doc.word(source[0] - 1) == ","
        self.fronted = self._is_fronted(source)

    def _is_fronted(self, source: tuple[int, int] | None) -> bool:
        """Whether the cue stands in a clause put before the main one: "While X hopes …, Y …", "Citing …", "Asked …"."""
        doc, first = self.doc, self.sentence.first
        if self.group.form == "ing" or (source is None and self.group.first == first):
            before = self.group.first
            return before == first or (before == first + 1 and doc.tags[first] in ("subordinator", "preposition"))
        begin = source[0] if source else self.group.first
        opens = ("subordinator",)
        return (
            begin > first
            and (doc.tags[begin - 1] in opens or doc.word(begin - 1) in ("after", "before", "since"))
            and (begin - 1 == first or (doc.word(begin - 2) in (",", "and", "but", "that") and begin - 2 == first))
        ) or self._is_dated(begin - 1)

    def _is_dated(self, at: int) -> bool:
        """Whether nothing but a time opens the sentence before "after" or "before": "Three years after …"."""
        doc, first = self.doc, self.sentence.first
        if doc.word(at) not in ("after", "before") or not first < at <= first + _FEW:
            return False
        return doc.word(at - 1) in _TIMES or doc.word(at - 1) in ("just", "shortly", "soon", "even", "long")

    def ends_at(self, at: int) -> bool:
        """Whether the content ends before the word at ``at``."""
        doc, word = self.doc, self.doc.word(at)
        if word in ("—", "―", "--", ";") or (word in ("–", "-") and doc.tokens[at].start > doc.tokens[at - 1].end):
            return True
        if word == ",":
            return self._ends_at_comma(at + 1)
        if word in _JOINING:
            return self._joined(at + 1, comma=False)
        if self.thing and word in _WHEN:
            return self._told_at(at + 1)
        if word == "while" and (item := self._group_at(at + 1)):
            return item.form == "ing"
        return False

    def _ends_at_comma(self, at: int) -> bool:
        doc, word = self.doc, self.doc.word(at)
        if at == self.start + 2 and self.first_word in _WH:  # "described how, growing up, …"
            return False
        if self.aside or self._leads_to_quotation(self._clause_at(at)):
            return True
        if not self.thing and self.first_word == "that" and not self._told_before(at):
            return False  # "said that trials, with witnesses, | were of use"
        if word in _JOINING:
            return self._joined(at + 1, comma=True)
        item = self._group_at(at)
        if item and item.form == "ing" and item.cue:
            return item.cue.sense in _STRONG
        if word in _SIDEWAYS or (word == "according" and doc.word(at + 1) == "to"):
            return True
        if self.fronted and (self.thing or self._clause_at(at) or self._auxiliary_at(at)):
            return True
        return self.thing and (word in ("which", "who") or (item is not None and item.form == "ing"))

    def _joined(self, at: int, *, comma: bool) -> bool:
        """Whether "and" goes on with something of its own: another cue, or a clause of the writer."""
        item = self._group_at(at)
        if comma and self.doc.word(at) in _REFUSED:  # "…, but gave no reason"
            return True
        if item:
            again = item.cue is not None and item.cue.sense in _STRONG and item.form == self.group.form == "finite"
            return again or self._leads_to_quotation(item) or (comma and self.thing and item.form == "finite")
        clause = self._clause_at(at)
        if clause is None or (not comma and self._shared(at - 1, clause)):
            return False
        if not self.thing and not comma and not any(item.first < at for item in self.later):
            return False
        if clause.cue and clause.cue.sense in _STRONG and clause.form == "finite":
            return True
        return self.thing or (comma and self.first_word == "that" and self.doc.word(at) != "that")

    def _shared(self, joining: int, clause: VerbGroup) -> bool:
        """Whether "and" joins two subjects of one verb: "because Congress and the president agreed"."""
        subject = subject_before(self.doc, self.start, clause.first)
        opens = subject is not None and self.doc.tags[subject[0] - 1] in ("subordinator", "relative")
        return subject is not None and subject[0] < joining and opens

    def _leads_to_quotation(self, item: VerbGroup | None) -> bool:
        """Whether a verb of saying leads up to a quotation of its own: "…, he shot back: “…”", "… and joked, “…”"."""
        if (
            item is None
            or item.cue is None
            or item.cue.sense not in ("say", "ask")
            or item.last + 1 >= self.sentence.last
        ):
            return False
        at = item.last + (self.doc.word(item.last) in ("back", "out"))
        return self.doc.word(at) in (",", ":") and self.doc.quoted[at + 1] >= 0

    def _auxiliary_at(self, at: int) -> bool:
        """Whether a noun phrase and "has", "is" or "will" begin at a word."""
        helps = (place for place in range(at + 1, min(at + _FAR, self.sentence.last)) if self._helps(place))
        subject = next((subject_before(self.doc, at, place) for place in helps), None)
        return subject is not None and subject[0] <= at + 1

    def _helps(self, at: int) -> bool:
        return self.doc.tags[at] in ("be", "have", "modal")

    def _told_before(self, at: int) -> bool:
        """Whether the content holds a finite verb before a place."""
        helped = any(self._helps(place) for place in range(self.start, at))
        return helped or any(item.form in ("finite", "passive") and item.first < at for item in self.later)

    def _told_at(self, at: int) -> bool:
        """Whether a finite verb follows here."""
        return any(item.form in ("finite", "passive") and at < item.first for item in self.later)

    def _group_at(self, at: int) -> VerbGroup | None:
        return next((item for item in self.later if item.first == at), None)

    def _clause_at(self, at: int) -> VerbGroup | None:
        """The verb of the clause that begins at a word: a noun phrase and then a finite verb."""
        item = next((item for item in self.later if item.first > at), None)
        if item is None or item.form not in ("finite", "passive"):
            return None
        if self.doc.tags[item.first - 1] == "relative":  # "the ministers who met | refused"
            head = subject_before(self.doc, at, item.first - 1) if item.first - 1 > at else None
            return item if head and head[0] <= at + 1 else None
        subject = subject_before(self.doc, at, item.first)
        return item if subject and subject[0] <= at + 1 else None


def clause_before(doc: Document, end: int, floor: int) -> int:
    """Where what is attributed up to ``end`` ("…, he said") begins."""
    at = floor
    while at < end and (
        doc.word(at) in (",", ";", "—", "–", "--", "-", ")") or (doc.word(at) in ("but", "and") and at == floor)
    ):
        at += 1
    return at


def without_marks(doc: Document, first: int, last: int) -> tuple[int, int]:
    """The tokens without commas, stops and dashes at either end."""
    loose = (",", ".", ";", ":", "—", "–", "--", "-", "!", "?")
    while first < last and doc.word(first) in loose:
        first += 1
    while last > first and doc.word(last - 1) in loose:
        last -= 1
    return first, last
