"""What a network of normalized convolutions does, step by step, and the memory that it does it in. Knows nothing of how
a step is computed."""

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from math import ceil
from typing import Any

import torch
from torch import Tensor, nn

from compression.methods.normalized_convolution import NormalizedConvolution
from compression.methods.one_function.layout import Layout, layout_of
from compression.methods.one_function.passes import Maps


@dataclass(frozen=True, kw_only=True)
class Step:
    """A layer, and which maps it takes and adds, by their numbers: 0 is the image, 1 what the first step makes."""

    layer: NormalizedConvolution
    source: int
    added: int | None = None

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
    numbers: Maps


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where feature maps are. Between the images there are zeros, and stay there, since nobody writes to them."""

    layout: Layout
    memory: Memory


@dataclass(frozen=True, kw_only=True)
class Gradients:
    """For a step, the gradient with respect to what it adds, or would, and to what its convolution makes.

    The latter has zeros between images; the beginnings of rows are ``period`` numbers apart in it.
    """

    added: Memory
    convolved: Memory
    period: int


@dataclass(kw_only=True)
class Program:
    """The steps of a network, and the memory for what they make of a batch; ``batches`` have gone through it.

    There is a place for the images and one for what comes of each step. There is room for one batch at a time, made
    anew when one comes of another size or type. A copy has memory of its own.
    """

    steps: Sequence[Step]
    places: list[Place] = field(default_factory=list)
    gradients: list[Gradients] = field(default_factory=list)
    batches: int = 0

    def __deepcopy__(self, memo: dict[int, Any]) -> "Program":
        return Program(steps=deepcopy(self.steps, memo))

    def parameters(self) -> list[Tensor]:
        """What is trained, step by step: the weight, and scale and shift of the norm."""
        return [each for step in self.steps for each in (step.convolution.weight, step.norm.weight, step.norm.bias)]

    def begin(self, images: Tensor, precision: torch.dtype) -> None:
        """Put images [N, C, H, W] into their place, with room for all that comes of them behind it."""
        self.batches += 1
        layout = layout_of(images.shape, precision)
        if not self.places or (self.places[0].layout, self.places[0].memory.maps.dtype) != (layout, precision):
            self._make_room(layout, precision)
        layout.pixels(self.places[0].memory.maps).copy_(images.view(-1, layout.together, *images.shape[1:]))

    def _make_room(self, images: Layout, precision: torch.dtype) -> None:
        self.places, self.gradients = [Place(layout=images, memory=_memory(images.zeros(precision)))], []
        for step in self.steps:
            given, stride = self.places[step.source].layout, step.convolution.stride[0]
            height, width = ceil(given.height / stride), ceil(given.width / stride)
            made = layout_of((given.images, step.convolution.out_channels, height, width), precision)
            self.places.append(Place(layout=made, memory=_memory(made.zeros(precision))))
            columns = ceil(given.together * given.period / stride)
            gradients = Gradients(
                added=_memory(made.zeros(precision)),
                convolved=_memory(made.zeros(precision, columns)),
                period=columns // made.together * made.channels,
            )
            self.gradients.append(gradients)


def numbers_of(maps: Tensor) -> Maps:
    """Maps as compiled loops take them: flat, channels last, and the same memory if they lie so."""
    flat = maps.contiguous(memory_format=torch.channels_last).as_strided((maps.numel(),), (1,))
    numbers: Maps = (flat.view(torch.uint16) if flat.dtype == torch.bfloat16 else flat).numpy()
    return numbers


def _memory(maps: Tensor) -> Memory:
    return Memory(maps=maps, numbers=numbers_of(maps))
