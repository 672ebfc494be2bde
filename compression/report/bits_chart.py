"""The chart of how few bits it takes: accuracy against the bits that a file keeps for each weight.

Draws files as they are; knows neither how they were made nor where the figure is shown.
"""

from collections.abc import Sequence
from itertools import pairwise
from math import log2

import plotly.graph_objects as go

from compression.decision.bits import FileBits, bits_in_words, equally_small, in_bits
from compression.decision.numbers import in_bytes, in_percent_with_range, points_changed
from compression.decision.table import Spread
from compression.records.subject import Subject
from compression.report.chart_layout import Part, axis_in, figure_layout, quiet
from compression.report.colours import MARKER_SIZES_PX, SYMBOLS, Palette
from compression.report.labels import Plot, Segment, Spot, place_labels
from compression.report.short_labels import short_label

HEIGHT_PX = 400
MARGINS_PX = {"l": 52, "r": 14, "t": 12, "b": 48}
# Of the plot area on a phone, and beside a column of text on a wide screen: labels are placed for both.
PLOT_WIDTHS_PX = (285.0, 640.0)
# Files of the same size stand side by side, so many doublings apart: enough to tell their bars apart on a phone.
SIDE_BY_SIDE = 0.13
# On a phone, the label of the outermost file is twice as wide as this, in doublings.
ROOM = 0.55
# Labels stand above and below the bars.
ROOM_FOR_LABELS = 0.25
TICKS = (1, 2, 4, 8, 16, 32)


def bits_figure(files: Sequence[FileBits], palette: Palette) -> go.Figure:
    """Accuracy (percent, with its 95 % intervals) against bits, on an axis of doublings. The line joins the most
    accurate file of each size. Filled squares compute in 8 bits, open ones only store their weights in fewer."""
    places = _places(files)
    best = [max(group, key=lambda each: (each.row.accuracy.value, each.row.id)) for group in equally_small(files)]
    line: Part = {
        "type": "scatter",
        "x": [places[each.row.id] for each in best],
        "y": [100 * each.row.accuracy.value for each in best],
        "mode": "lines",
        "line": {"color": palette.family["quantization"], "width": 2},
        "hoverinfo": "skip",
    }
    layout = _layout(files, places, palette)
    layout["annotations"] = _labels(files, best, places, palette)
    # Made at once from plain data: plotly checks everything again whenever a finished figure is added to.
    return go.Figure(data=[line, *(_point(each, places, palette) for each in files)], layout=layout)


def bits_alt(files: Sequence[FileBits], subject: Subject) -> str:
    """What the chart shows, in words, for who cannot see it: its takeaway first."""
    each_one = "; ".join(
        f"{each.row.name} {in_bits(each.bits)}, {in_percent_with_range(each.row.accuracy)}" for each in files
    )
    return (
        f"{' '.join(bits_in_words(files, subject))} Bits for each weight and accuracy, with 95% intervals in brackets: "
        f"{each_one}."
    )


def _places(files: Sequence[FileBits]) -> dict[str, float]:
    """Where each file stands across, in doublings."""
    return {
        each.row.id: sum(log2(one.bits) for one in group) / len(group) + SIDE_BY_SIDE * (number - (len(group) - 1) / 2)
        for group in equally_small(files)
        for number, each in enumerate(group)
    }


def _point(file: FileBits, places: dict[str, float], palette: Palette) -> Part:
    family = file.row.family
    colour, accuracy = palette.family[family], file.row.accuracy
    opened = family == "quantization" and not file.computes_in_8_bits
    return {
        "type": "scatter",
        "x": [places[file.row.id]],
        "y": [100 * accuracy.value],
        "error_y": {
            "type": "data",
            "symmetric": False,
            "array": [100 * (accuracy.high - accuracy.value)],
            "arrayminus": [100 * (accuracy.value - accuracy.low)],
            "color": colour,
            "thickness": 1.2,
            "width": 3,
        },
        "mode": "markers",
        "marker": {
            "symbol": SYMBOLS[family],
            "size": MARKER_SIZES_PX[family],
            # The page shows through an open marker, and neither the line nor the bar.
            "color": palette.page if opened else colour,
            "line": {"color": colour, "width": 2},
        },
        "name": file.row.name,
        "customdata": [_hover(file)],
        "hovertemplate": "%{customdata}<extra></extra>",
    }


