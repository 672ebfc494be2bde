"""What a network is trained towards: pure functions from logits to named loss terms.

Knows nothing of loops, optimizers or where a teacher's logits come from.
"""

from dataclasses import dataclass
from typing import Protocol

from torch import Tensor
from torch.nn import functional


@dataclass(frozen=True, kw_only=True)
class Batch:
    """What an objective may look at beside the student's logits, for B examples and K classes.

    ``labels`` is int64 [B]; ``teacher_logits`` is float [B, K], or None when nobody teaches.
    """

    labels: Tensor
    teacher_logits: Tensor | None = None


class Objective(Protocol):
    """Logits [B, K] and a batch to loss terms by name, each a scalar; what is minimised is their sum."""

    def __call__(self, logits: Tensor, batch: Batch) -> dict[str, Tensor]:
        """The loss terms by name."""
        ...


@dataclass(frozen=True, kw_only=True)
class LabelsOnly:
    """Plain cross-entropy with the labels: how a network is trained without a teacher."""

    def __call__(self, logits: Tensor, batch: Batch) -> dict[str, Tensor]:
        """One term, ``labels``."""
        return {"labels": functional.cross_entropy(logits, batch.labels)}


@dataclass(frozen=True, kw_only=True)
class SoftTargets:
    """Hinton, Vinyals and Dean 2015, "Distilling the Knowledge in a Neural Network", section 2.

    The student's softened probabilities follow the teacher's, both at temperature T; the labels keep a share:
    ``(1 - share) * T^2 * KL(softmax(z_t / T) || softmax(z_s / T)) + share * CE(z_s, y)``.
    T^2 keeps the size of the soft gradients independent of T (end of their section 2).
    """

    temperature: float
    labels_share: float

    def __call__(self, logits: Tensor, batch: Batch) -> dict[str, Tensor]:
        """The terms ``teacher`` and, if they have a share, ``labels``. Raises ValueError without teacher's logits."""
        if batch.teacher_logits is None:
            raise ValueError("soft targets need a teacher's logits")
        divergence = soft_target_divergence(logits, batch.teacher_logits, self.temperature)
        terms = {"teacher": (1.0 - self.labels_share) * divergence}
        if self.labels_share:
            terms["labels"] = self.labels_share * functional.cross_entropy(logits, batch.labels)
        return terms


def soft_target_divergence(student: Tensor, teacher: Tensor, temperature: float) -> Tensor:
    """``T^2 * KL(teacher || student)`` of softened probabilities, mean over the batch; logits are [B, K]."""
    student_log = functional.log_softmax(student / temperature, dim=1)
    teacher_log = functional.log_softmax(teacher / temperature, dim=1)
    divergence = functional.kl_div(student_log, teacher_log, reduction="batchmean", log_target=True)
    return divergence * temperature**2
