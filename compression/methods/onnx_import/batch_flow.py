"""Where the examples of a batch go in a graph, value by value, and where they get lost: seen by letting a telling
number of them in, and reading the shapes that follow.

Reads the graph; runs nothing and changes nothing.
"""

from dataclasses import dataclass
from math import prod
from pathlib import Path

import onnx
from onnx import helper

from compression.measurement.graph.onnx_file import inputs_of
from compression.measurement.graph.shapes import Shape, shapes_for_batch_1

# A prime that is the size of nothing in a network, so that a multiple of it can only stand for the examples.
PROBE = 8191
# Arrays of more elements are never shapes or indices; shapes are inferred many times over, and sooner without them.
LARGEST_KEPT = 64


@dataclass(frozen=True, kw_only=True)
class BatchPosition:
    """Which axis of a value the examples are on, and how many numbers of that axis run slower than they do: 1, unless
    they share the axis with something else (17 parts of each, say, as rows of one matrix)."""

    axis: int
    outer: int


@dataclass(frozen=True, kw_only=True)
class Flow:
    """Shapes for one example and for PROBE of them, and for each value with examples in it their place."""

    one: dict[str, Shape]
    many: dict[str, Shape]
    places: dict[str, BatchPosition]

    def ahead(self, value: str) -> int:
        """How many elements of ``value`` for one example run slower than the examples do."""
        place = self.places[value]
        return prod(size or 1 for size in self.one[value][: place.axis]) * place.outer


def flow_of(model: onnx.ModelProto, path: Path) -> Flow:
    """Follow the batch from the inputs on. Raises ModelNotUsable when an operator is against the standard."""
    flow = Flow(one=_shapes(model, 1, path), many=_shapes(model, PROBE, path), places={})
    for value in inputs_of(model):
        flow.places[value.name] = BatchPosition(axis=0, outer=1)
    for node in model.graph.node:
        for value in node.output:
            axis = axis_of_batch(flow.many.get(value))
            if axis is not None and value in flow.one:
                flow.places[value] = BatchPosition(axis=axis, outer=_outer(node, value, axis, flow))
    return flow


def axis_of_batch(shape: Shape | None) -> int | None:
    """The axis whose size grows with the examples; None for a value without them."""
    return next((axis for axis, size in enumerate(shape or ()) if size and size % PROBE == 0), None)


def _outer(node: onnx.NodeProto, value: str, axis: int, flow: Flow) -> int:
    shares = flow.one[value][axis] or 1
    if shares == 1:
        return 1
    sources = [name for name in node.input if name in flow.places]
    if node.op_type == "Reshape" and sources:
        return max(1, flow.ahead(sources[0]) // prod(size or 1 for size in flow.one[value][:axis]))
    return next((flow.places[name].outer for name in sources if flow.one[name][flow.places[name].axis] == shares), 1)


def _shapes(model: onnx.ModelProto, batch: int, path: Path) -> dict[str, Shape]:
    """The shape of every value for so many examples."""
    bare = onnx.ModelProto()
    bare.CopyFrom(model)
    del bare.graph.initializer[:]
    for tensor in model.graph.initializer:
        if prod(tensor.dims) <= LARGEST_KEPT:
            bare.graph.initializer.append(tensor)
        else:
            bare.graph.input.append(helper.make_tensor_value_info(tensor.name, tensor.data_type, tensor.dims))
    taken = {value.name for value in inputs_of(model)}
    for value in bare.graph.input:
        if value.name in taken:
            value.type.tensor_type.shape.dim[0].dim_value = batch
    return shapes_for_batch_1(bare, path)
