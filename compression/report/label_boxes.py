"""Rectangles on a plot: whether they meet, how much they share, how far they are from points."""

import numpy as np
from numpy.typing import NDArray

# Rectangles in pixels from the plot's lower left corner, upwards positive: left, bottom, right, top; float64 [N, 4].
Boxes = NDArray[np.float64]


def meet(first: Boxes, second: Boxes) -> bool:
    """Whether two labels touch at any width between the first plot's and the last's. Both move in proportion to it, so
    that their distance is smallest at one of the two, or passes 0 in between."""
    if first[0, 1] >= second[0, 3] or second[0, 1] >= first[0, 3]:
        return False
    gaps = [
        max(ours[0] - theirs[2], theirs[0] - ours[2])
        for ours, theirs in ((first[0], second[0]), (first[-1], second[-1]))
    ]
    changed_sides = (first[0, 0] < second[0, 0]) != (first[-1, 0] < second[-1, 0])
    return bool(changed_sides or min(gaps) < 0)


def distances(box: Boxes, points: NDArray[np.float64]) -> NDArray[np.float64]:
    """From a box to each of the points [N, 2], in pixels."""
    across = np.maximum(np.maximum(box[0] - points[:, 0], points[:, 0] - box[2]), 0.0)
    upwards = np.maximum(np.maximum(box[1] - points[:, 1], points[:, 1] - box[3]), 0.0)
    distances: NDArray[np.float64] = np.hypot(across, upwards)
    return distances


def overlaps(box: Boxes, others: Boxes) -> NDArray[np.float64]:
    """Shared areas of one box and many, in square pixels."""
    width = np.minimum(box[2], others[:, 2]) - np.maximum(box[0], others[:, 0])
    height = np.minimum(box[3], others[:, 3]) - np.maximum(box[1], others[:, 1])
    areas: NDArray[np.float64] = np.clip(width, 0, None) * np.clip(height, 0, None)
    return areas
