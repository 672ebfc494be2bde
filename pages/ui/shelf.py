"""The studies a page may show: one handle on the store for the whole server, and which study the address asks for."""

import streamlit as st

from compression.store.shelf import Shelf, ShelvedStudy
from compression.store.store import Store


@st.cache_resource(show_spinner=False)
def open_shelf() -> Shelf:
    """The handle on all studies. The store is the truth: the handle holds nothing that cannot be read again, and may be
    made anew any time."""
    return Shelf(Store())


def chosen_study(shelf: Shelf) -> ShelvedStudy | None:
    """The study that ``?study=`` names; else the newest completed study of one's own, else of the recorded ones the one
    that most work went into.

    None when there is no completed study at all. Raises UnknownName for an id that nothing is known of.
    """
    asked = st.query_params.get("study")
    if asked:
        return shelf.get(asked)
    completed = [shelved for shelved in shelf.all() if shelved.study.state == "completed"]
    own = [shelved for shelved in completed if not shelved.recorded]
    return own[0] if own else max(completed, key=lambda shelved: shelved.study.seconds or 0.0, default=None)
