import re

from compression.decision.limits import Limits
from compression.decision.preference import Preference
from compression.decision.pros_cons import pros_and_cons
from compression.decision.table import table_of
from compression.records.measurements import Condition
from compression.records.objectives import SoftTargets
from compression.records.recipes import Distill
from compression.records.study import Needs
from tests.constructed import INT8, MEDIUM, ORIGINAL, candidate, document, usual_candidates

ONE = Condition(engine="onnxruntime", batch=1, threads=1)


def test_every_point_holds_a_number() -> None:
    table = table_of(document(*usual_candidates()), ONE)

    for entry in pros_and_cons(table, Limits(), Preference.ACCURATE):
        assert entry.pros
        assert entry.cons
        assert all(re.search(r"\d", point) for point in entry.pros + entry.cons)


def test_a_gain_over_the_control_is_a_pro_only_when_it_is_more_than_chance() -> None:
    table = table_of(document(*usual_candidates()), ONE)
    limits = Limits(max_size_bytes=30_000)
    points = {entry.family: entry for entry in pros_and_cons(table, limits, Preference.SMALLEST)}

    assert any("not proven" in con for con in points["distillation"].cons)
    assert any("The teacher helped: 2.0" in pro for pro in points["both"].pros)


def test_a_family_outside_the_limits_is_shown_by_its_nearest_candidate() -> None:
    table = table_of(document(*usual_candidates()), ONE)
    points = {entry.family: entry for entry in pros_and_cons(table, Limits(min_accuracy=0.94), Preference.SMALLEST)}

    assert points["quantization"].fits
    assert not points["distillation"].fits
    assert points["distillation"].row.id == "distilled-medium"


def points_of_the_medium_student(without_labels: float) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Pros and cons of the labelled student, 90 % of whose answers are right, beside one taught without labels."""
    unlabelled = Distill(student=MEDIUM, objective=SoftTargets(labels_share=0.0))
    twin = candidate(
        unlabelled, size_bytes=210_000, accuracy=without_labels, ms=0.1, needs=Needs(labels=False, examples=55_000)
    )
    table = table_of(document(*usual_candidates(), twin), ONE)
    limits = Limits(min_accuracy=0.899)
    entries = pros_and_cons(table, limits, Preference.SMALLEST)
    entry = next(each for each in entries if each.row.id == "distilled-medium")
    return entry.pros, entry.cons


def test_labels_that_could_be_done_without_are_no_must() -> None:
    pros, cons = points_of_the_medium_student(without_labels=0.899)

    assert any(
        pro == "Works without labels too: 0.1\N{NO-BREAK SPACE}points less accurate, within chance" for pro in pros
    )
    assert "Needs 55,000 training images with their labels" in cons


def test_labels_that_make_a_student_better_are_worth_having() -> None:
    _, cons = points_of_the_medium_student(without_labels=0.87)

    assert any(
        con == "The labels are worth having: without any, the same student is 3.0\N{NO-BREAK SPACE}points less accurate"
        for con in cons
    )


def test_to_need_no_labels_is_a_pro_however_many_images_are_needed() -> None:
    unlabelled = Distill(student=MEDIUM, objective=SoftTargets(labels_share=0.0))
    needs = Needs(labels=False, examples=55_000)
    table = table_of(document(candidate(ORIGINAL), candidate(unlabelled, needs=needs, size_bytes=200_000)), ONE)
    (entry,) = pros_and_cons(table, Limits(), Preference.ACCURATE)

    assert any(pro.startswith("Needs no labels: 55,000 training images are enough") for pro in entry.pros)
    assert not any("label" in con for con in entry.cons)


def test_a_speed_that_cannot_be_told_from_the_originals_is_no_gain() -> None:
    table = table_of(document(candidate(ORIGINAL, ms=1.0), candidate(INT8, ms=0.99)), ONE)
    (entry,) = pros_and_cons(table, Limits(), Preference.ACCURATE)

    assert any(con.startswith("No faster that could be measured") for con in entry.cons)
