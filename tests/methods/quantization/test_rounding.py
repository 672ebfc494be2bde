import numpy as np
import pytest

from compression.methods.quantization.rounding import Bits, round_to, steps_for

GROUPS = np.random.default_rng(0).standard_t(4, size=(50, 64)).astype(np.float32)


def squared_error(group: np.ndarray, step: float, largest: int) -> float:
    whole = [max(-largest, min(largest, round(weight / step))) for weight in group.astype(np.float64)]
    return float(sum((step * number - weight) ** 2 for number, weight in zip(whole, group, strict=True)))


def test_in_8_bits_no_weight_is_off_by_more_than_half_a_step() -> None:
    steps = steps_for(GROUPS, 8)
    whole = round_to(GROUPS, steps, 8)
    assert np.abs(whole).max() == 127
    assert (np.abs(whole * steps - GROUPS) <= 0.5001 * steps).all()


@pytest.mark.parametrize(("bits", "largest"), [(4, 7), (2, 1)])
def test_in_few_bits_the_step_has_the_least_squared_error(bits: Bits, largest: int) -> None:
    steps = steps_for(GROUPS, bits)
    assert set(np.unique(round_to(GROUPS, steps, bits))) == set(range(-largest, largest + 1))
    for group, (step,) in zip(GROUPS[:10], steps[:10], strict=True):
        whole = float(np.abs(group).max()) / largest
        tried = [squared_error(group, share * whole, largest) for share in np.linspace(0.05, 1.1, 211)]
        # Between two of the steps that are tried there may be a slightly better one.
        assert squared_error(group, float(step), largest) <= 1.05 * min(tried)


@pytest.mark.parametrize(("bits", "largest", "share"), [(4, 7, 0.9), (2, 1, 0.6)])
def test_clipping_the_few_large_weights_is_better_than_stretching_the_step_to_them(
    bits: Bits, largest: int, share: float
) -> None:
    unclipped = np.abs(GROUPS).max(axis=1, keepdims=True) / largest
    error, without = (
        np.square(round_to(GROUPS, steps, bits) * steps - GROUPS).sum()
        for steps in (steps_for(GROUPS, bits), unclipped)
    )
    assert error < share * without


@pytest.mark.parametrize("bits", [8, 4, 2])
def test_zeros_stay_zeros(bits: Bits) -> None:
    zeros = np.zeros((2, 9), np.float32)
    steps = steps_for(zeros, bits)
    assert (steps == 1).all()
    assert (round_to(zeros, steps, bits) == 0).all()
