"""What a layer with low-bit weights computes, against an independent computation, in both engines."""

from pathlib import Path
from typing import get_args

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from compression.errors import CandidateFailed
from compression.measurement.engines import open_session
from compression.measurement.engines.kernels import kernels
from compression.measurement.graph.facts import graph_facts
from compression.measurement.graph.traffic import traffic
from compression.methods.quantization.low_bit_weights import (
    layers_of,
    pack,
    ready_for_4_bits,
    weights_by_name,
    with_packed,
)
from compression.methods.quantization.weights_only import quantize_weights
from compression.records.measurements import EngineName
from tests.methods.quantization.networks import CLASSES, convolutional, drawn, images, save

ENGINES = get_args(EngineName)
BITS = (8, 4)
# 2 bits are for judging only.
ALL_BITS = (*BITS, 2)


def in_low_bits(source: Path, target: Path, bits: int) -> Path:
    """Every layer in these bits, the first and the last too."""
    model = ready_for_4_bits(onnx.load(source))
    layers = layers_of(model)
    onnx.save(with_packed(model, [pack(layer, w, bits) for layer, w in weights_by_name(model, layers)]), target)
    return target


def rounded(rows: np.ndarray, stored: onnx.ModelProto, name: str, bits: int, *, columns: bool) -> np.ndarray:
    """``rows`` [out, in] as the steps of the file round them, one number after another."""
    steps = next(numpy_helper.to_array(each) for each in stored.graph.initializer if each.name == f"{name}.steps")
    by_row = np.moveaxis(steps, -1, 0) if columns else steps
    by_row = by_row.reshape(len(rows), -1)
    groups = rows.reshape(*by_row.shape, -1).astype(np.float64)
    largest = {8: 127, 4: 7, 2: 1}[bits]
    whole = np.floor(np.abs(groups) / by_row[..., None] + 0.5) * np.sign(groups)
    return (np.clip(whole, -largest, largest) * by_row[..., None]).reshape(rows.shape)


