"""A file gets what it takes by the names of its inputs, however many there are and of whatever type."""

from pathlib import Path
from typing import get_args

import numpy as np
import onnx
import pytest
from numpy.typing import NDArray

from compression.catalog.examples import length_of, rows_of
from compression.errors import ModelNotUsable
from compression.measurement.accuracy.predictions import predictions_of_file
from compression.measurement.checks import check_classifier, check_finite
from compression.measurement.engines import open_session
from compression.measurement.graph.onnx_file import fixed_batch
from compression.measurement.layers.activations import layers_seen
from compression.measurement.measure_files import measure_files
from compression.measurement.memory import measure_peak_memory
from compression.measurement.timing.latency import Condition, measure_latencies
from compression.records.inputs import InputSpec
from compression.records.measurements import EngineName
from tests.measurement.conftest import card_of, changed
from tests.measurement.two_inputs import (
    KINDS,
    LENGTH,
    TOKENS,
    WEIGHTS,
    constants,
    list_card,
    list_dataset,
    list_file,
    scores_of,
    some_lists,
)

ENGINES = get_args(EngineName)
OTHER_NAMES = "its inputs are called ids, mask, and what there is to put in tokens, weights; export it with these names"
# With a third one, which the file does not take.
OFFERED = (KINDS, WEIGHTS, TOKENS)


@pytest.fixture
def two_inputs(tmp_path: Path) -> Path:
    return list_file(tmp_path / "two.onnx")


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("weights_first", [False, True])
def test_each_input_gets_what_is_called_like_it_in_whatever_order(
    engine: EngineName, weights_first: bool, tmp_path: Path
) -> None:
    inputs = some_lists()
    session = open_session(list_file(tmp_path / "two.onnx", weights_first=weights_first), engine, threads=1)
    assert session.input_names == {"tokens", "weights"}
    for given in (inputs, dict(reversed(inputs.items()))):
        np.testing.assert_allclose(session.run(given), scores_of(inputs), atol=1e-5)


@pytest.mark.parametrize("engine", ENGINES)
def test_what_a_file_does_not_take_is_left_out(engine: EngineName, two_inputs: Path) -> None:
    inputs = some_lists()
    card, offered = list_card(*OFFERED), {"kinds": np.ones((40, LENGTH), np.int64), **inputs}
    check_classifier(two_inputs, card, engines=[engine])
    check_finite(two_inputs, offered, card, engines=[engine])
    session = open_session(two_inputs, engine, threads=1)
    np.testing.assert_allclose(session.run(offered), scores_of(inputs), atol=1e-5)
    condition = Condition(engine=engine, batch=2, threads=1)
    timed = measure_latencies([("two", two_inputs)], [condition], offered, seconds_per_subject=0.1, seed=0)
    assert timed.latencies["two"][0].batch == 2
    weighed = measure_peak_memory([("two", two_inputs)], engine, inputs=card.inputs, repeats=1)
    assert weighed["two"].alone_bytes > 0
    assert [each.place.stored for each in layers_seen(two_inputs, offered, threads=1)] == ["w"]


@pytest.mark.parametrize("engine", ENGINES)
def test_the_only_input_gets_the_only_one_whatever_it_is_called(
    engine: EngineName, float_file: Path, images: NDArray[np.float32]
) -> None:
    expected = open_session(float_file, engine, threads=1).run({"images": images})
    (first_layer, *_) = layers_seen(float_file, {"images": images}, threads=1)

    def rename(model: onnx.ModelProto) -> None:
        model.graph.input[0].name = model.graph.node[0].input[0] = "input.1"

    path = changed(float_file, rename)
    check_classifier(path, card_of(), engines=[engine])
    check_finite(path, {"images": images}, card_of(), engines=[engine])
    session = open_session(path, engine, threads=1)
    assert session.input_names == {"input.1"}
    np.testing.assert_array_equal(session.run({"images": images}), expected)
    condition = Condition(engine=engine, batch=2, threads=1)
    assert measure_latencies(
        [("renamed", path)], [condition], {"images": images}, seconds_per_subject=0.1, seed=0
    ).latencies
    assert measure_peak_memory([("renamed", path)], engine, inputs=card_of().inputs, repeats=1)
    np.testing.assert_array_equal(layers_seen(path, {"images": images}, threads=1)[0].inputs, first_layer.inputs)


