"""A convolution in front of a swish is rounded before it too, so that ONNX Runtime computes it in integers."""

from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from compression.measurement.engines.kernels import kernels
from compression.measurement.engines.telemetry import forbid_telemetry
from compression.methods.quantization.int8_ptq import quantize_int8
from compression.methods.quantization.integer_graph.rounded_products import with_rounded_products

SHAPE = (4, 8, 8)
RNG = np.random.default_rng(0)
IMAGES = RNG.normal(size=(40, *SHAPE)).astype(np.float32)


def network(path: Path, *, swish: bool) -> Path:
    """Two convolutions, with a swish or a ReLU behind the first."""
    weights = {
        "first": RNG.normal(scale=0.3, size=(16, 4, 3, 3)).astype(np.float32),
        "second": RNG.normal(scale=0.1, size=(5, 16, 8, 8)).astype(np.float32),
    }
    activation = (
        [helper.make_node("Sigmoid", ["c"], ["s"]), helper.make_node("Mul", ["c", "s"], ["a"])]
        if swish
        else [helper.make_node("Relu", ["c"], ["a"])]
    )
    graph = helper.make_graph(
        [
            helper.make_node("Conv", ["images", "first"], ["c"], pads=[1, 1, 1, 1]),
            *activation,
            helper.make_node("Conv", ["a", "second"], ["d"]),
            helper.make_node("Flatten", ["d"], ["scores"]),
        ],
        "network",
        [helper.make_tensor_value_info("images", TensorProto.FLOAT, ["batch", *SHAPE])],
        [helper.make_tensor_value_info("scores", TensorProto.FLOAT, ["batch", 5])],
        [numpy_helper.from_array(array, name) for name, array in weights.items()],
    )
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), path)
    return path


def values(path: Path, name: str, images: NDArray[np.float32]) -> NDArray[np.float32]:
    """What the file computes under that name, operator by operator."""
    model = onnx.load(path)
    model.graph.output.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, None))
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    session = onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    return session.run([name], {"images": images})[0]


@pytest.fixture(scope="module", autouse=True)
def _nothing_leaves_the_machine() -> None:
    forbid_telemetry()


def test_onnx_runtime_computes_a_convolution_in_front_of_a_swish_in_integers(tmp_path: Path) -> None:
    target = tmp_path / "int8.onnx"
    quantize_int8(network(tmp_path / "fp32.onnx", swish=True), target, {"images": IMAGES})
    # The second one's results are the scores, which nothing rounds.
    first, second = 16 * 4 * 9 * 64, 5 * 16 * 64
    assert kernels(target, "onnxruntime").low_precision_macs == pytest.approx(first / (first + second))


def test_its_range_holds_all_numbers_of_the_calibration_examples(tmp_path: Path) -> None:
    source, target = network(tmp_path / "fp32.onnx", swish=True), tmp_path / "int8.onnx"
    quantize_int8(source, target, {"images": IMAGES})
    seen = values(source, "c", IMAGES)
    low, high = seen.min(), seen.max()
    stored = {tensor.name: numpy_helper.to_array(tensor) for tensor in onnx.load(target).graph.initializer}
    step = (high - low) / 255
    assert stored["c.step"] == pytest.approx(step, rel=1e-5)
    assert stored["c.zero"] == round(-low / step)


def test_rounding_moves_no_number_by_more_than_half_a_step(tmp_path: Path) -> None:
    source, target = network(tmp_path / "fp32.onnx", swish=True), tmp_path / "int8.onnx"
    quantize_int8(source, target, {"images": IMAGES})
    stored = {tensor.name: numpy_helper.to_array(tensor) for tensor in onnx.load(target).graph.initializer}
    step, zero = float(stored["c.step"]), float(stored["c.zero"])
    before, after = values(target, "c", IMAGES[:4]), values(target, "c.numbers", IMAGES[:4])
    # Rounded weights may have moved it out of the range.
    kept = np.clip(before, -zero * step, (255 - zero) * step)
    assert np.abs(after - kept).max() <= step / 2 * 1.001
    assert len(np.unique(after)) <= 256 < len(np.unique(before))


def test_a_network_without_such_activations_is_left_as_it_is(tmp_path: Path) -> None:
    source, target = network(tmp_path / "fp32.onnx", swish=False), tmp_path / "int8.onnx"
    quantize_int8(source, target, {"images": IMAGES})
    model = onnx.load(target)
    assert with_rounded_products(model, source, {"images": IMAGES}) == model
