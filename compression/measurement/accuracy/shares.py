"""How often answers are right: overall, for each class, and among the five most likely classes; each share with its
interval. Knows neither what the examples show nor what gave the answers.
"""

import numpy as np
from numpy.typing import NDArray

from compression.errors import UsageError
from compression.measurement.accuracy.wilson import wilson_interval
from compression.records.measurements import Accuracy
from compression.store.predictions import Predictions


def accuracy_of(predicted: NDArray[np.integer], labels: NDArray[np.integer]) -> Accuracy:
    """The share of ``predicted`` [N] that equals ``labels`` [N], with its 95 % Wilson score interval.

    Raises ValueError when there is nothing to compare, or not one label per prediction.
    """
    return _share_of(is_right(predicted, labels))


def accuracies_per_class(
    predicted: NDArray[np.integer], labels: NDArray[np.integer], classes: int
) -> tuple[Accuracy, ...]:
    """For each of the ``classes``, in their order: of the examples whose label it is, the share that was answered
    right, with its 95 % Wilson score interval.

    Raises UsageError when a class has no example to be measured on, and ValueError for a label that is none of the
    classes or when there is not one label per prediction.
    """
    right = is_right(predicted, labels)
    if labels.min() < 0 or labels.max() >= classes:
        raise ValueError(f"there are labels outside 0..{classes - 1}")
    examples = np.bincount(labels, minlength=classes)
    if not examples.all():
        raise UsageError(
            f"The accuracy on class number {int(examples.argmin()) + 1} cannot be measured: no test example shows it; "
            f"use test examples with at least one of each of the {classes} classes."
        )
    return tuple(_share_of(right[labels == label]) for label in range(classes))


def top5_accuracy_of(predictions: Predictions, labels: NDArray[np.integer]) -> Accuracy | None:
    """The share of the examples whose label [N] is one of the five most likely classes, with its 95 % Wilson score
    interval; None for predictions without runners-up. Raises ValueError as ``accuracy_of``."""
    right = is_right(predictions.classes, labels)
    if predictions.runners_up is None:
        return None
    return _share_of(right | (predictions.runners_up == labels[:, np.newaxis]).any(axis=1))


def is_right(predicted: NDArray[np.integer], labels: NDArray[np.integer]) -> NDArray[np.bool_]:
    """Which of ``predicted`` [N] equal ``labels`` [N]. Raises ValueError when there is not one label per prediction."""
    if predicted.shape != labels.shape:
        raise ValueError(f"{predicted.shape} predictions cannot be compared with {labels.shape} labels")
    if predicted.size == 0:
        raise ValueError("an accuracy needs at least one prediction")
    right: NDArray[np.bool_] = predicted == labels
    return right


def _share_of(right: NDArray[np.bool_]) -> Accuracy:
    correct, total = int(np.count_nonzero(right)), int(right.size)
    low, high = wilson_interval(correct, total)
    return Accuracy(correct=correct, total=total, value=correct / total, low=low, high=high)
