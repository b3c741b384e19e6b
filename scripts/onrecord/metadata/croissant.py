"""Croissant 1.0, JSON-LD that is a Dataset of schema.org too: the files, and the fields of every table."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

from onrecord.cite import line
from onrecord.database import FLAT, flat_schema
from onrecord.metadata.about import LANGUAGE, Person, Release, ReleasedFile, as_json
from onrecord.tableschema import Field, ForeignKey, TableSchema

__all__ = ["asks_elsewhere", "croissant"]

_CONTEXT: dict[str, Any] = {
    "@language": LANGUAGE,
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileProperty": "cr:fileProperty",
    "fileObject": "cr:fileObject",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}
_TYPES = {
    "string": "sc:Text",
    "integer": "sc:Integer",
    "number": "sc:Float",
    "date": "sc:Date",
    "boolean": "sc:Boolean",
}


def croissant(release: Release) -> str:
    """The text of croissant.json. The archive is named as it lies beside it."""
    tables = [TableSchema(name, release.package.schemas[name]) for name in release.package.names]
    objects = {schema.name: _table_file(release, schema) for schema in tables}
    if flat := _flat_file(release):
        tables.append(flat_schema(release.package))
        objects[FLAT] = flat
    joins = _joins(release, tables)
    found: dict[str, Any] = {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        **_told(release),
        "distribution": [*_beside(release, objects), *objects.values()],
        "recordSet": [
            _record_set(schema, objects[schema.name]["@id"], joins.get(schema.name, "")) for schema in tables
        ],
    }
    return as_json({key: value for key, value in found.items() if value})


def asks_elsewhere(value: object) -> bool:
    """Whether JSON-LD has another context than ours, or a further one: a reader would fetch what it names."""
    return list(_contexts(value)) != [_CONTEXT]


def _contexts(value: object) -> Iterator[object]:
    for key, one in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        if key == "@context":
            yield one
        else:
            yield from _contexts(one)


def _told(release: Release) -> dict[str, Any]:
    """What schema.org has a word for."""
    first, last = release.covered
    doi = release.own_doi or release.all_doi
    return {
        "name": release.cited.title,
        "description": release.said("description"),
        "version": release.cited.version,
        "datePublished": release.released,
        "license": [url or name for name, _, url in release.licences],
        "url": release.homepage or release.cited.link,
        "identifier": f"https://doi.org/{doi}" if doi else "",
        "creator": [_person(person) for person in release.creators],
        "contributor": [_person(person) for person in release.others],
        "publisher": {"@type": "sc:Organization", "name": release.publisher},
        "keywords": release.keywords,
        "inLanguage": LANGUAGE,
        "isAccessibleForFree": True,
        "temporalCoverage": first if first == last else f"{first}/{last}",
        "spatialCoverage": [_place(p.name, p.latitude, p.longitude) for p in release.places],
        "citeAs": release.cited.bibtex(),
    }


def _person(person: Person) -> dict[str, str]:
    kind = "sc:Person" if person.is_human else "sc:Organization"
    return {"@type": kind, "name": person.name, **({"url": person.page} if person.page else {})}


def _place(name: str, latitude: float, longitude: float) -> dict[str, Any]:
    point = {"@type": "sc:GeoCoordinates", "latitude": latitude, "longitude": longitude}
    return {"@type": "sc:Place", "name": name, "geo": point}


def _beside(release: Release, objects: dict[str, dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The files beside this one; a table among them is told with its rows."""
    for file in release.files:
        if not any(file.name == one["@id"] for one in objects.values()):
            yield _file(file, file.name)


def _file(file: ReleasedFile, path: str, inside: str = "", rows: int | None = None) -> dict[str, Any]:
    found: dict[str, Any] = {
        "@type": "cr:FileObject",
        "@id": path,
        "name": path,
        "contentUrl": path,
        "contentSize": f"{file.size} B",
        "encodingFormat": file.media_type,
        "sha256": file.sha256,
    }
    if inside:
        found["containedIn"] = {"@id": inside}
    if rows is not None:
        found["size"] = {"@type": "sc:QuantitativeValue", "value": rows, "unitText": "rows"}
    return found


def _table_file(release: Release, schema: TableSchema) -> dict[str, Any]:
    path = release.package.path(schema.name)
    member = next((m for m in release.members if m.name == path or m.name.endswith(f"/{path}")), None)
    if member is None:
        data = release.package.read_bytes(path)
        member = ReleasedFile(path, len(data), hashlib.sha256(data).hexdigest(), "text/csv")
    inside = release.archive.name if release.archive else ""
    return _file(member, member.name, inside, release.rows.get(schema.name))


def _flat_file(release: Release) -> dict[str, Any] | None:
    """The flat table, in the archive or beside it; a claim is one row of it."""
    rows = release.rows.get(FLAT, release.rows.get("claims"))
    for files, inside in ((release.members, release.archive), (release.files, None)):
        for file in files:
            if file.name.endswith(f"{FLAT}.csv"):
                return _file(file, file.name, inside.name if inside else "", rows)
    return None


def _joins(release: Release, tables: list[TableSchema]) -> dict[str, str]:
    """The one table that each table refers to formally; what else it refers to is said in words.

    A Croissant reader joins what ``references`` names while it loads: mlcroissant knows one other
    table, which refers to none itself, and no key that may be empty.
    """
    found: dict[str, str] = {}
    filled = {schema.name for schema in tables if _is_filled(release, schema.name)}
    for schema in tables:
        for key in schema.foreign_keys:
            ends = {schema.name, key.table}
            chained = key.table in found or schema.name in found.values()
            if len(ends) == 2 and ends <= filled and not chained and _is_plain(schema, key):
                found.setdefault(schema.name, key.table)
    return found


def _is_filled(release: Release, table: str) -> bool:
    return table in release.package.names and bool(release.package.read(table)[0].rows)


def _is_plain(schema: TableSchema, key: ForeignKey) -> bool:
    return len(key.fields) == 1 and schema.field[key.fields[0]].required


def _record_set(schema: TableSchema, file: str, other: str) -> dict[str, Any]:
    keys = {key.fields[0]: key for key in schema.foreign_keys if len(key.fields) == 1}
    return {
        "@type": "cr:RecordSet",
        "@id": schema.name,
        "name": schema.name,
        "description": schema.description or schema.title,
        "key": [{"@id": f"{schema.name}/{name}"} for name in schema.primary_key],
        "field": [_field(schema, one, file, keys.get(one.name), other) for one in schema.fields],
    }


def _field(schema: TableSchema, one: Field, file: str, key: ForeignKey | None, other: str) -> dict[str, Any]:
    found: dict[str, Any] = {
        "@type": "cr:Field",
        "@id": f"{schema.name}/{one.name}",
        "name": one.name,
        "description": line(one.description or one.title),
        "dataType": _TYPES[one.type],
        "source": {"fileObject": {"@id": file}, "extract": {"column": one.name}},
    }
    if key and key.table == other and _is_plain(schema, key):
        found["references"] = {"field": {"@id": f"{key.table}/{key.other_fields[0]}"}}
    elif key:
        found["description"] += f" Refers to {key.table}.{key.other_fields[0]}."
    return found
