"""What a file says is worked out exactly, on whichever processor."""

from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper
from onnx.reference import ReferenceEvaluator

from compression.measurement.engines.as_written import scores_as_written, with_unsigned_weights

FEATURES, CLASSES = 64, 5


def integer_product(zero: bool) -> onnx.ModelProto:
    """Large numbers throughout: sums of two products do not fit into 16 bits."""
    weights = np.random.default_rng(0).choice([-127, 120, 127], (FEATURES, CLASSES)).astype(np.int8)
    names = ["taken", "weights", "", "zero"] if zero else ["taken", "weights"]
    graph = helper.make_graph(
        [
            helper.make_node("MatMulInteger", names, ["sums"]),
            helper.make_node("Cast", ["sums"], ["scores"], to=TensorProto.FLOAT),
        ],
        "product",
        [helper.make_tensor_value_info("taken", TensorProto.UINT8, ["n", FEATURES])],
        [helper.make_tensor_value_info("scores", TensorProto.FLOAT, ["n", CLASSES])],
        [
            numpy_helper.from_array(weights, "weights"),
            *([numpy_helper.from_array(np.full(CLASSES, 3, np.int8), "zero")] if zero else []),
        ],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


@pytest.mark.parametrize("zero", [False, True])
def test_no_sum_is_cut_off(tmp_path: Path, zero: bool) -> None:
    model, path = integer_product(zero), tmp_path / "product.onnx"
    onnx.save(model, path)
    taken = np.random.default_rng(1).integers(200, 256, (7, FEATURES)).astype(np.uint8)
    [exactly] = ReferenceEvaluator(model).run(None, {"taken": taken})
    np.testing.assert_array_equal(scores_as_written(path, [{"taken": taken}], threads=1), exactly)


def test_a_file_without_integer_operators_is_left_as_it_is() -> None:
    model = integer_product(zero=False)
    del model.graph.node[0]
    assert not with_unsigned_weights(model)
