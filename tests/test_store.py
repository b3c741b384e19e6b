"""What is written appears whole or not at all, whatever stops the writer and whenever."""

from __future__ import annotations

import errno
import io
import json
import os
import random
import stat
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from filelock import lock_descriptor
from hypothesis import given, settings
from hypothesis import strategies as st

from onrecord import lock
from onrecord.findings import PackageError
from onrecord.journal import half_done
from onrecord.store import STAGED, STATE, home, recover, write_files, writing

Tree = dict[str, bytes | None]

NAMES = ["one.csv", "dataset/two.csv", "dataset/three.csv", "build/four.db", "build/deep/five.csv"]
contents = st.dictionaries(st.sampled_from(NAMES), st.binary(max_size=3), min_size=1)
quick = settings(max_examples=20, deadline=None)

MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None  # thousands of small folders come and go
_OPEN = os.open


@pytest.fixture(autouse=True, scope="module")
def _swift() -> Iterator[None]:
    """The disk need not hurry: what it would lose in a power failure is simulated below."""
    with mock.patch.object(os, "fsync", return_value=None):
        yield


def tree(root: Path) -> Tree:
    """Everything in a folder: the bytes of files, None for folders."""
    return {p.relative_to(root).as_posix(): None if p.is_dir() else p.read_bytes() for p in sorted(root.rglob("*"))}


@contextmanager
def folder(content: Tree) -> Iterator[Path]:
    """A package that holds these files and folders."""
    with tempfile.TemporaryDirectory(dir=MEMORY) as name:
        root = Path(name).resolve()
        fill(root, {"datapackage.json": b"{}", **content})
        yield root


def fill(root: Path, content: Tree) -> None:
    for path, data in content.items():
        (root / path if data is None else (root / path).parent).mkdir(parents=True, exist_ok=True)
        if data is not None:
            (root / path).write_bytes(data)


def within(root: Path, content: dict[str, bytes]) -> dict[Path, bytes]:
    return {root / name: data for name, data in content.items()}


@contextmanager
def stepping(before: Callable[[str], None]) -> Iterator[None]:
    """Call ``before`` ahead of every call that changes the disk."""

    def watched(real: Callable[..., Any], name: str) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            changes = name != "io.open" or any(letter in str(args[1:2]) for letter in "wxa")
            if changes:
                before(name)
            return real(*args, **kwargs)

        return call

    with ExitStack() as stack:
        for name in ("open", "replace", "unlink", "mkdir", "rmdir", "chmod", "fsync"):
            stack.enter_context(mock.patch.object(os, name, watched(getattr(os, name), name)))
        stack.enter_context(mock.patch.object(io, "open", watched(io.open, "io.open")))
        yield


def recovered(moments: list[Tree]) -> list[Tree]:
    """What a folder holds once the next command has recovered it, at each moment; equal ones are tried once."""
    known: dict[str, Tree] = {}
    for moment in moments:
        if repr(moment) not in known:
            with folder(moment) as root:
                recover(root)
                known[repr(moment)] = tree(root)
    return [known[repr(moment)] for moment in moments]


def run(old: dict[str, bytes], new: dict[str, bytes], before: Callable[[Path, str], None]) -> tuple[Tree, Tree]:
    """Write files, step by step; returns what was there before and after."""
    with folder(dict(old)) as root:
        start = tree(root)
        with stepping(lambda name: before(root, name)):
            write_files(within(root, new), "onrecord test")
        return start, tree(root)


@quick
@given(contents, contents)
def test_killed_at_any_step_all_is_old_or_all_is_new(old: dict[str, bytes], new: dict[str, bytes]) -> None:
    moments: list[Tree] = []
    start, end = run(old, new, lambda root, _: moments.append(tree(root)))
    assert {name: end[name] for name in (*old, *new)} == old | new
    outcomes = recovered([start, *moments, end])
    turn = outcomes.index(end)
    assert outcomes[:turn] == [start] * turn
    assert outcomes[turn:] == [end] * (len(outcomes) - turn)


