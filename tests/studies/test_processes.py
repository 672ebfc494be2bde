"""A process that trains asks for its memory in large pages; one that measures is like any program that uses a model."""

import sys
from pathlib import Path

import psutil
import pytest

from compression.store.store import Store
from compression.studies.crew import Crew
from compression.studies.division import Share
from compression.studies.processes import ALLOCATOR, LARGE_PAGES, start
from compression.studies.supervisor import Supervisor
from tests.conftest import PREVIEW

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the settings are those of glibc")


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    for variable in (*ALLOCATOR, *LARGE_PAGES):
        monkeypatch.delenv(variable, raising=False)
    return Store(tmp_path)


def test_a_lane_asks_for_large_pages(store: Store) -> None:
    study = store.add(PREVIEW)
    crew = Crew(store, study, start)
    crew.employ({"distillation": Share(processes=1, threads=1)})
    try:
        ((_, lane),) = crew.at_work
        assert (ALLOCATOR | LARGE_PAGES).items() <= psutil.Process(lane.pid).environ().items()
    finally:
        crew.dismiss()


def test_a_worker_which_measures_does_not(store: Store) -> None:
    supervisor, study = Supervisor(store), store.add(PREVIEW)
    supervisor.step()
    worker = store.labour.worker(study.id)
    assert worker is not None
    try:
        settings = psutil.Process(worker[0]).environ()
        assert ALLOCATOR.items() <= settings.items()
        assert not LARGE_PAGES.keys() & settings.keys()
    finally:
        supervisor.stop_study(study.id, "enough was seen")


def test_settings_that_are_there_already_stay(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GLIBC_TUNABLES", "glibc.malloc.check=0")
    study = store.add(PREVIEW)
    log = store.log_file(study.id)
    lane = start(["lane", study.id, "distillation"], home=store.home, log=log, threads=1, large_pages=True)
    try:
        assert psutil.Process(lane.pid).environ()["GLIBC_TUNABLES"] == "glibc.malloc.check=0"
    finally:
        lane.kill()
        lane.wait()
