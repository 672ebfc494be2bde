"""What a network of convolutions and norms does, step by step, in which memory, and when that is of use."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import ceil
from typing import Any

import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from compression.modalities.image.fused_training.conv_norm_activation import ConvNormActivation
from compression.modalities.image.fused_training.layout import (
    LARGEST_KERNEL,
    LARGEST_STRIDE,
    Layout,
    images_together,
    layout_of,
)

# The norms run on one thread, torch's own on all: docs/lab-notes.md, "Fused training on two threads".
MOST_THREADS = {torch.bfloat16: 2, torch.float32: 1}


@dataclass(frozen=True, kw_only=True)
class FusedStep:
    """A layer, and which maps it takes and adds, by their numbers: 0 is the image, 1 what the first step makes."""

    layer: ConvNormActivation
    source: int
    added: int | None = None

    def __post_init__(self) -> None:
        if self.convolution.kernel_size[0] > LARGEST_KERNEL or self.convolution.stride[0] > LARGEST_STRIDE:
            raise ValueError("between images there is room for kernels of 3 x 3 in steps of 2, and for no larger ones")

    @property
    def convolution(self) -> nn.Conv2d:
        """The first part of the layer."""
        part = self.layer[0]
        assert isinstance(part, nn.Conv2d)
        return part

    @property
    def norm(self) -> nn.BatchNorm2d:
        """The second part of the layer."""
        part = self.layer[1]
        assert isinstance(part, nn.BatchNorm2d)
        return part


@dataclass(frozen=True, kw_only=True)
class Memory:
    """The same numbers as torch has them, [N / together, C, H, columns] and channels last, and as compiled loops do."""

    maps: Tensor
    numbers: NDArray[Any]


@dataclass(frozen=True, kw_only=True)
class FeatureMaps:
    """Where feature maps are. Between the images there are zeros, and stay there, since nobody writes to them."""

    layout: Layout
    memory: Memory


@dataclass(frozen=True, kw_only=True)
class Gradients:
    """For a step, the gradient with respect to what it adds, or would, and to what its convolution makes.

    The latter has zeros between images; the beginnings of rows are ``pitch`` numbers apart in it.
    """

    added: Memory
    convolved: Memory
    pitch: int


@dataclass(kw_only=True)
class Program:
    """The steps of a network, and the memory for what they make of a batch; ``batches`` have gone through it.

    There is a place for the images and one for what comes of each step. There is room for one batch at a time, made
    anew when one comes of another size or type. A copy makes its own. Knows nothing of how steps are computed.
    """

    steps: Sequence[FusedStep]
    places: list[FeatureMaps] = field(default_factory=list)
    gradients: list[Gradients] = field(default_factory=list)
    batches: int = 0

    def __getstate__(self) -> dict[str, object]:
        return {"steps": self.steps, "places": [], "gradients": [], "batches": 0}

    def parameters(self) -> list[Tensor]:
        """What is trained, step by step: the weight, and scale and shift of the norm."""
        return [each for step in self.steps for each in (step.convolution.weight, step.norm.weight, step.norm.bias)]

    def begin(self, images: Tensor, precision: torch.dtype) -> None:
        """Put images [N, C, H, W] into their place, with room for all that comes of them behind it."""
        self.batches += 1
        layout = layout_of(images.shape, images_together(len(images), precision))
        if not self.places or (self.places[0].layout, self.places[0].memory.maps.dtype) != (layout, precision):
            # Whole or not at all: memory may run out on the way.
            self.places, self.gradients = _room(self.steps, layout, precision)
        layout.pixels(self.places[0].memory.maps).copy_(images.view(-1, layout.together, *images.shape[1:]))


def _room(
    steps: Sequence[FusedStep], images: Layout, precision: torch.dtype
) -> tuple[list[FeatureMaps], list[Gradients]]:
    places, gradients = [FeatureMaps(layout=images, memory=_memory(images.zeros(precision)))], list[Gradients]()
    for step in steps:
        given, stride = places[step.source].layout, step.convolution.stride[0]
        height, width = ceil(given.height / stride), ceil(given.width / stride)
        made = layout_of((given.images, step.convolution.out_channels, height, width), given.together)
        columns = ceil(given.together * given.pitch / stride)
        places.append(FeatureMaps(layout=made, memory=_memory(made.zeros(precision))))
        gradients.append(
            Gradients(
                added=_memory(made.zeros(precision)),
                convolved=_memory(made.zeros(precision, columns)),
                pitch=columns // made.together * made.channels,
            )
        )
    return places, gradients


def numbers_of(maps: Tensor) -> NDArray[Any]:
    """Maps as compiled loops take them: flat, channels last, and the same memory if they lie so."""
    flat = maps.contiguous(memory_format=torch.channels_last).as_strided((maps.numel(),), (1,))
    numbers: NDArray[Any] = (flat.view(torch.uint16) if flat.dtype == torch.bfloat16 else flat).numpy()
    return numbers


def _memory(maps: Tensor) -> Memory:
    return Memory(maps=maps, numbers=numbers_of(maps))


def can_be_fused(images: Tensor) -> bool:
    """Whether a program can take these images [N, C, H, W], and is to."""
    precision = torch.get_autocast_dtype("cpu") if torch.is_autocast_enabled("cpu") else images.dtype
    return (
        images.device.type == "cpu"
        and not images.requires_grad
        # Of a single number there is no variance; torch says so.
        and len(images) > 1
        and torch.get_num_threads() <= MOST_THREADS.get(precision, 0)
        # A graph that is captured is to be of operators that others know.
        and not torch.compiler.is_compiling()
    )
