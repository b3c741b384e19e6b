"""Reports in every format: what each must hold, and that no value in them can command a terminal, a log or a parser."""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes
from xml.etree import ElementTree

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import onrecord.report
from onrecord.findings import Finding, Level, Place, Region
from onrecord.report import FORMATS, Report, render
from onrecord.report.escape import dumps, printable
from onrecord.report.text import line
from onrecord.rulebook import rulebook

BOOK = rulebook()
SCHEMA = json.loads((Path(onrecord.report.__file__).parent / "report-1.schema.json").read_text("utf-8"))
CLAIMS = "dataset/claims.csv"
ENUM = Finding(
    CLAIMS, 2, 6, "enum", "stance 'noncomittal' is not a term of the vocabulary", "use noncommittal",
    "claims", "stance", "noncomittal", others=(Place(CLAIMS, 4, 6), Place(CLAIMS, 30, 6)), region=Region(2, 42, 2, 53),
)  # fmt: skip
FORMULA = Finding(
    "dataset/places.csv", 3, 2, "formula", "place_name '=A1' begins like a formula", "word it otherwise",
    "places", "place_name", "=A1", level="warning", region=Region(3, 7, 3, 10),
)  # fmt: skip
GONE = Finding("dataset/events.csv", 0, 0, "missing-table", "is not there", "restore it", "events")


def report(*findings: Finding, **more: Any) -> Report:
    given = {"rows": {"claims": 29, "places": 7}, "checked": ["edtf-valid", "enum"], "texts": (1, 5)}
    return Report("a/package", list(findings), **(given | more))


def many(count: int, **changes: Any) -> list[Finding]:
    return [replace(ENUM, line=n, others=(), region=None, **changes) for n in range(1, count + 1)]


# --- every format ---

HOSTILE = [
    "\x1b[31mred", "\x1b]0;title\x07", "\x9b31m", "\x7f", "\x00", "\r\n", "\n::error::owned", "\n::stop-commands::x", "::add-mask::e",
    " ::error::e", "##[error]owned", "###[add-path]/", "##vso[task.complete]", "%0A", "%", "%25", ":", ",", "]]>", "</failure>", "<!--", "&amp;",
    '"', "'", "\\", "\\u0041", "\ud800", "\udcff", "\ude00\ud83d", "\u202e", "\u2066", "\u200b", "\u2028", "\x85", "\ufeff", "\ufffe", "\U0001ffff",
    "{0}", "{", "}}", "[here](1)", "[x](http://evil)", "<b>", "; ", " (also at ", "é", "Путин", "金正恩", "😀", "e\u0301",
]  # fmt: skip
values = st.lists(st.sampled_from(HOSTILE) | st.text(st.characters(), max_size=6), max_size=5).map("".join)
names = st.sampled_from(sorted(BOOK)) | values.filter(bool)
paths = st.sampled_from([CLAIMS, "dataset/places.csv", "datapackage.json"]) | values.filter(bool)
places = st.builds(
    lambda path, line, column: Place(path, line, column if line else 0), paths, st.integers(0, 99), st.integers(0, 9)
)


@st.composite
def findings(draw: st.DrawFn) -> Finding:
    place = draw(places)
    width, height = draw(st.integers(0, 50)), draw(st.integers(0, 2))
    region = Region(place.line, 5, place.line + height, 5 + width) if place.line else None
    return Finding(
        place.path, place.line, place.column, draw(names), draw(values), draw(values), draw(values), draw(values),
        draw(st.none() | values), draw(st.sampled_from(["error", "warning"])), draw(st.booleans()),
        tuple(draw(st.lists(places, max_size=4))), draw(st.sampled_from([None, region])),
    )  # fmt: skip


reports = st.builds(
    Report,
    values,
    st.lists(findings(), max_size=6),
    st.dictionaries(values, st.integers(0, 10**6), max_size=3),
    st.lists(names, max_size=4, unique=True),
    st.lists(names, max_size=4, unique=True),
    st.tuples(st.integers(0, 9), st.integers(0, 9)),
    st.just("") | st.just("data/our package"),
    st.just("") | values,
)
limits = st.none() | st.integers(0, 7)


