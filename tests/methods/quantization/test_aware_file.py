"""A student that was trained on with rounded numbers becomes a file that computes as it did, in 8 bits throughout."""

from dataclasses import dataclass
from pathlib import Path
from typing import get_args

import numpy as np
import onnx
import pytest
import torch
from torch import nn

from compression.catalog.examples import Dataset
from compression.measurement.engines import open_session
from compression.measurement.engines.kernels import kernels
from compression.measurement.graph.facts import graph_facts
from compression.methods.distillation.objective import Distillation
from compression.methods.export import export_graph
from compression.methods.model_file import write_model
from compression.methods.quantization.aware.fake_quantized import fake_quantized
from compression.methods.quantization.aware.retraining import Retrained, retrain
from compression.methods.training.loop import TrainingProgress, Validation
from compression.modalities.image.augmentation import Augmentation, ImageViews
from compression.modalities.image.students import build_student
from compression.records.budgets import RetrainingBudget
from compression.records.measurements import EngineName
from compression.records.objectives import SoftTargets
from compression.records.students import Student
from tests.methods.quantization.sixteen_bits import exactly, for_this_processor

ENGINES = get_args(EngineName)
EXAMPLES, EPOCHS = 500, 3
BUDGET = RetrainingBudget(examples_seen=EPOCHS * EXAMPLES, batch_size=50, peak_learning_rate=0.02)


@dataclass(frozen=True, kw_only=True)
class Result:
    student: nn.Module
    before: dict[str, torch.Tensor]
    told: list[TrainingProgress]
    retrained: Retrained
    file: Path


