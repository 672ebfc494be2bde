"""What a newcomer does first: read the verdict, then turn the controls."""

from playwright.sync_api import expect

from tests.browser.conftest import App, OpenPage


def test_the_front_page_answers_in_one_sentence(app: App, open_page: OpenPage) -> None:
    page = open_page(f"{app.url}/")

    expect(page.locator("h1")).to_contain_text("Quantize it: 4.0")


def test_another_target_changes_the_verdict(app: App, open_page: OpenPage) -> None:
    page = open_page(f"{app.url}/")
    page.get_by_text("IoT device").click()

    expect(page.locator("h1")).to_contain_text("Distil it, then quantize it")
    expect(page).to_have_url(f"{app.url}/?target=IoT+device")


def test_moving_a_slider_changes_the_verdict(app: App, open_page: OpenPage) -> None:
    page = open_page(f"{app.url}/")
    largest_file = page.locator(".st-key-phone-size").get_by_role("slider")
    largest_file.focus()
    for _ in range(6):
        largest_file.press("ArrowLeft")

    expect(page.locator("h1")).to_contain_text("Nothing measured fits these limits")


def test_a_link_shows_what_its_sender_saw(app: App, open_page: OpenPage) -> None:
    study = next(study for study in app.store.studies() if study.preset == "quick")
    page = open_page(f"{app.url}/?study={study.id}&target=IoT+device")

    expect(page.locator("h1")).to_contain_text("Distil it, then quantize it")
