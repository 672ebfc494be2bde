"""Times with the circumstances to read them by: one of the files is timed several times over, in the same rounds as all
others, so that it is known what the machine makes of one and the same file. Knows files and engines; no study.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from compression.measurement.timing.latency import Condition, measure_latencies
from compression.measurement.timing.noise import noise_of
from compression.store.measurements import Latency, Timing

# How often it is timed besides itself. Two give three pairs, so that one lucky pair does not make a noisy machine look
# quiet.
REPEATS = 2


def measure_times(
    subjects: Sequence[tuple[str, Path]],
    conditions: Sequence[Condition],
    images: NDArray[np.float32],
    *,
    repeated: str,
    seconds_per_subject: float,
    seed: int,
    on_progress: Callable[[float], None] = lambda _: None,
) -> tuple[dict[str, tuple[Latency, ...]], Timing]:
    """The latencies of each subject (id, file), see ``measure_latencies``; and the noise of the machine, by timing the
    file of the id ``repeated`` as if it were three, and what others took meanwhile, both under each condition."""
    file = dict(subjects)[repeated]
    again = [(f"{repeated} {number}", file) for number in range(REPEATS)]
    timed = measure_latencies(
        [*subjects, *again],
        conditions,
        images,
        seconds_per_subject=seconds_per_subject,
        seed=seed,
        on_progress=on_progress,
    )
    same = zip(*(timed.latencies[name] for name in (repeated, *(name for name, _ in again))), strict=True)
    return (
        {name: timed.latencies[name] for name, _ in subjects},
        Timing(noise=tuple(map(noise_of, same)), other_cores=timed.other_cores, loads=timed.loads),
    )
