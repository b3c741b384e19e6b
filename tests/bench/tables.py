"""The rows of every table, as SQL over the plan of a story and the numbers of stories.

Row ``i`` of a table is row ``i % k`` of the plan, in story ``i // k``. Whatever differs between stories
comes from ``mix``, a hash of our own, since DuckDB's may change; nothing depends on threads or time.
"""

from __future__ import annotations

from typing import Any

import duckdb
import pyarrow

from bench import story, words

__all__ = ["BROKEN_LINES", "QUERIES", "broken_lines", "connect"]

# Every so many rows (the second number counts from there) a text has a line break: column, step, first.
BROKEN_LINES = {"claims": ("claim_summary", 20_000, 17), "events": ("event_summary", 20_000, 5)}

_WIDTHS = {"A": 4, "C": 5, "E": 4, "L": 4, "P": 4, "S": 4, "V": 5}
_MINTED = {"A": story.ACTORS, "C": len(story.CLAIMS), "E": story.EVENTS, "L": story.PLACES, "P": story.PROPOSITIONS,
           "S": len(story.SOURCES), "V": len(story.EVIDENCE)}  # fmt: skip

_MACROS = """
CREATE MACRO m1(x) AS (xor(x, x >> 16) * 1103515245 + 12345) & 2147483647;
CREATE MACRO m2(x) AS (xor(x, x >> 13) * 1597334677 + 54321) & 2147483647;
CREATE MACRO mix(i, salt) AS m2(m1((i * 2654435 + salt * 40503 + {seed} * 7919 + 1) & 2147483647)) >> 8;
CREATE MACRO day_of(b) AS DATE '2014-02-01' + CAST(mix(b, 1) % 4300 AS INTEGER);
CREATE MACRO popular(b, slot) AS CASE WHEN mix(b, 50 + slot) % 4 = 0 THEN b ELSE
    (b * (mix(b, 90 + slot) % 1024) // 1024 * (mix(b, 90 + slot) % 1024) // 1024) END;
CREATE MACRO cast_of(b, slot) AS CASE WHEN slot < 16 THEN A(popular(b, slot), slot) ELSE A(b, slot) END;
CREATE MACRO pair(b, rank, one, other) AS CASE
    WHEN popular(b, one) < popular(b, other) OR (popular(b, one) = popular(b, other) AND one < other)
    THEN CASE WHEN rank = 0 THEN cast_of(b, one) ELSE cast_of(b, other) END
    ELSE CASE WHEN rank = 0 THEN cast_of(b, other) ELSE cast_of(b, one) END END;
CREATE MACRO edtf(form, a, z) AS CASE form
    WHEN 'day' THEN CAST(a AS VARCHAR)
    WHEN 'span' THEN CAST(a AS VARCHAR) || '/' || CAST(z AS VARCHAR)
    WHEN 'month' THEN left(CAST(a AS VARCHAR), 7)
    WHEN 'about' THEN left(CAST(a AS VARCHAR), 7) || '~'
    WHEN 'year' THEN left(CAST(a AS VARCHAR), 4)
    WHEN 'since' THEN CAST(a AS VARCHAR) || '/..'
    WHEN 'until' THEN '../' || CAST(z AS VARCHAR) END;
CREATE MACRO edtf_start(form, a) AS CASE
    WHEN form IN ('day', 'span', 'since') THEN a
    WHEN form IN ('month', 'about') THEN CAST(date_trunc('month', a) AS DATE)
    WHEN form = 'year' THEN make_date(year(a), 1, 1) END;
CREATE MACRO edtf_end(form, a, z) AS CASE
    WHEN form = 'day' THEN a
    WHEN form IN ('span', 'until') THEN z
    WHEN form IN ('month', 'about') THEN last_day(a)
    WHEN form = 'year' THEN make_date(year(a), 12, 31) END;
CREATE MACRO mixed_up(b) AS b - b % 32768 + b % 32768 * 20021 % 32768;
CREATE MACRO name_in(script, b) AS
    script[1 + mixed_up(b) % 32] || script[1 + mixed_up(b) // 32 % 32] || script[1 + mixed_up(b) // 1024 % 32]
    || CASE WHEN b < 32768 THEN '' ELSE script[1 + b // 32768 % 32] || script[1 + b // 1048576 % 32] END;
CREATE MACRO raw_name(b) AS name_in({latin}, b);
CREATE MACRO name_of(b) AS upper(left(raw_name(b), 1)) || substr(raw_name(b), 2);
CREATE MACRO surname(b, slot) AS name_of(b) || ({endings})[1 + slot % 23];
CREATE MACRO person(b, slot) AS ({first})[1 + mix(b, slot + 200) % {firsts}] || ' ' || surname(b, slot);
CREATE MACRO outlet(b, slot) AS
    'The ' || name_of(b) || ' ' || ['Courier', 'Herald', 'Gazette', 'Observer', 'News Agency'][1 + slot];
CREATE MACRO theme(b, slot) AS ({verbs})[1 + slot % 12] || ' ' || ({things})[1 + slot // 12 % 12];
CREATE MACRO aside(h) AS ({asides})[1 + h % 16];
CREATE MACRO occasion(h) AS ({when_})[1 + h % 8];
CREATE MACRO spoken(b, claim) AS ({spoken})[1 + mix(b, 1000 + claim) % 12] || ({tags})[1 + mix(b, 3000 + claim) % 8];
CREATE MACRO folded(text) AS replace(text, '’', '''');
CREATE MACRO weekday(d) AS ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'][isodow(d)];
"""


