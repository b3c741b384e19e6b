"""The views: the same rows in SQLite and DuckDB on any package, and by a key no more work than there is to return."""

import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import duckdb
import networkx
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import onrecord
from bench.generate import generate
from onrecord import known
from onrecord.database import FLAT, STORED, VIEWS
from onrecord.dataset import Dataset
from onrecord.findings import PackageError
from onrecord.site.records import Records
from onrecord.tableschema import TableSchema, arrow_array

FEW = 50
"""Tables of no more rows may be read whole."""


def in_duckdb(data: Dataset) -> duckdb.DuckDBPyConnection:
    """The tables of a dataset in DuckDB, with the views by the same SQL, stored or not as in SQLite."""
    import pyarrow

    package = data._package
    duck = duckdb.connect()
    for name, frame in data.tables.items():
        schema = TableSchema(name, package.schemas[name])
        arrays = {f.name: arrow_array(frame[f.name], f.arrow_type()) for f in schema.fields}
        duck.register(name, pyarrow.table(arrays))
    for view in VIEWS:
        sql = package.read_bytes(f"schemas/views/{view}.sql").decode()
        duck.execute(f"CREATE {'TABLE' if view in STORED else 'VIEW'} {view} AS {sql}")
    return duck


def plain(rows: list[tuple[Any, ...]]) -> list[str]:
    return sorted(str([v.isoformat() if hasattr(v, "isoformat") else v for v in row]) for row in rows)


