"""What the teacher was worth: each student against the same student without one, on the same images."""

import pytest

from compression.decision.table import Table, table_of
from compression.decision.teacher import gains_in_words, gains_of, teachers_part
from compression.records.measurements import Condition, Pair
from compression.records.naming import id_of
from compression.records.recipes import Quantize, Train
from compression.records.schemes import Int8
from compression.records.students import Student
from compression.studies.measure_study import gain_of
from tests.constructed import LARGE, MEDIUM, ORIGINAL, SMALL, candidate, distilled, document

GAINS = {SMALL: (-0.02, -0.03, -0.01), MEDIUM: (0.002, -0.004, 0.008), LARGE: (0.03, 0.02, 0.04)}
ONE_IMAGE = Condition(engine="onnxruntime", batch=1, threads=1)
CONTROLS = [candidate(Train(student=student)) for student in GAINS]


def pair_of(student: Student, *, turned: bool = False) -> Pair:
    """The student's distilled file against its control; or, ``turned``, the other way round."""
    value, low, high = GAINS[student]
    names = id_of(distilled(student)), id_of(Train(student=student))
    first, second = names[::-1] if turned else names
    spread = (-value, -high, -low) if turned else (value, low, high)
    return Pair(
        first=first,
        second=second,
        total=10_000,
        only_first=1,
        only_second=1,
        difference=spread[0],
        low=spread[1],
        high=spread[2],
        p_value=0.5,
    )


def table(*students: Student) -> Table:
    made = [candidate(ORIGINAL)]
    for student in students:
        made += [candidate(distilled(student)), candidate(Train(student=student))]
    pairs = tuple(pair_of(student) for student in students)
    return table_of(document(*made, pairs=pairs), ONE_IMAGE)


def test_each_student_is_compared_with_its_own_control_image_by_image() -> None:
    gains = gains_of(table(SMALL, MEDIUM, LARGE))
    assert {each.student: (each.gain.value, each.gain.low, each.gain.high) for each in gains} == GAINS


@pytest.mark.parametrize(
    ("students", "sentence"),
    [
        ((LARGE,), "Of 1 student, the teacher helped 1."),
        ((SMALL, LARGE), "Of 2 students, the teacher helped 1 and harmed 1."),
        ((MEDIUM, LARGE), "Of 2 students, the teacher helped 1; for 1 the difference could be chance."),
        (
            (MEDIUM,),
            "Of 1 student, the teacher changed none beyond chance.",
        ),
    ],
)
def test_only_a_gain_whose_interval_leaves_zero_out_counts_as_help_or_harm(
    students: tuple[Student, ...], sentence: str
) -> None:
    assert gains_in_words(gains_of(table(*students))) == sentence


def test_a_student_without_a_control_has_no_gain() -> None:
    alone = document(candidate(ORIGINAL), candidate(distilled(SMALL)))
    assert gains_of(table_of(alone, ONE_IMAGE)) == ()


@pytest.mark.parametrize("turned", [False, True])
def test_the_gain_that_is_kept_with_a_student_is_that_of_its_pair_whichever_comes_first(*, turned: bool) -> None:
    gain = gain_of(candidate(distilled(LARGE)), CONTROLS, [pair_of(SMALL), pair_of(LARGE, turned=turned)])
    assert gain is not None
    assert (gain.difference, gain.low, gain.high) == GAINS[LARGE]
    assert gain.control == id_of(Train(student=LARGE))
    assert gain_of(candidate(Train(student=LARGE)), CONTROLS, [pair_of(LARGE)]) is None


def test_a_quantized_student_is_compared_with_its_control_quantized_alike() -> None:
    made, untaught = (
        Quantize(source=distilled(LARGE), scheme=Int8()),
        Quantize(source=Train(student=LARGE), scheme=Int8()),
    )
    between = pair_of(LARGE).model_copy(
        update={"first": id_of(untaught), "second": id_of(made), "difference": -0.05, "low": -0.06, "high": -0.04}
    )
    files = [candidate(each) for each in (ORIGINAL, distilled(LARGE), Train(student=LARGE), made)]
    gain = gain_of(files[-1], [*files, candidate(untaught)], [pair_of(LARGE), between])
    assert gain is not None
    assert (gain.control, gain.difference, gain.low, gain.high) == (id_of(untaught), 0.05, 0.04, 0.06)

    without = table_of(document(*files, pairs=(pair_of(LARGE),)), ONE_IMAGE)
    (sentence,) = teachers_part(without, without.rows[-1])
    assert "3.0" in sentence
    assert "before quantizing, the same student without it is" in sentence

    beside = table_of(document(*files, candidate(untaught), pairs=(pair_of(LARGE), between)), ONE_IMAGE)
    (sentence,) = teachers_part(beside, beside.rows[3])
    assert "5.0" in sentence
    assert "before quantizing" not in sentence
    assert [each.row.id for each in gains_of(beside)] == [id_of(distilled(LARGE))]
    assert id_of(untaught) not in {row.id for row in beside.contenders}
