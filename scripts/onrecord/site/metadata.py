"""Datasette's metadata, generated: titles, licence, column help, labels, facets and canned queries."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

from onrecord import database
from onrecord.package import Package
from onrecord.tableschema import TableSchema

__all__ = ["metadata", "queries"]

_LABEL = {
    "actors": "actor_name",
    "sources": "title",
    "places": "place_name",
    "events": "event_title",
    "propositions": "proposition",
    "claims": "claim_summary",
}
_FACETS = {
    "claims": ["stance", "quote_type", "source_id"],
    "flat": ["stance", "publisher", "origin_kind"],
    "actors": ["actor_kind", "anonymity", "actor_country"],
    "events": ["status", "plover_type"],
    "propositions": ["proposition_kind"],
    "attributions": ["hop_kind", "hop_channel"],
    "evidence": ["part"],
    "sources": ["genre", "access"],
    "resolutions": ["outcome"],
}
_HIDDEN = {"agreement", "retired"}


def queries() -> dict[str, dict[str, Any]]:
    """The canned queries: one SQL file per question, its title and description in the first comments."""
    found = {}
    for file in sorted(files("onrecord.site").joinpath("queries").iterdir(), key=lambda f: f.name):
        if not file.name.endswith(".sql"):
            continue
        head: list[str] = []
        sql: list[str] = []
        for line in file.read_text("utf-8").splitlines():
            (head if line.startswith("--") and not sql else sql).append(line)
        title, *rest = [line.removeprefix("--").strip() for line in head]
        found[file.name.removesuffix(".sql")] = {
            "sql": "\n".join(sql).strip(),
            "title": title,
            "description": " ".join(rest),
            "hide_sql": True,
        }
    return found


def metadata(package: Package) -> dict[str, Any]:
    """The metadata of the whole site, as Datasette 0.65 reads it."""
    descriptor = package.descriptor
    licence = _licence(descriptor.get("licenses"))
    schemas = [TableSchema(name, package.schemas[name]) for name in package.names] + [database.flat_schema(package)]
    tables = {schema.name: _table(schema) for schema in schemas}
    tables |= {view: {"description": database.comment(package, view)} for view in database.VIEWS}
    return {
        "title": str(descriptor.get("title", "On Record")),
        **licence,
        "databases": {
            "onrecord": {
                "description": "Begin with the flat table, or with a question below.",
                "tables": tables,
                "queries": queries(),
            }
        },
    }


def _licence(licences: Any) -> dict[str, str]:
    """Name and address of the first licence, where the descriptor has one that can be linked to."""
    first = licences[0] if isinstance(licences, list) and licences else {}
    found = {"license": first.get("title"), "license_url": first.get("path")} if isinstance(first, dict) else {}
    texts = {key: value for key, value in found.items() if isinstance(value, str)}
    if not texts.get("license_url", "").startswith(("https://", "http://")):
        texts.pop("license_url", None)  # Datasette would link to whatever stands here, a script too
    return texts


def _table(schema: TableSchema) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "title": schema.title,
        "description": schema.description,
        "columns": {f.name: _help(f.title, f.description, f.categories) for f in schema.fields},
        "sort": schema.primary_key[0],
        "size": 50,
    }
    if schema.name in _LABEL:
        entry["label_column"] = _LABEL[schema.name]
    if schema.name in _FACETS:
        entry["facets"] = _FACETS[schema.name]
    if schema.name in _HIDDEN:
        entry["hidden"] = True
    return entry


def _help(title: str, description: str, categories: list[dict[str, Any]]) -> str:
    terms = "; ".join(f"{t['value']}: {t['label']}" for t in categories[:12])
    return f"{title}. {description} {terms}".strip()
