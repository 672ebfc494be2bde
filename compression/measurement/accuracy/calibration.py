"""Whether the probabilities that come with the answers can be believed. Knows probabilities and which answers were
right; not what was asked.
"""

from math import sqrt

import numpy as np
from numpy.typing import NDArray

from compression.measurement.accuracy.wilson import Z

BINS = 15
RESAMPLES = 300
# The interval is part of the measurement: the same answers give the same one, whatever the study's seed.
SEED = 0
UPPER = 0.975


def calibration_error(confidences: NDArray[np.floating], right: NDArray[np.bool_]) -> float:
    """How far the probabilities of answers, ``confidences`` [N] in 0..1, are from how often these are ``right`` [N].

    The expected calibration error, ECE: the answers are put into 15 bins ((m - 1) / 15, m / 15] by their probability,
    and ECE = sum over all bins of |B_m| / N * |share right in B_m - mean probability in B_m|; an empty one adds none.
    Naeini, Cooper and Hauskrecht 2015, "Obtaining well calibrated probabilities using Bayesian binning"; Guo, Pleiss,
    Sun and Weinberger 2017, "On calibration of modern neural networks", equation 3, with the 15 bins of its section 5.

    Chance only adds to it: docs/lab-notes.md, "Calibration error". Raises ValueError without answers, when the two do
    not fit together, or for a probability outside 0..1.
    """
    _check(confidences, right)
    return _error(_bins(confidences), right - confidences.astype(np.float64))


def calibration_error_interval(confidences: NDArray[np.floating], right: NDArray[np.bool_]) -> tuple[float, float]:
    """(low, high) of the calibration error of these answers: what it would be with examples without end.

    Bootstrap over examples (Efron and Tibshirani 1993, "An introduction to the bootstrap"), 300 times, from a fixed
    seed. As chance only adds to the error, it adds to that of a resample once more: high is the 97.5 % quantile of the
    resamples, and low as far below the error as high is above it, at least 0. Where answers whose probabilities are
    perfectly right would reach the error too, low is 0: 97.5 % quantile of as many draws of right and wrong by these
    probabilities (consistency resampling, Broecker and Smith 2007, "Increasing the reliability of reliability
    diagrams", Weather and Forecasting 22).

    How often it holds the true error: docs/lab-notes.md, "Calibration error". Raises ValueError as
    ``calibration_error``.
    """
    _check(confidences, right)
    bins, rng = _bins(confidences), np.random.default_rng(SEED)
    gaps: NDArray[np.float64] = right - confidences.astype(np.float64)
    error, examples = _error(bins, gaps), len(right)
    again, perfect = np.empty(RESAMPLES), np.empty(RESAMPLES)
    for number in range(RESAMPLES):
        drawn = rng.integers(0, examples, examples)
        again[number] = _error(bins[drawn], gaps[drawn])
        perfect[number] = _error(bins, (rng.random(examples) < confidences) - confidences)
    high = float(np.quantile(again, UPPER))
    low = 0.0 if error <= float(np.quantile(perfect, UPPER)) else max(0.0, 2 * error - high)
    return min(low, error), min(1.0, max(high, error))


def mean_with_interval(confidences: NDArray[np.floating]) -> tuple[float, float, float]:
    """(mean, low, high) of ``confidences`` [N]: the mean of independent examples, plus and minus z standard errors (the
    normal approximation, by the central limit theorem), cut off at 0 and 1. A single example says nothing: 0 to 1."""
    mean = float(confidences.mean(dtype=np.float64))
    if confidences.size == 1:
        return mean, 0.0, 1.0
    reach = Z * float(confidences.std(dtype=np.float64, ddof=1)) / sqrt(confidences.size)
    return mean, max(0.0, mean - reach), min(1.0, mean + reach)


def _check(confidences: NDArray[np.floating], right: NDArray[np.bool_]) -> None:
    if confidences.size == 0 or confidences.shape != (confidences.size,) or confidences.shape != right.shape:
        raise ValueError(f"{confidences.shape} probabilities cannot be held against {right.shape} answers")
    if not ((confidences >= 0) & (confidences <= 1)).all():
        raise ValueError("probabilities are between 0 and 1")


def _bins(confidences: NDArray[np.floating]) -> NDArray[np.intp]:
    bins: NDArray[np.intp] = np.digitize(confidences, np.arange(1, BINS) / BINS, right=True)
    return bins


def _error(bins: NDArray[np.intp], gaps: NDArray[np.floating]) -> float:
    """|B_m| / N * |share - mean| is |sum of (right - probability) in B_m| / N."""
    return float(np.abs(np.bincount(bins, weights=gaps, minlength=BINS)).sum() / gaps.size)
