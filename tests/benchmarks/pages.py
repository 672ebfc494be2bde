"""How long do people wait for the front page? ``python -m tests.benchmarks.pages [--tree DIR]... [--json FILE]``

A real server and a real Chromium, on an empty home folder: the page shows a recorded study. Timed by the browser:

- *fresh*: from the first request to a server that has just started until the headline, and both charts, are drawn;
- *warm*: a new page of a visitor who has been there before, until both charts are drawn;
- *key*: from a key on a slider until the headline has changed, and until both charts have; alone, and *busy*: while a
  study runs and ten others have the page open, one of whom has pressed a key of a slider just before.

Each key changes the choice: the first is searched for, then left and right take turns. The ten others' browser runs on
this machine too, which only adds to the times. Printed: the median and the 95th percentile, each with the smallest and
largest round. Wanted: what ``WANTED`` says; the exit status is 1 where the first tree misses it.

``--tree DIR``, given several times, measures other checkouts in the same run: all take their turn in each round, in a
shuffled order, and the ratios of their medians to the first one's are printed. ``--tree tests/benchmarks/bare_page``
(with ``--alone``) is a page of Streamlit's with nothing but a headline, a slider and two charts: what is left of our
own. Numbers mean something only on a machine that does nothing else.
"""

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Playwright, sync_playwright

from compression.measurement.machine.fingerprint import fingerprint
from tests.browser.conftest import BROWSERS, FLAGS, ROOT, start_server, stop_server, wait_until_settled

OTHERS = 10
WINDOW = {"width": 1280, "height": 800}
SLIDER = "Lowest accuracy"
# So many keys are pressed until one changes the choice.
MOST_KEYS = 60
PATIENCE_MS = 60_000
FRESH, FRESH_CHARTS, WARM = "fresh server to headline", "fresh server to both charts", "warm page to both charts"
KEY, KEY_CHARTS = "key to headline", "key to both charts"
BUSY, BUSY_CHARTS = "key to headline, busy", "key to both charts, busy"
# In milliseconds: the 95th percentile at most; of a fresh server the median.
WANTED = {FRESH: 2500, WARM: 1500, KEY: 150, KEY_CHARTS: 400, BUSY: 250}
# What the browser sees of the page, and when it saw it first after the page, or a key, began.
WATCH = """
const headline = () => [...document.querySelectorAll('h1, .changes')].map(each => each.innerText).join(' ');
// The ring lies over the chart, or is the last thing that is drawn in it.
const ring = plot => {
    const over = plot.closest('[class*=st-key-plot-]')?.querySelector('.ring');
    const point = over || plot.querySelector('.scatterlayer .trace:last-child path.point');
    return plot.querySelector('path.point') && point && (point.getAttribute('transform') || point.style.cssText);
};
const rings = () => [...document.querySelectorAll('.js-plotly-plot')].map(ring).filter(Boolean);
const look = (since, was) => {
    const seen = window.seen = {};
    const again = () => {
        const now = performance.now() - since;
        if (!seen.headline && headline() && headline() !== was.headline) seen.headline = now;
        if (rings().length > 1 && rings().every((each, number) => each !== was.rings[number])) seen.charts = now;
        if (!seen.headline || !seen.charts) requestAnimationFrame(again);
    };
    again();
};
window.sees = () => headline();
window.ringed = () => rings().length > 1;
window.awaitKey = () => {
    const was = {headline: headline(), rings: rings()};
    addEventListener('keydown', event => look(event.timeStamp, was), {capture: true, once: true});
};
look(0, {headline: '', rings: []});
"""
Times = dict[str, list[float]]


def seen(page: Page) -> dict[str, float]:
    """When the headline and the charts changed, in milliseconds."""
    page.wait_for_function("window.seen && window.seen.headline && window.seen.charts")
    found: dict[str, float] = page.evaluate("window.seen")
    return found


def new_visitor(browser: Browser) -> BrowserContext:
    """Somebody who has never been there."""
    context = browser.new_context(viewport=WINDOW)
    context.set_default_timeout(PATIENCE_MS)
    context.add_init_script(WATCH)
    return context


def open_page(visitor: BrowserContext, url: str) -> tuple[Page, dict[str, float]]:
    """A page, and when it was drawn."""
    page = visitor.new_page()
    page.goto(url)
    times = seen(page)
    wait_until_settled(page)
    return page, times


def slider_of(page: Page) -> Locator:
    """The slider that is turned."""
    slider = page.get_by_role("slider", name=SLIDER)
    slider.focus()
    return slider


def key_that_changes(page: Page) -> str:
    """Turn the slider until the choice changes; the key that changes it back."""
    slider, before = slider_of(page), page.evaluate("sees()")
    for key, back in (("ArrowRight", "ArrowLeft"), ("ArrowLeft", "ArrowRight")):
        for _ in range(MOST_KEYS):
            slider.press(key)
            wait_until_settled(page)
            time.sleep(0.3)
            if page.evaluate("sees()") != before and page.evaluate("ringed()"):
                return back
    raise RuntimeError(f"no place of the slider “{SLIDER}” changes the choice")