def head(finding: Finding) -> str:
    """How the line of a finding begins."""
    place = str(finding.place)[len(finding.path) :]
    return f"{printable(finding.path)}{place} {printable(finding.rule)}: {printable(finding.message)}"


def in_utf8(text: str | None) -> str | None:
    return None if text is None else text.encode("utf-8", "backslashreplace").decode()


def assert_harmless(written: str) -> None:
    written.encode("utf-8")
    assert written.endswith("\n")
    assert written.replace("\n", "").isprintable()
    assert not re.search(r"##\w*\[", written)


def obeyed(written: str) -> list[str]:
    """The lines that GitHub takes for commands: ``ActionCommand.TryParseV2`` trims what stands before ``::``."""
    return [one for one in written.split("\n") if one.lstrip().startswith("::")]


@given(reports, st.sampled_from(FORMATS), limits)
@settings(max_examples=200, deadline=None)
def test_nothing_in_a_report_is_obeyed(given_report: Report, form: str, most: int | None) -> None:
    written = render(given_report, form, max_findings=most)
    assert_harmless(written)
    assert render(given_report, form, max_findings=most) == written
    if form != "github":
        assert obeyed(written) == []


@pytest.mark.parametrize("form", FORMATS)
def test_a_rule_that_is_in_no_book_is_reported(form: str) -> None:
    assert "no-such-rule" in render(report(replace(ENUM, rule="no-such-rule")), form)


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_says_all_there_is_to_say(form: str) -> None:
    strange = replace(ENUM, message="what is wrong", field="the_field", value="the value")
    written = render(report(strange, replace(FORMULA, rule="used")), form)
    for part in (
        CLAIMS,
        "enum",
        "the_field",
        "the value",
        "what is wrong",
        "use noncommittal",
        "CODEBOOK.md#rule-enum",
    ):
        assert part in written
    assert "warning" in written


@pytest.mark.parametrize("form", FORMATS)
def test_a_huge_value_is_no_fault(form: str) -> None:
    huge = replace(ENUM, message="a\x1b" * 5_000_000, value="\x00" * 200)
    written = render(report(huge), form)
    assert written.replace("\n", "").isprintable()


def test_an_unknown_format_is_refused() -> None:
    with pytest.raises(ValueError, match="sarif"):
        render(report(), "yaml")


@given(values)
def test_a_printable_text_is_one_line_and_stays_as_it_is(text: str) -> None:
    shown = printable(text)
    assert shown.isprintable()
    assert printable(shown) == shown
    assert not re.search(r"##\w*\[|^ *:", shown)
    if text.isprintable() and not re.search(r"##\w*\[|^ *:", text):
        assert shown == text


@given(st.recursive(values | st.integers() | st.none(), lambda inner: st.lists(inner) | st.dictionaries(values, inner)))
def test_json_parses_back(value: Any) -> None:
    assert_harmless(dumps(value) + "\n")
    if (text := json.dumps(value, ensure_ascii=False)).isprintable():
        assert json.loads(dumps(value)) == json.loads(text)


# --- text ---


def test_text_lists_errors_then_warnings_then_rules_then_the_verdict() -> None:
    written = render(report(FORMULA, GONE, ENUM, skipped=["used", "edtf-valid"])).splitlines()
    assert written == [
        "dataset/events.csv missing-table: is not there; restore it",
        f"{CLAIMS}:2:6 enum: stance 'noncomittal' is not a term of the vocabulary; use noncommittal"
        f" (also at {CLAIMS}:4:6, {CLAIMS}:30:6)",
        "",
        "warnings, which leave a package valid:",
        "dataset/places.csv:3:2 formula: place_name '=A1' begins like a formula; word it otherwise",
        "",
        "     1 enum               CODEBOOK.md#rule-enum",
        "     1 missing-table      CODEBOOK.md#rule-missing-table",
        "     1 formula (warning)  CODEBOOK.md#rule-formula",
        "not run, since a table they read is not wholly readable: used, edtf-valid",
        "invalid: 2 errors and 1 warning in 3 files (36 rows in 2 tables, 2 rules, 1 of 5 texts at hand)",
    ]


def test_text_of_a_valid_package_is_one_line() -> None:
    assert render(report()) == "valid: 36 rows in 2 tables, 2 rules, 1 of 5 texts at hand\n"
    assert report().text() == report().summary


