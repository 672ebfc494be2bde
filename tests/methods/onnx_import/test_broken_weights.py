"""Weights that are no numbers are refused before any work; infinities in a mask are not."""

from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import helper, numpy_helper

from compression.methods.onnx_import import ModelNotQuantizable, read_classifier
from tests.methods.quantization.networks import convolutional, save


def with_weight(path: Path, value: float) -> Path:
    model = onnx.load(convolutional(path))
    head = next(tensor for tensor in model.graph.initializer if tensor.name == "w4")
    weights = numpy_helper.to_array(head).copy()
    weights[3, 7] = value
    head.CopyFrom(numpy_helper.from_array(weights, "w4"))
    onnx.save(model, path)
    return path


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_a_weight_that_is_no_number_is_refused_by_its_name(value: float, tmp_path: Path) -> None:
    with pytest.raises(ModelNotQuantizable, match=r"weights that are not finite numbers \(w4\)"):
        read_classifier(with_weight(tmp_path / "net.onnx", value))


def test_infinities_that_are_only_added_are_a_mask(tmp_path: Path) -> None:
    nodes = [
        helper.make_node("Flatten", ["pixels"], ["f"]),
        helper.make_node("MatMul", ["f", "w"], ["m"]),
        helper.make_node("Add", ["m", "mask"], ["a"]),
        helper.make_node("Softmax", ["a"], ["scores"]),
    ]
    mask = np.array([0, 0, 0, -np.inf], np.float32)
    read_classifier(save(tmp_path / "net.onnx", nodes, {"w": np.ones((64, 4), np.float32), "mask": mask}))
