"""Table Schema, the one definition of a field: types, Pandera schemas, SQL and Arrow types."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from onrecord.findings import PackageError

if TYPE_CHECKING:
    import pandas as pd
    import pandera.pandas as pa
    import pyarrow

__all__ = [
    "LARGEST",
    "Field",
    "ForeignKey",
    "TableSchema",
    "arrow_array",
    "categorized",
    "convert",
    "example",
    "schema",
    "typed",
]

_LEXICAL = {
    "integer": re.compile(r"0|-?[1-9][0-9]*", re.ASCII),
    "number": re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?", re.ASCII),
    "date": re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII),
    "boolean": re.compile(r"true|false", re.ASCII),
}
LARGEST = 2**53
"""Whole numbers are less than this, so that no reader of floating-point numbers rounds them."""
_EXAMPLE = {"integer": "12", "number": "43.1", "date": "2023-09-05", "boolean": "true"}
_PANDAS = {"string": "str", "integer": "Int64", "number": "Float64", "date": "datetime64[s]", "boolean": "boolean"}
_SQLITE = {"string": "TEXT", "integer": "INTEGER", "number": "REAL", "date": "TEXT", "boolean": "INTEGER"}


@dataclass(frozen=True)
class Field:
    """One column, as its JSON defines it."""

    json: Mapping[str, Any]

    @property
    def name(self) -> str:
        return str(self.json["name"])

    @property
    def type(self) -> str:
        return str(self.json.get("type", "string"))

    @property
    def title(self) -> str:
        return str(self.json.get("title", self.name))

    @property
    def description(self) -> str:
        return str(self.json.get("description", ""))

    @property
    def constraints(self) -> Mapping[str, Any]:
        return dict(self.json.get("constraints", {}))

    @property
    def required(self) -> bool:
        return bool(self.constraints.get("required"))

    @property
    def enum(self) -> list[str]:
        return list(self.constraints.get("enum", []))

    @property
    def categories(self) -> list[dict[str, Any]]:
        """The vocabulary: one object with value and label (its meaning) per term."""
        return list(self.json.get("categories", []))

    @property
    def judged(self) -> bool:
        """Whether a coder decides it, by a rule of the codebook."""
        return "codingRule" in self.json

    @property
    def sqlite_type(self) -> str:
        return _SQLITE[self.type]

    def arrow_type(self) -> pyarrow.DataType:
        """The Arrow type: dates as date32, integers as int64, numbers as float64."""
        import pyarrow as arrow

        kinds = {"integer": arrow.int64(), "number": arrow.float64(), "date": arrow.date32(), "boolean": arrow.bool_()}
        return kinds.get(self.type, arrow.string())


@dataclass(frozen=True)
class ForeignKey:
    """Columns of one table whose values must be the key of a row of another."""

    fields: tuple[str, ...]
    table: str
    other_fields: tuple[str, ...]


@dataclass(frozen=True)
class TableSchema:
    """One table, as schemas/<table>.json defines it."""

    name: str
    json: Mapping[str, Any] = field(repr=False)

    @cached_property
    def fields(self) -> list[Field]:
        return [Field(f) for f in self.json["fields"]]

    @cached_property
    def field(self) -> dict[str, Field]:
        return {f.name: f for f in self.fields}

    @cached_property
    def columns(self) -> list[str]:
        return [f.name for f in self.fields]

    @property
    def title(self) -> str:
        return str(self.json.get("title", self.name))

    @property
    def description(self) -> str:
        return str(self.json.get("description", ""))

    @property
    def primary_key(self) -> list[str]:
        key = self.json.get("primaryKey", [])
        return [key] if isinstance(key, str) else list(key)

    @property
    def unique_keys(self) -> list[list[str]]:
        return [list(k) for k in self.json.get("uniqueKeys", [])]

    @property
    def foreign_keys(self) -> list[ForeignKey]:
        def names(value: Any) -> tuple[str, ...]:
            return (value,) if isinstance(value, str) else tuple(value)

        return [
            ForeignKey(names(k["fields"]), k["reference"].get("resource") or self.name, names(k["reference"]["fields"]))
            for k in self.json.get("foreignKeys", [])
        ]

    @property
    def mints_identifiers(self) -> bool:
        """Whether the key is an identifier of this table's own, not one of another table."""
        if self.name == "retired" or len(self.primary_key) != 1:
            return False
        return {"unique", "pattern"} <= set(self.field[self.primary_key[0]].constraints)

    @property
    def edtf(self) -> list[str]:
        """The prefixes x of date columns x_edtf, x_start, x_end."""
        found = [c.removesuffix("_edtf") for c in self.columns if c.endswith("_edtf")]
        return [x for x in found if f"{x}_start" in self.field and f"{x}_end" in self.field]

    def pandera(self) -> pa.DataFrameSchema:
        """The Pandera schema for a typed frame of this table (columns as in ``typed``)."""
        import pandera.pandas as pa

        columns = {
            f.name: pa.Column(
                None if f.enum else _PANDAS[f.type],
                checks=_checks(f),
                nullable=not f.required,
                title=f.title,
                description=f.description,
            )
            for f in self.fields
        }
        keys = [k for k in (self.primary_key, *self.unique_keys) if len(k) > 1]
        together = [
            pa.Check(lambda frame, key=key: ~frame.duplicated(key), name=f"unique {', '.join(key)}") for key in keys
        ]
        return pa.DataFrameSchema(
            columns,
            strict=True,
            ordered=True,
            checks=together,
            name=self.name,
            title=self.title,
            description=self.description,
        )


