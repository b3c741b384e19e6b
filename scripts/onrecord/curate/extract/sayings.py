"""Attributions by a verb: "X said that …", "… , X said, …", "X criticized …", "X plans to …"."""

from __future__ import annotations

import itertools
from dataclasses import replace

from onrecord.curate.extract.clauses import clause_after, clause_before, without_marks
from onrecord.curate.extract.document import Document, Sentence
from onrecord.curate.extract.drafts import Draft
from onrecord.curate.extract.lexicon import CueVerb
from onrecord.curate.extract.phrases import phrase_after, skip_time, subject_before
from onrecord.curate.extract.silences import kind_of
from onrecord.curate.extract.verbs import VerbGroup, verb_groups

__all__ = ["by_verbs"]

_SPEECH = frozenset({"say", "ask", "think", "show", "call"})
_ENDS = frozenset({".", ",", "?", "!", ";", ":", "—", "–", "--", "-", "”", '"', "''", ")"})
_CLOSING = frozenset({"”", '"', "''", "’", "'"})
_NOMINAL = frozenset({"noun", "name", "pronoun", "object", "number", "possessive", "determiner", "adjective"})
_WH = frozenset(["what", "how", "why", "whether", "if", "who", "whom", "whose", "when", "where", "which"])


def by_verbs(doc: Document, sentence: Sentence) -> list[Draft]:
    """All attributions of a sentence that rest on a verb, in the order of their cues."""
    groups = [group for group in verb_groups(doc, sentence) if doc.quoted[group.head] < 0]
    found: list[Draft] = []
    taken = sentence.first
    groups = [_speaking(doc, sentence, group) for group in groups]
    for group in groups:
        draft = _trailing(doc, sentence, group, taken) or _as_said(doc, sentence, group, taken)
        if draft:
            found.append(draft)
            taken = max(draft.content[-1][1], draft.cue[1], draft.source[1] if draft.source else 0)
    cues = {draft.cue[0] for draft in found}
    for part in _parts(sentence, found):
        inside = [group for group in groups if part.first <= group.first and group.last <= part.last]
        local: list[Draft] = []
        for number, group in enumerate(inside):
            if group.cue and group.first not in cues:
                draft = _leading(doc, part, group, inside, number, local or _before(found, group))
                if draft:
                    local.append(draft)
        found += local
    return found


def _speaking(doc: Document, sentence: Sentence, group: VerbGroup) -> VerbGroup:
    """A verb that elsewhere does not attribute, but has somebody's own words beside it: "he gloated: "…" "."""
    if group.form != "finite" or (group.cue and group.cue.sense in _SPEECH and group.cue.frames & {"clause", "quote"}):
        return group
    at = group.last
    if at + 2 < sentence.last and doc.word(at) in (":", ",") and (number := doc.quoted[at + 1]) >= 0:
        quote = doc.quotes[number]
        if quote.last - quote.first > 3:
            return replace(group, cue=CueVerb(doc.word(group.head), "say", frozenset({"quote"})))
    return group


def _parts(sentence: Sentence, found: list[Draft]) -> list[Sentence]:
    """The stretches of a sentence in which further cues are looked for: what was attributed, and what lies between."""
    edges = sorted({edge for draft in found for part in draft.content for edge in part})
    places = [sentence.first, *edges, sentence.last]
    return [Sentence(a, b, sentence.paragraph) for a, b in itertools.pairwise(places) if b > a]


def _before(found: list[Draft], group: VerbGroup) -> list[Draft]:
    """The attributions whose cue stands before a verb and whose content does not hold it."""
    return [
        draft
        for draft in found
        if draft.cue[0] < group.first and not any(a <= group.first < b for a, b in draft.content)
    ]


def _as_said(doc: Document, sentence: Sentence, group: VerbGroup, taken: int) -> Draft | None:
    """ "As X reported, …"."""
    if group.cue is None or group.cue.sense != "say" or group.form != "finite" or doc.word(group.last) != ",":
        return None
    source = subject_before(doc, taken, group.first)
    if source is None or source[0] != sentence.first + 1 or doc.word(sentence.first) != "as":
        return None
    content = without_marks(doc, group.last, sentence.last)
    return (
        Draft([content], (group.first, group.last), source, "as somebody said", 0.7)
        if content[0] < content[1]
        else None
    )


