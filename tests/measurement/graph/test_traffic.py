from pathlib import Path

import numpy as np
import pytest
from onnx import TensorProto, helper, load, save_model

from compression.errors import UsageError
from compression.measurement.graph.traffic import traffic
from compression.records.measurements import Traffic
from tests.measurement.conftest import PARAMETERS, save

# How many values: the image, the results of both convolutions, the pooled one, the scores.
IMAGE, FIRST, SECOND, POOLED, SCORES = 64, 4 * 8 * 8, 8 * 4 * 4, 8, 3


def test_every_value_is_written_once_and_read_by_the_next_step(float_file: Path) -> None:
    moved = IMAGE + 2 * FIRST + 2 * SECOND + 2 * POOLED + SCORES
    assert traffic(float_file) == Traffic(weight_bytes=4 * PARAMETERS, activation_bytes=4 * moved)


def test_half_precision_moves_half_after_the_image_is_converted(half_file: Path) -> None:
    converting, inside = IMAGE * (4 + 2), IMAGE + 2 * FIRST + 2 * SECOND + 2 * POOLED
    expected = converting + 2 * inside + 4 * SCORES
    assert traffic(half_file) == Traffic(weight_bytes=2 * PARAMETERS, activation_bytes=expected)


def test_integers_are_moved_where_a_value_is_quantized_and_weights_count_as_stored(int8_file: Path) -> None:
    quantizing = IMAGE * (4 + 1)
    expected = quantizing + IMAGE + 4 * (2 * FIRST + 2 * SECOND + 2 * POOLED + SCORES)
    assert traffic(int8_file) == Traffic(weight_bytes=36 + 288 + 24 + 4 * (8 + 3), activation_bytes=expected)


def test_a_step_whose_result_is_quantized_writes_the_integers(mixed_file: Path) -> None:
    expected = IMAGE * (4 + 1) + IMAGE + 2 * FIRST + 4 * (2 * SECOND + 2 * POOLED + SCORES)
    assert traffic(mixed_file) == Traffic(weight_bytes=36 + 4 * (288 + 24 + 8 + 3), activation_bytes=expected)


def test_a_residual_addition_reads_its_other_branch_and_nothing_else(tmp_path: Path) -> None:
    nodes = [
        helper.make_node("Conv", ["images", "w"], ["a"], pads=[1, 1, 1, 1]),
        helper.make_node("Conv", ["a", "w"], ["b"], pads=[1, 1, 1, 1]),
        helper.make_node("Add", ["a", "b"], ["sum"]),
        helper.make_node("Relu", ["sum"], ["c"]),
        helper.make_node("Flatten", ["c"], ["logits"]),
    ]
    path = save(tmp_path / "residual.onnx", nodes, {"w": np.ones((1, 1, 3, 3), np.float32)})
    first, second = 64 + 64, 64 + 64 + 64
    assert traffic(path) == Traffic(weight_bytes=36, activation_bytes=4 * (first + second))


def test_an_element_wise_operator_that_is_not_behind_a_product_reads_and_writes(tmp_path: Path) -> None:
    nodes = [helper.make_node("Sigmoid", ["images"], ["s"]), helper.make_node("Flatten", ["s"], ["logits"])]
    assert traffic(save(tmp_path / "alone.onnx", nodes, {})).activation_bytes == 4 * (64 + 64)


def test_a_result_that_two_operators_take_is_written_and_read_by_both(tmp_path: Path) -> None:
    nodes = [
        helper.make_node("Conv", ["images", "w"], ["a"], pads=[1, 1, 1, 1]),
        helper.make_node("Sigmoid", ["a"], ["gate"]),
        helper.make_node("Mul", ["a", "gate"], ["b"]),
        helper.make_node("Flatten", ["b"], ["logits"]),
    ]
    path = save(tmp_path / "gate.onnx", nodes, {"w": np.ones((1, 1, 3, 3), np.float32)})
    convolution, sigmoid, product = 2 * 64, 2 * 64, 3 * 64
    assert traffic(path).activation_bytes == 4 * (convolution + sigmoid + product)


def test_an_operator_that_widens_the_result_of_a_product_is_a_step_of_its_own(tmp_path: Path) -> None:
    nodes = [
        helper.make_node("GlobalAveragePool", ["images"], ["pooled"]),
        helper.make_node("Conv", ["pooled", "w"], ["gate"]),
        helper.make_node("Mul", ["images", "gate"], ["scaled"]),
        helper.make_node("Flatten", ["scaled"], ["logits"]),
    ]
    path = save(tmp_path / "scale.onnx", nodes, {"w": np.ones((1, 1, 1, 1), np.float32)})
    pooling, convolution, product = 64 + 1, 1 + 1, 64 + 1 + 64
    assert traffic(path).activation_bytes == 4 * (pooling + convolution + product)


def test_computing_a_shape_moves_nothing(tmp_path: Path) -> None:
    nodes = [
        helper.make_node("Shape", ["images"], ["shape"]),
        helper.make_node("Gather", ["shape", "first"], ["batch"], axis=0),
        helper.make_node("Concat", ["batch", "rest"], ["target"], axis=0),
        helper.make_node("Reshape", ["images", "target"], ["flat"]),
        helper.make_node("MatMul", ["flat", "w"], ["logits"]),
    ]
    constants = {"first": np.array([0]), "rest": np.array([-1]), "w": np.ones((64, 3), np.float32)}
    path = save(tmp_path / "shape.onnx", nodes, constants)
    assert traffic(path) == Traffic(weight_bytes=4 * 64 * 3, activation_bytes=4 * (64 + 3))


def test_an_odd_number_of_4_bit_weights_fills_half_a_byte_more(tmp_path: Path) -> None:
    nodes = [
        helper.make_node("Flatten", ["images"], ["flat"]),
        helper.make_node("DequantizeLinear", ["w", "scale"], ["w_float"]),
        helper.make_node("MatMul", ["flat", "w_float"], ["hidden"]),
        helper.make_node("DequantizeLinear", ["v", "scale"], ["v_float"]),
        helper.make_node("MatMul", ["hidden", "v_float"], ["logits"]),
    ]
    model = load(save(tmp_path / "four.onnx", nodes, {"scale": np.array(0.1, np.float32)}))
    model.opset_import[0].version, model.ir_version = 21, 10
    for name, shape in (("w", (64, 1)), ("v", (1, 3))):
        model.graph.initializer.append(helper.make_tensor(name, TensorProto.INT4, shape, np.ones(shape, np.int8)))
    save_model(model, tmp_path / "four.onnx")
    assert traffic(tmp_path / "four.onnx").weight_bytes == 32 + 2


def test_a_shape_that_cannot_be_worked_out_is_refused_in_one_sentence(tmp_path: Path) -> None:
    nodes = [helper.make_node("Flatten", ["images"], ["logits"])]
    pool = [helper.make_node("MaxPool", ["images"], ["pooled"], kernel_shape=[2, 2])]
    nodes[0].input[0] = "pooled"
    path = save(tmp_path / "free.onnx", pool + nodes, {}, image=(1, "height", 8))
    with pytest.raises(
        UsageError, match=r"free\.onnx cannot be measured: the shapes of its '\w+' cannot be worked out"
    ):
        traffic(path)
