"""``onrecord build`` of a package that is taken to be valid, to see what the building alone costs."""

from pathlib import Path
from unittest import mock

from onrecord.build import build
from onrecord.package import open_package
from onrecord.report import Report


def main(folder: Path, output: Path) -> None:
    with mock.patch("onrecord.validate.validate", lambda package, *_, **__: Report(package.label)):
        build(open_package(folder), output)
