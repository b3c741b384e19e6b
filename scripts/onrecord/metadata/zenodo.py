"""The metadata of a deposit at Zenodo, ``.zenodo.json``, and a schema of the fields that Zenodo documents."""

from __future__ import annotations

from html import escape
from typing import Any

from onrecord.metadata.about import CODE_LICENCE, Person, Release, as_json

__all__ = ["SCHEMA", "zenodo"]

_ZENODO = "10.5281/zenodo."
_TEXT = {"type": "string", "minLength": 1}
_CREATOR = {
    "name": _TEXT,
    "affiliation": _TEXT,
    "orcid": {"type": "string", "pattern": "^([0-9]{4}-){3}[0-9]{3}[0-9X]$"},
    "gnd": _TEXT,
}
_KINDS = [
    "ContactPerson", "DataCollector", "DataCurator", "DataManager", "Distributor", "Editor", "HostingInstitution",
    "Producer", "ProjectLeader", "ProjectManager", "ProjectMember", "RegistrationAgency", "RegistrationAuthority",
    "RelatedPerson", "Researcher", "ResearchGroup", "RightsHolder", "Supervisor", "Sponsor", "WorkPackageLeader", "Other",
]  # fmt: skip
_RELATIONS = [
    "isCitedBy", "cites", "isSupplementTo", "isSupplementedBy", "isContinuedBy", "continues", "isDescribedBy",
    "describes", "hasMetadata", "isMetadataFor", "isNewVersionOf", "isPreviousVersionOf", "isPartOf", "hasPart",
    "isReferencedBy", "references", "isDocumentedBy", "documents", "isCompiledBy", "compiles", "isVariantFormOf",
    "isOriginalFormOf", "isIdenticalTo", "isReviewedBy", "reviews", "isDerivedFrom", "isSourceOf", "requires",
    "isRequiredBy", "isObsoletedBy", "obsoletes", "isVersionOf", "hasVersion",
]  # fmt: skip


def _list(properties: dict[str, Any], *required: str) -> dict[str, Any]:
    one = {"type": "object", "properties": properties, "required": [*required], "additionalProperties": False}
    return {"type": "array", "minItems": 1, "uniqueItems": True, "items": one}


SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "additionalProperties": False,
    "required": [
        "upload_type", "publication_date", "title", "creators", "description", "access_right", "license", "version",
    ],
    "properties": {
        "upload_type": {"const": "dataset"},
        "publication_date": {"type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"},
        "title": _TEXT,
        "creators": _list(_CREATOR, "name"),
        "contributors": _list({**_CREATOR, "type": {"enum": _KINDS}}, "name", "type"),
        "description": _TEXT,
        "access_right": {"const": "open"},
        "license": {"type": "string", "pattern": "^[a-z0-9][a-z0-9.+-]*$"},
        "doi": {"type": "string", "pattern": "^10[.][0-9]{4,9}/[^\\s]+$"},
        "keywords": {"type": "array", "minItems": 1, "uniqueItems": True, "items": _TEXT},
        "notes": _TEXT,
        "related_identifiers": _list(
            {"identifier": _TEXT, "relation": {"enum": _RELATIONS}, "resource_type": _TEXT}, "identifier", "relation"
        ),
        "references": {"type": "array", "minItems": 1, "uniqueItems": True, "items": _TEXT},
        "version": _TEXT,
        "language": {"type": "string", "pattern": "^[a-z]{3}$"},
        "locations": _list(
            {
                "lat": {"type": "number", "minimum": -90, "maximum": 90},
                "lon": {"type": "number", "minimum": -180, "maximum": 180},
                "place": _TEXT,
                "description": _TEXT,
            },
            "place",
        ),
    },
}  # fmt: skip
"""What we may write of the fields that Zenodo documents; it says nothing of fields that a dataset has no use for."""


def zenodo(release: Release) -> str:
    """The text of .zenodo.json. Zenodo mints its own DOIs and links its versions, so only a foreign DOI is told."""
    found: dict[str, Any] = {
        "upload_type": "dataset",
        "publication_date": release.released,
        "title": release.cited.title,
        "creators": [_creator(person) for person in release.creators],
        "contributors": [{**_creator(person), "type": person.kind} for person in release.others],
        "description": f"<p>{escape(release.said('description') or release.cited.title)}</p>",
        "access_right": "open",
        "license": next((name.lower() for name, _, _ in release.licences), ""),
        "doi": _foreign(release.own_doi),
        "keywords": release.keywords,
        "notes": _notes(release),
        "related_identifiers": _related(release),
        "references": [f"{title} {page}".strip() for title, page in release.sources],
        "version": release.cited.version,
        "language": "eng",
        "locations": [{"lat": p.latitude, "lon": p.longitude, "place": p.name} for p in release.places if p.name],
    }
    return as_json({key: value for key, value in found.items() if value})


def _creator(person: Person) -> dict[str, str]:
    name = f"{person.family}, {person.given}".removesuffix(", ") if person.family else person.name
    return {"name": name, **({"orcid": person.orcid} if person.orcid else {})}


def _foreign(doi: str) -> str:
    return "" if doi.startswith(_ZENODO) else doi


def _notes(release: Release) -> str:
    first, last = release.covered
    told = [f"Time covered: {first} to {last}."] if first else []
    return " ".join([*told, f"The code is licensed under {CODE_LICENCE[0]}."] if release.has_code else told)


def _related(release: Release) -> list[dict[str, str]]:
    concept = _foreign(release.all_doi)
    found = [{"identifier": concept, "relation": "isVersionOf", "resource_type": "dataset"}] if concept else []
    if release.repository:
        found.append({"identifier": release.repository, "relation": "isSupplementedBy", "resource_type": "software"})
    return found + [{"identifier": page, "relation": "references"} for _, page in release.sources if page]
