"""What differs between two states: the least bump of known edits, laws of the diff, its formats and the command."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import onrecord.differences
from conftest import ROOT
from helpers import apply_edits, copy_minimal
from onrecord import changelog
from onrecord.diff import Difference, diff
from onrecord.differences import FORMATS, render
from onrecord.findings import PackageError
from onrecord.package import open_package
from onrecord.states import State, find_state, ledger, row_hash, state_at, state_in_ledger, state_of
from onrecord.validate import validate
from onrecord.versions import Level, Version, version

NONE, PATCH, MINOR, MAJOR = Level
SCHEMA = json.loads(Path(onrecord.differences.__file__).with_name("diff-1.schema.json").read_text("utf-8"))


def run(*arguments: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "onrecord", "diff", *map(str, arguments)],
        cwd=cwd, capture_output=True, text=True, check=False, encoding="utf-8",
    )  # fmt: skip


@pytest.fixture
def package(tmp_path: Path) -> Path:
    return copy_minimal(tmp_path / "package")


@pytest.fixture(scope="module")
def untouched(tmp_path_factory: pytest.TempPathFactory) -> tuple[State, State]:
    """The minimal package as a state, and the same by its ledger."""
    opened = open_package(copy_minimal(tmp_path_factory.mktemp("before") / "package"))
    return state_of(opened), state_in_ledger(json.loads(json.dumps(ledger(opened, "2031-06-01"))))


# Edits whose least bump is known


def rows(*edits: dict[str, Any]) -> Callable[[Path], None]:
    return lambda folder: apply_edits(folder, edits)


def change(path: str, edit: Callable[[Any], None]) -> Callable[[Path], None]:
    """Edit a JSON file of the package."""

    def changed(folder: Path) -> None:
        value = json.loads((folder / path).read_text("utf-8"))
        edit(value)
        (folder / path).write_text(json.dumps(value), "utf-8")

    return changed


def schema(table: str, edit: Callable[[Any], None]) -> Callable[[Path], None]:
    return change(f"schemas/{table}.json", edit)


def limits(table: str, name: str, **new: Any) -> Callable[[Path], None]:
    """Set constraints of a field; None takes one away."""

    def edit(value: Any) -> None:
        chosen = next(f for f in value["fields"] if f["name"] == name)
        merged = chosen.get("constraints", {}) | new
        chosen["constraints"] = {limit: bound for limit, bound in merged.items() if bound is not None}

    return schema(table, edit)


def of_field(table: str, name: str, **new: Any) -> Callable[[Path], None]:
    return schema(table, lambda value: next(f for f in value["fields"] if f["name"] == name).update(new))


def column(table: str, at: int | None, header: str, value: str = "", **definition: Any) -> Callable[[Path], None]:
    """Add a column at a place (None: at the end), empty or with a value in its first row."""

    def edit(folder: Path) -> None:
        place = len(json.loads((folder / f"schemas/{table}.json").read_text("utf-8"))["fields"]) if at is None else at
        schema(table, lambda v: v["fields"].insert(place, {"name": header, "type": "string", **definition}))(folder)
        path = folder / f"dataset/{table}.csv"
        lines = [line.split(",") for line in path.read_text("utf-8").splitlines()]
        for number, cells in enumerate(lines):
            cells.insert(place, header if not number else value if number == 1 else "")
        path.write_text("".join(f"{','.join(cells)}\n" for cells in lines), "utf-8")

    return edit


def no_column(table: str, at: int) -> Callable[[Path], None]:
    def edit(folder: Path) -> None:
        schema(table, lambda v: v["fields"].pop(at))(folder)
        path = folder / f"dataset/{table}.csv"
        lines = [line.split(",") for line in path.read_text("utf-8").splitlines()]
        path.write_text("".join(f"{','.join(cells[:at] + cells[at + 1 :])}\n" for cells in lines), "utf-8")

    return edit


def new_table(folder: Path) -> None:
    fields = [{"name": "thing_id", "type": "string"}]
    (folder / "schemas/things.json").write_text(json.dumps({"fields": fields, "primaryKey": "thing_id"}), "utf-8")
    (folder / "dataset/things.csv").write_text("thing_id\nT0001\n", "utf-8")
    one = {"name": "things", "path": "dataset/things.csv", "schema": "schemas/things.json"}
    change("datapackage.json", lambda d: d["resources"].append(one))(folder)


def rename_table(old: str, new: str) -> Callable[[Path], None]:
    return change(
        "datapackage.json", lambda d: next(r for r in d["resources"] if r["name"] == old).update({"name": new})
    )


def descriptor(**new: Any) -> Callable[[Path], None]:
    return change("datapackage.json", lambda value: value.update(new))


def several(*edits: Callable[[Path], None]) -> Callable[[Path], None]:
    def edit(folder: Path) -> None:
        for one in edits:
            one(folder)

    return edit


def moved(folder: Path) -> None:
    (folder / "dataset/places.csv").rename(folder / "dataset/where.csv")
    change(
        "datapackage.json",
        lambda d: next(r for r in d["resources"] if r["name"] == "places").update(path="dataset/where.csv"),
    )(folder)


def reordered(folder: Path) -> None:
    path = folder / "dataset/places.csv"
    header, *lines = path.read_text("utf-8").splitlines()
    path.write_text("\n".join([header, *reversed(lines)]) + "\n", "utf-8")


def swap(folder: Path) -> None:
    def edit(value: Any) -> None:
        value["fields"].insert(1, value["fields"].pop(2))

    schema("event_actors", edit)(folder)
    path = folder / "dataset/event_actors.csv"
    lines = [line.split(",") for line in path.read_text("utf-8").splitlines()]
    path.write_text("".join(f"{a},{c},{b}\n" for a, b, c in lines), "utf-8")


def renamed(folder: Path) -> None:
    path = folder / "dataset/agreement.csv"
    schema("agreement", lambda v: v["fields"][5].update(name="ci_least"))(folder)
    path.write_text(path.read_text("utf-8").replace("ci_low", "ci_least"), "utf-8")


NEW_PLACE = {"table": "places", "add": {"place_id": "L0003", "place_name": "Halvermouth", "where_precision": "2"}}
NO_VISIT = {"table": "claims", "key": {"claim_id": "C00012"}, "delete": True}
RETIRED = {
    "table": "retired",
    "add": {
        "table_name": "claims", "retired_id": "C00012", "replacement_id": "C00016",
        "retired_version": "0.2.0", "retired_reason": "Said twice",
    },
}  # fmt: skip
TERMS = ["member_of", "speaks_for", "same_as_possible"]
KEY = {"fields": ["place_id"], "reference": {"resource": "places", "fields": ["place_id"]}}

EDITS: dict[str, tuple[Level, Callable[[Path], None]]] = {
    "nothing": (NONE, lambda _: None),
    "another version": (NONE, descriptor(version="0.2.0", created="2031-06-01T00:00:00Z")),
    "a file moved": (NONE, moved),
    "rows in another order": (NONE, reordered),
    "required written out as false": (NONE, limits("places", "geonames_id", required=False)),
    "a cell corrected": (PATCH, rows({"table": "places", "key": {"place_id": "L0001"}, "set": {"latitude": "61.25"}})),
    "a cell emptied": (PATCH, rows({"table": "places", "key": {"place_id": "L0001"}, "set": {"latitude": ""}})),
    "a link withdrawn": (
        PATCH,
        rows({"table": "event_actors", "key": {"event_id": "E0001", "event_role": "actor"}, "delete": True}),
    ),
    "an outcome withdrawn": (
        PATCH,
        rows({"table": "resolutions", "key": {"proposition_id": "P0007"}, "delete": True}),
    ),
    "a title of the package": (PATCH, descriptor(title="Another title")),
    "a contributor": (PATCH, descriptor(contributors=[{"title": "Somebody"}])),
    "a description of a table in the descriptor": (
        PATCH,
        change("datapackage.json", lambda d: d["resources"][0].update(description="Others")),
    ),
    "tables in another order": (PATCH, change("datapackage.json", lambda d: d["resources"].reverse())),
    "a description of a field": (PATCH, of_field("places", "latitude", description="Otherwise")),
    "a coding rule": (PATCH, schema("actor_links", lambda v: v["fields"][2].update(codingRule="Another"))),
    "a description of a schema": (PATCH, schema("places", lambda v: v.update(description="Otherwise"))),
    "terms in another order": (PATCH, limits("actor_links", "link_kind", enum=[*reversed(TERMS)])),
    "a reason for retirement": (
        PATCH,
        rows({"table": "retired", "key": {"retired_id": "P0009"}, "set": {"retired_reason": "A better word"}}),
    ),
    "a row added": (MINOR, rows(NEW_PLACE)),
    "a link added": (
        MINOR,
        rows({"table": "event_actors", "add": {"event_id": "E0002", "actor_id": "A0005", "event_role": "actor"}}),
    ),
    "a link of another kind": (
        MINOR,
        rows({"table": "event_actors", "key": {"event_id": "E0003", "event_role": "actor"}, "set": {"event_role": "participant"}}),
    ),
    "a table added": (MINOR, new_table),
    "a term added": (MINOR, limits("actor_links", "link_kind", enum=[*TERMS, "owns"])),
    "a vocabulary opened": (MINOR, limits("actor_links", "link_kind", enum=None)),
    "a least value lowered": (MINOR, limits("places", "latitude", minimum=-100)),
    "a greatest value raised": (MINOR, limits("places", "latitude", maximum=90.5)),
    "a greatest length dropped": (MINOR, limits("events", "date_edtf", maxLength=None)),
    "a date as a lower bound earlier": (
        MINOR,
        several(limits("places", "latitude", minimum=-91), limits("places", "longitude", minimum=-181)),
    ),
    "a pattern dropped": (MINOR, limits("places", "place_country", pattern=None)),
    "no longer required": (MINOR, limits("places", "place_name", required=False)),
    "no longer unique": (MINOR, limits("propositions", "proposition", unique=None)),
    "an optional field appended": (MINOR, column("retired", None, "remark")),
    "an optional field appended and filled": (MINOR, column("event_actors", None, "remark", "seen")),
    "an optional field appended that refers": (
        MINOR,
        several(
            column("event_actors", None, "place_id"), schema("event_actors", lambda v: v["foreignKeys"].append(KEY))
        ),
    ),
    "a required field appended": (MAJOR, column("agreement", None, "remark", constraints={"required": True})),
    "a field before others": (MAJOR, column("event_actors", 1, "remark")),
    "a field removed": (MAJOR, no_column("agreement", 6)),
    "a field renamed": (MAJOR, renamed),
    "fields in another order": (MAJOR, swap),
    "another type": (MAJOR, of_field("places", "latitude", type="string", constraints={})),
    "another format": (MAJOR, of_field("sources", "url", format="uri")),
    "a term removed": (MAJOR, limits("actor_links", "link_kind", enum=TERMS[:2])),
    "a term replaced": (MAJOR, limits("actor_links", "link_kind", enum=[*TERMS[:2], "owns"])),
    "a vocabulary closed": (MAJOR, limits("places", "place_name", enum=["Port Ostrel", "North basin, Port Ostrel"])),
    "a least value raised": (MAJOR, limits("places", "latitude", minimum=0)),
    "a greatest value lowered": (MAJOR, limits("places", "latitude", maximum=89)),
    "a greatest length": (MAJOR, limits("places", "place_name", maxLength=100)),
    "another pattern": (MAJOR, limits("places", "place_country", pattern="^[A-Z]{2,3}$")),
    "required from now on": (MAJOR, limits("places", "latitude", required=True)),
    "unique from now on": (MAJOR, limits("places", "place_name", unique=True)),
    "another primary key": (
        MAJOR,
        schema("event_actors", lambda v: v.update(primaryKey=["event_id", "actor_id"])),
    ),
    "unique together from now on": (MAJOR, schema("places", lambda v: v.update(uniqueKeys=[["place_name", "latitude"]]))),
    "a foreign key removed": (MAJOR, schema("event_actors", lambda v: v["foreignKeys"].pop())),
    "a foreign key added": (MAJOR, schema("agreement", lambda v: v.update(foreignKeys=[KEY | {"fields": ["field_name"]}]))),
    "other texts for no value": (MAJOR, schema("places", lambda v: v.update(missingValues=["", "NA"]))),
    "a table removed": (MAJOR, change("datapackage.json", lambda d: d["resources"].pop())),
    "a table renamed": (MAJOR, rename_table("agreement", "reliability")),
    "the package renamed": (MAJOR, descriptor(name="harbour")),
    "another identifier of the package": (MAJOR, descriptor(id="https://doi.org/10.5555/1")),
    "another licence": (MAJOR, descriptor(licenses=[{"name": "CC-BY-4.0"}])),
    "an identifier removed": (MAJOR, rows(NO_VISIT)),
    "an identifier retired": (MAJOR, rows(NO_VISIT, RETIRED)),
    "an identifier renumbered": (
        MAJOR,
        rows({"table": "places", "key": {"place_id": "L0002"}, "set": {"place_id": "L0007"}}),
    ),
    "a retirement withdrawn": (MAJOR, rows({"table": "retired", "key": {"retired_id": "P0009"}, "delete": True})),
    "a correction and a row": (
        MINOR,
        rows(NEW_PLACE, {"table": "places", "key": {"place_id": "L0001"}, "set": {"latitude": "61.25"}}),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", EDITS)
def test_the_least_bump_of_an_edit(name: str, package: Path, untouched: tuple[State, State]) -> None:
    level, edit = EDITS[name]
    edit(package)
    full, known = untouched
    opened = open_package(package)
    after = state_of(opened)
    found = diff(full, after)
    assert found.level is level, found.reasons(NONE)
    assert found.empty == (level is NONE)
    assert bool(found.reasons(level)) == (level is not NONE)
    if level is not MAJOR:
        assert found.reasons(Level(level + 1)) == ()
    # the ledger knows hashes alone, and comes to the same level, tables, rows and losses
    by_ledger = diff(known, after)
    assert (by_ledger.level, by_ledger.lost, rough(by_ledger)) == (level, found.lost, rough(found))
    assert [(c.level, c.table, c.field) for c in by_ledger.changes] == [
        (c.level, c.table, c.field) for c in found.changes
    ]
    if after.version is not None:
        both = diff(known, state_in_ledger(ledger(opened, "2031-07-01")))
        assert (both.level, both.lost, rough(both)) == (level, found.lost, rough(found))


def rough(found: Difference) -> dict[str, dict[str, list[tuple[str, ...]]]]:
    return {
        name: {
            what: [row.key for row in getattr(table, what)] for what in ("added", "removed", "changed", "retired")
        }
        for name, table in found.tables.items()
    }  # fmt: skip


def test_bounds_that_are_dates_are_compared_by_value(package: Path, untouched: tuple[State, State]) -> None:
    limits("sources", "retrieved", minimum="2030-01-01")(package)
    early = state_of(open_package(package))
    limits("sources", "retrieved", minimum="2030-02-01")(package)
    late = state_of(open_package(package))
    assert [diff(a, b).level for a, b in ((untouched[0], early), (early, late), (late, early))] == [MAJOR, MAJOR, MINOR]


# Identifiers


def test_an_identifier_that_vanished_is_lost_and_a_retired_one_is_not(
    package: Path, untouched: tuple[State, State]
) -> None:
    apply_edits(package, [NO_VISIT])
    found = diff(untouched[0], state_of(open_package(package)))
    assert found.lost == (("claims", "C00012"),)
    assert found.reasons(MAJOR) == (
        "claims C00012 (The Ostrel Courier reports that the harbour authority has not answered the union's letter.) was removed",
    )
    apply_edits(package, [RETIRED])
    found = diff(untouched[0], state_of(open_package(package)))
    assert found.lost == ()
    (row,) = found.tables["claims"].retired
    assert (row.name, row.retired["replacement_id"]) == ("C00012", "C00016")
    assert "claims.csv C00012 retired (" in (text := render(found))
    assert " in 0.2.0, now C00016: Said twice" in text


def test_a_retirement_that_vanishes_loses_its_identifier(package: Path, untouched: tuple[State, State]) -> None:
    apply_edits(package, [{"table": "retired", "key": {"retired_id": "P0009"}, "delete": True}])
    assert diff(untouched[0], state_of(open_package(package))).lost == (("retired", "P0009"),)


def test_a_table_that_vanishes_loses_its_identifiers(package: Path, untouched: tuple[State, State]) -> None:
    change("datapackage.json", lambda d: d.update(resources=[r for r in d["resources"] if r["name"] != "actors"]))(
        package
    )
    found = diff(untouched[0], state_of(open_package(package)))
    assert len(found.lost) == 12
    assert found.lost[0] == ("actors", "A0001")


def test_a_key_that_stands_twice_is_refused(package: Path) -> None:
    path = package / "dataset/places.csv"
    path.write_text(path.read_text("utf-8") + "L0001,Elsewhere,,,,,1\n", "utf-8")
    with pytest.raises(PackageError, match=r"dataset/places\.csv:4: the key 'L0001' stands twice"):
        state_of(open_package(package))


def test_a_table_that_cannot_be_read_is_refused(package: Path) -> None:
    (package / "dataset/places.csv").unlink()
    with pytest.raises(PackageError, match="missing-table"):
        state_of(open_package(package))


# Ledgers


def test_a_ledger_serves_the_rule_and_the_names(package: Path) -> None:
    (package / "releases").mkdir()
    shutil.copytree(package, package.parent / "released")
    apply_edits(package.parent / "released", [NEW_PLACE])
    written = ledger(open_package(package.parent / "released"), "2031-06-01")
    (package / "releases/0.1.0.json").write_text(json.dumps(written), "utf-8")
    opened = open_package(package)
    (found,) = validate(opened, texts=package / "texts").findings
    assert (found.rule, found.value) == ("no-identifier-lost", "L0003")
    assert opened.last_names["actors", "A0006"] == "Ivo Castellane"
    assert written["tables"]["attributions"]["rows"].keys() >= {'["C00001", "1"]'}
    assert diff(find_state("0.1.0", opened), state_of(opened)).lost == (("places", "L0003"),)
    apply_edits(package, [NEW_PLACE])
    assert diff(find_state("0.1.0", opened), state_of(open_package(package))).empty


def test_a_ledger_of_strange_cells_is_read_again(package: Path) -> None:
    strange = "a\nb\u202e\u200b\x1b"
    apply_edits(
        package,
        [
            {"table": "actors", "key": {"actor_id": "A0001"}, "set": {"actor_name": strange}, "raw": True},
            {"table": "actor_names", "key": {"alternative_name": "OHA"}, "set": {"alternative_name": strange}, "raw": True},
        ],
    )  # fmt: skip
    (package / "releases").mkdir()
    (package / "releases/0.1.0.json").write_text(json.dumps(ledger(open_package(package), "2031-06-01")), "utf-8")
    opened = open_package(package)
    assert diff(find_state("0.1.0", opened), state_of(opened)).empty


def test_an_empty_column_changes_no_hash_and_columns_have_no_order() -> None:
    assert row_hash([("a", "1"), ("b", "2")]) == row_hash([("b", "2"), ("a", "1"), ("c", "")])
    assert len({row_hash([("a", "1,b")]), row_hash([("a", "1"), ("b", "")]), row_hash([("a", ""), ("b", "1")])}) == 3
    assert row_hash([("a", "\ud800")])


@pytest.mark.parametrize(
    "spoil",
    [
        lambda one: one.pop("schemas"),
        lambda one: one.pop("descriptor"),
        lambda one: one["schemas"].pop("claims"),
        lambda one: one["schemas"]["claims"].update(fields=7),
        lambda one: one["tables"]["claims"].pop("rows"),
        lambda one: one["tables"]["claims"].update(rows={"C00001": 7}),
        lambda one: one["tables"]["attributions"].update(rows={"C00001": "a"}),
        lambda one: one["tables"]["attributions"].update(rows={'["C00001"]': "a"}),
        lambda one: one["tables"]["attributions"].update(rows={"[" * 100_000: "a"}),
        lambda one: one["tables"]["claims"].update(names=[]),
        lambda one: one["tables"].update(claims=7),
    ],
)
def test_a_ledger_that_is_none_is_one_line(package: Path, spoil: Callable[[Any], None]) -> None:
    one = ledger(open_package(package), "2031-06-01")
    spoil(one)
    with pytest.raises(PackageError, match="restore it from the release") as caught:
        state_in_ledger(one)
    assert "\n" not in str(caught.value)


def test_a_ledger_needs_a_version(package: Path) -> None:
    descriptor(version="1.0")(package)
    with pytest.raises(PackageError, match=r"no version such as 1\.2\.0"):
        ledger(open_package(package), "2031-06-01")


# Versions


def test_versions_are_three_numbers_in_order() -> None:
    assert version("0.9.0") < version("0.10.0") < version("1.0.0")
    assert [str(Version(1, 2, 3).bumped(level)) for level in Level] == ["1.2.3", "1.2.4", "1.3.0", "2.0.0"]
    assert [str(level) for level in Level] == ["none", "patch", "minor", "major"]
    for text in ("", "1", "1.2", "v1.2.3", "1.2.3-rc1", "01.2.3", "1.2.3\n", "１.2.3", "1" * 5000 + ".0.0"):
        with pytest.raises(PackageError, match="is no version"):
            version(text)


# Laws

THINGS = {
    "fields": [
        {"name": "thing_id", "constraints": {"required": True, "unique": True, "pattern": "^T[0-9]{4}$"}},
        {"name": "words"},
        {"name": "more"},
    ],
    "primaryKey": "thing_id",
}
LINKS = {"fields": [{"name": "thing_id"}, {"name": "other"}, {"name": "words"}], "primaryKey": ["thing_id", "other"]}
RETIREMENTS = {"fields": [{"name": "retired_id"}, {"name": "retired_reason"}], "primaryKey": "retired_id"}
words = st.sampled_from(["", "a", "b", "ü", "a\nb"])
things = st.sampled_from([f"T000{n}" for n in range(5)])


@st.composite
def states(draw: st.DrawFn) -> State:
    parts = {
        "things": (THINGS, draw(st.dictionaries(st.tuples(things), st.tuples(words, words)))),
        "links": (LINKS, draw(st.dictionaries(st.tuples(things, st.sampled_from("xy")), st.tuples(words)))),
        "retired": (RETIREMENTS, draw(st.dictionaries(st.tuples(things), st.tuples(words)))),
    }
    names = ["retired", *draw(st.sampled_from([[], ["things"], ["things", "links"], ["links", "things"]]))]
    tables = {
        name: {key: dict(zip([f["name"] for f in shape["fields"]], [*key, *cells], strict=True)) for key, cells in found.items()}
        for name, (shape, found) in parts.items()
        if name in names
    }  # fmt: skip
    return State(
        "a state", None, {name: parts[name][0] for name in names}, dict(tables),
        {name: {key: row_hash(row.items()) for key, row in found.items()} for name, found in tables.items()},
        {key[0]: row for key, row in tables["retired"].items()}, {"resources": [{"name": name} for name in names]},
    )  # fmt: skip


def apply(before: State, found: Difference) -> dict[str, dict[tuple[str, ...], dict[str, str]]]:
    """The rows of a state with a difference applied, without empty cells."""
    names = [name for name in before.tables if name in found.after.schemas]
    result = {name: {key: dict(row or {}) for key, row in before.tables[name].items()} for name in names}
    result |= {name: {} for name in found.after.schemas if name not in names}
    for name, table in found.tables.items():
        for what, row, _ in table.rows():
            assert row.cells is not None
            if what in ("removed", "retired"):
                result.get(name, {}).pop(row.key, None)
                continue
            cells = result[name].setdefault(row.key, {})
            for column_name, (old, new) in row.cells.items():
                assert cells.get(column_name, "") == old
                cells[column_name] = new
    return filled(result)


def filled(tables: dict[str, dict[tuple[str, ...], Any]]) -> dict[str, dict[tuple[str, ...], dict[str, str]]]:
    return {name: {key: {c: v for c, v in row.items() if v} for key, row in rows.items()} for name, rows in tables.items()}  # fmt: skip


fast = settings(derandomize=True, deadline=None, max_examples=80)


@fast
@given(states())
def test_a_state_does_not_differ_from_itself(one: State) -> None:
    found = diff(one, one)
    assert found.empty
    assert (found.level, found.lost, found.reasons(NONE)) == (NONE, (), ())


@fast
@given(states(), states())
def test_a_difference_applied_to_the_first_gives_the_second(a: State, b: State) -> None:
    assert apply(a, diff(a, b)) == filled(b.tables)


@fast
@given(states(), states())
def test_a_difference_mirrors(a: State, b: State) -> None:
    there, back = diff(a, b), diff(b, a)
    assert there.empty == back.empty
    assert there.tables.keys() == back.tables.keys()
    for name, table in there.tables.items():
        other = back.tables[name]
        gone = {row.key for row in (*table.removed, *table.retired)}
        assert gone == {row.key for row in other.added}
        assert {row.key for row in table.added} == {row.key for row in (*other.removed, *other.retired)}
        turned = {row.key: {c: (new, old) for c, (old, new) in (row.cells or {}).items()} for row in other.changed}
        assert turned == {row.key: row.cells for row in table.changed}


@fast
@given(states(), states())
def test_what_is_lost_is_nowhere(a: State, b: State) -> None:
    lost = {identifier for _, identifier in diff(a, b).lost}
    standing = {key[0] for name in ("things", "retired") for key in b.tables.get(name, {})}
    had = {key[0] for name in ("things", "retired") for key in a.tables.get(name, {})}
    assert lost == had - standing


# Git


def git(folder: Path, *arguments: str) -> None:
    who = ("-c", "user.name=Somebody", "-c", "user.email=somebody@example.org", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *who, *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository whose first commit, v0.1.0, holds the minimal package in a folder ``data``."""
    copy_minimal(tmp_path / "repository/data")
    git(tmp_path / "repository", "init", "-q", "-b", "main")
    git(tmp_path / "repository", "add", ".")
    git(tmp_path / "repository", "commit", "-qm", "first")
    git(tmp_path / "repository", "tag", "v0.1.0")
    return tmp_path / "repository"


