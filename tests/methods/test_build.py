"""Every recipe becomes one small, self-contained file that the engines agree on."""

import os
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import onnx
import pytest
import torch

from compression.catalog.examples import Dataset
from compression.errors import CandidateFailed
from compression.measurement.accuracy.predictions import predictions
from compression.measurement.accuracy.shares import accuracy_of
from compression.measurement.engines import open_session
from compression.measurement.engines.kernels import kernels
from compression.methods.build import build
from compression.methods.build_context import BuildContext
from compression.methods.built import BuildProgress, Built
from compression.methods.distillation.teacher import compute_teacher_logits, load_teacher_logits
from compression.methods.training.checkpoint import load_weights
from compression.modalities.image.students import build_student
from compression.records.budgets import RetrainingBudget
from compression.records.objectives import FitNets, SoftTargets
from compression.records.recipes import (
    Distill,
    Original,
    Quantize,
    Recipe,
    Train,
)
from compression.records.schemes import (
    DynamicInt8,
    HalfPrecision,
    Int8,
    Qat,
    RecipeScheme,
    Scheme,
    WeightsOnly,
)
from compression.records.students import Student

STUDENT = Student(size="small", width=4)
DISTILL = Distill(student=STUDENT, objective=SoftTargets(temperature=4.0, labels_share=0.1))


def make(recipe: Recipe, context: BuildContext) -> Built:
    return last_of(tuple(build(recipe, context)))


def last_of(events: tuple[BuildProgress | Built, ...]) -> Built:
    made = events[-1]
    assert isinstance(made, Built)
    return made


def logits_of(made: Built, dataset: Dataset, count: int = 64) -> np.ndarray:
    inputs = dataset.test.inputs(slice(count))
    return open_session(made.artefact, "onnxruntime", threads=1).run(inputs)


@pytest.fixture(scope="module")
def prepared(context: Callable[..., BuildContext]) -> BuildContext:
    """A context with the original exported and its logits known; each recipe has a file of its own in it."""
    ready = context()
    make(Original(), ready)
    list(compute_teacher_logits(ready.original, ready.student_views, ready.teacher_logits, threads=1))
    return ready


@pytest.fixture(scope="module")
def retraining(prepared: BuildContext) -> BuildContext:
    return replace(
        prepared,
        trained_on=frozenset({DISTILL}),
        # A student of 64 steps has much to learn yet, and would do so at the usual rate.
        retraining_budget=RetrainingBudget(examples_seen=64, batch_size=32, train_examples=64, peak_learning_rate=1e-5),
    )


@pytest.fixture(scope="module")
def events(retraining: BuildContext) -> Callable[[Recipe], tuple[BuildProgress | Built, ...]]:
    """All that is told while a recipe is built; each is built once."""
    return cache(lambda recipe: tuple(build(recipe, retraining)))


@pytest.fixture(scope="module")
def built(events: Callable[[Recipe], tuple[BuildProgress | Built, ...]]) -> Callable[[Recipe], Built]:
    return lambda recipe: last_of(events(recipe))


def test_the_exported_original_answers_as_the_network_does(prepared: BuildContext, dataset: Dataset) -> None:
    inputs = dataset.test.inputs(slice(64))
    with torch.inference_mode():
        expected = prepared.network()(torch.from_numpy(inputs["images"])).numpy()
    found = open_session(prepared.original, "onnxruntime", threads=1).run(inputs)
    assert np.abs(found - expected).max() < 1e-3


def test_files_keep_the_ids_that_an_older_version_gave_them(prepared: BuildContext) -> None:
    older = replace(prepared, written_as={"distilled-small": "distilled-small-as-it-was"})
    assert older.artefact(DISTILL).name == "distilled-small-as-it-was.onnx"
    assert older.weights(DISTILL).name == "distilled-small-as-it-was.safetensors"
    assert prepared.artefact(DISTILL).name == "distilled-small.onnx"


def test_an_exported_file_carries_no_notes(prepared: BuildContext) -> None:
    model = onnx.load(prepared.original)
    assert not any(node.metadata_props or node.doc_string for node in model.graph.node)
    weights = sum(4 * int(np.prod(tensor.dims)) for tensor in model.graph.initializer)
    assert prepared.original.stat().st_size < 1.01 * weights


@pytest.mark.parametrize(
    ("scheme", "ratio"),
    [
        (Int8(), (3.4, 4.0)),
        (HalfPrecision(), (1.9, 2.05)),
        (WeightsOnly(bits=8), (3.5, 4.0)),
        (WeightsOnly(bits=4), (6.0, 8.0)),
        (DynamicInt8(), (1.0, 1.01)),
    ],
)
def test_a_quantized_original_is_smaller_and_agrees(
    scheme: Scheme,
    ratio: tuple[float, float],
    prepared: BuildContext,
    built: Callable[[Recipe], Built],
    dataset: Dataset,
) -> None:
    made = built(Quantize(scheme=scheme))
    low, high = ratio
    assert low < prepared.original.stat().st_size / made.artefact.stat().st_size < high
    assert not made.needs.labels
    original = open_session(prepared.original, "onnxruntime", threads=1).run(dataset.test.inputs(slice(64)))
    agreement = np.mean(logits_of(made, dataset).argmax(1) == original.argmax(1))
    assert agreement > 0.9


