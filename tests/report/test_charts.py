from itertools import combinations

import pytest

from compression.decision.limits import Limits
from compression.decision.preference import pareto_front, size_cost
from compression.decision.table import Table, table_of
from compression.decision.targets import DEFAULT_TARGET
from compression.decision.verdict import decide
from compression.records.measurements import Condition
from compression.records.objectives import SoftTargets
from compression.records.recipes import Distill
from compression.records.students import Student
from compression.report.axes import CostName, axis_of
from compression.report.chart_names import MOST_NAMES, is_crowded
from compression.report.charts import tradeoff_alt, tradeoff_figure
from compression.report.colours import DARK, LIGHT, Palette
from compression.report.labels import Plot, Spot, place_labels
from compression.report.short_labels import short_label
from tests.constructed import MEDIUM, candidate, document, usual_candidates

COSTS: tuple[CostName, ...] = ("size", "latency")


def usual_table() -> Table:
    return table_of(document(*usual_candidates()), Condition(engine="onnxruntime", batch=1, threads=1))


@pytest.mark.parametrize("cost", COSTS)
def test_every_measured_candidate_is_a_point_with_its_accuracy_interval(cost: CostName) -> None:
    table = usual_table()
    figure = tradeoff_figure(decide(table, DEFAULT_TARGET), table, cost, LIGHT)
    points = [trace for trace in figure.data if trace.customdata is not None]

    assert sum(len(trace.x) for trace in points) == len(table.rows)
    assert all(len(trace.error_y.array) == len(trace.x) for trace in points)


def test_a_student_without_labels_is_told_from_its_twin() -> None:
    unlabelled = Distill(student=MEDIUM, objective=SoftTargets(labels_share=0.0))
    rows = table_of(
        document(*usual_candidates(), candidate(unlabelled)), Condition(engine="onnxruntime", batch=1, threads=1)
    ).of("distillation")
    assert [short_label(row) for row in rows] == ["small", "medium", "medium, no labels"]


def test_latencies_have_error_bars_and_sizes_which_are_exact_have_none() -> None:
    table = usual_table()
    decision = decide(table, DEFAULT_TARGET)

    def bars(cost: CostName) -> list[bool]:
        figure = tradeoff_figure(decision, table, cost, LIGHT)
        return [trace.error_x.array is not None for trace in figure.data if trace.customdata is not None]

    assert all(bars("latency"))
    assert not any(bars("size"))


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_a_family_keeps_its_colour_and_each_its_own_marker(palette: Palette) -> None:
    table = usual_table()
    figure = tradeoff_figure(decide(table, DEFAULT_TARGET), table, "size", palette)
    by_group = {trace.legendgroup: trace.marker for trace in figure.data if trace.customdata is not None}

    assert {family: marker.color for family, marker in by_group.items()} == palette.family
    assert len({marker.symbol for marker in by_group.values()}) == len(by_group)


def test_the_choice_is_ringed_and_its_label_is_bold() -> None:
    table = usual_table()
    figure = tradeoff_figure(decide(table, DEFAULT_TARGET), table, "size", LIGHT)

    assert [trace.x[0] for trace in figure.data if trace.marker.symbol == "circle-open"] == [10_000_000]
    assert "<b>int8</b>" in [note.text for note in figure.layout.annotations]


def test_limits_are_drawn_where_they_are_and_no_limits_are_not_drawn() -> None:
    table = usual_table()
    limited = decide(table, DEFAULT_TARGET, Limits(max_size_bytes=1_000_000, min_accuracy=0.9))
    free = decide(table, DEFAULT_TARGET, Limits())

    lines = [shape for shape in tradeoff_figure(limited, table, "size", LIGHT).layout.shapes if shape.type == "line"]
    assert {(line.x0, line.y0) for line in lines} >= {(1_000_000, axis_of(table, "size").percent_low)}
    assert any(line.y0 == line.y1 == 90.0 for line in lines)
    assert not tradeoff_figure(free, table, "size", LIGHT).layout.shapes


@pytest.mark.parametrize("cost", COSTS)
def test_the_alternative_text_starts_with_the_takeaway(cost: CostName) -> None:
    table = usual_table()
    decision = decide(table, DEFAULT_TARGET)

    assert tradeoff_alt(decision, table, cost).startswith(decision.headline)
    assert "Not beaten on both" in tradeoff_alt(decision, table, cost)


def names_in(table: Table) -> set[str]:
    figure = tradeoff_figure(decide(table, DEFAULT_TARGET), table, "size", LIGHT)
    return {annotation.text.removeprefix("<b>").removesuffix("</b>") for annotation in figure.layout.annotations}


def test_of_a_few_candidates_all_are_named_and_of_many_the_best_of_each_kind() -> None:
    many = [
        candidate(Distill(student=Student(size=f"{width} B", width=width), objective=SoftTargets()), size_bytes=width)
        for width in range(2, MOST_NAMES + 1)
    ]
    few, crowded = (
        table_of(document(*usual_candidates(), *more), Condition(engine="onnxruntime", batch=1, threads=1))
        for more in ([], many)
    )
    assert not is_crowded(few)
    assert names_in(few) == {short_label(row) for row in few.rows} - {""}
    assert is_crowded(crowded)
    best = pareto_front(crowded.of("distillation"), size_cost)
    assert {short_label(row) for row in best} <= names_in(crowded)
    assert len(best) < len(crowded.of("distillation"))
    assert len(names_in(crowded)) <= MOST_NAMES


def test_labels_of_neighbouring_points_do_not_cover_each_other() -> None:
    plot = Plot(width=300.0, height=300.0)
    spots = [Spot(x=0.4 + 0.05 * step, y=0.5, label="a label", radius=6.0) for step in range(4)]
    boxes = []
    for spot, place in zip(spots, place_labels(spots, [], [plot]), strict=True):
        length = len(spot.label) * 6.0
        middle = (
            spot.x * plot.width + place.dx + {"left": length / 2, "right": -length / 2, "center": 0.0}[place.anchor]
        )
        boxes.append((middle, spot.y * plot.height + place.dy))

    for (x, y), (other_x, other_y) in combinations(boxes, 2):
        assert abs(x - other_x) >= 7 * 6.0 or abs(y - other_y) >= 13.0
