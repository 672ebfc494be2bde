"""Multiplications inside recurrent layers, Einsum, attention, and the branches of If and Loop are counted."""

from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from compression.measurement.graph.facts import graph_facts
from compression.measurement.graph.other_products import macs_inside
from compression.measurement.graph.products import products_of
from compression.measurement.graph.traffic import traffic

PATH = Path("network.onnx")


def model_of(nodes: list[onnx.NodeProto], shape: list[int | str], **stored: np.ndarray) -> onnx.ModelProto:
    graph = helper.make_graph(
        nodes,
        "network",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, shape)],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, None)],
        [numpy_helper.from_array(array, name) for name, array in stored.items()],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


def zeros(*shape: int) -> np.ndarray:
    return np.zeros(shape, np.float32)


@pytest.mark.parametrize(("kind", "gates"), [("LSTM", 4), ("GRU", 3), ("RNN", 1)])
def test_a_recurrent_layer_multiplies_with_both_of_its_matrices_at_every_step(kind: str, gates: int) -> None:
    steps, taken, hidden = 7, 5, 6
    node = helper.make_node(kind, ["x", "w", "r"], ["y"], hidden_size=hidden)
    model = model_of([node], [steps, 1, taken], w=zeros(1, gates * hidden, taken), r=zeros(1, gates * hidden, hidden))
    (product,) = products_of(model, PATH)
    assert product.weights == gates * hidden * (taken + hidden)
    assert product.macs == steps * product.weights


def test_a_recurrent_layer_that_gives_only_its_last_state_is_counted_too() -> None:
    node = helper.make_node("LSTM", ["x", "w", "r"], ["", "y"], hidden_size=6)
    (product,) = products_of(model_of([node], [7, 1, 5], w=zeros(1, 24, 5), r=zeros(1, 24, 6)), PATH)
    assert product.macs == 7 * 24 * 11


@pytest.mark.parametrize(
    ("equation", "shapes", "given", "macs"),
    [
        ("bhid,bhjd->bhij", [(1, 2, 3, 4), (1, 2, 5, 4)], (1, 2, 3, 5), 1 * 2 * 3 * 4 * 5),
        ("bk,kocij->bocij", [(1, 4), (4, 8, 1, 3, 3)], (1, 8, 1, 3, 3), 4 * 8 * 9),
        ("...i,ij->...j", [(2, 3, 4), (4, 5)], (2, 3, 5), 2 * 3 * 4 * 5),
        ("bii->bi", [(1, 3, 3)], (1, 3), 0),
    ],
)
def test_an_einsum_multiplies_once_for_each_combination_of_indices(
    equation: str, shapes: list[tuple[int, ...]], given: tuple[int, ...], macs: int
) -> None:
    node = helper.make_node("Einsum", [str(place) for place in range(len(shapes))], ["y"], equation=equation)
    assert macs_inside(node, shapes, given) == macs


def test_attention_multiplies_queries_with_keys_and_probabilities_with_values() -> None:
    node = helper.make_node("Attention", ["q", "k", "v"], ["y"])
    heads_apart = [(1, 2, 3, 4), (1, 2, 5, 4), (1, 2, 5, 6)]
    assert macs_inside(node, heads_apart, (1, 2, 3, 6)) == 2 * 3 * 5 * (4 + 6)
    assert macs_inside(node, [(1, 3, 8), (1, 5, 8), (1, 5, 8)], (1, 3, 8)) == 3 * 5 * (8 + 8)


def test_what_is_not_known_is_not_counted() -> None:
    node = helper.make_node("Attention", ["q", "k", "v"], ["y"])
    assert macs_inside(node, [(1, 3, 8), None, (1, 5, 8)], (1, 3, 8)) is None


def branch(name: str, weights: str) -> onnx.GraphProto:
    given = helper.make_tensor_value_info(name, TensorProto.FLOAT, None)
    return helper.make_graph([helper.make_node("MatMul", ["x", weights], [name])], name, [], [given])


def test_of_two_branches_one_is_counted_and_the_model_is_left_as_it_is() -> None:
    then, other = branch("a", "w"), branch("b", "w")
    then.node.append(helper.make_node("Relu", ["a"], ["c"]))
    then.output[0].name = "c"
    chosen = helper.make_node("If", ["which"], ["y"], then_branch=then, else_branch=other)
    model = model_of([chosen], ["batch", 8], w=zeros(8, 4), which=np.array(True))
    (product,) = products_of(model, PATH)
    assert (product.macs, product.weights) == (32, 32)
    assert [node.op_type for node in model.graph.node] == ["If"]


def test_the_weights_of_a_branch_are_the_files_and_are_moved(tmp_path: Path) -> None:
    then, other = branch("a", "w"), branch("b", "w")
    chosen = helper.make_node("If", ["which"], ["y"], then_branch=then, else_branch=other)
    onnx.save(model_of([chosen], ["batch", 8], w=zeros(8, 4), which=np.array(True)), tmp_path / "branches.onnx")
    assert graph_facts(tmp_path / "branches.onnx").parameters == 8 * 4
    moved = traffic(tmp_path / "branches.onnx")
    assert moved.weight_bytes == 4 * 8 * 4
    assert moved.activation_bytes >= 4 * (8 + 4)


def test_the_body_of_a_loop_is_counted() -> None:
    body = helper.make_graph(
        [
            helper.make_node("MatMul", ["before", "w"], ["after"]),
            helper.make_node("Identity", ["going"], ["on"]),
        ],
        "body",
        [
            helper.make_tensor_value_info("turn", TensorProto.INT64, []),
            helper.make_tensor_value_info("going", TensorProto.BOOL, []),
            helper.make_tensor_value_info("before", TensorProto.FLOAT, None),
        ],
        [
            helper.make_tensor_value_info("on", TensorProto.BOOL, []),
            helper.make_tensor_value_info("after", TensorProto.FLOAT, None),
        ],
    )
    loop = helper.make_node("Loop", ["turns", "yes", "x"], ["y"], body=body)
    model = model_of([loop], ["batch", 8], w=zeros(8, 8), turns=np.array(3), yes=np.array(True))
    (product,) = products_of(model, PATH)
    assert (product.macs, product.weights) == (64, 64)
