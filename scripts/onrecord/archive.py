"""The files of a package, in a folder or a zip archive: names and places are checked before anything is read."""

from __future__ import annotations

import copy
import stat
import struct
import unicodedata
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import chain
from pathlib import Path, PurePosixPath

from onrecord.findings import PackageError, shown

__all__ = ["MOST_BYTES", "MOST_RATIO", "Archive", "Folder", "path_problem"]

# What an archive may unpack to. Text packs about ten times, at best some fifty; Deflate cannot pack
# more than 1,032 times, and what packs more than 200 times is filler. Whoever trusts an archive
# beyond these limits unpacks it and names the folder, which has none.
MOST_BYTES = 2 * 2**30
MOST_RATIO = 200
_ALWAYS_FINE = 10 * 2**20
_LONGEST_NAME = 255
_LONGEST_PATH = 1000
_DEEPEST = 20
_DESCRIPTOR = "datapackage.json"

_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED = 0x1 | 0x40 | 0x2000
_BROKEN = (
    zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, struct.error, EOFError, OSError, ValueError,
    OverflowError, NotImplementedError, RuntimeError, MemoryError,
)  # fmt: skip


def path_problem(path: str) -> str:
    """Why a path must not be looked up in a package; empty where it may be.

    Only relative POSIX paths may: no drive, no scheme, no way up. Percent-encoded dots are a name
    like any other, since nothing here decodes them.
    """
    pure = PurePosixPath(path)
    if "\\" in path:
        return "has a backslash; write '/' between folders"
    if not path or pure.is_absolute() or ".." in pure.parts or ":" in path:
        return "leaves the package; write a path below the folder of the descriptor"
    if not path.isprintable():
        return "has characters that nobody sees; rename the file"
    if len(path) > _LONGEST_PATH or any(len(part.encode("utf-8")) > _LONGEST_NAME for part in pure.parts):
        return "is longer than file systems allow; rename the file"
    if len(pure.parts) > _DEEPEST:
        return f"lies more than {_DEEPEST} folders deep; move the file"
    return ""


class Folder:
    """The files below a folder. Links may lead about inside it, and not out of it."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @cached_property
    def _home(self) -> Path:
        return self.root.resolve()

    def check(self, paths: Iterable[str]) -> None:
        """Refuse links out of the folder, at these paths and directly below. Raises PackageError."""
        for path in paths:
            self._inside(path)
            for name in self.names(path):
                self._inside(f"{path}/{name}")

    def is_file(self, path: str) -> bool:
        """Whether there is a regular file. Raises PackageError for a link out of the folder."""
        return stat.S_ISREG(self._mode(path))

    def size(self, path: str) -> int:
        """The bytes of a file, 0 where there is none. Raises PackageError for a link out of the folder."""
        return self._inside(path).stat().st_size if self.is_file(path) else 0

    def names(self, path: str) -> list[str]:
        """The names of what lies directly in a folder, sorted; none where there is no such folder.

        Raises PackageError for a link out of the folder, a folder that cannot be read, and names
        that nobody could read in a report.
        """
        if not stat.S_ISDIR(self._mode(path)):
            return []
        try:
            names = sorted(p.name for p in self._inside(path).iterdir())
        except OSError as error:
            raise PackageError(f"{self.root}/{path}: cannot be read: {error.strerror}") from None
        for name in names:
            if not name.isprintable():
                raise PackageError(f"{self.root}/{path}: the name {shown(name)} has characters that nobody sees")
        return names

    def read(self, path: str) -> bytes:
        """The bytes of a file.

        Raises FileNotFoundError and IsADirectoryError, and PackageError for whatever else is no
        regular file, lies outside, or cannot be read.
        """
        mode = self._mode(path)
        if not mode:
            raise FileNotFoundError(path)
        if stat.S_ISDIR(mode):
            raise IsADirectoryError(path)
        if not stat.S_ISREG(mode):  # to open a pipe would wait for ever, and a device never ends
            raise PackageError(f"{self.root}/{path}: is no regular file; put the file itself there")
        try:
            return self._inside(path).read_bytes()
        except OSError as error:
            raise PackageError(f"{self.root}/{path}: cannot be read: {error.strerror}") from None
        except MemoryError:
            raise PackageError(f"{self.root}/{path}: is larger than the memory") from None

    def _mode(self, path: str) -> int:
        """The mode of what is there, links followed; 0 where there is nothing."""
        try:
            return self._inside(path).stat().st_mode
        except (FileNotFoundError, NotADirectoryError):
            return 0
        except OSError as error:
            raise PackageError(f"{self.root}/{path}: cannot be read: {error.strerror}") from None

    def _inside(self, path: str) -> Path:
        try:
            place = self.root.joinpath(*PurePosixPath(path).parts).resolve()
        except (OSError, RuntimeError):  # Python calls links that run in a circle a RuntimeError
            raise PackageError(f"{self.root}/{path}: its links lead nowhere; put the file itself there") from None
        if not place.is_relative_to(self._home):
            raise PackageError(f"{self.root}/{path}: is a link out of the package; put the file itself there")
        return place


class Archive:
    """The files of a zip archive, all of its entries checked when it is opened.

    Where the only descriptor lies in one folder at the top, that folder is what is seen.

    Raises PackageError for what is no archive, and for one that could do harm: names that lead out
    of it or mean two files, links, encryption, more data than a package has.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._zip = zipfile.ZipFile(path)
            size = path.stat().st_size
        except _BROKEN as error:
            raise PackageError(f"{path}: neither a folder nor a zip archive that can be read ({error})") from None
        entries = self._zip.infolist()
        for problem in chain(_entry_problems(entries), _name_problems(entries), _size_problems(entries, size)):
            raise PackageError(f"{path}: {problem}")
        self._files = {e.filename: e for e in entries if not e.is_dir()}
        self._folders = {e.filename.rstrip("/") for e in entries if e.is_dir()}
        self._folders |= {str(parent) for name in self._files for parent in PurePosixPath(name).parents}
        tops = [top for top in self._folders if f"{top}/{_DESCRIPTOR}" in self._files and "/" not in top]
        self._top = tops[0] if _DESCRIPTOR not in self._files and len(tops) == 1 else ""

    def is_file(self, path: str) -> bool:
        """Whether there is a file."""
        return self._full(path) in self._files

    def size(self, path: str) -> int:
        """The bytes of a file once it is unpacked, 0 where there is none."""
        return self._zip.getinfo(self._full(path)).file_size if self.is_file(path) else 0

    def names(self, path: str) -> list[str]:
        """The names of what lies directly in a folder, sorted; none where there is no such folder."""
        folder = PurePosixPath(self._full(path))
        every = (PurePosixPath(name) for name in (*self._files, *self._folders))
        return sorted({p.name for p in every if p.parent == folder and p.name})

    def read(self, path: str) -> bytes:
        """The bytes of a file.

        Raises FileNotFoundError and IsADirectoryError, and PackageError for a damaged entry.
        """
        full = self._full(path)
        if full in self._folders:
            raise IsADirectoryError(path)
        if full not in self._files:
            raise FileNotFoundError(path)
        entry = copy.copy(self._files[full])
        says = entry.file_size
        entry.file_size += 1  # one byte more is asked for than there should be, so that a lie shows
        try:
            with self._zip.open(entry) as stream:
                data = stream.read(says + 1)
        except _BROKEN as error:
            what = str(error) or "the archive ends too soon"
            raise PackageError(f"{self.path}/{path}: cannot be read: {what}") from None
        if len(data) != says:
            raise PackageError(f"{self.path}/{path}: cannot be read: it is not as long as the archive says")
        return data

    def _full(self, path: str) -> str:
        return str(PurePosixPath(self._top) / path)


