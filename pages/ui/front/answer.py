"""The answer as the front page shows it: what to do, how sure that is, what comes of it. Decides nothing."""

from html import escape
from typing import Literal

import streamlit as st

from compression.decision.verdict import Decision
from compression.decision.wording import CERTAINTY, Certainty
from pages.ui.front import words
from pages.ui.front.compare import compare_with

# No certainty has a family's colour.
BADGES: dict[Certainty, tuple[str, Literal["violet", "yellow"]]] = {
    "clear": (":material/check:", "violet"),
    "probable": (":material/balance:", "yellow"),
    "close": (":material/balance:", "yellow"),
    "rough": (":material/warning:", "yellow"),
}


def show_answer(decision: Decision) -> None:
    """One line on what to do and how sure that is, and one on what comes of it."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.title(decision.advice, anchor=False, width="content")
        if decision.choice is None and decision.certainty == "clear":
            st.badge(words.NOTHING_FITS, icon=":material/block:", color="gray")
        else:
            icon, colour = BADGES[decision.certainty]
            st.badge(CERTAINTY[decision.certainty], icon=icon, color=colour)
        if decision.caveat:
            st.caption(f":material/info: {decision.caveat}", width="content")
    st.html(_changes(decision))


def show_without_loss(decision: Decision) -> None:
    """One line for those who want no loss, and the way to compare that answer with the choice."""
    if decision.without_loss_sentences:
        with st.container(horizontal=True, vertical_alignment="center", gap="small", key="without-loss"):
            st.markdown(decision.without_loss_sentences[0], width="content")
            other = decision.without_loss
            if other is not None and decision.choice is not None and other.id != decision.choice.id:
                st.button(
                    words.SHOW_WITHOUT_LOSS, type="tertiary", on_click=compare_with, args=(other.id,), key="no-loss"
                )


def _changes(decision: Decision) -> str:
    """What the choice changes, with the numbers before and after; in words where it changes nothing."""
    start = words.FOR[decision.target.name]
    if not decision.changes:
        _, _, rest = decision.headline.partition(": ")
        return f'<p class="changes">{escape(f"{start}: {rest}")}</p>'
    facts = "".join(
        f"<span><b>{escape(each.words)}</b> <small>({escape(each.before)} \N{RIGHTWARDS ARROW} {escape(each.after)})"
        "</small></span>"
        for each in decision.changes
    )
    return f'<p class="changes"><span>{escape(start)}:</span>{facts}</p>'
