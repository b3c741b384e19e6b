"""Spark as an engine: CSVs and Parquets read strictly and in parallel, by as many machines as there are.

What is found is brought to this process, and kept in a DuckDB beside.
"""

from __future__ import annotations

import codecs
import itertools
import re
import threading
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from onrecord.duck import Duck, UnreadableError, with_texts
from onrecord.findings import PackageError

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

__all__ = ["Spark"]

_TYPES = {"string": "string", "bigint": "int64", "int": "int64", "date": "date", "boolean": "boolean"}
_CSV = {"header": "true", "quote": '"', "escape": '"', "lineSep": "\n", "mode": "FAILFAST", "encoding": "UTF-8"}
_SETTINGS = {
    "spark.sql.ansi.enabled": "true",
    "spark.sql.ansi.doubleQuotedIdentifiers": "true",
    "spark.sql.csv.parser.columnPruning.enabled": "false",  # else rows with cells too few or too many are read
    "spark.sql.csv.filterPushdown.enabled": "false",
    "spark.sql.parquet.datetimeRebaseModeInRead": "CORRECTED",
    "spark.sql.session.timeZone": "UTC",
}
_UNREADABLE = ("MALFORMED_CSV_RECORD", "TextParsingException", "INVALID_UTF8_STRING", "FAILED_READ_FILE")
_PLAIN = "CAST({0} AS STRING)"
# Columns of a Parquet as texts. Numbers have no exponent where they can be written without.
_AS_TEXT = {
    "text": "nullif(validate_utf8({0}), '')",
    "day": "CASE WHEN {0} BETWEEN DATE '0001-01-01' AND DATE '9999-12-31' THEN CAST({0} AS STRING) "
    "ELSE CAST(unix_date({0}) AS STRING) END",
    "number": "CASE WHEN {0} = 0 OR abs({0}) BETWEEN 1e-3 AND 1e6 THEN CAST(CAST({0} AS DOUBLE) AS STRING) "
    "WHEN abs({0}) < 1e-3 THEN CAST(try_cast({0} AS DECIMAL(38, 20)) AS STRING) "
    "WHEN abs({0}) < 1e37 THEN CAST(try_cast({0} AS DECIMAL(38, 0)) AS STRING) ELSE CAST({0} AS STRING) END",
}
_STACK = "-Xss16m"  # Java's regular expressions call themselves for every repetition of a group
_BATCH = 10_000
_QUERIES = 4
_BLOCK = 8 * 2**20
_PATTERN = re.compile(r"[\\{}\[\]*?,]")


@dataclass
class _Opened:
    """A table as Spark reads it; ``refused`` says why it cannot be read. What was ``copied`` can.

    Each block of a file numbers its rows by itself: ``shifts`` are what is to be added, in the order of
    the blocks, which have ``block`` bytes each. Of a Parquet, ``rows`` have their numbers in the column ``row__``.
    """

    frame: DataFrame
    refused: str
    copied: bool
    block: int = 1
    shifts: tuple[int, ...] = (0,)
    rows: DataFrame | None = None

    @property
    def row(self) -> str:
        """SQL of the number of a row in the file, from 0."""
        if len(self.shifts) == 1:
            return f"id__ + {self.shifts[0]}"
        shifts = ", ".join(f"{shift}L" for shift in self.shifts)
        return f"id__ + element_at(array({shifts}), CAST(block__ DIV {self.block} AS INT) + 1)"


