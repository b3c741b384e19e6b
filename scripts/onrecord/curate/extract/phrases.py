"""Noun phrases: who stands before a verb, and who stands after one."""

from __future__ import annotations

from onrecord.curate.extract.document import Document
from onrecord.curate.extract.lexicon import function_words

__all__ = ["phrase_after", "skip_time", "subject_before", "with_maker"]

_BEHIND = frozenset({
    "involved", "briefed", "employed", "based", "interviewed", "contacted", "reached", "quoted", "cited", "polled",
    "surveyed", "elected", "appointed", "assigned", "stationed", "trapped", "displaced", "injured", "wounded", "detained",
})  # fmt: skip
_READ = frozenset({"seen", "reviewed", "obtained", "viewed"})
_PAPERS = frozenset({
    "documents", "document", "papers", "emails", "e-mails", "records", "letters", "letter", "memo", "memos", "minutes",
    "filings", "data", "messages", "images", "photographs", "report", "draft", "email", "reports", "study", "studies",
    "survey", "analysis", "review", "poll", "audit", "statement", "assessment", "investigation", "inquiry", "paper",
})  # fmt: skip
_ISSUED = frozenset({"released", "published", "issued", "written", "compiled", "prepared", "produced", "conducted"})
_NEAR_TO = frozenset({
    "close", "adviser", "advisor", "aide", "ambassador", "envoy", "visitor", "visitors", "advisers", "advisors", "aides",
    "lawyer", "counsel", "spokesman", "assistant", "secretary", "next", "witness", "witnesses", "party", "parties",
})  # fmt: skip
_CORE = frozenset({"noun", "name", "pronoun", "object", "number", "possessive", "determiner", "adjective", "genitive"})
_VERBAL = frozenset({"past", "participle", "third", "base", "be", "have", "do", "modal", "negated"})
_MEASURING = frozenset(
    {"no", "only", "just", "even", "more", "less", "fewer", "most", "about", "around", "roughly", "nearly", "almost"}
)
_LONGEST = 45
_PLAIN = frozenset({"I", "he", "she", "it", "we", "they", "you"})
_BACK_MARKS = frozenset({"(", ")", "-", "&", "/", "’", "'", "%", "$"})


def subject_before(doc: Document, floor: int, at: int) -> tuple[int, int] | None:
    """The noun phrase that ends before the verb group at ``at``, not reaching before ``floor``; None if there is none."""
    end = _skip_back(doc, floor, at)
    if end <= floor:
        return None
    if doc.word(end - 1) in (",", "-", "--", "—", "–"):
        return _with_apposition(doc, floor, end)
    if doc.tags[end - 1] == "relative":
        return (end - 1, end)
    if doc.tags[end - 1] == "pronoun":
        return _pronoun(doc, floor, end)
    if (
        doc.tags[end - 1] not in _CORE
        and doc.tags[end - 1] != "ing"
        and doc.word(end - 1) not in (")", "”", '"', "''", "’")
    ):
        return None
    first = _listed(doc, floor, _back(doc, floor, end), end)
    return (first, end) if first < end else None


def _listed(doc: Document, floor: int, first: int, end: int) -> int:
    """Where a list of names begins of which the last two were found: "Kenya, | Ethiopia and Djibouti"."""
    joined = next((at for at in range(first, end) if doc.word(at) == "and"), first)
    begin = first
    if joined == first or any(doc.tags[at] != "name" for at in range(first, joined)):
        return first
    while begin - 2 >= floor and doc.word(begin - 1) == "," and doc.tags[begin - 2] == "name":
        name = begin - 2
        while name > floor and doc.tags[name - 1] == "name":
            name -= 1
        if name > floor and doc.tags[name - 1] not in ("mark", "conjunction", "relative", "subordinator", "number"):
            break  # "In Oslo, | Ann Lee and Bob Dale"
        begin = name
    return begin


def _pronoun(doc: Document, floor: int, end: int) -> tuple[int, int]:
    """A pronoun by itself, or with what belongs to it: "no one", "some of them"."""
    first = end - 1
    if doc.tags[end - 1] == "pronoun" and doc.word(end - 1) not in {word.lower() for word in _PLAIN}:
        while first > floor and doc.tags[first - 1] in ("determiner", "number", "adjective"):
            first -= 1
    return (first, end)


def _skip_back(doc: Document, floor: int, at: int) -> int:
    """Passes over adverbs and times ("on Monday", "this week") before a verb."""
    end = at
    while end > floor:
        if doc.tags[end - 1] == "adverb":
            end -= 1
            continue
        if doc.word(end - 1) in function_words("time"):
            start = end - 1
            while start > floor and (
                doc.word(start - 1) in function_words("time")
                or doc.word(start - 1) in ("last", "this", "next", "late", "early")
            ):
                start -= 1
            if start > floor and doc.word(start - 1) in ("on", "in"):
                end = start - 1
                continue
            if start < end and start > floor and doc.tags[start - 1] in ("noun", "name", "mark", "pronoun", "relative"):
                end = start
                continue
        break
    return end