def _literal(values: list[str]) -> str:
    return "[" + ", ".join("'" + value.replace("'", "''") + "'" for value in values) + "]"


def connect(seed: int, threads: int, memory: str) -> duckdb.DuckDBPyConnection:
    """A connection that knows the plans (``plan_<table>``) and the macros of the queries."""
    con = duckdb.connect()
    con.execute(f"SET threads = {threads}")
    con.execute(f"SET memory_limit = '{memory}'")
    con.execute("SET enable_progress_bar = false")
    con.execute("SET preserve_insertion_order = true")
    # The stories stay the probing side of every join, so that rows come in the order of their numbers.
    con.execute("SET disabled_optimizers = 'join_order,build_side_probe_side'")
    for letter, width in _WIDTHS.items():
        number = f"b * {_MINTED[letter]} + slot + 1"
        con.execute(f"CREATE MACRO {letter}(b, slot) AS printf('{letter}%0{width}d', {number})")
    fill: dict[str, Any] = {
        "seed": seed, "latin": _literal(words.LATIN), "endings": _literal(words.ENDINGS),
        "first": _literal(words.FIRST), "firsts": len(words.FIRST), "verbs": _literal(words.VERBS),
        "things": _literal(words.THINGS), "asides": _literal(words.ASIDES), "when_": _literal(words.WHEN),
        "spoken": _literal(words.SPOKEN), "tags": _literal(words.TAGS),
    }  # fmt: skip
    con.execute(_MACROS.format(**fill))
    for table, plan in story.PLANS.items():
        rows = [{"i_slot": i, **{k: v for k, v in row.items() if k != "chain"}} for i, row in enumerate(plan)]
        con.register("plan", pyarrow.Table.from_pylist(rows))
        con.execute(f"CREATE TABLE plan_{table} AS SELECT * FROM plan ORDER BY i_slot")
    return con


def broken_lines(table: str, rows: int) -> range:
    """The rows of a table with a line break in their text."""
    _, step, first = BROKEN_LINES.get(table, ("", 1, rows))
    return range(first, rows, step)


def _broken(table: str, text: str) -> str:
    _, step, first = BROKEN_LINES[table]
    return f"CASE WHEN i % {step} = {first} THEN ({text}) || chr(10) || 'Seen twice.' ELSE ({text}) END"


