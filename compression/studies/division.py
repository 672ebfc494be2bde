"""Dividing a machine's cores: among the lanes at work, and within a lane among processes that make a candidate each.

One process of many threads would be simpler, but the smallest students gain nothing from a second thread, while a
second process trains another student meanwhile.
Pure: knows no process and no store. Torch-free.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from compression.store.recipes import LaneName


@dataclass(frozen=True, kw_only=True)
class Share:
    """What a lane may use: so many processes, of so many threads each."""

    processes: int
    threads: int


def divide(cores: int, jobs: Mapping[LaneName, int], threads_per_lane: int | None = None) -> dict[LaneName, Share]:
    """A share for each lane that has jobs: candidates at work, or free to be made.

    With ``threads_per_lane`` a lane has always one process of that many threads, whatever else is at work: a training
    on another number of threads rounds differently, and its accuracy could not be had again exactly.
    """
    at_work = [lane for lane, count in jobs.items() if count]
    if threads_per_lane is not None:
        return {lane: Share(processes=1, threads=threads_per_lane) for lane in at_work}
    shares: dict[LaneName, Share] = {}
    for number, lane in enumerate(at_work):
        own = max(1, cores // len(at_work) + (number < cores % len(at_work)))
        processes = min(own, jobs[lane])
        shares[lane] = Share(processes=processes, threads=own // processes)
    return shares
