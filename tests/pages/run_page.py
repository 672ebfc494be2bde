"""The run page as a visitor has it before them, and what happens to a study meanwhile."""

import time
from collections.abc import Callable
from pathlib import Path

from streamlit.testing.v1 import AppTest

from compression.records.study import Candidate, Study, Verdict
from compression.store.studies import Store
from tests.constructed import MACHINE, ORIGINAL, candidate
from tests.pages.progress_of_a_study import under_way

ROOT = Path(__file__).resolve().parents[2]


def run_page(**parameters: str) -> AppTest:
    page = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    for name, value in parameters.items():
        page.query_params[name] = value
    page.switch_page("pages/run.py").run()
    assert not page.exception
    return page


def everything_said(page: AppTest) -> str:
    kinds = ("title", "subheader", "markdown", "caption", "info", "warning", "error", "badge")
    said = [str(element.value) for kind in kinds for element in page.get(kind) if hasattr(element, "value")]
    return "\n".join([*said, *(element.proto.text for element in page.get("progress"))])


def tell(store: Store, study: Study) -> None:
    store.results.put_candidate(study.id, candidate(ORIGINAL, size_bytes=9_000_000, accuracy=None))
    for item in under_way():
        store.add_progress(study.id, item)


def end(store: Store, study: Study, *candidates: Candidate, headline: str) -> None:
    store.results.set_machine(study.id, MACHINE)
    for one in candidates:
        store.results.put_candidate(study.id, one)
    store.results.set_verdict(
        study.id, Verdict(target="phone", choice="int8-ptq", sure=True, headline=headline, reasons=("It fits.",))
    )
    store.finish(study.id, "completed")


def wait_until(holds: Callable[[], bool], seconds: float = 20.0) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)
