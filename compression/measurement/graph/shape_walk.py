"""Working out shapes node by node, and with them whatever a graph computes from shapes alone: sizes for a Reshape or an
Expand, as older exporters write them down, are known as soon as the input's is.

Reads the graph; runs no engine. Bodies of loops are left out; of an If whose condition is known, its branch is walked.
"""

from collections.abc import Iterator, Mapping, Sequence
from math import ceil

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import defs, helper, numpy_helper
from onnx.reference import ReferenceEvaluator

# Arrays of more elements are never sizes.
LARGEST_SIZES = 1024
STANDARD = {"", "ai.onnx"}
# What sizes are computed with.
# fmt: off
ARITHMETIC = {
    "Abs", "Add", "And", "Cast", "Ceil", "Concat", "Constant", "ConstantOfShape", "Div", "Equal", "Expand", "Floor",
    "Gather", "Greater", "GreaterOrEqual", "Identity", "Less", "LessOrEqual", "Max", "Min", "Mod", "Mul", "Neg", "Not",
    "Or", "Pow", "Range", "ReduceMax", "ReduceMin", "ReduceProd", "ReduceSum", "Reshape", "ScatterND", "Slice", "Split",
    "Sqrt", "Squeeze", "Sub", "Tile", "Transpose", "Unsqueeze", "Where",
}
# fmt: on
# Of other domains: their result has the shape of what they take first.
LIKE_THE_FIRST = {"FakeQuantize", "FastGelu", "Gelu", "QuickGelu"}
# What a pool slides over comes behind batch and channels.
AHEAD = 2


def walked(
    model: onnx.ModelProto, known: Mapping[str, tuple[tuple[int | None, ...], int]]
) -> dict[str, onnx.TypeProto]:
    """The type, with its shape, of every value that could be worked out. ``known`` are shapes and element types that
    are known already; the nodes of ``model`` are in order."""
    walk = _Walk(model)
    for value in model.graph.input:
        walk.types[value.name] = value.type
    for name, (shape, element) in known.items():
        walk.types.setdefault(name, helper.make_tensor_type_proto(element, shape))
    walk.through(model.graph)
    return {name: kind for name, kind in walk.types.items() if kind.tensor_type.HasField("shape")}


