"""The site under attack: SQL, addresses and headers of strangers, and a package whose every text is a payload."""

import asyncio
import itertools
import json
import re
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from playwright.sync_api import Browser

from conftest import ROOT, apart, copy_package
from onrecord.build import _database
from onrecord.csvtable import canonical_csv
from onrecord.database import VIEWS
from onrecord.package import open_package
from onrecord.site import pages
from onrecord.site.application import SETTINGS
from onrecord.site.guard import LIMITS
from onrecord.site.links import Links
from onrecord.site.metadata import queries
from onrecord.site.render import Site
from onrecord.tableschema import TableSchema
from test_site import free_port

pytestmark = pytest.mark.xdist_group("attack")

PAYLOADS = [
    '"><img src=x onerror=window.pwned=1>',
    "<script>window.pwned=1</script>",
    "'-alert(1)-'",
    "{{7*7777777}}{% raw %}",
    "</style><script>window.pwned=1</script>",
    "</title></textarea><svg/onload=window.pwned=1>",
    "<math><mtext><style><img src=x onerror=window.pwned=1></style></mtext></math>",
    '" onmouseover="window.pwned=1" autofocus onfocus="window.pwned=1',
    "javascript:window.pwned=1",
    "data:text/html,<script>window.pwned=1</script>",
    "--><script>window.pwned=1</script>",
    "\u202egnp.exe\u2066\u200b\u200d\ufeff",
    "a\r\nUR  - javascript:window.pwned=1\nTY  - JOUR",
    "}, url = {javascript:window.pwned=1}} @misc{x, \\input{/etc/passwd}",
    "\\u003cscript\\u003ewindow.pwned=1\\u003c/script\\u003e&lt;script&gt;",
]
RAW = [payload for payload in PAYLOADS if "<" in payload]
SUM = str(7 * 7777777)
SAID = ("title", "description", "label", "subtitle")
TIMES = 4  # the addresses are asked for in so many parts, side by side


def hostile_texts(value: Any, payloads: Iterator[str]) -> Any:
    """A descriptor or schema whose texts for people are payloads."""
    if isinstance(value, list):
        return [hostile_texts(one, payloads) for one in value]
    if not isinstance(value, dict):
        return value
    return {
        k: f"{v} {next(payloads)}" if k in SAID and isinstance(v, str) else hostile_texts(v, payloads)
        for k, v in value.items()
    }


