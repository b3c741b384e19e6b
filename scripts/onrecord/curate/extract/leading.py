"""Attributions whose content stands behind the cue: "X said that …", "X plans to …", "X is expected to …"."""

from __future__ import annotations

from onrecord.curate.extract.clauses import clause_after, without_marks
from onrecord.curate.extract.document import Document, Sentence
from onrecord.curate.extract.drafts import Draft
from onrecord.curate.extract.lexicon import CueVerb, function_words
from onrecord.curate.extract.phrases import phrase_after, skip_time, subject_before
from onrecord.curate.extract.silences import kind_of
from onrecord.curate.extract.verbs import VerbGroup

__all__ = ["words_after"]

_NOMINAL = frozenset({"noun", "name", "pronoun", "object", "number", "possessive", "determiner", "adjective"})
_CITING = frozenset({"cite", "quote"})
_FINITE = frozenset({"past", "third", "have", "be", "modal"})
_RUMOURS = frozenset({"rumors", "rumours", "reports", "claims", "allegations", "suggestions", "accusations"})
_NOMINAL_OPENING = frozenset({"under", "without", "despite", "unlike", "given", "by"})
_LITTLE = frozenset({"little", "nothing", "much", "more", "less", "so"})
_FEW = 7
_WHEN = frozenset({"when", "after", "if", "once"})
_WH = frozenset(["what", "how", "why", "whether", "if", "who", "whom", "whose", "when", "where", "which"])


def words_after(
    doc: Document, sentence: Sentence, group: VerbGroup, groups: list[VerbGroup], number: int, found: list[Draft]
) -> Draft | None:
    """ "X said …": the content stands behind the cue."""
    cue = group.cue
    if cue is None or group.form == "infinitive":
        return None
    if group.form == "passive":
        return _passive(doc, sentence, group, cue, groups, number)
    begins = _content_begins(doc, sentence, group, cue)
    if begins is None:
        return None
    cue_end, start = begins
    alone = doc.tags[start + 1] in ("mark", "preposition") and doc.word(start + 1) != "than"
    if doc.word(start) in _LITTLE and alone:  # "said little"
        return None
    if cue.verb == "plead" and doc.word(start) in ("guilty", "not", "no"):
        return None
    source = _source(doc, sentence, group, groups, number, found)
    if source and doc.word(source[0] - 1) == "than":  # "more than the office had projected last year"
        return None
    asked = doc.word(group.first - 1) in _WHEN or (doc.word(group.first - 1) == "," and doc.tags[group.first] == "past")
    if cue.verb == "ask" and asked and doc.word(start - 1) in ("about", "whether", "if"):
        return None
    end = clause_after(doc, sentence, start, group, groups, source)
    if group.form == "ing" and cue.verb in _CITING:
        end = _cited_end(doc, start, end)
    start, end = without_marks(doc, start, end)
    if not cue.frames & {"clause", "that", "to"}:
        end = _before_time(doc, start, end)
    helps = doc.tags[start] in ("be", "have", "modal") and doc.quoted[start] < 0
    if helps and cue.sense not in ("say", "think", "call"):  # "records that Lee questioned | are stored"
        return None
    if end <= start or _is_name(doc, cue, start):
        return None
    joined = group.first == sentence.first or doc.word(group.first - 1) in ("and", "but", "or", ",")
    if source is None and group.form == "finite" and not joined:
        return None
    kind = kind_of(doc, group, (start, end))
    spoken = doc.quoted[start] >= 0 and doc.quotes[doc.quoted[start]].closing >= end - 1
    what = "words in quotation marks" if spoken else "what"
    return Draft([(start, end)], (group.first, cue_end), source, f"the verb {cue.verb}, then {what}", kind)


def _before_time(doc: Document, start: int, end: int) -> int:
    """Where a phrase without a verb ends before the time that dates the verb: "rejected the offer | on Tuesday"."""
    if any(doc.tags[at] in _FINITE | {"to", "ing", "base"} or doc.quoted[at] >= 0 for at in range(start, end)):
        return end
    at = end
    while at > start + 1 and (doc.word(at - 1) in function_words("time") or doc.tags[at - 1] == "number"):
        at -= 1
    if at == end or all(doc.tags[place] == "number" for place in range(at, end)):
        return end
    while at > start + 1 and doc.word(at - 1) in ("last", "this", "next", "earlier", "late", "early", "in", "on"):
        at -= 1
    return at if doc.tags[at - 1] in ("noun", "name", "object", "pronoun") else end


