"""Which candidates a table lacks, and why."""

import streamlit as st

from compression.decision.set_aside import set_aside_sentences
from compression.store.records import Candidate, Document
from pages.ui import words


def show_unmeasured(document: Document, unmeasured: list[Candidate]) -> None:
    """Those that were set aside before the test, with the reason; and those that were not measured, by name."""
    for sentence in set_aside_sentences(document):
        st.caption(sentence)
    others = [candidate.name for candidate in unmeasured if candidate.set_aside_for is None]
    if others:
        st.caption(words.NOT_MEASURED.format(", ".join(others)))
