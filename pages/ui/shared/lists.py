"""Sentences as a list, on any page."""

from collections.abc import Sequence

import streamlit as st


def show_list(sentences: Sequence[str]) -> None:
    """One bullet a sentence; nothing for none."""
    if sentences:
        st.markdown("\n".join(f"- {sentence}" for sentence in sentences))
