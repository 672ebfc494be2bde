"""Times with the circumstances to read them by: one file is timed several times over, in the same rounds as all others,
so that it is known how well the machine can tell two files apart."""

from collections.abc import Callable, Sequence
from itertools import combinations
from pathlib import Path

from compression.catalog.examples import Inputs
from compression.measurement.timing.latency import measure_latencies
from compression.records.measurements import Condition, Latency, Noise, Timing

# How often it is timed besides itself. Two give three pairs, so that one lucky pair does not make a noisy machine look
# quiet.
REPEATS = 2


def noise_of(same: Sequence[Latency]) -> Noise:
    """What two files must differ by to be told apart, from two or more timings of one file under one condition.

    An A/A test. The file is loaded anew for each timing, so that what differs between two sessions of it (where its
    weights lie in memory, above all) is in it too, which no interval of one session's timings can show. The smallest
    difference is the largest that was seen between any two.

    Raises ValueError for fewer than two timings, or for timings under different conditions.
    """
    conditions = {(each.engine, each.batch, each.threads, each.precision) for each in same}
    if len(same) < 2 or len(conditions) != 1:  # noqa: PLR2004  # it takes two to differ
        raise ValueError("noise needs at least two timings of one file, all under the same condition")
    medians = [each.median_ms for each in same]
    ratios = tuple(max(pair) / min(pair) for pair in combinations(medians, 2))
    first = same[0]
    return Noise(
        engine=first.engine,
        precision=first.precision,
        batch=first.batch,
        threads=first.threads,
        ratios=ratios,
        smallest_difference=max(ratios) - 1.0,
    )


def measure_times(
    subjects: Sequence[tuple[str, Path]],
    conditions: Sequence[Condition],
    inputs: Inputs,
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
        inputs,
        seconds_per_subject=seconds_per_subject,
        seed=seed,
        on_progress=on_progress,
    )
    same = zip(*(timed.latencies[name] for name in (repeated, *(name for name, _ in again))), strict=True)
    return (
        {name: timed.latencies[name] for name, _ in subjects},
        Timing(noise=tuple(map(noise_of, same)), other_cores=timed.other_cores, loads=timed.loads),
    )
