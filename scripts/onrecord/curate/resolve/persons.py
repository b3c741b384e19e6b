"""A speaker's own "I", "we" and "it" turned into the name, so that a proposition is free of who speaks."""

from __future__ import annotations

import re
from dataclasses import dataclass

from onrecord.curate.resolve.newcomers import Speaker
from onrecord.curate.resolve.verbs import third_person

__all__ = ["Voice", "in_third_person", "voice_of"]

_FIRST = re.compile(
    r"\b(?:(?P<subject>(?-i:I)|we)(?P<short>[’'](?:m|re|ve|ll|d))?(?P<adverb>(?: (?:also|now|still|all|both|never|not|\w+ly))*)(?: (?P<verb>[a-z]+(?:n[’']t)?))?"
    r"|(?P<owner>my|our)|(?P<owned>mine|ours)|(?P<object>(?-i:[Mm]e|[Uu]s)))\b",
    re.IGNORECASE,
)
_LEADING = re.compile(r"(?P<word>he|she|it|they|his|her|its|their)\b(?![’'])", re.IGNORECASE)
_SHORT = {"m": "is", "re": "is", "ve": "has", "ll": "will", "d": "would"}
_SHORT_PLURAL = _SHORT | {"m": "are", "re": "are", "ve": "have"}
_AGREED = {
    "am": "is", "are": "is", "have": "has", "were": "was", "do": "does", "don't": "doesn't", "aren't": "isn't",
    "haven't": "hasn't", "weren't": "wasn't",
}  # fmt: skip


@dataclass(frozen=True)
class Voice:
    """Who speaks, as a proposition names it: ``name``, ``body`` for whom a spokesperson says "we", and what fits."""

    name: str
    body: str
    person: bool
    plural: bool


def voice_of(speaker: Speaker, body: str = "") -> Voice:
    """The voice of a speaker; ``body`` is the name of the actor for whom it speaks by office, empty if none."""
    name = speaker.called or speaker.name
    return Voice(
        name[:1].upper() + name[1:],
        body or (speaker.body.name if speaker.body else "") or name[:1].upper() + name[1:],
        speaker.kind == "person",
        speaker.kind == "group",
    )


def in_third_person(said: str, voice: Voice, quoted: bool) -> str:
    """A wording with the speaker's name for the speaker's pronouns.

    Where ``quoted``, the first person throughout; else "he", "it" and the like as its first word, if they fit.
    """
    if quoted:
        return _FIRST.sub(lambda match: _named(match, voice), said)
    match = _LEADING.match(said)
    if match is None:
        return said
    word = match["word"].lower()
    fits = word in ("they", "their") if voice.plural else (word in ("he", "she", "his", "her")) == voice.person
    if not fits or (word in ("they", "their") and not voice.plural):
        return said
    owns = word in ("his", "her", "its", "their")
    return (_owner(voice.name) if owns else voice.name) + said[match.end() :]


def _named(match: re.Match[str], voice: Voice) -> str:
    word = (match["subject"] or match["owner"] or match["owned"] or match["object"]).lower()
    name = voice.name if word in ("i", "my", "mine", "me") else voice.body
    plural = voice.plural and name == voice.name
    if match["owner"] or match["owned"]:
        return _owner(name)
    if match["object"]:
        return name
    parts = [name]
    if match["short"]:
        parts.append((_SHORT_PLURAL if plural else _SHORT)[match["short"][1:].lower()])
    adverb, verb = match["adverb"].strip(), match["verb"] or ""
    agreed = verb if (plural and verb != "am") or match["short"] else _agreed(verb)
    return " ".join(part for part in (*parts, adverb, "are" if plural and verb == "am" else agreed) if part)


def _owner(name: str) -> str:
    return f"{name}'" if name.endswith("s") else f"{name}'s"


def _agreed(verb: str) -> str:
    """A verb after "I" or "we" as it is after a name."""
    plain = verb.replace("’", "'").lower()
    if plain in _AGREED:
        return _AGREED[plain]
    return third_person(plain) if third_person(plain) != plain else verb
