"""Which points of a trade-off chart have their names beside them, and where; and which points lie on each other."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from math import log10

from compression.decision.preference import pareto_front
from compression.decision.table import Row, Table
from compression.records.recipes import Family
from compression.report.axes import Axis
from compression.report.chart_layout import Part
from compression.report.colours import Palette
from compression.report.labels import LabelPosition, Plot, Segment, Spot, place_labels
from compression.report.short_labels import short_label

# Of the plot area: on a phone, two and one on a notebook and on a projector; names are placed for all of them.
PLOT_WIDTHS_PX = (285.0, 400.0, 720.0, 1480.0)
# With more names than this in a chart, it names the best of each kind only, and the others when they are pointed at.
MOST_NAMES = 12
# Points closer than this share of the plot's width and height lie on each other: five pixels beside another chart.
SAME_PLACE = 0.0125
CURVES: tuple[Family, ...] = ("distillation", "quantization", "both")
DRAWN: tuple[Family, ...] = ("control", "distillation", "quantization", "both", "original")


def is_crowded(table: Table) -> bool:
    """Whether there are too many candidates to name them all in a chart."""
    return sum(bool(short_label(row)) for row in table.rows) > MOST_NAMES


def together(rows: tuple[Row, ...], axis: Axis) -> tuple[tuple[Row, ...], ...]:
    """The rows in groups of those that lie on each other; most are alone."""
    places = {row.id: (axis.x(row), axis.y(row)) for row in rows}

    def near(first: Row, second: Row) -> bool:
        (x0, y0), (x1, y1) = places[first.id], places[second.id]
        return abs(x0 - x1) < SAME_PLACE and abs(y0 - y1) < SAME_PLACE

    groups: list[list[Row]] = []
    for row in rows:
        here = [group for group in groups if any(near(row, other) for other in group)]
        groups = [group for group in groups if group not in here]
        groups.append([*(other for group in here for other in group), row])
    return tuple(tuple(group) for group in groups)


def name_annotations(  # noqa: PLR0917  # what is named, where, and how it looks
    table: Table,
    choice: Row | None,
    axis: Axis,
    radii: Mapping[str, float],
    height: float,
    palette: Palette,
    plots: Sequence[Sequence[float]] = (PLOT_WIDTHS_PX,),
) -> list[list[Part]]:
    """Names beside points: the choice's in any case, others where they fit. ``radii`` of the marks and ``height`` of
    the plot are in pixels; for each of the ``plots``, the places that are good from the first of its widths to the
    last. A name for several points says how many more there are."""
    chosen = None if choice is None else choice.id
    best = {row.id for family in DRAWN for row in pareto_front(table.of(family), axis.cost)}
    named: set[str | None] = {chosen, *best} if is_crowded(table) else {row.id for row in table.rows}
    # The chosen one gets the best place; of the others, the longest label has the fewest places to go.
    labels = _labels(table, axis, chosen, named)
    rows = sorted(table.rows, key=lambda row: (row.id != chosen, row.id not in best, -len(labels[row.id])))
    percents_per_px = (axis.percent_high - axis.percent_low) / height
    spots = [
        Spot(
            x=axis.x(row),
            y=axis.y(row),
            label=labels[row.id],
            radius=radii[row.id],
            bar=100
            * max(row.accuracy.high - row.accuracy.value, row.accuracy.value - row.accuracy.low)
            / percents_per_px,
            needed=row.id == chosen,
        )
        for row in rows
    ]
    segments = [
        Segment(x0=axis.x(first), y0=axis.y(first), x1=axis.x(second), y1=axis.y(second))
        for family in CURVES
        for first, second in pairwise(pareto_front(table.of(family), axis.cost))
    ]
    return [
        [
            name_annotation(row, f"<b>{spot.label}</b>" if row.id == chosen else spot.label, place, axis, palette)
            for row, spot, place in zip(
                rows,
                spots,
                place_labels(spots, segments, [Plot(width=width, height=height) for width in widths]),
                strict=True,
            )
            if place is not None
        ]
        for widths in plots
    ]


def name_annotation(row: Row, name: str, place: LabelPosition, axis: Axis, palette: Palette) -> Part:
    """A name beside its point, in its kind's colour."""
    return {
        "x": log10(axis.cost(row)),
        "y": 100 * row.accuracy.value,
        "text": name,
        "font": {"color": palette.family[row.family], "size": 13},
        "showarrow": False,
        "xanchor": place.anchor,
        "xshift": place.dx,
        "yshift": place.dy,
        "borderpad": 0,
    }


def _labels(table: Table, axis: Axis, chosen: str | None, named: set[str | None]) -> dict[str, str]:
    """By the row's id: one name for all that lie on each other, the choice's or the first of those to be named."""
    labels = dict.fromkeys((row.id for row in table.rows), "")
    for group in together(table.rows, axis):
        candidates = [row for row in group if row.id in named and short_label(row)]
        if not candidates:
            continue
        first = next((row for row in candidates if row.id == chosen), candidates[0])
        others = len(group) - 1
        labels[first.id] = f"{short_label(first)} +{others}" if others else short_label(first)
    return labels
