import pytest

from compression.decision.fragile import looks_in
from compression.report.colours import DARK, LIGHT, Palette
from compression.report.inside_sections import fragile_caption
from compression.report.sensitivity_chart import sensitivity_alt, sensitivity_figure
from tests.constructed import SUBJECT
from tests.decision.test_fragile import several
from tests.layers import usual_layers

LOOKS = looks_in(usual_layers(), 2)


def test_a_layers_bar_is_its_loss_in_points_with_its_own_interval() -> None:
    (bars,) = sensitivity_figure(LOOKS, LIGHT).data
    assert list(bars.x) == pytest.approx([14.0, 0.56, 0.1])
    assert list(bars.error_x.array) == pytest.approx([0.5] * 3)
    assert list(bars.error_x.arrayminus) == pytest.approx([0.5] * 3)


def test_the_first_layer_is_on_top_and_each_row_has_its_name() -> None:
    rows = sensitivity_figure(LOOKS, LIGHT).layout.yaxis
    assert [name.strip() for name in rows.ticktext] == ["conv1", "layer1.0.conv1", "fc"]
    assert rows.range[0] > rows.range[1]


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_only_fragile_layers_are_in_colour(palette: Palette) -> None:
    (bars,) = sensitivity_figure(LOOKS, palette).data
    blue, grey = palette.family["quantization"], palette.family["control"]
    assert list(bars.marker.color) == [blue, grey, grey]


def test_every_interval_is_inside_and_no_loss_at_all_looks_like_none() -> None:
    left, right = sensitivity_figure(LOOKS, LIGHT).layout.xaxis.range
    assert left < -0.4 - 0.001
    assert right > 14.5
    left, right = sensitivity_figure(looks_in(several(3), 4), LIGHT).layout.xaxis.range
    assert left <= -0.5
    assert right >= 0.5


def test_the_more_layers_the_closer_they_stand() -> None:
    def pixels_each(count: int) -> float:
        low, high = (sensitivity_figure(looks_in(several(each), 4), LIGHT).layout.height for each in (count, 2 * count))
        return float(high - low) / count

    assert sensitivity_figure(looks_in(several(53), 4), LIGHT).layout.height < 53 * 22
    assert pixels_each(5) > pixels_each(60)


def test_the_words_for_it_start_with_the_takeaway_and_name_every_layer() -> None:
    words = sensitivity_alt(LOOKS, 2, SUBJECT)
    assert words.startswith("1 of 3 layers is fragile: it costs accuracy that 2,000 validation images can show")
    assert "layer1.0.conv1 +0.6" in words
    assert "fc +0.1" in words


def test_2_bits_are_called_a_stress_test_and_4_are_not() -> None:
    assert "no file of a study is stored like that" in fragile_caption(LOOKS, 2, SUBJECT)
    assert "stress" not in fragile_caption(looks_in(usual_layers(), 4), 4, SUBJECT)
    assert "allowance for looking at 3 layers" in fragile_caption(LOOKS, 2, SUBJECT)
