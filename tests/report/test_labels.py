"""Names in charts: none lies on another at any width, and each stands beside its own point."""

from itertools import combinations
from typing import NamedTuple

import pytest

from compression.decision.table import conditions_of, table_of
from compression.decision.targets import TARGETS, Target
from compression.decision.verdict import decide
from compression.records.study import Document
from compression.report.axes import CostName, axis_of
from compression.report.chart_marks import HEIGHT_PX, MARGINS_PX
from compression.report.chart_names import together
from compression.report.charts import tradeoff_figure
from compression.report.colours import LIGHT
from compression.report.labels import CHARACTER_PX, LINE_PX, Plot, Spot, place_labels
from compression.store.library import RECORDED, recorded_studies

STUDIES = [entry.document for entry in recorded_studies(RECORDED)]
WIDTHS_PX = range(285, 1481, 7)


class Note(NamedTuple):
    """A name in a chart, as plotly places it."""

    text: str
    x: float
    y: float
    xshift: float
    yshift: float
    xanchor: str


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
@pytest.mark.parametrize("study", STUDIES, ids=lambda study: f"{study.study.model}-{study.study.preset}")
@pytest.mark.parametrize("kind", ["size", "latency", "areas"])
def test_no_name_lies_on_another_at_any_width(study: Document, target: Target, kind: str) -> None:
    table = table_of(study, target.condition(conditions_of(study)))
    cost: CostName = "size" if kind == "size" else "latency"
    figure = tradeoff_figure(decide(table, target), table, cost, LIGHT, areas=kind == "areas")
    axis = axis_of(table, cost)
    height = HEIGHT_PX - MARGINS_PX["t"] - MARGINS_PX["b"]
    # Read once: plotly looks each of their properties up anew.
    notes = [Note(**{name: note[name] for name in Note._fields}) for note in figure.layout.annotations]
    assert notes

    def box(note: Note, width: float) -> tuple[float, float, float, float]:
        length = len(note.text.replace("<b>", "").replace("</b>", "")) * CHARACTER_PX
        x = (note.x - axis.log10_low) / (axis.log10_high - axis.log10_low) * width + note.xshift
        y = (note.y - axis.percent_low) / (axis.percent_high - axis.percent_low) * height + note.yshift
        left = {"left": x, "center": x - length / 2, "right": x - length}[note.xanchor]
        return left, y - LINE_PX / 2, left + length, y + LINE_PX / 2

    for width in WIDTHS_PX:
        boxes = [box(note, width) for note in notes]
        for (left, bottom, right, top), other in combinations(boxes, 2):
            assert right <= other[0] or other[2] <= left or top <= other[1] or other[3] <= bottom, width


def test_a_name_without_a_place_stays_away_unless_it_is_needed() -> None:
    plot = Plot(width=60.0, height=20.0)
    crowd = [Spot(x=0.5, y=0.5, label="a long name", radius=9.0, needed=needed) for needed in (True, False)]

    needed, other = place_labels(crowd, [], [plot])
    assert needed is not None
    assert other is None


def test_files_that_lie_in_the_same_place_are_told_apart_by_number_size_and_words() -> None:
    [study] = [study for study in STUDIES if study.study.preset == "standard"]
    table = table_of(study, TARGETS[0].condition(conditions_of(study)))
    axis = axis_of(table, "size")
    crowd = max(together(table.rows, axis), key=len)
    figure = tradeoff_figure(decide(table, TARGETS[0]), table, "size", LIGHT)
    drawn = {
        data[1]: (size, data[0])
        for trace in figure.data
        if trace.customdata is not None
        for size, data in zip(trace.marker.size, trace.customdata, strict=True)
    }

    assert len(crowd) > 2
    assert len({drawn[row.id][0] for row in crowd}) == len(crowd)
    assert all("In the same place" in drawn[row.id][1] for row in crowd)
    assert any(note.text.endswith(f"+{len(crowd) - 1}") for note in figure.layout.annotations)
