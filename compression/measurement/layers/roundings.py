"""What rounding did to the layers of one file: which of the original's each is, and their numbers as histograms beside
those of the original.

Knows the two files' layers; not how the second was made from the first.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from compression.catalog.examples import Inputs
from compression.errors import ModelNotUsable
from compression.measurement.layers.activations import SeenLayer, layers_seen
from compression.measurement.layers.histogram import histogram
from compression.records.layers import Rounding

# The least cosine of the angle between the weights of one layer in two files: far below that of a layer with itself in
# few bits, far above that of two layers. docs/lab-notes.md, "Matching layers by their weights".
ALIKE = 0.5


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


def matched(original: Sequence[SeenLayer], others: Sequence[SeenLayer]) -> tuple[tuple[SeenLayer, SeenLayer], ...]:
    """Each of ``others`` with the layer of the original that it was made from; left out where there is none.

    By what the weights are: not every tool keeps their names, nor the order of parallel branches, and two layers of one
    shape would be taken for each other without a sign of it. So it is the one of the same shape with the most similar
    weights, of those not taken yet, if they are similar at all.
    """
    left = list(original)
    found = []
    for other in others:
        likeness = [_likeness(each.by_channel, other.by_channel) for each in left]
        best = int(np.argmax(likeness)) if likeness else 0
        if likeness and likeness[best] >= ALIKE:
            found.append((left.pop(best), other))
    return tuple(found)


def _likeness(first: NDArray[np.float32], second: NDArray[np.float32]) -> float:
    """The cosine of the angle between two sets of weights, 1 for the same ones; 0 for those of another shape."""
    if first.shape != second.shape:
        return 0.0
    one, other = first.reshape(-1), second.reshape(-1)
    lengths = float(np.linalg.norm(one) * np.linalg.norm(other))
    return float(one @ other) / lengths if lengths else float((one == other).all())