def assert_same(data: Dataset) -> None:
    """Every view, and what was known on some days, has the same rows in SQLite and DuckDB."""
    with closing(in_duckdb(data)) as duck:
        for view in VIEWS:
            sql = f"SELECT * FROM {view}"
            assert plain(duck.execute(sql).fetchall()) == plain(data._connection.execute(sql).fetchall()), view
        for by in known.BASES:
            days = data._connection.execute(known.DAYS, {"by": by}).fetchall()
            for (day,) in days[:: max(1, len(days) // 3)]:
                asked = {"day": day, "by": by}
                for sql in (known.CLAIMS, known.PROPOSITIONS, known.OUTCOMES, known.EVENTS):
                    assert plain(duck.execute(sql, asked).fetchall()) == plain(
                        data._connection.execute(sql, asked).fetchall()
                    ), (day, by, sql)


def linked(identifiers: list[str], **constant: list[str]) -> st.SearchStrategy[list[dict[str, str]]]:
    """Links from identifiers to others, each pair at most once, with other columns drawn from lists."""
    pair = st.tuples(st.sampled_from(identifiers), st.sampled_from(identifiers)).filter(lambda p: p[0] != p[1])
    link = st.fixed_dictionaries({"pair": pair, **{c: st.sampled_from(v) for c, v in constant.items()}})
    return st.lists(link, max_size=14, unique_by=lambda one: one["pair"])


def links_frame(model: pd.DataFrame, columns: tuple[str, str], drawn: list[dict[str, Any]]) -> pd.DataFrame:
    rows = [dict(zip(columns, one.pop("pair"), strict=True)) | one for one in drawn]
    return pd.DataFrame(rows, columns=model.columns).astype(model.dtypes.to_dict())


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drawing=st.data())
def test_any_links_give_the_same_rows_in_both(data: onrecord.Dataset, drawing: st.DataObject) -> None:
    """Chains, circles and clusters of links among actors and propositions; republication in chains."""
    tables = dict(data.tables)
    actors = ["A0002", "A0009", "A0019", *tables["actors"].actor_id[tables["actors"].anonymity != "named"][:5]]
    kinds = linked(actors, link_kind=["member_of", "speaks_for", "same_as_possible"])
    tables["actor_links"] = links_frame(tables["actor_links"], ("actor_id", "other_actor_id"), drawing.draw(kinds))
    said = tables["claims"].proposition_id.value_counts().index[:7].tolist()
    relations = linked(said, proposition_relation=["entails", "narrows"])
    tables["proposition_links"] = links_frame(
        tables["proposition_links"], ("proposition_id", "other_proposition_id"), drawing.draw(relations)
    )
    sources = tables["sources"].source_id.tolist()
    chosen = drawing.draw(st.lists(st.sampled_from([None, *range(5)]), min_size=5, max_size=5))
    original = [sources[at] if at is not None and at < i else None for i, at in enumerate(chosen)]
    tables["sources"] = tables["sources"].assign(
        republished_from=[*original, *[None] * (len(sources) - len(original))]
    ).astype({"republished_from": "str"})  # fmt: skip
    changed = Dataset(data._package, tables)
    assert_same(changed)
    assert_loose_origins(changed)


def assert_loose_origins(data: Dataset) -> None:
    """Up from the outlet that vouches, or from the actor, to the first at the top; then the first of its doubles."""
    hops, links = data.attributions, data.actor_links
    kind = data.actors.set_index("actor_id")
    above = hops.assign(hop=hops.hop + 1).merge(hops, on=["claim_id", "hop"], suffixes=("_outlet", ""))
    above = above[above.actor_id.notna() & above.actor_id_outlet.notna()]
    press = above.actor_id_outlet.map(kind.actor_kind.astype(object)) == "media_outlet"
    unnamed = above.actor_id.map(kind.anonymity.astype(object)) != "named"
    vouched = above[press & unnamed].groupby("actor_id").actor_id_outlet.min().to_dict()

    members = networkx.DiGraph(pairs(links, "member_of"))
    members.add_nodes_from(kind.index)
    top: dict[str, str] = {}
    for actor in kind.index:
        at = vouched.get(actor, actor)
        ends = [one for one in {at, *networkx.descendants(members, at)} if not members.out_degree(one)]
        top |= {actor: min(ends)} if ends else {}
    doubles = networkx.Graph(
        [(a, b) for a, b in pairs(links, "same_as_possible") if top.get(a) == a and top.get(b) == b]
    )
    first = {one: min(same) for same in networkx.connected_components(doubles) for one in same}

    found = data.query("SELECT DISTINCT origin_id, loose_origin_id FROM claim_origins WHERE origin_id IS NOT NULL")
    expected = {one: first.get(top[one], top[one]) if one in top else None for one in found.origin_id}
    assert {k: v for k, v in found.set_index("origin_id").loose_origin_id.items() if not pd.isna(v)} == {
        k: v for k, v in expected.items() if v
    }


def pairs(links: pd.DataFrame, kind: str) -> list[tuple[str, str]]:
    chosen = links[links.link_kind == kind]
    return list(zip(chosen.actor_id, chosen.other_actor_id, strict=True))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """A generated package of some thousand rows."""
    folder = tmp_path_factory.mktemp("made") / "package"
    generate(folder, rows=8000)
    return onrecord.load(folder)


def test_a_generated_package_gives_the_same_rows_in_both(made: Dataset) -> None:
    assert_same(made)


@pytest.fixture(scope="module", params=["as it is filled", "analysed"])
def database_of(made: Dataset, request: pytest.FixtureRequest) -> Iterator[sqlite3.Connection]:
    """Its database with statistics, as in build/onrecord.db, and without, as in Python."""
    connection = sqlite3.connect(":memory:")
    made._connection.commit()  # what it was filled with, or the copy waits for ever
    made._connection.backup(connection)
    if request.param == "analysed":
        connection.execute("ANALYZE")
    yield connection
    connection.close()


def some(connection: sqlite3.Connection, table: str, column: str) -> list[str]:
    rows = connection.execute(f"SELECT DISTINCT {column} FROM {table} WHERE {column} IS NOT NULL ORDER BY 1").fetchall()
    return [row[0] for row in random.Random(1).sample(rows, 3)]


def read_whole(connection: sqlite3.Connection, ran: list[str]) -> set[tuple[str, str]]:
    """Which tables of more than a few rows, or with an index made on the spot, these statements read, and the statements."""
    small = {
        name
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        if connection.execute(f'SELECT COUNT(*) FROM "{name}"').fetchone()[0] <= FEW
    }
    computed = {*VIEWS, "published", "known", "said", "resolved", "mentioned", "about", "claimed", "foretold", "rungs"}
    computed |= {"reached", "told", "CONSTANT"}
    computed -= set(STORED)
    found = set()
    for sql in ran:
        for *_, step in connection.execute(f"EXPLAIN QUERY PLAN {sql}").fetchall():
            words = step.split()
            if words[0] == "SCAN" and words[1] not in computed | small:
                found.add((step, sql))
            if "AUTOMATIC" in words and words[1] not in computed | small:
                found.add((step, sql))
    return found


def test_queries_by_a_key_read_no_table_whole(database_of: sqlite3.Connection, made: Dataset) -> None:
    data = Dataset(made._package, made.tables)
    data.__dict__["_connection"] = database_of
    ran: list[str] = []
    claims, propositions, actors = (some(database_of, "claims", f"{c}_id") for c in ("claim", "proposition", "speaker"))
    database_of.set_trace_callback(ran.append)
    for claim, proposition, actor in zip(claims, propositions, actors, strict=True):
        data.trail(claim)
        data.carriers(proposition)
        data.origins(proposition)
        data.positions(actor)
        data.positions(proposition=proposition)
        data.positions(actor, proposition)
        for view, column, value in (
            ("chains", "claim_id", claim),
            ("claim_origins", "claim_id", claim),
            ("hedges", "claim_id", claim),
            ("forecasts", "claim_id", claim),
            ("forecasts", "proposition_id", proposition),
            ("entailments", "proposition_id", proposition),
            ("entailments", "entailed_id", proposition),
            ("voices", "actor_id", actor),
            ("voices", "principal_id", actor),
        ):
            data.query(f"SELECT * FROM {view} WHERE {column} = ?", (value,))
    database_of.set_trace_callback(None)
    assert len(ran) == 3 * 15
    assert read_whole(database_of, ran) == set()


def test_pages_of_records_read_no_table_whole(database_of: sqlite3.Connection) -> None:
    ran: list[str] = []
    tables = ("claim", "proposition", "event", "actor", "source", "place")
    chosen = {name: some(database_of, f"{name}s", f"{name}_id") for name in tables}
    records = Records(database_of)
    database_of.set_trace_callback(ran.append)
    for name, identifiers in chosen.items():
        for identifier in identifiers:
            assert getattr(records, name)(identifier)
    for proposition in chosen["proposition"]:
        records.routes(proposition)
        records.carriers(proposition)
    database_of.set_trace_callback(None)
    database_of.row_factory = None
    assert len(ran) > 100
    assert read_whole(database_of, ran) == set()


@pytest.mark.parametrize("by", known.BASES)
@pytest.mark.parametrize("sql", [known.CLAIMS, known.PROPOSITIONS, known.OUTCOMES, known.EVENTS])
def test_what_was_known_is_found_by_indexes(database_of: sqlite3.Connection, sql: str, by: str) -> None:
    asked = {"day": "2019-01-01", "by": by}
    ran: list[str] = []
    database_of.set_trace_callback(ran.append)
    database_of.execute(sql, asked).fetchall()
    database_of.set_trace_callback(None)
    assert read_whole(database_of, ran) == set()


@pytest.mark.parametrize("view", [*STORED, FLAT])
def test_what_is_stored_is_what_its_sql_says(made: Dataset, view: str) -> None:
    sql = made._package.read_bytes(f"schemas/views/{view}.sql").decode()
    stored = made._connection.execute(f"SELECT * FROM {view}").fetchall()
    assert stored
    assert plain(made._connection.execute(sql).fetchall()) == plain(stored)


def test_sql_of_a_stored_view_that_does_not_end_is_stopped(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("onrecord.database._STEPS", 10_000_000)
    monkeypatch.setattr("onrecord.database._STEPS_PER_ROW", 1)
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n WHERE i < 0"
    (copy / "schemas/views/voices.sql").write_text(f"-- Endless.\n{endless}\n", "utf-8")
    with pytest.raises(PackageError, match=r"voices\.sql: does not come to an end"):
        _ = onrecord.load(copy).flat
