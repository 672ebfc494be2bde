from math import sqrt
from pathlib import Path
from typing import get_args

import numpy as np
import pytest
from numpy.typing import NDArray
from onnx import helper

from compression.measurement.accuracy import accuracy_of, predictions
from compression.measurement.engines import open_session
from compression.store.records import EngineName

from .conftest import save


@pytest.fixture
def pixels() -> NDArray[np.uint8]:
    return np.random.default_rng(3).integers(0, 256, size=(23, 1, 8, 8), dtype=np.uint8)


def centred(images: NDArray[np.uint8]) -> NDArray[np.float32]:
    return (images.astype(np.float32) - 128) / 64


@pytest.mark.parametrize("engine", get_args(EngineName))
def test_predictions_are_the_largest_score_and_its_softmax(
    engine: EngineName, float_file: Path, pixels: NDArray[np.uint8]
) -> None:
    session = open_session(float_file, engine, threads=1)
    logits = session.run(centred(pixels)).astype(np.float64)
    found = predictions(session, pixels, centred)
    assert found.classes.dtype == np.uint8
    assert (found.classes == logits.argmax(axis=1)).all()
    softmax = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    np.testing.assert_allclose(found.confidences, softmax.max(axis=1), rtol=1e-5)


def test_predictions_do_not_depend_on_the_batch(float_file: Path, pixels: NDArray[np.uint8]) -> None:
    session = open_session(float_file, "onnxruntime", threads=1)
    one, several, all_at_once = (predictions(session, pixels, centred, batch=batch) for batch in (1, 7, 100))
    assert (one.classes == several.classes).all()
    assert (one.classes == all_at_once.classes).all()
    np.testing.assert_allclose(one.confidences, all_at_once.confidences, rtol=1e-5)


def test_only_one_batch_is_normalized_at_a_time_and_progress_is_told(
    float_file: Path, pixels: NDArray[np.uint8]
) -> None:
    sizes, shares = [], []

    def counted(images: NDArray[np.uint8]) -> NDArray[np.float32]:
        sizes.append(len(images))
        return centred(images)

    session = open_session(float_file, "onnxruntime", threads=1)
    predictions(session, pixels, counted, batch=10, on_progress=shares.append)
    assert sizes == [10, 10, 3]
    assert shares == pytest.approx([10 / 23, 20 / 23, 1.0])


def test_scores_that_are_not_finite_are_an_error(tmp_path: Path, pixels: NDArray[np.uint8]) -> None:
    nodes = [helper.make_node("Log", ["images"], ["log"]), helper.make_node("Flatten", ["log"], ["logits"])]
    session = open_session(save(tmp_path / "log.onnx", nodes, {}), "onnxruntime", threads=1)
    with pytest.raises(FloatingPointError, match="not finite"):
        predictions(session, pixels, centred)


def test_no_images_are_an_error(float_file: Path, pixels: NDArray[np.uint8]) -> None:
    with pytest.raises(ValueError, match="no images"):
        predictions(open_session(float_file, "onnxruntime", threads=1), pixels[:0], centred)


@pytest.mark.parametrize(("correct", "total"), [(0, 20), (1, 20), (13, 20), (20, 20), (9463, 10_000)])
def test_the_interval_is_wilsons(correct: int, total: int) -> None:
    z, share = 1.959963984540054, correct / total
    middle = (share + z * z / (2 * total)) / (1 + z * z / total)
    half = z / (1 + z * z / total) * sqrt(share * (1 - share) / total + z * z / (4 * total * total))
    accuracy = accuracy_of(np.arange(total) < correct, np.ones(total, dtype=bool))
    assert (accuracy.correct, accuracy.total, accuracy.value) == (correct, total, share)
    assert accuracy.low == pytest.approx(middle - half, abs=1e-9)
    assert accuracy.high == pytest.approx(middle + half, abs=1e-9)


def test_an_accuracy_of_nothing_is_an_error() -> None:
    with pytest.raises(ValueError, match="at least one prediction"):
        accuracy_of(np.array([], dtype=np.uint8), np.array([], dtype=np.int64))


def test_labels_must_match_the_predictions_one_to_one() -> None:
    with pytest.raises(ValueError, match="cannot be compared"):
        accuracy_of(np.zeros(3, dtype=np.uint8), np.zeros(1, dtype=np.int64))
