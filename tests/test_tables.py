"""The pages that Datasette makes, over HTTP: names, chips, facets, search, headers, and data left as they are."""

import csv
import io
import re

import httpx
import pytest

from onrecord.site.table_cells import column_classes, column_order, escape_search, table_groups
from test_site import rows, site

__all__ = ["site"]

PAGES = (
    "/onrecord",
    "/onrecord/claims",
    "/onrecord/flat",
    "/onrecord/claims?stance=deny&_facet=channel",
    "/onrecord/claims/C00001",
    "/onrecord/hedges",
    "/onrecord/1_kremlin_from_not_confirming_to_confirming",
    "/onrecord?sql=select+1",
    "/onrecord?sql=select+x",
    "/onrecord/nothing",
    "/nothing/at/all",
    "/onrecord/claims?_size=x",
)
FILES = (
    "/onrecord/claims.json",
    "/onrecord/claims.csv",
    "/onrecord.db",
    "/assets/tables.css",
    "/-/static/codemirror-5.57.0.min.js",
)


def body(site: httpx.Client, path: str) -> str:
    """The rows of a page, without what stands around them."""
    page = site.get(path).text
    return page[page.index("<tbody>") : page.index("</tbody>")]


@pytest.mark.parametrize("path", [*PAGES, *FILES, "/", "/claim/C00001"])
def test_every_answer_has_the_headers(site: httpx.Client, path: str) -> None:
    answer = site.head(path) if path in FILES else site.get(path)
    assert answer.headers.get_list("x-content-type-options") == ["nosniff"]
    assert answer.headers.get_list("referrer-policy") == ["strict-origin-when-cross-origin"]
    policy = answer.headers.get_list("content-security-policy")
    assert len(policy) == 1
    assert "default-src 'self'" in policy[0]
    assert "frame-ancestors 'none'" in policy[0]
    assert "unsafe" not in policy[0]


@pytest.mark.parametrize("path", PAGES)
def test_no_page_has_scripts_styles_or_handlers_of_its_own(site: httpx.Client, path: str) -> None:
    page = site.get(path).text
    assert '<html lang="en">' in page
    assert "app.css" not in page
    assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", page))
    assert not re.search(r"<style|<[^>]+\s(style|on[a-z]+)=", page)
    assert not re.search(r'href="\s*(javascript|data):', page, re.IGNORECASE)


def test_tables_show_names_and_lead_to_pages_of_records(site: httpx.Client) -> None:
    claims = body(site, "/onrecord/claims")
    assert re.search(r'<a href="/claim/C00001">C00001</a>', claims)
    assert re.search(r'<a href="/actor/A0009"[^>]*>Kremlin</a>', claims)
    assert re.search(r'<a href="/proposition/P0001"[^>]*>Kim Jong Un and Vladimir Putin will meet</a>', claims)
    assert '<a href="/source/S0001"' in claims
    assert "declines to comment" in claims
    assert "5 September 2023" in claims
    evidence = body(site, "/onrecord/evidence")
    assert '<a href="/V00001">V00001</a>' in evidence
    assert '<a href="/claim/C00001"' in evidence


def test_identifiers_are_links_in_the_flat_table_in_views_and_in_answers(site: httpx.Client) -> None:
    flat = body(site, "/onrecord/flat")
    for path in ("claim/C00001", "source/S0001", "proposition/P0001", "actor/A0009", "event/E0001"):
        assert f'href="/{path}"' in flat
    assert re.search(r'<a href="/event/E0001"[^>]*>E0001</a>', flat)  # its title stands in the same row
    views = {
        "hedges": ["claim"],
        "positions": ["actor", "proposition", "claim", "source"],
        "voices": ["actor"],
        "carriers": ["actor", "claim"],
    }
    for view, kinds in views.items():
        shown = body(site, f"/onrecord/{view}")
        assert all(f'href="/{kind}/' in shown for kind in kinds), view
    assert re.search(r'<a href="/actor/A0009"[^>]*>Kremlin</a>', body(site, "/onrecord?sql=select+'A0009'+as+who"))
    assert "<a" not in body(site, "/onrecord?sql=select+'A9999'+as+who")


def test_codes_are_chips(site: httpx.Client) -> None:
    claims = body(site, "/onrecord/claims?stance=noncommittal")
    assert 'class="chip stance-noncommittal"' in claims
    assert "takes no position" in claims
    assert re.search(r'<span class="chip" title="Uu">uncommitted</span>', claims)
    assert 'class="chip status-' in body(site, "/onrecord/events")
    assert 'class="chip outcome-came_true"' in body(site, "/onrecord/resolutions")