def _dated(prefix: str, form: str, first: str, last: str) -> str:
    return (
        f"edtf({form}, {first}, {last}) AS {prefix}_edtf, edtf_start({form}, {first}) AS {prefix}_start, "
        f"edtf_end({form}, {first}, {last}) AS {prefix}_end"
    )


def _published(source: str) -> str:
    days = [s["day"] for s in story.SOURCES]
    return f"(day_of(b) + CAST(({days})[1 + {source}] AS INTEGER))"


def _list(values: list[str]) -> str:
    return "(" + _literal(values) + ")"


def _actors() -> str:
    name = f"""CASE
        WHEN slot < 5 THEN outlet(b, slot)
        WHEN slot = 5 THEN name_of(b) || ' Republic' WHEN slot = 6 THEN 'Kingdom of ' || name_of(b)
        WHEN slot = 7 THEN 'Ministry of ' || {_list(words.MINISTRIES)}[1 + mix(b, 3) % 6] || ' of ' || name_of(b)
        WHEN slot = 8 THEN name_of(b) || ' Armed Forces' WHEN slot = 9 THEN name_of(b) || ' Shipping, Ltd.'
        WHEN slot BETWEEN 24 AND 31 THEN {_list(words.DOERS)}[slot - 23] || ' of ' || name_of(b) || ', unnamed, '
            || outlet(popular(b, slot % 5), slot % 5) || ' ' || strftime(day_of(b), '%d %b %Y')
        ELSE person(b, slot) END"""
    about = f"""CASE WHEN slot BETWEEN 10 AND 19 AND mix(b, slot) % 3 = 0 THEN 'Speaks for ' || name_of(b) || ' '
        || {_list(words.WHERE)}[1 + mix(b, slot + 20) % 6] || aside(mix(b, slot + 40)) END"""
    return f"""SELECT A(b, slot) AS actor_id, {name} AS actor_name,
        CASE WHEN slot < 5 THEN 'media_outlet' WHEN slot < 7 THEN 'state' WHEN slot < 9 THEN 'public_body'
            WHEN slot = 9 THEN 'organization' WHEN slot BETWEEN 24 AND 28 THEN 'group' ELSE 'person' END AS actor_kind,
        CASE WHEN slot BETWEEN 24 AND 28 THEN 'unnamed_group' WHEN slot BETWEEN 29 AND 31 THEN 'unnamed_individual'
            ELSE 'named' END AS anonymity,
        CASE WHEN slot BETWEEN 24 AND 28 THEN 2 END AS size_min,
        CASE WHEN slot BETWEEN 25 AND 26 THEN 2 + mix(b, slot) % 5 END AS size_max,
        CASE WHEN slot <> 4 THEN {_list(words.COUNTRIES)}[1 + mix(b, 4 + slot % 2) % 20] END AS actor_country,
        CASE WHEN slot < 5 OR slot BETWEEN 20 AND 23 THEN 'JRN' WHEN slot IN (8, 14) THEN 'MIL' WHEN slot = 9 THEN 'BUS'
            WHEN slot IN (7, 10, 11, 24, 25) THEN 'GOV' END AS sector,
        CASE WHEN slot < 20 AND mix(b, slot + 60) % 2 = 0 THEN 'Q' || CAST(1000 + i AS VARCHAR) END AS wikidata_id,
        {about} AS actor_description"""


def _actor_names() -> str:
    native = {"ru": words.CYRILLIC, "ko": words.HANGUL, "ar": words.ARABIC, "zh-Hans": words.CHINESE}
    told = " ".join(
        f"WHEN '{language}' THEN name_in({_literal(script)}, b) || {_list(script)}[1 + actor]"
        for language, script in native.items()
    )
    return f"""SELECT A(b, actor) AS actor_id, CASE language {told} ELSE
        CASE kind WHEN 'weak_alias' THEN 'the ministry' ELSE {_list(["Greater", "Alt", "Neo"])}[1 + actor % 3]
            || ' ' || name_of(b) || CASE WHEN actor = 0 THEN ', The' WHEN actor > 6 THEN ' Office' ELSE '' END END END
            AS alternative_name, kind AS name_kind, language AS name_language"""


