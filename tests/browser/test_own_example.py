"""An example of one's own, through every file at once: a good one, and what is none."""

import re

import pytest
from playwright.sync_api import Page, expect

from compression.catalog.rows import FASHION_MNIST
from compression.modalities.image.png import png_of
from compression.modalities.image.reading import load_images
from compression.store.library import RECORDED, recorded_studies
from pages.ui.front import words
from tests.browser.conftest import App, OpenPage


@pytest.fixture
def own_example(app: App, open_page: OpenPage) -> Page:
    """Where a file can be put, of a recorded study whose files are here in part."""
    [study] = [entry.study.id for entry in recorded_studies(RECORDED) if entry.study.preset == "standard"]
    page = open_page(f"{app.url}/?study={study}")
    page.get_by_role("tab", name=words.TRY).click()
    page.get_by_text("Your own image", exact=True).click()
    expect(page.get_by_text("A file with your image")).to_be_visible()
    return page


def send(page: Page, name: str, content: bytes) -> None:
    page.locator("input[type=file]").set_input_files({"name": name, "mimeType": "image/png", "buffer": content})


def test_every_file_answers_it_and_those_that_are_not_here_are_named(own_example: Page) -> None:
    test = load_images(FASHION_MNIST).test
    boot = next(row for row, label in enumerate(test.labels) if FASHION_MNIST.classes[label] == "Ankle boot")
    send(own_example, "boot.png", png_of(test.pixels[boot]))

    expect(own_example.get_by_text(re.compile(r"Ankle boot: \d+ of \d+ files"))).to_be_visible()
    expect(own_example.locator(".examples img")).to_have_attribute("alt", "Your image, as the files see it")
    expect(own_example.get_by_text("Not kept with this study")).to_contain_text("Original")


def test_what_is_none_gets_one_sentence_and_the_next_one_is_answered(own_example: Page) -> None:
    page_in_disguise = b"<html><script>document.title = 'taken over'</script></html>"
    send(own_example, "shoe.png", page_in_disguise)

    alert = own_example.get_by_test_id("stAlert")
    expect(alert).to_contain_text("This file cannot be used: it is not an image that can be read here")
    assert "taken over" not in own_example.title()
    expect(own_example.get_by_test_id("stException")).to_have_count(0)
