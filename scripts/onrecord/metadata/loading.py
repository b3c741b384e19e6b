"""Whether the files of a release load as croissant.json tells: bytes, columns and numbers of rows, by mlcroissant."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from onrecord.findings import shown
from onrecord.metadata.croissant import asks_elsewhere

__all__ = ["loads"]

_MOST_SECONDS = 600
_AGAIN = "make the release anew"

Told = Mapping[str, Any]


def loads(croissant: Path) -> list[str]:
    """What is wrong with the files beside a croissant.json and in its archive: sentences, none when all loads.

    mlcroissant compares the bytes of the archive and reads every column; the bytes of the files in
    the archive, which it does not compare, are compared here. Rows are compared with what the file
    tells and with what the descriptor in the archive tells.
    """
    try:
        told = json.loads(croissant.read_bytes())
        if asks_elsewhere(told):
            return [f"{croissant}: has another @context than ours; {_AGAIN}"]
        files = {one["@id"]: one for one in told["distribution"]}
        tables = {one["@id"]: one["field"][0]["source"]["fileObject"]["@id"] for one in told["recordSet"]}
        found = list(_changed(croissant.parent, files))
        rows = {table: files[file].get("size", {}).get("value") for table, file in tables.items()}
        stated = {} if found else _descriptor_rows(croissant.parent, files)
    except OSError as error:
        return [f"{croissant}: cannot be read: {error.strerror}"]
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return [f"{croissant}: does not tell files and tables as ours do; {_AGAIN}"]
    return found or list(_compared(_records(croissant), rows, stated))


def _changed(folder: Path, files: Mapping[str, Told]) -> Iterator[str]:
    """The files whose bytes are not those told, or that are not there."""
    for name, one in files.items():
        inside = one.get("containedIn", {}).get("@id", "")
        try:
            data = _bytes(folder, str(files[inside]["contentUrl"]) if inside else "", str(one["contentUrl"]))
        except (KeyError, FileNotFoundError):
            yield f"{shown(name)} is missing{f' from {inside}' if inside else ''}; {_AGAIN}"
        except (zipfile.BadZipFile, ValueError, RuntimeError, NotImplementedError, OSError) as error:
            yield f"{shown(name)} cannot be read ({error}); {_AGAIN}"
        else:
            if hashlib.sha256(data).hexdigest() != one["sha256"]:
                yield f"{shown(name)} was changed: its bytes are not those that croissant.json names; {_AGAIN}"


def _bytes(folder: Path, archive: str, name: str) -> bytes:
    at = folder / (archive or name)
    if not at.resolve().is_relative_to(folder.resolve()) or "://" in (archive or name):
        raise ValueError("it does not lie beside croissant.json")
    if not archive:
        return at.read_bytes()
    with zipfile.ZipFile(at) as opened:
        return opened.read(name)


def _descriptor_rows(folder: Path, files: Mapping[str, Told]) -> dict[str, Any]:
    """Rows of each table as the descriptor in an archive tells them; none where it does not."""
    found: dict[str, Any] = {}
    for archive in {str(one["containedIn"]["@id"]) for one in files.values() if "containedIn" in one}:
        with zipfile.ZipFile(folder / archive) as opened:
            names = [n for n in opened.namelist() if n.split("/")[-1] == "datapackage.json"]
            for name in sorted(names, key=len)[:1]:
                resources = json.loads(opened.read(name)).get("resources", [])
                found |= {one["name"]: one["rows"] for one in resources if "rows" in one}
    return found


def _records(croissant: Path) -> dict[str, int | str]:
    """Record set → number of records, or what went wrong.

    mlcroissant keeps what it unpacks under the name of the archive, and would take the unpacked
    files of another archive of that name for this one's. So it runs as a process of its own, with a
    place to keep things that is gone afterwards; it reads where that is once, at the import.
    """
    with tempfile.TemporaryDirectory() as kept:
        done = subprocess.run(  # noqa: S603  # our own interpreter and module
            [sys.executable, "-m", "onrecord.metadata.loading", str(croissant.resolve())],
            env={**os.environ, "CROISSANT_CACHE": kept},
            capture_output=True, text=True, encoding="utf-8", check=False, timeout=_MOST_SECONDS,
        )  # fmt: skip
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["it says nothing"])[-1]
        return {"croissant.json": last}
    return dict(json.loads(done.stdout.splitlines()[-1]))


def _compared(records: Mapping[str, int | str], rows: Told, stated: Told) -> Iterator[str]:
    for table, count in records.items():
        if isinstance(count, str):
            yield f"{table} does not load: {' '.join(count.split())[:300]}; {_AGAIN}"
            continue
        for teller, number in (("croissant.json", rows.get(table)), ("datapackage.json", stated.get(table))):
            if number is not None and number != count:
                yield f"{table} has {count} records where {teller} tells {number}; {_AGAIN}"


def _main(path: str) -> None:
    """Print one JSON object: record set → number of records, or what went wrong."""
    import mlcroissant  # type: ignore[import-untyped]

    told: dict[str, int | str] = {}
    dataset = mlcroissant.Dataset(jsonld=path)
    for one in dataset.metadata.record_sets:
        try:
            told[one.uuid] = sum(1 for _ in dataset.records(one.uuid))
        except Exception as error:  # noqa: BLE001  # it raises errors of a dozen libraries; each means "cannot be loaded"
            told[one.uuid] = _first_cause(error)
    print(json.dumps(told))


def _first_cause(error: BaseException) -> str:
    """What was raised first: what mlcroissant raises over it tells only the operation."""
    while error.__cause__ or error.__context__:
        error = error.__cause__ or error.__context__  # type: ignore[assignment]
    return str(error) or type(error).__name__


if __name__ == "__main__":
    _main(sys.argv[1])