def _sources() -> str:
    publisher = "cast_of(b, publisher)"
    length = [story.text_length(n) or 0 for n in range(len(story.SOURCES))]
    title = f"""name_of(b) || ' ' || {_list(words.TOPICS)}[1 + mix(b, 5) % 6] || ' '
        || {_list(words.NEWS)}[1 + mix(i, 6) % 8]"""
    return f"""SELECT S(b, i_slot) AS source_id, {title} AS title, {publisher} AS publisher_id,
        CASE WHEN mix(i, 7) % 9 = 0 THEN 'inferred' ELSE 'stated' END AS publisher_basis, genre,
        'https://news.example.org/' || left(CAST(day_of(b) AS VARCHAR), 4) || '/' || CAST(i AS VARCHAR) || '-'
            || raw_name(b) AS url, CASE WHEN mix(i, 34) % 5 = 0 THEN 'https://archive.example.org/' || CAST(i AS VARCHAR) END AS archive_url,
        {_dated("published", "'day'", _published("i_slot"), "NULL")},
        CASE WHEN mix(i, 8) % 3 = 0 THEN 'inferred' ELSE 'stated' END AS published_basis,
        CASE WHEN access <> 'not_seen' THEN {_published("i_slot")} + CAST(mix(i, 9) % 40 AS INTEGER) END AS retrieved,
        {_list(words.LANGUAGES)}[1 + mix(i, 10) % 10] AS source_language,
        CASE WHEN origin IS NOT NULL THEN S(b, origin) END AS republished_from, access, scope AS coding_scope,
        CASE WHEN scope <> 'none' THEN DATE '2026-11-22' END AS coded_on,
        CASE WHEN scope <> 'none' THEN 'model' END AS coded_by,
        CASE WHEN scope <> 'none' THEN ({length})[1 + i_slot] END AS text_length,
        CASE WHEN scope <> 'none' THEN sha256('text ' || CAST(i AS VARCHAR)) END AS text_sha256,
        CASE WHEN i_slot = 0 THEN printf('%03d_', b % 1000) || left(sha256('seed ' || CAST(i AS VARCHAR)), 16) END AS seed,
        CASE WHEN mix(i, 11) % 3 = 0 THEN 'Date from the address' || aside(mix(i, 12)) || '.' END AS source_notes"""


def _source_ranges() -> str:
    return 'SELECT S(b, source) AS source_id, start AS start_char, "end" AS end_char, kind AS range_kind'


def _source_credits() -> str:
    return "SELECT S(b, source) AS source_id, role AS credit_role, position AS credit_position, A(b, actor) AS actor_id"


def _actor_roles() -> str:
    first = "make_date(CAST(CASE WHEN past THEN 1998 ELSE 2005 + mix(b, actor) % 8 END AS INTEGER), 3, 5)"
    form = "CASE WHEN past THEN 'span' ELSE 'since' END"
    return f"""SELECT A(b, actor) AS actor_id, A(b, organization) AS organization_id,
        {_list(words.POSTS)}[1 + mix(b, actor + 30) % 6] AS role_title,
        {_dated("held", form, first, "make_date(2004, 11, 30)")}, S(b, actor % 4) AS source_id"""


def _actor_links() -> str:
    return "SELECT A(b, one) AS actor_id, A(b, other) AS other_actor_id, kind AS link_kind"


def _places() -> str:
    def degrees(salt: int, most: int) -> str:
        tenths = f"(mix(i, {salt}) % {20 * most - 1} - {10 * most - 1})"
        return f"CAST(CAST({tenths} AS DECIMAL(9, 1)) / 10 AS DECIMAL(9, 1))"

    return f"""SELECT L(b, i_slot) AS place_id,
        {_list(["Port ", "Old ", "Upper ", "", "Saint-Élie, "])}[1 + i_slot] || name_of(b) AS place_name,
        {_list(words.COUNTRIES)}[1 + mix(b, 4) % 20] AS place_country, {degrees(14, 90)} AS latitude,
        {degrees(15, 180)} AS longitude, CASE WHEN i_slot < 3 THEN 100000 + i END AS geonames_id,
        1 + mix(i, 16) % 7 AS where_precision"""


