"""The stage: a study as it is shown to a room, large and with nothing else on the screen. All of it is in the address,
and every key presses a button that can be seen."""

from pathlib import Path

import streamlit as st

from compression.decision.story import story
from compression.decision.table import table_of
from compression.decision.verdict import decide
from compression.store.library import LibraryEntry
from pages.ui.present.buttons import leave_button, show_buttons
from pages.ui.present.charts import CHARTS
from pages.ui.present.replay import replaying, show_replay
from pages.ui.present.scene import show_scene
from pages.ui.shared.address import Address, one_of
from pages.ui.shared.limits import condition_asked, limits_asked, target_asked
from pages.ui.shared.states import show_refused

STYLE = Path(__file__).with_name("stage.css")


def presenting() -> bool:
    """Whether the address asks for the stage."""
    return st.query_params.get("present") == "1"


def show_stage(entry: LibraryEntry) -> None:
    """What is told in this step, the charts with what was told so far, and the buttons. Not for a study without any
    time."""
    address = Address()
    target = target_asked(address)
    table = table_of(entry.document, condition_asked(entry.document, target, address))
    decision = decide(table, target, *limits_asked(table, target, address))
    told = story(table, decision)
    step = address.value("step", None, one_of({str(number): number for number in range(1, len(told) + 1)}))
    alone = address.value("chart", None, one_of({name: name for name in CHARTS}))

    st.html(STYLE)
    with st.container(gap="xxsmall", key="stage" if alone is None else "stage-filled"):
        leave_button()
        if replaying():
            show_replay(entry, decision, table, alone)
        else:
            show_scene(decision, table, told[-1] if step is None else told[step - 1], alone)
            show_buttons(target, step, len(told), alone)
    show_refused(address)
    address.settle()
