"""A channel with huge weights does not cost the others theirs."""

from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import helper, numpy_helper

from compression.measurement.engines import open_session
from compression.measurement.engines.telemetry import forbid_telemetry
from compression.methods.quantization.int8_ptq import quantize_int8
from tests.methods.quantization.networks import CLASSES, convolutional, drawn, images, save

IMAGES = images(60)


@pytest.fixture(scope="module", autouse=True)
def _nothing_leaves_the_machine() -> None:
    forbid_telemetry()


def network(path: Path) -> Path:
    """The first channel of the first layer is 20,000 times the others; its share in the scores is as large as theirs."""
    weights = drawn(8, 1, 3, 3, seed=1)
    weights[0] *= 20_000
    head = drawn(CLASSES, 8, 8, 8, seed=2)
    head[:, 0] /= 20_000
    nodes = [
        helper.make_node("Conv", ["pixels", "w1", "b1"], ["c"], pads=[1, 1, 1, 1]),
        helper.make_node("BatchNormalization", ["c", "scale", "shift", "shift", "variance"], ["n"]),
        helper.make_node("Relu", ["n"], ["r"]),
        helper.make_node("Flatten", ["r"], ["f"]),
        helper.make_node("Gemm", ["f", "w2"], ["scores"], transB=1),
    ]
    spread = np.ones(8, np.float32)
    spread[0] = 20_000.0**2
    return save(
        path,
        nodes,
        {
            "w1": weights,
            "b1": drawn(8, seed=3),
            "w2": np.ascontiguousarray(drawn(CLASSES, 8 * 64, seed=2)),
            "scale": np.ones(8, np.float32),
            "shift": np.zeros(8, np.float32),
            "variance": spread,
        },
    )


def test_the_small_channels_keep_their_weights(tmp_path: Path) -> None:
    source, target = network(tmp_path / "fp32.onnx"), tmp_path / "int8.onnx"
    quantize_int8(source, target, {"pixels": IMAGES})
    before, after = (open_session(file, "openvino", threads=1).run({"pixels": IMAGES}) for file in (source, target))
    assert np.std(after - before) < 0.1 * np.std(before)
    stored = {tensor.name: numpy_helper.to_array(tensor) for tensor in onnx.load(target).graph.initializer}
    whole = next(array for array in stored.values() if array.shape == (8, 1, 3, 3))
    assert (np.abs(whole).reshape(8, -1).max(axis=1) > 60).all()


def test_a_network_without_such_a_channel_is_left_as_it_is(tmp_path: Path) -> None:
    from compression.methods.quantization.integer_graph.channel_steps import with_own_steps

    source, target = convolutional(tmp_path / "fp32.onnx"), tmp_path / "int8.onnx"
    quantize_int8(source, target, {"pixels": IMAGES})
    assert with_own_steps(onnx.load(target), onnx.load(source)) == onnx.load(target)
