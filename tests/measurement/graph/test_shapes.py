"""Shapes are those that engines run with one example, however a graph says what they are."""

from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from compression.measurement.engines.one_example import values_for_one
from compression.measurement.graph.facts import graph_facts
from compression.measurement.graph.onnx_file import load_graph
from compression.measurement.graph.shapes import NotCounted, shapes_for_batch_1
from tests.measurement.conftest import IMAGE, MACS, changed, network, save, weights

SIZES = {"images": IMAGE}


def constants() -> dict[str, "np.typing.NDArray[np.generic]"]:
    return {name: value.astype(np.float32) for name, value in weights().items()}


def test_sizes_that_are_computed_from_the_inputs_shape_are_known(tmp_path: Path) -> None:
    """As older exporters write ``x.expand(len(x), -1)`` and ``x.view(len(x), 64)``, with the batch free."""
    nodes = [
        helper.make_node("Shape", ["images"], ["sizes"]),
        helper.make_node("Gather", ["sizes", "first"], ["examples"], axis=0),
        helper.make_node("ConstantOfShape", ["one"], ["ones"], value=numpy_helper.from_array(np.array([1], np.int64))),
        helper.make_node("Mul", ["ones", "sixtyfour"], ["width"]),
        helper.make_node("Equal", ["width", "sixtyfour"], ["same"]),
        helper.make_node("Where", ["same", "width", "ones"], ["chosen"]),
        helper.make_node("Concat", ["examples", "chosen"], ["wanted"], axis=0),
        helper.make_node("Reshape", ["images", "wanted"], ["flat"]),
        helper.make_node("MatMul", ["flat", "w"], ["logits"]),
    ]
    integers = {"first": np.array([0]), "one": np.array([1]), "sixtyfour": np.array([64])}
    path = save(tmp_path / "computed.onnx", nodes, {**integers, "w": np.ones((64, 3), np.float32)})
    assert shapes_for_batch_1(load_graph(path), path)["flat"] == (1, 64)
    assert graph_facts(path).macs == 64 * 3


def test_the_branch_that_a_shape_decides_on_is_the_one_that_counts(tmp_path: Path) -> None:
    def branch(kernel: str) -> onnx.GraphProto:
        node = helper.make_node("Conv", ["images", kernel], [f"{kernel}.result"])
        return helper.make_graph([node], kernel, [], [onnx.ValueInfoProto(name=f"{kernel}.result")])

    nodes = [
        helper.make_node("Shape", ["images"], ["sizes"]),
        helper.make_node("Gather", ["sizes", "height"], ["found"], axis=0),
        helper.make_node("Equal", ["found", "eight"], ["small"]),
        helper.make_node("If", ["small"], ["c"], then_branch=branch("wide"), else_branch=branch("narrow")),
        helper.make_node("Flatten", ["c"], ["logits"]),
    ]
    stored = {
        "height": np.array(2),
        "eight": np.array(8),
        "wide": np.ones((4, 1, 3, 3), np.float32),
        "narrow": np.ones((4, 1, 1, 1), np.float32),
    }
    path = save(tmp_path / "if.onnx", nodes, stored)
    assert shapes_for_batch_1(load_graph(path), path)["c"] == (1, 4, 6, 6)


def test_an_open_height_and_width_are_those_of_the_dataset(tmp_path: Path) -> None:
    path = save(tmp_path / "open.onnx", network(), constants(), image=(1, "height", "width"))
    with pytest.raises(NotCounted, match="cannot be worked out"):
        graph_facts(path)
    assert graph_facts(path, values_for_one(path, SIZES)).macs == MACS


@pytest.mark.parametrize(("side", "places"), [(5, 2), (6, 3), (4, 2), (7, 3)])
def test_a_pool_that_rounds_up_has_as_many_places_as_the_engines_give_it(
    side: int, places: int, tmp_path: Path
) -> None:
    """ONNX's own rule before opset 22 has one more at times, whose window would begin in the padding."""
    pool = helper.make_node("AveragePool", ["images"], ["p"], kernel_shape=[2, 2], strides=[3, 3], pads=[1] * 4)
    pool.attribute.append(helper.make_attribute("ceil_mode", 1))
    nodes = [pool, helper.make_node("Flatten", ["p"], ["f"]), helper.make_node("MatMul", ["f", "w"], ["logits"])]
    stored = {"w": np.ones((places * places, 3), np.float32)}
    path = save(tmp_path / "pool.onnx", nodes, stored, image=(1, side, side))
    assert shapes_for_batch_1(load_graph(path), path)["p"] == (1, 1, places, places)
    assert graph_facts(path).macs == 3 * places * places


