"""What is built: a database and Parquet files that strangers' tools read, the same every time."""

import sqlite3
from pathlib import Path

import duckdb
import pandas as pd
import pytest

import onrecord
from conftest import ROOT
from onrecord.build import build
from onrecord.built import is_stale
from onrecord.database import VIEWS
from onrecord.package import open_package


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("build")
    report, written = build(open_package(ROOT), folder)
    assert report.valid
    assert sorted(p.name for p in written) == sorted(p.name for p in folder.iterdir())
    return folder


@pytest.fixture
def connection(built: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{built / 'onrecord.db'}?mode=ro", uri=True)


def test_tables_are_strict_with_keys_that_hold(connection: sqlite3.Connection, data: onrecord.Dataset) -> None:
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    strict = {
        name for _, name, kind, _, _, strict in connection.execute("PRAGMA table_list") if strict and kind == "table"
    }
    assert set(data.tables) | {"flat"} <= strict
    assert connection.execute("SELECT COUNT(*) FROM pragma_foreign_key_list('claims')").fetchone() == (3,)
    for name, frame in data.tables.items():
        assert connection.execute(f'SELECT COUNT(*) FROM "{name}"').fetchone() == (len(frame),), name


def test_foreign_keys_are_indexed(connection: sqlite3.Connection) -> None:
    plan = str(connection.execute("EXPLAIN QUERY PLAN SELECT * FROM claims WHERE speaker_id = 'A0001'").fetchall())
    assert "USING INDEX" in plan


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ("claims", "armoured train"),
        ("propositions", "sanctions"),
        ("events", "parade"),
        ("actors", "kremlin"),
        ("sources", "coy"),
    ],
)
def test_full_text_finds_and_does_not_find(connection: sqlite3.Connection, table: str, words: str) -> None:
    search = f"SELECT COUNT(*) FROM {table}_fts WHERE {table}_fts MATCH ?"
    total = connection.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0]
    assert 0 < connection.execute(search, (words,)).fetchone()[0] < total
    assert connection.execute(search, ("xylophone",)).fetchone() == (0,)


@pytest.mark.parametrize("view", VIEWS)
def test_views_answer_in_sqlite_and_the_same_in_duckdb(connection: sqlite3.Connection, built: Path, view: str) -> None:
    expected = connection.execute(f'SELECT * FROM "{view}"').fetchall()
    assert expected
    duck = duckdb.connect()
    for file in built.glob("*.parquet"):
        duck.execute(f"CREATE VIEW {file.stem} AS SELECT * FROM '{file}'")
    for name in VIEWS:
        duck.execute(f"CREATE VIEW {name} AS {(ROOT / f'schemas/views/{name}.sql').read_text('utf-8')}")
        if name == view:
            break
    found = duck.execute(f'SELECT * FROM "{view}"').fetchall()
    plain = [tuple(v.isoformat() if hasattr(v, "isoformat") else v for v in row) for row in found]
    assert sorted(map(str, plain)) == sorted(map(str, expected))


def test_parquet_holds_what_the_frames_hold(built: Path, data: onrecord.Dataset) -> None:
    for name, frame in data.tables.items():
        read = pd.read_parquet(built / f"{name}.parquet")
        assert read.columns.tolist() == frame.columns.tolist()
        assert len(read) == len(frame)
        assert read.notna().sum().tolist() == frame.notna().sum().tolist(), name


def test_the_flat_csv_reads_plainly(built: Path, data: onrecord.Dataset) -> None:
    flat = pd.read_csv(built / "flat.csv", keep_default_na=False)
    assert flat.claim_id.tolist() == data.claims.claim_id.tolist()
    assert set(flat.stance) == set(data.claims.stance)
    assert flat.columns.tolist() == data.flat.columns.tolist()


def test_same_input_same_bytes(built: Path, tmp_path: Path) -> None:
    build(open_package(ROOT), tmp_path / "again")
    for file in built.iterdir():
        assert file.read_bytes() == (tmp_path / "again" / file.name).read_bytes(), file.name


def test_an_invalid_package_builds_nothing_and_keeps_the_old_build(copy: Path) -> None:
    report, written = build(open_package(copy))
    assert report.valid
    before = {p.name: p.read_bytes() for p in (copy / "build").iterdir()}
    claims = copy / "dataset/claims.csv"
    claims.write_text(claims.read_text("utf-8").replace(",noncommittal,Uu,", ",noncommittal,CT+,", 1), "utf-8")
    assert is_stale(open_package(copy), copy / "build/onrecord.db")
    report, written = build(open_package(copy))
    assert not report.valid
    assert written == []
    assert {p.name: p.read_bytes() for p in (copy / "build").iterdir()} == before
