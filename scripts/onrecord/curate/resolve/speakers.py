"""Who is meant by the words of a source: an actor of the package, one met before in the text, or a new one."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from onrecord.curate.naming import fold
from onrecord.curate.resolve.antecedents import Antecedents
from onrecord.curate.resolve.background import Background
from onrecord.curate.resolve.fullnames import full_name, in_headline
from onrecord.curate.resolve.lexicons import Head, heads, states
from onrecord.curate.resolve.met import PRONOUNS, Met
from onrecord.curate.resolve.names import Mention, Names, country_of, short_names, support, words_of
from onrecord.curate.resolve.newcomers import (
    OUTLET_NAME,
    Speaker,
    named_newly,
    new_person,
    of_the_trade,
    outlet_in,
    recorded,
    unnamed,
)
from onrecord.curate.resolve.nouns import (
    HONORIFIC,
    alike,
    head_noun,
    named_body,
    paper_by,
    person_after,
    proper,
    stripped,
)
from onrecord.curate.resolve.posts import post_of
from onrecord.curate.spans import Span
from onrecord.dates import bounds

__all__ = ["Cast"]

_AROUND = 80
_FOR = re.compile(
    r"\b(?:spokes\w+|aides?|advis[eo]rs?|lawyers?|allies|ally|assistants?|envoys?|press secretary|people|person|sources?|officials?) "
    r"(?:close )?(?:for|of|to) (?:[\w.’'-]+ ){0,4}$",
    re.IGNORECASE,
)
_DESCRIBED = re.compile(r"(?:the|an?|its|their) [a-z]", re.IGNORECASE)
_OF_THEM = re.compile(r"(?:two|three|some|several|many|most|all|both|none) of (?:them|those|these)", re.IGNORECASE)
_PERSON_OF = re.compile(r"(?P<name>(?:[A-Z][\w’'-]+ ){1,2}[A-Z][\w’'-]+) (?:of|from|at|with) (?:the |an? )?[A-Z]")
_TOP = re.compile(r"top|senior|chief|veteran", re.IGNORECASE)
_BEHIND_NAME = re.compile(r"[.;:“”\"](?= |$)|\b(?:said|told|says|that|who|demanded|asked|warned)\b")
_RELATIVE = re.compile(r"(?:who|which|whose|where)\b")
_ON_AIR = re.compile(r"(?P<name>[A-Z][\w’'-]+ [A-Z][\w’'-]+) (?:on|at) (?:the )?[A-Z][\w’'-]*(?: [A-Z][\w’'-]*)*$")
_IN_PAPER = re.compile(
    r"(?<=\w) in (?:an?|the|his|her|its|their) (?:\w+ )?(?:notes?|statement|letter|post|e-?mail|interview|blog|message|tweet"
    r"|video|speech)\b.*",
    re.DOTALL,
)
_BEFORE = re.compile(
    r"(?P<name>[A-Z][\w.’'-]*(?: [A-Z][\w.’'-]*)*)(?P<of> (?:of|for|from|at|with) [^,.;:“”\"]{2,60})?"
    r"(?:, (?:an?|the|his|her|its) [^,.;:“”\"]{2,60})?,? $"
)
# "Ann Lee, a consultant and an influential Republican | who"
_APPOSED = re.compile(r"(?P<name>[A-Z][\w.’'-]*(?: [A-Z][\w.’'-]*)+), (?:an?|the) (?P<what>[^,;:.“”\"]{3,90}) $")
_FORMAL = re.compile(r"(?:Mr|Mrs|Ms)\. ")
_FULL = re.compile(r"[A-Z][a-z]+ (?:[A-Z]\. )?[A-Z][a-z]+(?: of\b|,|$)")
_PARTY = re.compile(r" \([A-Z][\w.–-]*\)?(?=$|,)")  # "Bill Schuette (R)"
_CAPITALS = re.compile(r"[A-Z][A-Z.’'-]+(?: [A-Z][A-Z.’'-]*)+")

_PAPERS = r"(?:statement|communiqu[eé]|press release|readout|letter|message|speech|post)"
_PAPER = re.compile(rf"(?:the |this |that |its |his |her |their )(?:\w+ )?{_PAPERS}", re.IGNORECASE)
_ISSUED = re.compile(
    r"(?:^|[.\n] ?)(?P<who>[A-Z][^.\n;:]{3,100}?) (?:has |had |also )*(?:issued|released|published|sent|wrote|read out|made|delivered)"
    rf" (?:an?|the|his|her|its|their) (?:[\w-]+ ){{0,3}}{_PAPERS}\b"
)
_REACH = 1500
_FAR = 20_000


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
        self.met = Met(known, text, self.mentions)
        self._antecedents = Antecedents(text, self.met, self._identify, self._people)

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
        return recorded(self._known.actors[actor_id], reason, guess, confidence)

    def find(self, words: str) -> list[Mention]:
        """The actors mentioned in other words than those of the text."""
        return self._names.find(words)

    def within(self, start: int, end: int) -> list[Mention]:
        """The mentions in a stretch of the text."""
        return [mention for mention in self.mentions if start <= mention.span.start and mention.span.end <= end]

    def identify(self, words: str, at: int, quoted: Sequence[Span] = ()) -> Speaker:
        """Whom words at a place of the text mean, who said what is ``quoted``; it is remembered for the pronouns after it."""
        words = _PARTY.sub("", words)
        pointing = words.lower() in PRONOUNS and quoted and quoted[0].start < at  # of whom one speaks is not who speaks
        if paper := paper_by(words):
            at, words = at + paper.start("who"), paper["who"]
        speaker = self._identify(
            _ON_AIR.sub(r"\g<name>", _IN_PAPER.sub("", words.strip(" \n\t“”\"'‘’,;:()[]"))),
            quoted[0].start if pointing else at,
        )
        around = self._text[at : at + len(words) + _AROUND]
        if not speaker.actor_id and speaker.kind == "person" and not speaker.unnamed and speaker.post is None:
            speaker = self._in_post(speaker, words, around, at)
        self.met.add(speaker, at, words, _BEHIND_NAME.split(around, maxsplit=1)[0])
        return speaker

    def _identify(self, words: str, at: int) -> Speaker:
        if words.lower() in ("who", "which") and (whom := self._named_before(words, at)):
            return whom
        if words.lower() in PRONOUNS:
            return self._antecedents.of(words, at)
        if _OF_THEM.fullmatch(words) and (group := self.met.pronoun("they", at)).kind == "group":
            return replace(group, guess=True, confidence=0.5)
        if among := self.met.one_of(words) or self._issuer(words, at):
            return among
        if _CAPITALS.fullmatch(words):  # a name of capitals, as transcripts have it
            words = words.title()
        head, _, tail = words.partition(", ")
        tail = "" if _RELATIVE.match(tail) else tail
        if _FORMAL.match(head) and _FULL.match(tail):  # "A pastor backing Mr. Dahl, Ann Lee of Oslo, said"
            return self._identify(tail, at)
        bare, definite, size = stripped(head)
        if longer := (self._outlet_in_full(bare, at) or self.met.tail(bare)) if definite else None:
            return longer
        for found in (self._exact(head), self._person(head), self._outlet(head)):
            if found is not None:
                return found
        if (of := _PERSON_OF.match(HONORIFIC.sub("", bare).strip())) and not any(
            word.lower() in heads() for word in of["name"].split()
        ):
            return self._person(of["name"]) or new_person(of["name"], words)
        noun, before = head_noun(bare)
        role = noun is not None and noun.what == "people" and not noun.plural
        if role and tail and (found := self._person(tail)):
            return found
        named = person_after(bare) or (proper(tail) if tail else "")
        if role and noun is not None and " " not in named and (found := self._by_role(words, bare, noun)):
            return found
        if noun is not None and noun.what == "body" and tail and proper(tail) == tail:  # "the manufacturer, Rheinwerk"
            return self._identify(tail, at)
        if role and definite and _TOP.fullmatch(before) and not named and (who := self.met.person(at)):
            return replace(who[1], guess=True, confidence=0.5, reason=f"“{words}” points back to {who[1].name}")
        alone = noun is not None and definite and not before and " " not in named
        if noun is not None and alone and (found := self._named_with(bare, noun, at) or self.met.again(noun, at)):
            return found
        if noun is not None and not named_body(bare, noun):
            behind = _full(person_after(tail)) or proper(tail) if tail else ""
            if role and (person := _full(person_after(bare)) or behind or person_after(bare)):
                return new_person(person, words)
            return self._unnamed(words, bare, noun, size)
        if noun is None and tail and _DESCRIBED.match(head):
            if " " in (person := proper(tail)):
                return self._person(tail) or new_person(person, words)
            if person == tail:  # "the drug's maker, Farmark"
                return self._identify(tail, at)
        if known := self._names.body(head):
            return self.named(known, f"“{words}” is its name in other order", confidence=0.85)
        return self._new(words, head, bare, noun, at)

    def _named_before(self, words: str, at: int) -> Speaker | None:
        """Whom "who" or "which" behind a name means; None where no name stands right before."""
        before = _BEFORE.search(self._text, max(0, at - _AROUND), at)
        described = _APPOSED.search(self._text, max(0, at - 2 * _AROUND), at)
        if described and described["what"].split()[-1].lower() in heads():
            return self._identify(described["name"], described.start("name"))
        if before is None:
            return None
        found = self._identify(before["name"], before.start())
        if before["of"] and (found.kind == "person") != (words.lower() == "who"):
            return None
        return found

    def _issuer(self, words: str, at: int) -> Speaker | None:
        """Whose "the statement" is: of whoever issued one in a sentence before, else the nearest before; a guess."""
        if not _PAPER.fullmatch(words) or words.split()[-1][0].isupper():  # "The Financial Post" is none
            return None
        issued = list(_ISSUED.finditer(self._text, max(0, at - _REACH), at))
        if not issued:
            return self.met.nearest(words)
        whose = issued[-1]["who"]
        return replace(
            self._identify(whose, issued[-1].start("who")),
            guess=True,
            confidence=0.6,
            reason=f"“{words}” is by {whose}",
        )

    def _named_with(self, words: str, noun: Head, at: int) -> Speaker | None:
        """The last body before whose name holds the noun: "the agency" for the Road Agency; a guess."""
        if noun.what != "body":
            return None
        name = rf"(?<![.!?] )(?<!\n)\b(?:[A-Z][\w’'&-]+ ){{1,4}}{re.escape(noun.noun.title())}\b(?: (?:of|for) (?:the )?[A-Z][\w-]+)?"
        names = list(re.compile(name).finditer(self._text, max(0, at - _FAR), at))
        if not names or self._outlet(names[-1][0]):
            return None
        found = self._identify(names[-1][0], names[-1].start())
        if found.kind not in ("public_body", "organization") or found.unnamed:
            return None
        why = f"“{words}” points back to {found.name}"
        return replace(found, guess=True, confidence=0.6, reason=why)

    def _in_post(self, person: Speaker, words: str, around: str, at: int) -> Speaker:
        """A new person with the post and the body that the words around the name give."""
        post = post_of(words, person.name) or post_of(around, person.name)
        body = self._body(post.body, at) if post else None
        if post is None or body is None:
            return person
        sector = person.sector if person.sector not in ("", "UNK") else body.sector or person.sector
        return replace(person, post=post, body=body, country=person.country or body.country, sector=sector)

    def _body(self, words: str, at: int) -> Speaker | None:
        """The body that words name, or to which "the ministry" points back; None where they tell none for certain."""
        bare, _, _ = stripped(words)
        noun, before = head_noun(bare)
        if noun is not None and not before:
            return self.met.again(noun, at) if noun.what == "body" else None
        found = self._identify(words, at)
        known = found.actor_id or (noun is not None and noun.what == "body" and found.country)
        return found if known and found.kind in ("state", "public_body", "organization", "media_outlet") else None

    def _people(self, words: str, bare: str, noun: Head, size: int | None) -> Speaker:
        """Whom words for people mean: the holder of a post, else somebody unnamed."""
        return self._by_role(words, bare, noun) or self._unnamed(words, bare, noun, size)

    def _unnamed(self, words: str, bare: str, noun: Head, size: int | None) -> Speaker:
        one = unnamed(words, bare, noun, size)
        before = self.met.unnamed(one.called)
        if before is None:
            return one
        return replace(before, guess=True, confidence=0.7, reason=f"“{words}” as before in this text")

    def _new(self, words: str, head: str, bare: str, noun: Head | None, at: int) -> Speaker:
        mentions = [m for m in self._names.find(head) if m.strong]
        person = proper(HONORIFIC.sub("", bare)) or proper(bare)
        if noun is None and mentions and not (person and " " in person and person.endswith(bare.split()[-1])):
            return self.named(
                mentions[-1].actor_id, f"“{words}” names it among other words", guess=True, confidence=0.4
            )
        if noun is None and person and " " not in person and person == bare and self._is_common(person):
            return self._unnamed(words, bare, Head(person.lower(), False, "people", "", ""), None)
        if noun is None and person and " " not in person and (met := self.met.newcomer(person)):
            return replace(met, guess=True, confidence=0.6)
        if noun is None and person and " " not in person and (full := full_name(self._text, person, at)):
            why = f"“{words}” for {full}, named before"
            return replace(new_person(full, words), guess=True, confidence=0.6, reason=why)
        if noun is None and person and " " not in person and (longer := self._named_more_fully(person, at)):
            return longer
        made = named_newly(words, head, bare, noun)
        if made.kind == "person" and f"{made.name}, which " in self._text:
            return replace(made, kind="organization", guess=True)
        return made

    def _is_common(self, word: str) -> bool:
        """Whether a word that begins a sentence is no name: it stands in small letters elsewhere ("Hacker admits …")."""
        return re.search(rf"(?<!\w){re.escape(word.lower())}(?!\w)", self._text) is not None

    def _outlet_in_full(self, word: str, at: int) -> Speaker | None:
        """The outlet named last before whose name ends in a word: "the Times" for The New York Times."""
        if not OUTLET_NAME.fullmatch(word):
            return None
        why = f"“{word}” for one named before"
        if new := next((met for met in self.met if met.kind == "media_outlet" and met.name.endswith(f" {word}")), None):
            return replace(new, confidence=0.85, reason=why) if new.name != f"The {word}" else None
        for mention in reversed([one for one in self.mentions if one.strong and one.span.end <= at]):
            named = self._text[mention.span.start : mention.span.end]
            if named.endswith(f" {word}") and not re.fullmatch(rf"[Tt]he {word}", named):
                found = self.named(mention.actor_id, why, confidence=0.85)
                return found if found.kind == "media_outlet" else None
        return None

    def _named_more_fully(self, first: str, at: int) -> Speaker | None:
        """Whom words call by the first part of a name that stands in full before: "Orsa" for Orsa Minerals; a guess."""
        longer = re.finditer(rf"\b{re.escape(first)}(?: [A-Z][\w’'-]+){{1,2}}\b", self._text[:at])
        full = {match[0] for match in longer if not in_headline(self._text, match.start())}
        if len(full) != 1:
            return None
        found = self._identify(full.pop(), at)
        return replace(found, guess=True, confidence=0.6, reason=f"“{first}” for {found.name}, named before")

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
            if _FOR.search(words[: mention.span.start]):  # "a spokeswoman for Rudenko" is not Rudenko
                continue
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
        return self.met.newcomer(words)

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


def _full(name: str) -> str:
    """A name of two words or more, else nothing."""
    return name if " " in name else ""


def _holds(held: str, published: str) -> bool:
    """Whether a post was held at publication, as far as the dates tell."""
    one, other = bounds(held), bounds(published)
    return not (
        (one.start and other.end and one.start > other.end) or (one.end and other.start and one.end < other.start)
    )