@pytest.fixture(scope="module")
def result(dataset: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Result:
    """A student that learns the answers of another one, of random weights both."""
    torch.manual_seed(0)
    student, teacher = (build_student(Student(size="medium", width=12), dataset.card).eval() for _ in range(2))
    before = {name: tensor.clone() for name, tensor in student.state_dict().items()}
    views = ImageViews(dataset.train.select(np.arange(EXAMPLES)), dataset.card, Augmentation(), count=1, seed=0)
    with torch.no_grad():
        answers = 20 * teacher(**views.render(torch.arange(EXAMPLES), 0))
    told: list[TrainingProgress] = []
    for event in retrain(
        student,
        views,
        Distillation(objective=SoftTargets(labels_share=0.0)),
        Validation(ImageViews(dataset.validation, dataset.card, Augmentation(), count=1, seed=0)),
        inputs=dataset.card.inputs,
        calibration=dataset.train.inputs(slice(100)),
        budget=BUDGET,
        seed=0,
        teacher_logits=answers.unsqueeze(0),
    ):
        if isinstance(event, TrainingProgress):
            told.append(event)
        else:
            retrained = event
    file = tmp_path_factory.mktemp("aware") / "student.onnx"
    write_model(retrained.model, file)
    return Result(student=student, before=before, told=told, retrained=retrained, file=file)


def test_it_learns_from_its_teacher_meanwhile(result: Result) -> None:
    losses = [progress.loss for progress in result.told if progress.validation_accuracy is not None]
    assert len(losses) == EPOCHS
    assert losses[-1] < 0.9 * losses[0]


def test_the_network_it_started_from_is_left_as_it_was(result: Result) -> None:
    after = result.student.state_dict()
    assert all(torch.equal(after[name], tensor) for name, tensor in result.before.items())


@pytest.mark.parametrize("engine", [None, *ENGINES])
def test_the_file_answers_as_the_rounded_network_does(
    engine: EngineName | None, result: Result, dataset: Dataset, tmp_path: Path
) -> None:
    network = result.retrained.network.eval()
    inputs = dataset.validation.inputs(slice(None))
    with torch.no_grad():
        expected = network(torch.from_numpy(inputs["images"])).numpy()
    model = onnx.load(result.file)
    found = exactly(model, inputs["images"])
    if engine is not None:
        # Where a processor cuts sums off, the engine is held to what the standard makes of weights that it can sum up.
        computed = for_this_processor(model)
        onnx.save(computed, tmp_path / "computed.onnx")
        expected = expected if computed is model else exactly(computed, inputs["images"])
        found = open_session(tmp_path / "computed.onnx", engine, threads=1).run(inputs)
    # What one step of the classifier's inputs makes in a logit, for the one with the largest weights.
    step = next(float(each.scale) for each in network.roundings()[-2:] if not each.is_per_channel)
    weights = network.state_dict()["graph.classifier.weight"].numpy()
    assert np.abs(found - expected).max() < step * np.abs(weights).sum(1).max()
    assert np.abs(found - expected).mean() < 0.02 * expected.std()
    assert np.mean(found.argmax(1) == expected.argmax(1)) > 0.98


def test_one_file_takes_any_batch(result: Result, dataset: Dataset) -> None:
    session = open_session(result.file, "onnxruntime", threads=1)
    seven, three = (dataset.validation.inputs(slice(count)) for count in (7, 3))
    assert np.allclose(session.run(seven)[:3], session.run(three), atol=1e-5)


@pytest.mark.parametrize("engine", ENGINES)
def test_residual_sums_run_in_8_bits(engine: EngineName, result: Result) -> None:
    found = kernels(result.file, engine)
    assert found.low_precision_macs > 0.99
    assert not {"Add", "Conv", "Relu"} & found.in_float.keys()


def test_its_weights_are_stored_as_int8(result: Result) -> None:
    stored = {tensor.name: tensor for tensor in onnx.load(result.file).graph.initializer}
    integers = [tensor for tensor in stored.values() if tensor.data_type == onnx.TensorProto.INT8]
    weights = sum(each.numel() for each in result.student.parameters() if each.ndim > 1)
    # Beside the weights themselves, the zero points of their channels.
    channels = sum(each.shape[0] for each in result.student.parameters() if each.ndim > 1)
    assert weights <= sum(int(np.prod(tensor.dims)) for tensor in integers) <= weights + channels
    floats = [tensor for tensor in stored.values() if tensor.data_type == onnx.TensorProto.FLOAT]
    assert max(int(np.prod(tensor.dims)) for tensor in floats) == 48, "biases and scales of the widest convolution"


def test_every_activation_is_rounded_to_the_same_type(result: Result) -> None:
    graph = onnx.load(result.file).graph
    types = {tensor.name: tensor.data_type for tensor in graph.initializer}
    found = {types[node.input[2]] for node in graph.node if node.op_type == "QuantizeLinear"}
    assert found == {onnx.TensorProto.UINT8}


def test_a_training_can_be_taken_up_where_it_was_left(result: Result, dataset: Dataset) -> None:
    images = torch.from_numpy(dataset.train.inputs(slice(50))["images"])
    other = fake_quantized(result.student, [images], settling_steps=result.retrained.network.settling_steps)
    other.load_state_dict(result.retrained.network.state_dict())
    # As the training loop lays it out: sums in another order could be rounded to another step.
    other.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    with torch.no_grad():
        assert torch.equal(other.eval()(images), result.retrained.network.eval()(images))
    assert int(other.steps) == EPOCHS * EXAMPLES // BUDGET.batch_size


def test_a_network_that_was_trained_with_channels_last_in_memory_is_written_in_plain_operators(
    dataset: Dataset, tmp_path: Path
) -> None:
    torch.manual_seed(0)
    convolutions = (nn.Conv2d(1, 8, 3), nn.ReLU(), nn.Conv2d(8, 8, 3), nn.ReLU())
    pooled = nn.Sequential(*convolutions, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(8, 10))
    images = torch.from_numpy(dataset.train.inputs(slice(50))["images"])
    rounded = fake_quantized(pooled.eval(), [images], settling_steps=1)
    # As the training loop lays it out.
    rounded.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    write_model(export_graph(rounded.integers(), dataset.card.inputs), tmp_path / "pooled.onnx")

    kinds = {node.op_type for node in onnx.load(tmp_path / "pooled.onnx").graph.node}
    assert not kinds & {"Gather", "Range"}
    assert graph_facts(tmp_path / "pooled.onnx").macs > 0
