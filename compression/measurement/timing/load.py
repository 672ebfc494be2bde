"""How much of the processor others used meanwhile: other programs, and other machines on the same hardware.

Knows the system's counters and those of this process; not what is measured meanwhile.
"""

import time
from dataclasses import dataclass

import psutil

# The kinds of time in which a core is not free to use, as far as a system tells them apart. Those of guests are part of
# "user"; "steal" is what the host of a virtual machine took away.
BUSY = ("user", "nice", "system", "irq", "softirq", "steal", "interrupt", "dpc")


@dataclass(frozen=True, kw_only=True)
class Reading:
    """Seconds of processor time used so far: by all on this machine, by this process and what it has waited for, and
    the moment of reading."""

    everyone: float
    own: float
    moment: float


# The counters of the system move in steps of 10 ms for each core, a fiftieth of this.
SHORTEST_SECONDS = 0.5


def read_load() -> Reading:
    """The counters as they stand now."""
    times, own = psutil.cpu_times(), psutil.Process().cpu_times()
    return Reading(
        everyone=sum(float(getattr(times, kind, 0.0)) for kind in BUSY),
        own=own.user + own.system + own.children_user + own.children_system,
        moment=time.monotonic(),
    )


def other_cores(before: Reading, after: Reading) -> float | None:
    """How many cores' worth of time others took between two readings, on average; None for readings less than
    SHORTEST_SECONDS apart, between which it cannot be told."""
    elapsed = after.moment - before.moment
    if elapsed < SHORTEST_SECONDS:
        return None
    others = (after.everyone - before.everyone) - (after.own - before.own)
    return max(0.0, others / elapsed)
