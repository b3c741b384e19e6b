"""Compiles ahead what the model needs: ``python -m onrecord.ahead`` writes ``compiled.json``, and 'make fmt' calls it."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from onrecord.compiled import STORE
from onrecord.duck import Duck
from onrecord.package import Package, open_package
from onrecord.survey import Survey

__all__ = ["compiled"]


def compiled(package: Package) -> bytes:
    """The SQL that a package with these schemas needs, as ``compiled.json`` holds it: the same every time."""
    made: dict[str, list[str]] = {}
    for texts in ({}, {"": ""}):
        with tempfile.TemporaryDirectory() as folder:
            survey = Survey(package, Duck("1GB", Path(folder)), Path(folder), texts)
            survey.run()
            survey.prepare()
        made |= survey.compiled.made
    return (json.dumps(made, ensure_ascii=False, indent=0, sort_keys=True) + "\n").encode("utf-8")


if __name__ == "__main__":
    STORE.write_bytes(compiled(open_package()))
