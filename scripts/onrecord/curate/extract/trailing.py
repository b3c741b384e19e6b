"""Attributions whose content stands before the cue: "…, X said", "…, said X", "As X said, …"."""

from __future__ import annotations

from onrecord.curate.extract.clauses import clause_before, without_marks
from onrecord.curate.extract.document import Document, Sentence
from onrecord.curate.extract.drafts import Draft
from onrecord.curate.extract.lexicon import cue_verbs, verb_forms
from onrecord.curate.extract.phrases import phrase_after, skip_time, subject_before
from onrecord.curate.extract.verbs import VerbGroup

__all__ = ["SPEECH", "as_said", "quoted_as", "words_before"]

SPEECH = frozenset({"say", "ask", "think", "show", "call"})
_COURTS = frozenset({"court", "jury", "inquest", "inquiry", "tribunal", "hearing", "panel", "committee"})
_WORKS = frozenset(
    {"book", "memoir", "memoirs", "autobiography", "novel", "essay", "article", "column", "film", "album", "song"}
)
_LONGEST_TITLE = 5
_ENDS = frozenset({".", ",", "?", "!", ";", ":", "—", "–", "--", "-", "”", '"', "''", ")"})
_LEADS_UP = frozenset({":", "—", "–", "--", "-", "("})
_FINITE = frozenset({"past", "third", "base", "be", "have", "modal", "do", "negated"})
_CLOSING = frozenset({"”", '"', "''", "’", "'"})
_NOMINAL = frozenset({"noun", "name", "pronoun", "object", "number", "possessive", "determiner", "adjective"})


def as_said(doc: Document, sentence: Sentence, group: VerbGroup, taken: int) -> Draft | None:
    """ "As X reported, …"."""
    if group.cue is None or group.cue.sense != "say" or group.form != "finite" or doc.word(group.last) != ",":
        return None
    source = subject_before(doc, taken, group.first)
    if source is None or source[0] != sentence.first + 1 or doc.word(sentence.first) != "as":
        return None
    content = without_marks(doc, group.last, sentence.last)
    return (
        Draft([content], (group.first, group.last), source, f"as somebody, the verb {group.cue.verb}")
        if content[0] < content[1]
        else None
    )


def quoted_as(doc: Document, sentence: Sentence, group: VerbGroup, taken: int) -> list[Draft]:
    """ "…, X was quoted as saying by Y": what X said, and around it what Y reports."""
    at, reporter = group.last, None
    if doc.word(at) == "by" and (reporter := phrase_after(doc, at + 1, sentence.last)):  # "was quoted by Y as saying"
        at = reporter[1]
    last = at + 2
    spoken = last <= sentence.last and doc.word(at) == "as" and doc.tags[at + 1] == "ing"
    source = subject_before(doc, taken, group.first)
    if doc.word(group.head) not in ("quoted", "cited") or not spoken or source is None:
        return []
    early = reporter is not None
    if not early:
        reporter = phrase_after(doc, last + 1, sentence.last) if doc.word(last) == "by" else None
    after = max(last, reporter[1]) if reporter else last
    if source[0] > taken and _set_off(doc, source[0]):
        content = without_marks(doc, clause_before(doc, source[0], taken), source[0])
    else:
        content = without_marks(doc, after, sentence.last)
    if content[0] >= content[1]:
        return []
    found = [Draft([content], (group.first, last), source, "quoted as saying")]
    if reporter:
        whole = sorted([content, (source[0], last)])
        by = (group.last, group.last + 1) if early else (last, last + 1)
        found.append(Draft(whole, by, reporter, "quoted by somebody"))
    return found


