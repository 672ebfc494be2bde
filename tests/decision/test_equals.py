"""Among equals: nothing is chosen that another file beats by far in one measure and hardly loses to in any other."""

from dataclasses import replace
from itertools import product

import pytest

from compression.decision.compare import accuracy_difference, latency_ratio
from compression.decision.equals import WHAT_MATTERS
from compression.decision.limits import Limits
from compression.decision.preference import Preference, best
from compression.decision.table import Row, Table, conditions_of, table_of
from compression.decision.targets import TARGETS, Target, target_named
from compression.decision.verdict import choose, decide
from compression.records.measurements import Condition
from compression.records.study import Candidate, Document
from compression.store.library import RECORDED, recorded_studies
from tests.constructed import FP16, INT8, MEDIUM, ORIGINAL, candidate, distilled, document

ONE_IMAGE = Condition(engine="onnxruntime", batch=1, threads=1)
STUDIES = [entry.document for entry in recorded_studies(RECORDED)]
CUSTOM = target_named("custom")


def rows(*candidates: Candidate) -> Table:
    return table_of(
        document(candidate(ORIGINAL, size_bytes=44_683_218, accuracy=0.947, ms=1.49), *candidates), ONE_IMAGE
    )


def chosen(table: Table, preference: Preference) -> str:
    return best(table.contenders, preference).id


@pytest.mark.parametrize("preference", [Preference.ACCURATE, Preference.SMALLEST])
def test_a_few_bytes_do_not_outweigh_half_the_time(preference: Preference) -> None:
    table = rows(
        candidate(FP16, size_bytes=11_220_811, accuracy=0.9472, ms=1.499),
        candidate(INT8, size_bytes=11_230_626, accuracy=0.9471, ms=0.797),
    )

    assert chosen(table, preference) == "int8-ptq"
    assert decide(table, CUSTOM, Limits(), preference).certainty == "clear"


def test_a_few_microseconds_do_not_outweigh_half_the_bytes() -> None:
    table = rows(
        candidate(FP16, size_bytes=20_000_000, accuracy=0.947, ms=0.797),
        candidate(INT8, size_bytes=11_230_626, accuracy=0.947, ms=0.799),
    )

    assert chosen(table, Preference.FASTEST) == "int8-ptq"


def test_a_few_bytes_do_not_outweigh_two_points_of_accuracy() -> None:
    table = rows(
        candidate(distilled(MEDIUM), size_bytes=11_220_811, accuracy=0.92, ms=0.8),
        candidate(INT8, size_bytes=11_230_626, accuracy=0.947, ms=0.8),
    )

    assert chosen(table, Preference.SMALLEST) == "int8-ptq"


def test_a_speed_that_could_be_noise_takes_nobodys_place() -> None:
    table = rows(
        candidate(FP16, size_bytes=11_220_811, accuracy=0.947, ms=1.499, spread=0.9),
        candidate(INT8, size_bytes=11_230_626, accuracy=0.947, ms=0.797, spread=0.9),
    )

    assert chosen(table, Preference.SMALLEST) == "fp16"


def test_what_is_paid_for_in_a_measure_that_matters_is_a_matter_of_preference() -> None:
    table = rows(
        candidate(FP16, size_bytes=10_000_000, accuracy=0.947, ms=1.5),
        candidate(INT8, size_bytes=11_000_000, accuracy=0.947, ms=0.8),
    )

    assert chosen(table, Preference.SMALLEST) == "fp16"
    assert chosen(table, Preference.FASTEST) == "int8-ptq"


def test_a_smaller_file_by_less_than_matters_is_not_clearly_the_answer() -> None:
    table = rows(
        candidate(distilled(MEDIUM), size_bytes=11_220_811, accuracy=0.947, ms=0.8),
        candidate(INT8, size_bytes=11_230_626, accuracy=0.947, ms=0.8),
    )

    for preference in (Preference.ACCURATE, Preference.SMALLEST):
        assert decide(table, CUSTOM, Limits(), preference).certainty == "close"


def test_of_two_files_of_a_kind_that_are_equal_in_everything_either_will_do() -> None:
    table = rows(
        candidate(FP16, size_bytes=11_220_811, accuracy=0.947, ms=0.8),
        candidate(INT8, size_bytes=11_230_626, accuracy=0.947, ms=0.8),
    )

    assert decide(table, CUSTOM, Limits(), Preference.SMALLEST).certainty == "clear"


def test_what_matters_is_told_in_one_sentence() -> None:
    assert WHAT_MATTERS == (
        "Sizes within 2%, times within 5% and accuracies that the test cannot tell apart count as equal; among equals, "
        "a file that is 20% smaller, 20% faster or 1 point more accurate is taken."
    )


def beaten_by_far(choice: Row, other: Row) -> bool:
    """Stated apart from the code: two thirds of a measure or a whole point, for a hundredth of all others."""
    more = accuracy_difference(other, choice)
    hardly_worse = (
        other.size_bytes <= 1.01 * choice.size_bytes
        and other.latency_ms.value <= 1.02 * choice.latency_ms.value
        and more.value >= -0.001
        and more.high >= 0
    )
    much_better = (
        other.size_bytes < choice.size_bytes / 1.5
        or latency_ratio(choice, other).low > 1.3
        or (more.value > 0.01 and more.low > 0)
    )
    return hardly_worse and much_better


def grid(table: Table, target: Target) -> list[Limits]:
    """The target's own limits, and each limit open or at a value that a file of the study just keeps to."""
    sizes = sorted({row.size_bytes for row in table.contenders})[::2]
    times = sorted({row.latency_ms.value for row in table.contenders})[::2]
    accuracies = sorted({row.accuracy.value for row in table.contenders})[::2]
    everything = product([None, *sizes], [None, *times], [None, *accuracies])
    limits = [Limits(max_size_bytes=size, max_latency_ms=ms, min_accuracy=least) for size, ms, least in everything]
    own = target.limits(table.original)
    return [own, *limits, *(replace(own, max_size_bytes=size) for size in sizes)]


@pytest.mark.parametrize("study", STUDIES, ids=lambda study: f"{study.study.model}-{study.study.preset}")
def test_no_choice_in_a_recorded_study_is_beaten_by_far_for_nothing(study: Document) -> None:
    for target, condition in product(TARGETS, conditions_of(study)):
        if condition != target.condition(conditions_of(study)):
            continue
        table = table_of(study, condition)
        preferences = list(Preference) if target.name == "custom" else [target.preference]
        for limits, preference in product(grid(table, target), preferences):
            choice = choose(table, limits, preference)
            fitting = [row for row in table.contenders if limits.fits(row)]
            assert (choice is None) == (not fitting)
            beaten = [row.id for row in fitting if choice is not None and beaten_by_far(choice, row)]
            assert not beaten, f"{target.name}, {limits}: {choice}"
