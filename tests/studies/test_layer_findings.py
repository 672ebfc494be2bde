"""What a study finds out about its original's layers, on a tiny network with real files made from it."""

import logging
from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from compression.catalog.examples import Dataset
from compression.methods.quantization.dynamic_int8 import quantize_dynamically
from compression.methods.quantization.half_precision import convert_to_half
from compression.methods.quantization.int8_ptq import quantize_int8
from compression.methods.quantization.weights_only import quantize_weights
from compression.records.recipes import Original, Quantize, Recipe
from compression.records.schemes import DynamicInt8, HalfPrecision, Int8, Qat, WeightsOnly
from compression.records.study import Request, Study
from compression.store.library import document_of
from compression.store.studies import Store
from compression.studies.layer_findings import LOOKING, TRYING, look_into_layers
from compression.studies.presets import PRESETS, preset_named
from pages.ui.run.progress import MEASURING_STAGES
from pages.ui.run.words import STAGES
from tests import tiny
from tests.constructed import ORIGINAL, candidate

IMAGES = 300
LAYERS = ["w1", "w2", "w3"]
Told = list[tuple[str, float]]


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    few = tiny.images(IMAGES, seed=2)
    return Dataset(card=tiny.CARD, train=tiny.images(50, seed=1), validation=few, test=few)


@pytest.fixture(scope="module")
def files(dataset: Dataset, tmp_path_factory: pytest.TempPathFactory) -> dict[Recipe, Path]:
    """A classifier with two convolutions and a linear layer, and what was made from it."""
    folder = tmp_path_factory.mktemp("files")
    recipes: list[Recipe] = [
        Original(),
        Quantize(scheme=HalfPrecision()),
        Quantize(scheme=WeightsOnly(bits=8)),
        Quantize(scheme=DynamicInt8()),
        Quantize(scheme=Int8()),
    ]
    made = {recipe: folder / f"{number}.onnx" for number, recipe in enumerate(recipes)}
    original, half, weights, dynamic, int8 = made.values()
    write_classifier(original)
    convert_to_half(original, half)
    quantize_weights(original, weights, 8)
    quantize_dynamically(original, dynamic)
    quantize_int8(original, int8, dataset.train.inputs(slice(None)))
    return made


def write_classifier(path: Path) -> None:
    rng = np.random.default_rng(0)
    shapes = {"w1": (8, 1, 3, 3), "w2": (16, 8, 3, 3), "w3": (16, 10)}
    nodes = [
        helper.make_node("Conv", ["images", "w1"], ["c1"], strides=[2, 2]),
        helper.make_node("Relu", ["c1"], ["r1"]),
        helper.make_node("Conv", ["r1", "w2"], ["c2"], strides=[2, 2]),
        helper.make_node("Relu", ["c2"], ["r2"]),
        helper.make_node("GlobalAveragePool", ["r2"], ["pooled"]),
        helper.make_node("Flatten", ["pooled"], ["flat"]),
        helper.make_node("MatMul", ["flat", "w3"], ["logits"]),
    ]
    graph = helper.make_graph(
        nodes,
        "tiny",
        [helper.make_tensor_value_info("images", TensorProto.FLOAT, ["batch", *tiny.CARD.image_shape])],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["batch", 10])],
        [numpy_helper.from_array(rng.standard_normal(shape, np.float32), name) for name, shape in shapes.items()],
    )
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), path)


@pytest.fixture(autouse=True)
def _logged(caplog: pytest.LogCaptureFixture) -> None:
    # The tool for dynamic quantization is kept from warning by the level of all logs; no worker calls it.
    caplog.set_level(logging.WARNING)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path)


def study_of(store: Store, files: dict[Recipe, Path], preset: str = "standard") -> Study:
    """A study whose lanes have made these files."""
    study = store.add(Request(model="mobilenet_v2", dataset="fashion-mnist", preset=preset))
    for recipe, file in files.items():
        add(store, study, recipe, file.read_bytes())
    return study


