from datetime import timedelta

import pytest
from statsmodels.stats.proportion import proportion_confint

from compression.modalities.image.sizes import STUDENTS
from compression.records.naming import id_of
from compression.records.progress import Progress
from compression.records.recipes import Train
from compression.records.study import Candidate, Failure, Request
from compression.studies.request import recipes_of
from pages.ui.run import words
from pages.ui.run.curve import curve_table
from pages.ui.run.lanes import AT_ONCE, doing
from pages.ui.run.progress import StudyProgress, progress_of
from pages.ui.run.words import overall, time_left
from tests.constructed import INT8, ORIGINAL, candidate
from tests.pages.progress_of_a_study import DISTILLED, NOW, step, under_way

SMALL = STUDENTS["small"]

PREVIEW = Request(model="resnet18", dataset="fashion-mnist", preset="preview")
VALIDATION_EXAMPLES = 5_000


def progress(*items: Progress, made: tuple[Candidate, ...] = ()) -> StudyProgress:
    return progress_of(recipes_of(PREVIEW), items, made, validation_examples=VALIDATION_EXAMPLES)


def test_the_export_of_the_original_still_counts_as_preparing() -> None:
    assert progress(*under_way()[:3]).phase == "preparing"
    assert progress(*under_way()).phase == "building"
    assert progress(*under_way(), step("timing", 0.1)).phase == "measuring"


def test_a_resumed_study_starts_its_stages_anew_and_keeps_its_curve() -> None:
    resumed = progress(*under_way(), step("timing", 0.5), step("preparing", 0.0))

    assert resumed.phase == "preparing"
    assert resumed.lanes[0].at_work == {}
    assert [point.validation.value for point in resumed.lanes[0].points] == [0.7]


def test_a_point_of_the_curve_carries_wilsons_interval_on_the_validation_examples() -> None:
    (point,) = progress(*under_way()).lanes[0].points

    assert (point.validation.low, point.validation.high) == pytest.approx(
        proportion_confint(3_500, VALIDATION_EXAMPLES, method="wilson")
    )
    assert curve_table((point,))["range"].tolist() == ["70.0% (68.7 to 71.3)"]


def test_a_lane_may_work_on_several_candidates_at_once() -> None:
    control = Train(student=SMALL)
    both = progress(*under_way(), step("training", 0.25, "distillation", candidate=id_of(control)))
    lane = both.lanes[0]

    assert [last.done for _, last in lane.at_work.values()] == [0.75, 0.25]
    assert lane.done == (0.75 + 0.25) / 2
    assert doing([DISTILLED, control]) == AT_ONCE.format(2)


def test_the_time_left_follows_from_the_first_and_the_last_that_was_told() -> None:
    earlier = under_way()[:-1]
    later = step("training", 0.75, "distillation", candidate=id_of(DISTILLED), at=NOW + timedelta(seconds=25))
    lane = progress(*earlier, later).lanes[0]
    reference = {id_of(DISTILLED): 10.0, id_of(Train(student=SMALL)): 6.0}

    # 7.5 of 16 took 25 seconds.
    assert lane.remaining_seconds(reference, later.at) == pytest.approx(8.5 * 25 / 7.5)


def test_a_lane_has_ended_when_all_its_candidates_are_made() -> None:
    lane = progress(*under_way(), made=(candidate(ORIGINAL), candidate(INT8))).lanes[1]

    assert lane.ended
    assert lane.at_work == {}


def test_a_candidate_that_failed_is_done_with_and_not_waited_for() -> None:
    control = Train(student=SMALL)
    failure = Failure(
        candidate=id_of(DISTILLED), name="Distilled small student", family="distillation", message="It went astray."
    )
    recipes = recipes_of(PREVIEW)
    lane = progress_of(recipes, under_way(), (), (failure,), validation_examples=VALIDATION_EXAMPLES).lanes[0]

    assert lane.failed == {id_of(DISTILLED): "It went astray."}
    assert lane.at_work == {}
    assert lane.done == 0.5
    assert not lane.ended
    done = progress_of(recipes, under_way(), (candidate(control),), (failure,), validation_examples=VALIDATION_EXAMPLES)
    assert done.lanes[0].ended


def test_times_are_rounded_as_far_as_they_can_be_trusted() -> None:
    assert time_left(None) == words.UNKNOWN_TIME
    assert time_left(3.4) == "3\N{NO-BREAK SPACE}s"
    assert time_left(42) == "about 40\N{NO-BREAK SPACE}s"
    assert time_left(170) == "about 3 min"
    assert overall(5, None) == "At work for 5 s."
