"""Differences and ratios of two measured values, with their 95 % intervals.

Of two accuracies on the same test examples the paired difference is taken, where the study has it. Otherwise, and for
times, the interval follows from that of each value alone, taken as independent.

The method of variance estimates recovery: Newcombe, 'Interval estimation for the difference between independent
proportions', Statistics in Medicine 17 (1998), method 10, for accuracies with Wilson intervals; Donner and Zou,
'Closed-form confidence intervals for functions of the normal mean and standard deviation', Statistical Methods in
Medical Research 21 (2012), for the general form.
"""

from math import exp, hypot, log
from statistics import NormalDist

from compression.decision.table import Row, Spread

# A ratio of two times that could be this many times larger or smaller says nothing that anybody could use.
KNOWN_WITHIN = 1.5


def accuracy_difference(first: Row, second: Row) -> Spread:
    """``first``'s accuracy minus ``second``'s, as shares: paired, example by example, if the study compared the two."""
    paired = first.accuracy_against.get(second.id)
    return difference(first.accuracy, second.accuracy) if paired is None else paired


def latency_ratio(first: Row, second: Row) -> Spread:
    """``first``'s time over ``second``'s. The interval is never narrower than what the machine can tell apart at all,
    by the original timed against itself."""
    found = ratio(first.latency_ms, second.latency_ms)
    blur = 1.0 + max(first.smallest_difference, second.smallest_difference)
    return Spread(value=found.value, low=min(found.low, found.value / blur), high=max(found.high, found.value * blur))


def difference(first: Spread, second: Spread) -> Spread:
    """``first`` minus ``second``, in their unit."""
    value = first.value - second.value
    return Spread(
        value=value,
        low=value - hypot(first.value - first.low, second.high - second.value),
        high=value + hypot(first.high - first.value, second.value - second.low),
    )


def opposite(spread: Spread) -> Spread:
    """The same difference seen from the other side: a change of -0.01 is a loss of 0.01."""
    return Spread(value=-spread.value, low=-spread.high, high=-spread.low)


def ratio(first: Spread, second: Spread) -> Spread:
    """``first`` over ``second``; both and their lower ends must be above zero."""
    logs = difference(_logarithm(first), _logarithm(second))
    return Spread(value=exp(logs.value), low=exp(logs.low), high=exp(logs.high))


def known(spread: Spread) -> bool:
    """Whether a ratio is known to better than a factor of KNOWN_WITHIN, on either side."""
    return spread.high < KNOWN_WITHIN * spread.value and spread.value < KNOWN_WITHIN * spread.low


def clearly_above(spread: Spread, bound: float) -> bool:
    """Whether the whole interval lies above the bound."""
    return spread.low > bound


def clearly_below(spread: Spread, bound: float) -> bool:
    """Whether the whole interval lies below the bound."""
    return spread.high < bound


def tells_apart(spread: Spread, bound: float) -> bool:
    """Whether the interval leaves the bound out: 0 for a difference, 1 for a ratio."""
    return clearly_above(spread, bound) or clearly_below(spread, bound)


def widened(spread: Spread, *, among: int) -> Spread:
    """The same value with an interval that holds for all of ``among`` such values at once (Bonferroni): with many looks
    some 95 % intervals would leave 0 out by luck. It is as much wider as the quantile of the normal distribution."""
    wider = NormalDist().inv_cdf(1.0 - 0.025 / among) / NormalDist().inv_cdf(0.975)
    return Spread(
        value=spread.value,
        low=spread.value - wider * (spread.value - spread.low),
        high=spread.value + wider * (spread.high - spread.value),
    )


def _logarithm(spread: Spread) -> Spread:
    return Spread(value=log(spread.value), low=log(spread.low), high=log(spread.high))
