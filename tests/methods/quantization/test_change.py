"""A scheme that leaves nearly all weights as they are says so, and leaves no file."""

from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import helper

from compression.errors import CandidateFailed
from compression.methods.quantization.change import require_change
from compression.methods.quantization.weights_only import quantize_weights
from tests.methods.quantization.networks import CLASSES, convolutional, drawn, save

HIDDEN = 32


def recurrent(path: Path, *, features: int) -> Path:
    """An LSTM over the rows, whose last state goes through a linear layer with so many numbers between."""
    nodes = [
        helper.make_node("Squeeze", ["pixels", "channel"], ["rows"]),
        helper.make_node("Transpose", ["rows"], ["steps"], perm=[1, 0, 2]),
        helper.make_node("LSTM", ["steps", "w", "r"], ["", "state"], hidden_size=HIDDEN),
        helper.make_node("Squeeze", ["state", "direction"], ["last"]),
        helper.make_node("MatMul", ["last", "up"], ["m"]),
        helper.make_node("MatMul", ["m", "down"], ["scores"]),
    ]
    arrays = {
        "channel": np.array([1]),
        "direction": np.array([0]),
        "w": drawn(1, 4 * HIDDEN, 8, seed=1),
        "r": drawn(1, 4 * HIDDEN, HIDDEN, seed=2),
        "up": drawn(HIDDEN, features, seed=3),
        "down": drawn(features, CLASSES, seed=4),
    }
    return save(path, nodes, arrays)


def test_a_network_that_is_nearly_all_recurrent_is_refused_by_the_name_of_its_layers(tmp_path: Path) -> None:
    source, target = recurrent(tmp_path / "net.onnx", features=4), tmp_path / "small.onnx"
    quantize_weights(source, target, 8)
    with pytest.raises(CandidateFailed, match="changes next to nothing: LSTM has nearly all weights"):
        require_change(source, target)
    assert not target.exists()


def test_one_with_enough_other_weights_is_not(tmp_path: Path) -> None:
    source, target = recurrent(tmp_path / "net.onnx", features=200), tmp_path / "small.onnx"
    quantize_weights(source, target, 8)
    require_change(source, target)
    assert target.exists()


def test_a_network_of_convolutions_is_not(tmp_path: Path) -> None:
    source, target = convolutional(tmp_path / "net.onnx"), tmp_path / "small.onnx"
    quantize_weights(source, target, 4)
    require_change(source, target)
    assert onnx.load(target).graph.node
