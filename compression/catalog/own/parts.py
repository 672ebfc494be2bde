"""Which examples teach, which choose, and which test: as people split them, else drawn with a seed, class by class."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from compression.catalog.own.listing import Part

# Of each class, as far as nobody has split the data.
TEST_SHARE = 0.2
VALIDATION_SHARE = 0.1


def parts_of(labels: NDArray[np.int64], given: Sequence[Part | None], *, seed: int) -> NDArray[np.str_]:
    """The part of each example, [N]: 'train', 'validation' or 'test'.

    What people call validation is the test where they have no other. Validation examples are held out
    of the training where there are none, and so are test examples. A class of few examples has one in each part as long
    as there are three; of two, one teaches and one tests.
    """
    parts = np.array([part or "train" for part in given], dtype="U10")
    if "test" not in parts:
        parts[parts == "validation"] = "test"
    random = np.random.default_rng(seed)
    for part, share in (("test", TEST_SHARE), ("validation", VALIDATION_SHARE)):
        if part not in parts:
            _hold_out(parts, labels, part, share, random)
    return parts


def _hold_out(
    parts: NDArray[np.str_], labels: NDArray[np.int64], part: str, share: float, random: np.random.Generator
) -> None:
    for label in np.unique(labels):
        rows = np.flatnonzero((labels == label) & (parts == "train"))
        # One is left to learn from.
        count = min(max(1, round(share * len(rows))), len(rows) - 1)
        if count > 0:
            parts[random.permutation(rows)[:count]] = part
