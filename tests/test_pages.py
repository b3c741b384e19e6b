"""The pages without a server: addresses, words for codes and dates, citations, links, and the geometry of drawings."""

from __future__ import annotations

import contextlib
import datetime as dt
import itertools
import json
import re
import shutil
import sqlite3
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

import onrecord
from conftest import ROOT, copy_package
from onrecord import known
from onrecord.build import build
from onrecord.cite import FORMATS, Citation, citation
from onrecord.findings import PackageError
from onrecord.package import open_package
from onrecord.site import figures
from onrecord.site.links import Links, passage, web
from onrecord.site.pages import addresses, find
from onrecord.site.render import Site
from onrecord.site.shelf import Page
from onrecord.site.static import write_site
from onrecord.site.words import CERTAINTY, STANCE, spoken

pytestmark = pytest.mark.xdist_group("pages")


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The real package with two identifiers withdrawn, built."""
    folder = copy_package(tmp_path_factory.mktemp("pages"))
    with (folder / "dataset/retired.csv").open("a", encoding="utf-8") as file:
        file.write("claims,C90001,C00001,0.2.0,It said the same.\n")
        file.write("claims,C90002,,0.2.0,The passage does not say it.\n")
    report, written = build(open_package(folder))
    assert written, report.text()
    return folder


@pytest.fixture(scope="module")
def site(package: Path) -> Site:
    return Site(open_package(package), package / "build/onrecord.db")


def html(site: Site, path: str, **query: str) -> tuple[int, str, str]:
    answer = site.answer(path, query, Links())
    return answer.status, answer.body.decode("utf-8"), answer.location


def test_every_address_is_answered_and_every_link_leads_somewhere(site: Site) -> None:
    every = addresses(site.shelf())
    assert len(every) == len(set(every))
    there = {"/" + path for path in every} | {"/search", "/download", "/assets", "/onrecord"}
    lost = set()
    for path in every:
        if path.startswith(("cite/", "report/")) and not path.endswith("C00001"):
            continue
        status, body, _ = html(site, path)
        assert status in ((301, 410) if "C9000" in path else (200,)), path
        for link in re.findall(r'(?:href|src|action)="([^"]*)"', body):
            parts = urlsplit(urljoin(f"http://site/{path}", link.replace("&amp;", "&")))
            if parts.netloc != "site":
                continue
            at = unquote(parts.path)
            if at.rstrip("/") not in {"", *there} and not at.startswith(("/onrecord/", "/download/", "/assets/")):
                lost.add((path, link))
            if parts.fragment and at.rstrip("/") == f"/{path}":
                assert f'id="{parts.fragment}"' in body, (path, link)
    assert lost == set()


def test_identifiers_lead_to_their_pages_however_they_are_written(site: Site) -> None:
    for path in ("C00001", "c00001", "claim/c00001", "proposition/C00001"):
        assert html(site, path)[::2] == (301, "/claim/C00001"), path
    status, _, location = html(site, "V00003")
    assert (status, location) == (301, "/claim/C00001#V00003")
    assert html(site, "search", q=" p0001 ")[::2] == (302, "/proposition/P0001")


def test_a_withdrawn_identifier_leads_to_its_replacement_or_says_why_it_is_gone(site: Site) -> None:
    status, _, location = html(site, "claim/C90001")
    assert (status, location) == (301, "/claim/C00001?was=C90001")
    _, body, _ = html(site, "claim/C00001", was="C90001")
    assert "C90001 was withdrawn in version 0.2.0: It said the same." in body
    status, body, _ = html(site, "claim/C90002")
    assert status == 410
    assert "The passage does not say it." in body


def test_an_unknown_identifier_is_a_helpful_404(site: Site) -> None:
    status, body, _ = html(site, "claim/C09999")
    assert status == 404
    assert "C09999" in body
    assert "Did you mean" in body
    assert html(site, "nothing/here")[0] == 404
    assert html(site, "cite/C99999/citation.bib")[0] == 404
    assert html(site, "origins/P9999")[0] == 404


def test_the_site_knows_on_each_day_what_the_python_interface_knows(founding: onrecord.Dataset) -> None:
    for by in known.BASES:
        for day in founding.query(known.DAYS, {"by": by}).day:
            then = founding.as_of(day, by)  # type: ignore[arg-type]
            asked = {"day": day, "by": by}
            assert set(founding.query(known.CLAIMS, asked).claim_id) == set(then.claims.claim_id)
            events = founding.query(known.EVENTS, asked).set_index("event_id").status.fillna("hypothetical").to_dict()
            assert events == then.events.set_index("event_id").status.astype(str).to_dict()
            assert set(founding.query(known.OUTCOMES, asked).proposition_id) == set(then.resolutions.proposition_id)


def test_two_days_agree_on_what_differs(site: Site) -> None:
    found = find(site.shelf(), "as-of/2023-09-05/2023-09-11", {})
    assert isinstance(found, Page)
    first, second = found.context["first"], found.context["second"]
    for what, key in (("propositions", "proposition_id"), ("events", "event_id")):
        one, other = ({row[key]: row["changed"] for row in side[what]} for side in (first, second))
        assert all(one[name] == other[name] for name in one.keys() & other.keys())
        assert all(other[name] for name in other.keys() - one.keys())
    held = {p["name"]: p["stance"] for p in second["propositions"][0]["positions"]}
    assert second["propositions"][0]["proposition_id"] == "P0001"
    assert (held["Kremlin"], held["Dmitry Peskov"]) == ("affirm", "noncommittal")
    held = {p["name"]: p["stance"] for p in first["propositions"][0]["positions"]}
    assert held["Kremlin"] == "noncommittal"


def test_no_line_of_the_graph_runs_behind_a_box(site: Site) -> None:
    for row in site.shelf().records.rumours():
        drawn = figures.graph(site.shelf().records.routes(row["proposition_id"]))
        assert drawn
        for edge in drawn.edges:
            for x, y in re.findall(r"(\d+) (\d+) H", edge.path):
                assert not any(b.x <= int(x) <= b.x + b.width and b.y <= int(y) <= b.y + b.height for b in drawn.nodes)


def test_a_claim_of_a_source_without_text_says_so_and_leads_to_the_source(package: Path, tmp_path: Path) -> None:
    changed = tmp_path / "onrecord.db"
    shutil.copy(package / "build/onrecord.db", changed)
    with contextlib.closing(sqlite3.connect(changed)) as connection, connection:
        connection.execute("DELETE FROM evidence WHERE claim_id = 'C00001'")
        connection.execute(
            "UPDATE sources SET text_sha256 = NULL, access = 'excerpt', url = 'https://example.org/report' "
            "WHERE source_id = 'S0001'"
        )
        connection.execute("UPDATE flat SET url = 'https://example.org/report' WHERE source_id = 'S0001'")
    site = Site(open_package(package), changed)
    body = html(site, "claim/C00001")[1]
    assert "read as an excerpt of which no text was kept" in body
    assert '<a class="button" href="https://example.org/report"' in body
    assert "How to verify it" not in body
    assert "The passage it rests on" not in body
    assert "no text was kept" in html(site, "source/S0001")[1]
    assert "The passage it rests on" in html(site, "claim/C00028")[1]


def test_long_lists_stop_and_lead_to_all_of_their_rows(
    site: Site, founding: onrecord.Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("records", "list_pages", "question_pages"):
        monkeypatch.setattr(f"onrecord.site.{module}.FEW", 2)
    on_summit = sum(founding.claims.proposition_id == "P0001")
    body = html(site, "proposition/P0001")[1]
    assert f"<strong>{on_summit}</strong> claims on it" in body
    assert f'2 of {on_summit} claims. <a href="/onrecord/flat?proposition_id=P0001">All {on_summit} in the' in body
    plain = site.answer("proposition/P0001", {}, Links(page="proposition/P0001", live=False)).body.decode()
    assert f"2 of {on_summit} claims. All of them are in <code>flat</code> of the database" in plain
    assert html(site, "claim/C00001")[1].count("<tr>") < on_summit
    made = sum(founding.claims.speaker_id == "A0009")
    body = html(site, "actor/A0009")[1]
    assert f"<strong>{made}</strong> claims made" in body
    assert f"2 of {made} claims" in body
    about = founding.query(
        "SELECT COUNT(*) AS n FROM proposition_events JOIN claims USING (proposition_id) "
        "WHERE event_id = 'E0001' AND event_relation = 'about'"
    ).n[0]
    assert f"2 of {about} claims" in html(site, "event/E0001")[1]
    carried = len(founding.carriers("P0001"))
    assert f"4 of {carried} claims" in html(site, "origins/P0001")[1]
    foretold = len(founding.forecasts())
    found = html(site, "question/6_forecasts_and_what_came_of_them")[1]
    assert f"4 of {foretold} rows" in found
    assert re.search(r"2 of [0-9,]+ propositions", html(site, "search", q="Kim")[1])
    every = {f"/{kind}/{row}" for kind, ids in (
        ("proposition", founding.propositions.proposition_id),
        ("actor", founding.actors.actor_id),
        ("source", founding.sources.source_id),
    ) for row in ids}  # fmt: skip
    listed = {link for name in ("propositions", "actors", "sources") for link in links_of(html(site, name)[1])}
    assert every <= listed


def links_of(body: str) -> set[str]:
    """Where the links of a page lead."""
    return set(re.findall(r'href="([^"#?]*)', body))


def test_a_day_that_is_none_is_said_so(site: Site) -> None:
    for wrong in ("2023-02-30", "yesterday", "0000-00-00"):
        status, body, _ = html(site, "as-of", date=wrong)
        assert status == 200
        assert f"{wrong} is no day" in body
    assert html(site, "as-of", date="2023-09-05", by="utterance")[::2] == (302, "/as-of/said/2023-09-05")
    early = html(site, "as-of/0001-01-01")[1]
    assert "Nothing had been published by then." in early


def test_search_takes_any_words(site: Site) -> None:
    for asked in ('"', '""', "*", "AND", "NEAR(", "a OR", "col:x", "'", "\x00", "-", "^"):
        assert html(site, "search", q=asked)[0] == 200, asked
    found = html(site, "search", q="armoured train")[1]
    assert "Kim Jong Un will cross the border into Russia by armoured train" in found


def test_every_term_of_stance_and_certainty_has_its_words() -> None:
    fields = {f["name"]: f for f in json.loads((ROOT / "schemas/claims.json").read_text("utf-8"))["fields"]}
    assert set(STANCE) == set(fields["stance"]["constraints"]["enum"])
    assert set(CERTAINTY) == set(fields["certainty"]["constraints"]["enum"])


@pytest.mark.parametrize(
    ("edtf", "words"),
    [
        ("2023-09-05", "5 September 2023"),
        ("2023-08", "August 2023"),
        ("2023", "2023"),
        ("1948~", "about 1948"),
        ("2023-09?", "perhaps September 2023"),
        ("../2023-09-04", "by 4 September 2023"),
        ("2022/..", "from 2022"),
        ("../..", "on a day unknown"),
        ("2023-09-05/", "from 5 September 2023 (end unknown)"),
        ("2023-09-10/2023-09-12", "10 to 12 September 2023"),
        ("2023-08/2023-09", "August to September 2023"),
        ("2022-12-31/2023-01-02", "31 December 2022 to 2 January 2023"),
        ("2023-07-21~/2023-07-31~", "about 21 to about 31 July 2023"),
        ("2023-21", "spring 2023"),
        ("201X", "2010s"),
        ("0000", "1 BC"),
        ("-0043-03", "March 44 BC"),
        ("no date", "no date"),
        ("", ""),
    ],
)
def test_dates_are_spoken(edtf: str, words: str) -> None:
    assert spoken(edtf) == words


@given(st.text(alphabet="0123456789-/.~?%X ", max_size=24))
def test_no_text_for_a_date_fails(text: str) -> None:
    assert isinstance(spoken(text), str)


@given(st.dates(min_value=dt.date(1, 1, 1)), st.dates(min_value=dt.date(1, 1, 1)))
def test_an_interval_names_both_its_ends(one: dt.date, other: dt.date) -> None:
    said = spoken(f"{one.isoformat()}/{other.isoformat()}")
    assert said.startswith(str(one.day))
    assert said.endswith(spoken(other.isoformat()))


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


@given(TEXT, TEXT, TEXT, st.sampled_from(["", "2026-11-22", "2026"]))
def test_citations_stay_what_they_are_whatever_they_hold(title: str, author: str, summary: str, released: str) -> None:
    one = citation(
        {"title": title, "version": "1.2.3", "created": released, "contributors": [{"title": author, "roles": ["author"]}]},
        "https://example.org/claim/C00001", "C00001", summary,
    )  # fmt: skip
    (item,) = json.loads(one.csl())
    assert item["version"] == "1.2.3"
    assert ("issued" in item) == bool(released)
    for line in one.ris().removesuffix("\r\n").split("\r\n"):
        assert re.match(r"^[A-Z][A-Z0-9]  - ", line), line
    assert one.ris().endswith("ER  - \r\n")
    bib = re.sub(r"\\[a-z]+\{\}|\\.", "", one.bibtex())
    assert bib.count("{") == bib.count("}")
    assert bib.startswith("@misc{")
    assert one.text().count("\n") == 1


def test_a_citation_reads_as_a_reference() -> None:
    whole = Citation("On Record: who said what", ("On Record curators",), "0.9.0", "2026-12-01", "https://example.org/")
    assert whole.text() == (
        "On Record curators (2026). On Record: who said what. Version 0.9.0 [data set]. https://example.org/\n"
    )
    claim = Citation("On Record: who said what", ("A", "B"), "0.9.0", "", "", "C00001", "The Kremlin took no position.")
    assert claim.text() == (
        "A, B (n.d.). C00001: The Kremlin took no position. In: On Record: who said what. Version 0.9.0 [data set].\n"
    )
    assert claim.key == "on-record-0-9-0-c00001"
    assert set(FORMATS) == {"txt", "bib", "ris", "csl.json"}


@pytest.mark.parametrize(
    ("address", "link"),
    [
        ("https://example.org/a b", "https://example.org/a b"),
        ("http://example.org", "http://example.org"),
        ("javascript:alert(1)", None),
        ("data:text/html,x", None),
        ("//example.org", None),
        ("https://", None),
        ("http://[", None),
        ("", None),
        (None, None),
    ],
)
def test_only_web_addresses_become_links(address: str | None, link: str | None) -> None:
    assert web(address) == link


def test_a_passage_is_named_by_its_first_and_last_words() -> None:
    page = "https://example.org/a"
    assert (
        passage(page, "Putin-Kim, Jong & Un", "at last") == f"{page}#:~:text=Putin%2DKim%2C%20Jong%20%26%20Un,at%20last"
    )
    assert passage(f"{page}#part", "one", None) == f"{page}#part:~:text=one"
    assert passage(page, None, "last") is None
    assert passage("javascript:x", "one", "two") is None


@given(st.lists(st.sampled_from(["claim", "C00001", "as-of", "2023-09-05", "x y"]), max_size=4))
def test_relative_links_lead_where_absolute_ones_lead(parts: list[str]) -> None:
    page = "/".join(parts)
    at = f"http://host/deep/{Links().to(page)[1:]}/" if page else "http://host/deep/"
    for target in ("", "claim/C00001", "map"):
        assert unquote(urljoin(at, Links(page=page, live=False).to(target))).rstrip(
            "/"
        ) == f"http://host/deep/{target}".rstrip("/")
    assert urljoin(at, Links(page=page, live=False).file("assets/a.css")) == "http://host/deep/assets/a.css"


DAYS = st.lists(st.dates(), min_size=1, max_size=40)


@given(DAYS)
def test_a_scale_keeps_order_and_stays_inside(days: list[dt.date]) -> None:
    along = figures.scale(days)
    assert along is not None
    places = [along.x(day) for day in sorted(days)]
    assert places == sorted(places)
    assert all(0 <= x <= 100 for x in places)
    assert all(0 <= tick.x <= 100 for tick in along.ticks)
    assert len(along.ticks) <= 16
    assert along.cut or along.first <= min(days)
    assert along.cut_late or along.last >= max(days)


def test_claims_at_one_time_stand_above_each_other(founding: onrecord.Dataset) -> None:
    rows = founding.query(
        "SELECT *, '' AS publisher FROM positions WHERE proposition_id = 'P0001' ORDER BY said_end, claim_id"
    )
    records = [{k: (None if v != v else v) for k, v in row.items()} for row in rows.astype(object).to_dict("records")]
    for row in records:
        for name in ("said_start", "said_end"):
            row[name] = str(row[name])[:10] if row[name] else None
    along = figures.scale(figures.parsed(row["said_end"]) for row in records)
    assert along
    for lane in figures.lanes(records, along):
        places = [(mark.x, mark.y) for mark in lane.marks]
        assert len(places) == len(set(places))
        assert all(mark.y < lane.height for mark in lane.marks)


def said(actor: str, day: str, stance: str = "affirm", claim: str = "C00001") -> dict[str, str]:
    """One row of positions, as the drawings read it."""
    own = {"actor_id": actor, "actor_name": actor, "voice": "own words", "claim_id": claim}
    return own | {"stance": stance, "certainty": "CT+", "said_start": day, "said_end": day}


def test_many_claims_of_one_day_are_one_mark_with_their_number() -> None:
    rows = [said("A0001", "2023-09-05") for _ in range(18)]
    rows += [said("A0001", "2023-09-06", "deny"), said("A0002", "2023-09-06"), said("A0002", "2023-09-06")]
    along = figures.scale(figures.parsed(row["said_end"]) for row in rows)
    assert along
    first, second = figures.lanes(rows, along)
    assert sorted(mark.count for mark in first.marks) == [1, 18]
    assert (first.claims, second.claims) == (19, 2)
    assert [mark.count for mark in second.marks] == [1, 1]
    assert first.height < 80
    assert figures.busiest([second, first], 1) == ([first], [second])


@given(
    st.lists(
        st.tuples(st.dates(dt.date(2023, 9, 1), dt.date(2023, 9, 9)), st.sampled_from(sorted(STANCE))), max_size=60
    )
)
def test_no_two_marks_of_a_lane_stand_on_each_other(claims: list[tuple[dt.date, str]]) -> None:
    rows = [said("A0001", day.isoformat(), stance) for day, stance in claims]
    along = figures.Scale(dt.date(2023, 9, 1), dt.date(2023, 11, 30))
    for lane in figures.lanes(rows, along):
        assert sum(mark.count for mark in lane.marks) == lane.claims == len(rows)
        for one, other in itertools.combinations(sorted(lane.marks, key=lambda m: m.y), 2):
            assert abs(one.x - other.x) >= 2.4 or other.y >= one.foot
        assert max(mark.y for mark in lane.marks) + 15 <= lane.height


def test_a_scale_leaves_out_the_few_days_far_from_most() -> None:
    most = [dt.date(2023, 9, day) for day in range(1, 29)]
    early, late = dt.date(2022, 1, 1), dt.date(2025, 4, 1)
    for days, cut, cut_late in (
        (most, False, False),
        ([early, *most], True, False),
        ([*most, late], False, True),
        ([early, *most, late], True, True),
    ):
        along = figures.scale(days)
        assert along
        assert (along.cut, along.cut_late) == (cut, cut_late)
        assert along.days < 40


def test_routes_too_many_to_be_drawn_are_those_to_the_origins_with_most_claims() -> None:
    steps = []
    for claim in range(90):
        origin = f"A1{claim % 9:03}" if claim < 60 else f"A2{claim:03}"
        for step, actor in enumerate((f"A3{claim:03}", origin)):
            row = {"claim_id": f"C{claim:05}", "step": step, "actor_id": actor, "actor_name": actor}
            steps.append(row | {"hop_kind": "named"})
    drawn = figures.graph(figures.condensed(steps))
    assert drawn
    assert len(drawn.nodes) == 16
    outlets = {" ".join(node.lines) for node in drawn.nodes if node.kind == "publisher"}
    assert outlets == {"6 outlets", "7 outlets"}
    few = steps[:20]
    assert figures.condensed(few) == few


def test_the_graph_of_routes_has_every_actor_once_in_each_role(data: onrecord.Dataset, site: Site) -> None:
    steps = site.shelf().records.routes("P0001")
    drawn = figures.graph(steps)
    assert drawn
    assert len({(node.column, node.key) for node in drawn.nodes}) == len(drawn.nodes)
    publishers = {step["actor_id"] for step in steps if step["step"] == 0}
    assert {node.key for node in drawn.nodes if node.kind == "publisher"} == publishers
    assert sum(len(node.claims) for node in drawn.nodes if node.kind == "publisher") == len(
        {s["claim_id"] for s in steps}
    )
    boxes = sorted((node.x, node.y, node.y + node.height) for node in drawn.nodes)
    assert all(one[2] <= other[1] for one, other in itertools.pairwise(boxes) if one[0] == other[0])
    assert figures.graph([]) is None


def test_plain_files_replace_only_a_site_of_ours(package: Path, tmp_path: Path) -> None:
    folder = tmp_path / "public"
    folder.mkdir()
    (folder / "thesis.txt").write_text("mine", "utf-8")
    with pytest.raises(PackageError, match="holds something else"):
        write_site(open_package(package), package / "build", folder)
    assert (folder / "thesis.txt").read_text("utf-8") == "mine"
    (folder / "thesis.txt").unlink()
    count = write_site(open_package(package), package / "build", folder)
    pages = sorted(folder.rglob("*.html"))
    assert len(pages) > 500
    assert count > len(pages)
    missing = set()
    for page in pages[::7]:
        if page.name == "404.html":
            continue
        for link in re.findall(r'(?:href|src)="([^"#]*)', page.read_text("utf-8")):
            if urlsplit(link).scheme or link.startswith("#"):
                continue
            target = (page.parent / unquote(link)).resolve()
            if not (target if target.is_file() else target / "index.html").is_file():
                missing.add((str(page.relative_to(folder)), link))
    assert missing == set()
    assert write_site(open_package(package), package / "build", folder) == count
    assert sorted(folder.rglob("*.html")) == pages
