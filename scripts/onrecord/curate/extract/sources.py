"""Attributions without a verb: "according to X", "X: …", and nouns such as "X's claim that …"."""

from __future__ import annotations

from onrecord.curate.extract.clauses import without_marks
from onrecord.curate.extract.document import Document, Sentence
from onrecord.curate.extract.drafts import Draft
from onrecord.curate.extract.grammar import AUXILIARY
from onrecord.curate.extract.lexicon import cue_adjectives, cue_nouns, cue_phrases, function_words
from onrecord.curate.extract.phrases import phrase_after, subject_before, with_maker

__all__ = ["by_adjectives", "by_colon", "by_hearsay", "by_nouns", "by_phrases"]

_VERBAL = AUXILIARY | {"past", "third", "base", "participle"}
_LONGEST_NAME = 9
_ANSWERS = frozenset({
    "answer", "response", "reply", "message", "argument", "point", "position", "verdict", "conclusion", "reasoning",
    "complaint", "defense", "defence", "explanation", "reaction",
})  # fmt: skip


def by_phrases(doc: Document, sentence: Sentence) -> list[Draft]:
    """ "According to X, …" and "…, according to X"."""
    found = []
    for at in range(sentence.first, sentence.last):
        for row in cue_phrases().get(doc.word(at), ()):
            words = row["phrase"].split()
            if doc.quoted[at] < 0 and [doc.word(at + i) for i in range(len(words))] == words:
                draft = _according(doc, sentence, at, at + len(words))
                if draft:
                    found += _with_cited(doc, sentence, draft)
    return found


def _with_cited(doc: Document, sentence: Sentence, draft: Draft) -> list[Draft]:
    """ "According to X, citing Y, …": what X passes on, and the same as the words of Y."""
    first = draft.content[0][0]
    if doc.word(first) != "citing" or (cited := phrase_after(doc, first + 1, sentence.last)) is None:
        return [draft]
    end = cited[1]
    while end < sentence.last and doc.word(end) != ",":
        end += 1
    content = without_marks(doc, end, sentence.last)
    if content[0] >= content[1]:
        return [draft]
    draft.content = [content]
    cited = (first + 1, end)
    return [draft, Draft([content], (first, first + 1), cited, "according to somebody, citing", citing=draft)]


def _according(doc: Document, sentence: Sentence, first: int, last: int) -> Draft | None:
    source = phrase_after(doc, last, sentence.last)
    if source is None:
        return None
    source = with_maker(doc, source, sentence.last)
    semicolon = next((at for at in range(first - 1, sentence.first, -1) if doc.word(at) == ";"), sentence.first - 1)
    before = without_marks(doc, semicolon + 1, first)
    if before[1] - before[0] > 2:
        end = source[1]
        content = [before]
        if doc.word(end) == "," and doc.word(first - 1) == ",":
            follows = without_marks(doc, end, sentence.last)
            described = doc.tags[follows[0]] == "determiner" and not _holds_verb(doc, *follows)
            if follows[1] - follows[0] > 1 and not described and doc.tags[follows[0]] not in ("ing", "relative"):
                content.append(follows)
            else:
                source = (source[0], follows[1] if described else end)
    else:
        end = _past_apposition(doc, _comma(doc, source[1], sentence.last), sentence.last)
        content = [without_marks(doc, end, sentence.last)]
        source = (source[0], end) if end < sentence.last and end - source[1] < 12 else source
    return Draft(content, (first, last), source, "according to somebody") if content[0][0] < content[0][1] else None


def _holds_verb(doc: Document, first: int, last: int) -> bool:
    """Whether words hold a finite verb or a quotation outside a relative clause, so that they are no apposition."""
    end = next((at for at in range(first, last) if doc.tags[at] == "relative" or doc.word(at) == ","), last)
    return any(doc.tags[at] in _VERBAL or doc.quoted[at] >= 0 for at in range(first, end))


def _comma(doc: Document, at: int, last: int) -> int:
    return next((place for place in range(at, last) if doc.word(place) == ","), last)


def _past_apposition(doc: Document, comma: int, last: int) -> int:
    """The comma behind "…, the governor of the region, …" or "…, who governs it, …", where such stands between two."""
    other = _comma(doc, comma + 1, last)
    if other < last and doc.tags[comma + 1] == "relative":
        return other
    if other >= last or doc.tags[comma + 1] != "determiner" or doc.quoted[comma + 1] >= 0:
        return comma
    return comma if any(tag in _VERBAL for tag in doc.tags[comma + 1 : other]) else other


def by_colon(doc: Document, sentence: Sentence) -> list[Draft]:
    """ "X: …" at the beginning of a sentence, and "… — X" behind a quotation."""
    for at in range(sentence.first + 1, min(sentence.first + _LONGEST_NAME, sentence.last - 1)):
        tag = doc.tags[at - 1]
        if doc.word(at) == ":":
            quoted = doc.quoted[at + 1] >= 0
            names = all(doc.tags[i] in ("name", "number") for i in range(sentence.first, at))
            if tag in ("name", "noun", "pronoun") and (quoted or (names and sentence.last - at > 4)):
                content = without_marks(doc, at + 1, sentence.last)
                if content[1] > content[0]:
                    return [Draft([content], (at, at + 1), (sentence.first, at), "a name, a colon and words")]
            return []
        if tag in _VERBAL or doc.quoted[at] >= 0 or doc.word(at) in (",", ";"):
            return []
    return []


