"""What a terminal is shown beside the results: colour where it is wanted, progress where it takes long."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

__all__ = ["colour_wanted", "progress"]

_PATIENCE = 1.0


def colour_wanted(stream: TextIO) -> bool:
    """Whether a stream is a terminal that shows colours and nobody has asked for none (NO_COLOR, TERM=dumb)."""
    if not (stream.isatty() or {"FORCE_COLOR", "TTY_COMPATIBLE"} & os.environ.keys()):
        return False  # Rich would say so too, and takes a while to load
    from rich.console import Console

    console = Console(file=stream)
    return console.is_terminal and not console.no_color and console.color_system is not None


@contextmanager
def progress() -> Iterator[Callable[[str, int, int], None] | None]:
    """A progress bar on the error stream from the second second on; None where that is no terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn

    columns = TextColumn("{task.completed}/{task.total}"), BarColumn(), TextColumn("{task.description}", markup=False)
    bar = Progress(*columns, console=Console(stderr=True), transient=True)
    task = bar.add_task("")
    begun = time.monotonic()

    def tell(what: str, done: int, total: int) -> None:
        bar.update(task, description=what, completed=done, total=total)
        if not bar.live.is_started and time.monotonic() - begun > _PATIENCE:
            bar.start()

    try:
        yield tell
    finally:
        bar.stop()
