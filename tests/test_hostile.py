"""Packages made to do harm: nothing outside is read, nothing hangs, no cell is taken for SQL, HTML or a command."""

from __future__ import annotations

import csv
import io
import itertools
import json
import os
import re
import shutil
import signal
import socket
import sqlite3
import stat
import struct
import tracemalloc
import warnings
import zipfile
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest

from conftest import apart
from helpers import MINIMAL, apply_edits, copy_minimal
from onrecord import archive, cli
from onrecord.archive import Archive, Folder
from onrecord.build import build
from onrecord.csvtable import TableText, canonical_csv, parse
from onrecord.database import VIEWS
from onrecord.dataset import Dataset, load
from onrecord.evidence import find_texts, normalize, span_hash, texts_folder
from onrecord.findings import PackageError
from onrecord.fmt import fmt
from onrecord.package import Package, open_package
from onrecord.show import as_json, as_text, record
from onrecord.site.metadata import metadata, queries
from onrecord.store import recover
from onrecord.tableschema import TableSchema
from onrecord.validate import validate

FIELDS = ["thing_id", "words"]
SCHEMA: dict[str, Any] = {"fields": [{"name": n, "type": "string"} for n in FIELDS], "primaryKey": ["thing_id"]}
RESOURCE = {"name": "things", "path": "dataset/things.csv", "schema": "schemas/things.json"}
DATA = b"thing_id,words\nT1,a\n"


class HangsError(Exception):
    """A test takes too long. It is no OSError, which the code under test may take for a fault of a file."""


@pytest.fixture(autouse=True)
def _no_test_hangs() -> Iterator[None]:
    """What waits for a pipe, or for a pattern, is interrupted."""

    def stop(*_: object) -> None:
        raise HangsError

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(60)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


def tiny(folder: Path, *resources: Any, **files: bytes) -> Path:
    """A package of one table."""
    (folder / "dataset").mkdir(parents=True)
    (folder / "schemas/views").mkdir(parents=True)
    (folder / "dataset/things.csv").write_bytes(DATA)
    (folder / "schemas/things.json").write_text(json.dumps(SCHEMA), "utf-8")
    (folder / "datapackage.json").write_text(json.dumps({"name": "t", "resources": resources or [RESOURCE]}), "utf-8")
    return folder


def refusal(where: Path) -> str:
    """What is said, in one line, of a package that is refused."""
    with pytest.raises(PackageError) as caught:
        read_all(open_package(where, faulty=True))
    said = str(caught.value)
    assert said.replace(str(where), "").isprintable(), said
    assert len(said) < 1000
    return said


def read_all(package: Package) -> list[list[str]]:
    return [row for name in package.names for row in package.read(name)[0].rows]


