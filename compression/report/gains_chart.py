"""The chart of what the teacher was worth: for every student, its accuracy less that of the same student without one.

Draws gains as they are; knows neither how they came about nor where the figure is shown.
"""

from collections.abc import Sequence

import plotly.graph_objects as go

from compression.decision.numbers import in_points, points_range
from compression.decision.teacher import StudentsGain, gains_in_words
from compression.report.chart_layout import Part, axis_in, figure_layout, quiet
from compression.report.colours import MARKER_SIZES_PX, SYMBOLS, Palette
from compression.report.short_labels import short_label

ROW_PX = 44
FRAME_PX = 64
# Of either side: a teacher that made no difference at all should look like that.
LEAST_POINTS_SHOWN = 1.0
MARGIN = 1.15
# A point is a hundredth.
POINTS = 100.0


def gains_figure(gains: Sequence[StudentsGain], palette: Palette) -> go.Figure:
    """One row a student: the gain in points of accuracy with its 95 % interval, left of 0 where the teacher harmed."""
    colour = palette.family["distillation"]
    names = [short_label(each.row) for each in gains]
    trace: Part = {
        "type": "scatter",
        "x": [POINTS * each.gain.value for each in gains],
        "y": names,
        "error_x": {
            "type": "data",
            "symmetric": False,
            "array": [POINTS * (each.gain.high - each.gain.value) for each in gains],
            "arrayminus": [POINTS * (each.gain.value - each.gain.low) for each in gains],
            "color": colour,
            "thickness": 1.6,
            "width": 5,
        },
        "mode": "markers",
        "marker": {"color": colour, "symbol": SYMBOLS["distillation"], "size": MARKER_SIZES_PX["distillation"]},
        "customdata": [
            f"<b>{each.row.name}</b><br>{in_points(each.gain.value)} (95%: {points_range(each.gain)})" for each in gains
        ],
        "hovertemplate": "%{customdata}<extra></extra>",
    }
    return go.Figure(data=[trace], layout=_layout(gains, names, palette))


def gains_alt(gains: Sequence[StudentsGain]) -> str:
    """What the chart shows, in words: its takeaway first."""
    each_one = "; ".join(
        f"{short_label(each.row)} {in_points(each.gain.value)} (95%: {points_range(each.gain)})" for each in gains
    )
    return f"{gains_in_words(gains)} Accuracy gained over the same student without a teacher: {each_one}."


def _layout(gains: Sequence[StudentsGain], names: list[str], palette: Palette) -> Part:
    furthest = max(POINTS * max(abs(each.gain.low), abs(each.gain.high)) for each in gains)
    reach = MARGIN * max(furthest, LEAST_POINTS_SHOWN)
    return {
        **figure_layout(palette, FRAME_PX + ROW_PX * len(gains), {"l": 8, "r": 14, "t": 8, "b": 48}),
        "xaxis": {
            **axis_in(palette),
            "range": [-reach, reach],
            "zeroline": True,
            "zerolinecolor": palette.quiet_text,
            "zerolinewidth": 1.5,
            "title": {"text": "Points of accuracy gained by the teacher", "font": quiet(palette), "standoff": 8},
        },
        # The first student on top.
        "yaxis": {
            **axis_in(palette),
            "type": "category",
            "categoryorder": "array",
            "categoryarray": names[::-1],
            "range": [-0.6, len(names) - 0.4],
            "automargin": True,
            "tickfont": {"color": palette.text, "size": 13},
        },
    }