def _trailing(doc: Document, sentence: Sentence, group: VerbGroup, taken: int) -> Draft | None:
    """ "…, X said", "…, said X" and "…, X said, …": the content stands before the cue."""
    cue = group.cue
    if (
        cue is None
        or cue.sense not in _SPEECH
        or not cue.frames & {"clause", "quote"}
        or group.form not in ("finite", "passive")
    ):
        return None
    set_off = _inverted(doc, sentence, group, taken) or _straight(doc, sentence, group, taken)
    if set_off is None:
        return None
    source, before, after = set_off
    rest = after
    if "person" in cue.frames and doc.tags[after] in _NOMINAL if after < sentence.last else False:
        person = phrase_after(doc, after, sentence.last)
        rest = person[1] if person else after
    rest = _past_occasion(doc, skip_time(doc, rest, sentence.last), sentence.last)
    word = doc.word(rest) if rest < sentence.last else "."
    quote_before = doc.word(before - 1) in _CLOSING and doc.quoted[before - 1] >= 0
    if word not in _ENDS and not (quote_before and word not in ("that", "to")):
        return None
    begin = clause_before(doc, before, taken)
    if (
        quote_before
        and doc.word((opening := doc.quotes[doc.quoted[before - 1]].opening) - 1) == ":"
        and opening > begin
    ):
        begin = opening
    begin, end = without_marks(doc, begin, before)
    if end <= begin:
        return None
    if not quote_before and not any(
        doc.tags[i] in ("past", "third", "base", "be", "have", "modal", "do", "negated") or doc.quoted[i] >= 0
        for i in range(begin, end)
    ):
        return None
    content = [(begin, end)]
    if word == "," and rest + 2 < sentence.last:
        follows = without_marks(doc, rest, sentence.last)
        starts_other = (
            doc.tags[follows[0]] in ("ing", "conjunction", "subordinator", "relative") and doc.quoted[follows[0]] < 0
        )
        if follows[0] < follows[1] and not starts_other and (doc.quoted[follows[0]] >= 0 or doc.quoted[end - 1] < 0):
            content.append(follows)
    return Draft(content, (group.first, group.last), source, "words, then who said them", 0.9)


def _inverted(
    doc: Document, sentence: Sentence, group: VerbGroup, taken: int
) -> tuple[tuple[int, int], int, int] | None:
    """The source behind the verb, where the content ends and where the rest begins: "…, said Ann Lee, …"."""
    first, last = group.first, group.last
    if first <= sentence.first or not _set_off(doc, first) or last >= sentence.last:
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
    return word in (",", "—", "–", "--", "-", "?", "!") or (word in _CLOSING and doc.quoted[at - 1] >= 0)


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


def _leading(
    doc: Document, sentence: Sentence, group: VerbGroup, groups: list[VerbGroup], number: int, found: list[Draft]
) -> Draft | None:
    """ "X said …": the content stands behind the cue."""
    cue = group.cue
    if cue is None or group.form == "infinitive":
        return None
    if group.form == "passive":
        return _passive(doc, sentence, group, cue, groups, number)
    cue_end = group.last
    start = cue_end
    word = doc.word(start) if start < sentence.last else "."
    tag = doc.tags[start] if start < sentence.last else "mark"
    frames = cue.frames
    sure = 0.8
    if tag == "preposition" or word in ("to", "out", "up", "as", "off"):
        if (word == "to" and "to" in frames and cue.sense not in ("say", "point")) or (
            word == "to" and "to" in frames and doc.tags[start + 1 : start + 2] == ["base"]
        ):
            pass
        elif word in frames or (word == "out" and cue.verb == "point"):
            cue_end = start = start + 1
        else:
            moved = _past_occasion_to_clause(doc, start, sentence.last, cue.frames)
            if moved is None:
                return None
            start = moved
    elif "person" in frames and tag in _NOMINAL and word != "that":
        person = phrase_after(doc, start, sentence.last)
        if person and person[1] < sentence.last:
            after = skip_time(doc, person[1], sentence.last)
            after_word = doc.word(after)
            if (
                after_word == "that"
                or after_word in _WH
                or after_word in ("to", "about", ",", ":", "of")
                or doc.quoted[after] >= 0
                or doc.tags[after] in ("pronoun", "determiner", "name", "possessive")
            ):
                start = after
                if after_word in (",", ":"):
                    start = after + 1
    if start >= sentence.last:
        return None
    after_time = skip_time(doc, start, sentence.last)
    if (
        after_time > start
        and after_time < sentence.last
        and (doc.word(after_time) in ("that", ",", ":") or doc.quoted[after_time] >= 0 or cue.verb in ("say", "tell"))
    ):
        start = after_time
    if doc.word(start) in (":", ","):
        comma = doc.word(start) == ","
        if comma and not (start + 1 < sentence.last and (doc.quoted[start + 1] >= 0)):
            skipped = _skip_aside(doc, start, sentence.last)
            if skipped is None:
                return None
            start = skipped
        else:
            start += 1
    if start >= sentence.last or not _fits(doc, start, frames, cue_end):
        return None
    source = _source(doc, sentence, group, groups, number, found)
    end = clause_after(doc, sentence, start, group, groups, source)
    start, end = without_marks(doc, start, end)
    if end <= start:
        return None
    if (
        source is None
        and group.form == "finite"
        and group.first > sentence.first
        and doc.word(group.first - 1) not in ("and", "but", "or", ",")
    ):
        return None
    kind = kind_of(doc, group, (start, end))
    return Draft([(start, end)], (group.first, cue_end), source, f"somebody {cue.verb}, then what", sure, kind)


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