def test_an_int8_file_runs_in_both_engines_with_the_same_answers(
    built: Callable[[Recipe], Built], dataset: Dataset
) -> None:
    made = built(Quantize(scheme=Int8()))
    found = [
        predictions(open_session(made.artefact, engine, threads=1), dataset.test).classes
        for engine in ("onnxruntime", "openvino")
    ]
    assert np.mean(found[0] == found[1]) > 0.98


def test_int8_weights_are_stored_as_int8(built: Callable[[Recipe], Built]) -> None:
    model = onnx.load(built(Quantize(scheme=Int8())).artefact)
    elements = {onnx.TensorProto.INT8: 0, onnx.TensorProto.FLOAT: 0}
    for tensor in model.graph.initializer:
        if tensor.data_type in elements:
            elements[tensor.data_type] += int(np.prod(tensor.dims))
    assert elements[onnx.TensorProto.INT8] > 50 * elements[onnx.TensorProto.FLOAT]


def test_a_distilled_student_and_its_control_are_trained_alike(
    built: Callable[[Recipe], Built], dataset: Dataset
) -> None:
    distilled, control = built(DISTILL), built(Train(student=STUDENT))
    for made in (distilled, control):
        assert made.needs.examples == len(dataset.train)
        assert made.validation_accuracy is not None
        assert made.validation_accuracy > 0.4
    assert abs(distilled.artefact.stat().st_size - control.artefact.stat().st_size) < 100
    assert not np.allclose(logits_of(distilled, dataset), logits_of(control, dataset))


def test_what_was_seen_in_training_holds_for_the_file(built: Callable[[Recipe], Built], dataset: Dataset) -> None:
    made = built(Train(student=STUDENT))
    session = open_session(made.artefact, "onnxruntime", threads=1)
    found = predictions(session, dataset.validation)
    accuracy = accuracy_of(found.classes, dataset.validation.labels).value
    # Training judges in bf16 where the CPU has it.
    assert accuracy == pytest.approx(made.validation_accuracy, abs=0.02)


def test_the_file_of_a_student_taught_with_hints_holds_the_student_and_nothing_else(
    prepared: BuildContext, built: Callable[[Recipe], Built]
) -> None:
    made = built(Distill(student=STUDENT, objective=FitNets(labels_share=0.0)))
    assert not made.needs.labels
    layers = [
        module
        for module in build_student(STUDENT, prepared.dataset.card).modules()
        if isinstance(module, torch.nn.Conv2d | torch.nn.Linear)
    ]
    # Batch norms are folded: each layer has its weights, and a bias for each of its outputs.
    expected = sum(layer.weight.numel() + len(layer.weight) for layer in layers)
    tensors = onnx.load(made.artefact).graph.initializer
    floats = [tensor for tensor in tensors if tensor.data_type == onnx.TensorProto.FLOAT]
    assert sum(int(np.prod(tensor.dims)) for tensor in floats) == expected


def rounded_weights(file: Path) -> list[tuple[np.ndarray, np.ndarray]]:
    """Of every convolution in an 8-bit file: its weights as they are computed with, and the step of each channel."""
    graph = onnx.load(file).graph
    values = {tensor.name: onnx.numpy_helper.to_array(tensor) for tensor in graph.initializer}
    found = []
    for node in graph.node:
        if node.op_type == "DequantizeLinear" and node.input[0] in values and values[node.input[0]].ndim == 4:
            whole, step, zero = (values[name] for name in node.input)
            step, zero = (np.reshape(value, (-1, 1, 1, 1)).astype(np.float32) for value in (step, zero))
            found.append(((whole - zero) * step, step))
    return found


def test_the_weights_of_a_quantized_student_are_its_own_to_half_a_step(built: Callable[[Recipe], Built]) -> None:
    student = built(DISTILL)
    both = built(Quantize(source=DISTILL, scheme=Int8()))
    tensors = onnx.load(student.artefact).graph.initializer
    own = [weights for weights in map(onnx.numpy_helper.to_array, tensors) if weights.ndim == 4]
    rounded = rounded_weights(both.artefact)
    assert len(rounded) == len(own) > 5
    for weights, step in rounded:
        same_shape = [each for each in own if each.shape == weights.shape]
        assert any((np.abs(weights - each) <= 0.501 * step).all() for each in same_shape)


def test_a_distilled_student_is_quantized_from_its_own_file(built: Callable[[Recipe], Built], dataset: Dataset) -> None:
    student = built(DISTILL)
    both = built(Quantize(source=DISTILL, scheme=Int8()))
    assert both.artefact.stat().st_size < student.artefact.stat().st_size
    of_both, of_student, of_original = (logits_of(made, dataset) for made in (both, student, built(Original())))
    assert np.abs(of_both - of_student).mean() < 0.5 * np.abs(of_both - of_original).mean()


