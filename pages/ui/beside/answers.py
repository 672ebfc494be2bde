"""Both answers, one beside the other. Decides nothing."""

from dataclasses import dataclass
from typing import Self

import streamlit as st

from compression.decision.table import Table, table_of
from compression.decision.targets import Target
from compression.decision.verdict import Decision, decide
from compression.report.beside_chart import NAMES
from compression.store.library import LibraryEntry
from pages.ui.beside import words
from pages.ui.front.answer import show_answer
from pages.ui.shared.address import Address, link
from pages.ui.shared.library import title_of
from pages.ui.shared.limits import condition_asked, limits_asked
from pages.ui.shared.plain import as_it_is


@dataclass(frozen=True, kw_only=True)
class Side:
    """A study, and what it says under the limits that are asked for."""

    entry: LibraryEntry
    table: Table
    decision: Decision

    @classmethod
    def of(cls, entry: LibraryEntry, target: Target, address: Address) -> Self:
        """Each study by its own numbers: a target's limits are relative to its original."""
        table = table_of(entry.document, condition_asked(entry.document, target, address))
        return cls(entry=entry, table=table, decision=decide(table, target, *limits_asked(table, target, address)))


def show_answers(*sides: Side) -> None:
    """A card for each study: which it is, what it says, and the way to it alone."""
    for column, name, side in zip(st.columns(2, gap="medium"), NAMES, sides, strict=True):
        with column, st.container(border=True, height="stretch", key=f"answer-{name}"):
            with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
                st.markdown(f"**{name}:** {as_it_is(title_of(side.entry))}", width="content")
                st.page_link("app.py", label=words.SHOW_ALONE, query_params=link(side.entry.study.id))
            show_answer(side.decision)
