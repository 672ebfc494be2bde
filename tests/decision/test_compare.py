import pytest
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from compression.decision.compare import accuracy_difference, difference, latency_ratio, ratio, tells_apart
from compression.decision.table import Spread, table_of
from compression.records.measurements import Condition, Noise, Pair
from tests.constructed import INT8, ORIGINAL, candidate, document


def wilson(correct: int, total: int) -> Spread:
    low, high = proportion_confint(correct, total, method="wilson")
    return Spread(value=correct / total, low=low, high=high)


def test_the_interval_of_a_difference_is_newcombes() -> None:
    change = difference(wilson(9480, 10_000), wilson(9150, 10_000))
    low, high = confint_proportions_2indep(9480, 10_000, 9150, 10_000, method="newcomb", compare="diff")

    assert change.value == pytest.approx(0.033)
    assert (change.low, change.high) == pytest.approx((low, high))


def test_swapping_two_values_turns_the_interval_of_their_ratio_over() -> None:
    first, second = Spread(value=2.0, low=1.8, high=2.3), Spread(value=1.0, low=0.9, high=1.05)
    there, back = ratio(first, second), ratio(second, first)

    assert there.value == pytest.approx(2.0)
    assert (there.low, there.high) == pytest.approx((1 / back.high, 1 / back.low))
    assert there.low < 1.8 / 0.99


def test_equal_values_with_uncertainty_are_not_told_apart_but_distant_ones_are() -> None:
    one = Spread(value=0.90, low=0.89, high=0.91)

    assert not tells_apart(difference(one, Spread(value=0.905, low=0.895, high=0.915)), 0.0)
    assert tells_apart(difference(one, Spread(value=0.95, low=0.94, high=0.96)), 0.0)


def test_a_paired_difference_is_taken_where_the_study_has_it() -> None:
    pair = Pair(
        first="original",
        second="int8-ptq",
        total=10_000,
        only_first=30,
        only_second=20,
        difference=0.001,
        low=-0.0004,
        high=0.0024,
        p_value=0.2,
    )
    whole = document(candidate(ORIGINAL, accuracy=0.95), candidate(INT8, accuracy=0.949), pairs=(pair,))
    original, int8 = table_of(whole, Condition(engine="onnxruntime", batch=1, threads=1)).rows

    assert accuracy_difference(original, int8) == Spread(value=0.001, low=-0.0004, high=0.0024)
    assert accuracy_difference(int8, original) == Spread(value=-0.001, low=-0.0024, high=0.0004)


def test_times_that_differ_by_less_than_the_machine_does_from_itself_are_not_told_apart() -> None:
    noise = Noise(engine="onnxruntime", batch=1, threads=1, ratios=(1.2,), smallest_difference=0.2)
    candidates = (candidate(ORIGINAL, ms=1.1, spread=0.001), candidate(INT8, ms=1.0, spread=0.001))

    def ratio_of_times(noise: tuple[Noise, ...]) -> Spread:
        whole = document(*candidates, noise=noise)
        first, second = table_of(whole, Condition(engine="onnxruntime", batch=1, threads=1)).rows
        return latency_ratio(first, second)

    assert tells_apart(ratio_of_times(()), 1.0)
    assert not tells_apart(ratio_of_times((noise,)), 1.0)
