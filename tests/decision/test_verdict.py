import pytest

from compression.decision.limits import Limits
from compression.decision.preference import Preference
from compression.decision.table import Table, conditions_of, table_of
from compression.decision.targets import DEFAULT_TARGET, TARGETS, target_named
from compression.decision.verdict import Decision, decide, default_verdict
from compression.errors import StudyFailed, UnknownName
from compression.records.measurements import Condition, Noise
from compression.records.recipes import Train
from compression.records.study import Candidate
from compression.store.library import RECORDED, LibraryEntry, recorded_studies
from tests.constructed import FP16, INT8, MEDIUM, ORIGINAL, candidate, distilled, document, usual_candidates

CUSTOM = target_named("custom")
ONE_IMAGE = Condition(engine="onnxruntime", batch=1, threads=1)


def table(*candidates: Candidate) -> Table:
    return table_of(document(*candidates), ONE_IMAGE)


def decided(candidates: tuple[Candidate, ...], limits: Limits, preference: Preference) -> Decision:
    return decide(table(*candidates), CUSTOM, limits, preference)


def test_the_headline_says_what_to_do_with_size_speed_and_accuracy() -> None:
    decision = decide(table(*usual_candidates()), DEFAULT_TARGET)

    assert decision.choice is not None
    assert decision.choice.id == "int8-ptq"
    assert decision.headline == (
        "Quantize it: 4.0\N{MULTIPLICATION SIGN} smaller, 2.5\N{MULTIPLICATION SIGN} faster, just as accurate."
    )


def test_the_ranges_stand_beside_what_the_headline_says_in_round_numbers() -> None:
    decision = decide(table(*usual_candidates()), DEFAULT_TARGET)

    assert decision.ranges == (
        "int8: 10\N{NO-BREAK SPACE}MB, 94.9% (94.4 to 95.4), 0.400\N{NO-BREAK SPACE}ms (0.396 to 0.404).",
        "Against the original: 4.0\N{MULTIPLICATION SIGN} smaller, 2.5\N{MULTIPLICATION SIGN} faster (2.46 to 2.54), "
        "\N{MINUS SIGN}0.1\N{NO-BREAK SPACE}points of accuracy (\N{MINUS SIGN}0.8 to +0.6).",
    )


def test_reasons_are_plain_sentences_without_brackets() -> None:
    reasons = decide(table(*usual_candidates()), DEFAULT_TARGET).reasons

    assert reasons[0] == "Only int8 fits."
    assert not any(mark in reason for reason in reasons for mark in "()[];")


def test_a_ratio_of_times_that_is_not_well_known_is_a_range_in_the_headline() -> None:
    def headline(spread: float) -> str:
        candidates = (
            candidate(ORIGINAL, size_bytes=40, ms=2.0, spread=spread),
            candidate(INT8, size_bytes=10, ms=1.0, spread=spread),
        )
        return decided(candidates, Limits(), Preference.SMALLEST).headline

    assert ", 2.0\N{MULTIPLICATION SIGN} faster," in headline(0.02)
    assert ", 1.7 to 2.4\N{MULTIPLICATION SIGN} faster," in headline(0.12)
    assert ", speed not known: its time varied too much," in headline(0.6)


def test_every_family_that_was_not_chosen_gets_one_sentence() -> None:
    decision = decide(table(*usual_candidates()), DEFAULT_TARGET)

    for family in ("Distilling does", "Distilling and then quantizing", "The original"):
        assert sum(reason.startswith(f"{family} ") for reason in decision.reasons) == 1


def test_latencies_whose_intervals_overlap_are_too_close_to_call() -> None:
    near = (
        candidate(ORIGINAL, accuracy=0.95, ms=2.0),
        candidate(INT8, accuracy=0.95, ms=1.00, spread=0.10),
        candidate(distilled(MEDIUM), accuracy=0.95, ms=1.05, spread=0.10),
    )
    decision = decided(near, Limits(), Preference.FASTEST)

    assert decision.certainty == "close"
    assert decision.headline.startswith("Too close to call, with quantizing just ahead")
    assert decision.reasons[0] == (
        "In time, int8 and the distilled medium student are too close to call: the second could be "
        "1.2\N{MULTIPLICATION SIGN} slower or 1.10\N{MULTIPLICATION SIGN} faster."
    )


