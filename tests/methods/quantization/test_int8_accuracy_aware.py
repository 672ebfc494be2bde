from pathlib import Path

import onnx
import pytest

from compression.catalog.examples import Inputs
from compression.errors import CandidateFailed
from compression.methods.quantization.int8_accuracy_aware import quantize_int8_within
from compression.methods.quantization.int8_ptq import quantize_int8
from compression.methods.quantization.scorer import Scorer


def paler(inputs: Inputs) -> Inputs:
    return {name: 0.3 * array for name, array in inputs.items()}


def quantized_products(file: Path) -> int:
    """Convolutions and linear layers between dequantized values."""
    nodes = onnx.load(file).graph.node
    widened = {node.output[0] for node in nodes if node.op_type == "DequantizeLinear"}
    return sum(node.op_type in {"Conv", "Gemm", "MatMul"} and node.input[0] in widened for node in nodes)


def test_with_a_drop_that_int8_keeps_to_anyhow_it_is_plain_int8(
    classifier: Path, scorer: Scorer, calibration: Inputs, tmp_path: Path
) -> None:
    aware, plain = tmp_path / "aware.onnx", tmp_path / "plain.onnx"
    quantize_int8_within(classifier, aware, calibration, scorer, largest_drop=0.5)
    quantize_int8(classifier, plain, calibration)
    assert aware.read_bytes() == plain.read_bytes()


def test_as_many_operators_go_back_as_the_drop_asks_for(
    classifier: Path, scorer: Scorer, calibration: Inputs, tmp_path: Path
) -> None:
    plain, aware = tmp_path / "plain.onnx", tmp_path / "aware.onnx"
    # Paler than what comes later, so that ranges are too narrow and there is something to restore.
    pale = paler(calibration)
    quantize_int8(classifier, plain, pale)
    drop = 1 - scorer.accuracy(plain)
    assert drop > 0.3
    quantize_int8_within(classifier, aware, pale, scorer, largest_drop=0.9 * drop)
    assert 1 - scorer.accuracy(aware) <= 0.9 * drop
    assert 0 < quantized_products(aware) < quantized_products(plain)


def test_where_nothing_keeps_to_the_drop_that_is_said_and_no_file_is_left(
    classifier: Path, scorer: Scorer, calibration: Inputs, tmp_path: Path
) -> None:
    with pytest.raises(CandidateFailed, match=r"loses at most 0 points of accuracy .* allow a larger drop"):
        quantize_int8_within(classifier, tmp_path / "aware.onnx", paler(calibration), scorer, largest_drop=0.0)
    assert list(tmp_path.iterdir()) == []
