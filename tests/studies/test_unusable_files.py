"""A file that was made, and that an engine cannot use, falls alone when it is measured."""

from pathlib import Path

import numpy as np
import pytest
from onnx import TensorProto, helper, numpy_helper

from compression.catalog.examples import Dataset
from compression.errors import ModelNotUsable
from compression.records.recipes import Original, Quantize, Recipe
from compression.records.schemes import HalfPrecision, Int8, WeightsOnly
from compression.records.study import Request, Study
from compression.store.studies import Store
from compression.studies.measure_study import measure_answers
from compression.studies.presets import preset_named
from tests import tiny
from tests.constructed import candidate

IMAGES = 200


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    few = tiny.images(IMAGES, seed=3)
    return Dataset(card=tiny.CARD, train=few, validation=few, test=few)


def classifier(*, operator: str = "Identity", largest: float = 1.0) -> bytes:
    """One matrix product, with an operator behind it."""
    weights = np.random.default_rng(0).normal(size=(tiny.SIDE**2, 10)).astype(np.float32) * np.float32(largest)
    graph = helper.make_graph(
        [
            helper.make_node("Flatten", ["images"], ["flat"]),
            helper.make_node("MatMul", ["flat", "weights"], ["product"]),
            helper.make_node(operator, ["product"], ["scores"]),
        ],
        "classifier",
        [helper.make_tensor_value_info("images", TensorProto.FLOAT, ["batch", *tiny.CARD.image_shape])],
        [helper.make_tensor_value_info("scores", TensorProto.FLOAT, ["batch", 10])],
        [numpy_helper.from_array(weights, "weights")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    return bytes(model.SerializeToString())


def study_of(store: Store, files: dict[Recipe, bytes]) -> Study:
    study = store.add(Request(model="mobilenet_v2", dataset="fashion-mnist", preset="quick"))
    for recipe, content in files.items():
        made = candidate(recipe, accuracy=None)
        artefact = store.folder(study.id) / made.artefact
        artefact.parent.mkdir(parents=True, exist_ok=True)
        artefact.write_bytes(content)
        store.results.put_candidate(study.id, made)
    return study


def measure(store: Store, study: Study, dataset: Dataset) -> None:
    preset = preset_named(study.preset)
    measure_answers(store, study, dataset, preset, threads=1, tell=lambda _stage, _done: None)


def test_the_others_are_measured_and_the_reason_is_kept(tmp_path: Path, dataset: Dataset) -> None:
    store = Store(tmp_path)
    files: dict[Recipe, bytes] = {
        Original(): classifier(),
        Quantize(scheme=HalfPrecision()): classifier(largest=np.finfo(np.float32).max / 10),
        Quantize(scheme=WeightsOnly(bits=8)): classifier(operator="NoSuchOperator"),
        Quantize(scheme=Int8()): classifier(),
    }
    study = study_of(store, files)
    measure(store, study, dataset)

    measured = store.results.candidates(study.id)
    assert [each.id for each in measured] == ["original", "int8-ptq"]
    assert all(each.accuracy is not None and each.accuracy.total == IMAGES for each in measured)
    assert [(pair.first, pair.second) for pair in store.results.pairs(study.id)] == [("original", "int8-ptq")]
    reasons = {failure.candidate: failure.message for failure in store.results.failures(study.id)}
    assert reasons.keys() == {"fp16", "int8-weights"}
    assert "class scores that are not finite numbers for one of the test images" in reasons["fp16"]
    assert "NoSuchOperator" in reasons["int8-weights"]


def test_without_the_original_there_is_nothing_to_compare_with(tmp_path: Path, dataset: Dataset) -> None:
    store = Store(tmp_path)
    study = study_of(store, {Original(): classifier(operator="NoSuchOperator"), Quantize(scheme=Int8()): classifier()})
    with pytest.raises(ModelNotUsable, match="NoSuchOperator"):
        measure(store, study, dataset)
