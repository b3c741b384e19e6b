"""The parts of the bench that compute, and the whole of it on a tiny package with contenders that do nothing."""

from __future__ import annotations

import json
import math
import shutil
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest

from bench import __main__ as bench
from bench import measure, page, plots
from bench.contenders import CONTENDERS, TASKS, Contender
from bench.data import Place, named
from bench.faulty import Fault, Named, compare, faults, findings
from bench.figures import AIMS, Aim, Result, Results, break_even, growth
from bench.peers import sqlite
from bench.peers.checks import tables
from conftest import ROOT
from helpers import copy_minimal
from onrecord.build import build
from onrecord.database import STORED
from onrecord.package import open_package

FIRST, SECOND = ("validate", "3 million rows", "a"), ("validate", "3 million rows", "b")


def result(contender: str, *seconds: float, data: str = "3 million rows", rows: int = 3, note: str = "") -> Result:
    memory = [int(second * 1e6) for second in seconds]
    return Result("validate", data, rows, contender, contender.upper(), list(seconds), memory, note)


def command(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def test_medians_and_ratios() -> None:
    results = Results(lines=[result("a", 1, 9, 2), result("b", 8)])
    assert results.lines[0].time == 2
    assert results.lines[0].peak == 2
    aim = Aim("", SECOND, FIRST, 4, sense="least", stretch=5)
    assert aim.value(results) == 4
    assert aim.verdict(results) == "met"
    assert Aim("", SECOND, FIRST, 3, minus=True).value(results) == 6
    assert Aim("", FIRST, SECOND, 0.5, stretch=0.25, what="peak").verdict(results) == "met, stretch too"
    assert Aim("", SECOND, FIRST, 3.9).verdict(results) == "**not met**"


def test_an_aim_without_its_figures_is_not_measured() -> None:
    results = Results(lines=[result("a", 1), result("b", note="not there")])
    aim = Aim("", FIRST, SECOND, 1)
    assert math.isnan(aim.value(results))
    assert aim.verdict(results) == "not measured"
    assert aim.shown(results) == "–"


def test_every_aim_names_contenders() -> None:
    known = {(c.task, c.name) for c in CONTENDERS}
    assert {(task, name) for aim in AIMS for task, _, name in (aim.over, aim.under)} <= known


def test_growth_is_the_slope_on_logarithmic_scales() -> None:
    steps = growth([(100, 400.0), (10, 2.0), (1, 1.0)])
    assert [(step.begin, step.end) for step in steps] == [(1, 10), (10, 100)]
    assert [round(step.slope, 3) for step in steps] == [0.301, 2.301]
    assert [step.linear for step in steps] == [True, False]
    assert growth([(10, 1.0)]) == []


def test_a_cluster_wins_from_some_size_or_never() -> None:
    ours, spark = ((10, 10.0), (20, 20.0)), ((10, 30.0), (20, 50.0))
    assert break_even(ours, spark, 1) == math.inf
    assert break_even(ours, spark, 4) == 20  # 10 + 2 n / 4 = n
    assert break_even(ours, ((10, 1.0), (20, 2.0)), 1) == 0


def test_results_read_back_as_written() -> None:
    results = Results({"Cores": "2"}, {"Python": "3"}, "2026-01-02", [result("a", 1.5)])
    again = Results.read(json.loads(json.dumps(results.json())))
    assert again == results


def test_a_table() -> None:
    assert page.table(["a", "b"], [["x|y", "1\n2"]], (1,)) == "| a | b |\n| --- | ---: |\n| x\\|y | 1 2 |\n"


def test_names_of_sizes() -> None:
    assert named(300_000) == "0.3 million rows"
    assert named(3_000_000, True) == "3 million rows with faults"
    assert named(2_000) == "2 thousand rows"


def test_faults_are_looked_for_by_line_rule_column_and_value() -> None:
    put = [
        Fault("type", "claims", 5, "x", "type", "ab"),
        Fault("range", "claims", 6, "x", "minimum", "-1"),
        Fault("range", "claims", 7, "x", "minimum", "-2"),
        Fault("orphan", "claims", 8, "y", "foreign-key", "A9"),
    ]
    named_places = [
        Named("claims", 5, "x", "type", "ab"),
        Named("claims", 6, "", "minimum", None),
        Named("claims", 7, "x", "pattern", "-2"),
        Named("claims", 9, "x", "type", "zz"),
        Named("events", 8, "y", "foreign-key", "A9"),
    ]
    found = compare(put, named_places)
    assert (found.faults, found.exactly, found.at_row, found.otherwise, found.beside) == (4, 1, 2, 1, 2)
    assert found.missed == {"range": 1, "orphan": 1}
    assert found.examples["orphan"] == "claims:8 foreign-key A9"


def test_long_values_are_compared_as_far_as_reports_show_them() -> None:
    put = [Fault("long", "claims", 5, "x", "max-length", "v" * 300)]
    assert compare(put, [Named("claims", 5, "x", "max-length", "v" * 200 + "…")]).exactly == 1


def test_faults_and_findings_are_read(tmp_path: Path) -> None:
    import duckdb

    (tmp_path / "faults.csv").write_text('kind,table,row,line,column_name,rule,value\nt,claims,3,5,x,type,"a,b"\n')
    assert list(faults(tmp_path / "faults.csv")) == [Fault("t", "claims", 5, "x", "type", "a,b")]
    parquet = tmp_path / "report.parquet"
    select = "SELECT 'claims' AS \"table\", 5 AS line, 'x' AS field, 'type' AS rule, 'a,b' AS value"
    duckdb.connect().execute(f"COPY ({select}) TO '{parquet}' (FORMAT parquet)")
    assert list(findings(parquet)) == [Named("claims", 5, "x", "type", "a,b")]


def test_a_process_is_measured_with_what_it_starts() -> None:
    on = measure.cores()
    hold = "import time; data = b'x' * 60_000_000; time.sleep(0.3)"
    alone = measure.run(command(f"print('said'); {hold}"), on, 60)
    assert alone.output.strip() == "said"
    assert 60e6 < alone.memory < 100e6
    child = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {hold!r}]); print('x')"
    if Path(f"/proc/self/task/{Path('/proc/thread-self').resolve().name}/children").exists():
        assert measure.run(command(f"data = b'x' * 60_000_000; {child}"), on, 60).memory > 120e6