def add(store: Store, study: Study, recipe: Recipe, content: bytes) -> None:
    record = candidate(recipe)
    artefact = store.folder(study.id) / record.artefact
    artefact.parent.mkdir(parents=True, exist_ok=True)
    artefact.write_bytes(content)
    store.results.put_candidate(study.id, record)


def look(store: Store, study: Study, dataset: Dataset, interrupt: Callable[[str, float], bool] | None = None) -> Told:
    """All that was told meanwhile."""
    told: Told = []

    def tell(stage: str, done: float) -> None:
        told.append((stage, done))
        if interrupt is not None and interrupt(stage, done):
            raise KeyboardInterrupt

    look_into_layers(store, study, dataset, preset_named(study.preset), threads=1, tell=tell)
    return told


def test_a_standard_study_knows_what_rounding_did_to_each_layer_and_what_few_bits_cost(
    store: Store, files: dict[Recipe, Path], dataset: Dataset
) -> None:
    study = study_of(store, files)
    told = look(store, study, dataset)
    layers = store.results.layers(study.id)
    assert [(layer.weights, layer.operator, layer.shape) for layer in layers] == [
        ("w1", "Conv", (8, 1, 3, 3)),
        ("w2", "Conv", (16, 8, 3, 3)),
        ("w3", "MatMul", (16, 10)),
    ]
    # Of one layer of a network that knows little, chance may have it otherwise.
    in_four, in_two = (sum(layer.sensitivities[at].divergence for layer in layers) for at in (0, 1))
    assert 0 < in_four < in_two
    for layer in layers:
        assert [(each.bits, each.examples) for each in layer.sensitivities] == [(4, IMAGES), (2, IMAGES)]
        assert all(each.low <= each.drop <= each.high for each in layer.sensitivities)
        expected = ["int8-weights", *(["int8-dynamic"] if layer.weights == "w3" else []), "int8-ptq"]
        assert [each.candidate for each in layer.roundings] == expected
        for each in layer.roundings:
            assert sum(each.weights.before) == sum(each.weights.after) == np.prod(layer.shape)
            assert sum(each.inputs.before) == sum(each.inputs.after)
    assert sum(layers[0].roundings[0].inputs.before) == 32 * tiny.SIDE**2
    assert document_of(store, study.id).layers == layers
    assert {stage for stage, _ in told} == {LOOKING, TRYING}
    for stage in (LOOKING, TRYING):
        shares = [done for each, done in told if each == stage]
        assert shares == sorted(shares)
        assert (shares[0], shares[-1]) == (0.0, 1.0)


def test_people_are_told_in_words_what_is_being_done() -> None:
    for stage in (LOOKING, TRYING):
        assert stage in MEASURING_STAGES
        assert STAGES[stage].startswith("Layers: ")


def test_a_quick_study_looks_at_the_numbers_only(store: Store, files: dict[Recipe, Path], dataset: Dataset) -> None:
    study = study_of(store, files, "quick")
    assert {stage for stage, _ in look(store, study, dataset)} == {LOOKING}
    assert all(layer.roundings and not layer.sensitivities for layer in store.results.layers(study.id))


def test_a_preview_does_not_look_inside(store: Store, files: dict[Recipe, Path], dataset: Dataset) -> None:
    study = study_of(store, files, "preview")
    assert look(store, study, dataset) == []
    assert store.results.layers(study.id) == ()


def test_the_longer_presets_try_few_bits_as_well() -> None:
    assert [each.name for each in PRESETS if each.layer_histograms] == ["quick", "standard", "thorough"]
    assert [each.name for each in PRESETS if each.layer_sensitivity] == ["standard", "thorough"]


def test_a_resumed_study_does_not_look_again(store: Store, files: dict[Recipe, Path], dataset: Dataset) -> None:
    study = study_of(store, files)
    look(store, study, dataset)
    before = store.results.layers(study.id)
    assert look(store, study, dataset) == []
    assert store.results.layers(study.id) == before


