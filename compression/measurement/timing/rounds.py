"""Timing several callables fairly: warm-up until each has settled, then rounds in which every one takes its turn, in an
order that is shuffled anew each round. Knows no engine and no file; a callable is whatever is to be timed.
"""

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import median

import numpy as np

from compression.measurement.timing.intervals import FEWEST_TURNS, settled

NANOSECONDS_PER_MS = 1e6
TOLERANCE = 0.02
# Below this many rounds nothing ends early: a narrow interval of few turns is luck more often.
FEWEST_ROUNDS_TO_SETTLE = 10
# A turn is to last about this long: many times the clock's resolution, and short against how fast a machine drifts.
TURN_MS = 5.0
MOST_RUNS_PER_TURN = 51
# A turn finds the caches full of another subject, and the processor's last one fills over several runs; of long runs,
# one is enough: docs/lab-notes.md, "Runs that do not count".
UNCOUNTED_RUNS = 6
UNCOUNTED_MS = 25.0
WARM_UP_WINDOW = 3
WARM_UP_GAIN = 0.02
# A pair of unlucky runs of a tiny network is over in microseconds, and says nothing yet.
SHORTEST_WARM_UP_MS = TURN_MS

NanosecondClock = Callable[[], int]


@dataclass(kw_only=True)
class Timings:
    """The raw milliseconds of one subject: ``turns_ms`` holds one list of runs per turn, in the order of the rounds."""

    turns_ms: list[list[float]] = field(default_factory=list)

    def samples_ms(self) -> list[float]:
        """Every run that was timed, in order."""
        return [sample for turn in self.turns_ms for sample in turn]

    def medians_ms(self) -> list[float]:
        """One median per turn."""
        return [median(turn) for turn in self.turns_ms]


def time_in_rounds(
    runs: Sequence[Callable[[], object]],
    *,
    seconds: float,
    rng: np.random.Generator,
    clock: NanosecondClock,
    on_progress: Callable[[float], None],
) -> list[Timings]:
    """Time each of ``runs``, all of them for ``seconds`` together.

    Every subject gets the same number of rounds, so that a drift of the machine reaches all alike. The rounds end when
    the 95 % interval of each median is within TOLERANCE, or when the time is up, but not before FEWEST_TURNS rounds,
    without which there is no interval. ``on_progress`` is told the share of the time used, 0..1, between rounds.
    The garbage collector is off meanwhile: it would hit one subject or the other at random.
    """
    end = clock() + seconds * 1e9
    with _without_garbage_collection():
        lengths = [_runs_per_turn(_warm_up(run, clock, end)) for run in runs]
        timings = [Timings() for _ in runs]
        for rounds in range(1, 2**31):
            for subject in rng.permutation(len(runs)):
                timings[subject].turns_ms.append(_turn(runs[subject], lengths[subject], clock))
            left = (end - clock()) / (seconds * 1e9)
            if rounds >= FEWEST_TURNS and (left <= 0 or _all_settled(timings, rounds)):
                break
            on_progress(min(1.0, 1.0 - left))
    return timings


def _turn(run: Callable[[], object], runs: int, clock: NanosecondClock) -> list[float]:
    """Milliseconds of ``runs`` runs, after some that do not count: UNCOUNTED_RUNS, or as many as take UNCOUNTED_MS."""
    begin = clock()
    for _ in range(UNCOUNTED_RUNS):
        run()
        if clock() - begin >= UNCOUNTED_MS * NANOSECONDS_PER_MS:
            break
    return [_timed(run, clock) for _ in range(runs)]


def _timed(run: Callable[[], object], clock: NanosecondClock) -> float:
    begin = clock()
    run()
    # A clock may stand still over a very short run; a duration of zero would be no measurement.
    return max(clock() - begin, 1) / NANOSECONDS_PER_MS


def _warm_up(run: Callable[[], object], clock: NanosecondClock, end: float) -> float:
    """Run until it no longer gets faster; the median of the last runs, in milliseconds.

    Settled means: after SHORTEST_WARM_UP_MS, the median of WARM_UP_WINDOW runs is no more than WARM_UP_GAIN below that
    of the window before.
    """
    shortest = clock() + SHORTEST_WARM_UP_MS * NANOSECONDS_PER_MS
    before = median(_timed(run, clock) for _ in range(WARM_UP_WINDOW))
    while True:
        now = median(_timed(run, clock) for _ in range(WARM_UP_WINDOW))
        moment = clock()
        if (moment >= shortest and now >= before * (1 - WARM_UP_GAIN)) or moment >= end:
            return now
        before = now


def _runs_per_turn(run_ms: float) -> int:
    """How many runs make a turn of about TURN_MS: odd, so that a turn's median is one of its runs."""
    return min(MOST_RUNS_PER_TURN, int(TURN_MS / run_ms) // 2 * 2 + 1)


def _all_settled(timings: Sequence[Timings], rounds: int) -> bool:
    return rounds >= FEWEST_ROUNDS_TO_SETTLE and all(settled(each.medians_ms(), TOLERANCE) for each in timings)


@contextmanager
def _without_garbage_collection() -> Iterator[None]:
    was_on = gc.isenabled()
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