class Spark:
    """Tables and queries in one Spark session, with the methods of ``Duck``.

    ``master`` is the URL of a cluster, or ``local[N]`` for N threads of this machine; without one, Spark's
    own settings say, or all cores are used. Files must lie where every worker can read them. ``store`` keeps
    what is found.
    """

    dialect = "pyspark"
    keeps_order = False

    def __init__(self, master: str | None, store: Duck) -> None:
        self.session = _session(master)
        self.store = store
        self._opened: dict[str, _Opened] = {}
        self._own = threading.local()
        self._kept: dict[str, DataFrame] = {}
        self._carried = itertools.count(1)

    def together(self, work: Callable[[Any], None], items: Iterable[Any]) -> None:
        """Do some work for every item, several at a time."""
        with ThreadPoolExecutor(_QUERIES) as pool:
            list(pool.map(work, items))

    def open_csv(
        self, name: str, path: Path, columns: Sequence[str], copied: bool = False, serial: bool = False
    ) -> None:
        """Let ``name`` be the rows of a CSV, all cells strings, read in parallel unless cells have line breaks.

        One that was ``copied`` is known to be readable.
        """
        utf8, broken = _written(path)
        schema = ", ".join(f"{_quoted(column)} STRING" for column in columns)
        reader = self.session.read.schema(schema).options(**_CSV)
        frame = reader.csv(_address(path), multiLine=broken or serial)
        frame.createOrReplaceTempView(_quoted(name))
        self._opened[name] = _Opened(frame, "" if utf8 else f"{path.name} is not UTF-8", copied)
        self._own.reading = name

    def open_parquet(self, name: str, path: Path, kinds: Mapping[str, str]) -> None:
        """Let ``name`` be the rows of a Parquet, all cells strings; ``kinds`` are those of ``columnar.kinds``."""
        texts = {column: _AS_TEXT.get(kind, _PLAIN).format(_quoted(column)) for column, kind in kinds.items()}
        exact = {column: f"CAST({_quoted(column)} AS DOUBLE)" for column, kind in kinds.items() if kind == "number"}
        read = self.session.read.parquet(_address(path))
        read.selectExpr(*_named(texts)).createOrReplaceTempView(_quoted(name))
        rows = read.selectExpr("_metadata.row_index AS row__", *_named(texts | exact))
        self._opened[name] = _Opened(read, "", copied=False, rows=rows)
        self._own.reading = name

    def scan(self, name: str, sql: str) -> None:
        """Keep the rows of a query over the table that this thread opened last in their order, numbered from 0 in the column ``row``.

        Raises UnreadableError where a row cannot be read.
        """
        from py4j.protocol import Py4JError
        from pyspark.errors import PySparkException
        from pyspark.sql import functions as f

        opened = self._opened[self._own.reading]
        if opened.refused:
            raise UnreadableError(opened.refused)
        frame = _numbered(self.session.sql(sql)).persist()
        try:
            blocks = frame.groupBy("block__").agg(f.min("id__"), f.count("*")).orderBy("block__").collect()
        except (PySparkException, Py4JError) as error:
            frame.unpersist()
            if opened.copied or not any(sign in str(error) for sign in _UNREADABLE):
                raise
            raise UnreadableError(str(error)) from None
        _shift(opened, [tuple(block) for block in blocks])
        if name in self._kept:
            self._kept[name].unpersist()
        self._kept[name] = frame
        frame.selectExpr(f"{opened.row} AS row", "* EXCEPT (id__, block__)").createOrReplaceTempView(_quoted(name))

    def save(self, name: str, sql: str) -> None:
        """Keep the rows of a query."""
        self.session.sql(sql).localCheckpoint().createOrReplaceTempView(_quoted(name))

    def let(self, name: str, sql: str) -> None:
        """Let a name be a query."""
        self.session.sql(f"CREATE OR REPLACE TEMPORARY VIEW {_quoted(name)} AS {sql}")

    def put(self, name: str, types: Mapping[str, str], rows: Iterable[Sequence[Any]]) -> None:
        """Keep rows under a name; ``types`` are those of Ibis."""
        import pyarrow

        kinds = {"int64": pyarrow.int64(), "date": pyarrow.date32(), "boolean": pyarrow.bool_()}
        kinds |= {"float64": pyarrow.float64(), "string": pyarrow.string()}
        columns = list(zip(*rows, strict=True)) or [()] * len(types)
        arrays = [pyarrow.array(cells, kinds[kind]) for cells, kind in zip(columns, types.values(), strict=True)]
        table = pyarrow.table(dict(zip(types, arrays, strict=True)))
        self.session.createDataFrame(table).createOrReplaceTempView(_quoted(name))

    def append_from(self, name: str, sql: str) -> None:
        """Add the rows of a query to those of a table of the store."""
        frame = self.session.sql(sql)
        types = {column: _TYPES[kind] for column, kind in frame.dtypes}
        for batch in _batches(frame):
            self.store.append(name, types, batch)

    def carried(self, sql: str) -> str:
        """A query of the store for row numbers (in the column ``row``), as one that this engine can run."""
        name = f"carried {next(self._carried)}"
        self.put(name, {"row": "int64"}, self.store.rows(sql))
        return f"SELECT * FROM {_quoted(name)}"

    def batches(self, sql: str) -> Iterator[list[tuple[Any, ...]]]:
        """The rows of a query, some thousand at a time."""
        return _batches(self.session.sql(sql))

    def rows(self, sql: str) -> Iterator[tuple[Any, ...]]:
        """The rows of a query."""
        return (row for batch in self.batches(sql) for row in batch)

    def numbered(self, name: str, wanted: str, in_order: bool = True) -> Iterator[list[tuple[Any, ...]]]:  # noqa: ARG002
        """The rows of an opened table whose numbers a query returns, the number first, in order, some thousand at a time."""
        opened = self._opened[name]
        every = opened.rows
        if every is None:
            every = _numbered(opened.frame).selectExpr(f"{opened.row} AS row__", "* EXCEPT (id__, block__)")
        chosen = every.join(self.session.sql(wanted), every["row__"] == self.session.sql(wanted)["row"], "left_semi")
        return map(with_texts, _batches(chosen.repartition(1).sortWithinPartitions("row__")))

    def mixed(self, raw: str, scanned: str, column: str) -> bool:  # noqa: ARG002
        """Whether the rows of a scan are in another order than those of the file: never."""
        return False


