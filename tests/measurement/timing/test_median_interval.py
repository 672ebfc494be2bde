import numpy as np
import pytest

from compression.measurement.timing.intervals import median_with_interval, settled


@pytest.mark.parametrize(("turns", "low", "high"), [(6, 1, 6), (9, 2, 8), (10, 2, 9), (20, 6, 15), (30, 10, 21)])
def test_the_interval_takes_the_ranks_of_the_published_tables(turns: int, low: int, high: int) -> None:
    values = np.random.default_rng(0).permutation(np.arange(1.0, turns + 1)).tolist()
    assert median_with_interval(values) == ((turns + 1) / 2, low, high)


def test_fewer_than_six_turns_have_no_interval() -> None:
    with pytest.raises(ValueError, match="6 turns or more, not 5"):
        median_with_interval([1.0] * 5)


def coverage(turns: int, runs: int, shared: float, *, pooled: bool) -> float:
    """How often the interval holds the true median when the runs of a turn share part of their noise."""
    rng, hits, repeats = np.random.default_rng(5), 0, 2000
    for _ in range(repeats):
        samples = shared * rng.normal(size=(turns, 1)) + rng.normal(size=(turns, runs))
        _, low, high = median_with_interval((samples.ravel() if pooled else np.median(samples, axis=1)).tolist())
        hits += low <= 0.0 <= high
    return hits / repeats


@pytest.mark.parametrize("shared", [0.0, 2.0])
@pytest.mark.parametrize(("turns", "runs"), [(6, 1), (20, 5), (40, 15)])
def test_the_interval_holds_the_median_as_often_as_it_says(turns: int, runs: int, shared: float) -> None:
    assert coverage(turns, runs, shared, pooled=False) > 0.94


def test_taking_correlated_runs_for_independent_would_not_hold() -> None:
    assert coverage(20, 5, 2.0, pooled=True) < 0.85


def test_settled_looks_at_both_sides_of_the_median() -> None:
    narrow = [100.0, 100.5, 101.0] * 10
    assert settled(narrow, 0.02)
    assert not settled(narrow + [110.0] * 20, 0.02)
    assert not settled(narrow + [90.0] * 20, 0.02)
