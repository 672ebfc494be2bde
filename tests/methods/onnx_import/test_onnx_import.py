"""Whoever exported a classifier: it is made ready to be quantized with the same scores, or refused in one sentence."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from compression.catalog.cards import ImageDatasetCard
from compression.errors import ModelNotUsable
from compression.measurement.engines import open_session
from compression.methods.onnx_import import fixed_batch_of, prepared
from tests.classifiers import CLASSES, Exported
from tests.tiny import CARD

SHAPE = (2, 8, 8)
PLAIN = helper.make_opsetid("", 17)


def network(**changed: object) -> onnx.ModelProto:
    """Convolution, batch norm, pooling and a linear layer, for one image; what is ``changed`` goes to the graph."""
    rng = np.random.default_rng(0)
    shapes = {"w": (4, 2, 3, 3), "gain": (4,), "shift": (4,), "mean": (4,), "v": (4, 3)}
    arrays = {name: rng.normal(size=shape).astype(np.float32) for name, shape in shapes.items()}
    arrays |= {"spread": np.ones(4, np.float32) * 2, "rows": np.array([1, 4], np.int64)}
    nodes = [
        helper.make_node("Conv", ["x", "w"], ["c"]),
        helper.make_node("BatchNormalization", ["c", "gain", "shift", "mean", "spread"], ["b"]),
        helper.make_node("GlobalAveragePool", ["b"], ["p"]),
        helper.make_node("Reshape", ["p", "rows"], ["f"]),
        helper.make_node("MatMul", ["f", "v"], ["y"]),
    ]
    parts = {
        "nodes": nodes,
        "inputs": [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, *SHAPE])],
        "outputs": [helper.make_tensor_value_info("y", TensorProto.FLOAT, [1, 3])],
        "opsets": [PLAIN],
    } | changed
    stored = [numpy_helper.from_array(array, name) for name, array in arrays.items()]
    graph = helper.make_graph(parts["nodes"], "tiny", parts["inputs"], parts["outputs"], stored)
    return helper.make_model(graph, opset_imports=parts["opsets"], ir_version=8)


def card_of(shape: tuple[int, int, int]) -> ImageDatasetCard:
    return CARD.model_copy(update={"image_shape": shape})


def saved(model: onnx.ModelProto, path: Path) -> Path:
    onnx.save(model, path)
    return path


@pytest.mark.parametrize(
    "exported",
    [
        Exported(network="vit", opset=14),
        Exported(network="shufflenet_v2", opset=11, folded=False),
        Exported(network="mobilenet_v3_small", opset=11),
        Exported(network="squeezenet"),
    ],
    ids=str,
)
def test_a_classifier_of_either_exporter_gives_the_same_scores_for_any_number_of_images(
    exported: Exported, classifier_file: Callable[[Exported], Path], tmp_path: Path
) -> None:
    file = classifier_file(exported)
    model = prepared(file)

    assert "BatchNormalization" not in {node.op_type for node in model.graph.node}
    assert model.opset_import[0].version >= 13
    assert fixed_batch_of(model) is None
    images = np.random.default_rng(3).normal(size=(5, *exported.image_shape)).astype(np.float32)
    before = open_session(file, "onnxruntime", threads=1)
    one_by_one = np.concatenate([before.run({"images": images[at : at + 1].copy()}) for at in range(5)])
    for engine in ("onnxruntime", "openvino"):
        together = open_session(saved(model, tmp_path / "ready.onnx"), engine, threads=1).run({"images": images})
        assert together.shape == (5, CLASSES)
        assert np.abs(together - one_by_one).max() < 1e-3 * np.abs(one_by_one).max()


def test_a_batch_norm_becomes_part_of_its_convolution(tmp_path: Path) -> None:
    model = prepared(saved(network(), tmp_path / "n.onnx"))

    assert [node.op_type for node in model.graph.node][:2] == ["Conv", "GlobalAveragePool"]
    arrays = {tensor.name: numpy_helper.to_array(tensor) for tensor in network().graph.initializer}
    factor = arrays["gain"] / np.sqrt(arrays["spread"] + 1e-5)
    stored = {tensor.name: numpy_helper.to_array(tensor) for tensor in model.graph.initializer}
    _, weights, bias = model.graph.node[0].input
    assert np.allclose(stored[weights], arrays["w"] * factor[:, None, None, None], atol=1e-6)
    assert np.allclose(stored[bias], arrays["shift"] - arrays["mean"] * factor, atol=1e-6)


def test_an_open_image_size_becomes_that_of_the_dataset(tmp_path: Path) -> None:
    inputs = [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["n", 2, "h", "w"])]
    file = saved(network(inputs=inputs), tmp_path / "n.onnx")

    taken = prepared(file, card_of((2, 9, 7))).graph.input[0].type.tensor_type.shape.dim
    assert [dimension.dim_value for dimension in taken] == [0, 2, 9, 7]
    with pytest.raises(ModelNotUsable, match="leaves the shape of its 'x' open"):
        prepared(file)


def test_a_file_that_cannot_take_several_images_goes_on_taking_one(tmp_path: Path) -> None:
    model = network()
    # Without axes, it drops the batch as well, which a second image would keep.
    model.graph.node[3].CopyFrom(helper.make_node("Squeeze", ["p"], ["f"]))
    model.graph.node.append(helper.make_node("Unsqueeze", ["z", "first"], ["y"]))
    model.graph.node[4].output[0] = "z"
    model.graph.initializer.append(numpy_helper.from_array(np.array([0]), "first"))

    assert fixed_batch_of(prepared(saved(model, tmp_path / "n.onnx"))) == 1


def with_foreign() -> onnx.ModelProto:
    nodes = list(network().graph.node)
    nodes[0].domain, nodes[0].op_type = "my.domain", "Blur"
    return network(nodes=nodes, opsets=[PLAIN, helper.make_opsetid("my.domain", 1)])


def with_quantized() -> onnx.ModelProto:
    nodes = list(network().graph.node)
    nodes[0].input[0] = "d"
    step = [
        helper.make_node("Constant", [], ["s"], value_float=0.1),
        helper.make_node("Constant", [], ["z"], value_int=0),
    ]
    pair = [
        helper.make_node("QuantizeLinear", ["x", "s"], ["q"]),
        helper.make_node("DequantizeLinear", ["q", "s"], ["d"]),
    ]
    return network(nodes=[*step, *pair, *nodes])


def with_halves() -> onnx.ModelProto:
    model = network()
    for tensor in model.graph.initializer:
        if tensor.name == "w":
            tensor.CopyFrom(numpy_helper.from_array(numpy_helper.to_array(tensor).astype(np.float16), "w"))
    return model


def takes(shape: list[int], kind: int = TensorProto.FLOAT) -> onnx.ModelProto:
    return network(inputs=[helper.make_tensor_value_info("x", kind, shape)])


def with_two_outputs() -> onnx.ModelProto:
    return network(outputs=[helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in ("y", "f")])


@pytest.mark.parametrize(
    ("model", "sentence"),
    [
        (with_quantized(), "it is quantized already (it has DequantizeLinear, QuantizeLinear); choose the fp32 file"),
        (with_foreign(), "nothing is known here of its my.domain.Blur; export it"),
        (with_halves(), "its weights are in 16-bit floats already"),
        (with_two_outputs(), "it has 1 inputs and 2 outputs"),
        (takes([1, *SHAPE], TensorProto.UINT8), "its 'x' is of the type uint8"),
        (takes([1, 128]), "its input has 2 axes"),
        (takes([8, *SHAPE]), "it takes batches of 8 only"),
        (takes([1, 3, 8, 8]), "it takes images of 3 x 8 x 8 (channels x height x width)"),
    ],
)
def test_what_cannot_be_quantized_is_refused_in_one_sentence(
    model: onnx.ModelProto, sentence: str, tmp_path: Path
) -> None:
    with pytest.raises(ModelNotUsable) as refused:
        prepared(saved(model, tmp_path / "theirs.onnx"), card_of(SHAPE))
    assert str(refused.value).startswith("The model theirs.onnx cannot be quantized: ")
    assert sentence in str(refused.value)
    assert "\n" not in str(refused.value)
