"""Every command that writes: killed at any moment, interrupted, on a full disk, in a folder that may not be written, twice at once."""

from __future__ import annotations

import csv
import io
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from conftest import copy_package
from onrecord.build import _database, build
from onrecord.built import is_stale
from onrecord.csvtable import canonical_csv
from onrecord.docs import codebook
from onrecord.findings import PackageError
from onrecord.fmt import fmt
from onrecord.journal import half_done
from onrecord.package import open_package
from onrecord.parquet import fresh_frames
from onrecord.store import STATE, recover, write_files
from test_store import Tree, killed, stepping, tree

LIMIT = 120
WRITERS = ["fmt", "docs", "build", "serve"]
WORK: dict[str, Callable[[Path], object]] = {
    "fmt": lambda root: fmt(open_package(root)),
    "docs": lambda root: write_files({root / "CODEBOOK.md": codebook(open_package(root)).encode()}),
    "build": lambda root: build(open_package(root)),
}
ENVIRONMENT = {**os.environ, "NO_COLOR": "1", "COLUMNS": "300", "ONRECORD_LOCK_TIMEOUT": str(LIMIT)}

# Roughly: the seconds that a command takes, those in which it writes, and the steps of that. Moments are drawn from
# these; what is asserted holds at any moment.
SPANS = {"fmt": (0.7, 0.1, 150), "docs": (0.6, 0.03, 30), "build": (4, 0.5, 170), "serve": (1, 0.03, 30)}

# The command as it is, but at a given step (a call that changes the disk) it gets a signal. How many there were it
# says at the end.
STEPWISE = """
import atexit, os, sys
step, number, folder = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
del sys.argv[1:4]
seen = 0
def tick():
    global seen
    seen += 1
    if seen == step:
        os.kill(os.getpid(), number)
def hook(event, args):
    changes = event in {"os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.chmod", "os.utime", "sqlite3.connect"}
    if changes or (event == "open" and args[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)):
        if str(args[0]).startswith(folder):
            tick()
def fsync(handle, sync=os.fsync):
    tick()
    sync(handle)
sys.addaudithook(hook)
os.fsync = fsync
atexit.register(lambda: print(seen, file=sys.stderr))
from onrecord.cli import main
main()
"""
LIMITED = """
import resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]),) * 2)
del sys.argv[1]
from onrecord.cli import main
main()
"""
HOLDING = """
import sys
from pathlib import Path
from onrecord.store import writing
with writing(Path(sys.argv[1]), "onrecord build"):
    print("held", flush=True)
    sys.stdin.read()
"""


def run(*arguments: object, **env: str) -> subprocess.CompletedProcess[str]:
    """``python ...`` to its end."""
    return subprocess.run(
        [sys.executable, *map(str, arguments)],
        capture_output=True, text=True, check=False, timeout=LIMIT, env={**ENVIRONMENT, **env},
    )  # fmt: skip


def onrecord(*arguments: object, **env: str) -> subprocess.CompletedProcess[str]:
    return run("-m", "onrecord", *arguments, **env)


@dataclass
class Scene:
    """A package in which a command has something to write, what it is afterwards, and how long that takes (see SPANS)."""

    command: str
    before: Path
    old: Tree
    new: Tree
    seconds: float
    writing: float
    steps: int

    def copy(self, folder: Path) -> Path:
        shutil.copytree(self.before, folder)
        return folder

    @contextmanager
    def started(self, root: Path, *wrapper: object) -> Iterator[subprocess.Popen[str]]:
        """The command at work, which is killed in the end if it lasts."""
        words = [*(wrapper or ("-m", "onrecord")), self.command, root]
        process = subprocess.Popen(
            [sys.executable, *map(str, words)], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, env=ENVIRONMENT
        )  # fmt: skip
        try:
            yield process
        finally:
            process.kill()
            process.wait()
            assert process.stderr is not None
            process.stderr.close()

    def finished(self, process: subprocess.Popen[str], root: Path) -> bool:
        """Whether the command ended; one that serves never does, and has then written what it writes."""
        if self.command == "serve":
            return not (root / STATE).exists() and (root / "build/metadata.json").read_bytes() != b"{}"
        return process.poll() is not None

    def end(self, root: Path) -> str:
        """Let the command do its work; returns what it says on stderr."""
        with self.started(root) as process:
            wait(lambda: self.finished(process, root) or process.poll() is not None)
            process.kill()
            assert process.stderr is not None
            return process.stderr.read()