def _events() -> str:
    title = f"""name_of(b) || ' ' || {_list(words.TOPICS)}[1 + (mix(b, 5) + i_slot) % 6] || ' of ' || year(day_of(b))"""
    summary = f"""{_list(words.DOERS)}[1 + mix(i, 17) % 12] || ' from ' || name_of(b) || ' ' || theme(b, i_slot * 7)
        || ' ' || {_list(words.WHERE)}[1 + mix(i, 18) % 6] || aside(mix(i, 19)) || '.'"""
    return f"""SELECT E(b, i_slot) AS event_id, {title} AS event_title,
        {_broken("events", f"upper(left({summary}, 1)) || substr({summary}, 2)")} AS event_summary,
        type AS plover_type, mode AS plover_mode, status, S(b, source) AS status_source_id,
        {_dated("date", "form", "day_of(b) + CAST(first AS INTEGER)", "day_of(b) + CAST(last AS INTEGER)")},
        precision AS date_precision, clarity, CASE WHEN place IS NOT NULL THEN L(b, place) END AS place_id,
        CASE WHEN parent IS NOT NULL THEN E(b, parent) END AS parent_id"""


def _event_actors() -> str:
    return (
        "SELECT E(b, event) AS event_id, pair(b, rank, 10 + event % 6, 5 + event % 5) AS actor_id, role AS event_role"
    )


def _propositions() -> str:
    # The theme is the slot's and the name the story's, so that no two propositions are the same.
    text = f"""{_list(["Envoys", "Ministers", "Delegates", "Inspectors"])}[1 + mix(i, 20) % 4] || ' of ' || name_of(b)
        || CASE kind WHEN 'prediction' THEN ' will ' WHEN 'intent' THEN ' intend to ' WHEN 'absence' THEN
        ' have not said that they ' WHEN 'question' THEN ' may or may not ' WHEN 'evaluation' THEN ' had better ' ELSE
        ' used to ' END || theme(b, i_slot) || ' ' || occasion(mix(i, 21)) || aside(mix(i, 22))"""
    first = "day_of(b) + CAST(CASE WHEN later THEN 20 + mix(i, 23) % 60 ELSE -10 - mix(i, 23) % 200 END AS INTEGER)"
    return f"""SELECT P(b, i_slot) AS proposition_id, {text} AS proposition, kind AS proposition_kind,
        CASE WHEN place IS NOT NULL THEN L(b, place) END AS place_id,
        {_dated("window", "form", first, f"{first} + 9")},
        CASE WHEN form = 'none' THEN 'none' WHEN mix(i, 24) % 4 = 0 THEN 'inferred' ELSE 'stated' END AS window_basis"""


def _proposition_events() -> str:
    return "SELECT P(b, proposition) AS proposition_id, E(b, event) AS event_id, relation AS event_relation"


def _proposition_actors() -> str:
    return """SELECT P(b, proposition) AS proposition_id, CASE "of" WHEN 1 THEN cast_of(b, 5 + proposition % 11)
        ELSE pair(b, rank, 10 + proposition % 6, 5 + proposition % 5) END AS actor_id, role AS proposition_role"""


def _proposition_links() -> str:
    return "SELECT P(b, one) AS proposition_id, P(b, other) AS other_proposition_id, relation AS proposition_relation"


