"""Dynamically quantized matrix products, written as products of the numbers that their integers stand for.

ONNX Runtime's tool writes such a layer as DynamicQuantizeLinear, MatMulInteger, Cast, and Mul with the product of the
two steps. In that form no value of the graph is what the layer takes in, or multiplies with: there are only integers.

Changes the graph; runs nothing.
"""

from collections.abc import Mapping

import onnx
from onnx import helper

# The integers of inputs and weights, and the zero point of each.
OPERANDS = 4


def with_numbers_for_integers(model: onnx.ModelProto) -> onnx.ModelProto:
    """A copy of ``model`` in which each such product is a MatMul behind two DequantizeLinear: it computes the same, but
    for the rounding of sums in floating point. What is written in another way stays as it is."""
    result = onnx.ModelProto()
    result.CopyFrom(model)
    graph = result.graph
    makers = {name: node for node in graph.node for name in node.output}
    nodes: list[onnx.NodeProto] = []
    for node in graph.node:
        found = _product_and_steps(node, makers)
        nodes.extend([node] if found is None else _in_numbers(node, *found))
    del graph.node[:]
    graph.node.extend(nodes)
    return result


def _product_and_steps(
    last: onnx.NodeProto, makers: Mapping[str, onnx.NodeProto]
) -> tuple[onnx.NodeProto, str, str] | None:
    """The MatMulInteger of the layer that ends with the node ``last``, and the names of the steps of its inputs and
    weights; None when no such layer does."""
    if last.op_type != "Mul" or not all(name in makers for name in last.input):
        return None
    cast, steps = sorted((makers[name] for name in last.input), key=lambda node: node.op_type)
    if (cast.op_type, steps.op_type) != ("Cast", "Mul"):
        return None
    product = makers.get(cast.input[0])
    if product is None or product.op_type != "MatMulInteger" or len(product.input) != OPERANDS:
        return None
    quantizer = makers.get(product.input[0])
    if quantizer is None or quantizer.op_type != "DynamicQuantizeLinear" or quantizer.output[1] not in steps.input:
        return None
    of_inputs, (of_weights,) = quantizer.output[1], set(steps.input) - {quantizer.output[1]}
    return product, of_inputs, of_weights


def _in_numbers(
    last: onnx.NodeProto, product: onnx.NodeProto, of_inputs: str, of_weights: str
) -> tuple[onnx.NodeProto, ...]:
    inputs, weights, inputs_zero, weights_zero = product.input
    numbers = [f"{last.output[0]}.inputs", f"{last.output[0]}.weights"]
    return (
        helper.make_node("DequantizeLinear", [inputs, of_inputs, inputs_zero], numbers[:1]),
        # A step for each output channel, or a single one, to which the axis is nothing.
        helper.make_node("DequantizeLinear", [weights, of_weights, weights_zero], numbers[1:], axis=1),
        helper.make_node("MatMul", numbers, last.output),
    )
