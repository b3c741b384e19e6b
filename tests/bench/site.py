"""How the site holds up: 50 clients at once on each kind of page, beside a stock Datasette in the same run.

Run it with `make bench`. It fails on any error, when the claim page takes more than 1.5 times as long as
the row page of a stock Datasette on the same database (median and 99th percentile), and when memory grows.
"""

from __future__ import annotations

import asyncio
import math
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

import httpx

from conftest import ROOT

CLIENTS = 50
ABUSERS = 8
READERS = 4
ROUNDS = 4
SECONDS = 1.0  # of each round, so that a kind of page is asked for during 4 seconds
MOST = 1.5
GROWTH = 1.15
CLAIM, ROW = "/claim/C00028", "/onrecord/claims/C00028"
PAGES = (
    "/",
    "/proposition/P0001",
    "/event/E0001",
    "/actor/A0002",
    "/source/S0001",
    "/place/L0001",
    "/propositions",
    "/timeline",
    "/as-of/2023-09-05",
    "/as-of/2023-09-05/2023-09-11",
    "/origins",
    "/origins/P0001",
    "/forecasts",
    "/map",
    "/search?q=armoured+train",
    "/cite/C00028/citation.bib",
    "/onrecord/claims",
    ROW,
    "/onrecord/claims.json?_size=20",
    "/onrecord?sql=select+*+from+claims+limit+20",
)
ENDLESS = "with recursive n(i) as (select 1 union all select i + 1 from n) select max(i) from n"


@dataclass
class Tally:
    """What became of the requests for one page: seconds of each, and those that failed, by what went wrong."""

    taken: list[float] = field(default_factory=list)
    failed: dict[str, int] = field(default_factory=dict)

    @property
    def median(self) -> float:
        return statistics.median(self.taken) if self.taken else math.nan

    @property
    def p99(self) -> float:
        return sorted(self.taken)[int(len(self.taken) * 0.99)] if self.taken else math.nan

    def fail(self, why: str) -> None:
        self.failed[why] = self.failed.get(why, 0) + 1

    def line(self, name: str, peer: Tally | None = None) -> str:
        errors = sum(self.failed.values())
        ratio = f"{self.median / peer.median:6.2f} {self.p99 / peer.p99:6.2f}" if peer else " " * 13
        return (
            f"{name:42} {len(self.taken):8,} {errors:7} {self.median * 1e3:9.1f} {self.p99 * 1e3:9.1f} {max(self.taken, default=math.nan) * 1e3:9.1f} {ratio}"
            + "".join(f"  {count} × {why}" for why, count in self.failed.items())
        )


HEADER = f"{'':42} {'requests':>8} {'errors':>7} {'median ms':>9} {'p99 ms':>9} {'worst ms':>9} {'of the stock row page':>13}"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(*command: str) -> Iterator[tuple[int, str]]:
    """A server until the block ends: its process and its address, once it answers."""
    port = free_port()
    environment = {**os.environ, "NO_COLOR": "1", "DATASETTE_LOAD_PLUGINS": ""}
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(
            [sys.executable, "-m", *command, "--port", str(port)], stdout=log, stderr=log, env=environment
        )
        address = f"http://127.0.0.1:{port}"
        try:
            _wait(process, address)
            yield process.pid, address
        finally:
            process.terminate()
            process.wait(10)


def _wait(process: subprocess.Popen[bytes], address: str) -> None:
    for _ in range(600):
        if process.poll() is not None:
            raise SystemExit(f"a server ended at once, with status {process.returncode}")
        try:
            httpx.get(f"{address}/-/versions.json", trust_env=False)
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit(f"no server answers at {address}")


def resident(pid: int) -> float:
    """The memory that a process holds, in MB."""
    status = Path(f"/proc/{pid}/status")
    if status.is_file():
        return int(re.findall(r"VmRSS:\s+(\d+)", status.read_text())[0]) / 1024
    listed = subprocess.run(["ps", "-o", "rss=", "-p", str(pid)], capture_output=True, text=True, check=True)
    return int(listed.stdout) / 1024


class Crowd:
    """Clients with a connection each, kept open, since neither connecting nor the client is what is measured."""

    def __init__(self, number: int) -> None:
        self._number = number

    async def __aenter__(self) -> Crowd:
        self.clients = [httpx.AsyncClient(timeout=60, trust_env=False, verify=False) for _ in range(self._number)]
        return self

    async def __aexit__(self, *_: object) -> None:
        for client in self.clients:
            await client.aclose()

    async def ask(self, url: str, tally: Tally, seconds: float = SECONDS, status: int = 200) -> None:
        """All ask for one address over and over, for some seconds."""
        until = time.perf_counter() + seconds
        await asyncio.gather(*(ask(client, url, until, tally, status) for client in self.clients))