def test_the_same_latencies_measured_better_are_clear() -> None:
    apart = (
        candidate(ORIGINAL, accuracy=0.95, ms=2.0),
        candidate(INT8, accuracy=0.95, ms=1.00, spread=0.01),
        candidate(distilled(MEDIUM), accuracy=0.95, ms=1.05, spread=0.01),
    )

    assert decided(apart, Limits(), Preference.FASTEST).certainty == "clear"


def test_a_choice_whose_interval_crosses_the_accuracy_limit_is_only_probable() -> None:
    decision = decided(
        (candidate(ORIGINAL, accuracy=0.95, size_bytes=40), candidate(INT8, accuracy=0.946, size_bytes=10)),
        Limits(min_accuracy=0.945),
        Preference.SMALLEST,
    )

    assert decision.certainty == "probable"
    assert decision.headline.startswith("Probably quantize it")
    assert decision.reasons[0] == "On other images its accuracy could be 94.1%, below the limit of 94.5%."


def test_a_time_limit_that_the_machines_noise_reaches_is_only_probably_kept_to() -> None:
    candidates = (candidate(ORIGINAL, ms=2.0), candidate(INT8, ms=0.95, spread=0.01))

    def verdict(smallest_difference: float) -> Decision:
        noise = Noise(engine="onnxruntime", batch=1, threads=1, ratios=(1.0,), smallest_difference=smallest_difference)
        measured = table_of(document(*candidates, noise=(noise,)), ONE_IMAGE)
        return decide(measured, CUSTOM, Limits(max_latency_ms=1.0), Preference.FASTEST)

    assert verdict(0.02).certainty == "clear"
    assert verdict(0.20).certainty == "probable"
    assert verdict(0.20).reasons[0].startswith("Its time could be 1.14")


def test_what_would_be_preferred_and_misses_a_limit_by_less_than_is_sure_makes_the_verdict_probable() -> None:
    def verdict(accuracy: float) -> Decision:
        return decided(
            (
                candidate(ORIGINAL, accuracy=0.95, size_bytes=40),
                candidate(INT8, accuracy=0.95, size_bytes=20),
                candidate(distilled(MEDIUM), accuracy=accuracy, size_bytes=10),
            ),
            Limits(min_accuracy=0.93),
            Preference.SMALLEST,
        )

    assert verdict(0.928).certainty == "probable"
    assert verdict(0.928).headline.startswith("Probably quantize it")
    assert "would be better, and could fit: it is 0.2 points short on accuracy, less than" in verdict(0.928).reasons[0]
    assert verdict(0.92).certainty == "clear"


def test_which_of_two_files_of_a_kind_is_better_can_be_open_while_the_advice_is_not() -> None:
    decision = decided(
        (
            candidate(ORIGINAL, accuracy=0.95, ms=4.0),
            candidate(INT8, accuracy=0.95, ms=1.00, spread=0.10),
            candidate(FP16, accuracy=0.95, ms=1.05, spread=0.10),
        ),
        Limits(),
        Preference.FASTEST,
    )

    assert decision.certainty == "probable"
    assert decision.headline.startswith("Quantize it: ")
    assert decision.reasons[0].startswith("In time, int8 and fp16 are too close to call")


def test_of_candidates_equally_accurate_as_far_as_can_be_told_the_smallest_is_taken() -> None:
    decision = decided(usual_candidates(), Limits(max_size_bytes=256_000), Preference.ACCURATE)

    assert decision.choice is not None
    assert decision.choice.id == "distilled-medium-int8-ptq"
    assert decision.certainty == "clear"


def test_the_original_is_left_as_it_is_when_nothing_beats_it() -> None:
    decision = decided(
        (candidate(ORIGINAL, accuracy=0.95, ms=1.0), candidate(FP16, accuracy=0.95, ms=2.0)),
        Limits(),
        Preference.FASTEST,
    )

    assert decision.headline.startswith("Leave it as it is")


def test_when_nothing_fits_the_nearest_is_named_with_what_it_misses() -> None:
    decision = decided(usual_candidates(), Limits(max_size_bytes=30_000, min_accuracy=0.89), Preference.SMALLEST)

    assert decision.choice is None
    assert decision.headline == (
        "Nothing measured fits these limits: the distilled small student comes nearest, 3.0 points short on accuracy."
    )


