"""A kernel that is computed from the example is said to be what NNCF cannot look at; one that is stored is fine."""

from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import helper

from compression.errors import CandidateFailed
from compression.methods.quantization.int8_ptq import quantize_int8
from compression.methods.quantization.stored_kernels import require_stored_kernels
from tests.measurement.conftest import IMAGE, network, save, weights


def test_a_kernel_from_the_image_is_refused_before_anything_is_calibrated(tmp_path: Path) -> None:
    nodes = [
        helper.make_node("GlobalAveragePool", ["images"], ["kernel"]),
        helper.make_node("Conv", ["images", "kernel"], ["c"], name="dynamic"),
        helper.make_node("Flatten", ["c"], ["f"]),
        helper.make_node("MatMul", ["f", "w"], ["logits"]),
    ]
    path = save(tmp_path / "dynamic.onnx", nodes, {"w": np.ones((64, 3), np.float32)})
    with pytest.raises(CandidateFailed, match=r"The kernel of its Conv 'dynamic' is computed anew for each example"):
        quantize_int8(path, tmp_path / "small.onnx", {"images": np.zeros((4, *IMAGE), np.float32)})
    assert not (tmp_path / "small.onnx").exists()


def test_stored_kernels_are_fine(tmp_path: Path) -> None:
    constants = {name: value.astype(np.float32) for name, value in weights().items()}
    require_stored_kernels(onnx.load(save(tmp_path / "stored.onnx", network(), constants)))
