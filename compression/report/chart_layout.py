"""What the layouts of all charts share, in the words of plotly's schema. Knows nothing of what a chart shows."""

from typing import Any

from compression.report.colours import Palette

# A part of a figure, in the words of plotly's schema.
Part = dict[str, Any]

# The page's own font where there is one, else the system's.
FONT = "Source Sans, system-ui, -apple-system, Segoe UI, Roboto, sans-serif"


# What plotly counts in pixels
COUNTED_IN_PX = frozenset({"size", "width", "thickness", "height", "xshift", "yshift", "standoff", "l", "r", "t", "b"})


def figure_layout(palette: Palette, height: float, margins: dict[str, int]) -> Part:
    """A transparent chart of so many pixels, without a legend: the pages and the report draw their own."""
    return {
        # Not the default, which Streamlit changes, and which goes with every figure: all is said here, and is little.
        "template": "none",
        "height": height,
        "margin": margins,
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"color": palette.text, "size": 13, "family": FONT},
        "hoverlabel": {"bgcolor": palette.page, "font": {"color": palette.text, "size": 13}, "align": "left"},
        "showlegend": False,
    }


def axis_in(palette: Palette) -> Part:
    """An axis that cannot be dragged, with faint lines and small figures."""
    return {
        "gridcolor": palette.grid,
        "zeroline": False,
        "linecolor": palette.grid,
        "automargin": True,
        "tickfont": quiet(palette),
        "fixedrange": True,
    }


def quiet(palette: Palette) -> Part:
    """The font of what stands at the edge of a chart."""
    return {"color": palette.quiet_text, "size": 12}


def enlarged(part: Part, scale: float) -> Part:
    """The same part with all its marks, words and margins so many times larger; what lies where stays."""
    return part if scale == 1 else {name: _enlarged(name, value, scale) for name, value in part.items()}


def _enlarged(name: str, value: object, scale: float) -> object:
    match value:
        case dict():
            return enlarged(value, scale)
        case list() if name in COUNTED_IN_PX:
            return [scale * each for each in value]
        case list():
            return [_enlarged(name, each, scale) if isinstance(each, dict) else each for each in value]
        case int() | float() if name in COUNTED_IN_PX:
            return scale * value
        case _:
            return value