def poison(folder: Path) -> None:
    """Put a payload into every cell of text that is no key, valid or not, and into every text for people."""
    payloads = itertools.cycle(PAYLOADS)
    opened = open_package(folder)
    for name in opened.names:
        schema = TableSchema(name, opened.schemas[name])
        keys = {*schema.primary_key, *(f for key in schema.foreign_keys for f in key.fields)}
        free = [
            f.name
            for f in schema.fields
            if f.type == "string" and not f.enum and f.name not in keys and not f.name.endswith(("_edtf", "_id"))
        ]
        text, _ = opened.read(name)
        rows = [dict(zip(text.columns, cells, strict=True)) for cells in text.rows]
        for row, column in itertools.product(rows, free):
            row[column] = next(payloads) if column.endswith("url") else f"{row[column][:20]} {next(payloads)}".strip()
        (folder / opened.path(name)).write_bytes(canonical_csv(schema.columns, schema.primary_key, rows))
    for path in (folder / "schemas").rglob("*.json"):
        path.write_text(json.dumps(hostile_texts(json.loads(path.read_bytes()), payloads)), "utf-8")
    descriptor = hostile_texts(json.loads((folder / "datapackage.json").read_bytes()), payloads)
    descriptor["licenses"] = [{"name": PAYLOADS[1], "title": PAYLOADS[0], "path": "javascript:window.pwned=1"}]
    descriptor |= {
        "homepage": "javascript:window.pwned=1",
        "corrections": "javascript:window.pwned=1",
        "version": PAYLOADS[0],
    }
    descriptor["contributors"] = [{"title": payload, "roles": ["dataCurator"]} for payload in PAYLOADS]
    (folder / "datapackage.json").write_text(json.dumps(descriptor), "utf-8")


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The real package with payloads everywhere, built without being asked whether it is valid."""
    folder = copy_package(tmp_path_factory.mktemp("hostile") / "package")
    poison(folder)
    (folder / "build").mkdir()
    opened = open_package(folder)
    csvs = {name: folder / opened.path(name) for name in opened.names}
    _database(opened, csvs, folder / "build/onrecord.db")
    return folder


@pytest.fixture(scope="module")
def site(hostile: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    log, port = tmp_path_factory.mktemp("log") / "server.txt", free_port()
    with log.open("wb") as out:  # a pipe that nobody reads would fill up with what is refused, and stop the server
        process = subprocess.Popen(
            [sys.executable, "-m", "onrecord", "serve", str(hostile), "--port", str(port)], stdout=out, stderr=out
        )
        while "startup complete" not in log.read_text("utf-8", errors="replace"):
            assert process.poll() is None, log.read_text("utf-8", errors="replace")
            time.sleep(0.1)
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30, trust_env=False) as client:
            yield client
        process.terminate()
        process.wait(10)


def sound(answer: httpx.Response, *allowed: int) -> None:
    """An answer that is no failure and tells nothing of the program."""
    where = (str(answer.url)[:200], answer.status_code)
    assert answer.status_code in allowed if allowed else answer.status_code < 500, where
    for told in ("Traceback (most recent", "site-packages", str(ROOT), "root:"):
        assert told not in answer.text, (where, told)


# SQL of strangers


WRITES = [
    "attach 'x.db' as x", "select 1; attach 'x.db' as x", "with x as (select 1) attach 'x.db' as b", "detach main",
    "vacuum into '/tmp/onrecord-evil.db'", "vacuum", "pragma writable_schema = 1", "pragma query_only = 0",
    "select * from pragma_writable_schema", "select * from pragma_query_only(0)", "pragma journal_mode = delete",
    "insert into claims select * from claims", "with x as (select 1) insert into claims select * from claims",
    "with x as (select 1) update claims set stance = 'deny'", "with x as (select 1) delete from claims",
    "with x as (select 1) replace into actors select * from actors", "create table x (y)", "create temp table x as select 1",
    "drop table claims", "alter table claims rename to x", "reindex", "begin immediate", "explain delete from claims",
    "with x as (select 1) insert into claims_fts (claims_fts) values ('rebuild')",
    "/* select */ delete from claims", "select 1;\ndelete from claims", "-- select\ndelete from claims",
    "select load_extension('x')", "select readfile('/etc/passwd')", "select writefile('/tmp/onrecord-evil', 'x')",
    "select edit('x')", "select fts3_tokenizer('simple')", "select fts3_tokenizer('simple', x'4141414141414141')",
    "select * from fsdir('/')", "select * from csv('/etc/passwd')", "select * from zipfile('/etc/x.zip')",
]  # fmt: skip
GREEDY = [
    "select zeroblob(1000000000)", "select randomblob(900000000)", "select hex(zeroblob(500000000))",
    "select zeroblob(99999) from claims a, claims b", "select zeroblob(9999), * from claims a, claims b",
    "select printf('%1000000000d', 1)", "select printf('%.*c', 1000000000, 'x')", "select format('%.*c', 1000000000, 'x')",
    "select group_concat(a.claim_summary || b.claim_summary) from claims a, claims b",
    "select replace(hex(zeroblob(40000)), '0', hex(zeroblob(40000)))", f"select 'a' like '{'%a' * 2000}b'",
    f"select 'a' glob '{'*a' * 2000}b'", f"select {'(' * 5000}1{')' * 5000}", f"select '{'a' * 60_000}'",
    "select " + ", ".join(["1"] * 500), " union all ".join(["select 1"] * 1000),
]  # fmt: skip
ENDLESS = "with recursive n(i) as (select 1 union all select i + 1 from n) "


@pytest.mark.parametrize("ending", ["", ".json", ".csv"])
def test_no_sql_writes_attaches_or_reaches_files(site: httpx.Client, hostile: Path, ending: str) -> None:
    before = (hostile / "build/onrecord.db").read_bytes()
    for sql in WRITES:
        answer = site.get(f"/onrecord{ending}", params={"sql": sql})
        sound(answer, *([200, 400] if ending == ".csv" else [400]))
        assert ending != ".csv" or answer.status_code == 400 or answer.text.strip() == ""  # Datasette's way
    for sql in WRITES:
        sound(
            site.get("/onrecord/claims", params={"_where": f"exists ({sql})"}),
            *([200, 400] if "pragma_" in sql else [400]),
        )
        sound(site.get("/onrecord/claims", params={"_where": f"1=1; {sql}"}), 400)
    assert (hostile / "build/onrecord.db").read_bytes() == before
    assert not list(Path("/tmp").glob("onrecord-evil*"))


def test_no_sql_takes_more_memory_than_an_answer_may(site: httpx.Client) -> None:
    for sql in GREEDY:
        answer = site.get("/onrecord.json", params={"sql": sql})
        sound(answer, 400)
        assert len(answer.content) < 200_000, sql[:80]


def test_rows_are_limited(site: httpx.Client) -> None:
    answer = site.get("/onrecord.json", params={"sql": f"{ENDLESS} select i from n"}).json()
    assert (len(answer["rows"]), answer["truncated"]) == (SETTINGS["max_returned_rows"], True)
    assert (
        len(site.get("/onrecord/claims.json", params={"_size": "max"}).json()["rows"]) <= SETTINGS["max_returned_rows"]
    )
    sound(site.get("/onrecord/claims", params={"_size": "99999999999999999999"}), 400)


def test_what_never_ends_is_cut_while_other_pages_answer(site: httpx.Client) -> None:
    asked = ["select max(i) from n", "select count(*) from claims a, claims b, claims c, claims d, claims e"] * 3
    answered: list[str] = []

    async def ask(client: httpx.AsyncClient, path: str, **parameters: str) -> httpx.Response:
        answer = await client.get(path, params=parameters)
        answered.append(path)
        return answer

    async def attack() -> list[httpx.Response]:
        async with httpx.AsyncClient(base_url=site.base_url, timeout=60, trust_env=False) as client:
            bad = [asyncio.create_task(ask(client, "/onrecord.json", sql=ENDLESS + sql)) for sql in asked]
            await asyncio.sleep(0.1)  # they are on their way, and far from being cut
            for path in ("/claim/C00028", "/", "/onrecord/places"):
                sound(await ask(client, path), 200)
            return await asyncio.gather(*bad)

    for answer in apart(attack()):
        sound(answer, 400)
        assert "too long" in answer.text
    assert "/claim/C00028" in answered[:3]


def test_a_crowd_of_queries_is_told_to_come_again(site: httpx.Client) -> None:
    async def attack() -> list[int]:
        limits = httpx.Limits(max_connections=160)
        async with httpx.AsyncClient(base_url=site.base_url, timeout=60, trust_env=False, limits=limits) as client:
            asked = [
                client.get("/onrecord.json", params={"sql": ENDLESS + "select max(i) from n limit 1"}) for _ in range(4)
            ]
            more = [client.get("/onrecord.json", params={"sql": "select 1"}) for _ in range(150)]
            return [answer.status_code for answer in await asyncio.gather(*asked, *more)]

    codes = apart(attack())
    assert set(codes) <= {200, 400, 503}
    assert 503 in codes
    sound(site.get("/onrecord.json", params={"sql": "select 1"}), 200)


def test_the_limits_bind_the_connections_of_datasette(site: httpx.Client) -> None:
    shown = site.get("/-/settings.json").json()
    assert {name: shown[name] for name in SETTINGS} == SETTINGS
    assert LIMITS[sqlite3.SQLITE_LIMIT_ATTACHED] == 0
    assert site.get("/onrecord.json", params={"sql": "select * from pragma_database_list"}).json()["rows"] == []


# Addresses and headers of strangers


def raw(
    site: httpx.Client, target: bytes, *headers: bytes, method: bytes = b"GET", host: bytes | None = None
) -> httpx.Response:
    """Ask as no client would, byte for byte."""
    address = (str(site.base_url.host), int(site.base_url.port or 80))
    lines = [method + b" " + target + b" HTTP/1.1", b"Host: " + (b"127.0.0.1" if host is None else host), *headers]
    with socket.create_connection(address, timeout=30) as wire:
        wire.sendall(b"\r\n".join([*lines, b"Connection: close", b"", b""]))
        head, _, body = b"".join(iter(lambda: wire.recv(65536), b"")).partition(b"\r\n\r\n")
    first, *fields = head.split(b"\r\n")
    parsed = [tuple(field.split(b": ", 1)) for field in fields if not field.lower().startswith(b"transfer-encoding")]
    request = httpx.Request("GET", f"http://asked/{quote(target[:100])}")
    return httpx.Response(int(first.split()[1]), headers=parsed, content=body, request=request)  # type: ignore[arg-type]


TARGETS = [
    b"/assets/../../application.py", b"/assets/..%2f..%2fapplication.py", b"/assets/%2e%2e/%2e%2e/application.py",
    b"/assets//etc/passwd", b"/assets/%2fetc/passwd", b"/assets/onrecord.css%00.png", b"/assets/%00", b"/assets/", b"/assets/..",
    b"/assets/" + b"../" * 20 + b"etc/passwd", b"/-/static/../../app.py", b"/-/static/%2e%2e/app.py", b"/download/../x",
    b"/downloads/..%2f..%2fonrecord.db", b"/../onrecord.db", b"/onrecord.db%00", b"/%00", b"/claim/%00", b"/claim/C00028%00",
    b"/claim/C00028%0d%0aX-Evil:%20b", b"/claim/..%2f", b"/claim/%ff%fe", b"/%ff", b"/onrecord/%ff", b"/onrecord/claims/%ff",
    b"/onrecord/claims?%ff=%fe", b"/~ff", b"/onrecord/~", b"/onrecord/claims/~00", b"/onrecord/claims/~0A~0D",
    b"/" + b"a" * 30_000, b"/claim/" + b"C" * 30_000, b"/claim/C" + b"0" * 40, b"/claim/C\xd9\xa1", b"/" + b"a/" * 10_000,
    b"/as-of/9999-99-99", b"/as-of/0001-01-01", b"/as-of/9999-12-31", b"/as-of/0000-00-00", b"/as-of/2023-02-30",
    b"/as-of/2023-09-05/9999-99-99", b"/as-of/said/0001-01-01", b"/as-of?by=x", b"/as-of?date=x", b"/as-of/said?by=%00",
    b"/as-of?date=9999-99-99", b"/as-of?date=2023-09-05&other=%0d%0aX-Evil:y", b"/as-of?date=2023-09-05%0d%0aX-Evil:y",
    b"/claim/C00028?was=%00", b"/claim/C00028?was=P0001%0d%0aX-Evil:y", b"/report/X0000", b"/question/%2e%2e", b"/question/../x",
    b"/cite/C00028/citation.exe", b"/cite/C00028/..%2fcitation.txt", b"/cite/Z0001/citation.bib", b"/origins/P9999",
    b"/timeline?x=y", b"/map?q[]=1", b"/forecasts?" + b"a=b&" * 5_000,
    *(b"/search?q=" + q for q in (
        b"", b"%00", b"a%00b", b"%ff%fe", b"%22", b"%22%22%22", b"a%20AND", b"NEAR(", b"*", b"%22a%22*%20OR%20b:c^", b"title:x",
        b"-%2B(", b"a+" * 15_000, b"a" * 30_000, b"%F0%9F%98%80" * 2_000, b"'%20OR%201=1%20--", b"%5c", b"%25", b"_", b"%C2%AD",
    )),
    *(b"/onrecord/claims?" + q for q in (
        b"_where=load_extension('x')", b"_sort=x", b"_sort=claim_id;drop", b"_sort_desc=%22", b"_facet=x", b"_facet_array=x",
        b"_facet_date=x", b"_facet_size=x", b"_next=%00,,,", b"_next=zzz", b"_next=%ff", b"_size=-1", b"_size=x", b"_search=%22",
        b"_search=a+OR", b"_searchmode=raw&_search=%22", b"_searchmode=raw&_search=%00", b"_search_x=y", b"_col=x",
        b"_nocol=claim_id", b"claim_id__in=[", b"claim_id__in={}", b"claim_id__foo=1", b"claim_id__arraycontains=1",
        b"x__exact=1", b"claim_id__like=" + b"%25a" * 2_000, b"_through={", b"_through=[]", b"_through=1",
        b"_through=%7b%22table%22:%22x%22%7d", b"_through=%7b%22table%22:%22x%22,%22column%22:%22y%22,%22value%22:1%7d",
        b"_filter_column=x&_filter_op=y&_filter_value=%0d%0aX-Evil:y", b"_trace=1", b"_context=1", b"_nofacet=x",
    )),
    b"/onrecord/claims.json?_shape=x", b"/onrecord/claims.json?_json=x", b"/onrecord/claims.json?_shape=object",
    b"/onrecord/claims.csv?_dl=%0d%0aX-Evil:y", b"/onrecord/claims.csv?_stream=1&_size=max", b"/onrecord/claims.csv?_where=x",
    b"/onrecord/claims.blob?_blob_column=x", b"/onrecord/claims/C00028.blob?_blob_column=x", b"/onrecord/claims/C00028,x",
    b"/onrecord/nothing", b"/onrecord/sqlite_master", b"/onrecord/claims_fts", b"/onrecord/claims_fts_data", b"/fixtures",
    b"/onrecord?sql=%ff", b"/onrecord?sql=", b"/onrecord.json?sql=", b"/onrecord?sql=select+:a&a=%00", b"/onrecord?sql=select+:a",
    b"/onrecord?sql=select+cast(x'ff'+as+text)", b"/onrecord?sql=select+char(0)", b"/onrecord?sql=select+1e999&_shape=x",
    b"/-/databases.json", b"/-/threads.json", b"/-/messages", b"/-/allow-debug?actor=x&allow=y", b"/-/permissions",
    b"/-/auth-token?token=x", b"/-/logout", b"/-/patterns", b"/-/", b"//-/threads", b"/-/%74hreads",
    b"//evil.example/", b"//evil.example/%2f..", b"/\\evil.example/", b"/%2f%2fevil.example/", b"/%5cevil.example/", b"///",
    b"http://evil.example/claim/C00028", b"/evil.example%2f%2f/",
]  # fmt: skip


@pytest.mark.parametrize("part", range(TIMES))
def test_no_address_makes_the_site_fail(site: httpx.Client, part: int) -> None:
    for target in TARGETS[part::TIMES]:
        answer = raw(site, target)
        sound(answer)
        assert "x-evil" not in answer.headers, target
        assert not re.match(r"(?:[a-z]+:|[/\\]{2})", answer.headers.get("location", "")), target
        assert "def application" not in answer.text


@pytest.mark.parametrize("method", [b"POST", b"PUT", b"DELETE", b"PATCH", b"OPTIONS", b"TRACE", b"X"])
def test_nothing_but_reading_is_answered(site: httpx.Client, method: bytes) -> None:
    for target in (b"/", b"/claim/C00028", b"/search?q=a", b"/onrecord", b"/onrecord/claims", b"/-/messages", b"*"):
        sound(raw(site, target, b"Content-Length: 0", method=method), 405)


def test_a_head_has_no_body(site: httpx.Client) -> None:
    for target in (b"/claim/C00028", b"/onrecord/claims"):
        answer = raw(site, target, method=b"HEAD")
        sound(answer, 200)
        assert answer.content == b""


@pytest.mark.parametrize(
    "host",
    [
        b'a"><script>window.pwned=1</script>',
        b"a b",
        b"user@host",
        b"",
        b"\xff",
        b"a\tb",
        b"javascript:alert(1)//",
        b"a/b",
    ],
)
def test_a_host_that_is_none_is_refused(site: httpx.Client, host: bytes) -> None:
    sound(raw(site, b"/cite/C00028/citation.txt", host=host), 400)


def test_a_strange_host_appears_nowhere(site: httpx.Client) -> None:
    for target in (b"/cite/C00028/citation.csl.json", b"/claim/C00028", b"/downloads"):
        assert "evil.example" not in raw(site, target, host=b"evil.example").text
    assert raw(site, b"/C00028", host=b"evil.example").headers["location"] == "/claim/C00028"
    sound(raw(site, b"/claim/C00028", b"Host: evil.example"), 400)


def test_headers_of_strangers_do_no_harm(site: httpx.Client) -> None:
    for header in (
        b"Cookie: \xff\xfe=", b"Cookie: ds_actor=x; ds_messages=y", b"Cookie: " + b"a=b;" * 5_000, b"Authorization: Bearer \xff",
        b"Authorization: Bearer dstok_x", b"Range: bytes=0-99999999", b"If-None-Match: \xff", b"Accept: \xff",
        b"X-Forwarded-Proto: javascript", b"X-Forwarded-For: \xff", b"X-Forwarded-Host: evil.example", b"Transfer-Encoding: x",
    ):  # fmt: skip
        for target in (b"/", b"/onrecord/places", b"/assets/onrecord.css"):
            answer = raw(site, target, header)
            assert answer.status_code in (200, 206, 400, 501), (header, answer.status_code)
            assert "Traceback" not in answer.text
            assert "evil.example" not in answer.text


# A package whose every text is a payload


class Reader(HTMLParser):
    """Reads a page as a browser would, and notes what came from a payload."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.faults: list[str] = []
        self._script = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self._script = tag == "script"
        if tag in ("math", "iframe", "object", "embed", "base", "mtext"):
            self.faults.append(tag)
        if tag == "img" and given.get("src") == "x":
            self.faults.append(str(attrs))
        if tag == "script" and not given.get("src", "/assets/").startswith(("/assets/", "/-/static/")):
            self.faults.append(str(attrs))
        for name, value in given.items():
            where = "".join(value.split()).casefold()
            if name.startswith("on") or not re.fullmatch(r"[A-Za-z][A-Za-z0-9:_-]*", name):
                self.faults.append(f"{tag} {name}")
            if name in ("href", "src", "action", "formaction", "xlink:href") and where.startswith(
                ("javascript:", "data:", "vbscript:")
            ):
                self.faults.append(f"{tag} {name}={value[:40]}")
            if name in ("style", "srcdoc") and "pwned" in value:
                self.faults.append(f"{tag} {name}={value[:40]}")

    def handle_endtag(self, tag: str) -> None:
        self._script = False

    def handle_data(self, data: str) -> None:
        if self._script and "pwned" in data:
            self.faults.append(data[:80])


