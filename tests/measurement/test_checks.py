import re
from pathlib import Path
from typing import get_args

import numpy as np
import onnx
import pytest
from numpy.typing import NDArray
from onnx import helper

from compression.catalog.cards import DatasetCard
from compression.errors import ModelNotUsable
from compression.measurement.checks import check_classifier, check_finite
from compression.measurement.engines import open_session
from compression.measurement.graph.onnx_file import fixed_batch
from compression.records.measurements import EngineName
from tests.measurement.conftest import card_of, changed, network, save, weights

CARD = card_of()
PNG = bytes.fromhex("89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de")


def refusal(path: Path, card: DatasetCard = CARD) -> str:
    """Why a file is refused: the one sentence that a person reads."""
    with pytest.raises(ModelNotUsable) as caught:
        check_classifier(path, card)
    sentence = str(caught.value)
    assert sentence.startswith(f"The model {path.name} cannot be measured: ")
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert ". " not in sentence, "one sentence"
    assert len(sentence) < 350
    assert not re.search(r"\.(cpp|cc|h):\d|ONNXRuntimeError|Exception", sentence), "an engine's own wording"
    return sentence


def constants(kind: type[np.generic] = np.float32) -> dict[str, NDArray[np.generic]]:
    return {name: value.astype(kind) for name, value in weights().items()}


@pytest.mark.parametrize("kind", ["float_file", "half_file", "int8_file", "mixed_file"])
def test_a_file_that_fits_passes(kind: str, request: pytest.FixtureRequest, images: NDArray[np.float32]) -> None:
    path = request.getfixturevalue(kind)
    check_classifier(path, CARD)
    check_finite(path, {"images": images[:16]}, CARD)
    assert fixed_batch(path) is None


def test_probabilities_are_as_good_as_logits(tmp_path: Path) -> None:
    nodes = [*network(last="scores"), helper.make_node("Softmax", ["scores"], ["logits"])]
    check_classifier(save(tmp_path / "softmax.onnx", nodes, constants()), CARD)


