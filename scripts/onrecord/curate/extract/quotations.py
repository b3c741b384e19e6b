"""Quotations that no verb of their own attributes: they go on with the words of whoever spoke before."""

from __future__ import annotations

from itertools import pairwise

from onrecord.curate.extract.document import Document, Sentence
from onrecord.curate.extract.drafts import Draft
from onrecord.curate.extract.phrases import subject_before
from onrecord.curate.extract.verbs import verb_groups

__all__ = ["continued", "continues", "introduced", "signed", "stands_alone"]

_LEAST = 3
_LONGEST_SIGNATURE = 14
_DASHES = frozenset({"—", "–", "―", "--", "-"})
_VERBAL = frozenset({"past", "third", "base", "be", "have", "do", "modal"})
_INTRODUCING = frozenset({"say", "ask", "show"})


def continued(doc: Document, drafts: list[list[Draft]]) -> None:
    """Adds quotations that stand alone to the attribution that they continue; ``drafts`` are those of each sentence."""
    speaker: Draft | None = None
    behind: Sentence | None = None
    for sentence, own in zip(doc.sentences, drafts, strict=True):
        alone = stands_alone(doc, sentence, own)
        if alone and speaker and behind and continues(doc, speaker, behind, sentence):
            speaker.content.append(alone)
            behind = sentence
            continue
        spoken = [draft for draft in own if _speaks(doc, draft)]
        if spoken:
            speaker, behind = spoken[-1], sentence
        elif behind and behind.paragraph != sentence.paragraph:
            speaker = None


def introduced(doc: Document, drafts: list[list[Draft]]) -> None:
    """Attributes a quotation in a paragraph of its own to what leads up to it with a colon: "The mayor replied:"."""
    for number, (sentence, following) in enumerate(pairwise(doc.sentences)):
        colon = sentence.last - 1
        apart = following.paragraph == sentence.paragraph + 1
        if not apart or doc.word(colon) != ":" or doc.quoted[colon] >= 0:
            continue
        alone = stands_alone(doc, following, drafts[number + 1])
        if alone:
            cue, source = _introduction(doc, sentence)
            drafts[number + 1].append(Draft([alone], cue, source, "a colon, then a paragraph in quotation marks"))


def _introduction(doc: Document, sentence: Sentence) -> tuple[tuple[int, int], tuple[int, int] | None]:
    """The last verb of saying with its subject, else the last verb that has one; else the colon and nobody."""
    groups = [group for group in verb_groups(doc, sentence) if group.form == "finite" and doc.quoted[group.head] < 0]
    saying = [group for group in groups if group.cue and group.cue.sense in _INTRODUCING]
    for group in (*reversed(saying), *reversed(groups)):
        subject = subject_before(doc, sentence.first, group.first)
        if subject and doc.tags[subject[0]] != "relative":
            return (group.first, group.last), subject
    return (sentence.last - 1, sentence.last), None


def signed(doc: Document, drafts: list[list[Draft]]) -> None:
    """Attributes a quotation to the name after the dash that follows it, in its sentence or in the next."""
    for number, (sentence, own) in enumerate(zip(doc.sentences, drafts, strict=True)):
        quote = doc.quoted[sentence.first]
        if own or quote < 0:
            continue
        end = doc.quotes[quote].closing + 1
        if end >= sentence.last and number + 1 < len(drafts) and not drafts[number + 1]:
            signature = (doc.sentences[number + 1].first, doc.sentences[number + 1].last)
        else:
            signature = (end, sentence.last)
        first, last = signature
        if last - first < 2 or last - first > _LONGEST_SIGNATURE or doc.word(first) not in _DASHES:
            continue
        named = doc.tags[first + 1] in ("name", "determiner") or doc.tokens[first + 1].text[0].isupper()
        if named and not any(doc.tags[at] in _VERBAL for at in range(first, last)):
            content = (sentence.first, min(end, sentence.last))
            own.append(Draft([content], (first, first + 1), (first + 1, last), "words, then a dash and a name"))


def stands_alone(doc: Document, sentence: Sentence, own: list[Draft]) -> tuple[int, int] | None:
    """The quotation that a sentence consists of, if nothing in it is attributed."""
    number = doc.quoted[sentence.first]
    if own or number < 0:
        return None
    quote = doc.quotes[number]
    end = min(quote.closing + 1, sentence.last)
    if end - sentence.first < _LEAST or sentence.last - end > 1:
        return None
    return (sentence.first, end)


def _speaks(doc: Document, draft: Draft) -> bool:
    quoted = any(doc.quoted[at] >= 0 for first, last in draft.content for at in range(first, last))
    return quoted or draft.why.startswith(("words", "the verb say", "the verb tell", "the verb add"))


def continues(doc: Document, speaker: Draft, behind: Sentence, sentence: Sentence) -> bool:
    """Whether a quotation goes on with the words before: in one paragraph, or after one left open or led up to."""
    if behind.paragraph == sentence.paragraph:
        return True
    if sentence.paragraph != behind.paragraph + 1:
        return False
    return doc.quoted[behind.last - 1] >= 0 or _is_quote(doc, speaker)


def _is_quote(doc: Document, draft: Draft) -> bool:
    """Whether the content is nothing but words in quotation marks."""
    return all(doc.quoted[at] >= 0 for first, last in draft.content for at in range(first, last))
