"""Showing a chart on a page, in the visitor's theme and with its takeaway in words for who cannot see it."""

import plotly.graph_objects as go
import streamlit as st

from compression.records.recipes import Family
from compression.report.colours import DARK, LIGHT, Palette


def palette_of_theme() -> Palette:
    """The colours of the theme that the visitor sees."""
    return DARK if st.context.theme.type == "dark" else LIGHT


# Streamlit's names of the theme colours that .streamlit/config.toml sets to the families'.
TEXT_COLOURS: dict[Family, str] = {"distillation": "orange", "quantization": "blue", "both": "green", "control": "gray"}
PLOT_CONFIG = {"displayModeBar": False}


def show_chart(figure: go.Figure, alt: str, key: str) -> None:
    """A finished figure, as wide as what it stands in."""
    st.plotly_chart(figure, theme=None, config=PLOT_CONFIG, alt=alt, key=key)
