"""What a layer in few bits costs, against an independent computation."""

from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import numpy_helper

from compression.catalog.examples import Inputs
from compression.errors import CandidateFailed
from compression.measurement.engines import open_session
from compression.methods.quantization.low_bit_weights import (
    layers_of,
    pack,
    ready_for_4_bits,
    weights_by_name,
    with_packed,
)
from compression.methods.quantization.scorer import Scorer
from compression.methods.quantization.sensitivity import sensitivities
from compression.methods.quantization.weights_only import quantize_weights
from compression.records.layers import Sensitivity
from tests.methods.quantization.conftest import labelled


def found_in(file: Path, scorer: Scorer, bits: int, examples: int = 1000) -> dict[str, Sensitivity]:
    model = ready_for_4_bits(onnx.load(file))
    return {layer.weights: each for layer, each in sensitivities(model, scorer, bits=bits, examples=examples)}  # type: ignore[arg-type]


def softmax(logits: np.ndarray) -> np.ndarray:
    exponentials = np.exp(logits.astype(np.float64))
    return exponentials / exponentials.sum(axis=1, keepdims=True)


def rounded_to_three_values(weights: np.ndarray) -> np.ndarray:
    """[O, I, 3, 3]: each channel to -step, 0 and step, with the best of the steps in a twentieth of the largest."""
    found = []
    for channel in weights.astype(np.float64):
        steps = np.abs(channel).max() * np.arange(4, 21) / 20
        tried = [np.where(np.abs(channel) > step / 2, step * np.sign(channel), 0.0) for step in steps]
        found.append(min(tried, key=lambda each: np.square(each - channel).sum()))
    return np.array(found)


def test_a_sensitivity_is_what_the_layer_alone_costs(
    classifier: Path, scorer: Scorer, inputs: Inputs, tmp_path: Path
) -> None:
    found = found_in(classifier, scorer, 2)
    assert list(found) == ["w1", "w2", "w3", "w4"]
    model = onnx.load(classifier)
    stored = next(tensor for tensor in model.graph.initializer if tensor.name == "w1")
    alone = rounded_to_three_values(numpy_helper.to_array(stored)).astype(np.float32)
    stored.CopyFrom(numpy_helper.from_array(alone, "w1"))
    onnx.save(model, tmp_path / "alone.onnx")
    before, after = (
        softmax(open_session(file, "onnxruntime", threads=1).run(inputs))
        for file in (classifier, tmp_path / "alone.onnx")
    )
    expected = np.mean([sum(p * np.log(p / q)) for p, q in zip(before, after, strict=True)])
    assert found["w1"].divergence == pytest.approx(expected, rel=1e-3)
    # The labels are the classifier's own answers, so that there is nothing to win.
    lost = np.mean(before.argmax(1) != after.argmax(1))
    assert 0 < lost == pytest.approx(found["w1"].drop)
    assert (found["w1"].bits, found["w1"].examples) == (2, 400)


def test_its_interval_is_that_of_a_paired_comparison(classifier: Path, images: np.ndarray) -> None:
    # Labels that are not the classifier's own answers, so that few bits win some as well.
    labels = np.random.default_rng(3).integers(0, 4, len(images))
    scorer = Scorer(labelled(images, labels), threads=lambda: 1)
    found = found_in(classifier, scorer, 2, examples=300)["w3"]
    model = ready_for_4_bits(onnx.load(classifier))
    layer, weights = list(weights_by_name(model, layers_of(model)))[2]
    before = scorer.right(model, np.arange(300))
    after = scorer.right(with_packed(model, [pack(layer, weights, 2)]), np.arange(300))
    lost, won = np.sum(before & ~after), np.sum(after & ~before)
    assert min(lost, won) > 5
    assert (found.drop, found.examples) == (pytest.approx((lost - won) / 300), 300)
    # Bonett and Price 2012.
    first, second = (lost + 1) / 302, (won + 1) / 302
    reach = 1.96 * np.sqrt((first + second - (first - second) ** 2) / 302)
    assert (found.low, found.high) == pytest.approx((first - second - reach, first - second + reach), abs=1e-4)


@pytest.mark.parametrize("bits", [4, 2])
@pytest.mark.parametrize("fragile", ["w3", "w4"])
def test_a_layer_with_one_weight_far_out_ranks_first(
    fragile: str, bits: int, classifier: Path, scorer: Scorer, tmp_path: Path
) -> None:
    # That weight multiplies nothing but zeros, so the answers stay; but the steps stretch to it, and lose the others.
    model, before = onnx.load(classifier), {"w3": "w2", "w4": "w3"}[fragile]
    stored = {tensor.name: tensor for tensor in model.graph.initializer}
    silent, stretched = (numpy_helper.to_array(stored[name]).copy() for name in (before, fragile))
    silent[0] = 0.0
    stretched.reshape(len(stretched), stretched.shape[1], -1)[:, 0, 0] = 100 * np.abs(stretched).max()
    for name, weights in ((before, silent), (fragile, stretched)):
        stored[name].CopyFrom(numpy_helper.from_array(weights, name))
    onnx.save(model, tmp_path / "fragile.onnx")
    found = found_in(tmp_path / "fragile.onnx", scorer, bits)
    assert max(found, key=lambda name: found[name].divergence) == fragile
    assert found[fragile].divergence > 2 * found_in(classifier, scorer, bits)[fragile].divergence


def test_fewer_bits_cost_more(classifier: Path, scorer: Scorer) -> None:
    four, two = found_in(classifier, scorer, 4), found_in(classifier, scorer, 2)
    assert all(two[name].divergence > 2 * four[name].divergence > 0 for name in four)


def test_a_network_without_layers_in_fp32_is_refused(classifier: Path, scorer: Scorer, tmp_path: Path) -> None:
    quantize_weights(classifier, tmp_path / "low.onnx", 8)
    with pytest.raises(CandidateFailed, match="nothing to store in fewer bits"):
        found_in(tmp_path / "low.onnx", scorer, 4)


@pytest.mark.parametrize("last", ["Softmax", "LogSoftmax", "Sigmoid"])
def test_whatever_the_scores_are_the_divergence_is_that_of_the_logits_behind_them(
    last: str, classifier: Path, scorer: Scorer, tmp_path: Path
) -> None:
    model = onnx.load(classifier)
    model.graph.node[-1].output[0] = "behind"
    model.graph.node.append(onnx.helper.make_node(last, ["behind"], ["scores"]))
    onnx.save(model, tmp_path / "made-of.onnx")
    found, expected = (found_in(file, scorer, 2) for file in (tmp_path / "made-of.onnx", classifier))
    for name, each in expected.items():
        assert found[name].divergence == pytest.approx(each.divergence, rel=0.02)