def turn_back_and_forth(page: Page, keys: int, others: list[Page]) -> Iterator[dict[str, float]]:
    """Press a key that changes the choice again and again."""
    key = key_that_changes(page)
    for each in others:
        slider_of(each)
    for number in range(keys):
        if others:
            others[number % len(others)].keyboard.press("ArrowLeft" if number // len(others) % 2 else "ArrowRight")
        page.evaluate("awaitKey()")
        slider_of(page).press(key)
        yield seen(page)
        key = "ArrowLeft" if key == "ArrowRight" else "ArrowRight"
        # People look before they press again, and no two do it in step with the server.
        time.sleep(random.uniform(0.3, 0.6))


def measure_alone(tree: Path, browser: Browser, *, pages: int, keys: int) -> Times:
    """A fresh server, then warm pages and keys, with nobody else there."""
    times: Times = defaultdict(list)
    with served(tree) as (url, _):
        visitor = new_visitor(browser)
        page, drawn = open_page(visitor, url)
        times[FRESH].append(drawn["headline"])
        times[FRESH_CHARTS].append(drawn["charts"])
        for _ in range(pages):
            page.close()
            page, drawn = open_page(visitor, url)
            times[WARM].append(drawn["charts"])
        for changed in turn_back_and_forth(page, keys, []):
            times[KEY].append(changed["headline"])
            times[KEY_CHARTS].append(changed["charts"])
        visitor.close()
    return times


def measure_busy(tree: Path, browser: Browser, browser_of_others: Browser, *, keys: int) -> Times:
    """Keys, while a study runs and ten others look at the page."""
    times: Times = defaultdict(list)
    with served(tree) as (url, home):
        start_study(tree, home)
        others = [new_visitor(browser_of_others) for _ in range(OTHERS)]
        pages = [open_page(other, url)[0] for other in others]
        visitor = new_visitor(browser)
        page, _ = open_page(visitor, url)
        for changed in turn_back_and_forth(page, keys, pages):
            times[BUSY].append(changed["headline"])
            times[BUSY_CHARTS].append(changed["charts"])
        if in_tree(tree, home, "print(Store().studies()[0].state)") != "running":
            raise RuntimeError("the study did not run all the while")
        for each in (visitor, *others):
            each.close()
    return times


@contextmanager
def served(tree: Path) -> Iterator[tuple[str, Path]]:
    """A server of that tree on a home folder of its own: its address, and the folder."""
    with TemporaryDirectory() as folder:
        running = start_server(Path(folder), tree)
        try:
            yield running.app.url, Path(folder)
        finally:
            stop_server(running)


def start_study(tree: Path, home: Path) -> None:
    """Put a study into the queue, and wait until it computes."""
    asked = "Request(model='resnet18', dataset='fashion-mnist', preset='standard')"
    study = in_tree(tree, home, f"from compression.records.study import Request; print(Store().add({asked}).id)")
    while not in_tree(tree, home, f"print(*Store().results.candidates('{study}'))"):
        time.sleep(0.5)


def in_tree(tree: Path, home: Path, script: str) -> str:
    """What a script says that the code of that tree carries out on the store in ``home``."""
    said = subprocess.run(
        [sys.executable, "-c", f"from compression.store.studies import Store; {script}"],
        cwd=tree,
        env=os.environ | {"WEIGHIN_HOME": str(home)},
        check=True,
        capture_output=True,
        text=True,
    )
    return said.stdout.strip()


def summary(rounds: list[list[float]]) -> dict[str, list[float]]:
    """Median and 95th percentile of all rounds, each with the smallest and largest of a round."""
    everything = [each for found in rounds for each in found]
    return {
        name: [
            float(np.percentile(everything, at)),
            *(float(end(np.percentile(found, at) for found in rounds)) for end in (min, max)),
        ]
        for name, at in (("median", 50), ("p95", 95))
    }


def launch(playwright: Playwright) -> Browser:
    """The Chromium of this machine."""
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        sys.exit("no Chromium on this machine (Debian: apt-get install chromium)")
    return playwright.chromium.launch(executable_path=path, args=list(FLAGS))


def main() -> None:
    """Measure all trees in turns, print, and write the figures to ``--json`` if asked to."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tree", type=Path, action="append", metavar="DIR", help="another checkout; the first is this")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--pages", type=int, default=5, help="warm pages a round")
    parser.add_argument("--keys", type=int, default=20, help="keys a round")
    parser.add_argument("--alone", action="store_true", help="leave out what is measured under load")
    parser.add_argument("--json", type=Path, metavar="FILE")
    asked = parser.parse_args()
    trees = [ROOT, *(tree.resolve() for tree in asked.tree or ())]
    rounds: dict[Path, dict[str, list[list[float]]]] = {tree: defaultdict(list) for tree in trees}
    with sync_playwright() as playwright:
        browser, browser_of_others = launch(playwright), launch(playwright)
        for _ in range(asked.rounds):
            for tree in random.sample(trees, len(trees)):
                times = measure_alone(tree, browser, pages=asked.pages, keys=asked.keys)
                if not asked.alone:
                    times |= measure_busy(tree, browser, browser_of_others, keys=asked.keys)
                for name, found in times.items():
                    rounds[tree][name].append(found)
    machine = fingerprint()
    print(f"{machine.cpu}, {machine.cores} cores; {asked.rounds} rounds; milliseconds (smallest to largest round)")
    found = {str(tree): {name: summary(times) for name, times in rounds[tree].items()} for tree in trees}
    for name in rounds[ROOT]:
        for tree in trees:
            middle, late = (found[str(tree)][name][each] for each in ("median", "p95"))
            ratio = middle[0] / found[str(ROOT)][name]["median"][0]
            print(
                f"{name:28} median {middle[0]:6.0f} ({middle[1]:.0f}-{middle[2]:.0f})   p95 {late[0]:6.0f} "
                f"({late[1]:.0f}-{late[2]:.0f})   x{ratio:.2f}  {tree.name}"
            )
    if asked.json:
        asked.json.write_text(json.dumps({"machine": machine.model_dump(), "times_ms": found}, indent=2))
    missed = [
        name
        for name, most in WANTED.items()
        if name in rounds[ROOT] and found[str(ROOT)][name]["median" if name == FRESH else "p95"][0] > most
    ]
    if missed:
        sys.exit(f"missed: {', '.join(missed)}")


if __name__ == "__main__":
    main()