def words_before(doc: Document, sentence: Sentence, group: VerbGroup, taken: int) -> Draft | None:
    """ "…, X said", "…, said X" and "…, X said, …": the content stands before the cue."""
    cue = group.cue
    if (
        cue is None
        or not (_in_court(doc, group) or (cue.sense in SPEECH and cue.frames & {"clause", "quote"}))
        or group.form not in ("finite", "passive")
        or (group.form == "passive" and (cue.verb == "tell" or not _has_be(doc, group)))
    ):
        return None
    straight = _straight(doc, sentence, group, taken)
    if (
        straight and doc.tags[group.first] == "modal" and not _after_speech(doc, straight[1])
    ):  # "if so, Oslo would respond"
        return None
    if straight and _after_speech(doc, straight[1]):
        set_off: tuple[tuple[int, int], int, int] | None = straight
    else:
        set_off = (None if cue.verb == "tell" else _inverted(doc, sentence, group, taken)) or straight
    if set_off is None:
        return None
    source, before, after = set_off
    rest = after
    if "person" in cue.frames and doc.tags[after] in _NOMINAL if after < sentence.last else False:
        person = phrase_after(doc, after, sentence.last)
        rest = person[1] if person else after
    rest = _past_occasion(doc, skip_time(doc, rest, sentence.last), sentence.last)
    word = doc.word(rest) if rest < sentence.last else "."
    quote_before = _after_speech(doc, before)
    if quote_before and _is_broadcast(doc, before):
        return None
    if (
        cue.sense == "ask" and not quote_before and doc.word(before - 1) != "?"
    ):  # "After it refused, he asked the court"
        return None
    if word not in _ENDS and not (quote_before and word not in ("that", "to")):
        return None
    begin = clause_before(doc, before, taken)
    if (
        quote_before
        and doc.word((opening := doc.quotes[doc.quoted[before - 1]].opening) - 1) in _LEADS_UP
        and opening > begin
    ):
        told = subject_before(doc, begin, opening - 2) if cue.verb == "report" and _said_before(doc, opening) else None
        begin = told[0] if told else opening
    colon = next((at for at in range(before - 1, begin, -1) if doc.word(at) == ":" and doc.quoted[at] < 0), begin)
    if colon > begin and not quote_before and _holds_verb(doc, begin, colon):  # "Lee denied that: the map, she said, …"
        begin = colon + 1
    begin, end = without_marks(doc, begin, before)
    if end <= begin:
        return None
    cue_end = group.last
    if not quote_before and word == "," and _is_work(doc, rest):
        return Draft([(begin, end)], (group.first, cue_end), source, f"words, then the verb {cue.verb}")
    if quote_before and doc.word(cue_end) in ("out", "up", "in", "on") and doc.word(cue_end + 1) in _ENDS:
        cue_end += 1
    goes_on = word == "," and straight is not None and _holds_verb(doc, rest, sentence.last)
    if not quote_before and not _holds_verb(doc, begin, end) and not goes_on:
        return None
    if word in (",", ":") and doc.quoted[end - 1] < 0 and _opens_sentence(doc, rest + 1):
        return None
    opening_phrase = doc.tags[begin] in ("preposition", "adverb", "subordinator", "ing", "conjunction", "past")
    if opening_phrase and doc.quoted[end - 1] < 0 and word in (",", ":") and doc.quoted[rest + 1] >= 0:
        return None
    content = [(begin, end)]
    if word == "," and rest + 2 < sentence.last:
        follows = without_marks(doc, rest, sentence.last)
        starts_other = doc.tags[follows[0]] in ("ing", "conjunction", "subordinator", "relative") or doc.word(
            follows[0]
        ) in ("despite", "without")
        starts_other = starts_other and doc.quoted[follows[0]] < 0
        if follows[0] < follows[1] and not starts_other and (doc.quoted[follows[0]] >= 0 or doc.quoted[end - 1] < 0):
            content.append(follows)
    return Draft(content, (group.first, cue_end), source, f"words, then the verb {cue.verb}")


def _is_work(doc: Document, comma: int) -> bool:
    """Whether the title of a work stands behind a comma: "she wrote in her book, “The Bridge”"."""
    number = doc.quoted[comma + 1]
    if number < 0 or doc.word(comma - 1) not in _WORKS:
        return False
    return doc.is_title(doc.quotes[number].first, doc.quotes[number].last)


def _is_broadcast(doc: Document, before: int) -> bool:
    """Whether the words in quotation marks are a title where something took place: "Later on “This Week,” Lee said …"."""
    quote = doc.quotes[doc.quoted[before - 1]]
    short = quote.last - quote.first <= _LONGEST_TITLE
    return short and doc.tags[quote.opening - 1] == "preposition" and doc.is_title(quote.first, quote.last)


def _said_before(doc: Document, opening: int) -> bool:
    """Whether a verb of saying leads up to a quotation: "Lee said: “…,” the Post reported"."""
    forms = verb_forms().get(doc.word(opening - 2), ())
    return any(form.verb in cue_verbs() and cue_verbs()[form.verb].sense == "say" for form in forms)