def test_a_resumed_study_looks_into_what_it_has_made_since(
    store: Store, files: dict[Recipe, Path], dataset: Dataset
) -> None:
    study = study_of(store, files)
    look(store, study, dataset)
    add(store, study, Quantize(scheme=Qat()), files[Quantize(scheme=Int8())].read_bytes())
    assert look(store, study, dataset) == [(LOOKING, 0.0), (LOOKING, 1.0)]
    for layer in store.results.layers(study.id):
        names = [each.candidate for each in layer.roundings]
        assert names[-2:] == ["int8-ptq", "int8-qat"]
        assert len(set(names)) == len(names)


def test_what_was_set_aside_is_not_looked_into(store: Store, files: dict[Recipe, Path], dataset: Dataset) -> None:
    study = study_of(store, files, "quick")
    add(store, study, Quantize(scheme=Qat()), files[Quantize(scheme=Int8())].read_bytes())
    store.results.set_aside(study.id, "int8-qat", "int8-ptq")
    look(store, study, dataset)
    compared = {each.candidate for layer in store.results.layers(study.id) for each in layer.roundings}
    assert compared == {"int8-weights", "int8-dynamic", "int8-ptq"}


def test_an_interrupted_study_keeps_the_bits_that_it_has_tried(
    store: Store, files: dict[Recipe, Path], dataset: Dataset
) -> None:
    study = study_of(store, files)
    with pytest.raises(KeyboardInterrupt):
        look(store, study, dataset, interrupt=lambda stage, done: stage == TRYING and done > 0.5)
    assert [[each.bits for each in layer.sensitivities] for layer in store.results.layers(study.id)] == [[4]] * 3
    told = look(store, study, dataset)
    assert [stage for stage, _ in told] == [TRYING] * (1 + len(LAYERS))
    assert [[each.bits for each in layer.sensitivities] for layer in store.results.layers(study.id)] == [[4, 2]] * 3


def test_a_file_that_cannot_be_looked_into_is_left_out_and_the_log_says_why(
    store: Store, files: dict[Recipe, Path], dataset: Dataset, caplog: pytest.LogCaptureFixture
) -> None:
    study = study_of(store, files)
    add(store, study, Quantize(scheme=Int8()), b"broken off")
    look(store, study, dataset)
    for layer in store.results.layers(study.id):
        assert "int8-weights" in {each.candidate for each in layer.roundings}
        assert "int8-ptq" not in {each.candidate for each in layer.roundings}
        assert len(layer.sensitivities) == 2
    assert caplog.messages == [
        "The study goes on without histograms of the layers of int8-ptq. The model int8-ptq.onnx cannot be measured: "
        "it is not an ONNX file, whatever its name says; choose one that was exported to ONNX."
    ]


def test_nor_does_an_original_that_cannot_be_looked_into_end_the_study(
    store: Store, files: dict[Recipe, Path], dataset: Dataset, caplog: pytest.LogCaptureFixture
) -> None:
    study = study_of(store, files)
    add(store, study, ORIGINAL, files[ORIGINAL].read_bytes()[:-100])
    look(store, study, dataset)
    assert store.results.layers(study.id) == ()
    assert [said.split(" The model ")[0] for said in caplog.messages] == [
        "The study goes on without histograms of the original's layers.",
        "The study goes on without the sensitivity of the original's layers.",
    ]


def test_an_original_without_files_made_from_it_still_has_its_sensitivities(
    store: Store, files: dict[Recipe, Path], dataset: Dataset
) -> None:
    study = study_of(store, {ORIGINAL: files[ORIGINAL]})
    look(store, study, dataset)
    layers = store.results.layers(study.id)
    assert [(layer.weights, layer.shape) for layer in layers][-1] == ("w3", (16, 10))
    assert all(not layer.roundings and len(layer.sensitivities) == 2 for layer in layers)
