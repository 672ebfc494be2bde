from compression.studies.measure_noise import timed_again
from tests.constructed import (
    INT8,
    MEDIUM,
    MEDIUM_INT8,
    ORIGINAL,
    SMALL,
    candidate,
    distilled,
    document,
    usual_candidates,
)


def test_the_smallest_file_of_each_kind_and_the_choice_are_timed_again() -> None:
    assert [each.id for each in timed_again(document(*usual_candidates()))] == [
        "int8-ptq",
        "distilled-small",
        "distilled-medium-int8-ptq",
    ]


def test_the_choice_is_among_them_where_it_is_not_the_smallest() -> None:
    files = (
        candidate(ORIGINAL, size_bytes=40_000_000, accuracy=0.95, ms=1.0),
        candidate(INT8, size_bytes=10_000_000, accuracy=0.949, ms=0.4),
        candidate(distilled(SMALL), size_bytes=25_000, accuracy=0.86, ms=0.05),
        candidate(distilled(MEDIUM), size_bytes=200_000, accuracy=0.945, ms=0.1),
        candidate(MEDIUM_INT8, accuracy=None),
    )

    assert [each.id for each in timed_again(document(*files))] == ["int8-ptq", "distilled-small", "distilled-medium"]


def test_a_study_of_the_original_alone_has_nothing_to_time_again() -> None:
    assert timed_again(document(candidate(ORIGINAL))) == ()
