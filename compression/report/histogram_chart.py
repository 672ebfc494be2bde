"""The chart of one layer's numbers: how they are spread in the original, and in a quantized file.

Draws a histogram as it is; knows neither whose numbers they are nor where the figure is shown.
"""

import plotly.graph_objects as go

from compression.records.layers import Histogram
from compression.report.chart_layout import Part, axis_in, figure_layout, quiet
from compression.report.colours import Palette

HEIGHT_PX = 280
# How many times as high as the next a bar has to be to be cut off, and how far above that one.
TOWERS = 3.0
CUT_ABOVE = 1.3
MARGINS_PX = {"l": 52, "r": 14, "t": 12, "b": 48}


def histogram_figure(histogram: Histogram, title: str, palette: Palette) -> go.Figure:
    """The shares (percent) of the numbers in each bin: before as an area in the original's colour, after as a line in
    that of quantization. ``title`` says what the numbers are.

    A bar that would flatten all others is cut off, with its share written at its top: behind a ReLU half of a layer's
    inputs are 0.
    """
    width = (histogram.high - histogram.low) / len(histogram.before)
    edges = [histogram.low + width * number for number in range(len(histogram.before) + 1)]
    before: Part = {
        "type": "scatter",
        "x": edges,
        "y": _steps(histogram.before),
        "mode": "lines",
        "line": {"shape": "hv", "width": 0},
        "fill": "tozeroy",
        "fillcolor": palette.before,
        "hoverinfo": "skip",
    }
    after: Part = {
        "type": "scatter",
        "x": edges,
        "y": _steps(histogram.after),
        "mode": "lines",
        "line": {"shape": "hv", "width": 1.6, "color": palette.family["quantization"]},
        "hoverinfo": "skip",
    }
    layout = _layout(histogram, title, palette)
    tallest = _tallest(histogram)
    if tallest is not None:
        number, share, top = tallest
        layout["yaxis"]["range"] = [0, top]
        layout["annotations"] = [_cut_off(edges[number] + width / 2, share, top, palette)]
    return go.Figure(data=[before, after], layout=layout)


def _steps(counts: tuple[int, ...]) -> list[float]:
    """Shares in percent, the last one twice: a step has two ends."""
    shares = _shares(counts)
    return [*shares, shares[-1]]


def _shares(counts: tuple[int, ...]) -> list[float]:
    total = max(sum(counts), 1)
    return [100 * count / total for count in counts]


def _tallest(histogram: Histogram) -> tuple[int, float, float] | None:
    """The number of the bin that towers over all others, its share (percent), and where to cut it; None without one."""
    higher = [max(pair) for pair in zip(_shares(histogram.before), _shares(histogram.after), strict=True)]
    second, first = sorted(range(len(higher)), key=higher.__getitem__)[-2:] if len(higher) > 1 else (0, 0)
    if higher[first] <= TOWERS * higher[second]:
        return None
    return first, higher[first], CUT_ABOVE * higher[second]


def _cut_off(x: float, share: float, top: float, palette: Palette) -> Part:
    return {
        "x": x,
        "y": top,
        "text": f"\N{UPWARDS ARROW} {share:.0f}%",
        "font": {"color": palette.text, "size": 13},
        "showarrow": False,
        "xanchor": "left",
        "yanchor": "top",
        "xshift": 6,
        "borderpad": 0,
    }


def _layout(histogram: Histogram, title: str, palette: Palette) -> Part:
    return {
        **figure_layout(palette, HEIGHT_PX, MARGINS_PX),
        "xaxis": {
            **axis_in(palette),
            "range": [histogram.low, histogram.high],
            "nticks": 7,
            "title": {"text": title, "font": quiet(palette), "standoff": 8},
        },
        "yaxis": {
            **axis_in(palette),
            "rangemode": "tozero",
            "ticksuffix": "%",
            "nticks": 6,
            "title": {"text": "Share of the numbers", "font": quiet(palette), "standoff": 4},
        },
    }
