"""Which study stands beside the one that is shown: the one in the address, else the one most like it."""

import streamlit as st

from compression.errors import UnknownName
from compression.records.study import Document
from compression.store.library import Library, LibraryEntry
from pages.ui.beside import words
from pages.ui.shared.address import put
from pages.ui.shared.library import AT_MOST, show_unknown, title_of

BESIDE = "beside"


def choose_other(library: Library, entry: LibraryEntry) -> LibraryEntry | None:
    """The study beside ``entry``; None where there is no other one. One that nothing is known of is said."""
    others = [each for each in library.all() if each.study.state == "completed" and each.study.id != entry.study.id]
    asked = _asked(library)
    if asked is not None:
        others = [asked, *(each for each in others if each.study.id != asked.study.id)]
    if not others:
        return None
    shown = {each.study.id: each for each in others[:AT_MOST]}
    other = asked or max(shown.values(), key=lambda each: _alike(entry.document, each.document))
    st.session_state[BESIDE] = other.study.id
    st.selectbox(
        words.OTHER,
        list(shown),
        format_func=lambda study: title_of(shown[study]),
        key=BESIDE,
        on_change=lambda: put(BESIDE, st.session_state[BESIDE]),
        width=330,
    )
    return other


def _asked(library: Library) -> LibraryEntry | None:
    asked = st.query_params.get(BESIDE)
    if asked is None:
        return None
    try:
        return library.get(asked)
    except UnknownName:
        show_unknown(library, asked)
        st.stop()


def _alike(one: Document, other: Document) -> tuple[bool, bool]:
    """The higher, the more two studies have in common: one model on one dataset, or the dataset alone."""
    dataset = one.subject.dataset_title == other.subject.dataset_title
    return dataset and one.subject.model_title == other.subject.model_title, dataset
