"""Both themes, a phone's width, and those who cannot see the screen."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from playwright.sync_api import TimeoutError as TooLate

from tests.browser.conftest import PAGES, ROOT, App, Scheme, visitors

WIDTHS = {"desktop": 1280, "phone": 390}
CONFIG = ROOT / ".streamlit" / "config.toml"
SECONDS_TO_FOLLOW = 20
SERIOUS = ("serious", "critical")


@dataclass(frozen=True, kw_only=True)
class Visit:
    """Every page, and the run page with a study that has ended, open side by side in one theme."""

    scheme: Scheme
    pages: dict[str, Page]


@pytest.fixture(scope="module", params=["light", "dark"])
def visit(request: pytest.FixtureRequest, chromium: Browser, app: App) -> Iterator[Visit]:
    addresses = (*PAGES, f"/run?study={app.store.studies()[-1].id}")
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
            # Accuracy against size, against time, and what the teacher was worth.
            expect(charts).to_have_count(3)
        if address == "/differences":
            # Accuracy against bits, fragile layers, and one layer's weights and inputs.
            expect(charts).to_have_count(4)
        for chart in charts.all():
            labelled = chart.locator("xpath=descendant-or-self::*[@aria-label]").first
            assert (labelled.get_attribute("aria-label") or "").strip(), address


@pytest.mark.parametrize("width", WIDTHS.values(), ids=WIDTHS.keys())
def test_axe_finds_no_serious_barrier(visit: Visit, width: int) -> None:
    accent = tomllib.loads(CONFIG.read_text())["theme"][visit.scheme]["primaryColor"]
    for address, page in visit.pages.items():
        page.set_viewport_size({"width": width, "height": 900})
        found = Axe().run(page).response["violations"]

        assert [
            (violation["id"], violation["help"], node["html"][:300])
            for violation in found
            if violation["impact"] in SERIOUS
            for node in violation["nodes"]
            if not is_readable_accent(node, accent)
        ] == [], address


def is_readable_accent(node: dict[str, Any], accent: str) -> bool:
    """Streamlit writes white on the accent (buttons) and the accent on the page (values of sliders).

    On the dark page no colour reaches 4.5 against both: white has a contrast of 18.7 to that page, and 4.5 * 4.5 is
    more. The accent must reach 4 against each.
    """
    colours = [check["data"] for check in node["any"] if check["id"] == "color-contrast"]
    return any(accent in (data["fgColor"], data["bgColor"]) and data["contrastRatio"] >= 4.0 for data in colours)
