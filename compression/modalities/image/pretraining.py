"""Training a model of the catalog on a dataset from scratch: how the pretrained models that come along were made.

In phases: a warm restart (Loshchilov and Hutter 2017, "SGDR") on gentler views of the images follows the first, and an
average over the weights of several epochs may end it (Izmailov et al. 2018, "Averaging Weights Leads to Wider Optima
and Better Generalization"). Trains, and nothing else: measuring the result and writing its card is the caller's work.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from time import monotonic

import torch
from torch import nn
from torch.optim.swa_utils import AveragedModel, update_bn

from compression.catalog.cards import EpochRecord, ImageDatasetCard, PhaseRecord
from compression.errors import UnknownName
from compression.methods.device import training_device
from compression.methods.distillation.objective import LabelsOnly
from compression.methods.modality import Pretrained
from compression.methods.training.checkpoint import keep, kept
from compression.methods.training.loop import Budget, Training, TrainingProgress, Validation
from compression.modalities.image.augmentation import Augmentation, CutMix, ImageViews
from compression.modalities.image.networks import build_network
from compression.modalities.image.reading import ImageExamples


@dataclass(frozen=True, kw_only=True)
class Phase:
    """One cycle of the learning rate, and the views that are trained on meanwhile: a fresh one each epoch.

    ``mixing`` mixes the images of a batch; with ``averaged`` the phase ends in the average of the weights after each of
    its epochs.
    """

    budget: Budget
    augmentation: Augmentation
    mixing: CutMix | None = None
    averaged: bool = False


# A hidden square (DeVries and Taylor 2017, "Cutout") keeps a network from learning small images by heart; without it,
# at last, the network fits what it will really be shown.
# All in pixels of images of this side.
SIDE = 28
ROUGH = Augmentation(flip=True, shift_pixels=2, cutout_pixels=8)
GENTLE = Augmentation(flip=True, shift_pixels=2)

PHASES: dict[str, tuple[Phase, ...]] = {
    "resnet18": (
        # At a higher rate the loss leapt up, and without mixed images it learnt the training images by heart:
        # docs/lab-notes.md, "Bundled ResNet-18's learning rate" and "Bundled ResNet-18: mixed images".
        Phase(budget=Budget(epochs=22, batch_size=128, peak_learning_rate=0.05, weight_decay=5e-4), augmentation=ROUGH),
        Phase(budget=Budget(epochs=8, batch_size=128, peak_learning_rate=0.01, weight_decay=5e-4), augmentation=GENTLE),
        Phase(
            budget=Budget(
                epochs=12,
                batch_size=128,
                peak_learning_rate=0.02,
                weight_decay=5e-4,
                warmup_share=0.05,
                annealed=False,
            ),
            augmentation=ROUGH,
            averaged=True,
        ),
        Phase(
            budget=Budget(epochs=22, batch_size=128, peak_learning_rate=0.05, weight_decay=5e-4, warmup_share=0.05),
            augmentation=ROUGH,
            mixing=CutMix(share=0.5),
        ),
        Phase(
            budget=Budget(
                epochs=6,
                batch_size=128,
                peak_learning_rate=0.01,
                weight_decay=5e-4,
                warmup_share=0.05,
                annealed=False,
            ),
            augmentation=GENTLE,
            averaged=True,
        ),
    ),
    "mobilenet_v2": (
        Phase(budget=Budget(epochs=18, batch_size=128, peak_learning_rate=0.1, weight_decay=2e-4), augmentation=ROUGH),
        Phase(
            budget=Budget(epochs=10, batch_size=128, peak_learning_rate=0.03, weight_decay=2e-4), augmentation=GENTLE
        ),
    ),
}

STATISTICS_BATCH = 500

# Keeps the random choices of one phase apart from those of the next.
SEEDS_BETWEEN_PHASES = 1000


def phases_of(model: str, card: ImageDatasetCard) -> tuple[Phase, ...]:
    """How a model of the catalog is trained on a dataset. Raises UnknownName.

    Views stray no further than the card allows; a hidden square takes the same share of a larger image.
    """
    if model not in PHASES:
        raise UnknownName("model", model, PHASES)
    return tuple(replace(phase, augmentation=_allowed(phase.augmentation, card)) for phase in PHASES[model])


def _allowed(augmentation: Augmentation, card: ImageDatasetCard) -> Augmentation:
    return Augmentation(
        flip=augmentation.flip and card.augmentation.flip,
        shift_pixels=card.augmentation.shift_pixels,
        cutout_pixels=augmentation.cutout_pixels * min(card.image_shape[1:]) // SIDE,
    )


def pretrain(
    model: str,
    card: ImageDatasetCard,
    train: ImageExamples,
    held_out: ImageExamples,
    *,
    seed: int,
    checkpoint: Path,
) -> Iterator[TrainingProgress | Pretrained]:
    """Train a model of the catalog, yielding progress and at last the trained network; ``held_out`` is to watch it by.

    After each epoch the state goes to ``checkpoint``; a later call with the same file goes on from there. Raises
    UnknownName.
    """
    phases = phases_of(model, card)
    name = sha256(f"{model} {seed} {phases} {train.fingerprint()}".encode()).hexdigest()
    torch.manual_seed(seed)
    network = build_network(model, card)
    device = training_device()
    validation = Validation(ImageViews(held_out, card, _allowed(GENTLE, card), count=1, seed=seed, device=device))
    saved = kept(checkpoint, training=name)
    log = [EpochRecord.model_validate(record) for record in saved["log"]] if saved else []
    seconds: float = saved["seconds"] if saved else 0.0
    epochs_before = 0
    for number, phase in enumerate(phases):
        phase_seed = seed + SEEDS_BETWEEN_PHASES * number
        training = Training(network, phase.budget, seed=phase_seed, device=device)
        average = AveragedModel(network) if phase.averaged else None
        if saved and number < saved["phase"]:
            epochs_before += phase.budget.epochs
            continue
        if saved and number == saved["phase"]:
            training.load_state_dict(saved["training"])
            if average is not None:
                average.load_state_dict(saved["average"])
        views = ImageViews(
            train,
            card,
            phase.augmentation,
            count=phase.budget.epochs,
            seed=phase_seed,
            device=device,
        )
        epoch_started = monotonic()
        for progress in training.epochs(views, LabelsOnly(), validation, mixing=phase.mixing):
            if progress.validation_accuracy is not None:
                seconds += monotonic() - epoch_started
                epoch_started = monotonic()
                log.append(
                    EpochRecord(
                        epoch=epochs_before + progress.epoch,
                        training_loss=progress.loss,
                        validation_accuracy=progress.validation_accuracy,
                    )
                )
                if average is not None:
                    average.update_parameters(network)
                state = {
                    "phase": number,
                    "training": training.state_dict(),
                    "average": None if average is None else average.state_dict(),
                    "log": [record.model_dump() for record in log],
                    "seconds": seconds,
                }
                keep(checkpoint, state, training=name)
            yield progress
        if average is not None:
            network.load_state_dict(average.module.state_dict())
            _renew_statistics(network, views)
        epochs_before += phase.budget.epochs
    yield Pretrained(
        network=network.eval().cpu(),
        phases=tuple(map(_record, phases)),
        log=tuple(log),
        seconds=seconds,
    )


def _renew_statistics(network: nn.Module, views: ImageViews) -> None:
    """Batch norms are to know the activations of these very weights: averaged statistics belong to none."""
    everything = torch.arange(views.size, device=views.device)
    update_bn((views.render(part, 0)["images"] for part in torch.split(everything, STATISTICS_BATCH)), network)


def _record(phase: Phase) -> PhaseRecord:
    budget, augmentation = phase.budget, phase.augmentation
    return PhaseRecord(
        epochs=budget.epochs,
        batch_size=budget.batch_size,
        peak_learning_rate=budget.peak_learning_rate,
        weight_decay=budget.weight_decay,
        flip=augmentation.flip,
        shift_pixels=augmentation.shift_pixels,
        cutout_pixels=augmentation.cutout_pixels,
        mixed_share=phase.mixing.share if phase.mixing else 0.0,
        annealed=budget.annealed,
        averaged=phase.averaged,
    )
