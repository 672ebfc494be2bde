"""A classifier whose operations nobody can count: how many rows its product has is decided by each image's pixels."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from onnx import GraphProto, TensorProto, helper

from tests.measurement.conftest import save


def uncounted(path: Path, *, image: tuple[int, int, int], classes: int) -> Path:
    """Scores of one image at a time, from the places of its bright pixels, inside the branch of an If."""
    constants: dict[str, NDArray[np.generic]] = {
        "zero": np.zeros((), np.float32),
        "first": np.zeros(1, np.int64),
        "w": np.random.default_rng(0).normal(size=(1 + len(image), classes)).astype(np.float32),
    }
    nodes = [
        helper.make_node("Greater", ["images", "zero"], ["bright"]),
        helper.make_node("ReduceMax", ["images"], ["brightest"], keepdims=0),
        helper.make_node("Greater", ["brightest", "zero"], ["any"]),
        helper.make_node("If", ["any"], ["logits"], then_branch=_branch("then"), else_branch=_branch("else")),
    ]
    taken = helper.make_tensor_value_info("images", TensorProto.FLOAT, [1, *image])
    return save(path, nodes, constants, inputs=[taken])


def _branch(name: str) -> GraphProto:
    places, rows, each, given = (f"{name}-{value}" for value in ("places", "rows", "each", "given"))
    return helper.make_graph(
        [
            helper.make_node("NonZero", ["bright"], [places]),
            helper.make_node("Transpose", [places], [f"{rows}-whole"], perm=[1, 0]),
            helper.make_node("Cast", [f"{rows}-whole"], [rows], to=TensorProto.FLOAT),
            helper.make_node("MatMul", [rows, "w"], [each]),
            helper.make_node("ReduceSum", [each, "first"], [given], keepdims=1),
        ],
        name,
        [],
        [helper.make_tensor_value_info(given, TensorProto.FLOAT, None)],
    )
