"""Training a trained network on while its numbers are rounded (quantization-aware training), to one int8 ONNX model.
The training itself is left to the one loop.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

import onnx
import torch
from torch import Tensor, nn

from compression.catalog.examples import Inputs
from compression.methods.build_context import BuildContext
from compression.methods.built import BuildProgress, Built
from compression.methods.distillation.objective import Distillation, Objective
from compression.methods.distillation.teacher import load_teacher_logits
from compression.methods.export import export_graph
from compression.methods.modality import Views
from compression.methods.model_file import write_model
from compression.methods.quantization import explained_loss
from compression.methods.quantization.aware.fake_quantized import FakeQuantized, fake_quantized
from compression.methods.quantization.check import Checker
from compression.methods.quantization.repair import repaired
from compression.methods.training.loop import Budget, Training, TrainingProgress, Validation
from compression.records.budgets import RetrainingBudget
from compression.records.inputs import InputSpec
from compression.records.objectives import LogitObjective, needs_labels
from compression.records.schemes import Int8
from compression.records.study import Needs


@dataclass(frozen=True, kw_only=True)
class Retrained:
    """What came of it: the network as it was trained, and the file's content."""

    network: FakeQuantized
    model: onnx.ModelProto


def retrain(
    network: nn.Module,
    views: Views,
    objective: Objective,
    validation: Validation,
    *,
    inputs: Sequence[InputSpec],
    calibration: Inputs,
    budget: RetrainingBudget,
    seed: int,
    teacher_logits: Tensor | None = None,
) -> Iterator[TrainingProgress | Retrained]:
    """Yield progress, then the result; ``network`` is left as it was.

    ``inputs`` are the network's, ``calibration`` training examples; ``teacher_logits``: [views, N, classes]. Raises
    CandidateFailed when the training breaks down.
    """
    epochs = budget.epochs_on(views.size)
    steps = epochs * max(1, views.size // budget.batch_size)
    tensors = [torch.from_numpy(calibration[spec.name]) for spec in inputs]
    rounded = fake_quantized(network, tensors, settling_steps=round(budget.settling_share * steps))
    schedule = Budget(
        epochs=epochs,
        batch_size=budget.batch_size,
        peak_learning_rate=budget.peak_learning_rate,
        # The network has found its weights; they are only to find the nearest that bear rounding.
        weight_decay=0.0,
    )
    yield from Training(rounded, schedule, seed=seed).epochs(views, objective, validation, teacher_logits)
    yield Retrained(network=rounded, model=export_graph(rounded.integers(), inputs))


def make_retrained(
    network: nn.Module, objective: LogitObjective, artefact: Path, context: BuildContext, checker: Checker
) -> Iterator[BuildProgress | Built]:
    """Train ``network`` on for a moment, export it in int8, and hold the file against that of the network.

    Raises CandidateFailed when an engine cannot use the file.
    """
    started = monotonic()
    yield BuildProgress(stage="training", done=0.0)
    accuracy, check = None, None
    for event in retrain(
        network,
        context.retraining_views,
        Distillation(objective=objective),
        context.retraining_validation,
        inputs=context.dataset.card.inputs,
        calibration=context.calibration(Int8().calibration_examples),
        budget=context.retraining_budget,
        seed=context.seed,
        teacher_logits=load_teacher_logits(context.teacher_logits)[:1, context.retraining_choice],
    ):
        if isinstance(event, Retrained):
            checked = repaired([event.model], write_model, artefact, checker, explained=explained_loss(Int8()))
            check = checked.in_words(context.dataset.card.nouns)
        else:
            accuracy = event.validation_accuracy or accuracy
            yield BuildProgress(stage="training", done=event.done, validation_accuracy=event.validation_accuracy)
    yield Built(
        artefact=artefact,
        seconds=monotonic() - started,
        needs=Needs(labels=needs_labels(objective), examples=context.retraining_views.size),
        validation_accuracy=accuracy,
        check=check,
    )
