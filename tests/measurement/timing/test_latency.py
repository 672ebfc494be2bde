from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from compression.measurement.engines import open_session
from compression.measurement.timing.intervals import median_with_interval
from compression.measurement.timing.latency import latency_of, measure_latencies
from compression.measurement.timing.rounds import Timings
from compression.records.measurements import Condition


def test_every_subject_gets_one_latency_per_condition_with_what_it_was_measured_under(
    float_file: Path, int8_file: Path, images: NDArray[np.float32]
) -> None:
    conditions = [
        Condition(engine="onnxruntime", batch=1, threads=1),
        Condition(engine="openvino", batch=32, threads=1),
    ]
    shares: list[float] = []
    timed = measure_latencies(
        [("a", float_file), ("b", int8_file)],
        conditions,
        images,
        seconds_per_subject=0.1,
        seed=0,
        on_progress=shares.append,
    )
    assert [(load.engine, load.batch, load.threads, load.precision) for load in timed.loads] == [
        ("onnxruntime", 1, 1, "fp32"),
        ("openvino", 32, 1, "fp32"),
    ]
    assert list(timed.latencies) == ["a", "b"]
    for rows in timed.latencies.values():
        assert [(row.engine, row.batch, row.threads, row.precision) for row in rows] == [
            ("onnxruntime", 1, 1, "fp32"),
            ("openvino", 32, 1, "fp32"),
        ]
        for row in rows:
            assert 0 < min(row.samples_ms) <= row.low_ms <= row.median_ms <= row.high_ms
            assert row.median_ms < 50, "a network of a few thousand multiplications takes far less than that"
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


def test_more_work_takes_longer(float_file: Path, images: NDArray[np.float32]) -> None:
    conditions = [Condition(engine="onnxruntime", batch=batch, threads=1) for batch in (1, 2048)]
    many = np.tile(images, (52, 1, 1, 1))
    timed = measure_latencies([("a", float_file)], conditions, many, seconds_per_subject=0.2, seed=0)
    one, thousands = timed.latencies["a"]
    assert thousands.low_ms > 5 * one.median_ms


def test_statistics_come_from_all_samples_and_few_of_them_are_kept(float_file: Path) -> None:
    timings = Timings(turns_ms=[[10.0 + turn, 20.0 + turn, 300.0 + turn] for turn in range(1000)])
    latency = latency_of(open_session(float_file, "onnxruntime", threads=1), 1, timings)
    assert len(latency.samples_ms) == 200
    assert set(latency.samples_ms) < set(timings.samples_ms())
    assert latency.samples_ms[0] == 10.0
    assert latency.samples_ms[-1] == 1299.0
    assert latency.median_ms == 20.0 + 499.5
    assert median_with_interval(latency.turns_ms) == (latency.median_ms, latency.low_ms, latency.high_ms)
    assert latency.p95_ms == pytest.approx(np.percentile(timings.samples_ms(), 95))
    assert latency.p95_interval_ms is not None
    assert latency.p95_interval_ms.low < latency.p95_ms < latency.p95_interval_ms.high


@pytest.mark.parametrize(("turns", "settled"), [(9, False), (10, True)])
def test_a_narrow_interval_of_few_turns_is_luck_and_not_settled(float_file: Path, turns: int, settled: bool) -> None:
    latency = latency_of(open_session(float_file, "onnxruntime", threads=1), 1, Timings(turns_ms=[[1.0]] * turns))
    assert latency.settled is settled


def test_few_samples_are_all_kept_in_their_order(float_file: Path) -> None:
    timings = Timings(turns_ms=[[3.0], [1.0], [2.0], [5.0], [4.0], [6.0]])
    latency = latency_of(open_session(float_file, "onnxruntime", threads=1), 1, timings)
    assert latency.samples_ms == (3.0, 1.0, 2.0, 5.0, 4.0, 6.0)
    assert (latency.low_ms, latency.median_ms, latency.high_ms) == (1.0, 3.5, 6.0)
    assert latency.p95_interval_ms is None, "six runs say nothing of the slowest of twenty"


def test_a_batch_without_enough_images_is_an_error(float_file: Path, images: NDArray[np.float32]) -> None:
    condition = Condition(engine="onnxruntime", batch=64, threads=1)
    with pytest.raises(ValueError, match="a batch of 64 needs as many images"):
        measure_latencies([("a", float_file)], [condition], images, seconds_per_subject=0.1, seed=0)


def test_what_the_progress_raises_ends_the_measurement(float_file: Path, images: NDArray[np.float32]) -> None:
    def stop(_: float) -> None:
        raise KeyboardInterrupt

    condition = Condition(engine="onnxruntime", batch=1, threads=1)
    with pytest.raises(KeyboardInterrupt):
        measure_latencies([("a", float_file)], [condition], images, seconds_per_subject=60, seed=0, on_progress=stop)


def test_an_id_may_stand_for_one_subject_only(float_file: Path, images: NDArray[np.float32]) -> None:
    condition = Condition(engine="onnxruntime", batch=1, threads=1)
    with pytest.raises(ValueError, match="id only once"):
        measure_latencies([("a", float_file)] * 2, [condition], images, seconds_per_subject=0.1, seed=0)