def wait(done: Callable[[], bool], seconds: float = LIMIT) -> None:
    """Until something is so, or the seconds are over."""
    until = time.monotonic() + seconds
    while not done() and time.monotonic() < until:
        time.sleep(0.0005)


def quote(root: Path) -> None:
    """Write every table with more quotation marks than are needed."""
    for path in (root / "dataset").glob("*.csv"):
        out = io.StringIO()
        csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(
            csv.reader(path.open(encoding="utf-8", newline=""))
        )
        path.write_text(out.getvalue(), "utf-8", newline="\n")


def build_otherwise(root: Path) -> None:
    """Build a package, then edit it, so that it is to be built anew."""
    places = root / "dataset/places.csv"
    text = places.read_text("utf-8")
    places.write_text(text.replace("Pyongyang", "P'yŏngyang"), "utf-8")
    assert build(open_package(root))[1]
    places.write_text(text, "utf-8")


def prepare(command: str, folder: Path, built: Callable[[], Path]) -> None:
    if command == "serve":
        shutil.copytree(built(), folder)
        (folder / "build/metadata.json").write_bytes(b"{}")
        tomorrow = time.time() + 86_400  # so that it is not stale, whatever code is edited meanwhile
        os.utime(folder / "build/onrecord.db", (tomorrow, tomorrow))
        return
    copy_package(folder)
    if command == "fmt":
        quote(folder)
    elif command == "docs":
        (folder / "CODEBOOK.md").write_bytes(b"old")
    elif command == "build":
        build_otherwise(folder)


@pytest.fixture(scope="session")
def scenes(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Scene]:
    """The scene of a command, made when it is first asked for."""
    known: dict[str, Scene] = {}
    folder = tmp_path_factory.mktemp("scenes")

    def scene(command: str) -> Scene:
        if command not in known:
            before, after = folder / f"{command}-before", folder / f"{command}-after"
            for leftover in (before, after):  # of an attempt that failed
                shutil.rmtree(leftover, ignore_errors=True)
            prepare(command, before, lambda: (scene("build"), folder / "build-after")[1])
            found = Scene(command, before, tree(before), {}, *SPANS[command])
            root, began = found.copy(after), time.monotonic()
            if command == "build":  # in this process, where it need not import what takes seconds
                WORK[command](root)
            else:
                found.end(root)
                found.seconds = time.monotonic() - began
            found.new = tree(root)
            assert set(found.new) >= set(found.old)
            assert found.new != found.old
            known[command] = found
        return known[command]

    return scene


def kill(scene: Scene, root: Path, kind: str, fraction: float) -> None:
    """Start a command, and kill it at a moment: of all its time, of the time in which it writes, or at a step."""
    if kind == "step":
        wrapper = ("-c", STEPWISE, 1 + int(fraction * scene.steps), int(signal.SIGKILL), root)
        with scene.started(root, *wrapper) as process:
            wait(lambda: process.poll() is not None or scene.finished(process, root))
        return
    with scene.started(root) as process:
        if kind == "writing":
            wait(lambda: (root / STATE / "plan.json").exists() or process.poll() is not None)
        span = 1.2 * scene.seconds if kind == "clock" else 2 * scene.writing
        wait(lambda: process.poll() is not None, fraction * span)


def unlike(found: Tree, expected: Tree) -> list[str]:
    return sorted(p for p in {*found, *expected} if found.get(p, "absent") != expected.get(p, "absent"))