class Disk:
    """What a power failure leaves: what was synced, and of the rest whatever chance will.

    Of every folder either the names that were synced or those of now, of every file either content.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.held: dict[int, int] = {}  # open files, so that no inode is used twice
        self.synced = self.now()

    def now(self) -> dict[int, bytes | dict[str, int]]:
        found: dict[int, bytes | dict[str, int]] = {}
        for path in (self.root, *self.root.rglob("*")):
            inode = path.stat().st_ino
            if inode not in self.held:
                self.held[inode] = _OPEN(path, os.O_RDONLY)
            found[inode] = {p.name: p.stat().st_ino for p in path.iterdir()} if path.is_dir() else path.read_bytes()
        return found

    def sync(self, handle: int) -> None:
        inode = os.fstat(handle).st_ino
        self.synced[inode] = self.now()[inode]

    def image(self, chance: random.Random | None = None) -> Tree:
        now, found = self.now(), Tree()

        def walk(inode: int, path: str) -> None:
            is_folder = stat.S_ISDIR(os.fstat(self.held[inode]).st_mode)
            states = [self.synced.get(inode, {} if is_folder else b"")]
            states += [now[inode]] if inode in now else []
            state = chance.choice(states) if chance else states[0]
            if path:
                found[path.removeprefix("/")] = state if isinstance(state, bytes) else None
            for name, inner in state.items() if isinstance(state, dict) else ():
                walk(inner, f"{path}/{name}")

        walk(self.root.stat().st_ino, "")
        return found

    def close(self) -> None:
        for handle in self.held.values():
            os.close(handle)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows opens no folders")
@quick
@given(contents, contents, st.randoms(use_true_random=False))
def test_after_a_power_failure_all_is_old_or_all_is_new(
    old: dict[str, bytes], new: dict[str, bytes], chance: random.Random
) -> None:
    with folder(dict(old)) as root:
        disk = Disk(root)
        start, images = tree(root), []

        def fail(_: str) -> None:
            images.extend([disk.image(), disk.image(chance), disk.image(chance)])

        def fsync(handle: int) -> None:
            fail("fsync")
            disk.sync(handle)

        with mock.patch.object(os, "fsync", fsync), stepping(fail):
            write_files(within(root, new))
        end, last = tree(root), disk.image()
        disk.close()
    assert recovered([last]) == [end], "what was written is durable once the command ends"
    assert f"{STATE}/journal.json" not in last, "nor does a journal come back that later edits would contradict"
    assert all(outcome in (start, end) for outcome in recovered(images))


class Trouble:
    """Raises at a step, once or from then on."""

    def __init__(self, step: int, error: BaseException, lasting: bool = False) -> None:
        self.left, self.error, self.lasting = step, error, lasting

    def __call__(self, *_: object) -> None:
        self.left -= 1
        if self.left == -1 or (self.lasting and self.left < 0):
            raise self.error


OLD = {"one.csv": b"1", "dataset/two.csv": b"2"}
NEW = {"one.csv": b"one", "dataset/two.csv": b"two", "build/deep/five.csv": b"five"}


def steps() -> int:
    count: list[str] = []
    run(OLD, NEW, lambda _, name: count.append(name))
    return len(count)


@pytest.mark.parametrize("lasting", [False, True])
@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EFBIG, errno.EDQUOT, errno.EIO, errno.EROFS, errno.EACCES])
def test_an_error_at_any_step_is_one_line_and_nothing_is_half_done(code: int, lasting: bool) -> None:
    for step in range(steps()):
        with folder(dict(OLD)) as root:
            start, message = tree(root), ""
            with stepping(Trouble(step, OSError(code, os.strerror(code)), lasting)):
                try:
                    write_files(within(root, NEW), "onrecord test")
                except PackageError as error:
                    message = str(error)
            assert "\n" not in message
            left = tree(root)
            recover(root)
            end = tree(root)
            assert end in (start, {**start, "build": None, "build/deep": None, **NEW}), step
            if "nothing was changed" in message or not message:
                assert {p: d for p, d in left.items() if not p.startswith(STATE)} == end, step
                assert (end == start) == bool(message)


def test_an_interrupt_at_any_step_leaves_nothing_beside() -> None:
    for step in range(steps()):
        with folder(dict(OLD)) as root:
            start = tree(root)
            with stepping(Trouble(step, KeyboardInterrupt())), pytest.raises(KeyboardInterrupt):
                write_files(within(root, NEW))
            left = {p: d for p, d in tree(root).items() if not p.startswith(STATE)}
            assert left in (start, {**start, "build": None, "build/deep": None, **NEW}), step
            recover(root)
            assert tree(root) == left


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A package of two files."""
    fill(tmp_path, {"datapackage.json": b"{}", **OLD})
    return tmp_path


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """A lock that is not waited for."""
    monkeypatch.setenv("ONRECORD_LOCK_TIMEOUT", "0")


