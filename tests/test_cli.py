"""The commands as commands: exit status, output, and bad input that is a line and never a traceback."""

import csv
import importlib.util
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pandas
import pytest

from conftest import FOUNDING, ROOT

COMMANDS = [
    "accept",
    "init",
    "validate",
    "fmt",
    "build",
    "serve",
    "site",
    "show",
    "cite",
    "diff",
    "release",
    "verify",
    "docs",
    "source",
    "evidence",
    "agreement",
    "review",
    "suggest",
    "accept",
]


def run(*arguments: str | Path, cwd: Path = ROOT, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "onrecord", *map(str, arguments)],
        cwd=cwd, capture_output=True, text=True, check=False, env={**os.environ, "COLUMNS": "200", "NO_COLOR": "1", **env},
    )  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS)
def test_help_has_an_example(command: str) -> None:
    done = run(command, "--help")
    assert done.returncode == 0
    assert f"Example: onrecord {command}" in done.stdout


def test_the_help_lists_every_command_and_the_readme_too() -> None:
    listed = run("--help").stdout
    readme = (ROOT / "README.md").read_text("utf-8")
    for command in COMMANDS:
        assert command in listed
        assert f"`onrecord {command}" in readme


def test_the_help_lists_the_commands_of_curation_in_the_order_of_the_work() -> None:
    panel = run("--help").stdout.partition(" Curation ")[2]
    names = [line.split()[1] for line in panel.splitlines() if line.startswith("│ ") and line[2].isalpha()]
    assert names == ["source", "suggest", "review", "accept", "evidence", "agreement"]


@pytest.mark.parametrize(
    "arguments",
    ["source add", "suggest", "review", "accept", "evidence verify", "evidence locate", "evidence rebase", "agreement"],
)
def test_the_help_of_curation_has_examples_and_exit_statuses(arguments: str) -> None:
    text = " ".join(run(*arguments.split(), "--help").stdout.split())
    assert f"Example: onrecord {arguments}" in text
    assert re.search(r"Exit status 0 [a-z ]+, (1 [a-z ,:]+, )?2 could not run\.", text), text


def test_validate_says_valid() -> None:
    done = run("validate")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("valid: ")


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def drop(name: str) -> Callable[[Path], None]:
    return lambda package: (package / name).unlink()


def replace(name: str, old: str, new: str) -> Callable[[Path], None]:
    return lambda package: edit(package / name, old, new)


def latin(package: Path) -> None:
    path = package / "dataset/places.csv"
    path.write_bytes(path.read_bytes().replace(b"Vladivostok", b"Vladiv\xf3stok", 1))


def double(package: Path) -> None:
    path = package / "dataset/claims.csv"
    lines = path.read_text("utf-8").split("\n")
    path.write_text("\n".join([*lines[:3], lines[2], *lines[3:]]), "utf-8")


