"""Who is meant by the words of a source: an actor of the package, one met before in the text, or a new one."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import replace

from onrecord.curate.resolve.background import Background
from onrecord.curate.resolve.lexicons import Head, states
from onrecord.curate.resolve.names import Mention, Names, country_of, fold, short_names, support, words_of
from onrecord.curate.resolve.newcomers import OUTLET_NAME, Speaker, new_person, of_the_trade, outlet_in
from onrecord.curate.resolve.nouns import (
    HONORIFIC,
    UNNAMED,
    alike,
    head_noun,
    named_body,
    person_after,
    proper,
    stripped,
)
from onrecord.dates import bounds

__all__ = ["Cast"]

_PRONOUNS = {
    "he": "person",
    "she": "person",
    "it": "body",
    "they": "several",
    "who": "any",
    "his": "person",
    "her": "person",
}
_ONE_OF = re.compile(r"^(?:one|another|an?other one|a \w+) of (?:the|its|their|his|those|these)?\s*", re.IGNORECASE)


class Cast:
    """The actors of one text, as they are met: resolve sources in the order of the text."""

    def __init__(self, known: Background, text: str, published: str) -> None:
        self._known = known
        self._text = text
        self._published = published
        self._names = Names(known)
        self.mentions = self._names.find(text)
        self._supported = support(self.mentions)
        self._add_short_names()
        self.met: list[tuple[int, Speaker]] = []
        self._introduced: dict[str, set[str]] = defaultdict(set)

    def _add_short_names(self) -> None:
        """Find persons whom the text names in full by their surnames too."""
        for actor_id in sorted(self._supported):
            actor = self._known.actors[actor_id]
            if actor["actor_kind"] == "person":
                for short in short_names(actor["actor_name"], actor["actor_country"]):
                    self._names.add(short, actor_id, "short")
        self.mentions = self._names.find(self._text)
        self._often = Counter(mention.actor_id for mention in self.mentions)

    def named(self, actor_id: str, reason: str, guess: bool = False, confidence: float = 0.95) -> Speaker:
        """An actor of the package as a speaker."""
        row = self._known.actors[actor_id]
        return Speaker(
            actor_id, row["actor_name"], row["actor_kind"], row["anonymity"], row["actor_country"], row["sector"],
            guess, confidence, reason,
        )  # fmt: skip

    def find(self, words: str) -> list[Mention]:
        """The actors mentioned in other words than those of the text."""
        return self._names.find(words)

    def within(self, start: int, end: int) -> list[Mention]:
        """The mentions in a stretch of the text."""
        return [mention for mention in self.mentions if start <= mention.span.start and mention.span.end <= end]

    def identify(self, words: str, at: int) -> Speaker:
        """Whom words at a place of the text mean; it is remembered for the pronouns after it."""
        speaker = self._identify(words.strip(" \n\t“”\"'‘’,;:()[]"), at)
        self.met.append((at, speaker))
        self._introduced[speaker.key] |= {word for word, _, _ in words_of(words)}
        if not speaker.actor_id and speaker.kind == "person" and not speaker.unnamed:
            self._introduced[speaker.key] |= {word for word, _, _ in words_of(self._text[at : at + len(words) + 80])}
        return speaker

    def _identify(self, words: str, at: int) -> Speaker:
        if words.lower() in _PRONOUNS:
            return self._pronoun(words, at)
        if (one := _ONE_OF.match(words)) and (among := self._one_among(words[one.end() :], words)):
            return among
        head, _, tail = words.partition(", ")
        bare, definite, size = stripped(head)
        for found in (self._exact(head), self._person(head), self._outlet(head)):
            if found is not None:
                return found
        noun, before = head_noun(bare)
        role = noun is not None and noun.what == "people" and not noun.plural
        if role and tail and (found := self._person(tail)):
            return found
        if role and noun is not None and (found := self._by_role(words, bare, noun)):
            return found
        if noun is not None and definite and not before and (found := self._again(noun, at)):
            return found
        if noun is not None and not named_body(bare, noun):
            if role and tail and (person := proper(tail)):
                return new_person(person, words)
            if role and (person := person_after(bare)):
                return new_person(person, words)
            return self._unnamed(words, bare, noun, size)
        return self._new(words, head, bare, noun)

    def _one_among(self, rest: str, words: str) -> Speaker | None:
        """One of several whom the text does not name: an unnamed individual, called after the group where it was met."""
        noun, before = head_noun(rest)
        if noun is None or not noun.plural or noun.what != "people":
            return None
        group = next((met for _, met in reversed(self.met) if self._fits(met, noun)), None)
        plural = group.called if group and not before else rest
        called = re.sub(r"\w+$", noun.noun, plural)
        name = called[:1].upper() + called[1:]
        country, sector = (group.country, group.sector) if group else (country_of(called), noun.sector)
        why = f"“{words}” is one of a group"
        return Speaker("", name, "person", "unnamed_individual", country, sector or "UNK", True, 0.6, why, called, 1)

    def _exact(self, words: str) -> Speaker | None:
        """The actor whose name the words are; a weak alias only beside a strong name in the same text."""
        best: Speaker | None = None
        found = self._names.exactly(words)
        for actor_id, how in found:
            if how in ("name", "alias", "state"):
                return self.named(actor_id, f"“{words}” is its name")
            if how == "capital":
                best = best or self.named(actor_id, f"the capital “{words}” stands for its state", confidence=0.85)
        weak = sorted(
            {actor for actor, how in found if how in ("weak", "short") and actor in self._supported},
            key=lambda a: -self._often[a],
        )
        if best is None and weak:
            why = f"“{words}” and the full name elsewhere in the text"
            return self.named(weak[0], why, guess=len(weak) > 1 or found[0][1] == "weak", confidence=0.85)
        return best or self._capital(words)

    def _capital(self, words: str) -> Speaker | None:
        """A capital or a name of a state that the package does not have yet."""
        for state in states().values():
            names, capital = {fold(name) for name in (state.name, *state.also)}, {fold(name) for name in state.capitals}
            if fold(words) in names | capital and words[:1].isupper() | words.lower().startswith("the "):
                how = "is a state" if fold(words) in names else "is a capital, which stands for its state"
                if actor_id := self._known.states.get(state.country):
                    return self.named(actor_id, f"“{words}” {how}", confidence=0.85)
                return Speaker("", state.name, "state", "named", state.country, "", False, 0.8, f"“{words}” {how}")
        return None

    def _person(self, words: str) -> Speaker | None:
        """The person whom the words end in, or hold before an apposition: "Kremlin spokesman Dmitry Peskov"."""
        for mention in reversed(self._names.find(words)):
            actor = self._known.actors[mention.actor_id]
            after = words[mention.span.end :]
            if (
                actor["actor_kind"] != "person"
                or re.match(r"['’]s?\b", after)
                or not (mention.strong or mention.actor_id in self._supported)
            ):
                continue
            if after.strip() and not re.match(r"\s*(?:,|\(|who\b)", after):
                continue
            alike = {a for a, _ in self._names.exactly(words[mention.span.start : mention.span.end])} & self._supported
            choice = max(alike or {mention.actor_id}, key=lambda a: (self._often[a], a))
            guess = not mention.strong and (len(alike) > 1 or mention.how == "weak")
            return self.named(
                choice, f"“{words[mention.span.start :]}” is named", guess, 0.95 if mention.strong else 0.9
            )
        return self._new_person_again(words)

    def _new_person_again(self, words: str) -> Speaker | None:
        """A person whom this text introduced under the full name, by a part of it."""
        last = HONORIFIC.sub("", words).strip()
        for _, met in reversed(self.met):
            if not met.actor_id and met.kind == "person" and not met.unnamed:
                if fold(last) == fold(met.name):
                    return replace(met, reason=f"“{last}” again")
                if (
                    fold(last) in {fold(part) for part in (met.name.split()[0], met.name.split()[-1])}
                    and last[:1].isupper()
                ):
                    return replace(met, guess=True, confidence=0.75, reason=f"“{last}” for {met.name}, named before")
        return None

    def _outlet(self, words: str) -> Speaker | None:
        """The outlet in words that are otherwise only of the trade: "the state-run TASS news agency"."""
        for mention in self._names.find(words):
            actor = self._known.actors[mention.actor_id]
            rest = words[: mention.span.start] + " " + words[mention.span.end :]
            if actor["actor_kind"] == "media_outlet" and of_the_trade(rest):
                return self.named(mention.actor_id, f"“{words}” is the outlet", confidence=0.9)
        return outlet_in(words)

    def _by_role(self, words: str, bare: str, noun: Head) -> Speaker | None:
        """The one holder of a post that the words name with its body or country, on the day of publication."""
        country = country_of(bare)
        bodies = {mention.actor_id for mention in self._names.find(bare)}
        if not country and not bodies:
            return None
        holders = set()
        for row in self._known.tables["actor_roles"]:
            body = self._known.actors[row["organization_id"]]
            fits = row["organization_id"] in bodies or (country and country == body["actor_country"])
            if (
                fits
                and alike(noun.noun, {w for w, _, _ in words_of(row["role_title"])})
                and _holds(row["held_edtf"], self._published)
            ):
                holders.add((row["organization_id"] in bodies, row["actor_id"]))
        exact = {actor for of_body, actor in holders if of_body} or {actor for _, actor in holders}
        if len(exact) == 1:
            return self.named(
                exact.pop(), f"“{words}” holds that post", guess=not any(b for b, _ in holders), confidence=0.8
            )
        return None

    def _again(self, noun: Head, at: int) -> Speaker | None:
        """The nearest before to whom "the officials", "the newspaper", "the spokesman" can point; a guess."""
        for _, met in reversed(self.met):
            if self._fits(met, noun):
                return replace(met, guess=True, confidence=0.6, reason=f"“the {noun.noun}” points back to {met.name}")
        if noun.what in ("outlet", "body"):
            for mention in reversed([m for m in self.mentions if m.span.end <= at and m.strong]):
                candidate = self.named(mention.actor_id, "")
                if self._fits(candidate, noun):
                    return replace(
                        candidate,
                        guess=True,
                        confidence=0.5,
                        reason=f"“the {noun.noun}” points back to {candidate.name}",
                    )
        return None

    def _fits(self, met: Speaker, noun: Head) -> bool:
        if noun.what == "outlet" or (noun.noun in ("report", "agency") and met.kind == "media_outlet"):
            return met.kind == "media_outlet"
        if noun.what == "body":
            words = {word for word, _, _ in words_of(met.name)}
            return met.kind in ("public_body", "organization") and (
                noun.noun in words or noun.noun in ("agency", "group", "organization", "company")
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

    def _pronoun(self, words: str, at: int) -> Speaker:
        wanted = _PRONOUNS[words.lower()]
        for _, met in reversed([one for one in self.met if one[0] < at]):
            if (
                wanted == "any"
                or (wanted == "person" and met.kind == "person")
                or (wanted == "body" and met.kind in ("state", "public_body", "organization", "media_outlet"))
                or (wanted == "several" and met.kind in ("group", "public_body", "media_outlet"))
            ):
                near = at - _ < 600
                return replace(
                    met, guess=True, confidence=0.6 if near else 0.4, reason=f"“{words}” points back to {met.name}"
                )
        people = [
            m for m in self.mentions if m.span.end <= at and self._known.actors[m.actor_id]["actor_kind"] == "person"
        ]
        if wanted == "person" and people:
            return self.named(people[-1].actor_id, f"“{words}” after the nearest name", guess=True, confidence=0.4)
        kind = "group" if wanted == "several" else "person" if wanted == "person" else "organization"
        anonymity = "unnamed_group" if wanted == "several" else "unnamed_individual"
        return Speaker("", words, kind, anonymity, "", "UNK", True, 0.2, f"nobody before whom “{words}” fits", words)

    def _unnamed(self, words: str, bare: str, noun: Head, size: int | None) -> Speaker:
        """Somebody whom the text does not name: always an actor of its own, the same only within this text."""
        called = UNNAMED.sub("", bare).strip()
        several = noun.plural or noun.what == "media"
        kind = "group" if several else "media_outlet" if noun.what == "outlet" else noun.kind or "person"
        anonymity = "unnamed_group" if several or kind != "person" else "unnamed_individual"
        sector = (
            "SPY"
            if "intelligence" in called.lower()
            else "MIL"
            if re.search(r"\b(?:defen[cs]e|military)\b", called, re.IGNORECASE) and noun.sector == "GOV"
            else noun.sector
        )
        if sector == "" and re.search(r"\bgovernment\b", called, re.IGNORECASE):
            sector = "GOV"
        name = called[:1].upper() + called[1:]
        for _, met in self.met:
            if met.unnamed and fold(met.called) == fold(called):
                return replace(met, guess=True, confidence=0.7, reason=f"“{words}” as before in this text")
        several_countries = re.match(r"[A-Z][\w.]* and ", called) is not None
        country = "" if several_countries else country_of(called)
        return Speaker(
            "", name, kind, anonymity, country, sector or "UNK", False, 0.75, f"“{words}” names nobody", called, size
        )

    def _new(self, words: str, head: str, bare: str, noun: Head | None) -> Speaker:
        """A named actor that the package does not have: a body by its noun, else a person by capital letters."""
        if noun is not None:
            name = re.sub(r"^(?:the|The) ", "", head)
            what = "media_outlet" if noun.what == "outlet" else noun.kind or "organization"
            return Speaker(
                "", name, what, "named", country_of(bare), noun.sector, False, 0.6, f"“{words}” is not in the package"
            )
        mentions = [m for m in self._names.find(head) if m.strong]
        person = proper(HONORIFIC.sub("", bare)) or proper(bare)
        if mentions and not (person and " " in person and person.endswith(bare.split()[-1])):
            return self.named(
                mentions[-1].actor_id, f"“{words}” names it among other words", guess=True, confidence=0.4
            )
        if person and (" " in person or HONORIFIC.search(head)):
            looks = Speaker(
                "", person, "media_outlet", "named", "", "JRN", True, 0.4, f"“{words}” looks like an outlet"
            )
            return looks if OUTLET_NAME.search(person) else new_person(person, words)
        if person:
            return Speaker(
                "",
                person,
                "organization",
                "named",
                country_of(person),
                "",
                True,
                0.35,
                f"“{words}” is a name not in the package",
            )
        called = bare or words
        name = called[:1].upper() + called[1:]
        return Speaker(
            "",
            name,
            "group",
            "unnamed_group",
            country_of(called),
            "UNK",
            True,
            0.25,
            f"“{words}” names nobody known",
            called,
        )


def _holds(held: str, published: str) -> bool:
    """Whether a post was held at publication, as far as the dates tell."""
    one, other = bounds(held), bounds(published)
    return not (
        (one.start and other.end and one.start > other.end) or (one.end and other.start and one.end < other.start)
    )
