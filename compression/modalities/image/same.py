"""Which images show the same: told from small grey copies, so that another size or another way to store does not hide
it."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

SIDE = 16
# The mean difference of two copies' pixels, of 255, that storing once more as a JPEG makes and another photo does not.
MOST_APART = 3.0
# And so much of the spread of a copy's own pixels: where little can be seen, little makes another image.
OF_ITS_SPREAD, LEAST_APART = 0.2, 0.5


def small_copy(image: Image.Image) -> NDArray[np.uint8]:
    """Grey, [SIDE, SIDE], each pixel a mean."""
    return np.asarray(image.convert("L").resize((SIDE, SIDE), Image.Resampling.BOX))


def first_of_the_same(copies: NDArray[np.uint8]) -> NDArray[np.intp]:
    """For each of small copies [N, SIDE, SIDE] the first that shows the same, [N]; its own number for most.

    Copies whose means over a grid of 2 x 2 fields differ are not compared further. Each is compared with the first
    itself: of a row of images that change a little each time, not all are the same.
    """
    count, half = len(copies), SIDE // 2
    flat = copies.reshape(count, -1).astype(np.int16)
    fields = copies.reshape(count, 2, half, 2, half).mean(axis=(2, 4)).reshape(count, 4)
    first, pairs = np.arange(count, dtype=np.intp), list[tuple[int, int]]()
    # Sorted by brightness, copies of the same are neighbours: their means differ by no more than their pixels do.
    brightness = fields.mean(axis=1)
    order = np.argsort(brightness, kind="stable")
    ends = np.searchsorted(brightness[order], brightness[order] + MOST_APART, side="right")
    for place, end in enumerate(ends):
        row, near = order[place], order[place + 1 : end]
        near = near[np.abs(fields[near] - fields[row]).max(axis=1) <= MOST_APART * 4]
        allowed = np.clip(OF_ITS_SPREAD * flat[row].std(), LEAST_APART, MOST_APART)
        for other in near[np.abs(flat[near] - flat[row]).mean(axis=1) <= allowed]:
            pairs.append((min(row, other), max(row, other)))
    # A pair comes after all that its first is the second of, so that a first is known by then.
    for low, high in sorted(pairs):
        if first[low] == low and first[high] == high:
            first[high] = low
    return first
