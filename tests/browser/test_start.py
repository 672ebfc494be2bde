"""The first request to a server that has just started."""

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from compression.decision.table import conditions_of, table_of
from compression.decision.targets import DEFAULT_TARGET
from compression.decision.verdict import decide
from compression.store.library import RECORDED, recorded_studies
from tests.browser.conftest import ROOT, App, OpenPage, start_server, stop_server, wait_until_settled

FIRST_WORDS = {
    "/": "Quantize it.",
    "/run": "Weigh a model",
    "/library": "Studies",
    "/how": "How the numbers are made",
    "/how?tab=inside": "What changed inside",
}
MOST_TIMES_NOTHING = 2.5
ATTEMPTS = 3


@pytest.mark.parametrize("address", FIRST_WORDS)
def test_a_deep_link_opened_first_shows_the_whole_page(
    fresh_app: Callable[[], App], open_page: OpenPage, address: str
) -> None:
    page = open_page(f"{fresh_app().url}{address}")

    expect(page.locator("h1")).to_contain_text(FIRST_WORDS[address])
    for label in ("Result", "Run", "Studies", "How"):
        expect(page.locator(".st-key-navigation")).to_contain_text(label)
    expect(page.get_by_test_id("stException")).to_have_count(0)


def test_from_a_cold_deep_link_every_other_page_is_one_click_away(
    fresh_app: Callable[[], App], open_page: OpenPage
) -> None:
    page = open_page(f"{fresh_app().url}/library")
    pages = (
        ("Run", "Weigh a model"),
        ("How", "How the numbers are made"),
        ("Result", "Quantize it"),
        ("Studies", "Studies"),
    )
    for label, words in pages:
        page.get_by_role("link", name=label, exact=True).click()
        expect(page.locator("h1")).to_contain_text(words)
        wait_until_settled(page)


def test_a_fresh_server_shows_its_verdict_hardly_later_than_a_page_with_nothing_on_it(
    tmp_path: Path, open_page: OpenPage, capsys: pytest.CaptureFixture[str]
) -> None:
    """From the first request to the title on screen, in turns. What else the machine does only adds: the best count."""
    empty = tmp_path / "empty"
    empty.mkdir()
    (empty / "app.py").write_text("import streamlit as st\n\nst.title('Nothing')\n")
    waits: dict[Path, list[float]] = {empty: [], ROOT: []}
    for attempt in range(ATTEMPTS):
        for tree, seconds in waits.items():
            home = tmp_path / f"{tree.name}-{attempt}"
            home.mkdir()
            server = start_server(home, tree)
            asked = time.monotonic()
            page = open_page(f"{server.app.url}/", settled=False)
            expect(page.locator("h1")).to_be_visible()
            seconds.append(time.monotonic() - asked)
            stop_server(server)
    ratio = min(waits[ROOT]) / min(waits[empty])
    with capsys.disabled():
        print(f"\nfresh server: verdict after {min(waits[ROOT]):.2f} s, {ratio:.2f} times a page with nothing on it")

    assert ratio < MOST_TIMES_NOTHING


@pytest.fixture
def first_visit(tmp_path: Path) -> Iterator[App]:
    """A server on an empty home, as after a fresh checkout."""
    server = start_server(tmp_path)
    yield server.app
    stop_server(server)


def test_a_first_visit_shows_a_recorded_study(first_visit: App, open_page: OpenPage) -> None:
    recorded = recorded_studies(RECORDED)
    if not recorded and not os.environ.get("CI"):
        pytest.skip("no recorded study in this checkout")
    page = open_page(f"{first_visit.url}/")
    thorough = max(recorded, key=lambda entry: entry.study.seconds or 0.0)
    document = thorough.document
    decision = decide(table_of(document, DEFAULT_TARGET.condition(conditions_of(document))), DEFAULT_TARGET)
    expect(page.locator("h1")).to_have_text(decision.advice)
