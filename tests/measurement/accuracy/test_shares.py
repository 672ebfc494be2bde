import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint

from compression.errors import UsageError
from compression.measurement.accuracy.shares import accuracies_per_class, accuracy_of, top5_accuracy_of
from compression.store.predictions import Predictions

LABELS = np.array([0, 0, 0, 0, 1, 1, 2, 2, 2])
PREDICTED = np.array([0, 0, 0, 1, 0, 0, 2, 2, 2], dtype=np.uint8)


@given(st.integers(1, 50_000).flatmap(lambda total: st.tuples(st.integers(0, total), st.just(total))))
def test_the_interval_is_wilsons(counts: tuple[int, int]) -> None:
    correct, total = counts
    accuracy = accuracy_of(np.arange(total) < correct, np.ones(total, dtype=bool))
    assert (accuracy.correct, accuracy.total, accuracy.value) == (correct, total, correct / total)
    expected = proportion_confint(correct, total, method="wilson")
    assert (accuracy.low, accuracy.high) == pytest.approx(expected, abs=1e-12)


def test_each_class_is_measured_on_its_own_images() -> None:
    found = accuracies_per_class(PREDICTED, LABELS, 3)
    assert [(each.correct, each.total) for each in found] == [(3, 4), (0, 2), (3, 3)]
    for each in found:
        assert (each.low, each.high) == pytest.approx(proportion_confint(each.correct, each.total, method="wilson"))


def test_a_class_that_no_test_image_shows_cannot_be_measured_and_the_error_says_which() -> None:
    with pytest.raises(
        UsageError, match=r"class number 3 cannot be measured: no test example .* each of the 4 classes"
    ):
        accuracies_per_class(PREDICTED, np.where(LABELS == 2, 3, LABELS), 4)


def test_a_label_that_is_none_of_the_classes_is_an_error() -> None:
    for labels in (LABELS + 1, LABELS - 1):
        with pytest.raises(ValueError, match=r"outside 0\.\.2"):
            accuracies_per_class(PREDICTED, labels, 3)


def test_top5_counts_a_label_at_any_of_the_five_places_and_no_other() -> None:
    ranked = np.tile(np.arange(5, dtype=np.uint8), (7, 1))
    predictions = Predictions(
        classes=ranked[:, 0], confidences=np.full(7, 0.5, dtype=np.float32), runners_up=ranked[:, 1:]
    )
    labels = np.array([0, 1, 2, 3, 4, 5, 11])
    found = top5_accuracy_of(predictions, labels)
    assert found is not None
    assert (found.correct, found.total) == (5, 7)
    assert (found.low, found.high) == pytest.approx(proportion_confint(5, 7, method="wilson"))


def test_without_runners_up_there_is_no_top5() -> None:
    predictions = Predictions(classes=PREDICTED, confidences=np.full(9, 0.5, dtype=np.float32))
    assert top5_accuracy_of(predictions, LABELS) is None


def test_an_accuracy_of_nothing_is_an_error() -> None:
    with pytest.raises(ValueError, match="at least one prediction"):
        accuracy_of(np.array([], dtype=np.uint8), np.array([], dtype=np.int64))


def test_labels_must_match_the_predictions_one_to_one() -> None:
    with pytest.raises(ValueError, match="cannot be compared"):
        accuracy_of(np.zeros(3, dtype=np.uint8), np.zeros(1, dtype=np.int64))
