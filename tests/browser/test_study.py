"""A whole study on real data, started and watched in the browser; and what becomes of studies in the library."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from compression.decision.wording import CERTAINTY
from compression.store.studies import Store
from pages.ui.front import words as front_words
from pages.ui.run import words
from tests.browser.conftest import App, OpenPage, add_completed_study, wait_until_settled

# A minute on two idle cores; on a busy machine many times that. Only what fails waits so long.
STUDY_MS = 600_000


def start_a_preview(page: Page, seed: int = 0) -> None:
    for choice in ("MobileNetV2", "Preview"):
        page.get_by_role("radio", name=choice, exact=True).click()
        expect(page.get_by_role("radio", name=choice, exact=True)).to_be_checked()
        wait_until_settled(page)
    if seed:
        page.get_by_text(words.ADVANCED).click()
        page.get_by_label(words.SEED, exact=True).fill(str(seed))
        page.get_by_label(words.SEED, exact=True).press("Enter")
    page.get_by_role("button", name=words.START).click()
    page.wait_for_url("**/run?study=*")


def test_start_is_on_the_first_screen(app: App, open_page: OpenPage) -> None:
    for width, height in ((1280, 720), (390, 844)):
        page = open_page(f"{app.url}/run", width=width, height=height)
        start = page.get_by_role("button", name=words.START).bounding_box()
        assert start is not None
        assert start["y"] + start["height"] <= height
        expect(page.get_by_text(re.compile("^about "))).to_be_visible()


@pytest.mark.study
@pytest.mark.timeout(1500)
def test_a_study_is_started_watched_and_becomes_the_result_by_itself(app: App, open_page: OpenPage) -> None:
    page = open_page(f"{app.url}/run")
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type in {"warning", "error"} else None)
    start_a_preview(page)
    second_visitor = open_page(page.url, settled=False)
    for visitor in (page, second_visitor):
        expect(visitor.locator("h1")).to_have_text("Weighing MobileNetV2 on Fashion-MNIST")
        expect(visitor.get_by_label(re.compile("Original: 8.9.MB, 94.2%")).first).to_be_visible()
        expect(visitor.get_by_text(words.NOTHING_TO_COMPARE)).to_be_visible()
    assert [found["id"] for found in Axe().run(page).response["violations"]] == []

    expect(page.get_by_text("Quantize it: 3.7", exact=False)).to_be_visible(timeout=STUDY_MS)
    expect(page.get_by_label(re.compile("Original in int8: 2.4.MB")).first).to_be_visible()
    study = app.store.studies()[0]
    for visitor in (page, second_visitor):
        expect(visitor).to_have_url(f"{app.url}/?study={study.id}", timeout=STUDY_MS)
        # What the advice is, without how sure it is: a preview's is never sure.
        expect(visitor.get_by_text(front_words.FOR["phone"])).to_be_visible()
        expect(visitor.get_by_text(CERTAINTY["rough"])).to_be_visible()
    assert app.store.study(study.id).state == "completed"
    assert app.store.results.verdict(study.id) is not None
    assert said == []


@pytest.mark.study
def test_a_study_that_is_cancelled_can_be_resumed_and_cancelled_again(app: App, open_page: OpenPage) -> None:
    page = open_page(f"{app.url}/run")
    start_a_preview(page, seed=1)
    study = app.store.studies()[0]
    page.get_by_role("button", name=words.CANCEL).click()
    expect(page.get_by_text(words.ENDED["cancelled"])).to_be_visible()
    assert app.store.study(study.id).state == "cancelled"

    page.get_by_role("button", name=words.RESUME).click()
    # Else the words of the first time could be taken for those of the second.
    expect(page.get_by_text(words.ENDED["cancelled"])).to_have_count(0)
    page.get_by_role("button", name=words.CANCEL).click()
    expect(page.get_by_text(words.ENDED["cancelled"])).to_be_visible()
    assert app.store.study(study.id).state == "cancelled"
    assert study.seed == 1


def test_a_study_is_deleted_only_after_a_second_question(app: App, open_page: OpenPage) -> None:
    study = add_completed_study(Store(app.store.home))
    page = open_page(f"{app.url}/library")
    card = page.locator(f".st-key-delete-{study}")
    card.get_by_role("button").click()
    page.get_by_role("dialog").get_by_role("button", name=words.KEEP).click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert study in {kept.id for kept in app.store.studies()}

    card.get_by_role("button").click()
    page.get_by_role("dialog").get_by_role("button", name=words.DELETE).click()
    expect(card).to_have_count(0)
    assert study not in {kept.id for kept in app.store.studies()}


def test_a_study_is_taken_away_as_a_file(app: App, open_page: OpenPage) -> None:
    study = next(study for study in app.store.studies() if study.preset == "quick")
    page = open_page(f"{app.url}/library")
    with page.expect_download() as waiting:
        page.locator(f".st-key-download-{study.id}").get_by_role("button").click()

    assert '"format": "weigh-in/2"' in waiting.value.path().read_text(encoding="utf-8")
