"""The part that each word plays in its sentence, told from closed word lists, endings and neighbours."""

from __future__ import annotations

from onrecord.curate.extract.lexicon import Form, function_words, verb_forms
from onrecord.curate.extract.tokens import Token

__all__ = ["AUXILIARY", "NOMINAL", "is_titled", "tag"]

AUXILIARY = frozenset({"be", "have", "do", "modal", "negated"})
NOMINAL = frozenset(
    {"noun", "name", "pronoun", "object", "number", "possessive", "determiner", "adjective", "genitive"}
)
_CLASSES = (
    "be", "have", "do", "modal", "negated", "not", "determiner", "possessive", "pronoun", "object", "number",
    "conjunction", "relative", "subordinator", "preposition", "adverb",
)  # fmt: skip
_FOLLOWS_VERB = frozenset({"determiner", "possessive", "pronoun", "object", "number", "name", "mark", "relative", "to"})
_ADJECTIVES = ("ous", "ful", "ive", "able", "ible", "ical", "ic", "al", "less", "ish")
_REPORTED = frozenset({"report", "reports", "claim", "claims", "rumors", "rumours", "warnings"})
_SOME = frozenset({"about", "around", "roughly", "nearly", "almost"})
_PARTS = frozenset({"half", "two-thirds", "$"})
_CLITICS = frozenset({"'s", "'re", "'ve", "'ll", "'d", "'m"})


def _closed(word: str) -> str | None:
    for name in _CLASSES:
        if word in function_words(name):
            return name
    return None


def tag(tokens: list[Token], first: int, last: int) -> list[str]:
    """One tag per token from ``first`` up to ``last``: a closed class, a verb form, or a kind of noun."""
    tags: list[str] = []
    headline = is_titled(tokens, first, last)
    for at in range(first, last):
        before = tags[-1] if tags else "start"
        tags.append(_tag(tokens, at, first, last, before, tags, headline))
    return tags


def is_titled(tokens: list[Token], first: int, last: int) -> bool:
    """Whether nearly all long words begin with a capital, as in a headline."""
    long = [token.text for token in tokens[first:last] if len(token.text) > 3 and token.text[0].isalpha()]
    return len(long) > 3 and sum(word[0].isupper() for word in long) > 0.75 * len(long)


def _tag(tokens: list[Token], at: int, first: int, last: int, before: str, tags: list[str], headline: bool) -> str:
    token = tokens[at]
    word = token.lower
    following = tokens[at + 1].lower if at + 1 < last else ""
    if not (token.text[0].isalnum() or word in _CLITICS):
        short = word == "." and before == "name" and at + 1 < last and tokens[at - 1].end == token.start
        if short:
            return "name"
        return "genitive" if _plural_genitive(tokens, at, first, last, before) else "mark"
    if word in _CLITICS:
        return _clitic(word, before, following)
    if word[0].isdigit():
        return "number"
    if word in _SOME and (following[:1].isdigit() or following in _PARTS or following in function_words("number")):
        return "adverb"
    if word == "to":
        return "to"
    capital = token.text[0].isupper()
    begins = before in ("start", "mark")
    verb = headline and not begins and (word in verb_forms() or _closed(word) is not None)
    if (
        capital
        and not begins
        and not verb
        and not (token.text.isupper() and len(word) > 3)
        and word not in ("i", "i'm")
    ):
        return "name"
    if word == "that":
        return _that(before, following)
    if word == "close" and following == "to" and before in ("noun", "name"):  # "sources close to the talks"
        return "adjective"
    if word == "since" and before == "have":  # "has since said"
        return "adverb"
    if word in _REPORTED and following == "of":  # "that reports of a date were early"
        return "noun"
    if word == "turn" and tokens[at - 1].lower == "in" and tags[-2:-1] == ["relative"]:  # "which in turn cited"
        tags[-1] = "adverb"
        return "adverb"
    if word == "neither" and before == "modal" and following in verb_forms():
        return "not"
    closed = _closed(word)
    if word == "like" and (before in AUXILIARY or before in ("pronoun", "to")):
        return "base"
    if closed:
        return closed
    if word.endswith("n't"):
        return "negated"
    forms = verb_forms().get(word)
    if forms and capital and begins and _name_follows(tokens, at, last) and {form.form for form in forms} == {"base"}:
        return "name"
    if forms:
        return _verb(forms, tokens, at, last, tags)
    if capital:
        return "name"
    return _open(word, before)


def _name_follows(tokens: list[Token], at: int, last: int) -> bool:
    """Whether the next word begins with a capital: "Hope Hicks"."""
    return at + 1 < last and tokens[at + 1].text[0].isupper()


def _plural_genitive(tokens: list[Token], at: int, first: int, last: int, before: str) -> bool:
    """Whether an apostrophe ends "the victims' families"."""
    if tokens[at].lower != "'" or before not in ("noun", "name") or at + 1 >= last or at == first:
        return False
    joined = tokens[at - 1].end == tokens[at].start and tokens[at - 1].lower.endswith("s")
    return joined and tokens[at + 1].start > tokens[at].end and tokens[at + 1].text[0].isalpha()


