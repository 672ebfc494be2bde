"""Intervals for the median and the 95th percentile of timings, from turns whose runs are not independent.

**The median.** Runs that follow each other within milliseconds share the state of the machine (clock frequency, other
load), so that they are no independent observations, and an interval computed from all of them is far too narrow. A turn
is the observation here: its median counts, whatever the number of its runs. With an odd number of runs the median of a
turn lies above the true median with probability one half exactly, so for independent turns the interval below holds
without any assumption on how timings are distributed.

What it does not cover. Turns of one subject are a whole round apart and interleaved with all others, which breaks most
of the correlation, but a drift that is slower than a round remains: it widens the interval only as far as it shows
within the measurement, and the next hour may differ. Stopping as soon as the interval is narrow costs a little
coverage: docs/lab-notes.md, "Coverage of the median's interval".

**The 95th percentile.** The interval reaches from one order statistic to another, as that of the median does, with the
ranks of another quantile: of n independent runs, a Binomial(n, 0.95) number lies below the true one (Conover 1999,
"Practical Nonparametric Statistics", 3rd ed., section 3.2). From fewer than 73 there is no upper end: the slowest of 72
still lies below the true percentile in 2.5 % of all cases.

Runs of one turn are not independent, and this percentile has no counterpart to a turn's median. So all runs are
counted for fewer, as surveys do with people of one household: n is divided by the design effect (Kish 1965, "Survey
Sampling", section 5.4), which is how much more the share of runs below the percentile varies from turn to turn than it
would among independent runs, and by the ratio of squared t quantiles that allows for having seen few turns (Korn and
Graubard 1998, "Confidence intervals for proportions with small expected number of positive counts estimated from
cluster survey data", Survey Methodology 24).

How often it holds the true percentile: docs/lab-notes.md, "Coverage of the 95th percentile's interval".
"""

from collections.abc import Sequence
from functools import lru_cache
from math import ceil, floor

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binom, t

ALPHA = 0.05
# With fewer, not even smallest to largest holds the median with 95 % probability: 1 - 2 * 0.5 ** 5 = 0.9375.
FEWEST_TURNS = 6


SHARE = 0.95


def median_with_interval(turns_ms: Sequence[float]) -> tuple[float, float, float]:
    """(median, low, high) of the medians of at least FEWEST_TURNS turns, in their unit.

    Low and high are order statistics: the k-th smallest and the k-th largest, k the largest number for which a
    Binomial(n, 1/2) variable is below k with probability of at most 2.5 % (Conover 1999, "Practical Nonparametric
    Statistics", 3rd ed., section 3.2; David and Nagaraja 2003, "Order Statistics", section 7.1). Their coverage is at
    least 95 %. Raises ValueError when there are too few turns for such an interval to exist.
    """
    if len(turns_ms) < FEWEST_TURNS:
        raise ValueError(f"a 95 % interval of a median needs {FEWEST_TURNS} turns or more, not {len(turns_ms)}")
    ordered = sorted(turns_ms)
    rank = _rank(len(ordered))
    return float(np.median(ordered)), ordered[rank - 1], ordered[-rank]


def settled(turns_ms: Sequence[float], tolerance: float) -> bool:
    """Whether the interval reaches no further from the median than ``tolerance`` (a share of it) on both sides."""
    median, low, high = median_with_interval(turns_ms)
    return median - low <= tolerance * median and high - median <= tolerance * median


@lru_cache
def _rank(turns: int) -> int:
    """The k of :func:`median_with_interval`, counted from 1. ``ppf`` is the first value whose probability exceeds."""
    return int(binom.ppf(ALPHA / 2, turns, 0.5))


def p95_with_interval(turns_ms: Sequence[Sequence[float]]) -> tuple[float, tuple[float, float] | None]:
    """The 95th percentile of all runs, linear between the two next to it, and its 95 % interval, in their unit.

    ``turns_ms`` holds the runs of each turn, the same number in each. None in place of an interval where the runs are
    too few to give one, or too much alike within their turns. Raises ValueError without runs, or for turns of unequal
    lengths.
    """
    runs = np.array(turns_ms, dtype=np.float64)
    if runs.ndim != len(("turn", "run")) or runs.size == 0:
        raise ValueError("a percentile needs turns of one run or more, the same number in each")
    percentile = float(np.percentile(runs, 100 * SHARE))
    if len(runs) == 1:
        return percentile, None
    independent = _independent(runs <= percentile)
    low, high = _ranks(independent)
    if low < 1 or high > independent:
        return percentile, None
    ordered, weight = np.sort(runs, axis=None), runs.size / independent
    first, last = max(1, floor(low * weight)), min(runs.size, ceil(high * weight))
    return percentile, (float(ordered[first - 1]), float(ordered[last - 1]))


def _independent(below: NDArray[np.bool_]) -> int:
    """For how many independent runs those of [turns, runs] count, of which ``below`` says whether they lie below."""
    turns, runs, share = len(below), below.size, float(below.mean())
    effect = 1.0
    if share < 1.0:
        alone = share * (1 - share) / (runs - 1)
        effect = max(1.0, float(below.mean(axis=1).var(ddof=1)) / turns / alone)
    few = float(t.ppf(1 - ALPHA / 2, runs - 1) / t.ppf(1 - ALPHA / 2, turns - 1)) ** 2
    # Rounded, since both factors are 1 with one run in each turn, but for the last digits.
    return floor(round(runs / effect * few, 6))


@lru_cache
def _ranks(runs: int) -> tuple[int, int]:
    """The ranks, from 1, of the order statistics of so many independent runs that the interval reaches between: 0, or
    one more than there are runs, where it has no such end."""
    return int(binom.ppf(ALPHA / 2, runs, SHARE)), int(binom.ppf(1 - ALPHA / 2, runs, SHARE)) + 1
