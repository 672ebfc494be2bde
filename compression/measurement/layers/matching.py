"""Which layer of one file is which of another file of the same network. Pure: knows the layers' numbers only."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from compression.measurement.layers.activations import SeenLayer

# The least cosine of the angle between the weights of one layer in two files: far below that of a layer with itself in
# few bits, far above that of two layers. docs/lab-notes.md, "Matching layers by their weights".
ALIKE = 0.5


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
