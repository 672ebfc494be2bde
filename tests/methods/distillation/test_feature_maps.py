"""The stages of any convolutional network are found by running it, and its features can be looked at meanwhile."""

import pytest
import torch
from torch import nn

from compression.catalog.rows import FASHION_MNIST
from compression.methods.distillation.feature_maps import Tap, pair_stages, stages_of
from compression.modalities.image.networks import build_network
from compression.modalities.image.students import build_student
from compression.records.students import Student

INPUTS = FASHION_MNIST.inputs
IMAGE = FASHION_MNIST.image_shape


@pytest.mark.parametrize(
    ("model", "expected"),
    [
        # A block of MobileNetV2 begins with many channels, which are gone when it ends: they are no stage.
        ("mobilenet_v2", [(16, 28, 28), (24, 14, 14), (32, 7, 7), (96, 4, 4), (1280, 2, 2)]),
        ("resnet18", [(64, 28, 28), (64, 14, 14), (128, 7, 7), (256, 4, 4), (512, 2, 2)]),
    ],
)
def test_the_stages_of_a_teacher_are_its_last_maps_at_each_resolution(
    model: str, expected: list[tuple[int, int, int]]
) -> None:
    stages = stages_of(build_network(model, FASHION_MNIST), INPUTS)
    assert [(stage.channels, stage.height, stage.width) for stage in stages] == expected


@pytest.mark.parametrize("depth", [1, 3])
def test_the_stages_of_a_student_are_what_its_last_blocks_put_out(depth: int) -> None:
    student = build_student(Student(size="small", width=4, depth=depth), FASHION_MNIST).eval()
    stages = stages_of(student, INPUTS)
    assert [(stage.channels, stage.height, stage.width) for stage in stages] == [(4, 14, 14), (8, 7, 7), (16, 4, 4)]
    tap, images = Tap(student, stages), torch.randn(2, *IMAGE)
    logits = student(images)
    # The classifier sees the mean of the last stage.
    (classifier,) = (module for module in student.modules() if isinstance(module, nn.Linear))
    assert torch.allclose(classifier(tap.take()[-1].mean((2, 3))), logits, atol=1e-6)


def test_stages_are_paired_from_the_last_one_on() -> None:
    student = stages_of(build_student(Student(size="small", width=4), FASHION_MNIST), INPUTS)
    teacher = stages_of(build_network("resnet18", FASHION_MNIST), INPUTS)
    pairs = [(mine.channels, theirs.module) for mine, theirs in pair_stages(student, teacher)]
    assert pairs == [(4, "layer2"), (8, "layer3"), (16, "layer4")]
    assert [theirs.module for _, theirs in pair_stages(student[-1:], teacher)] == ["layer4"]


def test_looking_for_stages_leaves_a_network_as_it_was() -> None:
    network = build_student(Student(size="small", width=4), FASHION_MNIST).train()
    before = {name: tensor.clone() for name, tensor in network.state_dict().items()}
    stages_of(network, INPUTS)
    assert network.training
    assert all(torch.equal(tensor, before[name]) for name, tensor in network.state_dict().items())


def test_a_closed_tap_keeps_nothing() -> None:
    network = build_student(Student(size="small", width=4), FASHION_MNIST)
    tap = Tap(network, stages_of(network, INPUTS))
    tap.close()
    network(torch.zeros(2, *IMAGE))
    with pytest.raises(KeyError):
        tap.take()


def test_a_module_that_runs_twice_is_no_stage() -> None:
    class Shared(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.convolution, self.activation = nn.Conv2d(1, 3, 3, 2, 1), nn.ReLU()

        def forward(self, images: torch.Tensor) -> torch.Tensor:
            return self.activation(self.convolution(self.activation(images))).mean((2, 3))

    assert [stage.module for stage in stages_of(Shared(), INPUTS)] == ["convolution"]
