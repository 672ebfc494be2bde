"""How one engine answered the test examples: all shares of one file's predictions in one record. Knows predictions and
labels; runs nothing.
"""

import numpy as np
from numpy.typing import NDArray

from compression.measurement.accuracy.calibration import (
    calibration_error,
    calibration_error_interval,
    mean_with_interval,
)
from compression.measurement.accuracy.predictions import FEW_CLASSES
from compression.measurement.accuracy.shares import accuracies_per_class, accuracy_of, is_right, top5_accuracy_of
from compression.records.measurements import Answers, EngineName, Interval
from compression.store.predictions import Predictions


def answers_of(engine: EngineName, predictions: Predictions, labels: NDArray[np.integer], classes: int) -> Answers:
    """What follows from the predictions of one engine for the test examples, whose ``labels`` [N] are 0..classes - 1.

    Raises UsageError when a class has no test example; ValueError when there is not one label per prediction, or the
    predictions are of a model with another number of classes.
    """
    if (predictions.runners_up is None) != (classes <= FEW_CLASSES) or predictions.classes.max() >= classes:
        raise ValueError(f"these are not the predictions of a model with {classes} classes")
    right = is_right(predictions.classes, labels)
    confidence, low, high = mean_with_interval(predictions.confidences)
    error_low, error_high = calibration_error_interval(predictions.confidences, right)
    return Answers(
        engine=engine,
        accuracy=accuracy_of(predictions.classes, labels),
        per_class=accuracies_per_class(predictions.classes, labels, classes),
        top5=top5_accuracy_of(predictions, labels),
        mean_confidence=confidence,
        mean_confidence_interval=Interval(low=low, high=high),
        calibration_error=calibration_error(predictions.confidences, right),
        calibration_error_interval=Interval(low=error_low, high=error_high),
    )
