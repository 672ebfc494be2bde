import pytest

from compression.measurement.timing.noise import noise_of
from compression.records.measurements import EngineName, Latency


def latency(median_ms: float, *, batch: int = 1, engine: EngineName = "onnxruntime") -> Latency:
    return Latency(
        engine=engine,
        precision="fp32",
        batch=batch,
        threads=2,
        options={},
        samples_ms=(median_ms,),
        median_ms=median_ms,
        low_ms=median_ms,
        high_ms=median_ms,
        p95_ms=median_ms,
        settled=True,
    )


def test_the_smallest_difference_is_the_largest_seen_between_two_timings_of_one_file() -> None:
    noise = noise_of([latency(1.00), latency(1.02), latency(0.98)])

    assert (noise.engine, noise.precision, noise.batch, noise.threads) == ("onnxruntime", "fp32", 1, 2)
    assert noise.ratios == pytest.approx((1.02, 1.00 / 0.98, 1.02 / 0.98))
    assert noise.smallest_difference == pytest.approx(1.02 / 0.98 - 1)


def test_it_does_not_matter_which_timing_came_first() -> None:
    there, back = (noise_of(list(order)) for order in ([latency(1.0), latency(2.0)], [latency(2.0), latency(1.0)]))

    assert there.smallest_difference == back.smallest_difference == pytest.approx(1.0)


@pytest.mark.parametrize(
    "same",
    [[], [latency(1.0)], [latency(1.0), latency(1.0, batch=32)], [latency(1.0), latency(1.0, engine="openvino")]],
)
def test_one_timing_or_different_conditions_tell_nothing(same: list[Latency]) -> None:
    with pytest.raises(ValueError, match="at least two timings of one file"):
        noise_of(same)