def _clitic(word: str, before: str, following: str) -> str:
    if word == "'s":
        is_verb = before == "pronoun" or (before not in ("noun", "name") and following in ("a", "the", "not", "been"))
        return "be" if is_verb else "genitive"
    return {"'re": "be", "'m": "be", "'ve": "have"}.get(word, "modal")


def _that(before: str, following: str) -> str:
    """Whether "that" points at something, heads a relative clause, or opens a clause."""
    if before in ("preposition", "start") or (
        following in function_words("be") | function_words("modal") and before != "noun"
    ):
        return "determiner"
    return "relative"


def _verb(forms: tuple[Form, ...], tokens: list[Token], at: int, last: int, tags: list[str]) -> str:
    """Whether a word that may be a verb is one here, and which form of it."""
    word, before, after = tokens[at].lower, tags[-1] if tags else "start", _next_tag(tokens, at, last)
    previous = tokens[at - 1].lower if tags else ""
    kinds = {form.form for form in forms}
    described = before == "adjective" and after not in ("relative", "pronoun", "end")
    first = tags[-2:] == ["determiner", "adverb"] and previous == "first"  # "the first meeting"
    owned = described or first or before in ("determiner", "possessive", "genitive")
    if kinds & {"past", "participle"}:
        if previous == "other":  # "the other said"
            return "past" if "past" in kinds else "participle"
        return _past(kinds, previous, before, after, owned=owned)
    if word in function_words("verb_only") and not owned:
        return "third" if "third" in kinds else "base"
    if "ing" in kinds:
        noun = owned or before == "number" or (before == "preposition" and after not in _FOLLOWS_VERB)
        return "noun" if noun else "ing"
    if "third" in kinds:
        return "noun" if owned or before == "number" else _third(previous, before, after)
    return _base(previous, before, after, tags)


def _past(kinds: set[str], previous: str, before: str, after: str, *, owned: bool) -> str:
    """A past form: "called", after "to" a base ("to read"), after an article part of a noun phrase ("a called vote")."""
    if "base" in kinds and "past" in kinds and before in ("to", "modal", "do"):
        return "base"
    if owned and not (before == "determiner" and previous in function_words("standing_alone")):
        return "adjective" if after in ("noun?", "name") else "noun"
    return "past" if "past" in kinds else "participle"


def _third(previous: str, before: str, after: str) -> str:
    """ "claims", "plans": a verb after one that can be its subject and before what can be its object."""
    takes = after in _FOLLOWS_VERB
    if previous in ("more", "most", "fewer", "other", "such"):
        return "noun"
    if after in AUXILIARY and after != "do":
        return "noun"
    if before in ("pronoun", "relative", "adverb"):
        return "third"
    if before == "name":
        return "noun" if after in ("noun?", "end") else "third"
    if before == "noun":
        return "third" if takes and not _plural(previous) else "noun"
    if before in ("past", "base", "ing", "preposition"):  # "dampened plans to return", "by states that …"
        return "noun"
    return "third" if takes and before != "start" else "noun"


def _base(previous: str, before: str, after: str, tags: list[str]) -> str:
    """ "claim", "plan": a verb after an auxiliary, "to", a pronoun or a plural."""
    takes = after in _FOLLOWS_VERB
    if before in ("to", "modal", "do", "negated", "not", "pronoun", "relative"):
        return "base"
    if before == "adverb":
        helped = len(tags) > 1 and tags[-2] in AUXILIARY | {"pronoun", "to", "not"}
        return "base" if takes or helped else "noun"
    if tags[-3:] == ["name", "conjunction", "name"] and (takes or after == "noun?"):  # "Ann and Bob weigh talks"
        return "base"
    if before in ("noun", "name"):
        return "base" if _plural(previous) and (takes or after == "preposition") else "noun"
    begins = before in ("start", "mark", "conjunction") and tags[-2:-1] != ["noun"]
    return "base" if begins and takes else "noun"


def _plural(word: str) -> bool:
    return word in ("people", "men", "women", "police", "children", "media") or (
        word.endswith("s") and not word.endswith(("ss", "us", "is"))
    )


def _next_tag(tokens: list[Token], at: int, last: int) -> str:
    if at + 1 >= last:
        return "end"
    token = tokens[at + 1]
    if token.text in (".", "?", "!"):
        return "end"
    if not token.text[0].isalnum():
        return "mark"
    if token.lower == "to":
        return "to"
    if token.lower == "that":
        return "relative"
    closed = _closed(token.lower)
    if closed == "subordinator":
        return "relative"
    if closed:
        return closed
    if token.text[0].isupper():
        return "name"
    return "noun?"


def _open(word: str, before: str) -> str:
    last = word.rpartition("-")[2]  # "secretary-general"
    if last in function_words("noun") or last.removesuffix("s") in function_words("noun"):
        return "noun"
    if word in function_words("adjective"):
        return "adjective"
    if word.endswith("ly") and word not in function_words("noun_in_ly"):
        return "adverb"
    if word.endswith("ed") and len(word) > 4:
        return "adjective" if before in ("determiner", "possessive", "genitive", "adjective", "preposition") else "past"
    if word.endswith("ing") and len(word) > 5:
        return "noun" if before in ("determiner", "possessive", "genitive", "adjective") else "ing"
    if word.endswith(_ADJECTIVES):
        return "adjective"
    return "noun"
