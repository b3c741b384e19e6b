"""CITATION.cff, in the Citation File Format 1.2.0."""

from __future__ import annotations

import io
import re
from typing import Any

from onrecord.metadata.about import Person, Release

__all__ = ["cff"]

_PLAIN = re.compile(r"[A-Za-z].*|[0-9]+\.[0-9]+\.[0-9]+(-.*)?", re.ASCII)
_WORDS = {"y", "yes", "n", "no", "on", "off", "true", "false", "null"}
_MESSAGE = "If you use this dataset, please cite it as below, with the version you used."


def cff(release: Release) -> str:
    """The text of CITATION.cff; it has a date once there is one."""
    licences = [name for name, _, _ in release.licences]
    found: dict[str, Any] = {
        "cff-version": "1.2.0",
        "message": _MESSAGE,
        "type": "dataset",
        "title": release.cited.title,
        "version": release.cited.version,
        "date-released": release.released,
        "doi": release.own_doi,
        "identifiers": _identifiers(release),
        "authors": [_author(person) for person in release.creators],
        "license": licences[0] if len(licences) == 1 else licences,
        "url": release.homepage,
        "repository-code": release.repository,
        "keywords": release.keywords,
        "abstract": release.said("description"),
    }
    return _yaml({key: value for key, value in found.items() if value})


def _identifiers(release: Release) -> list[dict[str, str]]:
    concept = release.all_doi
    return [{"type": "doi", "value": concept, "description": "All versions"}] if concept else []


def _author(person: Person) -> dict[str, str]:
    orcid = person.page if person.orcid else ""
    if person.family:
        found = {"family-names": person.family, "given-names": person.given, "orcid": orcid}
    else:
        found = {"name": person.name, "orcid": orcid, "website": "" if orcid else person.page}
    return {key: value for key, value in found.items() if value}


def _yaml(value: object) -> str:
    from ruamel.yaml import YAML

    yaml = YAML()
    yaml.width = 1_000_000  # folded lines would end in spaces
    yaml.indent(mapping=2, sequence=4, offset=2)
    out = io.StringIO()
    yaml.dump(_quoted(value), out)
    return out.getvalue()


def _quoted(value: object) -> object:
    """The value with quotation marks wherever a reader of YAML 1.1, as most are, would see more than a text."""
    from ruamel.yaml.scalarstring import SingleQuotedScalarString

    if isinstance(value, dict):
        return {key: _quoted(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_quoted(one) for one in value]
    plain = isinstance(value, str) and _PLAIN.fullmatch(value) and value.lower() not in _WORDS
    return value if plain or not isinstance(value, str) else SingleQuotedScalarString(value)
