"""A person's own model is got ready for a dataset: what it takes in and which output is which is found and said."""

from pathlib import Path

import numpy as np
import onnx
import pytest
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from compression.catalog.cards import OwnModelCard
from compression.measurement.engines import open_session
from compression.studies.own_model import ModelNotStudied, get_ready, side_taken
from tests import tiny

OTHER_ORDER = (3, 1, 4, 0, 2, 9, 8, 7, 6, 5)
DATA = tiny.dataset()


def patterns() -> NDArray[np.float32]:
    """The ten patterns as images [10, 256]: the means of what was drawn around them."""
    train = DATA.train.pixels.astype(np.float32)
    means = np.stack([train[DATA.train.labels == label].mean(axis=0) for label in range(tiny.CLASSES)])
    return (means - means.mean()).reshape(tiny.CLASSES, -1)


def classifier(
    path: Path,
    *,
    order: tuple[int, ...] = tuple(range(tiny.CLASSES)),
    channels_last: bool = False,
    element: int = TensorProto.FLOAT,
    softmax: bool = False,
    beside: bool = False,
    opset: int = 17,
) -> Path:
    """Compares pixels from 0 to 255 with each pattern, above their middle only: on another scale it sees nothing.

    ``order``: the class of each output, -1 for one that is never given. ``beside``: a second output, first of both.
    """
    known = patterns()
    weights = np.stack([known[label] if label >= 0 else np.full(256, -1.0) for label in order], axis=1) / 1000
    nodes = [
        helper.make_node("Cast", ["given"], ["numbers"], to=TensorProto.FLOAT),
        helper.make_node("Flatten", ["numbers"], ["flat"]),
        helper.make_node("Sub", ["flat", "middle"], ["around"]),
        helper.make_node("Relu", ["around"], ["bright"]),
        helper.make_node("MatMul", ["bright", "weights"], ["logits"]),
    ]
    if softmax:
        nodes.append(helper.make_node("Softmax", ["logits"], ["chances"], axis=1))
    shape = ["n", 16, 16, 1] if channels_last else ["n", 1, 16, 16]
    outputs = [helper.make_tensor_value_info("chances" if softmax else "logits", TensorProto.FLOAT, ["n", len(order)])]
    if beside:
        outputs.insert(0, helper.make_tensor_value_info("bright", TensorProto.FLOAT, ["n", 256]))
    graph = helper.make_graph(
        nodes,
        "patterns",
        [helper.make_tensor_value_info("given", element, shape)],
        outputs,
        [
            numpy_helper.from_array(np.float32(128.0), "middle"),
            numpy_helper.from_array(weights.astype(np.float32), "weights"),
        ],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=8)
    onnx.checker.check_model(model)
    onnx.save(model, path)
    return path


def ready(path: Path) -> OwnModelCard:
    file = path.with_name("ready.onnx")
    return get_ready(path, DATA, tiny.TinyModality(), file, name="mine", title="Mine", threads=1)


def test_the_scale_of_pixels_is_found_among_those_that_people_use(tmp_path: Path) -> None:
    card = ready(classifier(tmp_path / "mine.onnx"))
    chosen, *others = card.tried
    assert chosen.words == "pixels from 0 to 255"
    assert chosen.accuracy > 0.7
    assert all(other.accuracy < 0.2 for other in others)
    assert (card.takes.mean, card.takes.std) == ((0.0,), (1 / 255,))
    assert card.remarks == ()


@pytest.mark.parametrize("element", [TensorProto.UINT8, TensorProto.FLOAT16, TensorProto.DOUBLE])
@pytest.mark.parametrize("channels_last", [False, True])
def test_another_type_or_axis_gets_a_step_in_front_and_the_scores_stay(
    tmp_path: Path, element: int, channels_last: bool
) -> None:
    path = classifier(tmp_path / "mine.onnx", channels_last=channels_last, element=element)
    card = ready(path)
    pixels = DATA.test.pixels[:8]
    given = pixels.transpose(0, 2, 3, 1) if channels_last else pixels
    as_brought = onnx.reference.ReferenceEvaluator(onnx.load(path)).run(
        None, {"given": given.astype(helper.tensor_dtype_to_np_dtype(element))}
    )[0]
    examples = tiny.TinyModality().prepared(DATA.test, card.takes).inputs(slice(8))
    found = open_session(tmp_path / "ready.onnx", "onnxruntime", threads=1).run({"given": examples["images"]})
    np.testing.assert_allclose(found, as_brought, rtol=1e-3, atol=1e-3)
    assert len(card.remarks) == 1 + channels_last


