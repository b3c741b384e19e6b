"""Reading and writing CSVs: nothing guessed, nothing lost, and places that a person can find."""

import csv
import io
import json
import shutil
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers import copy_minimal
from onrecord.csvtable import canonical_csv
from onrecord.findings import PackageError
from onrecord.fmt import fmt
from onrecord.package import Package, find_package, open_package
from onrecord.store import write_files

FIELDS = ["thing_id", "words", "number"]
SCHEMA = {
    "fields": [{"name": n, "type": "string"} for n in FIELDS],
    "primaryKey": ["thing_id"],
}


def package(folder: Path, data: bytes) -> Package:
    (folder / "dataset").mkdir(parents=True, exist_ok=True)
    (folder / "dataset/things.csv").write_bytes(data)
    descriptor = {"name": "t", "resources": [{"name": "things", "path": "dataset/things.csv", "schema": SCHEMA}]}
    (folder / "datapackage.json").write_text(json.dumps(descriptor), "utf-8")
    return open_package(folder)


cells = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0\r"), max_size=20).map(
    lambda s: unicodedata.normalize("NFC", s)
)
tables = st.dictionaries(st.integers(0, 10**6), st.tuples(cells, cells), max_size=12)


@given(tables)
def test_what_is_written_is_read_again(
    tmp_path_factory: pytest.TempPathFactory, rows: dict[int, tuple[str, str]]
) -> None:
    records = [{"thing_id": f"T{n:04d}", "words": w, "number": m} for n, (w, m) in rows.items()]
    data = canonical_csv(FIELDS, ["thing_id"], records)
    table, findings = package(tmp_path_factory.mktemp("p"), data).read("things")
    assert findings == []
    assert table.complete
    read = [dict(zip(table.columns, row, strict=True)) for row in table.rows]
    assert sorted(map(str, read)) == sorted(map(str, records))
    assert [r["thing_id"] for r in read] == [f"T{n:04d}" for n in sorted(rows)]
    assert canonical_csv(FIELDS, ["thing_id"], read) == data