@pytest.fixture
def files_read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files that are read of packages while a test runs."""
    read: list[str] = []
    for kind in (Folder, Archive):
        monkeypatch.setattr(kind, "read", lambda self, path, real=kind.read: read.append(path) or real(self, path))
    return read


# Paths

OUTSIDE = [
    "/etc/passwd", "//server/share/x.csv", "../x.csv", "dataset/../../x.csv", "dataset/..", "..",
    "http://example.org/x.csv", "https:x.csv", "HTTP://example.org", "file:///etc/passwd", "file:x.csv",
    "data:text/csv,a", "s3://bucket/x.csv", "C:\\x.csv", "C:/x.csv", "c:x.csv", "\\\\server\\share\\x.csv",
    "dataset\\things.csv", "dataset/things.csv:stream",
]  # fmt: skip
UNREADABLE = [
    "dataset/a\0.csv",
    "dataset/a\nb.csv",
    "\x1b[2J.csv",
    "\ud800.csv",
    "dataset/\u202evsc.x",
    "a" * 256,
    "a/" * 600,
]
NAMES = ["%2e%2e/x.csv", "..%2fx.csv", "%2Fetc%2Fpasswd", "~/x.csv", "dataset/..x.csv", ".../x.csv", "$HOME/x.csv"]


def with_path(key: str, path: object) -> list[Any]:
    return [RESOURCE, RESOURCE | {"name": "others", key: path}]


@pytest.mark.parametrize("path", [*OUTSIDE, *UNREADABLE], ids=ascii)
@pytest.mark.parametrize(
    "resources",
    [
        lambda path: with_path("path", path),
        lambda path: with_path("schema", path),
        lambda path: with_path("dialect", path),
        lambda path: with_path("path", ["dataset/things.csv", path]),
        lambda path: [RESOURCE, {"path": path}],
        lambda path: [RESOURCE, RESOURCE | {"path": path}],
    ],
    ids=["path", "schema", "dialect", "list of paths", "resource without a name", "second of its name"],
)
def test_a_path_out_of_the_package_is_refused_before_anything_is_read(
    tmp_path: Path, files_read: list[str], resources: Callable[[str], list[Any]], path: str
) -> None:
    said = refusal(tiny(tmp_path / "p", *resources(path)))
    if not path.isprintable() and "\ud800" <= max(path) <= "\udfff":
        assert "cannot be read as JSON" in said or "nobody sees" in said
    elif path in OUTSIDE:
        assert ("has a backslash" if "\\" in path else "leaves the package") in said
    assert files_read == ["datapackage.json"]


@pytest.mark.parametrize("path", NAMES)
def test_what_only_looks_like_a_way_out_is_a_name(tmp_path: Path, path: str) -> None:
    (tmp_path / "x.csv").write_bytes(DATA)
    opened = open_package(tiny(tmp_path / "p", RESOURCE | {"path": path}))
    assert [f.rule for f in opened.read("things")[1]] == ["missing-table"]


@pytest.mark.parametrize(
    "name", ["../x", "a/b", "Things", "a b", "a" * 101, "", ".", "\x1b[2J", 'x"; DROP TABLE y; --']
)
def test_a_resource_cannot_name_what_is_built_elsewhere(tmp_path: Path, name: str) -> None:
    folder = tiny(tmp_path / "p", RESOURCE | {"name": name})
    with pytest.raises(PackageError, match=r"name|nobody sees"):
        open_package(folder)


# Links and things that are no files


@pytest.mark.parametrize(
    "place",
    [
        "dataset", "schemas", "schemas/views", "dataset/things.csv", "schemas/things.json", "datapackage.json",
        "dataset/stray.csv", "schemas/views/x.sql", "releases",
    ],
)  # fmt: skip
@pytest.mark.parametrize("kind", ["out", "out and in again", "to nothing outside", "up"])
def test_a_link_out_of_the_package_is_refused_before_it_is_read(
    tmp_path: Path, files_read: list[str], place: str, kind: str
) -> None:
    folder = tiny(tmp_path / "p")
    other = tiny(tmp_path / "other")
    target = other / place
    if not target.exists():
        target.mkdir() if place == "releases" else target.write_bytes(DATA)
    here = folder / place
    shutil.rmtree(here) if here.is_dir() else here.unlink(missing_ok=True)
    if kind == "out and in again":
        (other / "back").symlink_to(target)
        target = other / "back"
    here.symlink_to(
        {"to nothing outside": tmp_path / "nothing", "up": Path(os.path.relpath(target, here.parent))}.get(kind, target)
    )
    assert "out of the package" in refusal(folder)
    assert files_read in ([], ["datapackage.json"])


def test_links_inside_the_package_and_to_the_package_are_fine(tmp_path: Path) -> None:
    folder = tiny(tmp_path / "p")
    (folder / "store").mkdir()
    (folder / "dataset/things.csv").rename(folder / "store/1.csv")
    (folder / "dataset/things.csv").symlink_to("../store/1.csv")
    (folder / "schemas").rename(folder / "store/schemas")
    (folder / "schemas").symlink_to(folder / "store/schemas")
    (tmp_path / "link").symlink_to(folder)
    for where in (folder, tmp_path / "link", tmp_path / "link/datapackage.json"):
        assert read_all(open_package(where)) == [["T1", "a"]]


@pytest.mark.parametrize("place", ["dataset/things.csv", "datapackage.json", "schemas/things.json"])
def test_links_in_a_circle_are_one_line(tmp_path: Path, place: str) -> None:
    folder = tiny(tmp_path / "p")
    (folder / place).unlink()
    (folder / place).symlink_to(folder / place)
    assert "links" in refusal(folder)


def pipe(path: Path) -> None:
    os.mkfifo(path)


def listening(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))


@pytest.mark.parametrize("make", [pipe, listening])
@pytest.mark.parametrize("place", ["dataset/things.csv", "datapackage.json", "schemas/things.json"])
def test_a_pipe_or_a_socket_is_not_waited_for(tmp_path: Path, make: Callable[[Path], None], place: str) -> None:
    folder = tiny(tmp_path / "p")
    (folder / place).unlink()
    make(folder / place)
    assert "no regular file" in refusal(folder)


def test_a_pipe_or_a_device_is_no_package(tmp_path: Path) -> None:
    pipe(tmp_path / "p.zip")
    for where in (
        tmp_path / "p.zip",
        Path("/dev/zero"),
        Path("/dev/null"),
        tmp_path / "nothing",
        tmp_path / ("a" * 5000),
    ):
        with pytest.raises(PackageError):
            open_package(where)
    with pytest.raises(PackageError):
        open_package("a\0b")


def test_a_folder_in_place_of_a_table_is_a_finding(tmp_path: Path) -> None:
    folder = tiny(tmp_path / "p")
    (folder / "dataset/things.csv").unlink()
    (folder / "dataset/things.csv").mkdir()
    assert [f.rule for f in open_package(folder).read("things")[1]] == ["missing-table"]


def test_a_file_name_cannot_write_on_the_terminal(tmp_path: Path) -> None:
    folder = tiny(tmp_path / "p")
    (folder / "dataset/\x1b[2J.csv").write_bytes(DATA)
    assert "nobody sees" in refusal(folder)


def test_pipes_among_the_texts_are_passed_over_and_links_out_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ONRECORD_TEXTS", raising=False)
    folder = copy_minimal(tmp_path / "p")
    pipe(folder / "texts/pipe.txt")
    assert len(find_texts(texts_folder(folder))) == len(list((MINIMAL / "texts").iterdir()))
    (tmp_path / "secret.txt").write_text("secret", "utf-8")
    (folder / "texts/secret.txt").symlink_to(tmp_path / "secret.txt")
    with pytest.raises(PackageError, match="out of the package"):
        texts_folder(folder)
    monkeypatch.setenv("ONRECORD_TEXTS", str(folder / "texts"))
    assert texts_folder(folder) == folder / "texts"


# Archives


def zipped(path: Path, *more: tuple[str | zipfile.ZipInfo, bytes], top: str = "", **kinds: Any) -> Path:
    """A zip of the tiny package, and further entries."""
    entries: list[tuple[str | zipfile.ZipInfo, bytes]] = [
        (f"{top}datapackage.json", json.dumps({"name": "t", "resources": [RESOURCE]}).encode()),
        (f"{top}schemas/things.json", json.dumps(SCHEMA).encode()),
        (f"{top}dataset/things.csv", DATA),
    ]
    with warnings.catch_warnings(), zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        warnings.simplefilter("ignore", UserWarning)  # of names that stand twice
        for name, data in (*entries, *more):
            out.writestr(name, data, **kinds)
    return path


def entry(name: str = "x.txt", **attributes: Any) -> zipfile.ZipInfo:
    made = zipfile.ZipInfo(name)
    for key, value in attributes.items():
        setattr(made, key, value)
    return made


def patched(path: Path, change: Callable[[zipfile.ZipFile], None]) -> Path:
    """The archive with another central directory."""
    with zipfile.ZipFile(path, "a") as out:
        change(out)
        out._didModify = True  # type: ignore[attr-defined]
    return path


def named(name: str) -> Callable[[Path], Path]:
    return lambda path: zipped(path, (entry(name), b"x"))


def moded(mode: int) -> Callable[[Path], Path]:
    return lambda path: zipped(path, (entry(create_system=3, external_attr=mode << 16), b"/etc/passwd"))


def flagged(bit: int) -> Callable[[Path], Path]:
    def change(out: zipfile.ZipFile) -> None:
        out.getinfo("dataset/things.csv").flag_bits |= bit

    return lambda path: patched(zipped(path), change)


def overlapping(path: Path) -> Path:
    """A thousand names for one entry, as in the bombs of David Fifield."""

    def change(out: zipfile.ZipFile) -> None:
        one = out.getinfo("kernel")
        for number in range(1000):
            other = entry(f"x{number}", header_offset=one.header_offset, CRC=one.CRC, compress_type=one.compress_type)
            other.file_size, other.compress_size = one.file_size, one.compress_size
            out.filelist.append(other)

    return patched(zipped(path, ("kernel", os.urandom(10_000))), change)


def truncated(path: Path) -> Path:
    zipped(path).write_bytes(path.read_bytes()[:-30])
    return path


def written(data: bytes) -> Callable[[Path], Path]:
    return lambda path: (path.write_bytes(data), path)[1]


HARMFUL = {
    "no name": (lambda p: patched_bytes(zipped(p, ("Q", b"")), b"Q", b""), "neither"),
    "up": (named("../x"), "leaves"),
    "up from inside": (named("a/../../x"), "leaves"),
    "absolute": (named("/etc/passwd"), "leaves"),
    "backslash": (named("..\\x"), "backslash"),
    "drive": (named("C:/x"), "leaves"),
    "stream": (named("dataset/things.csv:x"), "leaves"),
    "share": (named("//server/x"), "leaves"),
    "control": (named("a\x1b[2J"), "nobody sees"),
    "direction": (named("a\u202eb"), "nobody sees"),
    "line": (named("a\nb"), "nobody sees"),
    "two slashes": (named("dataset//things.csv"), "two ways"),
    "dot": (named("./x"), "two ways"),
    "dot inside": (named("dataset/./things.csv"), "two ways"),
    "long": (named("a" * 300), "longer"),
    "deep": (named("a/" * 300 + "x"), "deep"),
    "twice": (named("dataset/things.csv"), "stands 2 times"),
    "case": (named("dataset/THINGS.csv"), "one name"),
    "case of a folder": (named("Dataset/x.csv"), "one name"),
    "sharp s": (lambda p: zipped(p, ("straße", b""), ("STRASSE", b"")), "one name"),
    "accents": (lambda p: zipped(p, ("\u00e9", b""), ("e\u0301", b"")), "one name"),
    "file and folder": (lambda p: zipped(p, ("dataset", b"x")), "file and a folder"),
    "file below a file": (lambda p: zipped(p, ("datapackage.json/x", b"x")), "file and a folder"),
    "folder with content": (lambda p: zipped(p, ("folder/", b"x")), "content of its own"),
    "link": (moded(stat.S_IFLNK | 0o777), "link or a device"),
    "device": (moded(stat.S_IFCHR | 0o666), "link or a device"),
    "pipe": (moded(stat.S_IFIFO | 0o666), "link or a device"),
    "encrypted": (flagged(0x1), "encrypted"),
    "strongly encrypted": (flagged(0x40), "encrypted"),
    "hidden directory": (flagged(0x2000), "encrypted"),
    "bzip2": (lambda p: zipped(p, compress_type=zipfile.ZIP_BZIP2), "another method"),
    "lzma": (lambda p: zipped(p, compress_type=zipfile.ZIP_LZMA), "another method"),
    "bomb": (lambda p: zipped(p, ("x", bytes(20 * 2**20))), "200 times"),
    "overlapping": (overlapping, "overlap"),
    "truncated": (truncated, "neither"),
    "empty": (written(b""), "neither"),
    "text": (written(b"PK\x03\x04 is how an archive begins"), "neither"),
    "end alone": (written(b"PK\x05\x06" + bytes(18)), "there is no datapackage.json"),
    "end of a larger one": (written(b"PK\x05\x06" + struct.pack("<4H2LH", 0, 0, 9, 9, 99, 99, 0)), "neither"),
    "no UTF-8": (lambda p: patched_bytes(zipped(p, ("é", b"x")), "é".encode(), b"\xff\xfe"), "neither"),
}  # fmt: skip


def patched_bytes(path: Path, old: bytes, new: bytes) -> Path:
    path.write_bytes(path.read_bytes().replace(old, new))
    return path


@pytest.mark.parametrize(("make", "says"), HARMFUL.values(), ids=HARMFUL)
def test_a_harmful_archive_is_refused_before_anything_is_read(
    tmp_path: Path, files_read: list[str], make: Callable[[Path], Path], says: str
) -> None:
    assert says in refusal(make(tmp_path / "p.zip"))
    assert files_read == (["datapackage.json"] if "there is no" in says else [])


def test_an_archive_of_many_entries_is_bounded_as_a_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = zipped(tmp_path / "p.zip", *((f"x{n}", bytes(2**20)) for n in range(30)))
    assert read_all(open_package(made)) == [["T1", "a"]]
    monkeypatch.setattr(archive, "MOST_BYTES", 30 * 2**20)
    assert "unpacks to" in refusal(made)


@pytest.mark.parametrize("by", [-1, -7, 1, 1000, 2**31])
def test_an_entry_that_lies_about_its_size_is_refused(tmp_path: Path, by: int) -> None:
    def change(out: zipfile.ZipFile) -> None:
        out.getinfo("dataset/things.csv").file_size += by

    said = refusal(patched(zipped(tmp_path / "p.zip"), change))
    assert "cannot be read" in said or "200 times" in said


def test_a_small_size_in_the_directory_does_not_let_a_bomb_in(tmp_path: Path) -> None:
    bomb = bytes(50 * 2**20)

    def change(out: zipfile.ZipFile) -> None:
        one = out.getinfo("dataset/things.csv")
        one.file_size, one.CRC = 100, 0

    made = tmp_path / "p.zip"
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr("datapackage.json", json.dumps({"name": "t", "resources": [RESOURCE | {"schema": SCHEMA}]}))
        out.writestr("dataset/things.csv", bomb)
    del bomb
    patched(made, change)
    tracemalloc.start()
    refusal(made)
    assert tracemalloc.get_traced_memory()[1] < 10 * 2**20
    tracemalloc.stop()


@pytest.mark.parametrize("flip", [40, 45, 60])
def test_a_damaged_entry_is_one_line(tmp_path: Path, flip: int) -> None:
    data = bytearray(zipped(tmp_path / "p.zip").read_bytes())
    data[flip] ^= 0xFF
    (tmp_path / "p.zip").write_bytes(data)
    assert "cannot be read" in refusal(tmp_path / "p.zip")


@pytest.mark.parametrize("top", ["", "on-record-0.1.0/"])
def test_an_archive_as_people_make_them_is_read(tmp_path: Path, top: str) -> None:
    others = [(f"__MACOSX/{top}._datapackage.json", b"x"), (f"{top}inner.zip", b"PK"), (f"{top}empty/", b"")]
    opened = open_package(zipped(tmp_path / "p.zip", *others, top=top))
    assert read_all(opened) == [["T1", "a"]]
    assert opened.files("dataset") == ["dataset/things.csv"]
    assert opened.files("nothing") == []
    assert opened.exists("dataset/things.csv")
    assert not opened.exists("dataset")


def test_a_large_archive_that_is_no_bomb_is_read(tmp_path: Path) -> None:
    rows = b"".join(b"T%d,%d\n" % (n, n * 7919 % 10007) for n in range(1_000_000))
    folder = tmp_path / "p.zip"
    with zipfile.ZipFile(folder, "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr("datapackage.json", json.dumps({"name": "t", "resources": [RESOURCE | {"schema": SCHEMA}]}))
        out.writestr("dataset/things.csv", b"thing_id,words\n" + rows)
    assert len(rows) > 10 * 2**20
    assert len(open_package(folder).read_bytes("dataset/things.csv")) == len(rows) + 15


# JSON and schemas

DEEP = '{"a":' * 100_000
BAD_JSON = {
    "nesting": (DEEP + "1" + "}" * 100_000, "nested"),
    "open nesting": (DEEP, "nested"),
    "nesting that Python reads": ('{"resources": [], "x": ' + "[" * 500 + "]" * 500 + "}", "nested"),
    "a number of many digits": ('{"resources": [], "x": ' + "9" * 100_000 + "}", "greater"),
    "a number beyond doubles": ('{"resources": [], "x": 9007199254740993}', "greater"),
    "an infinite number": ('{"resources": [], "x": 1e999}', "no number"),
    "NaN": ('{"resources": [], "x": NaN}', "no number"),
    "a name twice": ('{"resources": [], "resources": [{"name": "x", "path": "../x"}]}', "twice"),
    "half a letter": ('{"resources": [], "x": "\\ud800"}', "nobody sees"),
    "half a letter as a name": ('{"resources": [], "\\udc00": 1}', "nobody sees"),
    "a command to the terminal": ('{"resources": [], "title": "\\u001b]0;x\\u0007"}', "nobody sees"),
    "a byte order mark": ('\ufeff{"resources": []}', "byte order mark"),
    "nothing": ("", "Expecting value"),
    "NUL": ("\0", "Expecting value"),
    "a list": ("[]", "must be a JSON object"),
}


@pytest.mark.parametrize(("text", "says"), BAD_JSON.values(), ids=BAD_JSON)
@pytest.mark.parametrize("name", ["datapackage.json", "schemas/things.json", "releases/1.0.0.json"])
def test_json_that_readers_take_differently_is_one_line(tmp_path: Path, name: str, text: str, says: str) -> None:
    folder = tiny(tmp_path / "p")
    (folder / "releases").mkdir()
    (folder / name).write_text(text, "utf-8")
    with pytest.raises(PackageError, match=says) as caught:
        _ = (opened := open_package(folder)).schemas, opened.releases
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 500


BAD_FIELDS = {
    "pattern": {"constraints": {"pattern": "("}},
    "deep pattern": {"constraints": {"pattern": "(" * 10_000 + ")" * 10_000}},
    "endless repetition": {"constraints": {"pattern": "a{99999999999}"}},
    "enum of numbers": {"constraints": {"enum": [1]}},
    "enum with a term twice": {"constraints": {"enum": ["a", "a"]}},
    "enum that is no list": {"constraints": {"enum": "abc"}},
    "limit that is no number": {"type": "integer", "constraints": {"minimum": "1"}},
    "limit of a text": {"constraints": {"maximum": 3}},
    "length below nothing": {"constraints": {"maxLength": -1}},
    "constraints that are a list": {"constraints": []},
    "required that is a number": {"constraints": {"required": 1}},
    "type that is a list": {"type": ["string"]},
    "type unknown": {"type": "geopoint"},
    "categories that are texts": {"categories": ["a"]},
    "rule without example": {"codingRule": "x"},
    "no name": {"name": ""},
    "name of a list": {"name": ["words"]},
    "name that nobody sees": {"name": "a\u202eb"},
    "name in another case": {"name": "THING_ID"},
}
BAD_KEYS = {
    "no key": {"primaryKey": []},
    "key of objects": {"primaryKey": [{}]},
    "key of a number": {"primaryKey": 1},
    "key twice": {"primaryKey": ["thing_id", "thing_id"]},
    "unique keys that are objects": {"uniqueKeys": [{}]},
    "unique keys that are no list": {"uniqueKeys": {}},
    "reference without table": {"foreignKeys": [{"fields": "words"}]},
    "reference to a list": {"foreignKeys": [{"fields": "words", "reference": {"resource": [], "fields": "thing_id"}}]},
    "reference of two to one": {"foreignKeys": [{"fields": FIELDS, "reference": {"fields": "thing_id"}}]},
    "reference to what is not there": {"foreignKeys": [{"fields": "words", "reference": {"fields": "x"}}]},
    "fields that are no list": {"fields": {}},
    "no fields": {"fields": []},
    "fields that are texts": {"fields": FIELDS},
}


@pytest.mark.parametrize(
    "change",
    [*({"fields": [SCHEMA["fields"][0], {"name": "words"} | f]} for f in BAD_FIELDS.values()), *BAD_KEYS.values()],
    ids=[*BAD_FIELDS, *BAD_KEYS],
)
def test_a_schema_that_cannot_be_understood_is_one_line(tmp_path: Path, change: dict[str, Any]) -> None:
    folder = tiny(tmp_path / "p")
    (folder / "schemas/things.json").write_text(json.dumps(SCHEMA | change), "utf-8")
    assert "schema" in refusal(folder)


def test_a_table_of_the_model_without_what_the_rules_read_is_one_line(tmp_path: Path) -> None:
    folder = copy_minimal(tmp_path / "p")
    schema = json.loads((folder / "schemas/claims.json").read_bytes())
    schema["fields"] = [f for f in schema["fields"] if f["name"] != "stance"]
    (folder / "schemas/claims.json").write_text(json.dumps(schema), "utf-8")
    assert "the schema of claims needs the field stance" in refusal(folder)


@pytest.mark.parametrize("pattern", ["(a+)+", "(a|a)*", "([a-z]+)*!?x"])
def test_no_pattern_of_a_package_takes_for_ever(tmp_path: Path, pattern: str) -> None:
    folder = tiny(tmp_path / "p")
    fields = [SCHEMA["fields"][0], {"name": "words", "constraints": {"pattern": pattern}}]
    (folder / "schemas/things.json").write_text(json.dumps(SCHEMA | {"fields": fields}), "utf-8")
    (folder / "dataset/things.csv").write_bytes(b"thing_id,words\nT1," + b"a" * 500 + b"!\n")
    frame = load(folder).things.astype("str")
    schema = TableSchema("things", open_package(folder).schemas["things"]).pandera()
    with pytest.raises(Exception, match="pattern"):  # an engine that goes back and forth would outlive us
        schema.validate(frame, lazy=True)


@pytest.mark.parametrize("pattern", [r"(a)\1", "(?=a)a", "((a{1,99}){1,99}){1,99}"])
def test_a_pattern_that_cannot_be_matched_in_linear_time_is_refused(tmp_path: Path, pattern: str) -> None:
    folder = tiny(tmp_path / "p")
    fields = [SCHEMA["fields"][0], {"name": "words", "constraints": {"pattern": pattern}}]
    (folder / "schemas/things.json").write_text(json.dumps(SCHEMA | {"fields": fields}), "utf-8")
    with pytest.raises(PackageError, match="pattern"):
        validate(open_package(folder))


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM nothing",
        "SELECT 1; DROP TABLE claims",
        "DEFAULT VALUES",
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n, claims WHERE i < 0",
        "SELECT load_extension('x') FROM claims",
        "\x1b[2J",
    ],
)
def test_sql_of_a_package_makes_views_or_is_refused(tmp_path: Path, sql: str, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = copy_minimal(tmp_path / "p")
    monkeypatch.setattr("onrecord.database._STEPS", 10_000_000)
    (folder / "schemas/views/flat.sql").write_text(sql, "utf-8")
    with pytest.raises(PackageError) as caught:
        _ = load(folder).flat
    assert str(caught.value).replace(str(folder), "").isprintable()


def test_a_package_without_its_views_is_one_line(tmp_path: Path) -> None:
    folder = copy_minimal(tmp_path / "p")
    (folder / "schemas/views/chains.sql").write_bytes(b"\xff")
    with pytest.raises(PackageError, match="UTF-8"):
        _ = load(folder).flat
    (folder / "schemas/views/chains.sql").unlink()
    with pytest.raises(PackageError, match=r"no schemas/views/chains\.sql"):
        _ = load(folder).flat


# Size


def read_table(data: bytes, fields: list[str]) -> tuple[TableText, list[str]]:
    table = TableText("things", "dataset/things.csv", data=data)
    return table, [f.message for f in parse(table, fields)]


def test_a_cell_of_ten_megabytes_is_read_and_found(tmp_path: Path) -> None:
    folder = tiny(tmp_path / "p")
    long = 'é "x",\n' * 1_250_000
    data = canonical_csv(FIELDS, ["thing_id"], [{"thing_id": "T1", "words": long}, {"thing_id": "T2", "words": "end"}])
    assert len(data) > 10 * 2**20
    (folder / "dataset/things.csv").write_bytes(data)
    opened = open_package(folder)
    table, findings = opened.read("things")
    assert findings == []
    assert table.rows == [["T1", long], ["T2", "end"]]
    assert table.region(*table.place(1, "words")) is not None
    region = table.region(*table.place(0, "words"))
    assert region is not None
    assert (region.line, region.end_line) == (2, 2 + long.count("\n"))
    assert fmt(opened) == ([], [])
    loaded = load(folder).things
    assert loaded.words[0] == long


@pytest.mark.parametrize(
    "data",
    [
        b"thing_id,words\n" + b"\n" * 2_000_000,
        b"thing_id,words\n" + b"x\n" * 1_000_000,
        b"thing_id,words\n" + b"a\rb,c\n" * 300_000,
        b"thing_id,words\n" + b'"a"b\n' * 300_000,
        b",".join(b"c%d" % n for n in range(300_000)) + b"\n" + b"x\n" * 100_000,
        b"," * 1_000_000 + b"\n" + b"x\n" * 100_000,
        b'"' + b"x\n" * 2_000_000,
        b"\xff" * 2_000_000,
        b"\0" * 2_000_000,
    ],
    ids=["blank", "short", "returns", "quotes", "columns", "commas", "open quote", "no UTF-8", "NUL"],
)
def test_many_faults_in_a_file_take_no_memory_without_bound(data: bytes) -> None:
    table, findings = read_table(data, FIELDS)
    assert 0 < len(findings) < 2_500
    assert not table.complete
    assert sum(map(len, table.rows)) < 5_000_000


def test_after_a_thousand_faults_the_reader_gives_up_and_says_so() -> None:
    table, findings = read_table(b"thing_id,words\n" + b"x\n" * 1_500, FIELDS)
    assert (len(findings), len(table.rows)) == (1_001, 1_000)
    assert "nothing after it was read" in findings[-1]
    assert read_table(b"thing_id,words\n" + b"x\n" * 999, FIELDS)[0].complete


# SQL and HTML

SCRIPT = "<script>boom()</script>"
PAYLOADS = [
    SCRIPT,
    "<img src=x onerror=boom()>",
    '" onmouseover="boom()" x="',
    "' onclick='boom()",
    "</textarea></title></style>" + SCRIPT,
    "javascript:boom()",
    "{{ 7*7 }}{% raw %}",
    "'; DROP TABLE claims; --",
    '"); DELETE FROM claims; --',
    "' OR '1'='1",
    "x' UNION SELECT sql FROM sqlite_master --",
    ":date ?1 $x @y %s",
    "&lt;b&gt; &amp; %3Cscript%3E",
    "[bold]boom[/] [link=https://x.example]x[/]",
    "\\x1b[2J \\u001b[31m",
]
STRANGE = 'x"); DROP TABLE claims; --<img src=x onerror=boom()>'
EXTRA = {
    "title": SCRIPT,
    "description": SCRIPT,
    "fields": [
        {"name": "extra_id", "type": "string", "title": SCRIPT, "description": SCRIPT, "constraints": {"unique": True}},
        {"name": STRANGE, "type": "string", "title": STRANGE},
        {"name": "term", "constraints": {"enum": PAYLOADS}, "categories": [{"value": p, "label": p} for p in PAYLOADS]},
        {"name": "claim'`[id", "type": "string"},
    ],
    "primaryKey": ["extra_id"],
    "uniqueKeys": [["extra_id", STRANGE]],
    "foreignKeys": [{"fields": ["claim'`[id"], "reference": {"resource": "claims", "fields": ["claim_id"]}}],
}
Rows = list[dict[str, str]]


def hostile_rows(schema: TableSchema, rows: Rows, payloads: Iterator[str]) -> Rows:
    """The rows with a payload in every cell of free text, so far as they stay valid."""
    free = [
        f.name
        for f in schema.fields
        if f.type == "string" and not f.enum and "pattern" not in f.constraints and not f.name.endswith("_edtf")
    ]
    for row in rows:
        for name in set(free) - {"exact", "anchor_from", "anchor_to", "claim_condition"}:
            payload = next(payloads)
            kept = row[name][: schema.field[name].constraints.get("maxLength", 1000) - len(payload) - 1]
            row[name] = f"{kept.strip()} {payload}".strip()
        if row.get("claim_condition"):
            row["claim_condition"] += f" {next(payloads)}"
        for name in {"url", "archive_url"} & set(row):
            row[name] = f'https://x.example/{row["source_id"]}/{quote(SCRIPT)}"onclick="boom()"\'><svg/onload=boom()>'
        if "span_sha256" in row and len(row["exact"]) > len(SCRIPT):
            row["exact"] = SCRIPT + row["exact"][len(SCRIPT) :]
            row["span_sha256"], row["span_length"] = span_hash(row["exact"]), str(len(normalize(row["exact"])))
        elif "span_sha256" in row and not row["exact"]:
            row["anchor_from"] = row["anchor_to"] = SCRIPT
    return rows


def hostile_texts(value: Any) -> Any:
    """A schema whose titles, descriptions and labels carry a script."""
    if isinstance(value, list):
        return [hostile_texts(one) for one in value]
    if not isinstance(value, dict):
        return value
    said = ("title", "description", "label")
    return {k: f"{v} {SCRIPT}" if k in said else hostile_texts(v) for k, v in value.items()}


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The minimal package with payloads wherever it may say something, and a table of strange columns."""
    folder = copy_minimal(tmp_path_factory.mktemp("hostile") / "p")
    shutil.rmtree(folder / "texts")
    payloads = itertools.cycle(PAYLOADS)
    opened = open_package(folder)
    for name in opened.names:
        schema = TableSchema(name, opened.schemas[name])
        text, _ = opened.read(name)
        rows = hostile_rows(schema, [dict(zip(text.columns, row, strict=True)) for row in text.rows], payloads)
        (folder / opened.path(name)).write_bytes(canonical_csv(schema.columns, schema.primary_key, rows))
    for path in (folder / "schemas").rglob("*.json"):
        path.write_text(json.dumps(hostile_texts(json.loads(path.read_bytes()))), "utf-8")
    for path in (folder / "schemas/views").glob("*.sql"):
        path.write_text(f"-- {SCRIPT}\n{path.read_text('utf-8')}", "utf-8")
    extra = TableSchema("extra", EXTRA)
    rows = [dict(zip(extra.columns, (p, p, p, "C00001"), strict=True)) for p in PAYLOADS]
    (folder / "dataset/extra.csv").write_bytes(canonical_csv(extra.columns, extra.primary_key, rows))
    descriptor = hostile_texts(json.loads((folder / "datapackage.json").read_bytes()))
    descriptor["resources"].append(
        {"name": "extra", "path": "dataset/extra.csv", "title": SCRIPT, "description": SCRIPT, "schema": EXTRA}
    )
    descriptor["licenses"] = [{"name": SCRIPT, "title": SCRIPT, "path": "javascript:boom()"}]
    (folder / "datapackage.json").write_text(json.dumps(descriptor), "utf-8")
    return folder


