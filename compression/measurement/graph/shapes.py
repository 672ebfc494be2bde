"""The shapes and element types of all values in an ONNX graph when one example goes in. Reads the graph; runs
nothing."""

from graphlib import TopologicalSorter
from pathlib import Path

import onnx

from compression.errors import ModelNotUsable

Shape = tuple[int | None, ...]
STANDARD = {"", "ai.onnx"}


def shapes_for_batch_1(model: onnx.ModelProto, path: Path) -> dict[str, Shape]:
    """The shape of every value when one example goes in, by ONNX's shape inference; unknown sizes are None.

    The nodes of ``model``, which was read from ``path``, are put in order, and the shapes that it states are taken out
    of it. Raises ModelNotUsable when an operator of it contradicts the ONNX standard.
    """
    return {name: shape for name, (shape, _) in values_for_batch_1(model, path).items()}


def values_for_batch_1(model: onnx.ModelProto, path: Path) -> dict[str, tuple[Shape, int]]:
    """As ``shapes_for_batch_1``, each shape with the element type, one of ``onnx.TensorProto.DataType``."""
    _sort_nodes(model.graph)
    del model.graph.value_info[:]  # they name the free batch axis, and inference would keep that
    initializers = {tensor.name for tensor in model.graph.initializer}
    for value in model.graph.input:
        dimensions = value.type.tensor_type.shape.dim
        if value.name not in initializers and dimensions and not dimensions[0].dim_value:
            dimensions[0].dim_value = 1
    for value in model.graph.output:
        value.type.tensor_type.ClearField("shape")
    try:
        graph = onnx.shape_inference.infer_shapes(model, data_prop=True).graph
    except onnx.shape_inference.InferenceError as error:
        raise ModelNotUsable(
            path, f"the shapes in it cannot be worked out ({' '.join(str(error).split())}); export it again"
        ) from error
    values: dict[str, tuple[Shape, int]] = {
        tensor.name: (tuple(tensor.dims), tensor.data_type) for tensor in graph.initializer
    }
    for value in (*graph.input, *graph.value_info, *graph.output):
        if value.type.tensor_type.HasField("shape"):
            shape = tuple(
                dimension.dim_value if dimension.HasField("dim_value") else None
                for dimension in value.type.tensor_type.shape.dim
            )
            values[value.name] = (shape, value.type.tensor_type.elem_type)
    return values


def unknown_shape(path: Path, model: onnx.ModelProto, where: str) -> ModelNotUsable:
    """The error to raise when a shape that is needed cannot be worked out, "at its Conv 'c1'" or wherever it is."""
    foreign = sorted({f"{node.domain}.{node.op_type}" for node in model.graph.node if node.domain not in STANDARD})
    if foreign:
        return ModelNotUsable(
            path,
            f"the shapes {where} cannot be worked out, for lack of rules for its {', '.join(foreign)}; export it with "
            "operators of the ONNX standard (quantized models in the QDQ format)",
        )
    return ModelNotUsable(path, f"the shapes {where} cannot be worked out; export it with fixed ones")


def _sort_nodes(graph: onnx.GraphProto) -> None:
    """Put every node behind those it takes from: inference reads in order, and fp16 converters append their casts."""
    makers = {name: index for index, node in enumerate(graph.node) for name in node.output}
    needs = {index: {makers[name] for name in node.input if name in makers} for index, node in enumerate(graph.node)}
    nodes = [
        onnx.NodeProto.FromString(graph.node[index].SerializeToString())
        for index in TopologicalSorter(needs).static_order()
    ]
    del graph.node[:]
    graph.node.extend(nodes)
