"""Taking things away: the choice's file first, then the report and the data, then every other file, and the command
that makes the study again. Everything is made or read when it is asked for."""

from functools import partial

import streamlit as st

from compression.decision.numbers import in_bytes
from compression.decision.table import Table
from compression.decision.verdict import Decision
from compression.records.study import Candidate
from compression.report.glossary import explain
from compression.report.html_report import report_html
from compression.report.numbers_table import numbers_csv
from compression.store.library import LibraryEntry
from compression.studies.take_away import take_away
from pages.ui.front import words


def show_download(entry: LibraryEntry, decision: Decision, table: Table) -> None:
    """One primary button, for the choice with all that running it takes; and all the rest."""
    chosen = None if decision.choice is None else decision.choice.id
    candidates = {candidate.id: candidate for candidate in entry.document.candidates}
    if chosen is not None:
        _show_file(entry, candidates[chosen], primary=True)
    _show_study(entry, decision, table)
    others = [candidate for candidate in candidates.values() if candidate.id != chosen]
    kept = [candidate for candidate in others if entry.artefact(candidate) is not None]
    if kept:
        st.markdown(f"**{words.OTHER_FILES}**", help=explain("ONNX"))
        with st.container(horizontal=True, gap="small"):
            for candidate in sorted(kept, key=lambda candidate: candidate.size_bytes):
                _show_file(entry, candidate, primary=False)
    missing = [candidate.name for candidate in candidates.values() if entry.artefact(candidate) is None]
    if missing:
        st.caption(words.MISSING.format(", ".join(missing)))
    st.markdown(f"**{words.AGAIN}**")
    st.code(words.command_of(entry.study), language=None, wrap_lines=True)


def _show_file(entry: LibraryEntry, candidate: Candidate, *, primary: bool) -> None:
    path = entry.artefact(candidate)
    label = f"{candidate.name} ({in_bytes(candidate.size_bytes)})"
    if path is None:
        return
    if primary:
        st.download_button(
            words.TAKE.format(label),
            data=partial(take_away, entry, candidate),
            file_name=f"{entry.study.model}-{candidate.id}.zip",
            mime="application/zip",
            icon=":material/download:",
            type="primary",
            on_click="ignore",
            key="take-away",
            help=words.TAKE_HELP.format(entry.document.subject.noun),
        )
        label = words.FILE_ALONE
    st.download_button(
        label,
        # Read when it is asked for: all files together would be held in memory for every visitor.
        data=path.read_bytes,
        file_name=f"{entry.study.model}-{candidate.id}.onnx",
        mime="application/octet-stream",
        icon=":material/download:",
        on_click="ignore",
        key=f"file-{candidate.id}",
    )


def _show_study(entry: LibraryEntry, decision: Decision, table: Table) -> None:
    """The report and the table under the limits that are set, and the study as it is kept."""
    document = entry.document
    name = f"{entry.study.model}-{entry.study.dataset}-{entry.study.id}"
    with st.container(horizontal=True, gap="small"):
        st.download_button(
            words.REPORT,
            data=partial(report_html, document, decision, table, recorded=entry.recorded),
            file_name=f"{name}.html",
            mime="text/html",
            icon=":material/description:",
            on_click="ignore",
        )
        st.download_button(
            words.STUDY,
            data=partial(document.model_dump_json, indent=2),
            file_name=f"{name}.json",
            mime="application/json",
            icon=":material/data_object:",
            on_click="ignore",
        )
        st.download_button(
            words.CSV,
            data=partial(numbers_csv, document, table, decision),
            file_name=f"{name}.csv",
            mime="text/csv",
            icon=":material/table:",
            on_click="ignore",
        )
