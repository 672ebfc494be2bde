"""The convolutions and matrix products of an ONNX graph: how many multiplications and how many weights each has.

Those inside recurrent layers, Einsum, attention, and the branches of If and Loop are among them. Reads the graph; runs
nothing, and knows no engine.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod
from pathlib import Path

import onnx

from compression.measurement.graph.branches import written_out
from compression.measurement.graph.constants import ConstantSources, fixed_values, packed_weights
from compression.measurement.graph.onnx_file import inputs_of
from compression.measurement.graph.other_products import WEIGHTS, macs_inside
from compression.measurement.graph.shapes import NotCounted, Shape, Values, unknown_shape, values_for_batch_1

# Operators that multiply, with the places of their two factors among the inputs. The quantized ones are those of
# graphs that state integer arithmetic outright; in QDQ graphs (QuantizeLinear ... DequantizeLinear) it is a plain Conv,
# Gemm or MatMul between dequantized values. From QGemm on they are ONNX Runtime's own.
FACTORS = {
    "Conv": (0, 1),
    "ConvTranspose": (0, 1),
    "Gemm": (0, 1),
    "MatMul": (0, 1),
    "ConvInteger": (0, 1),
    "MatMulInteger": (0, 1),
    "QLinearConv": (0, 3),
    "QLinearMatMul": (0, 3),
    "QGemm": (0, 3),
    "MatMulIntegerToFloat": (0, 1),
    "DynamicQuantizeMatMul": (0, 1),
    "FusedConv": (0, 1),
    "FusedGemm": (0, 1),
    "FusedMatMul": (0, 1),
    "MatMulNBits": (0, 1),
}


@dataclass(frozen=True, kw_only=True)
class Product:
    """One product. ``macs``: multiply-accumulates for one example. ``weights``: elements of its constant factor, 0
    where both factors are activations; without the bias.
    """

    macs: int
    weights: int


def products_of(model: onnx.ModelProto, path: Path, values: Values | None = None) -> tuple[Product, ...]:
    """The products of ``model``, which was read from ``path``, when one example goes in. The model's nodes are put in
    order, and its shapes are changed.

    ``values`` are its shapes and types, where more is known than the graph tells. Raises NotCounted when the shapes of
    a product cannot be worked out.
    """
    model = written_out(model)
    shapes = {name: shape for name, (shape, _) in values_of_whole(model, path, values or {}).items()}
    fixed, packed = fixed_values(model.graph), packed_weights(model.graph)
    sources = ConstantSources(model.graph)
    found = []
    for node in model.graph.node:
        if node.op_type in WEIGHTS:
            inside = macs_inside(node, [shapes.get(name) for name in node.input], shapes.get(_first(node.output)))
            if inside is None:
                raise unknown_shape(path, model, f"at its {node.op_type} '{node.name}'")
            stored = sum(elements(sources.of(node.input[place])) for place in WEIGHTS[node.op_type])
            found.append(Product(macs=inside, weights=stored))
        if node.op_type not in FACTORS:
            continue
        left, right = (node.input[place] for place in FACTORS[node.op_type])
        macs = macs_of(node, shapes.get(left), shapes.get(right), shapes.get(node.output[0]))
        if macs is None:
            raise unknown_shape(path, model, f"at its {node.op_type} '{node.name}'")
        stored = packed.get(right) or elements(sources.of(right)) or elements(sources.of(left))
        # Weights that the graph computes, of nothing but others.
        computed = next((prod(size or 0 for size in shapes[name]) for name in (right, left) if name in fixed), 0)
        found.append(Product(macs=macs, weights=stored or computed))
    return tuple(found)


def values_of_whole(model: onnx.ModelProto, path: Path, known: Values) -> Values:
    """The values that are ``known``, and what the graph tells of the others, such as those inside its branches once
    these are written out. Raises NotCounted where its shapes contradict each other and none is known."""
    sizes = {value.name: known[value.name][0][1:] for value in inputs_of(model) if value.name in known}
    told: Values = {}
    try:
        told = values_for_batch_1(model, path, {name: [size or 0 for size in shape] for name, shape in sizes.items()})
    except NotCounted:
        if not known:
            raise
    return told | {name: value for name, value in known.items() if None not in value[0]}


def _first(names: Sequence[str]) -> str:
    """The first result that has a name: a recurrent layer may give only its last state."""
    return next(name for name in names if name)


def elements(tensor: onnx.TensorProto | None) -> int:
    """How many numbers are in a stored array; 0 without one."""
    return 0 if tensor is None else prod(tensor.dims)


def macs_of(
    node: onnx.NodeProto, left: Sequence[int | None] | None, right: Sequence[int | None] | None, out: Shape | None
) -> int | None:
    """MACs of one product from the shapes of its factors and its result; None when one of them is not known."""
    if left is None or right is None or out is None:
        return None
    match node.op_type:
        case "Conv" | "ConvInteger" | "QLinearConv" | "FusedConv":  # weights [out, in / groups, *kernel]
            factors = (*out, *right[1:])
        case "ConvTranspose":  # weights [in, out / groups, *kernel], applied at each place of the input
            factors = (*left, *right[1:])
        case "Gemm" | "QGemm" | "FusedGemm" | "FusedMatMul":
            transposed = any(attribute.name == "transA" and attribute.i for attribute in node.attribute)
            factors = (*out, left[-2 if transposed else -1])
        case _:
            factors = (*out, left[-1])
    return None if None in factors else prod(size for size in factors if size is not None)
