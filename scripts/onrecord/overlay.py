"""A folder with some of its files replaced in memory, so that what is to be written can be checked before."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from onrecord.archive import Folder

__all__ = ["Overlay"]


class Overlay:
    """The files of a folder, some with other bytes than on disk; ``files`` are these, by relative path."""

    def __init__(self, root: Path, files: Mapping[str, bytes]) -> None:
        self._folder = Folder(root)
        self._files = files

    def is_file(self, path: str) -> bool:
        """Whether there is a file at this relative path."""
        return path in self._files or self._folder.is_file(path)

    def size(self, path: str) -> int:
        """The bytes of a file, 0 where there is none."""
        return len(self._files[path]) if path in self._files else self._folder.size(path)

    def names(self, path: str) -> list[str]:
        """What lies directly in a folder on disk, sorted."""
        return self._folder.names(path)

    def read(self, path: str) -> bytes:
        """The bytes of a file. Raises as ``Folder.read`` does."""
        return self._files[path] if path in self._files else self._folder.read(path)
