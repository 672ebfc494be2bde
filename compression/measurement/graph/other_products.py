"""Operators that multiply matrices inside: recurrent layers, Einsum and attention. Pure; reads shapes, runs nothing."""

from collections.abc import Mapping, Sequence
from math import prod
from typing import Any

import onnx
from onnx import helper

Sizes = Sequence[int | None] | None
# With the places of their weights among the inputs; an activation may be among the factors of an Einsum.
WEIGHTS: Mapping[str, tuple[int, ...]] = {
    "LSTM": (1, 2),
    "GRU": (1, 2),
    "RNN": (1, 2),
    "Einsum": (0, 1),
    "Attention": (),
}
HEADS_APART = 4  # axes of [N, heads, positions, features]


def macs_inside(node: onnx.NodeProto, taken: Sequence[Sizes], given: Sizes) -> int | None:
    """Multiply-accumulates of one such operator from the shapes of its inputs and its first result; None where one of
    these is not known."""
    if any(shape is None or None in shape for shape in (*taken[:3], given)):
        return None
    shapes = [[size for size in shape or () if size is not None] for shape in taken]
    result = [size for size in given or () if size is not None]
    said: dict[str, Any] = {attribute.name: helper.get_attribute_value(attribute) for attribute in node.attribute}
    match node.op_type:
        case "LSTM" | "GRU" | "RNN":  # X [steps, N, in], W [directions, gates x hidden, in], R [.., hidden]
            return prod(shapes[0][:2]) * (prod(shapes[1]) + prod(shapes[2]))
        case "Einsum":
            return _of_einsum(said["equation"].decode(), shapes)
        case "Attention":  # query and key, then probabilities and value
            positions = shapes[1][2 if len(shapes[1]) == HEADS_APART else 1]
            return (prod(shapes[0]) + prod(result)) * positions
        case _:
            raise ValueError(f"{node.op_type} has no products inside")


def _of_einsum(equation: str, shapes: Sequence[Sequence[int]]) -> int | None:
    """One for each combination of indices, as long as there are two factors."""
    indices = equation.replace(" ", "").split("->")[0].split(",")
    if len(indices) != len(shapes):
        return None
    if len(indices) < 2:  # noqa: PLR2004
        return 0
    sizes: dict[str, int] = {}
    for letters, shape in zip(indices, shapes, strict=True):
        before, dots, behind = letters.partition("...")
        between = len(shape) - len(before) - len(behind)
        named = [*before, *(f"...{place - between}" for place in range(between if dots else 0)), *behind]
        if len(named) != len(shape):
            return None
        for name, size in zip(named, shape, strict=True):
            sizes[name] = max(size, sizes.get(name, 1))
    return prod(sizes.values())
