import platform
import subprocess
import sys
from pathlib import Path
from typing import get_args

import numpy as np
import onnx
import pytest
from numpy.typing import NDArray
from onnx import helper
from onnx.reference import ReferenceEvaluator

from compression.errors import UsageError
from compression.measurement.engines import PrecisionNotThere, open_session
from compression.measurement.machine.processor import instruction_sets
from compression.records.measurements import EngineName
from tests.measurement.conftest import network, save, weights

ENGINES = get_args(EngineName)


@pytest.mark.parametrize("kind", ["float_file", "half_file", "int8_file"])
def test_both_engines_predict_the_same_for_the_same_file(
    kind: str, images: NDArray[np.float32], request: pytest.FixtureRequest
) -> None:
    path = request.getfixturevalue(kind)
    ours, theirs = (open_session(path, engine, threads=1).run({"images": images}) for engine in ENGINES)
    assert ours.shape == (40, 3)
    assert ours.dtype == theirs.dtype == np.float32
    assert (ours.argmax(axis=1) == theirs.argmax(axis=1)).all()
    np.testing.assert_allclose(ours, theirs, atol=2e-3 if kind == "half_file" else 1e-4)


@pytest.mark.parametrize("engine", ENGINES)
def test_fp32_is_computed_in_fp32(
    engine: EngineName, float_file: Path, double_file: Path, images: NDArray[np.float32]
) -> None:
    exact = ReferenceEvaluator(onnx.load(double_file)).run(None, {"images": images.astype(np.float64)})[0]
    session = open_session(float_file, engine, threads=1)
    assert session.precision == "fp32"
    assert np.abs(session.run({"images": images}) - exact).max() < 1e-4


@pytest.mark.skipif(platform.machine().lower() not in ("x86_64", "amd64"), reason="Arm has other rules for bf16")
def test_bf16_is_used_where_asked_for_and_the_session_says_what_it_got(
    float_file: Path, double_file: Path, images: NDArray[np.float32]
) -> None:
    exact = ReferenceEvaluator(onnx.load(double_file)).run(None, {"images": images.astype(np.float64)})[0]
    session = open_session(float_file, "openvino", threads=1, precision="bf16")
    error = np.abs(session.run({"images": images}) - exact).max()
    if {"AVX512-BF16", "AMX bf16"} & set(instruction_sets()):
        assert session.precision == "bf16"
        assert error > 1e-3
    else:
        assert session.precision == "fp32"
        assert error < 1e-4


@pytest.mark.parametrize("engine", ENGINES)
def test_a_fixed_batch_gives_what_a_free_one_gives(
    engine: EngineName, float_file: Path, images: NDArray[np.float32]
) -> None:
    free = open_session(float_file, engine, threads=1)
    fixed = open_session(float_file, engine, threads=1, batch=8)
    np.testing.assert_allclose(fixed.run({"images": images[:8]}), free.run({"images": images})[:8], atol=1e-5)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_fixed_batch_takes_no_other(engine: EngineName, float_file: Path, images: NDArray[np.float32]) -> None:
    fixed = open_session(float_file, engine, threads=1, batch=8)
    with pytest.raises(Exception, match=r"(?i)shape|dimension"):
        fixed.run({"images": images[:7]})


@pytest.mark.parametrize("engine", ENGINES)
def test_a_file_with_a_fixed_batch_takes_no_other_from_the_start(engine: EngineName, float_file: Path) -> None:
    model = onnx.load(float_file)
    model.graph.input[0].type.tensor_type.shape.dim[0].dim_value = 1
    onnx.save(model, float_file)
    assert open_session(float_file, engine, threads=1).options["batch"] == "1"
    with pytest.raises(UsageError, match="takes batches of 1 only; export it with a free batch axis"):
        open_session(float_file, engine, threads=1, batch=8)


def test_onnx_runtimes_options_say_what_was_set(float_file: Path) -> None:
    free = open_session(float_file, "onnxruntime", threads=2).options
    assert free == {
        "intra_op_num_threads": "2",
        "inter_op_num_threads": "1",
        "execution_mode": "ORT_SEQUENTIAL",
        "graph_optimization_level": "ORT_ENABLE_ALL",
        "enable_mem_pattern": "True",
        "enable_cpu_mem_arena": "True",
        "providers": "CPUExecutionProvider",
        "session.intra_op.allow_spinning": "1",
        "session.inter_op.allow_spinning": "0",
        "session.force_spinning_stop": "1",
        "session.set_denormal_as_zero": "0",
        "mlas.enable_gemm_fastmath_arm64_bfloat16": "0",
        "session.x64quantprecision": "0",
        "session.disable_quant_qdq": "0",
        "session.enable_quant_qdq_cleanup": "0",
        "session.disable_prepacking": "0",
        "session.dynamic_block_base": "0",
        "session.qdq_matmulnbits_accuracy_level": "1",
        "batch": "free",
    }
    assert open_session(float_file, "onnxruntime", threads=1, batch=8).options == free | {
        "intra_op_num_threads": "1",
        "batch": "8",
    }


