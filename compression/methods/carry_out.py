"""Carrying out one recipe: progress on the way, and at last one ONNX file. Knows nothing of studies or lanes."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import assert_never

import torch

from compression.catalog.weights import load_pretrained
from compression.methods.export import export_network, write_model
from compression.methods.materials import Materials
from compression.methods.quantization import judges, needs_of, quantize_file
from compression.methods.quantization.judge import Judge
from compression.methods.student_training import BegunAnew, LookingIntoTeacher, Trained, train_student
from compression.methods.training import Progress
from compression.store.objectives import needs_labels
from compression.store.recipes import Distill, DistillThenQuantize, Original, Quantize, Recipe, Train
from compression.store.records import Needs
from compression.store.schemes import Scheme


@dataclass(frozen=True, kw_only=True)
class Step:
    """News on the way: ``done`` is the share of the recipe, ``validation_accuracy`` is set where it is known."""

    stage: str
    done: float
    validation_accuracy: float | None = None


@dataclass(frozen=True, kw_only=True)
class Made:
    """A recipe carried out. ``seconds`` is the wall time of this recipe's own work, without the trainings from other
    seeds, whose accuracies are ``validation_repeats``.

    ``short_of_memory``: memory ran out once, and the student was trained in half the batch instead.
    """

    artefact: Path
    seconds: float
    needs: Needs
    validation_accuracy: float | None = None
    validation_repeats: tuple[float, ...] = ()
    short_of_memory: bool = False


def carry_out(recipe: Recipe, materials: Materials) -> Iterator[Step | Made]:
    """Yield steps, then what was made. The files of the recipes that this one builds on must be there already."""
    match recipe:
        case Original():
            yield from _export_original(materials)
        case Quantize(scheme=scheme):
            yield from _quantize(scheme, materials.original, materials.artefact(recipe), materials)
        case Distill() | Train():
            yield from _train(recipe, materials)
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
    judge = Judge(materials.dataset.validation, materials.dataset.normalize, threads=torch.get_num_threads())
    for done in quantize_file(scheme, source, artefact, calibration=materials.calibration, judge=judge):
        yield Step(stage="quantizing", done=done)
    yield Made(
        artefact=artefact,
        seconds=monotonic() - started,
        needs=needs_of(scheme, judge),
        validation_accuracy=judge.accuracy(artefact) if judges(scheme) else None,
    )


def _train(recipe: Distill | Train, materials: Materials) -> Iterator[Step | Made]:
    """Train a student from each seed; the file is that of the first."""
    artefact, stage, trainings = materials.artefact(recipe), "training", materials.student_budget.seeds
    seeds = range(materials.seed, materials.seed + trainings)
    trained: list[Trained] = []
    for number, seed in enumerate(seeds):
        for event in train_student(recipe, materials, seed=seed):
            match event:
                case Progress(done=done, validation_accuracy=accuracy):
                    yield Step(stage=stage, done=(number + done) / trainings, validation_accuracy=accuracy)
                case LookingIntoTeacher():
                    yield Step(stage="looking into the teacher", done=number / trainings)
                case BegunAnew(batch_size=batch_size):
                    stage = f"out of memory, training in steps of {batch_size} images:"
                    yield Step(stage=stage, done=number / trainings)
                case Trained():
                    trained.append(event)
                case _:
                    assert_never(event)
    before_export = monotonic()
    write_model(export_network(trained[0].network, materials.dataset.card), artefact)
    for seed in seeds:
        materials.checkpoint(recipe, seed).unlink(missing_ok=True)
    yield Made(
        artefact=artefact,
        seconds=trained[0].seconds + monotonic() - before_export,
        needs=Needs(
            labels=isinstance(recipe, Train) or needs_labels(recipe.objective), examples=materials.student_views.size
        ),
        validation_accuracy=trained[0].validation_accuracy,
        validation_repeats=tuple(other.validation_accuracy for other in trained[1:]),
        short_of_memory=any(each.short_of_memory for each in trained),
    )
