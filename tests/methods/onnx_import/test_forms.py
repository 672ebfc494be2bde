"""Forms that files come in: taken with their meaning, or refused in a sentence that is true and before any work."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnx
import pytest
from numpy.typing import NDArray
from onnx import TensorProto, helper

from compression.methods.onnx_import import ModelNotQuantizable, prepared
from compression.methods.onnx_import.same_scores import made_up_inputs, scores_one_by_one
from compression.methods.quantization.low_bit_weights import layers_of
from tests.measurement.conftest import IMAGE, card_of, changed, network, save, weights

Stored = dict[str, NDArray[np.generic]]


def constants() -> Stored:
    return {name: value.astype(np.float32) for name, value in weights().items()}


def headed(
    *before: onnx.NodeProto, last: str, places: int
) -> tuple[list[onnx.NodeProto], dict[str, NDArray[np.generic]]]:
    """These nodes, and a linear layer behind the value ``last`` of so many numbers."""
    nodes = [helper.make_node("Flatten", [last], ["f"]), helper.make_node("MatMul", ["f", "w"], ["logits"])]
    return [*before, *nodes], {"w": np.random.default_rng(0).normal(size=(places, 3)).astype(np.float32)}


def scores(path: Path) -> NDArray[np.float32]:
    model = onnx.load(path)
    return scores_one_by_one(path, made_up_inputs(model, {"images": IMAGE}))


def same_when_prepared(path: Path) -> onnx.ModelProto:
    """What the file becomes, which gives the same scores."""
    ready = prepared(path, card_of())
    onnx.save(ready, path.with_name("ready.onnx"))
    np.testing.assert_allclose(scores(path.with_name("ready.onnx")), scores(path), rtol=1e-3, atol=1e-4)
    return ready


def test_an_enlargement_of_opset_9_takes_the_same_places_in_a_later_one(tmp_path: Path) -> None:
    enlarged = helper.make_node("Upsample", ["images", "twice"], ["large"], mode="linear")
    nodes, stored = headed(enlarged, last="large", places=256)
    path = save(tmp_path / "upsample.onnx", nodes, stored | {"twice": np.array([1, 1, 2, 2], np.float32)})

    def of_opset_9(model: onnx.ModelProto) -> None:
        model.opset_import[0].version = 9

    same_when_prepared(changed(path, of_opset_9))


def test_what_is_computed_in_64_bits_is_quantized_in_32(tmp_path: Path) -> None:
    nodes = [
        helper.make_node("Cast", ["images"], ["wide"], to=TensorProto.DOUBLE),
        helper.make_node("Flatten", ["wide"], ["f"]),
        helper.make_node("MatMul", ["f", "w"], ["product"]),
        helper.make_node("Cast", ["product"], ["logits"], to=TensorProto.FLOAT),
    ]
    path = save(tmp_path / "wide.onnx", nodes, {"w": np.random.default_rng(0).normal(size=(64, 3))})
    assert all(tensor.data_type != TensorProto.DOUBLE for tensor in same_when_prepared(path).graph.initializer)


def test_an_operator_that_an_engine_has_in_32_bits_only_is_called_that(tmp_path: Path) -> None:
    nodes = [
        helper.make_node("Cast", ["images"], ["wide"], to=TensorProto.DOUBLE),
        helper.make_node("GlobalAveragePool", ["wide"], ["pooled"]),
        helper.make_node("Cast", ["pooled"], ["narrow"], to=TensorProto.FLOAT),
    ]
    path = save(tmp_path / "wide.onnx", *headed(*nodes, last="narrow", places=1))
    with pytest.raises(ModelNotQuantizable, match=r"GlobalAveragePool for 64-bit floats; export it for float32\.$"):
        prepared(path, card_of())


def test_weights_that_are_the_first_factor_become_the_second(tmp_path: Path) -> None:
    nodes = [
        helper.make_node("Flatten", ["images"], ["f"]),
        helper.make_node("Transpose", ["f"], ["columns"], perm=[1, 0]),
        helper.make_node("MatMul", ["w", "columns"], ["product"]),
        helper.make_node("Transpose", ["product"], ["logits"], perm=[1, 0]),
    ]
    path = save(tmp_path / "first.onnx", nodes, {"w": np.random.default_rng(0).normal(size=(3, 64)).astype(np.float32)})
    [layer] = layers_of(same_when_prepared(path))
    assert layer.operator == "MatMul"


def test_weights_in_a_second_file_are_read_too(tmp_path: Path) -> None:
    path = save(tmp_path / "whole.onnx", network(), constants())
    apart = tmp_path / "apart.onnx"
    onnx.save(onnx.load(path), apart, save_as_external_data=True, location="apart.data", size_threshold=0)
    ready = prepared(apart, card_of())
    assert all(not tensor.external_data for tensor in ready.graph.initializer)


def no_file(path: Path) -> None:
    path.unlink(missing_ok=True)


def a_pointer(path: Path) -> None:
    path.write_text("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n")


def weights_behind_a_pointer(path: Path) -> None:
    save(path, network(), constants())
    onnx.save(onnx.load(path), path, save_as_external_data=True, location="file.data", size_threshold=0)
    a_pointer(path.with_name("file.data"))


def a_list_of_scores(path: Path) -> None:
    nodes = [*network(last="scores"), helper.make_node("SequenceConstruct", ["scores"], ["logits"])]
    save(path, nodes, constants())

    def state_it(model: onnx.ModelProto) -> None:
        element = helper.make_tensor_type_proto(TensorProto.FLOAT, None)
        model.graph.output[0].CopyFrom(helper.make_value_info("logits", helper.make_sequence_type_proto(element)))

    changed(path, state_it)


@pytest.mark.parametrize(
    ("write", "because"),
    [
        (no_file, "it is not there; check its name and its folder"),
        (a_pointer, "it is only a pointer of Git LFS; fetch the file itself with 'git lfs pull'"),
        (weights_behind_a_pointer, "the second file with its weights, 'file.data', is only a pointer of Git LFS"),
        (a_list_of_scores, "its output is a sequence, not an array of scores"),
    ],
)
def test_what_cannot_be_quantized_is_refused_by_that_verb(
    write: Callable[[Path], None], because: str, tmp_path: Path
) -> None:
    write(tmp_path / "file.onnx")
    with pytest.raises(ModelNotQuantizable) as refused:
        prepared(tmp_path / "file.onnx", card_of())
    assert str(refused.value).startswith(f"The model file.onnx cannot be quantized: {because}")
