"""The named views that rules read: the tables, and what is computed beside them, registered with DuckDB."""

from __future__ import annotations

import graphlib
import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from onrecord.dates import bounds, day
from onrecord.evidence import normalize, span_hash
from onrecord.loaded import LoadedTable
from onrecord.package import Package
from onrecord.tableschema import TableSchema

if TYPE_CHECKING:
    import pyarrow

__all__ = [
    "DERIVED",
    "GRAPHS",
    "SPAN",
    "Views",
    "bases",
    "judged_fields",
    "lineage",
    "measured",
    "plover_modes",
    "published",
    "texts_at_hand",
    "weekdays",
]

DERIVED: dict[str, dict[str, str]] = {
    "dates": {
        **dict.fromkeys(("table_name", "field_name", "prefix", "problem"), "string"),
        **dict.fromkeys(("start_date", "end_date", "start_given", "end_given"), "date32"),
        **dict.fromkeys(("row", "least", "most"), "int64"),
    },
    "spans": {
        **dict.fromkeys(("row", "raw_length", "span_length", "exact_raw", "exact_length", "text_length"), "int64"),
        **dict.fromkeys(("span_sha256", "exact_sha256", "text_sha256"), "string"),
        **dict.fromkeys(("anchor_from_fits", "anchor_to_fits"), "bool"),
    },
    "texts": {"text_sha256": "string", "length_at_hand": "int64"},
    "weekdays": {"span_sha256": "string", "weekday": "int64"},
    "plover_modes": {"plover_mode": "string", "plover_type": "string"},
    "identifiers": {"table_name": "string", "id": "string"},
    "published": {"table_name": "string", "id": "string"},
    "judged_fields": {"table_name": "string", "field_name": "string"},
    "lineages": {**dict.fromkeys(("graph", "node", "root"), "string"), "circle": "int64"},
}
GRAPHS = {
    "republished_from": ("sources", "source_id", "republished_from"),
    "parent_id": ("events", "event_id", "parent_id"),
    "entails": ("proposition_links", "proposition_id", "other_proposition_id"),
}
SPAN = ("claim_id", "start_char", "end_char", "span_length", "span_sha256", "exact", "anchor_from", "anchor_to")
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_SMALL = 100_000
_IDENTIFIER = re.compile("[A-Z][0-9]{4,}", re.ASCII)

Row = dict[str, Any]


def bases(views: Iterable[str], tables: Iterable[str]) -> set[str]:
    """The tables of which views are made, given all tables."""
    every = set(tables)
    made = {
        "spans": {"evidence", "claims", "sources"},
        "lineages": {table for table, _, _ in GRAPHS.values()},
        **dict.fromkeys(("dates", "identifiers", "published"), every),
    }
    return set().union(*(made.get(name, set() if name in DERIVED else {name}) for name in views))


