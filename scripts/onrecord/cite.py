"""How the dataset, or one record of it, is cited: as text, BibTeX, RIS and CSL JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

__all__ = ["FORMATS", "Citation", "citation"]

_TEX = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "%": r"\%",
    "#": r"\#",
    "_": r"\_",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}
_YEAR = re.compile(r"[0-9]{4}", re.ASCII)


@dataclass(frozen=True)
class Citation:
    """What a citation says.

    ``identifier`` and ``summary`` name one record and are empty for the whole dataset; ``released`` is
    the ISO date of the version, empty where it is not released; ``url`` may be empty.
    """

    title: str
    authors: tuple[str, ...]
    version: str
    released: str = ""
    url: str = ""
    identifier: str = ""
    summary: str = ""

    @property
    def key(self) -> str:
        """The key of the entry, letters and digits with hyphens: ``on-record-0-9-0-C00001``."""
        short = self.title.split(":")[0]
        return "-".join(re.findall(r"[A-Za-z0-9]+", f"{short} {self.version} {self.identifier}")).lower()

    @property
    def year(self) -> str:
        """The year of the release, or "n.d."."""
        found = _YEAR.match(self.released)
        return found[0] if found else "n.d."

    @property
    def named(self) -> str:
        """The record with its summary, or the dataset."""
        return f"{self.identifier}: {self.summary}" if self.identifier else self.title

    def text(self) -> str:
        """One line for a list of references."""
        parts = [f"{', '.join(self.authors)} ({self.year}).", f"{_ended(self.named)}"]
        if self.identifier:
            parts.append(f"In: {_ended(self.title)}")
        parts.append(f"Version {self.version} [data set].")
        return " ".join([*parts, self.url] if self.url else parts) + "\n"

    def bibtex(self) -> str:
        """A BibTeX entry, ``@misc``, that any style can print."""
        fields = {
            "author": " and ".join("{" + _tex(a) + "}" for a in self.authors),
            "title": "{" + _tex(self.named) + "}",
            "howpublished": _tex(self.title) + ", data set" if self.identifier else "Data set",
            "version": _tex(self.version),
            "note": f"Version {_tex(self.version)}",
            "year": self.year if self.year.isdigit() else "",
            "url": self.url.replace("{", "%7B").replace("}", "%7D").replace("\\", "%5C"),
        }
        body = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items() if value)
        return f"@misc{{{self.key},\n{body}}}\n"

    def ris(self) -> str:
        """An RIS record of type DATA, with the line ends that the format asks for."""
        lines = [("TY", "DATA"), *(("AU", a) for a in self.authors), ("TI", self.named)]
        if self.identifier:
            lines.append(("T2", self.title))
        lines += [("ET", self.version), ("PY", self.year if self.year.isdigit() else ""), ("UR", self.url), ("ER", "")]
        return "".join(f"{tag}  - {_line(value)}\r\n" for tag, value in lines if value or tag == "ER")

    def csl(self) -> str:
        """A CSL JSON list with one item."""
        item: dict[str, Any] = {
            "id": self.key,
            "type": "dataset",
            "title": self.named,
            "author": [{"literal": a} for a in self.authors],
            "version": self.version,
        }
        if self.identifier:
            item["container-title"] = self.title
        if self.year.isdigit():
            item["issued"] = {"date-parts": [[int(part) for part in self.released.split("-")]]}
        if self.url:
            item["URL"] = self.url
        return json.dumps([item], indent=2, ensure_ascii=False) + "\n"


FORMATS: dict[str, tuple[str, str, Callable[[Citation], str]]] = {
    "txt": ("Text", "text/plain; charset=utf-8", Citation.text),
    "bib": ("BibTeX", "application/x-bibtex; charset=utf-8", Citation.bibtex),
    "ris": ("RIS", "application/x-research-info-systems; charset=utf-8", Citation.ris),
    "csl.json": ("CSL JSON", "application/vnd.citationstyles.csl+json; charset=utf-8", Citation.csl),
}
"""Ending of the file → its name, media type and writer."""


def citation(descriptor: Mapping[str, Any], url: str = "", identifier: str = "", summary: str = "") -> Citation:
    """How to cite the dataset of a descriptor, or one record of it."""
    people = descriptor.get("contributors")
    authors = [
        name
        for person in (people if isinstance(people, list) else [])
        if isinstance(person, dict) and _is_author(person) and (name := _line(str(person.get("title") or "")))
    ]
    return Citation(
        title=_line(str(descriptor.get("title") or "")) or "Data set",
        authors=tuple(authors) or ("Anonymous",),
        version=_line(str(descriptor.get("version") or "")),
        released=str(descriptor.get("created") or "")[:10],
        url=url,
        identifier=identifier,
        summary=_line(summary),
    )


def _is_author(person: Mapping[str, Any]) -> bool:
    roles = person.get("roles") or [person.get("role", "author")]
    return bool({"author", "creator", "dataCurator", "projectLeader"} & {str(r) for r in roles})


def _ended(text: str) -> str:
    return text if text.endswith((".", "?", "!")) else f"{text}."


def _line(text: str) -> str:
    return " ".join(text.split())


def _tex(text: str) -> str:
    return "".join(_TEX.get(letter, letter) for letter in _line(text))
