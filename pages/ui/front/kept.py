"""What is the same under all limits, kept for every visitor: a study's table, its charts, what made its files fast.

Only of studies that have ended, of which nothing changes any more. Decides nothing.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import TypeVar

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

STUDIES_AT_MOST = 64
Made = TypeVar("Made")


@dataclass(frozen=True)
class Kept:
    """What was made of one study so far. Two visitors may make the same at once, and either's is as good."""

    made: dict[Hashable, object] = field(default_factory=dict)

    def get(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """What was made under that key, else what ``make`` makes now."""
        if key not in self.made:
            self.made[key] = make()
        found: Made = self.made[key]  # type: ignore[assignment]  # a key stands for one kind of thing
        return found


def table_under(entry: LibraryEntry, condition: Condition) -> Table:
    """The study's table under one condition."""
    name = condition_in_address(condition)
    return _kept(entry).get(("table", name), lambda: table_of(entry.document, condition))


def reasons_for_speed(entry: LibraryEntry, table: Table) -> dict[str, tuple[str, ...]]:
    """What made its quantized files faster, or did not."""
    name = condition_in_address(table.condition)
    return _kept(entry).get(("reasons", name), lambda: why_fast(entry.document, table))


def files_chart(entry: LibraryEntry, table: Table, cost: CostName, palette: Palette, *, areas: bool) -> go.Figure:
    """Its files in a chart."""
    key = ("files", condition_in_address(table.condition), cost, palette.page, areas)
    return _kept(entry).get(key, lambda: files_figure(table, cost, palette, areas=areas))


def choice_over_chart(  # what is chosen, where, and how it looks
    entry: LibraryEntry, choice: Row | None, table: Table, cost: CostName, palette: Palette, *, areas: bool
) -> str:
    """Its ring, and the names that go with it: finding their places takes longer than all else that a limit moves."""
    chosen = None if choice is None else choice.id
    key = ("choice", condition_in_address(table.condition), cost, palette.page, areas, chosen)
    return _kept(entry).get(key, lambda: choice_html(choice, table, cost, palette, areas=areas))


def _kept(entry: LibraryEntry) -> Kept:
    if entry.study.state in ALIVE:
        return Kept()
    # The study, as it ended: it may be taken up again.
    return _of_study(f"{entry.study.id} {entry.study.state} {entry.study.seconds}")


@st.cache_resource(show_spinner=False, max_entries=STUDIES_AT_MOST)
def _of_study(study: str) -> Kept:  # noqa: ARG001  # the cache's key
    return Kept()