class Views:
    """The views by name, as Arrow tables; registered in one DuckDB connection."""

    def __init__(self, package: Package, tables: dict[str, LoadedTable], texts: dict[str, str]) -> None:
        import duckdb

        self.package, self.tables, self.texts = package, tables, texts
        self.connection = duckdb.connect()
        if sum(len(table.strings) for table in tables.values()) < _SMALL:
            self.connection.execute("SET threads = 1")  # handing out little work costs more than doing it
        self.known: dict[str, pyarrow.Table] = {}

    def make(self, name: str) -> None:
        """Make a view, once."""
        if name not in self.known:
            arrow = (
                _from_rows(getattr(self, f"_{name}")(), DERIVED[name]) if name in DERIVED else self.tables[name].arrow
            )
            self.known[name] = arrow  # DuckDB does not keep what it only reads
            self.connection.register(name, arrow)

    def rows(self, sql: str) -> list[Row]:
        """The rows of a query over views that were made."""
        cursor = self.connection.execute(sql)
        names = [column[0] for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def _dates(self) -> list[Row]:
        """Every EDTF cell: what it allows, and the bounds that are written beside it."""
        rows = []
        for table in self.tables.values():
            for x in table.schema.edtf:
                if {f"{x}_edtf", f"{x}_start", f"{x}_end"} & table.lacking:
                    continue
                given = zip(table.frame[f"{x}_start"], table.frame[f"{x}_end"], strict=True)
                cells = zip(table.frame.index, table.strings[f"{x}_edtf"], given, strict=True)
                for row, value, (start, end) in cells:
                    b = bounds(value)
                    place = {"table_name": table.name, "row": row, "field_name": f"{x}_edtf", "prefix": x}
                    right = {"start_date": day(b.start), "end_date": day(b.end), "least": b.least, "most": b.most}
                    rows.append({**place, **right, "problem": b.problem, "start_given": start, "end_given": end})
        return rows

    def _spans(self) -> list[Row]:
        sources, claims = self.tables["sources"].strings, self.tables["claims"].strings
        hashes = dict(zip(sources["source_id"], sources["text_sha256"], strict=True))
        source = dict(zip(claims["claim_id"], claims["source_id"], strict=True))
        rows = []
        for row in self.tables["evidence"].frame.itertuples():
            span = {name: None if _missing(value := getattr(row, name)) else value for name in SPAN}
            text = self.texts.get(hashes.get(source.get(str(span["claim_id"]), ""), ""))
            rows.append({"row": row.Index, **measured(span, text)})
        return rows

    def _texts(self) -> list[Row]:
        return texts_at_hand(self.texts)

    def _weekdays(self) -> list[Row]:
        return weekdays()

    def _plover_modes(self) -> list[Row]:
        return plover_modes(table.schema for table in self.tables.values())

    def _identifiers(self) -> list[Row]:
        """The identifiers that tables mint: single keys named after what they identify."""
        return [
            {"table_name": table.name, "id": value}
            for table in self.tables.values()
            if table.schema.mints_identifiers
            for value in table.strings[table.schema.primary_key[0]]
        ]

    def _published(self) -> list[Row]:
        return published(self.package)

    def _judged_fields(self) -> list[Row]:
        return judged_fields(table.schema for table in self.tables.values())

    def _lineages(self) -> list[Row]:
        """Every row that is linked up: where following its single link ends, and the circle on which it lies."""
        rows = []
        for graph, (table, one, other) in GRAPHS.items():
            if table in self.tables:
                links = self.tables[table].strings
                if graph == "entails":
                    links = links[links["proposition_relation"] == graph]
                edges = [(a, b) for a, b in zip(links[one], links[other], strict=True) if a and b]
                rows += lineage(graph, edges)
        return rows


def texts_at_hand(texts: Mapping[str, str]) -> list[Row]:
    """The texts at hand: hash and length in code points."""
    return [{"text_sha256": h, "length_at_hand": len(text)} for h, text in texts.items()]


def weekdays() -> list[Row]:
    """The hash of each weekday's name, plain, shortened and with 'on', and its number from Monday 1."""
    return [
        {"span_sha256": span_hash(form), "weekday": number}
        for number, day in enumerate(_WEEKDAYS, 1)
        for form in (day, f"on {day}", f"On {day}", f"{day[:3]}.", day[:3])
    ]


def plover_modes(schemas: Iterable[TableSchema]) -> list[Row]:
    """The modes of events that each type allows, from the vocabulary."""
    terms = [term for s in schemas if s.name == "events" for term in s.field["plover_mode"].categories]
    return [{"plover_mode": t["value"], "plover_type": kind} for t in terms for kind in t.get("plover_types", [])]


def judged_fields(schemas: Iterable[TableSchema]) -> list[Row]:
    """The fields that a coder decides by a rule of the codebook."""
    return [{"table_name": s.name, "field_name": f.name} for s in schemas for f in s.fields if f.judged]


def published(package: Package) -> list[Row]:
    """Every identifier of every past release, from the ledgers in releases/."""
    rows = {
        (name, row)
        for ledger in package.releases.values()
        for name, table in ledger.get("tables", {}).items()
        for row in table.get("rows", {})
        if name in package.names and _IDENTIFIER.fullmatch(row)
    }
    return [{"table_name": name, "id": row} for name, row in sorted(rows)]


def measured(span: Mapping[str, Any], text: str | None) -> Row:
    """One row of the view ``spans``, but for its number: length, hash and anchors of the words of a span of evidence.

    ``span`` has the fields of ``SPAN``, None where empty; ``text`` is that of its source, None where not at hand.
    """
    start, end, exact = span["start_char"], span["end_char"], span["exact"]
    placed = start is not None and end is not None
    held = text[start:end] if text is not None and placed else None
    words = held if held is not None else exact
    found = {
        "span_length": span["span_length"],
        "span_sha256": span["span_sha256"],
        "raw_length": end - start if placed else None,
        "exact_raw": None if exact is None else len(exact),
    }
    for basis, said in (("exact", exact), ("text", held)):
        found[f"{basis}_length"] = None if said is None else len(normalize(said))
        found[f"{basis}_sha256"] = None if said is None else span_hash(said)
    for anchor, fits in (("anchor_from", str.startswith), ("anchor_to", str.endswith)):
        given = span[anchor]
        unknown = words is None or given is None
        found[f"{anchor}_fits"] = None if unknown else fits(normalize(str(words)), normalize(given))
    return found


def lineage(graph: str, edges: list[tuple[str, str]]) -> list[Row]:
    """Every node of a graph: where following its links ends, once for each end, and the number of the circle on which it lies.

    ``circle`` numbers the circles (strongly connected parts, by NetworkX) and is missing where there is none.
    A circle is an end, and nodes on it have none; nobody asks where the many links of ``entails`` end.
    """
    circles = _circles(edges)
    roots = {} if graph == "entails" else _roots([(a, b) for a, b in edges if a not in circles])
    nodes = dict.fromkeys(node for edge in edges for node in edge)
    return [
        {"graph": graph, "node": node, "root": root, "circle": circles.get(node)}
        for node in nodes
        for root in roots.get(node, [None])
    ]


def _circles(edges: list[tuple[str, str]]) -> dict[str, int]:
    """The nodes that lie on circles, with the number of each circle: below zero for those of a single node."""
    above: dict[str, set[str]] = {}
    for a, b in edges:
        above.setdefault(a, set()).add(b)
    try:
        graphlib.TopologicalSorter(above).prepare()
    except graphlib.CycleError:
        import networkx  # which takes long to load, and is seldom needed

        parts = enumerate(networkx.strongly_connected_components(networkx.DiGraph(edges)))
        circles = {node: number for number, part in parts if len(part) > 1 for node in part}
        return circles | {a: -1 - i for i, (a, b) in enumerate(edges) if a == b and a not in circles}
    return {}


def _roots(edges: list[tuple[str, str]]) -> dict[str, list[str | None]]:
    """Where following links without circles ends, for every node that has one; a row that stands twice can have two."""
    up: dict[str, list[str]] = {}
    for a, b in edges:
        up.setdefault(a, []).append(b)
    roots: dict[str, list[str | None]] = {}
    for node in graphlib.TopologicalSorter(up).static_order():
        if node in up:
            roots[node] = list(dict.fromkeys(root for b in up[node] for root in roots.get(b, [b])))
    return roots


def _missing(value: Any) -> bool:
    import pandas as pd

    return bool(pd.isna(value))


def _from_rows(rows: list[Row], columns: dict[str, str]) -> Any:
    import pyarrow as arrow

    makers = {"string": arrow.string, "int64": arrow.int64, "date32": arrow.date32, "bool": arrow.bool_}
    return arrow.table(
        {n: arrow.array([r[n] for r in rows], makers[kind](), from_pandas=True) for n, kind in columns.items()}
    )
