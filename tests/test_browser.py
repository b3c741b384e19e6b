"""The site in a real headless Chromium: each kind of page, what scripts add, and what holds without them."""

from __future__ import annotations

import functools
import http.server
import io
import os
import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

import onrecord
from conftest import CHROMIUM, ROOT, copy_package
from onrecord.build import build
from onrecord.package import open_package
from onrecord.site.static import write_site
from test_site import free_port, start

pytestmark = pytest.mark.xdist_group("browser")

PAGES = {
    "home": "/",
    "claim": "/claim/C00028",
    "proposition": "/proposition/P0001",
    "event": "/event/E0001",
    "actor": "/actor/A0009",
    "actor with roles": "/actor/A0018",
    "source": "/source/S0002",
    "place": "/place/L0001",
    "propositions": "/propositions",
    "actors": "/actors",
    "sources": "/sources",
    "timeline": "/timeline",
    "as of": "/as-of/2023-09-06",
    "two days": "/as-of/said/2023-09-05/2023-09-11",
    "origins": "/origins",
    "routes": "/origins/P0001",
    "forecasts": "/forecasts",
    "map": "/map",
    "questions": "/questions",
    "question": "/question/5_what_lost_its_hedge_or_its_origin",
    "search": "/search?q=train",
    "guide": "/guide",
    "downloads": "/downloads",
    "report": "/report/C00001",
    "flat table": "/onrecord/flat",
    "filtered table": "/onrecord/claims?stance=expect",
    "row": "/onrecord/attributions/C00028,1",
    "tables": "/onrecord",
    "SQL": "/onrecord?sql=select+claim_id,+stance+from+claims+limit+9",
    "unknown": "/claim/C99999",
}


@pytest.fixture(scope="session")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_package(tmp_path_factory.mktemp("browsed"))


@pytest.fixture(scope="session")
def base_url(package: Path) -> Iterator[str]:
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine: install the package chromium")
    process, address, _ = start(package, free_port())
    yield address
    process.terminate()
    process.wait(10)


def watched(context: BrowserContext, base_url: str) -> tuple[Page, list[str]]:
    """A page, and what it does that no page may: speak to others, or complain on the console."""
    page = context.new_page()
    wrong: list[str] = []
    page.on("console", lambda said: wrong.append(said.text) if "status of 404" not in said.text else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("request", lambda asked: wrong.append(asked.url) if not asked.url.startswith((base_url, "data:")) else None)
    return page, wrong


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
def test_every_page_is_accessible_fits_and_is_quiet(browser: Browser, base_url: str, scheme: str, width: int) -> None:
    context = browser.new_context(
        base_url=base_url,
        viewport={"width": width, "height": 900},
        color_scheme=scheme,  # type: ignore[arg-type]
    )
    page, wrong = watched(context, base_url)
    axe = Axe()
    for name, path in PAGES.items():
        answer = page.goto(path)
        assert answer
        assert answer.status == (404 if name == "unknown" else 200), name
        found = axe.run(page).response["violations"]
        assert [(v["id"], v["nodes"][0]["html"]) for v in found] == [], (name, scheme)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
        assert page.locator("h1").count() == 1, name
        assert page.locator("html").get_attribute("lang") == "en"
        assert wrong == [], name
    context.close()


@pytest.mark.parametrize("width", [768, 1600])
def test_no_page_scrolls_sideways_at_other_widths(browser: Browser, base_url: str, width: int) -> None:
    context = browser.new_context(base_url=base_url, viewport={"width": width, "height": 900})
    page = context.new_page()
    for name, path in PAGES.items():
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
    context.close()


def test_the_slider_shows_another_day_without_a_new_page(page: Page) -> None:
    page.goto("/as-of/2023-09-05")
    slider = page.get_by_role("slider")
    expect(page.get_by_role("heading", name="5 September 2023")).to_be_visible()
    page.evaluate("window.same = true")
    slider.focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("heading", name="6 September 2023")).to_be_visible()
    expect(page).to_have_url(re.compile("/as-of/2023-09-06$"))
    assert page.evaluate("window.same")
    assert slider.get_attribute("aria-valuetext") == "6 September 2023"
    expect(page.get_by_label("Day", exact=True)).to_have_value("2023-09-06")


