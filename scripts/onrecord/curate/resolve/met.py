"""Whom a text has cited so far, and to whom of them a pronoun, "the officials" or a surname points back."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

from onrecord.curate.naming import fold
from onrecord.curate.resolve.background import Background
from onrecord.curate.resolve.genders import called_in, gender_of, pronoun_gender
from onrecord.curate.resolve.lexicons import Head, heads, singulars
from onrecord.curate.resolve.names import Mention, country_of, words_of
from onrecord.curate.resolve.newcomers import Speaker, recorded
from onrecord.curate.resolve.nouns import HONORIFIC, alike, head_noun

__all__ = ["PRONOUNS", "Met"]

PRONOUNS = {
    "he": "person",
    "she": "person",
    "it": "body",
    "they": "several",
    "who": "any",
    "his": "person",
    "her": "person",
    "him": "person",
    "them": "several",
}
"""Pronouns that can be a source, and what kind of actor each can mean."""
_ONE_OF = re.compile(
    r"^(?:one|another|an?other one|a \w+) of (?:the|its|their|his|her|our|my|those|these)?\s*", re.IGNORECASE
)
_OF_THEM = re.compile(
    r"(?:one|another|the other)(?:(?: of (?:them|those|these))|(?:,? who\b.*))?", re.IGNORECASE | re.DOTALL
)
_NEAR = 600
_ANY_BODY = frozenset({"agency", "group", "organization"})
_PRIVATE = frozenset(
    {"company", "firm", "club", "airline", "charity", "operator", "manufacturer", "team", "union", "party", "bank"}
)


def _singular(words: str, noun: Head) -> str:
    """Words for several with their noun in the singular."""
    for plural, singular in singulars().items():
        if heads()[plural].noun == noun.noun and re.search(rf"\b{plural}\b", words, re.IGNORECASE):
            return re.sub(rf"\b{plural}\b", singular, words, count=1, flags=re.IGNORECASE)
    return words


class Met:
    """The speakers of one text in the order in which they were met."""

    def __init__(self, known: Background, text: str, mentions: Sequence[Mention]) -> None:
        self._known = known
        self._text = text
        self.mentions = mentions
        self._met: list[tuple[int, Speaker]] = []
        self._introduced: dict[str, set[str]] = defaultdict(set)
        self._newcomers: dict[str, Speaker] = {}
        self._called: dict[str, Speaker] = {}
        self._gender: dict[str, str] = {}

    def __iter__(self) -> Iterator[Speaker]:
        return (speaker for _, speaker in self._met)

    def _backwards(self) -> Iterator[Speaker]:
        return (speaker for _, speaker in reversed(self._met))

    def add(self, speaker: Speaker, at: int, words: str, around: str) -> None:
        """Remember whom words at a place meant; of a new person also the words around, which tell the post."""
        self._met.append((at, speaker))
        if speaker.kind == "person" and (gender := gender_of(words)):
            self._gender[speaker.key] = self._gender.get(speaker.key) or gender
        self._introduced[speaker.key] |= {word for word, _, _ in words_of(words)}
        if speaker.unnamed:
            self._called.setdefault(fold(speaker.called), speaker)
        elif not speaker.actor_id and speaker.kind == "person":
            self._newcomers.pop(speaker.key, None)
            self._newcomers[speaker.key] = speaker  # whoever was met last stands last
        if not speaker.actor_id and speaker.kind == "person" and not speaker.unnamed:
            self._introduced[speaker.key] |= {word for word, _, _ in words_of(around)}

    def person(self, at: int) -> tuple[int, Speaker] | None:
        """The person met last before a place, and where; None if nobody was."""
        before = [(place, met) for place, met in self._met if place < at and met.kind == "person" and not met.unnamed]
        return max(before, key=lambda one: one[0]) if before else None

    def named(self, pronoun: str) -> list[Speaker]:
        """The persons met whom the text names and this pronoun can mean."""
        return [met for met in self if met.kind == "person" and not met.unnamed and self.can_be(met, pronoun)]

    def place(self, speaker: Speaker) -> int:
        """Where a speaker was cited last; -1 if nowhere."""
        return max((place for place, met in self._met if met.key == speaker.key), default=-1)

    def last(self, at: int) -> int:
        """Where somebody was cited last before a place; -1 if nobody was."""
        return max((place for place, _ in self._met if place < at), default=-1)

    def can_be(self, speaker: Speaker, pronoun: str) -> bool:
        """Whether nothing in the text calls somebody by the other of "he" and "she"."""
        gender = pronoun_gender(pronoun)
        if gender and speaker.key not in self._gender and not speaker.unnamed:
            self._gender[speaker.key] = called_in(self._text, speaker.name.split()[-1])
        return not gender or self._gender.get(speaker.key, "") in ("", gender)

    def subject(self, before: str, start: int, pronoun: str) -> Speaker | None:
        """Who of those met begins a sentence behind all that was said, in the words ``before``, which start there; a guess."""
        last = self.last(start + len(before))
        found: list[tuple[int, int, Speaker]] = []
        people = {met.key: (number, met) for number, (_, met) in enumerate(self._met) if met.kind == "person"}
        for number, met in people.values():
            surname = met.name.split()[-1]
            if not met.unnamed and surname in before and self.can_be(met, pronoun):
                name = rf"(?:^|[.!?][”\"]? )(?:[A-Z][\w.’'-]* ){{0,4}}{re.escape(surname)}\b(?![’']s)"
                places = [match.start() for match in re.finditer(name, before) if start + match.start() > last]
                found += [(place, number, met) for place in places]
        if not found:
            return None
        who = max(found, key=lambda one: one[:2])[2]
        return replace(who, guess=True, confidence=0.6, reason=f"{who.name} began the sentence before")

    def pronoun(self, words: str, at: int) -> Speaker:
        """The nearest before whom a pronoun fits; a guess."""
        wanted = PRONOUNS[words.lower()]
        fitting = (one for one in reversed(self._met) if one[0] < at and self.can_be(one[1], words))
        for place, met in fitting:
            if met.called.lower() in PRONOUNS:  # a pronoun that pointed at nobody
                continue
            if (
                wanted == "any"
                or (wanted == "person" and met.kind == "person")
                or (wanted == "body" and met.kind in ("state", "public_body", "organization", "media_outlet"))
                or (wanted == "body" and met.kind == "group" and met.unnamed and head_noun(met.called)[0] is None)
                or (wanted == "several" and met.kind in ("group", "public_body", "media_outlet"))
            ):
                near = at - place < _NEAR
                return replace(
                    met, guess=True, confidence=0.6 if near else 0.4, reason=f"“{words}” points back to {met.name}"
                )
        rows = [self._known.actors[m.actor_id] for m in self.mentions if m.span.end <= at]
        people = [recorded(row, "", guess=True, confidence=0.4) for row in rows if row["actor_kind"] == "person"]
        nearest = next((one for one in reversed(people) if self.can_be(one, words)), None)
        if wanted == "person" and nearest:
            return replace(nearest, reason=f"“{words}” after the nearest name")
        kind = "group" if wanted == "several" else "person" if wanted == "person" else "organization"
        anonymity = "unnamed_group" if wanted == "several" else "unnamed_individual"
        return Speaker("", words, kind, anonymity, "", "UNK", True, 0.2, f"nobody before whom “{words}” fits", words)

    def again(self, noun: Head, at: int) -> Speaker | None:
        """The nearest before to whom "the officials", "the newspaper", "the spokesman" can point; a guess."""
        for met in self._backwards():
            if self._fits(met, noun):
                return replace(met, guess=True, confidence=0.6, reason=f"“the {noun.noun}” points back to {met.name}")
        if noun.what in ("outlet", "body"):
            for mention in reversed([m for m in self.mentions if m.span.end <= at and m.strong]):
                candidate = recorded(self._known.actors[mention.actor_id], "")
                if self._fits(candidate, noun):
                    return replace(
                        candidate,
                        guess=True,
                        confidence=0.5,
                        reason=f"“the {noun.noun}” points back to {candidate.name}",
                    )
        return None

    def nearest(self, words: str) -> Speaker | None:
        """The nearest before, for words that tell nothing of whom they mean ("the statement"); a guess."""
        for met in self._backwards():
            return replace(met, guess=True, confidence=0.5, reason=f"“{words}” is by {met.name}, cited before")
        return None

    def one_of(self, words: str) -> Speaker | None:
        """One of several whom the text does not name: an unnamed individual, called after the group where it was met."""
        if _OF_THEM.fullmatch(words):
            return self._of_them(words)
        match = _ONE_OF.match(words)
        words = words.partition(", ")[0]
        noun, before = head_noun(words[match.end() :]) if match else (None, "")
        if match is None or noun is None or not noun.plural or noun.what != "people":
            return None
        group = next((met for met in self._backwards() if self._fits(met, noun)), None)
        plural = group.called if group and not before else words[match.end() :]
        called = _singular(plural, noun)
        name = called[:1].upper() + called[1:]
        country, sector = (group.country, group.sector) if group else (country_of(called), noun.sector)
        why = f"“{words}” is one of a group"
        return Speaker("", name, "person", "unnamed_individual", country, sector or "UNK", True, 0.6, why, called, 1)

    def _of_them(self, words: str) -> Speaker:
        """ "One of them": of the nearest unnamed group of people before, or of nobody knows whom; a guess."""
        why = f"“{words}” is one of a group"
        for met in self._backwards():
            noun, _ = head_noun(met.called) if met.kind == "group" and met.unnamed else (None, "")
            if noun is not None and noun.plural and noun.what == "people":
                called = _singular(met.called, noun)
                name = called[:1].upper() + called[1:]
                return Speaker(
                    "", name, "person", "unnamed_individual", met.country, met.sector, True, 0.6, why, called, 1
                )
        return Speaker("", "Person", "person", "unnamed_individual", "", "UNK", True, 0.3, why, "person", 1)

    def newcomer(self, words: str) -> Speaker | None:
        """A person whom this text introduced under the full name, by a part of it."""
        last = HONORIFIC.sub("", words).strip()
        for met in reversed(self._newcomers.values()):
            if fold(last) == fold(met.name):
                return replace(met, reason=f"“{last}” again")
            if (
                fold(last) in {fold(part) for part in (met.name.split()[0], met.name.split()[-1])}
                and last[:1].isupper()
            ):
                return replace(met, guess=True, confidence=0.75, reason=f"“{last}” for {met.name}, named before")
        return None

    def tail(self, words: str) -> Speaker | None:
        """A body met before whose name ends in these words, two or more: "the budget office"; a guess."""
        ends = f" {fold(words)}"
        bodies = (met for met in self._backwards() if met.kind in ("public_body", "organization") and not met.unnamed)
        found = next((met for met in bodies if " " in words and fold(met.name).endswith(ends)), None)
        return (
            replace(found, guess=True, confidence=0.7, reason=f"“{words}” for {found.name}, named before")
            if found
            else None
        )

    def unnamed(self, called: str) -> Speaker | None:
        """Somebody unnamed who was called the same before."""
        return self._called.get(fold(called))

    def _fits(self, met: Speaker, noun: Head) -> bool:
        if noun.what == "outlet" or (noun.noun in ("report", "agency") and met.kind == "media_outlet"):
            return met.kind == "media_outlet"
        if noun.what == "body":
            words = {word for word, _, _ in words_of(met.name)}
            if met.kind == "media_outlet":
                return noun.noun in ("company", "firm")
            if met.kind not in ("public_body", "organization"):
                return False
            other = any(word in heads() and heads()[word].what == "body" for word in words - {noun.noun})
            return noun.noun in words or (
                noun.noun in _ANY_BODY or (noun.noun in _PRIVATE and met.kind == "organization" and not other)
            )
        if noun.plural:
            return met.kind == "group" and (noun.noun in met.called.lower() or {noun.noun} <= {"people", "person"})
        if met.kind != "person":
            return False
        titles = {w for w, _, _ in words_of(self._known.actors.get(met.actor_id, {}).get("actor_description", ""))}
        for row in self._known.tables["actor_roles"]:
            if met.actor_id and row["actor_id"] == met.actor_id:
                titles |= {word for word, _, _ in words_of(row["role_title"])}
        return noun.noun in ("official", "person") or alike(
            noun.noun, titles | self._introduced[met.key] | {w for w, _, _ in words_of(met.called)}
        )
