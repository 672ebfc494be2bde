"""The buttons of the stage, each with the key that presses it."""

import streamlit as st

from compression.decision.targets import Target
from pages.ui.present import words
from pages.ui.present.charts import CHARTS
from pages.ui.shared import words as shared_words
from pages.ui.shared.address import OF_A_TARGET, ON_STAGE, put
from pages.ui.shared.limits import BY_NAME


def leave_button() -> None:
    """The way out, in the corner; a chart that fills the screen gives way first."""
    st.button(words.LEAVE, icon=":material/close:", type="tertiary", shortcut="Esc", on_click=_leave, key="leave")


def show_buttons(target: Target, step: int | None, steps: int, alone: str | None) -> None:
    """One row: the steps of the story, the targets, one chart or both, and the replay. No step is the end of the story,
    before it is told."""
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key="stage-buttons"):
        at = step or steps
        _button(words.BACK, "Left", "step", str(max(at - 1, 1)), icon=":material/arrow_back:")
        st.caption(words.STEP.format(at, steps), width="content")
        _button(
            words.NEXT, "Right", "step", str(1 if step is None else min(at + 1, steps)), icon=":material/arrow_forward:"
        )
        for number, name in enumerate(BY_NAME, 1):
            here = name == target.name
            st.button(
                shared_words.TARGETS[name],
                type="primary" if here else "secondary",
                shortcut=str(number),
                on_click=put,
                args=("target", name, OF_A_TARGET),
                key=f"stage-{name}",
            )
        following = dict(zip([None, *CHARTS], [*CHARTS, None], strict=True))[alone]
        _button(words.ONE_CHART if following else words.BOTH_CHARTS, "F", "chart", following)
        st.button(
            words.REPLAY,
            icon=":material/replay:",
            type="tertiary",
            on_click=put,
            # Which ends with the answer, not with a step of the story.
            args=("replay", "1", ("step",)),
            key="replay",
        )


def _button(label: str, shortcut: str, name: str, value: str | None, icon: str | None = None) -> None:
    st.button(
        label, icon=icon, type="tertiary", shortcut=shortcut, on_click=put, args=(name, value), key=f"key-{shortcut}"
    )


def _leave() -> None:
    if "chart" in st.query_params:
        put("chart", None)
    else:
        put("present", None, forget=(*ON_STAGE, "replay"))
