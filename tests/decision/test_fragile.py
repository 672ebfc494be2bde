"""Which layers are fragile: what a single layer costs in few bits, with an allowance for looking at all of them."""

import pytest

from compression.decision.fragile import bits_looked_at, fragile_in_words, in_order, looks_in, most_telling
from compression.records.layers import LayerFindings
from tests.constructed import SUBJECT
from tests.layers import layer, tried, usual_layers


def several(count: int, *drops: float) -> tuple[LayerFindings, ...]:
    """So many layers, the first of which lose something in 4 bits; intervals reach half a point to either side."""
    return tuple(
        layer(f"layer{number}.weight", tried(4, drops[number] if number < len(drops) else 0.0))
        for number in range(count)
    )


def fragile(layers: tuple[LayerFindings, ...]) -> list[str]:
    return [look.name for look in looks_in(layers, 4) if look.fragile]


def test_a_layer_is_fragile_when_its_loss_is_clear_even_among_all_that_were_looked_at() -> None:
    # 0.6 points with an interval from 0.1 to 1.1: clear alone, and not as one of 53.
    assert fragile(several(1, 0.006)) == ["layer0"]
    assert fragile(several(53, 0.006)) == []
    assert fragile(several(53, 0.02, -0.02)) == ["layer0"]


def test_an_interval_for_53_layers_at_once_is_as_much_wider_as_bonferroni_asks() -> None:
    look = looks_in(several(53, 0.02), 4)[0]
    # The normal quantile of 1 - 0.025 / 53 is 3.305, that of 0.975 is 1.960.
    assert look.among_all.high - look.loss.value == pytest.approx(0.005 * 3.305 / 1.960, rel=1e-3)
    assert (look.loss.value, look.loss.low, look.loss.high) == pytest.approx((0.02, 0.015, 0.025))


def test_it_shows_the_mildest_bits_in_which_there_is_something_to_see() -> None:
    assert bits_looked_at(usual_layers()) == (4, 2)
    assert most_telling(usual_layers()) == 2
    assert most_telling(several(3, 0.1)) == 4
    assert most_telling(several(3)) == 4, "2 bits were not tried"


def test_it_says_how_many_layers_are_fragile_and_names_the_worst_with_their_widened_ranges() -> None:
    told, named = fragile_in_words(looks_in(several(21, 0.03, 0.0, 0.10), 4), 4, SUBJECT)
    assert told == (
        "2 of 21 layers are fragile: each costs accuracy that 2,000 validation images can show when it alone is stored "
        "in 4 bits."
    )
    assert named.startswith("Lost: 10.0\N{NO-BREAK SPACE}points in layer2 (9.2 to 10.8) and 3.0")
    assert "hold for all 21 layers at once" in named


@pytest.mark.parametrize(
    ("drops", "told", "named"),
    [
        ((0.1, 0.0), "1 of 2 layers is fragile: it costs accuracy", "Lost: 10.0"),
        ((0.1, 0.2), "All 2 layers are fragile: each costs accuracy", "Lost: 20.0"),
        ((0.1, 0.2, 0.3, 0.4), "All 4 layers are fragile: each costs", "Most of all: 40.0"),
    ],
)
def test_the_sentence_fits_the_number_of_fragile_layers(drops: tuple[float, ...], told: str, named: str) -> None:
    first, second = fragile_in_words(looks_in(several(len(drops), *drops), 4), 4, SUBJECT)
    assert first.startswith(told)
    assert second.startswith(named)
    assert second.count("points in layer") == min(len([drop for drop in drops if drop]), 3)


def test_where_no_loss_is_clear_it_says_so_with_the_largest_that_was_seen() -> None:
    told, largest = fragile_in_words(looks_in(several(53, 0.001, 0.006), 4), 4, SUBJECT)
    assert told.startswith("No layer is fragile in 4 bits: none of the 53, by itself, costs accuracy that 2,000")
    seen = "The largest loss seen, 0.6\N{NO-BREAK SPACE}points in layer1 (\N{MINUS SIGN}0.2 to +1.4)"
    assert largest.startswith(f"{seen}, could be chance.")


def test_the_most_fragile_come_first_by_how_far_they_move_the_answers() -> None:
    looks = looks_in(usual_layers()[::-1], 4)
    assert [look.name for look in in_order(looks, "network")] == ["fc", "layer1.0.conv1", "conv1"]
    assert [look.name for look in in_order(looks, "fragile")] == ["conv1", "layer1.0.conv1", "fc"]


def test_a_layer_that_was_not_tried_is_left_out() -> None:
    assert [look.name for look in looks_in((layer("a.weight"), layer("b.weight", tried(2, 0.1))), 2)] == ["b"]
    assert bits_looked_at((layer("a.weight"),)) == ()
