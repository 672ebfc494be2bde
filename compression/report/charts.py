"""The trade-off charts: accuracy against a cost, one point per candidate, with the limits and the choice drawn in.

Draws a table and a decision as they are; knows neither how they came about nor where the figure is shown.
"""

from itertools import pairwise
from math import log10

import plotly.graph_objects as go

from compression.decision.numbers import in_bytes, in_ms_with_range, in_percent_with_range
from compression.decision.preference import pareto_front
from compression.decision.table import Row, Spread, Table
from compression.decision.verdict import Decision
from compression.decision.wording import FAMILY_TITLES, name_in_sentence
from compression.records.recipes import Family
from compression.report.axes import Axis, CostName, axis_of, log_ticks
from compression.report.chart_layout import Part, axis_in, figure_layout, quiet
from compression.report.colours import MARKER_SIZES_PX, SYMBOLS, Palette
from compression.report.labels import Plot, Segment, Spot, place_labels
from compression.report.short_labels import short_label

HEIGHT_PX = 400
MARGINS_PX = {"l": 52, "r": 14, "t": 12, "b": 48}
RING_PX = 26
# Of the plot area on a phone, and side by side on a wide screen: labels are placed for both.
PLOT_WIDTHS_PX = (285.0, 480.0)
# With more names than this in a chart, it names the best of each kind only, and the others when they are pointed at.
MOST_NAMES = 12
CURVES: tuple[Family, ...] = ("distillation", "quantization", "both")
DRAWN: tuple[Family, ...] = ("control", "distillation", "quantization", "both", "original")


def tradeoff_figure(decision: Decision, table: Table, cost: CostName, palette: Palette) -> go.Figure:
    """Accuracy (percent) against file size or latency, both with their 95 % intervals; the cost on a log axis."""
    axis = axis_of(table, cost)
    families = [rows for family in DRAWN if (rows := table.of(family))]
    traces = [trace for rows in families for trace in _family(rows, axis, palette)]
    if decision.choice is not None:
        traces.append(_ring(decision.choice, axis, palette))
    layout = _layout(axis, palette)
    layout["shapes"] = _limits(decision, axis, palette)
    layout["annotations"] = _labels(table, decision.choice, axis, palette)
    # Made at once from plain data: plotly checks everything again whenever a finished figure is added to.
    return go.Figure(data=traces, layout=layout)


def tradeoff_alt(decision: Decision, table: Table, cost: CostName) -> str:
    """What the chart shows, in words, for who cannot see it: its takeaway first."""
    what = "file size" if cost == "size" else "time per answer"
    axis = axis_of(table, cost)
    front = pareto_front(table.contenders, axis.cost)
    best = "; ".join(
        f"{name_in_sentence(row)} {in_percent_with_range(row.accuracy)} at "
        f"{in_bytes(row.size_bytes) if cost == 'size' else in_ms_with_range(row.latency_ms)}"
        for row in front
    )
    return (
        f"{decision.headline} Accuracy against {what} of {len(table.rows)} candidates, with 95% intervals in brackets. "
        f"Not beaten on both: {best}."
    )


def is_crowded(table: Table) -> bool:
    """Whether there are too many candidates to name them all in a chart."""
    return sum(bool(short_label(row)) for row in table.rows) > MOST_NAMES


def _family(rows: tuple[Row, ...], axis: Axis, palette: Palette) -> list[Part]:
    family = rows[0].family
    colour = palette.family[family]
    front = pareto_front(rows, axis.cost)
    traces: list[Part] = []
    if family in CURVES and len(front) > 1:
        traces.append(
            {
                "type": "scatter",
                "x": [axis.cost(row) for row in front],
                "y": [100 * row.accuracy.value for row in front],
                "mode": "lines",
                "line": {"color": colour, "width": 2},
                "hoverinfo": "skip",
                "legendgroup": family,
            }
        )
    points: Part = {
        "type": "scatter",
        "x": [axis.cost(row) for row in rows],
        "y": [100 * row.accuracy.value for row in rows],
        "error_y": _bars([row.accuracy for row in rows], 100.0, colour),
        "mode": "markers",
        "marker": {
            "color": colour,
            "symbol": SYMBOLS[family],
            "size": MARKER_SIZES_PX[family],
            "line": {"color": colour, "width": 2 if family == "control" else 0},
        },
        "opacity": 0.75 if family == "control" else 1.0,
        "name": FAMILY_TITLES[family],
        "legendgroup": family,
        "customdata": [_hover(row) for row in rows],
        "hovertemplate": "%{customdata}<extra></extra>",
    }
    if axis.name == "latency":
        points["error_x"] = _bars([row.latency_ms for row in rows], 1.0, colour)
    return [*traces, points]


