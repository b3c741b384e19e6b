"""Worksheets come back from files as they were written, and what a spreadsheet did to them is told."""

from __future__ import annotations

import csv
import io
import json
import re
import tempfile
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import ROOT
from onrecord.curate import columns
from onrecord.curate.cellform import presentable, shielded, unshielded
from onrecord.curate.columns import column_names, hop_columns
from onrecord.curate.worksheet import DamagedError, Worksheet, companion_columns, examine, read, write
from onrecord.findings import Finding, PackageError

FORMATS = ("csv", "xlsx")
ROW = {
    "decision": "accept",
    "row_id": "S0001-001",
    "source_id": "S0001",
    "content": "a “word”; and\nmore",
    "stance": "deny",
}
# What lies in cells: text of any kind, more often such as spreadsheets are apt to change.
CELLS = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        ["", "=1+1", "'=1", "''-x", "+3", "A+peskov", "E+3", "@me", "-", "\t", "1e5", "007", "TRUE", "2023-09-05", "120-180 200-220",
         'say "x"', ";", "a\r\nb", "\n", " x ", "CT+", "_x0041_", "x005F_", "'Tis", "=", "\x00", "\ud800", "é", "e\u0301", "„x“", "#N"]
    ),
)  # fmt: skip


def full(row: dict[str, str], hops: int = 3) -> dict[str, str]:
    """A row with all columns."""
    return dict.fromkeys(column_names(hops), "") | row


def saved(folder: Path, rows: list[list[str]], name: str = "w.csv", separator: str = ",", **how: str) -> Path:
    """A CSV as some other program saves it."""
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=separator, lineterminator=how.get("end", "\n"), quoting=csv.QUOTE_ALL).writerows(rows)
    path = folder / name
    path.write_bytes((how.get("mark", "") + out.getvalue()).encode(how.get("encoding", "utf-8")))
    return path


def grid(*rows: dict[str, str], hops: int = 1) -> list[list[str]]:
    names = column_names(hops)
    return [names, *([row.get(name, "") for name in names] for row in rows)]


def only(findings: list[Finding]) -> Finding:
    assert len(findings) == 1, [str(f) for f in findings]
    return findings[0]


@given(CELLS)
def test_a_shield_comes_off_as_it_was_put_on(text: str) -> None:
    assert unshielded(shielded(text)) == text
    assert not shielded(text).startswith(("=", "+", "-", "@", "\t"))


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.dictionaries(st.sampled_from(column_names(4)), CELLS), max_size=4), st.sampled_from(FORMATS), st.data()
)
def test_what_is_written_is_read(rows: list[dict[str, str]], form: str, data: st.DataObject) -> None:
    for number, row in enumerate(rows):
        row["row_id"] = f"S0001-{number}"
    actors = [
        {"actor_id": f"A+{n}", "actor_name": name} for n, name in enumerate(data.draw(st.lists(CELLS, max_size=3)), 1)
    ]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"w.{form}"
        write(path, Worksheet.of(rows, {"actors": actors}))
        found = read(path)
        written = path.read_bytes()
        write(path, found)
        assert form != "csv" or path.read_bytes() == written
    hops = 4 if any(name.startswith("hop_4") for row in rows for name in row) else 3
    assert found.rows == [{n: presentable(c) for n, c in full(row, hops).items()} for row in rows]
    if actors:
        blank = dict.fromkeys(companion_columns("actors"), "")
        assert found.companions["actors"].rows == [blank | {n: presentable(c) for n, c in a.items()} for a in actors]
    else:
        assert found.companions == {}


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_a_csv_is_read_however_a_spreadsheet_saved_it(tmp_path: Path, separator: str, end: str, mark: str) -> None:
    rows = grid(ROW, {}, {"row_id": "S0001-002", "content": "x"})
    path = saved(tmp_path, [[*row, "", ""] for row in rows], separator=separator, end=end, mark=mark)
    worksheet = read(path)
    assert worksheet.rows == [full(ROW, 1), full({"row_id": "S0001-002", "content": "x"}, 1)]
    assert worksheet.claims.numbers == [2, 4]


