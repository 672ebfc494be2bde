"""One layer in one quantized file: how its numbers are spread, before and after."""

from collections.abc import Sequence

import streamlit as st

from compression.decision.layer_names import layer_names, layer_shape
from compression.records.layers import LayerFindings, Rounding
from compression.records.study import Candidate, Document
from compression.report.colours import GLYPHS, Palette
from compression.report.glossary import explain
from compression.report.histogram_chart import histogram_figure
from pages.ui.inside import words
from pages.ui.shared.charts import show_chart


def choose_layer_and_file(document: Document) -> tuple[Rounding, Candidate] | None:
    """A layer, and a file in which it was rounded; None where the study kept no numbers of any."""
    candidates = {candidate.id: candidate for candidate in document.candidates}
    rounded = {
        name: layer
        for name, layer in zip(layer_names(document.layers), document.layers, strict=True)
        if any(each.candidate in candidates for each in layer.roundings)
    }
    if not rounded:
        return None
    left, right = st.columns(2, gap="medium")
    name = left.selectbox(
        words.LAYER,
        list(rounded),
        index=_most_fragile(list(rounded.values())),
        format_func=lambda name: f"{name} \N{MIDDLE DOT} {layer_shape(rounded[name])}",
        key="layer",
        bind="query-params",
        help=explain("Layer"),
    )
    roundings = {each.candidate: each for each in rounded[name].roundings if each.candidate in candidates}
    file = right.selectbox(
        words.FILE,
        list(roundings),
        index=_most_changed(list(roundings.values())),
        format_func=lambda file: candidates[file].name,
        key="layer-file",
        bind="query-params",
        help=explain("Quantization"),
    )
    return roundings[file], candidates[file]


def show_before_and_after(rounding: Rounding, file: Candidate, palette: Palette) -> None:
    """How the layer's weights are spread, and what it takes in: a chart of each, and what it shows."""
    after = f":blue[{GLYPHS['quantization']} {words.AFTER.format(file.name)}]"
    st.markdown(f"{words.BEFORE}&emsp;{after}")
    for column, title, histogram, told in zip(
        st.columns(2, gap="medium"),
        (words.OF_WEIGHTS, words.OF_INPUTS),
        (rounding.weights, rounding.inputs),
        (words.weights_told(rounding, file.recipe), words.inputs_told(rounding, file.recipe)),
        strict=True,
    ):
        with column:
            alt = words.HISTOGRAM_ALT.format(told.replace("**", ""))
            show_chart(histogram_figure(histogram, title, palette), alt, f"chart-{title}")
            st.markdown(told)


def _most_fragile(layers: Sequence[LayerFindings]) -> int:
    """The layer that moved the network's answers furthest when it was tried, or else the first."""
    moved = [max((each.divergence for each in layer.sensitivities), default=0.0) for layer in layers]
    return moved.index(max(moved))


def _most_changed(roundings: Sequence[Rounding]) -> int:
    """The file that leaves the fewest different values of what the layer takes in: the one with the most to see."""
    return min(range(len(roundings)), key=lambda number: roundings[number].inputs.values_after)
