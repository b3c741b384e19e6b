"""How the dataset, or one record of it, is cited: as text, BibTeX, RIS and CSL JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from onrecord.findings import PackageError, shown
from onrecord.package import Package

__all__ = ["FORMATS", "Citation", "authors", "bare_doi", "citation", "cited", "line", "web"]

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
_DAY = re.compile(r"[0-9]{4}(?:-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01]))?(?![0-9])", re.ASCII)
_DOI = re.compile(r"(?:doi:|https?://(?:dx\.)?doi\.org/)?(10\.[0-9]{4,9}/[!-~]+)", re.ASCII | re.IGNORECASE)
_WEB = re.compile(r"https?://[!#-;=?-\[\]_a-z~]+", re.ASCII | re.IGNORECASE)
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufffe\uffff\ud800-\udfff]")
_AUTHORS = {"author", "creator", "dataCurator", "projectLeader"}


@dataclass(frozen=True)
class Citation:
    """What a citation says.

    ``identifier`` and ``summary`` name one record and are empty for the whole dataset; ``released`` is
    the ISO date of the version, empty where it is not released; ``url`` and ``doi`` may be empty.
    """

    title: str
    authors: tuple[str, ...]
    version: str
    released: str = ""
    url: str = ""
    identifier: str = ""
    summary: str = ""
    doi: str = ""

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

    @property
    def link(self) -> str:
        """The address of the DOI, empty where there is none."""
        return f"https://doi.org/{self.doi}" if self.doi else ""

    def text(self) -> str:
        """One line for a list of references."""
        parts = [f"{', '.join(self.authors)} ({self.year}).", f"{_ended(self.named)}"]
        if self.identifier:
            parts.append(f"In: {_ended(self.title)}")
        parts.append(f"Version {self.version} [data set].")
        # the DOI is of the data set; only a record has an address beside it that says more
        links = [self.link, self.url if self.identifier or not self.doi else ""]
        return " ".join([*parts, *filter(None, links)]) + "\n"

    def bibtex(self) -> str:
        """A BibTeX entry, ``@misc``, that any style can print."""
        fields = {
            "author": " and ".join("{" + _tex(a) + "}" for a in self.authors),
            "title": "{" + _tex(self.named) + "}",
            "howpublished": _tex(self.title) + ", data set" if self.identifier else "Data set",
            "version": _tex(self.version),
            "note": f"Version {_tex(self.version)}",
            "year": self.year if self.year.isdigit() else "",
            "doi": _bare(self.doi),
            "url": _bare(self.url or self.link),
        }
        body = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items() if value)
        return f"@misc{{{self.key},\n{body}}}\n"

    def ris(self) -> str:
        """An RIS record of type DATA, with the line ends that the format asks for."""
        lines = [("TY", "DATA"), *(("AU", a) for a in self.authors), ("TI", self.named)]
        if self.identifier:
            lines.append(("T2", self.title))
        lines += [
            ("ET", self.version),
            ("PY", self.year if self.year.isdigit() else ""),
            ("DO", self.doi),
            ("UR", self.url or self.link),
            ("ER", ""),
        ]
        return "".join(f"{tag}  - {line(value)}\r\n" for tag, value in lines if value or tag == "ER")

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
        if self.doi:
            item["DOI"] = self.doi
        if self.url or self.doi:
            item["URL"] = self.url or self.link
        return json.dumps([item], indent=2, ensure_ascii=False) + "\n"


FORMATS: dict[str, tuple[str, str, Callable[[Citation], str]]] = {
    "txt": ("Text", "text/plain; charset=utf-8", Citation.text),
    "bib": ("BibTeX", "application/x-bibtex; charset=utf-8", Citation.bibtex),
    "ris": ("RIS", "application/x-research-info-systems; charset=utf-8", Citation.ris),
    "csl.json": ("CSL JSON", "application/vnd.citationstyles.csl+json; charset=utf-8", Citation.csl),
}
"""Ending of the file → its name, media type and writer."""


def citation(descriptor: Mapping[str, Any], url: str = "", identifier: str = "", summary: str = "") -> Citation:
    """How to cite the dataset of a descriptor, or one record of it.

    The descriptor may have ``doi``, that of its version, and ``conceptDoi``, that of all versions.
    """
    names = [line(str(person.get("title") or "")) for person in authors(descriptor)]
    return Citation(
        title=line(str(descriptor.get("title") or "")) or "Data set",
        authors=tuple(filter(None, names)) or ("Anonymous",),
        version=line(str(descriptor.get("version") or "")),
        released=_day(descriptor.get("released")) or _day(descriptor.get("created")),
        url=url,
        identifier=identifier,
        summary=line(summary),
        doi=bare_doi(descriptor.get("doi")) or bare_doi(descriptor.get("conceptDoi")),
    )


def cited(package: Package, version: str | None = None, record: Mapping[str, Any] | None = None) -> Citation:
    """How to cite a package, or a record of it as ``onrecord show`` finds it, at this version or one that was released.

    Raises PackageError for a version that is not known, and for one that did not have the record.
    """
    own = str(package.descriptor.get("version") or "")
    version = own if version is None else version.strip().removeprefix("v")
    ledger = package.releases.get(version)
    if ledger is None and version != own:
        known = ", ".join(dict.fromkeys([*package.releases, own]))
        raise PackageError(f"there is no version {shown(version)} to cite; there are {known}")
    told = {key: ledger[key] for key in ("released", "doi") if ledger.get(key)} if ledger else {}
    if version != own:
        told = {"version": version, "created": "", "released": "", "doi": "", **told}
        if record and ledger and record["id"] not in ledger["tables"].get(record["table"], {}).get("rows", {}):
            raise PackageError(f"{record['id']} is not in version {version}; cite a later one")
    home = web(package.descriptor.get("homepage"))
    if record is None:
        return citation(package.descriptor | told, home)
    page = f"{home.rstrip('/')}/{record['table'].removesuffix('s')}/{record['id']}" if home else ""
    return citation(package.descriptor | told, page, record["id"], record["title"])


def authors(descriptor: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The contributors of a descriptor who are cited."""
    people = descriptor.get("contributors")
    return [p for p in (people if isinstance(people, list) else []) if isinstance(p, dict) and _is_author(p)]


def bare_doi(value: object) -> str:
    """A DOI without the address of its resolver, empty for what is none."""
    found = _DOI.fullmatch(value) if isinstance(value, str) else None
    return found[1] if found else ""


def web(value: object) -> str:
    """A web address, empty for what is none."""
    return value if isinstance(value, str) and _WEB.fullmatch(value) else ""


def line(text: str) -> str:
    """A text on one line, without characters that nobody sees."""
    return " ".join(_UNSEEN.sub(" ", text).split())


def _day(value: object) -> str:
    """The day of an ISO date or time, or a bare year; empty for what is neither."""
    found = _DAY.match(value) if isinstance(value, str) else None
    return found[0] if found else ""


def _is_author(person: Mapping[str, Any]) -> bool:
    # Data Package v2 has a list of roles; before it there was one, and Frictionless takes both
    roles = person.get("roles") or person.get("role") or "author"
    return bool(_AUTHORS & {str(r) for r in (roles if isinstance(roles, list) else [roles])})


def _ended(text: str) -> str:
    return text if text.endswith((".", "?", "!")) else f"{text}."


def _bare(address: str) -> str:
    return address.replace("{", "%7B").replace("}", "%7D").replace("\\", "%5C")


def _tex(text: str) -> str:
    return "".join(_TEX.get(letter, letter) for letter in line(text))