def _session(master: str | None) -> SparkSession:
    """A session of its own in the one Spark that a process can have. Raises PackageError where there can be none."""
    warnings.filterwarnings("ignore", "PySpark does not yet fully support pandas", FutureWarning)
    from py4j.protocol import Py4JError
    from pyspark import SparkConf
    from pyspark.errors import PySparkException
    from pyspark.sql import SparkSession

    given, builder = SparkConf(), SparkSession.builder.appName("onrecord")
    wanted = {
        "spark.master": master or given.get("spark.master", "local[*]"),
        "spark.ui.enabled": given.get("spark.ui.enabled", "false"),
        "spark.ui.showConsoleProgress": "false",
        "spark.log.level": given.get("spark.log.level", "FATAL"),
        **{
            f"spark.{who}.extraJavaOptions": given.get(f"spark.{who}.extraJavaOptions", _STACK)
            for who in ("driver", "executor")
        },
    }
    for name, value in wanted.items():
        builder = builder.config(name, value or "")
    try:
        session = builder.getOrCreate().newSession()
    except (PySparkException, Py4JError) as error:
        said = str(error).strip().splitlines()[-1]
        raise PackageError(f"Spark cannot be started at {wanted['spark.master']}; it needs Java 17: {said}") from None
    parts = str(2 * session.sparkContext.defaultParallelism)
    for name, value in {**_SETTINGS, "spark.sql.shuffle.partitions": parts}.items():
        session.conf.set(name, value)
    session.sql("CREATE TEMPORARY FUNCTION strlen(text STRING) RETURNS INT RETURN octet_length(text)")
    return session


def _numbered(frame: DataFrame) -> DataFrame:
    """Rows read of a file, with the block from which each comes and numbers that count on within it."""
    return frame.selectExpr("monotonically_increasing_id() AS id__", "input_file_block_start() AS block__", "*")


def _shift(opened: _Opened, blocks: list[tuple[int, int, int]]) -> None:
    """Note what makes the numbers of all blocks one count: of each, where it begins, its first number and its rows."""
    if len(blocks) < 2:
        opened.shifts = tuple(-first for _, first, _ in blocks) or (0,)
        return
    opened.block = min(later - earlier for (earlier, *_), (later, *_) in itertools.pairwise(blocks))
    above, shifts = 0, [0] * (blocks[-1][0] // opened.block + 1)
    for begin, first, count in blocks:
        shifts[begin // opened.block] = above - first
        above += count
    opened.shifts = tuple(shifts)


def _named(columns: Mapping[str, str]) -> list[str]:
    return [f"{sql} AS {_quoted(column)}" for column, sql in columns.items()]


def _address(path: Path) -> str:
    """A file as one that Spark reads: it takes no escapes of addresses, but patterns of names."""
    return "file://" + _PATTERN.sub(r"\\\g<0>", str(path.resolve()))


def _written(path: Path) -> tuple[bool, bool]:
    """Whether a file is UTF-8, and whether some line of it ends within quotation marks."""
    decoder, utf8 = codecs.getincrementaldecoder("utf-8")(), True
    inside = broken = False
    with path.open("rb") as file:
        for block in itertools.chain(iter(lambda: file.read(_BLOCK), b""), [b""]):
            if utf8:
                try:
                    decoder.decode(block, final=not block)
                except UnicodeDecodeError:
                    utf8 = False
            parts = block.split(b'"')
            broken = broken or any(b"\n" in part for part in parts[0 if inside else 1 :: 2])
            inside ^= len(parts) % 2 == 0
    return utf8, broken


def _batches(frame: DataFrame) -> Iterator[list[tuple[Any, ...]]]:
    """What a query finds, all partitions computed at once; its result is held in memory as Arrow."""
    for batch in frame.toArrow().to_batches(_BATCH):
        yield list(zip(*(column.to_pylist() for column in batch.columns), strict=True))


def _quoted(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"
