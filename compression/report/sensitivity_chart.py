"""The chart of fragile layers: what accuracy each costs when it alone is stored in few bits.

Draws looks as they are; knows neither how they came about nor where the figure is shown.
"""

from collections.abc import Sequence

import plotly.graph_objects as go

from compression.decision.fragile import Bits, Look, fragile_in_words
from compression.decision.layer_names import layer_shape
from compression.decision.numbers import in_points, points_range
from compression.records.subject import Subject
from compression.report.chart_layout import Part, axis_in, figure_layout, quiet
from compression.report.colours import Palette

# The more layers, the closer they stand.
ROWS_PX = {20: 26, 40: 22}
CLOSEST_PX = 19
FRAME_PX = 64
# Of either side: layers that cost nothing at all should look like that.
LEAST_POINTS_SHOWN = 0.5
MARGIN = 1.08
# A point is a hundredth.
POINTS = 100.0


def sensitivity_figure(looks: Sequence[Look], palette: Palette) -> go.Figure:
    """One bar a layer, from above: the points of accuracy it costs, with its 95 % interval. In colour those that are
    fragile, the others grey."""
    colours = [palette.family["quantization"] if look.fragile else palette.family["control"] for look in looks]
    trace: Part = {
        "type": "bar",
        "orientation": "h",
        "x": [POINTS * look.loss.value for look in looks],
        # Numbers and not names, which are the ticks' texts: two layers may never share a row.
        "y": list(range(len(looks))),
        "marker": {"color": colours},
        "error_x": {
            "type": "data",
            "symmetric": False,
            "array": [POINTS * (look.loss.high - look.loss.value) for look in looks],
            "arrayminus": [POINTS * (look.loss.value - look.loss.low) for look in looks],
            "color": palette.quiet_text,
            "thickness": 1.2,
            "width": 3,
        },
        "customdata": [_hover(look) for look in looks],
        "hovertemplate": "%{customdata}<extra></extra>",
    }
    return go.Figure(data=[trace], layout=_layout(looks, palette))


def sensitivity_alt(looks: Sequence[Look], bits: Bits, subject: Subject) -> str:
    """What the chart shows, in words, for who cannot see it: its takeaway first."""
    each_one = "; ".join(f"{look.name} {in_points(look.loss.value)} ({points_range(look.loss)})" for look in looks)
    return (
        f"{' '.join(fragile_in_words(looks, bits, subject))} Accuracy lost with one layer alone in {bits} bits, with "
        f"95% intervals in brackets: {each_one}."
    )


def _hover(look: Look) -> str:
    return (
        f"<b>{look.name}</b><br>{layer_shape(look.layer)}<br>Lost: {in_points(look.loss.value)} "
        f"(95%: {points_range(look.loss)})<br>Widened for all layers: {points_range(look.among_all)}<br>"
        f"Divergence: {look.divergence:.2g}"
    )


def _layout(looks: Sequence[Look], palette: Palette) -> Part:
    count = len(looks)
    row = next((height for most, height in ROWS_PX.items() if count <= most), CLOSEST_PX)
    left = MARGIN * min(-LEAST_POINTS_SHOWN, *(POINTS * look.loss.low for look in looks))
    right = MARGIN * max(LEAST_POINTS_SHOWN, *(POINTS * look.loss.high for look in looks))
    return {
        **figure_layout(palette, FRAME_PX + row * count, {"l": 8, "r": 14, "t": 8, "b": 48}),
        "bargap": 0.4,
        "xaxis": {
            **axis_in(palette),
            "range": [left, right],
            "zeroline": True,
            "zerolinecolor": palette.quiet_text,
            "zerolinewidth": 1.5,
            "nticks": 7,
            "title": {"text": "Points of accuracy lost", "font": quiet(palette), "standoff": 8},
        },
        # The first layer on top.
        "yaxis": {
            **axis_in(palette),
            "range": [count - 0.4, -0.6],
            "tickvals": list(range(count)),
            "ticktext": [f"{look.name} " for look in looks],
            "tickfont": {"color": palette.text, "size": 12},
            "showgrid": False,
            "automargin": True,
        },
    }
