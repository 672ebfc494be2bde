import re

from compression.decision.limits import Limits
from compression.decision.preference import Preference
from compression.decision.pros_cons import pros_and_cons
from compression.decision.table import Condition, table_of
from tests.constructed import INT8, ORIGINAL, candidate, document, usual_candidates

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
    assert any("The teacher helped: +2.0" in pro for pro in points["both"].pros)


def test_a_family_outside_the_limits_is_shown_by_its_nearest_candidate() -> None:
    table = table_of(document(*usual_candidates()), ONE)
    points = {entry.family: entry for entry in pros_and_cons(table, Limits(min_accuracy=0.94), Preference.SMALLEST)}

    assert points["quantization"].fits
    assert not points["distillation"].fits
    assert points["distillation"].row.id == "distilled-medium"


def test_a_speed_that_cannot_be_told_from_the_originals_is_no_gain() -> None:
    table = table_of(document(candidate(ORIGINAL, ms=1.0), candidate(INT8, ms=0.99)), ONE)
    (entry,) = pros_and_cons(table, Limits(), Preference.ACCURATE)

    assert any(con.startswith("No faster that could be measured") for con in entry.cons)
