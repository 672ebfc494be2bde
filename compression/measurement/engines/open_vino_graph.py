"""The graph that OpenVINO makes of a file: what of it computes in integers, and what in floating point.

Read from the runtime model of the compiled file, made with the options of every session. The file itself is read for
the names of its operators only.
"""

from collections import Counter
from collections.abc import Sequence
from math import prod
from pathlib import Path

from compression.measurement.engines.executed import LOW_PRECISION, MOVES_DATA, Executed
from compression.measurement.engines.open_vino import compile_file
from compression.measurement.graph.onnx_file import load_graph
from compression.measurement.graph.products import FACTORS
from compression.measurement.graph.shapes import Sizes

import openvino  # isort: skip, since open_vino has to silence its telemetry first

PRODUCTS = {"Convolution", "Deconvolution", "FullyConnected", "MatMul"}
# Types of the engine's own nodes that only move data.
MOVES = MOVES_DATA | {"Input", "Output", "Const", "Reorder", "Convert", "Broadcast", "MemoryInput", "MemoryOutput"}
FLOAT_NAMES = {"f16", "bf16", "f32", "f64"}


def executed(path: Path, *, precision: str = "fp32", sizes: Sizes | None = None) -> Executed:
    """What OpenVINO computes for one example of an ``.onnx`` file, by the nodes of its runtime model.

    A convolution or matrix product is in low precision when both its factors reach it as integers of 8 bits or fewer.
    Its ``runtimePrecision`` is not asked: that names integers for weights that are widened to multiply a
    floating-point activation. Any other node is in floating point when its runtime precision is, unless it only moves
    data. Each is counted under the ONNX operator it was made of (several that became one, under the first of them that
    computes), and under the engine's own name where the engine does not tell.

    Raises ModelNotUsable when the engine refuses the file.
    """
    kinds = _operators_by_name(path)
    compiled = compile_file(path, threads=1, precision=precision, batch=1, sizes=sizes)
    macs = weights = 0
    in_float: Counter[str] = Counter()
    for node in compiled.get_runtime_model().get_ordered_ops():
        facts = node.get_rt_info()
        layer = facts["layerType"].astype(str)
        if layer in PRODUCTS and all(_element_type(node, place) in LOW_PRECISION for place in (0, 1)):
            macs += _macs(layer, node)
            weights += prod(_shape(node, 1)) if _is_constant(node.input_value(1).get_node()) else 0
        elif layer in PRODUCTS or facts["runtimePrecision"].astype(str) in FLOAT_NAMES:
            kind = _kind(layer, facts["originalLayersNames"].astype(str).split(","), kinds)
            if kind not in MOVES:
                in_float[kind] += 1
    return Executed(integer_macs=macs, integer_weights=weights, in_float=in_float)


def _kind(layer: str, made_of: Sequence[str], kinds: dict[str, str]) -> str:
    """What to call a node: the first computing operator of the file that it was made of. A node that the engine made
    for its own ends, or of nothing but operators that move data, keeps the engine's name or gets one of theirs.
    """
    found = [kinds[name] for name in made_of if name in kinds]
    if layer not in PRODUCTS:
        # Bias and ReLU of a convolution that is used several times are nodes of their own, and multiply nothing.
        found = [kind for kind in found if kind not in FACTORS]
    computing = next((kind for kind in found if kind not in MOVES), None)
    return computing or (layer if layer in PRODUCTS or not found else found[0])


def _operators_by_name(path: Path) -> dict[str, str]:
    """The type of each operator of the file, by its name and by those of its results: OpenVINO uses either."""
    nodes = load_graph(path).graph.node
    return {name: node.op_type for node in nodes for name in (node.name, *node.output) if name}


def _macs(layer: str, node: openvino.Node) -> int:
    """Multiply-accumulates of one product, from the shapes of its factors and its result."""
    left, right = _shape(node, 0), _shape(node, 1)
    out: list[int] = list(node.output(0).get_shape())
    match layer:
        case "Convolution":  # weights [out, in / groups, *kernel] or [groups, out / groups, in / groups, *kernel]
            return prod(out) * prod(right) // out[1]
        case "Deconvolution":  # weights [in, out / groups, *kernel], or with the groups in front
            return prod(left) * prod(right) // left[1]
        case "FullyConnected":  # weights [out, in]
            return prod(left) * out[-1]
        case _:  # either factor may be transposed, so that the length they share is worked out
            return prod(out) * (prod(left[-2:]) // out[-2])


def _is_constant(node: openvino.Node) -> bool:
    """Whether a node gives the same for every example: a constant, or made of nothing else."""
    if node.get_rt_info()["layerType"].astype(str) == "Const":
        return True
    inputs = node.input_values()
    return bool(inputs) and all(_is_constant(value.get_node()) for value in inputs)


def _element_type(node: openvino.Node, place: int) -> str:
    return str(node.input(place).get_element_type().to_dtype().name)


def _shape(node: openvino.Node, place: int) -> list[int]:
    return list(node.input(place).get_shape())