@pytest.mark.parametrize("content", [PNG, b"# Weights\n\nSee the other folder.\n", bytes(1000), b"{}"])
def test_what_is_no_onnx_file_is_called_so(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "model.onnx"
    path.write_bytes(content)
    assert "it is not an ONNX file" in refusal(path)


def test_an_empty_file_is_called_empty(tmp_path: Path) -> None:
    (tmp_path / "empty.onnx").touch()
    assert "the file is empty" in refusal(tmp_path / "empty.onnx")


def test_a_file_that_is_not_there_is_looked_for_in_its_folder(tmp_path: Path) -> None:
    assert f"it is not there; check its name and its folder, {tmp_path}" in refusal(tmp_path / "gone.onnx")


@pytest.mark.parametrize("share", [0.05, 0.5, 0.9, 0.999])
def test_a_truncated_file_is_said_to_break_off(share: float, float_file: Path) -> None:
    content = float_file.read_bytes()
    float_file.write_bytes(content[: int(len(content) * share)])
    assert "the file breaks off or is damaged; copy or download it again" in refusal(float_file)


def test_missing_external_data_is_named(float_file: Path, tmp_path: Path) -> None:
    path = tmp_path / "outside.onnx"
    onnx.save(onnx.load(float_file), path, save_as_external_data=True, location="outside.data", size_threshold=0)
    check_classifier(path, CARD)
    data = tmp_path / "outside.data"
    data.write_bytes(data.read_bytes()[:100])
    assert "'outside.data', breaks off" in refusal(path)
    data.unlink()
    assert "its weights are in a second file, 'outside.data', which is not beside it" in refusal(path)


def test_several_outputs_and_no_input_are_counted(tmp_path: Path) -> None:
    nodes = [*network(), helper.make_node("Identity", ["f"], ["features"])]
    path = save(tmp_path / "two.onnx", nodes, constants(), outputs=("logits", "features"))
    assert "it has 1 inputs and 2 outputs" in refusal(path)

    constant = helper.make_node("Identity", ["w3"], ["logits"])
    alone = changed(save(tmp_path / "alone.onnx", [constant], constants()), lambda model: model.graph.input.pop())
    assert "it has 0 inputs and 1 outputs" in refusal(alone)


def test_an_input_that_the_dataset_lacks_is_refused_with_the_names_of_both(float_file: Path) -> None:
    def also_take_a_mask(model: onnx.ModelProto) -> None:
        model.graph.input.append(helper.make_tensor_value_info("mask", onnx.TensorProto.FLOAT, ["batch", 1]))

    assert "its inputs are called images, mask, and what there is to put in images; export it" in refusal(
        changed(float_file, also_take_a_mask)
    )


def test_weights_that_older_files_list_as_inputs_are_not_inputs(float_file: Path) -> None:
    def list_weights(model: onnx.ModelProto) -> None:
        for tensor in model.graph.initializer:
            model.graph.input.append(helper.make_tensor_value_info(tensor.name, tensor.data_type, tensor.dims))

    check_classifier(changed(float_file, list_weights), CARD)


def test_an_input_that_is_not_float32_is_refused(double_file: Path) -> None:
    assert "its input is of the type double, and images come as float32" in refusal(double_file)


def test_an_input_of_another_size_is_told_beside_the_datasets(float_file: Path, tmp_path: Path) -> None:
    sentence = refusal(float_file, card_of(image=(3, 32, 32)))
    fixed = save(tmp_path / "fixed.onnx", network(), constants(), image=(1, "height", 28))
    assert (
        "it takes images of 1 x 8 x 8 (channels x height x width), and those of the dataset are 3 x 32 x 32" in sentence
    )
    assert "it takes images of 1 x any x 28" in refusal(fixed)


def test_a_free_size_is_tried(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    free = save(tmp_path / "free.onnx", network(), constants(), image=("channels", "height", "width"))
    check_classifier(free, CARD)
    check_classifier(free, card_of(image=(1, 28, 28)))
    assert "ONNX Runtime cannot run it on inputs of the shape 1 x 3 x 8 x 8 (at a Conv: Input channels" in refusal(
        free, card_of(image=(3, 8, 8))
    )
    assert capfd.readouterr().err == "", "the engine's own words are for the log"


def test_channels_last_are_recognized(tmp_path: Path) -> None:
    nodes = [helper.make_node("Transpose", ["images"], ["x"], perm=[0, 3, 1, 2]), *network(first="x")]
    path = save(tmp_path / "last.onnx", nodes, constants(), image=(8, 8, 1))
    assert "it takes images with their channels last (8 x 8 x 1)" in refusal(path)


def test_an_input_that_is_no_image_is_refused(tmp_path: Path) -> None:
    path = save(tmp_path / "flat.onnx", [helper.make_node("Identity", ["images"], ["logits"])], {}, image=(64,))
    assert "its input has 2 axes, and images come with 4" in refusal(path)


def fix_batch(path: Path, batch: int) -> Path:
    def fix(model: onnx.ModelProto) -> None:
        model.graph.input[0].type.tensor_type.shape.dim[0].dim_value = batch

    return changed(path, fix)


def test_a_batch_fixed_to_one_passes_and_is_told(float_file: Path, images: NDArray[np.float32]) -> None:
    fix_batch(float_file, 1)
    check_classifier(float_file, CARD)
    check_finite(float_file, {"images": images[:4]}, CARD)
    assert fixed_batch(float_file) == 1


def test_a_batch_fixed_to_another_number_is_refused(float_file: Path) -> None:
    assert "it takes batches of 8 only" in refusal(fix_batch(float_file, 8))


def test_a_batch_axis_that_is_free_in_name_only_is_refused(tmp_path: Path) -> None:
    nodes = [
        helper.make_node("Reshape", ["images", "one_row"], ["flat"]),
        helper.make_node("MatMul", ["flat", "w"], ["logits"]),
    ]
    values = {"one_row": np.array([1, 64]), "w": np.ones((64, 3), np.float32)}
    assert "its batch axis is called free, but ONNX Runtime can run it on one image only" in refusal(
        save(tmp_path / "hard.onnx", nodes, values)
    )


def test_another_number_of_classes_is_told_beside_the_datasets(float_file: Path) -> None:
    assert "it tells 3 classes apart, and the dataset has 10; choose the dataset" in refusal(
        float_file, card_of(classes=10)
    )


def test_an_output_that_is_no_row_of_scores_is_refused(tmp_path: Path) -> None:
    without_flatten = save(tmp_path / "map.onnx", [helper.make_node("Relu", ["images"], ["logits"])], {})
    changed(without_flatten, lambda model: model.graph.output[0].type.tensor_type.ClearField("shape"))
    assert "its output for 1 x 1 x 8 x 8 has the shape 1 x 1 x 8 x 8, and class scores are 1 x 3" in refusal(
        without_flatten
    )
    nodes = [*network(last="scores"), helper.make_node("ArgMax", ["scores"], ["logits"], axis=1)]
    answer = save(tmp_path / "answer.onnx", nodes, constants())
    changed(answer, lambda model: setattr(model.graph.output[0].type.tensor_type, "elem_type", onnx.TensorProto.INT64))
    assert "its output is of the type int64, which is no score" in refusal(answer)


def sharpened(tmp_path: Path, kind: str, domain: str) -> Path:
    nodes = [helper.make_node(kind, ["images"], ["x"], domain=domain), *network(first="x")]
    path = save(tmp_path / "sharpened.onnx", nodes, constants())
    return changed(path, lambda model: model.opset_import.extend([helper.make_opsetid(domain, 1)] if domain else []))


@pytest.mark.parametrize("engine", get_args(EngineName))
@pytest.mark.parametrize(("domain", "named"), [("my.company", r"my\.company\.Sharpen"), ("", "Sharpen")])
def test_an_operator_that_the_engine_lacks_is_named(
    engine: EngineName, domain: str, named: str, tmp_path: Path
) -> None:
    path = sharpened(tmp_path, "Sharpen", domain)
    with pytest.raises(ModelNotUsable, match=f"does not have its operator {named}; export it") as caught:
        check_classifier(path, CARD, engines=[engine])
    assert caught.value.__cause__ is not None, "the engine's own words, for the log"


def test_only_the_engines_that_are_asked_for_have_to_know_it(tmp_path: Path) -> None:
    path = sharpened(tmp_path, "Binarizer", "ai.onnx.ml")
    check_classifier(path, CARD, engines=["onnxruntime"])
    assert "OpenVINO does not have its operator ai.onnx.ml.Binarizer" in refusal(path)


def test_an_operator_in_a_version_that_the_engine_lacks_is_named_with_it(float_file: Path) -> None:
    def age(model: onnx.ModelProto) -> None:
        model.opset_import[0].version = 6

    assert "ONNX Runtime does not have its operator Gemm (of opset 6)" in refusal(changed(float_file, age))


@pytest.mark.parametrize(("field", "what"), [("opset", "opset 99"), ("ir_version", "ONNX format version 99")])
def test_a_file_from_the_future_is_told_how_far_the_engine_reads(field: str, what: str, float_file: Path) -> None:
    def modernize(model: onnx.ModelProto) -> None:
        if field == "opset":
            model.opset_import[0].version = 99
        else:
            model.ir_version = 99

    sentence = refusal(changed(float_file, modernize))
    assert re.search(rf"written in {what}, and ONNX Runtime reads up to \d\d; export it in an earlier one", sentence)


def test_a_graph_that_does_not_hold_together_is_refused_in_one_sentence(float_file: Path) -> None:
    def lose_a_weight(model: onnx.ModelProto) -> None:
        model.graph.node[2].input[1] = "nowhere"

    assert "Node input 'nowhere' is not a graph input" in refusal(changed(float_file, lose_a_weight))


@pytest.mark.parametrize("engine", get_args(EngineName))
def test_shapes_that_clash_are_refused_in_one_sentence(engine: EngineName, float_file: Path) -> None:
    def mix_up(model: onnx.ModelProto) -> None:
        model.graph.node[2].input[1] = "w1"

    path = changed(float_file, mix_up)
    with pytest.raises(ModelNotUsable, match=r"cannot load it \([^.]+\); check it, or export it again\.$"):
        check_classifier(path, CARD, engines=[engine])


def test_every_engine_refuses_a_broken_file_by_itself_in_the_same_words(float_file: Path) -> None:
    float_file.write_bytes(float_file.read_bytes()[:500])
    for batch in (None, 1):
        with pytest.raises(ModelNotUsable, match="the file breaks off or is damaged"):
            open_session(float_file, "onnxruntime", threads=1, batch=batch)
        with pytest.raises(ModelNotUsable, match="the file breaks off or is damaged"):
            open_session(float_file, "openvino", threads=1, batch=batch)


def test_scores_that_are_not_finite_are_counted(tmp_path: Path, images: NDArray[np.float32]) -> None:
    nodes = [helper.make_node("Log", ["logarithms"], ["powers"]), helper.make_node("Identity", ["powers"], ["logits"])]
    nodes = [*network(last="logarithms"), *nodes]
    path = save(tmp_path / "log.onnx", nodes, constants())
    scores = open_session(path, "onnxruntime", threads=1).run({"images": images})
    broken = int((~np.isfinite(scores)).any(axis=1).sum())
    assert broken > 0
    sentence = f"ONNX Runtime gets scores from it that are not finite numbers for {broken} of 40 images of the dataset"
    with pytest.raises(ModelNotUsable, match=sentence):
        check_finite(path, {"images": images}, CARD)
    with pytest.raises(ValueError, match="no examples"):
        check_finite(path, {"images": images[:0]}, CARD)
