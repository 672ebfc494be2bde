"""What a study is and what came out of it: the records that are kept, and the ``study.json`` contract they make up.

Knows nothing of how any of it was measured or decided.
"""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from compression.store.objectives import DistillationObjective
from compression.store.recipes import Family, LaneName, Recipe
from compression.store.record import Record

FORMAT: Literal["weigh-in/1"] = "weigh-in/1"
# The number in FORMAT, which the store's database carries too. Raised with any change to the records or the tables that
# makes older ones unreadable.
CONTRACT = 1

State = Literal["queued", "running", "completed", "failed", "cancelled", "interrupted"]
ALIVE: frozenset[State] = frozenset({"queued", "running"})
RESUMABLE: frozenset[State] = frozenset({"failed", "cancelled", "interrupted"})

EngineName = Literal["onnxruntime", "openvino"]
Share = Annotated[float, Field(ge=0.0, le=1.0)]
Count = Annotated[int, Field(ge=0)]
Positive = Annotated[float, Field(gt=0.0)]


class Options(Record):
    """How a study is to be carried out, beyond its preset.

    ``threads_per_lane`` fixes each lane's share of the cores, which makes the accuracies exactly reproducible; None
    lets the share of a lane that has ended go to the other. ``objective`` and ``epochs`` are for all students, in place
    of the preset's.
    """

    threads_per_lane: Annotated[int, Field(ge=1, le=256)] | None = None
    objective: DistillationObjective | None = None
    epochs: Annotated[int, Field(ge=1, le=200)] | None = None


class Question(Record):
    """What a person asks: which model, on which dataset, looked at how hard."""

    model: str
    dataset: str
    preset: str
    seed: Annotated[int, Field(ge=0, le=2**31 - 1)] = 0
    options: Options = Options()


class Study(Question):
    """A question and how far its answer has come. ``seconds`` is the wall time of the work, once it has ended."""

    id: str
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


class Accuracy(Record):
    """Share of the test images whose most likely class is the label's, with its 95 % Wilson score interval."""

    correct: Count
    total: Annotated[int, Field(gt=0)]
    value: Share
    low: Share
    high: Share


class Answers(Record):
    """How one engine answered the test images. ``per_class`` is in the dataset's order of classes: of the images of a
    class, the share that was answered right. ``top5`` is None for ten classes or fewer, where it says little.

    ``mean_confidence`` is the mean probability of the answers given; ``calibration_error`` how far such probabilities
    are from the share of right answers, on average (ECE).
    """

    engine: EngineName
    accuracy: Accuracy
    per_class: tuple[Accuracy, ...]
    top5: Accuracy | None
    mean_confidence: Share
    calibration_error: Share


class Pair(Record):
    """Two candidates on the same test images, answered by the default engine.

    ``only_first`` and ``only_second`` count the images that one of the two alone got right. ``difference`` is the first
    accuracy less the second, with its 95 % interval; ``p_value`` is that of McNemar's exact test.
    """

    first: str
    second: str
    total: Annotated[int, Field(gt=0)]
    only_first: Count
    only_second: Count
    difference: float
    low: float
    high: float
    p_value: Share

    @property
    def tells_apart(self) -> bool:
        """Whether the interval leaves 0 out: one of the two is more accurate, beyond what the images leave open."""
        return self.low > 0 or self.high < 0


class Kernels(Record):
    """What one engine made of a file, read from the graph that it runs.

    The shares (0..1) are of the weights and of the multiply-accumulates that really compute in integers of 8 bits or
    fewer. ``in_float`` counts the operators that stayed in floating point, by their type.
    """

    engine: EngineName
    low_precision_weights: Share
    low_precision_macs: Share
    in_float: dict[str, int]


class Traffic(Record):
    """Bytes that one inference of one image has to move, computed from the graph: every weight once, and every
    activation written once and read once by each operator that takes it."""

    weight_bytes: Count
    activation_bytes: Count


