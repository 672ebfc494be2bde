"""What is measured on a file, as it is kept: the parts of ``study.json`` that hold numbers.

Knows nothing of how any of it was measured, nor of the study that it belongs to.
"""

from functools import total_ordering
from statistics import median
from typing import Annotated, Literal

from pydantic import Field

from compression.records.base import Count, Positive, Record, Share

EngineName = Literal["onnxruntime", "openvino"]
ENGINE_TITLES: dict[EngineName, str] = {"onnxruntime": "ONNX Runtime", "openvino": "OpenVINO"}


# What scores mean: nothing was made of them; a distribution over the classes, or its logarithms; or a probability for
# each class on its own.
ScoreKind = Literal["logits", "softmax", "log-softmax", "sigmoids"]
SCORE_TITLES: dict[ScoreKind, str] = {
    "logits": "logits",
    "softmax": "probabilities (softmax)",
    "log-softmax": "logarithms of probabilities (log-softmax)",
    "sigmoids": "a probability for each class on its own (sigmoids)",
}


class Interval(Record):
    """The 95 % interval of the value that it stands beside, in that value's unit."""

    low: float
    high: float


class Accuracy(Record):
    """Share of the test examples whose most likely class is the label's, with its 95 % Wilson score interval."""

    correct: Count
    total: Annotated[int, Field(gt=0)]
    value: Share
    low: Share
    high: Share


class Answers(Record):
    """How one engine answered the test examples. ``per_class`` is in the dataset's order of classes: of the examples
    of a class, the share that was answered right. ``top5`` is None for ten classes or fewer, where it says little.

    ``mean_confidence`` is the mean probability of the answers given; ``calibration_error`` how far such probabilities
    are from the share of right answers, on average (ECE). Their intervals are None in older studies.
    """

    engine: EngineName
    accuracy: Accuracy
    per_class: tuple[Accuracy, ...]
    top5: Accuracy | None
    mean_confidence: Share
    mean_confidence_interval: Interval | None = None
    calibration_error: Share
    calibration_error_interval: Interval | None = None