@pytest.mark.parametrize("softmax", [False, True])
def test_outputs_in_another_order_are_put_in_that_of_the_classes(tmp_path: Path, softmax: bool) -> None:
    card = ready(classifier(tmp_path / "mine.onnx", order=OTHER_ORDER, softmax=softmax))
    assert card.validation_accuracy.value > 0.7
    assert "'pattern 0' is its output 3, 'pattern 1' is its output 1" in card.remarks[0]


@pytest.mark.parametrize(("softmax", "opset"), [(False, 17), (True, 17), (True, 18)])
def test_of_more_outputs_than_classes_those_of_the_classes_are_judged(
    tmp_path: Path, softmax: bool, opset: int
) -> None:
    card = ready(classifier(tmp_path / "mine.onnx", order=(-1, *OTHER_ORDER, -1, -1), softmax=softmax, opset=opset))
    assert card.validation_accuracy.value > 0.7
    examples = tiny.TinyModality().prepared(DATA.test, card.takes).inputs(slice(8))
    scores = open_session(tmp_path / "ready.onnx", "onnxruntime", threads=1).run({"given": examples["images"]})
    assert scores.shape == (8, tiny.CLASSES)
    if softmax:
        np.testing.assert_allclose(scores.sum(axis=1), 1.0, rtol=1e-5)


def test_of_several_outputs_the_row_of_scores_is_taken_and_that_is_said(tmp_path: Path) -> None:
    card = ready(classifier(tmp_path / "mine.onnx", beside=True, softmax=True))
    # Both are wide enough; the one with as many as there are classes is it.
    assert card.remarks == ("Of its 2 outputs, 'chances' is taken for the scores.",)
    assert card.validation_accuracy.value > 0.7


def test_one_that_guesses_is_refused_with_what_was_tried(tmp_path: Path) -> None:
    path = classifier(tmp_path / "mine.onnx", order=(-1,) * tiny.CLASSES)
    with pytest.raises(ModelNotStudied, match=r"no more of 200 .* than guessing would \(10.0%\): of .*, 10.0%; of "):
        ready(path)
    assert not (tmp_path / "ready.onnx").exists()


def test_one_of_too_few_classes_is_refused(tmp_path: Path) -> None:
    with pytest.raises(
        ModelNotStudied, match=r"mine\.onnx cannot be studied: it tells 4 classes apart, and Ten patterns"
    ):
        ready(classifier(tmp_path / "mine.onnx", order=OTHER_ORDER[:4]))


def test_how_wide_and_high_examples_are_is_read_from_the_file(tmp_path: Path) -> None:
    assert side_taken(classifier(tmp_path / "first.onnx")) == 16
    assert side_taken(classifier(tmp_path / "last.onnx", channels_last=True)) == 16


def test_a_labels_file_beside_it_says_which_output_is_which(tmp_path: Path) -> None:
    path = classifier(tmp_path / "mine.onnx", order=OTHER_ORDER)
    (tmp_path / "labels.txt").write_text("".join(f"Pattern-{label}\n" for label in OTHER_ORDER))
    card = ready(path)
    assert card.validation_accuracy.value > 0.7
    assert "by the labels.txt beside it, 'pattern 0' is its output 3" in card.remarks[0]


def test_names_that_do_not_fit_the_answers_are_not_gone_by_and_that_is_said(tmp_path: Path) -> None:
    path = classifier(tmp_path / "mine.onnx")
    model = onnx.load(path)
    swapped = {number: f"pattern {number ^ 1}" for number in range(tiny.CLASSES)}
    model.metadata_props.add(key="names", value=str(swapped))
    onnx.save(model, path)
    card = ready(path)
    assert card.remarks == ("The names in its own metadata do not fit its answers, and were not gone by.",)
    assert card.validation_accuracy.value > 0.7


def test_names_of_other_classes_are_not_gone_by_and_that_is_said(tmp_path: Path) -> None:
    path = classifier(tmp_path / "mine.onnx")
    (tmp_path / "labels.txt").write_text("cat\ndog\n")
    card = ready(path)
    assert card.remarks == (
        "The names in the labels.txt beside it are not those of all classes, and were not gone by.",
    )
    assert card.validation_accuracy.value > 0.7
