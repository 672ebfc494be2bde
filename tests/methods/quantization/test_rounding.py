import numpy as np
import pytest

from compression.methods.quantization.rounding import round_to, steps_for

GROUPS = np.random.default_rng(0).standard_t(4, size=(50, 64)).astype(np.float32)


def squared_error(group: np.ndarray, step: float, largest: int) -> float:
    whole = [max(-largest, min(largest, round(weight / step))) for weight in group.astype(np.float64)]
    return float(sum((step * number - weight) ** 2 for number, weight in zip(whole, group, strict=True)))


def test_in_8_bits_no_weight_is_off_by_more_than_half_a_step() -> None:
    steps = steps_for(GROUPS, 8)
    whole = round_to(GROUPS, steps, 8)
    assert np.abs(whole).max() == 127
    assert (np.abs(whole * steps - GROUPS) <= 0.5001 * steps).all()


def test_in_4_bits_the_step_has_the_least_squared_error() -> None:
    steps = steps_for(GROUPS, 4)
    assert np.abs(round_to(GROUPS, steps, 4)).max() == 7
    for group, (step,) in zip(GROUPS[:10], steps[:10], strict=True):
        largest = float(np.abs(group).max())
        tried = [squared_error(group, share * largest / 7, 7) for share in np.linspace(0.2, 1.1, 181)]
        # Between two of the thirteen steps that are tried there may be a slightly better one.
        assert squared_error(group, float(step), 7) <= 1.05 * min(tried)


def test_clipping_the_few_large_weights_is_better_than_stretching_the_step_to_them() -> None:
    unclipped = np.abs(GROUPS).max(axis=1, keepdims=True) / 7
    error, without = (
        np.square(round_to(GROUPS, steps, 4) * steps - GROUPS).sum() for steps in (steps_for(GROUPS, 4), unclipped)
    )
    assert error < 0.9 * without


@pytest.mark.parametrize("bits", [8, 4])
def test_zeros_stay_zeros(bits: int) -> None:
    zeros = np.zeros((2, 9), np.float32)
    steps = steps_for(zeros, bits)
    assert (steps == 1).all()
    assert (round_to(zeros, steps, bits) == 0).all()
