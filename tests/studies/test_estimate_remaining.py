from datetime import UTC, datetime, timedelta

import pytest

from compression.studies.estimate import AtWork, own_seconds, remaining_seconds
from tests.constructed import MEDIUM, MEDIUM_INT8, candidate, distilled

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def at_work(done: float, seconds: float) -> AtWork:
    return AtWork(since=NOW - timedelta(seconds=seconds), told=NOW, done=done)


def test_the_proportions_are_those_of_the_earlier_study_and_the_pace_is_this_ones() -> None:
    left = remaining_seconds(
        ["a", "b", "c"],
        reference={"a": 10.0, "b": 20.0, "c": 30.0},
        made={"a": 20.0},
        at_work={"b": at_work(0.5, seconds=20.0)},
        now=NOW,
    )
    # Half as fast as then: 10 of 20 and 30 are left, which take twice as long.
    assert left == pytest.approx(2 * (10 + 30))


def test_two_at_work_share_what_waits() -> None:
    both = {"a": at_work(0.5, seconds=5.0), "b": at_work(0.5, seconds=5.0)}
    assert remaining_seconds(list("abcd"), reference={}, made={}, at_work=both, now=NOW) == pytest.approx(15.0)


def test_it_takes_no_less_than_the_longest_one_at_work() -> None:
    both = {"long": at_work(0.1, seconds=10.0), "short": at_work(0.9, seconds=9.0)}
    left = remaining_seconds(
        ["long", "short"], reference={"long": 100.0, "short": 10.0}, made={}, at_work=both, now=NOW
    )
    assert left == pytest.approx(90.0)


def test_time_runs_on_between_two_pieces_of_news() -> None:
    def left(later: float) -> float | None:
        work = {"a": at_work(0.5, seconds=10.0)}
        return remaining_seconds(["a"], reference={}, made={}, at_work=work, now=NOW + timedelta(seconds=later))

    assert left(4.0) == pytest.approx(6.0)
    assert left(60.0) == 0.0


def test_it_is_not_told_while_next_to_nothing_is_done() -> None:
    work = {"a": at_work(0.01, seconds=3.0)}
    assert remaining_seconds(["a", "b"], reference={}, made={}, at_work=work, now=NOW) is None


def test_a_quantized_student_is_counted_without_the_student() -> None:
    student = candidate(distilled(MEDIUM), build_seconds=20.0)
    both = candidate(MEDIUM_INT8, build_seconds=21.5)
    assert own_seconds([student, both]) == {student.id: 20.0, both.id: 1.5}
