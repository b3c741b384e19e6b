"""Every rule by name: what must hold, why, an example of a fault, how to mend it, and how grave it is."""

from __future__ import annotations

from dataclasses import dataclass

from onrecord.findings import Level

__all__ = ["Entry", "rulebook"]


@dataclass(frozen=True)
class Entry:
    """What is known of one rule. ``topic`` is the section of the codebook, ``level`` warning where a package may stay so."""

    name: str
    topic: str
    holds: str
    fix: str
    why: str
    example: str
    level: Level = "error"

    @property
    def link(self) -> str:
        """The place in the codebook that documents it."""
        return f"CODEBOOK.md#rule-{self.name}"


def rulebook() -> dict[str, Entry]:
    """All rules by name: of files, of cells, of references, and across tables, in this order."""
    from onrecord.rules import RULES

    semantic = [Entry(r.name, r.topic, r.holds, r.fix, r.why, r.example) for r in RULES]
    return {entry.name: entry for entry in (*_FILES, *_CELLS, *semantic)}


_FILES = (
    Entry(
        "descriptor-complete", "files",
        "Every CSV in dataset/ is a resource and every resource a CSV (or, to be validated only, a Parquet) with schema, title and description, nothing else lies in dataset/, and the version is semantic",
        "mend datapackage.json, or take the file away",
        "Tools find the tables through the descriptor; a file it does not name is shipped unread and unchecked.",
        "dataset/claims-old.csv lies beside dataset/claims.csv and is in no list.",
    ),
    Entry(
        "missing-table", "files",
        "The file of every table is there",
        "restore it, or write its header alone if it has no rows",
        "A table without rows is something else than a table that went astray.",
        "dataset/retired.csv was deleted because it was empty.",
    ),
    Entry(
        "encoding", "files",
        "Every file is UTF-8 without byte order mark and without NUL",
        "save the file as UTF-8",
        "A byte order mark becomes part of the first column's name in many readers; in another encoding names are garbled.",
        "A spreadsheet saved places.csv as Windows-1252, and the é of a name is one byte.",
    ),
    Entry(
        "csv-syntax", "files",
        "Every file is CSV by RFC 4180: quoted cells are closed, and quotation marks in them doubled",
        "write the row anew, quoted cells closed and the marks in them doubled",
        "Readers guess differently where quoting is broken, and some swallow the rest of the file as one cell.",
        'A cell begins with a quotation mark that is never closed: "No, we cannot,direct.',
    ),
    Entry(
        "columns", "files",
        "Every file has the columns of its schema, once each and in that order",
        "rename, add or delete the column, or run 'onrecord fmt' where only the order differs",
        "Programs take columns by name and sometimes by number; both must be what the codebook says.",
        "The header says event_sumary where the schema has event_summary.",
    ),
    Entry(
        "row-length", "files",
        "Every row has as many cells as the header, and no line is empty",
        "quote cells that hold a comma, or add what is missing",
        "One comma too many moves every later cell of the row into the wrong column.",
        "Vladivostok, Primorsky Krai stands unquoted, so that the row has one cell too many.",
    ),
    Entry(
        "canonical-form", "files",
        "The CSVs are byte for byte what the canonical writer writes: schema order, rows by key, LF, NFC, least quoting",
        "run 'onrecord fmt'",
        "The same data are then the same bytes, and a difference between versions shows what changed and nothing else.",
        "An editor on Windows saved the file with CRLF.",
    ),
)  # fmt: skip
_CELLS = (
    Entry(
        "type", "cells",
        "A cell holds a value of its field's type, or is empty",
        "write it as the message shows",
        "Readers guess at values of other forms, each in its own way: 1e3 is a number to one and text to another.",
        "text_length is 4,812 instead of 4812.",
    ),
    Entry(
        "required", "cells",
        "A field that must not be empty is filled",
        "fill it",
        "The codebook says what an empty cell means; here it would mean nothing.",
        "A claim has no stance.",
    ),
    Entry(
        "enum", "cells",
        "A field with a vocabulary holds one of its terms",
        "use the term that the message suggests, or another of the vocabulary",
        "A term spelt in two ways is two terms to every count and every filter.",
        "The stance is noncomittal with one m.",
    ),
    Entry(
        "pattern", "cells",
        "A cell matches the pattern of its field",
        "write it as the pattern says",
        "Identifiers, countries, languages and hashes have one form, so that they can be joined.",
        "An actor is A12 instead of A0012.",
    ),
    Entry(
        "minimum", "cells",
        "A figure is not below the least that its field allows",
        "mend the figure",
        "Such a figure is a slip of the pen.",
        "A latitude is -91.",
    ),
    Entry(
        "maximum", "cells",
        "A figure is not above the greatest that its field allows",
        "mend the figure",
        "Such a figure is a slip of the pen.",
        "A latitude is 431.2, the point having moved.",
    ),
    Entry(
        "max-length", "cells",
        "A text is not longer than its field allows",
        "shorten it",
        "Summaries are ours and short; a long one is likely to be the source's own words.",
        "claim_summary holds a whole paragraph.",
    ),
    Entry(
        "primary-key", "cells",
        "No two rows have one key",
        "delete one row, or give it a key of its own",
        "A reference to the key would mean either row.",
        "Two claims are both C00012, after two branches were merged.",
    ),
    Entry(
        "unique", "cells",
        "A field whose values are unique holds none twice",
        "delete one row, or give it a value of its own",
        "It identifies the row to others.",
        "Two sources have one url.",
    ),
    Entry(
        "unique-key", "cells",
        "No two rows agree in all fields of a unique key",
        "delete one row, or mend its key",
        "They would say the same thing twice.",
        "One claim has the same span twice, under two numbers.",
    ),
    Entry(
        "foreign-key", "cells",
        "What a cell refers to exists",
        "restore the row, or mend the reference",
        "A reference to nothing drops the row from every join.",
        "Actor A0009 was deleted, and 24 cells still refer to it.",
    ),
    Entry(
        "stray-characters", "cells",
        "No cell begins or ends with white space, or holds an invisible character",
        "delete it",
        "Two names that look the same are then different to every program.",
        "A zero-width space stands before the name, pasted from a web page.",
    ),
    Entry(
        "look-alike-letters", "cells",
        "No word mixes Latin letters with Cyrillic or Greek ones that look the same",
        "type the word anew",
        "A search for the name does not find it, and nobody sees why.",
        "The u of Putin is a Cyrillic у.",
    ),
    Entry(
        "cell-length", "cells",
        "No cell has more than 32,767 characters",
        "shorten it",
        "Spreadsheets cut a cell there without a word, and a text of that length is not ours to publish.",
        "An article was pasted into source_notes.",
    ),
    Entry(
        "formula", "cells",
        "No text begins like a formula (=, +, @, or - before anything but a number)",
        "word it otherwise, or leave it where the source begins so; it is never rewritten",
        "A spreadsheet that opens the file runs it.",
        "A title begins with =HYPERLINK(.",
        "warning",
    ),
)  # fmt: skip
