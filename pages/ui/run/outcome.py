"""How a study ended without a result, or what it waits for, with the one button that makes sense next."""

import streamlit as st

from compression.records.study import ALIVE, RESUMABLE
from compression.store.library import Library, LibraryEntry
from pages.ui.run import words
from pages.ui.shared.view_only import not_by_viewers, view_only


def show_outcome(library: Library, entry: LibraryEntry) -> None:
    """What a study waits for, or why it ended without a result."""
    study = entry.study
    match study.state:
        case "queued":
            ahead = any(other.state in ALIVE and other.id != study.id for other in library.store.studies())
            st.info(f"**{words.QUEUED_TITLE}.** {words.QUEUED_BEHIND if ahead else words.QUEUED_NEXT}")
        case "running":
            if library.store.cancel_requested(study.id):
                st.info(words.CANCELLING_NOTE, icon=":material/hourglass_top:")
        case "failed" | "cancelled" | "interrupted":
            _show_end(library, entry)


def _show_end(library: Library, entry: LibraryEntry) -> None:
    study = entry.study
    names = ", ".join(candidate.name for candidate in entry.document.candidates)
    show = st.error if study.state == "failed" else st.warning
    sentences = [study.message or "", words.KEPT.format(names) if names else words.NOTHING_KEPT]
    show(" ".join(filter(None, sentences)), title=words.ENDED[study.state], icon=":material/error:")
    with st.container(horizontal=True):
        if study.state in RESUMABLE and not (entry.recorded or view_only()):
            st.button(
                words.TRY_AGAIN if study.state == "failed" else words.RESUME,
                type="primary",
                icon=":material/play_arrow:",
                on_click=not_by_viewers(library.store.requeue),
                args=(study.id,),
                key="resume",
            )
        _another()


def _another() -> None:
    if view_only():
        return
    # Inside a fragment a callback alone would redraw only the fragment; the form is outside of it.
    if st.button(words.ANOTHER, icon=":material/add:", key="another"):
        st.query_params.pop("study", None)
        st.rerun()
