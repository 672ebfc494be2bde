"""Decoupled knowledge distillation: Zhao, Cui, Song, Qiu and Liang 2022 (CVPR), "Decoupled Knowledge Distillation".

The divergence of soft targets is the sum of a part for the target class and a part for how the others share the rest;
the second is multiplied by the teacher's doubt, and so hardly counts where the teacher is sure. Here each has a weight
of its own: KD = TCKD + (1 - p_t) NCKD becomes DKD = alpha TCKD + beta NCKD.
"""

import torch
from torch import Tensor
from torch.nn import functional


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
