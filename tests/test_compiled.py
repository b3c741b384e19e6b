"""What is compiled ahead is what the program would compile, is used, and is not used where it does not fit."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from conftest import ROOT
from onrecord.ahead import compiled
from onrecord.compiled import STORE, Compiled
from onrecord.duck import Duck
from onrecord.package import open_package
from onrecord.survey import Survey

_SPY = """
import sys
sys.argv = ["onrecord", "validate", *sys.argv[1:]]
from onrecord.cli import main
try:
    main()
finally:
    print("ibis.expr" in sys.modules, "pandas" in sys.modules)
"""


def test_the_store_is_fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("onrecord.compiled._store", dict)
    same = compiled(open_package(ROOT)) == STORE.read_bytes()
    assert same, "compiled.json is not what the program makes; run 'make fmt'"


def test_nothing_is_compiled_and_no_row_looked_at_again_for_a_valid_package() -> None:
    run = [sys.executable, "-c", _SPY, "--engine", "duckdb", str(ROOT)]
    done = subprocess.run(run, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    verdict, loaded = done.stdout.splitlines()
    assert verdict.startswith("valid: ")
    assert loaded == "False False"


def test_a_changed_schema_is_compiled_anew(copy: Path) -> None:
    path = copy / "schemas/claims.json"
    schema = json.loads(path.read_text("utf-8"))
    field = next(f for f in schema["fields"] if f["name"] == "certainty")
    gone = field["constraints"]["enum"].pop(0)
    path.write_text(json.dumps(schema), "utf-8")
    package = open_package(copy, faulty=True)
    held = sum(f",{gone}," in line for line in (copy / "dataset/claims.csv").read_text("utf-8").splitlines())
    with tempfile.TemporaryDirectory() as folder:
        survey = Survey(package, Duck("400MB", Path(folder)), Path(folder), {})
        survey.run(())
        found = [f for f in survey.listing.first(None) if f.rule == "enum"]
    assert {f.value for f in found} == {gone}
    assert len(found) == held > 0
    assert not survey.compiled.made.keys() <= json.loads(STORE.read_bytes()).keys()


def test_what_was_made_is_not_made_again() -> None:
    times = []
    one = Compiled("duckdb")
    for _ in range(2):
        assert one.texts("test", {"a": 1}, lambda: times.append(1) or ["SELECT 1"]) == ["SELECT 1"]  # type: ignore[func-returns-value]
    assert times == [1]
