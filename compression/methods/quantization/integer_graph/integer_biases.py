"""Biases of quantized linear layers as integers too.

ONNX Runtime has a kernel in integers for a Gemm only if its bias is one as well, in 32 bits and in the step of the
products (that of the input times that of the weights); it computes the layer in floating point otherwise, after
widening its weights anew at every run. Of convolutions, it rounds the biases itself. Krishnamoorthi 2018, "Quantizing
deep convolutional networks for efficient inference", rounds them the same way.

Changes the graph; runs nothing.
"""

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import helper, numpy_helper

LARGEST = np.iinfo(np.int32).max


def with_integer_biases(model: onnx.ModelProto) -> onnx.ModelProto:
    """A copy of ``model`` in which each Gemm of dequantized numbers and weights has a bias of its own, stored in int32.

    Left in fp32: a bias that is scaled, or that would not fit.
    """
    result = onnx.ModelProto()
    result.CopyFrom(model)
    graph = result.graph
    stored = {tensor.name: tensor for tensor in graph.initializer}
    sources = {node.output[0]: node for node in graph.node if node.op_type == "DequantizeLinear"}
    nodes: list[onnx.NodeProto] = []
    for node in graph.node:
        if node.op_type == "Gemm" and _has_plain_bias(node, stored):
            steps = _steps_of_products(node, sources, stored)
            bias = numpy_helper.to_array(stored[node.input[2]])
            if steps is not None and bias.shape == steps.shape and np.abs(bias / steps).max() < LARGEST:
                whole, step, numbers = (f"{node.output[0]}.bias.{part}" for part in ("whole", "steps", "numbers"))
                graph.initializer.append(numpy_helper.from_array(np.rint(bias / steps).astype(np.int32), whole))
                graph.initializer.append(numpy_helper.from_array(steps, step))
                nodes.append(helper.make_node("DequantizeLinear", [whole, step], [numbers], numbers, axis=0))
                node.input[2] = numbers
        nodes.append(node)
    del graph.node[:]
    graph.node.extend(nodes)
    _remove_unread(graph)
    return result


def _has_plain_bias(node: onnx.NodeProto, stored: dict[str, onnx.TensorProto]) -> bool:
    scaled = any(attribute.name in {"alpha", "beta"} and attribute.f != 1.0 for attribute in node.attribute)
    return len(node.input) > 2 and node.input[2] in stored and not scaled  # noqa: PLR2004


def _remove_unread(graph: onnx.GraphProto) -> None:
    read = {name for node in graph.node for name in node.input}
    kept = [tensor for tensor in graph.initializer if tensor.name in read]
    del graph.initializer[:]
    graph.initializer.extend(kept)


def _steps_of_products(
    node: onnx.NodeProto, sources: dict[str, onnx.NodeProto], stored: dict[str, onnx.TensorProto]
) -> NDArray[np.float32] | None:
    """The step of each output channel's sums [channels]; None when a factor is not dequantized, or not by constants."""
    scales = []
    for name in node.input[:2]:
        source = sources.get(name)
        if source is None or source.input[1] not in stored:
            return None
        scales.append(numpy_helper.to_array(stored[source.input[1]]).astype(np.float32))
    inputs, weights = scales
    return inputs.reshape(()) * np.atleast_1d(weights) if inputs.size == 1 else None