@given(tables)
def test_the_place_of_a_cell_is_where_its_text_begins(
    tmp_path_factory: pytest.TempPathFactory, rows: dict[int, tuple[str, str]]
) -> None:
    records = [{"thing_id": f"T{n:04d}", "words": w, "number": "mark"} for n, (w, _) in rows.items()]
    data = canonical_csv(FIELDS, ["thing_id"], records)
    table, _ = package(tmp_path_factory.mktemp("p"), data).read("things")
    lines = data.decode("utf-8").split("\n")
    for row in range(len(table.rows)):
        line, column = table.place(row, "number")
        assert column == 3
        assert lines[line - 1].endswith("mark")
        assert lines[table.place(row, "thing_id")[0] - 1].startswith(table.rows[row][0])


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_reported(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    table, findings = package(tmp_path_factory.mktemp("p"), data).read("things")
    assert all(len(row) == len(table.columns) for row in table.rows)
    assert findings or table.complete


@pytest.mark.parametrize(
    ("data", "line", "rule", "says"),
    [
        (b"", 1, "columns", "is empty"),
        (b"thing_id,words,number\nT1,a\n", 2, "row-length", "2 cells"),
        (b"thing_id,words,number\nT1,a,b,c\n", 2, "row-length", "4 cells"),
        (b"thing_id,words,number\n\nT1,a,b\n", 2, "row-length", "empty"),
        (b'thing_id,words,number\nT1,"a\nb",c\nT2,d\n', 4, "row-length", "2 cells"),
        (b"thing_id,words\nT1,a\n", 1, "columns", "'number' is missing"),
        (b"thing_id,words,number,more\nT1,a,b,c\n", 1, "columns", "'more' is not in the schema"),
        (b"thing_id,wrods,number\nT1,a,b\n", 1, "columns", "rename it to 'words'"),
        (b"thing_id,number,words\nT1,a,b\n", 1, "columns", "another order"),
        (b"thing_id,words,words\nT1,a,b\n", 1, "columns", "stands twice"),
        (b'thing_id,words,number\nT1,"a,b\nT2,c,d\n', 2, "csv-syntax", "never closed"),
        (b'thing_id,words,number\nT1,"a"b,c\nT2,c,d\n', 2, "csv-syntax", "closing quotation mark"),
        (b"\xef\xbb\xbfthing_id,words,number\n", 1, "encoding", "byte order mark"),
        (b"thing_id,words,number\nT1,caf\xe9,b\n", 2, "encoding", "0xe9"),
        (b"thing_id,words,number\nT1,a\0,b\n", 2, "encoding", "NUL"),
    ],
)
def test_what_hinders_reading_is_named_with_its_line(
    tmp_path: Path, data: bytes, line: int, rule: str, says: str
) -> None:
    opened = package(tmp_path, data)
    _, findings = opened.read("things")
    assert any(f.line == line and f.rule == rule and says in str(f) for f in findings), findings
    if "byte order" not in says and "another order" not in says:
        assert fmt(opened)[0] == []
        assert (tmp_path / "dataset/things.csv").read_bytes() == data


def test_na_is_namibia(tmp_path: Path) -> None:
    table, _ = package(tmp_path, b"thing_id,words,number\nT1,NA,null\n").read("things")
    assert table.rows == [["T1", "NA", "null"]]


def test_fmt_orders_sorts_unquotes_and_keeps_every_cell(tmp_path: Path) -> None:
    opened = package(tmp_path, 'number,thing_id,words\r\n"1",T10,"e\u0301"\r\n2,T9,"a,b"\r\n'.encode())
    changed, faults = fmt(opened)
    assert faults == []
    assert changed == [tmp_path / "dataset/things.csv"]
    assert changed[0].read_text("utf-8") == 'thing_id,words,number\nT9,"a,b",2\nT10,\u00e9,1\n'
    assert fmt(opened) == ([], [])


@pytest.mark.parametrize("path", ["/etc/passwd", "../other.csv", "dataset/../../x.csv", "http://example.org/x.csv"])
def test_a_path_out_of_the_package_is_refused(tmp_path: Path, path: str) -> None:
    package(tmp_path, b"")
    descriptor = {"name": "t", "resources": [{"name": "things", "path": path, "schema": SCHEMA}]}
    (tmp_path / "datapackage.json").write_text(json.dumps(descriptor), "utf-8")
    with pytest.raises(PackageError, match="leaves the package"):
        open_package(tmp_path).read("things")


@pytest.mark.parametrize("text", ["", "[]", "{", '{"resources": 1}', '{"resources": [{"name": "a"}, {"name": "a"}]}'])
def test_a_descriptor_that_cannot_be_read_is_one_clear_line(tmp_path: Path, text: str) -> None:
    (tmp_path / "datapackage.json").write_text(text, "utf-8")
    with pytest.raises(PackageError) as caught:
        open_package(tmp_path)
    assert "\n" not in str(caught.value)


def test_writing_is_all_or_nothing(tmp_path: Path) -> None:
    (tmp_path / "one").write_text("old", "utf-8")
    (tmp_path / "file").write_text("in the way", "utf-8")
    with pytest.raises(PackageError):
        write_files({tmp_path / "one": b"new", tmp_path / "file" / "two": b"never"})
    assert (tmp_path / "one").read_text("utf-8") == "old"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["file", "one"]


def test_a_zip_reads_like_its_folder(tmp_path: Path) -> None:
    import zipfile

    package(tmp_path / "in", b"thing_id,words,number\nT1,a,b\n")
    with zipfile.ZipFile(tmp_path / "p.zip", "w") as archive:
        for file in sorted((tmp_path / "in").rglob("*")):
            if file.is_file():
                archive.write(file, f"top/{file.relative_to(tmp_path / 'in')}")
    assert open_package(tmp_path / "p.zip").read("things")[0].rows == [["T1", "a", "b"]]


def test_pythons_reader_agrees(tmp_path: Path) -> None:
    data = b'thing_id,words,number\nT1,"a ""b"" c",\nT2,"x\ny",2\n'
    table, _ = package(tmp_path, data).read("things")
    assert [table.columns, *table.rows] == list(csv.reader(io.StringIO(data.decode(), newline="")))
    assert table.lines == [2, 3]


def test_a_package_without_schemas_is_not_passed_over_for_one_further_up(tmp_path: Path, monkeypatch) -> None:
    outer = copy_minimal(tmp_path / "outer")
    inner = outer / "inner"
    shutil.copytree(outer / "dataset", inner / "dataset")
    shutil.copy(outer / "datapackage.json", inner)
    monkeypatch.chdir(inner)
    with pytest.raises(PackageError, match="has no schemas beside it"):
        find_package()
    monkeypatch.chdir(outer / "dataset")
    assert find_package() == outer
