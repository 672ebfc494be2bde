"""DIST: Huang, You, Wang, Qian and Xu 2022 (NeurIPS), "Knowledge Distillation from A Stronger Teacher".

Asks for the teacher's relations and not for its very probabilities: a correlation does not change when one side is
scaled or shifted, so that a weak student need not be as sure as a strong teacher.
"""

from torch import Tensor
from torch.nn import functional

# So that a row without any spread has a correlation of zero.
EPSILON = 1e-8


def relation_between_classes(student: Tensor, teacher: Tensor, temperature: float) -> Tensor:
    """T^2 times one minus Pearson's correlation of the two rows of probabilities of an image, mean over the batch.

    Logits are [B, K]; their L_inter, scaled as soft targets are.
    """
    student_shares, teacher_shares = (functional.softmax(logits / temperature, dim=1) for logits in (student, teacher))
    return temperature**2 * _distance(student_shares, teacher_shares)


def relation_within_classes(student: Tensor, teacher: Tensor, temperature: float) -> Tensor:
    """The same along the columns: for each class over the images of the batch, mean over the classes; their L_intra."""
    student_shares, teacher_shares = (functional.softmax(logits / temperature, dim=1) for logits in (student, teacher))
    return temperature**2 * _distance(student_shares.T, teacher_shares.T)


def _distance(one: Tensor, other: Tensor) -> Tensor:
    """One minus the correlation of the rows of two matrices, mean over the rows."""
    first, second = (matrix - matrix.mean(dim=1, keepdim=True) for matrix in (one, other))
    return 1.0 - functional.cosine_similarity(first, second, dim=1, eps=EPSILON).mean()