def outcome(scene: Scene, folder: Path, kind: str, fraction: float, again_as_command: bool) -> str:
    """Kill a command once, and say what is wrong then; "old" or "new" when nothing is."""
    root = scene.copy(folder / "package")
    kill(scene, root, kind, fraction)
    again = folder / "again"
    shutil.copytree(root, again)
    said = scene.end(again) if again_as_command else str(WORK[scene.command](again))
    if wrong := unlike(tree(again), scene.new):
        return f"the next {scene.command} leaves {wrong} otherwise: {said}"
    recover(root)
    found = tree(root)
    shutil.rmtree(folder)
    if found in (scene.old, scene.new):
        return "old" if found == scene.old else "new"
    return f"neither old ({unlike(found, scene.old)} differ) nor new ({unlike(found, scene.new)} differ)"


SAMPLES = {"fmt": 5, "docs": 5, "build": 2, "serve": 3}


@pytest.mark.parametrize(
    ("command", "count"),
    [*SAMPLES.items(), *(pytest.param(command, 100, marks=pytest.mark.slow) for command in WRITERS)],
)
def test_killed_at_random_moments(
    scenes: Callable[[str], Scene], tmp_path: Path, command: str, count: int, record_property: Callable[..., None]
) -> None:
    scene, chance = scenes(command), random.Random(f"{command} {count}")
    moments = [(("writing", "step", "clock")[n % 3], chance.random()) for n in range(count)]
    with ThreadPoolExecutor(2) as pool:
        commands = count > 5 or command != "build"  # which takes its time to start
        outcomes = list(pool.map(lambda m: outcome(scene, tmp_path / str(m[1]), *m, commands), moments))
    record_property("outcomes", {o: outcomes.count(o) for o in set(outcomes)})
    assert [(m, o) for m, o in zip(moments, outcomes, strict=True) if o not in ("old", "new")] == []


@pytest.mark.parametrize("command", WORK)
def test_killed_at_every_step(scenes: Callable[[str], Scene], tmp_path: Path, command: str) -> None:
    """What a kill leaves is what is on the disk at that moment, so one run shows them all."""
    scene = scenes(command)
    root, pool = scene.copy(tmp_path / "package"), {None: None}
    moments: list[Tree] = []

    def note(_: str) -> None:
        now = {path: pool.setdefault(data, data) for path, data in tree(root).items()}
        if not moments or now != moments[-1]:
            moments.append(now)

    with stepping(note):
        WORK[command](root)
    assert tree(root) == scene.new
    for number, moment in enumerate(moments):
        put(root, moment)
        recover(root)
        found = tree(root)
        wrong = min(unlike(found, scene.old), unlike(found, scene.new), key=len)
        assert wrong == [], f"at step {number} of {len(moments)}"


