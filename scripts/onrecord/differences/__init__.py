"""How a difference is written: as text, as JSON or as a page, each change with the reason that the changelog gives."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from onrecord.changelog import IDENTIFIER, Note, why
from onrecord.diff import Difference, Row
from onrecord.report import counted

__all__ = ["FORMATS", "Explained", "explained", "render"]

FORMATS = ("text", "json", "html")


@dataclass(frozen=True)
class Explained:
    """A difference, and what the changelog says about identifiers and tables."""

    difference: Difference
    why: Mapping[str, str]

    def reason(self, table: str, row: Row | None = None) -> str:
        """Why a row changed: what is said of an identifier in its key, else of its table; empty where nothing is."""
        named = filter(IDENTIFIER.fullmatch, row.key if row else ())  # and not a table, which agreement has in its key
        said = (self.why[part] for part in named if part in self.why)
        return next(said, self.why.get(table, ""))

    @property
    def verdict(self) -> str:
        """The difference in one line."""
        d = self.difference
        if d.empty:
            return "same: nothing differs but, perhaps, version, date and the order of rows"
        counts = {what: d.count(what) for what in ("added", "changed", "removed", "retired") if d.count(what)}
        rows = f"{counted(sum(counts.values()), 'row')} ({', '.join(f'{n} {what}' for what, n in counts.items())})"
        changes = counted(len(d.changes), "change") + " of schemas or metadata"
        parts = [*([rows] if counts else []), *([changes] if d.changes else []), f"at least {d.level}"]
        least = f", so {d.before.version.bumped(d.level)} or above" if d.before.version else ""
        return f"differs: {'; '.join(parts)}{least}"


def explained(difference: Difference, said: Iterable[Note] = ()) -> Explained:
    """A difference with its reasons: from the changelog of the later state, and entries of releases in ``said``."""
    released = [note for note in said if note.released is not None and note not in difference.after.notes]
    versions = (difference.before.version, difference.after.version)
    return Explained(difference, why([*difference.after.notes, *released], *versions))


def render(difference: Difference, form: str = "text", said: Iterable[Note] = ()) -> str:
    """The difference in one of ``FORMATS``, ending with a line end; no value in it can command a terminal or a page.

    ``said`` are notes of another changelog, such as that of the package in which one stands, for
    states that bring none. Raises ValueError for a format that does not exist.
    """
    from onrecord.differences import as_html, as_json, as_text  # each imports Explained from here

    writers = {"text": as_text.render, "json": as_json.render, "html": as_html.render}
    if form not in writers:
        raise ValueError(f"there is no format {form!r}; there are {', '.join(FORMATS)}")
    return writers[form](explained(difference, said))
