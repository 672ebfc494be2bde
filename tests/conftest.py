"""One whole study from the command line, for all tests that look at what comes of one: it takes about a minute."""

import pickle
import signal
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from filelock import FileLock
from hypothesis import settings

from compression.records.study import Options, Request
from tests.terminal import weigh_in

# Who starts the suite in the background may have told it to ignore Ctrl-C, and so would all that it interrupts.
signal.signal(signal.SIGINT, signal.default_int_handler)

# Properties are held against hundreds of drawn examples, not the few that the suite has time for.
settings.register_profile("thorough", deadline=None, max_examples=300)

# On one thread a lane, so that its accuracies can be had again exactly.
PREVIEW = Request(
    model="mobilenet_v2",
    dataset="fashion-mnist",
    preset="preview",
    options=Options(threads_per_lane=1, latency_seconds=0.1),
)


@dataclass(frozen=True, kw_only=True)
class FinishedRun:
    """A ``run`` that has ended: the home it kept its study in, the folder it wrote to, and what it printed."""

    home: Path
    out: Path
    process: "subprocess.CompletedProcess[str]"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever waits for the study below, or opens a browser, says so by its marker."""
    for item in items:
        if isinstance(item, pytest.Function) and "finished_run" in item.fixturenames:
            item.add_marker("study")
        if "browser" in Path(item.path).relative_to(Path(__file__).parent).parts:
            item.add_marker("browser")


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """While a study runs, the other workers wait: it times what it made, and takes as long as its times are unsettled.

    Every test holds its worker's lock. A study holds the entrance as well, and then takes all others.
    """
    worker = getattr(item.config, "workerinput", None)
    if worker is None:
        return (yield)
    shared = Path(item.config.option.basetemp).parent
    alone = item.get_closest_marker("study") is not None
    holding = range(worker["workercount"]) if alone else [int(worker["workerid"].removeprefix("gw"))]
    with ExitStack() as held, FileLock(shared / "entrance.lock") as entrance:
        for number in holding:
            held.enter_context(FileLock(shared / f"worker-{number}.lock"))
        if not alone:
            entrance.release()
        return (yield)


@pytest.fixture(scope="session")
def finished_run(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> FinishedRun:
    """Made by the first worker that needs it, for all."""
    if not hasattr(request.config, "workerinput"):
        return _run(tmp_path_factory)
    kept = tmp_path_factory.getbasetemp().parent / "finished-run.pickle"
    with FileLock(kept.with_suffix(".lock")):
        if not kept.exists():
            kept.write_bytes(pickle.dumps(_run(tmp_path_factory)))
    found: FinishedRun = pickle.loads(kept.read_bytes())
    return found


def _run(tmp_path_factory: pytest.TempPathFactory) -> FinishedRun:
    home, out = tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("run") / "out"
    request = ["--model", PREVIEW.model, "--dataset", PREVIEW.dataset, "--preset", PREVIEW.preset]
    options = ["--threads-per-lane", "1", "--latency-seconds", "0.1"]
    process = weigh_in("run", *request, *options, "--out", str(out), home=home)
    assert process.returncode == 0, process.stderr
    return FinishedRun(home=home, out=out, process=process)
