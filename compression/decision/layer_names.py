"""What a layer of the original is called, from the name of its weights and their shape. Reads records only."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import assert_never

from compression.decision.numbers import TIMES
from compression.records.layers import LayerFindings

# What exporters write after the name of the module that the weights belong to.
ENDINGS = re.compile(r"([._/](weights?|kernel|w|W)|_quantized)+(:\d+)?$")
# Names that an exporter made up: they say nothing to whoever made the network.
MADE_UP = re.compile(r"^(onnx::.*|val_\d+|\d+|)$")
LONGEST = 26
CUT = "\N{HORIZONTAL ELLIPSIS}"


def layer_names(layers: Sequence[LayerFindings]) -> tuple[str, ...]:
    """A short name for each, no two alike: 'layer2.0.conv1', 'fc'; 'Conv 7' for the seventh layer, where its weights
    have no name that would say anything. The ends of long names tell them apart, so their beginnings are cut."""
    found = [_name(layer, number) for number, layer in enumerate(layers, 1)]
    often = Counter(found)
    return tuple(name if often[name] == 1 else f"{number} {name}" for number, name in enumerate(found, 1))


def layer_shape(layer: LayerFindings) -> str:
    """What kind of layer it is, and how large: 'convolution, 128 filters of 3x3x64', with multiplication signs. Of a
    convolution in groups, a filter spans the channels of its own group only."""
    match layer.operator:
        case "Conv":
            filters, channels, *places = layer.shape
            each = TIMES.join(str(size) for size in (*places, channels))
            return f"convolution, {filters:,} filter{'' if filters == 1 else 's'} of {each}"
        case "Gemm" | "MatMul":
            return f"linear, {TIMES.join(f'{size:,}' for size in layer.shape)}"
        case _:
            assert_never(layer.operator)


def _name(layer: LayerFindings, number: int) -> str:
    name = ENDINGS.sub("", layer.weights).strip("/.")
    if MADE_UP.match(name):
        return f"{layer.operator} {number}"
    return name if len(name) <= LONGEST else f"{CUT}{name[-LONGEST + 1 :]}"
