"""Load every record set of a Croissant file with mlcroissant, as a process of its own, and print how many records came.

mlcroissant keeps what it unpacks under the name of the archive, and would take the unpacked files of
another archive of that name for this one's: so whoever calls this gives it a folder of its own to
keep things in, by CROISSANT_CACHE, which is read once, at the import.
"""

from __future__ import annotations

import json
import sys

__all__ = ["main"]


def main(path: str) -> None:
    """Print one JSON object: name of the record set → number of records, or what went wrong."""
    import mlcroissant  # type: ignore[import-untyped]

    told: dict[str, int | str] = {}
    dataset = mlcroissant.Dataset(jsonld=path)
    for one in dataset.metadata.record_sets:
        try:
            told[one.uuid] = sum(1 for _ in dataset.records(one.uuid))
        except Exception as error:  # noqa: BLE001  # it raises errors of a dozen libraries; each means "cannot be loaded"
            told[one.uuid] = str(error.__cause__ or error)
    print(json.dumps(told))


if __name__ == "__main__":
    main(sys.argv[1])
