import gc
from collections.abc import Callable, Iterator
from itertools import chain, repeat

import numpy as np
import pytest

from compression.measurement.timing.rounds import Timings, time_in_rounds

MS = 1_000_000


class Bench:
    """A clock of its own that moves only when a subject runs, and a note of who ran when."""

    def __init__(self) -> None:
        self.now = 0
        self.ran: list[str] = []

    def clock(self) -> int:
        return self.now

    def subject(self, name: str, durations_ms: Iterator[float]) -> Callable[[], None]:
        def run() -> None:
            self.ran.append(name)
            self.now += int(next(durations_ms) * MS)

        return run

    def time(self, *runs: Callable[[], None], seconds: float, seed: int = 0) -> list[Timings]:
        rng = np.random.default_rng(seed)
        return time_in_rounds(runs, seconds=seconds, rng=rng, clock=self.clock, on_progress=lambda _: None)


def noisy(around_ms: float) -> Iterator[float]:
    """Never within 2 %: half of the turns are half as slow again."""
    rng = np.random.default_rng(int(around_ms * 1000))
    while True:
        yield around_ms * rng.choice([1.0, 1.5])


def orders(seed: int) -> list[tuple[str, ...]]:
    """Who had a turn, round by round. 20 ms subjects: a turn is two runs that do not count and one that does."""
    bench = Bench()
    subjects = [bench.subject(name, repeat(20.0)) for name in "ABC"]
    bench.time(*subjects, seconds=0.01, seed=seed)
    turns = bench.ran[18:][::3]
    return [tuple(turns[start : start + 3]) for start in range(0, len(turns), 3)]


def test_every_round_gives_everyone_one_turn_in_an_order_of_its_own() -> None:
    rounds = orders(seed=4)
    assert all(sorted(order) == ["A", "B", "C"] for order in rounds)
    assert len(set(rounds)) > 1


def test_the_orders_come_from_the_seed() -> None:
    assert orders(seed=4) == orders(seed=4)
    assert orders(seed=4) != orders(seed=5)


def test_steady_subjects_end_after_ten_rounds_long_before_the_time_is_up() -> None:
    bench = Bench()
    (timings,) = bench.time(bench.subject("A", repeat(20.0)), seconds=100)
    assert len(timings.turns_ms) == 10


def test_one_noisy_subject_keeps_all_at_it_until_the_time_is_up() -> None:
    bench = Bench()
    steady, restless = bench.time(bench.subject("A", repeat(20.0)), bench.subject("B", noisy(20.0)), seconds=3)
    assert len(steady.turns_ms) == len(restless.turns_ms) > 10
    assert 3.0 <= bench.now / 1e9 < 3.3


def test_time_that_is_too_short_still_gives_the_six_rounds_of_an_interval() -> None:
    bench = Bench()
    (timings,) = bench.time(bench.subject("A", noisy(20.0)), seconds=0.001)
    assert len(timings.turns_ms) == 6


def test_warm_up_goes_on_while_runs_get_faster_and_none_of_it_is_counted() -> None:
    bench = Bench()
    falling = [90.0, 90.0, 90.0, 70.0, 70.0, 70.0, 50.0, 50.0, 50.0, 30.0, 30.0, 30.0]
    (timings,) = bench.time(bench.subject("A", chain(falling, repeat(20.0))), seconds=100)
    assert set(timings.samples_ms()) == {20.0}


def test_the_warm_up_of_a_tiny_network_is_not_over_after_a_lucky_pair_of_microseconds() -> None:
    bench = Bench()
    (timings,) = bench.time(bench.subject("A", chain(repeat(0.2, 12), repeat(0.1))), seconds=1)
    assert set(timings.samples_ms()) == {0.1}


@pytest.mark.parametrize(
    ("warm_up", "turn", "counted"),
    [
        # The caches fill over six runs, or over 25 ms where these are longer.
        (12, (1.0, 0.9, 0.8, 0.7, 0.7, 0.7, *(0.5,) * 11), 11),
        (6, (5.3, 5.1, 4.0, 3.2, 3.0, 5.0, 2.8), 1),
        (6, (35.0, 20.0), 1),
    ],
)
def test_the_runs_of_a_turn_that_find_the_caches_full_of_another_subject_are_not_counted(
    warm_up: int, turn: tuple[float, ...], counted: int
) -> None:
    bench = Bench()
    durations = chain(repeat(turn[-1], warm_up), chain.from_iterable(repeat(turn)))
    (timings,) = bench.time(bench.subject("A", durations), seconds=100)
    assert set(timings.samples_ms()) == {turn[-1]}
    assert {len(each) for each in timings.turns_ms} == {counted}


@pytest.mark.parametrize(("run_ms", "runs"), [(0.01, 51), (0.5, 11), (1.2, 5), (4.0, 1), (60.0, 1)])
def test_a_turn_is_an_odd_number_of_runs_that_fill_about_five_milliseconds(run_ms: float, runs: int) -> None:
    bench = Bench()
    (timings,) = bench.time(bench.subject("A", repeat(run_ms)), seconds=1)
    assert {len(turn) for turn in timings.turns_ms} == {runs}


def test_the_garbage_collector_is_off_while_timing_and_on_again_after_a_failure() -> None:
    states: list[bool] = []

    def run() -> None:
        states.append(gc.isenabled())
        if len(states) == 20:
            raise RuntimeError("the engine failed")

    with pytest.raises(RuntimeError, match="the engine failed"):
        Bench().time(run, seconds=1)
    assert not any(states)
    assert gc.isenabled()
