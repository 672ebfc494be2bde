"""What a newcomer does first: read the answer, then turn the controls, with the curves in sight."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from compression.store.library import RECORDED, recorded_studies
from pages.ui.front import words
from tests.browser.conftest import App, OpenPage, wait_until_settled

NOTEBOOK = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}
# Words on the page before anybody opens a tab.
MOST_WORDS = 450
TAB_STOPS = 10


def bottom(locator: Locator) -> float:
    box = locator.bounding_box()
    assert box is not None
    return box["y"] + box["height"]


def charts(page: Page) -> Locator:
    return page.get_by_test_id("stPlotlyChart")


# Where the ring of a chart is, on the axes of the chart that it lies over.
RINGED = """plot => {
    const around = plot.closest('[class*=st-key-plot-]').querySelector('.ring').getBoundingClientRect();
    const within = plot.getBoundingClientRect(), {_size, xaxis, yaxis} = plot._fullLayout;
    const across = around.x + around.width / 2 - within.x, down = around.y + around.height / 2 - within.y;
    return [xaxis.p2d(across - _size.l), yaxis.p2d(down - _size.t)];
}"""


def ringed(page: Page, chart: int = 0) -> list[float]:
    """Cost and accuracy of what the ring is around."""
    expect(charts(page)).to_have_count(2)
    expect(charts(page).nth(chart).locator(".scatterlayer")).to_be_visible()
    found: list[float] = charts(page).nth(chart).locator(".js-plotly-plot").evaluate(RINGED)
    return found


def test_the_front_page_answers_in_one_line(app: App, open_page: OpenPage) -> None:
    page = open_page(f"{app.url}/")

    expect(page.locator("h1")).to_have_text("Quantize it.")
    expect(page.locator(".changes")).to_contain_text("4.0\N{MULTIPLICATION SIGN} smaller")


def test_answer_controls_and_both_curves_are_in_one_window(app: App, open_page: OpenPage) -> None:
    page = open_page(f"{app.url}/", **NOTEBOOK)
    expect(charts(page)).to_have_count(2)
    sliders = page.locator(".st-key-controls").get_by_role("slider")
    expect(sliders).to_have_count(3)

    assert bottom(page.locator("h1")) < 560
    for one in (*charts(page).all(), *sliders.all()):
        assert bottom(one) <= 560
    assert len(page.get_by_test_id("stMain").inner_text().split()) <= MOST_WORDS


def test_on_a_phone_the_first_curve_is_on_the_first_screen(app: App, open_page: OpenPage) -> None:
    page = open_page(f"{app.url}/", **PHONE)
    expect(charts(page)).to_have_count(2)

    assert bottom(charts(page).first) <= PHONE["height"]


def test_every_limit_is_a_few_steps_of_a_key_away_and_one_sees_where_one_is(app: App, open_page: OpenPage) -> None:
    page = open_page(f"{app.url}/")
    expect(page.locator(".st-key-controls").get_by_role("slider")).to_have_count(3)
    expect(page.get_by_label("Study", exact=True)).to_be_visible()
    reached: list[str] = []
    for _ in range(TAB_STOPS):
        page.keyboard.press("Tab")
        reached.append(
            page.evaluate("document.activeElement.getAttribute('aria-label') || document.activeElement.innerText")
        )
    for label in ("Study", "Phone", "Largest file", "Slowest answer", "Lowest accuracy"):
        assert label in reached, reached
    # The last one has the focus, and shows it: on itself, or on the thumb that it is in.
    seen = page.evaluate(
        """() => { const around = [document.activeElement];
        while (around.length < 4) around.push(around.at(-1).parentElement);
        return around.map(e => getComputedStyle(e)).some(s => s.outlineStyle !== 'none' || s.boxShadow !== 'none');
        }"""
    )
    assert seen


def test_another_target_changes_the_answer(app: App, open_page: OpenPage) -> None:
    page = open_page(f"{app.url}/")
    page.get_by_text("IoT", exact=True).click()

    expect(page.locator(".changes")).to_contain_text("For an IoT device")
    expect(page.locator("h1")).to_have_text("Distil it, then quantize it.")
    expect(page).to_have_url(f"{app.url}/?target=iot")


def test_a_slider_changes_the_headline_and_the_ring_and_nothing_above(app: App, open_page: OpenPage) -> None:
    page = open_page(f"{app.url}/?accuracy=89")
    assert ringed(page) == pytest.approx([60_000, 89.8], rel=0.005)
    page.evaluate("document.querySelector('.st-key-header').dataset.mark = 'the same'")
    smallest = page.locator(".st-key-phone-accuracy").get_by_role("slider")
    smallest.focus()
    for _ in range(10):
        smallest.press("ArrowRight")

    expect(page.locator("h1")).to_have_text("Distil it.")
    wait_until_settled(page)
    assert ringed(page) == pytest.approx([200_000, 90], rel=0.005)
    assert page.locator(".st-key-header").get_attribute("data-mark") == "the same"
    expect(page).to_have_url(f"{app.url}/?accuracy=90")


def test_a_link_shows_its_receiver_what_its_sender_saw(app: App, open_page: OpenPage) -> None:
    sender = open_page(f"{app.url}/")
    sender.get_by_text("IoT", exact=True).click()
    expect(sender.locator(".changes")).to_contain_text("For an IoT device")
    largest = sender.locator(".st-key-iot-size").get_by_role("slider")
    largest.focus()
    for _ in range(5):
        largest.press("ArrowLeft")
    expect(sender.locator("h1")).to_have_text("Distil it.")
    wait_until_settled(sender)
    receiver = open_page(sender.url)

    for place in ("h1", ".changes", "[role=tabpanel]"):
        expect(receiver.locator(place).first).to_have_text(sender.locator(place).first.text_content() or "nothing")


@pytest.mark.parametrize(
    ("asked", "told"),
    [("study=nonsense", "There is no study called “nonsense”"), ("target=toaster", "target=toaster")],
)
def test_what_an_address_asks_in_vain_is_said(app: App, open_page: OpenPage, asked: str, told: str) -> None:
    page = open_page(f"{app.url}/?{asked}")

    expect(page.get_by_text(told)).to_be_visible()


def test_study_and_limits_stay_on_every_page(app: App, open_page: OpenPage) -> None:
    study = next(study for study in app.store.studies() if study.preset == "quick")
    page = open_page(f"{app.url}/?study={study.id}&target=iot&size=150000")
    for label in ("How", "Run", "Studies", "Result"):
        page.locator(".st-key-navigation").get_by_role("link", name=label).click()
        wait_until_settled(page)
        expect(page.get_by_label("Study", exact=True)).to_be_visible()
        assert study.id in page.url
        assert "size=150000" in page.url

    expect(page.locator(".changes")).to_contain_text("For an IoT device")


def test_two_files_are_compared_and_a_click_on_a_point_makes_it_the_second(app: App, open_page: OpenPage) -> None:
    page = open_page(f"{app.url}/")
    page.get_by_role("tab", name=words.COMPARE).click()
    expect(page.get_by_role("combobox", name="A", exact=True)).to_have_value(re.compile("The choice: Original in int8"))
    # The original's star is drawn last.
    star = charts(page).first.locator(".scatterlayer .points path.point").last.bounding_box()
    assert star is not None
    page.mouse.click(star["x"] + star["width"] / 2, star["y"] + star["height"] / 2)

    expect(page.get_by_role("combobox", name="B", exact=True)).to_have_value(re.compile("^Original .40"))
    expect(page).to_have_url(f"{app.url}/?second=original")


@pytest.fixture
def recorded() -> str:
    """A study whose answers were kept, of a dataset that comes with the checkout."""
    found = [entry for entry in recorded_studies(RECORDED) if entry.document.candidates[0].predictions]
    return found[0].study.id


def test_the_answer_without_loss_is_compared_example_by_example(app: App, open_page: OpenPage, recorded: str) -> None:
    page = open_page(f"{app.url}/?study={recorded}")
    page.get_by_role("button", name=words.SHOW_WITHOUT_LOSS).click()

    expect(page.get_by_text("both get")).to_be_visible()
    lost = page.locator(".examples").first
    expect(lost.locator("figure")).to_have_count(12)
    expect(lost.locator("img").first).to_have_attribute("alt", re.compile("It is: "))
    page.get_by_text("From the original to A").click()
    expect(page.get_by_text("Right before, wrong after:")).to_be_visible()


def test_an_example_is_tried_and_another(app: App, open_page: OpenPage, recorded: str) -> None:
    page = open_page(f"{app.url}/?study={recorded}")
    page.get_by_role("tab", name=words.TRY).click()
    shown = page.locator(".examples img")
    expect(shown).to_have_count(1)
    first = shown.get_attribute("src")
    page.get_by_role("button", name=words.ANOTHER).click()
    expect(shown).not_to_have_attribute("src", first or "")
    page.get_by_text("Sandal", exact=True).click()

    expect(page.get_by_text("It is: Sandal")).to_be_visible()
    expect(page.get_by_text(re.compile(r"\d+ of \d+ files are right"))).to_be_visible()