@pytest.fixture(scope="module")
def built(hostile: Path) -> Path:
    report, _ = build(open_package(hostile))
    assert report.valid, report.text()
    return hostile / "build"


def cells(folder: Path) -> dict[str, list[list[str]]]:
    return {
        p.stem: list(csv.reader(io.StringIO(p.read_text("utf-8"), newline="")))[1:]
        for p in (folder / "dataset").glob("*.csv")
    }


def test_every_payload_is_in_the_package(hostile: Path) -> None:
    said = [cell for rows in cells(hostile).values() for row in rows for cell in row]
    assert all(any(payload in cell for cell in said) for payload in PAYLOADS)
    opened = open_package(hostile)
    for name in opened.names:
        for f in TableSchema(name, opened.schemas[name]).fields:
            here = [row[opened.read(name)[0].columns.index(f.name)] for row in opened.read(name)[0].rows]
            if f.type == "string" and not f.enum and "pattern" not in f.constraints and not f.name.endswith("_edtf"):
                assert not here or any(p in cell for cell in here for p in PAYLOADS) or f.name.startswith("claim"), (
                    f.name
                )


def test_the_database_holds_the_cells_and_nothing_else(hostile: Path, built: Path, tmp_path: Path) -> None:
    other = copy_minimal(tmp_path / "p")
    build(open_package(other), tmp_path / "build")
    database = sqlite3.connect(f"file:{built / 'onrecord.db'}?mode=ro", uri=True)
    plain = sqlite3.connect(f"file:{tmp_path / 'build/onrecord.db'}?mode=ro", uri=True)
    objects = "SELECT type, name, tbl_name FROM sqlite_master WHERE tbl_name <> 'extra' ORDER BY 1, 2"
    assert database.execute(objects).fetchall() == plain.execute(objects).fetchall()
    for name, rows in cells(hostile).items():
        kept = database.execute(f'SELECT * FROM "{name}"').fetchall()
        assert sorted(as_written(row) for row in kept) == sorted(map(tuple, map(numbers, rows))), name
    for name in ("flat", *VIEWS):
        count = f"SELECT COUNT(*) FROM {name}"
        assert database.execute(count).fetchone() == plain.execute(count).fetchone(), name
    assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert database.execute("PRAGMA foreign_key_check").fetchall() == []


