"""Writing files of a package, all or none, under its lock; and tidying up after a killed command."""

from __future__ import annotations

import errno
import os
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from onrecord.findings import PackageError
from onrecord.journal import STAGED, half_done, plan, settle
from onrecord.lock import POLL, STATE, holder, locked, release, take, timeout

__all__ = ["STAGED", "STATE", "Writer", "home", "recover", "write_files", "writing"]


def write_files(files: Mapping[Path, bytes], command: str = "onrecord") -> list[Path]:
    """Replace files of one package or folder, all or none, and return those that changed.

    Raises PackageError when another command holds the package, or disk or permissions forbid it;
    nothing is changed then.
    """
    if not files:
        return []
    root = home(Path(os.path.commonpath([p.absolute().parent for p in files])))
    recover(root)
    if not _changed(files):
        return []  # also where nothing may be written
    with writing(root, command) as writer:
        return writer.write(files)


def home(folder: Path) -> Path:
    """The folder whose lock and journal guard what is written below: the package around it, else itself."""
    folder = folder.resolve()
    around = (f for f in (folder, *folder.parents) if (f / "datapackage.json").is_file() and os.access(f, os.W_OK))
    return next(around, folder)


@contextmanager
def writing(root: Path, command: str) -> Iterator[Writer]:
    """Hold a folder for writing, once what a killed command left there is finished or undone.

    Whoever reads files in order to write them reads inside this. Not reentrant. A second command
    waits as many seconds as ONRECORD_LOCK_TIMEOUT says (60), and is told who holds the folder.

    Raises PackageError when it waited in vain, when the folder cannot be written, or when a file was
    edited by hand in the middle of a write that was cut short.
    """
    root = root.resolve()
    with ExitStack() as stack:
        with _told(root):
            root.mkdir(parents=True, exist_ok=True)
            stack.enter_context(locked(root, command))
        _settle(root)
        yield Writer(root, command)


def recover(root: Path) -> None:
    """Before reading a package: finish the write in which a command was killed, or undo it.

    Costs one stat where there is nothing to do. While another command is at work the files are read
    as they are, except that the moment in which it renames them is waited for.

    Raises PackageError when a write is half done and cannot be finished here, or when the renaming
    takes longer than ONRECORD_LOCK_TIMEOUT.
    """
    if not os.access(root / STATE, os.F_OK):
        return
    root = root.resolve()
    handle = _idle(root)
    if handle is None:
        return
    try:
        _settle(root)
    finally:
        release(root, handle)


def _idle(root: Path) -> int | None:
    """The lock of a folder where nobody is at work; None where the files can be read as they are."""
    began = time.monotonic()
    while True:
        why, patience = f"{holder(root)} does not end", timeout()
        try:
            if (handle := take(root)) is not None:
                return handle
        except OSError as error:  # who cannot write cannot know whether somebody is at work, and waits a moment
            why, patience = f"it cannot be finished here ({error.strerror or error})", min(patience, 1.0)
        if not half_done(root):
            return None
        if time.monotonic() - began >= patience:
            raise PackageError(f"{root}: a write is half done, and {why}; run 'onrecord fmt' where it can be written")
        time.sleep(POLL)


class Writer:
    """A folder held for writing; ``writing`` makes it."""

    def __init__(self, root: Path, command: str) -> None:
        self.root = root
        self.command = command

    def write(self, files: Mapping[Path, bytes], seen: Mapping[Path, bytes] | None = None) -> list[Path]:
        """Replace files, all or none, and return those that changed; equal ones stay as they are.

        ``seen`` holds the bytes from which the new ones were made.

        Raises PackageError when a file is no longer as it was seen, or disk or permissions forbid it;
        nothing is changed then.
        """
        for path, data in (seen or {}).items():
            if _changed({path: data}):
                raise PackageError(f"{path} was changed by something else meanwhile; nothing was written; run again")
        changed = _changed(files)
        with self.replacing(changed) as beside:
            for path in changed:
                beside[path].write_bytes(files[path])
        return changed

    @contextmanager
    def replacing(self, paths: Iterable[Path]) -> Iterator[dict[Path, Path]]:
        """Where to write the new content of each file; all take their places when the block ends without error.

        A link inside the folder is written through. Files keep mode and, where allowed, owner; new
        ones get 0644 less the umask.

        Raises PackageError for a path that leads out of the folder or is no file that may be written,
        and when disk or permissions forbid it, also inside the block; nothing is changed then.
        """
        with _told(self.root):
            names = {path: self._name(path) for path in paths}
            if len(set(names.values())) < len(names):
                raise PackageError(f"{self.root}: two of the files to write are one, by way of a link")
            work = plan(self.root, self.command, list(names.values()))
        if not names:
            yield {}
            return
        beside = {path: work.beside(name) for path, name in names.items()}
        try:
            work.prepare()
            yield beside
            work.decide()
            work.finish()
        except BaseException as error:
            finished = settle(self.root) or work.done
            if not isinstance(error, OSError):
                raise
            if not finished:
                places = {str(b): path for path, b in beside.items()}
                where = places.get(str(error.filename), error.filename) or self.root
                raise _in_words(error, "write", where, "; nothing was changed") from None

    def _name(self, path: Path) -> str:
        """Where a path really leads, relative to the root."""
        try:
            target = path.resolve()
        except RuntimeError:  # links in a circle, as Python before 3.13 says it
            raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(path)) from None
        if not target.is_relative_to(self.root):
            raise PackageError(f"{path} leads out of {self.root}, to {target}; put a file there instead of the link")
        if target.exists() and not target.is_file():
            raise PackageError(f"cannot write {path}: it is not a file")
        if target.exists() and not os.access(target, os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
        return target.relative_to(self.root).as_posix()


def _changed(files: Mapping[Path, bytes]) -> list[Path]:
    """The files that are not there, or have other bytes."""
    try:
        return [path for path, data in files.items() if not path.is_file() or path.read_bytes() != data]
    except OSError as error:
        raise _in_words(error, "read", error.filename) from None


def _settle(root: Path) -> None:
    if command := settle(root):
        print(f"onrecord: finished the write in which '{command}' was killed", file=sys.stderr)


@contextmanager
def _told(root: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise _in_words(error, "write", error.filename or root) from None


def _in_words(error: OSError, verb: str, where: object, more: str = "") -> PackageError:
    why = str(error.strerror or error).replace("\n", " ")
    return PackageError(f"cannot {verb} {where}: {why}{more}")
