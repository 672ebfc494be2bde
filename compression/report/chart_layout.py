"""What the layouts of all charts share, in the words of plotly's schema. Knows nothing of what a chart shows."""

from typing import Any

from compression.report.colours import Palette

# A part of a figure, in the words of plotly's schema.
Part = dict[str, Any]

# The page's own font where there is one, else the system's.
FONT = "Source Sans, system-ui, -apple-system, Segoe UI, Roboto, sans-serif"


def figure_layout(palette: Palette, height: int, margins: dict[str, int]) -> Part:
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
