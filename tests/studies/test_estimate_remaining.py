from datetime import UTC, datetime, timedelta

import pytest

from compression.studies.estimate import Cost, Way, own_seconds, remaining_seconds, share_done
from tests.constructed import MEDIUM, MEDIUM_INT8, candidate, distilled

NOW = datetime(2026, 1, 1, tzinfo=UTC)
MADE = Way(built=1.0, tested=1.0, seconds=20.0)


def cost(seconds: float) -> Cost:
    return Cost(build_seconds=seconds, test_seconds=0.0)


def at_work(done: float, seconds: float) -> Way:
    return Way(built=done, tested=done, seconds=seconds, told=NOW)


def test_the_proportions_are_those_of_the_earlier_study_and_the_pace_is_this_ones() -> None:
    ways = {"a": MADE, "b": at_work(0.5, seconds=20.0), "c": Way()}
    left = remaining_seconds(ways, {"a": cost(10.0), "b": cost(20.0), "c": cost(30.0)}, NOW)
    # Half as fast as then: 10 of 20 and 30 are left, which take twice as long.
    assert left == pytest.approx(2 * (10 + 30))


def test_what_is_made_is_still_to_be_tested() -> None:
    costs = {"a": Cost(build_seconds=10.0, test_seconds=30.0)}
    made = Way(built=1.0, seconds=10.0)
    assert remaining_seconds({"a": made}, costs, NOW) == pytest.approx(30.0)
    assert share_done({"a": made}, costs) == pytest.approx(0.25)
    half = Way(built=1.0, tested=0.5, seconds=25.0, told=NOW)
    assert remaining_seconds({"a": half}, costs, NOW) == pytest.approx(15.0)
    assert share_done({"a": MADE}, costs) == 1.0


def test_two_at_work_share_what_waits() -> None:
    ways = {"a": at_work(0.5, seconds=5.0), "b": at_work(0.5, seconds=5.0), "c": Way(), "d": Way()}
    assert remaining_seconds(ways, {}, NOW) == pytest.approx(15.0)


def test_it_takes_no_less_than_the_longest_one_at_work() -> None:
    ways = {"long": at_work(0.1, seconds=10.0), "short": at_work(0.9, seconds=9.0)}
    assert remaining_seconds(ways, {"long": cost(100.0), "short": cost(10.0)}, NOW) == pytest.approx(90.0)


def test_time_runs_on_between_two_pieces_of_news() -> None:
    def left(later: float) -> float | None:
        return remaining_seconds({"a": at_work(0.5, seconds=10.0)}, {}, NOW + timedelta(seconds=later))

    assert left(4.0) == pytest.approx(6.0)
    assert left(60.0) == 0.0


def test_it_is_not_told_while_next_to_nothing_is_done() -> None:
    assert remaining_seconds({"a": at_work(0.01, seconds=3.0), "b": Way()}, {}, NOW) is None
    assert remaining_seconds({}, {}, NOW) is None


def test_a_quantized_student_is_counted_without_the_student() -> None:
    student = candidate(distilled(MEDIUM), build_seconds=20.0)
    both = candidate(MEDIUM_INT8, build_seconds=21.5)
    assert own_seconds([student, both]) == {student.id: 20.0, both.id: 1.5}
