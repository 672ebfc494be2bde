"""Making a graph that was exported for one example take any number of them.

The batch of such a graph is in its input's shape, and in constants further on: the shapes that its Reshapes ask for,
and arrays with one row for each example that a Concat puts beside the others (the class embedding of a transformer).

Changes the graph; runs nothing. That it computes the same afterwards is for ``same_scores`` to say.
"""

from pathlib import Path

import numpy as np
import onnx
from onnx import helper, numpy_helper

from compression.measurement.graph.constants import constants_of
from compression.measurement.graph.onnx_file import inputs_of
from compression.methods.onnx_import.batch_flow import Flow, axis_of_batch, flow_of

BATCH_AXIS = "batch"


def fixed_batch_of(model: onnx.ModelProto) -> int | None:
    """How many examples the graph takes at once; None when any number."""
    sizes = (value.type.tensor_type.shape.dim[0].dim_value for value in inputs_of(model))
    return next((int(size) for size in sizes if size), None)


def with_free_batch(model: onnx.ModelProto, path: Path) -> onnx.ModelProto:
    """A copy of ``model``, which was read from ``path`` and takes one example, for any number of them.

    ``model`` depends on the shape of its input through constants only (see ``simplified.folded``). Raises
    ModelNotUsable when an operator of it contradicts the ONNX standard.
    """
    result = onnx.ModelProto()
    result.CopyFrom(model)
    # Each turn repairs the first place where the batch gets lost, so that those behind it can be seen.
    for _ in model.graph.node:
        if not _repaired_one(result, flow_of(result, path)):
            break
    for value in (*inputs_of(result), *result.graph.output):
        dimensions = value.type.tensor_type.shape.dim
        if dimensions:
            dimensions[0].dim_param = BATCH_AXIS
    # The shapes that the Reshapes asked for before.
    read = {name for node in result.graph.node for name in node.input}
    kept = [tensor for tensor in result.graph.initializer if tensor.name in read]
    del result.graph.initializer[:]
    result.graph.initializer.extend(kept)
    del result.graph.value_info[:]
    return result


def _repaired_one(model: onnx.ModelProto, flow: Flow) -> bool:
    constants = constants_of(model.graph)
    for index, node in enumerate(model.graph.node):
        if not any(name in flow.places for name in node.input) or node.output[0] not in flow.one:
            continue
        match node.op_type:
            case "Reshape" if node.input[1] in constants:
                asked = numpy_helper.to_array(constants[node.input[1]])
                shape = _shape_with_batch(node, asked, flow)
                if not _agrees(shape, flow.many.get(node.output[0])):
                    _ask_for(model, node, shape)
                    return True
            case "Concat":
                place = next(flow.places[name] for name in node.input if name in flow.places)
                alone = [name for name in node.input if name in constants and constants[name].dims[place.axis] == 1]
                if alone and place.axis != _axis_attribute(node):
                    source = next(name for name in node.input if name in flow.places)
                    _repeat(model, index, alone[0], source, place.axis)
                    return True
    return False


def _shape_with_batch(node: onnx.NodeProto, asked: np.ndarray, flow: Flow) -> list[int]:
    """What a Reshape should ask for, with -1 on the axis that the batch goes to.

    A Reshape keeps the order of the elements, so that the batch can only go where as many of them run slower than it
    does: mostly one axis. Of several the one of size 1, which is there for it; else the one that was left open; else
    the one that it was on. Not the last, as that holds the features.
    """
    source, after = node.input[0], [size or 1 for size in flow.one[node.output[0]]]
    ahead, before = flow.ahead(source), flow.places[source].axis
    slower = [int(np.prod(after[:axis])) for axis in range(len(after) + 1)]
    fitting = [axis for axis in range(len(after)) if slower[axis] <= ahead <= slower[axis + 1]]
    last = len(after) - 1
    chosen = min(
        fitting,
        key=lambda axis: (after[axis] != 1, asked[axis] != -1, axis == last, axis != before),
    )
    return [*after[:chosen], -1, *after[chosen + 1 :]]


def _agrees(asked: list[int], found: tuple[int | None, ...] | None) -> bool:
    """Whether the shape for PROBE examples has them where ``asked`` has its -1."""
    return found is not None and axis_of_batch(found) == asked.index(-1) and len(found) == len(asked)


def _ask_for(model: onnx.ModelProto, node: onnx.NodeProto, shape: list[int]) -> None:
    """Give a Reshape a constant of its own: others may ask for the same one."""
    name = f"{node.output[0]}.free_shape"
    model.graph.initializer.append(numpy_helper.from_array(np.array(shape, np.int64), name))
    node.input[1] = name


def _repeat(model: onnx.ModelProto, index: int, constant: str, source: str, axis: int) -> None:
    """Before the node at ``index``, repeat ``constant`` for each example that ``source`` has on ``axis``."""
    node = model.graph.node[index]
    stem = f"{node.output[0]}.{constant}"
    dimensions = len(constants_of(model.graph)[constant].dims)
    ahead, behind = np.ones(axis, np.int64), np.ones(dimensions - axis - 1, np.int64)
    arrays = {f"{stem}.axis": np.array([axis]), f"{stem}.ahead": ahead, f"{stem}.behind": behind}
    model.graph.initializer.extend(numpy_helper.from_array(array, name) for name, array in arrays.items())
    made = [
        helper.make_node("Shape", [source], [f"{stem}.sizes"]),
        helper.make_node("Gather", [f"{stem}.sizes", f"{stem}.axis"], [f"{stem}.batch"]),
        helper.make_node("Concat", [f"{stem}.ahead", f"{stem}.batch", f"{stem}.behind"], [f"{stem}.shape"], axis=0),
        helper.make_node("Expand", [constant, f"{stem}.shape"], [f"{stem}.repeated"]),
    ]
    node.input[list(node.input).index(constant)] = f"{stem}.repeated"
    for offset, new in enumerate(made):
        model.graph.node.insert(index + offset, new)


def _axis_attribute(node: onnx.NodeProto) -> int:
    return next((attribute.i for attribute in node.attribute if attribute.name == "axis"), 0)