def test_warnings_leave_a_package_valid() -> None:
    written = render(report(FORMULA))
    assert written.startswith("warnings, which leave a package valid:\n")
    assert written.splitlines()[-1] == "valid: 36 rows in 2 tables, 2 rules, 1 of 5 texts at hand; 1 warning"


@pytest.mark.parametrize("finding", [ENUM, FORMULA, GONE])
def test_a_line_is_the_finding_as_a_string(finding: Finding) -> None:
    assert line(finding) == str(finding)


def test_a_line_names_field_and_value_where_the_message_does_not() -> None:
    assert line(replace(ENUM, message="is wrong", others=())).endswith("; use noncommittal [stance 'noncomittal']")


def test_the_limit_leaves_out_warnings_first_and_says_how_many() -> None:
    full = report(FORMULA, *many(40))
    written = render(full, max_findings=4).splitlines()
    assert written[:4] == [str(f) for f in many(4)]
    assert written[4] == "… and 37 more (--max-findings)"
    assert written[6] == "    40 enum               CODEBOOK.md#rule-enum"
    assert "--max-findings" not in render(full, max_findings=41)
    assert render(full, max_findings=0).startswith("… and 41 more (--max-findings)\n")


@given(reports, limits)
@settings(max_examples=100, deadline=None)
def test_colour_changes_nothing_but_the_colour(given_report: Report, most: int | None) -> None:
    plain = render(given_report, max_findings=most)
    coloured = render(given_report, colour=True, max_findings=most)
    assert re.sub(r"\x1b\[\d+m", "", coloured) == plain
    assert "\x1b" not in plain


@given(reports)
@settings(max_examples=100, deadline=None)
def test_text_holds_every_finding_in_one_line(given_report: Report) -> None:
    lines = render(given_report).split("\n")
    errors, warnings = given_report.errors, given_report.warnings
    for found, finding in zip(lines, errors, strict=False):
        assert found.startswith(head(finding))
    if warnings:
        begin = lines.index("warnings, which leave a package valid:", len(errors)) + 1
        for found, finding in zip(lines[begin:], warnings, strict=False):
            assert found.startswith(head(finding))


# --- JSON ---


def read_json(given_report: Report, most: int | None = None) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(render(given_report, "json", max_findings=most))
    jsonschema.Draft202012Validator(SCHEMA).validate(found)
    return found


def test_the_schema_describes_every_property_and_admits_no_others() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)

    def walk(node: Any) -> None:
        if isinstance(node, dict):
            if "properties" in node:
                assert node["additionalProperties"] is False
                assert sorted(node["required"]) == sorted(node["properties"])
                for name, one in node["properties"].items():
                    shared = SCHEMA["$defs"].get(one.get("$ref", "").removeprefix("#/$defs/"), {})
                    assert one.get("description") or shared.get("description"), name
            for one in node.values():
                walk(one)
        elif isinstance(node, list):
            for one in node:
                walk(one)

    walk(SCHEMA)


def test_json_has_all_places_and_counts() -> None:
    found = read_json(report(FORMULA, ENUM, *many(3), root="data", version="1.2.0"), 2)
    assert found["counts"] == {"errors": 4, "warnings": 1, "rules": {"enum": 4, "formula": 1}}
    assert (found["valid"], found["left_out"], found["package_version"]) == (False, 3, "1.2.0")
    assert found["findings"][0] == {
        "level": "error", "rule": "enum", "path": CLAIMS, "line": 2, "column": 6,
        "region": {"line": 2, "column": 42, "end_line": 2, "end_column": 53},
        "table": "claims", "field": "stance", "value": "noncomittal",
        "message": "stance 'noncomittal' is not a term of the vocabulary", "fix": "use noncommittal", "mendable": False,
        "codebook": "CODEBOOK.md#rule-enum",
        "others": [{"path": CLAIMS, "line": 4, "column": 6}, {"path": CLAIMS, "line": 30, "column": 6}],
    }  # fmt: skip


def test_json_is_null_where_nothing_is_known() -> None:
    found = read_json(report(replace(GONE, fix="", table="", rule="no-such-rule")))["findings"][0]
    unknown = {"line", "column", "region", "table", "field", "value", "fix", "codebook"}
    assert {name for name, value in found.items() if value is None} == unknown


