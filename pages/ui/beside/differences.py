"""In what two studies differ, as a short table, and which of their numbers do not stand beside each other."""

import streamlit as st

from compression.records.study import Document
from compression.report.beside_chart import NAMES
from compression.report.differences import differences, what_not_to_compare
from pages.ui.beside import words
from pages.ui.shared.lists import show_list


def show_differences(first: Document, second: Document) -> None:
    """Only what differs; that all was alike is said."""
    st.header(words.DIFFERENCES, anchor=False)
    show_list(what_not_to_compare(first, second))
    found = differences(first, second)
    if not found:
        st.markdown(words.ALIKE)
        return
    st.dataframe(
        [{words.WHAT: words.WHATS[each.what], NAMES[0]: each.first, NAMES[1]: each.second} for each in found],
        hide_index=True,
        height="content",
        alt=" ".join(f"{words.WHATS[each.what]}: {each.first}, {each.second}." for each in found),
    )
