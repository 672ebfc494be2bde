"""The trade-off charts: accuracy against a cost, one point per candidate, with the limits and the choice drawn in.

Draws a table and a decision as they are; knows neither how they came about nor where the figure is shown.
"""

from collections.abc import Collection
from dataclasses import replace

import plotly.graph_objects as go

from compression.decision.numbers import in_bytes, in_ms_with_range, in_percent_with_range
from compression.decision.preference import pareto_front
from compression.decision.table import Table
from compression.decision.verdict import Decision
from compression.decision.wording import name_in_sentence
from compression.report.axes import Axis, CostName, axis_of, log_ticks
from compression.report.chart_layout import Part, axis_in, enlarged, figure_layout, quiet
from compression.report.chart_names import DRAWN, name_annotations
from compression.report.chart_points import curve, diameters_px, points, ring, ring_px
from compression.report.colours import Palette

HEIGHT_PX = 322
MARGINS_PX = {"l": 46, "r": 10, "t": 8, "b": 44}


def tradeoff_figure(
    decision: Decision,
    table: Table,
    cost: CostName,
    palette: Palette,
    *,
    areas: bool = False,
    shown: Collection[str] | None = None,
    decided: bool = True,
    height_px: int = HEIGHT_PX,
    scale: float = 1.0,
) -> go.Figure:
    """Accuracy (percent) against file size or latency, both with their 95 % intervals; the cost on a log axis. With
    ``areas``, a point's area is its file's size.

    For who tells a study step by step, ``shown`` are the ids of the files that are drawn, on the axes of all, and
    without limits and choice unless ``decided``. For a projector, all marks and words are ``scale`` times larger.
    """
    axis = axis_of(table, cost)
    sizes_px = diameters_px(table, axis, areas=areas)
    choice = decision.choice if decided else None
    if shown is not None:
        table = replace(table, rows=tuple(row for row in table.rows if row.id in shown))
    families = [rows for family in DRAWN if (rows := table.of(family))]
    traces = [
        *(line for rows in families for line in curve(rows, axis, palette)),
        *(points(rows, table, axis, sizes_px, palette, areas=areas) for rows in families),
    ]
    layout = chart_layout(axis, palette, height_px / scale)
    layout["shapes"] = _limits(decision, axis, palette) if decided else []
    radii = {row: px / 2 for row, px in sizes_px.items()}
    if choice is not None:
        around_px = ring_px(sizes_px[choice.id])
        traces.append(ring(choice, axis, around_px, palette))
        radii[choice.id] = around_px / 2
    height = height_px / scale - MARGINS_PX["t"] - MARGINS_PX["b"]
    layout["annotations"] = name_annotations(table, choice, axis, radii, height, palette)
    # Made at once from plain data: plotly checks everything again whenever a finished figure is added to.
    return go.Figure(enlarged({"data": traces, "layout": layout}, scale))


def tradeoff_alt(decision: Decision, table: Table, cost: CostName, *, areas: bool = False) -> str:
    """What the chart shows, in words, for who cannot see it: its takeaway first."""
    what = "file size" if cost == "size" else "time per answer"
    axis = axis_of(table, cost)
    front = pareto_front(table.contenders, axis.cost)
    best = "; ".join(
        f"{name_in_sentence(row)} {in_percent_with_range(row.accuracy)} at "
        f"{in_bytes(row.size_bytes) if cost == 'size' else in_ms_with_range(row.latency_ms)}"
        for row in front
    )
    area = " The area of a point is its file's size." if areas else ""
    return (
        f"{decision.headline} Accuracy against {what} of {len(table.rows)} candidates, with 95% intervals in brackets. "
        f"Not beaten on both: {best}.{area}"
    )


def _limits(decision: Decision, axis: Axis, palette: Palette) -> list[Part]:
    """Shade what the limits forbid; a limit outside the axes forbids nothing that is shown, or all of it."""
    limits = decision.limits
    limit = limits.max_size_bytes if axis.name == "size" else limits.max_latency_ms
    left, right = 10**axis.log10_low, 10**axis.log10_high
    bottom, top = axis.percent_low, axis.percent_high
    shade: Part = {"type": "rect", "layer": "below", "line": {"width": 0}, "fillcolor": palette.forbidden}
    line: Part = {"type": "line", "layer": "below", "line": {"color": palette.quiet_text, "width": 1.2, "dash": "dot"}}
    shapes: list[Part] = []
    edge = right
    if limit is not None and limit < right:
        edge = max(float(limit), left)
        shapes.append({**shade, "x0": edge, "x1": right, "y0": bottom, "y1": top})
        shapes.append({**line, "x0": edge, "x1": edge, "y0": bottom, "y1": top})
    if limits.min_accuracy is not None and 100 * limits.min_accuracy > bottom:
        lowest = min(100 * limits.min_accuracy, top)
        shapes.append({**shade, "x0": left, "x1": edge, "y0": bottom, "y1": lowest})
        shapes.append({**line, "x0": left, "x1": right, "y0": lowest, "y1": lowest})
    return shapes


def chart_layout(axis: Axis, palette: Palette, height_px: float) -> Part:
    """The axes of a trade-off chart that is so high."""
    ticks = log_ticks(axis.log10_low, axis.log10_high)
    return {
        **figure_layout(palette, height_px, MARGINS_PX),
        "xaxis": {
            **axis_in(palette),
            "type": "log",
            "range": [axis.log10_low, axis.log10_high],
            "tickvals": ticks,
            "ticktext": [axis.tick(tick) for tick in ticks],
            "title": {"text": axis.title, "font": quiet(palette), "standoff": 6},
        },
        "yaxis": {
            **axis_in(palette),
            "range": [axis.percent_low, axis.percent_high],
            "ticksuffix": "%",
            "title": {"text": "Accuracy (higher is better)", "font": quiet(palette), "standoff": 4},
            "nticks": 7,
        },
    }
