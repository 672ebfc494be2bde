"""What each file weighs besides its accuracy and its time, and what the engines compute of it in 8 bits."""

from collections.abc import Sequence

import streamlit as st

from compression.decision.wording import ENGINE_TITLES
from compression.store.records import Candidate
from pages.ui import method_words, words
from pages.ui.glossary import explain
from pages.ui.method import show_table

text, number = st.column_config.TextColumn, st.column_config.NumberColumn


def show_costs(candidates: Sequence[Candidate]) -> None:
    """What each file weighs, in the study's order. Energy only where it was measured."""
    if not candidates:
        return
    lines = [
        {
            "name": candidate.name,
            "size": candidate.size_bytes,
            "download": candidate.download_bytes,
            "parameters": candidate.parameters,
            "macs": candidate.macs,
            "weights": candidate.traffic.weight_bytes,
            "activations": candidate.traffic.activation_bytes,
            "memory": candidate.peak_memory_bytes,
            "energy": None if candidate.energy_joules is None else 1000 * candidate.energy_joules,
        }
        for candidate in candidates
    ]
    columns = {
        "name": text(words.CANDIDATE, help=explain("Candidate"), pinned=True),
        "size": number(words.SIZE, format="bytes", help=explain("File size")),
        "download": number(method_words.DOWNLOAD, format="bytes", help=explain("Download size")),
        "parameters": number(method_words.PARAMETERS, format="localized", help=explain("Parameters")),
        "macs": number(method_words.MACS, format="localized", help=explain("MACs")),
        "weights": number(method_words.WEIGHTS_MOVED, format="bytes", help=explain("Memory traffic")),
        "activations": number(method_words.ACTIVATIONS_MOVED, format="bytes", help=explain("Memory traffic")),
        "memory": number(method_words.MEMORY, format="bytes", help=explain("Memory")),
        "energy": number(method_words.ENERGY_COLUMN, format="%.2f mJ", help=explain("Energy")),
    }
    absent = {key for key in ("memory", "energy") if all(line[key] is None for line in lines)}
    show_table(
        [{key: value for key, value in line.items() if key not in absent} for line in lines],
        {key: column for key, column in columns.items() if key not in absent},
        method_words.COSTS,
    )


def show_kernels(candidates: Sequence[Candidate]) -> None:
    """What each engine really computes in 8 bits, folded away."""
    lines = [
        {
            "name": candidate.name,
            "engine": ENGINE_TITLES[kernels.engine],
            "macs": f"{100 * kernels.low_precision_macs:.0f}%",
            "weights": f"{100 * kernels.low_precision_weights:.0f}%",
            "float": ", ".join(f"{count} {kind}" for kind, count in kernels.in_float.items()) or method_words.NONE,
        }
        for candidate in candidates
        for kernels in candidate.kernels
    ]
    if not lines:
        return
    columns = {
        "name": text(words.CANDIDATE, help=explain("Candidate"), pinned=True),
        "engine": text(method_words.ENGINE, help=explain("Engine")),
        "macs": text(method_words.MACS_IN_8, help=explain("MACs")),
        "weights": text(method_words.WEIGHTS_IN_8, help=explain("Weights")),
        "float": text(method_words.IN_FLOAT, help=f"{explain('Operator')} {explain('Floating point')}"),
    }
    with st.expander(method_words.KERNELS, icon=":material/memory:"):
        st.caption(method_words.KERNELS_CAPTION)
        show_table(lines, columns, method_words.KERNELS)
