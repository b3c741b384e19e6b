"""The replacement of several files as one step, which whoever comes next can finish or undo.

A write takes four steps, each durable before the next begins: the plan names the files that will
stand beside their places; they are written; the journal, renamed into place, decides; they are
renamed to their places. Killed before the journal, a command leaves the old files; killed after it,
all that is needed to make every file new.

Why each fsync: Pillai et al., All File Systems Are Not Created Equal (OSDI 2014).
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import re
import secrets
import stat
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from onrecord.findings import PackageError
from onrecord.lock import STATE

__all__ = ["STAGED", "Work", "half_done", "plan", "settle"]

STAGED = ".onrecord-new"
_PLAN, _JOURNAL = "plan.json", "journal.json"
_TOKEN = re.compile("[0-9a-f]{8}")


@dataclass
class Work:
    """The files of one write: their paths relative to the root, and hashes of what is there and of what comes.

    ``folders`` are those that had to be made for them; ``done`` says that all files are in their places.
    All of it happens under the lock of the root.
    """

    root: Path
    command: str
    token: str
    old: dict[str, str | None]
    new: dict[str, str | None]
    folders: list[str]
    done: bool = False

    def beside(self, name: str) -> Path:
        """Where new content is written: in the folder of its place, so that renaming is atomic, and hidden."""
        target = self.root / name
        return target.with_name(f".{target.name}.{self.token}{STAGED}")

    def prepare(self) -> None:
        """Say what will stand beside, then make it, empty. Raises OSError."""
        _save(self, _PLAN)
        _sync(self.root)
        for folder in self.folders:
            (self.root / folder).mkdir(exist_ok=True)
        for name in self.old:
            os.close(os.open(self.beside(name), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644))

    def decide(self) -> None:
        """Make durable what stands beside, then put the journal in place: from here on the write is finished.

        Raises OSError; nothing is decided then, or ``settle`` finds that it is.
        """
        for name in self.old:
            beside = self.beside(name)
            _keep_mode(self.root / name, beside)
            _sync(beside)
            self.new[name] = _digest(beside)
        self._sync_folders()
        _save(self, _JOURNAL)

    def finish(self) -> None:
        """Rename what is not renamed yet. Raises OSError, and PackageError for a file that is neither old nor new."""
        left, changed = self.left()
        if changed:
            raise PackageError(f"{changed[0]} was changed by something else meanwhile; nothing was written; run again")
        for name in left:
            self.beside(name).replace(self.root / name)
        self._sync_folders()
        self.done = True
        _remove(self.root, _JOURNAL)
        self.clear()

    def clear(self) -> None:
        """Take away what stands beside, and folders that were made for it and are empty. Raises OSError."""
        for name in self.old:
            with suppress(FileNotFoundError, NotADirectoryError):
                self.beside(name).unlink()
        for folder in reversed(self.folders):
            with suppress(OSError):
                (self.root / folder).rmdir()
        _remove(self.root, _PLAN)

    def untouched(self) -> bool:
        """Whether no file has been renamed, so that the old ones are whole."""
        return all(self.beside(name).exists() or _digest(self.root / name) == old for name, old in self.old.items())

    def left(self) -> tuple[list[str], list[Path]]:
        """What is still to be renamed, and the files that are neither as they were nor as they shall be."""
        left, changed = [], []
        for name, old in self.old.items():
            target, new = self.root / name, self.new[name]
            if not target.parent.is_dir():
                continue  # somebody took the folder away since, and with it all that was to be finished
            found = _digest(target)
            if found in (old, new) and _digest(self.beside(name)) == new:
                left.append(name)
            elif found != new:
                changed.append(target)
        return left, changed

    def _sync_folders(self) -> None:
        folders = {(self.root / name).parent for name in (*self.old, *self.folders)}
        for folder in sorted(f for f in folders if f.is_dir()):
            _sync(folder)


def plan(root: Path, command: str, names: list[str]) -> Work:
    """What a write of these files will be. Raises OSError when one cannot be read."""
    parents = {p for name in names for p in Path(name).parents if not (root / p).is_dir()}
    folders = [p.as_posix() for p in sorted(parents, key=lambda p: len(p.parts))]
    old = {name: _digest(root / name) for name in names}
    return Work(root, command, secrets.token_hex(4), old, dict.fromkeys(names), folders)


def half_done(root: Path) -> bool:
    """Whether files are being renamed, or a command was killed while it renamed them."""
    try:
        return (root / STATE / _JOURNAL).exists()
    except OSError:  # somebody else's, and hidden from us
        return False


def settle(root: Path) -> str:
    """Finish the write that was decided, and say which command's it was; undo the one that was not, and return "".

    Raises PackageError when disk or permissions forbid it, or when a file was edited in between; the
    next command tries again.
    """
    try:
        work = _load(root, _JOURNAL)
        if work is None:
            undecided = _load(root, _PLAN)
            if undecided is not None:
                undecided.clear()
            return ""
        return _settle_decided(work)
    except OSError as error:
        what = "finished" if half_done(root) else "tidied up"
        why = f"{error.filename or root}: {error.strerror or error}"
        raise PackageError(f"a write that was cut short cannot be {what}: {why}; mend that, and run again") from None


def _settle_decided(work: Work) -> str:
    try:
        work.finish()
    except (OSError, PackageError) as error:
        if work.untouched():  # then the old files are whole, and serve better than an error
            _remove(work.root, _JOURNAL)
            work.clear()
            return ""
        if isinstance(error, OSError):
            raise
        what = f"{work.left()[1][0]} was changed after '{work.command}' was cut short while it wrote that file"
        journal = work.root / STATE / _JOURNAL
        raise PackageError(f"{what}; make it as it should be, then delete {journal}") from None
    return work.command


def _save(work: Work, name: str) -> None:
    path = work.root / STATE / name
    files = {n: {"old": work.old[n], "new": work.new[n]} for n in work.old}
    content = {"command": work.command, "token": work.token, "folders": work.folders, "files": files}
    beside = path.with_name(f"{name}.new")
    beside.unlink(missing_ok=True)
    with beside.open("xb") as out:
        out.write(json.dumps(content, indent=2).encode("utf-8"))
        out.flush()
        os.fsync(out.fileno())
    beside.replace(path)
    _sync(path.parent)


def _load(root: Path, name: str) -> Work | None:
    path = root / STATE / name
    try:
        content = json.loads(_bytes(path))
        files: dict[str, dict[str, str | None]] = content["files"]
        old, new = ({n: f[key] for n, f in files.items()} for key in ("old", "new"))
        work = Work(root, str(content["command"]), content["token"], old, new, content["folders"])
        ours = (
            work.command.isprintable()
            and bool(_TOKEN.fullmatch(work.token))
            and all(_within(root, n) for n in (*old, *work.folders))
        )
    except FileNotFoundError:
        return None
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        ours = False
    if not ours:
        raise PackageError(f"{path} was not written by onrecord, or is damaged; look at it, then delete it")
    return work


def _bytes(path: Path) -> bytes:
    """The bytes of a regular file: to open a pipe would wait for ever. Raises ValueError for what is none."""
    if not stat.S_ISREG(path.stat().st_mode):
        raise ValueError(f"{path} is no regular file")
    return path.read_bytes()


def _within(root: Path, name: str) -> bool:
    """Whether a path of a journal stays in the folder: a journal may come with a stranger's package."""
    path = Path(name)
    plain = not path.is_absolute() and ".." not in path.parts and path.name != ""
    return plain and (root / path).parent.resolve().is_relative_to(root)


def _remove(root: Path, name: str) -> None:
    with suppress(FileNotFoundError):
        (root / STATE / name).unlink()
        _sync(root / STATE)  # otherwise a power failure brings it back


def _digest(path: Path) -> str | None:
    """A hash of a file; None where there is none."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):  # to open a pipe would wait for ever
            return "no regular file"
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except (FileNotFoundError, NotADirectoryError):
        return None


def _keep_mode(old: Path, new: Path) -> None:
    """Give a file the owner, where that is allowed, and the mode of the one that it will replace."""
    if old.exists():
        stat = old.stat()
        if hasattr(os, "chown"):
            with suppress(PermissionError):
                os.chown(new, stat.st_uid, stat.st_gid)
        new.chmod(stat.st_mode & 0o7777)


def _sync(path: Path) -> None:
    """Make durable the content of a file, or the names in a folder. Raises OSError."""
    windows, folder = os.name == "nt", path.is_dir()
    if windows and folder:
        return  # it opens no folders
    handle = os.open(path, os.O_RDWR if windows else os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno != errno.EINVAL or not folder:  # some file systems cannot sync a folder
            raise
    finally:
        os.close(handle)
