from pathlib import Path
from typing import get_args

import numpy as np
import pytest
from numpy.typing import NDArray
from onnx import helper

from compression.measurement.accuracy.predictions import predictions
from compression.measurement.engines import open_session
from compression.records.measurements import EngineName
from tests.measurement.conftest import save


@pytest.fixture
def pixels() -> NDArray[np.uint8]:
    return np.random.default_rng(3).integers(0, 256, size=(23, 1, 8, 8), dtype=np.uint8)


def centred(images: NDArray[np.uint8]) -> NDArray[np.float32]:
    return (images.astype(np.float32) - 128) / 64


def linear_file(path: Path, weights: NDArray[np.float64]) -> Path:
    """A classifier of one matrix [64, K], whose scores NumPy computes as well."""
    nodes = [
        helper.make_node("Flatten", ["images"], ["flat"]),
        helper.make_node("MatMul", ["flat", "weights"], ["logits"]),
    ]
    return save(path, nodes, {"weights": weights.astype(np.float32)})


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


def test_scores_that_are_probabilities_already_are_taken_as_they_are(tmp_path: Path, pixels: NDArray[np.uint8]) -> None:
    weights = np.random.default_rng(5).normal(size=(64, 10))
    nodes = [
        helper.make_node("Flatten", ["images"], ["flat"]),
        helper.make_node("MatMul", ["flat", "weights"], ["scores"]),
        helper.make_node("Softmax", ["scores"], ["logits"]),
    ]
    file = save(tmp_path / "softmax.onnx", nodes, {"weights": weights.astype(np.float32)})
    session = open_session(file, "onnxruntime", threads=1)
    found = predictions(session, pixels, centred, batch=10)
    np.testing.assert_allclose(found.confidences, session.run(centred(pixels)).max(axis=1), rtol=1e-6)
    assert found.confidences.max() > 0.9


@pytest.mark.parametrize(("classes", "kind"), [(11, np.uint8), (256, np.uint8), (257, np.uint16)])
def test_above_ten_classes_the_next_four_are_kept_in_their_order(
    classes: int, kind: type, tmp_path: Path, pixels: NDArray[np.uint8]
) -> None:
    weights = np.random.default_rng(5).normal(size=(64, classes))
    logits = centred(pixels).reshape(23, 64) @ weights
    session = open_session(linear_file(tmp_path / "linear.onnx", weights), "onnxruntime", threads=1)
    found = predictions(session, pixels, centred, batch=10)
    assert found.runners_up is not None
    assert found.classes.dtype == found.runners_up.dtype == kind
    ranked = np.column_stack([found.classes, found.runners_up])
    assert (ranked == np.argsort(logits, axis=1)[:, ::-1][:, :5]).all()


def test_up_to_ten_classes_no_runners_up_are_kept(tmp_path: Path, pixels: NDArray[np.uint8]) -> None:
    file = linear_file(tmp_path / "linear.onnx", np.random.default_rng(5).normal(size=(64, 10)))
    assert predictions(open_session(file, "onnxruntime", threads=1), pixels, centred).runners_up is None


def test_of_equal_scores_the_lower_class_comes_first(tmp_path: Path) -> None:
    weights = np.random.default_rng(5).integers(0, 4, size=(64, 300))
    single = np.eye(64, dtype=np.uint8).reshape(64, 1, 8, 8)
    session = open_session(linear_file(tmp_path / "undecided.onnx", weights), "onnxruntime", threads=1)
    found = predictions(session, single, lambda images: images.astype(np.float32))
    assert found.runners_up is not None
    ranked = np.column_stack([found.classes, found.runners_up])
    assert (ranked == [np.flatnonzero(row == 3)[:5] for row in weights]).all()


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
