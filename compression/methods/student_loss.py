"""What one student is trained towards: its recipe's objective, made ready for its network."""

from collections.abc import Iterator
from contextlib import closing, contextmanager

from torch import nn

from compression.methods.materials import Materials
from compression.methods.objectives.feature_distillation import FeatureDistillation
from compression.methods.objectives.objective import Distillation, LabelsOnly
from compression.store.objectives import AttentionTransfer, DistancesAndAngles, Hints
from compression.store.recipes import Distill, Train


@contextmanager
def student_loss(
    recipe: Distill | Train, network: nn.Module, materials: Materials
) -> Iterator[LabelsOnly | Distillation | FeatureDistillation]:
    """The loss of one training. Features are tapped from network and teacher for as long as it lasts.

    Raises OnlyAnswers for features of a teacher that is a file only.
    """
    if isinstance(recipe, Train):
        yield LabelsOnly()
        return
    match recipe.objective:
        case Hints() | AttentionTransfer() | DistancesAndAngles() as objective:
            teacher, image_shape = materials.network(), materials.dataset.card.image_shape
            with closing(FeatureDistillation(objective, network, teacher, image_shape, materials.device)) as loss:
                yield loss
        case objective:
            yield Distillation(objective=objective)
