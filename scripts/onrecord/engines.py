"""Which engine checks a package, and whether what it finds is told cause by cause or each fault by itself."""

from __future__ import annotations

import importlib.util
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from onrecord.columnar import SUFFIX
from onrecord.evidence import find_texts, texts_folder
from onrecord.files import descriptor_complete
from onrecord.findings import PackageError
from onrecord.package import Package
from onrecord.report import Report
from onrecord.rulebook import rulebook
from onrecord.rules import RULES
from onrecord.validate import Validator

__all__ = ["Check", "EngineName"]

EngineName = Literal["auto", "pandera", "duckdb", "spark"]
LARGE = 20 * 2**20
"""Packages with more bytes of CSV than this are read by DuckDB, and every fault is told by itself."""
_EACH = 5
_UNPACKED = 6

_MEMORY, _AT_MOST = "380MB", "760MB"


@dataclass
class Check:
    """One check of a package by an engine.

    DuckDB does unless another engine is named; where it finds something wrong, and the package is small, the
    validator in memory tells the causes. ``each`` tells every faulty cell by itself, as is always done for
    large packages, whose findings may be without number: the report then holds the first ``most``, or some
    of each rule, and ``everything`` is the Parquet to which all are written. ``memory`` bounds what DuckDB
    holds; where it is left out, 380MB do, and twice that for what cannot do with it alone. ``master`` is the URL of
    Spark's cluster.
    """

    validator: Validator
    engine: EngineName = "auto"
    each: bool = False
    memory: str | None = None
    most: int | None = None
    everything: Path | None = None
    master: str | None = None

    def run(self, package: Package) -> Report:
        """The report. Raises PackageError when the check cannot be begun, or the engine cannot go on."""
        if self.everything is not None:
            _writable(self.everything, package)
        each = self.each or self.everything is not None or _size(package) > LARGE
        if self.engine == "pandera" and not each:
            return self.validator.check(package)
        try:
            report = self._surveyed(package)
        except PackageError:
            if self.engine != "auto" or each:
                raise
            return self.validator.check(package)  # which needs no folder for temporary files
        if each or (report.valid and not report.count()):
            return report
        return self.validator.check(package)  # something is wrong, and the package small enough to tell why

    def _surveyed(self, package: Package) -> Report:
        from onrecord.duck import BrokenError

        try:
            return self._begun(package, self.memory or _MEMORY)
        except BrokenError:
            return self._begun(package, self.memory or _AT_MOST)

    def _begun(self, package: Package, memory: str) -> Report:
        from onrecord.duck import plainly

        with _folder() as name, plainly(self.memory or _AT_MOST):
            return self._listed(package, "duckdb" if self.engine == "auto" else self.engine, Path(name), memory)

    def _listed(self, package: Package, engine: EngineName, folder: Path, memory: str) -> Report:
        if engine == "spark" and importlib.util.find_spec("pyspark") is None:
            raise ModuleNotFoundError("No module named 'pyspark'", name="pyspark")
        from onrecord.duck import Duck
        from onrecord.reference import Reference
        from onrecord.sparked import Spark
        from onrecord.survey import Survey

        duck = Duck(memory, folder, _size(package), "" if self.memory else _AT_MOST)
        texts = find_texts(
            self.validator.texts or texts_folder(package.root if isinstance(package.root, Path) else None)
        )
        found: Reference | Survey
        if engine == "pandera":
            found = Reference(package, duck, texts)
        else:
            found = Survey(package, Spark(self.master, duck) if engine == "spark" else duck, folder, texts)
        wanted, tables = self.validator.rules, self.validator.tables
        found.run(tuple(rule for rule in RULES if not wanted or rule.name in wanted))
        listing = found.listing
        hindrances = [
            rule.name for rule in rulebook().values() if rule.topic == "files" and rule.name != "canonical-form"
        ]
        listing.narrow(wanted, tables, hindrances)
        listing.add(descriptor_complete(package))
        alone = [rule.name for rule in rulebook().values() if rule.topic in ("files", "cells")]
        if self.everything is not None:
            listing.write(self.everything)
        return Report(
            package.label,
            listing.first(self.most, None if self.most is not None else _EACH),
            found.rows,
            [*found.checked, *(name for name in alone if not wanted or name in wanted)],
            found.skipped,
            found.texts_at_hand,
            version=str(package.descriptor.get("version") or ""),
            found=listing.counts,
            files=listing.files,
            unread=found.unread,
        )


def _folder() -> tempfile.TemporaryDirectory[str]:
    try:
        return tempfile.TemporaryDirectory(prefix="onrecord-")
    except OSError as error:
        raise PackageError(f"there is no folder for temporary files (TMPDIR): {error.strerror}") from None


def _writable(path: Path, package: Package) -> None:
    """Refuse a file that cannot be written, or that would lie among those of the package."""
    if path.is_dir() or not path.parent.is_dir() or not os.access(path if path.exists() else path.parent, os.W_OK):
        raise PackageError(f"--findings {path} cannot be written; name a file in a folder that is there")
    if isinstance(package.root, Path) and path.resolve().is_relative_to(package.root.resolve()):
        inner = path.resolve().relative_to(package.root.resolve())
        if inner.parts[0] in {"datapackage.json", "dataset", "schemas", "releases", *_folders(package)}:
            raise PackageError(f"--findings {path} lies among the files of the package; name another folder")


def _folders(package: Package) -> set[str]:
    return {Path(package.path(name)).parts[0] for name in package.names}


def _size(package: Package) -> int:
    """The bytes of a package, were all its tables CSVs; those of Parquet are guessed."""
    paths = [package.path(name) for name in package.names]
    return sum(package.size(path) * (_UNPACKED if path.endswith(SUFFIX) else 1) for path in paths)
