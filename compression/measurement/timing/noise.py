"""How well a machine can tell two files apart: what it makes of one file that is timed as if it were several.

Knows timings of the same file; not which file that is, nor what will be compared.
"""

from collections.abc import Sequence
from itertools import combinations

from compression.store.measurements import Latency, Noise


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
