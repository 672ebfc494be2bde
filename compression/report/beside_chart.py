"""Two studies in one chart: the curves of both on common axes, the second one's dashed and hollow."""

from dataclasses import replace

import plotly.graph_objects as go

from compression.decision.numbers import in_bytes, in_ms
from compression.decision.table import Row, Table
from compression.decision.verdict import Decision
from compression.decision.wording import name_in_sentence
from compression.report.axes import Axis, CostName, axis_of
from compression.report.chart_layout import Part
from compression.report.chart_marks import PLOT_HEIGHT_PX
from compression.report.chart_names import DRAWN, PLOT_WIDTHS_PX, name_annotation
from compression.report.chart_points import curve, diameters_px, points, ring, ring_px
from compression.report.charts import chart_layout
from compression.report.colours import Palette
from compression.report.labels import Plot, Spot, place_labels
from compression.report.short_labels import short_label

# What the first and the second study are called, as two files are that are compared.
NAMES = ("A", "B")


def beside_figure(
    first: tuple[Table, Decision], second: tuple[Table, Decision], cost: CostName, palette: Palette
) -> go.Figure:
    """Accuracy (percent) against file size or latency of both studies' files; a ring and a name for each choice."""
    tables = [_named(table, name) for (table, _), name in zip((first, second), NAMES, strict=True)]
    both = replace(tables[0], rows=(*tables[0].rows, *tables[1].rows))
    axis = axis_of(both, cost)
    sizes_px = diameters_px(both, axis, areas=False)
    traces: list[Part] = []
    choices: dict[str, Row] = {}
    for name, table, (_, decision) in zip(NAMES, tables, (first, second), strict=True):
        rows = [found for family in DRAWN if (found := table.of(family))]
        drawn = [line for found in rows for line in curve(found, axis, palette)]
        drawn += [points(found, both, axis, sizes_px, palette, areas=False) for found in rows]
        traces += drawn if name == NAMES[0] else [_hollow(part) for part in drawn]
        if decision.choice is not None:
            row = replace(decision.choice, id=_id(name, decision.choice))
            choices[row.id] = row
            traces.append(ring(row, axis, ring_px(sizes_px[row.id]), palette))
    layout = chart_layout(axis, palette)
    layout["annotations"] = _names(both, choices, axis, sizes_px, palette)
    return go.Figure(data=traces, layout=layout)


def beside_alt(first: Decision, second: Decision, cost: CostName) -> str:
    """What the chart shows, in words: both choices with their costs."""

    def told(name: str, decision: Decision) -> str:
        row = decision.choice
        if row is None:
            return f"{name}: {decision.headline}"
        what = in_bytes(row.size_bytes) if cost == "size" else in_ms(row.latency_ms.value)
        return f"{name}: {name_in_sentence(row)} at {100 * row.accuracy.value:.1f}% and {what}."

    return " ".join(told(name, decision) for name, decision in zip(NAMES, (first, second), strict=True))


def _id(name: str, row: Row) -> str:
    return f"{name} {row.id}"


def _named(table: Table, name: str) -> Table:
    """The same table with ids and names that say which study they are of."""
    return replace(table, rows=tuple(replace(row, id=_id(name, row), name=f"{name}: {row.name}") for row in table.rows))


def _hollow(part: Part) -> Part:
    """A curve dashed, or marks with nothing in them."""
    if "marker" not in part:
        return {**part, "line": {**part["line"], "dash": "dash"}}
    marker = part["marker"]
    return {
        **part,
        "marker": {
            **marker,
            "symbol": f"{marker['symbol']}-open",
            "line": {"color": marker["color"], "width": 2},
        },
    }


def _names(
    table: Table, choices: dict[str, Row], axis: Axis, sizes_px: dict[str, float], palette: Palette
) -> list[Part]:
    """The two choices' names, where they cover the least."""
    rows = sorted(table.rows, key=lambda row: row.id not in choices)
    labels = [f"{row.id[0]}: {short_label(row)}" if row.id in choices else "" for row in rows]
    spots = [
        Spot(
            x=axis.x(row),
            y=axis.y(row),
            label=label,
            radius=(ring_px(sizes_px[row.id]) if label else sizes_px[row.id]) / 2,
            needed=bool(label),
        )
        for row, label in zip(rows, labels, strict=True)
    ]
    places = place_labels(spots, [], [Plot(width=width, height=PLOT_HEIGHT_PX) for width in PLOT_WIDTHS_PX])
    return [
        name_annotation(row, f"<b>{spot.label}</b>", place, axis, palette)
        for row, spot, place in zip(rows, spots, places, strict=True)
        if place is not None and spot.label
    ]
