"""What rounding did to a layer, of tiny files that hold what a quantizer leaves."""

from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import helper, numpy_helper

from compression.errors import ModelNotUsable
from compression.measurement.layers.activations import SeenLayer, layers_seen
from compression.measurement.layers.roundings import matched, roundings_of
from tests.measurement.conftest import save, weights

LEVELS = 127


def by_name(layers: tuple[SeenLayer, ...]) -> dict[str, SeenLayer]:
    return {layer.place.stored: layer for layer in layers}


def in_8_bits(array: np.ndarray) -> np.ndarray:
    """With one step for all of it."""
    step = np.abs(array).max() / LEVELS
    return np.round(array / step) * step


def test_layers_are_seen_in_the_order_in_which_they_are_computed(float_file: Path, images: np.ndarray) -> None:
    layers = layers_seen(float_file, {"images": images}, threads=1)
    assert [(each.place.operator, each.place.stored) for each in layers] == [
        ("Conv", "w1"),
        ("Conv", "w2"),
        ("Gemm", "w3"),
    ]
    for layer in layers:
        np.testing.assert_array_equal(layer.weights, weights()[layer.place.stored].astype(np.float32))
    np.testing.assert_array_equal(layers[0].inputs, images)
    assert (layers[1].inputs >= 0).all()
    assert [each.inputs.shape for each in layers] == [(40, 1, 8, 8), (40, 4, 8, 8), (40, 8)]
    assert [each.by_channel.shape for each in layers] == [(4, 1, 3, 3), (8, 4, 3, 3), (3, 8)]


def test_weights_in_few_bits_are_seen_as_what_is_multiplied_with(int8_file: Path, images: np.ndarray) -> None:
    layers = layers_seen(int8_file, {"images": images}, threads=1, in_few_bits=True)
    assert [each.place.stored for each in layers] == ["w1_stored", "w2_stored", "w3_stored"]
    for layer, name in zip(layers, ("w1", "w2", "w3"), strict=True):
        np.testing.assert_allclose(layer.weights, in_8_bits(weights()[name]), rtol=1e-5)
    step = np.float32(4.0 / LEVELS)
    np.testing.assert_allclose(layers[0].inputs, np.clip(np.rint(images / step), -128, 127) * step, rtol=1e-6)


def test_only_layers_in_few_bits_have_a_rounding(float_file: Path, mixed_file: Path, images: np.ndarray) -> None:
    found = roundings_of(
        "mixed", mixed_file, layers_seen(float_file, {"images": images}, threads=1), {"images": images}, threads=1
    )
    assert list(found) == ["w1"]
    assert found["w1"].candidate == "mixed"
    assert sum(found["w1"].weights.before) == sum(found["w1"].weights.after) == 36
    assert sum(found["w1"].inputs.after) == images.size


def test_16_bits_are_not_few(float_file: Path, half_file: Path, images: np.ndarray) -> None:
    assert (
        roundings_of(
            "half", half_file, layers_seen(float_file, {"images": images}, threads=1), {"images": images}, threads=1
        )
        == {}
    )


def branches(path: Path, order: str, *, quantized: bool) -> Path:
    """Two convolutions of one shape side by side, listed in this order, and what they add up to."""
    rng = np.random.default_rng(5)
    arrays: dict[str, np.ndarray] = {name: rng.standard_normal((3, 1, 3, 3)).astype(np.float32) for name in "ab"}
    nodes = []
    for number, name in enumerate(order):
        multiplied = name
        if quantized:
            # With names that say nothing, as an exporter gives them.
            step = np.abs(arrays[name]).max() / LEVELS
            arrays[f"whole_{number}"] = np.round(arrays.pop(name) / step).astype(np.int8)
            arrays[f"step_{number}"] = np.float32(step)
            multiplied = f"numbers_{number}"
            nodes.append(helper.make_node("DequantizeLinear", [f"whole_{number}", f"step_{number}"], [multiplied]))
        nodes.append(helper.make_node("Conv", ["images", multiplied], [f"out_{name}"]))
    nodes.append(helper.make_node("Sub", ["out_a", "out_b"], ["difference"]))
    nodes.append(helper.make_node("ReduceMean", ["difference"], ["logits"], axes=[2, 3], keepdims=0))
    return save(path, nodes, arrays)


@pytest.mark.parametrize("order", ["ab", "ba"])
def test_a_layer_is_known_by_its_weights_whatever_it_is_called_and_wherever_it_stands(
    order: str, images: np.ndarray, tmp_path: Path
) -> None:
    original = layers_seen(branches(tmp_path / "float.onnx", "ab", quantized=False), {"images": images}, threads=1)
    seen = layers_seen(
        branches(tmp_path / "int8.onnx", order, quantized=True), {"images": images}, threads=1, in_few_bits=True
    )
    pairs = matched(original, seen)
    assert [first.place.stored for first, _ in pairs] == list(order)
    for first, second in pairs:
        np.testing.assert_allclose(second.weights, in_8_bits(first.weights), rtol=1e-5)


def test_a_file_of_another_network_is_refused_in_a_sentence(
    float_file: Path, images: np.ndarray, tmp_path: Path
) -> None:
    other = branches(tmp_path / "other.onnx", "ab", quantized=True)
    with pytest.raises(ModelNotUsable, match="2 of its 2 layers in few bits are none of the original's; make it from"):
        roundings_of(
            "other", other, layers_seen(float_file, {"images": images}, threads=1), {"images": images}, threads=1
        )


def test_numbers_that_are_none_are_refused_in_a_sentence(int8_file: Path, images: np.ndarray) -> None:
    model = onnx.load(int8_file)
    scale = next(tensor for tensor in model.graph.initializer if tensor.name == "w2_scale")
    scale.CopyFrom(numpy_helper.from_array(np.full(8, np.nan, np.float32), "w2_scale"))
    onnx.save(model, int8_file)
    with pytest.raises(ModelNotUsable, match="the numbers of its 'w2_dq' are not all finite"):
        layers_seen(int8_file, {"images": images}, threads=1)


def test_a_file_that_cannot_be_run_is_refused_in_a_sentence(int8_file: Path, images: np.ndarray) -> None:
    with pytest.raises(ModelNotUsable, match=r"int8.onnx cannot be measured"):
        layers_seen(int8_file, {"images": images[:, :, :5]}, threads=1)


def test_an_array_that_two_layers_share_is_seen_once(images: np.ndarray, tmp_path: Path) -> None:
    nodes = [
        helper.make_node("Conv", ["images", "w"], ["c"], pads=[1, 1, 1, 1]),
        helper.make_node("Conv", ["c", "w"], ["d"], pads=[1, 1, 1, 1]),
        helper.make_node("ReduceMean", ["d"], ["logits"], axes=[2, 3], keepdims=0),
    ]
    file = save(tmp_path / "shared.onnx", nodes, {"w": np.ones((1, 1, 3, 3), np.float32)})
    (layer,) = layers_seen(file, {"images": images}, threads=1)
    np.testing.assert_array_equal(layer.inputs, images)