def test_a_distilled_student_is_retrained_from_its_own_weights(
    retraining: BuildContext, built: Callable[[Recipe], Built], dataset: Dataset
) -> None:
    student = built(DISTILL)
    network = build_student(STUDENT, dataset.card).eval()
    load_weights(network, retraining.weights(DISTILL))
    inputs = dataset.test.inputs(slice(64))
    with torch.inference_mode():
        kept = network(torch.from_numpy(inputs["images"])).numpy()
    assert np.abs(kept - logits_of(student, dataset)).max() < 1e-3

    retrained = built(Quantize(source=DISTILL, scheme=Qat()))
    assert retrained.artefact.name == "distilled-small-int8-qat.onnx"
    assert retrained.artefact.stat().st_size < 0.8 * student.artefact.stat().st_size
    assert (retrained.needs.labels, retrained.needs.examples) == (True, 64)
    assert np.mean(logits_of(retrained, dataset).argmax(1) == kept.argmax(1)) > 0.9
    assert retrained.validation_accuracy == pytest.approx(student.validation_accuracy, abs=0.05)


def test_without_kept_weights_a_student_cannot_be_retrained(context: Callable[..., BuildContext]) -> None:
    with pytest.raises(CandidateFailed, match="start the study again"):
        make(Quantize(source=DISTILL, scheme=Qat()), context())


def test_a_retrained_original_answers_as_the_original_does(
    retraining: BuildContext, built: Callable[[Recipe], Built], dataset: Dataset
) -> None:
    made = built(Quantize(scheme=Qat()))
    original = open_session(retraining.original, "onnxruntime", threads=1).run(dataset.test.inputs(slice(64)))
    assert np.mean(logits_of(made, dataset).argmax(1) == original.argmax(1)) > 0.95
    assert 3.4 < retraining.original.stat().st_size / made.artefact.stat().st_size < 4.0
    run = kernels(made.artefact, "onnxruntime")
    assert run.low_precision_macs > 0.99, "also what stands before a residual sum"
    assert "Add" not in run.in_float


@pytest.mark.parametrize("scheme", [Int8(), Qat()], ids=["int8", "int8-qat"])
def test_a_quantized_file_is_held_against_its_source_in_both_engines(
    scheme: RecipeScheme, built: Callable[[Recipe], Built]
) -> None:
    check = built(Quantize(scheme=scheme)).check
    assert check is not None
    assert not check.repaired
    # A processor without instructions for 8-bit products may cut sums off in one engine only.
    assert all("does not compute what the file says" in clause for clause in check.wrong)
    assert built(Original()).check is None


def test_a_training_tells_how_far_it_is(events: Callable[[Recipe], tuple[BuildProgress | Built, ...]]) -> None:
    steps = [event for event in events(Train(student=STUDENT)) if isinstance(event, BuildProgress)]
    assert steps[-1].done == 1.0
    assert [step.validation_accuracy is not None for step in steps].count(True) == 2


def test_the_teachers_logits_are_computed_once_and_kept(prepared: BuildContext, dataset: Dataset) -> None:
    file = prepared.teacher_logits
    os.utime(file, (0, 0))
    before = file.stat()
    assert (
        list(compute_teacher_logits(prepared.original, prepared.student_views, prepared.teacher_logits, threads=1))
        == []
    )
    # The same file, and counted as used.
    assert file.stat().st_ino == before.st_ino
    assert file.stat().st_mtime > before.st_mtime
    logits = load_teacher_logits(prepared.teacher_logits)
    assert logits.shape == (1, len(dataset.train), 10)


def test_the_kept_logits_are_those_of_the_original(prepared: BuildContext, dataset: Dataset) -> None:
    inputs = dataset.train.inputs(slice(64))
    exact = open_session(prepared.original, "onnxruntime", threads=1).run(inputs)
    kept = load_teacher_logits(prepared.teacher_logits)[0, :64].float().numpy()
    assert np.mean(kept.argmax(1) == exact.argmax(1)) > 0.95
    assert np.abs(kept - exact).mean() < 0.05 * np.abs(exact).mean()


def test_other_views_are_asked_about_anew(prepared: BuildContext) -> None:
    two_views = prepared.student_budget.model_copy(update={"views": 2})
    assert replace(prepared, student_budget=two_views).teacher_logits != prepared.teacher_logits


def test_fewer_training_examples_are_a_seeded_choice(context: Callable[..., BuildContext]) -> None:
    part = context(train_examples=100)
    assert len(part.learning_examples) == 100
    assert part.learning_examples.fingerprint() == context(train_examples=100).learning_examples.fingerprint()


def test_other_seeds_show_what_chance_is_worth_and_leave_the_file_as_it_is(
    context: Callable[..., BuildContext], dataset: Dataset
) -> None:
    once, twice = (make(Train(student=STUDENT), context(epochs=1, seeds=seeds)) for seeds in (1, 2))
    assert once.validation_repeats == ()
    (repeat,) = twice.validation_repeats
    assert twice.validation_accuracy == once.validation_accuracy != repeat
    assert np.array_equal(logits_of(twice, dataset), logits_of(once, dataset))
