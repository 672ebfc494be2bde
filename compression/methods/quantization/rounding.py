"""Rounding weights to few bits: symmetric, with one step for each group of them. Pure NumPy; knows no network.

A group g of weights becomes whole numbers q with g ~ step * q and -L <= q <= L, where L = 2^(bits - 1) - 1. In 8 bits
the step is max|g| / L, so that nothing is clipped. In fewer bits the step is the one with the least squared error among
shares of that: clipping the few largest weights of a group rounds all others finer (Choukroun et al. 2019, "Low-bit
Quantization of Neural Networks for Efficient Inference").

In 2 bits a weight is one of -step, 0 and step, as in Li et al. 2016, "Ternary Weight Networks", section 2.1. There the
step is far below max|g|: docs/lab-notes.md, "Clipping".
"""

from typing import Literal

import numpy as np
from numpy.typing import NDArray

Bits = Literal[8, 4, 2]
# Of the largest magnitude in the group: docs/lab-notes.md, "Clipping".
CLIPPED_TO: dict[Bits, NDArray[np.float32]] = {
    8: np.ones(1, np.float32),
    4: np.linspace(1.0, 0.4, 13, dtype=np.float32),
    2: np.linspace(1.0, 0.2, 17, dtype=np.float32),
}


def levels(bits: Bits) -> int:
    """The largest whole number, L: 127, 7 or 1."""
    return int(2 ** (bits - 1) - 1)


def steps_for(groups: NDArray[np.float32], bits: Bits) -> NDArray[np.float32]:
    """The step of each group: [G, N] to [G, 1], float32. A group of nothing but zeros gets a step of 1."""
    largest = np.abs(groups).max(axis=1, keepdims=True)
    whole: NDArray[np.float32] = np.where(largest > 0, largest / levels(bits), 1).astype(np.float32)
    best, least = whole, np.full_like(whole, np.inf)
    for share in CLIPPED_TO[bits]:
        step = share * whole
        error = np.square(round_to(groups, step, bits) * step - groups).sum(axis=1, keepdims=True)
        best, least = np.where(error < least, step, best), np.minimum(error, least)
    return best


def round_to(groups: NDArray[np.float32], steps: NDArray[np.float32], bits: Bits) -> NDArray[np.float32]:
    """The whole numbers that stand for ``groups`` [G, N] with ``steps`` [G, 1], still as floats."""
    top = np.float32(levels(bits))
    whole: NDArray[np.float32] = np.clip(np.rint(groups / steps), -top, top)
    return whole
