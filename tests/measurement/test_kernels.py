from pathlib import Path
from typing import get_args

import numpy as np
import onnx
import pytest
from onnx import helper

from compression.errors import UsageError
from compression.measurement.engines import open_session
from compression.measurement.engines.kernels import kernels
from compression.records.measurements import EngineName
from tests.measurement.conftest import IMAGE, MACS, QDQ_LEVELS, save, weights

ENGINES = get_args(EngineName)
FIRST = {"macs": 8 * 8 * 4 * 9, "weights": 36}
WEIGHTS_WITHOUT_BIASES = 36 + 288 + 24


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("kind", ["float_file", "half_file"])
def test_a_file_without_integers_has_all_its_products_in_float(
    engine: EngineName, kind: str, request: pytest.FixtureRequest
) -> None:
    found = kernels(request.getfixturevalue(kind), engine)
    assert (found.engine, found.low_precision_weights, found.low_precision_macs) == (engine, 0.0, 0.0)
    assert found.in_float["Conv"] == 2
    assert sum(found.in_float.values()) == 4, "two convolutions, the pooling and the product"


@pytest.mark.parametrize("engine", ENGINES)
def test_a_convolution_left_in_float_is_named_and_not_counted_in_the_shares(
    engine: EngineName, mixed_file: Path
) -> None:
    found = kernels(mixed_file, engine)
    assert found.low_precision_macs == FIRST["macs"] / MACS
    assert found.low_precision_weights == FIRST["weights"] / WEIGHTS_WITHOUT_BIASES
    assert found.in_float == {"Conv": 1, "Gemm": 1, "GlobalAveragePool": 1}


def test_weights_that_are_stored_as_integers_but_widened_first_are_in_float(int8_file: Path) -> None:
    # The results of its products are not quantized, without which ONNX Runtime fuses none of them.
    in_onnx_runtime = kernels(int8_file, "onnxruntime")
    assert (in_onnx_runtime.low_precision_weights, in_onnx_runtime.low_precision_macs) == (0.0, 0.0)
    assert in_onnx_runtime.in_float == {"Conv": 2, "Gemm": 1, "GlobalAveragePool": 1}
    # OpenVINO needs two quantized factors, which only the first has, though it keeps the last one's weights as int8.
    in_openvino = kernels(int8_file, "openvino")
    assert in_openvino.low_precision_macs == FIRST["macs"] / MACS
    assert in_openvino.low_precision_weights == FIRST["weights"] / WEIGHTS_WITHOUT_BIASES
    assert in_openvino.in_float == {"Conv": 1, "Gemm": 1, "GlobalAveragePool": 1}


@pytest.mark.parametrize("engine", ENGINES)
def test_a_file_that_is_quantized_throughout_runs_in_integers_throughout(engine: EngineName, tmp_path: Path) -> None:
    """Two convolutions, the second one in groups, with a quantized value before and behind each."""
    rng = np.random.default_rng(2)
    constants = {
        "scale": np.array(4 / QDQ_LEVELS, np.float32),
        "zero": np.array(128, np.uint8),
        "w_zero": np.array(0, np.int8),
        "w1": rng.integers(-127, 128, (16, 1, 3, 3), dtype=np.int8),
        "w2": rng.integers(-127, 128, (16, 4, 3, 3), dtype=np.int8),
        "w_scale": np.array(0.01, np.float32),
    }
    nodes = [helper.make_node("QuantizeLinear", ["images", "scale", "zero"], ["q0"])]
    for layer, groups in ((1, 1), (2, 4)):
        nodes += [
            helper.make_node("DequantizeLinear", [f"q{layer - 1}", "scale", "zero"], [f"x{layer}"]),
            helper.make_node("DequantizeLinear", [f"w{layer}", "w_scale", "w_zero"], [f"f{layer}"]),
            helper.make_node("Conv", [f"x{layer}", f"f{layer}"], [f"y{layer}"], group=groups, pads=[1, 1, 1, 1]),
            helper.make_node("QuantizeLinear", [f"y{layer}", "scale", "zero"], [f"q{layer}"]),
        ]
    nodes += [
        helper.make_node("DequantizeLinear", ["q2", "scale", "zero"], ["last"]),
        helper.make_node("Flatten", ["last"], ["logits"]),
    ]
    found = kernels(save(tmp_path / "throughout.onnx", nodes, constants), engine)
    assert (found.low_precision_weights, found.low_precision_macs, found.in_float) == (1.0, 1.0, {})


