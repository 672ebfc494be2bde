"""The header of every page: which study is shown, and the way to the other pages, which keeps study and limits."""

from collections import Counter
from urllib.parse import urljoin

import streamlit as st

from compression.errors import UnknownName
from compression.store.library import Library, LibraryEntry
from pages.ui.present import words as present_words
from pages.ui.present.share import show_share
from pages.ui.shared import words
from pages.ui.shared.address import OF_A_STUDY, OF_A_TARGET, link, put
from pages.ui.shared.library import AT_MOST, chosen_study, open_library, title_of
from pages.ui.shared.view_only import view_only

# Script, label, icon, in the order of a visit.
PAGES: tuple[tuple[str, str, str], ...] = (
    ("app.py", words.RESULT_PAGE, ":material/balance:"),
    ("pages/run.py", words.RUN_PAGE, ":material/play_circle:"),
    ("pages/library.py", words.LIBRARY_PAGE, ":material/shelves:"),
    ("pages/how.py", words.HOW_PAGE, ":material/straighten:"),
)
# These show no study: what the address says of one is for the way back.
NOT_OF_A_STUDY = (words.RUN_PAGE, words.LIBRARY_PAGE)
# The page that starts a study shows the one that is named ``study``; the one on the way back has another name there.
KEPT = "shown"


def show_header(here: str, shown: LibraryEntry | None) -> None:
    """Name, study and links in one row; a preview says what it is on every page. ``here`` is the label of the page that
    is open, which needs no link. The result's page has Present and Share further down: its limits come first for who
    goes from one control to the next with a key."""
    library = open_library()
    with st.container(
        horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", gap="small", key="header"
    ):
        with st.container(horizontal=True, vertical_alignment="center", gap="small", width="content"):
            with st.container(width="content", key="brand"):
                st.markdown(f":material/balance: **{words.PRODUCT}**", width="content")
            _choose_study(library, shown, here)
        study = None if shown is None else shown.study.id
        with st.container(
            horizontal=True, vertical_alignment="center", width="content", gap="xsmall", key="navigation"
        ):
            for script, label, icon in PAGES:
                if label == words.RUN_PAGE and view_only():
                    st.badge(words.LOOKS_ONLY, icon=":material/visibility:", color="gray")
                elif label == here:
                    st.markdown(f":violet[{icon} {label}]", width="content")
                else:
                    parameter = KEPT if label in NOT_OF_A_STUDY else "study"
                    st.page_link(script, label=label, icon=icon, query_params=link(study, parameter))
        if here != words.RESULT_PAGE and shown is not None and shown.study.state == "completed":
            show_to_others(shown.study.id)
    # The result says it beside its verdict.
    if shown is not None and shown.study.rough and here != words.RESULT_PAGE:
        st.badge(words.ROUGH, icon=":material/warning:", color="yellow")


def show_to_others(study: str) -> None:
    """The way to the stage, and a link to the answer that one sees."""
    with st.container(horizontal=True, vertical_alignment="center", width="content", gap="xsmall", key="show"):
        if st.button(present_words.PRESENT, icon=":material/slideshow:", type="tertiary", shortcut="P", key="present"):
            st.switch_page("app.py", query_params=link(study) | {"present": "1"})
        front_page = urljoin(st.context.url or "", ".")
        beside = st.query_params.get("beside")
        show_share(front_page, link(study) | ({"beside": beside} if beside else {}))


def study_of_header(library: Library) -> LibraryEntry | None:
    """The study that the page shows, or that its links lead back to; None for one that nothing is known of."""
    asked = st.query_params.get("study") or st.query_params.get(KEPT)
    if asked is None:
        return chosen_study(library)
    try:
        return library.get(asked)
    except UnknownName:
        return None


def _choose_study(library: Library, shown: LibraryEntry | None, here: str) -> None:
    """Every completed study to choose from, and the one that is shown."""
    entries = {entry.study.id: entry for entry in library.all() if entry.study.state == "completed"}
    entries = dict(list(entries.items())[:AT_MOST])
    if shown is not None:
        entries.setdefault(shown.study.id, shown)
    if not entries:
        return
    titles = {study: title_of(entry) for study, entry in entries.items()}
    # A browser sends back what it showed: two studies of the same minute must not read alike.
    several = {title for title, count in Counter(titles.values()).items() if count > 1}
    titles = {study: f"{title} · {study[:6]}" if title in several else title for study, title in titles.items()}
    st.session_state["study"] = None if shown is None else shown.study.id
    chosen = st.selectbox(
        words.STUDY_SHOWN,
        list(entries),
        format_func=titles.__getitem__,
        placeholder=words.STUDY_SHOWN,
        label_visibility="collapsed",
        key="study",
        on_change=None if here in NOT_OF_A_STUDY else _show_study,
        width=330,
    )
    if here in NOT_OF_A_STUDY and chosen is not None and (shown is None or chosen != shown.study.id):
        st.switch_page("app.py", query_params=link(chosen))


def _show_study() -> None:
    put("study", st.session_state["study"], forget=(*OF_A_STUDY, *(name for name in OF_A_TARGET if name == "measured")))
