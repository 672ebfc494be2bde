"""What stands above the chart of a study under way: how far it is, Cancel, and what is ahead so far."""

import streamlit as st

from compression.records.study import ALIVE
from compression.store.library import Library, LibraryEntry
from compression.studies.estimate import Estimate
from compression.studies.presets import preset_named
from pages.ui.run import words
from pages.ui.shared.view_only import not_by_viewers, view_only


def show_heading(
    library: Library, entry: LibraryEntry, expected: Estimate, *, elapsed_seconds: float, done: float
) -> None:
    """What is weighed, how long that takes, one bar for the whole, of which ``done`` (0..1) is over, and Cancel; below
    it how it was asked for."""
    study, title = entry.study, entry.document.subject.title
    alive = study.state in ALIVE
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        st.title(words.WEIGHING.format(title) if alive else title, anchor=False, width="content")
        if alive:
            st.progress(done, text=words.elapsed_of(elapsed_seconds, done, expected))
        if alive and not view_only():
            cancelling = library.store.cancel_requested(study.id)
            st.button(
                words.CANCELLING if cancelling else words.CANCEL,
                icon=":material/stop_circle:",
                disabled=cancelling,
                on_click=not_by_viewers(library.store.request_cancel),
                args=(study.id,),
                help=words.CANCEL_HELP,
                key="cancel",
            )
    st.caption(f"{words.settings(entry.document, preset_named(study.preset))}. {words.ANYONE}")


def show_first_comparison(sentence: str | None) -> None:
    """What is ahead so far, marked as preliminary; there from the start, so that nothing moves down later."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.badge(words.PRELIMINARY, icon=":material/hourglass_top:", color="yellow")
        st.markdown(f"**{sentence}**" if sentence else words.NOTHING_TO_COMPARE, width="content")
