"""How few bits it takes to lose nothing: the bits of real files, and what the images show that they lose."""

import pytest

from compression.decision.bits import FileBits, bits_in_words, bits_of_files, equally_small
from compression.decision.table import conditions_of, table_of
from compression.records.measurements import Kernels, Pair
from compression.records.naming import id_of
from compression.records.recipes import Quantize
from compression.records.schemes import Int8, WeightsOnly
from compression.records.study import Candidate
from tests.constructed import FP16, INT8, MEDIUM_INT8, ORIGINAL, SMALL, SUBJECT, candidate, distilled, document
from tests.layers import INT4_WEIGHTS

INT8_WEIGHTS = Quantize(scheme=WeightsOnly(bits=8))
SPACE = "\N{NO-BREAK SPACE}"


def file(recipe: Quantize, bits: float, accuracy: float = 0.95) -> Candidate:
    """Of a network of ten million parameters."""
    return candidate(recipe, size_bytes=round(bits * 10_000_000 / 8), accuracy=accuracy)


def loses(recipe: Quantize, points: float, *, turned: bool = False) -> Pair:
    """The file against the original, with an interval of a fifth of a point to either side; or the other way round."""
    difference = (points if turned else -points) / 100
    first, second = ("original", id_of(recipe)) if turned else (id_of(recipe), "original")
    return Pair(
        first=first,
        second=second,
        total=10_000,
        only_first=1,
        only_second=1,
        difference=difference,
        low=difference - 0.002,
        high=difference + 0.002,
        p_value=0.5,
    )


def files(*candidates: Candidate, pairs: tuple[Pair, ...] = ()) -> tuple[FileBits, ...]:
    study = document(candidate(ORIGINAL, size_bytes=40_000_000, accuracy=0.95), *candidates, pairs=pairs)
    return bits_of_files(study, table_of(study, conditions_of(study)[0]))


def test_bits_are_all_bytes_of_the_file_for_each_parameter_of_the_original() -> None:
    found = files(file(INT8, 8.1), file(INT4_WEIGHTS, 4.5), candidate(distilled(SMALL)), candidate(MEDIUM_INT8))
    assert [(each.row.id, each.bits) for each in found] == [
        ("int4-weights", pytest.approx(4.5)),
        ("int8-ptq", pytest.approx(8.1)),
        ("original", 32.0),
    ]


def test_the_fewest_bits_are_those_of_the_smallest_file_of_which_no_loss_is_shown() -> None:
    found = files(
        file(INT8, 8.1),
        file(INT8_WEIGHTS, 8.0),
        file(INT4_WEIGHTS, 4.5),
        pairs=(loses(INT8, 0.5), loses(INT8_WEIGHTS, 0.1, turned=True), loses(INT4_WEIGHTS, 1.2)),
    )
    takeaway, which, fewer, more = bits_in_words(found, SUBJECT)

    assert takeaway == "8 bits for each weight are enough to lose nothing that 10,000 test images can show."
    assert which == (
        f"Accuracy against the original: \N{MINUS SIGN}0.1{SPACE}points (\N{MINUS SIGN}0.3 to +0.1) for the "
        "original with int8 weights."
    )
    assert fewer == f"With fewer bits, the original with int4 weights (4.5 bits) loses 1.2{SPACE}points (1.0 to 1.4)."
    assert more == f"More bits alone do not help: int8 (8.1 bits) loses 0.5{SPACE}points (0.3 to 0.7)."


def test_the_loss_is_that_of_the_comparison_image_by_image_however_wide_the_two_intervals_are() -> None:
    alone = files(file(INT8, 8.0, accuracy=0.947))
    paired = files(file(INT8, 8.0, accuracy=0.947), pairs=(loses(INT8, 0.3),))
    assert not alone[0].loses
    assert paired[0].loses


def test_where_every_file_loses_it_says_so_the_best_one_first() -> None:
    found = files(
        file(INT8, 8.1, 0.94), file(INT4_WEIGHTS, 4.5, 0.92), pairs=(loses(INT8, 1.0), loses(INT4_WEIGHTS, 3.0))
    )
    first, each = bits_in_words(found, SUBJECT)
    assert first == "Every file with fewer bits than the original loses accuracy that 10,000 test images can show."
    assert each.startswith(f"int8 (8.1 bits) loses 1.0{SPACE}point (0.8 to 1.2) and the original with int4 weights (")


def test_a_gain_is_told_as_well() -> None:
    found = files(file(INT8, 8.1), file(FP16, 16.0), pairs=(loses(INT8, -0.4), loses(FP16, 0.0)))
    told = f"The images show a gain: +0.4{SPACE}points (+0.2 to +0.6) for int8."
    assert bits_in_words(found, SUBJECT)[-1] == told


def test_every_file_of_that_size_that_loses_nothing_is_told() -> None:
    found = files(file(INT8, 8.1), file(INT8_WEIGHTS, 8.0), pairs=(loses(INT8, 0.1), loses(INT8_WEIGHTS, 0.1)))
    assert bits_in_words(found, SUBJECT)[1].endswith(
        f"for the original with int8 weights and \N{MINUS SIGN}0.1{SPACE}points (\N{MINUS SIGN}0.3 to +0.1) for int8."
    )


def test_a_study_without_quantized_files_has_no_fewest_bits() -> None:
    assert bits_in_words(files(), SUBJECT) == ("No file of this study stores the original in fewer bits.",)


def test_a_loss_next_to_nothing_is_not_rounded_to_none() -> None:
    found = files(file(INT8, 8.1), file(INT4_WEIGHTS, 4.5), pairs=(loses(INT8, 0.0), loses(INT4_WEIGHTS, 0.22)))
    assert bits_in_words(found, SUBJECT)[2].endswith(f"loses 0.22{SPACE}points (0.02 to 0.42).")


def test_files_of_as_good_as_the_same_size_stand_together() -> None:
    groups = equally_small(files(file(INT8, 8.1), file(INT8_WEIGHTS, 8.0), file(INT4_WEIGHTS, 4.5)))
    assert [[each.row.id for each in group] for group in groups] == [
        ["int4-weights"],
        ["int8-weights", "int8-ptq"],
        ["original"],
    ]


@pytest.mark.parametrize(("share", "computes"), [(0.98, True), (0.01, False), (None, False)])
def test_a_file_computes_in_8_bits_when_the_engine_does_most_of_it_so(*, share: float | None, computes: bool) -> None:
    kernels = (
        ()
        if share is None
        else (Kernels(engine="onnxruntime", low_precision_weights=1.0, low_precision_macs=share, in_float={}),)
    )
    quantized = candidate(Quantize(scheme=Int8()), size_bytes=10_000_000, kernels=kernels)
    assert files(quantized)[0].computes_in_8_bits is computes


def test_a_range_that_all_but_touches_0_says_on_which_side_of_it_it_ends() -> None:
    found = files(file(INT8, 8.1), pairs=(loses(INT8, 0.19),))
    assert bits_in_words(found, SUBJECT)[1].endswith(
        f"\N{MINUS SIGN}0.19{SPACE}points (\N{MINUS SIGN}0.39 to +0.01) for int8."
    )
