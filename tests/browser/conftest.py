"""The real app in a real browser: a server of its own, a home folder of its own, nothing from the network."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from compression.decision.verdict import default_verdict
from compression.records.study import ALIVE, Request
from compression.store.studies import Store
from compression.studies.launchers.local import stop_tree
from tests.constructed import MACHINE, document, usual_candidates
from tests.layers import usual_layers

ROOT = Path(__file__).resolve().parents[2]
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
# Nothing that the browser would fetch or update by itself.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PAGES = ("/", "/run", "/library", "/how", "/how?tab=inside", "/beside")
# Only what fails ever waits this long: a machine with other work may take ten times as long as an idle one.
PATIENCE_MS = 30_000
OpenPage = Callable[..., Page]
Scheme = Literal["light", "dark"]


@dataclass(frozen=True, kw_only=True)
class App:
    """A server that answers, and what it shows."""

    url: str
    store: Store


@dataclass(frozen=True, kw_only=True)
class RunningServer:
    process: "subprocess.Popen[bytes]"
    app: App


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """One browser for all tests of this folder; it is closed before tests elsewhere, which need no event loop."""
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        missing = "no Chromium on this machine (Debian: apt-get install chromium)"
        if os.environ.get("CI"):
            pytest.fail(missing)
        pytest.skip(missing)
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield browser
        browser.close()


@contextmanager
def visitors(chromium: Browser) -> Iterator[OpenPage]:
    """Opens an address as a visitor of its own; ``width``, ``height`` and ``scheme`` (light, dark) are the
    visitor's."""
    contexts = []

    def open_it(
        url: str, *, width: int = 1280, height: int = 900, scheme: Scheme = "light", settled: bool = True
    ) -> Page:
        context = chromium.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.goto(url)
        if settled:
            wait_until_settled(page)
        return page

    yield open_it
    for context in contexts:
        context.close()


@pytest.fixture
def open_page(chromium: Browser) -> Iterator[OpenPage]:
    """For a test that needs visitors of its own."""
    with visitors(chromium) as open_it:
        yield open_it


@pytest.fixture(scope="package")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """A server for the tests that share one, with a completed study in its library."""
    home = tmp_path_factory.mktemp("home")
    add_completed_study(Store(home))
    running = start_server(home)
    yield running.app
    stop_server(running)


@pytest.fixture
def fresh_app(tmp_path: Path) -> Iterator[Callable[[], App]]:
    """Starts a server that nobody has asked for anything, on a home with a completed study; ends the one before."""
    running: list[RunningServer] = []

    def start() -> App:
        while running:
            stop_server(running.pop())
        home = Path(mkdtemp(dir=tmp_path))
        add_completed_study(Store(home))
        running.append(start_server(home))
        return running[-1].app

    yield start
    for server in running:
        stop_server(server)


def add_completed_study(store: Store) -> str:
    """Constructed numbers, under which the verdict is known beforehand."""
    study = store.add(Request(model="resnet18", dataset="fashion-mnist", preset="quick"))
    assert store.claim_next() is not None
    store.results.set_machine(study.id, MACHINE)
    for candidate in usual_candidates():
        store.results.put_candidate(study.id, candidate)
    store.results.set_layers(study.id, usual_layers())
    store.results.set_verdict(study.id, default_verdict(document(*usual_candidates())))
    store.finish(study.id, "completed")
    return study.id


def start_server(home: Path, tree: Path = ROOT) -> RunningServer:
    """Serve the checkout in ``tree``, on what is stored in ``home``."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = {"port": port, "address": "127.0.0.1", "headless": "true", "fileWatcherType": "none"}
    started = time.monotonic()
    with (home / "server.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", "app.py"]
            + [f"--server.{name}={value}" for name, value in options.items()],
            cwd=tree,
            env={**os.environ, "WEIGHIN_HOME": str(home)},
            stdout=log,
            stderr=log,
        )
    url = f"http://127.0.0.1:{port}"
    while not _healthy(url):
        assert process.poll() is None, (home / "server.log").read_text()
        assert time.monotonic() - started < 60, "the server does not answer"
        time.sleep(0.02)
    return RunningServer(process=process, app=App(url=url, store=Store(home)))


def stop_server(server: RunningServer) -> None:
    """End the server first, so that nothing is started any more, then what it left at work."""
    server.process.terminate()
    server.process.wait(20)
    store = server.app.store
    for study in store.studies():
        worker = store.claims.worker(study.id)
        if study.state in ALIVE and worker is not None:
            stop_tree(*worker)


def wait_until_settled(page: Page) -> None:
    """Until the page is connected and its script has run to its end. Not for a page that polls: wait for its words."""
    page.wait_for_selector("[data-testid=stApp][data-test-connection-state=CONNECTED]")
    page.wait_for_selector("h1, [data-testid=stAlert]")
    page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]")


def _healthy(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/_stcore/health", timeout=1) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False
