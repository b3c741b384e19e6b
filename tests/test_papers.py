"""The papers say what is so: their numbers are the data's, their links and commands exist, their examples run."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pandas as pd
import pytest
import typer

import onrecord
from conftest import ROOT
from onrecord import cli, database
from onrecord.build import build
from onrecord.curate.agreement import agreement
from onrecord.docs import codebook
from onrecord.package import Package, open_package
from onrecord.rulebook import rulebook
from onrecord.rules import evidence as limits

PAPERS = [
    "README.md",
    "CONTRIBUTING.md",
    "RELEASING.md",
    "VALIDATION.md",
    "docs/datasheet.md",
    "docs/methods.md",
    "docs/worksheet.md",
]
MEASURED = ["docs/datasheet.md", "docs/methods.md"]
CODED_TWICE = [("first", "second", "1.0.0"), ("fresh-first", "fresh-second", "1.1.0")]
"""Pairs of codings, and the version of the codebook that they followed, in the order of docs/methods.md."""
WORKFLOWS = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / ".github/workflows").iterdir())
FENCED = re.compile(r"^( *)```(\w*)\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)


def read(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def prose(text: str) -> str:
    return FENCED.sub("", text)


def tables(name: str) -> Iterator[tuple[list[str], list[list[str]]]]:
    """The tables of a paper: header and rows."""
    for block in re.findall(r"(?:^\|.*\|\n)+", read(name), re.MULTILINE):
        header, _, *rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in block.splitlines()]
        yield header, rows


# Numbers


def of(table: str, query: str) -> Callable[[onrecord.Dataset], int]:
    return lambda data: len(data.tables[table].query(query))


def rows(table: str) -> Callable[[onrecord.Dataset], int]:
    return lambda data: len(data.tables[table])


def topic(*names: str) -> Callable[[onrecord.Dataset], int]:
    return lambda _: sum(rule.topic in names for rule in rulebook().values())


@cache
def package() -> Package:
    return open_package(ROOT)


def schemas() -> list[dict]:
    return list(package().schemas.values())


def decided(data: onrecord.Dataset) -> pd.DataFrame:
    forecasts = data.forecasts()
    return forecasts[forecasts.borne_out != "open"]


def credited_only(data: onrecord.Dataset) -> int:
    """Named persons who stand in the credits of sources and nowhere else."""
    named = data.actors.query("actor_kind == 'person' and anonymity == 'named'").actor_id
    elsewhere = {
        actor
        for name, table in data.tables.items()
        if name not in ("actors", "actor_names", "source_credits")
        for column in table.columns
        if column in ("actor_id", "other_actor_id", "speaker_id", "organization_id", "publisher_id")
        for actor in table[column].dropna()
    }
    return sum(actor not in elsewhere for actor in named)


def publishers(data: onrecord.Dataset) -> pd.DataFrame:
    """Who published the coded sources."""
    coded = data.sources[data.sources.coding_scope != "none"]
    return data.actors[data.actors.actor_id.isin(coded.publisher_id)]


MEASURES: dict[str, Callable[[onrecord.Dataset], int]] = {
    "Sources": rows("sources"),
    "Sources coded in full": of("sources", "coding_scope == 'full'"),
    "Outlets and bodies that published coded sources": lambda data: publishers(data).actor_id.nunique(),
    "Countries of these": lambda data: publishers(data).actor_country.nunique(),
    "Languages of coded sources": lambda data: data.sources[
        data.sources.coding_scope != "none"
    ].source_language.nunique(),
    "Sources cited and not coded": of("sources", "coding_scope == 'none'"),
    "Claims": rows("claims"),
    "Claims in the outlets' own voice": of("claims", "quote_type == 'narration'"),
    "Claims whose origin is unnamed": lambda data: int((data.flat.origin_kind == "anonymous").sum()),
    "Propositions": rows("propositions"),
    "Events": rows("events"),
    "Places": rows("places"),
    "Actors": rows("actors"),
    "Unnamed actors": of("actors", "anonymity != 'named'"),
    "Named persons": of("actors", "actor_kind == 'person' and anonymity == 'named'"),
    "Named persons who are only credited, for a text or a picture": credited_only,
    "Hops of attribution": rows("attributions"),
    "Claims with two hops or more": lambda data: int((data.attributions.groupby("claim_id").hop.max() > 1).sum()),
    "Links between claims": rows("claim_links"),
    "Pairs of claims that dispute each other": of("claim_links", "claim_relation == 'disputes'"),
    "Passages": rows("evidence"),
    "Passages with quoted words": of("evidence", "exact.notna()"),
    "Words in the longest quotation": lambda data: int(data.evidence.exact.str.split().str.len().max()),
    "Outcomes": rows("resolutions"),
    "Rows of agreement": rows("agreement"),
    "Retired identifiers": rows("retired"),
    **{
        f"Sources with scope {term}": of("sources", f"coding_scope == '{term}'")
        for term in ("full", "targeted", "none")
    },
    **{
        f"Sources with access {term}": of("sources", f"access == '{term}'")
        for term in ("full_text", "excerpt", "listing", "not_seen")
    },
    "Sources of outcomes read in full": lambda data: int(
        (data.sources[data.sources.source_id.isin(data.resolutions.source_id)].access == "full_text").sum()
    ),
    "Coded sources in another language than English": of(
        "sources", "coding_scope != 'none' and source_language != 'en'"
    ),
    "Coded sources whose text prints its date": of("sources", "coding_scope != 'none' and published_basis == 'stated'"),
    "Coded sources without an address of their own": of("sources", "coding_scope != 'none' and url.isna()"),
    "Sources with an archived address": of("sources", "archive_url.notna()"),
    "Sources with a day of retrieval": of("sources", "retrieved.notna()"),
    "Claims that the source dates itself": of("claims", "said_basis == 'stated'"),
    "Claims dated by a weekday": of("claims", "said_basis == 'weekday'"),
    "Claims dated relative to something else": of("claims", "said_basis == 'relative'"),
    "Claims dated or bounded by publication alone": of("claims", "said_basis == 'publication'"),
    "Actors with a Wikidata identifier": of("actors", "wikidata_id.notna()"),
    "Places with a GeoNames identifier": of("places", "geonames_id.notna()"),
    "Claims that foretell something": lambda data: len(data.forecasts()),
    "Propositions foretold whose outcome is known in full or in part": lambda d: decided(d).proposition_id.nunique(),
    "Most such propositions of any one forecaster": lambda data: int(
        decided(data).groupby("forecaster_id").proposition_id.nunique().max()
    ),
    "Forecasters with at least 20 such propositions": lambda data: int(
        (decided(data).groupby("forecaster_id").proposition_id.nunique() >= 20).sum()
    ),
    "Judged fields": lambda _: sum("codingRule" in field for schema in schemas() for field in schema["fields"]),
    "Coding rules for claims": lambda _: sum(len(schema.get("codingRules", [])) for schema in schemas()),
    "Rules": lambda _: len(rulebook()),
    "Rules on files": topic("files"),
    "Rules on cells, keys and references": topic("cells"),
    "Rules on time": topic("time"),
    "Rules on attribution": topic("attribution"),
    "Rules on evidence": topic("evidence"),
    "Rules on meaning": topic("meaning"),
    "Rules on identity and the package": topic("identity"),
    "Rules that only warn": lambda _: sum(rule.level == "warning" for rule in rulebook().values()),
}


def test_every_number_is_the_datas(data: onrecord.Dataset) -> None:
    told = [
        row for name in MEASURED for header, found in tables(name) if header == ["What", "How many"] for row in found
    ]
    assert len(told) > 40
    assert {what for what, _ in told} == set(MEASURES)
    assert [what for what, n in Counter(what for what, _ in told).items() if n > 1] == []
    assert {what: int(number.replace(",", "")) for what, number in told} == {
        what: measure(data) for what, measure in MEASURES.items()
    }


def test_the_topics_of_the_rules_are_all_told() -> None:
    assert {rule.topic for rule in rulebook().values()} == {
        "files", "cells", "time", "attribution", "evidence", "meaning", "identity",
    }  # fmt: skip


def test_the_table_of_articles(data: onrecord.Dataset) -> None:
    ((_, told),) = [t for t in tables("docs/datasheet.md") if t[0][0] == "Source" and "Outlet" in t[0]]
    coded = data.sources[data.sources.access == "full_text"].merge(
        data.actors, left_on="publisher_id", right_on="actor_id"
    )
    claims = data.claims.source_id.value_counts()
    assert told == [
        [s.source_id, s.actor_name, s.published_edtf, s.published_basis, f"{s.text_length:,}", str(claims[s.source_id])]
        for s in coded.sort_values("source_id").itertuples()
    ]


def test_how_much_of_the_texts_stands_in_the_data(data: onrecord.Dataset, texts: dict[str, str]) -> None:
    ((_, told),) = [t for t in tables("docs/datasheet.md") if t[0][:2] == ["Source", "Quoted words"]]
    passages = data.evidence.merge(data.claims[["claim_id", "source_id"]])
    found = []
    for source in data.sources[data.sources.access == "full_text"].itertuples():
        text = texts[source.text_sha256]
        exact: set[int] = set()
        anchors: set[int] = set()
        for row in passages[passages.source_id == source.source_id].itertuples():
            words = [
                range(row.start_char + word.start(), row.start_char + word.end())
                for word in re.finditer(r"\S+", text[row.start_char : row.end_char])
            ]
            if pd.notna(row.exact):
                exact |= set(range(row.start_char, row.end_char))
            if pd.notna(row.anchor_from):
                first = words[: len(row.anchor_from.split())]
                anchors |= set(range(first[0].start, first[-1].stop))
            if pd.notna(row.anchor_to):
                last = words[-len(row.anchor_to.split()) :]
                anchors |= set(range(last[0].start, last[-1].stop))
        shares = (f"{100 * len(part) / len(text):.0f} %" for part in (exact, exact | anchors))
        found.append([source.source_id, *shares])
    assert told == found


def test_the_agreements_can_be_computed_again(data: onrecord.Dataset) -> None:
    papers = [told for header, told in tables("docs/methods.md") if header[:2] == ["Field", "Units"]]
    for (one, other, version), told in zip(CODED_TWICE, papers, strict=True):
        found, faults = agreement(str(ROOT / f"docs/agreement/{one}.csv"), str(ROOT / f"docs/agreement/{other}.csv"))
        assert found is not None, faults
        rows = data.agreement[data.agreement.agreement_version == version]
        table = {(row.table_name, row.field_name): row for row in rows.itertuples()}
        assert len(table) == len(found.fields)
        for measured in found.fields:
            field = measured.compared
            row = table[field.table, field.field]
            assert row.units == len(field.units)
            assert pd.isna(row.alpha) if measured.alpha.value is None else abs(row.alpha - measured.alpha.value) < 0.01
            alphas = [cells[4] for cells in told if cells[0] == f"`{field.table}.{field.field}`"]
            assert alphas == ([] if not field.units else ["" if pd.isna(row.alpha) else f"{row.alpha:.2f}"])


def test_the_limits_of_quotation_are_those_of_the_rule() -> None:
    sheet = read("docs/datasheet.md")
    assert f"at most {limits.WORDS} words each, and under {limits.SHARE:.0%}".replace("%", " %") in sheet


def test_only_a_model_has_coded(data: onrecord.Dataset) -> None:
    """The papers say so; who adds a person's coding rewrites them."""
    assert set(data.sources.coded_by.dropna().astype(str)) == {"model"}
    assert {f"{day:%d %B %Y}" for day in data.sources.coded_on.dropna()} == {"22 November 2026"}
    assert "22 November 2026" in read("docs/datasheet.md")


