"""Scores are taken for probabilities when they sum to 1 as well as their precision lets them, and else for logits."""

import numpy as np
import pytest
from numpy.typing import NDArray

from compression.measurement.scores.probabilities import ROUNDING, are_probabilities, least_probability

IMAGES = 128


def softmax(classes: int, spread: float = 3.0) -> NDArray[np.float32]:
    scores = np.exp(np.random.default_rng(5).normal(scale=spread, size=(IMAGES, classes)))
    return (scores / scores.sum(axis=1, keepdims=True)).astype(np.float32)


def in_steps_of(step: float, scores: NDArray[np.float32]) -> NDArray[np.float32]:
    """As ONNX Runtime quantizes a softmax, with a step of 1/256, or 1/127 of a number with a sign."""
    return (np.round(scores / step).clip(0, round(1 / step) - (step == 1 / 256)) * step).astype(np.float32)


@pytest.mark.parametrize("step", [1 / 256, 1 / 127])
@pytest.mark.parametrize(("classes", "spread"), [(2, 3.0), (10, 3.0), (10, 0.5), (100, 2.0), (1000, 3.0)])
def test_a_softmax_in_8_bits_gives_probabilities(classes: int, spread: float, step: float) -> None:
    assert are_probabilities(in_steps_of(step, softmax(classes, spread)))


def test_such_a_softmax_misses_1_by_more_than_rounding_in_floating_point_does() -> None:
    missed = np.abs(in_steps_of(1 / 256, softmax(10)).sum(axis=1) - 1.0)
    assert np.median(missed) < ROUNDING < missed.max()


@pytest.mark.parametrize("classes", [2, 10, 1000])
def test_a_softmax_in_floating_point_gives_probabilities(classes: int) -> None:
    assert are_probabilities(softmax(classes))
    assert are_probabilities(softmax(classes).astype(np.float16).astype(np.float32))


def test_what_8_bits_are_allowed_is_not_allowed_to_floating_point() -> None:
    scores = softmax(10)
    scores[7] *= 1.02
    assert not are_probabilities(scores)


def test_logits_between_0_and_1_are_no_probabilities_even_in_8_bits() -> None:
    logits = np.random.default_rng(5).uniform(0.0, 0.2, size=(IMAGES, 10)).astype(np.float32)
    assert logits.sum(axis=1).mean() == pytest.approx(1.0, abs=0.02)
    assert not are_probabilities(logits)
    assert not are_probabilities(in_steps_of(1 / 256, logits))


def test_scores_below_0_are_no_probabilities_whatever_they_sum_to() -> None:
    scores = softmax(10)
    scores[:, 0] -= 1.0
    scores[:, 1] += 1.0
    assert not are_probabilities(scores)


def test_a_probability_that_was_rounded_to_0_is_taken_for_a_hundredth_of_a_step() -> None:
    assert least_probability(in_steps_of(1 / 256, softmax(10))) == pytest.approx(1 / 25600)
    assert 0.0 < least_probability(softmax(10)) < 1e-30
