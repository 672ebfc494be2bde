"""The constant arrays of an ONNX graph: where they are, and which of them the graph computes with as weights.

Reads the graph; runs nothing.
"""

from collections.abc import Mapping

import onnx

FLOATS = {onnx.TensorProto.FLOAT, onnx.TensorProto.FLOAT16, onnx.TensorProto.BFLOAT16, onnx.TensorProto.DOUBLE}
# Inputs that are no weights although they are arrays of numbers in the file: the range and precision of quantized
# values, sizes, and the statistics of a normalization that is not folded into its convolution.
NOT_WEIGHTS = {
    "QuantizeLinear": {1, 2},
    "DequantizeLinear": {1, 2},
    "QLinearConv": {1, 2, 4, 5, 6, 7},
    "QLinearMatMul": {1, 2, 4, 5, 6, 7},
    "ConvInteger": {2, 3},
    "MatMulInteger": {2, 3},
    "MatMulNBits": {2, 3},
    "BatchNormalization": {3, 4},
    "Resize": {1, 2},
}
INTEGER_WEIGHTS = {
    ("DequantizeLinear", 0),
    ("QLinearConv", 3),
    ("QLinearConv", 8),
    ("QLinearMatMul", 3),
    ("ConvInteger", 1),
    ("MatMulInteger", 1),
    ("MatMulNBits", 1),
}
# What may stand between a stored array and the operator that multiplies with it: it changes how the numbers are
# written or laid out, not how many there are.
CARRIERS = {"QuantizeLinear", "DequantizeLinear", "Cast", "Transpose", "Reshape", "Identity"}
SHAPE_READERS = {"Shape", "Size"}
INTEGERS = {onnx.TensorProto.INT8, onnx.TensorProto.UINT8, onnx.TensorProto.INT4, onnx.TensorProto.UINT4}


def constants_of(graph: onnx.GraphProto) -> dict[str, onnx.TensorProto]:
    """Every constant array by name, whether it is stored beside the nodes or in a Constant node."""
    tensors = {tensor.name: tensor for tensor in graph.initializer}
    for node in graph.node:
        if node.op_type == "Constant":
            tensors.update((node.output[0], attribute.t) for attribute in node.attribute if attribute.name == "value")
    return tensors


def fixed_values(graph: onnx.GraphProto) -> set[str]:
    """The values that are the same for every example: constants, shapes, and what is computed from these alone."""
    fixed = set(constants_of(graph))
    for node in graph.node:
        if node.op_type in SHAPE_READERS or all(name in fixed for name in node.input if name):
            fixed.update(node.output)
    return fixed


def weights_of(graph: onnx.GraphProto) -> dict[str, onnx.TensorProto]:
    """The constant arrays that the graph computes with, by name: weights and biases, in floating point or stored as
    integers, in the branches of If and Loop too. Without scales and zero points, shapes, and single numbers such as
    limits.
    """
    tensors = constants_of(graph)
    widened = _widened(graph, tensors)
    weights: dict[str, onnx.TensorProto] = {whole: tensors[whole] for whole in widened.values()}
    for node in graph.node:
        if node.op_type == "Mul" and any(name in widened for name in node.input):
            continue
        for attribute in node.attribute:
            if attribute.type == onnx.AttributeProto.GRAPH:
                weights.update(weights_of(attribute.g))
        for place, name in enumerate(node.input):
            tensor = tensors.get(name)
            if tensor is None or len(tensor.dims) == 0 or place in NOT_WEIGHTS.get(node.op_type, ()):
                continue
            if tensor.data_type in FLOATS or (node.op_type, place) in INTEGER_WEIGHTS:
                weights[name] = tensor
    return weights


def _widened(graph: onnx.GraphProto, tensors: Mapping[str, onnx.TensorProto]) -> dict[str, str]:
    """Which stored array of whole numbers a value is the floating-point form of, before it is multiplied with its
    steps: the other way to write DequantizeLinear is Cast and Mul."""
    casts = {node.output[0]: node.input[0] for node in graph.node if node.op_type == "Cast"}
    whole = {name for name, tensor in tensors.items() if tensor.data_type in INTEGERS}
    multiplied = {name for node in graph.node if node.op_type == "Mul" for name in node.input}
    return {value: name for value, name in casts.items() if name in whole and value in multiplied}


def packed_weights(graph: onnx.GraphProto) -> dict[str, int]:
    """How many weights are in an array that holds several in each of its bytes, by its name."""
    found = {}
    for node in graph.node:
        if node.op_type == "MatMulNBits":
            sizes = {attribute.name: attribute.i for attribute in node.attribute}
            found[node.input[1]] = int(sizes["K"] * sizes["N"])
    return found


class ConstantSources:
    """Which stored array a value is a form of."""

    def __init__(self, graph: onnx.GraphProto) -> None:
        self._tensors = constants_of(graph)
        self._carriers = {node.output[0]: node.input[0] for node in graph.node if node.op_type in CARRIERS}
        widened = _widened(graph, self._tensors)
        multiplications = (node for node in graph.node if node.op_type == "Mul")
        self._carriers.update(
            (node.output[0], name) for node in multiplications for name in node.input if name in widened
        )

    def of(self, value: str) -> onnx.TensorProto | None:
        """The array behind ``value``, through dequantization, casts and changes of layout; None for an activation."""
        return self._tensors.get(self.name_of(value))

    def name_of(self, value: str) -> str:
        """What ``value`` is a form of, by its name: the array behind it, or an activation."""
        while value in self._carriers:
            value = self._carriers[value]
        return value

    def shape_of(self, value: str) -> tuple[int, ...] | None:
        """The shape of the array behind ``value``; None for an activation."""
        tensor = self.of(value)
        return None if tensor is None else tuple(tensor.dims)
