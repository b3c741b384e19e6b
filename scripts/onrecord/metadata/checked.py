"""Whether the metadata of a release are what their formats ask for, by the libraries that own the formats."""

from __future__ import annotations

import datetime as dt
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from onrecord.findings import shown
from onrecord.metadata.croissant import asks_elsewhere
from onrecord.metadata.loading import loads
from onrecord.metadata.zenodo import SCHEMA

__all__ = ["loads", "problems"]

_MEND = "mend datapackage.json, and make the file anew"
_LONGEST = 300
_NEEDED = ("name", "description", "license", "creator", "version", "datePublished", "distribution", "recordSet")
_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"


def problems(files: Mapping[str, bytes]) -> list[str]:
    """What is wrong with the files of ``release_metadata``: sentences for people, none when all is well."""
    found = []
    for name, check in _CHECKS.items():
        if name not in files:
            found.append(f"{name} is missing; make the metadata anew")
            continue
        try:
            text = files[name].decode("utf-8")
            found += [f"{name}: {_short(what)}; {_MEND}" for what in check(text)]
        except (ValueError, RecursionError) as error:
            found.append(f"{name}: cannot be read ({_short(str(error))}); make the metadata anew")
    return found


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _told(errors: Iterable[Any]) -> Iterator[str]:
    """The errors of jsonschema, the nearest to the top first."""
    for error in sorted(errors, key=lambda one: [str(part) for part in one.absolute_path]):
        where = "/".join(str(part) for part in error.absolute_path)
        yield f"{where}: {_short(error.message)}" if where else error.message


def _validated(value: object, schema: Mapping[str, Any]) -> Iterator[str]:
    from jsonschema.validators import validator_for  # type: ignore[import-untyped]

    kind = validator_for(schema)
    yield from _told(kind(schema, format_checker=kind.FORMAT_CHECKER).iter_errors(value))


def _cff_schema() -> dict[str, Any]:
    from check_jsonschema.builtin_schemas import get_builtin_schema  # type: ignore[import-untyped]

    return dict(get_builtin_schema("vendor.citation-file-format"))


def _is_licence(name: object) -> bool:
    """Whether a name is one of the SPDX list that comes with the schema of CFF, in any case of letters."""
    known = _cff_schema()["definitions"]["license-enum"]["enum"]
    return isinstance(name, str) and name.lower() in {one.lower() for one in known}


def _cff(text: str) -> Iterator[str]:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        value = YAML(typ="safe", pure=True).load(io.StringIO(text))
    except YAMLError as error:
        raise ValueError(str(error)) from None
    if isinstance(value, dict):  # YAML has dates, the schema has texts
        value = {key: one.isoformat() if isinstance(one, dt.date) else one for key, one in value.items()}
    yield from _validated(value, _cff_schema())


def _datacite(text: str) -> Iterator[str]:
    from datacite.schema45 import validator  # type: ignore[import-untyped]

    value = json.loads(text)
    yield from _told(validator.evolve(format_checker=_formats()).iter_errors(value))
    for right in value.get("rightsList", []) if isinstance(value, dict) else []:
        if right.get("rightsIdentifierScheme") == "SPDX" and not _is_licence(right.get("rightsIdentifier")):
            yield f"{shown(str(right.get('rightsIdentifier')))} is no licence of the SPDX list"


def _formats() -> Any:
    """The formats of dates that the schema of DataCite names, and that its validator leaves to others."""
    from jsonschema import FormatChecker  # type: ignore[import-untyped]

    checker = FormatChecker()
    single = {"year": r"[0-9]{4}", "yearmonth": r"[0-9]{4}-[0-9]{2}", "date": _DAY, "datetime": rf"{_DAY}T.+"}
    for name, pattern in single.items():
        checker.checks(name)(_date_check(pattern))
        checker.checks(f"{name}-range")(_range_check(pattern))
    return checker


def _date_check(pattern: str) -> Callable[[object], bool]:
    def check(value: object) -> bool:
        if not isinstance(value, str):
            return True
        return bool(re.fullmatch(pattern, value)) and _exists((value + "-01-01")[:10] if len(value) < 10 else value)

    return check


