import pytest
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from compression.decision.compare import difference, ratio, tells_apart
from compression.decision.table import Spread


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
