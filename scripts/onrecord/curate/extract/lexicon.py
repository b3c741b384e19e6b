"""The word lists of the extractor, read from curate/lexicon/*.csv, and the forms of their verbs.

Where the words come from: all lists were compiled by us from our own reading of news texts. Which verbs went
into cue_verbs.csv, and with which frames, was decided by counting how often each is a cue in the training part
of PolNeAR; the counts, and nothing of its texts, informed the choice.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

__all__ = [
    "CueVerb",
    "Form",
    "confidence",
    "cue_adjectives",
    "cue_nouns",
    "cue_phrases",
    "cue_verbs",
    "function_words",
    "split_reason",
    "verb_forms",
]

_PRIOR = 10


@dataclass(frozen=True, slots=True)
class CueVerb:
    """A verb that attributes, its sense, and what may follow it: clause, np, to, quote, person or a preposition."""

    verb: str
    sense: str
    frames: frozenset[str]


@dataclass(frozen=True, slots=True)
class Form:
    """One reading of a word as a verb: which verb, and which form (base, third, past, participle, ing)."""

    verb: str
    form: str


def _rows(name: str) -> list[dict[str, str]]:
    path = files("onrecord.curate").joinpath("lexicon", f"{name}.csv")
    return list(csv.DictReader(path.read_text("utf-8").splitlines()))


@cache
def _function_words() -> dict[str, frozenset[str]]:
    return {row["class"]: frozenset(row["words"].lower().split()) for row in _rows("function_words")}


def function_words(kind: str) -> frozenset[str]:
    """The words of one class of function_words.csv, in small letters."""
    return _function_words()[kind]


@cache
def cue_verbs() -> dict[str, CueVerb]:
    """The attributing verbs by their base form."""
    return {
        row["verb"]: CueVerb(row["verb"], row["sense"], frozenset(row["frames"].split())) for row in _rows("cue_verbs")
    }


@cache
def cue_nouns() -> dict[str, frozenset[str]]:
    """The attributing nouns (singular and plural), each with what may follow it."""
    return {form: frozenset(row["frames"].split()) for row in _rows("cue_nouns") for form in row["noun"].split("/")}


@cache
def cue_adjectives() -> dict[str, frozenset[str]]:
    """The attributing adjectives behind "is", each with what may follow it ("np": its content without a preposition)."""
    return {row["adjective"]: frozenset(row["frames"].split()) for row in _rows("cue_adjectives")}


@cache
def cue_phrases() -> dict[str, list[dict[str, str]]]:
    """The attributing phrases, by their first word."""
    found: dict[str, list[dict[str, str]]] = {}
    for row in _rows("cue_phrases"):
        found.setdefault(row["phrase"].split()[0], []).append(row)
    return found


@cache
def verb_forms() -> dict[str, tuple[Form, ...]]:
    """All known verb forms, each with its readings."""
    irregular = {row["verb"]: row for row in _rows("irregular_forms")}
    found: dict[str, list[Form]] = {}
    for verb in dict.fromkeys([*cue_verbs(), *(row["verb"] for row in _rows("common_verbs"))]):
        forms = irregular.get(verb) or _regular(verb)
        found.setdefault(verb, []).append(Form(verb, "base"))
        found.setdefault(forms["third"], []).append(Form(verb, "third"))
        found.setdefault(forms["past"], []).append(Form(verb, "past"))
        if forms["participle"] != forms["past"]:
            found.setdefault(forms["participle"], []).append(Form(verb, "participle"))
        found.setdefault(forms["present_participle"], []).append(Form(verb, "ing"))
    for word, readings in list(found.items()):
        if (british := _british(word)) != word:
            found.setdefault(british, readings)
    return {word: tuple(readings) for word, readings in found.items()}


def _british(word: str) -> str:
    """ "emphasised" for "emphasized"."""
    return re.sub(r"(?<=[a-z]{3}[iy])z(?=e[sd]?$|ing$)", "s", word)


@cache
def _rows_of_confidence() -> dict[tuple[str, str], tuple[int, int]]:
    return {(row["rule"], row["verb"]): (int(row["found"]), int(row["right"])) for row in _rows("confidences")}


@cache
def confidence(reason: str) -> float:
    """How often findings of a rule and verb were right in confidences.csv, drawn towards the rule's own share.

    A verb's share counts as if the rule had been right at its own rate in ``_PRIOR`` further findings; a rule
    that is not in the list has the share of all.
    """
    rule, verb = split_reason(reason)
    rows = _rows_of_confidence()
    found, right = rows.get(("", ""), (0, 0))
    share = (right + 1) / (found + 2)
    for key in ((rule, ""), (rule, verb)):
        found, right = rows.get(key, (0, 0))
        share = (right + _PRIOR * share) / (found + _PRIOR)
    return round(share, 3)


def split_reason(reason: str) -> tuple[str, str]:
    """A reason as the rule and the verb or noun that it names: "the verb say, then what" is "the verb, then what", "say"."""
    match = re.search(r"\bthe (?:verb|noun|adjective) (\S+?)(?=,| |$)", reason)
    if match is None:
        return reason, ""
    return reason[: match.start(1) - 1] + reason[match.end(1) :], match[1]


def _regular(verb: str) -> dict[str, str]:
    """The regular forms: -s or -es, -ed, -ing, with a final consonant doubled in short words."""
    vowels = "aeiou"
    if verb.endswith(("s", "x", "z", "ch", "sh")):
        third = verb + "es"
    elif verb.endswith("y") and verb[-2] not in vowels:
        third = verb[:-1] + "ies"
    else:
        third = verb + "s"
    if verb.endswith("ie"):
        past, ing = verb + "d", verb[:-2] + "ying"
    elif verb.endswith("e"):
        past, ing = verb + "d", verb[:-1] + "ing"
    elif verb.endswith("y") and verb[-2] not in vowels:
        past, ing = verb[:-1] + "ied", verb + "ing"
    elif (
        len(verb) > 2
        and verb[-1] not in vowels + "wxy"
        and verb[-2] in vowels
        and verb[-3] not in vowels
        and sum(letter in vowels for letter in verb) == 1
    ):
        past, ing = verb + verb[-1] + "ed", verb + verb[-1] + "ing"
    else:
        past, ing = verb + "ed", verb + "ing"
    return {"third": third, "past": past, "participle": past, "present_participle": ing}
