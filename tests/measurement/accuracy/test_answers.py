from pathlib import Path
from typing import get_args

import numpy as np
import pytest
from numpy.typing import NDArray

from compression.errors import UsageError
from compression.measurement.accuracy.answers import answers_of
from compression.measurement.accuracy.calibration import calibration_error
from compression.measurement.accuracy.predictions import predictions
from compression.measurement.engines import open_session
from compression.records.measurements import EngineName
from compression.store.predictions import Predictions
from tests.measurement.conftest import Arrays


def made_up(classes: int, images: int = 400) -> tuple[Predictions, NDArray[np.int64]]:
    """Predictions that are right about half of the time, of a model that ranks the classes in a circle."""
    rng = np.random.default_rng(classes)
    labels = np.arange(images) % classes
    first = np.where(rng.random(images) < 0.5, labels, rng.integers(0, classes, images))
    ranked = ((first[:, np.newaxis] + np.arange(5)) % classes).astype(np.uint8)
    return Predictions(
        classes=ranked[:, 0],
        confidences=rng.uniform(0.2, 1.0, images).astype(np.float32),
        runners_up=ranked[:, 1:] if classes > 10 else None,
    ), labels


@pytest.mark.parametrize("engine", get_args(EngineName))
def test_a_files_answers_are_those_of_the_engine_it_ran_in(
    engine: EngineName, float_file: Path, images: NDArray[np.float32]
) -> None:
    session = open_session(float_file, engine, threads=1)
    logits = session.run({"images": images})
    right = logits.argmax(axis=1)
    labels = np.where(np.arange(40) % 4 == 0, (right + 1) % 3, right)
    examples = Arrays({"images": images})
    found = answers_of(engine, predictions(session, examples), labels, 3)
    assert found.engine == engine
    assert (found.accuracy.correct, found.accuracy.total) == (30, 40)
    softmax = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    assert found.mean_confidence == pytest.approx(softmax.max(axis=1).mean(), rel=1e-5)
    assert found.mean_confidence_interval is not None
    assert found.mean_confidence_interval.low < found.mean_confidence < found.mean_confidence_interval.high
    assert found.calibration_error_interval is not None
    assert found.calibration_error_interval.low <= found.calibration_error <= found.calibration_error_interval.high
    assert found.top5 is None
    assert found.calibration_error == pytest.approx(calibration_error(softmax.max(axis=1), right == labels), rel=1e-5)


@pytest.mark.parametrize("classes", [3, 10, 11, 20])
def test_the_classes_add_up_to_the_whole(classes: int) -> None:
    found = answers_of("onnxruntime", *made_up(classes), classes)
    assert len(found.per_class) == classes
    assert sum(each.correct for each in found.per_class) == found.accuracy.correct
    assert sum(each.total for each in found.per_class) == found.accuracy.total == 400


def test_top5_is_for_more_than_ten_classes_and_never_below_the_accuracy() -> None:
    assert answers_of("onnxruntime", *made_up(10), 10).top5 is None
    found = answers_of("onnxruntime", *made_up(11), 11)
    assert found.top5 is not None
    assert found.top5.correct > found.accuracy.correct


def test_a_class_without_a_test_image_is_an_error_not_a_zero() -> None:
    found, labels = made_up(3)
    with pytest.raises(UsageError, match="class number 3 cannot be measured"):
        answers_of("onnxruntime", found, labels % 2, 3)


def test_predictions_of_a_model_with_other_classes_are_an_error() -> None:
    for found, labels, classes in ((*made_up(3), 2), (*made_up(11), 10), (*made_up(10), 11)):
        with pytest.raises(ValueError, match=f"a model with {classes} classes"):
            answers_of("onnxruntime", found, labels, classes)
