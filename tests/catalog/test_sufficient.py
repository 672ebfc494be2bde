"""What keeps a dataset from being studied is said before any work, in one sentence."""

import numpy as np
import pytest

from compression.catalog.cards import DatasetCard
from compression.catalog.examples import Dataset
from compression.catalog.sufficient import check_dataset
from compression.errors import DatasetNotUsable
from tests.vectors.modality import READINGS, VectorExamples, VectorModality


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    return VectorModality().load(READINGS)


def without(examples: VectorExamples, label: int) -> VectorExamples:
    return examples.select(np.flatnonzero(examples.labels != label))


def with_card(dataset: Dataset, **changed: object) -> Dataset:
    card: DatasetCard = dataset.card.model_copy(update=changed)
    return Dataset(card=card, train=dataset.train, validation=dataset.validation, test=dataset.test)


def refusal(dataset: Dataset, **needs: int) -> str:
    with pytest.raises(DatasetNotUsable) as refused:
        check_dataset(dataset, **needs)
    return str(refused.value)


def test_a_whole_dataset_is_taken(dataset: Dataset) -> None:
    check_dataset(dataset, calibration=300, batch=32)


def test_a_class_without_a_test_example_is_named(dataset: Dataset) -> None:
    poor = Dataset(card=dataset.card, train=dataset.train, validation=dataset.validation, test=without(dataset.test, 2))
    assert refusal(poor) == (
        "The dataset Readings cannot be studied: its class 'wet' has no test reading; add some, or leave the class out."
    )


def test_a_class_without_a_training_example_is_named(dataset: Dataset) -> None:
    poor = Dataset(card=dataset.card, train=without(dataset.train, 0), validation=dataset.validation, test=dataset.test)
    assert "its class 'calm' has no training reading" in refusal(poor)


def test_a_class_that_is_named_twice_is_named(dataset: Dataset) -> None:
    assert "two of its classes are called 'wet'" in refusal(with_card(dataset, classes=("calm", "wet", "wet", "dark")))


def test_a_single_class_is_nothing_to_tell_apart(dataset: Dataset) -> None:
    assert "there is nothing to tell apart" in refusal(with_card(dataset, classes=("calm",)))


def test_fewer_examples_than_calibration_or_the_largest_batch_take_are_told(dataset: Dataset) -> None:
    assert "it has 1,200 training readings, and calibration takes 5,000" in refusal(dataset, calibration=5_000)
    assert "it has 200 validation readings, and files are timed with up to 256 at once" in refusal(dataset, batch=256)
