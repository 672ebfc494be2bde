"""Pretraining is a sequence of phases that can be left and taken up again without a trace."""

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

from compression.catalog.cards import AugmentationCard
from compression.catalog.examples import Dataset
from compression.catalog.rows import FASHION_MNIST
from compression.errors import UnknownName
from compression.methods.modality import Pretrained
from compression.methods.training.loop import Budget, TrainingProgress
from compression.modalities.image import pretraining
from compression.modalities.image.modality import ImageModality
from compression.modalities.image.pretraining import Phase
from tests import tiny


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> Dataset:
    """A training of two phases of an epoch each, on 64 images."""
    phase = Budget(epochs=1, batch_size=32, peak_learning_rate=0.02, weight_decay=1e-4)
    phases = tuple(Phase(budget=phase, augmentation=views) for views in (pretraining.ROUGH, pretraining.GENTLE))
    monkeypatch.setitem(pretraining.PHASES, "mobilenet_v2", phases)
    part = tiny.images(64, seed=1)
    return Dataset(card=tiny.CARD, train=part, validation=part, test=part)


def steps_of(dataset: Dataset, checkpoint: Path) -> "Iterator[TrainingProgress | Pretrained]":
    return ImageModality().pretrain("mobilenet_v2", dataset, seed=0, checkpoint=checkpoint)


def pretrained(dataset: Dataset, checkpoint: Path) -> Pretrained:
    last = list(steps_of(dataset, checkpoint))[-1]
    assert isinstance(last, Pretrained)
    return last


def test_each_epoch_of_each_phase_is_logged_under_its_number(short: Dataset, tmp_path: Path) -> None:
    assert [record.epoch for record in pretrained(short, tmp_path / "a").log] == [1, 2]


def test_a_training_that_was_left_between_phases_ends_as_one_that_was_not(short: Dataset, tmp_path: Path) -> None:
    whole = pretrained(short, tmp_path / "whole")
    progress = steps_of(short, tmp_path / "broken")
    of_an_epoch = (step for step in progress if isinstance(step, Pretrained) or step.validation_accuracy is not None)
    list(itertools.islice(of_an_epoch, 1))
    resumed = pretrained(short, tmp_path / "broken")
    assert resumed.log == whole.log
    for name, tensor in whole.network.state_dict().items():
        assert torch.equal(tensor, resumed.network.state_dict()[name])


def test_an_averaged_phase_ends_in_the_mean_of_its_epochs_weights(
    short: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    budget = Budget(epochs=2, batch_size=32, peak_learning_rate=0.02, weight_decay=1e-4, annealed=False)
    phase = Phase(budget=budget, augmentation=pretraining.ROUGH, averaged=True)
    monkeypatch.setitem(pretraining.PHASES, "mobilenet_v2", (phase,))
    checkpoint, weights = tmp_path / "a", []
    for step in steps_of(short, checkpoint):
        if isinstance(step, Pretrained):
            ended = step.network.state_dict()
        elif step.validation_accuracy is not None:
            weights.append(torch.load(checkpoint, weights_only=True)["state"]["training"]["network"])
            if len(weights) == 1:
                resumed = tmp_path / "resumed"
                resumed.write_bytes(checkpoint.read_bytes())
    mean = torch.stack([epoch["classifier.1.weight"] for epoch in weights]).mean(0)
    torch.testing.assert_close(ended["classifier.1.weight"], mean)
    again = pretrained(short, resumed).network.state_dict()
    assert all(torch.equal(tensor, again[name]) for name, tensor in ended.items())


def test_a_finished_training_is_not_trained_again(short: Dataset, tmp_path: Path) -> None:
    first = pretrained(short, tmp_path / "a")
    assert pretrained(short, tmp_path / "a").seconds == first.seconds


def test_a_model_without_phases_is_unknown() -> None:
    with pytest.raises(UnknownName, match="no model called 'vgg'"):
        pretraining.phases_of("vgg", tiny.CARD)


@pytest.mark.parametrize("mirrored", [True, False])
def test_views_stray_no_further_than_the_card_allows(mirrored: bool) -> None:
    allowed = AugmentationCard(flip=mirrored, shift_pixels=4)
    card = tiny.CARD.model_copy(update={"augmentation": allowed, "image_shape": (3, 56, 56)})
    for phase in pretraining.phases_of("resnet18", card):
        assert phase.augmentation.flip is mirrored
        assert phase.augmentation.shift_pixels == 4
        # A square that hides as large a share as of 28 pixels.
        assert phase.augmentation.cutout_pixels in {0, 16}


def test_fashion_mnist_is_trained_on_as_its_models_were() -> None:
    assert pretraining.phases_of("resnet18", FASHION_MNIST) == pretraining.PHASES["resnet18"]
