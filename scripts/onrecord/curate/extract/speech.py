"""What stands inside spoken words, and spoken words that no rule attributes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from onrecord.curate.extract.behind import last_mark
from onrecord.curate.extract.document import Document, Sentence
from onrecord.curate.extract.drafts import Draft
from onrecord.curate.extract.phrases import subject_before
from onrecord.curate.extract.quotations import continues, stands_alone
from onrecord.curate.extract.sayings import by_verbs
from onrecord.curate.extract.silences import by_silence
from onrecord.curate.extract.sources import by_adjectives, by_nouns, by_phrases
from onrecord.curate.extract.tokens import sentence_ends
from onrecord.curate.extract.verbs import verb_groups

__all__ = ["guessed", "turns", "within"]

_LEAST = 4
_STOPS = frozenset({",", ".", "?", "!", "...", "…"})
_SPEAKING_OF_THEMSELVES = frozenset({"i", "we", "you"})
_LONGEST_LABEL = 6


def within(doc: Document, drafts: Iterable[Draft]) -> list[Draft]:
    """What speakers say of the words and refusals of others, and of their own refusals, in quotation marks."""
    attributed = {doc.quoted[at] for draft in drafts for first, last in draft.content for at in (first, last - 1)}
    plain = replace(doc, quoted=[-1] * len(doc.quoted))
    found = []
    for number in sorted(attributed - {-1}):
        begin, last = doc.quotes[number].first, doc.quotes[number].last
        for end in sentence_ends(doc.tokens, begin, last, plain.quoted):
            sentence = Sentence(begin, end, -1)
            own = by_phrases(plain, sentence) + by_verbs(plain, sentence)
            cues = {draft.cue[0] for draft in own}
            own += [draft for draft in by_adjectives(plain, sentence) if draft.cue[0] not in cues]
            own += by_nouns(plain, sentence)
            own += by_silence(plain, sentence, {at for draft in own for at in range(*draft.cue)})
            found += [replace(draft, in_quotes=True) for draft in own if _of_others(doc, draft)]
            begin = end
    return found


def _of_others(doc: Document, draft: Draft) -> bool:
    if draft.source is None:
        return False
    return draft.kind != "statement" or doc.word(draft.source[1] - 1) not in _SPEAKING_OF_THEMSELVES


def guessed(doc: Document, drafts: list[list[Draft]]) -> None:
    """Attributes spoken words that no rule took to the nearest subject and verb of their sentence, or to who spoke last.

    ``drafts`` are those of each sentence; the guesses are added to them.
    """
    held = {doc.quoted[at] for own in drafts for draft in own for at in _places(draft)}
    speaker = next((draft for own in drafts for draft in own if draft.source), None)
    guess: tuple[Draft, Sentence] | None = None
    for sentence, own in zip(doc.sentences, drafts, strict=True):
        alone = stands_alone(doc, sentence, own)
        if alone and guess and doc.quoted[alone[0]] not in held and continues(doc, *guess, sentence):
            guess[0].content.append(alone)
            guess = (guess[0], sentence)
            continue
        for number in sorted({doc.quoted[at] for at in range(sentence.first, sentence.last)} - held - {-1}):
            quote = doc.quotes[number]
            part = (max(quote.opening, sentence.first), min(quote.closing + 1, sentence.last))
            if part[1] - part[0] < _LEAST + 2 or last_mark(doc, quote) not in _STOPS or doc.is_title(*part):
                continue
            beside = _beside(doc, sentence, part) or speaker
            if beside:
                guess = (Draft([part], beside.cue, beside.source, _how(doc, sentence, part)), sentence)
                own.append(guess[0])
        speaker = next((draft for draft in reversed(own) if draft.source), speaker)


def _how(doc: Document, sentence: Sentence, part: tuple[int, int]) -> str:
    """The rule by which a quotation is guessed: words that a clause of the writer leads into are a phrase of it."""
    runs_on = part[0] > sentence.first and doc.word(part[0] - 1)[:1].isalnum()
    return "a phrase in quotation marks, by a guess" if runs_on else "words in quotation marks, by a guess"


def _places(draft: Draft) -> Iterable[int]:
    return (at for first, last in (*draft.content, draft.cue) for at in range(first, last))


def _beside(doc: Document, sentence: Sentence, part: tuple[int, int]) -> Draft | None:
    """The subject and verb outside of the quotation that stand nearest to it."""
    found = []
    for group in verb_groups(doc, sentence):
        subject = subject_before(doc, sentence.first, group.first)
        if doc.quoted[group.head] < 0 and group.form in ("finite", "passive") and subject:
            distance = min(abs(group.first - part[1]), abs(part[0] - group.last))
            found.append((distance, group.first, Draft([part], (group.first, group.last), subject, "")))
    return min(found, key=lambda item: item[:2])[2] if found else None


def turns(doc: Document, drafts: list[list[Draft]]) -> None:
    """A turn of a transcript ("MR. KIRBY: …") goes on to the end of its paragraph."""
    for number, (sentence, own) in enumerate(zip(doc.sentences, drafts, strict=True)):
        opens = number == 0 or doc.sentences[number - 1].paragraph != sentence.paragraph
        colon = _label(doc, sentence) if opens else None
        if colon is None:
            continue
        last = number
        while last + 1 < len(doc.sentences) and doc.sentences[last + 1].paragraph == sentence.paragraph:
            last += 1
        content = (colon + 1, doc.sentences[last].last)
        label = (sentence.first, colon)
        if content[0] < content[1]:
            own[:] = [draft for draft in own if draft.cue != (colon, colon + 1)]
            own.append(Draft([content], (colon, colon + 1), label, "a turn of a transcript"))


def _label(doc: Document, sentence: Sentence) -> int | None:
    """Where the colon behind a speaker in capitals stands: "TAPPER:", "MR. KIRBY:", "Q:"."""
    for at in range(sentence.first, min(sentence.first + _LONGEST_LABEL, sentence.last)):
        text = doc.tokens[at].text
        if text == ":":
            return at if at > sentence.first and doc.tokens[at - 1].text.isupper() else None
        if not (text.isupper() or text == "." or text in ("Mr", "Ms", "Mrs", "Dr")):
            return None
    return None
