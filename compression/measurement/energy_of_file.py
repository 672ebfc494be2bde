"""The energy that a file takes for one image, in an engine. Knows files and engines; reads no counter."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from compression.measurement.energy import joules_per_inference, package_counters
from compression.measurement.engines import open_session
from compression.store.measurements import EngineName


def energy_of_file(path: Path, engine: EngineName, image: NDArray[np.float32], *, threads: int) -> float | None:
    """Joules of the processor for one normalized image [1, C, H, W]; None when this machine does not show them."""
    if package_counters() is None:
        return None
    session = open_session(path, engine, threads=threads)
    session.run(image)
    return joules_per_inference(lambda: session.run(image))
