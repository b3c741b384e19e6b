"""A speaker, and who is new: outlets and persons that the package does not have, and words that join several."""

from __future__ import annotations

import re
from dataclasses import dataclass

from onrecord.curate.naming import fold
from onrecord.curate.resolve.background import Row
from onrecord.curate.resolve.lexicons import Head, heads, outlets
from onrecord.curate.resolve.names import country_of, words_of
from onrecord.curate.resolve.nouns import HONORIFIC, UNNAMED, proper
from onrecord.curate.resolve.posts import Post
from onrecord.curate.spans import Span

__all__ = [
    "OUTLET_NAME",
    "Speaker",
    "joint",
    "named_newly",
    "new_person",
    "of_the_trade",
    "outlet_in",
    "recorded",
    "unnamed",
]

_OUTLET_WORDS = frozenset({
    "the", "a", "its", "state", "run", "owned", "controlled", "backed", "official", "news", "agency",
    "agencies", "newspaper", "paper", "daily", "wire", "service", "website", "site", "channel", "broadcaster",
    "network", "television", "tv", "radio", "outlet", "tabloid", "weekly", "magazine", "correspondent", "correspondents",
    "reporter", "reporters", "journalist", "journalists", "media", "press", "based", "english", "language",
    "independent", "business", "local", "national", "s",
})  # fmt: skip
_AGENCY_NAMED = re.compile(
    r"(?:the |an? )?(?:(?:[A-Z]\w+(?:['’]s)? |state(?:-run|-owned)? |(?:local|private|official|public|national|independent) )*)"
    r"(?:(?:news agency|newspaper|broadcaster|news site|news outlet|magazine|tabloid|daily|weekly|news website|channel) (?P<after>(?!The\b|An?\b)[A-Z][\w-]*(?: [A-Z][\w-]*){0,3})"
    r"|(?P<before>(?!(?:The|An?|State|Local|National|Public|Official)\b)[A-Z][\w-]*(?: [A-Z][\w-]*){0,3}) (?:news agency|newspaper|magazine|news site|television))",
)
OUTLET_NAME = re.compile(
    r"\b(?:Times|Post|News|Journal|Herald|Agency|Press|Gazette|Chronicle|Tribune|Telegraph|Mirror|Observer|Courier|Daily"
    r"|Weekly|Globe|Examiner|Register|Radio|TV|Television|Broadcasting|Wire)\b"
)

