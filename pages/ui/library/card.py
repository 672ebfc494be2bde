"""One study in the library: what it was, what it said, and what can be done with it."""

from functools import partial
from typing import Literal

import streamlit as st

from compression.errors import UsageError
from compression.records.study import ALIVE, LONGEST_NAME, State
from compression.store.library import Library, LibraryEntry
from pages.ui.run import words
from pages.ui.shared.address import link
from pages.ui.shared.frame import errors_in_words
from pages.ui.shared.plain import as_it_is
from pages.ui.shared.view_only import refuse_viewers, view_only
from pages.ui.shared.words import STATES

# No state has a family's colour.
BADGES: dict[State, tuple[Literal["violet", "gray", "red", "yellow"], str]] = {
    "queued": ("gray", ":material/hourglass_top:"),
    "running": ("violet", ":material/pending:"),
    "completed": ("violet", ":material/check:"),
    "failed": ("red", ":material/error:"),
    "cancelled": ("gray", ":material/stop_circle:"),
    "interrupted": ("yellow", ":material/pause_circle:"),
}


def show_card(library: Library, entry: LibraryEntry) -> None:
    """Title, state and verdict above; when, where and how below; the buttons beside."""
    study, document = entry.study, entry.document
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(f"**{as_it_is(study.name or document.subject.title)}**", width="content")
            if study.name:
                st.caption(as_it_is(document.subject.title), width="content")
            colour, icon = BADGES[study.state]
            st.badge(STATES[study.state], icon=icon, color=colour)
            if entry.recorded:
                st.badge(words.RECORDED, icon=":material/bookmark:", color="gray")
        verdict = document.verdict
        st.markdown(words.verdict_line(verdict) if verdict else study.message or words.NO_VERDICT_YET[study.state])
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", gap="small"):
            st.caption(words.details(document, st.context.timezone), width="content")
            with st.container(horizontal=True, vertical_alignment="center", width="content", gap="small"):
                _show_buttons(library, entry)


def _show_buttons(library: Library, entry: LibraryEntry) -> None:
    study = entry.study
    if study.state == "completed":
        st.page_link(
            "pages/beside.py", label=words.COMPARE, icon=":material/compare_arrows:", query_params=link(study.id)
        )
        st.page_link(
            "app.py",
            label=words.REPLAY,
            icon=":material/replay:",
            query_params=link(study.id) | {"present": "1", "replay": "1"},
        )
    st.page_link(
        "app.py" if study.state == "completed" else "pages/run.py",
        label=words.OPEN,
        icon=":material/open_in_new:",
        query_params=link(study.id),
    )
    st.download_button(
        words.DOWNLOAD,
        data=partial(entry.document.model_dump_json, indent=2),
        file_name=f"{study.model}-{study.dataset}-{study.id}.json",
        mime="application/json",
        icon=":material/download:",
        type="tertiary",
        on_click="ignore",
        key=f"download-{study.id}",
    )
    if not (entry.recorded or view_only()):
        if st.button(words.RENAME, icon=":material/edit:", type="tertiary", key=f"rename-{study.id}"):
            ask_name(library, entry)
        alive = study.state in ALIVE
        if st.button(
            words.DELETE,
            icon=":material/delete:",
            type="tertiary",
            disabled=alive,
            help=words.DELETE_ALIVE if alive else None,
            key=f"delete-{study.id}",
        ):
            confirm_delete(library, entry)


@st.dialog(words.RENAME_TITLE, icon=":material/edit:")
@errors_in_words()
def ask_name(library: Library, entry: LibraryEntry) -> None:
    """What a person calls the study; an empty name takes the former one away."""
    study = entry.study
    with st.form("rename", border=False):
        name = st.text_input(
            words.NAME,
            value=study.name or "",
            max_chars=LONGEST_NAME,
            placeholder=entry.document.subject.title,
            help=words.NAME_HELP,
            key="name",
        )
        if st.form_submit_button(words.SAVE, type="primary", key="save-name"):
            refuse_viewers()
            library.store.rename(study.id, name)
            st.rerun()


@st.dialog(words.DELETE_TITLE, icon=":material/delete:")
@errors_in_words()
def confirm_delete(library: Library, entry: LibraryEntry) -> None:
    """Ask once more, then delete. A study that was started again meanwhile is refused."""
    study = entry.study
    st.markdown(words.DELETE_NOTE.format(entry.document.subject.title, words.when(study.created, st.context.timezone)))
    with st.container(horizontal=True):
        if st.button(words.DELETE, type="primary", key="delete-for-good"):
            refuse_viewers()
            if library.store.study(study.id).state in ALIVE:
                raise UsageError(words.DELETE_ALIVE)
            library.store.delete(study.id)
            st.rerun()
        if st.button(words.KEEP, key="keep"):
            st.rerun()