def test_the_line_by_which_excel_names_its_separator_is_no_header(tmp_path: Path) -> None:
    path = saved(tmp_path, grid(ROW), separator=";", mark="sep=;\r\n")
    assert read(path).rows == [full(ROW, 1)]


def test_columns_may_stand_in_any_order(tmp_path: Path) -> None:
    path = saved(tmp_path, [list(reversed(row)) for row in grid(ROW)])
    assert read(path).rows == [full(ROW, 1)]


@pytest.mark.parametrize(
    ("content", "rule", "says"),
    [
        (b"", "empty", "the worksheet is empty"),
        (b"\n\r\n,,\n", "empty", "the worksheet is empty"),
        ("decision,row_id\né".encode("latin-1"), "encoding", "byte 0xe9 in line 2 is not UTF-8"),
        ("decision,row_id".encode("utf-16"), "encoding", "UTF-16"),
        (b"decision\0,row_id\n", "encoding", "NUL"),
        (b"PK\x03\x04 no csv \xff", "encoding", "not UTF-8"),
        (b'"decision,row_id\n', "csv-syntax", "never closed"),
        (b"what,is,this\n1,2,3\n", "columns", "not the header"),
    ],
)
def test_a_file_that_is_none_is_told_in_one_finding(tmp_path: Path, content: bytes, rule: str, says: str) -> None:
    path = tmp_path / "w.csv"
    path.write_bytes(content)
    _, findings = examine(path)
    assert rule in {f.rule for f in findings}
    assert any(says in f.message for f in findings)
    with pytest.raises(DamagedError):
        read(path)


