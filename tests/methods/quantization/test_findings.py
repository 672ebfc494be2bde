"""What is wrong with a quantized file, from scores alone."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from compression.methods.quantization.findings import (
    Answered,
    Falls,
    Finding,
    NotAsWritten,
    NotFinite,
    accuracies_of,
    findings_of,
)
from compression.records.measurements import EngineName

RNG = np.random.default_rng(0)
ORIGINAL = RNG.normal(size=(500, 10))
LABELS = ORIGINAL.argmax(axis=1)


def rounded(share: float, seed: int = 1) -> NDArray[np.float64]:
    """The original's scores, off by noise of such a share of their spread."""
    return ORIGINAL + share * np.random.default_rng(seed).normal(size=ORIGINAL.shape)


def answered(engine: EngineName, scores: NDArray[np.float64], *, batch: int = 250, fixed: bool = False) -> Answered:
    return Answered(
        engine=engine, batch=batch, fixed=fixed, scores=scores, written=lambda: rounded(0.05)[: len(scores)]
    )


def found(*answers: Answered, explained: float = 0.1, labelled: bool = True) -> tuple[Finding, ...]:
    return findings_of(ORIGINAL, answers, LABELS if labelled else None, explained=explained)


def test_rounding_that_both_engines_do_alike_is_no_finding() -> None:
    assert found(answered("onnxruntime", rounded(0.05)), answered("openvino", rounded(0.06, seed=2))) == ()


def test_what_the_file_says_is_not_worked_out_where_the_engines_are_near_each_other() -> None:
    def never() -> NDArray[np.float64]:
        raise AssertionError("it takes longer than both engines together")

    near = [replace(answered(each, rounded(0.05)), written=never) for each in ("onnxruntime", "openvino")]
    assert found(*near) == ()


def test_what_the_processor_does_in_every_engine_is_no_fault_of_one() -> None:
    far = rounded(0.2, seed=3)
    assert found(answered("onnxruntime", far), answered("openvino", far), explained=0.5) == ()


@pytest.mark.parametrize("labelled", [True, False])
def test_an_engine_that_computes_something_else_is_found_without_a_label_too(*, labelled: bool) -> None:
    nonsense = RNG.normal(size=ORIGINAL.shape)
    (first, *others) = found(answered("onnxruntime", rounded(0.05)), answered("openvino", nonsense), labelled=labelled)
    assert isinstance(first, NotAsWritten)
    assert (first.engine, first.batch, first.fixed) == ("openvino", 250, False)
    assert first.changed > 0.8
    assert "OpenVINO does not compute what the file says on the processor it was checked on" in first.in_words("images")
    assert [type(each) for each in others] == ([Falls] if labelled else [])


def test_answers_that_depend_on_the_batch_are_found_in_the_batch_that_is_wrong() -> None:
    nonsense = RNG.normal(size=(64, 10))
    (only,) = found(
        answered("onnxruntime", rounded(0.05)),
        answered("openvino", rounded(0.05)),
        answered("openvino", nonsense, batch=32, fixed=True),
    )
    assert isinstance(only, NotAsWritten)
    assert (only.engine, only.batch, only.fixed) == ("openvino", 32, True)


def test_a_few_points_that_one_engine_alone_loses_are_found() -> None:
    """OpenVINO lost three points of a transformer; each score was hardly off."""
    swapped = rounded(0.05)
    worse = np.arange(0, 500, 12)
    swapped[worse] = np.roll(swapped[worse], 1, axis=1)
    kinds = {type(each) for each in found(answered("onnxruntime", rounded(0.05)), answered("openvino", swapped))}
    assert NotAsWritten in kinds


def test_scores_that_are_no_numbers_are_found_and_counted() -> None:
    broken = rounded(0.05)
    broken[:7, 3] = np.nan
    first = found(answered("onnxruntime", broken), answered("openvino", rounded(0.05)))[0]
    assert first == NotFinite(engine="onnxruntime", broken=7, examples=500)
    assert first.in_words("images") == (
        "ONNX Runtime gets scores from it that are not finite numbers for 7 of 500 images"
    )


def test_a_fall_counts_only_beyond_what_the_scheme_explains() -> None:
    low = [answered(engine, rounded(0.5)) for engine in ("onnxruntime", "openvino")]
    falls = found(*low, explained=0.1)
    assert [type(each) for each in falls] == [Falls, Falls]
    assert found(*low, explained=0.5) == ()


def test_an_original_whose_scores_are_no_numbers_is_not_held_against_the_file() -> None:
    original = ORIGINAL.copy()
    original[0, 0] = np.inf
    scores = rounded(0.05)
    scores[0, 0] = np.inf
    both = [answered(engine, scores) for engine in ("onnxruntime", "openvino")]
    assert findings_of(original, both, LABELS, explained=0.1) == ()


def test_the_accuracy_is_that_of_the_most_examples() -> None:
    half = rounded(0.0)
    half[:250] = -half[:250]
    accuracies = accuracies_of(
        [answered("openvino", rounded(0.0)[:32], batch=1, fixed=True), answered("openvino", half)], LABELS
    )
    assert accuracies["openvino"] == pytest.approx(0.5, abs=0.01)
