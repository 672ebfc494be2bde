from compression.decision.caveats import caveats
from compression.decision.table import table_of
from compression.records.measurements import (
    Accuracy,
    Answers,
    Condition,
    EnergyReadings,
    EngineName,
    Load,
    Noise,
    Pair,
    Timing,
)
from compression.records.study import Candidate, Check, Document, Failure
from tests.constructed import INT8, ORIGINAL, candidate, document

ONE_IMAGE = Condition(engine="onnxruntime", batch=1, threads=1)


def timing(smallest: float = 0.01, others: float | None = 0.0) -> Timing:
    noise = Noise(engine="onnxruntime", batch=1, threads=1, ratios=(1 + smallest,), smallest_difference=smallest)
    return Timing(noise=(noise,), other_cores=others)


def study(*candidates: Candidate, circumstances: Timing) -> Document:
    return document(*(candidates or (candidate(ORIGINAL), candidate(INT8)))).model_copy(
        update={"timing": circumstances}
    )


def told(whole: Document) -> str:
    return " ".join(caveats(whole, table_of(whole, ONE_IMAGE)))


def test_a_quiet_machine_needs_no_words() -> None:
    assert told(study(circumstances=timing())) == ""


def test_a_file_that_could_not_be_made_is_named_with_its_reason() -> None:
    failure = Failure(
        candidate="distilled-small",
        name="Distilled small student",
        family="distillation",
        message="The training broke down.",
    )
    whole = study(circumstances=timing()).model_copy(update={"failures": (failure,)})

    assert told(whole) == "Distilled small student is missing here. The training broke down."


def test_a_student_that_memory_did_not_suffice_for_is_named() -> None:
    short = candidate(INT8).model_copy(update={"short_of_memory": True})

    assert told(study(candidate(ORIGINAL), short, circumstances=timing())).startswith(
        f"Memory ran out: {short.name} trained in half the batch"
    )


def test_what_the_engines_showed_of_a_file_when_it_was_made_is_told_and_what_is_wrong_comes_first() -> None:
    def checked(**found: tuple[str, ...]) -> Candidate:
        return candidate(INT8).model_copy(update={"check": Check(**found)})

    repaired = checked(repaired=("in OpenVINO it answers 20.8% of 500 images right, and the original 82.7%",))
    wrong = checked(wrong=("in OpenVINO it answers 61.0% of 500 images right, and the original 82.7%",))

    assert told(study(candidate(ORIGINAL), repaired, wrong, circumstances=timing())) == (
        f"{wrong.name} is not as it should be: in OpenVINO it answers 61.0% of 500 images right, and the original "
        f"82.7%. {repaired.name} rounds less than usual, since otherwise in OpenVINO it answers 20.8% of 500 images "
        "right, and the original 82.7%."
    )
    assert told(study(candidate(ORIGINAL), checked(), circumstances=timing())) == ""


def test_a_noisy_machine_says_what_it_cannot_tell_apart() -> None:
    assert "The same file's time varied by 12%" in told(study(circumstances=timing(smallest=0.12)))


def test_other_programs_are_named_with_what_they_took() -> None:
    assert "Other programs kept 0.8 of 2 cores busy" in told(study(circumstances=timing(others=0.8)))
    assert told(study(circumstances=timing(others=None))) == ""


def test_what_others_took_is_told_of_the_condition_that_is_shown() -> None:
    def load(batch: int, others: float | None) -> Load:
        return Load(engine="onnxruntime", precision="fp32", batch=batch, threads=1, other_cores=others)

    def circumstances(*loads: Load) -> Timing:
        return timing(others=0.4).model_copy(update={"loads": loads})

    assert "Other programs kept 0.7 of 2 cores busy" in told(
        study(circumstances=circumstances(load(32, 0.1), load(1, 0.7)))
    )
    assert told(study(circumstances=circumstances(load(32, 0.7), load(1, 0.01)))) == ""
    assert told(study(circumstances=circumstances(load(32, 0.7), load(1, None)))) == ""
    assert "kept 0.4 of 2 cores busy" in told(study(circumstances=circumstances()))


def test_others_energy_is_told_to_be_in_that_of_the_files() -> None:
    def read(others: float | None) -> Candidate:
        return candidate(INT8).model_copy(
            update={"energy_readings": EnergyReadings(joules=(0.1, 0.2, 0.3), other_cores=others)}
        )

    warning = "While energy was read, other programs kept up to 0.4 cores busy, and their energy is in it."
    assert told(study(candidate(ORIGINAL), read(0.4), circumstances=timing())) == warning
    assert told(study(candidate(ORIGINAL), read(0.04), circumstances=timing())) == ""
    assert told(study(candidate(ORIGINAL), read(None), circumstances=timing())) == ""


def test_times_that_did_not_settle_are_counted() -> None:
    original, int8 = candidate(ORIGINAL), candidate(INT8)
    unsettled = tuple(latency.model_copy(update={"settled": False}) for latency in int8.latency)
    half = study(original, int8.model_copy(update={"latency": unsettled}), circumstances=timing())

    assert told(half) == "1 of 2 times is less exact than the usual \N{PLUS-MINUS SIGN}2%."


def test_a_file_that_answers_differently_in_another_engine_is_named_with_both_accuracies() -> None:
    def answers(engine: EngineName, value: float) -> Answers:
        share = Accuracy(
            correct=round(value * 10_000), total=10_000, value=value, low=value - 0.005, high=value + 0.005
        )
        return Answers(
            engine=engine, accuracy=share, per_class=(share,), top5=None, mean_confidence=0.9, calibration_error=0.01
        )

    def int8(low: float) -> Candidate:
        pair = Pair(
            first="onnxruntime",
            second="openvino",
            total=10_000,
            only_first=120,
            only_second=20,
            difference=0.01,
            low=low,
            high=0.013,
            p_value=0.001,
        )
        both = (answers("onnxruntime", 0.94), answers("openvino", 0.93))
        return candidate(INT8).model_copy(update={"answers": both, "between_engines": (pair,)})

    warning = "not equally accurate in each engine: 94.0% in ONNX Runtime and 93.0% in OpenVINO"
    assert warning in told(study(candidate(ORIGINAL), int8(low=0.007), circumstances=timing()))
    assert warning not in told(study(candidate(ORIGINAL), int8(low=-0.001), circumstances=timing()))
    both = int8(low=0.007)
    in_part = both.model_copy(update={"answers": both.answers[:1]})
    in_words = "94.0% in ONNX Runtime, and of 10,000 images 100 fewer right in the other engine. Check it"
    assert in_words in told(study(candidate(ORIGINAL), in_part, circumstances=timing()))
