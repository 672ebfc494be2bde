"""A trade-off chart for a room: large, and with no more of a study than was told so far."""

from collections.abc import Collection
from dataclasses import replace

import plotly.graph_objects as go

from compression.decision.table import Table
from compression.decision.verdict import Decision
from compression.report.axes import CostName, axis_of
from compression.report.chart_layout import enlarged
from compression.report.chart_marks import MARGINS_PX, limits_in
from compression.report.chart_names import DRAWN, name_annotations
from compression.report.chart_points import curve, diameters_px, points, ring, ring_px
from compression.report.charts import chart_layout
from compression.report.colours import Palette


def stage_figure(  # noqa: PLR0917  # what is drawn, and how it looks
    decision: Decision,
    table: Table,
    cost: CostName,
    palette: Palette,
    shown: Collection[str],
    height_px: int,
    scale: float,
    *,
    decided: bool,
) -> go.Figure:
    """Of all the files, those whose ids are ``shown``, on the axes of all; the limits and the choice when ``decided``.
    Marks and words are ``scale`` times larger than on a page that one sits in front of."""
    axis = axis_of(table, cost)
    sizes_px = diameters_px(table, axis, areas=False)
    choice = decision.choice if decided else None
    seen = replace(table, rows=tuple(row for row in table.rows if row.id in shown))
    families = [rows for family in DRAWN if (rows := seen.of(family))]
    traces = [line for rows in families for line in curve(rows, axis, palette)]
    traces += [points(rows, seen, axis, sizes_px, palette, areas=False) for rows in families]
    radii = {row: px / 2 for row, px in sizes_px.items()}
    if choice is not None:
        around_px = ring_px(sizes_px[choice.id])
        traces.append(ring(choice, axis, around_px, palette))
        radii[choice.id] = around_px / 2
    plot_height = height_px / scale - MARGINS_PX["t"] - MARGINS_PX["b"]
    layout = chart_layout(axis, palette, height_px / scale) | {
        "shapes": limits_in(decision, axis, palette) if decided else [],
        "annotations": name_annotations(seen, choice, axis, radii, plot_height, palette)[0],
    }
    return go.Figure(enlarged({"data": traces, "layout": layout}, scale))
