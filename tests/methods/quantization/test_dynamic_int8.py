from pathlib import Path
from typing import get_args

import numpy as np
import onnx
import pytest
from onnx import helper

from compression.errors import CandidateFailed
from compression.measurement.engines import open_session
from compression.measurement.engines.kernels import kernels
from compression.methods.quantization.dynamic_int8 import quantize_dynamically
from compression.records.measurements import EngineName
from tests.methods.quantization.networks import CLASSES, convolutional, drawn, images, save


@pytest.mark.parametrize("engine", get_args(EngineName))
def test_a_linear_layer_rounds_its_inputs_as_they_come(engine: EngineName, tmp_path: Path) -> None:
    weights, bias = drawn(CLASSES, 64, seed=1), drawn(CLASSES, seed=2)
    nodes = [
        helper.make_node("Flatten", ["pixels"], ["flat"]),
        helper.make_node("Gemm", ["flat", "w", "b"], ["scores"], transB=1),
    ]
    source = save(tmp_path / "linear.onnx", nodes, {"w": weights, "b": bias})
    quantize_dynamically(source, tmp_path / "dynamic.onnx")
    # DynamicQuantizeLinear of the ONNX standard: uint8 over the range of the whole batch, with zero in it.
    flat = images(3).reshape(3, -1)
    low, high = min(0.0, flat.min()), max(0.0, flat.max())
    step = (high - low) / 255
    zero = np.clip(np.rint(-low / step), 0, 255)
    inputs = (np.clip(np.rint(flat / step) + zero, 0, 255) - zero) * step
    steps = np.abs(weights).max(axis=1, keepdims=True) / 127
    expected = inputs @ (np.rint(weights / steps) * steps).T + bias
    found = open_session(tmp_path / "dynamic.onnx", engine, threads=1).run({"pixels": images(3)})
    # One input that is rounded the other way at a tie.
    np.testing.assert_allclose(found, expected, atol=1.1 * step * np.abs(weights).max())


def test_convolutions_stay_in_floating_point(tmp_path: Path) -> None:
    source, target = convolutional(tmp_path / "net.onnx"), tmp_path / "dynamic.onnx"
    quantize_dynamically(source, target)
    operators = [node.op_type for node in onnx.load(target).graph.node]
    assert operators.count("Conv") == 3
    assert operators.count("MatMulInteger") == 1
    found = kernels(target, "onnxruntime")
    assert 0 < found.low_precision_macs < 0.01
    assert found.in_float["Conv"] == 3


def test_a_network_without_a_linear_layer_is_refused_in_a_sentence(tmp_path: Path) -> None:
    nodes = [
        helper.make_node("Conv", ["pixels", "w"], ["c"]),
        helper.make_node("ReduceSum", ["c", "axes"], ["scores"], keepdims=0),
    ]
    source = save(tmp_path / "conv.onnx", nodes, {"w": drawn(CLASSES, 1, 3, 3, seed=1), "axes": np.array([2, 3])})
    with pytest.raises(CandidateFailed, match="It has no linear layer"):
        quantize_dynamically(source, tmp_path / "dynamic.onnx")
    assert not (tmp_path / "dynamic.onnx").exists()
