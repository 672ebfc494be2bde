from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from compression.measurement.timing.noise import REPEATS, measure_times
from compression.records.measurements import Condition


def test_one_file_is_timed_several_times_over_and_what_others_did_is_noted_under_each_condition(
    float_file: Path, int8_file: Path, images: NDArray[np.float32]
) -> None:
    conditions = [
        Condition(engine="openvino", batch=1, threads=1),
        Condition(engine="onnxruntime", batch=8, threads=1),
    ]
    latencies, timing = measure_times(
        [("a", float_file), ("b", int8_file)], conditions, images, repeated="b", seconds_per_subject=0.15, seed=0
    )
    assert list(latencies) == ["a", "b"]
    assert [len(rows) for rows in latencies.values()] == [2, 2]
    pairs = (1 + REPEATS) * REPEATS // 2
    assert [(noise.engine, noise.batch, len(noise.ratios)) for noise in timing.noise] == [
        ("openvino", 1, pairs),
        ("onnxruntime", 8, pairs),
    ]
    assert [(load.engine, load.batch) for load in timing.loads] == [("openvino", 1), ("onnxruntime", 8)]


def test_only_a_subject_can_be_repeated(float_file: Path, images: NDArray[np.float32]) -> None:
    condition = Condition(engine="onnxruntime", batch=1, threads=1)
    with pytest.raises(KeyError):
        measure_times([("a", float_file)], [condition], images, repeated="b", seconds_per_subject=0.1, seed=0)
