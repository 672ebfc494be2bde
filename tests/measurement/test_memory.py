import signal
from pathlib import Path
from typing import cast, get_args

import numpy as np
import pytest
from onnx import helper

from compression.errors import UsageError
from compression.measurement.memory import MemoryNotMeasured, measure_peak_memory, why_it_ended
from compression.records.measurements import EngineName, MemoryReadings
from tests.measurement.conftest import TAKES, save

MEBIBYTE = 2**20


@pytest.fixture
def heavy_file(tmp_path: Path) -> Path:
    """32 MiB of weights."""
    nodes = [
        helper.make_node("Flatten", ["images"], ["flat"]),
        helper.make_node("MatMul", ["flat", "up"], ["wide"]),
        helper.make_node("MatMul", ["wide", "down"], ["logits"]),
    ]
    rng = np.random.default_rng(0)
    wide = 8 * MEBIBYTE // 128
    constants = {"up": rng.random((64, wide), np.float32), "down": rng.random((wide, 64), np.float32)}
    return save(tmp_path / "heavy.onnx", nodes, constants)


@pytest.mark.parametrize("engine", get_args(EngineName))
def test_a_files_peak_holds_its_weights_and_a_tiny_file_adds_little(
    engine: EngineName, heavy_file: Path, float_file: Path
) -> None:
    in_the_way = np.ones(50 * MEBIBYTE)  # 400 MiB in this process, which are not the file's
    shares: list[float] = []
    subjects = [("heavy", heavy_file), ("tiny", float_file)]
    found = measure_peak_memory(subjects, engine, inputs=TAKES, threads=2, repeats=2, on_progress=shares.append)
    assert shares == pytest.approx([(number + 1) / 6 for number in range(6)])
    for readings in found.values():
        assert len(readings.with_file_bytes) == len(readings.engine_alone_bytes) == 2
        assert readings.smallest_added_bytes <= readings.added_bytes <= readings.largest_added_bytes
    assert in_the_way.nbytes > max(found["heavy"].with_file_bytes)
    assert found["heavy"].alone_bytes == found["tiny"].alone_bytes > 20 * MEBIBYTE
    assert 30 * MEBIBYTE < found["heavy"].added_bytes < 200 * MEBIBYTE
    assert found["tiny"].added_bytes < 24 * MEBIBYTE, "a few kernels, made for its convolutions"


def test_what_a_file_adds_is_the_middle_of_its_readings_with_the_most_and_the_least_that_two_of_them_give() -> None:
    readings = MemoryReadings(with_file_bytes=(140, 150, 143), engine_alone_bytes=(100, 104, 99))
    assert (readings.added_bytes, readings.alone_bytes) == (43, 100)
    assert (readings.smallest_added_bytes, readings.largest_added_bytes) == (140 - 104, 150 - 99)
    drowned = MemoryReadings(with_file_bytes=(100, 101), engine_alone_bytes=(99, 105))
    assert (drowned.smallest_added_bytes, drowned.added_bytes, drowned.largest_added_bytes) == (0, 0, 2)


def test_the_batch_is_really_run(heavy_file: Path) -> None:
    one, many = (
        measure_peak_memory([("heavy", heavy_file)], "onnxruntime", inputs=TAKES, batch=batch, repeats=1)["heavy"]
        for batch in (1, 64)
    )
    between_the_products = 63 * 65_536 * 4
    assert many.added_bytes - one.added_bytes > 0.8 * between_the_products


def test_a_file_that_the_engine_refuses_is_refused_in_its_words(tmp_path: Path) -> None:
    broken = tmp_path / "broken.onnx"
    broken.write_bytes(b"no model")
    with pytest.raises(
        UsageError, match=r"^The model broken\.onnx cannot be measured: it is not an ONNX file[^\n]*\.$"
    ):
        measure_peak_memory([("broken", broken)], "openvino", inputs=TAKES)


def test_a_process_that_fails_says_which_file_and_keeps_its_last_words(float_file: Path) -> None:
    unknown = cast("EngineName", "abacus")
    with pytest.raises(MemoryNotMeasured, match=r"its process failed \(exit status 1\); try again") as caught:
        measure_peak_memory([("tiny", float_file)], unknown, inputs=TAKES)
    assert "abacus" in "".join(caught.value.__notes__)


def test_a_process_that_is_killed_points_to_the_memory() -> None:
    assert "killed, as systems do when memory runs out" in why_it_ended(-signal.SIGKILL)
    assert "crashed (SIGSEGV)" in why_it_ended(-signal.SIGSEGV)