def _entry_problems(entries: Iterable[zipfile.ZipInfo]) -> Iterator[str]:
    for entry in entries:
        name = shown(entry.orig_filename)
        for spelled in (entry.filename, entry.orig_filename):
            plain = spelled.removesuffix("/")
            if problem := path_problem(plain):
                yield f"the entry {name} {problem.partition(';')[0]}"
            elif "/".join(PurePosixPath(plain).parts) != plain:
                yield f"the entry {name} has a name that reads two ways"
        kind = stat.S_IFMT(entry.external_attr >> 16)
        if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
            yield f"the entry {name} is a link or a device"
        if entry.flag_bits & _ENCRYPTED:
            yield f"the entry {name} is encrypted; unpack the archive and name the folder"
        if entry.compress_type not in _METHODS:
            yield f"the entry {name} is packed by another method than Deflate; pack it anew"
        if entry.is_dir() and entry.file_size:
            yield f"the entry {name} is a folder with content of its own"


def _name_problems(entries: Iterable[zipfile.ZipInfo]) -> Iterator[str]:
    """Names that are one name on some file system, and names that are a file and a folder at once."""
    known: dict[str, tuple[str, bool]] = {}
    for entry in entries:
        pure = PurePosixPath(entry.filename)
        for place in (pure, *pure.parents[:-1]):
            folder = entry.is_dir() or place != pure
            folded = unicodedata.normalize("NFC", unicodedata.normalize("NFC", str(place)).casefold())
            other, was_folder = known.setdefault(folded, (str(place), folder))
            if other != str(place):
                yield f"the entries {shown(other)} and {shown(str(place))} have one name where case or accents do not count"
            elif folder != was_folder:
                yield f"the entry {shown(other)} is a file and a folder at once"
    for name, count in Counter(entry.filename for entry in entries).items():
        if count > 1:
            yield f"the entry {shown(name)} stands {count} times"


def _size_problems(entries: Iterable[zipfile.ZipInfo], size: int) -> Iterator[str]:
    sure = "if you trust it, unpack it and name the folder"
    for entry in entries:
        if entry.file_size > max(_ALWAYS_FINE, MOST_RATIO * entry.compress_size):
            yield f"the entry {shown(entry.orig_filename)} unpacks to more than {MOST_RATIO} times its size; {sure}"
    total = sum(entry.file_size for entry in entries)
    if total > MOST_BYTES:
        yield f"it unpacks to {total / 2**30:,.1f} GiB, more than {MOST_BYTES / 2**30:g}; {sure}"
    if sum(entry.compress_size for entry in entries) > size:
        yield "its entries are longer than the archive, so that they overlap or are cut off"