def test_cells_are_text_unless_they_hold_a_web_address(site: httpx.Client) -> None:
    sql = "select 'javascript:alert(1)' as a, '<b>x</b>' as b, 'https://example.org/a?b=1' as c, 'affirm\"x' as stance"
    shown = body(site, f"/onrecord?sql={sql.replace(' ', '+')}")
    assert shown.count("<a ") == 1
    assert 'href="https://example.org/a?b=1"' in shown
    assert "<b>" not in shown
    assert "chip" not in shown


@pytest.mark.parametrize("asked", ['"', "*", "AND", "(", "a:b", 'armoured "train', '""', "' OR 1", "^-+"])
def test_any_search_is_answered(site: httpx.Client, asked: str) -> None:
    for table in ("claims", "flat"):
        answer = site.get(f"/onrecord/{table}", params={"_search": asked})
        assert answer.status_code == 200
        assert "syntax error" not in answer.text
        assert "<tbody>" in answer.text or "No row matches" in answer.text


def test_a_raw_search_that_cannot_be_read_is_explained(site: httpx.Client) -> None:
    answer = site.get("/onrecord/claims", params={"_search": '"', "_searchmode": "raw"})
    assert answer.status_code == 400
    assert "This search could not be read" in answer.text
    assert "unterminated" not in answer.text


def test_facets_count_and_narrow_down(site: httpx.Client) -> None:
    page = site.get("/onrecord/claims?stance=deny").text
    assert '<details class="facets"' in page
    assert 'aria-current="true"' in page
    assert "takes no position" not in body(site, "/onrecord/claims?stance=deny")
    assert page.index(">Stance</h2>") < page.index(">Source</h2>")
    assert "Kremlin coy on summit" in page[: page.index("<tbody>")]


def test_columns_are_explained_on_demand(site: httpx.Client) -> None:
    page = site.get("/onrecord/claims").text
    assert "What the columns mean" in page
    assert 'popovertarget="column-' in page
    assert "FactBank" in page
    assert site.get("/onrecord/hedges").text.count("column-menu") > 5


def test_a_row_leads_to_its_page_and_from_others(site: httpx.Client) -> None:
    page = site.get("/onrecord/claims/C00001").text
    assert '<a class="button" href="/claim/C00001">' in page
    assert re.search(r'<a href="/actor/A0009"[^>]*>Kremlin</a>', page)
    assert "/onrecord/evidence?claim_id=C00001" in page
    assert "Rows that point here" in page


def test_the_database_lists_tables_by_subject_and_no_indexes(site: httpx.Client) -> None:
    page = site.get("/onrecord").text
    assert page.index("Flat table") < page.index("What was said") < page.index("Ready questions")
    assert "_fts" not in page
    assert "213 rows" in page
    assert "/onrecord.db" in page
    assert "Who republished whom" in page


def test_an_answer_that_takes_too_long_is_explained(site: httpx.Client) -> None:
    sql = "with recursive c(n) as (select 1 union all select n + 1 from c) select count(*) from c"
    answer = site.get("/onrecord", params={"sql": sql})
    assert answer.status_code == 400
    assert "took too long" in answer.text
    assert not re.search(r"<script>|style=", answer.text)


def test_data_are_left_as_they_are(site: httpx.Client) -> None:
    row = rows(site, "claims", claim_id="C00001")[0]
    assert (row["speaker_id"], row["stance"], row["certainty"]) == ("A0009", "noncommittal", "Uu")
    assert row["said_edtf"] == "2023-09-05"
    table = csv.DictReader(io.StringIO(site.get("/onrecord/claims.csv", params={"claim_id": "C00001"}).text))
    assert {name: value or None for name, value in next(table).items()} == row
    assert list(row)[:3] == ["claim_id", "source_id", "proposition_id"]


def test_searches_become_words_and_phrases() -> None:
    assert escape_search('Kim "armoured train" Putin') == '"Kim" "armoured train" "Putin"'
    assert escape_search('say "no') == '"say" "no"'
    assert escape_search('"') == escape_search("") == escape_search(' "" ') == '""'


def test_columns_are_as_wide_as_what_they_hold() -> None:
    shown = [[{"value": "1,200"}, {"value": "2023-09-05"}, {"value": "word " * 20}, {"value": ""}]]
    assert column_classes(shown) == ["number", "date", "long", "short"]
    assert column_classes([]) == []


def test_what_a_row_is_called_stands_after_its_key() -> None:
    columns = [{"name": name} for name in ("claim_id", "source_id", "stance", "speaker_id", "claim_summary")]
    assert column_order(columns, "claim_summary") == [0, 4, 3, 2, 1]
    assert column_order(columns[:3], None) == [0, 1, 2]


def test_unknown_tables_are_listed_last() -> None:
    assert table_groups(["mine", "claims"]) == [("What was said", ["claims"]), ("Further tables", ["mine"])]
