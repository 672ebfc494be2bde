"""A GPU is used where there is one; nothing that is trained there is left there."""

from collections.abc import Callable
from dataclasses import replace

import pytest
import torch

from compression.catalog.examples import Dataset
from compression.catalog.rows import FASHION_MNIST
from compression.methods.build import build
from compression.methods.build_context import BuildContext
from compression.methods.built import Built
from compression.methods.device import CPU, training_device, training_precision
from compression.methods.distillation.objective import Batch, Distillation
from compression.modalities.image.augmentation import Augmentation, CutMix, ImageViews
from compression.modalities.image.networks import build_network
from compression.modalities.image.students import build_student
from compression.records.objectives import SoftTargets
from compression.records.recipes import Train
from compression.records.students import Student
from tests.tiny import CARD

STUDENT = Student(size="small", width=4)
GPU = training_device()
needs_gpu = pytest.mark.skipif(GPU == CPU, reason="there is no GPU here that torch can use")


@pytest.mark.skipif(GPU != CPU, reason="there is a GPU here")
def test_without_a_gpu_the_cpu_trains(context: Callable[..., BuildContext]) -> None:
    assert context().device == CPU
    assert context().student_views.labels.device == CPU


def test_depthwise_networks_are_trained_in_full_precision_on_a_cpu() -> None:
    network = build_network("mobilenet_v2", FASHION_MNIST)
    assert training_precision(network, CPU) == torch.float32


def test_apple_gpus_train_in_full_precision() -> None:
    assert training_precision(build_student(STUDENT, FASHION_MNIST), torch.device("mps")) == torch.float32


def test_everything_in_a_step_is_on_the_device_of_the_views(dataset: Dataset) -> None:
    # The meta device computes shapes only, and refuses whatever was left on the CPU, as a GPU would.
    meta = torch.device("meta")
    views = ImageViews(dataset.train, dataset.card, Augmentation(cutout_pixels=4), count=2, seed=0, device=meta)
    indices = torch.arange(64, device=meta)
    inputs, labels = views.render(indices, 1), views.labels[indices]
    logits = build_student(STUDENT, CARD).to(meta)(**inputs)
    objective = Distillation(objective=SoftTargets(temperature=4.0, labels_share=0.1))
    terms = objective(logits, Batch(labels=labels, teacher_logits=torch.zeros(64, 10, device=meta)))
    mixed, targets = CutMix(share=0.5)(inputs, labels, views.classes)
    everything = (*inputs.values(), labels, logits, *mixed.values(), targets, *terms.values())
    assert {tensor.device for tensor in everything} == {meta}


@needs_gpu
def test_a_student_that_a_gpu_trained_is_a_file_like_any_other(context: Callable[..., BuildContext]) -> None:
    on_gpu = context()
    on_cpu = replace(on_gpu, artefacts=on_gpu.artefacts / "cpu", device=CPU)
    assert on_gpu.student_views.labels.device.type == GPU.type
    found = []
    for prepared in (on_gpu, on_cpu):
        *_, made = build(Train(student=STUDENT), prepared)
        assert isinstance(made, Built) and made.validation_accuracy is not None
        found.append(made.validation_accuracy)
    # Two epochs of 9 steps: chance moves them by some hundredths.
    assert found[0] == pytest.approx(found[1], abs=0.1)
