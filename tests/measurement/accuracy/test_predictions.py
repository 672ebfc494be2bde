from pathlib import Path
from typing import get_args

import numpy as np
import pytest
from numpy.typing import NDArray
from onnx import helper

from compression.measurement.accuracy.predictions import predictions
from compression.measurement.engines import open_session
from compression.records.measurements import EngineName
from tests.measurement.conftest import IMAGE, Arrays, save


@pytest.fixture
def examples() -> Arrays:
    return Arrays({"images": np.random.default_rng(3).uniform(-2, 2, size=(23, *IMAGE)).astype(np.float32)})


def linear_file(path: Path, weights: NDArray[np.float64]) -> Path:
    """A classifier of one matrix [64, K], whose scores NumPy computes as well."""
    nodes = [
        helper.make_node("Flatten", ["images"], ["flat"]),
        helper.make_node("MatMul", ["flat", "weights"], ["logits"]),
    ]
    return save(path, nodes, {"weights": weights.astype(np.float32)})


@pytest.mark.parametrize("engine", get_args(EngineName))
def test_predictions_are_the_largest_score_and_its_softmax(
    engine: EngineName, float_file: Path, examples: Arrays
) -> None:
    session = open_session(float_file, engine, threads=1)
    logits = session.run(examples.arrays).astype(np.float64)
    found = predictions(session, examples)
    assert found.classes.dtype == np.uint8
    assert (found.classes == logits.argmax(axis=1)).all()
    softmax = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    np.testing.assert_allclose(found.confidences, softmax.max(axis=1), rtol=1e-5)


def test_scores_that_are_probabilities_already_are_taken_as_they_are(tmp_path: Path, examples: Arrays) -> None:
    weights = np.random.default_rng(5).normal(size=(64, 10))
    nodes = [
        helper.make_node("Flatten", ["images"], ["flat"]),
        helper.make_node("MatMul", ["flat", "weights"], ["scores"]),
        helper.make_node("Softmax", ["scores"], ["logits"]),
    ]
    file = save(tmp_path / "softmax.onnx", nodes, {"weights": weights.astype(np.float32)})
    session = open_session(file, "onnxruntime", threads=1)
    found = predictions(session, examples, batch=10)
    np.testing.assert_allclose(found.confidences, session.run(examples.arrays).max(axis=1), rtol=1e-6)
    assert found.confidences.max() > 0.9


@pytest.mark.parametrize(("classes", "kind"), [(11, np.uint8), (256, np.uint8), (257, np.uint16)])
def test_above_ten_classes_the_next_four_are_kept_in_their_order(
    classes: int, kind: type, tmp_path: Path, examples: Arrays
) -> None:
    weights = np.random.default_rng(5).normal(size=(64, classes))
    logits = examples.arrays["images"].reshape(23, 64) @ weights
    session = open_session(linear_file(tmp_path / "linear.onnx", weights), "onnxruntime", threads=1)
    found = predictions(session, examples, batch=10)
    assert found.runners_up is not None
    assert found.classes.dtype == found.runners_up.dtype == kind
    ranked = np.column_stack([found.classes, found.runners_up])
    assert (ranked == np.argsort(logits, axis=1)[:, ::-1][:, :5]).all()


def test_up_to_ten_classes_no_runners_up_are_kept(tmp_path: Path, examples: Arrays) -> None:
    file = linear_file(tmp_path / "linear.onnx", np.random.default_rng(5).normal(size=(64, 10)))
    assert predictions(open_session(file, "onnxruntime", threads=1), examples).runners_up is None


def test_of_equal_scores_the_lower_class_comes_first(tmp_path: Path) -> None:
    weights = np.random.default_rng(5).integers(0, 4, size=(64, 300))
    single = Arrays({"images": np.eye(64, dtype=np.float32).reshape(64, *IMAGE)})
    session = open_session(linear_file(tmp_path / "undecided.onnx", weights), "onnxruntime", threads=1)
    found = predictions(session, single)
    assert found.runners_up is not None
    ranked = np.column_stack([found.classes, found.runners_up])
    assert (ranked == [np.flatnonzero(row == 3)[:5] for row in weights]).all()


def test_predictions_do_not_depend_on_the_batch(float_file: Path, examples: Arrays) -> None:
    session = open_session(float_file, "onnxruntime", threads=1)
    one, several, all_at_once = (predictions(session, examples, batch=batch) for batch in (1, 7, 100))
    assert (one.classes == several.classes).all()
    assert (one.classes == all_at_once.classes).all()
    np.testing.assert_allclose(one.confidences, all_at_once.confidences, rtol=1e-5)


def test_only_one_batch_is_prepared_at_a_time_and_progress_is_told(float_file: Path, examples: Arrays) -> None:
    shares: list[float] = []
    session = open_session(float_file, "onnxruntime", threads=1)
    predictions(session, examples, batch=10, on_progress=shares.append)
    assert examples.asked == [10, 10, 3]
    assert shares == pytest.approx([10 / 23, 20 / 23, 1.0])


def test_scores_that_are_not_finite_are_an_error(tmp_path: Path, examples: Arrays) -> None:
    nodes = [helper.make_node("Log", ["images"], ["log"]), helper.make_node("Flatten", ["log"], ["logits"])]
    session = open_session(save(tmp_path / "log.onnx", nodes, {}), "onnxruntime", threads=1)
    with pytest.raises(FloatingPointError, match="not finite"):
        predictions(session, examples)


def test_no_examples_are_an_error(float_file: Path, examples: Arrays) -> None:
    with pytest.raises(ValueError, match="no examples"):
        predictions(open_session(float_file, "onnxruntime", threads=1), examples.select(np.arange(0)))
