"""Objectives: what a student is trained towards, beside the labels. A closed union of frozen records; code that acts on
one ends its ``match`` with ``assert_never``. Says which objective and with which numbers, and nothing of how.

A logit objective needs the teacher's logits only, so that any file can teach. A feature objective is soft targets and,
beside them, what the student's feature maps are to have in common with the teacher's: for that the teacher has to be a
network whose inside can be seen.

``labels_share`` is the share of plain cross-entropy with the labels in the sum of all weights on answers, which is
``scale``; at 0 no label is needed, except by Dkd. The usual numbers are those of the papers' experiments with small
inputs, or of the authors' code.
"""

from typing import Annotated, Literal, get_args

from pydantic import BeforeValidator, Field, TypeAdapter

from compression.errors import UnknownName
from compression.records.base import Record
from compression.records.bounds import LABELS_SHARE, TEMPERATURE

Temperature = Annotated[float, TEMPERATURE.field]
LabelsShare = Annotated[float, LABELS_SHARE.field]
Weight = Annotated[float, Field(gt=0.0, le=100.0)]
FeatureWeight = Annotated[float, Field(gt=0.0, le=10_000.0)]


class SoftTargets(Record):
    """The teacher's softened probabilities. Hinton, Vinyals and Dean 2015, "Distilling the Knowledge in a Neural
    Network"."""

    kind: Literal["soft-targets"] = "soft-targets"
    temperature: Temperature = 4.0
    labels_share: LabelsShare = 0.1
    scale: Weight = 1.0


class LogitStandardization(Record):
    """The same, of logits that have the same spread. Sun, Ren, Li, Wang and Cao 2024 (CVPR), "Logit Standardization in
    Knowledge Distillation"."""

    kind: Literal["logit-standardization"] = "logit-standardization"
    temperature: Temperature = 2.0
    labels_share: LabelsShare = 0.1
    scale: Weight = 10.0


class Dkd(Record):
    """The probability of the right class and how the others share the rest, each with a weight of its own. Zhao, Cui,
    Song, Qiu and Liang 2022 (CVPR), "Decoupled Knowledge Distillation" (DKD); without their warm-up of the teacher's
    part (docs/lab-notes.md, "DKD's warm-up")."""

    kind: Literal["dkd"] = "dkd"
    temperature: Temperature = 4.0
    target_weight: Weight = 1.0
    others_weight: Weight = 8.0
    labels_share: LabelsShare = 0.1
    scale: Weight = 10.0


class Dist(Record):
    """Not the teacher's probabilities but how they go together, between the classes of an example and between the
    examples of a batch. Huang, You, Wang, Qian and Xu 2022 (NeurIPS), "Knowledge Distillation from A Stronger Teacher"
    (DIST)."""

    kind: Literal["dist"] = "dist"
    temperature: Temperature = 4.0
    between_weight: Weight = 2.0
    within_weight: Weight = 2.0
    labels_share: LabelsShare = 0.2
    scale: Weight = 5.0


class FitNets(Record):
    """Beside soft targets: the feature maps halfway through the teacher. Romero, Ballas, Ebrahimi Kahou, Chassang,
    Gatta and Bengio 2015 (ICLR), "FitNets: Hints for Thin Deep Nets", from the first step on and not in a phase of its
    own.

    The weight is a tenth of that of Tian, Krishnan and Isola 2020 (ICLR), "Contrastive Representation Distillation":
    theirs is too much for a short training (docs/lab-notes.md, "Weight of FitNets")."""

    kind: Literal["fitnets"] = "fitnets"
    temperature: Temperature = 4.0
    labels_share: LabelsShare = 0.1
    scale: Weight = 1.0
    weight: FeatureWeight = 10.0


class AttentionTransfer(Record):
    """Beside soft targets: where in an example the teacher's features are strong. Zagoruyko and Komodakis 2017 (ICLR),
    "Paying More Attention to Attention".

    The weight is that of their code, over the elements of a map that it divides by (docs/lab-notes.md, "Weight of
    attention transfer")."""

    kind: Literal["attention-transfer"] = "attention-transfer"
    temperature: Temperature = 4.0
    labels_share: LabelsShare = 0.1
    scale: Weight = 1.0
    weight: FeatureWeight = 4.0


class Rkd(Record):
    """Beside soft targets: which examples the teacher finds alike. Park, Kim, Lu and Cho 2019 (CVPR), "Relational
    Knowledge Distillation" (RKD); the weights are those of their experiments on classification."""

    kind: Literal["rkd"] = "rkd"
    temperature: Temperature = 4.0
    labels_share: LabelsShare = 0.1
    scale: Weight = 1.0
    distance_weight: FeatureWeight = 25.0
    angle_weight: FeatureWeight = 50.0


LogitObjective = SoftTargets | LogitStandardization | Dkd | Dist
FeatureObjective = FitNets | AttentionTransfer | Rkd
ObjectiveKind = Literal["soft-targets", "logit-standardization", "dkd", "dist", "fitnets", "attention-transfer", "rkd"]
OBJECTIVE_KINDS: tuple[ObjectiveKind, ...] = get_args(ObjectiveKind)
# What older studies and command lines call them.
OLDER_KINDS: dict[str, ObjectiveKind] = {
    "standardized-targets": "logit-standardization",
    "decoupled-targets": "dkd",
    "relations": "dist",
    "hints": "fitnets",
    "distances-and-angles": "rkd",
}
# Short names, for people.
OBJECTIVE_TITLES: dict[ObjectiveKind, str] = {
    "soft-targets": "soft targets",
    "logit-standardization": "logit standardization",
    "dkd": "DKD",
    "dist": "DIST",
    "fitnets": "FitNets",
    "attention-transfer": "attention transfer",
    "rkd": "RKD",
}


def _by_the_kind_of_today(given: object) -> object:
    if isinstance(given, dict) and isinstance(kind := given.get("kind"), str):
        return given | {"kind": OLDER_KINDS.get(kind, kind)}
    return given


DistillationObjective = Annotated[
    LogitObjective | FeatureObjective, Field(discriminator="kind"), BeforeValidator(_by_the_kind_of_today)
]
# The field of a record that holds one of the logit objectives.
LogitAim = Annotated[LogitObjective, Field(discriminator="kind"), BeforeValidator(_by_the_kind_of_today)]
OBJECTIVE: TypeAdapter[DistillationObjective] = TypeAdapter(DistillationObjective)


def known_objective(name: str) -> ObjectiveKind:
    """The kind of that name, or of the name that it had before. Raises UnknownName."""
    for kind in OBJECTIVE_KINDS:
        if kind == OLDER_KINDS.get(name, name):
            return kind
    raise UnknownName("objective", name, OBJECTIVE_KINDS)


def objective_of_kind(kind: ObjectiveKind, **numbers: float) -> DistillationObjective:
    """The objective of that kind, with its usual numbers but for those that are given. Raises ValidationError."""
    return OBJECTIVE.validate_python({"kind": kind} | numbers)


def needs_labels(objective: DistillationObjective) -> bool:
    """Whether a training example has to come with its label."""
    return objective.labels_share > 0 or isinstance(objective, Dkd)


def without_labels(objective: DistillationObjective) -> DistillationObjective:
    """The same objective from the teacher alone; soft targets for one that cannot do without labels."""
    without = objective.model_copy(update={"labels_share": 0.0})
    return SoftTargets(labels_share=0.0) if needs_labels(without) else without


def soft_targets_of(objective: FeatureObjective) -> SoftTargets:
    """What a feature objective asks of the student's answers."""
    return SoftTargets(temperature=objective.temperature, labels_share=objective.labels_share, scale=objective.scale)
