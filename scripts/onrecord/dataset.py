"""The dataset in Python: typed pandas frames and the questions they answer."""

from __future__ import annotations

import datetime as dt
import sqlite3
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from onrecord import database, known
from onrecord.built import fresh_database
from onrecord.findings import PackageError, shown
from onrecord.loaded import load_table
from onrecord.package import Package, open_package
from onrecord.parquet import fresh_frames
from onrecord.tableschema import TableSchema, categorized

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Dataset", "load", "read"]


def load(path: str | Path | None = None) -> Dataset:
    """Load a package as typed pandas frames.

    ``path`` is a folder, a datapackage.json or a zip; None takes the package around the working
    folder, this clone, or the data inside the installed wheel.

    Raises PackageError when there is none, or when a table cannot be read without loss.
    """
    return read(open_package(path))


def read(package: Package) -> Dataset:
    """The dataset of an opened package, from its Parquet files where they are fresh, else from the CSVs: the same frames.

    Raises PackageError when a table cannot be read without loss.
    """
    frames = fresh_frames(package)
    return Dataset(package, frames or _parsed(package), fresh_database(package) if frames else None)


def _parsed(package: Package) -> dict[str, pd.DataFrame]:
    frames = {}
    for name in package.names:
        text, findings = package.read(name)
        if findings:
            raise PackageError(f"{findings[0]} (run 'onrecord validate' for the rest)")
        table = load_table(text, TableSchema(name, package.schemas[name]))
        foreign = ((f, ~table.strings[f.name].isin(["", *f.enum])) for f in table.schema.fields if f.enum)
        wrong = table.mistyped | {(int(row), f.name) for f, mask in foreign for row in mask.index[mask]}
        for row, column in sorted(wrong)[:1]:
            what = table.finding(
                row,
                column,
                "type",
                f"{shown(str(table.strings.at[row, column]))} cannot be loaded",
                "run 'onrecord validate'",
            )
            raise PackageError(str(what))
        frames[name] = categorized(table.frame, table.schema)
    return frames