BAD = {
    "a missing table": (drop("dataset/places.csv"), "dataset/places.csv missing-table: "),
    "a wrong encoding": (latin, "dataset/places.csv:2:2 encoding: "),
    "a ragged row": (
        replace("dataset/places.csv", "Pyongyang,PRK", "Pyongyang, PRK, more"),
        "dataset/places.csv:4 row-length: ",
    ),
    "an unknown column": (
        replace("dataset/events.csv", "event_summary", "event_sumary"),
        "dataset/events.csv:1:3 columns: ",
    ),
    "a duplicate key": (double, "dataset/claims.csv:4:1 primary-key: "),
    "an orphan": (
        replace("dataset/claims.csv", "C00001,S0001", "C00001,S0099"),
        "dataset/claims.csv:2:2 foreign-key: ",
    ),
    "an impossible date": (replace("dataset/events.csv", "2023-07-27,", "2023-07-32,"), " edtf-valid: "),
    "a reversed interval": (
        replace("dataset/events.csv", "2023-09-10/2023-09-12", "2023-09-12/2023-09-10"),
        " edtf-valid: ",
    ),
    "a misspelt term": (replace("dataset/claims.csv", ",noncommittal,", ",noncomittal,"), "use noncommittal"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_a_line_and_nothing_is_written(copy: Path, name: str) -> None:
    spoil, expected = BAD[name]
    spoil(copy)
    before = {p: p.read_bytes() for p in copy.rglob("*") if p.is_file()}
    checked = run("validate", copy)
    assert checked.returncode == 1
    assert expected in checked.stdout
    assert "Traceback" not in checked.stdout + checked.stderr
    built = run("build", copy)
    assert built.returncode == 1
    assert "nothing built" in built.stdout
    assert {p: p.read_bytes() for p in copy.rglob("*") if p.is_file()} == before


def test_every_fault_in_one_run(copy: Path) -> None:
    edit(copy / "dataset/claims.csv", "C00001,S0001", "C00001,S0099")
    edit(copy / "dataset/claims.csv", ",noncommittal,Uu,direct", ",affirm,CT-,direct")
    edit(copy / "dataset/attributions.csv", ",1,A0009,explicit", ",2,A0009,explicit")
    latin(copy)
    rules = {
        line.split(" ")[1].rstrip(":")
        for line in run("validate", copy).stdout.splitlines()
        if line.startswith("dataset/")
    }
    assert {"foreign-key", "deny-is-negative", "hops-connected", "encoding"} <= rules


def test_lines_are_those_of_the_file_after_a_quoted_line_break(copy: Path) -> None:
    events = copy / "dataset/events.csv"
    edit(
        events,
        "Journey of Kim Jong Un to the Russian Far East at Putin's invitation.",
        '"Journey of Kim Jong Un\nto the Russian Far East"',
    )
    edit(events, ",SUPPORT,,occurred", ",SUPPROT,,occurred")
    line = next(i for i, text in enumerate(events.read_text("utf-8").split("\n"), 1) if "SUPPROT" in text)
    assert f"dataset/events.csv:{line}:4 enum: " in run("validate", copy).stdout


@pytest.mark.parametrize("command", ["validate", "fmt", "build", "docs"])
@pytest.mark.parametrize("what", ["no/such/folder", "README.md", "tests"])
def test_what_cannot_be_run_exits_2_with_one_line(command: str, what: str) -> None:
    done = run(command, ROOT / what)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith("onrecord: ")
    assert done.stderr.count("\n") == 1


def test_fmt_mends_and_check_only_looks(copy: Path) -> None:
    edit(copy / "dataset/places.csv", "Vladivostok", '"Vladivostok"')
    edit(copy / "dataset/events.csv", "2023-09-13,2023-09-13,2023-09-13", "2023-09-14,2023-09-13,2023-09-13")
    looked = run("fmt", "--check", copy)
    assert looked.returncode == 1
    assert "places.csv" in looked.stdout
    assert "events.csv" in looked.stdout
    assert run("fmt", copy).returncode == 0
    assert "2023-09-14,2023-09-14,2023-09-14" in (copy / "dataset/events.csv").read_text("utf-8")
    assert (copy / "dataset/places.csv").read_bytes() == (FOUNDING / "places.csv").read_bytes()
    assert run("fmt", "--check", copy).returncode == 0


def test_fmt_loses_nothing_where_a_file_cannot_be_read(copy: Path) -> None:
    edit(copy / "dataset/places.csv", "Pyongyang,PRK", "Pyongyang,PRK,more")
    edit(copy / "dataset/events.csv", "2023-09-13,2023-09-13,2023-09-13", "2023-09-14,2023-09-13,2023-09-13")
    before = (copy / "dataset/events.csv").read_bytes()
    done = run("fmt", copy)
    assert done.returncode == 1
    assert "row-length" in done.stdout
    assert (copy / "dataset/events.csv").read_bytes() == before


@pytest.mark.parametrize(
    ("identifier", "section", "words"),
    [
        ("C00029", "trail", "NTD < The Epoch Times < Dmitry Peskov"),
        ("P0001", "positions", "noncommittal Uu"),
        ("E0001", "actors", "Vostochny"),
        ("A0019", "roles", "Spokesman"),
        ("S0002", "claims", "NTD"),
        ("L0001", "events", "Vladivostok"),
        ("V00001", "evidence", "C00001"),
    ],
)
def test_show_prints_text_and_json(identifier: str, section: str, words: str) -> None:
    shown = run("show", identifier)
    assert shown.returncode == 0
    assert words in shown.stdout
    assert f"{section} (" in shown.stdout
    found = json.loads(run("show", identifier.lower(), "--json").stdout)
    assert found["sections"][section]


def test_show_of_an_unknown_identifier_says_what_one_looks_like() -> None:
    done = run("show", "C99999")
    assert done.returncode == 2
    assert "C00001" in done.stderr


def test_show_of_a_retired_identifier_names_its_replacement(copy: Path) -> None:
    (copy / "dataset/retired.csv").write_text(
        "table_name,retired_id,replacement_id,retired_version,retired_reason\nclaims,C99999,C00001,0.1.0,coded twice\n",
        "utf-8",
    )
    done = run("show", "C99999", copy)
    assert done.returncode == 2
    assert "use C00001" in done.stderr


def test_the_wheel_brings_the_data(tmp_path: Path, data) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--wheel-dir", tmp_path, ROOT],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    import zipfile

    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        wheel.extractall(tmp_path / "site")
    code = "import onrecord, pathlib; d = onrecord.load(); print(len(d.claims), len(d.flat), pathlib.Path(onrecord.__file__).parent)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": str(tmp_path / "site")},
    )  # fmt: skip
    assert done.stdout.split() == [str(len(data.claims)), str(len(data.claims)), str(tmp_path / "site/onrecord")], (
        done.stderr
    )


