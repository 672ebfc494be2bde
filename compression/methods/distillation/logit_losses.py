"""What a student can learn from a teacher's logits: pure functions from logits [B, K] to a loss.

- Soft targets: Hinton, Vinyals and Dean 2015, "Distilling the Knowledge in a Neural Network".
- Logit standardization: Sun, Ren, Li, Wang and Cao 2024 (CVPR), "Logit Standardization in Knowledge Distillation". With
  one temperature for both, a small student would have to reach the spread of its teacher's logits. Standardized first,
  only the relations between the logits count.
- DKD: Zhao, Cui, Song, Qiu and Liang 2022 (CVPR), "Decoupled Knowledge Distillation". The divergence of soft targets is
  the sum of a part for the target class and a part for how the others share the rest; the second is multiplied by the
  teacher's doubt, and so hardly counts where the teacher is sure. Here each has a weight of its own:
  KD = TCKD + (1 - p_t) NCKD becomes DKD = alpha TCKD + beta NCKD.
- DIST: Huang, You, Wang, Qian and Xu 2022 (NeurIPS), "Knowledge Distillation from A Stronger Teacher". Asks for the
  teacher's relations and not for its very probabilities: a correlation does not change when one side is scaled or
  shifted, so that a weak student need not be as sure as a strong teacher.
"""

import torch
from torch import Tensor
from torch.nn import functional

# So that equal logits, which have no spread, become zeros.
SMALLEST_DEVIATION = 1e-7


def soft_target_divergence(student: Tensor, teacher: Tensor, temperature: float) -> Tensor:
    """``T^2 * KL(softmax(z_t / T) || softmax(z_s / T))``, mean over the batch; logits are [B, K].

    T^2 keeps the size of the gradients independent of T (the end of section 2).
    """
    student_log = functional.log_softmax(student / temperature, dim=1)
    teacher_log = functional.log_softmax(teacher / temperature, dim=1)
    divergence = functional.kl_div(student_log, teacher_log, reduction="batchmean", log_target=True)
    return divergence * temperature**2


def standardized(logits: Tensor) -> Tensor:
    """Each row of logits [B, K] with its mean taken off, over its standard deviation (divisor K): their Z-score."""
    centred = logits - logits.mean(dim=1, keepdim=True)
    return centred / (logits.std(dim=1, keepdim=True, correction=0) + SMALLEST_DEVIATION)


def target_class_divergence(student: Tensor, teacher: Tensor, labels: Tensor, temperature: float) -> Tensor:
    """TCKD times T^2: ``KL(b_t || b_s)`` of b = (probability of the target class, that of all others together).

    Logits are [B, K], labels int64 [B]; mean over the batch.
    """
    student_log, teacher_log = (_target_or_not(logits / temperature, labels) for logits in (student, teacher))
    divergence = functional.kl_div(student_log, teacher_log, reduction="batchmean", log_target=True)
    return divergence * temperature**2


def other_classes_divergence(student: Tensor, teacher: Tensor, labels: Tensor, temperature: float) -> Tensor:
    """NCKD times T^2: ``KL`` of the softmax over all classes but the target. As ``target_class_divergence`` else."""
    student_log, teacher_log = (
        functional.log_softmax(_others(logits / temperature, labels), dim=1) for logits in (student, teacher)
    )
    divergence = functional.kl_div(student_log, teacher_log, reduction="batchmean", log_target=True)
    return divergence * temperature**2


def _target_or_not(logits: Tensor, labels: Tensor) -> Tensor:
    """Logarithms of the target's probability and of the others' together: [B, 2]."""
    total = logits.logsumexp(dim=1)
    target = logits.gather(1, labels.unsqueeze(1)).squeeze(1)
    return torch.stack([target - total, _others(logits, labels).logsumexp(dim=1) - total], dim=1)


def _others(logits: Tensor, labels: Tensor) -> Tensor:
    """The logits of all classes but the target: [B, K - 1]."""
    batch, classes = logits.shape
    is_target = functional.one_hot(labels, classes).bool()
    return logits[~is_target].view(batch, classes - 1)


# So that a row without any spread has a correlation of zero.
SMALLEST_NORM = 1e-8


def relation_between_classes(student: Tensor, teacher: Tensor, temperature: float) -> Tensor:
    """T^2 times one minus Pearson's correlation of the two rows of probabilities of an example, mean over the batch.

    Logits are [B, K]; their L_inter, scaled as soft targets are.
    """
    student_shares, teacher_shares = (functional.softmax(logits / temperature, dim=1) for logits in (student, teacher))
    return temperature**2 * _distance(student_shares, teacher_shares)


def relation_within_classes(student: Tensor, teacher: Tensor, temperature: float) -> Tensor:
    """The same along the columns: for each class over all examples of a batch, mean over the classes; their L_intra."""
    student_shares, teacher_shares = (functional.softmax(logits / temperature, dim=1) for logits in (student, teacher))
    return temperature**2 * _distance(student_shares.T, teacher_shares.T)


def _distance(one: Tensor, other: Tensor) -> Tensor:
    """One minus the correlation of the rows of two matrices, mean over the rows."""
    first, second = (matrix - matrix.mean(dim=1, keepdim=True) for matrix in (one, other))
    return 1.0 - functional.cosine_similarity(first, second, dim=1, eps=SMALLEST_NORM).mean()
