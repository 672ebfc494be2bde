"""The live chart: accuracy against file size, of all that is made or learns, drawn by the browser itself.

A plain Vega-Lite specification, since the page that shows it is drawn anew every second: building the same chart from
Altair's objects took ten times as long. Its axes stay where they are while a study runs, so that only points move; and
without data they need no extent, of which Vega would warn.
"""

from collections.abc import Mapping, Sequence
from math import ceil, floor, log10
from typing import Any

import pandas as pd
import streamlit as st

from compression.decision.numbers import in_bytes, in_percent
from compression.records.beforehand import Beforehand
from compression.records.recipes import Family
from compression.report.colours import GLYPHS, Palette
from pages.ui.run import words
from pages.ui.run.points import ORIGINAL, Point
from pages.ui.shared.charts import TEXT_COLOURS, palette_of_theme

HEIGHT_PX = 300
# Vega's names of the front page's marks; it has none for a star.
SHAPES: dict[Family, str] = {
    "original": "M0,-1L0.24,-0.31L0.95,-0.31L0.38,0.12L0.59,0.81L0,0.4L-0.59,0.81L-0.38,0.12L-0.95,-0.31L-0.24,-0.31Z",
    "distillation": "circle",
    "quantization": "square",
    "both": "diamond",
    "control": "M-0.7,-0.7L0.7,0.7M-0.7,0.7L0.7,-0.7",
}
# How far below the original's accuracy the chart reaches; what is lower stands at its foot until it has climbed.
REACH = 0.2
LEGEND: tuple[Family, ...] = ("original", "quantization", "distillation", "both", "control")


def show_chart(points: Sequence[Point], known: Mapping[str, Beforehand]) -> None:
    """The chart and its legend; says what it will show as long as there is nothing to draw."""
    if not points:
        st.caption(words.CHART_EMPTY)
        return
    st.markdown(f":small[{legend(points)}]")
    st.vega_lite_chart(
        table_of(points),
        specification(points, known, palette_of_theme()),
        alt=words.CHART_ALT.format(takeaway(points)),
        key="live",
        width="stretch",
    )


def legend(points: Sequence[Point]) -> str:
    """The kinds that are drawn, in their colours, and what hollow and filled say."""
    families = {point.family for point in points}
    parts = [mark(family, words.KINDS[family]) for family in LEGEND if family in families]
    return " &emsp; ".join([*parts, words.HOLLOW])


def mark(family: Family, text: str) -> str:
    """A kind's mark before some words, in its colour."""
    entry = f"{GLYPHS[family]} {text}"
    return f":{TEXT_COLOURS[family]}[{entry}]" if family in TEXT_COLOURS else entry


def table_of(points: Sequence[Point]) -> pd.DataFrame:
    """One row a point."""
    return pd.DataFrame(
        {
            "name": point.name,
            "family": point.family,
            "size": point.size_bytes,
            "accuracy": point.accuracy,
            "tested": point.state == "tested",
            "size in words": in_bytes(point.size_bytes),
            "state": words.POINTS[point.state].format(in_percent(point.accuracy)),
        }
        for point in points
    )


def takeaway(points: Sequence[Point]) -> str:
    """Each file's size and accuracy in words."""
    return "; ".join(f"{point.name}: {in_bytes(point.size_bytes)}, {in_percent(point.accuracy)}" for point in points)


def specification(points: Sequence[Point], known: Mapping[str, Beforehand], palette: Palette) -> dict[str, Any]:
    """Hollow marks until a file is tested; the shape of a mark says the same as its colour."""
    sizes = [*(each.size_bytes for each in known.values()), *(point.size_bytes for point in points)]
    smallest, largest = min(sizes) / 1.6, max(sizes) * 1.6
    families = list(SHAPES)
    colour = {"field": "family", "type": "nominal", "legend": None}
    coloured = {**colour, "scale": {"domain": families, "range": [palette.family[family] for family in families]}}
    place = {
        "x": {
            "field": "size",
            "type": "quantitative",
            "title": words.CHART_X,
            "scale": {"type": "log", "domain": [smallest, largest], "nice": False},
            "axis": {"labelExpr": words.AXIS_BYTES, "values": ticks(smallest, largest), "grid": False},
        },
        "y": {
            "field": "accuracy",
            "type": "quantitative",
            "title": words.CHART_Y,
            "scale": {"domain": [lowest(points), 1.0], "zero": False, "nice": False, "clamp": True},
            "axis": {"format": ".0%", "tickCount": 5},
        },
    }
    return {
        "height": HEIGHT_PX,
        "mark": {"type": "point", "size": 130, "strokeWidth": 2, "opacity": 1},
        "encoding": {
            **place,
            "stroke": coloured,
            "fill": {"condition": {"test": "datum.tested", **coloured}, "value": "transparent"},
            "shape": {**colour, "scale": {"domain": families, "range": list(SHAPES.values())}},
            "tooltip": [
                {"field": "name", "type": "nominal", "title": words.FILE},
                {"field": "size in words", "type": "nominal", "title": words.CHART_X},
                {"field": "state", "type": "nominal", "title": words.CHART_Y},
            ],
        },
    }


def ticks(smallest: float, largest: float) -> list[float]:
    """Round sizes between the two, in bytes: 1, 2 and 5 of each power of ten."""
    powers = range(floor(log10(smallest)), ceil(log10(largest)))
    return [tick for power in powers for first in (1, 2, 5) if smallest <= (tick := first * 10.0**power) <= largest]


def lowest(points: Sequence[Point]) -> float:
    """Where the axis of accuracies begins: low enough for all that is made, in steps so wide that it seldom moves."""
    original = next((point.accuracy for point in points if point.candidate == ORIGINAL), 1.0)
    made = [point.accuracy for point in points if point.state != "learning"]
    return max(0.0, floor(10 * min([original - REACH, *made])) / 10)
