"""What each file weighs besides its accuracy and its time, and what the engines compute of it in 8 bits."""

from collections.abc import Sequence

import streamlit as st

from compression.decision.numbers import in_bytes
from compression.decision.readings import energy, memory, memory_alone
from compression.records.measurements import ENGINE_TITLES
from compression.records.study import Candidate, Document
from compression.report.glossary import explain, explain_each
from pages.ui.method import words as method_words
from pages.ui.method.parts import show_rows
from pages.ui.shared import words

text, number = st.column_config.TextColumn, st.column_config.NumberColumn


NO_FILES = "No file has been made in this study yet."
NO_MEMORY = "Memory has not been measured in this study yet."
NO_KERNELS = "What the engines compute in 8 bits was not read in this study."
# Held to compression.studies.measuring by a test.
MEMORY_ENGINE = "ONNX Runtime"
DOWNLOAD = "Download size"
PARAMETERS = "Parameters"
MACS = "MACs for one {}"
WEIGHTS_MOVED = "Weights moved (computed)"
ACTIVATIONS_MOVED = "Activations moved (computed)"
MEMORY = "Memory added"
ENERGY_COLUMN = "Energy for one {}"
MACS_IN_8 = "MACs in 8 bits"
WEIGHTS_IN_8 = "Weights in 8 bits"
IN_FLOAT = "Operators in floating point"
NONE = "none"
KERNELS = "What each engine computes in 8 bits"
KERNELS_CAPTION = (
    "Read from the graph that the engine runs on this machine, not from what was asked for. Operators that only move "
    "data are left out."
)
COMPUTED = (
    "Sizes are those of the files. Parameters, MACs and memory traffic are counted in them: computed, not measured."
)
ENERGY_ABSENT = "Energy is not measurable here: this machine does not show the energy counters of its processor."
ENERGY = "Energy is that of the processor for one {}, read from its own counters."
READINGS = "The middle of {} readings stands before the brackets, the smallest and the largest in them."
WITH_OTHERS = "Others took up to {:.2f} cores meanwhile, and their energy is in it."


def show_costs(document: Document) -> None:
    """What each file weighs, in the study's order. Energy only where it was measured."""
    candidates, noun = document.candidates, document.subject.noun
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
        "download": number(DOWNLOAD, format="bytes", help=explain("Download size")),
        "parameters": number(PARAMETERS, format="localized", help=explain("Parameters")),
        "macs": number(MACS.format(noun), format="localized", help=explain("MACs")),
        "weights": number(WEIGHTS_MOVED, format="bytes", help=explain_each("Memory traffic", "Weights")),
        "activations": number(ACTIVATIONS_MOVED, format="bytes", help=explain_each("Memory traffic", "Activations")),
        "memory": text(MEMORY, help=explain("Memory")),
        "energy": text(ENERGY_COLUMN.format(noun), help=explain("Energy")),
    }
    absent = {key for key in ("memory", "energy") if all(line[key] is None for line in lines)}
    show_rows(
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
            "float": ", ".join(f"{count} {kind}" for kind, count in kernels.in_float.items()) or NONE,
        }
        for candidate in candidates
        for kernels in candidate.kernels
    ]
    if not lines:
        return
    columns = {
        "name": text(words.CANDIDATE, help=explain("Candidate"), pinned=True),
        "engine": text(method_words.ENGINE, help=explain("Engine")),
        "macs": text(MACS_IN_8, help=explain("MACs")),
        "weights": text(WEIGHTS_IN_8, help=explain("Weights")),
        "float": text(IN_FLOAT, help=f"{explain('Operator')} {explain('Floating point')}"),
    }
    with st.expander(KERNELS, icon=":material/memory:"):
        st.caption(KERNELS_CAPTION)
        show_rows(lines, columns, KERNELS)


def costs(document: Document) -> tuple[str, ...]:
    """What stands behind the numbers on size, memory and energy."""
    if not document.candidates:
        return (NO_FILES,)
    noun = document.subject.noun
    read = () if any(candidate.kernels for candidate in document.candidates) else (NO_KERNELS,)
    if all(each.baseline_memory_bytes is None for each in document.candidates):
        return (COMPUTED, NO_MEMORY, *read)
    return (COMPUTED, _memory(document.candidates, noun), _energy(document.candidates, noun), *read)


def _memory(candidates: Sequence[Candidate], noun: str) -> str:
    told = (
        f"Memory is what each file adds at its peak to a process of its own that answers one {noun} in "
        f"{MEMORY_ENGINE}. "
    )
    read = next((each.memory_readings for each in candidates if each.memory_readings), None)
    if read is None:
        sizes = [each.baseline_memory_bytes for each in candidates if each.baseline_memory_bytes is not None]
        alone = " to ".join(in_bytes(size) for size in sorted({min(sizes), max(sizes)}))
        return f"{told}The bare engine alone, with Python, takes {alone}, which is subtracted."
    return (
        f"{told}The bare engine alone, with Python, takes {memory_alone(read)}, which is subtracted. Each was weighed "
        f"in {len(read.with_file_bytes)} fresh processes: the middle one counts, and the brackets hold the least and "
        "the most that two of them give."
    )


def _energy(candidates: Sequence[Candidate], noun: str) -> str:
    if all(candidate.energy_joules is None for candidate in candidates):
        return ENERGY_ABSENT
    told = ENERGY.format(noun)
    readings = [each.energy_readings for each in candidates if each.energy_readings]
    if not readings:
        return told
    others = [each.other_cores for each in readings if each.other_cores is not None]
    told = f"{told} {READINGS.format(len(readings[0].joules))}"
    return f"{told} {WITH_OTHERS.format(max(others))}" if others else told
