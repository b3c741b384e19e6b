"""The lock on a package: one writer at a time, and a name for whoever holds it.

The lock is on an open file (flock, through filelock), so it ends with its process, however that ends.
Its file lies in ``.onrecord/`` beside plan and journal; the folder is there only while a command is at
work, or after one was killed.
"""

from __future__ import annotations

import datetime as dt
import errno
import json
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from onrecord.findings import PackageError

__all__ = ["POLL", "STATE", "holder", "locked", "release", "take", "timeout"]

STATE = ".onrecord"
POLL = 0.05
_LOCK, _HOLDER = "lock", "holder.json"
_PATIENCE = 0.5


@contextmanager
def locked(root: Path, command: str) -> Iterator[None]:
    """Hold the lock of a folder; not reentrant. Whoever waits is told for whom, in one line on stderr.

    Raises PackageError when another command holds it for longer than ``timeout``, and OSError when
    the folder cannot be written.
    """
    handle = _wait(root)
    try:
        _sign(root, command)
        yield
    finally:
        release(root, handle)


def take(root: Path) -> int | None:
    """The lock file, open and locked, for ``release``; None while another process has it.

    Raises OSError when the folder cannot be written.
    """
    from filelock import lock_descriptor

    state = root / STATE
    if state.is_symlink():
        raise NotADirectoryError(errno.ENOTDIR, "it is a link; take it away", str(state))
    with suppress(FileExistsError):  # exist_ok would look again, when it may be gone
        state.mkdir()
    path = state / _LOCK
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o666)
    except FileNotFoundError:
        return None  # whoever had it has just taken the folder away
    mine = False
    try:
        with suppress(FileNotFoundError):  # a lock on a file that has lost its name binds nobody
            mine = lock_descriptor(handle, blocking=False) and os.path.samestat(os.fstat(handle), path.stat())
    finally:
        if not mine:
            os.close(handle)
    return handle if mine else None


def release(root: Path, handle: int) -> None:
    """Unlock, and leave nothing. The file goes while it is still locked: later it might be somebody else's."""
    state = root / STATE
    try:
        for path in (state / _HOLDER, *state.glob("*.new"), state / _LOCK):
            with suppress(OSError):
                path.unlink()
        with suppress(OSError):
            state.rmdir()
    finally:
        os.close(handle)


def holder(root: Path) -> str:
    """Who holds the lock, in words."""
    try:
        found: dict[str, Any] = json.loads((root / STATE / _HOLDER).read_bytes())
        return f"'{found['command']}' (process {found['pid']}, since {found['since']})"
    except (OSError, ValueError, LookupError, TypeError):
        return "another command"


def timeout() -> float:
    """How many seconds to wait for a lock: ONRECORD_LOCK_TIMEOUT, or 60.

    Raises PackageError when that is no number of seconds.
    """
    given = os.environ.get("ONRECORD_LOCK_TIMEOUT", "60")
    try:
        seconds = float(given)
    except ValueError:
        seconds = -1.0
    if not seconds >= 0:
        raise PackageError(f"ONRECORD_LOCK_TIMEOUT={given}: give a number of seconds")
    return seconds


def _wait(root: Path) -> int:
    longest, began, told = timeout(), time.monotonic(), ""
    while (handle := take(root)) is None:
        waited, who = time.monotonic() - began, holder(root)
        if waited >= longest:
            raise PackageError(f"{who} is writing to {root}; waited {longest:g} s for it; try again later")
        if waited >= _PATIENCE and who != told:
            print(f"onrecord: waiting for {who}, which is writing to {root}", file=sys.stderr)
            told = who
        time.sleep(POLL)
    return handle


def _sign(root: Path, command: str) -> None:
    """Say who holds the lock, for those who wait; where the disk is full they are told less."""
    since = dt.datetime.now().astimezone().isoformat(" ", "seconds")
    signature = json.dumps({"pid": os.getpid(), "command": command, "since": since})
    with suppress(OSError):
        (root / STATE / _HOLDER).write_text(signature, "utf-8")