class Dataset:
    """Typed frames, one attribute per table (``dataset.claims``), and views over them.

    Identifiers and text are ``str``, vocabularies categoricals, whole numbers ``Int64``, dates
    ``datetime64``; empty cells are missing, and no text is. Dates of EDTF columns stay text, with
    their bounds beside them.
    """

    def __init__(self, package: Package, frames: dict[str, pd.DataFrame], built: Path | None = None) -> None:
        self._package = package
        self._built = built
        self.tables = frames

    def __getattr__(self, name: str) -> pd.DataFrame:
        tables: dict[str, pd.DataFrame] = self.__dict__.get("tables", {})
        if name in tables:
            return tables[name]
        raise AttributeError(f"no table {name!r}; there are {', '.join(tables)}")

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *self.tables]

    def __repr__(self) -> str:
        sizes = ", ".join(f"{name} {len(frame)}" for name, frame in self.tables.items() if len(frame))
        return f"<onrecord.Dataset {self.version}: {sizes}>"

    @property
    def version(self) -> str:
        """The version of the package."""
        return str(self._package.descriptor.get("version", ""))

    @cached_property
    def _connection(self) -> sqlite3.Connection:
        if self._built is not None and fresh_database(self._package) == self._built:
            return sqlite3.connect(f"{self._built.resolve().as_uri()}?mode=ro", uri=True)
        connection = sqlite3.connect(":memory:")
        try:
            database.create(connection, {n: TableSchema(n, self._package.schemas[n]) for n in self.tables})
            database.fill(connection, self._package, self.tables)
        except sqlite3.Error as error:
            raise PackageError(
                f"{self._package.label}: the tables do not hold together ({error}); run 'onrecord validate'"
            ) from None
        connection.execute("PRAGMA query_only = ON")
        return connection

    def query(self, sql: str, parameters: tuple[Any, ...] | dict[str, Any] = ()) -> pd.DataFrame:
        """Run SQL over tables and views (SQLite's dialect); columns ``*_start`` and ``*_end`` come back as dates."""
        import pandas as pd

        cursor = self._connection.execute(sql, parameters)
        names = [column[0] for column in cursor.description]
        columns = list(zip(*cursor.fetchall(), strict=True)) or [()] * len(names)
        return pd.DataFrame({n: _column(n, values) for n, values in zip(names, columns, strict=True)})

    @cached_property
    def flat(self) -> pd.DataFrame:
        """One row per claim with names joined; derived, the columns as in schemas/views/flat.json."""
        return self.query("SELECT * FROM flat ORDER BY claim_id")

    def _about(self, view: str, order: str, **keys: str | None) -> pd.DataFrame:
        """The rows of a view with these keys, all rows for keys that are None.

        Only keys that are given stand in the query: SQLite finds rows by an index where a condition
        is an equality, and reads the whole table where it is one of two alternatives.
        """
        given = {key: value for key, value in keys.items() if value is not None}
        where = f"WHERE {' AND '.join(f'{key} = :{key}' for key in given)}" if given else ""
        return self.query(f"SELECT * FROM {view} {where} ORDER BY {order}", given)

    def positions(self, actor: str | None = None, proposition: str | None = None) -> pd.DataFrame:
        """How stances moved: one row per actor, proposition and claim, earliest first.

        ``actor`` and ``proposition`` are identifiers. A spokesperson's word counts for whom it is
        spoken, and a claim for what it entails (columns ``voice`` and ``followed`` say so).
        """
        return self._about(
            "positions",
            "COALESCE(said_end, said_start), COALESCE(said_start, said_end), claim_id",
            actor_id=actor,
            proposition_id=proposition,
        )

    def trail(self, claim: str) -> pd.DataFrame:
        """One claim's chain from publisher (step 0) to origin, one row per step."""
        return self.query("SELECT * FROM trails WHERE claim_id = ? ORDER BY step", (claim,))

    def origins(self, proposition: str | None = None) -> pd.DataFrame:
        """How many claims, sources and independent origins carry each proposition."""
        return self._about("origins", "proposition_id", proposition_id=proposition)

    def carriers(self, proposition: str) -> pd.DataFrame:
        """Which claims carry a proposition, with publisher and origin, earliest publication first."""
        return self.query(
            "SELECT carriers.*, actors.actor_name AS publisher FROM carriers "
            "JOIN actors ON actors.actor_id = carriers.publisher_id WHERE proposition_id = ? "
            "ORDER BY published_end, claim_id",
            (proposition,),
        )

    def forecasts(self) -> pd.DataFrame:
        """What was foretold, by whom, with window and outcome; one row per claim."""
        return self.query("SELECT * FROM forecasts ORDER BY proposition_id, claim_id")

    def hedges(self) -> pd.DataFrame:
        """Where certainty rose, or a condition or an attribution was lost, between a claim and what it restates."""
        return self.query("SELECT * FROM hedges ORDER BY claim_id, other_claim_id")

    def syndication(self) -> pd.DataFrame:
        """Who republished whom."""
        return self.query("SELECT * FROM syndication ORDER BY source_id")

    def as_of(self, date: str | dt.date, by: Literal["publication", "utterance"] = "publication") -> Dataset:
        """The dataset as publicly known at the end of a day.

        Claims count when the last possible day of their publication (or, by utterance, of their
        saying) has come; resolutions when their source was published. ``events.status`` is what
        those claims and resolutions say, never today's knowledge, and date and place stand only where
        it is known what came of the event; events and propositions that nobody had mentioned are gone.

        Raises ValueError when ``by`` is another word, or ``date`` a text that is no ISO 8601 date.
        """
        import pandas as pd

        if by not in known.BASES:
            raise ValueError(f"by must be 'publication' or 'utterance', not {by!r}")
        day = pd.Timestamp(dt.date.fromisoformat(date) if isinstance(date, str) else date)
        asked = {"day": day.strftime("%Y-%m-%d"), "by": by}
        t = dict(self.tables)
        t["claims"] = _among(t["claims"], "claim_id", self.query(known.CLAIMS, asked).claim_id)
        for name in ("attributions", "evidence", "claim_links"):
            t[name] = _among(t[name], "claim_id", t["claims"].claim_id)
        t["claim_links"] = _among(t["claim_links"], "other_claim_id", t["claims"].claim_id)
        said = self.query(known.PROPOSITIONS, asked).proposition_id
        for name in ("propositions", "proposition_events", "proposition_actors", "proposition_links"):
            t[name] = _among(t[name], "proposition_id", said)
        t["proposition_links"] = _among(t["proposition_links"], "other_proposition_id", said)
        published = t["sources"][t["sources"].published_end <= day]
        read = pd.concat([published.source_id, published.republished_from.dropna(), t["claims"].source_id])
        t["sources"] = _among(t["sources"], "source_id", read.drop_duplicates())
        t["events"] = self._events_as_known(asked)
        t["event_actors"] = _among(t["event_actors"], "event_id", t["events"].event_id)
        outcomes = _among(t["resolutions"], "proposition_id", self.query(known.OUTCOMES, asked).proposition_id)
        placed = outcomes.event_id.isna() | outcomes.index.isin(
            _among(outcomes, "event_id", t["events"].event_id).index
        )
        t["resolutions"] = outcomes[placed]
        return Dataset(self._package, {name: frame.reset_index(drop=True) for name, frame in t.items()})

    def _events_as_known(self, asked: dict[str, str]) -> pd.DataFrame:
        import pandas as pd

        status = self.query(known.EVENTS, asked).set_index("event_id")
        events = self.tables["events"]
        events = _among(events, "event_id", status.index).copy()
        events["status"] = events.event_id.map(status.status).fillna("hypothetical").astype(events.status.dtype)
        open_ones = ~events.status.isin(["occurred", "did_not_occur"])
        later = [c for c in events.columns if c.startswith("date_") or c == "place_id"]
        events.loc[open_ones, later] = pd.NA
        told = events.event_id.map(status.source_id)
        events["status_source_id"] = told.where(open_ones & told.notna(), events.status_source_id)
        return events


def _among(frame: pd.DataFrame, column: str, identifiers: pd.Series | pd.Index) -> pd.DataFrame:
    """The rows whose identifier in a column is among others.

    Compared as objects: ``isin`` of text makes an Arrow scalar of every identifier first, which takes
    several times as long.
    """
    return frame[frame[column].astype(object).isin(identifiers.astype(object))]


def _column(name: str, values: tuple[Any, ...]) -> pd.Series:
    """A column of a query's result with the types of ``schema.typed``."""
    import pandas as pd

    given = [v for v in values if v is not None]
    if given and all(isinstance(v, int) for v in given):
        return pd.Series(values, dtype="Int64")
    if given and all(isinstance(v, (int, float)) for v in given):
        return pd.Series(values, dtype="Float64")
    if name.endswith(("_start", "_end")):
        return pd.to_datetime(pd.Series(values, dtype="str"), format="%Y-%m-%d").astype("datetime64[s]")
    return pd.Series(values, dtype="str")
