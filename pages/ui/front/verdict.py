"""The verdict as the front page shows it: the sentence, the numbers behind it, the reasons. Decides nothing."""

from collections.abc import Sequence
from typing import Literal

import streamlit as st

from compression.decision.compare import accuracy_difference
from compression.decision.flips import Flip
from compression.decision.limits import nearest
from compression.decision.numbers import (
    in_bytes,
    in_ms,
    in_percent,
    in_points,
    ms_range,
    percent_range,
    points_range,
    size_against,
)
from compression.decision.table import Row, Table
from compression.decision.verdict import Decision
from compression.decision.wording import CERTAINTY, Certainty, speed_with_range
from compression.report.glossary import explain, explain_measured
from pages.ui.shared import words

# No certainty has a family's colour.
BADGES: dict[Certainty, tuple[str, Literal["violet", "yellow"]]] = {
    "clear": (":material/check:", "violet"),
    "probable": (":material/balance:", "yellow"),
    "close": (":material/balance:", "yellow"),
    "rough": (":material/balance:", "yellow"),
}


def show_verdict(decision: Decision, table: Table) -> None:
    """One large sentence, whether it is sure, and three numbers of the choice beside the original's."""
    st.title(decision.headline, anchor=False)
    if decision.choice is None and decision.certainty == "clear":
        st.badge(words.NOTHING_FITS, icon=":material/block:", color="gray")
    else:
        icon, colour = BADGES[decision.certainty]
        st.badge(CERTAINTY[decision.certainty], icon=icon, color=colour)
    row = decision.choice or nearest(table.contenders, decision.limits)
    _show_numbers(row, table)


def show_reasons(decision: Decision, changes: tuple[Flip, ...]) -> None:
    """Why this one and not the others, and what would change it."""
    why, change = st.columns(2, gap="large")
    with why:
        st.subheader(words.WHY, anchor=False)
        show_list(decision.reasons)
    with change:
        st.subheader(words.WHAT_WOULD_CHANGE_IT, anchor=False)
        if changes:
            show_list([flip.sentence(decision.choice) for flip in changes])
        else:
            st.markdown(words.NOTHING_WOULD_CHANGE_IT)


def _show_numbers(row: Row, table: Table) -> None:
    original = table.original
    itself = row.id == original.id
    difference = accuracy_difference(row, original)
    change = f"{in_points(difference.value)} ({points_range(difference)})"
    size = size_against(row.size_bytes, original.size_bytes)
    numbers = (
        (
            words.ACCURACY,
            "Accuracy",
            in_percent(row.accuracy.value),
            change,
            words.INTERVAL.format(percent_range(row.accuracy)),
        ),
        (words.SIZE, "File size", in_bytes(row.size_bytes), size, words.EXACT),
        (
            words.time_for(row.batch, table.subject),
            "Latency",
            in_ms(row.latency_ms.value),
            speed_with_range(row, original),
            words.INTERVAL.format(ms_range(row.latency_ms)),
        ),
    )
    with st.container(horizontal=True, gap="medium"):
        for label, term, value, against_original, interval in numbers:
            st.metric(
                label,
                value,
                words.THE_ORIGINAL if itself else against_original,
                delta_color="off",
                delta_arrow="off",
                delta_description=interval,
                help=explain(term) if term == "File size" else explain_measured(term),
                border=True,
                width="stretch",
                height="stretch",
            )


def show_caveats(sentences: Sequence[str]) -> None:
    """What to know before trusting the numbers; nothing when there is nothing to be said."""
    if sentences:
        with st.container(border=True):
            st.markdown(f":material/info: **{words.CAVEATS}**")
            show_list(sentences)


def show_list(sentences: Sequence[str]) -> None:
    """Sentences as a list."""
    st.markdown("\n".join(f"- {sentence}" for sentence in sentences))
