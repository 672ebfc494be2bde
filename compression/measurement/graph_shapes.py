"""The shapes of all values in an ONNX graph when one image goes in. Reads the graph; runs nothing."""

from graphlib import TopologicalSorter

import onnx

Shape = tuple[int | None, ...]


def shapes_for_batch_1(model: onnx.ModelProto) -> dict[str, Shape]:
    """The shape of every value when one image goes in, by ONNX's shape inference; unknown sizes are None."""
    _sort_nodes(model.graph)
    del model.graph.value_info[:]  # they name the free batch axis, and inference would keep that
    initializers = {tensor.name for tensor in model.graph.initializer}
    for value in model.graph.input:
        dimensions = value.type.tensor_type.shape.dim
        if value.name not in initializers and dimensions and not dimensions[0].dim_value:
            dimensions[0].dim_value = 1
    for value in model.graph.output:
        value.type.tensor_type.ClearField("shape")
    graph = onnx.shape_inference.infer_shapes(model, data_prop=True).graph
    shapes: dict[str, Shape] = {tensor.name: tuple(tensor.dims) for tensor in graph.initializer}
    for value in (*graph.input, *graph.value_info, *graph.output):
        if value.type.tensor_type.HasField("shape"):
            shapes[value.name] = tuple(
                dimension.dim_value if dimension.HasField("dim_value") else None
                for dimension in value.type.tensor_type.shape.dim
            )
    return shapes


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