def ours(hostile: Path) -> list[str]:
    opened = open_package(hostile)
    return [f"/{path}" for path in pages.addresses(Site(opened, hostile / "build/onrecord.db").shelf())]


def theirs(hostile: Path) -> list[str]:
    """Pages of Datasette: database, tables, rows, questions, queries."""
    opened = open_package(hostile)
    found = ["/onrecord", "/onrecord.json", "/-/metadata", "/-/metadata.json", "/onrecord?sql=select+*+from+actors"]
    found += [
        f"/onrecord/{name}{ending}?_size=20"
        for name in (*opened.names, "flat", *VIEWS)
        for ending in ("", ".json", ".csv")
    ]
    found += [f"/onrecord/{name}?date=2023-09-05" for name in queries()]
    found += [
        f"/onrecord/{name}?_facet={f}&_size=5" for name, f in (("actors", "actor_name"), ("claims", "claim_summary"))
    ]
    for name, key in (
        ("claims", "C00028"),
        ("actors", "A0002"),
        ("sources", "S0001"),
        ("events", "E0001"),
        ("propositions", "P0001"),
    ):
        found += [f"/onrecord/{name}/{key}", f"/onrecord/{name}/{key}.json"]
    for payload in PAYLOADS:
        there = quote(payload, safe="")
        found += [
            f"/search?q={there}",
            f"/as-of?date={there}",
            f"/claim/{there}",
            f"/claim/C00028?was={there}",
            f"/{there}",
        ]
        found += [
            f"/onrecord/actors?_search={there}",
            f"/onrecord/actors?actor_name__contains={there}",
            f"/onrecord/{there}",
        ]
        found += [f"/onrecord?sql={quote(f'select :a as a, {chr(39)}x{chr(39)}')}&a={there}", f"/onrecord?sql={there}"]
        found += [
            f"/onrecord/claims?_sort={there}",
            f"/onrecord/claims?_where={there}",
            f"/onrecord/claims?{there}={there}",
        ]
    return found


