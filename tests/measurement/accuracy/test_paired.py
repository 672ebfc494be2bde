from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.stats import multinomial
from statsmodels.stats.contingency_tables import mcnemar

from compression.measurement.accuracy.paired import difference_interval, pair_of
from compression.measurement.accuracy.predictions import predictions
from compression.measurement.accuracy.shares import accuracy_of
from compression.measurement.engines import open_session
from compression.records.measurements import Pair
from compression.store.predictions import Predictions
from tests.measurement.conftest import Arrays

counts = st.tuples(st.integers(0, 300), st.integers(0, 300), st.integers(0, 3000)).filter(any)


def answered(classes: Sequence[int] | NDArray[np.integer]) -> Predictions:
    return Predictions(classes=np.array(classes, np.uint8), confidences=np.full(len(classes), 0.5, np.float32))


def answers_to(
    only_first: int, only_second: int, both: int, neither: int = 0
) -> tuple[Predictions, Predictions, NDArray[np.int64]]:
    """Two sets of answers to images that all show class 1."""
    images = (only_first, only_second, both, neither)
    return (
        answered(np.repeat([1, 0, 1, 0], images)),
        answered(np.repeat([0, 1, 1, 0], images)),
        np.ones(sum(images), int),
    )


def pair(only_first: int, only_second: int, both: int) -> Pair:
    first, second, labels = answers_to(only_first, only_second, both)
    return pair_of("a", first, "b", second, labels)


def test_images_that_only_one_got_right_are_counted_whatever_the_other_said() -> None:
    labels = np.array([0, 1, 2, 0, 1, 2])
    found = pair_of("a", answered([0, 1, 2, 1, 1, 0]), "b", answered([0, 0, 1, 2, 1, 2]), labels)
    assert (found.first, found.second, found.total) == ("a", "b", 6)
    assert (found.only_first, found.only_second) == (2, 1)
    assert found.difference == pytest.approx(4 / 6 - 3 / 6)


@given(counts)
def test_the_p_value_is_that_of_the_exact_test(counts: tuple[int, int, int]) -> None:
    only_first, only_second, both = counts
    expected = mcnemar([[both, only_first], [only_second, 0]], exact=True).pvalue
    assert pair(only_first, only_second, both).p_value == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize(
    ("only_first", "only_second", "total", "low", "high"),
    [(26, 4, 40, 0.3126438, 0.7349752), (26, 4, 48, 0.2548067, 0.6251933)],
)
def test_the_interval_is_that_of_bonett_and_price(
    only_first: int, only_second: int, total: int, low: float, high: float
) -> None:
    """Expected: the examples in Bonett's own R functions (CIpropWS of 2018, and ci.prop.ps of statpsych)."""
    assert difference_interval(only_first, only_second, total) == pytest.approx((low, high), abs=1e-7)


@pytest.mark.parametrize(("total", "least"), [(100, 0.935), (1000, 0.945)])
@pytest.mark.parametrize("apart", [0.02, 0.1])
@pytest.mark.parametrize("share", [0.5, 0.75, 1.0])
def test_the_interval_holds_the_true_difference_as_often_as_it_says(
    total: int, least: float, apart: float, share: float
) -> None:
    """Exactly: over all counts that can come out, with the probability of each."""
    first, second = apart * share, apart * (1 - share)
    upper = range(int(3 * apart * total) + 10)
    cells = [(a, b) for a in upper for b in upper if a + b <= total]
    chances = multinomial.pmf([(a, b, total - a - b) for a, b in cells], total, [first, second, 1 - first - second])
    assert chances.sum() == pytest.approx(1.0, abs=1e-6)
    held = [low <= first - second <= high for low, high in (difference_interval(a, b, total) for a, b in cells)]
    assert chances[held].sum() > least


@given(counts)
def test_the_interval_holds_the_difference_and_stays_within_what_can_be(counts: tuple[int, int, int]) -> None:
    found = pair(*counts)
    assert -1 <= found.low <= found.difference <= found.high <= 1
    assert found.low < found.high


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2), st.integers(0, 2)), min_size=1))
def test_a_pair_the_other_way_round_is_its_mirror_image(images: list[tuple[int, int, int]]) -> None:
    first, second, labels = (np.array(column) for column in zip(*images, strict=True))
    there = pair_of("a", answered(first), "b", answered(second), labels)
    back = pair_of("b", answered(second), "a", answered(first), labels)
    assert back == Pair(
        first=there.second,
        second=there.first,
        total=there.total,
        only_first=there.only_second,
        only_second=there.only_first,
        difference=-there.difference,
        low=-there.high,
        high=-there.low,
        p_value=there.p_value,
    )


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2), st.integers(0, 2)), min_size=1))
def test_the_difference_is_that_of_the_two_accuracies(images: list[tuple[int, int, int]]) -> None:
    first, second, labels = (np.array(column) for column in zip(*images, strict=True))
    found = pair_of("a", answered(first), "b", answered(second), labels)
    assert found.difference == pytest.approx(accuracy_of(first, labels).value - accuracy_of(second, labels).value)


@pytest.mark.parametrize("images", [1, 50, 10_000])
def test_the_same_answers_differ_by_nothing_which_is_still_not_known_for_certain(images: int) -> None:
    found = pair(0, 0, images)
    assert (found.difference, found.p_value) == (0.0, 1.0)
    assert found.low < 0 < found.high


def test_image_by_image_a_difference_shows_that_the_two_accuracies_alone_do_not_show() -> None:
    """The counts of a distilled student and itself in int8, on the test images of Fashion-MNIST."""
    first, second, labels = answers_to(131, 90, 8944, 835)
    one, other = accuracy_of(first.classes, labels), accuracy_of(second.classes, labels)
    assert one.low < other.value < one.value < other.high
    found = pair_of("a", first, "b", second, labels)
    assert found.low > 0
    assert found.p_value < 0.01


def test_there_is_one_label_for_each_answer() -> None:
    with pytest.raises(ValueError, match="cannot be compared"):
        pair_of("a", answered([0, 1]), "b", answered([0]), np.array([0, 1]))


def test_a_file_that_both_engines_answer_alike_is_no_disagreement(
    float_file: Path, int8_file: Path, images: NDArray[np.float32]
) -> None:
    examples = Arrays({"images": images})

    def run(path: Path, engine: str) -> Predictions:
        return predictions(open_session(path, engine, threads=1), examples)

    labels = run(float_file, "onnxruntime").classes.astype(np.int64)
    for path in (float_file, int8_file):
        assert not pair_of("one", run(path, "onnxruntime"), "other", run(path, "openvino"), labels).tells_apart


@pytest.mark.parametrize(
    ("worse", "better", "disagree"), [(40, 3, True), (3, 40, True), (40, 38, False), (3, 0, False)]
)
def test_a_pair_is_told_apart_when_one_is_right_more_often_beyond_chance(
    worse: int, better: int, disagree: bool
) -> None:
    first, second, labels = answers_to(worse, better, 9900)
    assert pair_of("first", first, "second", second, labels).tells_apart is disagree
