"""The energy that a file takes for one image, in an engine. Knows files and engines; reads no counter."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from compression.measurement.energy import package_counters, read_energy
from compression.measurement.engines import open_session
from compression.store.measurements import EnergyReadings, EngineName


def energy_of_file(
    path: Path, engine: EngineName, image: NDArray[np.float32], *, threads: int, precision: str = "fp32"
) -> EnergyReadings | None:
    """Joules of the processor for one normalized image [1, C, H, W]; None when this machine does not show them."""
    if package_counters() is None:
        return None
    session = open_session(path, engine, threads=threads, precision=precision)
    session.run(image)
    return read_energy(lambda: session.run(image))
