"""Tiny networks as ONNX files, with random weights: normalized images of 8 x 8 pixels in, 4 class scores out."""

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

IMAGE, CLASSES = (1, 8, 8), 4


def save(path: Path, nodes: list[onnx.NodeProto], arrays: dict[str, np.ndarray], *, opset: int = 17) -> Path:
    shape = ["batch", *IMAGE]
    graph = helper.make_graph(
        nodes,
        "network",
        [helper.make_tensor_value_info("pixels", TensorProto.FLOAT, shape)],
        [helper.make_tensor_value_info("scores", TensorProto.FLOAT, ["batch", CLASSES])],
        [numpy_helper.from_array(array, name) for name, array in arrays.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=8)
    onnx.checker.check_model(model)
    onnx.save(model, path)
    return path


def drawn(*shape: int, seed: int) -> np.ndarray:
    """Random weights, a few of them far out, as in trained networks."""
    rng = np.random.default_rng(seed)
    fan_in = max(1, int(np.prod(shape[1:])))
    return (rng.standard_t(5, size=shape) / np.sqrt(fan_in)).astype(np.float32)


def convolutional(path: Path, *, channels: tuple[int, int] = (8, 64), opset: int = 17) -> Path:
    """A convolution, a depthwise one, another convolution, and a linear layer."""
    first, last = channels
    arrays = {
        "w1": drawn(first, 1, 3, 3, seed=1),
        "b1": drawn(first, seed=2),
        "w2": drawn(first, 1, 3, 3, seed=3),
        "w3": drawn(last, first, 3, 3, seed=4),
        "w4": drawn(CLASSES, last, seed=5),
        "b4": drawn(CLASSES, seed=6),
    }
    nodes = [
        helper.make_node("Conv", ["pixels", "w1", "b1"], ["c1"], pads=[1, 1, 1, 1]),
        helper.make_node("Relu", ["c1"], ["r1"]),
        helper.make_node("Conv", ["r1", "w2"], ["c2"], pads=[1, 1, 1, 1], group=first),
        helper.make_node("Relu", ["c2"], ["r2"]),
        helper.make_node("Conv", ["r2", "w3"], ["c3"], strides=[2, 2]),
        helper.make_node("Relu", ["c3"], ["r3"]),
        helper.make_node("GlobalAveragePool", ["r3"], ["pooled"]),
        helper.make_node("Flatten", ["pooled"], ["flat"]),
        helper.make_node("Gemm", ["flat", "w4", "b4"], ["scores"], transB=1),
    ]
    return save(path, nodes, arrays, opset=opset)


def images(count: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal((count, *IMAGE)).astype(np.float32)
