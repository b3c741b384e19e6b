"""Refusals to comment and claims that nobody has commented."""

from __future__ import annotations

from onrecord.curate.extract.clauses import without_marks
from onrecord.curate.extract.document import Document, Sentence
from onrecord.curate.extract.drafts import Draft
from onrecord.curate.extract.lexicon import verb_forms
from onrecord.curate.extract.phrases import subject_before
from onrecord.curate.extract.verbs import VerbGroup, verb_groups

__all__ = ["by_silence", "kind_of"]

_REFUSING = frozenset({"decline", "refuse"})
_WISHING = frozenset({"wish", "want"})
_TELLING = frozenset(
    [
        "comment",
        "respond",
        "answer",
        "discuss",
        "elaborate",
        "speculate",
        "confirm",
        "deny",
        "say",
        "reply",
        "disclose",
        "identify",
        "drawn",
    ]
)
_COMMENTING = frozenset({"comment", "respond", "reply", "answer", "return", "mention"})
_CONFIRMING = frozenset({"confirm", "verify", "comment", "say"})
_UNTOLD = frozenset({"say", "specify", "disclose", "reveal", "explain", "name", "elaborate"})
_WH = frozenset({"when", "where", "how", "why", "whether", "which", "who", "what", "if"})


def kind_of(doc: Document, group: VerbGroup, content: tuple[int, int]) -> str:
    """Refusal, absence or statement, from the verb, what negates it and what follows."""
    verbs = {form.verb for form in verb_forms().get(doc.word(group.head), ())}
    words = {doc.word(at) for at in range(group.first, group.last)}
    negated = any(doc.tags[at] in ("not", "negated") for at in range(group.first, group.head)) or bool(
        words & {"cannot", "couldn't", "wouldn't", "won't", "can't"}
    )
    follows = {doc.word(at) for at in range(content[0], min(content[0] + 4, content[1]))}
    if (verbs & _REFUSING or words & {"declined", "refused", "declines", "refuses"}) and (follows | words) & _TELLING:
        return "refusal"
    if negated and words & _WISHING and (follows | words) & _TELLING:
        return "refusal"  # "did not wish to comment"
    short = doc.word(group.first - 2) == "short" and doc.word(group.first - 1) == "of"
    if (verbs & _CONFIRMING and ("neither" in words or short)) or ("deny" in verbs and short):
        return "refusal"
    if negated and verbs & _CONFIRMING and words & {"could", "can", "cannot", "couldn't", "can't", "would", "wouldn't"}:
        return "refusal"
    if negated and verbs & _UNTOLD and doc.word(content[0]) in _WH and content[1] > content[0]:
        return "absence"  # "did not say when"
    if negated and verbs & _COMMENTING and not words & {"would", "wouldn't", "will", "won't"}:
        return "absence"
    return "statement"


def by_silence(doc: Document, sentence: Sentence, taken: set[int]) -> list[Draft]:
    """ "X has not commented", "X could not be reached": silences that no other rule found (``taken``: heads of cues)."""
    found = []
    for group in verb_groups(doc, sentence):
        if group.head in taken or doc.quoted[group.head] >= 0:
            continue
        reached = doc.word(group.head) == "reached" and any(
            doc.tags[at] in ("not", "negated") or doc.word(at) == "cannot" for at in range(group.first, group.head)
        )
        drawn = doc.word(group.head) == "drawn" and any(
            doc.tags[at] in ("not", "negated") for at in range(group.first, group.head)
        )  # "would not be drawn on whether"
        kind = "absence" if reached else "refusal" if drawn else kind_of(doc, group, (group.last, group.last))
        subject = subject_before(doc, sentence.first, group.first)
        if kind == "statement" or subject is None:
            continue
        begin = group.last + 1 if drawn and doc.word(group.last) == "on" else subject[0]
        content = without_marks(doc, begin, _end(doc, sentence, group.last))
        found.append(Draft([content], (group.first, group.last), subject, "silence: not said", kind))
    return found


def _end(doc: Document, sentence: Sentence, at: int) -> int:
    while at < sentence.last and doc.word(at) not in (",", ";", "and", "but", "—", "–"):
        at += 1
    return at
