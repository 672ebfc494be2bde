"""What ``measure`` finds, as it is written to a file. The fields are those of a study's candidates."""

from typing import Annotated, Literal

from pydantic import Field

from compression.records.base import Count, Record
from compression.records.measurements import (
    Answers,
    EnergyReadings,
    Kernels,
    Latency,
    MemoryReadings,
    Pair,
    ScoreKind,
    Timing,
    Traffic,
)
from compression.records.study import Machine


class ReadFile(Record):
    """What can be read in one file, without running it.

    ``macs`` and ``traffic`` are None, and an engine is not among ``kernels``, where nobody knows: of operators, say,
    whose shapes cannot be worked out. ``scores`` is what its scores were taken for.
    """

    file: str
    sha256: str
    size_bytes: Annotated[int, Field(gt=0)]
    download_bytes: Count
    parameters: Count
    macs: Count | None
    traffic: Traffic | None
    kernels: tuple[Kernels, ...]
    scores: ScoreKind | None = None


class MeasuredFile(ReadFile):
    """One file and what was measured on it."""

    answers: tuple[Answers, ...]
    latency: tuple[Latency, ...]
    between_engines: tuple[Pair, ...]
    peak_memory_bytes: Count
    baseline_memory_bytes: Count
    memory_readings: MemoryReadings
    energy_joules: Annotated[float, Field(gt=0.0)] | None
    energy_readings: EnergyReadings | None


class Measured(Record):
    """The files, the machine, and, of two files, how their answers in the first engine compare example by example.

    Everything was measured in ``precision``: answers, times, memory and energy.
    """

    format: Literal["weigh-in-measure/1"] = "weigh-in-measure/1"
    dataset: str
    precision: str
    machine: Machine
    files: tuple[MeasuredFile, ...]
    pair: Pair | None
    timing: Timing