def _range_check(pattern: str) -> Callable[[object], bool]:
    check = _date_check(pattern)

    def check_range(value: object) -> bool:
        sides = value.split("/") if isinstance(value, str) else []
        return not isinstance(value, str) or (len(sides) == 2 and all(map(check, sides)) and sides[0] <= sides[1])

    return check_range


def _exists(value: str) -> bool:
    try:
        dt.datetime.fromisoformat(value)
    except ValueError:
        return False
    return True


def _croissant(text: str) -> Iterator[str]:
    import mlcroissant  # type: ignore[import-untyped]

    value = json.loads(text)
    if not isinstance(value, dict):
        raise ValueError("is no JSON object")
    yield from (f"has no {key}" for key in _NEEDED if not value.get(key))
    yield from _sourceless(value.get("recordSet"))
    if not _exists(str(value.get("datePublished") or "2026-11-22")):
        yield f"datePublished: {shown(str(value['datePublished']))} is no day"
    if asks_elsewhere(value):
        yield "has another @context than the one of Croissant 1.0, once and at the top"
        return
    try:
        issues = mlcroissant.Dataset(jsonld=value).metadata.ctx.issues
        yield from sorted({*issues.errors, *issues.warnings})
    except mlcroissant.ValidationError as error:
        yield str(error)
    except Exception as error:  # noqa: BLE001  # on JSON-LD that is none it fails with errors of many kinds
        yield f"mlcroissant cannot read it: {error or type(error).__name__}"


def _sourceless(record_sets: Any) -> Iterator[str]:
    """The fields that no column of a file is named for, which mlcroissant takes for empty."""
    for one in record_sets if isinstance(record_sets, list) else []:
        for field in one.get("field", []) if isinstance(one, dict) else []:
            if isinstance(field, dict) and not field.get("source"):
                yield f"{shown(str(field.get('@id')))} has no source"


def _zenodo(text: str) -> Iterator[str]:
    value = json.loads(text)
    yield from _validated(value, SCHEMA)
    if isinstance(value, dict) and "license" in value and not _is_licence(value["license"]):
        yield f"license: {shown(str(value['license']))} is no licence of the SPDX list"


def _bibtex(text: str) -> Iterator[str]:
    bare = re.sub(r"\\[a-z]+\{\}|\\.", "", text)
    if not re.fullmatch(r"@misc\{[a-z0-9-]+,\n(  [a-z]+ = \{.*\},\n)+\}\n", bare):
        yield "is no BibTeX entry of one field a line"
    if any(line.count("{") != line.count("}") for line in bare.splitlines()[1:-1]):
        yield "has a field whose braces do not close"
    fields = dict(re.findall(r"^  ([a-z]+) = \{(.*)\},$", text, re.MULTILINE))
    yield from (
        f"has no {name}" for name in ("author", "title", "version", "year") if not fields.get(name, "").strip("{}")
    )
    if not re.fullmatch(r"[0-9]{4}", fields.get("year") or "2026"):
        yield f"{shown(fields['year'])} is no year"


def _ris(text: str) -> Iterator[str]:
    lines = text.removesuffix("\n").split("\n")
    tags: dict[str, str] = {}
    for number, one in enumerate(lines, 1):
        if not re.fullmatch(r"[A-Z][A-Z0-9]  - .*", one):
            yield f"line {number} is no tag of RIS with its value"
        tags.setdefault(one[:2], one[6:])
    if not lines[0].startswith("TY  - DATA") or lines[-1] != "ER  - ":
        yield "does not begin with TY and end with ER"
    yield from (f"has no {tag}" for tag in ("AU", "TI", "ET", "PY") if not tags.get(tag))
    if not re.fullmatch(r"[0-9]{4}", tags.get("PY") or "2026"):
        yield f"{shown(tags['PY'])} is no year"


_CHECKS: dict[str, Callable[[str], Iterator[str]]] = {
    "CITATION.cff": _cff,
    "datacite.json": _datacite,
    "croissant.json": _croissant,
    ".zenodo.json": _zenodo,
    "citation.bib": _bibtex,
    "citation.ris": _ris,
}
