"""Convolutions whose ReLU or norm does not stand right behind them run in 8 bits in both engines all the same."""

from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import helper

from compression.measurement.engines import open_session
from compression.measurement.engines.kernels import kernels
from compression.measurement.engines.telemetry import forbid_telemetry
from compression.methods.quantization.int8_ptq import quantize_int8
from compression.methods.quantization.integer_graph.activation_order import with_activations_first
from tests.methods.quantization.networks import CLASSES, drawn, images, save

IMAGES = images(40)
CHANNELS = 8
POOL = {"kernel_shape": [2, 2], "strides": [2, 2]}
# What stands between one convolution, "c", and the next, which takes "n".
BEHIND = {
    "max pooling, relu": [
        helper.make_node("MaxPool", ["c"], ["p"], **POOL),
        helper.make_node("Relu", ["p"], ["n"]),
    ],
    "max pooling, clip": [
        helper.make_node("MaxPool", ["c"], ["p"], **POOL),
        helper.make_node("Clip", ["p", "zero", "six"], ["n"]),
    ],
    "average pooling, relu": [
        helper.make_node("AveragePool", ["c"], ["p"], **POOL),
        helper.make_node("Relu", ["p"], ["n"]),
    ],
    "relu, norm": [
        helper.make_node("Relu", ["c"], ["r"]),
        helper.make_node("BatchNormalization", ["r", "scale", "shift", "mean", "variance"], ["n"]),
    ],
    "clip, norm": [
        helper.make_node("Clip", ["c", "zero", "six"], ["r"]),
        helper.make_node("BatchNormalization", ["r", "scale", "shift", "mean", "variance"], ["n"]),
    ],
    "instance norm, relu": [
        helper.make_node("InstanceNormalization", ["c", "scale", "shift"], ["i"]),
        helper.make_node("Relu", ["i"], ["n"]),
    ],
    "prelu": [helper.make_node("PRelu", ["c", "slopes"], ["n"])],
    "tanh": [helper.make_node("Tanh", ["c"], ["n"])],
}


@pytest.fixture(scope="module", autouse=True)
def _nothing_leaves_the_machine() -> None:
    forbid_telemetry()


def network(path: Path, behind: list[onnx.NodeProto]) -> Path:
    arrays = {
        "w1": drawn(CHANNELS, 1, 3, 3, seed=1),
        "b1": drawn(CHANNELS, seed=2),
        "w2": drawn(CHANNELS, CHANNELS, 3, 3, seed=3),
        "w3": drawn(CLASSES, CHANNELS, seed=4),
        "b3": drawn(CLASSES, seed=5),
        "scale": np.linspace(0.5, 2.0, CHANNELS, dtype=np.float32),
        "shift": np.linspace(-1.0, 1.0, CHANNELS, dtype=np.float32),
        "mean": np.full(CHANNELS, 0.3, np.float32),
        "variance": np.full(CHANNELS, 0.5, np.float32),
        "slopes": np.full((CHANNELS, 1, 1), 0.2, np.float32),
        "zero": np.array(0.0, np.float32),
        "six": np.array(6.0, np.float32),
    }
    nodes = [
        helper.make_node("Conv", ["pixels", "w1", "b1"], ["c"], pads=[1, 1, 1, 1]),
        *behind,
        helper.make_node("Conv", ["n", "w2"], ["d"], pads=[1, 1, 1, 1]),
        helper.make_node("Relu", ["d"], ["e"]),
        helper.make_node("GlobalAveragePool", ["e"], ["g"]),
        helper.make_node("Flatten", ["g"], ["f"]),
        helper.make_node("Gemm", ["f", "w3", "b3"], ["scores"], transB=1),
    ]
    return save(path, nodes, arrays)


@pytest.mark.parametrize("behind", BEHIND)
def test_all_multiplications_are_in_8_bits_in_both_engines(behind: str, tmp_path: Path) -> None:
    source, target = network(tmp_path / "fp32.onnx", BEHIND[behind]), tmp_path / "int8.onnx"
    quantize_int8(source, target, {"pixels": IMAGES})
    for engine in ("onnxruntime", "openvino"):
        found = kernels(target, engine)
        assert found.low_precision_macs == pytest.approx(1.0)
        assert "Conv" not in found.in_float
    before, after = (open_session(file, "onnxruntime", threads=1).run({"pixels": IMAGES}) for file in (source, target))
    assert np.std(after - before) < 0.3 * np.std(before)


@pytest.mark.parametrize("behind", ["max pooling, relu", "max pooling, clip"])
def test_a_relu_changes_places_with_a_max_pooling_and_no_number_changes(behind: str, tmp_path: Path) -> None:
    source = network(tmp_path / "fp32.onnx", BEHIND[behind])
    model = with_activations_first(onnx.load(source))
    onnx.checker.check_model(model)
    kinds = [node.op_type for node in model.graph.node]
    assert kinds[2] == "MaxPool"
    assert sorted(kinds) == sorted(node.op_type for node in onnx.load(source).graph.node)
    changed = tmp_path / "changed.onnx"
    onnx.save(model, changed)
    one, other = (open_session(file, "onnxruntime", threads=1).run({"pixels": IMAGES}) for file in (source, changed))
    assert np.array_equal(one, other)


def test_a_pooling_that_others_take_too_stays_where_it_is(tmp_path: Path) -> None:
    pooled = BEHIND["max pooling, relu"]
    both = [pooled[0], helper.make_node("Relu", ["p"], ["r"]), helper.make_node("Add", ["p", "r"], ["n"])]
    model = onnx.load(network(tmp_path / "fp32.onnx", both))
    assert list(with_activations_first(model).graph.node) == list(model.graph.node)