def _checks(f: Field) -> list[pa.Check]:
    import pandera.pandas as pa

    c = f.constraints
    checks = []
    if f.enum:
        checks.append(pa.Check.isin(f.enum, error="enum"))
    if "pattern" in c:
        matches = _matcher(f.name, c["pattern"])
        checks.append(pa.Check(matches, name="pattern", error="pattern"))
    if c.get("unique"):
        # Column(unique=True) takes two missing cells for the same value
        checks.append(pa.Check(lambda column: ~column.duplicated(), name="unique", error="unique"))
    if "minimum" in c:
        checks.append(pa.Check.ge(c["minimum"], error="minimum"))
    if "maximum" in c:
        checks.append(pa.Check.le(c["maximum"], error="maximum"))
    if "maxLength" in c:
        checks.append(pa.Check.str_length(max_value=c["maxLength"], error="maxLength"))
    return checks


def _matcher(name: str, pattern: str) -> Callable[[pd.Series], pd.Series]:
    """A check of whole cells against a pattern, in time proportional to their length whatever the pattern.

    The pattern comes with the package, and Python's engine would try some for ever; RE2 does not, and
    has no look-around and no backreferences. Raises PackageError for a pattern that it does not know.
    """
    import pandas as pd
    import pyarrow as arrow
    from pyarrow import compute

    whole = rf"\A(?:{pattern})\z"

    def matches(column: pd.Series) -> pd.Series:
        cells = arrow.array(column, type=arrow.large_string(), from_pandas=True)
        found = compute.match_substring_regex(cells, whole).fill_null(True)
        return pd.Series(found.to_numpy(zero_copy_only=False), index=column.index)

    try:
        matches(pd.Series([""], dtype="str"))
    except arrow.ArrowInvalid as error:
        what = str(error).removeprefix("Invalid regular expression: ")
        raise PackageError(f"the pattern of {name} is none that RE2 knows: {what}") from None
    return matches


def convert(cells: pd.Series, kind: str) -> tuple[pd.Series, pd.Series]:
    """Convert a column of strings to its type, strictly.

    Returns the typed column (empty cells missing, cells that are no such value missing too) and a
    boolean mask of the latter. A lexical pattern comes first, so that no engine guesses: ``1e3``,
    ``1_000`` or full-width digits are no integers, ``2021`` and 31 September no dates.
    """
    import pandas as pd

    empty = cells == ""
    if kind == "string":
        return cells.mask(empty), pd.Series(False, index=cells.index)
    pattern = _LEXICAL[kind]
    good = cells.map(lambda cell: bool(pattern.fullmatch(cell))).astype(bool)
    kept = cells.where(good & ~empty)
    values: Any
    if kind == "date":
        values = pd.to_datetime(kept, format="%Y-%m-%d", errors="coerce").astype("datetime64[s]")
    elif kind == "boolean":
        values = kept.map({"true": True, "false": False}).astype("boolean")
    else:
        values = pd.to_numeric(kept, errors="coerce").astype("Float64")
        if kind == "integer":
            small = values.abs() < LARGEST
            values = values.where(small).astype("Int64")
    return values, values.isna() & ~empty


def typed(strings: pd.DataFrame, table: TableSchema) -> pd.DataFrame:
    """A frame of strings with the types of the schema: str, Int64, Float64, datetime64[s], boolean.

    Only empty cells are missing: the text ``NA`` stays text.
    """
    import pandas as pd

    return pd.DataFrame({f.name: convert(strings[f.name], f.type)[0] for f in table.fields})


def categorized(frame: pd.DataFrame, table: TableSchema) -> pd.DataFrame:
    """A typed frame whose columns with a vocabulary are categoricals, the terms in the order of the schema."""
    import pandas as pd

    return frame.assign(**{f.name: pd.Categorical(frame[f.name], categories=f.enum) for f in table.fields if f.enum})


def arrow_array(values: pd.Series, kind: pyarrow.DataType) -> pyarrow.Array:
    """A typed column as an Arrow array of this type, missing cells as nulls."""
    import pyarrow as arrow

    found = arrow.Array.from_pandas(values)
    return found if found.type == kind else found.cast(kind)


def example(kind: str) -> str:
    """A value of this type as it must be written."""
    return _EXAMPLE[kind]


def schema(name: str, path: Any = None) -> pa.DataFrameSchema:
    """The Pandera schema of one table, for validating frames of one's own.

    Raises KeyError for a table that does not exist, PackageError when no package is found.
    """
    from onrecord.package import open_package

    package = open_package(path)
    return TableSchema(name, package.schemas[name]).pandera()
