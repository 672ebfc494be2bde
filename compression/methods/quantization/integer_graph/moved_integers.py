"""Integers that stay integers where a quantized graph only moves them about.

Quantizers leave out what changes no number: behind a Concat, Split or MaxPool of quantized values nothing is rounded
again. ONNX Runtime takes an operator for one on integers only between a DequantizeLinear and a QuantizeLinear, and
computes what follows in floating point otherwise: docs/lab-notes.md, "Moved integers". Rounding numbers again that lie
on the same steps already changes none of them.

Changes the graph; runs nothing.
"""

from collections import defaultdict

import onnx
from onnx import helper, numpy_helper

# Operators each of whose results is one of the numbers put in (of MaxPool, the largest, which rounding keeps the
# largest), with how many of their inputs are such numbers; the others are shapes and places. None is all.
MOVERS: dict[str, int | None] = {
    "Concat": None,
    "Flatten": 1,
    "MaxPool": 1,
    "Reshape": 1,
    "Slice": 1,
    "Split": 1,
    "Squeeze": 1,
    "Transpose": 1,
    "Unsqueeze": 1,
}


def with_moved_integers(model: onnx.ModelProto) -> onnx.ModelProto:
    """A copy of ``model`` with QuantizeLinear and DequantizeLinear behind every operator that only moves integers of
    one scale and zero point, with these, unless they are there already."""
    result = onnx.ModelProto()
    result.CopyFrom(model)
    graph = result.graph
    stored = {tensor.name: tensor for tensor in graph.initializer}
    readers: dict[str, list[onnx.NodeProto]] = defaultdict(list)
    for node in graph.node:
        for name in node.input:
            readers[name].append(node)
    given = {value.name for value in graph.output}
    steps = {
        node.output[0]: (node.input[1], node.input[2])
        for node in graph.node
        if node.op_type == "DequantizeLinear" and node.input[0] not in stored and _is_scalar(stored, node.input[1])
    }
    nodes: list[onnx.NodeProto] = []
    for node in graph.node:
        nodes.append(node)
        if node.op_type not in MOVERS:
            continue
        moved = node.input[: MOVERS[node.op_type]]
        if not all(name in steps for name in moved) or len({_numbers(stored, steps[name]) for name in moved}) != 1:
            continue
        for value in node.output:
            if value in given or all(reader.op_type == "QuantizeLinear" for reader in readers[value]):
                continue
            pair = _pair(value, steps[moved[0]])
            for reader in readers[value]:
                reader.input[:] = [pair[1].output[0] if name == value else name for name in reader.input]
            nodes.extend(pair)
            readers[pair[1].output[0]] = readers[value]
            steps[pair[1].output[0]] = steps[moved[0]]
    del graph.node[:]
    graph.node.extend(nodes)
    return result


def _is_scalar(stored: dict[str, onnx.TensorProto], name: str) -> bool:
    return name in stored and len(numpy_helper.to_array(stored[name]).reshape(-1)) == 1


def _numbers(stored: dict[str, onnx.TensorProto], step: tuple[str, str]) -> tuple[float, int, int]:
    scale, zero = (stored[name] for name in step)
    return float(numpy_helper.to_array(scale).item()), int(numpy_helper.to_array(zero).item()), zero.data_type


def _pair(value: str, step: tuple[str, str]) -> tuple[onnx.NodeProto, onnx.NodeProto]:
    integers, numbers = f"{value}.integers", f"{value}.numbers"
    return (
        helper.make_node("QuantizeLinear", [value, *step], [integers], name=f"Quantize {value}"),
        helper.make_node("DequantizeLinear", [integers, *step], [numbers], name=f"Dequantize {value}"),
    )
