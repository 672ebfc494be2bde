"""What scores mean is told by the operator that gives them and by their values; logits can be had back."""

from pathlib import Path

import numpy as np
import onnx
import pytest
from numpy.typing import NDArray
from onnx import helper
from scipy.special import expit, log_softmax, softmax

from compression.measurement.scores.kinds import as_logits, kind_in_graph, kind_of, least_of, top_probability
from compression.records.measurements import ScoreKind
from tests.measurement.conftest import save

LOGITS: NDArray[np.float32] = np.random.default_rng(0).normal(scale=4, size=(100, 10)).astype(np.float32)
GIVEN: dict[ScoreKind, NDArray[np.float32]] = {
    "logits": LOGITS,
    "softmax": softmax(LOGITS, axis=1),
    "log-softmax": log_softmax(LOGITS, axis=1),
    "sigmoids": expit(LOGITS),
}
KINDS = tuple(GIVEN)


@pytest.mark.parametrize("kind", KINDS)
def test_values_alone_tell_what_they_are(kind: ScoreKind) -> None:
    assert kind_of(GIVEN[kind], None) == kind


@pytest.mark.parametrize("kind", KINDS)
def test_the_logits_behind_scores_are_the_networks_but_for_a_number_for_each_example(kind: ScoreKind) -> None:
    found = as_logits(GIVEN[kind], kind, least_of(GIVEN[kind], kind))
    np.testing.assert_allclose(
        found - found.mean(axis=1, keepdims=True), LOGITS - LOGITS.mean(axis=1, keepdims=True), atol=0.05
    )


def test_the_probability_of_an_answer_is_what_its_scores_mean() -> None:
    expected = softmax(LOGITS, axis=1).max(axis=1)
    for kind in ("logits", "softmax", "log-softmax"):
        np.testing.assert_allclose(top_probability(GIVEN[kind], kind), expected, rtol=1e-4)
    np.testing.assert_allclose(top_probability(GIVEN["sigmoids"], "sigmoids"), expit(LOGITS).max(axis=1))


def test_independent_probabilities_of_0_and_1_have_a_logit_too() -> None:
    certain = np.array([[0.0, 1.0, 0.5]], np.float32)
    assert np.isfinite(as_logits(certain, "sigmoids", least_of(certain, "sigmoids"))).all()


@pytest.mark.parametrize(
    ("operator", "expected"),
    [("Softmax", "softmax"), ("LogSoftmax", "log-softmax"), ("Sigmoid", "sigmoids"), ("Tanh", None)],
)
def test_the_last_operator_that_computes_says_what_it_gives(
    operator: str, expected: ScoreKind | None, tmp_path: Path
) -> None:
    nodes = [
        helper.make_node("Flatten", ["images"], ["f"]),
        helper.make_node(operator, ["f"], ["s"]),
        helper.make_node("Identity", ["s"], ["logits"]),
    ]
    assert kind_in_graph(onnx.load(save(tmp_path / "last.onnx", nodes, {}))) == expected


def test_behind_a_product_scores_are_logits_wherever_they_lie(tmp_path: Path) -> None:
    nodes = [helper.make_node("Flatten", ["images"], ["f"]), helper.make_node("MatMul", ["f", "w"], ["logits"])]
    model = onnx.load(save(tmp_path / "product.onnx", nodes, {"w": np.ones((64, 3), np.float32)}))
    assert kind_in_graph(model) == "logits"
    assert kind_of(expit(LOGITS), "logits") == "logits"


def test_a_softmax_over_another_axis_gives_no_distribution() -> None:
    assert kind_of(softmax(LOGITS, axis=0), "softmax") != "softmax"
