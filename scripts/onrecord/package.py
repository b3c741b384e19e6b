"""A package on disk (folder or zip): descriptor, schemas, tables, ledgers of releases."""

from __future__ import annotations

import io
import json
import re
import stat
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path, PurePosixPath
from typing import Any

from onrecord import columnar, jsonplaces
from onrecord.archive import Archive, Folder, path_problem
from onrecord.csvtable import TableText, parse
from onrecord.findings import Finding, PackageError, shown
from onrecord.overlay import Overlay
from onrecord.store import recover

__all__ = ["INSTALLED", "Fault", "Package", "find_package", "model_fields", "open_package"]

TYPES = ("string", "integer", "number", "date", "boolean")
INSTALLED = Path(__file__).resolve().parent / "_package"
_FOLDERS = ("dataset", "schemas", "schemas/views", "releases")
_DESCRIPTOR = "datapackage.json"
# A resource names a table of SQL, a page and files that are built; the last must not lead elsewhere.
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,99}", re.ASCII)


@dataclass(frozen=True)
class Fault:
    """What is wrong with a value of the descriptor, at a JSON pointer; ``value`` is a path that leads nowhere."""

    pointer: str
    message: str
    fix: str
    value: str | None = None


class Package:
    """A Data Package of On Record tables.

    ``faults`` are resources of the descriptor that cannot be used; ``resources`` are the others.

    ``root`` is the folder, the archive, or a folder with files that are not yet written. Raises PackageError when there is no readable descriptor,
    and before anything else is read when one of its paths leaves the package.
    """

    def __init__(self, root: Path | Archive | Overlay, label: str) -> None:
        self.root = root
        self.label = label
        self._tree = Folder(root) if isinstance(root, Path) else root
        self.descriptor = self.read_json(_DESCRIPTOR)
        resources = self.descriptor.get("resources")
        if not isinstance(resources, list):
            raise PackageError(f"{label}/{_DESCRIPTOR}: 'resources' must be a list of objects")
        self._check_places(resources)
        self.faults = list(_resource_faults(resources))
        faulty = {fault.pointer.split("/")[2] for fault in self.faults}
        self.resources: dict[str, dict[str, Any]] = {
            r["name"]: r for number, r in enumerate(resources) if str(number) not in faulty
        }

    def _check_places(self, resources: list[Any]) -> None:
        """Refuse paths and links out of the package, also where a resource is of no use otherwise."""
        paths = [path for resource in resources if isinstance(resource, dict) for path in _paths(resource)]
        for path in paths:
            if problem := path_problem(path):
                raise PackageError(f"{self.label}/{_DESCRIPTOR}: path {shown(path)} {problem}")
        if isinstance(self._tree, Folder):
            self._tree.check([*_FOLDERS, *paths])

    def read_json(self, path: str) -> dict[str, Any]:
        """A JSON object of the package. Raises PackageError when there is none that can be read."""
        try:
            value = jsonplaces.parse(self.read_bytes(path))
        except (FileNotFoundError, IsADirectoryError):
            raise PackageError(f"{self.label}: there is no {path}; name a folder that has one") from None
        except ValueError as error:
            raise PackageError(f"{self.label}/{path}: cannot be read as JSON: {error}") from None
        if not isinstance(value, dict):
            raise PackageError(f"{self.label}/{path}: must be a JSON object")
        return value

    @property
    def names(self) -> list[str]:
        """Names of the tables, in the order of the descriptor."""
        return list(self.resources)

    def path(self, name: str) -> str:
        """Path of a table's CSV or Parquet relative to the package."""
        return str(self.resources[name]["path"])

    def exists(self, path: str) -> bool:
        """Whether the package holds a file at this relative path."""
        return self._tree.is_file(path)

    def holds(self, path: str, data: bytes | None) -> bool:
        """Whether a file of the package has exactly these bytes."""
        return data is not None and self.exists(path) and self.read_bytes(path) == data

    def read_bytes(self, path: str) -> bytes:
        """The bytes of a file of the package.

        Raises FileNotFoundError, IsADirectoryError, and PackageError for one that cannot be read.
        """
        return self._tree.read(path)

    def size(self, path: str) -> int:
        """The bytes of a file of the package, 0 where there is none."""
        return self._tree.size(path)

    def on_disk(self, path: str, folder: Path) -> Path | None:
        """A file of the package as one on disk, unpacked into ``folder`` from a zip; None where there is none.

        Raises PackageError for a link out of the package, and for an archive that cannot be read.
        """
        if not self.exists(path):
            return None
        if isinstance(self.root, Path):
            return self.root / path
        copy = folder / PurePosixPath(path).name
        copy.write_bytes(self.read_bytes(path))
        return copy

    def files(self, folder: str) -> list[str]:
        """Relative paths of everything directly in a folder of the package, sorted."""
        return [f"{folder}/{name}" for name in self._tree.names(folder)]

    def every_file(self) -> list[str]:
        """The relative paths of all files of the package, sorted."""
        found: list[str] = []
        folders = [""]
        while folders:
            folder = folders.pop()
            for name in self._tree.names(folder):
                path = f"{folder}/{name}" if folder else name
                (found if self.exists(path) else folders).append(path)
        return sorted(found)

    @cached_property
    def schemas(self) -> dict[str, dict[str, Any]]:
        """The Table Schema of every table, as JSON. Raises PackageError for one that cannot be understood."""
        found = {name: self.table_schema(name, resource.get("schema")) for name, resource in self.resources.items()}
        for name, schema in found.items():
            for key in schema.get("foreignKeys", []):
                to = key["reference"]
                wanted = set(_listed(to["fields"]))
                other = found.get(to.get("resource") or name)
                lacking = wanted - {f["name"] for f in other["fields"]} if other else None
                if lacking:
                    what = f"refers to fields that {to.get('resource') or name} does not have"
                    raise PackageError(f"{self.label}: the schema of {name} {what}: {', '.join(sorted(lacking))}")
        return found

    def table_schema(self, name: str, where: Any) -> dict[str, Any]:
        """The Table Schema of a table: itself, or the path of its file.

        Raises PackageError when there is none that can be understood.
        """
        schema = self.read_json(where) if isinstance(where, str) and where else where
        if not isinstance(schema, dict):
            raise PackageError(f"{self.label}/{_DESCRIPTOR}: table {name!r} needs a schema with fields")
        if problem := schema_problem(schema) or _model_problem(name, schema):
            raise PackageError(f"{self.label}: the schema of {name} {problem}")
        return schema

    @cached_property
    def releases(self) -> dict[str, dict[str, Any]]:
        """The ledgers of past releases: version → what releases/<version>.json holds."""
        ledgers = {p: self.read_json(p) for p in self.files("releases") if p.endswith(".json")}
        for path, ledger in ledgers.items():
            tables = ledger.get("tables")
            if not isinstance(tables, dict) or not all(
                isinstance(t, dict) and isinstance(t.get("rows"), dict) for t in tables.values()
            ):
                raise PackageError(f"{self.label}/{path}: is no ledger of a release; restore it from the release")
        return {PurePosixPath(path).stem: ledger for path, ledger in ledgers.items()}

    @cached_property
    def last_names(self) -> dict[tuple[str, str], str]:
        """What rows were called in the last release that names them: (table, key) → name.

        A ledger may hold, beside the hashes of the rows of a table, their names for people (``names``).
        """
        found: dict[tuple[str, str], str] = {}
        for _, ledger in sorted(self.releases.items(), key=lambda item: _version(item[0])):
            for table, content in ledger["tables"].items():
                names = content.get("names")
                found |= {(table, key): str(name) for key, name in names.items()} if isinstance(names, dict) else {}
        return found

    def read(self, name: str) -> tuple[TableText, list[Finding]]:
        """Read one table strictly: its text, and what is wrong with the file as a file."""
        path = self.path(name)
        table = TableText(name, path)
        fields = [str(f.get("name")) for f in self.schemas[name]["fields"]]
        try:
            table.data = self.read_bytes(path)
        except (IsADirectoryError, FileNotFoundError) as error:
            table.columns, table.complete = fields, False
            what, fix = (
                f"the file of table {name} is not there",
                "restore it, or write its header alone if it has no rows",
            )
            if isinstance(error, IsADirectoryError):
                what, fix = (
                    "a folder stands where a file should be",
                    f"take it away, and restore the file of table {name}",
                )
            return table, [Finding(path, 0, 0, "missing-table", what, fix, name)]
        if path.endswith(columnar.SUFFIX):
            file, table.data = io.BytesIO(table.data), None
            return table, columnar.read(file, table, fields)
        return table, parse(table, fields)


