"""Every scheme, through the door that all recipes use."""

from pathlib import Path
from typing import get_args

import numpy as np
import pytest

from compression.catalog.examples import Inputs, rows_of
from compression.measurement.engines import open_session
from compression.methods.quantization import needs_of, quantize_file
from compression.methods.quantization.scorer import Scorer
from compression.records.measurements import EngineName
from compression.records.schemes import (
    DynamicInt8,
    HalfPrecision,
    Int8,
    Int8AccuracyAware,
    MixedPrecision,
    Scheme,
    WeightsOnly,
)
from compression.records.study import Needs

FREE = Needs(labels=False, examples=0)


@pytest.mark.parametrize(
    ("scheme", "needs", "same"),
    [
        (HalfPrecision(), FREE, 0.98),
        (WeightsOnly(bits=8), FREE, 0.95),
        (WeightsOnly(bits=4), FREE, 0.5),
        (DynamicInt8(), FREE, 0.95),
        (Int8(calibration_examples=40), Needs(labels=False, examples=40), 0.9),
        (
            Int8AccuracyAware(calibration_examples=40, largest_drop=0.1),
            Needs(labels=True, examples=440),
            0.9,
        ),
        (MixedPrecision(times_smaller=2.5), Needs(labels=False, examples=400), 0.5),
    ],
)
def test_a_scheme_makes_a_file_that_both_engines_answer_alike_with(
    *,
    scheme: Scheme,
    needs: Needs,
    same: float,
    classifier: Path,
    scorer: Scorer,
    calibration: Inputs,
    inputs: Inputs,
    tmp_path: Path,
) -> None:
    def shown(count: int) -> Inputs:
        return rows_of(calibration, slice(count))

    target = tmp_path / "quantized.onnx"
    list(quantize_file(scheme, classifier, target, calibration=shown, scorer=scorer))
    assert needs_of(scheme, scorer) == needs
    assert scorer.accuracy(target) >= same, "the labels are the classifier's own answers"
    first, second = (
        open_session(target, engine, threads=1).run(inputs).argmax(axis=1) for engine in get_args(EngineName)
    )
    assert np.mean(first == second) > 0.97
    assert [file.name for file in tmp_path.iterdir()] == ["quantized.onnx"]
