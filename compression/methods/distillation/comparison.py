"""What each feature objective compares: which stages, what is read from their maps, and the loss of it.

What is compared is read from the maps of both networks alike: the maps themselves (hints), where they are strong
(attention transfer), or their mean over all positions (distances and angles). Knows nothing of how networks are run.
"""

from collections.abc import Sequence
from typing import assert_never

import torch
from torch import Tensor, nn
from torch.nn import functional

from compression.methods.distillation.feature_losses import (
    angle_loss,
    attention_loss,
    attention_map,
    distance_loss,
    hint_loss,
    normalized_map,
)
from compression.methods.distillation.feature_maps import Stage
from compression.records.objectives import AttentionTransfer, FeatureObjective, FitNets, Rkd

# A student's stage and a teacher's.
StagePair = tuple[Stage, Stage]


def compared(objective: FeatureObjective, pairs: Sequence[StagePair]) -> tuple[StagePair, ...]:
    """Of all pairs of stages, from the inputs on, those that the objective looks at."""
    match objective:
        case FitNets():
            # The middle of both networks, as the paper has it.
            return (pairs[len(pairs) // 2],)
        case AttentionTransfer():
            return tuple(pairs)
        case Rkd():
            return (pairs[-1],)
        case _:
            assert_never(objective)


def projections(objective: FeatureObjective, pairs: Sequence[StagePair]) -> nn.ModuleList:
    """A 1x1 convolution for each pair whose maps are compared channel by channel and differ in width."""
    if not isinstance(objective, FitNets):
        return nn.ModuleList()
    return nn.ModuleList(
        nn.Identity() if student.channels == teacher.channels else nn.Conv2d(student.channels, teacher.channels, 1)
        for student, teacher in pairs
    )


def readings(objective: FeatureObjective, maps: Sequence[Tensor], pairs: Sequence[StagePair]) -> list[Tensor]:
    """From the maps [B, C, H, W] of either network to what is compared, one [B, ...] for each pair.

    Where the maps of a pair differ in size, the larger one is averaged down to the smaller.
    """
    sizes = [(min(one.height, other.height), min(one.width, other.width)) for one, other in pairs]
    match objective:
        case FitNets():
            return [functional.adaptive_avg_pool2d(each, size) for each, size in zip(maps, sizes, strict=True)]
        case AttentionTransfer():
            return [
                normalized_map(functional.adaptive_avg_pool2d(attention_map(each), size))
                for each, size in zip(maps, sizes, strict=True)
            ]
        case Rkd():
            # The mean over all positions is what a linear classifier gets to see.
            return [each.mean((2, 3)) for each in maps]
        case _:
            assert_never(objective)


def feature_terms(
    objective: FeatureObjective, student: Sequence[Tensor], teacher: Sequence[Tensor], projected_by: nn.ModuleList
) -> dict[str, Tensor]:
    """The weighted terms, by name, of what was read from both networks."""
    match objective:
        case FitNets(weight=weight):
            losses = [
                hint_loss(project(found), wanted)
                for project, found, wanted in zip(projected_by, student, teacher, strict=True)
            ]
            return {"hints": weight * torch.stack(losses).sum()}
        case AttentionTransfer(weight=weight):
            losses = [attention_loss(found, wanted) for found, wanted in zip(student, teacher, strict=True)]
            return {"attention": weight * torch.stack(losses).sum()}
        case Rkd(distance_weight=for_distances, angle_weight=for_angles):
            (found,), (wanted,) = student, teacher
            return {
                "distances": for_distances * distance_loss(found, wanted),
                "angles": for_angles * angle_loss(found, wanted),
            }
        case _:
            assert_never(objective)
