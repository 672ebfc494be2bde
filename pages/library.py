"""Library: every study, newest first; open one, take its ``study.json``, or delete it."""

import streamlit as st

from pages.ui.library.card import show_card
from pages.ui.run import words
from pages.ui.shared.frame import frame
from pages.ui.shared.library import open_library
from pages.ui.shared.view_only import view_only
from pages.ui.shared.words import LIBRARY_PAGE, RUN_PAGE

AT_ONCE = 20

with frame(LIBRARY_PAGE):
    library = open_library()
    studies = library.all()
    if not studies:
        st.title(words.LIBRARY_EMPTY_TITLE, anchor=False)
        st.markdown(words.LIBRARY_EMPTY)
        if not view_only():
            st.page_link("pages/run.py", label=RUN_PAGE, icon=":material/play_circle:")
        st.stop()

    st.title(words.LIBRARY_TITLE, anchor=False)
    st.markdown(words.LIBRARY_LEAD)

    shown = st.session_state.setdefault("shown", AT_ONCE)
    for entry in studies[:shown]:
        show_card(library, entry)
    if len(studies) > shown and st.button(words.SHOW_MORE.format(min(AT_ONCE, len(studies) - shown)), key="more"):
        st.session_state["shown"] = shown + AT_ONCE
        st.rerun()
