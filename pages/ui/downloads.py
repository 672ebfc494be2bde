"""Taking a whole study away: the report and the data. Both are made when they are asked for."""

from functools import partial

import streamlit as st

from compression.decision.table import Table
from compression.decision.verdict import Decision
from compression.report.html_report import report_html
from compression.store.shelf import ShelvedStudy
from pages.ui import words


def show_downloads(shelved: ShelvedStudy, decision: Decision, table: Table) -> None:
    """The report under the limits that are set, and the study as it is kept."""
    name = f"{shelved.study.model}-{shelved.study.dataset}-{shelved.study.id}"
    with st.container(horizontal=True, gap="small"):
        st.download_button(
            words.REPORT,
            data=partial(report_html, shelved.document, decision, table, recorded=shelved.recorded),
            file_name=f"{name}.html",
            mime="text/html",
            icon=":material/description:",
            type="primary",
            on_click="ignore",
        )
        st.download_button(
            words.STUDY,
            data=partial(shelved.document.model_dump_json, indent=2),
            file_name=f"{name}.json",
            mime="application/json",
            icon=":material/data_object:",
            on_click="ignore",
        )
