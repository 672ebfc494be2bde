import pytest

from compression.decision.table import table_of
from compression.decision.teacher import gains_of
from compression.records.measurements import Condition
from compression.records.naming import id_of
from compression.records.objectives import SoftTargets
from compression.records.recipes import Distill, Train
from compression.report.colours import LIGHT
from compression.report.gains_chart import gains_alt, gains_figure
from tests.constructed import LARGE, MEDIUM, ORIGINAL, SMALL, candidate, distilled, document
from tests.decision.test_teacher import GAINS, pair_of, table


def test_a_students_point_is_its_gain_in_points_with_its_interval() -> None:
    gains = gains_of(table(SMALL, MEDIUM, LARGE))
    (trace,) = gains_figure(gains, LIGHT).data
    for number, (value, low, high) in enumerate(GAINS.values()):
        assert trace.x[number] == pytest.approx(100 * value)
        assert trace.x[number] - trace.error_x.arrayminus[number] == pytest.approx(100 * low)
        assert trace.x[number] + trace.error_x.array[number] == pytest.approx(100 * high)


def test_a_student_that_was_taught_without_labels_too_has_a_row_for_each() -> None:
    without = Distill(student=MEDIUM, objective=SoftTargets(labels_share=0.0))
    made = [candidate(each) for each in (ORIGINAL, distilled(MEDIUM), without, Train(student=MEDIUM))]
    gained = pair_of(MEDIUM)
    pairs = (gained, gained.model_copy(update={"first": id_of(without)}))
    gains = gains_of(table_of(document(*made, pairs=pairs), Condition(engine="onnxruntime", batch=1, threads=1)))
    figure = gains_figure(gains, LIGHT)
    assert list(figure.data[0].y) == ["medium", "medium, no labels"]
    assert "medium, no labels" in gains_alt(gains)


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
