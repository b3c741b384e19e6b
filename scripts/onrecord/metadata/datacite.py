"""DataCite JSON, version 4.5 of the metadata schema."""

from __future__ import annotations

from typing import Any

from onrecord.metadata.about import CODE_LICENCE, LANGUAGE, Person, Release, as_json

__all__ = ["datacite"]

_SPDX = {"rightsIdentifierScheme": "SPDX", "schemeUri": "https://spdx.org/licenses/"}


def datacite(release: Release) -> str:
    """The text of datacite.json.

    Without a DOI it has none, nor a prefix, which belongs to whoever registers it; and never an
    ``event``, so that a registry takes it for a draft until somebody publishes it.
    """
    found: dict[str, Any] = {
        "schemaVersion": "http://datacite.org/schema/kernel-4",
        "doi": release.own_doi,
        "url": release.homepage,
        "types": {"resourceTypeGeneral": "Dataset", "resourceType": "Dataset"},
        "titles": [{"title": release.cited.title, "lang": LANGUAGE}],
        "creators": [_person(person) for person in release.creators],
        "contributors": [{**_person(person), "contributorType": person.kind} for person in release.others],
        "publisher": {"name": release.publisher},
        "publicationYear": release.released[:4],
        "version": release.cited.version,
        "dates": _dates(release),
        "language": LANGUAGE,
        "subjects": [{"subject": word, "lang": LANGUAGE} for word in release.keywords],
        "rightsList": _rights(release),
        "descriptions": _descriptions(release),
        "relatedIdentifiers": _related(release),
        "geoLocations": _locations(release),
        "sizes": _sizes(release),
        "formats": sorted({file.media_type for file in (*release.files, *release.members)}),
    }
    return as_json({key: value for key, value in found.items() if value})


def _person(person: Person) -> dict[str, Any]:
    found: dict[str, Any] = {"name": person.name, "nameType": "Personal" if person.is_human else "Organizational"}
    if person.family:
        found |= {"givenName": person.given, "familyName": person.family}
        found["name"] = f"{person.family}, {person.given}".removesuffix(", ")
    if person.orcid or person.ror:
        scheme = "ORCID" if person.orcid else "ROR"
        home = f"https://{scheme.lower()}.org"
        found["nameIdentifiers"] = [{"nameIdentifier": person.page, "nameIdentifierScheme": scheme, "schemeUri": home}]
    return found


def _dates(release: Release) -> list[dict[str, str]]:
    """The day of the release, and what is covered: 4.5 has no type for that, and asks for Other and a word on it."""
    found = [{"date": release.released, "dateType": "Issued"}] if release.released else []
    for (first, last), what in (
        (release.published, "Publication of the sources"),
        (release.happened, "Events that the claims are about"),
    ):
        if first:
            span = first if first == last else f"{first}/{last}"
            found.append({"date": span, "dateType": "Other", "dateInformation": what})
    return found


def _rights(release: Release) -> list[dict[str, str]]:
    every = [*release.licences, *([CODE_LICENCE] if release.has_code else [])]
    found = ({"rights": title, "rightsUri": url, "rightsIdentifier": name, **_SPDX} for name, title, url in every)
    return [{key: value for key, value in one.items() if value} for one in found]


def _descriptions(release: Release) -> list[dict[str, str]]:
    files = "; ".join(f"{file.name} (SHA-256 {file.sha256})" for file in release.files)
    told = (("Abstract", release.said("description")), ("TechnicalInfo", files and f"Files: {files}."))
    return [{"description": text, "descriptionType": kind, "lang": LANGUAGE} for kind, text in told if text]


def _related(release: Release) -> list[dict[str, str]]:
    found = []
    if release.all_doi and release.all_doi != release.own_doi:
        found.append(
            {"relatedIdentifier": release.all_doi, "relatedIdentifierType": "DOI", "relationType": "IsVersionOf"}
        )
    if release.repository:
        found.append({**_url(release.repository, "IsSupplementedBy"), "resourceTypeGeneral": "Software"})
    return found + [{**_url(page, "References"), "resourceTypeGeneral": "Text"} for _, page in release.sources if page]


def _url(page: str, relation: str) -> dict[str, str]:
    return {"relatedIdentifier": page, "relatedIdentifierType": "URL", "relationType": relation}


def _locations(release: Release) -> list[dict[str, Any]]:
    return [
        {
            "geoLocationPlace": place.name,
            "geoLocationPoint": {"pointLongitude": place.longitude, "pointLatitude": place.latitude},
        }
        for place in release.places
    ]


def _sizes(release: Release) -> list[str]:
    told = []
    if release.rows:
        told.append(f"{sum(release.rows.values())} rows in {len(release.rows)} tables")
    if release.files:
        files = len(release.files)
        told += [f"{files} file{'s' if files > 1 else ''}", f"{sum(file.size for file in release.files)} bytes"]
    return told