def _claims() -> str:
    said = f"({_published('source')} - CAST(delay AS INTEGER))"
    summary = f"""CASE WHEN actor IS NULL THEN 'It was said' WHEN quote = 'narration' THEN 'The outlet reports'
        WHEN actor >= 24 THEN 'Unnamed ' || {_list(words.DOERS)}[actor - 23] || ' said' WHEN actor > 9 THEN
        person(popular(b, actor), actor) || ' said' ELSE 'The speaker said' END || ' that ' || name_of(b) || ' would '
        || theme(b, proposition) || ' ' || occasion(mix(i, 25)) || aside(mix(i, 26)) || '.'"""
    return f"""SELECT C(b, i_slot) AS claim_id, S(b, source) AS source_id, P(b, proposition) AS proposition_id,
        CASE WHEN actor IS NOT NULL THEN cast_of(b, actor) END AS speaker_id, act AS speech_act, stance, certainty,
        quote AS quote_type, channel, {_dated("said", "form", said, _published("source"))}, basis AS said_basis,
        located AS claim_location,
        CASE WHEN conditional THEN {_list(words.CONDITIONS)}[1 + mix(i, 27) % 6] END AS claim_condition,
        {_broken("claims", summary)} AS claim_summary"""


def _attributions() -> str:
    said = f"({_published('source')} - CAST(delay AS INTEGER))"
    return f"""SELECT C(b, claim) AS claim_id, hop, CASE WHEN actor IS NOT NULL THEN cast_of(b, actor) END AS actor_id,
        kind AS hop_kind, cue, {_dated("hop_said", "form", said, _published("source"))}, channel AS hop_channel"""


def _evidence() -> str:
    day = f"weekday({_published('source')} - CAST(delay AS INTEGER))"
    text = f"CASE WHEN exact THEN spoken(b, claim) WHEN part = 'time' THEN {day} END"
    length = f"coalesce(length({text}), length)"
    return f"""SELECT V(b, slot) AS evidence_id, C(b, claim) AS claim_id, part, hop, start AS start_char,
        start + {length} AS end_char, {length} AS span_length,
        sha256(folded(coalesce({text}, 'span ' || CAST(i AS VARCHAR)))) AS span_sha256,
        CASE WHEN exact THEN {text} END AS exact,
        CASE WHEN exact THEN split_part({text}, ' ', 1) || ' ' || split_part({text}, ' ', 2) WHEN part = 'content'
            THEN {_list(words.DOERS)}[1 + mix(i, 28) % 12] || ' of ' || name_of(b) END AS anchor_from,
        CASE WHEN exact THEN split_part({text}, ' ', -1) WHEN part = 'content' THEN {_list(words.LAST)}[1 + mix(i, 29) % 6] END AS anchor_to"""


def _claim_links() -> str:
    return "SELECT C(b, one) AS claim_id, C(b, other) AS other_claim_id, relation AS claim_relation"


def _resolutions() -> str:
    when = "day_of(b) + CAST(50 + mix(i, 30) % 20 AS INTEGER)"
    note = "CASE WHEN mix(i, 31) % 4 = 0 THEN 'Settled ' || occasion(mix(i, 32)) || aside(mix(i, 33)) || '.' END"
    return f"""SELECT P(b, proposition) AS proposition_id, outcome, {_dated("resolved", "form", when, "NULL")},
        CASE WHEN event IS NOT NULL THEN E(b, event) END AS event_id, S(b, {story.RESOLVING}) AS source_id,
        {note} AS resolution_note"""


QUERIES = {
    "actors": _actors(),
    "actor_names": _actor_names(),
    "sources": _sources(),
    "source_ranges": _source_ranges(),
    "source_credits": _source_credits(),
    "actor_roles": _actor_roles(),
    "actor_links": _actor_links(),
    "places": _places(),
    "events": _events(),
    "event_actors": _event_actors(),
    "propositions": _propositions(),
    "proposition_events": _proposition_events(),
    "proposition_actors": _proposition_actors(),
    "proposition_links": _proposition_links(),
    "claims": _claims(),
    "attributions": _attributions(),
    "evidence": _evidence(),
    "claim_links": _claim_links(),
    "resolutions": _resolutions(),
}
