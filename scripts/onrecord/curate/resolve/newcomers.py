"""A speaker, and who is new: outlets and persons that the package does not have, and words that join several."""

from __future__ import annotations

import re
from dataclasses import dataclass

from onrecord.curate.resolve.lexicons import heads, outlets
from onrecord.curate.resolve.names import country_of, fold, words_of
from onrecord.curate.spans import Span

__all__ = ["OUTLET_NAME", "Speaker", "joint", "new_person", "of_the_trade", "outlet_in"]

_OUTLET_WORDS = frozenset({
    "the", "a", "its", "state", "run", "owned", "controlled", "backed", "official", "news", "agency",
    "agencies", "newspaper", "paper", "daily", "wire", "service", "website", "site", "channel", "broadcaster",
    "network", "television", "tv", "radio", "outlet", "magazine", "correspondent", "correspondents",
    "reporter", "reporters", "journalist", "journalists", "media", "press", "based", "english", "language",
    "independent", "business", "local", "national", "s",
})  # fmt: skip
_AGENCY_NAMED = re.compile(
    r"(?:the |an? )?(?:(?:[A-Z]\w+(?:['’]s)? |state(?:-run|-owned)? |local |private |official )*)"
    r"(?:(?:news agency|newspaper|broadcaster|news site|news outlet|magazine) (?P<after>(?!The\b|An?\b)[A-Z][\w-]*(?: [A-Z][\w-]*){0,3})"
    r"|(?P<before>(?!The\b|An?\b)[A-Z][\w-]*(?: [A-Z][\w-]*){0,3}) (?:news agency|newspaper|magazine|news site|television))",
)
OUTLET_NAME = re.compile(
    r"\b(?:Times|Post|News|Journal|Herald|Agency|Press|Gazette|Chronicle|Tribune|Telegraph|Mirror|Observer|Courier|Daily"
    r"|Weekly|Globe|Examiner|Register|Radio|TV|Television|Broadcasting|Wire)\b"
)


@dataclass(frozen=True)
class Speaker:
    """Whom words mean: an actor of the package (``actor_id``), or a new one as the columns of actors describe it.

    ``called`` is what the source calls an unnamed one, from which its name is made. ``guess`` says that the words
    did not decide, ``reason`` which did.
    """

    actor_id: str
    name: str
    kind: str = ""
    anonymity: str = "named"
    country: str = ""
    sector: str = ""
    guess: bool = False
    confidence: float = 1.0
    reason: str = ""
    called: str = ""
    size: int | None = None

    @property
    def key(self) -> str:
        """What two mentions of the same speaker share."""
        return self.actor_id or f"{fold(self.name)}/{self.anonymity}"

    @property
    def unnamed(self) -> bool:
        """Whether the source does not name it."""
        return self.anonymity != "named"


def joint(text: str, span: Span) -> list[tuple[Span, str]]:
    """The speakers of words that join several: each with its place, and its words where they share a noun.

    "South Korean and Russian media" are two, "American and allied officials" one, since what is allied is no country.
    """
    words = text[span.start : span.end]
    shared = re.fullmatch(r"((?:[A-Z][\w.]+ ?){1,2}) and ((?:[A-Z][\w.]+ ?){1,2}) ([a-z]+(?: [a-z]+)?)", words)
    if shared and shared[3] in heads() and country_of(shared[1]) and country_of(shared[2]):
        return [(span, f"{shared[1].strip()} {shared[3]}"), (span, f"{shared[2].strip()} {shared[3]}")]
    shared = re.fullmatch(r"((?:[A-Z][\w.]+ ?){1,2}) ([a-z]+) and ([a-z]+)", words)
    if shared and shared[2] in heads() and shared[3] in heads() and country_of(shared[1]):
        return [(span, f"{shared[1].strip()} {shared[2]}"), (span, f"{shared[1].strip()} {shared[3]}")]
    parts, at = [], span.start
    for match in re.finditer(r",? and |, ", words):
        parts.append(Span(at, span.start + match.start()))
        at = span.start + match.end()
    parts.append(Span(at, span.end))
    if len(parts) == 2 and " and " in words and all(_begins_name(text[part.start : part.end]) for part in parts):
        return [(part, text[part.start : part.end]) for part in parts]
    return [(span, words)]


def _begins_name(words: str) -> bool:
    return bool(re.match(r"(?:the |The )?[A-Z]", words)) and fold(words) != ""


def _new_outlet(name: str, country: str, words: str) -> Speaker:
    return Speaker(
        "", name, "media_outlet", "named", country, "JRN", False, 0.75, f"the outlet “{words}” is not in the package"
    )


def new_person(name: str, words: str) -> Speaker:
    """A named person who is not in the package, with the sector and country that the words around the name show."""
    noun = next(
        (heads()[word] for word, _, _ in words_of(words) if word in heads() and heads()[word].what == "people"), None
    )
    sector = noun.sector if noun else ""
    if re.search(r"\bformer\b", words, re.IGNORECASE) and sector == "GOV":
        sector = "ELI"
    if re.search(r"\b(?:Institute|University|College|School)\b", words):
        sector = "EDU"
    if re.search(r"\b(?:Gen|Brig|Col|Adm|Maj|Lt)\b", words):
        sector = "MIL"
    country = country_of(words)
    return Speaker("", name, "person", "named", country, sector or "UNK", False, 0.7, f"“{name}” is not in the package")


def outlet_in(words: str) -> Speaker | None:
    """A widely known outlet that the package does not have, or one that words call a news agency."""
    for outlet in outlets():
        for name in (outlet.name, *outlet.also):
            match = re.search(rf"(?<!\w){re.escape(name)}(?!\w)", words)
            if match and of_the_trade(words[: match.start()] + words[match.end() :]):
                return _new_outlet(outlet.name, outlet.country, words)
    if match := _AGENCY_NAMED.fullmatch(words):
        name = match["before"] or match["after"]
        return _new_outlet(name, country_of(words), words)
    return None


def of_the_trade(words: str) -> bool:
    """Whether words are only those that go with an outlet's name: "the state-run … news agency"."""
    others = {word for word, _, _ in words_of(words)} - _OUTLET_WORDS
    return all(country_of(word.capitalize()) for word in others)
