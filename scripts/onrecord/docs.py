"""CODEBOOK.md: every table, field, term, coding rule, validation rule and view, from where they are defined."""

from __future__ import annotations

from collections.abc import Iterator

from onrecord import database
from onrecord.package import Package
from onrecord.tableschema import Field, TableSchema

__all__ = ["codebook"]

_INTRO = """\
# Codebook

How the dataset is coded and what every column means. `onrecord docs` generates this file from `schemas/`, from the views
in `schemas/views/` and from the rules of the tools; edit those, not this.

An empty cell means what the field's description says it means, and never zero, false or the text "NA". Dates are EDTF
level 1 (ISO 8601-2:2019) with their strict first and last day beside them. Identifiers are opaque: a letter for the
table and a number, minted once and never reused. Fields marked *judged* are decided by a coder, by the rule given.
"""


def codebook(package: Package) -> str:
    """The whole codebook as Markdown."""
    return "\n".join(_lines(package)).rstrip() + "\n"


def _lines(package: Package) -> Iterator[str]:
    yield _INTRO
    schemas = [TableSchema(name, package.schemas[name]) for name in package.names]
    yield "## Tables\n"
    for schema in schemas:
        yield f"- [`{schema.name}`](#{schema.name}): {schema.description}"
    yield "- [Coding rules](#coding-rules), [validation rules](#validation-rules), [views](#views), [flat table](#flat)\n"
    yield "## Coding rules\n"
    for schema in schemas:
        for rule in schema.json.get("codingRules", []):
            yield f"- **{rule['title']}.** {rule['rule']} *Example:* {rule['example']}"
    yield "\nThe rules for single fields stand with the fields.\n"
    for schema in schemas:
        yield from _table(schema)
    yield from _rules()
    yield "## Views\n"
    yield "SQL in `schemas/views/`, in the database and through `onrecord.load()`."
    yield f"{', '.join(f'`{view}`' for view in database.STORED)} follow links or count; the database stores them as tables.\n"
    for view in database.VIEWS:
        yield f"- `{view}`: {database.comment(package, view)}"
    yield ""
    yield from _table(database.flat_schema(package))


def _table(schema: TableSchema) -> Iterator[str]:
    yield f"## {schema.name}\n"
    yield f"{schema.title}. {schema.description}\n"
    yield f"Key: {', '.join(f'`{k}`' for k in schema.primary_key)}."
    for key in schema.unique_keys:
        yield f"Unique together: {', '.join(f'`{k}`' for k in key)}."
    for foreign in schema.foreign_keys:
        yield f"`{', '.join(foreign.fields)}` refers to [`{foreign.table}`](#{foreign.table})."
    yield ""
    for f in schema.fields:
        yield from _field(f)


def _field(f: Field) -> Iterator[str]:
    notes = [f.type, "required" if f.required else "may be empty"]
    if f.judged:
        notes.append("judged")
    if "standard" in f.json:
        notes.append(str(f.json["standard"]))
    for name, say in (
        ("pattern", "matches"),
        ("minimum", "at least"),
        ("maximum", "at most"),
        ("maxLength", "characters at most"),
    ):
        if name in f.constraints:
            value = f.constraints[name]
            notes.append(f"{say} `{value}`" if name == "pattern" else f"{say} {value}")
    yield f"### {f.name}\n"
    yield f"*{f.title}* ({'; '.join(notes)}). {f.description}\n"
    for term in f.categories:
        types = f" ({', '.join(term['plover_types'])})" if "plover_types" in term else ""
        yield f"- `{term['value']}`: {term['label']}{types}"
    if f.categories:
        yield ""
    if f.judged:
        yield f"Rule: {f.json['codingRule']}\n"
        yield f"Example: {f.json['workedExample']}\n"


def _rules() -> Iterator[str]:
    from onrecord.rulebook import rulebook

    yield "## Validation rules\n"
    yield "What `onrecord validate` checks; `onrecord validate --explain RULE` shows one.\n"
    topic = ""
    for rule in rulebook().values():
        if rule.topic != topic:
            topic = rule.topic
            yield f"### Rules: {topic}\n"
        note = " (a warning: a package may stay so)" if rule.level == "warning" else ""
        yield f"#### Rule {rule.name}\n"
        yield f"{rule.holds}; {rule.fix}{note}.\n"
        yield f"Why: {rule.why} Example: {rule.example}\n"