@pytest.mark.parametrize("engine", ENGINES)
def test_inputs_of_other_names_are_refused_in_one_sentence(engine: EngineName, tmp_path: Path) -> None:
    path = list_file(tmp_path / "other.onnx", names=("ids", "mask"))
    sentence = f"^The model other.onnx cannot be measured: {OTHER_NAMES}\\.$"
    with pytest.raises(ModelNotUsable, match=sentence):
        check_classifier(path, list_card(), engines=[engine])
    session = open_session(path, engine, threads=1)
    with pytest.raises(ModelNotUsable, match="and what there is to put in tokens, weights; export it with these names"):
        session.run(some_lists())
    with pytest.raises(ModelNotUsable, match=sentence):
        layers_seen(path, some_lists(), threads=1)


def test_a_single_input_of_another_name_is_refused_where_there_are_two_to_choose_from(float_file: Path) -> None:
    with pytest.raises(
        ModelNotUsable, match="its inputs are called images, and what there is to put in tokens, weights"
    ):
        check_classifier(float_file, list_card())


@pytest.mark.parametrize(
    ("offered", "sentence"),
    [
        (TOKENS.model_copy(update={"element": "int32"}), "is of the type int64, and lists come as int32; export it"),
        (TOKENS.model_copy(update={"shape": (7,)}), r"takes lists of 5 \(words\), and those of the dataset are 7"),
        (
            TOKENS.model_copy(update={"shape": (5, 2), "axes": ("words", "letters")}),
            r"its input has 2 axes, and lists come with 3 \(batch, words, letters\)",
        ),
    ],
)
def test_each_of_several_inputs_is_looked_at(offered: InputSpec, sentence: str, tmp_path: Path) -> None:
    for weights_first in (False, True):
        path = list_file(tmp_path / "two.onnx", weights_first=weights_first)
        with pytest.raises(ModelNotUsable, match=sentence):
            check_classifier(path, list_card(WEIGHTS, offered))


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("batches", [("batch", "batch"), ("batch", "other")])
def test_a_batch_is_fixed_for_all_inputs_at_once(engine: EngineName, batches: tuple[str, str], tmp_path: Path) -> None:
    path, inputs = list_file(tmp_path / "two.onnx", batches=batches), some_lists()
    fixed = open_session(path, engine, threads=1, batch=8)
    assert fixed.options["batch"] == "8"
    np.testing.assert_allclose(fixed.run(rows_of(inputs, slice(8))), scores_of(inputs)[:8], atol=1e-5)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("batches", [(1, 1), (1, "batch"), ("batch", 1)])
def test_a_file_that_fixes_the_batch_of_an_input_to_one_is_run_list_by_list(
    engine: EngineName, batches: tuple[str | int, str | int], tmp_path: Path
) -> None:
    path, inputs = list_file(tmp_path / "one.onnx", batches=batches), some_lists()
    check_classifier(path, list_card(), engines=[engine])
    check_finite(path, inputs, list_card(), engines=[engine])
    assert fixed_batch(path) == 1
    assert open_session(path, engine, threads=1).options["batch"] == "1"
    with pytest.raises(ModelNotUsable, match="takes batches of 1 only"):
        open_session(path, engine, threads=1, batch=8)
    examples = list_dataset(list_card(), (inputs, inputs)).test
    assert (predictions_of_file(path, engine, examples, threads=1).classes == examples.labels).all()


def test_a_file_that_fixes_the_batch_of_its_second_input_to_more_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelNotUsable, match="it takes batches of 8 only, so that neither one list nor"):
        check_classifier(list_file(tmp_path / "eight.onnx", batches=("batch", 8)), list_card())


def test_scores_that_are_not_finite_are_counted_in_the_datasets_own_words(two_inputs: Path) -> None:
    inputs = some_lists()
    inputs["weights"][:3] = np.inf
    sentence = "scores from it that are not finite numbers for 3 of 40 lists of the dataset"
    with pytest.raises(ModelNotUsable, match=sentence):
        check_finite(two_inputs, inputs, list_card())


def test_all_that_is_measured_of_a_file_is_measured_of_one_with_two_inputs(two_inputs: Path) -> None:
    card, offered = list_card(), (some_lists(seed=1), some_lists(seed=2))
    check_classifier(two_inputs, card)
    measured = measure_files(
        [two_inputs],
        list_dataset(card, offered),
        engines=ENGINES,
        batches=[1, 4],
        threads=[1],
        precision="fp32",
        seconds=0.1,
        seed=0,
    )
    (file,) = measured.files
    assert [answers.engine for answers in file.answers] == list(ENGINES)
    for answers in file.answers:
        assert (answers.accuracy.correct, answers.accuracy.total) == (length_of(offered[1]), 40)
    assert [(each.engine, each.batch) for each in file.latency] == [
        (engine, batch) for engine in ENGINES for batch in (1, 4)
    ]
    assert file.peak_memory_bytes == file.memory_readings.added_bytes
    assert file.parameters == sum(constants()[name].size for name in ("words", "w", "b"))
    assert file.macs == constants()["w"].size