def _in_court(doc: Document, group: VerbGroup) -> bool:
    """Whether what was said in court is passed on without who said it: "…, a court heard"."""
    return doc.word(group.head) == "heard" and doc.word(group.first - 1) in _COURTS


def _has_be(doc: Document, group: VerbGroup) -> bool:
    """Whether a passive has its auxiliary; "first reported by the Post" tells of a noun."""
    return any(doc.tags[at] == "be" for at in range(group.first, group.head))


def _opens_sentence(doc: Document, at: int) -> bool:
    """Whether a quotation opens at a place and begins with a capital, as one does that is a sentence of its own."""
    return doc.quoted[at] >= 0 and doc.tokens[doc.quotes[doc.quoted[at]].first].text[0].isupper()


def _holds_verb(doc: Document, first: int, last: int) -> bool:
    """Whether words hold a finite verb or a quotation, so that they can be a clause."""
    return any(doc.tags[at] in _FINITE or doc.quoted[at] >= 0 for at in range(first, last))


def _inverted(
    doc: Document, sentence: Sentence, group: VerbGroup, taken: int
) -> tuple[tuple[int, int], int, int] | None:
    """The source behind the verb, where the content ends and where the rest begins: "…, said Ann Lee, …"."""
    first, last = group.first, group.last
    if doc.word(last) in ("little", "nothing", "much") or doc.word(first) == "then":  # "…, she said little"
        return None
    if first <= sentence.first or not _set_off(doc, first) or last >= sentence.last:
        return None
    if (first == group.head and doc.tags[first] == "base") or doc.tags[first] in ("have", "modal"):
        return None
    source = phrase_after(doc, last, sentence.last)
    if source is None:
        return None
    goes_on = source[1] < sentence.last and doc.word(source[1]) not in _ENDS
    if doc.word(first - 1) == "," and goes_on and subject_before(doc, taken, first):
        return None
    source = _with_title(doc, source, sentence.last)
    return source, first, source[1]


def _straight(
    doc: Document, sentence: Sentence, group: VerbGroup, taken: int
) -> tuple[tuple[int, int], int, int] | None:
    """The source before the verb, where the content ends and where the rest begins: "…, Ann Lee said, …"."""
    source = subject_before(doc, taken, group.first)
    if source is None or source[0] <= sentence.first or not _set_off(doc, source[0]):
        return None
    return None if doc.tags[source[0]] == "relative" else (source, source[0], group.last)


def _set_off(doc: Document, at: int) -> bool:
    """Whether a comma, dash, question mark or closing quotation mark stands before a word."""
    word = doc.word(at - 1)
    return word in (",", "—", "–", "--", "-", "?", "!") or _after_speech(doc, at)


def _after_speech(doc: Document, at: int) -> bool:
    """Whether a closing quotation mark stands before a word."""
    return doc.word(at - 1) in _CLOSING and doc.quoted[at - 1] >= 0


def _with_title(doc: Document, phrase: tuple[int, int], last: int) -> tuple[int, int]:
    """Adds an apposition to a noun phrase: "said Ann Lee, a lawyer in Maine"."""
    first, end = phrase
    while (
        end + 1 < last
        and doc.word(end) == ","
        and doc.tags[end + 1] in ("determiner", "noun", "number", "adjective", "name", "possessive")
    ):
        more = phrase_after(doc, end + 1, last)
        if more is None or (
            more[1] < last and doc.tags[more[1]] in ("past", "third", "base", "be", "have", "modal", "do")
        ):
            break
        end = more[1]
    if end + 1 < last and doc.word(end) == "," and doc.word(end + 1) == "who":
        end += 2
        while end < last and doc.word(end) not in (",", ".", "?", "!", ";") and doc.quoted[end] < 0:
            end += 1
    return first, end


def _past_occasion(doc: Document, at: int, last: int) -> int:
    """Passes over where or how it was said, up to the next mark: "in a statement", "at a rally", "of the plan"."""
    if (at < last and doc.tags[at] in ("preposition", "subordinator", "ing")) or doc.word(at) == "to":
        end = at
        while end < last and doc.word(end) not in _ENDS and doc.quoted[end] < 0:
            end += 1
        return end
    return at
