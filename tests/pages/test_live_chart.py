"""The live chart: where each file is by now, hollow before its test and filled after it, on axes that stay."""

from compression.records.beforehand import Beforehand
from compression.records.measurements import Accuracy
from compression.records.naming import id_of
from compression.records.progress import Progress
from compression.records.study import Candidate, Failure
from compression.report.colours import LIGHT
from pages.ui.run.chart import specification, table_of, ticks
from pages.ui.run.points import Point, first_comparison, points_of
from pages.ui.run.progress import progress_of
from tests.constructed import INT8, ORIGINAL, candidate, document
from tests.pages.progress_of_a_study import CONTROL, DISTILLED, RECIPES, step


def accuracy(value: float) -> Accuracy:
    return Accuracy(correct=round(10_000 * value), total=10_000, value=value, low=value - 0.01, high=value + 0.01)


KNOWN = {
    "original": Beforehand(
        candidate="original",
        size_bytes=9_000_000,
        validation_accuracy=accuracy(0.96),
        test_accuracy=accuracy(0.95),
    ),
    id_of(DISTILLED): Beforehand(candidate=id_of(DISTILLED), size_bytes=25_000),
    id_of(CONTROL): Beforehand(candidate=id_of(CONTROL), size_bytes=25_000),
}
LOOKED_AT = step("first look", 1.0, "quantization", candidate="int8-ptq", validation_accuracy=0.955)
UNTESTED = candidate(INT8, size_bytes=2_250_000, accuracy=None)


def points(
    *made: Candidate, told: tuple[Progress, ...] = (), known: dict[str, Beforehand] | None = None
) -> dict[str, Point]:
    found = points_of(document(*made), RECIPES, progress_of(RECIPES, told, made), KNOWN if known is None else known)
    return {point.candidate: point for point in found}


def test_the_original_is_there_from_the_first_second_as_its_card_has_it_and_then_as_it_was_measured() -> None:
    (only,) = points().values()
    assert (only.size_bytes, only.accuracy, only.state) == (9_000_000, 0.95, "tested")

    measured = points(candidate(ORIGINAL, size_bytes=8_900_000, accuracy=0.949))["original"]
    assert (measured.size_bytes, measured.accuracy) == (8_900_000, 0.949)


def test_an_original_without_a_card_is_there_when_it_was_looked_at() -> None:
    assert points(known={}) == {}
    looked_at = step("first look", 1.0, "quantization", candidate="original", validation_accuracy=0.94)
    made = points(candidate(ORIGINAL, accuracy=None), told=(looked_at,), known={})["original"]
    assert (made.accuracy, made.state) == (0.94, "made")


def test_a_student_climbs_while_it_learns() -> None:
    def seen(value: float) -> Progress:
        return step("training", value, "distillation", candidate=id_of(DISTILLED), validation_accuracy=value)

    first, later = (points(told=told)[id_of(DISTILLED)] for told in ((seen(0.5),), (seen(0.5), seen(0.8))))
    assert (first.size_bytes, first.state) == (later.size_bytes, later.state) == (25_000, "learning")
    assert (first.accuracy, later.accuracy) == (0.5, 0.8)
    assert id_of(CONTROL) not in points(told=(seen(0.5),))


def test_a_student_whose_training_failed_is_gone() -> None:
    seen = step("training", 0.5, "distillation", candidate=id_of(DISTILLED), validation_accuracy=0.5)
    failure = Failure(candidate=id_of(DISTILLED), name="", family="distillation", message="It went astray.")
    progress = progress_of(RECIPES, (seen,), (), [failure])
    assert [point.candidate for point in points_of(document(), RECIPES, progress, KNOWN)] == ["original"]


def test_a_file_is_hollow_before_its_test_and_filled_after_it() -> None:
    before = points(UNTESTED, told=(LOOKED_AT,))
    after = points(candidate(INT8, size_bytes=2_250_000, accuracy=0.948), told=(LOOKED_AT,))

    assert table_of(list(before.values()))["tested"].tolist() == [True, False]
    assert table_of(list(after.values()))["tested"].tolist() == [True, True]
    assert (before["int8-ptq"].accuracy, after["int8-ptq"].accuracy) == (0.955, 0.948)


def test_files_are_compared_with_the_original_on_the_same_examples() -> None:
    before = list(points(UNTESTED, told=(LOOKED_AT,)).values())
    after = list(points(candidate(INT8, size_bytes=2_250_000, accuracy=0.92), told=(LOOKED_AT,)).values())

    assert "about as accurate on validation examples" in (first_comparison(before, KNOWN) or "")
    assert "3.0\N{NO-BREAK SPACE}points less accurate" in (first_comparison(after, KNOWN) or "")
    assert first_comparison(list(points().values()), KNOWN) is None
    learning = step("training", 0.5, "distillation", candidate=id_of(DISTILLED), validation_accuracy=0.95)
    assert first_comparison(list(points(told=(learning,)).values()), KNOWN) is None


def test_the_axes_stay_where_they_are_while_points_come() -> None:
    first, later = (
        specification(list(points(*made, told=(LOOKED_AT,)).values()), KNOWN, LIGHT)
        for made in ((), (UNTESTED, candidate(DISTILLED, size_bytes=24_000, accuracy=0.84)))
    )
    assert first["encoding"]["x"]["axis"] == later["encoding"]["x"]["axis"]
    assert first["encoding"]["y"]["scale"]["domain"] == [0.7, 1.0]
    assert first["encoding"]["y"] == later["encoding"]["y"]
    lower = points(candidate(DISTILLED, size_bytes=24_000, accuracy=0.55))
    assert specification(list(lower.values()), KNOWN, LIGHT)["encoding"]["y"]["scale"]["domain"] == [0.5, 1.0]


def test_sizes_are_marked_at_round_numbers() -> None:
    assert ticks(15_000, 600_000) == [20_000, 50_000, 100_000, 200_000, 500_000]
