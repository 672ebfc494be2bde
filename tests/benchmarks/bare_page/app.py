"""The least that a page of Streamlit's can be which has what the front page has: a headline, a slider and two charts.

Its times are what no code of ours can better: ``python -m tests.benchmarks.pages --alone --tree
tests/benchmarks/bare_page``.
"""

import plotly.graph_objects as go
import streamlit as st

LEAST = 80.0
POINTS = 23


@st.fragment
def page() -> None:
    """The headline and the rings follow the slider; the charts stay as they are."""
    headline = st.container()
    accuracy = st.slider("Lowest accuracy", LEAST, 95.0, 90.0, step=0.1, key="accuracy")
    headline.title(f"{accuracy:.1f}%", anchor=False)
    for number, column in enumerate(st.columns(2)):
        with column, st.container(key=f"plot-{number}"):
            st.html(f'<i class="ring" style="left:{accuracy - LEAST:.1f}px"></i>')
            points = [LEAST + 0.5 * each for each in range(POINTS)]
            figure = go.Figure({"data": [{"x": points, "y": points, "mode": "markers"}], "layout": {"height": 322}})
            st.plotly_chart(figure, key=f"chart-{number}")


page()