def test_weights_that_the_graph_computes_are_weights(tmp_path: Path) -> None:
    """Of a stored direction and a stored length, say."""
    nodes = [
        helper.make_node("Mul", ["direction", "length"], ["w"]),
        helper.make_node("Flatten", ["images"], ["f"]),
        helper.make_node("MatMul", ["f", "w"], ["logits"]),
    ]
    stored = {"direction": np.ones((64, 3), np.float32), "length": np.ones((1, 3), np.float32)}
    path = save(tmp_path / "computed.onnx", nodes, stored)
    assert (graph_facts(path).macs, graph_facts(path).parameters) == (192, 195)


def test_a_local_function_is_counted_where_it_is_called(tmp_path: Path) -> None:
    body = helper.make_function(
        "mine",
        "Head",
        ["x", "w"],
        ["y"],
        [helper.make_node("Flatten", ["x"], ["f"]), helper.make_node("MatMul", ["f", "w"], ["y"])],
        [helper.make_opsetid("", 17)],
    )
    path = save(
        tmp_path / "function.onnx",
        [helper.make_node("Head", ["images", "w"], ["logits"], domain="mine")],
        {"w": np.ones((64, 3), np.float32)},
    )

    def with_function(model: onnx.ModelProto) -> None:
        model.opset_import.append(helper.make_opsetid("mine", 1))
        model.functions.append(body)

    assert graph_facts(changed(path, with_function)).macs == 192


def test_an_operator_of_one_engine_is_counted_by_what_that_engine_makes_of_it(tmp_path: Path) -> None:
    nodes = [
        helper.make_node("FakeQuantize", ["images", "low", "high", "low", "high"], ["q"], levels=256),
        helper.make_node("Flatten", ["q"], ["f"]),
        helper.make_node("MatMul", ["f", "w"], ["logits"]),
    ]
    nodes[0].domain = "org.openvinotoolkit"
    limits = {"low": np.array(-1, np.float32), "high": np.array(1, np.float32)}
    path = save(tmp_path / "fake.onnx", nodes, {**limits, "w": np.ones((64, 3), np.float32)})
    changed(path, lambda model: model.opset_import.append(helper.make_opsetid("org.openvinotoolkit", 1)))
    assert values_for_one(path)["logits"] == ((1, 3), TensorProto.FLOAT)
    assert graph_facts(path, values_for_one(path)).macs == 192


def test_sums_of_integers_are_counted_by_running_them(tmp_path: Path) -> None:
    """ONNX Runtime's own operators have no rule in the standard."""
    nodes = [
        helper.make_node("QuantizeLinear", ["images", "scale", "zero"], ["q"]),
        helper.make_node("QLinearAdd", ["q", "scale", "zero", "q", "scale", "zero", "scale", "zero"], ["sum"]),
        helper.make_node("DequantizeLinear", ["sum", "scale", "zero"], ["d"]),
        helper.make_node("Flatten", ["d"], ["f"]),
        helper.make_node("MatMul", ["f", "w"], ["logits"]),
    ]
    nodes[1].domain = "com.microsoft"
    quantized = {"scale": np.array(0.1, np.float32), "zero": np.array(3, np.uint8)}
    path = save(tmp_path / "sum.onnx", nodes, {**quantized, "w": np.ones((64, 3), np.float32)})
    changed(path, lambda model: model.opset_import.append(helper.make_opsetid("com.microsoft", 1)))
    assert values_for_one(path)["sum"] == ((1, *IMAGE), TensorProto.UINT8)


def test_weights_of_which_a_byte_holds_two_are_counted_one_by_one(tmp_path: Path) -> None:
    nodes = [
        helper.make_node("Flatten", ["images"], ["f"]),
        helper.make_node("MatMulNBits", ["f", "packed", "steps"], ["logits"], K=64, N=3, bits=4, block_size=32),
    ]
    nodes[1].domain = "com.microsoft"
    stored = {"packed": np.full((3, 2, 16), 0x77, np.uint8), "steps": np.ones(6, np.float32)}
    path = save(tmp_path / "packed.onnx", nodes, stored)
    changed(path, lambda model: model.opset_import.append(helper.make_opsetid("com.microsoft", 1)))
    counted = graph_facts(path, values_for_one(path))
    assert (counted.macs, counted.parameters) == (192, 192)
