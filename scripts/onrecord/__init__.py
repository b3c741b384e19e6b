"""On Record: who said what, on whose word, how surely, and what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from onrecord.dataset import Dataset, load
    from onrecord.tableschema import schema

__all__ = ["Dataset", "load", "schema"]

_HOME = {"Dataset": "onrecord.dataset", "load": "onrecord.dataset", "schema": "onrecord.tableschema"}


def __getattr__(name: str) -> Any:
    """Import the public names on first use, so that the command line starts at once."""
    if name not in _HOME:
        raise AttributeError(f"module 'onrecord' has no attribute {name!r}")
    import importlib

    return getattr(importlib.import_module(_HOME[name]), name)