def _with_apposition(doc: Document, floor: int, end: int) -> tuple[int, int] | None:
    """A noun phrase with what stands between commas behind it; a relative clause or an aside is left out."""
    mark = doc.word(end - 1)
    opening = end - 2
    nested = 0
    while opening > max(floor, end - _LONGEST):
        word = doc.word(opening)
        if word == mark:
            break
        if word == ")":
            nested += 1
        opening -= 1
    if opening <= floor or doc.word(opening) != mark:
        return None
    inner = opening + 1
    if inner >= end - 1:
        return None
    before = opening
    tag, word = doc.tags[inner], doc.word(inner)
    aside = (
        tag
        in (
            "ing",
            "past",
            "participle",
            "subordinator",
            "adverb",
            "preposition",
            "conjunction",
            "to",
            "not",
        )
        or word == "too"
    )
    if tag == "preposition" and word in ("of", "from"):
        aside = False
    number = tag == "number" and inner + 1 == end - 1
    if not aside and not number and tag != "relative" and _is_clause(doc, inner, end - 1):
        return None
    if not number and doc.tags[inner] in _CORE and mark == ",":
        before = _comma_chain(doc, floor, opening)
    if doc.tags[before - 1] == "number" and before - 2 > floor and doc.word(before - 2) == ",":  # an age
        before -= 2
    head = subject_before(doc, floor, before) if doc.word(before - 1) != mark else None
    if head is None or doc.tags[head[1] - 1] == "relative":
        return None
    citing = head[0] - 1
    while citing > floor and doc.tags[citing] == "determiner":
        citing -= 1
    if citing - 1 > floor and doc.word(citing) in ("citing", "quoting") and doc.word(citing - 1) == mark:
        return subject_before(doc, floor, citing - 1)  # "The agency, citing a paper, which quoted an official, said"
    if aside or (tag == "relative" and (end - inner) > 12):
        return head
    return (head[0], end)


def _is_clause(doc: Document, first: int, last: int) -> bool:
    """Whether words hold a verb and no relative pronoun, so that they are no apposition."""
    tags = doc.tags[first:last]
    return "relative" not in tags and any(tag in _VERBAL for tag in tags)


def _comma_chain(doc: Document, floor: int, opening: int) -> int:
    """Steps back over "N.Y." and "R-Texas" in commas, so that the phrase before them is found."""
    at = opening
    while at - 2 > floor and doc.word(at - 2) == "," and doc.tags[at - 1] in ("name", "number"):
        at -= 2
    return at


def _back(doc: Document, floor: int, end: int) -> int:
    """The beginning of the noun phrase that ends at ``end``."""
    at = end
    while at > floor:
        tag, word = doc.tags[at - 1], doc.word(at - 1)
        if tag in ("pronoun", "object") and at < end and doc.word(at) != "of":
            break
        if (
            tag in _CORE
            or (at < end and at - 1 > floor and doc.tags[at] == "preposition" and _stands_behind(doc, at - 1))
            or (tag in ("preposition", "to") and at < end and at - 1 > floor and _links(doc, at - 1))
            or (
                (word in ("and", "or", "&") and at < end and at - 1 > floor and _joins(doc, floor, at - 1))
                or (word in _BACK_MARKS and at - 1 > floor and doc.tags[at - 2] in _CORE | {"mark"})
                or (tag == "adverb" and at < end and doc.tags[at] in ("number", "adjective", "determiner"))
                or (doc.quoted[at - 1] >= 0 and word in ("”", '"', "''", "“") and not _ends_speech(doc, at - 1))
                or (
                    tag == "ing"
                    and at < end
                    and doc.tags[at] in ("noun", "name")
                    and at - 1 > floor
                    and doc.tags[at - 2] in ("determiner", "adjective", "possessive", "genitive")
                )
            )
        ):
            at -= 1
        else:
            break
    return _without_opening(doc, floor, at, end)


def _ends_speech(doc: Document, at: int) -> bool:
    """Whether a mark closes words that somebody spoke: a stop stands before it, or it opened the sentence's words."""
    return doc.quotes[doc.quoted[at]].closing == at and doc.word(at - 1) in (",", ".", "?", "!", "...", "—")


def _links(doc: Document, at: int) -> bool:
    """Whether a preposition ties two nouns together."""
    word = doc.word(at)
    if doc.tags[at] == "to":
        return doc.word(at - 1) in _NEAR_TO
    if doc.tags[at - 1] not in _CORE:
        return _stands_behind(doc, at - 1)
    if word == "by":
        return doc.word(at - 1) in _PAPERS
    if word in ("of", "for", "with", "from", "at", "in", "on", "to", "against", "behind", "among", "about"):
        return True
    return word in ("near", "under", "within", "across", "around", "between", "outside", "inside", "over", "including")


def _stands_behind(doc: Document, at: int) -> bool:
    """Whether a participle tells of the noun before it: "a diplomat involved in the talks", "papers seen by the Post"."""
    if doc.word(at + 1) == "by":
        return doc.word(at) in _READ and doc.word(at - 1) in _PAPERS
    return doc.tags[at - 1] in _CORE and doc.word(at) in _BEHIND


