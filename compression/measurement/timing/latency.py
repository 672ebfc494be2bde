"""How long one batch takes, for several files under several conditions, measured so that they can be compared.

Knows files, engines and a clock, and notes what others did on the machine meanwhile; not how a file was made.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from compression.catalog.examples import Inputs, length_of, rows_of
from compression.measurement.engines import Session, open_session
from compression.measurement.engines.session import under_file_names
from compression.measurement.timing.intervals import median_with_interval, p95_with_interval, settled
from compression.measurement.timing.load import other_cores, read_load
from compression.measurement.timing.rounds import (
    FEWEST_ROUNDS_TO_SETTLE,
    TOLERANCE,
    NanosecondClock,
    Timings,
    time_in_rounds,
)
from compression.records.measurements import Condition, Interval, Latency, Load

# Statistics come from every run; this many of them, evenly spread over the measurement, are kept with the study.
SAMPLES_KEPT = 200


@dataclass(frozen=True, kw_only=True)
class TimedFiles:
    """Per id one Latency per condition, in their order; what others took under each condition, and altogether."""

    latencies: dict[str, tuple[Latency, ...]]
    loads: tuple[Load, ...]
    other_cores: float | None


def measure_latencies(
    subjects: Sequence[tuple[str, Path]],
    conditions: Sequence[Condition],
    inputs: Inputs,
    *,
    seconds_per_subject: float,
    seed: int,
    on_progress: Callable[[float], None] = lambda _: None,
    clock: NanosecondClock = time.perf_counter_ns,
) -> TimedFiles:
    """Time every subject (id, file) under every condition.

    ``inputs`` are of at least as many examples as the largest batch; each run takes the first ones. A condition
    takes at most ``seconds_per_subject`` times the number of subjects, shared among them in rounds of one turn each
    (see ``rounds``), plus the time to load the files. Less when all medians are known to 2 % sooner; more only if that
    is too short for the six rounds an interval needs. No place in the order can favour a subject: the order is drawn
    anew each round, from ``seed``. ``on_progress`` is told the share done, 0..1; what it raises ends the measurement.
    """
    ids = [name for name, _ in subjects]
    if not ids or len(set(ids)) != len(ids) or not conditions:
        raise ValueError("latencies need at least one subject and one condition, and each subject's id only once")
    latencies: dict[str, list[Latency]] = {name: [] for name in ids}
    loads: list[Load] = []
    rng, begin = np.random.default_rng(seed), read_load()
    for index, condition in enumerate(conditions):
        batch = _batch_of(inputs, condition.batch)
        sessions = [
            open_session(
                path,
                condition.engine,
                threads=condition.threads,
                precision=condition.precision,
                batch=condition.batch,
            )
            for _, path in subjects
        ]
        before = read_load()
        timings = time_in_rounds(
            [
                partial(session.run, under_file_names(batch, session.input_names, path))
                for session, (_, path) in zip(sessions, subjects, strict=True)
            ],
            seconds=seconds_per_subject * len(subjects),
            rng=rng,
            clock=clock,
            on_progress=lambda done, behind=index: on_progress((behind + done) / len(conditions)),  # type: ignore[misc]
        )
        loads.append(_load(sessions[0], condition.batch, other_cores(before, read_load())))
        for name, session, timing in zip(ids, sessions, timings, strict=True):
            latencies[name].append(latency_of(session, condition.batch, timing))
        on_progress((index + 1) / len(conditions))
    return TimedFiles(
        latencies={name: tuple(rows) for name, rows in latencies.items()},
        loads=tuple(loads),
        other_cores=other_cores(begin, read_load()),
    )


def latency_of(session: Session, batch: int, timings: Timings) -> Latency:
    """What follows from a subject's timings.

    The median and its interval are of the turns (see ``median_interval``), the 95th percentile and its interval of all
    runs (see ``p95_interval``). Of the runs, SAMPLES_KEPT evenly spread ones are kept, in the order in which they were
    taken.
    """
    samples, turns = timings.samples_ms(), timings.medians_ms()
    median, low, high = median_with_interval(turns)
    p95, ends = p95_with_interval(timings.turns_ms)
    kept = np.linspace(0, len(samples) - 1, num=min(SAMPLES_KEPT, len(samples))).round().astype(int)
    return Latency(
        engine=session.engine,
        precision=session.precision,
        batch=batch,
        threads=session.threads,
        options=dict(session.options),
        samples_ms=tuple(samples[index] for index in kept),
        turns_ms=tuple(turns),
        median_ms=median,
        low_ms=low,
        high_ms=high,
        p95_ms=p95,
        p95_interval_ms=None if ends is None else Interval(low=ends[0], high=ends[1]),
        settled=len(turns) >= FEWEST_ROUNDS_TO_SETTLE and settled(turns, TOLERANCE),
    )


def _load(session: Session, batch: int, others: float | None) -> Load:
    return Load(
        engine=session.engine,
        precision=session.precision,
        batch=batch,
        threads=session.threads,
        other_cores=others,
    )


def _batch_of(inputs: Inputs, batch: int) -> Inputs:
    if length_of(inputs) < batch:
        raise ValueError(f"a batch of {batch} needs as many examples, and there are only {length_of(inputs)}")
    return rows_of(inputs, slice(batch))