def _paths(resource: Mapping[str, Any]) -> Iterator[str]:
    """What a reader of Data Packages would open for a resource: one path, a list of them, or neither."""
    for key in ("path", "schema", "dialect"):
        value = resource.get(key)
        yield from (path for path in (value if isinstance(value, list) else [value]) if isinstance(path, str) and path)


def _version(name: str) -> list[tuple[int, str]]:
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in re.split(r"[.-]", name)]


def _resource_faults(resources: list[Any]) -> Iterator[Fault]:
    names: set[str] = set()
    for number, resource in enumerate(resources):
        at = f"/resources/{number}"
        if not isinstance(resource, dict):
            yield Fault(at, "a resource must be an object", "write it as {...}, or take it away")
        elif not isinstance(resource.get("name"), str) or not resource["name"]:
            yield Fault(at, "the resource has no name", "name the table")
        elif not _NAME.fullmatch(resource["name"]):
            what = f"the name {shown(resource['name'])} is not of small letters, digits, '-', '_' and '.'"
            yield Fault(f"{at}/name", what, "rename it")
        elif resource["name"] in names:
            yield Fault(f"{at}/name", f"two resources are named {resource['name']!r}", "rename one, or take it away")
        elif not isinstance(resource.get("path"), str) or not resource["path"]:
            yield Fault(at, f"resource {resource['name']!r} has no path", "name one file")
        else:
            names.add(resource["name"])


