"""The curves behind the answer: accuracy against size and against time, or all three in one. Decides nothing."""

from functools import partial

import streamlit as st

from compression.decision.table import Table
from compression.decision.verdict import Decision
from compression.decision.wording import FAMILY_TITLES
from compression.report.axes import CostName
from compression.report.chart_marks import limits_html, over_plot
from compression.report.charts import files_alt
from compression.report.colours import GLYPHS
from compression.report.glossary import explain_each
from compression.store.library import LibraryEntry
from pages.ui.front import words
from pages.ui.front.compare import compare_with
from pages.ui.front.kept import choice_over_chart, files_chart
from pages.ui.shared.address import Address, one_of, write
from pages.ui.shared.charts import PLOT_CONFIG, TEXT_COLOURS, palette_of_theme
from pages.ui.shared.header import show_to_others

CHARTS = {"two": words.TWO_CHARTS, "one": words.ONE_CHART}


def show_curves(entry: LibraryEntry, decision: Decision, table: Table, address: Address) -> None:
    """A legend, the choice between two charts and one, how to show them to others, and the charts. A click on a point
    compares it."""
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", gap="small"):
        show_legend(table)
        start = address.start("charts", "charts", "two", one_of({name: name for name in CHARTS}))
        charts = st.segmented_control(
            words.CHARTS,
            list(CHARTS),
            default=start,
            required=True,
            format_func=CHARTS.__getitem__,
            key="charts",
            label_visibility="collapsed",
            on_change=write,
            args=("charts", "charts", "two", str),
        )
        show_to_others(entry.study.id)
    if charts == "one":
        _chart(entry, decision, table, "latency", areas=True)
        return
    costs: tuple[CostName, ...] = ("size", "latency")
    for column, cost in zip(st.columns(2, gap="small"), costs, strict=True):
        with column:
            _chart(entry, decision, table, cost)


def show_legend(table: Table) -> None:
    """One legend for all charts, in the families' colours and shapes, and how to read them."""
    parts: list[str] = []
    for family in FAMILY_TITLES:
        if table.of(family):
            # A shape stays beside its word, however narrow the screen.
            entry = f"{GLYPHS[family]} {words.LEGEND[family]}".replace(" ", "\N{NO-BREAK SPACE}")
            parts.append(f":{TEXT_COLOURS[family]}[{entry}]" if family in TEXT_COLOURS else entry)
    st.markdown(
        "&emsp;".join(parts),
        width="content",
        help=f"{words.CHARTS_CAPTION}\n\n{explain_each('Pareto front', 'Distillation', 'Quantization', 'Control')}",
    )


def _chart(entry: LibraryEntry, decision: Decision, table: Table, cost: CostName, *, areas: bool = False) -> None:
    """What the limits change lies over the files, which a browser would draw anew for any change, and slowly."""
    key, palette = f"chart-{'areas' if areas else cost}", palette_of_theme()
    with st.container(gap=None, key=f"plot-{'areas' if areas else cost}"):
        choice = choice_over_chart(entry, decision.choice, table, cost, palette, areas=areas)
        st.html(over_plot(limits_html(decision, table, cost, palette) + choice))
        st.plotly_chart(
            files_chart(entry, table, cost, palette, areas=areas),
            theme=None,
            config=PLOT_CONFIG,
            alt=files_alt(table, cost, areas=areas),
            key=key,
            selection_mode="points",
            on_select=partial(_compare_clicked, key),
        )
    if areas:
        st.caption(words.AREAS_CAPTION)


def _compare_clicked(key: str) -> None:
    points = st.session_state[key]["selection"]["points"]
    if points:
        compare_with(points[0]["customdata"][1])
