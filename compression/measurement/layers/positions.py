"""Where the layers of an ONNX graph are: its convolutions and linear layers whose weights are in the file.

Reads the graph; runs nothing. Looks at the main graph only, not into the branches of If or Loop.
"""

from dataclasses import dataclass
from typing import Literal, get_args

import onnx

from compression.measurement.graph.constants import INTEGERS, ConstantSources
from compression.records.layers import LayerOperator

MATRIX = 2


@dataclass(frozen=True, kw_only=True)
class LayerPosition:
    """A layer by the names of its values: it multiplies ``inputs`` with ``weights``, which come from the array
    ``stored`` of the file.

    ``in_few_bits``: that array holds integers of 8 bits or fewer. ``channel_axis`` is the axis of ``weights`` that the
    output channels are on.
    """

    operator: LayerOperator
    inputs: str
    weights: str
    stored: str
    in_few_bits: bool
    channel_axis: Literal[0, -1]


def positions_in(graph: onnx.GraphProto) -> tuple[LayerPosition, ...]:
    """The layers of a graph in the order of its nodes; those that share an array once, where it is first used."""
    sources = ConstantSources(graph)
    found: dict[str, LayerPosition] = {}
    for node in graph.node:
        if node.op_type not in get_args(LayerOperator):
            continue
        stored, tensor = sources.name_of(node.input[1]), sources.of(node.input[1])
        if tensor is None or len(tensor.dims) < MATRIX or stored in found:
            continue
        # Conv has [out, in / groups, *kernel], a transposed Gemm [out, in], the others [in, out].
        transposed = any(attribute.name == "transB" and attribute.i for attribute in node.attribute)
        found[stored] = LayerPosition(
            operator=node.op_type,
            inputs=node.input[0],
            weights=node.input[1],
            stored=stored,
            in_few_bits=tensor.data_type in INTEGERS,
            channel_axis=0 if node.op_type == "Conv" or transposed else -1,
        )
    return tuple(found.values())