def test_what_fails_is_said(tmp_path: Path) -> None:
    on = measure.cores()
    with pytest.raises(measure.Failed, match=r"^failed with status 3: no such thing$"):
        measure.run(command("import sys; sys.stderr.write('no such thing\\n'); sys.exit(3)"), on, 60)
    with pytest.raises(measure.Failed, match=r"^ended after 0 s$"):
        measure.run(command("import time; time.sleep(60)"), on, 0.2)
    with pytest.raises(measure.Failed, match="could not be started"):
        measure.run([str(tmp_path / "nothing")], on, 60)
    assert measure.run(command("import sys; sys.exit(1)"), on, 60, (0, 1)).seconds > 0


def test_long_contenders_run_less_often() -> None:
    assert [measure.runs_for(first, 5) for first in (1, 30, 90, 900)] == [5, 3, 2, 1]
    assert measure.runs_for(90, 1) == 1


def fake(task: str, name: str, code: str, **more: object) -> Contender:
    return Contender(task, name, name, lambda _: command(code), **more)  # type: ignore[arg-type]


def test_contenders_run_in_turns(tmp_path: Path) -> None:
    log = tmp_path / "log"
    place = Place("2 rows", copy_minimal(tmp_path / "package"), tmp_path / "home", 2)
    note = f"open({str(log)!r}, 'a').write({{!r}})"
    contenders = [fake("validate", name, note.format(name)) for name in "abc"]
    contenders += [fake("validate", "x", "raise SystemExit(2)"), fake("validate", "large", "", most=1)]
    contenders.append(fake("validate", "away", "", needs=lambda _: "not there: no such tool"))
    lines = bench.measure(contenders, place, 2, 60, measure.cores())
    assert log.read_text() == "abcabc"
    assert [len(line.seconds) for line in lines] == [2, 2, 2, 0, 0, 0]
    assert [line.note.split(":")[0] for line in lines[3:]] == [
        "failed with status 2",
        "left out above 1 rows, for its time or memory",
        "not there",
    ]


def test_the_bench_runs_end_to_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def places(home: Path, *_: object) -> list[Place]:
        found = [Place(name, tmp_path / name, home, rows) for name, rows in (("3 rows", 3), ("30 rows", 30))]
        broken = Place("3 rows with faults", tmp_path / "faulty", home, 3, faulty=True)
        for place in (*found, broken):
            copy_minimal(place.folder)
        (broken.folder / "faults.csv").write_text("kind,table,row,line,column_name,rule,value\nt,claims,1,2,x,type,z\n")
        return [*found, broken]

    monkeypatch.setattr(bench, "_places", places)
    nothing = "SELECT '' AS \"table\", 0 AS line, '' AS field, '' AS rule, '' AS value WHERE false"
    engine = f"import duckdb, sys; '--findings' in sys.argv and duckdb.sql({nothing!r}).write_parquet(sys.argv[-1])"
    contenders = [fake("validate", "ours-fake", engine), fake("validate", "peer", "pass")]
    contenders.append(fake("validate", "gone", "pass", needs=lambda _: "not there: no such tool"))
    words = ["--only", "validate", "--home", str(tmp_path / "home"), "--runs", "2", "--date", "2026-01-02"]
    assert bench.main([*words, "--output", str(tmp_path / "docs")], contenders) == 0
    text = (tmp_path / "docs/benchmarks.md").read_text("utf-8")
    assert "| Date | 2026-01-02 |" in text
    assert "not there: no such tool" in text
    assert "| 3 rows with faults | ours-fake | 1 | 0 | 0 | 0 | 0 | t (1) |" in text
    assert "0 of 1 | **not met**" in text
    assert "## How cost grows" in text
    assert "benchmarks/validate-time.svg" in text
    assert (tmp_path / "docs/benchmarks/validate-memory.svg").read_text("utf-8").startswith("<svg")
    kept = json.loads((tmp_path / "home/results.json").read_text("utf-8"))
    assert bench.main(["--write", "--home", str(tmp_path / "home"), "--output", str(tmp_path / "again")]) == 0
    assert (tmp_path / "again/benchmarks.md").read_text("utf-8") == text
    assert Results.read(kept).find("validate", "3 rows", "peer")