def killed(after: int) -> Tree:
    """A package whose writer was killed after so many files were renamed."""
    moments: list[Tree] = []

    def note(root: Path, name: str) -> None:
        if half_done(root) and name == "replace":
            moments.append(tree(root))

    run(OLD, NEW, note)
    return moments[after]


def test_what_does_not_change_is_not_written(root: Path) -> None:
    with stepping(Trouble(0, AssertionError("touched"))):
        assert write_files(within(root, OLD)) == []
        assert write_files({}) == []
        recover(root)
    assert write_files(within(root, {**OLD, "one.csv": b"new"})) == [root / "one.csv"]


def test_whoever_cannot_wait_is_told_who_writes(root: Path, hurried: None) -> None:
    with writing(root, "onrecord build"):
        with pytest.raises(PackageError, match=rf"'onrecord build' \(process {os.getpid()}, since 2.* is writing to"):
            write_files(within(root, NEW))
        assert (root / "one.csv").read_bytes() == b"1"
    assert len(write_files(within(root, NEW))) == 3


def test_whoever_waits_is_told_for_whom(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = threading.Event()

    def tell(*args: Any, **kwargs: Any) -> None:
        print(*args, **kwargs)
        told.set()

    with mock.patch.object(lock, "print", tell, create=True), mock.patch.object(lock, "_PATIENCE", 0):
        with writing(root, "onrecord build"):
            other = threading.Thread(target=lambda: write_files(within(root, NEW)))
            other.start()
            assert told.wait(30)
        other.join(30)
    assert (root / "one.csv").read_bytes() == b"one"
    assert "waiting for 'onrecord build' (process" in capsys.readouterr().err


def test_writers_take_turns(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lock, "POLL", 0.001)
    counter = root / "counter"
    counter.write_bytes(b"0")

    def count() -> None:
        for _ in range(10):
            with writing(root, "onrecord test") as writer:
                writer.write({counter: str(int(counter.read_bytes()) + 1).encode()})

    threads = [threading.Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert counter.read_bytes() == b"40"
    assert not (root / STATE).exists()


@pytest.mark.parametrize("third", [False, True])
def test_a_lock_whose_file_was_taken_away_is_none(root: Path, third: bool) -> None:
    """One opens the file, the holder lets go and takes it away, a third may make it anew: then the first locks it."""
    held = [lock.take(root)]

    def late(handle: int, blocking: bool) -> bool:
        if (mine := held.pop()) is not None:
            held.append(None)
            lock.release(root, mine)
            held.append(lock.take(root) if third else None)
        return lock_descriptor(handle, blocking=blocking)

    with mock.patch("filelock.lock_descriptor", late):
        assert lock.take(root) is None


@pytest.mark.parametrize("given", ["soon", "-1", "nan", ""])
def test_a_wrong_timeout_is_said(root: Path, monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    monkeypatch.setenv("ONRECORD_LOCK_TIMEOUT", given)
    with pytest.raises(PackageError, match="ONRECORD_LOCK_TIMEOUT="):
        write_files(within(root, NEW))


def test_a_reader_reads_on_beside_a_writer_but_not_amid_its_renaming(root: Path, hurried: None) -> None:
    start = tree(root)
    with writing(root, "onrecord build") as writer, writer.replacing([root / "one.csv"]) as beside:
        beside[root / "one.csv"].write_bytes(b"one")
        recover(root)
        assert {p: d for p, d in tree(root).items() if p in start} == start
    assert (root / "one.csv").read_bytes() == b"one"
    fill(root, killed(1))
    handle = lock.take(root)
    assert handle is not None
    with pytest.raises(PackageError, match="half done"):
        recover(root)
    lock.release(root, handle)
    recover(root)
    assert (root / "dataset/two.csv").read_bytes() == b"two"


def test_what_a_killed_command_began_is_finished_and_said(capsys: pytest.CaptureFixture[str]) -> None:
    with folder(killed(1)) as root:
        recover(root)
        assert {name: (root / name).read_bytes() for name in NEW} == NEW
    assert "finished the write in which 'onrecord test' was killed" in capsys.readouterr().err


def test_a_writer_finishes_what_a_killed_one_began() -> None:
    with folder(killed(1)) as root, writing(root, "onrecord fmt") as writer:
        assert {name: (root / name).read_bytes() for name in NEW} == NEW
        assert writer.write(within(root, OLD)) == list(within(root, OLD))


def test_what_a_killed_one_left_goes_also_where_there_is_nothing_to_write() -> None:
    with folder(killed(2)) as root:
        (root / "build/deep/five.csv").write_bytes(NEW["build/deep/five.csv"])
        assert write_files(within(root, NEW)) == []
        assert tree(root) == {"datapackage.json": b"{}", "dataset": None, "build": None, "build/deep": None, **NEW}


def test_an_edit_after_a_kill_is_kept() -> None:
    with folder(killed(0)) as root:  # nothing was renamed yet, so nothing needs to be
        (root / "one.csv").write_bytes(b"edited")
        recover(root)
        assert tree(root) == {"datapackage.json": b"{}", "dataset": None, **OLD, "one.csv": b"edited"}
    with folder(killed(1)) as root:
        (root / "dataset/two.csv").write_bytes(b"edited")
        with pytest.raises(
            PackageError,
            match=rf"two\.csv was changed after 'onrecord test' was cut short .* then delete .*{STATE}/journal\.json",
        ):
            recover(root)
        assert (root / "dataset/two.csv").read_bytes() == b"edited"
        (root / STATE / "journal.json").unlink()
        recover(root)
        assert tree(root) == {
            "datapackage.json": b"{}",
            "dataset": None,
            "one.csv": b"one",
            "dataset/two.csv": b"edited",
        }


def test_a_folder_taken_away_after_a_kill_is_no_hindrance() -> None:
    with folder(killed(2)) as root:
        for path in sorted((root / "build").rglob("*"), reverse=True):
            path.rmdir() if path.is_dir() else path.unlink()
        (root / "build").rmdir()
        recover(root)
        assert tree(root) == {"datapackage.json": b"{}", "dataset": None, **{n: NEW[n] for n in OLD}}


def test_what_stands_beside_may_be_cleaned_away_before_anything_is_renamed() -> None:
    with folder(killed(0)) as root:
        for path in root.rglob(f"*{STAGED}"):
            path.unlink()
        recover(root)
        assert {name: (root / name).read_bytes() for name in OLD} == OLD


def test_a_file_changed_while_its_new_form_is_made_is_not_overwritten(root: Path) -> None:
    with writing(root, "onrecord fmt") as writer, pytest.raises(PackageError, match="changed by something else"):
        writer.write({root / "one.csv": b"one"}, seen={root / "one.csv": b"before"})
    with (
        writing(root, "onrecord fmt") as writer,
        pytest.raises(PackageError, match="changed by something else"),
        writer.replacing([root / "one.csv", root / "dataset/two.csv"]),
    ):
        (root / "dataset/two.csv").write_bytes(b"edited")  # in the last moment
    assert tree(root) == {"datapackage.json": b"{}", "dataset": None, "one.csv": b"1", "dataset/two.csv": b"edited"}


def test_modes_are_kept_and_new_files_are_readable(root: Path) -> None:
    (root / "one.csv").chmod(0o600)
    (root / "dataset/two.csv").chmod(0o664)
    before = os.umask(0o027)
    try:
        write_files(within(root, NEW))
    finally:
        os.umask(before)
    modes = [stat.S_IMODE((root / name).stat().st_mode) for name in NEW]
    assert modes == [0o600, 0o664, 0o640]


def test_a_link_in_the_package_is_written_through(root: Path) -> None:
    (root / "link.csv").symlink_to("dataset/two.csv")
    assert write_files({root / "link.csv": b"two"}) == [root / "link.csv"]
    assert (root / "link.csv").is_symlink()
    assert (root / "dataset/two.csv").read_bytes() == b"two"
    with pytest.raises(PackageError, match="two of the files"):
        write_files({root / "link.csv": b"a", root / "dataset/two.csv": b"b"})


@pytest.mark.parametrize("target", ["../outside.csv", "circle.csv", "dataset"])
def test_a_link_that_leads_elsewhere_is_refused(tmp_path: Path, target: str) -> None:
    root = tmp_path / "package"
    fill(tmp_path, {"outside.csv": b"outside", "package/datapackage.json": b"{}", "package/dataset/two.csv": b"2"})
    (root / "circle.csv").symlink_to(target)
    before = (tmp_path / "outside.csv").read_bytes()
    with pytest.raises(PackageError) as refused:
        write_files({root / "circle.csv": b"new", root / "dataset/two.csv": b"two"})
    assert "\n" not in str(refused.value)
    assert (root / "circle.csv").is_symlink()
    assert (root / "dataset/two.csv").read_bytes() == b"2"
    assert (tmp_path / "outside.csv").read_bytes() == before


def test_a_folder_outside_a_package_guards_itself(tmp_path: Path) -> None:
    assert home(tmp_path / "package/build") == tmp_path / "package/build"
    fill(tmp_path, {"package/datapackage.json": b"{}"})
    assert home(tmp_path / "package/build") == tmp_path / "package"
    with mock.patch.object(os, "access", return_value=False):  # a package that cannot be written guards nothing
        assert home(tmp_path / "package/build") == tmp_path / "package/build"
    write_files({tmp_path / "new/folder/one": b"1"})
    assert tree(tmp_path / "new") == {"folder": None, "folder/one": b"1"}


@pytest.mark.parametrize(
    "change",
    [
        {"files": {"../victim": {"old": None, "new": None}}},
        {"folders": ["../victim"]},
        {"files": {"/victim": {"old": None, "new": None}}},
        {"files": {"elsewhere/victim": {"old": None, "new": None}}},
        {"token": "*"},
        {"token": 1},
        {"files": []},
    ],
)
@pytest.mark.parametrize("name", ["plan.json", "journal.json"])
def test_a_strangers_journal_reaches_nothing_outside(tmp_path: Path, name: str, change: dict[str, Any]) -> None:
    root, other = tmp_path / "package", tmp_path / "victims"
    content = {"command": "x", "token": "00000000", "folders": [], "files": {}, **change}
    fill(tmp_path, {f"package/{STATE}/{name}": json.dumps(content).encode(), "package/datapackage.json": b"{}"})
    (root / "elsewhere").symlink_to(other)
    for folder in (tmp_path, other):
        fill(folder, {f".victim.00000000{STAGED}": b"kept", "victim": b"kept"})
    before = tree(tmp_path)
    with pytest.raises(PackageError, match="not written by onrecord, or is damaged"):
        recover(root)
    assert {p: d for p, d in tree(tmp_path).items() if "lock" not in p} == before


@pytest.mark.parametrize("text", [b"", b"{", b"[]", b"\xff", b"null"])
def test_a_damaged_journal_is_said_and_kept(root: Path, text: bytes) -> None:
    fill(root, {f"{STATE}/journal.json": text})
    with pytest.raises(PackageError, match="or is damaged; look at it"):
        recover(root)
    assert half_done(root)


def test_a_state_folder_that_is_a_link_is_refused(root: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    other = tmp_path_factory.mktemp("other")
    fill(other, {"lock": b"kept", "holder.json": b"kept"})
    (root / STATE).symlink_to(other)
    with pytest.raises(PackageError, match="it is a link"):
        write_files(within(root, NEW))
    assert tree(other) == {"lock": b"kept", "holder.json": b"kept"}


def test_where_nothing_can_be_written_one_reads_unless_a_write_is_half_done(hurried: None) -> None:
    def refuse(path: object, *_: object, **__: object) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS), str(path))

    for state, allowed in ((killed(0), False), ({f"{STATE}/plan.json": b"{"}, True)):
        with folder(state) as root, mock.patch.object(os, "open", refuse):
            with nullcontext() if allowed else pytest.raises(PackageError, match="Read-only"):
                recover(root)
            with pytest.raises(PackageError, match="Read-only file system"):
                write_files(within(root, {"one.csv": b"x"}))
