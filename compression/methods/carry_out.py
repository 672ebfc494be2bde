"""Carrying out one recipe: progress on the way, and at last one ONNX file. Knows nothing of studies or lanes."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import assert_never

import torch
from torch import nn

from compression.catalog.weights import load_pretrained
from compression.methods.export import export_network, write_model
from compression.methods.materials import Materials
from compression.methods.objectives.feature_distillation import FeatureDistillation
from compression.methods.objectives.objective import Distillation, LabelsOnly
from compression.methods.quantization import calibration_images_needed, quantize_file
from compression.methods.students import build_student
from compression.methods.teacher import load_teacher_logits
from compression.methods.training import Training
from compression.store.objectives import (
    AttentionTransfer,
    DistancesAndAngles,
    DistillationObjective,
    Hints,
    needs_labels,
)
from compression.store.recipes import Distill, DistillThenQuantize, Original, Quantize, Recipe, Train
from compression.store.records import Needs
from compression.store.schemes import Scheme
from compression.store.students import Student


@dataclass(frozen=True, kw_only=True)
class Step:
    """News on the way: ``done`` is the share of the recipe, ``validation_accuracy`` is set where it is known."""

    stage: str
    done: float
    validation_accuracy: float | None = None


@dataclass(frozen=True, kw_only=True)
class Made:
    """A recipe carried out. ``seconds`` is the wall time of this recipe's own work, without the trainings from other
    seeds, whose accuracies are ``validation_repeats``."""

    artefact: Path
    seconds: float
    needs: Needs
    validation_accuracy: float | None = None
    validation_repeats: tuple[float, ...] = ()


def carry_out(recipe: Recipe, materials: Materials) -> Iterator[Step | Made]:
    """Yield steps, then what was made. The files of the recipes that this one builds on must be there already."""
    match recipe:
        case Original():
            yield from _export_original(materials)
        case Quantize(scheme=scheme):
            yield from _quantize(scheme, materials.original, materials.artefact(recipe), materials)
        case Distill(student=student, objective=objective):
            yield from _train(student, objective, materials, artefact=materials.artefact(recipe))
        case Train(student=student):
            yield from _train(student, None, materials, artefact=materials.artefact(recipe))
        case DistillThenQuantize(distill=distill, scheme=scheme):
            yield from _quantize(scheme, materials.artefact(distill), materials.artefact(recipe), materials)
        case _:
            assert_never(recipe)


def _export_original(materials: Materials) -> Iterator[Step | Made]:
    started = monotonic()
    yield Step(stage="exporting", done=0.0)
    network = load_pretrained(materials.model, materials.dataset.card.name)
    write_model(export_network(network, materials.dataset.card), materials.original)
    yield Made(artefact=materials.original, seconds=monotonic() - started, needs=Needs(labels=False, examples=0))


def _quantize(scheme: Scheme, source: Path, artefact: Path, materials: Materials) -> Iterator[Step | Made]:
    started = monotonic()
    yield Step(stage="quantizing", done=0.0)
    images = calibration_images_needed(scheme)
    quantize_file(scheme, source, artefact, materials.calibration(images))
    yield Made(artefact=artefact, seconds=monotonic() - started, needs=Needs(labels=False, examples=images))


def _train(
    student: Student, objective: DistillationObjective | None, materials: Materials, *, artefact: Path
) -> Iterator[Step | Made]:
    """Train a student towards the objective or, without one, with the labels alone; from each seed, if several."""
    views, teacher_logits = materials.student_views, None
    if objective is not None:
        teacher_logits = load_teacher_logits(materials.teacher_logits)
    seconds, accuracies, seeds = 0.0, [], materials.student_budget.seeds
    for number in range(seeds):
        started, accuracy = monotonic(), 0.0
        # A student and its control start from the same weights.
        seed = materials.seed + number
        torch.manual_seed(seed)
        network = build_student(student, materials.dataset.card)
        with _towards(objective, network, materials) as loss:
            if isinstance(loss, FeatureDistillation):
                for _ in loss.read_teacher(views):
                    yield Step(stage="looking into the teacher", done=number / seeds)
            training = Training(network, materials.budget(), seed=seed, companion=loss.companion)
            for progress in training.epochs(views, loss, materials.validation, teacher_logits):
                if progress.validation_accuracy is not None:
                    accuracy = progress.validation_accuracy
                done = (number + progress.done) / seeds
                yield Step(stage="training", done=done, validation_accuracy=progress.validation_accuracy)
        accuracies.append(accuracy)
        if number == 0:
            write_model(export_network(network, materials.dataset.card), artefact)
            seconds = monotonic() - started
    yield Made(
        artefact=artefact,
        seconds=seconds,
        needs=Needs(labels=objective is None or needs_labels(objective), examples=views.size),
        validation_accuracy=accuracies[0],
        validation_repeats=tuple(accuracies[1:]),
    )


@contextmanager
def _towards(
    objective: DistillationObjective | None, network: nn.Module, materials: Materials
) -> Iterator[LabelsOnly | Distillation | FeatureDistillation]:
    """The loss of one training. Features are tapped from network and teacher for as long as it lasts."""
    match objective:
        case None:
            yield LabelsOnly()
        case Hints() | AttentionTransfer() | DistancesAndAngles():
            card = materials.dataset.card
            teacher = load_pretrained(materials.model, card.name)
            with closing(FeatureDistillation(objective, network, teacher, card.image_shape)) as loss:
                yield loss
        case _:
            yield Distillation(objective=objective)
