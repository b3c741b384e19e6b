"""Records of a large CSV by number: where they stand, what they hold, and a copy with some of them replaced."""

from __future__ import annotations

import csv
import os
from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO

import numpy as np

__all__ = ["Records"]

_CHUNK = 1 << 24


class Records:
    """The records of one CSV after its header, numbered from 0.

    ``broken`` are the records that hold one line break each; all others are one line.
    """

    def __init__(self, path: Path, broken: range) -> None:
        self.path, self._broken = path, broken
        self._file = path.open("rb")
        size = path.stat().st_size
        ends = [
            np.flatnonzero(np.frombuffer(self._read(at, at + _CHUNK), dtype=np.uint8) == 10) + (at + 1)
            for at in range(0, size, _CHUNK)
        ]
        self._starts = np.concatenate([np.zeros(1, np.int64), *ends])
        self.columns = self._cells(0, int(self._starts[1]))

    def __len__(self) -> int:
        return len(self._starts) - 2 - len(self._broken)

    def line(self, record: int) -> int:
        """The line, from 1, on which a record begins."""
        before = len(range(self._broken.start, min(record, self._broken.stop), self._broken.step))
        return record + 2 + before

    def has_break(self, record: int) -> bool:
        """Whether a record holds a line break."""
        return record in self._broken

    def raw(self, record: int) -> bytes:
        """The bytes of a record, its line end included."""
        return self._read(*self._place(record))

    def cells(self, record: int) -> dict[str, str]:
        """The cells of a record by column."""
        return dict(zip(self.columns, self._cells(*self._place(record)), strict=True))

    def write(self, replaced: Mapping[int, bytes]) -> None:
        """Replace records by other bytes; the file as it was stays readable here."""
        staged = self.path.with_suffix(".new")
        with staged.open("wb") as out:
            done = 0
            for record in sorted(replaced):
                start, end = self._place(record)
                self._copy(done, start, out)
                out.write(replaced[record])
                done = end
            self._copy(done, int(self._starts[-1]), out)
        staged.replace(self.path)

    def _read(self, start: int, end: int) -> bytes:
        return os.pread(self._file.fileno(), end - start, start)

    def _copy(self, start: int, end: int, out: BinaryIO) -> None:
        out.writelines(self._read(at, min(at + _CHUNK, end)) for at in range(start, end, _CHUNK))

    def _place(self, record: int) -> tuple[int, int]:
        return int(self._starts[self.line(record) - 1]), int(self._starts[self.line(record + 1) - 1])

    def _cells(self, start: int, end: int) -> list[str]:
        text = self._read(start, end).decode("utf-8")
        return next(csv.reader([text])) if '"' not in text else next(csv.reader(text.splitlines(keepends=True)))
