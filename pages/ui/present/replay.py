"""A replay on the stage: half a minute, in which the files of a study appear as they once did."""

import time

import streamlit as st

from compression.decision.replay import replay, scene_at
from compression.decision.table import Table
from compression.decision.verdict import Decision
from compression.report.provenance import date_of
from compression.store.library import LibraryEntry
from pages.ui.present import words
from pages.ui.present.scene import show_scene
from pages.ui.shared.address import put
from pages.ui.shared.frame import errors_in_words

SECONDS = 30.0
STARTED = "replay-started"


def replaying() -> bool:
    """Whether the address asks for a replay; when it does not, the next one starts from the beginning."""
    asked = st.query_params.get("replay") == "1"
    if not asked:
        st.session_state.pop(STARTED, None)
    return asked


@st.fragment(run_every=0.5)
@errors_in_words()
def show_replay(entry: LibraryEntry, decision: Decision, table: Table, alone: str | None) -> None:
    """The scene that is on now. After the last one, or when it is stopped, the stage goes on without the replay."""
    started = st.session_state.setdefault(STARTED, time.monotonic())
    share = (time.monotonic() - started) / SECONDS
    if share >= 1:
        put("replay", None)
    if not replaying():
        st.rerun()
    scenes = replay(table, decision, entry.progress())
    with st.container(gap="xxsmall"):
        with st.container(key="recorded"):
            st.badge(words.RECORDED.format(date_of(entry.study)), icon=":material/history:", color="gray")
        show_scene(decision, table, scene_at(scenes, share), alone)
        with st.container(horizontal=True, vertical_alignment="center", key="stage-buttons"):
            st.progress(share)
            st.button(
                words.STOP, icon=":material/stop:", type="tertiary", on_click=put, args=("replay", None), key="stop"
            )
