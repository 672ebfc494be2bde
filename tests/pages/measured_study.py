"""A study of which everything was measured; the numbers were chosen, not measured."""

from compression.records.measurements import (
    Accuracy,
    Answers,
    EnergyReadings,
    EngineName,
    Interval,
    Kernels,
    Load,
    MemoryReadings,
    Noise,
    Pair,
    Timing,
)
from compression.records.study import Candidate, Machine, Request
from compression.store.studies import Store
from tests.constructed import MACHINE, usual_candidates

SERVER = MACHINE.model_copy(
    update={
        "isa": ("AVX2", "AVX-512", "AVX-512 VNNI", "AVX-VNNI", "AVX512-BF16"),
        "os": "Debian GNU/Linux 12 (bookworm), Linux 6.1.0 x86_64",
        "packages": {"onnxruntime": "1.32.0", "openvino": "2026.4.1", "torch": "2.14.1"},
    }
)
PAIR = Pair(
    first="original",
    second="int8-ptq",
    total=10_000,
    only_first=40,
    only_second=31,
    difference=0.0009,
    low=-0.0008,
    high=0.0026,
    p_value=0.343,
)
TIMING = Timing(
    noise=(
        Noise(engine="onnxruntime", batch=1, threads=1, ratios=(1.01, 1.02, 1.03), smallest_difference=0.03),
        Noise(engine="onnxruntime", batch=32, threads=1, ratios=(1.002, 1.001, 1.003), smallest_difference=0.003),
        Noise(engine="openvino", batch=1, threads=1, ratios=(1.01, 1.012, 1.002), smallest_difference=0.012),
    ),
    other_cores=0.04,
    loads=(
        Load(engine="onnxruntime", precision="fp32", batch=1, threads=1, other_cores=0.02),
        Load(engine="onnxruntime", precision="fp32", batch=32, threads=1, other_cores=0.07),
        Load(engine="openvino", precision="fp32", batch=1, threads=1, other_cores=None),
    ),
)
ENGINES: tuple[EngineName, ...] = ("onnxruntime", "openvino")


def everything_measured(candidate: Candidate, *, energy_joules: float | None = None, ranges: bool = True) -> Candidate:
    """The candidate with all that a completed study knows of it. Its times have 200 raw samples each. Without
    ``ranges`` it is as older studies have it, in which some values stood alone."""
    int8 = "int8" in candidate.id
    assert candidate.accuracy is not None
    return candidate.model_copy(
        update={
            "answers": tuple(answers(engine, candidate.accuracy, ranges=ranges) for engine in ENGINES),
            "between_engines": (
                Pair(
                    first="onnxruntime",
                    second="openvino",
                    total=10_000,
                    only_first=4 if int8 else 0,
                    only_second=3 if int8 else 0,
                    difference=0.0001 if int8 else 0.0,
                    low=-0.0005,
                    high=0.0005,
                    p_value=1.0,
                ),
            ),
            "kernels": tuple(
                Kernels(
                    engine=engine,
                    low_precision_weights=1.0 if int8 else 0.0,
                    low_precision_macs=0.98 if int8 else 0.0,
                    in_float={} if int8 else {"Add": 10, "Conv": 52, "Gemm": 1},
                )
                for engine in ENGINES
            ),
            "latency": tuple(
                latency.model_copy(
                    update={
                        "samples_ms": latency.samples_ms * 200,
                        "p95_interval_ms": Interval(low=latency.p95_ms * 0.98, high=latency.p95_ms * 1.05)
                        if ranges and latency.batch == 1
                        else None,
                        "settled": candidate.id != "fp16",
                        "options": {"batch": str(latency.batch), "threads": "1", "precision": "fp32"},
                    }
                )
                for latency in candidate.latency
            ),
            "peak_memory_bytes": candidate.size_bytes,
            "baseline_memory_bytes": 61_300_000,
            "memory_readings": MemoryReadings(
                with_file_bytes=tuple(61_300_000 + candidate.size_bytes + off for off in (0, -100_000, 200_000)),
                engine_alone_bytes=(61_300_000, 61_200_000, 61_500_000),
            )
            if ranges
            else None,
            "energy_joules": energy_joules,
            "energy_readings": EnergyReadings(
                joules=(energy_joules, 0.9 * energy_joules, 1.2 * energy_joules), other_cores=0.31
            )
            if ranges and energy_joules
            else None,
        }
    )


def answers(engine: EngineName, accuracy: Accuracy, *, ranges: bool = True) -> Answers:
    return Answers(
        engine=engine,
        accuracy=accuracy,
        per_class=(accuracy,) * 10,
        top5=None,
        mean_confidence=0.957,
        mean_confidence_interval=Interval(low=0.955, high=0.959) if ranges else None,
        calibration_error=0.016,
        calibration_error_interval=Interval(low=0.011, high=0.021) if ranges else None,
    )


def add_measured_study(
    store: Store,
    *,
    machine: Machine = SERVER,
    energy_joules: float | None = None,
    timing: Timing = TIMING,
    ranges: bool = True,
) -> str:
    """Put a completed study of which everything was measured into the store; its id."""
    study = store.add(Request(model="resnet18", dataset="fashion-mnist", preset="quick"))
    assert store.claim_next() is not None
    store.results.set_machine(study.id, machine)
    for candidate in usual_candidates():
        store.results.put_candidate(
            study.id, everything_measured(candidate, energy_joules=energy_joules, ranges=ranges)
        )
    store.results.set_pairs(study.id, (PAIR,))
    store.results.set_timing(study.id, timing)
    store.finish(study.id, "completed")
    return study.id
