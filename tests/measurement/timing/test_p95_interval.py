from math import comb, sqrt

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import norm

from compression.measurement.timing.intervals import p95_with_interval


def alone(runs: int) -> list[list[float]]:
    """Turns of one run each, in an order of their own: 1 ms, 2 ms, ... up to ``runs``."""
    return [[float(value)] for value in np.random.default_rng(0).permutation(np.arange(1, runs + 1))]


def chance_of_fewer(than: int, runs: int) -> float:
    """That fewer than so many of independent runs lie below their 95th percentile, by the binomial formula."""
    return sum(comb(runs, below) * 0.95**below * 0.05 ** (runs - below) for below in range(than))


@pytest.mark.parametrize("runs", [72, 100, 500])
def test_independent_runs_give_the_ranks_of_the_binomial_distribution(runs: int) -> None:
    percentile, ends = p95_with_interval(alone(runs))
    assert percentile == pytest.approx(np.percentile(np.arange(1, runs + 1), 95))
    assert ends is not None
    low, high = map(int, ends)
    assert chance_of_fewer(low, runs) <= 0.025 < chance_of_fewer(low + 1, runs)
    assert 1 - chance_of_fewer(high, runs) <= 0.025 < 1 - chance_of_fewer(high - 1, runs)


def test_fewer_than_72_runs_have_no_interval() -> None:
    assert p95_with_interval(alone(71))[1] is None
    assert p95_with_interval([[1.0] * 51])[1] is None, "one turn says nothing of how turns differ"


def test_turns_of_unequal_lengths_or_no_runs_are_an_error() -> None:
    for turns in ([], [[]], [[1.0, 2.0], [1.0]]):
        with pytest.raises(ValueError, match=r"turns of one run or more|inhomogeneous"):
            p95_with_interval(turns)


def noisy(turns: int, runs: int, shared: float, rng: np.random.Generator) -> NDArray[np.float64]:
    """Runs that share part of their noise with the others of their turn; ``shared`` over the part of their own."""
    return shared * rng.normal(size=(turns, 1)) + rng.normal(size=(turns, runs))


@pytest.mark.parametrize("shared", [0.0, 0.5, 2.0])
@pytest.mark.parametrize(("turns", "runs"), [(80, 1), (20, 15), (80, 15)])
def test_the_interval_seldom_misses_whatever_the_runs_of_a_turn_share(turns: int, runs: int, shared: float) -> None:
    truth, rng = norm.ppf(0.95) * sqrt(1 + shared**2), np.random.default_rng(5)
    missed, repeats = 0, 600
    for _ in range(repeats):
        _, ends = p95_with_interval(noisy(turns, runs, shared, rng))
        missed += ends is not None and not ends[0] <= truth <= ends[1]
    assert missed / repeats < 0.06


def test_runs_that_are_alike_within_their_turns_count_for_fewer() -> None:
    rng = np.random.default_rng(6)
    together, apart = noisy(80, 15, 2.0, rng), sqrt(5.0) * rng.normal(size=(1200, 1))
    wide, narrow = p95_with_interval(together)[1], p95_with_interval(apart)[1]
    assert wide is not None
    assert narrow is not None
    assert wide[1] - wide[0] > 2 * (narrow[1] - narrow[0])
