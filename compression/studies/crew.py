"""The crew of a study: the processes that work in its two lanes, side by side, until everything is made.

Knows nothing of what a lane makes, only that its processes take one candidate after another from the store and end
when there is nothing to start.
"""

import subprocess
import time
from collections.abc import Mapping

from compression.store.recipes import LaneName
from compression.store.records import Study
from compression.store.store import Store
from compression.studies.division import Share, divide
from compression.studies.plan import free_to_make
from compression.studies.processes import Starter

LANES: tuple[LaneName, ...] = ("distillation", "quantization")
SECONDS_BETWEEN_LOOKS = 0.2


def run_lanes(store: Store, study: Study, cores: int, start_process: Starter) -> bool:
    """Make all candidates, the lanes side by side; False when a process failed, which ends the study."""
    crew = Crew(store, study, start_process)
    try:
        while True:
            crew.employ(divide(cores, crew.jobs(), study.options.threads_per_lane))
            if not crew.at_work:
                return True
            failed = crew.wait_for_one()
            if failed is not None:
                # A process that failed for a reason with a sentence of its own has said so already.
                log = store.log_file(study.id)
                store.finish(
                    study.id, "failed", f"The {failed} lane stopped unexpectedly; its last words are in {log}."
                )
                return False
    finally:
        crew.dismiss()


class Crew:
    """The processes at work in a study's lanes."""

    def __init__(self, store: Store, study: Study, start_process: Starter) -> None:
        self._store, self._study, self._start_process = store, study, start_process
        self.at_work: list[tuple[LaneName, subprocess.Popen[bytes]]] = []

    def jobs(self) -> dict[LaneName, int]:
        """How many candidates of each lane are at work or free to be made."""
        return {lane: self._in(lane) + len(free_to_make(self._store, self._study, lane)) for lane in LANES}

    def employ(self, shares: Mapping[LaneName, Share]) -> None:
        """Tell the lanes how many threads their processes may use, and start those that are missing."""
        for lane, share in shares.items():
            self._store.labour.set_threads(self._study.id, lane, share.threads)
            for _ in range(share.processes - self._in(lane)):
                process = self._start_process(
                    ["lane", self._study.id, lane],
                    home=self._store.home,
                    log=self._store.log_file(self._study.id),
                    threads=share.threads,
                    large_pages=True,
                )
                self.at_work.append((lane, process))

    def wait_for_one(self) -> LaneName | None:
        """Wait until a process has ended; the name of its lane if it failed."""
        while True:
            for lane, process in self.at_work:
                if process.poll() is not None:
                    self.at_work.remove((lane, process))
                    return None if process.returncode == 0 else lane
            time.sleep(SECONDS_BETWEEN_LOOKS)

    def dismiss(self) -> None:
        """End whatever is still at work."""
        for _, process in self.at_work:
            process.terminate()
        for _, process in self.at_work:
            process.wait()
        self.at_work.clear()

    def _in(self, lane: LaneName) -> int:
        return sum(lane == other for other, _ in self.at_work)
