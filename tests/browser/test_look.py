"""Both themes, a phone's width, and those who cannot see the screen."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from playwright.sync_api import TimeoutError as TooLate

from compression.store.library import RECORDED, recorded_studies
from pages.ui.front.words import SHOW_WITHOUT_LOSS, TABS
from tests.browser.conftest import PAGES, ROOT, App, OpenPage, Scheme, visitors, wait_until_settled

WIDTHS = {"desktop": 1280, "phone": 390}
CONFIG = ROOT / ".streamlit" / "config.toml"
SECONDS_TO_FOLLOW = 20


@dataclass(frozen=True, kw_only=True)
class Visit:
    """Every page, and the run page with a study that has ended, open side by side in one theme."""

    scheme: Scheme
    pages: dict[str, Page]


@pytest.fixture(scope="module", params=["light", "dark"])
def visit(request: pytest.FixtureRequest, chromium: Browser, app: App) -> Iterator[Visit]:
    addresses = PAGES
    with visitors(chromium) as open_it:
        pages = {address: open_it(f"{app.url}{address}", scheme=request.param) for address in addresses}
        yield Visit(scheme=request.param, pages=pages)


# Pixels of the page that could be reached only by scrolling sideways.
HIDDEN_WIDTH = """Math.max(...[document.documentElement, document.querySelector('[data-testid=stMain]')]
    .map(element => element.scrollWidth - element.clientWidth))"""


@pytest.mark.parametrize("width", WIDTHS.values(), ids=WIDTHS.keys())
def test_no_page_scrolls_sideways(visit: Visit, width: int) -> None:
    for address, page in visit.pages.items():
        page.set_viewport_size({"width": width, "height": 900})
        try:
            # Charts follow the width of the page a moment later.
            page.wait_for_function(f"{HIDDEN_WIDTH} <= 0", timeout=SECONDS_TO_FOLLOW * 1000)
        except TooLate:
            pytest.fail(f"{address} is {page.evaluate(HIDDEN_WIDTH)} pixels wider than a window of {width}")


def test_the_navigation_is_one_row_of_links_that_are_all_on_the_screen(visit: Visit) -> None:
    for width in WIDTHS.values():
        for address, page in visit.pages.items():
            page.set_viewport_size({"width": width, "height": 900})
            boxes = [link.bounding_box() for link in page.locator(".st-key-navigation a").all()]
            assert len({box["y"] for box in boxes if box}) == 1, (address, width)
            assert all(box and box["x"] >= 0 and box["x"] + box["width"] <= width for box in boxes), (address, width)


def test_the_theme_follows_the_visitors(visit: Visit) -> None:
    background = tomllib.loads(CONFIG.read_text())["theme"][visit.scheme]["backgroundColor"]
    red, green, blue = bytes.fromhex(background.removeprefix("#"))

    expect(visit.pages["/"].get_by_test_id("stApp")).to_have_css("background-color", f"rgb({red}, {green}, {blue})")


def test_every_chart_states_its_takeaway(visit: Visit) -> None:
    for address, page in visit.pages.items():
        charts = page.locator("[data-testid=stPlotlyChart], [data-testid=stVegaLiteChart]")
        if address == "/":
            # Accuracy against size, and against time.
            expect(charts).to_have_count(2)
        if address == "/how?tab=inside":
            # Accuracy against bits, fragile layers, and one layer's weights and inputs.
            expect(charts).to_have_count(4)
        for chart in charts.all():
            labelled = chart.locator("xpath=descendant-or-self::*[@aria-label]").first
            assert (labelled.get_attribute("aria-label") or "").strip(), address


@pytest.mark.parametrize("width", WIDTHS.values(), ids=WIDTHS.keys())
def test_axe_finds_no_barrier(visit: Visit, width: int) -> None:
    for address, page in visit.pages.items():
        page.set_viewport_size({"width": width, "height": 900})
        found = Axe().run(page).response["violations"]

        assert [
            (violation["id"], violation["help"], node["html"][:300])
            for violation in found
            for node in violation["nodes"]
        ] == [], address


def test_axe_finds_no_barrier_on_the_stage(visit: Visit) -> None:
    page = visit.pages["/"]
    at_first = page.url
    page.goto(f"{at_first}?present=1&step=3")
    wait_until_settled(page)
    found = Axe().run(page).response["violations"]
    page.goto(at_first)
    wait_until_settled(page)

    assert [(violation["id"], violation["nodes"][0]["html"][:300]) for violation in found] == []


def test_axe_finds_no_barrier_in_any_tab_of_the_front_page(visit: Visit) -> None:
    page = visit.pages["/"]
    page.set_viewport_size({"width": 1280, "height": 900})
    for tab in TABS:
        page.get_by_role("tab", name=tab).click()
        expect(page.get_by_role("tabpanel")).not_to_be_empty()
        wait_until_settled(page)
        found = Axe().run(page).response["violations"]

        assert [(violation["id"], violation["nodes"][0]["html"][:300]) for violation in found] == [], tab
    page.get_by_role("tab", name=TABS[0]).click()


def test_on_a_phone_no_shape_of_the_legend_is_parted_from_its_word(app: App, open_page: OpenPage) -> None:
    page = open_page(app.url, width=390, height=844)
    legend = page.locator("p", has_text="Control (no teacher)").first
    lines = legend.evaluate("p => [...p.querySelectorAll('span')].map(each => each.getClientRects().length)")
    assert len(lines) >= 4
    assert set(lines) == {1}


def test_on_a_phone_the_way_to_compare_stands_beside_its_sentence(app: App, open_page: OpenPage) -> None:
    standard = next(entry for entry in recorded_studies(RECORDED) if entry.study.preset == "standard")
    page = open_page(f"{app.url}/?study={standard.study.id}", width=390, height=844)
    expect(page.get_by_role("button", name=SHOW_WITHOUT_LOSS, exact=True)).to_be_visible()
    page.wait_for_function("""() => {
        const [sentence, way] = [...document.querySelectorAll('.st-key-without-loss :is(p, button)')]
            .map(each => each.getBoundingClientRect());
        return way && sentence.right <= way.left && way.top < sentence.bottom && way.right <= innerWidth;
    }""")
