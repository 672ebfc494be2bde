"""What a study is and what came out of it: the records that are kept, and the ``study.json`` contract they make up.

What is measured on a file is in ``measurements``. Knows nothing of how any of it was measured or decided.
"""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from compression.records.base import CALIBRATION_NAMES, Count, Positive, Record, Share
from compression.records.bounds import EPOCHS, LATENCY_SECONDS, SEED, THREADS
from compression.records.layers import LayerFindings
from compression.records.measurements import (
    Accuracy,
    Answers,
    EnergyReadings,
    Kernels,
    Latency,
    MemoryReadings,
    Pair,
    Timing,
    Traffic,
)
from compression.records.objectives import DistillationObjective
from compression.records.recipes import Family, Recipe
from compression.records.schemes import CalibrationExamples, LargestDrop, SchemeName
from compression.records.students import Students
from compression.records.subject import Subject

Format = Literal["weigh-in/2"]
FORMAT: Format = "weigh-in/2"
OLDER_FORMATS = ("weigh-in/1",)
# The number in FORMAT, which the store's database carries too. Raised with any change to the records or the tables that
# makes older ones unreadable.
CONTRACT = 2
# Of databases whose records are still read as they are, and which lack nothing but tables.
OLDER_CONTRACTS = (1,)

# The preset that shows how a study goes, and trains too little to decide anything.
PREVIEW = "preview"

State = Literal["queued", "running", "completed", "failed", "cancelled", "interrupted"]
ALIVE: frozenset[State] = frozenset({"queued", "running"})
RESUMABLE: frozenset[State] = frozenset({"failed", "cancelled", "interrupted"})


class Options(Record):
    """How a study is to be carried out, beyond its preset.

    ``threads_per_lane`` fixes each lane's share of the cores, which makes the accuracies exactly reproducible; None
    lets the share of a lane that has ended go to the other. ``students`` are made in place of the preset's;
    ``objective`` and ``epochs`` are for all students, in place of the preset's; ``schemes`` are what the original is
    quantized with, ``calibration_examples`` and ``largest_drop`` (a share of the accuracy) are for all of these that
    have such a number. ``latency_seconds`` are the most that timing a file under one condition takes, in place of the
    preset's.
    """

    threads_per_lane: Annotated[int, THREADS.field] | None = None
    students: Students | None = None
    objective: DistillationObjective | None = None
    epochs: Annotated[int, EPOCHS.field] | None = None
    schemes: Annotated[tuple[SchemeName, ...], Field(min_length=1)] | None = None
    calibration_examples: Annotated[CalibrationExamples | None, Field(validation_alias=CALIBRATION_NAMES)] = None
    largest_drop: LargestDrop | None = None
    latency_seconds: Annotated[float, LATENCY_SECONDS.field] | None = None


class Request(Record):
    """What a person asks: which model, on which dataset, looked at how hard."""

    model: str
    dataset: str
    preset: str
    seed: Annotated[int, SEED.field] = 0
    options: Options = Options()

    @property
    def rough(self) -> bool:
        """Whether its numbers are too rough to decide on."""
        return self.preset == PREVIEW


# As many characters as fit a line of a list of studies.
LONGEST_NAME = 60


class Study(Request):
    """A question and how far its answer has come. ``name`` is what a person called it, None for most. ``seconds`` is
    the wall time of the work, once it has ended."""

    id: str
    name: Annotated[str, Field(min_length=1, max_length=LONGEST_NAME)] | None = None
    state: State
    created: datetime
    seconds: float | None = None
    message: str | None = None


class Machine(Record):
    """What the study ran on. ``isa`` names the instruction-set extensions that matter for these workloads.

    ``cores`` is how many physical cores the study could keep busy, of ``physical_cores`` that the machine has;
    ``cpu_quota`` how many CPUs' worth of time its container is allowed, None without a limit; ``governor`` what the
    system decides the clock rate by. None, too, is what the system does not say.
    """

    cpu: str
    cores: Count
    physical_cores: Count | None = None
    cpu_quota: Positive | None = None
    governor: str | None = None
    isa: tuple[str, ...]
    memory_bytes: Count
    os: str
    python: str
    packages: dict[str, str]


class Needs(Record):
    """What making a candidate takes: whether labels, and how many of the training examples."""

    labels: bool
    examples: Count