def by_hearsay(doc: Document, sentence: Sentence) -> list[Draft]:
    """ "X reportedly left": the clause around the adverb is attributed to nobody."""
    for at in range(sentence.first, sentence.last):
        if doc.word(at) in function_words("hearsay") and doc.quoted[at] < 0:
            first, last = at, at + 1
            while first > sentence.first and doc.word(first - 1) not in (",", ";", "—", "–"):
                first -= 1
            while last < sentence.last and doc.word(last) not in (",", ";", "—", "–"):
                last += 1
            pieces = [without_marks(doc, *piece) for piece in ((first, at), (at + 1, last))]
            content = [piece for piece in pieces if piece[0] < piece[1]]
            return [Draft(content, (at, at + 1), None, f"the word {doc.word(at)}")] if content else []
    return []


def by_nouns(doc: Document, sentence: Sentence) -> list[Draft]:
    """ "X's claim that …", "their criticism of …", "concerns about …"."""
    found = []
    for at in range(sentence.first, sentence.last - 1):
        frames = cue_nouns().get(doc.word(at))
        follows = doc.word(at + 1)
        if draft := _was_that(doc, sentence, at):
            found.append(draft)
            continue
        if frames is None or follows not in frames or doc.tags[at] != "noun" or doc.quoted[at] >= 0:
            continue
        source = _owner(doc, sentence, at)
        if source is None and follows != "that":
            continue
        that = follows == "that"
        begin = at + 1 if that or follows == "to" else at + 2
        if that and doc.word(at + 2) == "," and doc.quoted[at + 3] >= 0:  # "her comment that, “…”"
            begin = at + 3
        end = _end(doc, sentence, begin)
        if end > begin:
            cue = (at, begin)
            found.append(Draft([without_marks(doc, begin, end)], cue, source, f"the noun {doc.word(at)}"))
    return found


def _was_that(doc: Document, sentence: Sentence, at: int) -> Draft | None:
    """ "The senator's answer was that …"."""
    told = doc.word(at) in cue_nouns() or doc.word(at) in _ANSWERS
    if not told or doc.tags[at + 1] != "be" or doc.word(at + 2) != "that" or doc.quoted[at] >= 0:
        return None
    source = _owner(doc, sentence, at)
    content = without_marks(doc, at + 2, sentence.last)
    if source is None or content[0] >= content[1]:
        return None
    return Draft([content], (at, at + 2), source, f"the noun {doc.word(at)}")


def by_adjectives(doc: Document, sentence: Sentence) -> list[Draft]:
    """ "X is sure that …", "X is against …", "X was unaware of …"."""
    found = []
    for at in range(sentence.first + 1, sentence.last - 1):
        frames = cue_adjectives().get(doc.word(at))
        if frames is None or doc.quoted[at] >= 0:
            continue
        first = at
        while first > sentence.first and doc.tags[first - 1] in AUXILIARY | {"adverb", "not"}:
            first -= 1
        follows = doc.word(at + 1)
        source = subject_before(doc, sentence.first, first)
        is_state = any(doc.tags[place] == "be" or doc.tags[place] == "negated" for place in range(first, at))
        if not is_state or source is None or doc.word(source[0]) in ("it", "there"):
            continue
        if follows not in frames and "np" not in frames:
            continue
        begin = at + 1 if follows in ("that", "to") or follows not in frames else at + 2
        content = without_marks(doc, begin, _end(doc, sentence, begin))
        if content[0] < content[1]:
            found.append(Draft([content], (first, begin), source, f"the adjective {doc.word(at)}"))
    return found


def _owner(doc: Document, sentence: Sentence, at: int) -> tuple[int, int] | None:
    """Whose claim it is: "his", "the senator's"."""
    place = at
    while place > sentence.first and (
        doc.tags[place - 1] == "adjective" or doc.word(place - 1) in function_words("time")
    ):
        place -= 1
    if place > sentence.first and doc.tags[place - 1] == "possessive":
        return (place - 1, place)
    if place > sentence.first and doc.tags[place - 1] == "genitive":
        return subject_before(doc, sentence.first, place - 1)
    return None


def _end(doc: Document, sentence: Sentence, begin: int) -> int:
    """Where what the noun is about ends: before the next finite verb or mark, after a clause with "that"."""
    that = doc.word(begin) == "that" or (doc.word(begin) == "to" and doc.tags[begin + 1] == "base")
    verbs = 0
    at = begin
    while at < sentence.last:
        number = doc.quoted[at]
        if number >= 0:
            at = max(at + 1, min(doc.quotes[number].closing + 1, sentence.last))
            continue
        if doc.word(at) in (",", ";", "—", "–", "--", ":") or (doc.word(at) == "." and at == sentence.last - 1):
            break
        if doc.tags[at] in _VERBAL and not that and at > begin:
            verbs += 1
            break
        if doc.word(at) == "and" and not that:
            break
        at += 1
    return at
