"""The layers of a file with their numbers: what each multiplies with, and what it takes in for a few images.

Knows neither what the file was made from nor how.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from compression.measurement.engines import ModelNotUsable
from compression.measurement.graph.onnx_file import load_graph
from compression.measurement.layers.dynamic_products import with_numbers_for_integers
from compression.measurement.layers.places import Place, places_in
from compression.measurement.layers.values import values_of


@dataclass(frozen=True, kw_only=True)
class SeenLayer:
    """A layer: its ``weights`` as the engine multiplies with them, and its input activations, ``inputs``."""

    place: Place
    weights: NDArray[np.float32]
    inputs: NDArray[np.float32]

    @property
    def by_channel(self) -> NDArray[np.float32]:
        """The weights with the axis of the output channels first, however the file lays them out."""
        return np.moveaxis(self.weights, self.place.channel_axis, 0)


def layers_seen(
    path: Path, images: NDArray[np.float32], *, threads: int, in_few_bits: bool = False
) -> tuple[SeenLayer, ...]:
    """The layers of an ``.onnx`` file in the order of its graph, for normalized ``images`` [N, C, H, W]; with
    ``in_few_bits`` only those whose weights are stored as integers of 8 bits or fewer.

    Raises ModelNotUsable when the file cannot be read or run, or computes numbers that are not finite.
    """
    model = with_numbers_for_integers(load_graph(path))
    places = [place for place in places_in(model.graph) if place.in_few_bits or not in_few_bits]
    if not places:
        return ()
    names = dict.fromkeys(name for place in places for name in (place.weights, place.inputs))
    values = values_of(model, path, names, images, threads=threads)
    for name, array in values.items():
        if not np.isfinite(array).all():
            raise ModelNotUsable(path, f"the numbers of its '{name}' are not all finite; check its weights")
    return tuple(SeenLayer(place=place, weights=values[place.weights], inputs=values[place.inputs]) for place in places)
