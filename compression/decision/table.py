"""The table that everything is decided on: one row per candidate, under one condition of latency.

Knows nothing of limits or preferences, and measures nothing: a candidate without a measurement is listed apart.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import log

from compression.errors import UsageError
from compression.records.measurements import Condition, Latency
from compression.records.recipes import Family, Recipe
from compression.records.study import Candidate, Document, Needs
from compression.records.subject import Subject


@dataclass(frozen=True, kw_only=True)
class Spread:
    """A measured value with its 95 % interval, ``low`` to ``high``; the unit is that of the field it stands in."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, kw_only=True)
class Row:
    """A measured candidate. ``accuracy`` is a share 0..1; ``latency_ms`` is for one batch of ``batch`` examples.

    ``accuracy_against`` holds the paired difference to other candidates by their id: this one's accuracy less theirs.
    ``smallest_difference`` (0.03 is 3 %) is that of times which the machine can tell apart at all: what the file
    differed from itself by, or the one nearest to it in time of those that were timed again, and what the original did,
    if that is more; 0 if not known.
    ``settled`` is whether the time was known to 2 % before the time limit came.
    """

    id: str
    name: str
    family: Family
    recipe: Recipe
    size_bytes: int
    accuracy: Spread
    test_examples: int
    latency_ms: Spread
    batch: int
    precision: str
    build_seconds: float
    needs: Needs
    accuracy_against: Mapping[str, Spread]
    smallest_difference: float
    settled: bool

    @property
    def latency_range_ms(self) -> Spread:
        """The latency with an interval that is no narrower than what the machine can tell apart at all."""
        measured, blur = self.latency_ms, 1.0 + self.smallest_difference
        return Spread(
            value=measured.value,
            low=min(measured.low, measured.value / blur),
            high=max(measured.high, measured.value * blur),
        )

    @property
    def examples_per_second(self) -> Spread:
        """Throughput at the median latency, and at the ends of its interval."""
        per_second, time = 1000.0 * self.batch, self.latency_ms
        return Spread(value=per_second / time.value, low=per_second / time.high, high=per_second / time.low)


@dataclass(frozen=True, kw_only=True)
class Table:
    """All measured candidates under one condition, in the study's order, those that are not measured under it, and the
    families of which something could not be made. ``subject`` is what the study is about; ``rough`` says that it is a
    preview. ``other_cores`` of the machine's ``cores`` were busy with other programs meanwhile; None if not known."""

    subject: Subject
    condition: Condition
    original: Row
    rows: tuple[Row, ...]
    unmeasured: tuple[Candidate, ...]
    failed: frozenset[Family] = frozenset()
    rough: bool = False
    other_cores: float | None = None
    cores: int | None = None

    def row(self, candidate: str) -> Row | None:
        """The row of a candidate's id; None when it is not measured."""
        return next((row for row in self.rows if row.id == candidate), None)

    @property
    def contenders(self) -> tuple[Row, ...]:
        """Every row that may be chosen: all but the controls, which are there to be compared with."""
        return tuple(row for row in self.rows if row.family != "control")

    def of(self, family: Family) -> tuple[Row, ...]:
        """The rows of one family."""
        return tuple(row for row in self.rows if row.family == family)


def conditions_of(document: Document) -> tuple[Condition, ...]:
    """The conditions under which the original was measured, in the order of its measurements; none before that."""
    original = _original(document)
    if original is None or original.accuracy is None:
        return ()
    return tuple(dict.fromkeys(latency.condition for latency in original.latency))


def table_of(document: Document, condition: Condition) -> Table:
    """The study's table. Raises UsageError when the original was not measured under this condition."""
    measured = {candidate.id: _row(candidate, condition, document) for candidate in document.candidates}
    rows = tuple(row for row in measured.values() if row is not None)
    original = next((row for row in rows if row.family == "original"), None)
    if original is None:
        raise UsageError(
            f"Study {document.study.id} has no measurement of the original in {condition.engine} at batch "
            f"{condition.batch}, so nothing can be compared with it; finish the study or choose another condition."
        )
    unmeasured = tuple(candidate for candidate in document.candidates if measured[candidate.id] is None)
    return Table(
        subject=document.subject,
        condition=condition,
        original=original,
        rows=rows,
        unmeasured=unmeasured,
        failed=frozenset(failure.family for failure in document.failures),
        rough=document.study.rough,
        other_cores=_other_cores(condition, document),
        cores=document.machine.cores if document.machine else None,
    )


def _original(document: Document) -> Candidate | None:
    return next((candidate for candidate in document.candidates if candidate.family == "original"), None)


def _row(candidate: Candidate, condition: Condition, document: Document) -> Row | None:
    latency = next((latency for latency in candidate.latency if latency.condition == condition), None)
    # In the default engine under every condition: the comparisons example by example are made there.
    accuracy = candidate.accuracy
    if latency is None or accuracy is None:
        return None
    return Row(
        id=candidate.id,
        name=candidate.name,
        family=candidate.family,
        recipe=candidate.recipe,
        size_bytes=candidate.size_bytes,
        accuracy=Spread(value=accuracy.value, low=accuracy.low, high=accuracy.high),
        test_examples=accuracy.total,
        latency_ms=Spread(value=latency.median_ms, low=latency.low_ms, high=latency.high_ms),
        batch=latency.batch,
        precision=latency.precision,
        build_seconds=candidate.build_seconds,
        needs=candidate.needs,
        accuracy_against=_accuracy_against(candidate.id, document),
        smallest_difference=_smallest_difference(candidate, latency, document),
        settled=latency.settled,
    )


def _accuracy_against(candidate: str, document: Document) -> dict[str, Spread]:
    against: dict[str, Spread] = {}
    for pair in document.pairs:
        seen = pair.seen_from(candidate)
        if seen is not None:
            against[seen.second] = Spread(value=seen.difference, low=seen.low, high=seen.high)
    return against


def _smallest_difference(candidate: Candidate, latency: Latency, document: Document) -> float:
    """The machine's noise, or the file's own where that is more."""
    timing = document.timing
    if timing is None:
        return 0.0
    machine = [each.smallest_difference for each in timing.noise if each.condition == latency.condition]
    return max(*machine, _noise_of_file(candidate, latency, document), 0.0)


def _noise_of_file(candidate: Candidate, latency: Latency, document: Document) -> float:
    """Its own, if it was timed apart; else that of the file nearest to it in time, by their ratio. The original has the
    machine's."""
    files = document.timing.files if document.timing else ()
    here = {each.candidate: each.smallest_difference for each in files if each.condition == latency.condition}
    if candidate.family == "original" or not here:
        return 0.0
    times_ms = {
        other.id: each.median_ms
        for other in document.candidates
        for each in other.latency
        if each.condition == latency.condition and other.id in here
    }
    if candidate.id in here or not times_ms:
        return here.get(candidate.id, 0.0)
    return here[min(times_ms, key=lambda other: abs(log(times_ms[other] / latency.median_ms)))]


def _other_cores(condition: Condition, document: Document) -> float | None:
    """What other programs took under this condition; in older studies, over all conditions."""
    if document.timing is None:
        return None
    here = [load.other_cores for load in document.timing.loads if load.condition == condition]
    return here[0] if here else document.timing.other_cores
