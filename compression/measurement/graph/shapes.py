"""The shapes and element types of all values in an ONNX graph when one example goes in. Reads the graph; runs no
engine."""

from collections.abc import Mapping, Sequence
from graphlib import TopologicalSorter
from pathlib import Path

import onnx

from compression.errors import ModelNotUsable
from compression.measurement.graph.shape_walk import walked

Shape = tuple[int | None, ...]
# By name: the shape, and the element type, one of ``onnx.TensorProto.DataType``.
Values = dict[str, tuple[Shape, int]]
# What goes into each input, by its name and without the batch axis.
Sizes = Mapping[str, Sequence[int]]
STANDARD = {"", "ai.onnx"}
POOLS = {"AveragePool", "LpPool", "MaxPool"}


class NotCounted(ModelNotUsable):
    """A graph whose shapes cannot be worked out, so that nobody knows how much there is to compute."""


def shapes_for_batch_1(model: onnx.ModelProto, path: Path, sizes: Sizes | None = None) -> dict[str, Shape]:
    """The shape of every value when one example goes in; unknown sizes are None.

    ``sizes`` are for inputs that leave theirs open. The nodes of ``model``, which was read from ``path``, are put in
    order, and the shapes that it states are taken out of it. Raises NotCounted when an operator of it contradicts the
    ONNX standard.
    """
    return {name: shape for name, (shape, _) in values_for_batch_1(model, path, sizes).items()}


def values_for_batch_1(model: onnx.ModelProto, path: Path, sizes: Sizes | None = None) -> Values:
    """As ``shapes_for_batch_1``, each shape with the element type.

    First ONNX's own shape inference; where that leaves something open, node by node, with what is computed from shapes
    alone worked out on the way.
    """
    put_in_order(model.graph)
    del model.graph.value_info[:]  # they name the free batch axis, and inference would keep that
    for value in model.graph.output:
        value.type.tensor_type.ClearField("shape")
    _set_sizes(model, sizes or {})
    contradiction: onnx.shape_inference.InferenceError | None = None
    inferred = model.graph
    try:
        inferred = onnx.shape_inference.infer_shapes(model, data_prop=True).graph
    except onnx.shape_inference.InferenceError as error:
        contradiction = error
    values: Values = {tensor.name: (tuple(tensor.dims), tensor.data_type) for tensor in inferred.initializer}
    for value in (*inferred.input, *inferred.value_info, *inferred.output):
        if value.type.tensor_type.HasField("shape"):
            values[value.name] = (shape_in(value.type), value.type.tensor_type.elem_type)
    if contradiction is not None or _leaves_open(model.graph, values):
        for name, found in walked(model, values).items():
            values[name] = (shape_in(found), found.tensor_type.elem_type)
    if contradiction is not None and _leaves_open(model.graph, values):
        raise NotCounted(
            path, f"the shapes in it cannot be worked out ({' '.join(str(contradiction).split())}); export it again"
        ) from contradiction
    return values


def shape_in(kind: onnx.TypeProto) -> Shape:
    """The shape of a tensor type, which has one."""
    return tuple(
        dimension.dim_value if dimension.HasField("dim_value") else None for dimension in kind.tensor_type.shape.dim
    )


def unknown_shape(path: Path, model: onnx.ModelProto, where: str) -> NotCounted:
    """The error to raise when a shape that is needed cannot be worked out, "at its Conv 'c1'" or wherever it is."""
    foreign = sorted({f"{node.domain}.{node.op_type}" for node in model.graph.node if node.domain not in STANDARD})
    if foreign:
        return NotCounted(
            path,
            f"the shapes {where} cannot be worked out, for lack of rules for its {', '.join(foreign)}; export it with "
            "operators of the ONNX standard (quantized models in the QDQ format)",
        )
    return NotCounted(path, f"the shapes {where} cannot be worked out; export it with fixed ones")


def _set_sizes(model: onnx.ModelProto, sizes: Sizes) -> None:
    """One example for a free batch axis, and the given size for every other axis that is open."""
    stored = {tensor.name for tensor in model.graph.initializer}
    for value in model.graph.input:
        dimensions = value.type.tensor_type.shape.dim
        if value.name in stored or not dimensions:
            continue
        given = (1, *sizes.get(value.name, ()))
        for dimension, size in zip(dimensions, given, strict=False):
            if not dimension.dim_value:
                dimension.dim_value = size


def _leaves_open(graph: onnx.GraphProto, values: Values) -> bool:
    """Whether a shape is not known, or not to be relied on: before opset 22, ONNX's rule for pools that round up has
    one place more at times than engines and PyTorch do."""
    if any(node.op_type in POOLS and _rounds_up(node) for node in graph.node):
        return True
    names = (name for node in graph.node for name in node.output if name)
    return any(None in values.get(name, ((None,), 0))[0] for name in names)


def _rounds_up(node: onnx.NodeProto) -> bool:
    return any(attribute.name == "ceil_mode" and attribute.i for attribute in node.attribute)


def put_in_order(graph: onnx.GraphProto) -> None:
    """Put every node behind those it takes from: inference reads in order, and fp16 converters append their casts."""
    makers = {name: index for index, node in enumerate(graph.node) for name in node.output}
    needs = {index: {makers[name] for name in node.input if name in makers} for index, node in enumerate(graph.node)}
    nodes = [
        onnx.NodeProto.FromString(graph.node[index].SerializeToString())
        for index in TopologicalSorter(needs).static_order()
    ]
    del graph.node[:]
    graph.node.extend(nodes)
