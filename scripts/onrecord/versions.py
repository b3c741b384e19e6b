"""Versions of the dataset, X.Y.Z, and how much of one a change moves."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum

from onrecord.findings import PackageError, shown

__all__ = ["Level", "Version", "version"]

# Nine digits at most: more is no version, and some would take a computer long to turn into a number.
_VERSION = re.compile(r"(0|[1-9][0-9]{0,8})\.(0|[1-9][0-9]{0,8})\.(0|[1-9][0-9]{0,8})", re.ASCII)


class Level(IntEnum):
    """How much a change matters to those who use the data, and so which part of the version it moves."""

    NONE = 0
    PATCH = 1
    MINOR = 2
    MAJOR = 3

    def __str__(self) -> str:
        return self.name.lower()


@dataclass(frozen=True, order=True)
class Version:
    """A semantic version without suffixes; versions compare by their numbers."""

    major: int
    minor: int
    patch: int

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}.{self.patch}"

    def bumped(self, level: Level) -> Version:
        """The next version at this level: itself at level none."""
        if level is Level.MAJOR:
            return Version(self.major + 1, 0, 0)
        if level is Level.MINOR:
            return Version(self.major, self.minor + 1, 0)
        return Version(self.major, self.minor, self.patch + (level is Level.PATCH))


def version(text: str) -> Version:
    """Read X.Y.Z, strictly. Raises PackageError for anything else."""
    match = _VERSION.fullmatch(text)
    if not match:
        raise PackageError(f"{shown(text)} is no version; write three numbers such as 1.2.0")
    return Version(*map(int, match.groups()))
