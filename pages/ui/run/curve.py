"""The light chart of validation accuracy while students are trained: a few points, drawn by the browser itself.

A plain Vega-Lite specification, since the page that shows it is drawn anew every second: building the same chart from
Altair's objects took ten times as long.
"""

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from compression.decision.numbers import in_percent_with_range
from compression.records.subject import Subject
from compression.report.colours import DARK, GLYPHS, LIGHT, Palette
from pages.ui.run import words
from pages.ui.run.progress import Point

HEIGHT_PX = 230
# A cross, which Vega has no name for, as the control's symbol on the front page.
CROSS = "M-0.8,-0.8L0.8,0.8M-0.8,0.8L0.8,-0.8"
Y = {
    "type": "quantitative",
    "title": None,
    "scale": {"zero": False, "padding": 10},
    "axis": {"format": ".0%", "tickCount": 4},
}
KINDS = [words.WITH_TEACHER, words.WITHOUT_TEACHER]


def show_curve(points: tuple[Point, ...], subject: Subject, key: str) -> None:
    """One line a student, with its teacher in the family's colour, without in the control's. Says so without points."""
    if not points:
        st.caption(words.CHART_EMPTY.format(subject.nouns))
        return
    with_teacher, without = GLYPHS["distillation"], GLYPHS["control"]
    legend = (f":orange[{with_teacher} {words.WITH_TEACHER}]", f"{without} {words.WITHOUT_TEACHER}", words.CHART_BARS)
    st.markdown(f":small[{' &emsp; '.join(legend)}]")
    palette = DARK if st.context.theme.type == "dark" else LIGHT
    st.vega_lite_chart(
        curve_table(points),
        specification(palette),
        alt=words.CHART_ALT.format(takeaway(points)),
        key=key,
        width="stretch",
    )


def curve_table(points: tuple[Point, ...]) -> pd.DataFrame:
    """One row a point; ``label`` is the student's size at the end of its line, and empty before.

    The control, and who did without labels, end close to the student, so only one of a size is labelled.
    """
    ends = {point.candidate: point.done for point in points}
    labelled: dict[str, str] = {}
    for point in points:
        labelled.setdefault(point.size, point.candidate)
    return pd.DataFrame(
        {
            "student": point.name,
            "label": _label(point, labelled, ends),
            "taught": words.WITHOUT_TEACHER if point.family == "control" else words.WITH_TEACHER,
            "done": point.done,
            "accuracy": point.validation.value,
            "low": point.validation.low,
            "high": point.validation.high,
            "range": in_percent_with_range(point.validation),
        }
        for point in points
    )


def _label(point: Point, labelled: Mapping[str, str], ends: Mapping[str, float]) -> str:
    is_end = point.done == ends[point.candidate]
    return point.size if is_end and labelled[point.size] == point.candidate else ""


def takeaway(points: tuple[Point, ...]) -> str:
    """Each student's latest accuracy, in words, with its interval."""
    latest = {point.name: point.validation for point in points}
    return "; ".join(f"{name}: {in_percent_with_range(accuracy)}" for name, accuracy in latest.items()) + "."


def specification(palette: Palette) -> dict[str, Any]:
    """Lines with points and their intervals, the size at each end; the shape of a point says the same as its colour."""
    colours = [palette.family["distillation"], palette.family["control"]]
    taught = {"field": "taught", "type": "nominal", "legend": None}
    coloured = {**taught, "scale": {"domain": KINDS, "range": colours}}
    return {
        "height": HEIGHT_PX,
        "encoding": {
            "x": {
                "field": "done",
                "type": "quantitative",
                "title": words.CHART_X,
                # Room at the right for the labels of the ends.
                "scale": {"domain": [0, 1.25]},
                "axis": {"format": ".0%", "values": [0, 0.25, 0.5, 0.75, 1], "grid": False},
            },
            "y": {"field": "accuracy", **Y},
            "color": coloured,
            "detail": {"field": "student", "type": "nominal"},
            "tooltip": [
                {"field": "student", "type": "nominal", "title": "Student"},
                {"field": "done", "type": "quantitative", "title": words.CHART_X, "format": ".0%"},
                {"field": "range", "type": "nominal", "title": words.CHART_Y},
            ],
        },
        "layer": [
            {
                "mark": {"type": "rule", "strokeWidth": 1.2, "opacity": 0.45},
                "encoding": {"y": {"field": "low", **Y}, "y2": {"field": "high"}},
            },
            {"mark": {"type": "line", "strokeWidth": 2}},
            {
                "mark": {"type": "point", "size": 60, "strokeWidth": 2, "opacity": 1},
                "encoding": {
                    "fill": coloured,
                    "shape": {**taught, "scale": {"domain": KINDS, "range": ["circle", CROSS]}},
                },
            },
            {
                "mark": {"type": "text", "align": "left", "dx": 9, "dy": -7, "fontSize": 12},
                "encoding": {"text": {"field": "label", "type": "nominal"}},
            },
        ],
    }
