"""The curves as large as a room needs them: both charts side by side, or one that fills the screen. Decides nothing."""

import streamlit as st

from compression.decision.story import Scene
from compression.decision.table import Table
from compression.decision.verdict import Decision
from compression.report.axes import CostName
from compression.report.charts import tradeoff_alt
from compression.report.stage_chart import stage_figure
from pages.ui.shared.charts import PLOT_CONFIG, palette_of_theme

# By their names in the address, in the order in which the key F shows them alone.
CHARTS: dict[str, CostName] = {"size": "size", "time": "latency"}
HEIGHT_PX = 640
# Words and marks, against those on a page that one sits in front of.
SCALE = 1.5


def show_charts(decision: Decision, table: Table, scene: Scene, alone: str | None) -> None:
    """The chart of that name alone, or both, with the files of the scene."""
    names = list(CHARTS) if alone is None else [alone]
    for column, name in zip(st.columns(len(names), gap="small"), names, strict=True):
        cost = CHARTS[name]
        shown = scene.made if cost == "size" else scene.timed
        palette = palette_of_theme()
        figure = stage_figure(decision, table, cost, palette, shown, HEIGHT_PX, SCALE, decided=scene.decided)
        alt = tradeoff_alt(decision, table, cost) if scene.decided else f"{scene.title}. {scene.sentence}"
        with column:
            st.plotly_chart(
                figure,
                height="content" if alone is None else "stretch",
                theme=None,
                config=PLOT_CONFIG,
                alt=alt,
                key=f"stage-{name}",
            )
