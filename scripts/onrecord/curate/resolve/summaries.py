"""A claim as one sentence, of parts that are ours: the speaker's name, what it does, and the proposition."""

from __future__ import annotations

import re

from onrecord.curate.resolve.judging import Judgement
from onrecord.curate.resolve.names import country_of
from onrecord.curate.resolve.nouns import head_noun

__all__ = ["begins_small", "summary"]

_VERB = re.compile(
    r"\b(?:is|are|was|were|will|would|has|have|had|could|can|may|might|do|does|did|plans?|\w{3,}ed)\b", re.IGNORECASE
)
_SMALL = re.compile(
    r"(?:the|an?|any|no|some|all|both|each|every|this|that|these|those|such|it|its|he|his|she|her|they|their|we|our|you|there|in|on|at|if|as|since"
    r"|after|before|during|to|for|from|by|with|while|when|what|how|where|who|why|which|whether|one|two|three|most|many|several)\b",
    re.IGNORECASE,
)
_SPOKE = {
    "deny": "denied", "demand": "demanded", "announce": "announced", "promise": "promised", "praise": "praised",
    "accuse": "criticized", "warn": "warned of", "confirm": "confirmed",
}  # fmt: skip
_SAID = {
    "report": "reported that {}",
    "announce": "announced that {}",
    "assess": "judged that {}",
    "confirm": "confirmed that {}",
    "accuse": "alleged that {}",
    "warn": "warned that {}",
    "promise": "promised that {}",
    "demand": "demanded that {}",
    "praise": "said in praise that {}",
    "hint": "hinted that {}",
    "express_concern": "voiced concern that {}",
}


def summary(
    speaker: str,
    proposition: str,
    judged: Judgement,
    narrates: bool,
    through: str,
    keeps_capital: bool,
    phrase: bool = False,
) -> str:
    """One sentence of parts that are ours: the speaker's name, what it does, and the proposition.

    ``phrase`` says that the proposition is no sentence, only what is spoken of.
    """
    name = _called(speaker)
    what = proposition.rstrip(".?!")
    if not keeps_capital:
        what = what[:1].lower() + what[1:]
    if phrase:
        said = f"{_SPOKE.get(judged.speech_act, 'spoke of')} {what}"
    elif not what and judged.stance != "noncommittal":
        said = "denied what was said before" if judged.stance == "deny" else "spoke of what was said before"
    elif judged.stance == "noncommittal":
        said = f"took no position on {'' if _is_noun(what) else 'whether '}{what or 'what was asked'}"
    elif judged.stance == "expect":
        said = f"held it {'likely' if judged.certainty == 'PR+' else 'possible'} that {what}"
    elif judged.stance == "deny":
        said = f"{'denies' if narrates else 'denied'} that {what}"
    else:
        said = f"reports that {what}" if narrates else _SAID.get(judged.speech_act, "said that {}").format(what)
    article = (
        "the "
        if ", unnamed," not in speaker
        and re.match(r"(?:Kremlin|White House|Pentagon|United|Russian Ministry|.*\b(?:Ministry|Council|Court)\b)", name)
        else ""
    )
    sentence = f"{article}{name} {said}{f', by way of {through}' if through else ''}."
    return sentence[:1].upper() + sentence[1:]


def _called(speaker: str) -> str:
    """A speaker's name within a sentence: one person whom the source does not name has an article."""
    name, unnamed, _ = speaker.partition(", unnamed,")
    noun, _ = head_noun(name) if unnamed else (None, "")
    if noun is None or noun.plural or noun.what != "people":
        return name or "Somebody unnamed"
    first = name.split()[0]
    own = name if country_of(first) or not first.istitle() else name[:1].lower() + name[1:]
    return f"{'an' if own[:1].lower() in 'aeio' else 'a'} {own}"


def _is_noun(what: str) -> bool:
    """Whether words can stand after "on" as they are: a question, or no sentence."""
    return bool(re.match(r"(?:how|what|when|where|who|why|which|whether)\b", what)) or not _VERB.search(what)


def begins_small(proposition: str) -> bool:
    """Whether a proposition begins with a word that is small within a sentence: an article, a pronoun, a preposition."""
    return _SMALL.match(proposition) is not None
