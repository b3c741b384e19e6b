"""What the address of a page tells: its host, and the day that many publishers write into it."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from onrecord.dates import bounds

__all__ = ["day_in", "host"]

_PREFIXES = ("www.", "m.", "amp.", "mobile.", "edition.")
_DAY = re.compile(r"/((?:19|20)[0-9]{2})[/-]?(0[1-9]|1[0-2])[/-]?(0[1-9]|[12][0-9]|3[01])(?:/|-|$)")


def host(url: str) -> str:
    """The host of an address, without the prefix of its editions; empty where it has none."""
    try:
        found = (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""
    for prefix in _PREFIXES:
        found = found.removeprefix(prefix)
    return found


def day_in(url: str) -> str:
    """The day (ISO 8601) in the path of an address, empty where there is none."""
    match = _DAY.search(url)
    day = "-".join(match.groups()) if match else ""
    return day if not bounds(day).problem else ""
