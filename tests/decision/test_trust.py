"""A verdict is never surer than its times: what lowers its certainty, and the caveat that stands beside the badge."""

import pytest

from compression.decision.limits import Limits
from compression.decision.preference import Preference
from compression.decision.table import table_of
from compression.decision.targets import DEFAULT_TARGET, TARGETS
from compression.decision.verdict import Decision, decide
from compression.records.measurements import Condition, Load, Noise, Timing
from compression.records.recipes import Train
from compression.records.study import Candidate, Document
from compression.store.library import RECORDED, recorded_studies
from tests.constructed import INT8, MEDIUM, ORIGINAL, candidate, distilled, document, usual_candidates

ONE_IMAGE = Condition(engine="onnxruntime", batch=1, threads=1)
STUDIES = [entry.document for entry in recorded_studies(RECORDED)]


def noise(smallest: float) -> Noise:
    return Noise(engine="onnxruntime", batch=1, threads=1, ratios=(1 + smallest,), smallest_difference=smallest)


def verdict(study: Document) -> Decision:
    return decide(table_of(study, ONE_IMAGE), DEFAULT_TARGET)


def unsettled(one: Candidate) -> Candidate:
    return one.model_copy(update={"latency": tuple(each.model_copy(update={"settled": False}) for each in one.latency)})


def test_a_quiet_machine_leaves_a_verdict_clear_and_needs_no_caveat() -> None:
    decision = verdict(document(*usual_candidates(), noise=(noise(0.01),)))

    assert (decision.certainty, decision.caveat) == ("clear", None)


def test_on_a_busy_machine_no_speed_is_in_the_headline_and_the_caveat_says_why() -> None:
    decision = verdict(document(*usual_candidates(), noise=(noise(1.093),)))

    assert decision.certainty == "probable"
    assert "faster" not in decision.headline
    assert "speed not known: this computer was busy" in decision.headline
    assert decision.caveat == (
        "This computer was too busy to time anything: the same file's time varied by 109%. Ignore the speeds; run "
        "again with other programs closed."
    )


def test_on_a_busy_machine_no_reason_names_a_speed() -> None:
    def reasons(smallest: float) -> str:
        table = table_of(document(*usual_candidates(), noise=(noise(smallest),)), ONE_IMAGE)
        return " ".join(decide(table, DEFAULT_TARGET, Limits(), Preference.ACCURATE).reasons)

    larger = "The original fits too, but is 4.0\N{MULTIPLICATION SIGN} larger"
    assert f"{larger} and 2.5\N{MULTIPLICATION SIGN} slower." in reasons(0.01)
    assert f"{larger}." in reasons(1.093)


@pytest.mark.parametrize(("smallest", "shown"), [(0.49, True), (0.51, False)])
def test_a_speed_is_in_the_headline_only_if_it_is_known_to_a_factor_of_one_and_a_half(
    smallest: float, shown: bool
) -> None:
    decision = verdict(document(*usual_candidates(), noise=(noise(smallest),)))

    assert ("faster" in decision.headline) is shown
    assert ("speed not known" in decision.headline) is not shown


def test_noise_makes_a_verdict_likely_at_most_and_is_told_in_one_sentence() -> None:
    decision = verdict(document(*usual_candidates(), noise=(noise(0.12),)))

    assert decision.certainty == "probable"
    assert decision.headline.startswith("Probably quantize it")
    assert decision.caveat == "The same file's time varied by 12%, so smaller differences in speed say nothing."


def test_other_programs_make_a_verdict_likely_at_most() -> None:
    load = Load(engine="onnxruntime", precision="fp32", batch=1, threads=1, other_cores=0.8)
    timing = Timing(noise=(noise(0.01),), other_cores=0.1, loads=(load,))
    decision = verdict(document(*usual_candidates()).model_copy(update={"timing": timing}))

    assert decision.certainty == "probable"
    assert decision.caveat == (
        "Other programs kept 0.8 of 2 cores busy, so times may be too long. Run again with other programs closed."
    )


def test_times_that_the_verdict_compares_and_that_did_not_settle_make_it_likely_at_most() -> None:
    original, *others = usual_candidates()
    decision = verdict(document(unsettled(original), *others, noise=(noise(0.01),)))

    assert decision.certainty == "probable"
    assert decision.caveat == "1 of 8 times is less exact than the usual \N{PLUS-MINUS SIGN}2%."


def test_the_time_of_a_control_is_no_matter_of_the_verdict() -> None:
    files = [unsettled(one) if isinstance(one.recipe, Train) else one for one in usual_candidates()]
    decision = verdict(document(*files, noise=(noise(0.01),)))

    assert (decision.certainty, decision.caveat) == ("clear", None)


def test_where_the_choice_alone_varied_its_speed_is_not_known_and_nobody_is_called_busy() -> None:
    files = (
        candidate(ORIGINAL, size_bytes=40_000_000, ms=1.0),
        candidate(INT8, size_bytes=10_000_000, ms=0.4, spread=0.6),
    )
    decision = verdict(document(*files, noise=(noise(0.01),)))

    assert "speed not known: its time varied too much" in decision.headline
    assert decision.caveat is not None
    assert decision.caveat.startswith("The chosen file's speed is not known")
    assert decision.certainty == "probable"


def test_where_nothing_fits_the_caveat_is_told_too() -> None:
    table = table_of(document(*usual_candidates(), noise=(noise(1.093),)), ONE_IMAGE)
    decision = decide(table, DEFAULT_TARGET, Limits(max_size_bytes=10), Preference.SMALLEST)

    assert decision.choice is None
    assert decision.caveat is not None


def test_a_speed_that_noise_explains_is_no_point_for_a_family() -> None:
    files = (candidate(ORIGINAL, ms=1.0), candidate(distilled(MEDIUM), ms=0.9, size_bytes=1_000_000))
    decision = decide(
        table_of(document(*files, noise=(noise(0.2),)), ONE_IMAGE), DEFAULT_TARGET, Limits(), Preference.FASTEST
    )

    assert decision.certainty == "close"


@pytest.mark.parametrize("study", STUDIES, ids=lambda study: f"{study.study.model}-{study.study.preset}")
def test_no_recorded_verdict_is_clear_beside_a_caveat(study: Document) -> None:
    for target in TARGETS:
        for condition in {latency.condition for latency in study.candidates[0].latency}:
            decision = decide(table_of(study, condition), target)
            assert decision.certainty != "clear" or decision.caveat is None or decision.choice is None
