"""csvs-to-sqlite in one process over all tables, a call for each, since its options hold for every file of a call.

``python csvs.py PLAN`` in the environment of csvs-to-sqlite; PLAN is a JSON list of the words of each call.
"""

import json
import sys

from csvs_to_sqlite.cli import cli


def main(plan: str) -> None:
    for words in json.loads(plan):
        cli(words, standalone_mode=False)


if __name__ == "__main__":
    main(sys.argv[1])
