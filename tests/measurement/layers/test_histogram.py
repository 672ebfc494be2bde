import numpy as np
import pytest

from compression.measurement.layers.histogram import histogram, step_of

RANDOM = np.random.default_rng(0)


def counted(numbers: np.ndarray, low: float, high: float, bins: int) -> list[int]:
    """One number after another."""
    counts = [0] * bins
    for number in numbers.reshape(-1).astype(float):
        counts[min(bins - 1, int((number - low) / (high - low) * bins))] += 1
    return counts


def rounded(numbers: np.ndarray, step: float, least: int, most: int) -> np.ndarray:
    """To whole steps from ``least`` to ``most`` of them, in fp32 as an engine has them."""
    whole = np.clip(np.rint(numbers / step), least, most).astype(np.float32)
    return whole * np.float32(step)


def test_every_number_is_in_a_bin_on_either_side() -> None:
    before = RANDOM.standard_normal((40, 3, 5, 5)).astype(np.float32)
    after = before + RANDOM.normal(0, 0.1, before.shape).astype(np.float32)
    found = histogram(before, after)
    assert sum(found.before) == sum(found.after) == before.size
    assert (found.low, found.high) == (min(before.min(), after.min()), max(before.max(), after.max()))
    assert len(found.before) == len(found.after) == 64
    assert list(found.before) == counted(before, found.low, found.high, 64)
    assert list(found.after) == counted(after, found.low, found.high, 64)
    assert (found.values_before, found.values_after) == (before.size, len(set(after.reshape(-1).tolist())))


@pytest.mark.parametrize(("least", "most"), [(0, 255), (-128, 127), (-37, 218)])
@pytest.mark.parametrize("step", [0.1, 0.0123, 7.0])
def test_numbers_that_are_spread_evenly_fill_the_bins_evenly_once_they_are_rounded(
    step: float, least: int, most: int
) -> None:
    # As many between any two steps; 256 steps, which 64 bins share.
    before = ((np.arange(256 * 100) + 0.5) / 100 + least - 0.5) * step
    found = histogram(before.astype(np.float32), rounded(before, step, least, most))
    assert found.values_after == 256
    assert found.after == (400,) * 64
    assert max(found.before) - min(found.before) <= 2


@pytest.mark.parametrize("beyond", [1, 44, 200, 5000])
def test_bins_stay_even_where_the_original_reaches_beyond_the_steps(beyond: int) -> None:
    inside = np.repeat(np.arange(256), 100)
    before = np.append(inside + RANDOM.uniform(-0.5, 0.5, inside.size), 255 + beyond)
    found = histogram((0.05 * before).astype(np.float32), rounded(0.05 * before, 0.05, 0, 255))
    in_each = -(-(256 + beyond) // 64)
    full, left = divmod(256, in_each)
    assert found.high >= 0.05 * (255 + beyond)
    assert (found.high - found.low) / 0.05 == pytest.approx(in_each * len(found.after))
    assert len(found.after) <= 64
    # Whoever lies beyond, and in the upper half of the last step, is cut off to it.
    assert all(abs(count - 100 * in_each) <= 1 for count in found.after[:full])
    assert sum(found.after[full:]) == pytest.approx(100 * left, abs=1)


def test_steps_are_found_whatever_is_missing_among_them() -> None:
    step = np.float32(0.0371)
    whole = np.unique(RANDOM.choice(256, 150, replace=False)) - 90
    assert step_of(whole.astype(np.float32) * step) == pytest.approx(0.0371, rel=1e-6)


@pytest.mark.parametrize(
    "numbers",
    [
        RANDOM.standard_normal(200),
        np.arange(257),
        np.array([0.5]),
        # Two channels with a step each.
        np.concatenate([np.arange(-127, 128) * 0.01, np.arange(-100, 100) * 0.0173]),
    ],
)
def test_there_is_no_step_in_other_numbers(numbers: np.ndarray) -> None:
    assert step_of(np.unique(numbers.astype(np.float32))) is None


def test_a_layer_that_is_always_the_same_number_is_a_single_bin() -> None:
    zeros = np.zeros(7, np.float32)
    found = histogram(zeros, zeros)
    assert (found.before, found.after) == ((7,), (7,))
    assert found.low < 0 < found.high


def test_few_levels_have_a_bin_each() -> None:
    before = RANDOM.uniform(-7, 7, 5000).astype(np.float32)
    found = histogram(before, rounded(before, 1.0, -7, 7))
    assert len(found.after) == found.values_after == 15
    assert (found.low, found.high) == (-7.5, 7.5)
