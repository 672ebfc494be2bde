"""What each file weighs besides its accuracy and its time, and what the engines compute of it in 8 bits."""

from collections.abc import Sequence

import streamlit as st

from compression.decision.readings import energy, memory
from compression.decision.wording import ENGINE_TITLES
from compression.report.glossary import explain, explain_each
from compression.store.records import Candidate
from pages.ui import cost_words, method_words, words
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
            "memory": memory(candidate),
            "energy": energy(candidate),
        }
        for candidate in candidates
    ]
    columns = {
        "name": text(words.CANDIDATE, help=explain("Candidate"), pinned=True),
        "size": number(words.SIZE, format="bytes", help=explain("File size")),
        "download": number(cost_words.DOWNLOAD, format="bytes", help=explain("Download size")),
        "parameters": number(cost_words.PARAMETERS, format="localized", help=explain("Parameters")),
        "macs": number(cost_words.MACS, format="localized", help=explain("MACs")),
        "weights": number(cost_words.WEIGHTS_MOVED, format="bytes", help=explain_each("Memory traffic", "Weights")),
        "activations": number(
            cost_words.ACTIVATIONS_MOVED, format="bytes", help=explain_each("Memory traffic", "Activations")
        ),
        "memory": text(cost_words.MEMORY, help=explain("Memory")),
        "energy": text(cost_words.ENERGY_COLUMN, help=explain("Energy")),
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
            "float": ", ".join(f"{count} {kind}" for kind, count in kernels.in_float.items()) or cost_words.NONE,
        }
        for candidate in candidates
        for kernels in candidate.kernels
    ]
    if not lines:
        return
    columns = {
        "name": text(words.CANDIDATE, help=explain("Candidate"), pinned=True),
        "engine": text(method_words.ENGINE, help=explain("Engine")),
        "macs": text(cost_words.MACS_IN_8, help=explain("MACs")),
        "weights": text(cost_words.WEIGHTS_IN_8, help=explain("Weights")),
        "float": text(cost_words.IN_FLOAT, help=f"{explain('Operator')} {explain('Floating point')}"),
    }
    with st.expander(cost_words.KERNELS, icon=":material/memory:"):
        st.caption(cost_words.KERNELS_CAPTION)
        show_table(lines, columns, cost_words.KERNELS)
