"""The training loop learns, repeats itself exactly, and can be taken up where it was left."""

import itertools
from dataclasses import replace
from math import isclose

import pytest
import torch

from compression.catalog.examples import Dataset
from compression.errors import CandidateFailed
from compression.methods.distillation.objective import LabelsOnly
from compression.methods.training.loop import Budget, Training, Validation
from compression.modalities.image.augmentation import Augmentation, CutMix, ImageViews
from compression.modalities.image.students import build_student
from compression.records.students import Student
from tests.tiny import CARD

BUDGET = Budget(epochs=3, batch_size=64, peak_learning_rate=0.1, weight_decay=5e-4)
STUDENT = Student(size="small", width=4)


def training(seed: int = 0) -> Training:
    torch.manual_seed(seed)
    return Training(build_student(STUDENT, CARD), BUDGET, seed=seed)


@pytest.fixture(scope="module")
def views(dataset: Dataset) -> ImageViews:
    return ImageViews(dataset.train, dataset.card, Augmentation(cutout_pixels=4), count=2, seed=0)


@pytest.fixture(scope="module")
def validation(dataset: Dataset) -> Validation:
    return Validation(ImageViews(dataset.validation, dataset.card, Augmentation(), count=1, seed=0))


def accuracies(run: Training, views: ImageViews, validation: Validation, mixing: CutMix | None = None) -> list[float]:
    found = (p.validation_accuracy for p in run.epochs(views, LabelsOnly(), validation, mixing=mixing))
    return [accuracy for accuracy in found if accuracy is not None]


def same_weights(one: Training, other: Training) -> bool:
    return all(
        torch.equal(a, b)
        for a, b in zip(one.network.state_dict().values(), other.network.state_dict().values(), strict=True)
    )


def test_a_student_learns(views: ImageViews, validation: Validation) -> None:
    found = accuracies(training(), views, validation)
    assert len(found) == 3
    assert found[-1] > 0.5
    assert found[-1] > found[0]


def test_the_same_seed_ends_with_the_same_weights(views: ImageViews, validation: Validation) -> None:
    first, second = training(), training()
    assert accuracies(first, views, validation) == accuracies(second, views, validation)
    assert same_weights(first, second)


def test_another_seed_ends_elsewhere(views: ImageViews, validation: Validation) -> None:
    first, second = training(seed=0), training(seed=1)
    accuracies(first, views, validation)
    accuracies(second, views, validation)
    assert not same_weights(first, second)


def test_a_resumed_training_ends_like_an_uninterrupted_one(views: ImageViews, validation: Validation) -> None:
    whole, broken = training(), training()
    accuracies(whole, views, validation)
    first_epoch = (p for p in broken.epochs(views, LabelsOnly(), validation) if p.validation_accuracy is not None)
    list(itertools.islice(first_epoch, 1))
    resumed = training(seed=0)
    resumed.load_state_dict(broken.state_dict())
    assert len(accuracies(resumed, views, validation)) == 2
    assert same_weights(whole, resumed)


def test_a_student_learns_from_mixed_images_and_repeats_itself(views: ImageViews, validation: Validation) -> None:
    plain, first, second = training(), training(), training()
    accuracies(plain, views, validation)
    found = accuracies(first, views, validation, CutMix(share=0.5))
    assert found[-1] > 0.5
    assert found == accuracies(second, views, validation, CutMix(share=0.5))
    assert same_weights(first, second) and not same_weights(first, plain)


def test_logits_of_whole_examples_do_not_teach_mixed_ones(views: ImageViews, validation: Validation) -> None:
    logits = torch.zeros(views.count, views.size, views.classes)
    with pytest.raises(ValueError, match="whole examples"):
        next(training().epochs(views, LabelsOnly(), validation, logits, CutMix(share=0.5)))


def test_a_training_that_breaks_down_ends_with_a_sentence(views: ImageViews, validation: Validation) -> None:
    wild = replace(BUDGET, peak_learning_rate=1e9)
    run = Training(build_student(STUDENT, CARD), wild, seed=0)
    with pytest.raises(CandidateFailed, match="broke down in epoch 1, where its loss was no longer a finite number"):
        accuracies(run, views, validation)


def test_progress_ends_at_one(views: ImageViews, validation: Validation) -> None:
    seen = list(training().epochs(views, LabelsOnly(), validation))
    assert [progress.done for progress in seen] == sorted(progress.done for progress in seen)
    assert seen[-1].done == 1.0
    assert seen[-1].examples_per_second > 0


def test_the_learning_rate_rises_then_falls_to_zero() -> None:
    assert BUDGET.learning_rate(0.0) == 0.0
    assert BUDGET.learning_rate(BUDGET.warmup_share) == BUDGET.peak_learning_rate
    assert isclose(BUDGET.learning_rate(1.0), 0.0, abs_tol=1e-12)
    assert BUDGET.learning_rate(0.1) < BUDGET.learning_rate(0.15) < BUDGET.learning_rate(0.2)
    assert BUDGET.learning_rate(0.3) > BUDGET.learning_rate(0.6) > BUDGET.learning_rate(0.9)


def test_norms_and_biases_are_not_decayed() -> None:
    decayed, spared = training().optimizer.param_groups
    assert decayed["weight_decay"] == BUDGET.weight_decay
    assert all(parameter.ndim > 1 for parameter in decayed["params"])
    assert spared["weight_decay"] == 0.0