class Latency(Record):
    """Milliseconds for one batch under one condition: raw samples, and what follows from them.

    ``turns_ms`` holds the median of every turn, from which median and interval follow; ``samples_ms`` at most 200 of
    the single runs, evenly spread over the measurement. ``low_ms`` to ``high_ms`` is a 95 % interval of the median;
    ``settled`` says whether it was within 2 % of the median before the time was up. ``options`` are the engine's, as
    they were set.
    """

    engine: EngineName
    precision: str
    batch: Annotated[int, Field(gt=0)]
    threads: Annotated[int, Field(gt=0)]
    options: dict[str, str]
    samples_ms: Annotated[tuple[Positive, ...], Field(min_length=1)]
    turns_ms: tuple[Positive, ...] = ()
    median_ms: Positive
    low_ms: Positive
    high_ms: Positive
    p95_ms: Positive
    settled: bool


class Noise(Record):
    """How much the machine differed from itself under one condition: the original timed several times over, each time
    as if it were another file, in the same rounds as all others.

    ``ratios`` are those of the medians of every two of them, the slower over the faster. ``smallest_difference`` (0.03
    is 3 %) is what two files must differ by at least to be told apart.
    """

    engine: EngineName
    batch: Annotated[int, Field(gt=0)]
    threads: Annotated[int, Field(gt=0)]
    ratios: Annotated[tuple[float, ...], Field(min_length=1)]
    smallest_difference: Annotated[float, Field(ge=0.0)]


class Timing(Record):
    """The circumstances of a study's timing. ``other_cores``: how many cores' worth of time other programs, or other
    machines on the same hardware, took meanwhile on average; None where it cannot be told."""

    noise: tuple[Noise, ...]
    other_cores: float | None


class Needs(Record):
    """What making a candidate takes: whether labels, and how many of the training images."""

    labels: bool
    examples: Count


class Candidate(Record):
    """A recipe carried out: one deployable file and what was measured on it.

    ``accuracy`` is None and ``latency`` empty until measured, which stays so in a study that was cut short.
    ``validation_accuracy`` was seen while it was made, for a trained student; it is no measurement of the file.
    ``artefact`` is the file's path inside the study's folder, ``predictions`` that of its answers to every test image.
    ``download_bytes`` is the file's size compressed as an app store would. ``accuracy`` is that in the default engine,
    ``answers`` has it for each, and ``between_engines`` compares these image by image, each pair named by its engines.
    ``peak_memory_bytes`` is what the file adds to a process of the bare engine, which
    alone takes ``baseline_memory_bytes``; ``energy_joules`` is for one image, None where the machine does not show it.
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
    energy_joules: float | None = None
    build_seconds: float
    needs: Needs
    validation_accuracy: Share | None = None


class Verdict(Record):
    """The choice under one set of limits, in words. ``choice`` is a candidate's id, None when nothing fits."""

    target: str
    choice: str | None
    sure: bool
    headline: str
    reasons: tuple[str, ...]


class Failure(Record):
    """A candidate that could not be made, by id and name, and why, in one sentence."""

    candidate: str
    name: str
    family: Family
    message: str


class Document(Record):
    """The whole of ``study.json``. ``machine`` is None only in a study that has not started; ``pairs`` and ``timing``
    are there when everything is measured. ``failures`` are those of the last attempt."""

    format: Literal["weigh-in/1"] = FORMAT
    study: Study
    machine: Machine | None
    candidates: tuple[Candidate, ...]
    failures: tuple[Failure, ...] = ()
    pairs: tuple[Pair, ...] = ()
    timing: Timing | None = None
    verdict: Verdict | None


class News(Record):
    """One step of a study's progress. ``done`` (0..1) is of this stage; ``candidate`` is an id, if it is about one.

    ``lane`` is None for what the worker does before and after the lanes.
    """

    at: datetime
    lane: LaneName | None
    stage: str
    done: Share
    candidate: str | None = None
    validation_accuracy: Share | None = None
