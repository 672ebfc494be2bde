from compression.decision.caveats import set_aside_sentences
from compression.records.naming import id_of
from compression.records.objectives import Dist
from compression.records.recipes import Distill
from tests.constructed import ORIGINAL, SMALL, candidate, distilled, document


def test_the_reason_for_setting_a_student_aside_is_told_with_what_decided() -> None:
    better, worse = distilled(SMALL), Distill(student=SMALL, objective=Dist())
    made = document(
        candidate(ORIGINAL),
        candidate(better).model_copy(update={"validation_accuracy": 0.871, "validation_repeats": (0.873,)}),
        candidate(worse, accuracy=None).model_copy(
            update={"validation_accuracy": 0.864, "set_aside_for": id_of(better)}
        ),
    )
    (sentence,) = set_aside_sentences(made)
    assert sentence == (
        "Distilled small student (DIST) was set aside before the test: on the validation images it got 86.4%, the "
        "distilled small student 87.2% (mean of 2 seeds)."
    )


def test_one_that_gave_way_to_a_file_that_could_not_be_measured_is_told_so() -> None:
    better, worse = distilled(SMALL), Distill(student=SMALL, objective=Dist())
    left = candidate(worse, accuracy=None).model_copy(
        update={"validation_accuracy": 0.864, "set_aside_for": id_of(better)}
    )
    assert set_aside_sentences(document(candidate(ORIGINAL), left)) == (
        "Distilled small student (DIST) was set aside before the test, for one that was better on the validation "
        "images and could not be measured.",
    )