async def ask(client: httpx.AsyncClient, url: str, until: float, tally: Tally, status: int = 200) -> None:
    """Ask for one address over and over until a moment has come."""
    request = client.build_request("GET", url)  # made once, since the client is not what is measured
    while time.perf_counter() < until:
        begun = time.perf_counter()
        try:
            answer = await client.send(request)
        except httpx.HTTPError as error:
            tally.fail(type(error).__name__)
            continue
        if answer.status_code == status:
            tally.taken.append(time.perf_counter() - begun)
        else:
            tally.fail(f"status {answer.status_code}")


async def compare(crowd: Crowd, ours: str, stock: str) -> dict[str, Tally]:
    """The claim page and the stock row page in turns, so that what else the machine does hits both alike."""
    tallies = {"stock row page": Tally(), "claim page": Tally()}
    for _ in range(ROUNDS):
        await crowd.ask(stock + ROW, tallies["stock row page"])
        await crowd.ask(ours + CLAIM, tallies["claim page"])
    return tallies


async def abused(address: str) -> tuple[dict[str, Tally], Tally]:
    """Pages while clients run a query that never ends; the answers to that query, which is cut at its limit."""
    endless, tallies = Tally(), {path: Tally() for path in (CLAIM, "/", "/onrecord/claims")}
    query = f"{address}/onrecord.json?{urlencode({'sql': ENDLESS})}"
    async with Crowd(ABUSERS) as bad, Crowd(READERS) as good:
        abuse = asyncio.create_task(bad.ask(query, endless, ROUNDS * SECONDS * len(tallies), 400))
        await asyncio.sleep(0.5)
        for _ in range(ROUNDS):
            for path, tally in tallies.items():
                await good.ask(address + path, tally)
        await abuse
    return tallies, endless


async def main() -> int:
    """Serve, measure, print; the exit status."""
    with tempfile.TemporaryDirectory() as name:
        package = Path(name) / "package"
        for folder in ("dataset", "schemas"):
            shutil.copytree(ROOT / folder, package / folder)
        shutil.copy(ROOT / "datapackage.json", package)
        subprocess.run([sys.executable, "-m", "onrecord", "build", str(package)], check=True, capture_output=True)
        built = str(package / "build/onrecord.db")
        with (
            running("onrecord", "serve", str(package)) as (pid, ours),
            running("datasette", "serve", "--immutable", built) as (_, stock),
        ):
            return await measure(pid, ours, stock)


async def measure(pid: int, ours: str, stock: str) -> int:
    """Every kind of page, then abuse; prints the figures and returns the exit status."""
    begun = resident(pid)
    async with Crowd(CLIENTS) as crowd:
        for url in (stock + ROW, ours + CLAIM, *(ours + path for path in PAGES)):
            await crowd.ask(url, Tally(), 0.5)
        warm = resident(pid)
        print(HEADER)
        tallies = await compare(crowd, ours, stock)
        peer, claim = tallies.values()
        for what, tally in tallies.items():
            print(tally.line(what, peer), flush=True)
        for path in PAGES:
            tallies[path] = Tally()
            await crowd.ask(ours + path, tallies[path], ROUNDS * SECONDS)
            print(tallies[path].line(path, peer), flush=True)
    others, endless = await abused(ours)
    print(f"\nwhile {ABUSERS} clients run a query that never ends, {READERS} others:\n{HEADER}")
    print(endless.line("the query itself, cut"))
    for path, tally in others.items():
        print(tally.line(path))
    end = resident(pid)
    print(f"\nresident memory: {begun:.0f} MB at the start, {warm:.0f} MB after a warm-up, {end:.0f} MB at the end")
    return verdict([*tallies.values(), *others.values(), endless], claim, peer, end / warm)


def verdict(every: list[Tally], claim: Tally, peer: Tally, growth: float) -> int:
    """Say what does not hold; the exit status."""
    wrong = []
    if errors := sum(sum(tally.failed.values()) for tally in every):
        wrong.append(f"{errors} requests failed")
    if not all(tally.taken for tally in every):
        wrong.append("a page never answered")
    for what, ratio in (("median", claim.median / peer.median), ("p99", claim.p99 / peer.p99)):
        if not ratio <= MOST:
            wrong.append(f"the claim page's {what} is {ratio:.2f} times the stock row page's; at most {MOST}")
    if growth > GROWTH:
        wrong.append(f"memory grew {growth:.2f} times after the warm-up; at most {GROWTH}")
    print("\n".join(wrong) or "all holds")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
