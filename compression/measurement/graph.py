"""What an ``.onnx`` file says about its own size: how many weights it holds, and how many multiplications it takes.

Reads the graph; runs nothing, and knows no engine. Looks at the main graph only, not into the branches of If or Loop.
"""

from dataclasses import dataclass
from math import prod
from pathlib import Path

import onnx

from compression.measurement.engines.session import ModelNotUsable
from compression.measurement.graph_shapes import Shape, shapes_for_batch_1

# Operators that multiply, with the places of their two factors among the inputs. The quantized ones are those of
# graphs that state integer arithmetic outright; in QDQ graphs (QuantizeLinear ... DequantizeLinear) it is a plain Conv,
# Gemm or MatMul between dequantized values.
FACTORS = {
    "Conv": (0, 1),
    "ConvTranspose": (0, 1),
    "Gemm": (0, 1),
    "MatMul": (0, 1),
    "ConvInteger": (0, 1),
    "MatMulInteger": (0, 1),
    "QLinearConv": (0, 3),
    "QLinearMatMul": (0, 3),
}
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
}


@dataclass(frozen=True, kw_only=True)
class GraphFacts:
    """``parameters``: weights and biases. ``macs``: multiply-accumulates for one image (batch 1), without biases."""

    parameters: int
    macs: int


def graph_facts(path: Path) -> GraphFacts:
    """Count parameters and multiply-accumulates (MACs) of an ``.onnx`` file, fp32, fp16 or quantized alike.

    Parameters are the elements of the constant arrays that the graph computes with: weights and biases, in floating
    point or stored as integers that are dequantized. Not counted: scales and zero points, shapes, single numbers such
    as limits. A batch normalization that the export has folded into its convolution leaves its shift as a bias and
    nothing of its scale: torchvision's ResNet-18 counts 11,689,512 before folding and 11,684,712 after.

    MACs are those of convolutions and matrix products, the usual convention (torchvision's ResNet-18 at 224 x 224:
    1.814 billion); additions, normalizations, activations and pooling are left out. A free batch axis is taken as 1.

    Raises ModelNotUsable when the shape of a product cannot be worked out.
    """
    model = onnx.load(path, load_external_data=False)
    return GraphFacts(parameters=_parameters(model.graph), macs=_macs(model, path))


def _parameters(graph: onnx.GraphProto) -> int:
    tensors = _constants(graph)
    counted: set[str] = set()
    for node in graph.node:
        for place, name in enumerate(node.input):
            tensor = tensors.get(name)
            if tensor is None or len(tensor.dims) == 0 or place in NOT_WEIGHTS.get(node.op_type, ()):
                continue
            if tensor.data_type in FLOATS or (node.op_type, place) in INTEGER_WEIGHTS:
                counted.add(name)
    return sum(prod(tensors[name].dims) for name in counted)


def _constants(graph: onnx.GraphProto) -> dict[str, onnx.TensorProto]:
    """Every constant array by name, whether it is stored beside the nodes or in a Constant node."""
    tensors = {tensor.name: tensor for tensor in graph.initializer}
    for node in graph.node:
        if node.op_type == "Constant":
            tensors.update((node.output[0], attribute.t) for attribute in node.attribute if attribute.name == "value")
    return tensors


def _macs(model: onnx.ModelProto, path: Path) -> int:
    shapes = shapes_for_batch_1(model)
    total = 0
    for node in model.graph.node:
        if node.op_type not in FACTORS:
            continue
        left, right = (shapes.get(node.input[place]) for place in FACTORS[node.op_type])
        counted = _macs_of(node, left, right, shapes.get(node.output[0]))
        if counted is None:
            raise ModelNotUsable(
                path, f"the shapes at its {node.op_type} '{node.name}' cannot be worked out; export it with fixed ones"
            )
        total += counted
    return total


def _macs_of(node: onnx.NodeProto, left: Shape | None, right: Shape | None, out: Shape | None) -> int | None:
    """MACs of one product from the shapes of its factors and its result; None when one of them is not known."""
    if left is None or right is None or out is None:
        return None
    match node.op_type:
        case "Conv" | "ConvInteger" | "QLinearConv":  # weights [out, in / groups, *kernel]
            factors = (*out, *right[1:])
        case "ConvTranspose":  # weights [in, out / groups, *kernel], applied at each place of the input
            factors = (*left, *right[1:])
        case "Gemm":
            transposed = any(attribute.name == "transA" and attribute.i for attribute in node.attribute)
            factors = (*out, left[0 if transposed else 1])
        case _:
            factors = (*out, left[-1])
    return None if None in factors else prod(size for size in factors if size is not None)
