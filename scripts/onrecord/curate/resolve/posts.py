"""The post that the words around a person's name give: its title, and the body in which it is held."""

from __future__ import annotations

import re
from dataclasses import dataclass

from onrecord.curate.resolve.lexicons import heads
from onrecord.curate.resolve.nouns import UNNAMED

__all__ = ["Post", "post_of"]

_AFTER = re.compile(
    r",? (?:who is |who serves as )?(?:the |an? |its |their )?(?P<title>[a-z-]+(?: [a-z-]+){0,3}) (?:of|for|at|to|from) "
    r"(?P<body>(?:(?:the|its|their) )?[A-Z][^,;.“”\"\n]{2,60})(?=[,;.]|$)"
)
_LEADING = re.compile(r"^(?:the|an?|its|their|his|her|another|one|senior|chief|deputy|former|acting)\s+", re.IGNORECASE)
_LONGEST_TITLE = 3
_NO_POSTS = frozenset({
    "person", "friend", "father", "mother", "parent", "brother", "sister", "son", "daughter", "husband", "wife", "widow",
    "relative", "neighbour", "neighbor", "victim", "witness", "survivor", "supporter", "opponent", "latino", "hispanic",
    "muslim", "voter", "conservative", "liberal", "progressive", "republican", "democrat",
})  # fmt: skip


@dataclass(frozen=True)
class Post:
    """A post as the source words it: its title, and the words for the body."""

    title: str
    body: str

    @property
    def speaks(self) -> bool:
        """Whether it is the office of this post to speak for its body."""
        return self.title.lower().split()[-1].startswith(("spokes", "press"))


def post_of(words: str, name: str) -> Post | None:
    """The post in words around a name: "ministry spokesman Jan Dale", "Jan Dale, head of the Coast Guard"; None if none.

    A former post is none.
    """
    at = words.find(name)
    if at < 0 or re.search(r"\b(?:former|ex-|late)\b", words[: at + len(name) + 20], re.IGNORECASE):
        return None
    before = words[:at].rstrip(" ,").split()
    for length in range(_LONGEST_TITLE, 0, -1):
        title = UNNAMED.sub("", " ".join(before[-length:]))
        if len(before) > length and _is_post(title):
            body = " ".join(before[:-length])
            while match := _LEADING.match(body):
                body = body[match.end() :]
            return Post(title, re.sub(r"['’]s$", "", body)) if body else None
    after = _AFTER.match(words, at + len(name))
    if after and any(_is_post(" ".join(after["title"].split()[-n:])) for n in (1, 2, 3)):
        return Post(after["title"], after["body"].strip())
    return None


def _is_post(title: str) -> bool:
    noun = heads().get(title.lower())
    return noun is not None and noun.what == "people" and not noun.plural and noun.noun not in _NO_POSTS