def test_integer_products_that_a_file_states_outright_count(tmp_path: Path) -> None:
    nodes = [
        helper.make_node("Flatten", ["images"], ["flat"]),
        helper.make_node("DynamicQuantizeLinear", ["flat"], ["q", "scale", "zero"]),
        helper.make_node("MatMulInteger", ["q", "w", "zero"], ["sums"]),
        helper.make_node("Cast", ["sums"], ["wide"], to=1),
        helper.make_node("Mul", ["wide", "scale"], ["hidden"]),
        helper.make_node("MatMul", ["hidden", "v"], ["logits"]),
    ]
    constants = {"w": np.ones((64, 30), np.int8), "v": np.ones((30, 4), np.float32)}
    found = kernels(save(tmp_path / "dynamic.onnx", nodes, constants), "onnxruntime")
    share = 64 * 30 / (64 * 30 + 30 * 4)
    assert (found.low_precision_macs, found.low_precision_weights) == (share, share)
    assert found.in_float == {"MatMul": 1, "Mul": 1}


@pytest.mark.parametrize("engine", ENGINES)
def test_weights_in_blocks_of_integers_are_widened_and_their_product_is_in_float(
    engine: EngineName, tmp_path: Path
) -> None:
    nodes = [
        helper.make_node("Flatten", ["images"], ["flat"]),
        helper.make_node("DequantizeLinear", ["w", "scale"], ["w_float"], axis=0, block_size=32),
        helper.make_node("MatMul", ["flat", "w_float"], ["logits"]),
    ]
    model = onnx.load(save(tmp_path / "blocks.onnx", nodes, {"scale": np.full((2, 32), 0.1, np.float32)}))
    model.opset_import[0].version, model.ir_version = 21, 10
    stored = helper.make_tensor("w", onnx.TensorProto.INT4, (64, 32), np.ones((64, 32), np.int8))
    model.graph.initializer.append(stored)
    onnx.save(model, tmp_path / "blocks.onnx")
    found = kernels(tmp_path / "blocks.onnx", engine)
    assert (found.low_precision_weights, found.low_precision_macs) == (0.0, 0.0)
    assert sum(found.in_float.values()) == 1
    image = np.random.default_rng(0).normal(size=(1, *IMAGE)).astype(np.float32)
    scores = open_session(tmp_path / "blocks.onnx", engine, threads=1).run({"images": image})
    np.testing.assert_allclose(scores, np.full((1, 32), 0.1 * image.sum()), rtol=1e-4)


def test_a_graph_without_products_has_no_shares(tmp_path: Path) -> None:
    path = save(tmp_path / "flat.onnx", [helper.make_node("Flatten", ["images"], ["logits"])], {})
    with pytest.raises(UsageError, match="no convolution or matrix product with weights"):
        kernels(path, "onnxruntime")


@pytest.mark.parametrize("engine", ENGINES)
def test_a_file_that_the_engine_refuses_is_refused_here_too(engine: EngineName, tmp_path: Path) -> None:
    nodes = [
        helper.make_node("Flatten", ["images"], ["flat"]),
        helper.make_node("MatMul", ["flat", "w"], ["scores"]),
        helper.make_node("Sharpen", ["scores"], ["logits"], domain="my.company"),
    ]
    path = save(tmp_path / "unknown.onnx", nodes, {"w": np.ones((64, 3), np.float32)})
    with pytest.raises(UsageError, match=r"does not have its operator my\.company\.Sharpen"):
        kernels(path, engine)


def test_the_shares_leave_out_biases(mixed_file: Path) -> None:
    assert sum(value.size for value in weights().values()) > WEIGHTS_WITHOUT_BIASES
    assert kernels(mixed_file, "onnxruntime").low_precision_weights == pytest.approx(36 / 348)
