"""How much of a file an engine really computes in low precision, as shares of what the file holds.

Knows files and engines; not how a file was made, nor what was asked for when it was.
"""

from pathlib import Path
from typing import assert_never

from compression.measurement.engines.executed import Executed
from compression.measurement.engines.one_example import values_for_one
from compression.measurement.graph.onnx_file import load_graph
from compression.measurement.graph.products import products_of
from compression.measurement.graph.shapes import NotCounted, Sizes
from compression.records.measurements import EngineName, Kernels


def kernels(path: Path, engine: EngineName, *, precision: str = "fp32", sizes: Sizes | None = None) -> Kernels:
    """What ``engine`` makes of an ``.onnx`` file on this machine's CPU, asked for ``precision``.

    Of all multiply-accumulates, and of all weights, that the convolutions and matrix products of the file take for one
    example: the shares that the engine's graph multiplies as integers of 8 bits or fewer. Weights that are stored as
    integers but widened before they are multiplied are not among them; biases are on neither side; an array that two
    products use counts for both. ``in_float`` counts the operators that compute in floating point; the engines' modules
    say which (``onnx_runtime_graph``, ``open_vino_graph``). Left out is what only moves data, and quantizing itself.

    ``sizes`` are for inputs that leave theirs open. Raises ModelNotUsable when the engine refuses the file, NotCounted
    when its products cannot be counted, or it has none whose share could be told.
    """
    found = _executed(path, engine, precision, sizes)
    products = products_of(load_graph(path), path, values_for_one(path, sizes))
    macs, weights = sum(product.macs for product in products), sum(product.weights for product in products)
    if macs == 0 or weights == 0:
        raise NotCounted(
            path, "it has no convolution or matrix product with weights; choose the file of a neural network"
        )
    return Kernels(
        engine=engine,
        low_precision_weights=min(1.0, found.integer_weights / weights),
        low_precision_macs=min(1.0, found.integer_macs / macs),
        in_float=dict(sorted(found.in_float.items())),
    )


def _executed(path: Path, engine: EngineName, precision: str, sizes: Sizes | None) -> Executed:
    match engine:
        case "onnxruntime":
            from compression.measurement.engines import onnx_runtime_graph

            return onnx_runtime_graph.executed(path, sizes=sizes)
        case "openvino":
            from compression.measurement.engines import open_vino_graph

            return open_vino_graph.executed(path, precision=precision, sizes=sizes)
        case _:
            assert_never(engine)
