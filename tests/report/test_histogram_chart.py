import pytest

from compression.records.layers import Histogram
from compression.report.colours import DARK, LIGHT, Palette
from compression.report.histogram_chart import histogram_figure
from tests.layers import rounding

WEIGHTS = rounding("int8-ptq").weights


def test_both_sides_are_shares_of_their_own_numbers_in_the_bins_in_which_they_lie() -> None:
    more_after = WEIGHTS.model_copy(update={"after": (0, 6, 4, 0)})
    before, after = histogram_figure(more_after, "Its weights", LIGHT).data
    assert list(before.x) == pytest.approx([-0.4, -0.2, 0.0, 0.2, 0.4])
    assert list(before.y)[:4] == pytest.approx([10, 50, 30, 10])
    assert list(after.y)[:4] == pytest.approx([0, 60, 40, 0])


def test_numbers_of_which_there_are_none_are_shown_as_none() -> None:
    empty = Histogram(low=0, high=1, before=(0, 0), after=(0, 4), values_before=0, values_after=2)
    before, _ = histogram_figure(empty, "What it takes in", LIGHT).data
    assert list(before.y) == [0, 0, 0]


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_before_is_an_area_of_the_original_and_after_a_line_of_quantization(palette: Palette) -> None:
    before, after = histogram_figure(WEIGHTS, "Its weights", palette).data
    assert before.fillcolor == palette.before
    assert after.line.color == palette.family["quantization"]
    assert after.fill is None


def test_a_bar_that_would_flatten_the_others_is_cut_off_with_its_share_written_on_it() -> None:
    zeros = Histogram(low=0, high=4, before=(40, 20, 20, 20), after=(85, 5, 5, 5), values_before=9, values_after=4)
    layout = histogram_figure(zeros, "What it takes in", LIGHT).layout
    assert list(layout.yaxis.range) == pytest.approx([0, 1.3 * 20])
    assert [note.text for note in layout.annotations] == ["\N{UPWARDS ARROW} 85%"]
    assert layout.annotations[0].x == pytest.approx(0.5)


def test_bars_of_much_the_same_height_are_shown_whole() -> None:
    layout = histogram_figure(WEIGHTS, "Its weights", LIGHT).layout
    assert not layout.annotations
    assert layout.yaxis.range is None


def test_one_bar_alone_is_shown_whole() -> None:
    alone = Histogram(low=0, high=1, before=(3,), after=(3,), values_before=1, values_after=1)
    assert not histogram_figure(alone, "What it takes in", LIGHT).layout.annotations