def schema_problem(schema: Mapping[str, Any]) -> str:
    """What keeps a Table Schema from being understood; empty where nothing does."""
    fields = schema.get("fields")
    if not isinstance(fields, list) or not fields or not all(isinstance(f, dict) for f in fields):
        return "has no list of fields"
    names = [f.get("name") for f in fields]
    if not all(isinstance(n, str) and n and n.isprintable() for n in names):
        return "has a field without a name that can be read"
    if len({n.casefold() for n in names}) < len(names):
        return "has two fields of one name"
    for f in fields:
        if problem := _field_problem(f):
            return f"{problem} (field {f['name']!r})"
    for x in (n.removesuffix("_edtf") for n in names if n.endswith("_edtf")):
        types = {f["name"]: f.get("type", "string") for f in fields}
        if {f"{x}_start", f"{x}_end"} <= set(names) and types[f"{x}_edtf"] != "string":
            return f"has the field {x}_edtf, which must be a string"
        if {types.get(f"{x}_start", "date"), types.get(f"{x}_end", "date")} != {"date"}:
            return f"has the fields {x}_start and {x}_end, which must be dates"
    if not _are_objects(schema.get("codingRules", []), "title", "rule", "example"):
        return "has codingRules without title, rule and example"
    return _key_problem(schema, names)


def _field_problem(f: Mapping[str, Any]) -> str:
    kind, limits = f.get("type", "string"), f.get("constraints", {})
    if kind not in TYPES:
        return f"has the type {shown(str(kind))}; we know {', '.join(TYPES)}"
    if not _are_objects(f.get("categories", []), "value", "label"):
        return "has categories that are no list of objects with value and label"
    if not all(_are_texts(term.get("plover_types", [])) for term in f.get("categories", [])):
        return "has categories whose plover_types are no list of texts"
    if "codingRule" in f and "workedExample" not in f:
        return "has a codingRule without a workedExample"
    if not isinstance(limits, dict):
        return "has constraints that are no object"
    for name, value in limits.items():
        if name in _LIMITS and not _LIMITS[name](value, kind):
            return f"has a constraint {name} that cannot be understood"
    return _pattern_problem(limits.get("pattern", ""))


def _are_objects(value: Any, *names: str) -> bool:
    """Whether a value is a list of objects with texts by these names."""
    return isinstance(value, list) and all(
        isinstance(one, dict) and all(isinstance(one.get(name), str) for name in names) for one in value
    )


def _are_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _is_limit(value: Any, kind: str) -> bool:
    if kind == "date":
        return isinstance(value, str) and bool(re.fullmatch("[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])", value))
    return kind in ("integer", "number") and isinstance(value, (int, float)) and not isinstance(value, bool)


_LIMITS: dict[str, Callable[[Any, str], bool]] = {
    "required": lambda value, _: isinstance(value, bool),
    "unique": lambda value, _: isinstance(value, bool),
    "pattern": lambda value, kind: kind == "string" and isinstance(value, str),
    "enum": lambda value, kind: kind == "string" and _are_texts(value) and 0 < len(set(value)) == len(value),
    "minimum": _is_limit,
    "maximum": _is_limit,
    "maxLength": lambda value, kind: kind == "string" and type(value) is int and value >= 0,
}


