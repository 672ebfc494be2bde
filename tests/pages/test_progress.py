from datetime import timedelta

import pytest

from compression.modalities.image.sizes import STUDENTS
from compression.records.naming import id_of
from compression.records.progress import Progress
from compression.records.study import Candidate, Failure
from compression.studies.estimate import Cost, Estimate
from pages.ui.run.lanes import AT_ONCE, doing
from pages.ui.run.progress import StudyProgress, progress_of, seconds_left
from pages.ui.run.words import elapsed_of, roughly, time_left
from tests.constructed import INT8, ORIGINAL, candidate
from tests.pages.progress_of_a_study import CONTROL, DISTILLED, NOW, RECIPES, step, under_way

SMALL = STUDENTS["small"]


def progress(*items: Progress, made: tuple[Candidate, ...] = ()) -> StudyProgress:
    return progress_of(RECIPES, items, made)


def test_the_export_of_the_original_still_counts_as_preparing() -> None:
    assert progress(*under_way()[:2]).phase == "preparing"
    assert progress(*under_way()).phase == "building"
    assert progress(*under_way(), step("timing", 0.1)).phase == "measuring"


def test_a_resumed_study_starts_its_stages_anew_and_keeps_its_curve() -> None:
    resumed = progress(*under_way(), step("timing", 0.5), step("preparing", 0.0))

    assert resumed.phase == "preparing"
    assert resumed.lanes[0].at_work == {}
    assert resumed.seen == {id_of(DISTILLED): 0.7}


def test_a_lane_may_work_on_several_candidates_at_once() -> None:
    both = progress(*under_way(), step("training", 0.25, "distillation", candidate=id_of(CONTROL)))
    lane = both.lanes[0]

    assert [last.done for last in lane.at_work.values()] == [0.75, 0.25]
    assert doing([DISTILLED, CONTROL], lane.at_work) == AT_ONCE.format(2)


def test_the_time_left_follows_from_the_first_and_the_last_that_was_told() -> None:
    earlier = under_way()[:-1]
    later = step("training", 0.75, "distillation", candidate=id_of(DISTILLED), at=NOW + timedelta(seconds=25))
    lane = progress(*earlier, later).lanes[0]
    costs = {
        id_of(DISTILLED): Cost(build_seconds=10.0, test_seconds=1.0),
        id_of(CONTROL): Cost(build_seconds=4.0, test_seconds=1.0),
    }

    # 7.5 of 16 took 25 seconds.
    assert seconds_left(lane, costs, later.at) == pytest.approx(8.5 * 25 / 7.5)


def test_a_file_that_is_made_is_tested_next_and_then_done_with() -> None:
    original, untested = candidate(ORIGINAL), candidate(INT8, accuracy=None)
    testing = step("checking accuracy", 0.5, "quantization", candidate="int8-ptq")
    lane = progress(*under_way(), testing, made=(original, untested)).lanes[1]
    assert (lane.ways["int8-ptq"].built, lane.ways["int8-ptq"].tested) == (1.0, 0.5)
    assert doing([INT8], lane.at_work) == "Testing the original in int8"
    assert not lane.ended

    tested = progress(*under_way(), testing, made=(original, candidate(INT8))).lanes[1]
    assert tested.at_work == {}
    assert tested.ended


def test_the_whole_is_weighed_by_its_phases() -> None:
    shares = [
        progress(*told, made=made).share_done({})
        for told, made in (
            (under_way()[:2], ()),
            (under_way(), (candidate(ORIGINAL),)),
            ((*under_way(), step("timing", 0.0)), ()),
            ((*under_way(), step("timing", 0.9)), ()),
            ((*under_way(), step("timing again", 1.0)), ()),
        )
    ]
    assert shares == sorted(shares)
    assert shares[0] == 0.0
    assert shares[-1] == pytest.approx(1.0)


def test_a_lane_has_ended_when_all_its_candidates_are_made() -> None:
    lane = progress(*under_way(), made=(candidate(ORIGINAL), candidate(INT8))).lanes[1]

    assert lane.ended
    assert lane.at_work == {}


def test_a_candidate_that_failed_is_done_with_and_not_waited_for() -> None:
    failure = Failure(
        candidate=id_of(DISTILLED), name="Distilled small student", family="distillation", message="It went astray."
    )
    lane = progress_of(RECIPES, under_way(), (), (failure,)).lanes[0]

    assert lane.failed == {id_of(DISTILLED): "It went astray."}
    assert lane.at_work == {}
    assert not lane.ended
    done = progress_of(RECIPES, under_way(), (candidate(CONTROL),), (failure,))
    assert done.lanes[0].ended


def test_times_are_rounded_as_far_as_they_can_be_trusted() -> None:
    assert time_left(3.4) == "3\N{NO-BREAK SPACE}s"
    assert time_left(42) == "about 40\N{NO-BREAK SPACE}s"
    assert time_left(170) == "about 3\N{NO-BREAK SPACE}min"
    assert roughly(8 * 3600) == "8\N{NO-BREAK SPACE}h"
    assert elapsed_of(70, 0.5, Estimate(seconds=150)) == "1:10 of about 2\N{NO-BREAK SPACE}min"
