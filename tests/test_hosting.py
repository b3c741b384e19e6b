"""Serving behind a proxy, from a folder that nobody may write, and from a container's image."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from conftest import ROOT, copy_package
from onrecord.build import build
from onrecord.findings import PackageError
from onrecord.package import open_package
from onrecord.site.public import Public, public
from test_site import free_port

pytestmark = pytest.mark.xdist_group("hosting")

PREFIX = "/data/on-record/"
PUBLIC = f"https://example.org{PREFIX}"
LINKS = re.compile(r"""(?:href|src|action)=["']?([^"'\s>]+)""")
PAGES = ("", "claim/C00028", "search?q=train", "as-of", "onrecord", "onrecord/claims", "onrecord/claims/C00028")


def serve(package: Path, *more: str) -> tuple[subprocess.Popen[str], str]:
    """Serve a package; returns the process and the address without a path, once it answers."""
    process = subprocess.Popen(
        [sys.executable, "-m", "onrecord", "serve", str(package), "--port", str(free_port()), *more],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env={**os.environ, "NO_COLOR": "1"},
    )  # fmt: skip
    lines = []
    for line in process.stdout or ():
        lines.append(line)
        if "startup complete" in line:
            break
    found = re.search(r"http://[^/\s]+", "".join(lines))
    assert found, lines
    return process, found[0].replace("0.0.0.0", "127.0.0.1")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = copy_package(tmp_path_factory.mktemp("hosted") / "package")
    report, _ = build(open_package(folder))
    assert report.valid
    return folder


@pytest.fixture(scope="module")
def address(built: Path) -> Iterator[str]:
    process, found = serve(built, "--host", "0.0.0.0", "--url", PUBLIC)
    yield found
    process.terminate()
    process.wait(10)


@pytest.fixture(scope="module", params=["passes the prefix on", "strips the prefix"])
def proxy(address: str, request: pytest.FixtureRequest) -> Iterator[str]:
    """A proxy that knows only addresses below the prefix, and what browsers see of its own Host."""

    class Proxy(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if not self.path.startswith(PREFIX):
                self.send_error(502, "outside the prefix")
                return
            path = self.path if "passes" in request.param else "/" + self.path.removeprefix(PREFIX)
            answer = httpx.get(address + path, headers={"Host": "inside:8001"}, trust_env=False, timeout=30)
            self.send_response(answer.status_code)
            for name in ("content-type", "location", "link"):
                if name in answer.headers:
                    self.send_header(name, answer.headers[name])
            self.end_headers()
            self.wfile.write(answer.content)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Proxy)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_every_link_works_behind_a_proxy(proxy: str) -> None:
    with httpx.Client(base_url=proxy, trust_env=False, timeout=30) as client:
        links = set()
        for page in PAGES:
            answer = client.get(PREFIX + page)
            assert answer.status_code == 200, (page, answer.text[:200])
            links |= {link.replace("&amp;", "&") for link in LINKS.findall(answer.text)}
        ours = {link.removeprefix("https://example.org") for link in links if not link.startswith(("http", "#", "?"))}
        ours |= {urlsplit(link).path for link in links if link.startswith("https://example.org/")}
        outside = {link for link in ours if link.startswith("/") and not link.startswith(PREFIX)}
        assert outside == set()
        files = {link for link in ours if "/assets/" in link or "/-/static" in link}
        kinds = {link.split("?")[0].split("/")[3]: link for link in sorted(ours - files) if link.startswith(PREFIX)}
        assert len(kinds) > 10
        for link in [*files, *kinds.values()]:
            answer = client.get(link.split("#")[0])
            assert answer.status_code in (200, 301, 302), (link, answer.status_code)
            if "location" in answer.headers:
                assert answer.headers["location"].removeprefix("https://example.org").startswith(PREFIX), link


def test_citations_and_next_pages_bear_the_public_address(proxy: str) -> None:
    with httpx.Client(base_url=proxy + PREFIX, trust_env=False, timeout=30) as client:
        cited = client.get("cite/C00028/citation.csl.json").json()
        assert cited[0]["URL"] == f"{PUBLIC}claim/C00028"
        assert f"{PUBLIC}claim/C00028" in client.get("claim/C00028").text
        following = client.get("onrecord/claims.json?_size=5").json()["next_url"]
        assert following.startswith(f"{PUBLIC}onrecord/claims.json")
        assert client.get(following.removeprefix(PUBLIC)).status_code == 200


def test_redirects_stay_below_the_prefix(proxy: str, address: str) -> None:
    with httpx.Client(trust_env=False, timeout=30) as client:
        for path in ("C00028", "claim/c00028", "onrecord/claims/", "as-of?date=2023-09-05"):
            answer = client.get(proxy + PREFIX + path)
            assert answer.status_code in (301, 302), path
            assert answer.headers["location"].startswith(PREFIX), path
        assert client.get(address + PREFIX.rstrip("/")).headers["location"] == PREFIX


@pytest.mark.parametrize(
    "path", ["/", PREFIX, "/claim/C00028", f"{PREFIX}claim/C00028", "/onrecord", "/assets/onrecord.css"]
)
def test_addresses_answer_with_and_without_the_prefix(address: str, path: str) -> None:
    assert httpx.get(address + path, trust_env=False).status_code == 200


@pytest.mark.parametrize(
    ("url", "parts"),
    [
        (None, Public()),
        ("https://data.example.org", Public("https", "data.example.org", "/")),
        ("https://data.example.org:8443/", Public("https", "data.example.org:8443", "/")),
        ("http://[::1]:8001/a", Public("http", "[::1]:8001", "/a/")),
        (PUBLIC, Public("https", "example.org", PREFIX)),
    ],
)
def test_a_public_address_is_taken_apart(url: str | None, parts: Public) -> None:
    assert public(url) == parts


@pytest.mark.parametrize(
    "url",
    [
        "", "/prefix/", "example.org/prefix/", "ftp://example.org/", "https://", "https:///prefix/", "https://example.org:0/",
        "https://example.org:99999/", "https://user:word@example.org/", "https://exa mple.org/", "https://example.org/a?b",
        "https://example.org/#a", "https://example.org/a//b/", "https://example.org/../b/", "https://example.org/a/./b/",
        "https://example.org/%2e/", "https://example.org/<b>/", "https://[::1/", "javascript:alert(1)", "https://a\r\nb/", "https://example.org/onrecord/", "https://example.org/claim/",
    ],
)  # fmt: skip
def test_an_address_of_no_use_is_refused_in_words(url: str) -> None:
    with pytest.raises(PackageError, match=r"^--url") as raised:
        public(url)
    assert "\n" not in str(raised.value)
    assert "such as https://data.example.org/" in str(raised.value) or "another path" in str(raised.value)


def test_the_command_refuses_it_in_one_line(built: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "onrecord", "serve", str(built), "--url", "example.org"],
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 2
    assert done.stderr.startswith("onrecord: --url 'example.org'")
    assert done.stderr.count("\n") == 1


def test_forwarded_headers_of_strangers_change_nothing(address: str) -> None:
    headers = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "http", "Forwarded": "host=evil.example"}
    answer = httpx.get(f"{address}/cite/C00028/citation.txt", headers=headers, trust_env=False)
    assert PUBLIC in answer.text
    assert "evil" not in answer.text


