"""How much energy a file takes for one inference, from the counters that Intel and AMD processors keep of their own use
(RAPL), as Linux shows them under /sys/class/powercap.

What is counted is the whole processor package while the file runs: everything else that runs meanwhile is in it, memory
and the rest of the machine are not.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from compression.catalog.examples import Inputs
from compression.measurement.engines import open_session
from compression.measurement.timing.load import other_cores, read_load
from compression.records.measurements import EnergyReadings, EngineName

POWERCAP = Path("/sys/class/powercap")
JOULES_PER_MICROJOULE = 1e-6
NANOSECONDS_PER_SECOND = 1e9
# How many readings are taken: enough for a middle one, and to see how far they differ.
REPEATS = 3


@dataclass(frozen=True, kw_only=True)
class PackageCounter:
    """One package's energy counter. It starts again from 0 after ``range_microjoules``."""

    folder: Path
    range_microjoules: int

    def read_microjoules(self) -> int:
        """What the counter shows now. Raises OSError when it cannot be read."""
        return int((self.folder / "energy_uj").read_text(encoding="ascii"))

    def between(self, before: int, after: int) -> int:
        """Microjoules from one reading to a later one, less than one full turn of the counter apart."""
        return after - before if after >= before else after - before + self.range_microjoules


def package_counters(folder: Path = POWERCAP) -> tuple[PackageCounter, ...] | None:
    """The counters of all processor packages; None when there are none that this process may read.

    Only packages: the zones inside them (cores, graphics) are counted in them already, and "psys" counts them again.
    https://www.kernel.org/doc/html/latest/power/powercap/powercap.html; since Linux 5.10 only root may read them unless
    the administrator allows it, and virtual machines have none.
    """
    counters = []
    try:
        for zone in sorted(folder.glob("intel-rapl:*")):
            if (zone / "name").read_text(encoding="ascii").startswith("package"):
                limit = int((zone / "max_energy_range_uj").read_text(encoding="ascii"))
                counter = PackageCounter(folder=zone, range_microjoules=limit)
                counter.read_microjoules()
                counters.append(counter)
    except (PermissionError, FileNotFoundError):
        return None
    return tuple(counters) or None


def read_energy(
    run: Callable[[], object],
    *,
    seconds: float = 0.5,
    repeats: int = REPEATS,
    folder: Path = POWERCAP,
    clock: Callable[[], int] = time.perf_counter_ns,
) -> EnergyReadings | None:
    """Joules of the processor for one ``run``, which is repeated for ``seconds``, read ``repeats`` times one after the
    other, with what others took of the processor meanwhile; None when not measurable here.

    Half a second is about 500 updates of the counters, and far less than they take to run over (minutes). Whatever the
    processor uses when idle is included. None, too, where the counters are there but stand still, as in some virtual
    machines. ``run`` should be warm.
    """
    counters = package_counters(folder)
    if counters is None:
        return None
    before = read_load()
    joules = [_read(run, counters, seconds, clock) for _ in range(repeats)]
    if min(joules) <= 0.0:
        return None
    return EnergyReadings(joules=tuple(joules), other_cores=other_cores(before, read_load()))


def _read(
    run: Callable[[], object], counters: Sequence[PackageCounter], seconds: float, clock: Callable[[], int]
) -> float:
    """Joules of one run, over as many as take that long."""
    before = [counter.read_microjoules() for counter in counters]
    end, runs = clock() + seconds * NANOSECONDS_PER_SECOND, 0
    while runs == 0 or clock() < end:
        run()
        runs += 1
    used = _microjoules_since(before, counters)
    return used * JOULES_PER_MICROJOULE / runs


def _microjoules_since(before: Sequence[int], counters: Sequence[PackageCounter]) -> int:
    return sum(
        counter.between(reading, counter.read_microjoules()) for reading, counter in zip(before, counters, strict=True)
    )


def energy_of_file(
    path: Path, engine: EngineName, inputs: Inputs, *, threads: int, precision: str = "fp32"
) -> EnergyReadings | None:
    """Joules of the processor for one batch of inputs; None when this machine does not show them."""
    if package_counters() is None:
        return None
    session = open_session(path, engine, threads=threads, precision=precision)
    session.run(inputs)
    return read_energy(lambda: session.run(inputs))