def test_revisions_of_a_package_in_a_folder_of_a_repository(repository: Path) -> None:
    folder = repository / "data"
    apply_edits(folder, [NEW_PLACE])
    opened = open_package(folder)
    assert diff(state_at("HEAD", opened), state_of(opened)).count("added") == 1
    git(repository, "commit", "-qam", "second")
    assert diff(state_at("HEAD", opened), state_of(opened)).empty
    assert diff(find_state("v0.1.0", opened), find_state("main", opened)).level is MINOR
    assert diff(find_state("0.1.0", opened), find_state("HEAD", opened)).level is MINOR
    assert run("0.1.0", cwd=folder).returncode == 1
    assert run("HEAD", cwd=folder).returncode == 0


@pytest.mark.parametrize(
    "revision", ["--output=stolen", "-h", "", "nothing", "HEAD:data", "HEAD..HEAD", "a\nb", "HEAD\0"]
)
def test_a_revision_that_is_none_is_one_line(repository: Path, revision: str) -> None:
    with pytest.raises(PackageError, match="revision") as caught:
        state_at(revision, open_package(repository / "data"))
    assert "\n" not in str(caught.value)
    assert not list(repository.rglob("stolen"))


def test_in_a_hook_of_another_repository_ours_is_meant(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere"))
    opened = open_package(repository / "data")
    assert diff(state_at("HEAD", opened), state_of(opened)).empty


def test_a_state_older_than_a_field_that_the_rules_read_is_compared(repository: Path) -> None:
    folder = repository / "data"
    no_column("event_actors", 2)(folder)
    schema("event_actors", lambda v: v.update(primaryKey=["event_id", "actor_id"]))(folder)
    git(repository, "commit", "-qam", "older")
    git(repository, "checkout", "-q", "v0.1.0", ".")
    opened = open_package(folder)
    found = diff(state_at("HEAD", opened), state_of(opened))
    assert {str(change) for change in found.changes} >= {
        "event_actors.event_role: a field that may not be empty was added"
    }


def test_a_revision_before_the_package_is_one_line(repository: Path) -> None:
    git(repository, "mv", "data", "moved")
    git(repository, "commit", "-qm", "moved")
    with pytest.raises(PackageError, match=r"'v0\.1\.0' has no folder moved/"):
        state_at("v0.1.0", open_package(repository / "moved"))
    git(repository, "rm", "-q", "moved/datapackage.json")
    git(repository, "commit", "-qm", "broken")
    git(repository, "checkout", "-q", "HEAD~1", "moved/datapackage.json")
    with pytest.raises(PackageError, match=r"^HEAD: there is no datapackage\.json"):
        state_at("HEAD", open_package(repository / "moved"))


def test_without_git_or_repository_is_one_line(package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = open_package(package)
    with pytest.raises(PackageError, match="lies in no git repository"):
        state_at("HEAD", opened)
    monkeypatch.setenv("PATH", "")
    with pytest.raises(PackageError, match="git cannot be run"):
        state_at("HEAD", opened)


# Finding states


def test_what_can_be_named(package: Path, tmp_path: Path) -> None:
    archive = Path(shutil.make_archive(str(tmp_path / "one"), "zip", package))
    opened = open_package(package)
    full = state_of(opened)
    for text in (str(package), str(package / "datapackage.json"), str(archive)):
        assert diff(find_state(text, None), full).empty
    (package / "dist/0.1.0").mkdir(parents=True)
    shutil.copy(archive, package / "dist/0.1.0/onrecord-0.1.0.zip")
    assert find_state("0.1.0", opened).tables["claims"][("C00001",)] is not None
    with pytest.raises(
        PackageError, match=r"no onrecord-0\.2\.0\.zip in dist/, no tag v0\.2\.0, no releases/0\.2\.0\.json"
    ):
        find_state("0.2.0", opened)
    with pytest.raises(PackageError, match="there is none around the working folder"):
        find_state("0.2.0", None)
    with pytest.raises(PackageError, match="an archive has no revisions"):
        state_at("HEAD", open_package(archive))


# Reasons


def test_fragments_and_entries_say_why(package: Path, untouched: tuple[State, State]) -> None:
    (package / "changelog.d").mkdir()
    for name, text in {
        "L0001.correction.md": "The chart says 61.25,\nnot the timetable (L0002).\n",
        "L0001.correction.2.md": "Checked twice.\n",
        "event_actors.changed.md": "Roles were read anew.\n",
        "+word.code.md": "A00005 is no matter here.\n",
        "README.md": "L0002",
        "L0002.strange.md": "Of no type.",
    }.items():
        (package / "changelog.d" / name).write_text(text, "utf-8")
    (package / "CHANGELOG.md").write_text(
        "# Changelog\n\n## 0.2.0 (2031-07-01)\n\n### Data corrections\n\n- The letter was of 3 May,\n  see the notice. (P0004)\n"
        "- Nothing of note.\n\n## 0.1.0 (2031-06-01)\n\n- P0005 was coded.\n",
        "utf-8",
    )
    descriptor(version="0.2.0")(package)
    apply_edits(
        package,
        [
            {"table": "places", "key": {"place_id": "L0001"}, "set": {"latitude": "61.25"}},
            {"table": "places", "key": {"place_id": "L0002"}, "set": {"place_name": "North basin"}},
            {"table": "event_actors", "key": {"event_id": "E0001", "event_role": "actor"}, "delete": True},
            {"table": "propositions", "key": {"proposition_id": "P0004"}, "set": {"proposition": "No answer came"}},
            {"table": "propositions", "key": {"proposition_id": "P0005"}, "set": {"proposition": "Talks go on"}},
            {
                "table": "agreement",
                "add": {
                    "table_name": "event_actors",
                    "field_name": "event_role",
                    "units": "9",
                    "coders": "2",
                    "alpha": "0.9",
                    "agreement_version": "0.2.0",
                },
            },
        ],
    )
    lines = render(diff(untouched[0], state_of(open_package(package)))).splitlines()
    assert (
        "places.csv L0001 latitude: 61.5 → 61.25 (why: Checked twice.; The chart says 61.25, not the timetable (L0002).)"
        in lines
    )
    assert "places.csv L0002 place_name: North basin, Port Ostrel → North basin" in lines
    assert "event_actors.csv E0001, A0005, actor removed (why: Roles were read anew.)" in lines
    assert any(
        line.endswith("→ No answer came (why: The letter was of 3 May, see the notice. (P0004))") for line in lines
    )
    assert any(line.endswith("→ Talks go on") for line in lines)
    assert "agreement.csv event_actors, event_role, 0.2.0 added" in lines


def test_the_types_are_those_of_towncrier() -> None:
    tool = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["towncrier"]
    assert {one["directory"]: one["name"] for one in tool["type"]} == changelog.TYPES
    assert (ROOT / tool["directory"]).is_dir()


def test_towncrier_gathers_fragments_into_entries_that_are_found(tmp_path: Path) -> None:
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    tool = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["towncrier"]
    (tmp_path / "CHANGELOG.md").write_text(
        f"# Changelog\n\n{tool['start_string']}\n## 0.1.0 (2031-06-01)\n\n- First.\n"
    )
    shutil.copytree(ROOT / "changelog.d", tmp_path / "changelog.d")
    (tmp_path / "changelog.d/C00029.correction.md").write_text("The date was that of the report.\n")
    subprocess.run(
        [Path(sys.executable).with_name("towncrier"), "build", "--yes", "--version", "0.2.0", "--date", "2031-07-01"],
        cwd=tmp_path, check=True, capture_output=True,
    )  # fmt: skip
    assert not (tmp_path / "changelog.d/C00029.correction.md").exists()
    assert (tmp_path / "changelog.d/README.md").exists()
    (tmp_path / "datapackage.json").write_text('{"resources": []}')
    found = changelog.why(changelog.notes(open_package(tmp_path)), version("0.1.0"), version("0.2.0"))
    assert found["C00029"] == "The date was that of the report. (C00029)"


# Formats

HOSTILE = "</title><script>alert(1)</script>\x1b[31m\u202e##vso[task]\n::error::x\n<img src=x onerror=y> \"'&"


class Tags(HTMLParser):
    """The names of the tags of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: set[str] = set()

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.seen.add(tag)


@pytest.fixture
def hostile(package: Path, untouched: tuple[State, State]) -> Iterator[Difference]:
    (package / "changelog.d").mkdir()
    (package / "changelog.d/L0001.correction.md").write_text(HOSTILE, "utf-8")
    apply_edits(
        package,
        [
            {"table": "places", "key": {"place_id": "L0001"}, "set": {"place_name": HOSTILE}, "raw": True},
            {"table": "places", "add": {"place_id": HOSTILE, "place_name": "x"}, "raw": True},
            NO_VISIT,
            {**RETIRED, "add": RETIRED["add"] | {"retired_reason": HOSTILE, "replacement_id": HOSTILE}},
            {"table": "claims", "key": {"claim_id": "C00011"}, "delete": True},
        ],
    )
    seen = "".join(letter for letter in HOSTILE if letter.isprintable())  # others no descriptor may have
    of_field("places", "latitude", format=seen)(package)
    descriptor(name=seen, licenses=[{"name": seen}])(package)
    return diff(untouched[0], state_of(open_package(package)))


def test_hostile_values_command_no_terminal(hostile: Difference) -> None:
    text = render(hostile)
    assert all(line.isprintable() for line in text.splitlines())
    assert "##vso[" not in text
    assert not any(line.lstrip().startswith("::") for line in text.splitlines())


def test_hostile_values_are_text_in_a_page(hostile: Difference) -> None:
    page = render(hostile, "html")
    tags = Tags()
    tags.feed(page)
    assert not tags.seen & {"script", "img", "link", "iframe"}
    assert page.startswith('<!doctype html>\n<html lang="en">')
    assert "color-scheme: light dark" in page
    assert "\x1b" not in page
    assert "\u202e" not in page
    assert not re.search(r"(src|href)=[\"']?http", page)


def test_hostile_values_survive_in_json(hostile: Difference) -> None:
    text = render(hostile, "json")
    assert text.replace("\n", "").isprintable()
    document = json.loads(text)
    jsonschema.validate(document, SCHEMA)
    changed = next(row for row in document["rows"] if row["key"] == ["L0001"])
    assert next(cell["after"] for cell in changed["cells"] if cell["field"] == "place_name") == HOSTILE


def test_json_has_its_schema_also_where_cells_are_unknown(package: Path, untouched: tuple[State, State]) -> None:
    apply_edits(package, [NO_VISIT, RETIRED, NEW_PLACE])
    apply_edits(package, [{"table": "places", "key": {"place_id": "L0001"}, "set": {"latitude": "61.25"}}])
    after = state_of(open_package(package))
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    for before in untouched:
        document = json.loads(render(diff(before, after), "json"))
        jsonschema.validate(document, SCHEMA)
        assert (document["level"], document["least_version"], document["same"]) == ("major", "1.0.0", False)
        assert document["counts"] == {"added": 2, "removed": 0, "changed": 1, "retired": 1}
        changed = next(row for row in document["rows"] if row["what"] == "changed")
        assert changed["cells"] == (
            [{"field": "latitude", "before": "61.5", "after": "61.25"}] if before is untouched[0] else None
        )
    assert "places.csv L0001 changed (Port Ostrel)" in render(diff(untouched[1], after))


def test_a_format_that_is_none_is_refused(untouched: tuple[State, State]) -> None:
    with pytest.raises(ValueError, match="there is no format 'xml'"):
        render(diff(*untouched), "xml")


# The command


def test_the_command_says_what_differs_and_by_its_status_whether(package: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    shutil.copytree(package, other)
    done = run(package, other, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "same: " in done.stdout
    apply_edits(other, [{"table": "places", "key": {"place_id": "L0001"}, "set": {"latitude": "61.25"}}])
    done = run(package, cwd=other)
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.splitlines()[1:] == [
        "differs: 1 row (1 changed); at least patch, so 0.1.1 or above",
        "places.csv L0001 latitude: 61.5 → 61.25",
    ]
    for form in FORMATS:
        done = run(package, other, "--format", form, "--output", tmp_path / f"diff.{form}", cwd=tmp_path)
        assert (done.returncode, done.stdout) == (1, "")
        assert (tmp_path / f"diff.{form}").read_text("utf-8")


@pytest.mark.parametrize(
    "arguments", [("nothing",), ("1.2.3", "."), (".", "../nothing"), ("--", "-x"), (".", "broken.zip")]
)
def test_what_cannot_be_compared_is_one_line(package: Path, arguments: tuple[str, ...]) -> None:
    with zipfile.ZipFile(package / "broken.zip", "w") as archive:
        archive.writestr("a.txt", "a")
    done = run(*arguments, cwd=package)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("onrecord: ")
    assert done.stderr.count("\n") == 1
