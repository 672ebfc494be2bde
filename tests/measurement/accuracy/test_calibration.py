import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from compression.measurement.accuracy.calibration import calibration_error

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