@pytest.mark.parametrize("content", [b"", b"no zip", b"\xd0\xcf\x11\xe0old", b"PK\x05\x06" + bytes(18)])
def test_a_workbook_that_is_none_is_told(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "w.xlsx"
    path.write_bytes(content)
    assert only(examine(path)[1]).rule == "encoding"


def test_what_is_not_there_is_said_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(PackageError, match=r"w\.csv: cannot be read: No such file"):
        examine(tmp_path / "w.csv")


@pytest.mark.parametrize("suffix", [".ods", ".ODS", ".xls", ".numbers"])
def test_other_spreadsheets_are_refused(tmp_path: Path, suffix: str) -> None:
    path = saved(tmp_path, grid(ROW), f"w{suffix}")
    worksheet, findings = examine(path)
    assert worksheet.rows == []
    assert [(f.rule, "is not read" in f.message, "save it as XLSX" in f.fix) for f in findings] == [
        ("format", True, True)
    ]
    main = saved(tmp_path, grid(ROW), "v.csv")
    saved(tmp_path, grid(ROW), f"v.actors{suffix}")
    assert [f.rule for f in examine(main)[1]] == ["format"]


def test_dashes_in_spans_are_hyphens(tmp_path: Path) -> None:
    spans = {"content_span": "120–180 200—220", "time_span": "5 – 9", "hop_1_cue_span": "1−3", "remark": "5–9"}
    (row,) = read(saved(tmp_path, grid(ROW | spans))).rows
    assert [row[name] for name in spans] == ["120-180 200-220", "5-9", "1-3", "5–9"]


def test_columns_missing_unknown_and_double(tmp_path: Path) -> None:
    rows = grid(ROW)
    rows[0][rows[0].index("stance")] = "stanze"
    rows[0][rows[0].index("remark")] = "decision"
    _, findings = examine(saved(tmp_path, rows))
    said = [str(f) for f in findings]
    position = column_names(1).index("stance") + 1
    assert any(f":1:{position} columns: there is no column 'stanze'; did you mean 'stance'?" in one for one in said)
    assert any("column 'decision' stands twice" in one for one in said)
    assert any("column 'stance' is missing" in one for one in said)
    assert any("column 'remark' is missing" in one for one in said)


def test_a_hop_must_be_whole(tmp_path: Path) -> None:
    rows = grid(ROW, hops=2)
    at = rows[0].index("hop_2_cue")
    _, findings = examine(saved(tmp_path, [row[:at] + row[at + 1 :] for row in rows]))
    assert only(findings).message == "column 'hop_2_cue' is missing"


def test_the_column_that_keeps_the_proposed_span_may_be_missing(tmp_path: Path) -> None:
    rows = grid(ROW)
    at = rows[0].index("proposed_span")
    assert examine(saved(tmp_path, [row[:at] + row[at + 1 :] for row in rows]))[1] == []


def test_formulas_errors_and_cut_cells(tmp_path: Path) -> None:
    cells = {
        "remark": "=SUM(A1:A3)",
        "reason": "#NAME?",
        "passage": "x" * 32_767,
        "content": "- he said",
        "speaker": "@who",
    }
    worksheet, findings = examine(saved(tmp_path, grid(ROW | cells)))
    assert [(f.rule, f.field, f.line) for f in findings] == [
        ("formula", "remark", 2), ("formula", "reason", 2), ("cut", "passage", 2)
    ]  # fmt: skip
    assert worksheet.rows[0]["content"] == "- he said"


@pytest.mark.parametrize("lock", [".~lock.w.csv#", "~$w.csv"])
def test_a_file_open_in_a_spreadsheet_is_not_read(tmp_path: Path, lock: str) -> None:
    path = saved(tmp_path, grid(ROW))
    (tmp_path / lock).write_text("somebody")
    assert only(examine(path)[1]).rule == "open-elsewhere"


def test_cells_beyond_the_header_are_told(tmp_path: Path) -> None:
    rows = grid(ROW)
    rows[1].append("more")
    assert only(examine(saved(tmp_path, rows))[1]).rule == "row-length"


def test_what_a_spreadsheet_made_of_cells_in_a_workbook(tmp_path: Path) -> None:
    import datetime as dt

    path = tmp_path / "w.xlsx"
    write(path, Worksheet.of([ROW]))
    book = openpyxl.load_workbook(path)
    sheet = book["worksheet"]
    at = {cell.value: cell.column for cell in sheet[1]}
    for name, value in {
        "said_edtf": dt.datetime(2023, 9, 5), "remark": "=A1", "decision": True, "passage_start": 120, "confidence": 0.5,
    }.items():  # fmt: skip
        sheet.cell(2, at[name]).value = value
    book.save(path)
    worksheet, findings = examine(path)
    assert {(f.rule, f.column) for f in findings} == {
        ("date", at["said_edtf"]), ("formula", at["remark"]), ("truth-value", at["decision"])
    }  # fmt: skip
    assert {f.path for f in findings} == {f"{path}[worksheet]"}
    assert worksheet.rows[0]["passage_start"] == "120"
    assert worksheet.rows[0]["confidence"] == "0.5"


def test_a_workbook_without_the_sheet_or_with_a_strange_one(tmp_path: Path) -> None:
    path = tmp_path / "w.xlsx"
    write(path, Worksheet.of([ROW], {"actors": [{"actor_id": "A+1", "actor_name": "X"}]}))
    book = openpyxl.load_workbook(path)
    book["actors"].title = "actor"
    book.save(path)
    assert "did you mean" not in only(examine(path)[1]).fix
    assert "name it 'actors'" in only(examine(path)[1]).fix
    book["worksheet"].title = "Tabelle1"
    book.save(path)
    assert any("no sheet 'worksheet'" in f.message for f in examine(path)[1])


def test_companions_lie_beside_a_csv(tmp_path: Path) -> None:
    path = tmp_path / "w.csv"
    write(path, Worksheet.of([ROW], {"places": [{"place_id": "L+1", "place_name": "Ostrel"}]}))
    assert {p.name for p in tmp_path.iterdir()} == {"w.csv", "w.places.csv"}
    (tmp_path / "w.coder2.csv").write_text("another worksheet\n")
    worksheet = read(path)
    assert worksheet.companions["places"].rows[0]["place_name"] == "Ostrel"
    write(path, Worksheet.of([ROW]))
    assert read(path).companions == {}
    (tmp_path / "w.actorz.csv").write_text("actor_id\n")
    assert "name it 'actors'" in only(examine(path)[1]).fix


def test_a_companion_has_the_columns_of_its_table_but_bounds(tmp_path: Path) -> None:
    path = tmp_path / "w.csv"
    write(path, Worksheet.of([ROW]))
    names = companion_columns("actor_roles")
    assert "held_edtf" in names
    assert "held_start" not in names
    (tmp_path / "w.actor_roles.csv").write_text(",".join([*names[1:], "held_start", "what"]) + "\n")
    assert {f.message for f in examine(path)[1]} == {"there is no column 'what'", "column 'actor_id' is missing"}


def test_a_cell_too_long_is_not_written(tmp_path: Path) -> None:
    for form in FORMATS:
        with pytest.raises(PackageError, match="row 2, passage: 32,767 characters"):
            write(tmp_path / f"w.{form}", Worksheet.of([ROW | {"passage": "x" * 32_767}]))
    with pytest.raises(PackageError, match=r"written as \.csv or \.xlsx"):
        write(tmp_path / "w.ods", Worksheet.of([ROW]))
    with pytest.raises(ValueError, match="no column stanze"):
        write(tmp_path / "w.csv", Worksheet.of([{"stanze": "x"}]))
    assert list(tmp_path.iterdir()) == []


def test_hops_have_the_columns_of_the_interface() -> None:
    assert hop_columns(2) == [
        f"hop_2_{name}" for name in ("actor_id", "actor", "kind", "cue", "said_edtf", "channel", "source_span", "cue_span")
    ]  # fmt: skip


SCHEMA = Path(columns.__file__).with_name("worksheet.schema.json")
DOCS = ROOT / "docs/worksheet.md"


def test_the_schema_is_that_of_the_columns() -> None:
    schemas = {path.stem: json.loads(path.read_bytes()) for path in (ROOT / "schemas").glob("*.json")}
    assert SCHEMA.read_text("utf-8") == json.dumps(columns.table_schema(schemas), indent=2, ensure_ascii=False) + "\n"


def test_the_document_has_every_column_table_and_decision() -> None:
    text = DOCS.read_text("utf-8")
    assert columns.column_table() in text
    assert ", ".join(f"`{name}`" for name in columns.COMPANIONS) in " ".join(text.split())
    for decision in columns.DECISIONS:
        assert f"| `{decision}` |" in text


def test_the_document_names_every_rule_of_refusal() -> None:
    rows = re.findall(r"^\| (`.*?`) \|", DOCS.read_text("utf-8").split("## What is refused")[1], re.MULTILINE)
    told = set(re.findall(r"`([a-z-]+)`", " ".join(rows)))
    assert len(told) > 15
    code = "".join(path.read_text("utf-8") for path in SCHEMA.parent.glob("*.py"))
    assert {rule for rule in told if f'"{rule}"' not in code} == set()


def test_frictionless_checks_a_worksheet(tmp_path: Path) -> None:
    import frictionless

    row = ROW | {"text_sha256": "0" * 64, "content_span": "3-5 7-9", "confidence": "0.5", "speaker_id": "A+x"}
    write(tmp_path / "w.csv", Worksheet.of([row]))

    def errors(path: Path) -> list[str]:
        with frictionless.system.use_context(trusted=True):
            report = frictionless.Resource(path=str(path), schema=frictionless.Schema(str(SCHEMA))).validate()
        return [f"{error.type} {getattr(error, 'field_name', '')}" for task in report.tasks for error in task.errors]

    assert errors(tmp_path / "w.csv") == []
    write(tmp_path / "w.csv", Worksheet.of([row | {"stance": "afirm", "content_span": "3", "confidence": "2"}]))
    assert sorted(errors(tmp_path / "w.csv")) == [
        "constraint-error confidence", "constraint-error content_span", "constraint-error stance"
    ]  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=60), st.integers(0, 400), st.integers(0, 30), st.sampled_from(FORMATS))
def test_whatever_the_bytes_are_there_is_a_finding_or_a_worksheet(junk: bytes, at: int, cut: int, form: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"w.{form}"
        if form == "csv":
            write(path, Worksheet.of([ROW, ROW | {"row_id": "S0001-002"}]))
            whole = path.read_bytes()
            junk = whole[:at] + junk + whole[at + cut :]
        path.write_bytes(junk)
        worksheet, findings = examine(path)
        assert worksheet.rows or findings