_NAME_ONLY = re.compile(r"(?:the |The )?[A-Z][\w.-]*(?: [A-Z][\w.-]*){0,3}")
_PERSONAL = re.compile(r"(?<!pap)(?<!lett)(?<!ord)(?<!numb)(?<!cent)(?:er|or|ist|ian|man|woman|eer)$")
_FIRM = re.compile(
    r"\b(?:Minerals|Mining|Metals|Steel|Energy|Power|Oil|Gas|Petroleum|Airlines|Airways|Motors|Industries|Systems|Holdings"
    r"|Partners|Technologies|Labs|Laboratories|Foods|Pharma|Pharmaceuticals|Chemicals|Capital|Securities|Insurance|Telecom"
    r"|Shipping|Logistics|Railways|Water|Electric|Electronics|Aerospace|Shipyards?|Enterprises|Ventures|Brothers|Ltd|PLC|plc|AG|SA)$"
)
_TRADE = re.compile(r"[A-Z]?[a-z]+(?:ists|icians|orians|arians)")
_OWNED = re.compile(r"(?:[A-Z][\w.-]* )*[A-Z][\w.-]*['’]s? (?:[a-z]|[A-Z]\w+ [A-Z])")
_PUBLIC = re.compile(
    r"\b(?:government|ministr\w+|department|president\w*|cabinet|council|parliament|embassy|commission|foreign|defen[cs]e|interior"
    r"|office|agency|police|army|navy|court|Kremlin|White House|Pentagon)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Speaker:
    """Whom words mean: an actor of the package (``actor_id``), or a new one as the columns of actors describe it.

    ``called`` is what the source calls an unnamed one, from which its name is made. ``guess`` says that the words
    did not decide, ``reason`` which did. ``post`` is the post that the source gives a new person, ``body`` where it is
    held.
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
    post: Post | None = None
    body: Speaker | None = None

    @property
    def key(self) -> str:
        """What two mentions of the same speaker share."""
        return self.actor_id or f"{fold(self.name)}/{self.anonymity}"

    @property
    def unnamed(self) -> bool:
        """Whether the source does not name it."""
        return self.anonymity != "named"


def recorded(row: Row, reason: str, guess: bool = False, confidence: float = 0.95) -> Speaker:
    """An actor of the package, by its row, as a speaker."""
    return Speaker(
        row["actor_id"], row["actor_name"], row["actor_kind"], row["anonymity"], row["actor_country"], row["sector"],
        guess, confidence, reason,
    )  # fmt: skip


def joint(text: str, span: Span) -> list[tuple[Span, str]]:
    """The speakers of words that join several: each with its place, and its words where they share a noun.

    "South Korean and Russian media" are two, "American and allied officials" one, since what is allied is no country.
    """
    if both := re.match(r"[Bb]oth ", text[span.start : span.end]):
        span = Span(span.start + both.end(), span.end)
    if both := re.search(r", both [\w ]+$", text[span.start : span.end]):
        span = Span(span.start, span.start + both.start())
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
    listed = len(parts) == 2 or all(_NAME_ONLY.fullmatch(text[part.start : part.end]) for part in parts)
    if len(parts) > 1 and listed and " and " in words and all(_begins_name(text[p.start : p.end]) for p in parts):
        return [(part, text[part.start : part.end]) for part in parts]
    return [(span, words)]


def _begins_name(words: str) -> bool:
    begins = re.match(r"(?:the |The )?[A-Z]", words) or re.search(r"[a-z] [A-Z][\w’'-]+ [A-Z][\w’'-]+$", words)
    return bool(begins) and fold(words) != ""


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


def unnamed(words: str, bare: str, noun: Head, size: int | None) -> Speaker:
    """Somebody whom the text does not name: always an actor of its own, the same only within this text."""
    called = UNNAMED.sub("", bare).strip()
    several = noun.plural or noun.what == "media"
    kind = "group" if several else "media_outlet" if noun.what == "outlet" else noun.kind or "person"
    anonymity = "unnamed_group" if several or kind != "person" else "unnamed_individual"
    several_countries = re.match(r"[A-Z][\w.]* and ", called) is not None
    country = "" if several_countries else country_of(called)
    name, why = called[:1].upper() + called[1:], f"“{words}” names nobody"
    sector = _sector(called, noun)
    return Speaker("", name, kind, anonymity, country, sector or "UNK", False, 0.75, why, called, size)


def _sector(called: str, noun: Head) -> str:
    if "intelligence" in called.lower():
        return "SPY"
    if re.search(r"\b(?:defen[cs]e|military)\b", called, re.IGNORECASE) and noun.sector == "GOV":
        return "MIL"
    if noun.sector == "" and re.search(r"\bgovernment\b", called, re.IGNORECASE):
        return "GOV"
    speaks = re.search(r"\bspokes\w+ (?:for|of) (?:the )?(?P<whom>.+)", called)
    if speaks and not (country_of(speaks["whom"]) or _PUBLIC.search(speaks["whom"])):
        return ""  # a company, a union: what it is the words do not tell
    return noun.sector


def named_newly(words: str, head: str, bare: str, noun: Head | None) -> Speaker:
    """A named actor that the package does not have: a body by its noun, else a person by capital letters."""
    if noun is not None:
        name = re.sub(r"^(?:[Tt]he )?(?:[a-z-]+ )*(?=[A-Z])|^(?:the|The) ", "", head)
        what = "media_outlet" if noun.what == "outlet" else noun.kind or "organization"
        why = f"“{words}” is not in the package"
        return Speaker("", name, what, "named", country_of(bare), noun.sector, False, 0.6, why)
    if _TRADE.fullmatch(bare) or _OWNED.match(bare):  # "Mr. Lee's mother and aunt"
        return Speaker("", bare, "group", "unnamed_group", "", "UNK", False, 0.6, f"“{words}” names nobody", bare)
    person = proper(HONORIFIC.sub("", bare)) or proper(bare)
    if person and (" " in person or HONORIFIC.search(head)):
        if OUTLET_NAME.search(person):
            why = f"“{words}” looks like an outlet"
            return Speaker("", person, "media_outlet", "named", "", "JRN", True, 0.4, why)
        if _FIRM.search(person):
            return Speaker(
                "", person, "organization", "named", "", "BUS", True, 0.6, f"“{person}” is not in the package"
            )
        return new_person(person, words)
    if person:
        why = f"“{words}” is a name not in the package"
        return Speaker("", person, "organization", "named", country_of(person), "", True, 0.35, why)
    called = bare or words
    if _PERSONAL.search(called) and re.match(r"(?:the|an?|its|their|his|her) ", words, re.IGNORECASE):
        name, why = called[:1].upper() + called[1:], f"“{words}” names nobody known"
        return Speaker("", name, "person", "unnamed_individual", country_of(called), "UNK", True, 0.4, why, called, 1)
    name, why = called[:1].upper() + called[1:], f"“{words}” names nobody known"
    return Speaker("", name, "group", "unnamed_group", country_of(called), "UNK", True, 0.25, why, called)