def test_outcomes_rest_on_the_days_told(data: onrecord.Dataset) -> None:
    outcomes = data.sources[data.sources.source_id.isin(data.resolutions.source_id)]
    articles = data.sources[data.sources.coding_scope != "none"]
    days = [f"{day.day} {day:%B %Y}" for found in (articles, outcomes) for day in (found.published_start.min(), found.published_end.max())]  # fmt: skip
    sheet = " ".join(read("docs/datasheet.md").split())
    assert f"are of {days[0]} to {days[1]}." in sheet
    assert f"on reports of {days[2]} to {days[3]}." in sheet


# Names


NOT_IN_THE_DATA = {
    *("frictionless", "datasets", "profile", "doi", "conceptDoi", "corrections", "codingRule"),  # of other formats
    *("added", "changed", "fixed", "removed", "correction", "code"),  # types of fragments
    *("onrecord.store", "onrecord.db", "RULES"),
}


def test_every_name_in_the_papers_exists(data: onrecord.Dataset) -> None:
    """Whatever looks like a name of ours between backticks is a table, view, field, term, method, file or folder."""
    fields = {table: {field["name"] for field in schema["fields"]} for table, schema in package().schemas.items()}
    terms = {
        term["value"] for schema in schemas() for field in schema["fields"] for term in field.get("categories", [])
    }
    dotted = {f"{table}.{field}" for table in fields for field in fields[table]}
    names = {*fields, *database.VIEWS, *set().union(*fields.values()), *terms, *dotted, *dir(data), *NOT_IN_THE_DATA}
    for paper in [*MEASURED, "CONTRIBUTING.md", "RELEASING.md"]:
        for token in re.findall(r"`([A-Za-z_]+(?:\.[a-z_]+)?)`", prose(read(paper))):
            assert token in names or (ROOT / token).exists(), f"{paper}: {token}"