class _Walk:
    """What is known so far: ``types`` by the names of values, and ``sizes``, small arrays that are computed."""

    def __init__(self, model: onnx.ModelProto) -> None:
        self.types: dict[str, onnx.TypeProto] = {}
        self.sizes: dict[str, NDArray[np.generic]] = {}
        self._opset_imports = list(model.opset_import)
        self._opset = next((each.version for each in model.opset_import if each.domain in STANDARD), 1)
        self._ir_version = model.ir_version

    def through(self, graph: onnx.GraphProto) -> None:
        for tensor in graph.initializer:
            self.types[tensor.name] = helper.make_tensor_type_proto(tensor.data_type, tensor.dims)
            # External data is not loaded, and no sizes.
            if np.prod(tensor.dims) <= LARGEST_SIZES and not tensor.external_data:
                self.sizes[tensor.name] = numpy_helper.to_array(tensor)
        for node in graph.node:
            self._past(node)

    def _past(self, node: onnx.NodeProto) -> None:
        if node.op_type == "If" and node.input[0] in self.sizes:
            self._into_branch(node)
            return
        computed = self._computed(node)
        if computed is not None:
            for name, array in zip(node.output, computed, strict=False):
                self.types[name] = helper.make_tensor_type_proto(
                    helper.np_dtype_to_tensor_dtype(array.dtype), array.shape
                )
                if array.size <= LARGEST_SIZES:
                    self.sizes[name] = array
            return
        for name, kind in self._inferred(node):
            if kind.tensor_type.HasField("shape") or name not in self.types:
                self.types[name] = kind

    def _into_branch(self, node: onnx.NodeProto) -> None:
        wanted = "then_branch" if self.sizes[node.input[0]].all() else "else_branch"
        branch = next(attribute.g for attribute in node.attribute if attribute.name == wanted)
        self.through(branch)
        for outside, inside in zip(node.output, branch.output, strict=True):
            for found in (self.types, self.sizes):
                if inside.name in found:
                    found[outside] = found[inside.name]  # type: ignore[assignment]  # of the same of both

    def _computed(self, node: onnx.NodeProto) -> Sequence[NDArray[np.generic]] | None:
        """What a node gives for every example, where it can be told from shapes."""
        if node.domain not in STANDARD:
            return None
        if node.op_type in {"Shape", "Size"}:
            shape = self._shape(node.input[0])
            if shape is None:
                return None
            if node.op_type == "Size":
                return [np.array(np.prod(shape), np.int64)]
            asked = {attribute.name: attribute.i for attribute in node.attribute}
            return [np.array(shape[asked.get("start", 0) : asked.get("end", len(shape))], np.int64)]
        taken = [name for name in node.input if name]
        if node.op_type not in ARITHMETIC or any(name not in self.sizes for name in taken):
            return None
        try:
            return self._evaluated(node, taken)
        except (IndexError, RuntimeError, TypeError, ValueError):
            # The graph asks for what cannot be, which an engine says better when it is asked to run it.
            return None

    def _evaluated(self, node: onnx.NodeProto, taken: Sequence[str]) -> Sequence[NDArray[np.generic]]:
        graph = helper.make_graph(
            [node],
            "one node",
            [onnx.ValueInfoProto(name=name) for name in dict.fromkeys(taken)],
            [onnx.ValueInfoProto(name=name) for name in node.output],
        )
        standard = [each for each in self._opset_imports if each.domain in STANDARD]
        alone = helper.make_model(graph, opset_imports=standard, ir_version=self._ir_version)
        results = ReferenceEvaluator(alone).run(None, {name: self.sizes[name] for name in taken})
        return [np.asarray(each) for each in results]

    def _inferred(self, node: onnx.NodeProto) -> Iterator[tuple[str, onnx.TypeProto]]:
        """What ONNX's rule for this one operator says."""
        first = self.types.get(node.input[0]) if node.input else None
        if node.domain not in STANDARD:
            if node.op_type in LIKE_THE_FIRST and first is not None:
                yield node.output[0], first
            return
        taken = {name: self.types[name] for name in node.input if name in self.types}
        bodies = any(attribute.HasField("g") for attribute in node.attribute)
        if bodies or len(taken) < len(set(filter(None, node.input))):
            return
        if not defs.has(node.op_type, max_inclusive_version=self._opset):
            return
        rounded_up = self._rounded_up(node)
        if rounded_up is not None and first is not None:
            for name in filter(None, node.output):
                yield name, helper.make_tensor_type_proto(first.tensor_type.elem_type, rounded_up)
            return
        try:
            found = onnx.shape_inference.infer_node_outputs(
                defs.get_schema(node.op_type, self._opset, ""),
                node,
                taken,
                {name: numpy_helper.from_array(self.sizes[name], name) for name in taken if name in self.sizes},
                opset_imports=self._opset_imports,
                ir_version=self._ir_version,
            )
        except (onnx.shape_inference.InferenceError, RuntimeError):
            return  # the same
        yield from found.items()

    def _rounded_up(self, node: onnx.NodeProto) -> Sequence[int] | None:
        """The shape behind a pool that rounds up, as PyTorch, the engines and opset 22 have it: the last window begins
        inside what there is."""
        said = {attribute.name: helper.get_attribute_value(attribute) for attribute in node.attribute}
        shape = self._shape(node.input[0]) if node.input else None
        if not said.get("ceil_mode") or "kernel_shape" not in said or shape is None:
            return None
        axes = len(said["kernel_shape"])
        strides, dilations = said.get("strides", [1] * axes), said.get("dilations", [1] * axes)
        pads = said.get("pads", [0] * axes * 2)
        if said.get("auto_pad", b"NOTSET") not in {b"NOTSET", b"VALID"}:
            return None
        places = []
        for axis, size in enumerate(shape[AHEAD:]):
            window = (said["kernel_shape"][axis] - 1) * dilations[axis] + 1
            found = ceil((size + pads[axis] + pads[axis + axes] - window) / strides[axis]) + 1
            places.append(found - 1 if (found - 1) * strides[axis] >= size + pads[axis] else found)
        return [*shape[:AHEAD], *places]

    def _shape(self, name: str) -> tuple[int, ...] | None:
        """The shape of a value, where every size of it is known."""
        kind = self.types.get(name)
        if kind is None or not kind.tensor_type.HasField("shape"):
            return None
        sizes = [each.dim_value for each in kind.tensor_type.shape.dim if each.HasField("dim_value")]
        return tuple(sizes) if len(sizes) == len(kind.tensor_type.shape.dim) else None