def test_a_command_that_only_reads_finishes_too(scenes: Callable[[str], Scene], tmp_path: Path) -> None:
    scene = scenes("fmt")
    root, moments = scene.copy(tmp_path / "package"), list[Tree]()
    with stepping(lambda name: moments.append(tree(root)) if name == "replace" and half_done(root) else None):
        WORK["fmt"](root)
    put(root, moments[len(moments) // 2])
    assert tree(root) not in (scene.old, scene.new)
    done = onrecord("fmt", "--check", root)
    assert done.returncode == 0, done
    assert "finished the write in which 'onrecord fmt' was killed" in done.stderr
    assert tree(root) == scene.new


def put(root: Path, content: Tree) -> None:
    """Make a folder hold this; what is already right is left alone."""
    found = tree(root)
    for path in sorted(set(found) - set(content), reverse=True):
        (root / path).rmdir() if found[path] is None else (root / path).unlink()
    for path, data in content.items():
        if data is None:
            (root / path).mkdir(exist_ok=True)
        elif found.get(path) != data:
            (root / path).write_bytes(data)


@pytest.mark.parametrize("command", ["fmt", *(pytest.param(c, marks=pytest.mark.slow) for c in ("docs", "build"))])
def test_an_interrupt_is_one_line_and_leaves_nothing(
    scenes: Callable[[str], Scene], tmp_path: Path, command: str
) -> None:
    scene = scenes(command)
    for number, step in enumerate(range(6, scene.steps - 6, max(1, scene.steps // 4))):
        root = scene.copy(tmp_path / str(number))
        done = run("-c", STEPWISE, step, int(signal.SIGINT), root, command, root)
        assert done.returncode == 2, done
        assert done.stderr.splitlines()[:-1] == ["onrecord: interrupted"]
        assert tree(root) in (scene.old, scene.new), step


def one_line(done: subprocess.CompletedProcess[str], words: str) -> None:
    assert done.returncode == 2, done
    assert done.stderr.startswith("onrecord: "), done
    assert done.stderr.count("\n") == 1, done
    assert words in done.stderr


@pytest.mark.parametrize(
    ("command", "size"),
    [
        *[("fmt", 5_000), ("docs", 5_000), ("serve", 10)],
        *(
            pytest.param(*p, marks=pytest.mark.slow)
            for p in [("fmt", 0), ("build", 0), ("build", 5_000), ("build", 200_000)]
        ),
    ],
)
def test_where_a_file_cannot_grow_nothing_is_changed(
    scenes: Callable[[str], Scene], tmp_path: Path, command: str, size: int
) -> None:
    root = scenes(command).copy(tmp_path / "package")
    one_line(run("-c", LIMITED, size, command, root), "cannot ")
    assert tree(root) == scenes(command).old


@contextmanager
def mounted(folder: Path, *options: str) -> Iterator[Path]:
    """A folder with something mounted on it, where that is allowed."""
    folder.mkdir(exist_ok=True)
    if (
        shutil.which("mount") is None
        or subprocess.run(["mount", *options, folder], capture_output=True, check=False).returncode
    ):
        pytest.skip("mounting is not allowed here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", folder], check=True)


@pytest.mark.parametrize(("command", "free"), [("fmt", 0), ("fmt", 100_000), ("docs", 30_000), ("build", 400_000)])
def test_on_a_full_disk_nothing_is_changed_and_with_room_all_is(
    scenes: Callable[[str], Scene], tmp_path: Path, command: str, free: int
) -> None:
    scene = scenes(command)
    with mounted(tmp_path / "disk", "-t", "tmpfs", "-o", "size=8m", "none") as disk:
        root, filler = scene.copy(disk / "package"), disk / "filler"
        room = os.statvfs(disk).f_bavail * os.statvfs(disk).f_frsize
        filler.write_bytes(bytes(max(0, room - free)))
        with pytest.raises(PackageError, match=r"^cannot [^\n]*; nothing was changed$"):
            WORK[command](root)
        assert tree(root) == scene.old
        filler.unlink()
        WORK[command](root)
        assert tree(root) == scene.new


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """A folder that cannot be written, not even by root."""
    if os.geteuid() == 0:
        with mounted(folder, "--bind", str(folder)):
            subprocess.run(["mount", "-o", "remount,ro,bind", folder], check=True)
            yield
        return
    paths = [folder, *(p for p in folder.rglob("*") if p.is_dir())]
    modes = [p.stat().st_mode for p in paths]
    try:
        for path in paths:
            path.chmod(0o555)
        yield
    finally:
        for path, mode in zip(paths, modes, strict=True):
            path.chmod(mode)


@pytest.mark.parametrize("command", ["fmt", "docs", pytest.param("build", marks=pytest.mark.slow)])
def test_in_a_read_only_folder_a_writer_says_so_in_one_line(
    scenes: Callable[[str], Scene], tmp_path: Path, command: str
) -> None:
    root = scenes(command).copy(tmp_path / "package")
    with read_only(root):
        one_line(onrecord(command, root), "cannot write")
        assert tree(root) == scenes(command).old


def test_a_half_done_write_in_a_read_only_folder_is_said(scenes: Callable[[str], Scene], tmp_path: Path) -> None:
    root = scenes("docs").copy(tmp_path / "package")
    put(root, {**tree(root), **killed(1)})
    with read_only(root), pytest.raises(PackageError, match="half done"):
        recover(root)


def test_a_protected_file_is_not_replaced(scenes: Callable[[str], Scene], tmp_path: Path) -> None:
    root = scenes("fmt").copy(tmp_path / "package")
    path = root / "dataset/claims.csv"
    chattr = os.geteuid() == 0
    if not chattr:
        path.chmod(0o444)
    elif (
        shutil.which("chattr") is None
        or subprocess.run(["chattr", "+i", path], capture_output=True, check=False).returncode
    ):
        pytest.skip("root can write everything here")
    try:
        one_line(onrecord("fmt", root), f"cannot write {path}: Permission denied")
        assert tree(root) == scenes("fmt").old
    finally:
        if chattr:
            subprocess.run(["chattr", "-i", path], check=True)


def test_writers_started_together_take_turns(scenes: Callable[[str], Scene], tmp_path: Path) -> None:
    root = scenes("fmt").copy(tmp_path / "package")
    (root / "CODEBOOK.md").write_bytes(b"old")
    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(lambda command: onrecord(command, root), ["fmt", "docs", "fmt", "docs"]))
    assert [d.returncode for d in done] == [0] * 4, done
    assert tree(root) == {**scenes("fmt").new, "CODEBOOK.md": scenes("docs").new["CODEBOOK.md"]}


@contextmanager
def holding(root: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the package."""
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDING, root], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=ENVIRONMENT
    )
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        yield holder
    finally:
        holder.kill()
        holder.communicate()


def test_the_second_waits_and_is_told_for_whom(scenes: Callable[[str], Scene], tmp_path: Path) -> None:
    scene = scenes("fmt")
    root = scene.copy(tmp_path / "package")
    with holding(root) as holder, scene.started(root) as process:
        assert process.stderr is not None
        said = process.stderr.readline()
        assert said.startswith(f"onrecord: waiting for 'onrecord build' (process {holder.pid}, since ")
        assert tree(root).items() >= scene.old.items()
        holder.communicate()  # its input ends, and it lets go
        assert process.wait(LIMIT) == 0
    assert tree(root) == scene.new


def test_one_that_does_not_wait_names_the_holder_and_a_killed_one_holds_nothing(
    scenes: Callable[[str], Scene], tmp_path: Path
) -> None:
    scene = scenes("fmt")
    root = scene.copy(tmp_path / "package")
    with holding(root) as holder:
        one_line(onrecord("fmt", root, ONRECORD_LOCK_TIMEOUT="0"), f"'onrecord build' (process {holder.pid}, since ")
        assert tree(root).items() >= scene.old.items()
        holder.send_signal(signal.SIGKILL)
        holder.wait(LIMIT)
        assert (root / STATE / "lock").exists()
        assert onrecord("fmt", root, ONRECORD_LOCK_TIMEOUT="0").returncode == 0
    assert tree(root) == scene.new


def test_what_another_command_wrote_meanwhile_is_what_is_read(scenes: Callable[[str], Scene], tmp_path: Path) -> None:
    root = scenes("fmt").copy(tmp_path / "package")
    opened = open_package(root)
    (root / "dataset/places.csv").rename(root / "dataset/sites.csv")
    descriptor = root / "datapackage.json"
    descriptor.write_bytes(descriptor.read_bytes().replace(b"dataset/places.csv", b"dataset/sites.csv"))
    assert root / "dataset/sites.csv" in fmt(opened)[0]
    assert build(opened)[1]


def test_an_edit_while_a_table_is_formatted_is_kept(scenes: Callable[[str], Scene], tmp_path: Path) -> None:
    root = scenes("fmt").copy(tmp_path / "package")
    places = root / "dataset/places.csv"

    def edit(*arguments: Any) -> bytes:
        if arguments[1] == ["place_id"]:
            places.write_bytes(b"edited")
        return canonical_csv(*arguments)

    with mock.patch("onrecord.fmt.canonical_csv", edit), pytest.raises(PackageError, match=r"places\.csv was changed"):
        fmt(open_package(root))
    assert tree(root) == {**scenes("fmt").old, "dataset/places.csv": b"edited"}


def test_an_edit_during_a_build_makes_it_stale(scenes: Callable[[str], Scene], tmp_path: Path) -> None:
    root = scenes("build").copy(tmp_path / "package")
    package = open_package(root)

    def edit(*arguments: Any) -> None:
        _database(*arguments)
        (root / "dataset/places.csv").touch()

    with mock.patch("onrecord.build._database", edit):
        assert build(package)[1]
    assert is_stale(package, root / "build/onrecord.db")
    assert fresh_frames(package) is None
