"""What an engine's own graph of a file says about its arithmetic. Knows no engine."""

from collections import Counter
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Executed:
    """What one example takes in an engine.

    ``integer_macs`` and ``integer_weights`` are the multiply-accumulates and the weights (without biases) of the
    products whose two factors are integers of 8 bits or fewer when they are multiplied. ``in_float`` counts the
    operators that compute in floating point, by their type.
    """

    integer_macs: int
    integer_weights: int
    in_float: Counter[str]


# What moves or rewrites numbers without computing with them. Quantizing and dequantizing is among it: it is the border
# between the two arithmetics, and belongs to neither.
MOVES_DATA = frozenset(
    {
        "Cast",
        "Concat",
        "ConstantOfShape",
        "DepthToSpace",
        "DequantizeLinear",
        "Dropout",
        "DynamicQuantizeLinear",
        "Expand",
        "Flatten",
        "Gather",
        "Identity",
        "Pad",
        "QuantizeLinear",
        "Reshape",
        "Slice",
        "SpaceToDepth",
        "Split",
        "Squeeze",
        "Tile",
        "Transpose",
        "Unsqueeze",
    }
)
FLOATING = frozenset({"float16", "bfloat16", "float32", "float64"})
LOW_PRECISION = frozenset({"int8", "uint8", "int4", "uint4", "int2", "uint2"})
