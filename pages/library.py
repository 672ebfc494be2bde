"""Library: every study, newest first; open one, take its ``study.json``, or delete it."""

import streamlit as st

from pages.ui import study_words as words
from pages.ui.frame import frame
from pages.ui.library_card import show_study
from pages.ui.shelf import open_shelf
from pages.ui.words import LIBRARY_PAGE, RUN_PAGE

AT_ONCE = 20

with frame(LIBRARY_PAGE):
    shelf = open_shelf()
    studies = shelf.all()
    if not studies:
        st.title(words.LIBRARY_EMPTY_TITLE, anchor=False)
        st.markdown(words.LIBRARY_EMPTY)
        st.page_link("pages/run.py", label=RUN_PAGE, icon=":material/play_circle:")
        st.stop()

    st.title(words.LIBRARY_TITLE, anchor=False)
    st.markdown(words.LIBRARY_LEAD)

    shown = st.session_state.setdefault("shown", AT_ONCE)
    for shelved in studies[:shown]:
        show_study(shelf, shelved)
    if len(studies) > shown and st.button(words.SHOW_MORE.format(min(AT_ONCE, len(studies) - shown)), key="more"):
        st.session_state["shown"] = shown + AT_ONCE
        st.rerun()
