"""DuckDB only parses the CSV files of a package: every cell is read as text and counted, none is checked."""

import json
import sys
from pathlib import Path

import duckdb


def main(folder: Path, threads: int) -> None:
    connection = duckdb.connect()
    connection.execute(f"SET threads = {threads}")
    for resource in json.loads((folder / "datapackage.json").read_bytes())["resources"]:
        schema = json.loads((folder / resource["schema"]).read_bytes())
        columns = {field["name"]: "VARCHAR" for field in schema["fields"]}
        scan = (
            "SELECT count(COLUMNS(*)) FROM read_csv(?, all_varchar = true, auto_detect = false, header = true, "
            f"delim = ',', quote = '\"', escape = '\"', columns = {columns}, null_padding = false, strict_mode = false, "
            "ignore_errors = true)"
        )
        connection.execute(scan, [str(folder / resource["path"])]).fetchall()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
