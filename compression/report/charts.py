"""The trade-off charts: accuracy against a cost, one point per candidate, with the limits and the choice drawn in.

Draws a table and a decision as they are; knows neither how they came about nor where the figure is shown. What depends
on the decision is apart, in ``chart_marks``: a page draws it anew at every move of a limit, and the rest only once.
"""

import plotly.graph_objects as go

from compression.decision.numbers import in_bytes, in_ms_with_range, in_percent_with_range
from compression.decision.preference import pareto_front
from compression.decision.table import Table
from compression.decision.verdict import Decision
from compression.decision.wording import name_in_sentence
from compression.report.axes import Axis, CostName, axis_of, log_ticks
from compression.report.chart_layout import Part, axis_in, figure_layout, quiet
from compression.report.chart_marks import HEIGHT_PX, MARGINS_PX, choice_marks, limits_in
from compression.report.chart_names import DRAWN
from compression.report.chart_points import curve, diameters_px, points
from compression.report.colours import Palette


def tradeoff_figure(
    decision: Decision, table: Table, cost: CostName, palette: Palette, *, areas: bool = False
) -> go.Figure:
    """Accuracy (percent) against file size or latency, both with their 95 % intervals; the cost on a log axis. With
    ``areas``, a point's area is its file's size."""
    axis = axis_of(table, cost)
    marks = choice_marks(decision.choice, table, axis, palette, areas=areas)
    shapes = limits_in(decision, axis, palette)
    layout = chart_layout(axis, palette) | {"shapes": shapes, "annotations": marks.names[0]}
    # Made at once from plain data: plotly checks everything again whenever a finished figure is added to.
    return go.Figure(data=[*_files(table, cost, palette, areas=areas), *marks.ring], layout=layout)


class FinishedFigure(go.Figure):  # type: ignore[misc]  # plotly has no types
    """A figure that nobody changes any more: a page that draws it again has it as plain data at once."""

    def __init__(self, data: list[Part], layout: Part) -> None:
        super().__init__(data=data, layout=layout)
        self.__dict__["plain"] = super().to_dict()

    def to_dict(self) -> Part:
        """Not to be changed: it is the same one each time."""
        plain: Part = self.__dict__["plain"]
        return plain


def files_figure(table: Table, cost: CostName, palette: Palette, *, areas: bool = False) -> FinishedFigure:
    """The same without all that depends on a decision: the files, and the curves of the best of each kind."""
    files = _files(table, cost, palette, areas=areas)
    return FinishedFigure(files, chart_layout(axis_of(table, cost), palette))


def _files(table: Table, cost: CostName, palette: Palette, *, areas: bool) -> list[Part]:
    axis = axis_of(table, cost)
    sizes_px = diameters_px(table, axis, areas=areas)
    families = [rows for family in DRAWN if (rows := table.of(family))]
    return [
        *(line for rows in families for line in curve(rows, axis, palette)),
        *(points(rows, table, axis, sizes_px, palette, areas=areas) for rows in families),
    ]


def tradeoff_alt(decision: Decision, table: Table, cost: CostName, *, areas: bool = False) -> str:
    """What the chart shows, in words, for who cannot see it: its takeaway first."""
    return f"{decision.headline} {files_alt(table, cost, areas=areas)}"


def files_alt(table: Table, cost: CostName, *, areas: bool = False) -> str:
    """The same without the decision: which files are not beaten."""
    what = "file size" if cost == "size" else "time per answer"
    front = pareto_front(table.contenders, axis_of(table, cost).cost)
    best = "; ".join(
        f"{name_in_sentence(row)} {in_percent_with_range(row.accuracy)} at "
        f"{in_bytes(row.size_bytes) if cost == 'size' else in_ms_with_range(row.latency_ms)}"
        for row in front
    )
    area = " The area of a point is its file's size." if areas else ""
    return (
        f"Accuracy against {what} of {len(table.rows)} candidates, with 95% intervals in brackets. "
        f"Not beaten on both: {best}.{area}"
    )


def chart_layout(axis: Axis, palette: Palette, height_px: float = HEIGHT_PX) -> Part:
    """The axes and the place of a chart that is so high."""
    ticks = log_ticks(axis.log10_low, axis.log10_high)
    # The plot keeps its place, whatever stands beside it: the marks are drawn to it.
    fixed = axis_in(palette) | {"automargin": False}
    return {
        **figure_layout(palette, height_px, MARGINS_PX),
        "xaxis": {
            **fixed,
            "type": "log",
            "range": [axis.log10_low, axis.log10_high],
            "tickvals": ticks,
            "ticktext": [axis.tick(tick) for tick in ticks],
            "title": {"text": axis.title, "font": quiet(palette), "standoff": 6},
        },
        "yaxis": {
            **fixed,
            "range": [axis.percent_low, axis.percent_high],
            "ticksuffix": "%",
            "title": {"text": "Accuracy (higher is better)", "font": quiet(palette), "standoff": 4},
            "nticks": 7,
        },
    }
