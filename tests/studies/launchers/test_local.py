"""A process that trains asks for its memory in large pages; one that measures is like any program that uses a model."""

import os
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from compression.store.studies import Store
from compression.studies.lanes import Lanes, LaneShare
from compression.studies.launchers.local import ALLOCATOR, LARGE_PAGES, ROOT, start
from compression.studies.supervisor import Supervisor
from tests.conftest import PREVIEW

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the settings are those of glibc")


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    for variable in (*ALLOCATOR, *LARGE_PAGES):
        monkeypatch.delenv(variable, raising=False)
    return Store(tmp_path)


def settings_of(pid: int) -> dict[str, str]:
    """The environment of a process, which Linux shows a moment after it has started it."""
    shown: dict[str, str] = {}
    give_up = time.monotonic() + 10
    while not shown and time.monotonic() < give_up:
        shown = psutil.Process(pid).environ()
    return shown


def test_a_lane_asks_for_large_pages(store: Store) -> None:
    study = store.add(PREVIEW)
    lanes = Lanes(store, study, 1, start)
    lanes.start_missing({"distillation": LaneShare(processes=1, threads=1)})
    try:
        ((_, lane),) = lanes.running
        assert (ALLOCATOR | LARGE_PAGES).items() <= settings_of(lane.pid).items()
    finally:
        lanes.stop_all()


def test_a_worker_which_measures_does_not(store: Store) -> None:
    supervisor, study = Supervisor(store), store.add(PREVIEW)
    supervisor.step()
    worker = store.claims.worker(study.id)
    assert worker is not None
    try:
        settings = settings_of(worker[0])
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
        assert settings_of(lane.pid)["GLIBC_TUNABLES"] == "glibc.malloc.check=0"
    finally:
        lane.kill()
        lane.wait()


BEGIN_ANEW = """
import os
from compression.studies.launchers.local import begin_anew_to_train

before = os.environ.setdefault("BEGUN_BY", str(os.getpid()))
begin_anew_to_train()
print(before == str(os.getpid()), *(os.environ[name] for name in ("MALLOC_TRIM_THRESHOLD_", "GLIBC_TUNABLES")))
"""


@pytest.mark.parametrize("tunables", [None, "glibc.malloc.check=0"])
def test_a_command_that_trains_begins_anew_in_its_own_process_with_the_settings_that_are_missing(
    tunables: str | None,
) -> None:
    environment = {name: value for name, value in os.environ.items() if name not in ALLOCATOR | LARGE_PAGES}
    environment |= {} if tunables is None else {"GLIBC_TUNABLES": tunables}
    done = subprocess.run(
        [sys.executable, "-c", BEGIN_ANEW], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    set_to = tunables or LARGE_PAGES["GLIBC_TUNABLES"]
    assert done.stdout == f"True {ALLOCATOR['MALLOC_TRIM_THRESHOLD_']} {set_to}\n"
