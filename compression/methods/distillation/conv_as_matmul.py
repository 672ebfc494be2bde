"""A classifier made quicker at answering many examples at once: convolutions over maps of hardly any positions as
matrix products. Knows nothing of what the answers are for.

Engines convolve example by example and read all weights anew for each. A network's last stages have the most of them,
and few positions to use them for. A product of matrices reads its weights once for all examples, and gives the same
scores but for the order of additions. What that gains: docs/lab-notes.md, "Convolutions as matrix products".

What is delivered and measured is never rewritten like this: the user's model is to be judged as it is.
"""

from collections.abc import Mapping
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import helper, numpy_helper
from onnx.external_data_helper import load_external_data_for_model

from compression.errors import ModelNotUsable
from compression.measurement.graph.constants import FLOATS
from compression.measurement.graph.onnx_file import load_graph, stored_files
from compression.measurement.graph.shapes import STANDARD, shapes_for_batch_1
from compression.methods.onnx_import.simplified import opset_of

# Fewer weights stay in a core's cache from example to example: these are half of 2 MB in bf16.
FEWEST_WEIGHTS = 500_000
# How many times more numbers the matrix may have than the convolution has weights. Beyond, it multiplies more zeros
# than it saves reading.
LARGEST_GROWTH = 8
# Gemm adds a bias to every row from here on, without being told.
FEWEST_OPSET = 7
# A protobuf cannot be larger than 2 GB.
LARGEST_FILE_BYTES = 1_900_000_000

Sizes = tuple[int, int]
# Channels, height and width.
MapShape = tuple[int, int, int]


def with_matrix_products(path: Path) -> onnx.ModelProto | None:
    """The classifier in a file with its convolutions over small maps rewritten, None when there is none that gains.

    Raises ModelNotUsable when the file is no whole ONNX model.
    """
    model = load_graph(path)
    room = LARGEST_FILE_BYTES - sum(file.stat().st_size for file in stored_files(path))
    if opset_of(model) < FEWEST_OPSET or room <= 0:
        return None
    load_external_data_for_model(model, str(path.parent))
    maps = _maps(model, path)
    stored = {tensor.name: tensor for tensor in model.graph.initializer}
    nodes: list[onnx.NodeProto] = []
    for node in model.graph.node:
        made, arrays = _product(node, maps, stored) if _gains(node, maps, stored, room) else ([node], [])
        room -= sum(array.ByteSize() for array in arrays)
        nodes += made
        model.graph.initializer.extend(arrays)
    if len(nodes) == len(model.graph.node):
        return None
    del model.graph.node[:]
    model.graph.node.extend(nodes)
    return model


def as_matrix(
    weights: NDArray[np.floating], given: MapShape, made: MapShape, *, strides: Sizes, dilations: Sizes, begins: Sizes
) -> NDArray[np.floating]:
    """The matrix [I * H * W, O * h * w] with which a flattened map [I, H, W] is multiplied to convolve it to [O, h, w].

    ``weights`` are [O, I, rows, columns], ``begins`` the rows and columns of padding above and to the left.
    """
    (inputs, height, width), (outputs, rows, columns) = given, made
    matrix = np.zeros((inputs, height, width, outputs, rows, columns), weights.dtype)
    for row, column in np.ndindex(rows, columns):
        for down, right in np.ndindex(*weights.shape[2:]):
            y = row * strides[0] + down * dilations[0] - begins[0]
            x = column * strides[1] + right * dilations[1] - begins[1]
            if 0 <= y < height and 0 <= x < width:
                matrix[:, y, x, :, row, column] = weights[:, :, down, right].T
    return matrix.reshape(inputs * height * width, outputs * rows * columns)


def _gains(
    node: onnx.NodeProto, maps: Mapping[str, MapShape], stored: Mapping[str, onnx.TensorProto], room: int
) -> bool:
    """Whether a node is a convolution of which everything is known that it takes, and which is quicker as a product.

    There are ``room`` bytes for the matrix.
    """
    if node.op_type != "Conv" or node.domain not in STANDARD or not all(name in stored for name in node.input[1:]):
        return False
    weights, attributes = stored[node.input[1]], _attributes(node)
    if node.input[0] not in maps or node.output[0] not in maps or weights.data_type not in FLOATS:
        return False
    if attributes.get("group", 1) != 1 or attributes.get("auto_pad", b"NOTSET") != b"NOTSET":
        return False
    numbers, matrix = prod(weights.dims), prod(maps[node.input[0]]) * prod(maps[node.output[0]])
    takes = matrix * weights.ByteSize() // numbers
    return bool(numbers >= FEWEST_WEIGHTS and matrix <= LARGEST_GROWTH * numbers and takes < room)


def _product(
    node: onnx.NodeProto, maps: Mapping[str, MapShape], stored: Mapping[str, onnx.TensorProto]
) -> tuple[list[onnx.NodeProto], list[onnx.TensorProto]]:
    """The nodes that take the place of a convolution, and the arrays that they need."""
    given, made = maps[node.input[0]], maps[node.output[0]]
    attributes = _attributes(node)
    matrix = as_matrix(
        numpy_helper.to_array(stored[node.input[1]]),
        given,
        made,
        strides=attributes.get("strides", (1, 1)),
        dilations=attributes.get("dilations", (1, 1)),
        begins=attributes.get("pads", (0, 0))[:2],
    )
    arrays = {"rows": np.array([-1, prod(given)]), "maps": np.array([-1, *made]), "matrix": matrix}
    # There is one bias for each channel, and may be none.
    for bias in node.input[2:]:
        arrays["bias"] = np.repeat(numpy_helper.to_array(stored[bias]), prod(made[1:]))
    name = f"{node.output[0]}.as_product"
    flat, product = f"{name}.flat", f"{name}.result"
    factors = [f"{name}.{kind}" for kind in ("matrix", "bias") if kind in arrays]
    nodes = [
        helper.make_node("Reshape", [node.input[0], f"{name}.rows"], [flat]),
        helper.make_node("Gemm", [flat, *factors], [product]),
        helper.make_node("Reshape", [product, f"{name}.maps"], [node.output[0]]),
    ]
    return nodes, [numpy_helper.from_array(array, f"{name}.{kind}") for kind, array in arrays.items()]


def _maps(model: onnx.ModelProto, path: Path) -> dict[str, MapShape]:
    """The shapes of all feature maps, as far as they can be worked out; ``model`` is left as it is."""
    copy = onnx.ModelProto()
    copy.CopyFrom(model)
    found: dict[str, MapShape] = {}
    try:
        shapes = shapes_for_batch_1(copy, path)
    except ModelNotUsable:
        # Engines may run it all the same, and then it is asked as it is.
        return found
    for name, shape in shapes.items():
        match shape:
            case (_, int(channels), int(height), int(width)):
                found[name] = (channels, height, width)
    return found


def _attributes(node: onnx.NodeProto) -> dict[str, Any]:
    return {attribute.name: helper.get_attribute_value(attribute) for attribute in node.attribute}
