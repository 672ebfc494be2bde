"""What a network is trained towards: from logits to named loss terms. Knows nothing of loops, optimizers or where a
teacher's logits come from.
"""

from dataclasses import dataclass
from typing import ClassVar, Protocol, assert_never

from torch import Tensor, nn
from torch.nn import functional

from compression.methods.distillation.logit_losses import (
    other_classes_divergence,
    relation_between_classes,
    relation_within_classes,
    soft_target_divergence,
    standardized,
    target_class_divergence,
)
from compression.methods.modality import TensorInputs
from compression.records.objectives import Dist, Dkd, LogitObjective, LogitStandardization, SoftTargets


@dataclass(frozen=True, kw_only=True)
class Batch:
    """What an objective may look at beside the student's logits, for B examples and K classes.

    ``labels`` is int64 [B], or float [B, K] where several share an example; ``teacher_logits`` is float [B, K], or None
    when nobody teaches. ``inputs`` are the examples as the network saw them, ``indices`` int64 [B] and ``view`` where
    in the training set they come from.
    """

    labels: Tensor
    teacher_logits: Tensor | None = None
    inputs: TensorInputs | None = None
    indices: Tensor | None = None
    view: int = 0


class Objective(Protocol):
    """Logits [B, K] and a batch to loss terms by name, each a scalar; what is minimised is their sum.

    ``companion`` holds weights of the objective's own, if it has any, to be trained with the network.
    """

    @property
    def companion(self) -> nn.Module | None:
        """What is trained with the network and is no part of it."""
        ...

    def __call__(self, logits: Tensor, batch: Batch) -> dict[str, Tensor]:
        """The loss terms by name."""
        ...


@dataclass(frozen=True, kw_only=True)
class LabelsOnly:
    """Plain cross-entropy with the labels: how a network is trained without a teacher."""

    companion: ClassVar[None] = None

    def __call__(self, logits: Tensor, batch: Batch) -> dict[str, Tensor]:
        """One term, ``labels``."""
        return {"labels": functional.cross_entropy(logits, batch.labels)}


@dataclass(frozen=True, kw_only=True)
class Distillation:
    """A teacher's terms and the labels share the loss:
    ``scale * ((1 - share) * sum(w_i term_i) / sum(w_i) + share * CE(z, y))``.

    For SoftTargets that is Hinton's own form, and for the others that of their papers, when the numbers are the usual
    ones.
    """

    companion: ClassVar[None] = None

    objective: LogitObjective

    def __call__(self, logits: Tensor, batch: Batch) -> dict[str, Tensor]:
        """The teacher's terms and, if they have a share, ``labels``. Raises ValueError without teacher's logits."""
        if batch.teacher_logits is None:
            raise ValueError("a distillation needs a teacher's logits")
        share, scale = self.objective.labels_share, self.objective.scale
        found = teacher_terms(self.objective, logits, batch.teacher_logits, batch.labels)
        terms = {name: scale * (1.0 - share) * term for name, term in found.items()}
        if share:
            terms["labels"] = scale * share * functional.cross_entropy(logits, batch.labels)
        return terms


def teacher_terms(objective: LogitObjective, student: Tensor, teacher: Tensor, labels: Tensor) -> dict[str, Tensor]:
    """What the teacher asks for, in terms whose weights sum up to 1; logits are [B, K], labels int64 [B]."""
    temperature = objective.temperature
    match objective:
        case SoftTargets():
            return {"teacher": soft_target_divergence(student, teacher, temperature)}
        case LogitStandardization():
            return {"teacher": soft_target_divergence(standardized(student), standardized(teacher), temperature)}
        case Dkd(target_weight=target, others_weight=others):
            target_term = target_class_divergence(student, teacher, labels, temperature)
            others_term = other_classes_divergence(student, teacher, labels, temperature)
            return {
                "target class": target / (target + others) * target_term,
                "other classes": others / (target + others) * others_term,
            }
        case Dist(between_weight=between, within_weight=within):
            between_term = relation_between_classes(student, teacher, temperature)
            within_term = relation_within_classes(student, teacher, temperature)
            return {
                "between classes": between / (between + within) * between_term,
                "within classes": within / (between + within) * within_term,
            }
        case _:
            assert_never(objective)