def _model_problem(name: str, schema: Mapping[str, Any]) -> str:
    """What rules and views read, and the schema of this table does not have; empty for tables beyond the model."""
    types = {f["name"]: f.get("type", "string") for f in schema["fields"]}
    for field, kind in model_fields().get(name, {}).items():
        if types.get(field) != kind:
            return f"needs the field {field} of type {kind}, which the rules read"
    return ""


@cache
def model_fields() -> dict[str, dict[str, str]]:
    """The fields and types of the model's tables, from the schemas that came with the program."""
    home = next((h for h in (INSTALLED, INSTALLED.parent.parent.parent) if (h / "schemas").is_dir()), INSTALLED)
    schemas = {path.stem: json.loads(path.read_bytes()) for path in sorted(home.glob("schemas/**/*.json"))}
    return {name: {f["name"]: f.get("type", "string") for f in s["fields"]} for name, s in schemas.items()}


def _pattern_problem(pattern: str) -> str:
    try:
        re.compile(pattern, re.ASCII)
    except (re.error, RecursionError, OverflowError, MemoryError) as error:
        return f"has a pattern that cannot be understood: {error}"
    return ""


def _listed(key: Any) -> Any:
    return [key] if isinstance(key, str) else key


def _key_problem(schema: Mapping[str, Any], names: list[str]) -> str:
    def is_key(value: Any) -> bool:
        return _are_texts(value) and 0 < len(set(value)) == len(value) and set(value) <= set(names)

    unique, foreign, primary = schema.get("uniqueKeys", []), schema.get("foreignKeys", []), schema.get("primaryKey")
    if not isinstance(unique, list) or not isinstance(foreign, list):
        return "has uniqueKeys or foreignKeys that are no list"
    for key in (_listed(primary), *unique):
        if not is_key(key):
            return f"has a key of fields that it does not have: {shown(str(key))}"
    for key in foreign:
        if not isinstance(key, dict) or not isinstance(to := key.get("reference"), dict):
            return "has foreignKeys that cannot be understood"
        own, other = (_listed(k) for k in (key.get("fields"), to.get("fields")))
        named = isinstance(to.get("resource", ""), str)
        if not named or not is_key(own) or not _are_texts(other) or len(own) != len(other):
            return f"has a foreign key that cannot be understood: {shown(str(key))}"
    return ""


def find_package(start: Path | None = None, own: bool = True) -> Path:
    """The package to use when none is named: around the working folder, else our ``own`` (this clone, or the wheel).

    Raises PackageError when there is none.
    """
    try:
        start = (start or Path.cwd()).resolve()
        for folder in (start, *start.parents, *([INSTALLED.parent.parent.parent, INSTALLED] if own else [])):
            if not (folder / _DESCRIPTOR).is_file():
                continue
            if (folder / "schemas" / "claims.json").is_file():
                return folder
            if (folder / "dataset").is_dir():  # one further up is not meant
                raise PackageError(
                    f"{folder}/{_DESCRIPTOR} has no schemas beside it; copy the folder 'schemas' of ours there"
                )
    except OSError as error:  # the working folder is gone, or may not be looked into
        raise PackageError(f"no package can be looked for here ({error.strerror}); name its folder") from None
    raise PackageError("no datapackage.json here or above; name the folder of the package")


def open_package(path: str | Path | None = None, faulty: bool = False) -> Package:
    """Open a package: a folder, its datapackage.json, or a zip. None means the nearest one.

    Raises PackageError when it cannot be opened, and unless ``faulty`` is allowed when its
    descriptor has resources that cannot be used, or that are no CSVs.
    """
    package = _open(path)
    if faulty:
        return package
    for fault in package.faults:
        raise PackageError(f"{package.label}/datapackage.json: {fault.message}; {fault.fix}")
    for path in map(package.path, package.names):
        if path.endswith(columnar.SUFFIX):
            raise PackageError(
                f"{package.label}/{path} is a Parquet, which 'onrecord validate' alone reads; name a CSV"
            )
    return package


def _open(path: str | Path | None) -> Package:
    where = Path(path) if path is not None else find_package()
    if where.name == _DESCRIPTOR:
        where = where.parent
    try:
        mode = where.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        raise PackageError(f"{where}: no such folder or file") from None
    except (OSError, ValueError) as error:
        raise PackageError(f"{where}: cannot be read: {getattr(error, 'strerror', None) or error}") from None
    if stat.S_ISDIR(mode):
        recover(where)
        return Package(where, str(path) if path is not None else ".")
    if not stat.S_ISREG(mode):  # to open a pipe would wait for ever
        raise PackageError(f"{where}: neither a folder nor a zip archive")
    return Package(Archive(where), str(where))
