from compression.decision.disagreement import why_verdicts_differ
from compression.records.recipes import Recipe
from compression.records.study import Candidate, Document
from tests.constructed import INT8, MEDIUM, MEDIUM_INT8, ORIGINAL, candidate, distilled, document


def study(preset: str, *candidates: Candidate, seed: int = 0) -> Document:
    whole = document(candidate(ORIGINAL, size_bytes=44_000_000, accuracy=0.947, ms=1.5), *candidates)
    return whole.model_copy(update={"study": whole.study.model_copy(update={"preset": preset, "seed": seed})})


def int8(ms: float = 0.8) -> Candidate:
    return candidate(INT8, size_bytes=11_000_000, accuracy=0.947, ms=ms)


def student(accuracy: float, seconds: float = 10.0, ms: float = 0.07, recipe: Recipe = MEDIUM_INT8) -> Candidate:
    return candidate(recipe, size_bytes=57_000, accuracy=accuracy, ms=ms, build_seconds=seconds)


def test_two_studies_that_say_the_same_do_not_differ() -> None:
    assert why_verdicts_differ(study("quick", int8()), study("standard", int8(), student(0.9))) is None


def test_studies_of_different_models_are_not_compared() -> None:
    other = study("standard", int8(), student(0.93))
    other = other.model_copy(update={"subject": other.subject.model_copy(update={"model_title": "MobileNetV2"})})

    assert why_verdicts_differ(study("quick", int8()), other) is None


def test_longer_training_is_named_with_both_accuracies_whichever_study_comes_first() -> None:
    quick, standard = study("quick", int8(), student(0.895, 8.0)), study("standard", int8(), student(0.93, 46.0))
    because = (
        "Standard trained the distilled medium student in int8 for 46\N{NO-BREAK SPACE}s, not 8.0\N{NO-BREAK SPACE}s, "
        "and got 93.0%; in Quick it got 89.5%, 3.2 points short on accuracy."
    )

    assert why_verdicts_differ(quick, standard) == f"Quick says quantize, Standard says distil and quantize. {because}"
    assert why_verdicts_differ(standard, quick) == f"Standard says distil and quantize, Quick says quantize. {because}"


def test_a_file_that_one_study_alone_made_is_named() -> None:
    told = why_verdicts_differ(study("quick", int8()), study("standard", int8(), student(0.93)))

    assert told is not None
    assert told.endswith(". Only Standard made the distilled medium student in int8.")


def test_the_same_training_from_another_seed_is_luck() -> None:
    told = why_verdicts_differ(study("quick", int8(), student(0.92)), study("quick", int8(), student(0.93), seed=1))

    assert told is not None
    assert told.startswith("The study from seed 0 says quantize, the one from seed 1 says distil and quantize. ")
    assert "The one from seed 1 was luckier in training the distilled medium student in int8 and got 93.0%" in told


def test_a_file_that_is_slow_on_one_computer_is_named_with_both_times() -> None:
    told = why_verdicts_differ(study("quick", int8(), student(0.93, ms=2.0)), study("standard", int8(), student(0.93)))

    assert told is not None
    assert "student in int8 takes 0.0700\N{NO-BREAK SPACE}ms in Standard; in Quick it takes 2.00" in told


def test_a_preview_is_not_what_to_go_by() -> None:
    preview = study("preview", int8(), student(0.86, recipe=distilled(MEDIUM)))

    assert why_verdicts_differ(preview, study("standard", int8(), student(0.93))) == (
        "Preview says quantize, Standard says distil and quantize. Preview is too rough to decide on; go by Standard."
    )