def test_days_and_search_need_no_script(browser: Browser, base_url: str) -> None:
    context = browser.new_context(base_url=base_url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/as-of")
    assert not page.get_by_role("slider").is_visible()
    page.get_by_label("Day", exact=True).fill("2023-09-10")
    page.get_by_label("beside").fill("2023-09-13")
    page.get_by_label("counted by").select_option("utterance")
    page.get_by_role("button", name="Show").click()
    assert page.url.endswith("/as-of/said/2023-09-10/2023-09-13")
    expect(page.get_by_role("heading", name="10 September 2023")).to_be_visible()
    expect(page.get_by_role("heading", name="13 September 2023")).to_be_visible()
    page.goto("/")
    page.locator("#find-big").fill("armoured train")
    page.locator("#find-big").press("Enter")
    expect(page.get_by_role("heading", name=re.compile("^Claims"))).to_be_visible()
    page.locator("#find-big").fill("c00029")
    page.locator("#find-big").press("Enter")
    assert page.url.endswith("/claim/C00029")
    for path in PAGES.values():
        assert page.goto(path)
        assert page.locator("main h1").inner_text()
    context.close()


def test_a_claim_can_be_cited(page: Page, context: BrowserContext) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/claim/C00001")
    page.locator("summary", has_text="Cite").click()
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.locator(".cited").inner_text().strip()
    assert copied.startswith("On Record curators")
    assert "C00001" in copied
    assert f"Version {onrecord.load(ROOT).version} " in copied
    for name, holds in (
        ("BibTeX", "@misc{"),
        ("RIS", "TY  - DATA"),
        ("CSL JSON", '"type": "dataset"'),
        ("Text", "C00001"),
    ):
        with page.expect_download() as saved:
            page.get_by_role("link", name=name, exact=True).click()
        assert holds in saved.value.path().read_text("utf-8"), name


def test_downloads_are_what_they_say(page: Page, founding: onrecord.Dataset) -> None:
    page.goto("/downloads")
    with page.expect_download() as saved:
        page.get_by_role("link", name="flat.csv").click()
    assert len(pd.read_csv(saved.value.path())) == len(founding.claims)
    with page.expect_download() as saved:
        page.get_by_role("link", name="Parquet of Evidence").click()
    assert len(pd.read_parquet(io.BytesIO(saved.value.path().read_bytes()))) == len(founding.evidence)
    with page.expect_download() as saved:
        page.get_by_role("link", name="onrecord.db").click()
    assert saved.value.path().read_bytes().startswith(b"SQLite format 3")


def brightness(page: Page) -> float:
    return float(page.evaluate("Number(getComputedStyle(document.body).backgroundColor.match(/[\\d.]+/)[0])"))


def test_dark_colours_follow_the_system_or_the_reader(browser: Browser, base_url: str) -> None:
    context = browser.new_context(base_url=base_url, color_scheme="dark")
    page = context.new_page()
    page.goto("/")
    assert brightness(page) < 60
    page.get_by_role("button", name="Dark colours").click()
    assert brightness(page) > 200
    page.goto("/forecasts")
    assert brightness(page) > 200
    context.close()


def test_everything_is_reached_by_keyboard(page: Page) -> None:
    page.goto("/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    mark = page.locator(".positions a", has=page.locator(".symbol")).first
    leads_to = str(mark.get_attribute("href"))
    for _ in range(40):
        page.keyboard.press("Tab")
        if mark.evaluate("e => e === document.activeElement"):
            break
    expect(mark).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(re.escape(leads_to) + "$"))


def test_a_page_prints_without_menus(page: Page) -> None:
    page.goto("/claim/C00001")
    page.emulate_media(media="print")
    expect(page.locator("nav.menu")).to_be_hidden()
    expect(page.locator("h1")).to_be_visible()
    assert page.pdf().startswith(b"%PDF")


def test_the_questions_of_the_readme_are_answered_by_clicking(page: Page) -> None:
    """From the start page, with no word typed."""
    page.goto("/")
    page.get_by_role("link", name="Kremlin", exact=True).first.click()
    moved = page.locator(".moves").first
    assert (
        re.sub(r"\s+", " ", moved.inner_text())
        == "takes no position 5 September 2023 affirms certain 11 September 2023"
    )

    page.goto("/")
    page.get_by_role("link", name="Its routes to their origins").click()
    grown = page.get_by_role("table", name="Claims and origins by day of publication").get_by_role("row")
    assert (
        re.sub(r"\s+", " ", grown.nth(2).inner_text())
        == "6 September 2023 7 5 4 NTD, The Moscow Times, Washington Examiner"
    )

    for question, holds in (
        ("actively advancing", ["White House", "John Kirby", "August 2023"]),
        ("KCNA assert", ["Kim Jong Un and Vladimir Putin will meet", "if it proves necessary"]),
        ("lost their hedge", ["C00082", "C00031"]),
    ):
        page.goto("/")
        page.get_by_role("link", name="Questions", exact=True).click()
        page.get_by_role("link", name=re.compile(question)).click()
        told = page.locator("main").inner_text()
        assert [word for word in holds if word not in told] == [], question

    page.goto("/")
    page.get_by_role("link", name="Forecasts", exact=True).click()
    wrong = page.locator(".forecast.outcome-no")
    assert any("Vladivostok" in text for text in wrong.all_inner_texts())

    page.goto("/")
    page.get_by_role("link", name="As of a day").click()
    for day, status in (("11 September 2023", "anticipated"), ("13 September 2023", "occurred")):
        page.get_by_role("listitem").get_by_role("link", name=day, exact=True).click()
        expect(page.get_by_role("heading", name=day)).to_be_visible()
        summit = page.locator(".statuses li", has=page.get_by_role("link", name="Kim–Putin summit, September 2023"))
        assert status in summit.inner_text()


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


def test_plain_files_work_on_a_host_that_runs_nothing(page: Page, package: Path, base_url: str, tmp_path: Path) -> None:
    assert build(open_package(package))[1]
    write_site(open_package(package), package / "build", tmp_path / "public", "https://data.example.org/kim/")
    handler = functools.partial(Quiet, directory=os.fspath(tmp_path))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_address[1]}/public/"
        lost: list[str] = []
        page.on("response", lambda answer: lost.append(answer.url) if answer.status >= 400 else None)
        page.goto(address)
        page.get_by_role("link", name=re.compile("11 September 2023: Kremlin affirms")).first.click()
        expect(page.locator("h1")).to_contain_text("Kremlin")
        page.locator("summary", has_text="Cite").click()
        claim = page.url.rstrip("/").rpartition("/")[2]
        assert f"https://data.example.org/kim/claim/{claim}" in page.locator(".cited").inner_text()
        page.get_by_role("link", name="As of a day").click()
        page.get_by_role("slider").focus()
        page.keyboard.press("Home")
        first = page.locator("[data-stops] a").first.get_attribute("data-name")
        expect(page.get_by_role("heading", name=first, exact=True)).to_be_visible()
        page.get_by_role("link", name="Download", exact=True).click()
        with page.expect_download() as saved:
            page.get_by_role("link", name="CSV of Claims").click()
        assert len(pd.read_csv(saved.value.path())) > 100
        assert lost == []
        server.shutdown()
