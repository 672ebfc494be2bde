"""The curves of both studies in the same charts. Decides nothing."""

import streamlit as st

from compression.report.axes import CostName
from compression.report.beside_chart import beside_alt, beside_figure
from pages.ui.beside import words
from pages.ui.beside.answers import Side
from pages.ui.front.curves import show_legend
from pages.ui.shared.charts import palette_of_theme, show_chart

COSTS: tuple[CostName, ...] = ("size", "latency")


def show_curves(first: Side, second: Side) -> None:
    """Accuracy against size and against time."""
    show_legend(first.table)
    for column, cost in zip(st.columns(2, gap="small"), COSTS, strict=True):
        with column:
            figure = beside_figure(
                (first.table, first.decision), (second.table, second.decision), cost, palette_of_theme()
            )
            show_chart(figure, beside_alt(first.decision, second.decision, cost), f"beside-{cost}")
    st.caption(words.CHARTS)