def _cited_end(doc: Document, start: int, end: int) -> int:
    """Where the one who is cited ends: before a comma behind which the sentence goes on with its verb."""
    commas = (at for at in range(start, end - 1) if doc.word(at) == "," and doc.quoted[at] < 0)
    return next((at for at in commas if doc.tags[at + 1] in _FINITE or doc.word(at + 1) == "that"), end)


def _is_name(doc: Document, cue: CueVerb, start: int) -> bool:
    """Whether a verb that is no verb of saying stands beside a name in quotation marks: "a show | “The Bridge”"."""
    number = doc.quoted[start]
    if number < 0 or cue.sense not in ("show", "call") or doc.word(start - 1) in (",", ":"):
        return False
    quote = doc.quotes[number]
    return quote.opening == start and doc.is_title(quote.first, quote.last)


def _content_begins(doc: Document, sentence: Sentence, group: VerbGroup, cue: CueVerb) -> tuple[int, int] | None:
    """Where the cue ends and the content begins, past the person addressed, a time and a colon; None if none follows."""
    last = sentence.last
    opening = _past_preposition(doc, group.last, last, cue)
    if opening is None or opening[1] >= last:
        return None
    cue_end, start = opening
    if start == group.last and "person" in cue.frames:
        start = _past_person(doc, start, last)
    later = skip_time(doc, start, last)
    if start < later < last:
        leads_on = doc.word(later) in ("that", ",", ":") or doc.quoted[later] >= 0
        leads_on |= "to" in cue.frames and doc.word(later) == "to"
        leads_on |= "np" in cue.frames and doc.tags[start] == "preposition" and doc.tags[later] in _NOMINAL
        start = later if leads_on or cue.verb in ("say", "tell") else start
    if doc.word(start) == ":" or (doc.word(start) == "," and doc.quoted[start + 1] >= 0):
        start += 1
    elif doc.word(start) == ",":
        start = _skip_aside(doc, start, last)
    return (cue_end, start) if start < last and _fits(doc, start, cue.frames, cue_end) else None


def _counts(doc: Document, at: int) -> bool:
    """Whether a number begins here: "at least 100", "up to 100", "as many as 100", "over 100"."""
    word, behind, third = doc.word(at), doc.word(at + 1), doc.word(at + 2)
    if (word, behind) in (("at", "least"), ("at", "most"), ("up", "to")):
        return doc.tags[at + 2] == "number" or third in ("a", "half", "one", "some")
    if word == "as" and behind in ("many", "few", "much", "little"):
        return third == "as"
    return word in ("over", "under", "above", "around", "between") and doc.tags[at + 1] == "number"


def _past_preposition(doc: Document, at: int, last: int, cue: CueVerb) -> tuple[int, int] | None:
    """Where the cue ends and what follows begins: a preposition that the verb takes belongs to the cue."""
    word = doc.word(at)
    if doc.tags[at] != "preposition" and word not in ("to", "out", "up", "as", "off"):
        return at, at
    if _counts(doc, at):
        return at, at
    if word == "to" and "to" in cue.frames and (cue.sense not in ("say", "point") or doc.tags[at + 1] == "base"):
        return at, at
    if word in cue.frames:
        about = phrase_after(doc, at + 1, last) if cue.sense == "say" else None
        if about and about[1] + 1 < last and doc.word(about[1]) in (",", ":") and doc.quoted[about[1] + 1] >= 0:
            return at, about[1] + 1
        return at + 1, at + (2 if doc.word(at + 1) == "that" and word == "out" else 1)
    moved = _past_occasion_to_clause(doc, at, last, cue.frames)
    if moved is None and word in _NOMINAL_OPENING and any(doc.tags[place] in _FINITE for place in range(at, last)):
        return at, at
    return None if moved is None else (at, moved)


def _past_person(doc: Document, at: int, last: int) -> int:
    """Passes over the person addressed, where something that can be content follows."""
    person = phrase_after(doc, at, last) if doc.tags[at] in _NOMINAL and doc.word(at) != "that" else None
    if person is None or person[1] >= last:
        return at
    after = skip_time(doc, person[1], last)
    if doc.tags[after] == "preposition":
        clause = _past_occasion_to_clause(doc, after, last, frozenset({"clause"}))
        after = clause if clause is not None and (doc.word(clause) == "that" or doc.quoted[clause] >= 0) else after
    word = doc.word(after)
    if word in (",", ":"):
        return after + 1
    opens = word in _WH or word in ("that", "to", "about", "of") or doc.quoted[after] >= 0
    return after if opens or doc.tags[after] in ("pronoun", "determiner", "name", "possessive") else at


