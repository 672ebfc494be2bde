"""What is the same under all limits, kept for every visitor: a study's table, its charts, what made its files fast.

Only of studies that have ended, of which nothing changes any more. Decides nothing.
"""

import plotly.graph_objects as go
import streamlit as st

from compression.decision.table import Row, Table, table_of
from compression.decision.why_fast import why_fast
from compression.records.measurements import Condition
from compression.records.study import ALIVE
from compression.report.axes import CostName
from compression.report.chart_marks import choice_html
from compression.report.charts import files_figure
from compression.report.colours import Palette
from compression.store.library import LibraryEntry
from pages.ui.shared.limits import condition_in_address

AT_MOST = 64


def table_under(entry: LibraryEntry, condition: Condition) -> Table:
    """The study's table under one condition."""
    if entry.study.state in ALIVE:
        return table_of(entry.document, condition)
    return _table(_name(entry), condition_in_address(condition), entry, condition)


def reasons_for_speed(entry: LibraryEntry, table: Table) -> dict[str, tuple[str, ...]]:
    """What made its quantized files faster, or did not."""
    if entry.study.state in ALIVE:
        return why_fast(entry.document, table)
    return _reasons(_name(entry), condition_in_address(table.condition), entry, table)


def files_chart(entry: LibraryEntry, table: Table, cost: CostName, palette: Palette, *, areas: bool) -> go.Figure:
    """Its files in a chart."""
    if entry.study.state in ALIVE:
        return files_figure(table, cost, palette, areas=areas)
    condition = condition_in_address(table.condition)
    return _chart(_name(entry), condition, cost, areas, palette.page, table, palette)


def choice_over_chart(  # what is chosen, where, and how it looks
    entry: LibraryEntry, choice: Row | None, table: Table, cost: CostName, palette: Palette, *, areas: bool
) -> str:
    """Its ring, and the names that go with it: finding their places takes longer than all else that a limit moves."""
    if entry.study.state in ALIVE:
        return choice_html(choice, table, cost, palette, areas=areas)
    condition, chosen = condition_in_address(table.condition), "" if choice is None else choice.id
    return _choice(_name(entry), condition, cost, areas, palette.page, chosen, choice, table, palette)


def _name(entry: LibraryEntry) -> str:
    """The study, as it ended: it may be taken up again."""
    return f"{entry.study.id} {entry.study.state} {entry.study.seconds}"


# The arguments without an underscore are the key.
@st.cache_resource(show_spinner=False, max_entries=AT_MOST)
def _table(study: str, condition: str, _entry: LibraryEntry, _condition: Condition) -> Table:  # noqa: ARG001
    return table_of(_entry.document, _condition)


@st.cache_resource(show_spinner=False, max_entries=AT_MOST)
def _reasons(study: str, condition: str, _entry: LibraryEntry, _table: Table) -> dict[str, tuple[str, ...]]:  # noqa: ARG001
    return why_fast(_entry.document, _table)


@st.cache_resource(show_spinner=False, max_entries=AT_MOST)
def _chart(
    study: str,  # noqa: ARG001
    condition: str,  # noqa: ARG001
    cost: CostName,
    areas: bool,
    page: str,  # noqa: ARG001
    _table: Table,
    _palette: Palette,
) -> go.Figure:
    return files_figure(_table, cost, _palette, areas=areas)


@st.cache_resource(show_spinner=False, max_entries=8 * AT_MOST)
def _choice(  # noqa: PLR0917  # the key, and what is drawn
    study: str,  # noqa: ARG001
    condition: str,  # noqa: ARG001
    cost: CostName,
    areas: bool,
    page: str,  # noqa: ARG001
    chosen: str,  # noqa: ARG001
    _row: Row | None,
    _table: Table,
    _palette: Palette,
) -> str:
    return choice_html(_row, _table, cost, _palette, areas=areas)