def _joins(doc: Document, floor: int, at: int) -> bool:
    """Whether "and" joins two subjects: nothing but nouns from there back to a mark or the beginning."""
    place = at
    while place > floor and (doc.tags[place - 1] in _CORE or doc.tags[place - 1] == "preposition"):
        place -= 1
    if place == at:
        return False
    return place == floor or doc.tags[place - 1] in ("mark", "relative", "subordinator", "conjunction", "adverb")


def _without_opening(doc: Document, floor: int, first: int, end: int) -> int:
    """Leaves out a preposition phrase that opens the clause: "On Tuesday | Mr. Trump", "In a speech | she"."""
    if first > floor and doc.tags[first - 1] in ("preposition", "to", "past", "base", "third", "ing", "be"):
        names = end
        while names > first and doc.tags[names - 1] in ("name", "number"):
            names -= 1
        determiner = end - 1
        while determiner > first and doc.tags[determiner] not in ("determiner", "possessive"):
            determiner -= 1
        if names < end and names > first:
            return names
        if determiner > first:
            return determiner
    while first < end - 1 and (
        doc.word(first) in function_words("time") or doc.tags[first] in ("adverb", "conjunction")
    ):
        first += 1
    return first


def skip_time(doc: Document, at: int, last: int) -> int:
    """Passes over an adverb or time after a verb ("on Wednesday", "Tuesday night", "last week", "in 2012")."""
    while at < last:
        if doc.word(at) in function_words("time") or (doc.tags[at] == "adverb" and doc.word(at) not in _MEASURING):
            at += 1
            continue
        ahead = (
            at + 1
            if doc.word(at) in ("on", "in", "last", "this", "earlier", "late", "early", "next", "a", "during", "the")
            else at
        )
        while (
            ahead < last and ahead > at and doc.word(ahead) in ("last", "this", "late", "early", "the", "same", "mid")
        ):
            ahead += 1
        if (
            ahead > at
            and ahead < last
            and (
                doc.word(ahead) in function_words("time")
                or (doc.word(at) == "in" and ahead == at + 1 and doc.word(ahead).isdigit())
            )
        ):
            at = ahead + 1
            while at < last and doc.tags[at] == "number":
                at += 1
            continue
        break
    return at


def with_maker(doc: Document, phrase: tuple[int, int], last: int) -> tuple[int, int]:
    """A paper with whose it is: "a memo | released on Friday by the watchdog"."""
    end = phrase[1]
    if doc.word(end - 1) not in _PAPERS or doc.word(end) not in _ISSUED | {"by"}:
        return phrase
    by = next((at for at in range(end, min(end + 5, last)) if doc.word(at) == "by"), None)
    maker = phrase_after(doc, by + 1, last) if by is not None else None
    return (phrase[0], maker[1]) if maker else phrase


def phrase_after(doc: Document, at: int, last: int) -> tuple[int, int] | None:
    """The noun phrase that begins at ``at`` ("said | Sterling Pratt, wine director at Schaefer's"), or None."""
    end = at
    common = False
    while end < last:
        tag, word = doc.tags[end], doc.word(end)
        if tag in _CORE:
            if tag == "pronoun" and word in ("i", "he", "she", "they", "we") and end > at:
                break
            if tag in ("determiner", "possessive") and end > at and doc.tags[end - 1] == "noun":
                break  # "told reporters | the dam had failed"
            if (
                doc.word(end) in function_words("time")
                and end > at
                and doc.tags[end - 1] not in ("preposition", "genitive", "determiner")
            ):
                break
            common = common or tag in ("noun", "determiner")
            end += 1
            if tag == "pronoun" and word in ("i", "he", "she", "they", "we", "it"):
                break
        elif (
            tag == "preposition"
            and end > at
            and (word == "of" or (common and word in ("for", "with", "from", "at", "in", "on", "to")))
        ):
            if (
                end + 1 < last
                and doc.tags[end + 1] in _CORE
                and doc.word(end + 1) not in function_words("time")
                and not _event(doc, end + 1, last)
            ):
                end += 1
            else:
                break
        elif (word in ("(", ")", "-", "&") and end > at) or (
            word == "and" and end > at and end + 1 < last and doc.tags[end + 1] in ("name", "noun", "determiner")
        ):
            end += 1
        else:
            break
    while end > at and (doc.tags[end - 1] == "preposition" or doc.word(end - 1) in ("(", "and", "-")):
        end -= 1
    return (at, end) if end > at else None


_EVENTS = frozenset(
    [
        "interview",
        "statement",
        "speech",
        "email",
        "news",
        "conference",
        "call",
        "tweet",
        "debate",
        "letter",
        "rally",
        "post",
        "phone",
        "telephone",
        "press",
        "briefing",
    ]
)


def _event(doc: Document, at: int, last: int) -> bool:
    """Whether the next words name an occasion: "an interview", "a statement"."""
    return any(doc.word(place) in _EVENTS for place in range(at, min(at + 4, last)) if doc.tags[place] in _CORE)