def _past_occasion_to_clause(doc: Document, at: int, last: int, frames: frozenset[str]) -> int | None:
    """ "said in a statement that …", "said on Monday …": where the clause begins after the occasion."""
    if "clause" not in frames and "quote" not in frames:
        return None
    end = at
    while end < min(last, at + 14):
        if doc.word(end) == "that" or doc.word(end) == ":" or doc.quoted[end] >= 0:
            return end
        if doc.word(end) == "," and end + 1 < last and doc.quoted[end + 1] >= 0:
            return end + 1
        if doc.word(end) in (",", ";") or doc.tags[end] in ("past", "third", "base"):
            break
        end += 1
    moved = skip_time(doc, at, last)
    if moved > at:
        return moved
    ahead = at + 1
    while ahead < last and doc.tags[ahead] in (
        "determiner",
        "noun",
        "name",
        "adjective",
        "genitive",
        "number",
        "preposition",
        "possessive",
    ):
        ahead += 1
    if ahead < last and doc.tags[ahead] == "pronoun" and ahead > at + 1:
        return ahead
    return None


def _skip_aside(doc: Document, at: int, last: int) -> int:
    """Passes over an aside between commas after the cue ("said, in effect, that …"); ``last`` if there is none."""
    for end in range(at + 1, min(last - 1, at + 15)):
        if doc.word(end) == ",":
            return end + 1 if doc.word(end + 1) == "that" or doc.quoted[end + 1] >= 0 else last
    return last


def _fits(doc: Document, start: int, frames: frozenset[str], cue_end: int) -> bool:
    """Whether what follows the cue is what the verb takes."""
    word, tag = doc.word(start), doc.tags[start]
    if doc.quoted[start] >= 0:
        return True
    taken = doc.tags[cue_end - 1] in ("preposition", "to", "adverb") or doc.word(cue_end - 1) == "out"
    if cue_end > 0 and doc.word(cue_end - 1) in frames and taken:
        return tag != "mark"
    if word == "to":
        return "to" in frames
    if word == "that" or word in _WH:
        return bool(frames & {"clause", "np", "that"})
    if tag == "mark":
        return word in ("$", "“", '"', "''", "[")
    if _counts(doc, start):
        return bool(frames & {"clause", "np"})
    if word in _NOMINAL_OPENING:  # "said under the deal grain would pass"
        return "clause" in frames
    if tag in ("preposition", "conjunction", "subordinator"):
        return False
    if tag in ("adverb", "not"):
        return bool(frames & {"clause", "np"})
    if tag in ("ing", "past", "base", "third"):
        return bool(frames & {"clause", "np"})
    return bool(frames & {"clause", "np", "person"})


def _passive(
    doc: Document, sentence: Sentence, group: VerbGroup, cue: CueVerb, groups: list[VerbGroup], number: int
) -> Draft | None:
    """ "is expected to …", "was criticized by X for …", "X was asked about …"."""
    finite = any(doc.tags[i] == "be" for i in range(group.first, group.head))
    if not finite:
        return None
    subject = _rumour(doc, sentence, group) or subject_before(doc, _floor(groups, number, sentence), group.first)
    start = group.last
    if subject is None or start >= sentence.last or doc.tags[subject[0]] == "relative":
        return None
    source = None
    told = cue.sense == "say" and "person" in cue.frames  # the subject hears it
    content: list[tuple[int, int]] = [] if told or doc.word(subject[0]) in ("it", "there") else [subject]
    rest = start
    if doc.word(rest) == "by":
        source = phrase_after(doc, rest + 1, sentence.last)
        if source is None:
            return None
        rest = source[1]
    cue_end = group.last
    word = doc.word(rest) if rest < sentence.last else "."
    if word in ("to", "that", "as", "for", "about", "of") or word in _WH:
        end = clause_after(doc, sentence, rest, group, groups, source or subject)
        begin, end = without_marks(doc, rest, end)
        if end > begin:
            content.append((begin, end))
    elif source is None and cue.sense not in ("think", "want"):
        return None
    if not content or (cue.sense == "ask" and content == [subject]):  # who was questioned is no question
        return None
    if cue.verb != "expect" and source is None and word not in ("to", "that", "as"):
        return None
    return Draft(content, (group.first, cue_end), source, f"the verb {cue.verb} in the passive")


