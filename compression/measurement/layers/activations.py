"""The layers of a file with their numbers: what each multiplies with, and what it takes in for a few examples."""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import onnx
import onnxruntime
from numpy.typing import NDArray

from compression.catalog.examples import Inputs
from compression.measurement.engines import ModelNotUsable
from compression.measurement.engines.errors import cannot_run
from compression.measurement.engines.onnx_runtime import REFUSALS, load, session_options
from compression.measurement.engines.session import under_file_names
from compression.measurement.graph.onnx_file import load_graph
from compression.measurement.layers.dynamic_products import with_numbers_for_integers
from compression.measurement.layers.positions import LayerPosition, positions_in


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
    places = [place for place in positions_in(model.graph) if place.in_few_bits or not in_few_bits]
    if not places:
        return ()
    names = dict.fromkeys(name for place in places for name in (place.weights, place.inputs))
    values = values_of(model, path, names, inputs, threads=threads)
    for name, array in values.items():
        if not np.isfinite(array).all():
            raise ModelNotUsable(path, f"the numbers of its '{name}' are not all finite; check its weights")
    return tuple(SeenLayer(place=place, weights=values[place.weights], inputs=values[place.inputs]) for place in places)


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