def _bars(spreads: list[Spread], scale: float, colour: str) -> Part:
    return {
        "type": "data",
        "symmetric": False,
        "array": [scale * (spread.high - spread.value) for spread in spreads],
        "arrayminus": [scale * (spread.value - spread.low) for spread in spreads],
        "color": colour,
        "thickness": 1.2,
        "width": 3,
    }


def _hover(row: Row) -> str:
    per = "" if row.batch == 1 else f" for {row.batch} at once"
    return (
        f"<b>{row.name}</b><br>{in_bytes(row.size_bytes)}<br>{in_percent_with_range(row.accuracy)} accuracy<br>"
        f"{in_ms_with_range(row.latency_ms)}{per}"
    )


def _ring(choice: Row, axis: Axis, palette: Palette) -> Part:
    colour = palette.family[choice.family]
    return {
        "type": "scatter",
        "x": [axis.cost(choice)],
        "y": [100 * choice.accuracy.value],
        "mode": "markers",
        "marker": {"symbol": "circle-open", "size": RING_PX, "color": colour, "line": {"color": colour, "width": 3}},
        "hoverinfo": "skip",
    }


def _labels(table: Table, choice: Row | None, axis: Axis, palette: Palette) -> list[Part]:
    chosen = None if choice is None else choice.id
    # The chosen one gets the best place; of the others, the longest label has the fewest places to go.
    rows = sorted(table.rows, key=lambda row: (row.id != chosen, -len(short_label(row))))
    height = HEIGHT_PX - MARGINS_PX["t"] - MARGINS_PX["b"]
    best = {row.id for family in DRAWN for row in pareto_front(table.of(family), axis.cost)}
    named = {chosen, *best} if is_crowded(table) else {row.id for row in rows}
    spots = [_spot(row, axis, height, ringed=row.id == chosen, named=row.id in named) for row in rows]
    segments = [
        Segment(x0=axis.x(first), y0=axis.y(first), x1=axis.x(second), y1=axis.y(second))
        for family in CURVES
        for first, second in pairwise(pareto_front(table.of(family), axis.cost))
    ]
    plots = [Plot(width=width, height=height) for width in PLOT_WIDTHS_PX]
    places = place_labels(spots, segments, plots)
    return [
        {
            "x": log10(axis.cost(row)),
            "y": 100 * row.accuracy.value,
            "text": f"<b>{spot.label}</b>" if row.id == chosen else spot.label,
            "font": {"color": palette.family[row.family], "size": 13},
            "showarrow": False,
            "xanchor": place.anchor,
            "xshift": place.dx,
            "yshift": place.dy,
            "borderpad": 0,
        }
        for row, spot, place in zip(rows, spots, places, strict=True)
        if spot.label
    ]


def _spot(row: Row, axis: Axis, height: float, *, ringed: bool, named: bool) -> Spot:
    percents_per_px = (axis.percent_high - axis.percent_low) / height
    return Spot(
        x=axis.x(row),
        y=axis.y(row),
        label=short_label(row) if named else "",
        radius=(RING_PX if ringed else MARKER_SIZES_PX[row.family]) / 2,
        bar=100 * max(row.accuracy.high - row.accuracy.value, row.accuracy.value - row.accuracy.low) / percents_per_px,
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


def _layout(axis: Axis, palette: Palette) -> Part:
    ticks = log_ticks(axis.log10_low, axis.log10_high)
    return {
        **figure_layout(palette, HEIGHT_PX, MARGINS_PX),
        "xaxis": {
            **axis_in(palette),
            "type": "log",
            "range": [axis.log10_low, axis.log10_high],
            "tickvals": ticks,
            "ticktext": [axis.tick(tick) for tick in ticks],
            "title": {"text": axis.title, "font": quiet(palette), "standoff": 8},
        },
        "yaxis": {
            **axis_in(palette),
            "range": [axis.percent_low, axis.percent_high],
            "ticksuffix": "%",
            "title": {"text": "Accuracy (higher is better)", "font": quiet(palette), "standoff": 4},
            "nticks": 7,
        },
    }
