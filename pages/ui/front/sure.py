"""How sure the answer is: its ranges, what to know before trusting it, and where times come from. Decides nothing."""

import streamlit as st

from compression.decision.caveats import caveats
from compression.decision.table import Table
from compression.decision.targets import Target
from compression.decision.verdict import Decision
from compression.report.glossary import explain_each
from compression.store.library import LibraryEntry
from pages.ui.front import words
from pages.ui.shared import words as shared_words
from pages.ui.shared.address import Address, link
from pages.ui.shared.limits import choose_condition
from pages.ui.shared.lists import show_list


def show_sure(entry: LibraryEntry, decision: Decision, table: Table, target: Target, address: Address) -> None:
    """Caveats, the machine, and the condition under which time was measured, which can be changed here."""
    told = caveats(entry.document, table)
    if told:
        show_list(told)
    else:
        st.markdown(words.NO_CAVEATS)
    if decision.ranges:
        with st.expander(words.RANGES, icon=":material/straighten:"):
            st.markdown(words.RANGES_CAPTION, help=explain_each("95% interval", "Paired comparison"))
            show_list(decision.ranges)
    choose_condition(entry.document, target, address)
    st.caption(words.time_caveat(entry.document.machine))
    st.caption(shared_words.origin(entry))
    st.page_link(
        "pages/how.py",
        label=words.HOW_MEASURED,
        icon=":material/straighten:",
        query_params=link(entry.study.id),
    )
