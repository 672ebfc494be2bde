"""Two studies side by side: both answers, their curves in one chart, and in what the studies differ."""

import streamlit as st

from compression.decision.disagreement import why_verdicts_differ
from pages.ui.beside import words
from pages.ui.beside.answers import Side, show_answers
from pages.ui.beside.choose import choose_other
from pages.ui.beside.curves import show_curves
from pages.ui.beside.differences import show_differences
from pages.ui.shared.address import Address
from pages.ui.shared.frame import frame
from pages.ui.shared.library import chosen_study, open_library
from pages.ui.shared.limits import choose_target
from pages.ui.shared.states import show_no_study, show_refused

with frame(words.PAGE):
    library = open_library()
    entry = chosen_study(library)
    if entry is None:
        show_no_study(library)
        st.stop()
    address = Address()
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        st.title(words.TITLE, anchor=False, width="content")
        other = choose_other(library, entry)
        if other is None:
            st.markdown(words.NO_OTHER)
            st.stop()
        target = choose_target(address)
    first, second = (Side.of(each, target, address) for each in (entry, other))
    show_answers(first, second)
    reason = why_verdicts_differ(entry.document, other.document, target)
    if reason is not None:
        st.markdown(f"**{words.WHY}** {reason}")
    show_curves(first, second)
    show_differences(entry.document, other.document)
    show_refused(address)
    address.settle()
