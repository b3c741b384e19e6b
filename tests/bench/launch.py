"""Run one command as a fresh process on some cores, and print as JSON how long it took and how much memory.

``python -S launch.py CORES SECONDS COMMAND…``, with CORES such as ``0,1`` and SECONDS after which it is ended. A script
of its own and small, because the kernel counts the memory of whoever starts a process as the least that the process
used. Memory is the larger of what the kernel recorded for the process, and the most that the process and all that it
started held together, looked at 50 times a second.
"""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

_EVERY = 0.02


def _tree(pid: int) -> list[int]:
    """A process and all that it started, as far as they run."""
    found = [pid]
    for each in found:
        try:
            for task in Path(f"/proc/{each}/task").iterdir():
                found += [int(child) for child in (task / "children").read_text().split()]
        except OSError:
            continue
    return found


def _resident(pids: list[int]) -> int:
    """The bytes that processes hold in memory, those shared between them counted for each."""
    pages = 0
    for pid in pids:
        try:
            pages += int(Path(f"/proc/{pid}/statm").read_text().split()[1])
        except OSError:
            continue
    return pages * os.sysconf("SC_PAGE_SIZE")


def main() -> None:
    """Start, wait, print."""
    cores, limit, command = sys.argv[1], float(sys.argv[2]), sys.argv[3:]

    def pin() -> None:
        if hasattr(os, "sched_setaffinity"):
            os.sched_setaffinity(0, {int(core) for core in cores.split(",")})

    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    most, late, ended = 0, False, threading.Event()
    begun = time.perf_counter()
    process = subprocess.Popen(command, preexec_fn=pin, start_new_session=True)

    def watch() -> None:
        nonlocal most, late
        while not ended.wait(_EVERY):
            tree = _tree(process.pid)
            if len(tree) > 1:
                most = max(most, _resident(tree))
            if time.perf_counter() - begun > limit and not late:
                late = True
                os.killpg(process.pid, signal.SIGKILL)

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        _, status, usage = os.wait4(process.pid, 0)
    except BaseException:
        os.killpg(process.pid, signal.SIGKILL)
        raise
    finally:
        seconds = time.perf_counter() - begun
        ended.set()
        watcher.join()
    unit = 1 if sys.platform == "darwin" else 1024
    answer = {
        "seconds": seconds,
        "bytes": max(most, usage.ru_maxrss * unit),
        "status": os.waitstatus_to_exitcode(status),
        "late": late,
    }
    sys.stderr.flush()
    sys.stdout.write("\n" + json.dumps(answer) + "\n")


if __name__ == "__main__":
    main()
