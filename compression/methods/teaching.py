"""Training a model of the catalog on a dataset from scratch: how the pretrained models that come along were made.

Trains, and nothing else: measuring the result and writing its card is the caller's work.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

import torch
from torch import nn

from compression.catalog.cards import EpochRecord
from compression.catalog.datasets import Dataset
from compression.catalog.networks import build_network
from compression.errors import UnknownName
from compression.methods.objectives import LabelsOnly
from compression.methods.training import Budget, Progress, Training, Validation
from compression.methods.views import Augmentation, Views

BUDGETS = {
    "resnet18": Budget(epochs=18, batch_size=128, peak_learning_rate=0.1, weight_decay=5e-4),
    "mobilenet_v2": Budget(epochs=18, batch_size=128, peak_learning_rate=0.1, weight_decay=2e-4),
}

# Flips and small shifts, and a hidden square (DeVries and Taylor 2017, "Cutout"), which lets a large network train for
# many epochs on small images without learning them by heart.
AUGMENTATION = Augmentation(flip=True, shift_pixels=2, cutout_pixels=8)


@dataclass(frozen=True, kw_only=True)
class Taught:
    """A trained network, its log, and the seconds its epochs took in all, over every session."""

    network: nn.Module
    log: tuple[EpochRecord, ...]
    seconds: float


def budget_for(model: str) -> Budget:
    """The training budget of a model of the catalog. Raises UnknownName."""
    if model not in BUDGETS:
        raise UnknownName("model", model, BUDGETS)
    return BUDGETS[model]


def teach(model: str, dataset: Dataset, *, seed: int, checkpoint: Path) -> Iterator[Progress | Taught]:
    """Train a model of the catalog, yielding progress and at last the trained network.

    After each epoch the state goes to ``checkpoint``; a later call with the same file goes on from there.
    Every epoch sees a view of its own.
    """
    budget = budget_for(model)
    torch.manual_seed(seed)
    training = Training(build_network(model, dataset.card), budget, seed=seed)
    views = Views(dataset.train, dataset.card, AUGMENTATION, count=budget.epochs, seed=seed)
    validation = Validation(Views(dataset.validation, dataset.card, AUGMENTATION, count=1, seed=seed))
    log: list[EpochRecord] = []
    seconds = 0.0
    if checkpoint.is_file():
        saved = torch.load(checkpoint, weights_only=True)
        training.load_state_dict(saved["training"])
        log = [EpochRecord.model_validate(record) for record in saved["log"]]
        seconds = saved["seconds"]
    epoch_started = monotonic()
    for progress in training.epochs(views, LabelsOnly(), validation):
        if progress.validation_accuracy is not None:
            seconds += monotonic() - epoch_started
            epoch_started = monotonic()
            log.append(
                EpochRecord(
                    epoch=progress.epoch,
                    training_loss=progress.loss,
                    validation_accuracy=progress.validation_accuracy,
                )
            )
            _save(checkpoint, training, log, seconds)
        yield progress
    yield Taught(network=training.network.eval(), log=tuple(log), seconds=seconds)


def _save(checkpoint: Path, training: Training, log: list[EpochRecord], seconds: float) -> None:
    checkpoint.parent.mkdir(parents=True, exist_ok=True)
    unfinished = checkpoint.with_name(checkpoint.name + ".part")
    state = {
        "training": training.state_dict(),
        "log": [record.model_dump() for record in log],
        "seconds": seconds,
    }
    torch.save(state, unfinished)
    unfinished.replace(checkpoint)
