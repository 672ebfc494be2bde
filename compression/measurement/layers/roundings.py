"""What rounding did to the layers of one file: their numbers as histograms, beside those of the original.

Knows the two files' layers; not how the second was made from the first.
"""

from collections.abc import Sequence
from pathlib import Path

from compression.catalog.examples import Inputs
from compression.measurement.engines import ModelNotUsable
from compression.measurement.layers.activations import SeenLayer, layers_seen
from compression.measurement.layers.histogram import histogram
from compression.measurement.layers.matching import matched
from compression.records.layers import Rounding


def roundings_of(
    candidate: str, path: Path, original: Sequence[SeenLayer], inputs: Inputs, *, threads: int
) -> dict[str, Rounding]:
    """The roundings in the file of ``candidate``, by the name of the original's array of weights: one for each layer
    that it stores in 8 bits or fewer.

    ``inputs`` are those that the original's layers were seen for. Raises ModelNotUsable when the file cannot be read or
    run, or has layers that are none of the original's: then it is not said of any which one it is.
    """
    seen = layers_seen(path, inputs, threads=threads, in_few_bits=True)
    pairs = matched(original, seen)
    if len(pairs) < len(seen):
        raise ModelNotUsable(
            path,
            f"{len(seen) - len(pairs)} of its {len(seen)} layers in few bits are none of the original's; make it from "
            "that file",
        )
    return {
        before.place.stored: Rounding(
            candidate=candidate,
            weights=histogram(before.weights, after.weights),
            inputs=histogram(before.inputs, after.inputs),
        )
        for before, after in pairs
    }
