"""A student, with a teacher or without: trained from each of the study's seeds, and exported.

A training meets two troubles: an interruption, after which it goes on from its last epoch, and memory that runs out,
after which it is tried once more in half the batch.
"""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from time import monotonic
from typing import assert_never

import torch
from torch import nn

from compression.errors import CandidateFailed
from compression.methods.build_context import BuildContext
from compression.methods.built import BuildProgress, Built
from compression.methods.device import is_memory_shortage
from compression.methods.distillation.feature_distillation import FeatureDistillation
from compression.methods.distillation.objective import Distillation, LabelsOnly
from compression.methods.distillation.teacher import load_teacher_logits
from compression.methods.export import export_network
from compression.methods.model_file import write_model
from compression.methods.training import checkpoint
from compression.methods.training.checkpoint import store_weights
from compression.methods.training.loop import SECONDS_BETWEEN_UPDATES, Budget, Training, TrainingProgress
from compression.records.objectives import AttentionTransfer, FitNets, Rkd, needs_labels
from compression.records.progress import Stage
from compression.records.recipes import Distill, Train
from compression.records.study import Needs


def make_student(recipe: Distill | Train, context: BuildContext) -> Iterator[BuildProgress | Built]:
    """Train a student; the file is that of the first seed, and so are the weights that another recipe starts from."""
    artefact, trainings = context.artefact(recipe), context.student_budget.seeds
    stage: Stage = "training"
    smaller: int | None = None
    seeds = range(context.seed, context.seed + trainings)
    trained: list[Trained] = []
    for number, seed in enumerate(seeds):
        for event in train_student(recipe, context, seed=seed):
            match event:
                case TrainingProgress(done=done, validation_accuracy=accuracy):
                    yield BuildProgress(
                        stage=stage,
                        done=(number + done) / trainings,
                        validation_accuracy=accuracy,
                        batch_size=smaller,
                    )
                case LookingIntoTeacher():
                    yield BuildProgress(stage="looking into the teacher", done=number / trainings)
                case BegunAnew(batch_size=batch_size):
                    stage, smaller = "out of memory", batch_size
                    yield BuildProgress(stage=stage, done=number / trainings, batch_size=smaller)
                case Trained():
                    trained.append(event)
                case _:
                    assert_never(event)
    before_export, network = monotonic(), trained[0].network
    write_model(export_network(network, context.dataset.card.inputs), artefact)
    if recipe in context.trained_on:
        store_weights(network, context.weights(recipe))
    for seed in seeds:
        context.checkpoint(recipe, seed).unlink(missing_ok=True)
    yield Built(
        artefact=artefact,
        seconds=trained[0].seconds + monotonic() - before_export,
        needs=Needs(
            labels=isinstance(recipe, Train) or needs_labels(recipe.objective), examples=context.student_views.size
        ),
        validation_accuracy=trained[0].validation_accuracy,
        validation_repeats=tuple(other.validation_accuracy for other in trained[1:]),
        short_of_memory=any(each.short_of_memory for each in trained),
    )


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
    """News that memory ran out, and that the training begins anew with so many examples in a step."""

    batch_size: int


StudentProgress = TrainingProgress | LookingIntoTeacher | BegunAnew


def train_student(recipe: Distill | Train, context: BuildContext, *, seed: int) -> Iterator[StudentProgress | Trained]:
    """Yield news and at last the trained student. ``seed`` is that of its first weights and of the order of examples.

    After each epoch the state goes to the training's checkpoint, for a later call to go on from; whoever has made a
    file of the student deletes it. Raises CandidateFailed when memory runs out in half the batch too.
    """
    whole = context.budget()
    for budget in (whole, in_half_batches(whole)):
        if budget != whole:
            yield BegunAnew(batch_size=budget.batch_size)
        try:
            yield from _train(recipe, context, budget, seed)
            return
        except (RuntimeError, MemoryError) as error:
            if not is_memory_shortage(error):
                raise
    half = in_half_batches(whole).batch_size
    raise CandidateFailed(
        f"Memory ran out while training, even with {half} instead of {whole.batch_size} examples in a step; close "
        "other programs, or use a computer with more memory, and start again."
    )


def in_half_batches(budget: Budget) -> Budget:
    """Twice as many steps, each half as far (the linear rule of Goyal et al. 2017, "Accurate, Large Minibatch SGD")."""
    return replace(budget, batch_size=max(1, budget.batch_size // 2), peak_learning_rate=budget.peak_learning_rate / 2)


def _train(
    recipe: Distill | Train, context: BuildContext, budget: Budget, seed: int
) -> Iterator[StudentProgress | Trained]:
    file, name = context.checkpoint(recipe, seed), context.training_name(recipe, budget, seed)
    views = context.student_views
    teacher_logits = None
    if isinstance(recipe, Distill):
        teacher_logits = load_teacher_logits(context.teacher_logits).to(context.device)
    # A student and its control start from the same weights.
    torch.manual_seed(seed)
    network = context.modality.student(recipe.student, context.dataset.card)
    seconds_before, accuracy = 0.0, 0.0
    started = monotonic()
    with student_loss(recipe, network, context) as loss:
        training = Training(network, budget, seed=seed, device=context.device, companion=loss.companion)
        kept = checkpoint.kept(file, training=name)
        if kept is not None:
            training.load_state_dict(kept["training"])
            seconds_before, accuracy = kept["seconds"], kept["validation_accuracy"]
        if isinstance(loss, FeatureDistillation):
            told = 0.0
            for _ in loss.read_teacher(views):
                if monotonic() - told >= SECONDS_BETWEEN_UPDATES:
                    yield LookingIntoTeacher()
                    told = monotonic()
        for progress in training.epochs(views, loss, context.validation, teacher_logits):
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
        short_of_memory=budget != context.budget(),
    )


@contextmanager
def student_loss(
    recipe: Distill | Train, network: nn.Module, context: BuildContext
) -> Iterator[LabelsOnly | Distillation | FeatureDistillation]:
    """The loss of one training. Features are tapped from network and teacher for as long as it lasts.

    Raises NeedsNetwork for features of a teacher that is a file only.
    """
    if isinstance(recipe, Train):
        yield LabelsOnly()
        return
    match recipe.objective:
        case FitNets() | AttentionTransfer() | Rkd() as objective:
            teacher, inputs = context.network(), context.dataset.card.inputs
            with closing(FeatureDistillation(objective, network, teacher, inputs, context.device)) as loss:
                yield loss
        case objective:
            yield Distillation(objective=objective)