def _skip_aside(doc: Document, at: int, last: int) -> int | None:
    """Passes over an aside between commas after the cue: "said, in effect, that …"."""
    end = at + 1
    while end < min(last, at + 15):
        if doc.word(end) == ",":
            if end + 1 < last and (doc.word(end + 1) == "that" or doc.quoted[end + 1] >= 0):
                return end + 1
            return None
        end += 1
    return None


def _fits(doc: Document, start: int, frames: frozenset[str], cue_end: int) -> bool:
    """Whether what follows the cue is what the verb takes."""
    word, tag = doc.word(start), doc.tags[start]
    if doc.quoted[start] >= 0:
        return True
    if cue_end > 0 and doc.word(cue_end - 1) in frames and doc.tags[cue_end - 1] in ("preposition", "to", "adverb"):
        return tag != "mark"
    if word == "to":
        return "to" in frames
    if word == "that" or word in _WH:
        return bool(frames & {"clause", "np", "that"})
    if tag == "mark":
        return word in ("$", "“", '"', "''", "[")
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
    subject = subject_before(doc, _floor(groups, number, sentence), group.first)
    start = group.last
    if subject is None or start >= sentence.last:
        return None
    source = None
    content: list[tuple[int, int]] = [] if doc.word(subject[0]) in ("it", "there") else [subject]
    rest = start
    if doc.word(rest) == "by":
        source = phrase_after(doc, rest + 1, sentence.last)
        if source is None:
            return None
        rest = source[1]
    cue_end = group.last
    word = doc.word(rest) if rest < sentence.last else "."
    if word in ("to", "that", "as", "for", "about", "of") or word in _WH:
        end = clause_after(doc, sentence, rest, group, groups, source)
        begin, end = without_marks(doc, rest, end)
        if end > begin:
            content.append((begin, end))
    elif source is None and cue.sense not in ("think", "want"):
        return None
    if not content:
        return None
    if cue.verb != "expect" and source is None and word not in ("to", "that", "as"):
        return None
    return Draft(content, (group.first, cue_end), source, f"something is {cue.verb}, passive", 0.5)


def _floor(groups: list[VerbGroup], number: int, sentence: Sentence) -> int:
    return groups[number - 1].last if number else sentence.first


def _source(
    doc: Document, sentence: Sentence, group: VerbGroup, groups: list[VerbGroup], number: int, found: list[Draft]
) -> tuple[int, int] | None:
    """Whose words they are: the phrase before the verb, or that of the verb with which it is joined."""
    if group.form == "finite":
        source = subject_before(doc, sentence.first, group.first)
        if source:
            return source
    shared = _main_subject(doc, sentence, groups, number, found)
    if group.form == "ing" and group.first > sentence.first and doc.tags[group.first - 1] in ("noun", "name", "object"):
        own = subject_before(doc, sentence.first, group.first)
        if own:
            return own
    return shared


def _main_subject(
    doc: Document, sentence: Sentence, groups: list[VerbGroup], number: int, found: list[Draft]
) -> tuple[int, int] | None:
    """The source of the attribution before, or the subject of the nearest finite verb before or after."""
    for draft in reversed(found):
        if draft.source and draft.cue[0] >= sentence.first:
            return draft.source
    for other in reversed(groups[:number]):
        if other.form in ("finite", "passive") and (subject := subject_before(doc, sentence.first, other.first)):
            return subject
    if groups[number].form == "ing":
        for other in groups[number + 1 :]:
            if other.form in ("finite", "passive") and (subject := subject_before(doc, sentence.first, other.first)):
                return subject
    return None
