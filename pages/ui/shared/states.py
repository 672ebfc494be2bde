"""What is said about a study before its verdict: where it comes from, or what to do when there is none; and which
candidates a table lacks."""

import streamlit as st

from compression.decision.caveats import set_aside_sentences
from compression.records.study import ALIVE, Candidate, Document
from compression.store.library import Library, LibraryEntry
from pages.ui.shared import words
from pages.ui.shared.address import Address, link
from pages.ui.shared.plain import as_it_is
from pages.ui.shared.view_only import view_only

RUN_SCRIPT = "pages/run.py"


def show_refused(address: Address) -> None:
    """What the address asked for and could not be had."""
    for sentence in dict.fromkeys(address.refused):
        st.warning(as_it_is(sentence), icon=":material/link_off:")


def show_unfinished(entry: LibraryEntry) -> None:
    """For a study with nothing measured yet."""
    st.info(words.UNFINISHED.format(words.STATES[entry.study.state]), icon=":material/hourglass_empty:")
    _link_to_run("", words.SHOW_RUNNING, entry.study.id)


def show_no_study(library: Library) -> None:
    """For a first visit to a checkout without a recorded study: what to do next."""
    st.title(words.NO_STUDY_TITLE, anchor=False)
    st.markdown(words.NO_STUDY)
    alive = next((study for study in library.store.studies() if study.state in ALIVE), None)
    _link_to_run("", words.SHOW_RUNNING if alive else words.START, alive.id if alive else None)
    st.markdown(words.NO_STUDY_COMMAND)
    st.code(words.EXAMPLE_COMMAND, language=None, wrap_lines=True)


def show_way_to_run() -> None:
    """The way to a study of one's own."""
    _link_to_run("", words.START, None)


def _link_to_run(note: str, label: str, study: str | None) -> None:
    if study is None and view_only():
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if note:
            st.caption(note, width="content")
        st.page_link(RUN_SCRIPT, label=label, icon=":material/arrow_forward:", query_params=link(study))


def show_unmeasured(document: Document, unmeasured: list[Candidate]) -> None:
    """Those that were set aside before the test, with the reason; and those that were not measured, by name."""
    for sentence in set_aside_sentences(document):
        st.caption(sentence)
    others = [candidate.name for candidate in unmeasured if candidate.set_aside_for is None]
    if others:
        st.caption(words.NOT_MEASURED.format(", ".join(others)))
