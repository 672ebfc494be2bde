"""Both themes, a phone's width, and those who cannot see the screen."""

import tomllib
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from compression.store.store import Store
from tests.browser.conftest import PAGES, ROOT, App, OpenPage, Scheme

WIDTHS = {"desktop": 1280, "phone": 390}
CONFIG = ROOT / ".streamlit" / "config.toml"
SERIOUS = ("serious", "critical")


def addresses(store: Store) -> tuple[str, ...]:
    """Every page, and the run page with a study that has ended."""
    return (*PAGES, f"/run?study={store.studies()[-1].id}")


def hidden_width(page: Page) -> int:
    """Pixels of the page that could be reached only by scrolling sideways."""
    return int(
        page.evaluate(
            "Math.max(...[document.documentElement, document.querySelector('[data-testid=stMain]')]"
            ".map(element => element.scrollWidth - element.clientWidth))"
        )
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS.values(), ids=WIDTHS.keys())
def test_no_page_scrolls_sideways(app: App, open_page: OpenPage, width: int, scheme: Scheme) -> None:
    for address in addresses(app.store):
        page = open_page(f"{app.url}{address}", width=width, scheme=scheme)

        assert hidden_width(page) <= 0, address


def test_the_dark_theme_is_dark(app: App, open_page: OpenPage) -> None:
    page = open_page(f"{app.url}/", scheme="dark")

    expect(page.get_by_test_id("stApp")).to_have_css("background-color", "rgb(16, 18, 22)")


@pytest.mark.parametrize("address", PAGES)
def test_every_chart_states_its_takeaway(app: App, open_page: OpenPage, address: str) -> None:
    page = open_page(f"{app.url}{address}")
    charts = page.locator("[data-testid=stPlotlyChart], [data-testid=stVegaLiteChart]")
    if address == "/":
        expect(charts).to_have_count(2)
    for chart in charts.all():
        labelled = chart.locator("xpath=descendant-or-self::*[@aria-label]").first
        assert (labelled.get_attribute("aria-label") or "").strip()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_serious_barrier(app: App, open_page: OpenPage, scheme: Scheme) -> None:
    accent = tomllib.loads(CONFIG.read_text())["theme"][scheme]["primaryColor"]
    for address in addresses(app.store):
        page = open_page(f"{app.url}{address}", scheme=scheme)
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
