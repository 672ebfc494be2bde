import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from compression.measurement.accuracy.calibration import (
    calibration_error,
    calibration_error_interval,
    mean_with_interval,
)

answers = st.lists(st.tuples(st.floats(0, 1, width=32), st.booleans()), min_size=1, max_size=200)


def as_in_the_paper(confidences: NDArray[np.floating], right: NDArray[np.bool_]) -> float:
    """Equation 3 of Guo et al. 2017, bin by bin."""
    error = 0.0
    for m in range(1, 16):
        inside = (confidences > (m - 1) / 15) & (confidences <= m / 15)
        if m == 1:
            inside |= confidences == 0
        if inside.any():
            error += inside.sum() / len(right) * abs(right[inside].mean() - confidences[inside].mean())
    return error


@given(answers)
def test_it_is_the_equation_of_the_paper(found: list[tuple[float, bool]]) -> None:
    confidences, right = (np.array(column) for column in zip(*found, strict=True))
    error = calibration_error(confidences.astype(np.float32), right)
    assert error == pytest.approx(as_in_the_paper(confidences, right), abs=1e-12)


@given(answers)
def test_the_order_of_the_images_does_not_matter(found: list[tuple[float, bool]]) -> None:
    confidences, right = (np.array(column) for column in zip(*found, strict=True))
    there, back = calibration_error(confidences, right), calibration_error(confidences[::-1], right[::-1])
    assert there == pytest.approx(back, abs=1e-12)


def test_answers_as_often_right_as_they_say_have_none_and_others_have_the_gap() -> None:
    right = np.arange(100) < 80
    assert calibration_error(np.full(100, 0.8), right) == pytest.approx(0.0)
    assert calibration_error(np.full(100, 0.95), right) == pytest.approx(0.15)


def test_too_sure_and_too_unsure_do_not_make_up_for_each_other() -> None:
    confidences = np.repeat([0.9, 0.5], 100)
    right = np.concatenate([np.arange(100) < 70, np.arange(100) < 70])
    assert calibration_error(confidences, right) == pytest.approx(0.2)


def test_a_probability_on_the_edge_of_two_bins_belongs_to_the_lower_one() -> None:
    below, edge, above = 0.19, 3 / 15, 0.21
    assert calibration_error(np.array([below, edge]), np.array([False, True])) == pytest.approx((0.8 - below) / 2)
    assert calibration_error(np.array([above, edge]), np.array([False, True])) == pytest.approx((0.8 + above) / 2)


def test_within_a_bin_they_do() -> None:
    confidences = np.repeat([0.61, 0.66], 50)
    assert calibration_error(confidences, np.arange(100) < 50) == pytest.approx(0.135)


def test_probabilities_out_of_range_or_without_their_answer_are_an_error() -> None:
    for confidences in ([0.5, 1.1], [-0.1, 0.5], [0.5, float("nan")]):
        with pytest.raises(ValueError, match="between 0 and 1"):
            calibration_error(np.array(confidences), np.array([True, False]))
    for confidences in ([], [0.5]):
        with pytest.raises(ValueError, match="cannot be held against"):
            calibration_error(np.array(confidences), np.ones(2 * len(confidences), dtype=bool))


def answered(images: int, too_sure: float, rng: np.random.Generator) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Answers that say a probability and are right that often, less ``too_sure``."""
    confidences = 1.0 - 0.4 * rng.beta(0.5, 2.0, images)
    return confidences, rng.random(images) < confidences - too_sure


@pytest.mark.parametrize("too_sure", [0.0, 0.05])
def test_the_interval_of_the_error_holds_the_true_one(too_sure: float) -> None:
    rng, held, repeats = np.random.default_rng(3), 0, 60
    for _ in range(repeats):
        low, high = calibration_error_interval(*answered(2000, too_sure, rng))
        held += low <= too_sure <= high
    assert held / repeats > 0.9


def test_the_same_answers_give_the_same_interval_and_more_of_them_a_narrower_one() -> None:
    few, many = (answered(images, 0.05, np.random.default_rng(4)) for images in (500, 8000))
    assert calibration_error_interval(*few) == calibration_error_interval(*few)
    (few_low, few_high), (many_low, many_high) = calibration_error_interval(*few), calibration_error_interval(*many)
    assert many_high - many_low < (few_high - few_low) / 2


def test_an_interval_always_holds_the_error_that_it_is_of() -> None:
    for confidences, right in ((np.ones(5), np.ones(5, bool)), (np.array([0.3]), np.array([True]))):
        low, high = calibration_error_interval(confidences, right)
        assert 0.0 <= low <= calibration_error(confidences, right) <= high <= 1.0


def test_the_interval_of_a_mean_is_two_standard_errors_to_either_side() -> None:
    confidences = np.random.default_rng(1).uniform(0.5, 0.9, 400).astype(np.float32)
    reach = 1.959964 * np.std(confidences.astype(np.float64), ddof=1) / 20
    mean = confidences.astype(np.float64).mean()
    assert mean_with_interval(confidences) == pytest.approx((mean, mean - reach, mean + reach))
    assert mean_with_interval(np.array([0.7])) == pytest.approx((0.7, 0.0, 1.0))
    assert mean_with_interval(np.array([0.2, 1.0]))[2] == 1.0