@pytest.mark.parametrize("part", range(TIMES))
def test_no_payload_becomes_markup(site: httpx.Client, hostile: Path, part: int) -> None:
    for address in [*ours(hostile), *theirs(hostile)][part::TIMES]:
        answer = site.get(address)
        sound(answer)
        kind = answer.headers["content-type"].split(";")[0]
        if kind == "text/html":
            assert Reader(answer.text).faults == [], address
            assert [payload for payload in RAW if payload in answer.text] == [], address
            assert SUM not in answer.text, address
        elif kind.endswith("json"):
            json.loads(answer.text)
        else:
            assert kind in ("text/plain", "text/csv", "application/x-bibtex", "application/x-research-info-systems"), (
                address
            )


def test_no_payload_breaks_out_of_a_citation(site: httpx.Client, hostile: Path) -> None:
    named = [a.removesuffix("txt") for a in ours(hostile) if a.endswith("citation.txt")]
    for address in named[::10]:
        lines = site.get(f"{address}ris").text.split("\r\n")
        assert all(re.match(r"[A-Z][A-Z0-9]  - ", line) for line in lines[:-1]), lines
        assert (lines[0], lines[-2], lines[-1]) == ("TY  - DATA", "ER  - ", "")
        assert [line[:2] for line in lines].count("TY") == 1
        assert "UR" not in [line[:2] for line in lines]  # no public address is known
        entry = site.get(f"{address}bib").text
        plain = re.sub(r"\\[{}]", "", entry)
        assert plain.count("{") == plain.count("}")
        assert len(re.findall(r"^@", entry, re.MULTILINE)) == 1
        assert not re.findall(r"^  url = ", entry, re.MULTILINE)
        assert "\\input" not in entry
        item = site.get(f"{address}csl.json").json()
        assert [one.get("URL") for one in item] == [None]
        assert site.get(f"{address}txt").text.count("\n") == 1


def test_no_payload_runs_in_a_browser(site: httpx.Client, hostile: Path, browser: Browser) -> None:
    kinds = {re.sub(r"[A-Z][0-9]+|[0-9-]{8,}|cite.*", "", path): path for path in ours(hostile) if "/cite" not in path}
    some = [
        *kinds.values(),
        "/onrecord",
        "/onrecord/claims",
        "/onrecord/sources",
        "/onrecord/actors/A0002",
        "/-/metadata",
    ]
    some += [
        f"/search?q={quote(PAYLOADS[0])}",
        f"/onrecord?sql={quote('select * from actors')}",
        f"/claim/{quote(PAYLOADS[1])}",
    ]
    page = browser.new_page()
    alerts: list[str] = []
    page.on("dialog", lambda dialog: (alerts.append(dialog.message), dialog.dismiss()))
    for path in some:
        page.goto(f"{str(site.base_url).rstrip('/')}{path}", wait_until="load")
        assert page.evaluate("typeof window.pwned") == "undefined", path
    assert alerts == []
    page.close()


def test_links_know_no_other_schemes() -> None:
    assert Links("/").to("//evil.example") != "//evil.example"
