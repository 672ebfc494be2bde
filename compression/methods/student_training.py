"""The training of one student of a study, with the troubles it may meet: an interruption, after which it goes on from
its last epoch, and memory that runs out, after which it is tried once more in half the batch.

Knows no file but its checkpoint: what becomes of the network is the caller's affair.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from time import monotonic

import torch
from torch import nn

from compression.errors import CandidateFailed
from compression.methods import checkpoint
from compression.methods.materials import Materials
from compression.methods.memory_shortage import is_memory_shortage
from compression.methods.objectives.feature_distillation import FeatureDistillation
from compression.methods.student_loss import student_loss
from compression.methods.students import build_student
from compression.methods.teacher import load_teacher_logits
from compression.methods.training import SECONDS_BETWEEN_NEWS, Budget, Progress, Training
from compression.store.recipes import Distill, Train


@dataclass(frozen=True, kw_only=True)
class Trained:
    """A student at the end of its training. ``seconds`` is that of all its epochs, over every interruption."""

    network: nn.Module
    seconds: float
    validation_accuracy: float
    short_of_memory: bool


@dataclass(frozen=True, kw_only=True)
class LookingIntoTeacher:
    """News that the teacher's features are being read, before anything is trained."""


@dataclass(frozen=True, kw_only=True)
class BegunAnew:
    """News that memory ran out, and that the training begins anew with so many images in a step."""

    batch_size: int


News = Progress | LookingIntoTeacher | BegunAnew


def train_student(recipe: Distill | Train, materials: Materials, *, seed: int) -> Iterator[News | Trained]:
    """Yield news and at last the trained student. ``seed`` is that of its first weights and of the order of images.

    After each epoch the state goes to the training's checkpoint, for a later call to go on from; whoever has made a
    file of the student deletes it. Raises CandidateFailed when memory runs out in half the batch too.
    """
    whole = materials.budget()
    for budget in (whole, in_half_batches(whole)):
        if budget != whole:
            yield BegunAnew(batch_size=budget.batch_size)
        try:
            yield from _train(recipe, materials, budget, seed)
            return
        except (RuntimeError, MemoryError) as error:
            if not is_memory_shortage(error):
                raise
    half = in_half_batches(whole).batch_size
    raise CandidateFailed(
        f"Memory ran out while training, even with {half} instead of {whole.batch_size} images in a step; close other "
        "programs, or use a computer with more memory, and start again."
    )


def in_half_batches(budget: Budget) -> Budget:
    """Twice as many steps, each half as far (the linear rule of Goyal et al. 2017, "Accurate, Large Minibatch SGD")."""
    return replace(budget, batch_size=max(1, budget.batch_size // 2), peak_learning_rate=budget.peak_learning_rate / 2)


def _train(recipe: Distill | Train, materials: Materials, budget: Budget, seed: int) -> Iterator[News | Trained]:
    file, name = materials.checkpoint(recipe, seed), materials.training_name(recipe, budget, seed)
    views = materials.student_views
    teacher_logits = None
    if isinstance(recipe, Distill):
        teacher_logits = load_teacher_logits(materials.teacher_logits).to(materials.device)
    # A student and its control start from the same weights.
    torch.manual_seed(seed)
    network = build_student(recipe.student, materials.dataset.card)
    seconds_before, accuracy = 0.0, 0.0
    started = monotonic()
    with student_loss(recipe, network, materials) as loss:
        training = Training(network, budget, seed=seed, device=materials.device, companion=loss.companion)
        kept = checkpoint.kept(file, training=name)
        if kept is not None:
            training.load_state_dict(kept["training"])
            seconds_before, accuracy = kept["seconds"], kept["validation_accuracy"]
        if isinstance(loss, FeatureDistillation):
            told = 0.0
            for _ in loss.read_teacher(views):
                if monotonic() - told >= SECONDS_BETWEEN_NEWS:
                    yield LookingIntoTeacher()
                    told = monotonic()
        for progress in training.epochs(views, loss, materials.validation, teacher_logits):
            if progress.validation_accuracy is not None:
                accuracy = progress.validation_accuracy
                state = {
                    "training": training.state_dict(),
                    "seconds": seconds_before + monotonic() - started,
                    "validation_accuracy": accuracy,
                }
                checkpoint.keep(file, state, training=name)
            yield progress
    yield Trained(
        network=network,
        seconds=seconds_before + monotonic() - started,
        validation_accuracy=accuracy,
        short_of_memory=budget != materials.budget(),
    )
