"""How: how a study's numbers were made, and what quantization changed inside the network."""

import streamlit as st

from pages.ui.inside.page import show_inside
from pages.ui.inside.words import TITLE as INSIDE
from pages.ui.method.page import show_method
from pages.ui.method.words import TITLE as METHOD
from pages.ui.shared.address import put
from pages.ui.shared.frame import frame
from pages.ui.shared.library import chosen_study, open_library
from pages.ui.shared.states import show_no_study
from pages.ui.shared.words import HOW_PAGE

TABS = {"method": METHOD, "inside": INSIDE}


def keep_tab() -> None:
    """Keep the open tab in the address."""
    put("tab", next(name for name, title in TABS.items() if title == st.session_state["tab"]))


with frame(HOW_PAGE):
    library = open_library()
    entry = chosen_study(library)
    # Older links call the tab a view.
    asked = TABS.get(st.query_params.get("tab") or st.query_params.get("view", ""), METHOD)
    method, inside = st.tabs(list(TABS.values()), default=asked, key="tab", on_change=keep_tab)
    if inside.open:
        with inside:
            if entry is None:
                show_no_study(library)
            else:
                show_inside(entry)
    else:
        with method:
            show_method(entry)
