"""Changes of schemas and descriptors, each with the least part of the version that it moves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from onrecord.compat import HASH, foreign_key, reduced_descriptor, reduced_schema
from onrecord.versions import Level

__all__ = ["Change", "descriptor_changes", "schema_changes"]

_LEAST = ("minimum", "exclusiveMinimum", "minLength")
_MOST = ("maximum", "exclusiveMaximum", "maxLength")


@dataclass(frozen=True, order=True)
class Change:
    """One change of what is said about the data: of the package where ``table`` is empty, else of a table or a field."""

    level: Level
    table: str
    field: str
    what: str

    def __str__(self) -> str:
        where = f"{self.table}.{self.field}" if self.field else self.table
        return f"{where}: {self.what}" if where else self.what


def descriptor_changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Change]:
    """Changes of the descriptor; tables that only one of them has are changes too."""
    a, b = reduced_descriptor(before), reduced_descriptor(after)
    for name, called in (("name", "name of the package"), ("id", "identifier of the package"), ("licenses", "licence")):
        if a[name] != b[name]:
            yield Change(Level.MAJOR, "", "", f"the {called} changed: {_said(a[name])} → {_said(b[name])}")
    was, now = ({r["name"]: r[HASH] for r in one["resources"]} for one in (a, b))
    yield from (Change(Level.MAJOR, name, "", "the table was removed or renamed") for name in was if name not in now)
    yield from (Change(Level.MINOR, name, "", "the table was added") for name in now if name not in was)
    yield from (
        Change(Level.PATCH, name, "", f"its metadata in the descriptor changed{_which(before, after, name)}")
        for name in was
        if name in now and was[name] != now[name]
    )
    if [name for name in was if name in now] != [name for name in now if name in was]:
        yield Change(Level.PATCH, "", "", "the tables stand in another order")
    if a[HASH] != b[HASH]:
        yield Change(Level.PATCH, "", "", f"metadata of the package changed{_names(before, after)}")


def schema_changes(table: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Change]:
    """Changes of the schema of one table."""
    a, b = reduced_schema(before), reduced_schema(after)
    was, now = ({f["name"]: f for f in one["fields"]} for one in (a, b))
    yield from _moved(table, list(was), list(now), now)
    for name in was:
        if name in now:
            yield from _field(table, was[name], now[name])
    for key, called in (("primaryKey", "primary key"), ("missingValues", "texts that stand for no value")):
        if a[key] != b[key]:
            yield Change(Level.MAJOR, table, "", f"{called} changed: {', '.join(a[key])} → {', '.join(b[key])}")
    yield from _keys(table, a, b, now.keys() - was.keys())
    if a[HASH] != b[HASH]:
        yield Change(Level.PATCH, table, "", f"its description changed{_names(before, after)}")
    said, says = ({f["name"]: f for f in one["fields"]} for one in (before, after))
    for name in was:
        if name in now and was[name][HASH] != now[name][HASH]:
            yield Change(Level.PATCH, table, name, f"its description changed{_names(said[name], says[name])}")


def _moved(table: str, was: list[str], now: list[str], fields: Mapping[str, Any]) -> Iterator[Change]:
    """Fields removed, added and moved. One that is appended and may be empty is our exception from the recipe."""
    kept = [name for name in now if name in was]
    end = now.index(kept[-1]) if kept else -1
    for name in was:
        if name not in now:
            yield Change(Level.MAJOR, table, name, "the field was removed or renamed")
    for at, name in enumerate(now):
        if name in was:
            continue
        if at > end and not fields[name]["constraints"].get("required"):
            yield Change(Level.MINOR, table, name, "an optional field was appended")
        else:
            what = "a field that may not be empty" if at > end else "a field before others"
            yield Change(Level.MAJOR, table, name, f"{what} was added")
    if kept != [name for name in was if name in now]:
        yield Change(Level.MAJOR, table, "", "the fields stand in another order")


def _field(table: str, was: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Change]:
    name = str(was["name"])
    for part in ("type", "format"):
        if was[part] != now[part]:
            yield Change(Level.MAJOR, table, name, f"its {part} changed: {was[part]} → {now[part]}")
    a, b = was["constraints"], now["constraints"]
    for limit in sorted({*a, *b}):
        level = _constraint(limit, a.get(limit), b.get(limit))
        if level is not Level.NONE:
            how = {Level.MAJOR: "tighter", Level.MINOR: "looser"}.get(level, "written otherwise")
            what = f"the constraint {limit} is {how}: {_said(a.get(limit))} → {_said(b.get(limit))}"
            yield Change(level, table, name, what)


def _constraint(limit: str, was: Any, now: Any) -> Level:
    """MAJOR where a value that was allowed may no longer be, MINOR where every such value still is."""
    if was == now:
        return Level.NONE
    if now is None:
        return Level.MINOR
    if was is None:
        return Level.MAJOR
    if limit == "enum" and isinstance(was, list) and isinstance(now, list):
        terms, kept = {repr(term) for term in was}, {repr(term) for term in now}
        return Level.PATCH if terms == kept else Level.MINOR if terms < kept else Level.MAJOR
    if limit in (*_LEAST, *_MOST) and (pair := _comparable(was, now)):
        lower = pair[1] < pair[0]
        return Level.MINOR if lower == (limit in _LEAST) else Level.MAJOR
    return Level.MAJOR


def _comparable(was: Any, now: Any) -> tuple[Any, Any] | None:
    """Two bounds that have an order: numbers, or dates, which all have one length."""
    for kind in ((int, float), str):
        if all(isinstance(bound, kind) and not isinstance(bound, bool) for bound in (was, now)):
            return was, now
    return None


def _keys(table: str, a: Mapping[str, Any], b: Mapping[str, Any], added: set[str]) -> Iterator[Change]:
    """Unique and foreign keys; one of appended fields alone came with them and binds nothing that was there."""
    for key in a["uniqueKeys"]:
        if key not in b["uniqueKeys"]:
            yield Change(Level.MAJOR, table, "", f"no longer unique together: {', '.join(key)}")
    for key in b["uniqueKeys"]:
        if key not in a["uniqueKeys"] and not set(key) <= added:
            yield Change(Level.MAJOR, table, "", f"unique together from now on: {', '.join(key)}")
    for foreign in a["foreignKeys"]:
        if foreign not in b["foreignKeys"]:
            yield Change(Level.MAJOR, table, "", f"the foreign key was removed: {foreign_key(foreign)}")
    for foreign in b["foreignKeys"]:
        if foreign not in a["foreignKeys"] and not set(foreign["fields"]) <= added:
            yield Change(Level.MAJOR, table, "", f"a foreign key was added: {foreign_key(foreign)}")


def _which(before: Mapping[str, Any], after: Mapping[str, Any], table: str) -> str:
    was, now = (next(r for r in one["resources"] if r.get("name") == table) for one in (before, after))
    return _names(was, now)


def _names(before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    """Which properties changed, where both sides have them and not only their hash."""
    if HASH in before or HASH in after:
        return ""
    beside = {
        "version",
        "created",
        "path",
        "schema",
        "hash",
        "bytes",
        "rows",
        "resources",
        "name",
        "id",
        "licenses",
        "fields",
    }
    beside |= {"constraints", "type", "format", "primaryKey", "uniqueKeys", "foreignKeys", "missingValues"}
    names = sorted(n for n in {*before, *after} - beside if before.get(n) != after.get(n))
    return f": {', '.join(names)}" if names else ""


def _said(value: Any) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, list):
        return ", ".join(
            str(one.get("name") or one.get("path")) if isinstance(one, dict) else str(one) for one in value
        )
    return str(value).lower() if isinstance(value, bool) else str(value)