@given(reports, limits)
@settings(max_examples=150, deadline=None)
def test_json_is_valid_and_brings_the_findings_back(given_report: Report, most: int | None) -> None:
    found = read_json(given_report, most)
    listed = given_report.listed(most)
    assert found["left_out"] == len(given_report.findings) - len(listed)
    assert len(found["findings"]) == len(listed)
    for one, finding in zip(found["findings"], listed, strict=True):
        for name in ("level", "rule", "path", "message", "value"):
            assert one[name] == in_utf8(getattr(finding, name))
        assert one["line"] == (finding.line or None)
        assert [(o["path"], o["line"]) for o in one["others"]] == [
            (in_utf8(p.path), p.line or None) for p in finding.others
        ]


# --- GitHub ---

Command = tuple[str, dict[str, str], str]


def read_commands(written: str) -> list[Command]:
    """The commands that a runner reads, as ``ActionCommand.TryParseV2`` of actions/runner does."""

    def decoded(text: str, escapes: str) -> str:
        for code in escapes.split():
            text = text.replace(code, chr(int(code[1:], 16)))
        return text

    found = []
    for one in obeyed(written):
        info, _, data = one.lstrip()[2:].partition("::")
        name, _, rest = info.partition(" ")
        pairs = (part.split("=", 1) for part in rest.strip().split(",") if part)
        properties = {key: decoded(value, "%0D %0A %3A %2C %25") for key, value in pairs}
        found.append((name, properties, decoded(data, "%0D %0A %25")))
    return found


def test_github_marks_the_characters_from_the_root_of_the_repository() -> None:
    error, warning = read_commands(render(report(FORMULA, ENUM, root="data/pkg"), "github"))
    assert error == (
        "error",
        {"file": f"data/pkg/{CLAIMS}", "line": "2", "endLine": "2", "col": "42", "endColumn": "53", "title": "onrecord enum"},
        f"{ENUM}\nCODEBOOK.md#rule-enum",
    )  # fmt: skip
    assert warning[0] == "warning"


def test_github_escapes_properties_and_data() -> None:
    odd = replace(GONE, path="dataset/100%, a:b\n.csv", message="100%")
    written = render(report(odd), "github").splitlines()[0]
    assert written.startswith("::error file=dataset/100%25%2C a%3Ab%0A.csv,title=onrecord missing-table::")
    assert "missing-table: 100%25; restore it%0ACODEBOOK.md" in written


@pytest.mark.parametrize(
    ("line", "region", "expected"),
    [
        (0, None, {"file"}),
        (5, None, {"file", "line", "endLine"}),
        (5, Region(5, 3, 7, 2), {"file", "line", "endLine"}),
        (5, Region(5, 3, 5, 3), {"file", "line", "endLine", "col", "endColumn"}),
    ],
)
def test_github_gets_columns_only_of_a_region_in_one_line(line: int, region: Region | None, expected: set[str]) -> None:
    written = render(report(replace(ENUM, line=line, column=0, region=region)), "github")
    assert read_commands(written)[0][1].keys() == expected | {"title"}


def test_github_is_told_of_what_it_will_not_show() -> None:
    written = render(report(*many(3, level="warning", rule="formula"), *many(25)), "github")
    commands = read_commands(written)
    assert [name for name, _, _ in commands] == ["error"] * 25 + ["warning"] * 3 + ["notice"]
    assert commands[-1][2].endswith("; the log has 15 more errors")
    both = render(report(*many(11), *many(11, level="warning")), "github")
    assert read_commands(both)[-1][2].endswith("; the log has 1 more error and 1 more warning")
    assert "notice" not in render(report(*many(10)), "github")
    assert written.splitlines()[-1].startswith("invalid: 25 errors and 3 warnings")


