"""A student learns from the answers of any classifier file, and from nothing else where no label has a share."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import onnx
import pytest

from compression.catalog.examples import Dataset
from compression.measurement.accuracy.predictions import predictions
from compression.measurement.accuracy.shares import accuracy_of
from compression.measurement.engines import open_session
from compression.methods.build import build
from compression.methods.build_context import BuildContext
from compression.methods.built import Built
from compression.methods.distillation.needs_network import NeedsNetwork
from compression.methods.distillation.teacher import compute_teacher_logits
from compression.methods.export import export_network
from compression.methods.model_file import write_model
from compression.methods.quantization import quantize_file
from compression.methods.quantization.scorer import Scorer
from compression.methods.student import Trained, train_student
from compression.records.objectives import Dkd, FitNets, SoftTargets
from compression.records.recipes import Distill, Train
from compression.records.schemes import Int8
from compression.records.students import Student
from tests.benchmarks.other_quantizers import by_onnxruntime
from tests.classifiers import export

STUDENT = Student(size="small", width=4)
FROM_ANSWERS_ALONE = Distill(student=STUDENT, objective=SoftTargets(labels_share=0.0))
TEACHERS = ("int8", "one image at a time", "integer operators", "weights in a second file")


@pytest.fixture(scope="module")
def teachers(context: Callable[..., BuildContext], tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    """One trained network in several files: exported here and quantized, also to operators that only ONNX Runtime has,
    from torch's older exporter, and with its weights in a second file."""
    prepared, folder = context(), tmp_path_factory.mktemp("teachers")
    *_, trained = train_student(Train(student=Student(size="medium", width=12)), prepared, seed=1)
    assert isinstance(trained, Trained) and trained.validation_accuracy > 0.6
    files = {name: folder / f"{name}.onnx" for name in TEACHERS}
    card = prepared.dataset.card
    export(trained.network.eval(), files["one image at a time"], card.image_shape, opset=11)
    fp32 = folder / "fp32.onnx"
    write_model(export_network(trained.network, card.inputs), fp32)
    apart = files["weights in a second file"]
    onnx.save(onnx.load(fp32), apart, save_as_external_data=True, location="apart.data", size_threshold=0)
    by_onnxruntime(fp32, files["integer operators"], prepared.calibration(100)["images"], "QOperator")
    scorer = Scorer(prepared.dataset.validation, threads=lambda: 1)
    list(quantize_file(Int8(), fp32, files["int8"], calibration=prepared.calibration, scorer=scorer))
    return files


def taught_by(file: Path, context: BuildContext, recipe: Distill = FROM_ANSWERS_ALONE) -> Built:
    by_file = replace(context, model=file)
    list(compute_teacher_logits(file, by_file.student_views, by_file.teacher_logits, threads=1))
    *_, made = build(recipe, by_file)
    assert isinstance(made, Built)
    return made


def mislabelled(dataset: Dataset) -> Dataset:
    """Every training image has the label of another class."""
    return replace(dataset, train=replace(dataset.train, labels=(dataset.train.labels + 1) % 10))


def accuracy(file: Path, dataset: Dataset) -> float:
    session = open_session(file, "onnxruntime", threads=1)
    return accuracy_of(predictions(session, dataset.test).classes, dataset.test.labels).value


@pytest.mark.parametrize("teacher", TEACHERS)
def test_a_student_of_a_file_answers_far_better_than_chance(
    teacher: str, teachers: Mapping[str, Path], context: Callable[..., BuildContext], dataset: Dataset
) -> None:
    prepared = context(epochs=2)
    # What it knows, it has from the teacher: the labels are all wrong.
    made = taught_by(teachers[teacher], replace(prepared, dataset=mislabelled(dataset)))
    assert accuracy(made.artefact, dataset) > 0.4
    assert not made.needs.labels


def test_the_same_seed_makes_the_same_file_whatever_the_labels_are_that_have_no_share(
    teachers: Mapping[str, Path], context: Callable[..., BuildContext], dataset: Dataset
) -> None:
    first, second = (
        taught_by(teachers["int8"], replace(context(epochs=1, train_examples=320), dataset=labelled)).artefact
        for labelled in (dataset, mislabelled(dataset))
    )
    assert first.read_bytes() == second.read_bytes()


def test_the_inside_of_a_file_cannot_be_learnt_from(
    teachers: Mapping[str, Path], context: Callable[..., BuildContext]
) -> None:
    prepared = context(epochs=1, train_examples=64)
    with pytest.raises(NeedsNetwork, match=r"Of int8\.onnx only the answers can be had"):
        taught_by(teachers["int8"], prepared, Distill(student=STUDENT, objective=FitNets()))
    assert taught_by(teachers["int8"], prepared, Distill(student=STUDENT, objective=Dkd())).needs.labels