def as_written(row: tuple[Any, ...]) -> tuple[str, ...]:
    return tuple("" if cell is None else str(cell) for cell in row)


def numbers(row: list[str]) -> list[str]:
    """Numbers as SQLite gives them back."""
    return [str(float(cell)) if re.fullmatch(r"-?\d+\.\d+", cell) else cell for cell in row]


class Page(HTMLParser):
    """What a browser would run of a page, or follow."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.faults: list[str] = []
        self._script = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._script = tag == "script"
        for name, value in attrs:
            leads = name in ("href", "src", "action", "formaction", "xlink:href", "srcdoc", "style")
            followed = leads and (value or "").strip().lower().startswith(("javascript:", "data:", "x"))
            if name.startswith("on") or followed or tag == "svg":
                self.faults.append(f"<{tag} {name}={value}>")

    def handle_endtag(self, tag: str) -> None:
        self._script = False

    def handle_data(self, data: str) -> None:
        if self._script and "boom" in data:
            self.faults.append(data)


RAW = [payload for payload in PAYLOADS if set("<>\"'") & set(payload)]


def addresses(folder: Path) -> Iterator[str]:
    """Pages of every kind."""
    opened = open_package(folder)
    yield from (
        "/",
        "/-/metadata",
        "/-/metadata.json",
        "/onrecord",
        "/onrecord?" + urlencode({"sql": "select * from extra"}),
    )
    yield "/onrecord?" + urlencode({"sql": f"select '{SCRIPT}' as \"{SCRIPT}\", * from nothing"})
    for name in queries():
        yield f"/onrecord/{name}?date=2040-01-01"
        yield f"/onrecord/{name}?" + urlencode({"date": SCRIPT})
    for name in (*opened.names, "flat", *VIEWS):
        yield f"/onrecord/{name}?_size=max"
        yield f"/onrecord/{name}.json?_size=max&_labels=on"
        yield f"/onrecord/{name}.csv?_size=max&_labels=on"
    for name in opened.names:
        schema = TableSchema(name, opened.schemas[name])
        texts = [f.name for f in schema.fields if f.type == "string"]
        yield f"/onrecord/{name}?" + urlencode([("_facet", text) for text in texts[:8]] + [("_nofacet", "0")])
        text, _ = opened.read(name)
        for row in text.rows[:2] if name != "extra" else text.rows:
            key = ",".join(tilde(row[text.columns.index(k)]) for k in schema.primary_key)
            yield f"/onrecord/{name}/{key}"
            yield f"/onrecord/{name}/{key}.json"
    for name in ("claims", "actors", "events", "flat"):
        yield f"/onrecord/{name}?" + urlencode({"_search": "boom"})
        yield f"/onrecord/{name}?" + urlencode({"_search": f'"{SCRIPT}'})
        yield f"/onrecord/{name}?" + urlencode({"_where": f"1=1 or '{SCRIPT}'", "_sort": SCRIPT})
    for payload in PAYLOADS:
        yield "/onrecord/actors?" + urlencode({"actor_name__contains": payload, "_facet": "actor_name"})
        yield "/onrecord/extra?" + urlencode({f"{STRANGE}__exact": payload, "_facet": STRANGE, "term": payload})
    yield "/onrecord/" + tilde(SCRIPT)


def tilde(text: str) -> str:
    from datasette.utils import tilde_encode

    return str(tilde_encode(text))


def test_no_payload_reaches_a_page_unescaped(hostile: Path, built: Path) -> None:
    from datasette.app import Datasette

    site = Datasette(
        [], immutables=[str(built / "onrecord.db")], metadata=metadata(open_package(hostile)),
        settings={"suggest_facets": True, "sql_time_limit_ms": 5000, "default_page_size": 50},
    )  # fmt: skip
    pages: dict[str, Any] = {}

    async def fetch() -> None:
        for address in addresses(hostile):
            pages[address] = await site.client.get(address)

    apart(fetch())
    seen = set()
    for address, answer in pages.items():
        kind = answer.headers["content-type"].split(";")[0]
        seen.add((kind, answer.status_code))
        if kind == "text/html":
            assert not Page(answer.text).faults, (address, Page(answer.text).faults[:3])
            assert not [payload for payload in RAW if payload in answer.text], address
        else:
            assert kind in ("application/json", "text/plain", "text/csv"), address
    assert {("text/html", 200), ("application/json", 200), ("text/plain", 200)} <= seen
    assert all(
        answer.status_code == 200
        for address, answer in pages.items()
        if not re.search(r"_where|from\+nothing|~3Cscript", address)
    ), [address for address, answer in pages.items() if answer.status_code != 200]
    exported = pages["/onrecord/extra.json?_size=max&_labels=on"].json()["rows"]
    assert sorted(row["extra_id"] for row in exported) == sorted(PAYLOADS)
    searched = pages["/onrecord/actors?" + urlencode({"_search": "boom"})].text
    assert "boom" in searched
    assert "javascript:" not in pages["/"].text


def test_only_addresses_of_the_web_become_links(hostile: Path) -> None:
    assert "license_url" not in metadata(open_package(hostile))
    for licences in (None, [], {}, "x", ["x"], [None], [{"path": ["x"]}], [{"path": "data:text/html,x"}]):
        opened = open_package(hostile)
        opened.descriptor["licenses"] = licences
        assert "license_url" not in metadata(opened)
    opened.descriptor["licenses"] = [{"path": "https://example.org", "title": "X"}]
    assert (metadata(opened)["license"], metadata(opened)["license_url"]) == ("X", "https://example.org")


# The terminal

COMMANDS = "\x1b[2J\x1b]0;boom\x07\x9b31m\x08\r\u202eback\u2066[bold]b[/] :boom:"
SHOWN = ["C00001", "C00009", "P0001", "E0001", "A0005", "S0002", "L0001"]


@pytest.fixture(scope="module")
def loud(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The minimal package, not valid, with commands to the terminal in cells that are shown."""
    folder = copy_minimal(tmp_path_factory.mktemp("loud") / "p")
    cells = {
        "claims": ({"claim_id": "C00001"}, "claim_summary"), "propositions": ({"proposition_id": "P0001"}, "proposition"),
        "events": ({"event_id": "E0001"}, "event_title"), "actors": ({"actor_id": "A0005"}, "actor_name"),
        "sources": ({"source_id": "S0002"}, "title"), "places": ({"place_id": "L0001"}, "place_name"),
        "attributions": ({"claim_id": "C00009"}, "cue"), "retired": ({"retired_id": "P0009"}, "retired_reason"),
        "actor_names": ({"alternative_name": "DUO"}, "alternative_name"), "claim_links": ({"claim_id": "C00008"}, "other_claim_id"),
    }  # fmt: skip
    apply_edits(folder, [{"table": t, "key": k, "set": {c: COMMANDS}, "raw": True} for t, (k, c) in cells.items()])
    return folder


