"""The two lanes of a study: their processes, side by side, until everything is built, and how they share the cores.

A process takes one candidate after another from the store, makes and tests it, and ends when there is nothing to start.
Quantizing needs nothing but the original; whoever is taught waits until the teacher was asked. One process of many
threads would be simpler, but small students gain nothing from a second thread: docs/lab-notes.md, "One thread a
student". Torch-free.
"""

import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass

from compression.records.recipes import LaneName
from compression.records.study import Study
from compression.store.studies import Store
from compression.studies.launchers.local import Starter
from compression.studies.plan import free_to_make

LANES: tuple[LaneName, ...] = ("distillation", "quantization")
SECONDS_BETWEEN_LOOKS = 0.2


@dataclass(frozen=True, kw_only=True)
class LaneShare:
    """What a lane may use: so many processes, of so many threads each."""

    processes: int
    threads: int


class Lanes:
    """The processes at work in a study's lanes. Whoever leaves its ``with`` early ends them."""

    def __init__(self, store: Store, study: Study, cores: int, start_process: Starter) -> None:
        self._store, self._study, self._cores, self._start_process = store, study, cores, start_process
        self.running: list[tuple[LaneName, subprocess.Popen[bytes]]] = []

    def __enter__(self) -> "Lanes":
        return self

    def __exit__(self, *_: object) -> None:
        self.stop_all()

    def start_early(self) -> None:
        """Start a first process that quantizes: it loads its libraries while the original is exported."""
        self._start("quantization", threads=max(1, self._cores // len(LANES)))

    def start_quantizing(self) -> int:
        """Start what needs nothing but the original; how many threads that leaves to whoever asks the teacher."""
        shares = self._shares()
        taught = shares.pop("distillation", None)
        self.start_missing(shares)
        return taught.processes * taught.threads if taught else self._cores

    def run(self) -> bool:
        """Make all candidates, the lanes side by side; False when a process failed, which ends the study."""
        while True:
            self.start_missing(self._shares())
            if not self.running:
                return True
            failed = self.wait_for_one()
            if failed is not None:
                # A process that failed for a reason with a sentence of its own has said so already.
                log = self._store.log_file(self._study.id)
                self._store.finish(
                    self._study.id, "failed", f"The {failed} lane stopped unexpectedly; its last words are in {log}."
                )
                return False

    def jobs(self) -> dict[LaneName, int]:
        """How many candidates of each lane are at work or free to be made."""
        return {lane: self._in(lane) + len(free_to_make(self._store, self._study, lane)) for lane in LANES}

    def start_missing(self, shares: Mapping[LaneName, LaneShare]) -> None:
        """Tell the lanes how many threads their processes may use, and start those that are missing."""
        for lane, share in shares.items():
            self._store.claims.set_threads(self._study.id, lane, share.threads)
            for _ in range(share.processes - self._in(lane)):
                self._start(lane, threads=share.threads)

    def wait_for_one(self) -> LaneName | None:
        """Wait until a process has ended; the name of its lane if it failed."""
        while True:
            for lane, process in self.running:
                if process.poll() is not None:
                    self.running.remove((lane, process))
                    return None if process.returncode == 0 else lane
            time.sleep(SECONDS_BETWEEN_LOOKS)

    def stop_all(self) -> None:
        """End whatever is still at work."""
        for _, process in self.running:
            process.terminate()
        for _, process in self.running:
            process.wait()
        self.running.clear()

    def _shares(self) -> dict[LaneName, LaneShare]:
        return divide_cores(self._cores, self.jobs(), self._study.options.threads_per_lane)

    def _start(self, lane: LaneName, *, threads: int) -> None:
        process = self._start_process(
            ["lane", self._study.id, lane],
            home=self._store.home,
            log=self._store.log_file(self._study.id),
            threads=threads,
            large_pages=True,
        )
        self.running.append((lane, process))

    def _in(self, lane: LaneName) -> int:
        return sum(lane == other for other, _ in self.running)


def divide_cores(
    cores: int, jobs: Mapping[LaneName, int], threads_per_lane: int | None = None
) -> dict[LaneName, LaneShare]:
    """A share for each lane that has jobs: candidates at work, or free to be made.

    With ``threads_per_lane`` a lane has always one process of that many threads, whatever else is at work: a training
    on another number of threads rounds differently, and its accuracy could not be had again exactly.
    """
    at_work = [lane for lane, count in jobs.items() if count]
    if threads_per_lane is not None:
        return {lane: LaneShare(processes=1, threads=threads_per_lane) for lane in at_work}
    shares: dict[LaneName, LaneShare] = {}
    for number, lane in enumerate(at_work):
        own = max(1, cores // len(at_work) + (number < cores % len(at_work)))
        processes = min(own, jobs[lane])
        shares[lane] = LaneShare(processes=processes, threads=own // processes)
    return shares