BROKEN_FOR_SHOW = {
    "a misspelt term": replace("dataset/claims.csv", ",noncommittal,", ",noncomittal,"),
    "a bad number": replace("dataset/attributions.csv", ",1,A0009,explicit", ",one,A0009,explicit"),
    "a doubled key": double,
    "an empty required cell": replace("dataset/places.csv", "Vladivostok", ""),
}


@pytest.mark.parametrize("name", BROKEN_FOR_SHOW)
def test_show_of_a_package_that_is_not_valid_is_one_line(copy: Path, name: str) -> None:
    BROKEN_FOR_SHOW[name](copy)
    done = run("show", "C00001", copy)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "onrecord validate" in done.stderr


def test_show_ends_where_republication_runs_in_a_circle(copy: Path) -> None:
    edit(copy / "dataset/sources.csv", "en,S0006,full_text", "en,S0002,full_text")
    done = run("show", "C00029", copy)
    assert done.returncode == 0
    assert "republication-acyclic" in run("validate", copy).stdout


def test_fmt_keeps_a_column_whatever_its_name(copy: Path) -> None:
    path = copy / "dataset/places.csv"
    lines = path.read_text("utf-8").splitlines()
    path.write_text("\n".join([f"{lines[0]},another order", *(f"{line},kept" for line in lines[1:])]) + "\n", "utf-8")
    before = path.read_bytes()
    assert run("fmt", copy).returncode == 1
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"name": "place_id",', '"named": "no name",'),
        ('"type": "number"', '"type": "nonsense"'),
        ('"^[A-Z]{3}$"', '"^[A-Z{3}$("'),
        ('"primaryKey": [\n    "place_id"\n  ]', '"primaryKey": ["nowhere"]'),
        ('"primaryKey": [\n    "place_id"\n  ]', '"foreignKeys": [1], "primaryKey": "place_id"'),
    ],
)
def test_a_schema_that_cannot_be_understood_is_one_line(copy: Path, old: str, new: str) -> None:
    edit(copy / "schemas/places.json", old, new)
    for command in ("validate", "build", "fmt"):
        done = run(command, copy)
        assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1), done
        assert "the schema of places" in done.stderr


def test_a_damaged_zip_is_one_line(copy: Path, tmp_path: Path) -> None:
    import shutil

    archive = Path(shutil.make_archive(str(tmp_path / "p"), "zip", copy))
    assert run("validate", archive).returncode == 0
    data = bytearray(archive.read_bytes())
    place = data.index(b"dataset/claims.csv") + 60
    data[place : place + 200] = b"x" * 200
    archive.write_bytes(data)
    done = run("validate", archive)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)


def test_a_folder_of_texts_that_is_not_there_is_said(tmp_path: Path) -> None:
    for done in (run("validate", ONRECORD_TEXTS=str(tmp_path / "no")), run("validate", "--texts", tmp_path / "no")):
        assert done.returncode == 2
        assert "no" in done.stderr
        assert done.stderr.count("\n") == 1


