"""The worksheet of a source: its text is searched for attributions, and each becomes a proposal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from onrecord.curate.extract import extract
from onrecord.curate.language import guess_language
from onrecord.curate.proposals import propose
from onrecord.curate.resolve.background import background
from onrecord.curate.worksheet import Worksheet
from onrecord.findings import PackageError
from onrecord.package import Package

__all__ = ["guesses", "suggest", "worksheet_path"]

_TOGETHER = {
    "proposition_id": "proposition", "proposition_kind": "proposition", "claim_summary": "proposition",
    "speaker_id": "speaker", "said_edtf": "date", "said_basis": "date", "window_edtf": "window", "place_id": "place",
    "claim_condition": "condition",
}  # fmt: skip
_SUFFIXES = (".csv", ".xlsx")


def worksheet_path(package: Package, source_id: str, named: Path | None, force: bool) -> Path:
    """Where the worksheet of a source goes: the path named, else worksheets/SOURCE.csv in the package.

    Raises PackageError for a file of another kind, for one that is there (it may hold decisions) unless ``force``,
    and where the package is a zip and no path is named.
    """
    if named is None and not isinstance(package.root, Path):
        raise PackageError(f"{package.label}: a zip cannot be written to; name the worksheet with -o")
    path = named or Path(str(package.root)) / "worksheets" / f"{source_id}.csv"
    if path.suffix.lower() not in _SUFFIXES:
        raise PackageError(f"{path}: a worksheet is a .csv or an .xlsx; name it so")
    if path.is_dir():
        raise PackageError(f"{path}: is a folder; name a file")
    if path.exists() and not force:
        raise PackageError(f"{path}: is there already and may hold decisions; name another with -o, or say --force")
    return path


def suggest(
    package: Package, source_id: str, text: str, tell: Callable[[str, int, int], None] | None = None
) -> Worksheet:
    """The proposals for a source of the package, whose text this is, as a worksheet; nothing is written.

    Raises PackageError when there is no such source, its text is not in English, or a table cannot be read without loss.
    """
    known = background(package)
    if source_id not in known.sources:
        raise PackageError(f"there is no source {source_id!r}; add it with 'onrecord source add'")
    language = known.sources[source_id]["source_language"]
    told = guess_language(text)
    if language.partition("-")[0] != "en" or told not in ("", "en"):
        what = f"the text of {source_id} is not in English ({told or language}), and the rules know English only"
        raise PackageError(f"{what}; write its worksheet by hand, or with another tool (docs/worksheet.md)")
    found = extract(text, known.ranges(source_id))
    proposed = propose(text, source_id, known, found, tell)
    return Worksheet.of(proposed.rows, proposed.tables or None)


def guesses(rows: Iterable[Mapping[str, str]]) -> list[tuple[str, int]]:
    """Of how many rows what is a guess, the most frequent first; columns that are filled together are one."""
    counts = Counter(what for row in rows for what in {_filled_as(name) for name in row["guesses"].split()})
    return sorted(counts.items(), key=lambda one: (-one[1], one[0]))


def _filled_as(name: str) -> str:
    if name.startswith("hop_"):
        return "chain"
    return _TOGETHER.get(name, name)
