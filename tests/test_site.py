"""Datasette over HTTP on the built database, served by the command."""

import json
import os
import re
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import httpx
import pytest

import onrecord
from conftest import ROOT, copy_package
from onrecord.package import open_package
from onrecord.site.metadata import metadata, queries

pytestmark = pytest.mark.xdist_group("site")


def start(package: Path, port: int) -> tuple[subprocess.Popen[str], str, list[str]]:
    """Start the server; returns the process, the address it prints, and the lines printed before it."""
    process = subprocess.Popen(
        [sys.executable, "-m", "onrecord", "serve", str(package), "--port", str(port)],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env={**os.environ, "NO_COLOR": "1"},
    )  # fmt: skip
    out: IO[str] = process.stdout  # type: ignore[assignment]
    lines = []
    for line in out:
        lines.append(line.rstrip())
        if found := re.search(r"http://\S+/", line):
            break
    else:
        raise AssertionError(lines)
    for line in out:
        if "startup complete" in line:
            break
    threading.Thread(target=out.read, daemon=True).start()  # or a full pipe would stop the server
    return process, found[0].rstrip("/"), lines


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:

    package = copy_package(tmp_path_factory.mktemp("served"))
    process, address, _ = start(package, free_port())
    with httpx.Client(base_url=address, timeout=30, trust_env=False) as client:
        yield client
    process.terminate()
    process.wait(10)


def rows(site: httpx.Client, path: str, **parameters: str) -> list[dict[str, object]]:
    answer = site.get(f"/onrecord/{path}.json", params={"_shape": "array", **parameters})
    assert answer.status_code == 200, answer.text
    return list(answer.json())


def test_home_leads_to_tables_and_questions(site: httpx.Client) -> None:
    home = site.get("/").text
    assert "On Record" in home
    assert "CC" in home or "Creative Commons" in home
    assert "/onrecord/flat" in home
    listed = site.get("/questions").text
    for name, query in queries().items():
        assert site.get(f"/onrecord/{name}", params={"date": "2023-09-05"}).status_code == 200
        if ":date" not in query["sql"]:
            assert f"/question/{name}" in listed
            assert query["title"] in site.get(f"/question/{name}").text.replace("&#34;", '"')


def test_tables_have_titles_help_facets_and_names_for_identifiers(site: httpx.Client) -> None:
    page = site.get("/onrecord/claims").text
    assert "Claims" in page
    assert "FactBank" in page or "how sure" in page.lower()
    assert "noncommittal" in page
    assert "Kremlin" in page
    assert site.get("/assets/onrecord.css").status_code == 200


def test_every_table_has_as_many_rows_as_its_csv(site: httpx.Client, founding: onrecord.Dataset) -> None:
    for name, frame in founding.tables.items():
        assert site.get(f"/onrecord/{name}.json?_size=0").json()["filtered_table_rows_count"] == len(frame), name


def test_search_finds(site: httpx.Client) -> None:
    found = rows(site, "claims", _search="armoured train")
    assert 0 < len(found) < 100
    assert all("train" in str(row["claim_summary"]).casefold() for row in found)
    assert rows(site, "claims", _search="xylophone") == []


def test_the_questions_are_answered_as_the_data_say(site: httpx.Client, founding: onrecord.Dataset) -> None:
    names = list(queries())
    kremlin = rows(site, names[0])
    assert (kremlin[0]["said"], kremlin[0]["stance"]) == ("2023-09-05", "noncommittal")
    assert any(r["words"] and "No, we cannot" in str(r["words"]) for r in kremlin)
    assert next(r for r in kremlin if r["stance"] == "affirm")["said"] == "2023-09-11"
    days = {r["day"]: (r["strict_origins"], r["loose_origins"]) for r in rows(site, names[1])}
    assert list(days) == [f"2023-09-{d:02}" for d in range(4, 11)]
    assert (days["2023-09-04"], days["2023-09-05"], days["2023-09-10"]) == ((0, 0), (3, 3), (5, 4))
    assert {(r["speaker"], r["said"]) for r in rows(site, names[2])} == {
        ("White House", "2023-08"),
        ("John Kirby", "2023-09-05"),
    }
    conditional = rows(site, names[3])
    assert {(r["asserted_by_kcna"], r["left_conditional_by"]) for r in conditional} == {
        ("Kim Jong Un and Vladimir Putin will meet", "Dmitry Peskov")
    }
    assert len(rows(site, names[4])) == len(founding.hedges())
    assert len(rows(site, names[5])) == len(founding.forecasts())
    assert len(rows(site, names[6], date="2023-09-05", _size="max")) == len(founding.as_of("2023-09-05").claims)


def test_nothing_can_be_written(site: httpx.Client) -> None:
    answer = site.get("/onrecord.json", params={"sql": "delete from claims"})
    assert answer.status_code == 400
    assert site.get("/onrecord/claims/C00001").status_code == 200


def test_metadata_speaks_of_every_column() -> None:
    package = open_package(ROOT)
    tables = metadata(package)["databases"]["onrecord"]["tables"]
    for name in package.names:
        fields = [f["name"] for f in package.schemas[name]["fields"]]
        assert list(tables[name]["columns"]) == fields
        assert set(tables[name].get("facets", [])) <= set(fields)
        assert tables[name].get("label_column", fields[0]) in fields
    assert json.dumps(metadata(package))


def test_a_taken_port_gets_a_clear_word_and_the_next_free_one(copy: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        process, address, lines = start(copy, port)
        try:
            assert f"port {port} is taken" in " ".join(lines)
            assert int(address.rsplit(":", 1)[1]) > port
            assert httpx.get(address, trust_env=False).status_code == 200
        finally:
            process.terminate()
            process.wait(10)


def test_an_invalid_package_is_not_served(copy: Path) -> None:
    path = copy / "dataset/claims.csv"
    path.write_text(path.read_text("utf-8").replace(",noncommittal,Uu,", ",noncommittal,CT+,", 1), "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "onrecord", "serve", str(copy)], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 1
    assert "noncommittal-is-uncommitted" in done.stdout
    assert "nothing served" in done.stdout
