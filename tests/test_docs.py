"""The documentation is what the code and the schemas say."""

import csv
import doctest
import json
import re
import subprocess
import sys
from pathlib import Path

from conftest import ROOT
from helpers import call, copy_minimal
from onrecord.curate.worksheet import read, write
from onrecord.docs import codebook
from onrecord.package import open_package
from onrecord.rulebook import rulebook
from test_reading import PAGE


def test_the_codebook_is_current() -> None:
    assert (ROOT / "CODEBOOK.md").read_text("utf-8") == codebook(open_package(ROOT)), "run 'onrecord docs'"


def test_the_codebook_has_every_field_term_and_rule() -> None:
    package = open_package(ROOT)
    text = codebook(package)
    for schema in package.schemas.values():
        for field in schema["fields"]:
            assert f"### {field['name']}\n" in text
            for term in field.get("categories", []):
                assert f"- `{term['value']}`: " in text
    for rule in rulebook().values():
        assert text.count(f"\n#### Rule {rule.name}\n") == 1
        assert rule.link == f"CODEBOOK.md#rule-{rule.name}"


def test_the_readme_runs_and_says_what_comes_out(monkeypatch) -> None:
    monkeypatch.chdir(ROOT)
    result = doctest.testfile(str(ROOT / "README.md"), module_relative=False, optionflags=doctest.NORMALIZE_WHITESPACE)
    assert result.attempted > 15
    assert result.failed == 0


def test_the_five_commands_of_curation_print_what_is_written_there(tmp_path: Path) -> None:
    package = copy_minimal(tmp_path / "package")
    (package / "ferry.html").write_text(PAGE, "utf-8")
    section = (ROOT / "docs/curation.md").read_text("utf-8").split("\n## ")[1]
    blocks = re.findall(r"```console\n\$ onrecord (.+)\n((?:.*\n)*?)```", section)
    assert [command.split()[0] for command, _ in blocks] == ["source", "suggest", "review", "accept", "accept"]
    for command, printed in blocks:
        if command.startswith("review"):  # which needs a terminal; the decisions are made here instead
            path = package / command.split()[1]
            sheet = read(path)
            for row in sheet.rows:
                row["decision"] = "accept" if row["row_id"][-1] in "137" else "reject"
                if row["decision"] == "accept":
                    row |= {name: f"{name} {row['row_id']} in other words" for name in ("proposition", "claim_summary")}
            write(path, sheet)
        else:
            done = call(*command.split(), cwd=package)
            assert (done.stdout, done.stderr, done.returncode) == (printed, "", 0)
    assert call("accept", "worksheets/S0004.csv", cwd=package).stdout.endswith("nothing to add\n")
    assert call("validate", cwd=package).stdout.startswith("valid: ")


def test_rows_that_the_readme_counts_in_other_tools_are_so_many() -> None:
    with (ROOT / "dataset/claims.csv").open(encoding="utf-8", newline="") as opened:
        types = [row["quote_type"] for row in csv.DictReader(opened)]
    counts = re.findall(r"num_rows\)  # (\d+)", (ROOT / "README.md").read_text("utf-8"))
    assert [int(count) for count in counts] == [len(types), types.count("direct")]


TRANSCRIPT = """Press Briefing

QUESTION: Can you confirm that the ferry has been sold?

MS. VALE: We have no announcement to make today. We go on watching the sale.

I would remind you that the sale of a ferry would break the contract. “They will pay for it,” as Ann Lee said.

QUESTION: Will it sail in June?

MS. VALE: We will not hesitate to run it ourselves.

The owner said: “Nobody has sold anything.”

Calls to the buyer went unanswered.
"""


def test_a_transcript_is_proposed_as_it_can_be_accepted(tmp_path: Path) -> None:
    package = copy_minimal(tmp_path / "package")
    (package / "briefing.txt").write_text(TRANSCRIPT, "utf-8")
    how = ("--publisher", "The Ostrel Courier", "--published", "2021-05-07", "--language", "en")
    assert call("source", "add", "briefing.txt", *how, cwd=package).returncode == 0
    assert call("suggest", "S0004", cwd=package).returncode == 0
    path = package / "worksheets/S0004.csv"
    sheet = read(path)
    for row in sheet.rows:
        words = {name: f"{name} {row['row_id']} in other words" for name in ("proposition", "claim_summary")}
        row |= {"decision": "accept", "proposition_kind": row["proposition_kind"] or "fact", **words}
    write(path, sheet)
    said = [(row["speaker"], row.get("hop_1_kind", "")) for row in sheet.rows if row["quote_type"] == "direct"]
    assert said == [("Vale", "implicit")] * 3 + [("Ann Lee", "implicit"), ("Vale", "implicit"), said[-1]]
    assert said[-1][0].startswith("Owner, unnamed")
    done = call("accept", "worksheets/S0004.csv", cwd=package)
    assert (done.stdout.splitlines()[-1], done.returncode) == ("next: onrecord validate", 0)


def test_links_in_the_documents_lead_somewhere() -> None:
    for path in [*ROOT.glob("*.md"), *(ROOT / "seeds").glob("*.md"), *(ROOT / "docs").glob("*.md")]:
        text = path.read_text("utf-8")
        anchors = {
            re.sub(r"[^\w -]", "", h).strip().lower().replace(" ", "-")
            for h in re.findall(r"^#+ (.+)$", text, re.MULTILINE)
        }
        for target in re.findall(r"\]\(([^)]+)\)", text):
            if target.startswith("#"):
                assert target[1:] in anchors, f"{path.name}: {target}"
            elif "://" not in target:
                assert (path.parent / target.split("#")[0]).exists(), f"{path.name}: {target}"


def test_frictionless_finds_the_package_valid() -> None:
    done = subprocess.run(
        [Path(sys.executable).with_name("frictionless"), "validate", "datapackage.json", "--json"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-2000:]
    assert '"valid": true' in done.stdout


def test_the_citation_is_valid() -> None:
    done = subprocess.run(
        [Path(sys.executable).with_name("check-jsonschema"), "--builtin-schema", "vendor.citation-file-format", "CITATION.cff"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout


def test_the_descriptor_names_the_founding_articles() -> None:
    package = open_package(ROOT)
    records = [json.loads(path.read_text("utf-8")) for path in sorted((ROOT / "seeds").glob("*.json"))]
    named = {(source["title"], source.get("path")) for source in package.descriptor["sources"]}
    assert named == {(f"{r['publisher']}: {r['title']} ({r['published']})", r["url"]) for r in records}


def test_one_version_everywhere() -> None:
    version = open_package(ROOT).descriptor["version"]
    assert f'\nversion = "{version}"\n' in (ROOT / "pyproject.toml").read_text("utf-8")
    assert f"\nversion: {version}\n" in (ROOT / "CITATION.cff").read_text("utf-8")
    assert f"\n## {version}" in (ROOT / "CHANGELOG.md").read_text("utf-8")
