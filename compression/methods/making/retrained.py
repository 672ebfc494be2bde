"""A trained network in 8 bits, trained on while it computes with rounded numbers (quantization-aware training)."""

from collections.abc import Iterator
from pathlib import Path
from time import monotonic

from torch import nn

from compression.methods.export import write_model
from compression.methods.making import Made, Step
from compression.methods.materials import Materials
from compression.methods.objectives.objective import Distillation
from compression.methods.teacher import load_teacher_logits
from compression.store.objectives import LogitObjective, needs_labels
from compression.store.records import Needs
from compression.store.schemes import Int8


def make_retrained(
    network: nn.Module, objective: LogitObjective, artefact: Path, materials: Materials
) -> Iterator[Step | Made]:
    """Train ``network`` on for a moment, and export it in int8."""
    # Importing torchao takes a second or two, and only these recipes need it.
    from compression.methods.quantization.aware.retraining import Retrained, retrain

    started = monotonic()
    yield Step(stage="training", done=0.0)
    accuracy = None
    for event in retrain(
        network,
        materials.retraining_views,
        Distillation(objective=objective),
        materials.retraining_validation,
        card=materials.dataset.card,
        calibration=materials.calibration(Int8().calibration_images),
        budget=materials.retraining_budget,
        seed=materials.seed,
        teacher_logits=load_teacher_logits(materials.teacher_logits)[:1, materials.retraining_choice],
    ):
        if isinstance(event, Retrained):
            write_model(event.model, artefact)
        else:
            accuracy = event.validation_accuracy or accuracy
            yield Step(stage="training", done=event.done, validation_accuracy=event.validation_accuracy)
    yield Made(
        artefact=artefact,
        seconds=monotonic() - started,
        needs=Needs(labels=needs_labels(objective), examples=materials.retraining_views.size),
        validation_accuracy=accuracy,
    )
