"""The chart for a room: as large as asked, with nothing that was not told yet."""

from typing import Any

import pytest

from compression.decision.table import conditions_of, table_of
from compression.decision.targets import DEFAULT_TARGET
from compression.decision.verdict import decide
from compression.report.charts import tradeoff_figure
from compression.report.colours import LIGHT
from compression.report.stage_chart import stage_figure
from tests.constructed import document, usual_candidates

STUDY = document(*usual_candidates())
TABLE = table_of(STUDY, conditions_of(STUDY)[0])
DECISION = decide(TABLE, DEFAULT_TARGET)
EVERYTHING = [row.id for row in TABLE.rows]


def figure(shown: list[str], *, decided: bool, scale: float = 1.5) -> Any:  # noqa: ANN401  # plotly is untyped
    return stage_figure(DECISION, TABLE, "size", LIGHT, shown, 640, scale, decided=decided)


def test_only_the_files_that_were_told_are_drawn_on_the_axes_of_all() -> None:
    early, late = figure(["original"], decided=False), figure(EVERYTHING, decided=True)

    assert [trace.customdata[0][1] for trace in early.data if trace.customdata is not None] == ["original"]
    assert early.layout.xaxis.range == late.layout.xaxis.range
    assert early.layout.yaxis.range == late.layout.yaxis.range


def test_limits_and_ring_are_drawn_when_they_are_told() -> None:
    before, after = (figure(EVERYTHING, decided=decided) for decided in (False, True))

    assert not before.layout.shapes
    assert len(after.layout.shapes) > 0
    assert len(after.data) == len(before.data) + 1
    assert after.data[-1].marker.symbol == "circle-open"


def test_marks_and_words_are_larger_and_what_lies_where_stays() -> None:
    page = tradeoff_figure(DECISION, TABLE, "size", LIGHT)
    room = figure(EVERYTHING, decided=True)

    assert room.layout.height == pytest.approx(640)
    assert room.layout.font.size == pytest.approx(1.5 * page.layout.font.size)
    assert room.layout.margin.l == pytest.approx(1.5 * page.layout.margin.l)
    for large, small in zip(room.data, page.data, strict=True):
        assert list(large.x) == list(small.x)
        if small.marker.size is not None:
            assert large.marker.size == pytest.approx(
                [1.5 * size for size in small.marker.size]
                if isinstance(small.marker.size, tuple)
                else 1.5 * small.marker.size
            )