@given(reports, limits)
@settings(max_examples=150, deadline=None)
def test_github_reads_back_the_findings_and_no_other_command(given_report: Report, most: int | None) -> None:
    commands = read_commands(render(given_report, "github", max_findings=most))
    listed = given_report.listed(most)
    assert [name for name, _, _ in commands] == [f.level for f in listed]
    for (_, properties, data), finding in zip(commands, listed, strict=True):
        assert data.split("\n")[0].startswith(head(finding))
        assert properties.get("line", "0") == str(finding.line)
        path = given_report.path(finding.path)
        if printable(path) == path:
            assert properties["file"] == path
        assert properties.keys() <= {"file", "line", "endLine", "col", "endColumn", "title"}


# --- SARIF ---


def read_sarif(given_report: Report, most: int | None = None) -> dict[str, Any]:
    """The run, after a look at what must be there whatever the findings are."""
    log = json.loads(render(given_report, "sarif", max_findings=most))
    assert log["version"] == "2.1.0"
    assert log["$schema"].endswith("sarif-schema-2.1.0.json")
    (run,) = log["runs"]
    assert run["columnKind"] == "unicodeCodePoints"
    assert run["invocations"][0]["executionSuccessful"] is True
    rules = run["tool"]["driver"]["rules"]
    assert len({rule["id"] for rule in rules}) == len(rules)
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["message"]["text"]
        (location,) = result["locations"]
        assert location["physicalLocation"]["artifactLocation"]["uriBaseId"] in run["originalUriBaseIds"]
    ids = {rule["id"]: number for number, rule in enumerate(rules)}
    for note in run["invocations"][0]["toolExecutionNotifications"]:
        assert ids[note["associatedRule"]["id"]] == note["associatedRule"]["index"]
    found: dict[str, Any] = run
    return found


@pytest.fixture(scope="session")
def sarif_schema() -> Any:
    """The schema of OASIS, which is not ours to copy: sarif-2.1/schema/sarif-schema-2.1.0.json of oasis-tcs/sarif-spec."""
    path = os.environ.get("ONRECORD_SARIF_SCHEMA")
    if not path:
        pytest.skip("no SARIF schema at hand: name its file in ONRECORD_SARIF_SCHEMA")
    schema = json.loads(Path(path).read_text("utf-8"))
    return jsonschema.validators.validator_for(schema)(schema, format_checker=jsonschema.FormatChecker())


@given(given_report=reports, most=limits)
@settings(max_examples=60, deadline=None)
def test_sarif_is_valid_by_the_schema_of_oasis(sarif_schema: Any, given_report: Report, most: int | None) -> None:
    sarif_schema.validate(json.loads(render(given_report, "sarif", max_findings=most)))


def test_sarif_has_place_region_and_properties() -> None:
    result = read_sarif(report(ENUM, root="data/our pkg"))["results"][0]
    assert result["level"] == "error"
    assert result["message"]["text"] == (
        "stance 'noncomittal' is not a term of the vocabulary. To mend it: use noncommittal. Also at 2 other places."
    )
    physical = result["locations"][0]["physicalLocation"]
    assert physical["artifactLocation"] == {"uri": "data/our%20pkg/dataset/claims.csv", "uriBaseId": "%SRCROOT%"}
    assert physical["region"] == {"startLine": 2, "startColumn": 42, "endLine": 2, "endColumn": 53}
    assert [one["physicalLocation"]["region"] for one in result["relatedLocations"]] == [
        {"startLine": 4},
        {"startLine": 30},
    ]
    assert result["properties"] == {
        "table": "claims", "field": "stance", "value": "noncomittal", "fix": "use noncommittal",
        "codebook": "CODEBOOK.md#rule-enum", "column": 6, "places": 3,
    }  # fmt: skip


def test_sarif_has_no_region_for_a_file_and_a_line_for_a_line() -> None:
    whole, one = read_sarif(report(GONE, replace(ENUM, region=None)))["results"]
    assert "region" not in whole["locations"][0]["physicalLocation"]
    assert one["locations"][0]["physicalLocation"]["region"] == {"startLine": 2}


