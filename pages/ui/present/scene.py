"""One scene on the stage: what is told, and the charts with what was told so far. Decides nothing."""

from html import escape

import streamlit as st

from compression.decision.story import Scene
from compression.decision.table import Table
from compression.decision.verdict import Decision
from pages.ui.front.answer import show_answer
from pages.ui.present.charts import show_charts


def show_scene(decision: Decision, table: Table, scene: Scene, alone: str | None) -> None:
    """A title, one sentence and the charts, or the chart ``alone``; the last scene is the answer as the front page has
    it."""
    if scene.decided:
        show_answer(decision)
    else:
        st.title(scene.title, anchor=False)
        st.html(f'<p class="told">{escape(scene.sentence)}</p>')
    show_charts(decision, table, scene, alone)
