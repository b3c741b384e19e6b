"""What is told about a release in every format: its people, its licence, and the time and places it covers."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from onrecord.cite import Citation, authors, bare_doi, citation, line, web
from onrecord.package import Package

__all__ = ["CODE_LICENCE", "LANGUAGE", "Person", "Place", "Release", "ReleasedFile", "as_json"]

LANGUAGE = "en"
"""The language of the dataset: the codebook asks for English wherever it asks for words."""
CODE_LICENCE = ("Apache-2.0", "Apache License 2.0 (code)", "https://www.apache.org/licenses/LICENSE-2.0")

_ORCID = re.compile(r"https?://orcid\.org/([0-9]{4}-[0-9]{4}-[0-9]{4}-[0-9]{3}[0-9X])/?", re.ASCII)
_ROR = re.compile(r"https?://ror\.org/(0[0-9a-z]{8})/?", re.ASCII)
_KINDS = (
    "ContactPerson", "DataCollector", "DataCurator", "DataManager", "Distributor", "Editor", "HostingInstitution",
    "Producer", "ProjectLeader", "ProjectManager", "ProjectMember", "RegistrationAgency", "RegistrationAuthority",
    "RelatedPerson", "Researcher", "ResearchGroup", "RightsHolder", "Sponsor", "Supervisor", "WorkPackageLeader",
)  # fmt: skip


@dataclass(frozen=True)
class ReleasedFile:
    """A file of the release: its name, its size in bytes, its SHA-256 and its media type."""

    name: str
    size: int
    sha256: str
    media_type: str


@dataclass(frozen=True)
class Person:
    """A contributor, mostly an organization; ``kind`` is the type that DataCite and Zenodo have for what they did.

    ``orcid`` and ``ror`` are bare identifiers, ``url`` any other web address; each may be empty.
    """

    name: str
    kind: str = "Other"
    orcid: str = ""
    ror: str = ""
    url: str = ""
    given: str = ""
    family: str = ""

    @property
    def is_human(self) -> bool:
        """Whether this is one person: who has an ORCID, or a family name."""
        return bool(self.orcid or self.family)

    @property
    def page(self) -> str:
        """The web address that says who this is, empty where none does."""
        if self.orcid:
            return f"https://orcid.org/{self.orcid}"
        return f"https://ror.org/{self.ror}" if self.ror else self.url


@dataclass(frozen=True)
class Place:
    """A place with a point that stands for it."""

    name: str
    latitude: float
    longitude: float


@dataclass(frozen=True)
class Release:
    """One release, as its metadata tell it.

    ``released`` is the ISO date, empty before the release. ``files`` lie beside the metadata;
    ``members`` lie in the archive, under their paths in it, and where none are named the tables lie
    there as in the package. ``rows`` are the rows of each table. ``doi`` is that of this version,
    ``concept_doi`` that of all versions, ``url`` the page of the dataset; each may be empty.
    """

    package: Package
    released: str
    files: tuple[ReleasedFile, ...] = ()
    rows: Mapping[str, int] = field(default_factory=dict)
    doi: str = ""
    concept_doi: str = ""
    url: str = ""
    members: tuple[ReleasedFile, ...] = ()

    def said(self, name: str) -> str:
        """A text of the descriptor on one line, empty where it has none."""
        value = self.package.descriptor.get(name)
        return line(value) if isinstance(value, str) else ""

    @cached_property
    def cited(self) -> Citation:
        """How this release is cited."""
        found = citation(self.package.descriptor, self.homepage)
        return replace(found, released=self.released, doi=self.own_doi or self.all_doi)

    @property
    def own_doi(self) -> str:
        """The bare DOI of this version."""
        return bare_doi(self.doi)

    @property
    def all_doi(self) -> str:
        """The bare DOI of all versions."""
        return bare_doi(self.concept_doi) or bare_doi(self.package.descriptor.get("conceptDoi"))

    @property
    def homepage(self) -> str:
        return web(self.url) or web(self.package.descriptor.get("homepage"))

    @property
    def repository(self) -> str:
        """Where the code is kept: a web address, or an object with one, as package.json has it."""
        value = self.package.descriptor.get("repository")
        return web(value.get("url") if isinstance(value, dict) else value)

    @property
    def keywords(self) -> list[str]:
        given = self.package.descriptor.get("keywords")
        words = [line(word) for word in given if isinstance(word, str)] if isinstance(given, list) else []
        return list(dict.fromkeys(filter(None, words)))

    @property
    def licences(self) -> list[tuple[str, str, str]]:
        """The licences of the data: SPDX identifier, title and web address, each of which may be empty."""
        return [
            (name, line(str(one.get("title") or name)), web(one.get("path")))
            for one in _objects(self.package.descriptor.get("licenses"))
            if (name := line(str(one.get("name") or "")))
        ]

    @property
    def has_code(self) -> bool:
        """Whether a Python package lies among the files."""
        return any(file.name.endswith((".whl", ".tar.gz")) for file in self.files)

    @property
    def archive(self) -> ReleasedFile | None:
        """The zip that holds the package."""
        return next((f for f in self.files if f.name.endswith(".zip")), None)

    @property
    def creators(self) -> list[Person]:
        """Who is cited, somebody always."""
        found = [_person(one) for one in authors(self.package.descriptor)]
        return _unique(p for p in found if p.name) or [Person("Anonymous")]

    @property
    def others(self) -> list[Person]:
        """Who contributed and is not cited as an author."""
        given = _objects(self.package.descriptor.get("contributors"))
        cited = authors(self.package.descriptor)
        return _unique(p for p in (_person(one) for one in given if one not in cited) if p.name)

    @property
    def publisher(self) -> str:
        """Who publishes: whom the descriptor calls so, the repository that the DOI is of, or who is cited first."""
        for one in _objects(self.package.descriptor.get("contributors")):
            if "publisher" in _roles(one) and (name := _person(one).name):
                return name
        return "Zenodo" if self.own_doi.startswith("10.5281/zenodo.") else self.creators[0].name

    @property
    def sources(self) -> list[tuple[str, str]]:
        """Title and web address of what the descriptor names as sources; the address may be empty."""
        found = [
            (line(str(one.get("title") or "")), web(one.get("path")))
            for one in _objects(self.package.descriptor.get("sources"))
        ]
        return list(dict.fromkeys(pair for pair in found if any(pair)))

    @cached_property
    def published(self) -> tuple[str, str]:
        """First and last day on which a source was published, empty where unknown."""
        return _span(self._cells("sources", "published_start", "published_end"))

    @cached_property
    def happened(self) -> tuple[str, str]:
        """First and last day of an event, empty where unknown."""
        return _span(self._cells("events", "date_start", "date_end"))

    @property
    def covered(self) -> tuple[str, str]:
        """First and last day of sources and events together."""
        return _span([self.published, self.happened])

    @cached_property
    def places(self) -> list[Place]:
        """The places that have coordinates."""
        found = self._cells("places", "place_name", "latitude", "longitude")
        numbers = ((line(n), _number(lat, 90), _number(lon, 180)) for n, lat, lon in found)
        return [Place(n, lat, lon) for n, lat, lon in numbers if lat is not None and lon is not None]

    def _cells(self, table: str, *columns: str) -> list[tuple[str, ...]]:
        if table not in self.package.names:
            return []
        text, _ = self.package.read(table)
        return [tuple(text.cell(row, name) or "" for name in columns) for row in range(len(text.rows))]


def as_json(value: object) -> str:
    """JSON as every file of a release has it: indented, letters as they are, one newline at the end."""
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def _objects(value: object) -> list[Mapping[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _roles(person: Mapping[str, Any]) -> list[str]:
    roles = person.get("roles") or person.get("role") or []
    return [str(role) for role in (roles if isinstance(roles, list) else [roles])]


def _person(one: Mapping[str, Any]) -> Person:
    path = str(one.get("path") or "")
    orcid, ror = _ORCID.fullmatch(path), _ROR.fullmatch(path)
    roles = {role.lower() for role in _roles(one)}
    given, family = (line(str(one.get(key) or "")) for key in ("givenName", "familyName"))
    return Person(
        name=line(str(one.get("title") or "")) or f"{given} {family}".strip(),
        kind=next((kind for kind in _KINDS if kind.lower() in roles), "Other"),
        orcid=orcid[1] if orcid else "",
        ror=ror[1] if ror else "",
        url="" if orcid or ror else web(path),
        given=given,
        family=family,
    )


def _unique(people: Iterator[Person]) -> list[Person]:
    return list({person.name: person for person in people}.values())


def _span(pairs: Iterable[tuple[str, ...]]) -> tuple[str, str]:
    days = sorted(day for pair in pairs for day in pair if day)
    return (days[0], days[-1]) if days else ("", "")


def _number(text: str, most: int) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if -most <= value <= most else None