def test_sarif_names_every_rule_of_the_book_within_the_limits_of_github() -> None:
    run = read_sarif(report(skipped=["used"], checked=[]))
    rules = {rule["id"]: rule for rule in run["tool"]["driver"]["rules"]}
    assert list(rules) == list(BOOK)
    for name, rule in rules.items():
        assert re.fullmatch(r"[A-Z][A-Za-z0-9]*", rule["name"])
        assert all(0 < len(rule[part]["text"]) <= 1024 for part in ("shortDescription", "fullDescription"))
        assert rule["defaultConfiguration"]["level"] == BOOK[name].level
        assert rule["properties"]["codebook"] == f"CODEBOOK.md#rule-{name}"
        assert {"text", "markdown"} <= rule["help"].keys()
        assert "helpUri" not in rule
    assert run["invocations"][0]["toolExecutionNotifications"][0]["associatedRule"]["id"] == "used"


def test_sarif_keeps_a_message_from_being_a_template_or_a_link() -> None:
    text = read_sarif(report(replace(ENUM, message="{0} of [here](1)\n", fix="")))["results"][0]["message"]["text"]
    assert text.startswith("{{0}} of [here] (1)\\n.")


def test_sarif_caps_the_further_places() -> None:
    spread = replace(ENUM, others=tuple(Place(CLAIMS, n, 6) for n in range(3, 303)))
    result = read_sarif(report(spread))["results"][0]
    assert len(result["relatedLocations"]) == 100
    assert result["properties"]["places"] == 301


def test_a_fingerprint_stays_when_rows_move_and_tells_equal_cells_apart() -> None:
    def marks(*found: Finding) -> list[str]:
        return [one["partialFingerprints"]["onrecordFinding/v1"] for one in read_sarif(report(*found))["results"]]

    first, second = replace(ENUM, line=2), replace(ENUM, line=9)
    assert marks(first, second) == marks(replace(first, line=7, region=None), replace(second, line=14, others=()))
    assert len(set(marks(first, second, FORMULA, GONE))) == 4
    assert marks(first) == marks(first, second)[:1]


@given(reports, limits)
@settings(max_examples=100, deadline=None)
def test_sarif_brings_the_findings_back(given_report: Report, most: int | None) -> None:
    run = read_sarif(given_report, most)
    listed = given_report.listed(most)
    assert run["properties"]["leftOut"] == len(given_report.findings) - len(listed)
    for result, finding in zip(run["results"], listed, strict=True):
        physical = result["locations"][0]["physicalLocation"]
        path = given_report.path(finding.path)
        uri = physical["artifactLocation"]["uri"]
        assert re.fullmatch(r"[A-Za-z0-9_.~/%-]*", uri)
        try:
            assert unquote_to_bytes(uri) == path.encode("utf-8", "surrogateescape")
        except UnicodeEncodeError:
            assert unquote_to_bytes(uri) == path.encode("utf-8", "surrogatepass")
        assert physical.get("region", {}).get("startLine", 0) == finding.line
        assert (result["ruleId"], result["level"]) == (in_utf8(finding.rule), finding.level)
        text = result["message"]["text"].replace("{{", "{").replace("}}", "}")
        assert text.startswith(printable(finding.message).replace("](", "] ("))
        assert result["properties"].get("value") == in_utf8(finding.value)


# --- JUnit ---


def read_junit(given_report: Report, most: int | None = None) -> ElementTree.Element:
    """The root, after a look at whether the counts are true."""
    root = ElementTree.fromstring(render(given_report, "junit", max_findings=most).encode("utf-8"))
    assert root.tag == "testsuites"
    for element in (root, *root):
        tests = list(element.iter("testcase"))
        assert element.get("tests") == str(len(tests))
        assert element.get("failures") == str(sum(test.find("failure") is not None for test in tests))
        assert element.get("errors") == "0"
        assert set(element.keys()) - {"skipped"} == {"name", "tests", "failures", "errors", "time"}
    for suite in root:
        assert suite.get("skipped") == str(len(suite.findall("testcase/skipped")))
        assert all(test.keys() == ["classname", "name", "time"] for test in suite)
    return root


def cases(root: ElementTree.Element) -> dict[str | None, ElementTree.Element]:
    return {test.get("name"): test for test in root.iter("testcase")}