def test_a_drawing_is_legible_on_white_and_on_dark() -> None:
    svg = plots.draw("Title", "seconds", {"onrecord": [(10, 1.0), (100, 5.0)], "peer": [(10, 1.0), (100, 5.2)]})
    assert "prefers-color-scheme: dark" in svg
    used = {*plots._DARK, *plots._LINES}
    colours = {part.split('"')[0] for part in svg.split('fill="')[1:] + svg.split('stroke="')[1:]}
    assert {c for c in colours if c.startswith("#")} <= used
    assert svg.count(">peer<") == 2  # the words, and what sets them off from lines behind them


def test_both_pandera_peers_are_handed_what_the_schemas_say() -> None:
    every = {table.name: table for table in tables(ROOT)}
    assert every["evidence"].together == [["claim_id", "part", "hop", "start_char", "end_char"]]
    kind, limits = every["claims"].columns["claim_id"]
    assert kind == "string"
    assert limits == {"required": True, "unique": True, "pattern": "^C[0-9]{5,}$"}
    assert [key.table for key in every["claims"].foreign] == ["sources", "propositions", "actors"]


@pytest.mark.parametrize("peer", ["on_pandas", "on_polars"])
def test_a_pandera_peer_finds_each_kind_of_fault(peer: str, tmp_path: Path) -> None:
    pytest.importorskip("polars")
    place = Place("minimal", copy_minimal(tmp_path / "package"), tmp_path, 0)
    words = [sys.executable, "-m", f"bench.peers.{peer}", str(place.folder)]
    assert measure.run(words, measure.cores(), 60, folder=place.tests).output.strip() == "0"
    path = place.folder / "dataset/claims.csv"
    header, first, *rest = path.read_text("utf-8").splitlines()
    cells = first.split(",")
    broken = [*cells]
    broken[0], broken[1], broken[5], broken[10] = "x1", "S9999", "perhaps", "2023-02-30"
    path.write_text("\n".join([header, ",".join(broken), first, first, *rest, ""]), "utf-8")
    found = int(measure.run(words, measure.cores(), 60, (1,), place.tests).output)
    assert found >= 5  # pattern, foreign key, vocabulary, date, identifier given twice


def test_the_sqlite3_shell_makes_the_same_tables_and_indexes(tmp_path: Path) -> None:
    if shutil.which("sqlite3") is None:
        pytest.skip("no sqlite3 on this machine")
    folder, theirs = copy_minimal(tmp_path / "package"), tmp_path / "shell.db"
    _, paths = build(open_package(folder))
    (tmp_path / "told.sql").write_text(sqlite.script(folder), "utf-8")
    measure.run(["sqlite3", "-bail", str(theirs), f".read '{tmp_path / 'told.sql'}'"], measure.cores(), 60)
    found = []
    for path in (theirs, next(path for path in paths if path.suffix == ".db")):
        with closing(sqlite3.connect(path)) as connection:
            found_indexes = connection.execute("SELECT name, tbl_name FROM sqlite_master WHERE type = 'index'")
            indexes = {name for name, table in found_indexes if table not in STORED}
            rows = connection.execute("SELECT count(*) FROM flat, claims_fts").fetchone()
            found.append((indexes, rows))
    assert found[0] == found[1]


def test_csvs_to_sqlite_is_asked_for_the_indexes_and_full_text_of_a_table(tmp_path: Path) -> None:
    package = copy_minimal(tmp_path / "package")
    flat = package / "build/flat.csv"
    flat.parent.mkdir()
    flat.write_text("claim_id\nC00001\n", "utf-8")
    plan = sqlite.csvs_plan(package, tmp_path / "theirs.db")
    assert plan[-1][0] == str(flat)
    assert "publisher" in plan[-1][2:]
    words = next(words for words in plan if words[0].endswith("/claims.csv"))
    assert words[1] == str(tmp_path / "theirs.db")
    assert words[2:6] == ["--index", "source_id", "--index", "proposition_id"]
    assert words[-4:] == ["--fts", "claim_summary", "--fts", "claim_condition"]


def test_every_task_has_a_title() -> None:
    assert {c.task for c in CONTENDERS} <= set(TASKS)
