"""``onrecord build`` of a package that is taken to be valid, to see what the building alone costs."""

import sys
from pathlib import Path
from unittest import mock

from onrecord.build import build
from onrecord.package import open_package
from onrecord.report import Report


def main(folder: Path, output: Path) -> None:
    with mock.patch("onrecord.validate.validate", lambda package, *_, **__: Report(package.label)):
        build(open_package(folder), output)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
