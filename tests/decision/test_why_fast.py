"""Constructed cases: each differs from the plain one in what is to be explained."""

import pytest

from compression.decision.numbers import TIMES
from compression.decision.table import table_of
from compression.decision.why_fast import why_fast
from compression.records.measurements import Condition, EngineName, Kernels, Traffic
from compression.records.recipes import Quantize
from compression.records.schemes import DynamicInt8, MixedPrecision, Scheme, WeightsOnly
from compression.records.study import Candidate, Machine
from tests.constructed import FP16, INT8, MACHINE, ORIGINAL, candidate, document

ONE_IMAGE = Condition(engine="onnxruntime", batch=1, threads=1)
VNNI = MACHINE.model_copy(update={"isa": ("AVX2", "AVX-512 VNNI")})


def kernels(macs: float = 1.0, engine: EngineName = "onnxruntime", **in_float: int) -> Kernels:
    return Kernels(engine=engine, low_precision_weights=macs, low_precision_macs=macs, in_float=in_float)


def int8(ms: float, *, runs: Kernels | None = None, batch_ms: float | None = None) -> Candidate:
    """Of an original that takes 1 ms; ``batch_ms`` is for each of 32 images at once."""
    made = candidate(INT8, ms=ms, kernels=(runs or kernels(),))
    if batch_ms is None:
        return made
    batch = candidate(INT8, ms=batch_ms, conditions=(("onnxruntime", 32),)).latency
    return made.model_copy(update={"latency": (*made.latency, *batch)})


def told(quantized: Candidate, *, machine: Machine = VNNI, original: Candidate | None = None) -> str:
    whole = document(original or candidate(ORIGINAL, ms=1.0), quantized, machine=machine)
    return " ".join(why_fast(whole, table_of(whole, ONE_IMAGE))[quantized.id])


def test_what_is_faster_is_explained_by_what_runs_in_8_bits_and_by_the_processor() -> None:
    assert told(int8(0.5, runs=kernels(0.98))) == (
        f"int8 is 2.0{TIMES} faster than the original in ONNX Runtime: 98% of its multiplications run "
        "in 8 bits, for which this processor has AVX-512 VNNI."
    )


def test_a_processor_without_8_bit_products_is_named() -> None:
    assert "no instructions for 8-bit products" in told(int8(1.5), machine=MACHINE)
    assert "no instructions for 8-bit products" not in told(int8(1.5))


def test_operators_left_in_floating_point_are_counted() -> None:
    said = told(int8(1.5, runs=kernels(0.6, Conv=3, Gemm=1)))

    assert "40% of its multiplications stay in floating point (3 Conv and 1 Gemm)" in said
    assert "stay in floating point" not in told(int8(1.5, runs=kernels(0.95, Add=2)))


def test_a_model_too_small_to_matter_is_told_from_what_a_batch_makes_of_it() -> None:
    assert "so small that most of a single run is not arithmetic" in told(int8(1.0, batch_ms=0.2))
    assert "so small" not in told(int8(1.0, batch_ms=0.9))


def test_an_original_that_runs_in_bf16_already_is_named() -> None:
    original = candidate(ORIGINAL, ms=1.0, precision="bf16")

    quantized = candidate(INT8, ms=1.2, precision="bf16", kernels=(kernels(),))
    whole = document(original, quantized, machine=VNNI)
    table = table_of(whole, ONE_IMAGE.model_copy(update={"precision": "bf16"}))

    assert "the original already runs in bf16 here" in " ".join(why_fast(whole, table)["int8-ptq"])


def test_a_file_that_moves_much_for_little_arithmetic_waits_for_memory() -> None:
    moves_much = int8(1.2).model_copy(
        update={"macs": 4_000_000, "traffic": Traffic(weight_bytes=1_000_000, activation_bytes=1_000_000)}
    )

    assert "only 2.0 multiplications for each byte" in told(moves_much)
    assert "memory" not in told(int8(1.2))


def test_fp16_that_is_computed_in_fp32_only_saves_space() -> None:
    fp16 = candidate(FP16, ms=1.0, kernels=(kernels(0.0),))

    assert told(fp16) == (
        "fp16 is about as fast as the original in ONNX Runtime: its numbers are stored in fewer bits, but ONNX Runtime "
        "computes with them in fp32."
    )


@pytest.mark.parametrize(
    ("scheme", "stored"),
    [
        (WeightsOnly(bits=8), "8 bits"),
        (WeightsOnly(bits=4), "4 bits"),
        (MixedPrecision(), "4 and 8 bits"),
    ],
)
def test_weights_that_are_only_stored_in_fewer_bits_make_it_smaller_and_not_faster(scheme: Scheme, stored: str) -> None:
    made = candidate(Quantize(scheme=scheme), ms=1.0, kernels=(kernels(0.0, Conv=20),))
    assert told(made).endswith(
        f"about as fast as the original in ONNX Runtime: its weights are stored in {stored}, but ONNX Runtime widens "
        "them and computes in fp32, so that it is smaller, not faster."
    )


def test_dynamic_int8_says_how_little_of_a_network_of_convolutions_it_touches() -> None:
    made = candidate(Quantize(scheme=DynamicInt8()), ms=1.0, kernels=(kernels(0.0003, Conv=20, Add=8),), macs=1000)
    assert told(made) == (
        "Dynamic int8 is about as fast as the original in ONNX Runtime: only its linear layers are quantized, with "
        "less than 1% of its multiplications (in floating point: 8 Add and 20 Conv)."
    )


def test_a_difference_in_time_is_not_put_down_to_next_to_nothing() -> None:
    made = candidate(Quantize(scheme=DynamicInt8()), ms=0.5, kernels=(kernels(0.0003, Conv=20),))
    assert told(made) == (
        f"Dynamic int8 is 2.0{TIMES} faster than the original in ONNX Runtime, although only less "
        "than 1% of its multiplications run in 8 bits."
    )


def test_linear_layers_that_an_engine_widens_after_all_are_said_to_be_widened() -> None:
    made = candidate(Quantize(scheme=DynamicInt8()), ms=1.0, kernels=(kernels(0.0, MatMul=1),))
    assert "stored in 8 bits, and ONNX Runtime computes even those in fp32" in told(made)


def test_what_nothing_explains_is_not_explained() -> None:
    assert told(int8(1.5)) == (
        f"int8 is 1.5{TIMES} slower than the original in ONNX Runtime, although 100% of its "
        "multiplications run in 8 bits: for this network the engine's 8-bit code is not the faster one."
    )


def test_another_engine_with_another_answer_is_told() -> None:
    def in_both(made: Candidate, ms: float) -> Candidate:
        elsewhere = candidate(made.recipe, ms=ms, conditions=(("openvino", 1),)).latency
        return made.model_copy(update={"latency": (*made.latency, *elsewhere)})

    original = in_both(candidate(ORIGINAL, ms=1.0), 1.0)

    said = told(in_both(int8(1.5), 0.5), original=original)
    assert said.endswith(f"In OpenVINO the same file is 2.0{TIMES} faster than the original.")
    assert "OpenVINO" not in told(in_both(int8(1.5), 1.4), original=original)
