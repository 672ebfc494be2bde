import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st

from compression.records.study import Request, Study
from compression.store.studies import Store
from compression.studies.launchers.local import creation_time
from tests.pages.progress_of_a_study import RECIPES

QUESTION = Request(model="mobilenet_v2", dataset="fashion-mnist", preset="preview")


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """An empty home folder, and pages that open it."""
    monkeypatch.setenv("WEIGHIN_HOME", str(tmp_path))
    st.cache_resource.clear()
    yield Store()
    st.cache_resource.clear()


@pytest.fixture
def running(store: Store) -> Iterator[Study]:
    """A study that is at work and stays so: its worker is a process that only sleeps."""
    study = store.add(QUESTION)
    assert store.claim_next() is not None
    store.results.set_plan(study.id, RECIPES)
    worker = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    store.claims.set_worker(study.id, worker.pid, creation_time(worker.pid))
    yield store.study(study.id)
    # Ends the supervisor, which would start the next study in the queue when this one's worker dies.
    st.cache_resource.clear()
    worker.kill()
    worker.wait()
