"""What is done to a quantized graph so that engines compute it in integers: each step leaves its numbers as they were.

"As they were" is checked with all of ONNX Runtime's optimizations off, which computes a graph operator by operator.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from compression.methods.quantization.integer_graph.activation_types import with_unsigned_activations
from compression.methods.quantization.integer_graph.integer_biases import with_integer_biases
from compression.methods.quantization.integer_graph.moved_integers import with_moved_integers

INT32 = TensorProto.INT32
IMAGES = np.random.default_rng(0).normal(size=(3, 4, 6, 6)).astype(np.float32)
Change = Callable[[onnx.ModelProto], onnx.ModelProto]


def pair(value: str, step: str) -> list[onnx.NodeProto]:
    """Quantize and dequantize ``value`` with the constants ``step`` and ``step``-zero; the result is value-dq."""
    return [
        helper.make_node("QuantizeLinear", [value, step, f"{step}-zero"], [f"{value}-q"]),
        helper.make_node("DequantizeLinear", [f"{value}-q", step, f"{step}-zero"], [f"{value}-dq"]),
    ]


def graph_of(nodes: Sequence[onnx.NodeProto], **extra: NDArray[np.generic]) -> onnx.ModelProto:
    """Weights are int8, the steps "signed" and "unsigned" of activations int8 around 0 and uint8 from 0."""
    rng = np.random.default_rng(1)
    arrays: dict[str, NDArray[np.generic]] = {
        "w-q": rng.integers(-127, 128, (4, 4, 3, 3)).astype(np.int8),
        "w-step": np.full(4, 0.003, np.float32),
        "w-step-zero": np.zeros(4, np.int8),
        "v-q": rng.integers(-127, 128, (5, 32)).astype(np.int8),
        "v-step": np.linspace(0.001, 0.002, 5, dtype=np.float32),
        "v-step-zero": np.zeros(5, np.int8),
        "signed": np.array(0.02, np.float32),
        "signed-zero": np.array(3, np.int8),
        "unsigned": np.array(0.015, np.float32),
        "unsigned-zero": np.array(0, np.uint8),
        "rows": np.array([-1, 32], np.int64),
        "bias": rng.normal(size=5).astype(np.float32),
    }
    weights = [
        helper.make_node("DequantizeLinear", [f"{name}-q", f"{name}-step", f"{name}-step-zero"], [name], axis=0)
        for name in ("w", "v")
    ]
    graph = helper.make_graph(
        [*weights, *nodes],
        "quantized",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["batch", 4, 6, 6])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, None)],
        [numpy_helper.from_array(array, name) for name, array in (arrays | extra).items()],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


def residual() -> onnx.ModelProto:
    """A convolution, added to what went into it."""
    return graph_of(
        [
            *pair("x", "signed"),
            helper.make_node("Conv", ["x-dq", "w"], ["c"], pads=[1, 1, 1, 1]),
            helper.make_node("Relu", ["c"], ["r"]),
            *pair("r", "unsigned"),
            helper.make_node("Add", ["x-dq", "r-dq"], ["a"]),
            *pair("a", "signed"),
            helper.make_node("Identity", ["a-dq"], ["y"]),
        ]
    )


def head() -> onnx.ModelProto:
    """Pooling, two halves put side by side, and a linear layer with a bias."""
    return graph_of(
        [
            *pair("x", "signed"),
            helper.make_node("MaxPool", ["x-dq"], ["m"], kernel_shape=[3, 3], strides=[3, 3]),
            helper.make_node("Concat", ["m", "m"], ["t"], axis=1),
            helper.make_node("Reshape", ["t", "rows"], ["f"]),
            helper.make_node("Gemm", ["f", "v", "bias"], ["y"], transB=1),
        ]
    )


def run(model: onnx.ModelProto, *, optimized: bool = False) -> NDArray[np.float32]:
    options = onnxruntime.SessionOptions()
    level = onnxruntime.GraphOptimizationLevel
    options.graph_optimization_level = level.ORT_ENABLE_ALL if optimized else level.ORT_DISABLE_ALL
    session = onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    return session.run(None, {"x": IMAGES})[0]


@pytest.mark.parametrize("change", [with_unsigned_activations, with_moved_integers])
@pytest.mark.parametrize("build", [residual, head])
def test_no_number_changes(build: Callable[[], onnx.ModelProto], change: Change) -> None:
    assert np.array_equal(run(change(build())), run(build()))


def test_activations_are_unsigned_and_weights_stay_signed() -> None:
    changed = {tensor.name: tensor for tensor in with_unsigned_activations(residual()).graph.initializer}
    assert numpy_helper.to_array(changed["signed-zero"]) == 131
    assert changed["signed-zero"].data_type == TensorProto.UINT8
    assert changed["w-step-zero"].data_type == TensorProto.INT8


def test_only_what_is_read_as_numbers_is_quantized_again() -> None:
    def rounded(model: onnx.ModelProto) -> list[str]:
        return [node.input[0] for node in model.graph.node if node.op_type == "QuantizeLinear"]

    once = with_moved_integers(head())
    assert rounded(once) == ["x", "m", "t", "f"]
    assert rounded(with_moved_integers(once)) == rounded(once)
    # Behind the Add there is a step of another size.
    assert rounded(with_moved_integers(residual())) == rounded(residual())


def test_a_bias_is_rounded_to_the_step_of_the_products() -> None:
    model = head()
    changed = with_integer_biases(with_moved_integers(model))
    before = {tensor.name: numpy_helper.to_array(tensor) for tensor in model.graph.initializer}
    after = {tensor.name: numpy_helper.to_array(tensor) for tensor in changed.graph.initializer}
    steps = before["signed"] * before["v-step"]
    whole = after["y.bias.whole"]
    assert whole.dtype == np.int32
    assert np.abs(whole * steps - before["bias"]).max() <= steps.max() / 2 * 1.001
    assert np.abs(run(changed) - run(model)).max() <= steps.max()
    assert "bias" not in after


def test_a_scaled_bias_stays_in_floating_point() -> None:
    for attribute in ("beta", "alpha"):
        model = with_moved_integers(head())
        model.graph.node[-1].attribute.append(helper.make_attribute(attribute, 0.5))
        assert not [tensor for tensor in with_integer_biases(model).graph.initializer if tensor.data_type == INT32]


def test_a_bias_that_others_read_stays_as_it_is_for_them() -> None:
    model = with_moved_integers(head())
    model.graph.node[-1].output[0] = "z"
    model.graph.node.append(helper.make_node("Add", ["z", "bias"], ["y"]))
    changed = with_integer_biases(model)
    assert changed.graph.node[-1].input[1] == "bias"
    assert np.abs(run(changed) - run(model)).max() <= 0.02 * 0.002


def test_the_engine_then_computes_all_of_it_in_integers(tmp_path: Path) -> None:
    def in_float(model: onnx.ModelProto) -> set[str]:
        options = onnxruntime.SessionOptions()
        options.optimized_model_filepath = str(tmp_path / "optimized.onnx")
        options.log_severity_level = 4
        onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
        kinds = {node.op_type for node in onnx.load(options.optimized_model_filepath).graph.node}
        return kinds & {"Conv", "FusedConv", "Add", "Gemm", "MatMul"}

    assert in_float(residual()) == {"Conv", "Add"}
    assert in_float(with_unsigned_activations(residual())) == set()
    assert in_float(head()) == {"Gemm"}
    assert in_float(with_integer_biases(with_moved_integers(with_unsigned_activations(head())))) == set()
