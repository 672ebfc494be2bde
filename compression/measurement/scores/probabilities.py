"""Telling class scores that are probabilities already from logits, by what they sum to. Knows nothing of how a file
came by them.

Of a softmax in 8 bits each of K probabilities is off by up to half a step, which ONNX Runtime's quantizer makes 1/256,
and 1 itself is out of reach: rows miss 1 by far more than rounding in floating point makes them.
"""

import numpy as np
from numpy.typing import NDArray

# By how much the probabilities of a file in floating point may miss 1 in sum: fp16 rounds each to three digits.
ROUNDING = 5e-3
# The values that a number in 8 bits can have, and the largest step between them when they reach from 0 to 1: half of
# those of a number with a sign lie above 0.
LEVELS = 256
LARGEST_STEP = 1 / 127
# Of a step, what stands for the probabilities that 8 bits round to 0. They lie anywhere below half of it:
# docs/lab-notes.md, "Probabilities that were rounded to 0".
LOST = 0.01


def are_probabilities(scores: NDArray[np.float32]) -> bool:
    """Whether every row of ``scores`` [B, K] is a distribution over the classes: logits of many examples never are."""
    allowed = ROUNDING + ((scores.shape[1] + 1) * LARGEST_STEP / 2 if _in_8_bits(scores) else 0.0)
    within = (scores >= 0.0).all() and (scores <= 1.0 + ROUNDING).all()
    return bool(within and (np.abs(scores.sum(axis=1) - 1.0) < allowed).all())


def least_probability(probabilities: NDArray[np.float32]) -> float:
    """What a probability has to be taken for that was rounded to 0, so that it has a logarithm; ``probabilities``
    [B, K] are some of the same file. In floating point it is next to nothing.
    """
    if not _in_8_bits(probabilities):
        return float(np.finfo(np.float32).tiny)
    return LOST * min(LARGEST_STEP, float(probabilities[probabilities > 0.0].min(initial=LARGEST_STEP)))


def _in_8_bits(scores: NDArray[np.float32]) -> bool:
    """Whether there are no more different scores than 8 bits can tell apart, as there always are of few examples."""
    return len(np.unique(scores)) <= LEVELS
