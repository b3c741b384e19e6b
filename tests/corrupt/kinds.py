"""What a kind of corruption is, and the list that the modules of kinds fill."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from corrupt.copied import Copy, Expected, Wrong

__all__ = ["KINDS", "Corrupt", "Kind", "kind"]

Corrupt = Callable[[Copy, Random], list[Expected | Wrong]]


@dataclass(frozen=True)
class Kind:
    """One kind of corruption: ``corrupt`` breaks a copy at a random place and says what must be found."""

    name: str
    group: str
    corrupt: Corrupt

    def trial(self, copy: Copy, number: int) -> list[Expected]:
        """Break a copy; returns what must be found. The same number breaks the same place."""
        wrongs = self.corrupt(copy, Random(f"{self.name} {number}"))
        copy.save()
        return [wrong.expected() if isinstance(wrong, Wrong) else wrong for wrong in wrongs]


KINDS: dict[str, Kind] = {}


def kind(group: str, name: str) -> Callable[[Corrupt], Corrupt]:
    """Note a function as a kind."""

    def note(corrupt: Corrupt) -> Corrupt:
        if name in KINDS:
            raise ValueError(f"two kinds are named {name!r}")
        KINDS[name] = Kind(name, group, corrupt)
        return corrupt

    return note