def _hover(file: FileBits) -> str:
    against = f"<br>{points_changed(file.change)} against the original"
    change = against if file.row.family == "quantization" else ""
    return (
        f"<b>{file.row.name}</b><br>{in_bits(file.bits)} for each weight, {in_bytes(file.row.size_bytes)}<br>"
        f"{in_percent_with_range(file.row.accuracy)} accuracy{change}"
    )


def _labels(
    files: Sequence[FileBits], best: Sequence[FileBits], places: dict[str, float], palette: Palette
) -> list[Part]:
    left, right = _across(places)
    bottom, top = _upwards(files)
    height = HEIGHT_PX - MARGINS_PX["t"] - MARGINS_PX["b"]

    def across(file: FileBits) -> float:
        return (places[file.row.id] - left) / (right - left)

    def upwards(percent: float) -> float:
        return (percent - bottom) / (top - bottom)

    def reach(accuracy: Spread) -> float:
        return 100 * max(accuracy.high - accuracy.value, accuracy.value - accuracy.low) / (top - bottom) * height

    spots = [
        Spot(
            x=across(each),
            y=upwards(100 * each.row.accuracy.value),
            label=short_label(each.row),
            radius=MARKER_SIZES_PX[each.row.family] / 2,
            bar=reach(each.row.accuracy),
        )
        for each in files
    ]
    segments = [
        Segment(
            x0=across(one),
            y0=upwards(100 * one.row.accuracy.value),
            x1=across(other),
            y1=upwards(100 * other.row.accuracy.value),
        )
        for one, other in pairwise(best)
    ]
    found = place_labels(spots, segments, [Plot(width=width, height=height) for width in PLOT_WIDTHS_PX])
    return [
        {
            "x": places[each.row.id],
            "y": 100 * each.row.accuracy.value,
            "text": spot.label,
            "font": {"color": palette.family[each.row.family], "size": 13},
            "showarrow": False,
            "xanchor": place.anchor,
            "xshift": place.dx,
            "yshift": place.dy,
            "borderpad": 0,
        }
        for each, spot, place in zip(files, spots, found, strict=True)
        if place is not None
    ]


def _layout(files: Sequence[FileBits], places: dict[str, float], palette: Palette) -> Part:
    left, right = _across(places)
    ticks = [tick for tick in TICKS if left <= log2(tick) <= right]
    return {
        **figure_layout(palette, HEIGHT_PX, MARGINS_PX),
        "xaxis": {
            **axis_in(palette),
            "range": [left, right],
            "tickvals": [log2(tick) for tick in ticks],
            "ticktext": [str(tick) for tick in ticks],
            "title": {"text": "Bits stored for each weight (fewer is smaller)", "font": quiet(palette), "standoff": 8},
        },
        "yaxis": {
            **axis_in(palette),
            "range": list(_upwards(files)),
            "ticksuffix": "%",
            "title": {"text": "Accuracy (higher is better)", "font": quiet(palette), "standoff": 4},
            "nticks": 7,
        },
    }


def _across(places: dict[str, float]) -> tuple[float, float]:
    """The range of doublings that holds every file, with its label."""
    return min(places.values()) - ROOM, max(places.values()) + ROOM


def _upwards(files: Sequence[FileBits]) -> tuple[float, float]:
    """The range of percents that holds every interval, with the labels above and below."""
    percents = [100 * end for each in files for end in (each.row.accuracy.low, each.row.accuracy.high)]
    height = max(max(percents) - min(percents), 1.0)
    return min(percents) - ROOM_FOR_LABELS * height, max(percents) + ROOM_FOR_LABELS * height
