"""What was measured knows under what, and a comparison reads the same from either side."""

import pytest
from pydantic import ValidationError

from compression.records.measurements import Condition, Load, Noise, Pair

PAIR = Pair(
    first="a", second="b", total=100, only_first=7, only_second=2, difference=0.05, low=0.01, high=0.09, p_value=0.2
)


def test_a_pair_is_turned_round_and_back() -> None:
    turned = PAIR.turned()
    assert (turned.first, turned.second, turned.only_first, turned.only_second) == ("b", "a", 2, 7)
    assert (turned.difference, turned.low, turned.high) == (-0.05, -0.09, -0.01)
    assert (turned.total, turned.p_value) == (PAIR.total, PAIR.p_value)
    assert turned.turned() == PAIR


def test_a_pair_is_seen_from_either_of_its_two_and_from_nobody_else() -> None:
    assert PAIR.seen_from("a") == PAIR
    assert PAIR.seen_from("b") == PAIR.turned()
    assert PAIR.seen_from("c") is None


def test_conditions_are_told_apart_and_have_an_order() -> None:
    one, batch = (Condition(engine="onnxruntime", batch=batch, threads=2) for batch in (1, 32))
    other = Condition(engine="openvino", batch=1, threads=1)
    assert sorted([other, batch, one]) == [one, batch, other]
    assert len({one, one.model_copy(), batch}) == 2
    with pytest.raises(ValidationError):
        Condition(engine="onnxruntime", batch=0, threads=1)


def test_what_was_timed_knows_under_what() -> None:
    load = Load(engine="openvino", precision="bf16", batch=8, threads=2, other_cores=None)
    assert load.condition == Condition(engine="openvino", batch=8, threads=2, precision="bf16")
    noise = Noise(engine="openvino", batch=8, threads=2, ratios=(1.0,), smallest_difference=0.0)
    assert noise.condition.precision == "fp32"