def _rumour(doc: Document, sentence: Sentence, group: VerbGroup) -> tuple[int, int] | None:
    """What the rumours are that begin a sentence: "Rumours that | the ship sank | were rejected"."""
    opens = range(sentence.first, min(sentence.first + _FEW, group.first))
    noun = next((at for at in opens if doc.word(at) in _RUMOURS), None)
    if noun is None:
        return None
    that = next((at for at in range(noun + 1, min(noun + _FEW, group.first)) if doc.word(at) == "that"), None)
    return (that + 1, group.first) if that is not None and that + 1 < group.first else None


def _floor(groups: list[VerbGroup], number: int, sentence: Sentence) -> int:
    return groups[number - 1].last if number else sentence.first


def _source(
    doc: Document, sentence: Sentence, group: VerbGroup, groups: list[VerbGroup], number: int, found: list[Draft]
) -> tuple[int, int] | None:
    """Whose words they are: the phrase before the verb, or that of the verb with which it is joined."""
    if group.form == "finite":
        source = _with_clause(doc, sentence, group, groups, number) or subject_before(doc, sentence.first, group.first)
        if source:
            return source
    shared = _main_subject(doc, sentence, groups, number, found)
    if group.form == "ing" and group.first > sentence.first and doc.tags[group.first - 1] in ("noun", "name", "object"):
        own = subject_before(doc, sentence.first, group.first)
        if own and not (shared and doc.word(own[0] - 1) == "to"):  # "sent a message to reporters saying"
            return own
    return shared


def _with_clause(
    doc: Document, sentence: Sentence, group: VerbGroup, groups: list[VerbGroup], number: int
) -> tuple[int, int] | None:
    """The subject with a clause that says which: "two people who saw the plans said …"."""
    other = groups[number - 1] if number else None
    if other is None or other.form not in ("finite", "passive"):
        return None
    relative = next((at for at in range(other.first - 1, other.first - 4, -1) if doc.tags[at] == "relative"), 0)
    between = range(other.last, group.first)
    if doc.word(relative) not in (("who", "that") if relative == other.first - 1 else ("whose",)) or any(
        doc.tags[at] in ("mark", "conjunction") for at in between
    ):
        return None
    head = subject_before(doc, sentence.first, relative) if relative > sentence.first else None
    if head is None or head[1] != relative or doc.word(relative - 1) == ",":
        return None
    return (head[0], group.first)


def _finite_before(doc: Document, sentence: Sentence, groups: list[VerbGroup], number: int) -> list[int]:
    """Where the finite verbs before a group begin, the nearest first; "was" and "had" by themselves are verbs too."""
    before = groups[:number]
    inside = {at for group in before for at in range(group.first, group.last)}
    alone = (at for at in range(sentence.first, groups[number].first) if doc.tags[at] in ("be", "have"))
    found = [group.first for group in before if group.form in ("finite", "passive")]
    return sorted([*found, *(at for at in alone if at not in inside)], reverse=True)


def _tells(doc: Document, group: VerbGroup) -> bool:
    return group.form in ("finite", "passive") and doc.tags[group.first - 1] != "relative"


def _main_subject(
    doc: Document, sentence: Sentence, groups: list[VerbGroup], number: int, found: list[Draft]
) -> tuple[int, int] | None:
    """The source of the attribution before, or the subject of the nearest finite verb before or after."""
    before = _finite_before(doc, sentence, groups, number)
    if before and groups[number].form == "ing" and doc.tags[groups[number].first - 1] == "preposition":
        subject = subject_before(doc, sentence.first, before[0])
        if subject and doc.tags[subject[0]] == "relative":  # "…, who fuelled the race by questioning …"
            return subject
    for draft in reversed(found):
        if draft.source and draft.cue[0] >= sentence.first:
            return draft.source
    for first in before:
        if subject := subject_before(doc, sentence.first, first):
            return subject
    if groups[number].form == "ing":
        after = [
            subject_before(doc, sentence.first, other.first) for other in groups[number + 1 :] if _tells(doc, other)
        ]
        subjects = [subject for subject in after if subject]
        behind = (subject for subject in subjects if doc.word(subject[0] - 1) == ",")  # "Noting that …, Lee left"
        return next(behind, subjects[0] if subjects else None)
    return None
