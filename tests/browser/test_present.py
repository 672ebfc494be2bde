"""Showing a study to others: on the stage, by keys, as a story, by a link, beside another study, and as a replay."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from compression.records.study import Request
from compression.store.library import RECORDED, recorded_studies
from pages.ui.beside import words as beside_words
from pages.ui.present import words
from pages.ui.run import words as run_words
from tests.browser.conftest import PATIENCE_MS, App, OpenPage, add_completed_study, wait_until_settled

SCREENS = {"notebook": (1280, 800), "projector": (1920, 1080)}
# What a button shows of its key.
SIGNS = {"ArrowLeft": "\N{LEFTWARDS ARROW}", "ArrowRight": "\N{RIGHTWARDS ARROW}", "Escape": "Esc"}
CHANGING = ("start", "cancel", "resume", "another", "delete", "rename")


def stage_charts(page: Page) -> list[dict[str, float]]:
    charts = page.get_by_test_id("stPlotlyChart")
    expect(charts.first).to_be_visible()
    boxes: list[dict[str, float]] = charts.evaluate_all(
        "all => all.map(chart => chart.getBoundingClientRect().toJSON())"
    )
    return boxes


def drawn(page: Page) -> int:
    """How many files the first chart shows."""
    # A chart is mounted before it has data; of none there is nothing to count yet.
    counted = page.wait_for_function(
        """() => { const plot = document.querySelector('.js-plotly-plot:has(.main-svg)');
        return plot && plot.data && plot.data.filter(t => t.customdata).reduce((sum, t) => sum + t.x.length, 0);
        }"""
    )
    count: int = counted.json_value()
    return count


def press(page: Page, key: str) -> None:
    """A key does what its button does, as soon as that is there."""
    sign = SIGNS.get(key, key.upper())
    expect(page.get_by_role("button", name=re.compile(f"Shortcut {sign}$"))).to_be_visible()
    # A browser listens to the key a moment after it has drawn the button.
    page.evaluate("new Promise(done => requestIdleCallback(done))")
    page.keyboard.press(key)


@pytest.mark.parametrize("screen", SCREENS.values(), ids=SCREENS.keys())
def test_the_stage_fits_the_screen_and_holds_the_answer_and_large_charts_alone(
    app: App, open_page: OpenPage, screen: tuple[int, int]
) -> None:
    width, height = screen
    page = open_page(f"{app.url}/?present=1", width=width, height=height)
    boxes = stage_charts(page)

    expect(page.locator("h1")).to_have_css("font-size", "54px")
    assert [round(box["height"]) for box in boxes] == [640, 640]
    buttons = page.locator(".st-key-stage-buttons").bounding_box()
    assert buttons is not None
    assert buttons["y"] + buttons["height"] <= height
    expect(page.locator(".st-key-header")).to_have_count(0)
    expect(page.get_by_test_id("stTooltipIcon")).to_have_count(0)
    expect(page.get_by_role("button", name=words.LEAVE)).to_be_visible()


def test_p_leads_to_the_stage_and_escape_away(app: App, open_page: OpenPage) -> None:
    page = open_page(f"{app.url}/?target=iot")
    press(page, "p")
    expect(page.locator(".st-key-stage")).to_be_visible()
    expect(page).to_have_url(re.compile("present=1"))
    assert "target=iot" in page.url
    press(page, "Escape")

    expect(page.locator(".st-key-header")).to_be_visible()
    expect(page.locator(".st-key-stage")).to_have_count(0)
    assert "present" not in page.url
    assert "target=iot" in page.url


def test_the_header_of_another_page_leads_to_the_stage(app: App, open_page: OpenPage) -> None:
    page = open_page(f"{app.url}/how")
    page.get_by_role("button", name=words.PRESENT).click()

    expect(page.locator(".st-key-stage")).to_be_visible()


def test_who_types_a_p_into_a_field_stays_where_they_are(app: App, open_page: OpenPage) -> None:
    page = open_page(f"{app.url}/")
    page.get_by_label("Study", exact=True).focus()
    page.keyboard.type("p")
    # Anything that it had set off would be on its way before this.
    page.get_by_text("IoT", exact=True).click()

    expect(page.locator(".changes")).to_contain_text("For an IoT device")
    expect(page.locator(".st-key-stage")).to_have_count(0)


def test_numbers_choose_the_target(app: App, open_page: OpenPage) -> None:
    page = open_page(f"{app.url}/?present=1")
    press(page, "2")
    expect(page.locator(".changes")).to_contain_text("For an IoT device")
    expect(page.locator("h1")).to_have_text("Distil it, then quantize it.")
    press(page, "1")

    expect(page.locator("h1")).to_have_text("Quantize it.")


def test_the_arrows_tell_a_story_in_five_steps_that_are_in_the_address(app: App, open_page: OpenPage) -> None:
    page = open_page(f"{app.url}/?present=1")
    told = []
    for step in range(1, 6):
        press(page, "ArrowRight")
        expect(page).to_have_url(re.compile(f"step={step}"))
        wait_until_settled(page)
        told.append((page.locator("h1").inner_text(), drawn(page)))
    press(page, "ArrowLeft")
    expect(page.locator("h1")).to_have_text(told[3][0])

    counts = [count for _, count in told]
    assert counts == sorted(counts)
    assert counts[0] == 1
    assert told[0][0] == "The original"
    assert told[4][0] == "Quantize it."
    again = open_page(page.url)
    expect(again.locator("h1")).to_have_text(told[3][0])


def test_f_fills_the_screen_with_one_chart_then_the_other_then_both(app: App, open_page: OpenPage) -> None:
    page = open_page(f"{app.url}/?present=1", width=1280, height=800)
    charts = page.get_by_test_id("stPlotlyChart")
    for chart, title in (("size", "File size"), ("time", "Time for one image")):
        press(page, "f")
        expect(page).to_have_url(re.compile(f"chart={chart}"))
        wait_until_settled(page)
        expect(charts).to_have_count(1)
        # For a moment the former charts are there too.
        expect(charts.locator(".xtitle").first).to_contain_text(title)
        [box] = stage_charts(page)
        assert box["width"] > 0.9 * 1280
        assert box["height"] > 0.8 * 800
    press(page, "Escape")
    expect(charts).to_have_count(2)

    expect(page.locator(".st-key-stage")).to_be_visible()


def test_a_step_that_there_is_not_is_told(app: App, open_page: OpenPage) -> None:
    page = open_page(f"{app.url}/?present=1&step=9")

    expect(page.get_by_text("step=9")).to_be_visible()
    expect(page.locator("h1")).to_have_text("Quantize it.")


@pytest.fixture
def clipboard(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    yield page
    context.close()


def test_one_click_copies_a_link_under_which_others_read_the_same(
    app: App, open_page: OpenPage, clipboard: Page
) -> None:
    clipboard.goto(f"{app.url}/?target=iot&size=150000")
    wait_until_settled(clipboard)
    clipboard.get_by_role("button", name=words.SHARE, exact=True).click()
    expect(clipboard.get_by_text(words.COPIED)).to_be_visible()
    link = clipboard.evaluate("navigator.clipboard.readText()")
    assert "target=iot" in link
    assert "size=150000" in link
    assert re.search(r"study=[0-9a-f]{12}", link)
    receiver = open_page(link)
    for place in ("h1", ".changes", "[role=tabpanel]"):
        expect(receiver.locator(place).first).to_have_text(clipboard.locator(place).first.text_content() or "nothing")

    clipboard.get_by_role("button", name=words.COPY_VIEW_ONLY).click()
    assert clipboard.evaluate("navigator.clipboard.readText()") == f"{link}&view=1"


def test_a_link_is_copied_where_the_clipboard_is_kept_from_pages(app: App, clipboard: Page) -> None:
    # As over plain http from another computer.
    clipboard.add_init_script("Object.defineProperty(window, 'isSecureContext', { value: false })")
    clipboard.goto(f"{app.url}/")
    wait_until_settled(clipboard)
    clipboard.get_by_role("button", name=words.SHARE, exact=True).click()
    expect(clipboard.get_by_text(words.COPIED)).to_be_visible()

    assert "study=" in clipboard.evaluate("navigator.clipboard.readText()")


def test_who_comes_by_a_view_only_link_finds_nothing_to_start_or_change(app: App, open_page: OpenPage) -> None:
    store = app.store
    completed = next(study.id for study in store.studies() if study.state == "completed")
    # Both can be asked for again by anybody else.
    ended = store.add(Request(model="resnet18", dataset="fashion-mnist", preset="preview"))
    store.finish(ended.id, "cancelled")
    page = open_page(f"{app.url}/?study={completed}&view=1")
    for label in ("Studies", "How", "Result"):
        page.locator(".st-key-navigation").get_by_role("link", name=label).click()
        wait_until_settled(page)
        assert "view=1" in page.url
        for button in CHANGING:
            expect(page.locator(f"[class*=st-key-{button}]")).to_have_count(0)
    expect(page.locator(".st-key-navigation").get_by_role("link", name="Run")).to_have_count(0)
    for address, title in (("/run?view=1", run_words.VIEW_ONLY_TITLE), (f"/run?study={ended.id}&view=1", "ResNet-18")):
        page = open_page(f"{app.url}{address}")
        expect(page.locator("h1")).to_contain_text(title)
        for button in CHANGING:
            expect(page.locator(f"[class*=st-key-{button}]")).to_have_count(0)
    page = open_page(f"{app.url}/run?study={completed}&view=1")
    expect(page.locator(".st-key-controls")).to_be_visible()
    assert "view=1" in page.url
    store.delete(ended.id)


def test_a_study_gets_a_name_which_is_plain_text_everywhere(app: App, open_page: OpenPage) -> None:
    store = app.store
    study, name = add_completed_study(store), "**Bold** :material/delete: <b>x</b>"
    page = open_page(f"{app.url}/library")
    page.locator(f".st-key-rename-{study}").get_by_role("button").click()
    page.get_by_role("textbox", name=run_words.NAME).fill(name)
    page.get_by_role("button", name=run_words.SAVE).click()
    expect(page.get_by_role("dialog")).to_have_count(0)

    expect(page.get_by_text("**Bold**").first).to_be_visible()
    shown = page.get_by_text("**Bold**").first.inner_text()
    assert shown.replace("\N{WORD JOINER}", "") == name
    page = open_page(f"{app.url}/?study={study}")
    expect(page.get_by_label("Study", exact=True)).to_have_value(name)
    store.delete(study)


def test_two_studies_stand_side_by_side_and_say_why_they_differ(app: App, open_page: OpenPage) -> None:
    found = {
        entry.study.preset: entry.study.id for entry in recorded_studies(RECORDED) if entry.study.model == "resnet18"
    }
    page = open_page(f"{app.url}/?study={found['quick']}&beside={found['standard']}")
    expect(page.get_by_text(beside_words.WHY)).to_be_visible()

    expect(page.locator(".st-key-answer-A h1")).to_have_text("Quantize it.")
    expect(page.locator(".st-key-answer-B h1")).to_have_text("Distil it, then quantize it.")
    expect(page.get_by_test_id("stPlotlyChart")).to_have_count(2)
    names = page.locator(".js-plotly-plot").first.locator(".annotation-text")
    assert sorted(text[:2] for text in names.all_text_contents()) == ["A:", "B:"]
    expect(page.get_by_test_id("stDataFrame")).to_be_visible()
    page.get_by_text("IoT", exact=True).click()
    expect(page).to_have_url(re.compile(f"beside={found['standard']}.*target=iot|target=iot.*beside"))
    expect(page.locator(".st-key-answer-A .changes")).to_contain_text("For an IoT device")


def test_the_library_leads_to_a_comparison_with_the_study_most_like_it(app: App, open_page: OpenPage) -> None:
    page = open_page(f"{app.url}/library")
    page.get_by_role("link", name=run_words.COMPARE).last.click()

    expect(page.get_by_label(beside_words.OTHER)).to_be_visible()
    expect(page.locator(".st-key-answer-B h1")).to_be_visible()


def test_a_recorded_study_is_played_again_and_ends_with_its_answer(app: App, open_page: OpenPage) -> None:
    recorded = recorded_studies(RECORDED)[0].study.id
    page = open_page(f"{app.url}/library")
    page.get_by_role("link", name=run_words.REPLAY).first.click()
    expect(page.locator(".st-key-recorded")).to_contain_text("Recorded")
    expect(page.locator("h1")).to_have_text("Files are made")
    first = drawn(page)
    expect(page.locator("h1")).to_have_text("Files are timed", timeout=4 * PATIENCE_MS)

    assert drawn(page) >= first
    expect(page.locator(".changes")).to_be_visible(timeout=4 * PATIENCE_MS)
    expect(page).not_to_have_url(re.compile("replay"), timeout=4 * PATIENCE_MS)
    page = open_page(f"{app.url}/?study={recorded}&present=1&replay=1", settled=False)
    page.get_by_role("button", name=words.STOP).click()
    expect(page.locator(".st-key-recorded")).to_have_count(0)
