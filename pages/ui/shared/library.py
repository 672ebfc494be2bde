"""The studies a page may show: one handle on the store for the whole server, and which study the address asks for."""

import streamlit as st

from compression.store.library import Library, LibraryEntry
from compression.store.studies import Store


@st.cache_resource(show_spinner=False)
def open_library() -> Library:
    """The handle on all studies. The store is the truth: the handle holds nothing that cannot be read again, and may be
    made anew any time."""
    return Library(Store())


def chosen_study(library: Library) -> LibraryEntry | None:
    """The study that ``?study=`` names; else the newest completed study of one's own, else of the recorded ones the one
    that most work went into. Never a preview, which is too rough to decide on.

    None when there is no such study at all. Raises UnknownName for an id that nothing is known of.
    """
    asked = st.query_params.get("study")
    if asked:
        return library.get(asked)
    completed = [entry for entry in library.all() if entry.study.state == "completed" and not entry.study.rough]
    own = [entry for entry in completed if not entry.recorded]
    return own[0] if own else max(completed, key=lambda entry: entry.study.seconds or 0.0, default=None)
