"""One definition of a field: types, vocabularies, names, and the Pandera schema made from them."""

import json
import re

import pandas as pd
import pandera.errors
import pytest

import onrecord
from conftest import ROOT
from onrecord.package import open_package
from onrecord.tableschema import TableSchema, convert, typed

PACKAGE = open_package(ROOT)
SCHEMAS = [TableSchema(name, PACKAGE.schemas[name]) for name in PACKAGE.names]
FIELDS = [(s.name, f) for s in SCHEMAS for f in s.fields]
GOLDEN = {
    "integer": {
        "0": 0,
        "12": 12,
        "-3": -3,
        **dict.fromkeys(("1.0", "1e3", "0x10", "1_000", "+1", "01", " 1", "١", "1" * 30)),
    },
    "number": {
        "0": 0.0,
        "43.1": 43.1,
        "-77.0": -77.0,
        **dict.fromkeys(("1e3", ".5", "1.", "nan", "inf", "1,5", "1_0.0")),
    },
    "date": {
        "2023-09-05": pd.Timestamp("2023-09-05"),
        "1600-01-01": pd.Timestamp("1600-01-01"),
        **dict.fromkeys(
            (
                "2023",
                "2023-9-5",
                "2023-09-31",
                "2023-02-29",
                "20230905",
                "epoch",
                "2023-09-05T00:00:00",
                "２０２３-09-05",
            )
        ),
    },
    "boolean": {"true": True, "false": False, **dict.fromkeys(("True", "1", "yes", "FALSE"))},
}


@pytest.mark.parametrize(("kind", "cell", "value"), [(k, c, v) for k, cs in GOLDEN.items() for c, v in cs.items()])
def test_cells_are_converted_strictly_or_not_at_all(kind: str, cell: str, value: object) -> None:
    values, bad = convert(pd.Series([cell, ""], dtype="str"), kind)
    assert bad.tolist() == [value is None, False]
    assert pd.isna(values[1])
    assert pd.isna(values[0]) if value is None else values[0] == value


def test_only_empty_cells_are_missing() -> None:
    values, bad = convert(pd.Series(["NA", "", "null", "nan", "None"], dtype="str"), "string")
    assert values.isna().tolist() == [False, True, False, False, False]
    assert not bad.any()


@pytest.mark.parametrize(("table", "f"), FIELDS, ids=lambda v: getattr(v, "name", v))
def test_a_field_says_what_it_is_and_what_empty_means(table: str, f: object) -> None:
    assert f.title
    assert "mpty" in f.description or f.name.endswith(("_start", "_end")), f"{table}.{f.name}"
    assert f.required == ("Never empty" in f.description)


def test_every_term_has_a_meaning_and_the_vocabulary_is_the_enum() -> None:
    for table, f in FIELDS:
        assert [t["value"] for t in f.categories] == f.enum, f"{table}.{f.name}"
        labels = [t["label"] for t in f.categories]
        assert all(labels)
        assert len(set(labels)) == len(labels)


def test_judged_fields_have_a_rule_and_an_example() -> None:
    judged = {f"{t}.{f.name}" for t, f in FIELDS if f.judged}
    assert judged == {f"{t}.{f.name}" for t, f in FIELDS if "workedExample" in f.json}
    assert {
        "claims.stance",
        "claims.certainty",
        "claims.quote_type",
        "claims.said_edtf",
        "attributions.hop_kind",
    } <= judged


def test_column_names_survive_a_merge() -> None:
    """A name stands in several tables only as a key, or as one of the offsets and names that mean the same there."""
    keys = {c for s in SCHEMAS for c in s.primary_key} | {c for s in SCHEMAS for k in s.foreign_keys for c in k.fields}
    seen: dict[str, list[str]] = {}
    for table, f in FIELDS:
        seen.setdefault(f.name, []).append(table)
    shared = {name: tables for name, tables in seen.items() if len(tables) > 1 and name not in keys}
    assert shared == {}


def test_column_names_are_no_reserved_words() -> None:
    import duckdb

    reserved = {
        w
        for (w,) in duckdb.sql(
            "SELECT keyword_name FROM duckdb_keywords() WHERE keyword_category = 'reserved'"
        ).fetchall()
    }
    sql = {
        "condition",
        "language",
        "position",
        "value",
        "date",
        "time",
        "year",
        "end",
        "start",
        "order",
        "group",
        "table",
        "exact_",
    }
    assert {f.name for _, f in FIELDS} & (reserved | sql) == set()
    assert {s.name for s in SCHEMAS} & reserved == set()


def test_tables_stand_in_foreign_key_order() -> None:
    order = PACKAGE.names
    for schema in SCHEMAS:
        for key in schema.foreign_keys:
            assert order.index(key.table) <= order.index(schema.name), f"{schema.name} before {key.table}"


def test_patterns_compile_and_date_columns_come_in_threes() -> None:
    for _, f in FIELDS:
        re.compile(f.constraints.get("pattern", ""))
    for schema in SCHEMAS:
        assert [c for c in schema.columns if c.endswith("_edtf")] == [f"{x}_edtf" for x in schema.edtf]


@pytest.mark.parametrize("name", PACKAGE.names)
def test_the_pandera_schema_accepts_the_frames(data: onrecord.Dataset, name: str) -> None:
    schema = onrecord.schema(name, ROOT)
    schema.validate(data.tables[name], lazy=True)
    text, _ = PACKAGE.read(name)
    strings = pd.DataFrame(text.rows, columns=text.columns, dtype="str")
    schema.validate(typed(strings, TableSchema(name, PACKAGE.schemas[name])), lazy=True)


def test_the_pandera_schema_names_what_is_wrong(data: onrecord.Dataset) -> None:
    frame = data.claims.head(3).copy()
    frame["stance"] = ["affirm", "maybe", "deny"]
    frame.loc[2, "claim_id"] = "C1"
    with pytest.raises(pandera.errors.SchemaErrors) as caught:
        onrecord.schema("claims", ROOT).validate(frame, lazy=True)
    cases = caught.value.failure_cases
    assert set(zip(cases.column, cases.check, cases["index"], strict=True)) == {
        ("stance", "enum", 1),
        ("claim_id", "pattern", 2),
    }


def test_an_unknown_table_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        onrecord.schema("nonsense", ROOT)


def test_the_descriptor_has_one_version_and_no_hashes_or_clock() -> None:
    descriptor = json.loads((ROOT / "datapackage.json").read_text("utf-8"))
    assert descriptor["version"]
    assert not {"created", "hash", "bytes"} & (set(descriptor) | {k for r in descriptor["resources"] for k in r})
