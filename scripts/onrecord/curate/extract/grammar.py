"""The part that each word plays in its sentence, told from closed word lists, endings and neighbours."""

from __future__ import annotations

from onrecord.curate.extract.lexicon import Form, function_words, verb_forms
from onrecord.curate.extract.tokens import Token

__all__ = ["AUXILIARY", "NOMINAL", "tag"]

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
_NOT_ADVERBS = frozenset(
    [
        "family",
        "ally",
        "reply",
        "supply",
        "rally",
        "italy",
        "july",
        "assembly",
        "anomaly",
        "monopoly",
        "fly",
        "bully",
        "jelly",
        "belly",
    ]
)
_KNOWN_ADJECTIVES = frozenset(
    [
        "new",
        "old",
        "former",
        "last",
        "next",
        "own",
        "other",
        "good",
        "bad",
        "big",
        "small",
        "high",
        "low",
        "long",
        "short",
        "same",
        "different",
        "early",
        "late",
        "young",
        "american",
        "russian",
        "republican",
        "democratic",
        "clear",
        "unclear",
        "sure",
        "likely",
        "unlikely",
        "able",
        "ready",
        "willing",
        "close",
        "public",
        "private",
        "federal",
        "national",
        "local",
        "white",
        "black",
        "red",
        "great",
        "large",
        "senior",
        "top",
        "chief",
        "key",
        "major",
        "minor",
        "main",
    ]
)
_CLITICS = frozenset({"'s", "'re", "'ve", "'ll", "'d", "'m"})


def _closed(word: str) -> str | None:
    for name in _CLASSES:
        if word in function_words(name if name != "not" else "not"):
            return name
    return None


def tag(tokens: list[Token], first: int, last: int) -> list[str]:
    """One tag per token from ``first`` up to ``last``: a closed class, a verb form, or a kind of noun."""
    tags: list[str] = []
    headline = _is_headline(tokens, first, last)
    for at in range(first, last):
        before = tags[-1] if tags else "start"
        tags.append(_tag(tokens, at, first, last, before, tags, headline))
    return tags


def _is_headline(tokens: list[Token], first: int, last: int) -> bool:
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
    if word == "to":
        return "to"
    capital = token.text[0].isupper()
    begins = before in ("start", "mark")
    verb = headline and not begins and word in verb_forms()
    if (
        capital
        and not begins
        and not verb
        and not (token.text.isupper() and len(word) > 3)
        and word not in ("i", "i'm")
    ):
        return "name"
    if word == "that":
        return _that(tokens, at, last, before)
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
        return _verb(word, forms, before, tags, tokens, at, first, last)
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


def _that(tokens: list[Token], at: int, last: int, before: str) -> str:
    """Whether "that" points at something, heads a relative clause, or opens a clause."""
    following = tokens[at + 1].lower if at + 1 < last else ""
    if before in ("preposition", "start") or (
        following in function_words("be") | function_words("modal") and before != "noun"
    ):
        return "determiner"
    return "relative"


def _verb(
    word: str,
    forms: tuple[Form, ...],
    before: str,
    tags: list[str],
    tokens: list[Token],
    at: int,
    first: int,
    last: int,
) -> str:
    """Whether a word that may be a verb is one here, and which form of it."""
    kinds = {form.form for form in forms}
    after = _next_tag(tokens, at, last)
    nounlike = not (before == "adjective" and after in ("relative", "pronoun", "end")) and before in (
        "determiner",
        "possessive",
        "genitive",
        "adjective",
        "number",
    )
    if "past" in kinds or "participle" in kinds:
        kind = "participle" if "past" not in kinds else "past"
        if "base" in kinds and kind == "past" and before in ("to", "modal", "do"):
            return "base"
        if (
            nounlike
            and before != "number"
            and not (
                before == "determiner"
                and tokens[at - 1].lower in ("that", "this", "some", "many", "all", "most", "both", "several")
            )
        ):
            return "adjective" if after in ("noun?", "name") else "noun"
        return kind
    if word in function_words("verb_only") and not (nounlike and before != "number"):
        return "third" if "third" in kinds else "base"
    if "ing" in kinds:
        if nounlike or (before == "preposition" and after not in _FOLLOWS_VERB):
            return "noun"
        return "ing"
    if "third" in kinds:
        if after in AUXILIARY and after != "do":
            return "noun"
        if nounlike or (
            before in ("preposition", "to", "modal", "ing", "base", "past", "third", "conjunction")
            and after not in _FOLLOWS_VERB
        ):
            return "noun"
        if before in ("pronoun", "name", "relative", "adverb"):
            return "noun" if before == "name" and after in ("noun?", "end") else "third"
        if before == "noun":
            return "third" if after in _FOLLOWS_VERB and not _plural(tokens[at - 1].lower) else "noun"
        if before in ("conjunction", "mark"):
            return "third" if after in _FOLLOWS_VERB else "noun"
        return "noun"
    if before in ("to", "modal", "do", "negated", "not"):
        return "base"
    if before in ("pronoun", "relative"):
        return "base"
    if before == "adverb":
        return (
            "base"
            if after in _FOLLOWS_VERB or (len(tags) > 1 and tags[-2] in AUXILIARY | {"pronoun", "to", "not"})
            else "noun"
        )
    if before in ("noun", "name") and _plural(tokens[at - 1].lower) and after in _FOLLOWS_VERB | {"preposition"}:
        return "base"
    if before in ("start", "mark", "conjunction") and after in _FOLLOWS_VERB and (tags[-2:-1] != ["noun"]):
        return "base"
    return "noun"


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
    if word in function_words("noun") or word.removesuffix("s") in function_words("noun"):
        return "noun"
    if word in _KNOWN_ADJECTIVES:
        return "adjective"
    if word.endswith("ly") and word not in _NOT_ADVERBS:
        return "adverb"
    if word.endswith("ed") and len(word) > 4:
        return "adjective" if before in ("determiner", "possessive", "genitive", "adjective", "preposition") else "past"
    if word.endswith("ing") and len(word) > 5:
        return "noun" if before in ("determiner", "possessive", "genitive", "adjective") else "ing"
    if word.endswith(_ADJECTIVES):
        return "adjective"
    return "noun"