@pytest.fixture(scope="module")
def loud_data(loud: Path) -> Dataset:
    return load(loud)


@pytest.fixture(scope="module")
def hostile_data(hostile: Path) -> Dataset:
    return load(hostile)


@pytest.mark.parametrize("colour", [False, True])
@pytest.mark.parametrize("identifier", SHOWN)
def test_what_is_shown_commands_no_terminal(
    loud_data: Dataset,
    identifier: str,
    colour: bool,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR", "TERM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLUMNS", "400")
    if colour:
        monkeypatch.setenv("FORCE_COLOR", "1")
        monkeypatch.setenv("TERM", "xterm-256color")
    found = record(loud_data, identifier)
    as_text(found)
    said = capsys.readouterr().out
    assert ("\x1b[1m" in said) == colour
    assert re.sub(r"\x1b\[[0-9;]*m", "", said).replace("\n", "").isprintable()
    assert "[bold]b[/] :boom:" in said
    text = as_json(found)
    assert text.replace("\n", "").isprintable()
    assert json.loads(text) == found


def test_what_is_reported_commands_no_terminal(loud: Path) -> None:
    report = validate(open_package(loud))
    assert {"stray-characters", "pattern"} <= {f.rule for f in report.errors}
    assert report.text().replace("\n", "").isprintable()


@pytest.mark.parametrize("arguments", [["show", "P0009"], ["validate", "x\x1b[2J"]])
def test_what_is_said_of_an_error_commands_no_terminal(
    loud: Path, arguments: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.argv", ["onrecord", *arguments, *([str(loud)] if arguments[0] == "show" else [])])
    with pytest.raises(SystemExit) as caught:
        cli.main()
    assert caught.value.code == 2
    said = capsys.readouterr().err
    assert said.startswith("onrecord: ")
    assert said.rstrip("\n").isprintable()


@pytest.mark.parametrize("identifier", SHOWN)
def test_payloads_are_shown_as_they_are(
    hostile_data: Dataset, identifier: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "1000")
    found = record(hostile_data, identifier)
    as_text(found)
    said = capsys.readouterr().out
    assert all(str(value) in said for name, value in found["row"].items() if not name.endswith(("_start", "_end")))


# What other commands would write or wait for


def test_nothing_is_built_outside_of_the_package(tmp_path: Path) -> None:
    folder = copy_minimal(tmp_path / "p")
    (tmp_path / "victim").mkdir()
    (folder / "build").symlink_to(tmp_path / "victim")
    with pytest.raises(PackageError, match="link"):
        build(open_package(folder))
    assert list((tmp_path / "victim").iterdir()) == []


def left_by(folder: Path, **changed: object) -> Path:
    """A package that comes with a journal, as if a command had been killed."""
    (folder / ".onrecord").mkdir()
    journal = {"command": COMMANDS, "token": "00000000", "folders": [], "files": {}} | changed
    (folder / ".onrecord/journal.json").write_text(json.dumps(journal), "utf-8")
    return folder


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda f: (f / ".onrecord/journal.json").write_text("[" * 100_000), id="deep"),
        pytest.param(lambda f: pipe_in_place(f / ".onrecord/journal.json"), id="pipe"),
        pytest.param(lambda f: pipe_in_place(f / "dataset/claims.csv"), id="pipe as a table"),
    ],
)
def test_a_journal_that_comes_with_a_package_does_no_harm(tmp_path: Path, spoil: Callable[[Path], object]) -> None:
    files = {"dataset/claims.csv": {"old": "a", "new": "b"}}
    folder = left_by(copy_minimal(tmp_path / "p"), files=files)
    spoil(folder)
    signal.alarm(1)
    with pytest.raises(PackageError):
        recover(folder)


def test_a_journal_that_comes_with_a_package_commands_no_terminal(tmp_path: Path) -> None:
    files = {"dataset/claims.csv": {"old": "a", "new": "b"}}
    folder = left_by(copy_minimal(tmp_path / "p"), files=files)
    with pytest.raises(PackageError) as caught:
        recover(folder)
    assert str(caught.value).isprintable()


def pipe_in_place(path: Path) -> None:
    path.unlink(missing_ok=True)
    pipe(path)


def test_a_key_twice_is_found_in_a_table_beyond_the_model(tmp_path: Path) -> None:
    folder = copy_minimal(tmp_path / "p")
    descriptor = json.loads((folder / "datapackage.json").read_bytes())
    descriptor["resources"].append(RESOURCE | {"title": "x", "description": "x", "schema": SCHEMA})
    (folder / "datapackage.json").write_text(json.dumps(descriptor), "utf-8")
    (folder / "dataset/things.csv").write_bytes(DATA + b"T1,b\n")
    assert {f.rule for f in validate(open_package(folder)).findings} == {"primary-key"}
