"""Attributions as headlines write them: "…, Kremlin Confirms", "Kremlin: …", "…: Report", "Reports of …"."""

from __future__ import annotations

from onrecord.curate.extract.clauses import without_marks
from onrecord.curate.extract.document import Document, Sentence
from onrecord.curate.extract.drafts import Draft
from onrecord.curate.extract.grammar import AUXILIARY
from onrecord.curate.extract.lexicon import CueVerb, cue_nouns, cue_verbs, function_words, verb_forms

__all__ = ["by_headline"]

_OPENS_ASIDE = frozenset({"preposition", "subordinator", "past", "ing", "adverb"})
_DASHES = frozenset({"—", "–", "―", "--", "-"})
_VERBAL = AUXILIARY | {"past", "third", "base", "participle", "to"}
_LONGEST_SOURCE = 7
_LONGEST_LABEL = 4
_LEAST = 3
_OWN = frozenset({"i", "we", "i'm", "i’m", "we're", "we’re", "i've", "i’ve", "we've", "we’ve", "my", "our"})


def by_headline(doc: Document, sentence: Sentence) -> list[Draft]:
    """What the last part of a headline, or what stands before its colon, attributes; nothing if it is no headline."""
    if sentence.paragraph not in doc.headlines:
        return []
    first, last = without_marks(doc, sentence.first, sentence.last)
    if last - first < _LEAST:
        return []
    for at in range(last - 2, first, -1):
        if doc.quoted[at] >= 0 and doc.quoted[at + 1] >= 0:
            continue
        if doc.word(at) == "," and (draft := _said_behind(doc, first, at, last)):
            return [draft]
        if doc.word(at) == ":" or (doc.word(at) in _DASHES and doc.tokens[at].start > doc.tokens[at - 1].end):
            draft = (
                _named_behind(doc, first, at, last)
                or _named_before(doc, first, at, last)
                or _own_words(doc, first, at, last)
            )
            return [draft] if draft else _reports(doc, first, last)
    return _reports(doc, first, last)


def _said_behind(doc: Document, first: int, comma: int, last: int) -> Draft | None:
    """ "…, Kremlin Confirms", "…, says Putin", "…, Officials Tell Reporters": the part behind the last comma."""
    for at in range(comma + 1, min(last, comma + _LONGEST_SOURCE)):
        cue = _verb_of_saying(doc, at)
        if cue is None:
            continue
        source = (at + 1, last) if at == comma + 1 else (comma + 1, at)
        noun = source[1] - source[0] == 1 and doc.word(source[0]) in function_words("headline_source")  # "reports say"
        if source[0] >= source[1] or (not noun and any(doc.tags[i] in _VERBAL and i != at for i in range(*source))):
            return None
        if doc.tags[source[0]] == "conjunction":
            return None
        content = without_marks(doc, first, comma)
        addressed = at == comma + 1 or at + 1 == last or cue.verb == "tell" or doc.tags[at + 1] == "preposition"
        if not addressed or not _claims(doc, *content) or doc.tags[content[0]] in _OPENS_ASIDE:
            return None
        return Draft([content], (at, at + 1), source, f"a headline, then the verb {cue.verb}")
    return None


def _verb_of_saying(doc: Document, at: int) -> CueVerb | None:
    for form in verb_forms().get(doc.word(at), ()):
        cue = cue_verbs().get(form.verb)
        if cue and form.form in ("third", "base", "past") and cue.sense == "say" and "clause" in cue.frames:
            return cue
    return None


def _named_behind(doc: Document, first: int, mark: int, last: int) -> Draft | None:
    """ "…: Kremlin", "…: report", also behind a dash: a short name or a noun of saying behind the mark."""
    if last - mark - 1 > _LONGEST_LABEL or not _names(doc, mark + 1, last) or not _claims(doc, first, mark):
        return None
    if mark - first <= _LONGEST_LABEL and _names(doc, first, mark):
        return None
    return Draft([without_marks(doc, first, mark)], (mark, mark + 1), (mark + 1, last), "a headline, a mark and a name")


def _named_before(doc: Document, first: int, mark: int, last: int) -> Draft | None:
    """ "Kremlin: …": a short name before a colon, and behind it something that can be so."""
    if doc.word(mark) != ":" or mark - first > _LONGEST_LABEL or not _names(doc, first, mark):
        return None
    content = without_marks(doc, mark + 1, last)
    asks = doc.tags[content[0]] in ("subordinator", "relative", "number") or doc.word(last) == "?"
    if content[1] - content[0] < 2 or asks or not (_claims(doc, *content) or doc.quoted[mark + 1] >= 0):
        return None
    return Draft([content], (mark, mark + 1), (first, mark), "a headline: a name, a colon and words")


def _own_words(doc: Document, first: int, mark: int, last: int) -> Draft | None:
    """ "Lee Backs Dahl: “I Am Horrified”": whoever acts before a colon says "I" or is quoted behind it."""
    verb = next((at for at in range(first + 1, mark) if doc.tags[at] in ("third", "past")), None)
    content = without_marks(doc, mark + 1, last)
    own = doc.word(content[0]) in _OWN or doc.word(mark + 1) in ("“", '"', "‘", "'", "''")
    if doc.word(mark) != ":" or verb is None or not own or content[1] - content[0] < _LEAST - 1:
        return None
    if verb - first > _LONGEST_LABEL or any(
        doc.tags[at] not in ("name", "noun", "adjective") for at in range(first, verb)
    ):
        return None
    return Draft([content], (mark, mark + 1), (first, verb), "a headline: a name, a colon and words")


def _names(doc: Document, first: int, last: int) -> bool:
    """Whether a part names somebody or a kind of report ("Kremlin", "sources", "poll"), and is no label ("Live")."""
    words = [doc.word(at) for at in range(first, last)]
    told = words[-1] in function_words("headline_source")
    other = range(first, last - told)
    if any(doc.tags[at] in _VERBAL | {"preposition"} or _helps(doc.word(at)) for at in other):
        return False
    if any(word in function_words("headline_label") for word in words):
        return False
    named = doc.tokens[first].text[0].isupper() and doc.tokens[last - 1].text[0].isupper()
    return told or (named and doc.tags[first] not in ("determiner", "adverb"))


def _claims(doc: Document, first: int, last: int) -> bool:
    """Whether a part says that something is or will be so: it holds a verb, or "to" before one."""
    return any(doc.tags[at] in _VERBAL or _helps(doc.word(at)) for at in range(first, last))


def _helps(word: str) -> bool:
    """Whether a word is an auxiliary, also where a capital lets it look like a name."""
    return any(word in function_words(kind) for kind in ("modal", "be", "have"))


def _reports(doc: Document, first: int, last: int) -> list[Draft]:
    """ "… on Reports of a Summit": what a noun of saying is about, told by nobody who is named."""
    for at in range(first, last - 2):
        if doc.word(at) in function_words("headline_hearsay") and doc.word(at + 1) in cue_nouns().get(doc.word(at), ()):
            return [Draft([(at + 2, last)], (at, at + 1), None, f"a headline, the noun {doc.word(at)}")]
    return []