def test_views_that_are_called_views_are_views() -> None:
    for name in PAPERS:
        for view in re.findall(r"[Vv]iews? `([a-z_]+)`", read(name)):
            assert view in database.VIEWS, f"{name}: {view}"
        for table in re.findall(r"[Tt]able `([a-z_]+)`", read(name)):
            assert table in package().names, f"{name}: {table}"


def test_every_target_of_make_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", read("Makefile"), re.MULTILINE))
    for name in PAPERS:
        assert set(re.findall(r"`make ([a-z-]+)`", read(name))) <= targets, name


# Links


def anchors(text: str) -> set[str]:
    """The anchors of the headings, as GitHub makes them."""
    found: Counter[str] = Counter()
    made = set()
    for heading in re.findall(r"^#+ (.+)$", prose(text), re.MULTILINE):
        slug = re.sub(r"[^\w -]", "", re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", heading)).strip().lower().replace(" ", "-")
        made.add(f"{slug}-{found[slug]}" if found[slug] else slug)
        found[slug] += 1
    return made


@pytest.mark.parametrize("name", PAPERS)
def test_every_link_leads_to_a_file_and_its_anchor(name: str) -> None:
    path = ROOT / name
    for target in re.findall(r"\]\(([^)\s]+)\)", prose(path.read_text("utf-8"))):
        if "://" in target:
            continue
        file, _, anchor = target.partition("#")
        to = (path.parent / file).resolve() if file else path
        assert to.is_relative_to(ROOT), f"{name}: {target}"
        assert to.exists(), f"{name}: {target}"
        if anchor:
            assert anchor in anchors(to.read_text("utf-8")), f"{name}: {target}"


# Commands


def told_commands() -> list[tuple[str, str]]:
    """Each command of ours that a paper or a workflow gives, in backticks or in a block, without comments."""
    found = []
    for name in [*PAPERS, *WORKFLOWS]:
        text = read(name)
        spans = re.findall(r"`((?:[.\w]+/)*onrecord [^`\n]+)`", prose(text))
        blocks = [text] if name in WORKFLOWS else [block for _, kind, block in FENCED.findall(text) if kind != "python"]
        for block in blocks:
            spans += re.findall(
                r"^\s*(?:- )?(?:run: )?((?:[.\w]+/)*onrecord [a-z-].*?)(?:\s+#.*)?$", block, re.MULTILINE
            )
        found += [(name, re.sub(r"^\S*onrecord ", "", span)) for span in spans]
    return sorted(set(found))


@pytest.mark.parametrize(("name", "told"), told_commands())
def test_every_command_exists_with_its_options(name: str, told: str) -> None:
    program = typer.main.get_command(cli.app)
    words = shlex.split(told.replace("[", " ").replace("]", " "))
    command = program
    if not words[0].startswith("-"):
        assert words[0] in program.commands, f"{name}: there is no onrecord {words[0]}"
        command = program.commands[words[0]]
    options = {"--help", "-h", *(option for parameter in command.params for option in parameter.opts)}
    assert {word.split("=")[0] for word in words if re.match(r"--?[a-z]", word)} <= options, f"{name}: onrecord {told}"


def test_commands_are_found() -> None:
    """The patterns find what they are for."""
    told = told_commands()
    assert ("README.md", "validate [PACKAGE]") in told
    assert ("RELEASING.md", "release X.Y.Z --date YYYY-MM-DD") in told
    assert any(name.endswith("release.yml") and "--rebuild" in command for name, command in told)
    assert any(name == "VALIDATION.md" and "--format sarif" in command for name, command in told)


# Workflows


@pytest.mark.parametrize("name", WORKFLOWS)
def test_every_workflow_is_valid(name: str) -> None:
    done = subprocess.run(
        [Path(sys.executable).with_name("check-jsonschema"), "--builtin-schema", "vendor.github-workflows", name],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("name", WORKFLOWS)
def test_every_action_is_official_and_pinned_by_major_version(name: str) -> None:
    text = read(name)
    assert "\npermissions:" in text
    for action in re.findall(r"uses: (\S+)", text):
        assert re.fullmatch(r"actions/[a-z-]+@v[0-9]+", action), action
    for block in re.findall(r"run: \|?\n?((?: {10}.*\n)+)", text):
        assert "${{" not in block, "expressions in a shell are code: pass them by env"


def test_extras_that_are_told_exist() -> None:
    extras = set(tomllib.loads(read("pyproject.toml"))["project"]["optional-dependencies"])
    for name in [*PAPERS, *WORKFLOWS]:
        for told in re.findall(r"-e '\.\[([a-z,]+)\]'", read(name)):
            assert set(told.split(",")) <= extras, name


# Examples


def section() -> str:
    return read("README.md").split("\n## Reading it with other tools\n")[1].split("\n## ")[0]


EXAMPLES = [block for _, kind, block in FENCED.findall(section()) if kind == "python"]
CONSOLE = [
    line for _, kind, block in FENCED.findall(section()) if kind == "console" for line in block.splitlines() if line
]
NEEDS = ("polars", "datasets", "duckdb")


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A package with what 'onrecord build' writes, as a user has it."""
    folder = tmp_path_factory.mktemp("reader")
    for name in ("dataset", "schemas"):
        shutil.copytree(ROOT / name, folder / name)
    shutil.copy(ROOT / "datapackage.json", folder)
    report, written = build(open_package(folder))
    assert report.valid
    assert written
    return folder


def run(built: Path, tmp_path: Path, *command: str | Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "HF_HOME": str(tmp_path / "hf"), "HF_HUB_OFFLINE": "1", "PYTHONWARNINGS": "ignore"}
    return subprocess.run(
        [str(word) for word in command], cwd=built, env=environment, capture_output=True, text=True, check=False, timeout=120
    )  # fmt: skip


@pytest.mark.parametrize("block", EXAMPLES, ids=lambda block: re.findall(r"^(?:import|from) (\w+)", block)[0])
def test_each_example_runs_and_prints_what_it_says(block: str, built: Path, tmp_path: Path) -> None:
    for module in re.findall(r"^(?:import|from) (\w+)", block, re.MULTILINE):
        if module in NEEDS:
            pytest.importorskip(module)
    said = re.findall(r"^print\(.*\)  # (.+)$", block, re.MULTILINE)
    assert said, "an example prints something and says what"
    done = run(built, tmp_path, sys.executable, "-c", block)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == said


def test_the_section_has_an_example_for_each_tool() -> None:
    told = section()
    for tool in ("pandas", "Polars", "DuckDB", "Frictionless", "Hugging Face", "Datasette", "```r\n"):
        assert tool in told
    assert len(EXAMPLES) == 6


@pytest.mark.parametrize("line", CONSOLE)
def test_each_command_of_the_section_runs(line: str, built: Path, tmp_path: Path) -> None:
    program, *arguments = shlex.split(line)
    if program == "datasette":  # asked once instead of serving
        arguments += ["--get", "/onrecord/origins.json?_shape=array"]
    done = run(built, tmp_path, Path(sys.executable).with_name(program), *arguments)
    assert done.returncode == 0, done.stderr
    if program == "datasette":
        assert len(json.loads(done.stdout)) == 100
    else:
        assert done.stdout.strip()


def test_the_codebook_has_the_anchors_that_the_papers_want() -> None:
    """The codebook is generated: a heading that goes away breaks links, so say which."""
    made = anchors(codebook(package()))
    wanted = {a for name in PAPERS for a in re.findall(r"CODEBOOK\.md#([\w-]+)", read(name))}
    assert wanted <= made