def test_limits_that_are_missed_by_less_than_is_sure_are_too_close_to_call() -> None:
    decision = decided(
        (candidate(ORIGINAL, accuracy=0.95, size_bytes=40), candidate(INT8, accuracy=0.949, size_bytes=10)),
        Limits(min_accuracy=0.952, max_size_bytes=10),
        Preference.SMALLEST,
    )

    assert decision.choice is None
    assert decision.certainty == "close"
    assert decision.headline.startswith("Too close to call whether anything fits these limits: int8 comes nearest")
    assert decision.reasons[0].startswith("int8 could fit: the miss is smaller than")


def test_a_control_is_never_the_choice_even_when_only_it_fits() -> None:
    decision = decided(
        (
            candidate(ORIGINAL, accuracy=0.95, size_bytes=40_000),
            candidate(distilled(MEDIUM), accuracy=0.88, size_bytes=100),
            candidate(Train(student=MEDIUM), accuracy=0.90, size_bytes=100),
        ),
        Limits(max_size_bytes=100, min_accuracy=0.89),
        Preference.SMALLEST,
    )

    assert decision.choice is None
    assert any("Only a small model without a teacher would fit" in reason for reason in decision.reasons)


@pytest.mark.parametrize(
    ("control_accuracy", "sentence"),
    [
        (0.88, "The teacher helped: the same student without it is 2.0\N{NO-BREAK SPACE}points less"),
        (0.899, "The teacher is not what helped: without it the same student is as accurate"),
        (0.92, "The teacher did harm: the same student without it is 2.0\N{NO-BREAK SPACE}points more"),
    ],
)
def test_a_distilled_choice_says_what_its_teacher_was_worth(control_accuracy: float, sentence: str) -> None:
    decision = decided(
        (
            candidate(ORIGINAL, accuracy=0.95, size_bytes=40_000),
            candidate(distilled(MEDIUM), accuracy=0.90, size_bytes=100),
            candidate(Train(student=MEDIUM), accuracy=control_accuracy, size_bytes=100),
        ),
        Limits(),
        Preference.SMALLEST,
    )

    assert any(reason.startswith(sentence) for reason in decision.reasons)


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
def test_every_target_comes_to_a_decision_whose_choice_keeps_to_its_limits(target) -> None:  # noqa: ANN001
    study = document(*usual_candidates())
    measured = table_of(study, target.condition(conditions_of(study)))
    decision = decide(measured, target)

    assert decision.choice is not None
    assert target.limits(measured.original).fits(decision.choice)


def test_a_server_is_judged_by_batches() -> None:
    study = document(*usual_candidates())

    assert target_named("server").condition(conditions_of(study)).batch == 32
    assert "answers per second" in " ".join(
        decide(table_of(study, target_named("server").condition(conditions_of(study))), target_named("server")).reasons
    )


def test_the_default_verdict_is_the_one_kept_with_the_study() -> None:
    verdict = default_verdict(document(*usual_candidates()))

    assert (verdict.target, verdict.choice, verdict.sure) == ("phone", "int8-ptq", True)


def test_a_study_without_measurements_has_no_verdict() -> None:
    with pytest.raises(StudyFailed, match="has no verdict"):
        default_verdict(document(candidate(ORIGINAL, accuracy=None)))


def test_an_unknown_target_is_told_with_the_nearest_name() -> None:
    with pytest.raises(UnknownName, match="did you mean 'phone'"):
        target_named("fone")


def test_a_preview_is_never_sure() -> None:
    study = document(*usual_candidates())
    preview = study.model_copy(update={"study": study.study.model_copy(update={"preset": "preview"})})
    verdict = decide(table_of(preview, ONE_IMAGE), DEFAULT_TARGET)

    assert verdict.certainty == "rough"
    assert verdict.headline.startswith("Only a preview, with quantizing ahead: ")
    assert not default_verdict(preview).sure


@pytest.mark.parametrize("entry", recorded_studies(RECORDED), ids=lambda entry: entry.study.id)
def test_a_recorded_study_keeps_the_verdict_that_is_given_today(entry: LibraryEntry) -> None:
    assert entry.document.verdict == default_verdict(entry.document)
