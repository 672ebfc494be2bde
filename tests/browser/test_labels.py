"""Names in the charts as a browser draws them, in its own font: none lies on another, none leaves the chart; and files
that lie in the same place are told apart."""

from itertools import combinations
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from compression.store.library import RECORDED, recorded_studies
from tests.browser.conftest import App, OpenPage, wait_until_settled

STUDIES = {f"{entry.study.model}-{entry.study.preset}": entry.study.id for entry in recorded_studies(RECORDED)}
WIDTHS = (390, 1280, 1920)
# Each chart: the box of the plot, the boxes of its visible names, and of its points with what they are.
DRAWN = """plots => plots.map(plot => {
    const box = each => {
        const {left, top, right, bottom} = each.getBoundingClientRect();
        return [left, top, right, bottom];
    };
    const marks = plot.querySelector('.marks');
    const names = [...marks.querySelectorAll('span, b')].filter(name => name.getClientRects().length);
    const points = [...plot.querySelectorAll('.scatterlayer path.point')];
    return {
        plot: box(plot),
        names: names.map(name => ({text: name.textContent, box: box(name)})),
        points: points.map(point => ({box: box(point), told: point.__data__.data[0]})),
    };
})"""


def charts(page: Page, number: int) -> list[dict[str, Any]]:
    plots = page.locator("[class*=st-key-plot-]")
    expect(plots).to_have_count(number)
    for plot in plots.all():
        expect(plot.locator(".scatterlayer path.point").first).to_be_visible()
    found: list[dict[str, Any]] = plots.evaluate_all(DRAWN)
    return found


@pytest.mark.parametrize("study", STUDIES.values(), ids=STUDIES.keys())
@pytest.mark.parametrize("kind", ["two", "one"])
def test_names_lie_on_no_other_and_points_in_one_place_are_told_apart(
    app: App, open_page: OpenPage, study: str, kind: str
) -> None:
    page = open_page(f"{app.url}/?study={study}&charts={kind}", width=WIDTHS[0])
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        wait_until_settled(page)
        # Charts follow the width of the page a moment later.
        page.wait_for_timeout(1000)
        for chart in charts(page, 2 if kind == "two" else 1):
            names, (left, _, right, _) = chart["names"], chart["plot"]
            assert names, width
            for name, other in combinations(names, 2):
                assert apart(name["box"], other["box"]), (width, name["text"], other["text"])
            for name in names:
                assert left - 1 <= name["box"][0] and name["box"][2] <= right + 1, (width, name["text"])
            for point, other in combinations(chart["points"], 2):
                assert differ(point["box"], other["box"]), (width, point["told"], other["told"])


def apart(one: list[float], other: list[float]) -> bool:
    # A line of text is a little higher than its letters: two may touch.
    return one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] + 2 or other[3] <= one[1] + 2


def differ(one: list[float], other: list[float]) -> bool:
    """In place or in size, by what an eye can see."""
    return max(abs(here - there) for here, there in zip(one, other, strict=True)) >= 1.0
