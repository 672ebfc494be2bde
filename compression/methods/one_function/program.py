"""What a network of normalized convolutions does, step by step, and the memory that it does it in. Knows nothing of how
a step is computed."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import ceil

import torch
from torch import Tensor, nn

from compression.methods.normalized_convolution import NormalizedConvolution
from compression.methods.one_function.layout import Layout, layout_of


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
class Place:
    """Where feature maps are. Between the images there are zeros, and stay there, since nobody writes to them."""

    layout: Layout
    maps: Tensor


@dataclass(kw_only=True)
class Program:
    """The steps of a network, and the memory for what they make of a batch; ``batches`` have gone through it.

    There is a place for the images and one for what comes of each step, and ``slopes``, one for each step: the gradient
    with respect to what its convolution makes, which has zeros between images as well. There is room for one batch at a
    time, made anew when one comes of another size or type.
    """

    steps: Sequence[Step]
    places: list[Place] = field(default_factory=list)
    slopes: list[Tensor] = field(default_factory=list)
    batches: int = 0

    def parameters(self) -> list[Tensor]:
        """What is trained, step by step: the weight, and scale and shift of the norm."""
        return [each for step in self.steps for each in (step.convolution.weight, step.norm.weight, step.norm.bias)]

    def begin(self, images: Tensor, precision: torch.dtype) -> None:
        """Put images [N, C, H, W] into their place, with room for all that comes of them behind it."""
        self.batches += 1
        layout = layout_of(images.shape, precision)
        if not self.places or (self.places[0].layout, self.places[0].maps.dtype) != (layout, precision):
            self._make_room(layout, precision)
        layout.pixels(self.places[0].maps).copy_(images.view(-1, layout.together, *images.shape[1:]))

    def _make_room(self, images: Layout, precision: torch.dtype) -> None:
        self.places, self.slopes = [Place(layout=images, maps=images.zeros(precision))], []
        for step in self.steps:
            given, stride = self.places[step.source].layout, step.convolution.stride[0]
            height, width = ceil(given.height / stride), ceil(given.width / stride)
            made = layout_of((given.images, step.convolution.out_channels, height, width), precision)
            self.places.append(Place(layout=made, maps=made.zeros(precision)))
            columns = ceil(given.together * given.period / stride)
            self.slopes.append(made.zeros(precision, columns))