def test_a_key_of_many_digits_is_read(copy: Path) -> None:
    edit(copy / "dataset/places.csv", "L0001,", f"L{'9' * 5000},")
    assert run("validate", copy).returncode == 1
    assert run("fmt", copy).returncode == 0


def test_a_report_goes_to_a_file(copy: Path, tmp_path: Path) -> None:
    edit(copy / "dataset/claims.csv", ",noncommittal,", ",noncomittal,")
    out = tmp_path / "report.json"
    done = run("validate", copy, "--format", "json", "--output", out)
    assert (done.returncode, done.stdout) == (1, "")
    assert "invalid: 1 error" in done.stderr
    (finding,) = json.loads(out.read_text("utf-8"))["findings"]
    assert (finding["path"], finding["line"], finding["rule"]) == ("dataset/claims.csv", 2, "enum")


@pytest.mark.parametrize("form", ["text", "json", "github", "sarif", "junit"])
def test_every_format_of_a_valid_package(form: str) -> None:
    done = run("validate", "--format", form)
    assert (done.returncode, done.stderr) == (0, "")


def test_annotations_name_the_file_from_where_ci_stands(copy: Path) -> None:
    edit(copy / "dataset/claims.csv", ",noncommittal,", ",noncomittal,")
    done = run("validate", copy, "--format", "github", GITHUB_WORKSPACE=str(copy.parent))
    assert done.stdout.startswith("::error file=package/dataset/claims.csv,line=2,")


def test_only_a_rule_or_a_table(copy: Path) -> None:
    edit(copy / "dataset/claims.csv", ",noncommittal,", ",noncomittal,")
    edit(copy / "dataset/events.csv", "2023-07-27,", "2023-07-32,")
    edit(copy / "dataset/places.csv", "Vladivostok", '"Vladivostok"')
    lines = {
        options: sorted(line.split(" ")[1] for line in run("validate", copy, *options).stdout.splitlines() if ".csv:" in line)
        for options in (("--rule", "enum"), ("--table", "events"), ("--rule", "enum", "--rule", "canonical-form"))
    }  # fmt: skip
    assert lines == {
        ("--rule", "enum"): ["enum:"],
        ("--table", "events"): ["edtf-valid:"],
        ("--rule", "enum", "--rule", "canonical-form"): ["canonical-form:", "enum:"],
    }


def test_findings_beyond_the_most_are_counted(copy: Path) -> None:
    edit(copy / "dataset/claims.csv", ",noncommittal,", ",noncomittal,")
    edit(copy / "dataset/events.csv", "2023-07-27,", "2023-07-32,")
    done = run("validate", copy, "--max-findings", "1")
    assert done.returncode == 1
    assert done.stdout.count("dataset/") == 1
    assert "1 more" in done.stdout
    assert "2 errors" in done.stdout


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--rule", "forein-key"], "did you mean 'foreign-key'?"),
        (["--table", "claim"], "did you mean 'claims'?"),
        (["--explain", "nothing like it"], "there is no rule"),
        (["--watch", "--format", "json"], "--watch prints text"),
        (["--watch", "--each"], "--watch tells causes"),
        (["--watch", "--engine", "duckdb"], "--watch tells causes"),
        (["--watch", "--findings", "x.parquet"], "--watch tells causes"),
        (["--engine", "duckdb", "--memory", "nonsense"], "--memory 'nonsense' is no size"),
        (["--engine", "duckdb", "--memory", "-5MB"], "--memory '-5MB' is no size"),
        (["--engine", "duckdb", "--memory", "1KB"], "1KB of memory are not enough"),
        (["--findings", "/dev/null/x.parquet"], "cannot be written"),
        (["--findings", "no-such-folder/x.parquet"], "cannot be written"),
        (["--findings", "dataset/x.parquet"], "lies among the files of the package"),
        (["--findings", "datapackage.json"], "lies among the files of the package"),
        (["--output", "/dev/null/x.txt"], "cannot write"),
    ],
)
def test_what_validate_cannot_do_is_one_line(options: list[str], says: str) -> None:
    done = run("validate", *options)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert says in done.stderr


