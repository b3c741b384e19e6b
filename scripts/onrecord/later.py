"""Ibis, loaded when it is first used: the rules that come with the program are compiled, and run without it."""

from __future__ import annotations

import importlib.util
import sys
from types import ModuleType

__all__ = ["ibis"]


def _later(name: str) -> ModuleType:
    """A module that is loaded at its first attribute (importlib.util.LazyLoader). Raises ModuleNotFoundError."""
    if name in sys.modules:
        return sys.modules[name]
    spec = importlib.util.find_spec(name)
    if spec is None or spec.loader is None:
        raise ModuleNotFoundError(f"No module named {name!r}", name=name)
    spec.loader = importlib.util.LazyLoader(spec.loader)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


ibis = _later("ibis")
