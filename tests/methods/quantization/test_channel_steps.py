"""A channel with huge weights does not cost the others theirs."""

from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import helper, numpy_helper

from compression.measurement.engines.as_written import scores_as_written
from compression.measurement.engines.telemetry import forbid_telemetry
from compression.methods.quantization.int8_ptq import quantize_int8
from tests.methods.quantization.networks import CLASSES, convolutional, drawn, images, save

IMAGES = images(60)


@pytest.fixture(scope="module", autouse=True)
def _nothing_leaves_the_machine() -> None:
    forbid_telemetry()


def network(path: Path) -> Path:
    """The first channel of a depthwise convolution has huge weights, and tiny inputs; no score depends on it."""
    small, huge, head = drawn(8, 1, 3, 3, seed=1), drawn(8, 1, 3, 3, seed=2), drawn(CLASSES, 8 * 64, seed=3)
    small[0] /= 20_000
    huge[0] *= 20_000
    head[:, :64] = 0
    nodes = [
        helper.make_node("Conv", ["pixels", "w1"], ["c"], pads=[1, 1, 1, 1]),
        helper.make_node("Relu", ["c"], ["r"]),
        helper.make_node("Conv", ["r", "w2", "b2"], ["d"], pads=[1, 1, 1, 1], group=8),
        helper.make_node("Relu", ["d"], ["e"]),
        helper.make_node("Flatten", ["e"], ["f"]),
        helper.make_node("Gemm", ["f", "w3"], ["scores"], transB=1),
    ]
    return save(path, nodes, {"w1": small, "w2": huge, "b2": drawn(8, seed=4), "w3": head})


def test_the_small_channels_keep_their_weights(tmp_path: Path) -> None:
    source, target = network(tmp_path / "fp32.onnx"), tmp_path / "int8.onnx"
    quantize_int8(source, target, {"pixels": IMAGES})
    before, after = (scores_as_written(file, [{"pixels": IMAGES}], threads=1) for file in (source, target))
    assert np.std(after - before) < 0.1 * np.std(before)
    stored = {tensor.name: numpy_helper.to_array(tensor) for tensor in onnx.load(target).graph.initializer}
    wholes = [array for array in stored.values() if array.shape == (8, 1, 3, 3)]
    assert len(wholes) == 2
    assert all((np.abs(whole.astype(int)).reshape(8, -1).max(axis=1)[1:] > 60).all() for whole in wholes)


def test_a_network_without_such_a_channel_is_left_as_it_is(tmp_path: Path) -> None:
    from compression.methods.quantization.integer_graph.channel_steps import with_own_steps

    source, target = convolutional(tmp_path / "fp32.onnx"), tmp_path / "int8.onnx"
    quantize_int8(source, target, {"pixels": IMAGES})
    assert with_own_steps(onnx.load(target), onnx.load(source)) == onnx.load(target)