def test_a_current_build_is_served_from_a_folder_that_nobody_may_write(built: Path, tmp_path: Path) -> None:
    package = tmp_path / "package"
    shutil.copytree(built, package)
    (package / "build/metadata.json").unlink(missing_ok=True)
    everything = [package, *package.rglob("*")]
    before = {path: path.stat().st_mtime_ns for path in everything}
    for path in everything:
        path.chmod(0o555 if path.is_dir() else 0o444)
    try:
        process, address = serve(package)
        try:
            for path in ("/", "/claim/C00028", "/search?q=train", "/onrecord/claims", "/onrecord.db"):
                assert httpx.get(address + path, trust_env=False, timeout=30).status_code == 200, path
        finally:
            process.terminate()
            process.wait(10)
        if os.geteuid() != 0:  # the superuser may write everywhere
            assert {path: path.stat().st_mtime_ns for path in [package, *package.rglob("*")]} == before
    finally:
        for path in everything:
            path.chmod(0o755)


def instructions() -> list[tuple[str, str]]:
    """The instructions of the Containerfile, with lines that go on joined."""
    text = (ROOT / "Containerfile").read_text("utf-8").replace("\\\n", " ")
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return [(line.split(None, 1)[0], line.split(None, 1)[1]) for line in lines]


def test_the_containerfile_copies_what_is_there_and_runs_what_exists() -> None:
    found = instructions()
    ignored = (ROOT / ".containerignore").read_text("utf-8").split()
    for name, rest in found:
        if name == "COPY":
            *sources, _ = rest.split()
            for source in sources:
                assert (ROOT / source).exists(), source
                assert source.strip("/") not in ignored
        if name == "RUN":
            for command in rest.split("&&"):
                words = shlex.split(command)
                assert words[0] in ("pip", "onrecord", "useradd"), command
                if words[0] == "onrecord":
                    assert subprocess.run(
                        [sys.executable, "-m", "onrecord", words[1], "--help"], capture_output=True, check=False
                    ).returncode == 0  # fmt: skip
    assert found[0] == ("FROM", "docker.io/library/python:3.11-slim")


def test_the_image_holds_all_that_a_wheel_is_made_of() -> None:
    import tomllib

    copied = [source.strip("/") for name, rest in instructions() if name == "COPY" for source in rest.split()[:-1]]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    wheel = project["tool"]["hatch"]["build"]["targets"]["wheel"]
    wanted = [project["project"]["readme"], *project["project"]["license-files"], *wheel["force-include"]]
    wanted += [Path(path).parts[0] for path in wheel["packages"]]
    assert set(wanted) <= set(copied)


def test_the_container_runs_as_nobody_in_particular_and_listens_to_all() -> None:
    found = dict(instructions())
    assert found["USER"] not in ("root", "0")
    start = json.loads(found["ENTRYPOINT"])
    assert start[:2] == ["onrecord", "serve"]
    assert start[start.index("--host") + 1] == "0.0.0.0"
    last_user = max(number for number, (name, _) in enumerate(instructions()) if name == "USER")
    assert all(number < last_user for number, (name, _) in enumerate(instructions()) if name in ("RUN", "COPY"))
