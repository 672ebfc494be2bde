"""Taking a whole study away: the report and the data. Both are made when they are asked for."""

from functools import partial

import streamlit as st

from compression.decision.table import Table
from compression.decision.verdict import Decision
from compression.report.html_report import report_html
from compression.store.library import LibraryEntry
from pages.ui.shared import words


def show_downloads(entry: LibraryEntry, decision: Decision, table: Table) -> None:
    """The report under the limits that are set, and the study as it is kept."""
    name = f"{entry.study.model}-{entry.study.dataset}-{entry.study.id}"
    with st.container(horizontal=True, gap="small"):
        st.download_button(
            words.REPORT,
            data=partial(report_html, entry.document, decision, table, recorded=entry.recorded),
            file_name=f"{name}.html",
            mime="text/html",
            icon=":material/description:",
            type="primary",
            on_click="ignore",
        )
        st.download_button(
            words.STUDY,
            data=partial(entry.document.model_dump_json, indent=2),
            file_name=f"{name}.json",
            mime="application/json",
            icon=":material/data_object:",
            on_click="ignore",
        )
