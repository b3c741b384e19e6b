"""How long a check takes: cold, and again after one cell of each table has changed, beside Frictionless in the same run.

Run it with `make bench`. It asserts nothing: figures depend on the machine, ratios less.
"""

from __future__ import annotations

import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from conftest import ROOT
from onrecord.package import open_package
from onrecord.validate import Validator

ROUNDS = 5


def seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def change(path: Path) -> None:
    """Exchange the last two rows: every byte of the file is read anew, and what follows from it."""
    *head, one, two, end = path.read_bytes().split(b"\n")
    path.write_bytes(b"\n".join([*head, two, one, end]))


def main() -> None:
    import frictionless

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "package"
        shutil.copytree(ROOT / "dataset", folder / "dataset")
        shutil.copytree(ROOT / "schemas", folder / "schemas")
        shutil.copy(ROOT / "datapackage.json", folder)
        validator = Validator()

        def check() -> object:
            return validator.check(open_package(folder, faulty=True))

        def peer() -> object:
            return frictionless.validate(str(folder / "datapackage.json"))

        cold = seconds(check)
        peer()
        theirs = statistics.median(seconds(peer) for _ in range(ROUNDS))
        print(f"{'the first check of a process':40} {cold:6.3f} s  {cold / theirs:5.2f} of Frictionless")
        worst = 0.0
        for path in sorted((folder / "dataset").glob("*.csv")):
            if path.read_bytes().count(b"\n") < 3:
                continue
            times = []
            for _ in range(ROUNDS):
                change(path)
                times.append(seconds(check))
            middle = statistics.median(times)
            worst = max(worst, middle)
            print(f"{f'again after a save of {path.name}':40} {middle:6.3f} s  {middle / theirs:5.2f} of Frictionless")
        print(f"{'again, the slowest':40} {worst:6.3f} s  {worst / theirs:5.2f} of Frictionless")
        print(f"{'Frictionless, warm (fewer checks)':40} {theirs:6.3f} s   1.00 of Frictionless")


if __name__ == "__main__":
    main()
