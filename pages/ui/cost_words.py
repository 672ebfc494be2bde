"""What the method page says about size, memory and energy of one study's files, and what runs in 8 bits."""

from collections.abc import Sequence

from compression.decision.numbers import in_bytes
from compression.decision.readings import memory_alone
from compression.store.records import Candidate, Document

NO_FILES = "No file has been made in this study yet."
NO_MEMORY = "Memory has not been measured in this study yet."
NO_KERNELS = "What the engines compute in 8 bits was not read in this study."

# Held to compression.studies.measuring by a test.
MEMORY_ENGINE = "ONNX Runtime"

DOWNLOAD = "Download size"
PARAMETERS = "Parameters"
MACS = "MACs for one image"
WEIGHTS_MOVED = "Weights moved (computed)"
ACTIVATIONS_MOVED = "Activations moved (computed)"
MEMORY = "Memory added"
ENERGY_COLUMN = "Energy for one image"
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
ENERGY = "Energy is that of the processor for one image, read from its own counters."
READINGS = "The middle of {} readings stands before the brackets, the smallest and the largest in them."
WITH_OTHERS = "Others took up to {:.2f} cores meanwhile, and their energy is in it."


def costs(document: Document) -> tuple[str, ...]:
    """What stands behind the numbers on size, memory and energy."""
    if not document.candidates:
        return (NO_FILES,)
    read = () if any(candidate.kernels for candidate in document.candidates) else (NO_KERNELS,)
    if all(each.baseline_memory_bytes is None for each in document.candidates):
        return (COMPUTED, NO_MEMORY, *read)
    return (COMPUTED, _memory(document.candidates), _energy(document.candidates), *read)


def _memory(candidates: Sequence[Candidate]) -> str:
    told = (
        f"Memory is what each file adds at its peak to a process of its own that answers one image in {MEMORY_ENGINE}. "
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


def _energy(candidates: Sequence[Candidate]) -> str:
    if all(candidate.energy_joules is None for candidate in candidates):
        return ENERGY_ABSENT
    readings = [each.energy_readings for each in candidates if each.energy_readings]
    if not readings:
        return ENERGY
    others = [each.other_cores for each in readings if each.other_cores is not None]
    told = f"{ENERGY} {READINGS.format(len(readings[0].joules))}"
    return f"{told} {WITH_OTHERS.format(max(others))}" if others else told
