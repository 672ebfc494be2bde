"""How numbers are spread, before and after they were rounded. Pure NumPy; knows no network."""

from math import ceil, floor

import numpy as np
from numpy.typing import NDArray

from compression.records.layers import Histogram

BINS = 64
# Of numbers in 8 bits there are no more.
MOST_LEVELS = 256
# By how much of a step numbers may be off the steps that they are said to lie on: they were computed in fp32.
OFF = 0.01


def histogram(before: NDArray[np.float32], after: NDArray[np.float32]) -> Histogram:
    """Both sets of numbers, of any shape, in the same bins over all that they reach; at most 64 of them.

    Where the numbers afterwards lie on steps of one width, each bin holds as many steps as any other: else some would
    have one more than their neighbours, and the histogram the teeth of a comb, which the numbers do not have. Raises
    ValueError for an empty set.
    """
    different_before, different_after = np.unique(before), np.unique(after)
    low = float(min(different_before[0], different_after[0]))
    high = float(max(different_before[-1], different_after[-1]))
    step = step_of(different_after)
    if step is not None:
        low, high, bins = _whole_steps(low, high, float(different_after[0]), step)
    elif low < high:
        bins = BINS
    else:
        low, high, bins = low - 0.5, high + 0.5, 1
    return Histogram(
        low=low,
        high=high,
        before=_counts(before, low, high, bins),
        after=_counts(after, low, high, bins),
        values_before=len(different_before),
        values_after=len(different_after),
    )


def step_of(different: NDArray[np.float32]) -> float | None:
    """The width of the steps that all these numbers, which rise, lie on; None when there is only one, or more than 256,
    or they lie on no such steps."""
    if not 1 < len(different) <= MOST_LEVELS:
        return None
    numbers = different.astype(np.float64)
    reach = numbers[-1] - numbers[0]
    # The smallest gap is a difference of two rounded numbers; over all their reach, a step is known far better.
    step = float(reach / round(reach / np.diff(numbers).min()))
    at = (numbers - numbers[0]) / step
    return step if np.abs(at - np.rint(at)).max() < OFF else None


def _whole_steps(low: float, high: float, on: float, step: float) -> tuple[float, float, int]:
    """Where bins begin and end that hold all from ``low`` to ``high``, and how many they are: each as wide as a whole
    number of steps, and with its ends halfway between two of them. ``on`` is a number that lies on one."""
    first, last = (floor((number - on) / step + 0.5) for number in (low, high))
    steps = last - first + 1
    in_each = ceil(steps / BINS)
    bins = ceil(steps / in_each)
    start = on + (first - 0.5) * step
    return start, start + bins * in_each * step, bins


def _counts(numbers: NDArray[np.float32], low: float, high: float, bins: int) -> tuple[int, ...]:
    counts, _ = np.histogram(numbers, bins=bins, range=(low, high))
    return tuple(map(int, counts))