def convolved(pixels: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """[B, C, H, W] with [O, C, 3, 3], without padding, then the sum over all places: [B, O]."""
    batch, _, height, width = pixels.shape
    found = np.zeros((batch, len(weights)))
    for row in range(height - 2):
        for column in range(width - 2):
            patch = pixels[:, :, row : row + 3, column : column + 3].astype(np.float64)
            found += np.einsum("bcij,ocij->bo", patch, weights)
    return found


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("bits", ALL_BITS)
def test_a_convolution_computes_with_the_rounded_weights(bits: int, engine: EngineName, tmp_path: Path) -> None:
    weights = drawn(CLASSES, 1, 3, 3, seed=1)
    nodes = [
        helper.make_node("Conv", ["pixels", "w"], ["c"]),
        helper.make_node("ReduceSum", ["c", "axes"], ["scores"], keepdims=0),
    ]
    source = save(tmp_path / "conv.onnx", nodes, {"w": weights, "axes": np.array([2, 3])})
    target = in_low_bits(source, tmp_path / "low.onnx", bits)
    expected = rounded(weights.reshape(CLASSES, 9), onnx.load(target), "w", bits, columns=False).reshape(weights.shape)
    pixels = images(3)
    found = open_session(target, engine, threads=1).run({"pixels": pixels})
    np.testing.assert_allclose(found, convolved(pixels, expected), rtol=1e-4, atol=1e-4)
    if bits == 8:
        step = np.abs(weights).max(axis=(1, 2, 3)) / 127
        exact = convolved(pixels, weights)
        # Each of the 36 places adds nine products, whose weights are off by half a step at most.
        assert (np.abs(found - exact) <= 0.51 * step * convolved(np.abs(pixels), np.ones_like(weights))).all()


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("bits", ALL_BITS)
@pytest.mark.parametrize(("kind", "inputs"), [("Gemm", 128), ("transposed Gemm", 128), ("MatMul", 128), ("MatMul", 50)])
def test_a_linear_layer_computes_with_the_rounded_weights(
    kind: str, inputs: int, bits: int, engine: EngineName, tmp_path: Path
) -> None:
    # 128 inputs are two groups in 4 bits, and 50 are one.
    hidden, rows = drawn(inputs, 64, seed=1), drawn(CLASSES, inputs, seed=2)
    columns = kind != "transposed Gemm"
    last = {"Gemm": {}, "transposed Gemm": {"transB": 1}, "MatMul": {}}[kind]
    nodes = [
        helper.make_node("Flatten", ["pixels"], ["flat"]),
        helper.make_node("Gemm", ["flat", "h"], ["wide"], transB=1),
        helper.make_node(kind.rsplit(maxsplit=1)[-1], ["wide", "w"], ["scores"], **last),
    ]
    source = save(tmp_path / "linear.onnx", nodes, {"h": hidden, "w": rows.T.copy() if columns else rows})
    target = in_low_bits(source, tmp_path / "low.onnx", bits)
    stored = onnx.load(target)
    wide = images(5).reshape(5, -1) @ rounded(hidden, stored, "h", bits, columns=False).T
    expected = wide @ rounded(rows, stored, "w", bits, columns=columns).T
    found = open_session(target, engine, threads=1).run({"pixels": images(5)})
    np.testing.assert_allclose(found, expected, rtol=1e-3, atol=1e-3)


@pytest.mark.parametrize(("bits", "ratio"), [(8, (3.5, 4.0)), (4, (6.0, 8.0))])
def test_a_megabyte_of_weights_is_stored_in_low_bits(bits: int, ratio: tuple[float, float], tmp_path: Path) -> None:
    source = convolutional(tmp_path / "large.onnx", channels=(128, 256))
    target = tmp_path / "low.onnx"
    quantize_weights(source, target, bits)
    low, high = ratio
    assert source.stat().st_size > 1_000_000
    assert low < source.stat().st_size / target.stat().st_size < high
    tensors = {tensor.name: tensor for tensor in onnx.load(target).graph.initializer}
    assert len(tensors["w3.whole"].raw_data) == 256 * 128 * 9 * bits // 8
    assert tensors["w3.whole"].data_type == (TensorProto.INT8 if bits == 8 else TensorProto.INT4)
    for ends in ("w1.whole", "w4.whole"):
        assert tensors[ends].data_type == TensorProto.INT8


@pytest.mark.parametrize("bits", BITS)
def test_a_file_with_low_bit_weights_is_counted_like_the_one_it_is_made_from(bits: int, tmp_path: Path) -> None:
    source, target = convolutional(tmp_path / "net.onnx"), tmp_path / "low.onnx"
    quantize_weights(source, target, bits)
    assert graph_facts(target) == graph_facts(source)
    moved, before = traffic(target), traffic(source)
    assert moved.activation_bytes == before.activation_bytes
    assert 0.9 * 32 / bits < before.weight_bytes / moved.weight_bytes <= 32 / bits or bits == 4
    for engine in ENGINES:
        found = kernels(target, engine)
        assert (found.low_precision_macs, found.in_float["Conv"]) == (0.0, 3)


def test_engines_widen_the_weights_once_when_they_load_the_file(tmp_path: Path) -> None:
    """ONNX Runtime would keep a DequantizeLinear, and compute it at every run."""
    import onnxruntime

    source, target = convolutional(tmp_path / "net.onnx"), tmp_path / "low.onnx"
    quantize_weights(source, target, 4)
    options = onnxruntime.SessionOptions()
    options.optimized_model_filepath = str(tmp_path / "optimized.onnx")
    onnxruntime.InferenceSession(str(target), options, providers=["CPUExecutionProvider"])
    kept = {node.op_type for node in onnx.load(tmp_path / "optimized.onnx").graph.node}
    assert not kept & {"Cast", "Mul", "Reshape", "DequantizeLinear"}


def test_only_4_bits_need_a_later_opset(tmp_path: Path) -> None:
    source, target = convolutional(tmp_path / "net.onnx", opset=13), tmp_path / "low.onnx"
    for bits, opset in ((8, 13), (4, 21)):
        quantize_weights(source, target, bits)
        assert onnx.load(target).opset_import[0].version == opset
        assert np.isfinite(open_session(target, "onnxruntime", threads=1).run({"pixels": images(2)})).all()


def test_a_file_that_cannot_be_raised_to_that_opset_is_refused_in_a_sentence(tmp_path: Path) -> None:
    nodes = [
        helper.make_node("BatchNormalization", ["pixels", "one", "one", "one", "one"], ["n"], is_test=0),
        helper.make_node("Flatten", ["n"], ["flat"]),
        helper.make_node("Gemm", ["flat", "w", "b"], ["scores"], transB=1),
    ]
    arrays = {"one": np.ones(1, np.float32), "w": drawn(CLASSES, 64, seed=1), "b": drawn(CLASSES, seed=2)}
    source = save(tmp_path / "old.onnx", nodes, arrays, opset=6)
    with pytest.raises(
        CandidateFailed, match=r"in opset 6, cannot be raised to it \(Attribute is_test .*\); export it"
    ):
        quantize_weights(source, tmp_path / "low.onnx", 4)


def test_layers_that_share_their_weights_still_do(tmp_path: Path) -> None:
    nodes = [
        helper.make_node("Conv", ["pixels", "w"], ["c"], pads=[1, 1, 1, 1]),
        helper.make_node("Conv", ["c", "w"], ["d"], pads=[1, 1, 1, 1]),
        helper.make_node("Flatten", ["d"], ["flat"]),
        helper.make_node("Gemm", ["flat", "v"], ["scores"], transB=1),
    ]
    source = save(tmp_path / "net.onnx", nodes, {"w": drawn(1, 1, 3, 3, seed=1), "v": drawn(CLASSES, 64, seed=2)})
    target = in_low_bits(source, tmp_path / "low.onnx", 8)
    shown = {"pixels": images(4)}
    before, after = (open_session(file, "onnxruntime", threads=1).run(shown) for file in (source, target))
    assert 0 < np.abs(before - after).max() < 0.05 * np.abs(before).max()


def test_a_file_without_fp32_weights_is_refused_in_a_sentence(tmp_path: Path) -> None:
    source, target = convolutional(tmp_path / "net.onnx"), tmp_path / "low.onnx"
    quantize_weights(source, target, 8)
    with pytest.raises(CandidateFailed, match="nothing to store in fewer bits; choose the file of a network that is"):
        quantize_weights(target, tmp_path / "again.onnx", 8)