def test_spark_that_is_not_installed_is_one_line() -> None:
    if importlib.util.find_spec("pyspark"):
        pytest.skip("pyspark is installed")
    done = run("validate", "--engine", "spark")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert "onrecord[spark]" in done.stderr


def test_no_folder_for_temporary_files_is_one_line() -> None:
    blocked = "import tempfile; tempfile.tempdir = '/nowhere'; from onrecord.cli import main; main()"
    command = [sys.executable, "-c", blocked, "validate", "--engine", "duckdb"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert "temporary files" in done.stderr


def test_very_many_findings_are_counted_and_all_written(copy: Path, tmp_path: Path) -> None:
    path, rows = copy / "dataset/actors.csv", 60_000
    header, first = path.read_text("utf-8").splitlines()[:2]
    cells = dict(zip(header.split(","), next(csv.reader([first])), strict=True))
    schema = json.loads((copy / "schemas/actors.json").read_text("utf-8"))
    field = next(f["name"] for f in schema["fields"] if "enum" in f.get("constraints", {}))
    lines = [
        ",".join((cells | {"actor_id": f"A{number:04}", field: "nowhere", "actor_name": "Somebody"}).values())
        for number in range(1, rows + 1)
    ]
    path.write_text("\n".join([header, *lines, ""]), "utf-8")
    parquet = tmp_path / "all.parquet"
    done = run("validate", copy, "--engine", "duckdb", "--memory", "100MB", "--findings", parquet, "--rule", "enum")
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.count("dataset/actors.csv:") == 5
    assert f"… and {rows - 5} more (--findings writes them all)" in done.stdout
    assert f"invalid: {rows} errors in 1 file" in done.stdout
    written = pandas.read_parquet(parquet)
    assert list(written["line"]) == list(range(2, rows + 2))
    assert set(written["value"]) == {"nowhere"}


def test_a_rule_is_explained() -> None:
    said = run("validate", "--explain", "speaker-is-origin").stdout
    for part in (
        "The speaker is the actor at the end of the chain",
        "Why: ",
        "Example: ",
        "Mend it so: ",
        "CODEBOOK.md#rule-",
    ):
        assert part in said


def test_warnings_are_apart_and_leave_the_package_valid(copy: Path) -> None:
    edit(copy / "dataset/events.csv", "Journey of Kim Jong Un to", "=Journey of Kim Jong Un to")
    done = run("validate", copy)
    assert done.returncode == 0
    assert "formula" in done.stdout
    assert "valid: " in done.stdout
    assert run("build", copy).returncode == 0


def test_a_deleted_actor_is_one_line(copy: Path) -> None:
    path = copy / "dataset/actors.csv"
    lines = path.read_text("utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if not line.startswith("A0009,")), "utf-8")
    found = [line for line in run("validate", copy).stdout.splitlines() if ".csv:" in line]
    assert len(found) == 1
    assert "foreign-key: " in found[0]
    assert "cells refer to it" in found[0]


def test_a_full_disk_under_the_output_is_one_line() -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "onrecord", "validate"], cwd=ROOT, stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )  # fmt: skip
    assert (done.returncode, done.stderr) == (2, "onrecord: cannot write the output: No space left on device\n")


def test_an_interrupt_is_one_line(tmp_path: Path) -> None:
    program = "import os, signal, onrecord.engines as e; e.Check.run = lambda *_: os.kill(os.getpid(), signal.SIGINT); from onrecord.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", program, "validate"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (2, "", "onrecord: interrupted\n")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_is_offered(shell: str) -> None:
    done = run("--show-completion", shell, _TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION="1")
    assert done.returncode == 0
    assert "_ONRECORD_COMPLETE" in done.stdout


@pytest.mark.parametrize("command", ["validate", "fmt", "build", "docs"])
def test_where_no_package_is_ours_is_not_taken_for_it(tmp_path: Path, command: str) -> None:
    done = run(command, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "no datapackage.json here or above" in done.stderr
    assert run("show", "C00001", cwd=tmp_path).returncode == 0
    assert run("validate", "--explain", "used", cwd=tmp_path).returncode == 0
