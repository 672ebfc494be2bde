"""Logit standardization: Sun, Ren, Li, Wang and Cao 2024 (CVPR), "Logit Standardization in Knowledge Distillation".

With one temperature for both, a small student would have to reach the spread of its teacher's logits. Standardized
first, only the relations between the logits count.
"""

from torch import Tensor

# So that equal logits, which have no spread, become zeros.
EPSILON = 1e-7


def standardized(logits: Tensor) -> Tensor:
    """Each row of logits [B, K] with its mean taken off, over its standard deviation (divisor K): their Z-score."""
    centred = logits - logits.mean(dim=1, keepdim=True)
    return centred / (logits.std(dim=1, keepdim=True, correction=0) + EPSILON)