def test_openvinos_options_say_what_was_set(float_file: Path) -> None:
    options = open_session(float_file, "openvino", threads=1, batch=8).options
    assert options == {
        "PERFORMANCE_HINT": "LATENCY",
        "NUM_STREAMS": "1",
        "ENABLE_CPU_PINNING": "False",
        "ENABLE_HYPER_THREADING": "False",
        "CPU_DENORMALS_OPTIMIZATION": "False",
        "DYNAMIC_QUANTIZATION_GROUP_SIZE": "0",
        "EXECUTION_MODE_HINT": "PERFORMANCE",
        "CPU_SPARSE_WEIGHTS_DECOMPRESSION_RATE": "1.0",
        "SCHEDULING_CORE_TYPE": "ANY_CORE",
        "ENABLE_CPU_RESERVATION": "False",
        "PERF_COUNT": "NO",
        "INFERENCE_NUM_THREADS": "1",
        "INFERENCE_PRECISION_HINT": "f32",
        "device": "CPU",
        "batch": "8",
    }


def test_the_precision_among_openvinos_options_is_the_one_it_settled_on(float_file: Path) -> None:
    session = open_session(float_file, "openvino", threads=1, precision="bf16")
    assert session.options["INFERENCE_PRECISION_HINT"] == {"bf16": "bf16", "fp32": "f32"}[session.precision]


@pytest.mark.parametrize("engine", ENGINES)
def test_running_leaves_the_images_as_they_are(
    engine: EngineName, float_file: Path, images: NDArray[np.float32]
) -> None:
    before = images.copy()
    session = open_session(float_file, engine, threads=1)
    first = session.run({"images": images})
    kept = first.copy()
    session.run(-images)
    assert (images == before).all()
    assert (first == kept).all(), "logits that were handed out must not change with the next run"


@pytest.mark.parametrize("engine", ENGINES)
def test_a_precision_that_no_engine_knows_is_refused(engine: EngineName, float_file: Path) -> None:
    with pytest.raises(ValueError, match="fp8"):
        open_session(float_file, engine, threads=1, precision="fp8")


def test_onnx_runtime_computes_in_fp32_only_and_says_so(float_file: Path) -> None:
    with pytest.raises(
        PrecisionNotThere, match=r"^ONNX Runtime does not compute in bf16 on this processor but in fp32;"
    ):
        open_session(float_file, "onnxruntime", threads=1, precision="bf16")


@pytest.mark.parametrize("precision", ["bf16", "fp16"])
def test_openvino_computes_in_16_bits_where_the_processor_can_and_says_so_where_not(
    precision: str, float_file: Path, images: NDArray[np.float32]
) -> None:
    exact = open_session(float_file, "openvino", threads=1).run({"images": images})
    try:
        session = open_session(float_file, "openvino", threads=1, precision=precision)
    except PrecisionNotThere as refused:
        assert f"OpenVINO does not compute in {precision} on this processor" in str(refused)
        return
    assert session.precision == precision
    rounded = session.run({"images": images})
    assert rounded == pytest.approx(exact, abs=0.05 * float(np.abs(exact).max()))
    assert not np.array_equal(rounded, exact), "fewer digits leave their mark"


@pytest.mark.parametrize("engine", ENGINES)
def test_a_file_with_two_outputs_is_refused_in_one_sentence(engine: EngineName, tmp_path: Path) -> None:
    constants = {name: value.astype(np.float32) for name, value in weights().items()}
    twice = [*network(), helper.make_node("Identity", ["f"], ["features"])]
    path = save(tmp_path / "two.onnx", twice, constants, outputs=("logits", "features"))
    with pytest.raises(UsageError, match=r"two\.onnx cannot be measured: it has 1 inputs and 2 outputs"):
        open_session(path, engine, threads=1)


@pytest.mark.parametrize(("engine", "other"), [("onnxruntime", "openvino"), ("openvino", "onnxruntime")])
def test_opening_one_engine_imports_neither_the_other_nor_torch_nor_telemetry(
    engine: EngineName, other: EngineName, float_file: Path
) -> None:
    script = (
        "import sys; from pathlib import Path; from compression.measurement.engines import open_session;"
        "assert not {'onnxruntime', 'openvino'} & set(sys.modules), 'imported before it was opened';"
        f"open_session(Path({str(float_file)!r}), {engine!r}, threads=1);"
        f"loaded = {{name for name, module in sys.modules.items() if module is not None}};"
        f"print(sorted({{{other!r}, 'torch', 'openvino_telemetry'}} & loaded))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