class Pair(Record):
    """Two candidates on the same test examples, answered by the default engine.

    ``only_first`` and ``only_second`` count the examples that one of the two alone got right. ``difference`` is the
    first accuracy less the second, with its 95 % interval; ``p_value`` is that of McNemar's exact test.
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

    def turned(self) -> "Pair":
        """The same, seen from the second."""
        return Pair(
            first=self.second,
            second=self.first,
            total=self.total,
            only_first=self.only_second,
            only_second=self.only_first,
            difference=-self.difference,
            low=-self.high,
            high=-self.low,
            p_value=self.p_value,
        )

    def seen_from(self, candidate: str) -> "Pair | None":
        """The pair with the candidate first; None when it is neither of the two."""
        return self if candidate == self.first else self.turned() if candidate == self.second else None

    @property
    def tells_apart(self) -> bool:
        """Whether the interval leaves 0 out: one of the two is more accurate, beyond what the examples leave open."""
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
    """Bytes that one inference of one example has to move, computed from the graph: every weight once, and every
    activation written once and read once by each operator that takes it."""

    weight_bytes: Count
    activation_bytes: Count


@total_ordering
class Condition(Record):
    """What files are timed under, and compared under: the engine, how many examples at once, on how many threads, and
    the ``precision`` of what is not computed in 8 bits."""

    engine: EngineName
    batch: Annotated[int, Field(gt=0)]
    threads: Annotated[int, Field(gt=0)]
    precision: str = "fp32"

    def __lt__(self, other: "Condition") -> bool:
        return self._key < other._key

    @property
    def _key(self) -> tuple[str, int, int, str]:
        return self.engine, self.batch, self.threads, self.precision


class Timed(Record):
    """Base of what belongs to one condition."""

    engine: EngineName
    precision: str
    batch: Annotated[int, Field(gt=0)]
    threads: Annotated[int, Field(gt=0)]

    @property
    def condition(self) -> Condition:
        """What it was timed under."""
        return Condition(engine=self.engine, batch=self.batch, threads=self.threads, precision=self.precision)


class Latency(Timed):
    """Milliseconds for one batch under one condition: raw samples, and what follows from them.

    ``turns_ms`` holds the median of every turn, from which median and interval follow; ``samples_ms`` at most 200 of
    the single runs, evenly spread over the measurement. ``low_ms`` to ``high_ms`` is a 95 % interval of the median;
    ``settled`` says whether it was within 2 % of the median before the time was up. ``p95_ms`` is the 95th percentile
    of all runs; it has no interval where these are too few to give one, and in older studies. ``options`` are the
    engine's, as they were set.
    """

    options: dict[str, str]
    samples_ms: Annotated[tuple[Positive, ...], Field(min_length=1)]
    turns_ms: tuple[Positive, ...] = ()
    median_ms: Positive
    low_ms: Positive
    high_ms: Positive
    p95_ms: Positive
    p95_interval_ms: Interval | None = None
    settled: bool


class Noise(Timed):
    """How much the machine differed from itself under one condition: the original timed several times over, each time
    as if it were another file, in the same rounds as all others.

    ``ratios`` are those of the medians of every two of them, the slower over the faster. ``smallest_difference`` (0.03
    is 3 %) is what two files must differ by at least to be told apart.
    """

    precision: str = "fp32"
    ratios: Annotated[tuple[float, ...], Field(min_length=1)]
    smallest_difference: Annotated[float, Field(ge=0.0)]


class FileNoise(Noise):
    """How much one other file differed from itself: timed in the rounds, and again in processes of its own, where it
    can be in another of its modes. ``candidate`` is its id."""

    candidate: str


class Load(Timed):
    """How many cores' worth of time other programs, or other machines on the same hardware, took on average while all
    files were timed under one condition; None where that cannot be told, or was over too soon to tell."""

    other_cores: Annotated[float, Field(ge=0.0)] | None


class Timing(Record):
    """The circumstances of a study's timing. ``other_cores``: how many cores' worth of time other programs, or other
    machines on the same hardware, took meanwhile, on average over all conditions; None where it cannot be told.
    ``loads`` has it for each condition; it is empty in older studies. ``files`` has the noise of the smallest files and
    of the choice, which are over sooner than the original, and differ more; it is empty in older studies, and where
    nothing is chosen."""

    noise: tuple[Noise, ...]
    files: tuple[FileNoise, ...] = ()
    other_cores: float | None
    loads: tuple[Load, ...] = ()


class MemoryReadings(Record):
    """The peak resident memory of fresh processes, in bytes and in the order of reading: of those that ran the file,
    and of those that ran next to nothing in the same engine."""

    with_file_bytes: Annotated[tuple[Count, ...], Field(min_length=1)]
    engine_alone_bytes: Annotated[tuple[Count, ...], Field(min_length=1)]

    @property
    def alone_bytes(self) -> int:
        """Median of the bare engine's processes."""
        return round(median(self.engine_alone_bytes))

    @property
    def added_bytes(self) -> int:
        """What the file adds: median less median. A file that drowns in the spread between processes adds 0."""
        return max(0, round(median(self.with_file_bytes)) - self.alone_bytes)

    @property
    def smallest_added_bytes(self) -> int:
        """What the file adds, were both readings the least favourable to it: the least that any two of them give."""
        return max(0, min(self.with_file_bytes) - max(self.engine_alone_bytes))

    @property
    def largest_added_bytes(self) -> int:
        """The most that any two readings give."""
        return max(0, max(self.with_file_bytes) - min(self.engine_alone_bytes))


class EnergyReadings(Record):
    """Joules of the processor for one example, read several times over, in the order of reading; and how many cores'
    worth of time others took meanwhile, whose energy is in it, None where that cannot be told."""

    joules: Annotated[tuple[Positive, ...], Field(min_length=1)]
    other_cores: Annotated[float, Field(ge=0.0)] | None

    @property
    def median_joules(self) -> float:
        """The middle one."""
        return median(self.joules)
