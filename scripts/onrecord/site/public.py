"""The address at which readers find the site, where it is not the one it listens on."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from onrecord.findings import PackageError, shown
from onrecord.site.records import PREFIXES

__all__ = ["HOST", "Public", "public"]

HOST = re.compile(r"(?:[A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{1,5})?", re.ASCII)
"""A host, with a port or without."""
_STEPS = re.compile(r"(?:/[A-Za-z0-9_][A-Za-z0-9._-]*)*/?", re.ASCII)
_OWN = {"onrecord", "assets", "as-of", "origins", "cite", "question", "report", "download", *PREFIXES.values()}
_EXAMPLE = "write it whole, such as https://data.example.org/ or https://example.org/on-record/"


@dataclass(frozen=True)
class Public:
    """The address at which readers find the site: scheme, host with port, and a path between slashes."""

    scheme: str = ""
    host: str = ""
    base: str = "/"

    @property
    def origin(self) -> str:
        """The whole address; empty where only requests tell it."""
        return f"{self.scheme}://{self.host}{self.base}" if self.host else ""


def public(url: str | None) -> Public:
    """The parts of a public address. Raises PackageError for one that readers could not use."""
    if url is None:
        return Public()
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise PackageError(f"--url {shown(url)} is no address; {_EXAMPLE}") from None
    if not url.isprintable() or parts.scheme not in ("http", "https") or not HOST.fullmatch(parts.netloc) or port == 0:
        raise PackageError(f"--url {shown(url)} has no http:// or https:// with a host; {_EXAMPLE}")
    if "?" in url or "#" in url:
        raise PackageError(f"--url {shown(url)} ends in a query or a fragment; {_EXAMPLE}")
    if not _STEPS.fullmatch(parts.path):
        raise PackageError(
            f"--url {shown(url)}: its path may have letters, digits, '-', '_' and '.' between slashes; {_EXAMPLE}"
        )
    first = parts.path.split("/")[1:2]
    if first and first[0] in _OWN:
        raise PackageError(
            f"--url {shown(url)}: /{first[0]}/ is an address of the site itself; serve it below another path"
        )
    return Public(parts.scheme, parts.netloc, parts.path.rstrip("/") + "/")
