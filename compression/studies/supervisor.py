"""The supervisor: takes queued studies one after another, starts a worker for each, and notices how they end.

It lives in the server (a background thread) or in the command line, holds nothing that is not in the store, and so
can be stopped and started at any time. Torch-free.
"""

import logging
import subprocess
import threading
import time
from dataclasses import dataclass

from compression.measurement.machine.processor import usable_cores
from compression.records.study import Study
from compression.store.studies import Store
from compression.studies.launchers.local import Starter, creation_time, is_alive, start, stop_tree

SECONDS_BETWEEN_LOOKS = 0.5
# Between the claim of a study and the note of its worker lie milliseconds; after this long, nobody is coming.
SECONDS_UNTIL_ABANDONED = 30.0

log = logging.getLogger(__name__)


class Supervisor:
    """Keeps the queue of one store moving."""

    def __init__(self, store: Store, start_process: Starter = start) -> None:
        self._store = store
        self._start_process = start_process
        self._children: dict[int, subprocess.Popen[bytes]] = {}
        self._claimed_without_worker: dict[str, float] = {}

    def step(self) -> None:
        """Look once: end what was cancelled, note what has died, start what is next."""
        for pid in [pid for pid, child in self._children.items() if child.poll() is not None]:
            del self._children[pid]
        for study in self._store.studies():
            if study.state == "queued" and self._store.cancel_requested(study.id):
                self._store.finish(study.id, "cancelled")
            if study.state == "running":
                self._look_after(study)
        claimed = self._store.claim_next()
        if claimed is not None:
            self._start_worker(claimed)

    def run_until(self, stop: threading.Event) -> None:
        """Look again and again. A bug in one look is logged with its traceback; the queue goes on."""
        while not stop.wait(SECONDS_BETWEEN_LOOKS):
            try:
                self.step()
            except Exception:  # the thread is the queue's only motor: whatever one look meets, the next must come
                log.exception("The supervisor met an error and goes on")

    def wait(self) -> None:
        """Wait for the workers that were started here; they end soon after their studies."""
        for pid in list(self._children):
            self._reap(pid)

    def stop_study(self, study: str, message: str) -> None:
        """End a running study's processes; it becomes interrupted, and what was finished is kept."""
        worker = self._store.claims.worker(study)
        if worker is not None:
            stop_tree(*worker)
            self._reap(worker[0])
        self._store.finish(study, "interrupted", message)

    def _start_worker(self, study: Study) -> None:
        process = self._start_process(
            ["work", study.id],
            home=self._store.home,
            log=self._store.log_file(study.id),
            threads=usable_cores(),
            detached=True,
        )
        self._children[process.pid] = process
        self._store.claims.set_worker(study.id, process.pid, creation_time(process.pid))

    def _look_after(self, study: Study) -> None:
        worker = self._store.claims.worker(study.id)
        if worker is None:
            since = self._claimed_without_worker.setdefault(study.id, time.monotonic())
            if time.monotonic() - since > SECONDS_UNTIL_ABANDONED:
                self._store.finish(study.id, "interrupted", "The program that started this study ended; resume it.")
            return
        if self._store.cancel_requested(study.id):
            stop_tree(*worker)
            self._reap(worker[0])
            self._store.finish(study.id, "cancelled")
        elif not is_alive(*worker):
            self._reap(worker[0])
            # The worker may have ended well after the list of studies was read; then this changes nothing.
            self._store.finish(
                study.id, "interrupted", "The work stopped before it was done; what was finished is kept."
            )

    def _reap(self, pid: int) -> None:
        child = self._children.pop(pid, None)
        if child is not None:
            child.wait()


@dataclass(frozen=True, kw_only=True)
class InBackground:
    """A supervisor in a thread of its own."""

    stop: threading.Event
    thread: threading.Thread

    def end(self) -> None:
        """End it, and return when its last look is over. What it started goes on."""
        self.stop.set()
        self.thread.join()


def start_in_background(store: Store) -> InBackground:
    """Start a supervisor, which ends with the process at the latest."""
    stop = threading.Event()
    thread = threading.Thread(target=Supervisor(store).run_until, args=(stop,), daemon=True, name="supervisor")
    thread.start()
    return InBackground(stop=stop, thread=thread)
