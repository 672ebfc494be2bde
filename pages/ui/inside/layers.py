"""Which layers are fragile, and that a study did not look: parts of the page on the inside of a network."""

from collections.abc import Sequence
from math import prod

import streamlit as st

from compression.decision.fragile import Bits, LayerOrder, Look, bits_looked_at, looks_in, most_telling
from compression.decision.layer_names import layer_shape
from compression.decision.numbers import in_points, points_range
from compression.records.layers import LayerFindings
from compression.records.study import ALIVE, Study
from compression.report.glossary import explain
from compression.report.inside_sections import FRAGILE_HEADING
from pages.ui.inside import words
from pages.ui.method.parts import show_rows
from pages.ui.shared.states import show_way_to_run

ORDERS: list[LayerOrder] = list(words.ORDERS)
text, number = st.column_config.TextColumn, st.column_config.NumberColumn


def choose_bits_and_order(layers: Sequence[LayerFindings]) -> tuple[Bits, LayerOrder]:
    """In how few bits to look at each layer, and which comes first. Not for layers that were not tried."""
    usual = most_telling(layers)
    with st.container(horizontal=True, gap="medium"):
        bits = st.segmented_control(
            words.BITS_CHOICE,
            list(bits_looked_at(layers)),
            default=usual,
            required=True,
            format_func=words.bits,
            key="layer-bits",
            bind="query-params",
            help=explain("Sensitivity"),
        )
        order = st.segmented_control(
            words.ORDER_CHOICE,
            ORDERS,
            default=ORDERS[0],
            required=True,
            format_func=lambda order: words.ORDERS[order],
            key="layer-order",
            bind="query-params",
            help=explain("Divergence"),
        )
    return bits or usual, order or "network"


def show_all_layers(layers: Sequence[LayerFindings]) -> None:
    """One row a layer, with what it is and what it costs; a click on a heading sorts them."""
    columns = {
        "name": text(words.LAYER, help=explain("Layer"), pinned=True),
        "shape": text(words.SHAPE, help=words.SHAPE_HELP),
        "weights": number(words.WEIGHTS, format="localized", help=explain("Weights")),
    }
    lines: dict[str, dict[str, object]] = {}
    for bits in bits_looked_at(layers):
        columns[f"loss in {bits}"] = text(words.LOST.format(bits), help=explain("Sensitivity"))
        columns[f"divergence in {bits}"] = number(
            words.DIVERGENCE.format(bits), format="%.2g", help=explain("Divergence")
        )
        for look in looks_in(layers, bits):
            line = lines.setdefault(look.name, _about(look))
            line[f"loss in {bits}"] = f"{in_points(look.loss.value)} ({points_range(look.loss)})"
            line[f"divergence in {bits}"] = look.divergence
    show_rows(list(lines.values()), columns, FRAGILE_HEADING)


def show_not_inside(study: Study) -> None:
    """For a study that did not look at layers: which one does, and how to start it."""
    with st.container(border=True):
        st.markdown(f":material/layers_clear: **{words.NOT_INSIDE_TITLE}**")
        if study.state in ALIVE:
            st.markdown(words.NOT_YET)
            return
        st.markdown(words.NOT_INSIDE)
        st.code(words.command(study), language=None, wrap_lines=True)
        show_way_to_run()


def _about(look: Look) -> dict[str, object]:
    return {"name": look.name, "shape": layer_shape(look.layer), "weights": prod(look.layer.shape)}
