"""Objectives: what a student is trained towards, beside the labels. A closed union of frozen records; code that acts on
one ends its ``match`` with ``assert_never``. Says which objective and with which numbers, and nothing of how.

All of them need the teacher's logits only, so that any file can teach. ``labels_share`` is the share of plain
cross-entropy with the labels in the sum of all weights, which is ``scale``; at 0 no label is needed, except by
DecoupledTargets. The usual numbers are those of the papers' experiments with small images, or of the authors' code.
"""

from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from compression.store.record import Record

Temperature = Annotated[float, Field(ge=1.0, le=20.0)]
Share = Annotated[float, Field(ge=0.0, le=1.0)]
Weight = Annotated[float, Field(gt=0.0, le=100.0)]


class SoftTargets(Record):
    """The teacher's softened probabilities. Hinton, Vinyals and Dean 2015, "Distilling the Knowledge in a Neural
    Network"."""

    kind: Literal["soft-targets"] = "soft-targets"
    temperature: Temperature = 4.0
    labels_share: Share = 0.1
    scale: Weight = 1.0


class StandardizedTargets(Record):
    """The same, of logits that have the same spread. Sun, Ren, Li, Wang and Cao 2024 (CVPR), "Logit Standardization in
    Knowledge Distillation"."""

    kind: Literal["standardized-targets"] = "standardized-targets"
    temperature: Temperature = 2.0
    labels_share: Share = 0.1
    scale: Weight = 10.0


class DecoupledTargets(Record):
    """The probability of the right class and how the others share the rest, each with a weight of its own. Zhao, Cui,
    Song, Qiu and Liang 2022 (CVPR), "Decoupled Knowledge Distillation" (DKD); without their warm-up of the teacher's
    part, which lasted longer than a whole training here."""

    kind: Literal["decoupled-targets"] = "decoupled-targets"
    temperature: Temperature = 4.0
    target_weight: Weight = 1.0
    others_weight: Weight = 8.0
    labels_share: Share = 0.1
    scale: Weight = 10.0


class Relations(Record):
    """Not the teacher's probabilities but how they go together, between the classes of an image and between the images
    of a batch. Huang, You, Wang, Qian and Xu 2022 (NeurIPS), "Knowledge Distillation from A Stronger Teacher"
    (DIST)."""

    kind: Literal["relations"] = "relations"
    temperature: Temperature = 4.0
    between_weight: Weight = 2.0
    within_weight: Weight = 2.0
    labels_share: Share = 0.2
    scale: Weight = 5.0


DistillationObjective = Annotated[
    SoftTargets | StandardizedTargets | DecoupledTargets | Relations, Field(discriminator="kind")
]
OBJECTIVE: TypeAdapter[DistillationObjective] = TypeAdapter(DistillationObjective)
ObjectiveKind = Literal["soft-targets", "standardized-targets", "decoupled-targets", "relations"]
# Short names, for people.
OBJECTIVE_TITLES: dict[ObjectiveKind, str] = {
    "soft-targets": "soft targets",
    "standardized-targets": "standardized logits",
    "decoupled-targets": "DKD",
    "relations": "DIST",
}


def objective_of_kind(kind: ObjectiveKind, **numbers: float) -> DistillationObjective:
    """The objective of that kind, with its usual numbers but for those that are given. Raises ValidationError."""
    return OBJECTIVE.validate_python({"kind": kind} | numbers)


def needs_labels(objective: DistillationObjective) -> bool:
    """Whether a training image has to come with its label."""
    return objective.labels_share > 0 or isinstance(objective, DecoupledTargets)
