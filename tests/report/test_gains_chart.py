import pytest

from compression.decision.teacher import gains_of
from compression.report.colours import LIGHT
from compression.report.gains_chart import gains_alt, gains_figure
from tests.constructed import LARGE, MEDIUM, SMALL
from tests.decision.test_teacher import GAINS, table


def test_a_students_point_is_its_gain_in_points_with_its_interval() -> None:
    gains = gains_of(table(SMALL, MEDIUM, LARGE))
    (trace,) = gains_figure(gains, LIGHT).data
    for number, (value, low, high) in enumerate(GAINS.values()):
        assert trace.x[number] == pytest.approx(100 * value)
        assert trace.x[number] - trace.error_x.arrayminus[number] == pytest.approx(100 * low)
        assert trace.x[number] + trace.error_x.array[number] == pytest.approx(100 * high)


def test_zero_stands_in_the_middle_and_every_interval_is_inside() -> None:
    gains = gains_of(table(SMALL, LARGE))
    left, right = gains_figure(gains, LIGHT).layout.xaxis.range
    assert left == -right
    assert right > 100 * max(high for _, _, high in GAINS.values())


def test_the_words_for_it_name_every_student() -> None:
    words = gains_alt(gains_of(table(SMALL, LARGE)))
    assert words.startswith("Of 2 students, the teacher helped 1 and harmed 1.")
    assert "small" in words
    assert "large" in words
