"""Whom a pronoun means: who begins a sentence, who is named in full, whoever was met last."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from onrecord.curate.extract.lexicon import function_words
from onrecord.curate.resolve.fullnames import full_name
from onrecord.curate.resolve.lexicons import Head
from onrecord.curate.resolve.met import Met
from onrecord.curate.resolve.newcomers import Speaker
from onrecord.curate.resolve.nouns import head_noun, stripped

__all__ = ["Antecedents"]

_NAMED_BY_COMMA = re.compile(r"\b(?P<name>[A-Z][\w’'-]+(?: [A-Z][\w’'-]+){1,2}), ")
_TITLES = ("Mr", "Mrs", "Ms", "Dr", "St", "Sen", "Gov", "Gen", "Rep", "Lt", "Col", "[A-Z]")
_NO_TITLE = "".join(rf"(?<!\b{title})" for title in _TITLES)
_OPENS = rf"(?:^|\n|{_NO_TITLE}[.!?][”\"]? )"
_BEGUN = re.compile(rf"{_OPENS}(?P<who>[A-Z](?:[\w-]|[’'](?!s\b))+)(?: (?:him|her)self)? (?=[a-z])")
# "Ann Lee left early. She …", "Senator Ann Lee of Oslo is …, she …"
_BEGUN_IN_FULL = re.compile(
    rf"{_OPENS}(?P<who>(?:[A-Z](?:[\w-]|[’'](?!s\b))*\.? )+[A-Z](?:[\w-]|[’'](?!s\b))+)"
    r"(?: (?:of|from) [A-Z][\w-]+(?: [A-Z][\w-]+)?)?(?:, (?:an? |the |who |\d)[^,;.]{2,60},)? (?=[a-z])"
)
_PEOPLE_BEGIN = re.compile(
    r"(?:^|\n|[.!?][”\"]? )(?P<who>(?:(?:The|A|An|Two|Three|Four|Five|Several|Some|Many|Both|Most) )?[A-Za-z][\w’'-]+(?: [a-z][\w-]+){0,2})"
    r"(?=, | (?:have|has|had|were|was|are|is|did|does|do|said|wrote|found|also|then|told|gave|made)\b| \w+ed\b)"
)
_PARTED = re.compile(r"[.!?:;][”\"]?\s")
_STOP_OR_COMMA = re.compile(r"[.!?;,][”\"]?\s")
_STOP = re.compile(r"[.!?;][”\"]?\s")
_NEAR = 600
_BLANK = 6


class Antecedents:
    """Whom the pronouns of one text mean.

    ``identify`` says whom words at a place mean, ``people`` whom words for people do, by their noun and number.
    """

    def __init__(
        self,
        text: str,
        met: Met,
        identify: Callable[[str, int], Speaker],
        people: Callable[[str, str, Head, int | None], Speaker],
    ) -> None:
        self._text = text
        self._met = met
        self._identify = identify
        self._people = people

    def of(self, words: str, at: int) -> Speaker:
        """Whom a pronoun at a place means; a guess."""
        start = self._paragraph(at)
        personal, several = words.lower() in ("he", "she"), words.lower() == "they"
        if personal and (began := self._met.subject(self._text[start:at], start, words)):
            return began
        found = [self._people_before(start, at, several)] if personal or several else []
        if not several and words.lower() != "them":
            found.append(self._newly_named(start, at, words))
        if nearest := max((one for one in found if one), key=lambda one: one[0], default=None):
            return nearest[1]
        return self._pointed_at(words, at)

    def _paragraph(self, at: int) -> int:
        """Where the paragraph of a place begins, or the one before where nothing of it stands before that place."""
        start = self._text.rfind("\n", max(0, at - _NEAR), at) + 1
        if start and not self._text[start:at].strip(" “\"‘'"):
            above = self._text[:start].rstrip()
            start = above.rfind("\n") + 1 if start - len(above) < _BLANK else start
        return max(start, at - _NEAR, 0)

    def _newly_named(self, start: int, at: int, pronoun: str) -> tuple[int, Speaker] | None:
        """Whom a text names in full behind all that was said, and where: "Ann Lee left. She …", "My aide, Ann Lee, left. She …"."""
        begin = max(start, self._met.last(at) + 1)
        for match in reversed(list(_NAMED_BY_COMMA.finditer(self._text, max(begin - 1, 0), at))):
            name = match["name"]
            if name.split()[0].lower() in function_words("preposition"):  # "For Anna Vinge, 71, …"
                name = name.split(" ", 1)[1]
            if " " in name and _STOP.search(self._text, match.end(), at):
                found = self._identify(name, match.start("name"))
                if found.kind == "person" and self._met.can_be(found, pronoun):
                    why = f"{found.name} is named before"
                    return match.start(), replace(found, guess=True, confidence=0.5, reason=why)
        begun = [
            match for form in (_BEGUN, _BEGUN_IN_FULL) for match in form.finditer(self._text, max(begin - 1, 0), at)
        ]
        for match in sorted(begun, key=lambda one: -one.start("who")):
            who = self._begun(match["who"], match.start("who"))
            if who and self._met.can_be(who, pronoun) and _STOP_OR_COMMA.search(self._text, match.end(), at):
                why = f"{who.name} began the sentence before"
                return match.start(), replace(who, guess=True, confidence=0.5, reason=why)
        return None

    def _begun(self, who: str, at: int) -> Speaker | None:
        """The person whom words that begin a sentence name in full; None where they name none."""
        first, _, rest = who.partition(" ")
        if first.lower() in function_words("determiner"):  # "The White House"
            return None
        if any(first.lower() in function_words(kind) for kind in ("preposition", "subordinator", "adverb")):
            who = rest
        if not who:
            return None
        who = who if " " in who else full_name(self._text, who, at)
        if " " not in who or f"{who}, which " in self._text:
            return None
        found = self._identify(who, at)
        return found if found.kind == "person" and not found.unnamed else None

    def _pointed_at(self, words: str, at: int) -> Speaker:
        """Whom a pronoun means; "she" is rather somebody named than a source nearer by whom nobody names; a guess."""
        found = self._met.pronoun(words, at)
        if not found.unnamed or words.lower() not in ("he", "she"):
            return found
        begin = max(0, at - _NEAR)
        places = [
            (place, met)
            for met in self._met.named(words)
            if (place := self._text.rfind(met.name.split()[-1], begin, at)) > self._met.place(found)
        ]
        if not places:
            return found
        _, who = max(places, key=lambda one: one[0])
        return replace(who, guess=True, confidence=0.45, reason=f"“{words}” points back to {who.name}")

    def _people_before(self, start: int, at: int, several: bool) -> tuple[int, Speaker] | None:
        """People, or one, whom a sentence begins with behind all that was said, and where: "The researchers looked. They …"."""
        begin = max(start, self._met.last(at) + 1)
        for match in reversed(list(_PEOPLE_BEGIN.finditer(self._text, max(begin - 1, 0), at))):
            bare, _, size = stripped(match["who"])
            noun, _ = head_noun(bare)
            if not several and not _PARTED.search(self._text, match.end(), at):
                continue  # "The chancellor is late, she said"
            if noun is not None and noun.plural == several and noun.what == "people":
                found = self._people(match["who"], bare, noun, size)
                why = f"“{match['who']}” began the sentence before"
                return match.start(), replace(found, guess=True, confidence=0.6, reason=why)
        return None
