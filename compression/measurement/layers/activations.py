"""The layers of a file with their numbers: what each multiplies with, and what it takes in for a few examples."""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal, get_args

import numpy as np
import onnx
import onnxruntime
from numpy.typing import NDArray

from compression.catalog.examples import Inputs
from compression.errors import ModelNotUsable
from compression.measurement.engines.errors import cannot_run
from compression.measurement.engines.onnx_runtime import REFUSALS, load, session_options
from compression.measurement.engines.session import under_file_names
from compression.measurement.graph.constants import INTEGERS, ConstantSources
from compression.measurement.graph.onnx_file import load_graph
from compression.measurement.layers.dynamic_products import with_numbers_for_integers
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


@dataclass(frozen=True, kw_only=True)
class SeenLayer:
    """A layer: its ``weights`` as the engine multiplies with them, and its input activations, ``inputs``."""

    place: LayerPosition
    weights: NDArray[np.float32]
    inputs: NDArray[np.float32]

    @property
    def by_channel(self) -> NDArray[np.float32]:
        """The weights with the axis of the output channels first, however the file lays them out."""
        return np.moveaxis(self.weights, self.place.channel_axis, 0)


def layers_seen(path: Path, inputs: Inputs, *, threads: int, in_few_bits: bool = False) -> tuple[SeenLayer, ...]:
    """The layers of an ``.onnx`` file in the order of its graph, while it answers ``inputs``; with
    ``in_few_bits`` only those whose weights are stored as integers of 8 bits or fewer.

    Raises ModelNotUsable when the file cannot be read or run, or computes numbers that are not finite.
    """
    model = with_numbers_for_integers(load_graph(path))
    places = [place for place in _positions_in(model.graph) if place.in_few_bits or not in_few_bits]
    if not places:
        return ()
    names = dict.fromkeys(name for place in places for name in (place.weights, place.inputs))
    values = values_of(model, path, names, inputs, threads=threads)
    for name, array in values.items():
        if not np.isfinite(array).all():
            raise ModelNotUsable(path, f"the numbers of its '{name}' are not all finite; check its weights")
    return tuple(SeenLayer(place=place, weights=values[place.weights], inputs=values[place.inputs]) for place in places)


def _positions_in(graph: onnx.GraphProto) -> tuple[LayerPosition, ...]:
    """The layers of a graph in the order of its nodes; those that share an array once, where it is first used.

    Looks at the main graph only, not into the branches of If or Loop.
    """
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


def values_of(
    model: onnx.ModelProto, path: Path, names: Collection[str], inputs: Inputs, *, threads: int
) -> dict[str, NDArray[np.float32]]:
    """Those of ``names`` among the values of ``model``, which was read from ``path``, while it answers
    ``inputs``.

    The engine is told to take the graph node by node, as it is written. It would otherwise fuse nodes, and compute in
    integers what stands between QuantizeLinear and DequantizeLinear: some of these values would not exist, and asking
    for one changes what can be fused, so that the file would not compute the same any more. As it is written, every
    value is the one that the ONNX standard gives it: docs/lab-notes.md, "Layers' numbers node by node". Raises
    ModelNotUsable when the engine refuses the file.
    """
    watched = onnx.ModelProto()
    watched.CopyFrom(model)
    del watched.graph.output[:]
    # Of a value without a type the engine finds out by itself which it is.
    watched.graph.output.extend(onnx.ValueInfoProto(name=name) for name in names)
    options = session_options(threads)
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    with TemporaryDirectory() as folder:
        file = Path(folder) / path.name
        onnx.save(watched, file)
        session = load(file, options)
    try:
        found = session.run(list(names), under_file_names(inputs, [each.name for each in session.get_inputs()], path))
    except REFUSALS as error:
        raise cannot_run(path, "onnxruntime", inputs, error) from error
    return dict(zip(names, found, strict=True))
