"""Matrix products whose first factor is stored, written the other way round: quantizers look for weights in the second.

W x is (x' W')', where ' swaps the last two axes. Changes the graph; runs nothing.
"""

from pathlib import Path

import numpy as np
import onnx
from onnx import helper, numpy_helper

from compression.measurement.graph.constants import constants_of
from compression.measurement.graph.shapes import shapes_for_batch_1

MATRIX = 2


def with_weights_second(model: onnx.ModelProto, path: Path) -> onnx.ModelProto:
    """A copy of ``model``, which was read from ``path``, with the weights of its products behind what they multiply.

    Raises ModelNotUsable when an operator of it contradicts the ONNX standard.
    """
    constants = constants_of(model.graph)
    turned = {node.output[0] for node in model.graph.node if _is_turned(node, constants)}
    if not turned:
        return model
    result, copy = onnx.ModelProto(), onnx.ModelProto()
    result.CopyFrom(model)
    copy.CopyFrom(model)
    shapes = shapes_for_batch_1(copy, path)
    nodes: list[onnx.NodeProto] = []
    for node in model.graph.node:
        shape = shapes.get(node.input[1]) if node.output[0] in turned else None
        if shape is None or len(shape) < MATRIX:
            nodes.append(node)
            continue
        weights, taken, name = node.input[0], node.input[1], node.output[0]
        other = numpy_helper.to_array(constants[weights]).T
        result.graph.initializer.append(numpy_helper.from_array(np.ascontiguousarray(other), f"{name}.weights"))
        axes = [*range(len(shape) - MATRIX), len(shape) - 1, len(shape) - MATRIX]
        nodes += [
            helper.make_node("Transpose", [taken], [f"{name}.examples"], perm=axes),
            helper.make_node("MatMul", [f"{name}.examples", f"{name}.weights"], [f"{name}.product"], name=node.name),
            helper.make_node("Transpose", [f"{name}.product"], [name], perm=axes),
        ]
    del result.graph.node[:]
    result.graph.node.extend(nodes)
    read = {name for node in nodes for name in node.input}
    kept = [tensor for tensor in result.graph.initializer if tensor.name in read]
    del result.graph.initializer[:]
    result.graph.initializer.extend(kept)
    return result


def _is_turned(node: onnx.NodeProto, constants: dict[str, onnx.TensorProto]) -> bool:
    if node.op_type != "MatMul":
        return False
    first, second = node.input
    return first in constants and second not in constants and len(constants[first].dims) == MATRIX