class Gain(Record):
    """What the teacher was worth: a distilled student's accuracy less that of ``control``, the same student without a
    teacher, on the same test examples, with its 95 % interval; ``p_value`` is that of McNemar's exact test."""

    control: str
    difference: float
    low: float
    high: float
    p_value: Share


class Check(Record):
    """What both engines showed of a quantized file when it was made, in clauses: what was wrong with it as its scheme
    usually makes it, and is not with this file (``repaired``), and what still is (``wrong``)."""

    repaired: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()


class Candidate(Record):
    """A recipe carried out: one deployable file and what was measured on it.

    ``accuracy`` is None and ``latency`` empty until measured, which stays so in a study that was cut short.
    ``validation_accuracy`` was seen while it was made, for a trained student, or for a scheme that chooses by it; it is
    no measurement of the file. ``validation_repeats`` are those of the same training from other seeds, whose networks
    were not kept. ``set_aside_for`` is the id of the candidate that did better on the validation examples with another
    objective: this one is then not measured. ``gain`` is there for a distilled student whose control was measured.
    ``short_of_memory``: memory ran out while it was trained, so that it was trained anew in half the batch. ``check``
    is None for a file that is not quantized, and in older studies.
    ``artefact`` is the file's path inside the study's folder, ``predictions`` that of its answers to all test examples.
    ``download_bytes`` is the file's size compressed as an app store would. ``accuracy`` is that in the default engine,
    ``answers`` has it for each, and ``between_engines`` compares these example by example, each pair named by its
    engines. ``peak_memory_bytes`` is what the file adds to a process of the bare engine, which alone takes
    ``baseline_memory_bytes``; ``energy_joules`` is for one example, None where the machine does not show it. Each is
    the median of its readings, which older studies do not have.
    """

    id: str
    name: str
    family: Family
    recipe: Recipe
    artefact: str
    sha256: str
    size_bytes: Annotated[int, Field(gt=0)]
    parameters: Count
    macs: Count
    download_bytes: Count
    traffic: Traffic
    kernels: tuple[Kernels, ...] = ()
    accuracy: Accuracy | None = None
    answers: tuple[Answers, ...] = ()
    between_engines: tuple[Pair, ...] = ()
    predictions: str | None = None
    latency: tuple[Latency, ...] = ()
    peak_memory_bytes: Count | None = None
    baseline_memory_bytes: Count | None = None
    memory_readings: MemoryReadings | None = None
    energy_joules: float | None = None
    energy_readings: EnergyReadings | None = None
    build_seconds: float
    needs: Needs
    validation_accuracy: Share | None = None
    validation_repeats: tuple[Share, ...] = ()
    set_aside_for: str | None = None
    gain: Gain | None = None
    short_of_memory: bool = False
    check: Check | None = None


class Verdict(Record):
    """The choice under one set of limits, in words. ``choice`` is a candidate's id, None when nothing fits; ``caveat``
    what to know first about its times, None where that is nothing, and in older studies."""

    target: str
    choice: str | None
    sure: bool
    caveat: str | None = None
    headline: str
    reasons: tuple[str, ...]


class Failure(Record):
    """A candidate that could not be made, by id and name, and why, in one sentence."""

    candidate: str
    name: str
    family: Family
    message: str


def _as_it_is_read(format_: object) -> object:
    """What is read from an older document are records of today, and so they are written again."""
    return FORMAT if format_ in OLDER_FORMATS else format_


class Document(Record):
    """The whole of ``study.json``. ``machine`` is None only in a study that has not started; ``pairs`` and ``timing``
    are there when everything is measured. ``recipes`` are what the study set out to make; empty in older studies.
    ``failures`` are those of the last attempt. ``layers`` are the original's, in the order in which it computes them;
    empty in older studies. The files of older studies have no ``subject``: who reads them fills it in
    (``compression.store.library``)."""

    format: Annotated[Format, BeforeValidator(_as_it_is_read)] = FORMAT
    study: Study
    subject: Subject
    machine: Machine | None
    recipes: tuple[Recipe, ...] = ()
    candidates: tuple[Candidate, ...]
    failures: tuple[Failure, ...] = ()
    pairs: tuple[Pair, ...] = ()
    timing: Timing | None = None
    layers: tuple[LayerFindings, ...] = ()
    verdict: Verdict | None
