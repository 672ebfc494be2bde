from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from compression.errors import ModelNotUsable
from compression.measurement.timing.apart import PROCESSES, noise_apart
from compression.measurement.timing.latency import measure_latencies
from compression.records.measurements import Condition

CONDITIONS = [
    Condition(engine="onnxruntime", batch=1, threads=1),
    Condition(engine="openvino", batch=8, threads=1),
]


def test_each_file_is_timed_again_in_processes_of_its_own_and_what_they_do_not_confirm_is_noise(
    float_file: Path, int8_file: Path, images: NDArray[np.float32]
) -> None:
    files, inputs = [("a", float_file), ("b", int8_file)], {"images": images}
    latencies = measure_latencies(files, CONDITIONS, inputs, seconds_per_subject=0.05, seed=0).latencies
    # A time that other processes do not confirm is noise.
    first, second = latencies["b"]
    latencies["b"] = (first, second.model_copy(update={"median_ms": 1000 * second.median_ms}))
    told: list[float] = []
    found = noise_apart(files, latencies, inputs, seconds=0.05, seed=0, on_progress=told.append)

    assert [(each.candidate, each.condition) for each in found] == [
        (name, condition) for name, _ in files for condition in CONDITIONS
    ]
    pairs = (1 + PROCESSES) * PROCESSES // 2
    for each in found:
        assert len(each.ratios) == pairs
        assert each.smallest_difference == max(each.ratios) - 1 >= 0
    *_, last = found
    assert last.smallest_difference > 50
    assert told == [share / 4 for share in range(1, 5)]


def test_a_file_that_an_engine_refuses_is_named(tmp_path: Path, float_file: Path, images: NDArray[np.float32]) -> None:
    inputs = {"images": images}
    latencies = measure_latencies([("a", float_file)], CONDITIONS[:1], inputs, seconds_per_subject=0.05, seed=0)
    broken = tmp_path / "broken.onnx"
    broken.write_bytes(b"no network")

    with pytest.raises(ModelNotUsable, match=r"broken\.onnx"):
        noise_apart([("a", broken)], latencies.latencies, inputs, seconds=0.05, seed=0)