def test_junit_has_a_suite_per_topic_and_a_test_per_rule() -> None:
    root = read_junit(report(ENUM, FORMULA, checked=["edtf-valid", "used", "enum"], skipped=["span-hash"]))
    assert [(suite.get("name"), [t.get("name") for t in suite]) for suite in root] == [
        ("cells", ["enum", "formula"]),
        ("time", ["edtf-valid"]),
        ("evidence", ["span-hash"]),
        ("identity", ["used"]),
    ]
    found = cases(root)
    assert list(found["used"]) == []
    assert [child.tag for child in found["span-hash"]] == ["skipped"]
    assert [child.tag for child in found["formula"]] == ["system-out"]
    assert str(FORMULA) in found["formula"][0].text
    failure = found["enum"].find("failure")
    assert failure is not None
    assert failure.get("message") == f"1 error; what must hold: {BOOK['enum'].holds}"
    assert failure.text.splitlines()[0] == str(ENUM)
    assert failure.text.endswith("CODEBOOK.md#rule-enum")


def test_junit_keeps_errors_and_warnings_of_one_rule_apart() -> None:
    warning = replace(ENUM, line=9, level="warning")
    failure, output = cases(read_junit(report(ENUM, warning)))["enum"]
    assert (failure.tag, output.tag) == ("failure", "system-out")
    assert failure.text.splitlines()[:2] == [str(ENUM), ""]
    assert output.text.splitlines() == ["1 warning:", str(warning)]


def test_junit_counts_all_and_lists_as_many_as_asked() -> None:
    failure = cases(read_junit(report(*many(40), root="data"), 3))["enum"].find("failure")
    assert failure.get("message").startswith("40 errors;")
    assert failure.text.splitlines()[2:4] == [str(many(3)[2]), "… and 37 more (--max-findings)"]


@given(reports)
@settings(max_examples=150, deadline=None)
def test_junit_brings_the_findings_back(given_report: Report) -> None:
    found: Counter[tuple[str | None, str]] = Counter()
    for test in read_junit(given_report).iter("testcase"):
        for child in (*test.iterfind("failure"), *test.iterfind("system-out")):
            found.update((test.get("name"), one) for one in (child.text or "").split("\n"))
    for finding in given_report.findings:
        assert line(finding).startswith(head(finding))
        assert found[printable(finding.rule), line(finding)] > 0
    expected = Counter((printable(f.rule), line(f)) for f in given_report.findings)
    assert expected <= found


# --- more than is listed ---


@pytest.mark.parametrize("most", [None, 2, 0])
def test_every_format_counts_what_is_not_listed(most: int | None) -> None:
    found: Counter[tuple[Level, str]] = Counter({("error", "enum"): 60_000, ("error", "pattern"): 7})
    found["warning", "formula"] = 3
    held = [] if most == 0 else [*many(5), FORMULA]
    given = report(*held, found=found, files=4)
    listed = len(given.listed(most))
    assert given.summary.startswith("invalid: 60007 errors and 3 warnings in 4 files")
    text, github, sarif, junit, told = (render(given, form, max_findings=most) for form in FORMATS_COUNTED)
    assert f"… and {60_010 - listed} more (--findings writes them all)" in text
    assert re.search(r"^ 60000 enum", text, re.MULTILINE)
    assert f"… and {60_010 - listed} more (--findings writes them all)" in github
    assert github.endswith(f"{given.summary}\n")
    properties = json.loads(sarif)["runs"][0]["properties"]
    assert (properties["errors"], properties["warnings"], properties["leftOut"]) == (60_007, 3, 60_010 - listed)
    document = json.loads(told)
    jsonschema.validate(document, SCHEMA)
    assert document["counts"] == {
        "errors": 60_007,
        "warnings": 3,
        "rules": {"enum": 60_000, "formula": 3, "pattern": 7},
    }
    assert document["left_out"] == 60_010 - listed
    suites = ElementTree.fromstring(junit)
    tests = {test.attrib["name"]: test for test in suites.iter("testcase")}
    assert suites.attrib["failures"] == "2"
    failures = {name: test.find("failure") for name, test in tests.items() if test.find("failure") is not None}
    assert {
        name: failure.attrib["message"].split(";")[0] for name, failure in failures.items() if failure is not None
    } == {
        "enum": "60000 errors",
        "pattern": "7 errors",
    }
    assert "3 warnings:" in str(tests["formula"].findtext("system-out"))
    assert "--findings writes them all" in str(tests["pattern"].findtext("failure"))


FORMATS_COUNTED = ("text", "github", "sarif", "junit", "json")
