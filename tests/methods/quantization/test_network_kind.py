"""What is quantized by the rules for transformers."""

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from compression.methods.quantization.network_kind import is_transformer


def graph_of(*nodes: onnx.NodeProto) -> onnx.GraphProto:
    return helper.make_graph(
        list(nodes),
        "network",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 6, 6])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, None)],
        [numpy_helper.from_array(np.zeros((6, 6), np.float32), "w")],
    )


SWAPPED = helper.make_node("Transpose", ["x"], ["t"], perm=[0, 2, 1])


@pytest.mark.parametrize(
    "nodes",
    [
        (helper.make_node("MatMul", ["x", "x"], ["y"]),),
        (helper.make_node("Einsum", ["x", "x"], ["y"], equation="bij,bjk->bik"),),
        (helper.make_node("Attention", ["x", "x", "x"], ["y"], q_num_heads=1, kv_num_heads=1),),
        (helper.make_node("MultiHeadAttention", ["x", "x", "x"], ["y"], domain="com.microsoft", num_heads=1),),
        (SWAPPED, helper.make_node("MatMul", ["t", "w"], ["y"])),
        (SWAPPED, helper.make_node("Identity", ["t"], ["i"]), helper.make_node("MatMul", ["i", "w"], ["y"])),
    ],
    ids=["matmul", "einsum", "attention", "foreign attention", "mixer", "mixer, moved"],
)
def test_it_attends_or_mixes_positions_however_that_is_written(nodes: tuple[onnx.NodeProto, ...]) -> None:
    assert is_transformer(graph_of(*nodes))


@pytest.mark.parametrize(
    "nodes",
    [
        (helper.make_node("MatMul", ["x", "w"], ["y"]),),
        (helper.make_node("Einsum", ["x", "w"], ["y"], equation="bij,jk->bik"),),
        (helper.make_node("LSTM", ["x", "w", "w"], ["y"], hidden_size=6),),
        (SWAPPED, helper.make_node("Relu", ["t"], ["y"])),
    ],
    ids=["linear", "linear einsum", "recurrent", "only transposed"],
)
def test_a_layer_alone_is_no_transformer(nodes: tuple[onnx.NodeProto, ...]) -> None:
    assert not is_transformer(graph_of(*nodes))
