"""What ``onrecord build`` does for SQLite alone, as a whole process: what the sqlite3 shell is asked to do.

``python -m bench.build FOLDER DATABASE`` makes the tables, keys, indexes and full text of a package; the flat table is
taken from the build of the package, as the shell takes it, and nothing is validated.
"""

from __future__ import annotations

import sys
from pathlib import Path
from unittest import mock

from onrecord import build, database
from onrecord.database import FLAT, flat_schema
from onrecord.package import open_package

__all__ = ["main"]


def main(folder: Path, path: Path) -> None:
    package = open_package(folder)
    flat = flat_schema(package)

    def derive(connection: object, *_: object) -> None:
        database.create(connection, {FLAT: flat})
        database.insert(connection, flat, build._rows(folder / "build/flat.csv", flat))

    path.unlink(missing_ok=True)
    with mock.patch("onrecord.database.derive", derive):
        build._database(package, {name: folder / package.path(name) for name in package.names}, path)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
