"""Every fault of a package by itself, found by SQL in one scan of each table and in joins of narrow columns.

What a scan suspects is decided by the checks of ``cells``, and all that is found is told in the words
of the checks in memory: there is one set of rules. What does not fit into memory lies beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from onrecord.cells import every_fault, misleads
from onrecord.columnar import SUFFIX, kinds
from onrecord.compiled import Compiled
from onrecord.csvtable import TableText, render
from onrecord.dates import bounds, day
from onrecord.duck import UnreadableError, literal
from onrecord.files import every_form
from onrecord.listing import Listing
from onrecord.loaded import load_table
from onrecord.package import Package, model_fields
from onrecord.pieces import pieces, tally
from onrecord.queries import (
    at_hand,
    dates,
    disorder,
    doubles,
    exposed,
    identifiers,
    jump,
    links,
    orphans,
    quoted,
    trim,
    triples,
)
from onrecord.rules import RULES, Rule
from onrecord.ruling import kept, rule_sql, unbound, view_types
from onrecord.scan import scan
from onrecord.surveyed import LINE, Surveyed
from onrecord.tableschema import ForeignKey, TableSchema
from onrecord.telling import Telling
from onrecord.views import (
    GRAPHS,
    SPAN,
    bases,
    judged_fields,
    lineage,
    measured,
    plover_modes,
    published,
    texts_at_hand,
    weekdays,
)

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from onrecord.duck import Duck
    from onrecord.sparked import Spark

__all__ = ["Survey"]

_FAULTS = {"table_name": "string", "row": "int64", "rule": "string", "field_name": "string", "detail": "string"}
_DOUBTS = {"table_name": "string", "row": "int64", "field_name": "string"}
_VALUES = {
    "value": "string",
    "start": "date",
    "end": "date",
    "wrong": "boolean",
    "problem": "string",
    "start_date": "date",
    "end_date": "date",
    "least": "int64",
    "most": "int64",
}
_READ = {"evidence": {*SPAN}, "retired": {"retired_id", "replacement_id"}}
# Without texts, the hashes that are compared: those of quoted words and of weekdays. Others are long, and would fill memory.
_HASHED = {"evidence": {"span_sha256": lambda spans: spans.exact.notnull() | (spans.part == "time")}}
_UNREAD = (-1, -1)
_ROUNDS = 64


class Survey:
    """Finds every fault of a package with an engine, and lists them; what it finds is kept in the engine's store.

    ``texts`` are the source texts at hand by their hash; ``folder`` is for what does not fit into memory.
    ``checked`` and ``skipped`` name the rules that ran and those that could not, ``rows`` counts the
    rows per table, and ``unread`` those that could not be read.
    """

    def __init__(self, package: Package, engine: Duck | Spark, folder: Path, texts: dict[str, str]) -> None:
        self.package, self.engine, self.folder, self.texts = package, engine, folder, texts
        self.compiled = Compiled(engine.dialect)
        self.store = engine.store
        self.store.put("faults", _FAULTS, [])
        self.store.put("doubts", _DOUBTS, [])
        self.listing = Listing(self.store, [package.path(name) for name in package.names])
        self.tables = {name: self._table(name) for name in package.names}
        self.checked: list[str] = []
        self.skipped: list[str] = []

    def run(self, rules: Sequence[Rule] = RULES) -> None:
        """Fill the listing."""
        largest = sorted(self.tables.values(), key=lambda table: -self.package.size(table.path))
        for work in (self._read, self._check_late, self._keys, self._references):
            self.engine.together(work, largest)
        self._put("texts", texts_at_hand(self.texts))
        if rules:
            self._views()
            self.engine.together(self._rule, sorted(rules, key=lambda rule: -len(rule.views)))  # the longest first
        for names in (self.checked, self.skipped):
            names.sort(key=[rule.name for rule in rules].index)
        Telling(self.package, self.engine, self.tables, self.listing, self._parts).run()

    def prepare(self) -> None:
        """Have all the SQL made that is needed where something is wrong, once ``run`` has been called."""
        for table in self.tables.values():
            table.sorted, table.referred = False, set()
            self._keys(table)
            self._references(table)
            for x in table.schema.edtf:
                self._dated(table, x, every=False)
                self._exposed(table, [x])

    @property
    def texts_at_hand(self) -> tuple[int, int]:
        """How many source texts are at hand, of how many that have a hash."""
        if "sources" not in self.tables:
            return 0, 0
        hashes = 'SELECT DISTINCT text_sha256 FROM "scanned sources" WHERE text_sha256 IS NOT NULL'
        held = f"SELECT count(*) FROM ({hashes}) AS h WHERE text_sha256 IN (SELECT text_sha256 FROM texts)"
        return next(self.engine.rows(held))[0], self._count(f"({hashes})")

    @property
    def rows(self) -> dict[str, int]:
        return {name: table.rows for name, table in self.tables.items()}

    @property
    def unread(self) -> dict[str, int]:
        return {name: len(table.unread) for name, table in self.tables.items() if table.unread}

    def _table(self, name: str) -> Surveyed:
        schema = TableSchema(name, self.package.schemas[name])
        keys = [
            schema.primary_key,
            *schema.unique_keys,
            *([f.name] for f in schema.fields if f.constraints.get("unique")),
        ]
        keys += [list(key.fields) for key in schema.foreign_keys]
        keys += [
            list(k.other_fields)
            for n in self.package.names
            for k in TableSchema(n, self.package.schemas[n]).foreign_keys
            if k.table == name
        ]
        keys += [[f"{x}_edtf", f"{x}_start", f"{x}_end"] for x in schema.edtf]
        wanted = {column for key in keys for column in key} | kept(self.compiled)[name] | _READ.get(name, set())
        lent = [c for c in schema.columns if self._is_lent(schema, c)]
        return Surveyed(schema, self.package.path(name), [c for c in schema.columns if c in wanted], lent)

    def _is_lent(self, schema: TableSchema, column: str) -> bool:
        """Whether a column refers to a key of the same pattern, so that this need not be held against it."""
        limits = schema.field[column].constraints
        for key in schema.foreign_keys:
            if key.fields == (column,) and key.table in self.package.names and {*limits} <= {"pattern", "required"}:
                other = TableSchema(key.table, self.package.schemas[key.table]).field[key.other_fields[0]]
                return "pattern" in limits and limits["pattern"] == other.constraints.get("pattern")
        return False

    def _read(self, table: Surveyed) -> None:
        """Scan a table and check what is suspected; if it is not written as it should be, what can be read is copied first."""
        file = self.package.on_disk(table.path, self.folder)
        if file is None:
            self.listing.add(self.package.read(table.name)[1])
            table.complete, table.odd = False, True
            table.name_columns(table.schema.columns)
            self._scan(table, self._copied(table, [render([table.copied])]), table.copied, careful=True)
            return
        if not self._ordinary(table, file):
            table.odd = True
            self._scan(table, self._copied(table, self._legible(table, file)), table.copied, careful=True)
        elif table.broken and not table.numbered:
            sql = f'SELECT "row", breaks__ FROM "scanned {table.name}" WHERE breaks__ > 0 ORDER BY "row"'
            for number, times in self.engine.rows(sql):
                rows, sums = table.breaks
                rows.append(number)
                sums.append(times + (sums[-1] if sums else 0))
        if table.suspects:
            self._check(table, self._suspects(table))

    def _ordinary(self, table: Surveyed, file: Path) -> bool:
        """Scan a table; returns whether every byte of a CSV is as the canonical writer writes its cells.

        A row that was left out or taken otherwise, needless quotation marks, an empty line or an empty cell too
        many show in the numbers of line breaks, and of quotation marks and commas: they can only be too high.
        """
        if table.numbered:
            return self._scan(table, file, table.schema.columns, careful=True) != _UNREAD
        header = render([table.schema.columns]).encode("utf-8")
        with file.open("rb") as opened, ThreadPoolExecutor(1) as beside:
            if opened.read(len(header)) != header:
                return False
            counting = beside.submit(tally, opened)
            breaks, marks = self._scan(table, file, table.schema.columns, careful=False)
            counted = counting.result()
        if counted.control and not counted.foreign:
            breaks, marks = self._scan(table, file, table.schema.columns, careful=True)
        return not counted.foreign and (breaks, marks) == (counted.breaks, counted.marks)

    def _scan(
        self, table: Surveyed, file: Path, columns: list[str], careful: bool, serial: bool = False
    ) -> tuple[int, int]:
        """Scan a table; returns the line breaks, and the quotation marks and commas, of its rows in canonical form, -1 where some cannot be read."""
        raw, scanned = f"raw {table.name}", f"scanned {table.name}"
        only = {} if self.texts else _HASHED.get(table.name, {})
        cast, typed, sql = self.compiled(
            "scan",
            [table.essence, table.lent, careful, [*only]],
            lambda: scan(table.name, table.schema, table.kept, table.lent, careful, only),
        )
        if file.suffix == SUFFIX:
            if not self._opened(raw, file, columns):
                return _UNREAD
        else:
            self.engine.open_csv(raw, file, columns, copied=LINE in columns, serial=serial)
        self.engine.let(f"cast {table.name}", cast)
        self.engine.let(f"typed {table.name}", typed)
        try:
            self.engine.scan(scanned, sql)
        except UnreadableError:
            return _UNREAD
        times = ", ".join(f"sum(CASE WHEN {mark} THEN 1 ELSE 0 END)" for mark in ("suspect__", "strange__"))
        counts = f'SELECT count(*), sum(breaks__), sum(marks__), {times} FROM "{scanned}"'
        table.rows, breaks, marks, suspects, strange = next(self.engine.rows(counts))
        table.suspects, table.strange, table.broken = suspects or 0, strange or 0, bool(breaks)
        key, as_kept = table.schema.primary_key, self.engine.keeps_order
        fields = [table.schema.field[c] for c in key]
        [sql] = self._sql(
            "disorder", table, [key, as_kept], partial(disorder, name=table.name, key=fields, as_kept=as_kept)
        )
        table.sorted = not self._count(f"({sql})")  # which proves that no row was moved on the way
        if not table.sorted and not serial and self.engine.mixed(raw, scanned, key[0]):
            return self._scan(table, file, columns, careful, serial=True)
        commas = table.rows * (len(table.schema.columns) - 1)
        return table.rows + int(breaks or 0), commas + int(marks or 0)

    def _opened(self, raw: str, file: Path, columns: list[str]) -> bool:
        """Let a name be the rows of a Parquet as texts; returns whether it has these columns, and they hold what fields can."""
        try:
            held = kinds(file)
        except ValueError:
            return False
        if list(held) != columns or not all(held.values()):
            return False
        self.engine.open_parquet(raw, file, held)
        return True

    def _legible(self, table: Surveyed, file: Path) -> Iterator[str]:
        """What can be read of a table, as a CSV that begins with the columns of the schema and ends with the line of each row.

        What hinders reading the rest is listed.
        """
        with file.open("rb") as opened:
            for piece in pieces(opened, table.name, table.path, table.schema.columns):
                self.listing.add(piece.findings)
                self.listing.add(every_form(piece.text, piece.raw, table.schema))
                table.complete &= piece.complete
                table.unread += [dict(zip(piece.text.columns, cells, strict=False)) for cells in piece.unread]
                if not table.header:
                    table.name_columns(piece.text.columns)
                    yield render([table.copied])
                row = [""] * len(table.copied)
                for cells, line in zip(piece.text.rows, piece.text.lines, strict=True):
                    for at, cell in zip(table.where, cells, strict=True):
                        row[at] = cell
                    row[-1] = str(line)
                    yield render([row])

    def _copied(self, table: Surveyed, parts: Iterable[str]) -> Path:
        copy = self.folder / f"{table.name} copied.csv"  # beside the one that was unpacked
        with copy.open("w", encoding="utf-8", newline="") as out:
            out.writelines(parts)
        return copy

    # cells

    def _suspects(self, table: Surveyed) -> str:
        return f'SELECT "row" FROM "scanned {table.name}" WHERE suspect__'

    def _check(self, table: Surveyed, wanted: str, strange: bool = False) -> None:
        """Check the rows whose numbers a query returns, cell by cell; those that are no more than ``strange``, if they mislead."""
        for numbers, part in self._parts(table, wanted, in_order=False):
            if strange:
                numbers, part = _misleading(numbers, part)
                if not numbers:
                    continue
            loaded = load_table(part, table.schema)
            self.listing.add(finding for _, finding in every_fault(loaded))
            if not table.odd:
                self.listing.add(every_form(part, [render([cells])[:-1] for cells in part.rows], table.schema))
            doubts = [(table.name, numbers[row], name) for row, name in sorted(loaded.doubts)]
            self.store.append("doubts", _DOUBTS, doubts)

    def _check_late(self, table: Surveyed) -> None:
        """Check the rows with cells that were not held against their patterns, and for which no sound key answers.

        Those that are no more than strange are checked with them, so that none is checked twice.
        """
        late = []
        self._sound(table, [])
        for column in table.lent:
            key = next(k for k in table.schema.foreign_keys if k.fields == (column,))
            name = f"sound {key.table} for {table.name} {column}"
            self._sound(self.tables[key.table], key.other_fields, name)
            [sql] = self._sound_sql("late", table, column, self._orphans(table, key, name))
            self.engine.save(f"late {table.name} {column}", sql)
            if self._count(f'"late {table.name} {column}"'):
                late.append(f'SELECT "row" FROM "late {table.name} {column}"')
            else:
                table.referred.add(column)
        rows = f'SELECT "row" FROM ({" UNION ".join(late)}) AS late'
        if late:
            self._check(table, f'{rows} WHERE "row" NOT IN ({self._suspects(table)})')
        if table.strange:
            others = f' AND "row" NOT IN ({rows})' if late else ""
            wanted = f'SELECT "row" FROM "scanned {table.name}" WHERE strange__ AND NOT suspect__{others}'
            self._check(table, wanted, strange=True)

    def _parts(self, table: Surveyed, wanted: str, in_order: bool = True) -> Iterator[tuple[list[int], TableText]]:
        """Rows of a table, some thousand at a time: their numbers, and their cells with their lines."""
        columns = table.header if table.odd else table.schema.columns
        where = table.where if table.odd else range(len(columns))
        for batch in self.engine.numbered(f"raw {table.name}", wanted, in_order):
            numbers = [row[0] for row in batch]
            cells = [[row[1 + at] or "" for at in where] for row in batch]
            lines = [int(row[-1]) for row in batch] if table.odd else [table.line(number) for number in numbers]
            yield numbers, TableText(table.name, table.path, columns, cells, lines, numbered=table.numbered)

    # keys and references

    def _keys(self, table: Surveyed) -> None:
        """Find doubles, and rows that are out of order; rows of which a part of the key is in doubt have none."""
        schema, primary = table.schema, table.schema.primary_key
        if not table.sorted and not table.lacking & set(primary):
            fields = [schema.field[c] for c in primary]
            self._sound(table, primary)
            self._find(table, "canonical-form", primary, partial(disorder, name=table.name, key=fields))
            self._find(table, "primary-key", primary, partial(doubles, name=table.name, key=primary, filled=False))
        single = [[f.name] for f in schema.fields if f.constraints.get("unique") and [f.name] != primary]
        for rule, keys in (("unique", single), ("unique-key", schema.unique_keys)):
            for key in keys:
                if table.lacking & set(key):
                    continue
                self._sound(table, key)
                filled = rule == "unique"
                self._find(table, rule, key, partial(doubles, name=table.name, key=key, filled=filled))

    def _references(self, table: Surveyed) -> None:
        for key in table.schema.foreign_keys:
            target = self.tables.get(key.table)
            if target is not None and target.complete and not table.referred.issuperset(key.fields):
                self._sound(table, key.fields)
                inputs = [*key.fields, target.name, *key.other_fields]
                self._find(table, "foreign-key", inputs, self._orphans(table, key, f"scanned {target.name}"))

    def _orphans(self, table: Surveyed, key: ForeignKey, name: str) -> Callable[[ir.Table], ir.Table]:
        """The query of rows whose reference is the key of no row of the table of a name."""
        types = self.tables[key.table].types
        return lambda rows: orphans(rows, table.name, key, unbound(name, types))

    def _sound(self, table: Surveyed, columns: Sequence[str], name: str = "") -> None:
        """Let ``name``, or ``sound`` and that of the table, be the rows of which none of these cells is in doubt."""
        fields = ", ".join(map(literal, columns))
        doubted = f"SELECT \"row\" FROM doubts WHERE table_name = '{table.name}' AND field_name IN ({fields})"
        some = columns and next(self.store.rows(f"SELECT count(*) FROM ({doubted})"))[0]
        where = f' WHERE "row" NOT IN ({self.engine.carried(doubted)})' if some else ""
        self.engine.let(name or f"sound {table.name}", f'SELECT * FROM "scanned {table.name}"{where}')

    def _find(self, table: Surveyed, rule: str, inputs: Sequence[str], make: Callable[[ir.Table], ir.Table]) -> None:
        """Keep what a query over the sound rows of a table finds."""
        self._keep(rule, self._sound_sql(rule, table, list(inputs), make)[0])

    def _sound_sql(self, what: str, table: Surveyed, inputs: Any, make: Callable[[ir.Table], ir.Table]) -> list[str]:
        return self.compiled(what, [table.essence, inputs], lambda: [make(unbound(f"sound {table.name}", table.types))])

    def _keep(self, rule: str, sql: str) -> None:
        self.engine.append_from(
            "faults", f"SELECT table_name, \"row\", '{rule}' AS rule, field_name, detail FROM ({sql}) AS found"
        )

    # rules

    def _views(self) -> None:
        """Make the views that rules read."""
        schemas = [table.schema for table in self.tables.values()]
        self._put("weekdays", weekdays())
        self._put("plover_modes", plover_modes(schemas))
        self._put("judged_fields", judged_fields(schemas))
        self._put("published", published(self.package))
        minting = {s.name: s.primary_key[0] for s in schemas if s.mints_identifiers}

        def minted() -> list[ir.Table]:
            return [identifiers({name: self._scanned(self.tables[name]) for name in minting}, minting)]

        if minting:
            self.engine.let("identifiers", self.compiled("identifiers", minting, minted)[0])
        else:
            self._put("identifiers", [])
        self.engine.together(lambda make: make(), [self._dates, self._put_spans, self._put_lineages])

    def _put_spans(self) -> None:
        if {"evidence", "claims", "sources"} <= set(self.tables):
            self._put("spans", self._spans())

    def _put_lineages(self) -> None:
        self._put("lineages", (row for graph in GRAPHS for row in self._lineage(graph)))

    def _put(self, name: str, rows: Iterable[Mapping[str, Any]]) -> None:
        types = view_types(name)
        self.engine.put(name, types, ([row.get(column) for column in types] for row in rows))

    def _dates(self) -> None:
        """What the different dates allow; the views of tables, with the true bounds; and the view ``dates``."""
        parts = []
        for table in self.tables.values():
            dated = [x for x in table.schema.edtf if not {f"{x}_edtf", f"{x}_start", f"{x}_end"} & table.lacking]
            wrong = [x for x in dated if self._judge(table, x)]
            for x in dated:
                every = "date_precision" in table.schema.field
                if every or x in wrong:
                    parts += self._dated(table, x, every)
            if table.name in model_fields():
                self.engine.let(table.name, self._exposed(table, wrong))
        if parts:
            self.engine.save("dates", " UNION ALL ".join(f"({sql})" for sql in parts))
        else:
            self._put("dates", [])

    def _dated(self, table: Surveyed, x: str, every: bool) -> list[str]:
        def make(rows: ir.Table) -> ir.Table:
            return dates(rows, table.name, x, unbound(f"values {table.name} {x}", _VALUES), every)

        return self._sql("dates", table, [x, every], make)

    def _exposed(self, table: Surveyed, wrong: list[str]) -> str:
        types = view_types(table.name)

        def make(rows: ir.Table) -> ir.Table:
            return exposed(rows, types, {x: unbound(f"values {table.name} {x}", _VALUES) for x in wrong})

        return self._sql("exposed", table, [types, wrong], make)[0]

    def _judge(self, table: Surveyed, x: str) -> bool:
        """Keep what the different dates of a column allow; returns whether one is wrong, or its bounds are."""
        [sql] = self._sql("triples", table, x, partial(triples, x=x))
        rows = [_judged(*row) for row in self.engine.rows(sql)]
        wrong = any(row[3] for row in rows)
        if wrong or "date_precision" in table.schema.field:
            self.engine.put(f"values {table.name} {x}", _VALUES, rows)
        return wrong

    def _sql(self, what: str, table: Surveyed, inputs: Any, make: Callable[[ir.Table], ir.Table]) -> list[str]:
        """SQL over a scanned table; ``inputs`` (JSON) say what it depends on besides."""
        return self.compiled(what, [table.essence, inputs], lambda: [make(self._scanned(table))])

    def _scanned(self, table: Surveyed) -> ir.Table:
        return unbound(f"scanned {table.name}", table.types)

    def _spans(self) -> Iterator[dict[str, Any]]:
        """The spans that may not be what is recorded of them, measured."""
        evidence, claims, sources = (self.tables[name] for name in ("evidence", "claims", "sources"))
        where = ", ".join(f'"{column}"' for column in ("row", *SPAN))
        seen = set()
        if self.texts:

            def held(spans: ir.Table) -> ir.Table:
                texts = unbound("texts", view_types("texts"))
                return at_hand(spans, self._scanned(claims), self._scanned(sources), texts)

            [sql] = self._sql("at_hand", evidence, [claims.essence, sources.essence], held)
            for row in self.engine.rows(f"SELECT {where}, text_sha256 FROM ({sql}) AS held"):
                seen.add(row[0])
                yield {"row": row[0], **measured(dict(zip(SPAN, row[1:-1], strict=True)), self.texts[row[-1]])}
        [sql] = self._sql("quoted", evidence, [], quoted)
        for row in self.engine.rows(f"SELECT {where} FROM ({sql}) AS quoted"):
            if row[0] not in seen:
                yield {"row": row[0], **measured(dict(zip(SPAN, row[1:], strict=True)), None)}

    def _lineage(self, graph: str) -> Iterator[dict[str, Any]]:
        """Where single links end, and the circles of a graph, by joins that converge.

        What is left of the links after that leads into circles, or is a graph with long paths; it is little
        in all but strange packages, and NetworkX tells the circles.
        """
        name, one, other = GRAPHS[graph]
        if name not in self.tables:
            return
        types = {"node": "string", "parent": "string"}
        table = self.tables[name]
        relation = graph if graph == "entails" else None
        [sql] = self._sql("links", table, graph, partial(links, one=one, other=other, relation=relation))
        self.engine.save("links", sql)
        self.engine.save("graph", "SELECT * FROM links")
        step = trim if graph == "entails" else jump
        [sql] = self.compiled(step.__name__, types, lambda: [step(unbound("links", types))])
        open_ends = "SELECT * FROM links WHERE parent IN (SELECT node FROM links)"
        left = self._count("links")
        for _ in range(_ROUNDS if graph == "entails" else left.bit_length() + 1):
            before = left
            self.engine.save("links", sql)
            left = self._count("links" if graph == "entails" else f"({open_ends})")
            if not left or (graph == "entails" and left == before):
                break
        if graph != "entails":
            self.engine.save("endless", f"SELECT DISTINCT node FROM ({open_ends}) AS left_over")
            ended = "SELECT links.* FROM links WHERE NOT node IN (SELECT node FROM endless)"
            for node, root in self.engine.rows(f"SELECT node, parent FROM ({ended}) AS ended"):
                yield {"graph": graph, "node": node, "root": root, "circle": None}
            left_over = "SELECT graph.* FROM graph WHERE node IN (SELECT node FROM endless)"
            beside = f"{ended} AND node IN (SELECT parent FROM ({left_over}) AS left_over)"
            self.engine.save("links", f"{left_over} UNION {beside}")
        if self._count("links"):
            yield from lineage(graph, list(self.engine.rows("SELECT node, parent FROM links")))

    def _count(self, what: str) -> int:
        return int(next(self.engine.rows(f"SELECT count(*) FROM {what} AS counted"))[0])

    def _rule(self, rule: Rule) -> None:
        read = bases(set(rule.views) - {"dates"}, self.tables)  # which tells of each cell alone
        if not all(name in self.tables and self.tables[name].complete for name in read):
            self.skipped.append(rule.name)
            return
        self.checked.append(rule.name)
        for sql in rule_sql(self.compiled, rule):
            self._keep(rule.name, sql)


def _misleading(numbers: list[int], part: TableText) -> tuple[list[int], TableText]:
    """Of numbered rows those with a cell whose characters mislead."""
    kept = [row for row, cells in enumerate(part.rows) if any(map(misleads, cells))]
    return [numbers[row] for row in kept], TableText(
        part.name, part.path, part.columns, [part.rows[row] for row in kept], [part.lines[row] for row in kept]
    )


def _judged(value: str | None, start: Any, end: Any) -> tuple[Any, ...]:
    """One row of what is known of different dates, see ``_VALUES``."""
    b = bounds(value or "")
    right = (day(b.start), day(b.end))
    return value, start, end, bool(b.problem) or right != (start, end), b.problem, *right, b.least, b.most
