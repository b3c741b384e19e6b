"""Where something was said, by the words around it and the outlets that pass it on."""

from __future__ import annotations

import re

from onrecord.curate.resolve.background import Row
from onrecord.curate.resolve.lexicons import outlets, patterns

__all__ = ["channel_of", "outlet_channel"]

_STATE = re.compile(
    r"\bstate[- ](?:\w+ )?(?:news|media|run|owned|controlled|television|tv|agency|broadcaster)\b", re.IGNORECASE
)
_AGENCY = re.compile(r"\b(?:news agency|news agencies|newswire|news wire|wire service)\b", re.IGNORECASE)


def outlet_channel(actor: Row, words: str) -> str:
    """The channel that an outlet is, by its description and the words that name it: state_media, news_agency or press_report."""
    said = f"{actor.get('actor_description', '')} {actor.get('actor_name', '')} {words}"
    if _STATE.search(said):
        return "state_media"
    for outlet in outlets():
        if actor.get("actor_name") in (outlet.name, *outlet.also):
            return outlet.channel
    return "news_agency" if _AGENCY.search(said) else "press_report"


def channel_of(around: str) -> tuple[str, str]:
    """The channel that the words around a cue tell, and these words; "unspecified" where they do not."""
    for pattern, row in patterns("channels", "words"):
        if match := pattern.search(around):
            return row["channel"], match[0]
    return "unspecified", ""
