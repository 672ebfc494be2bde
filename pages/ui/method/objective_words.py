"""What a student is asked for, objective by objective, and what part the labels have in it, in words."""

from typing import assert_never

from compression.records.objectives import (
    AttentionTransfer,
    Dist,
    DistillationObjective,
    Dkd,
    FeatureObjective,
    FitNets,
    LogitStandardization,
    Rkd,
    SoftTargets,
    needs_labels,
)
from compression.records.subject import Subject


def what_is_asked(objective: DistillationObjective, subject: Subject) -> str:
    """What the student is to have in common with its teacher, and who proposed it."""
    evened = f"at a temperature of {objective.temperature:g}"
    answers = f"A student is to give the teacher's probabilities, {evened}"
    match objective:
        case SoftTargets():
            asked = f"{answers} (Hinton, Vinyals and Dean 2015)."
        case LogitStandardization():
            asked = (
                f"{answers}, after the logits of both were brought to the same spread (logit standardization, Sun et "
                "al. 2024)."
            )
        case Dkd():
            asked = (
                f"A student is to give the teacher's probability of the right class, and to share out the rest as the "
                f"teacher does, {evened} (decoupled distillation, DKD, Zhao et al. 2022)."
            )
        case Dist():
            asked = (
                f"A student's probabilities, {evened}, are to rise and fall with the teacher's, from class to class "
                f"and from {subject.noun} to {subject.noun} (DIST, Huang et al. 2022)."
            )
        case FitNets():
            asked = (
                f"{answers} (Hinton et al. 2015), and halfway through to have feature maps from which a learned "
                "projection makes the teacher's (FitNets, Romero et al. 2015). The projection is thrown away "
                "when the student is ready."
            )
        case AttentionTransfer():
            asked = (
                f"{answers} (Hinton et al. 2015), and to have strong features where in each {subject.noun} the teacher "
                "has them (attention transfer, Zagoruyko and Komodakis 2017)."
            )
        case Rkd():
            asked = (
                f"{answers} (Hinton et al. 2015), and to find the same {subject.nouns} alike, by the distances between "
                "any two and the angles between any three of a batch (RKD, Park et al. 2019)."
            )
        case _:
            assert_never(objective)
    return asked


def labels_weight(objective: DistillationObjective, subject: Subject) -> str:
    """How much a student learns from the labels and, where that is nothing, what they are used for at all."""
    if not needs_labels(objective):
        return (
            f"The labels have no weight. Nobody needs to know what the training {subject.nouns} are; the labels of "
            f"the validation {subject.nouns} are used to watch the training only."
        )
    if objective.labels_share == 0:
        return "The labels have no weight, but say which class is the right one."
    share = f"{100 * objective.labels_share:g}%"
    if isinstance(objective, FeatureObjective):
        return f"Of the weight on the answers, {share} is on the labels."
    return f"{share} of the weight is on the labels, the rest on the teacher."
