"""How the feature maps of a batch lie in memory: images side by side, with columns of zeros between them. Knows nothing
of what is done with them.

The kernels for convolutions in bf16 on a CPU (oneDNN) work row by row, and with maps of a few pixels spend most of
their time on beginning rows: docs/lab-notes.md, "Images side by side".
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import gcd

import torch
from torch import Tensor

SIDE_BY_SIDE = 16
# What a pitch of the next even number leaves room for.
LARGEST_KERNEL, LARGEST_STRIDE = 3, 2


@dataclass(frozen=True, kw_only=True)
class Layout:
    """Of maps [N, C, H, W] whose images lie ``together`` in one row each, one behind every ``pitch`` columns:
    [N / together, H, together * pitch, C] in memory.

    With one image in a row there is nothing between, and that is the usual memory of channels last.
    """

    images: int
    channels: int
    height: int
    width: int
    together: int
    pitch: int

    @property
    def run(self) -> int:
        """How many numbers a row of one image has."""
        return self.width * self.channels

    @property
    def run_pitch(self) -> int:
        """How many numbers there are from the beginning of one such row to that of the next."""
        return self.pitch * self.channels

    def zeros(self, dtype: torch.dtype, columns: int | None = None) -> Tensor:
        """Maps of zeros as convolutions take them: [N / together, C, H, columns], which are together * pitch unless
        said."""
        columns = self.together * self.pitch if columns is None else columns
        rows = torch.zeros(self.images // self.together, self.height, columns, self.channels, dtype=dtype)
        return rows.permute(0, 3, 1, 2)

    def pixels(self, maps: Tensor) -> Tensor:
        """Those of the images alone: a view [N / together, together, C, H, W] of such maps."""
        rows = maps.permute(0, 2, 3, 1).view(-1, self.height, self.together, self.pitch, self.channels)
        return rows[:, :, :, : self.width].permute(0, 2, 4, 1, 3)


def images_together(images: int, precision: torch.dtype) -> int:
    """How many images of a batch lie side by side: in bf16 as many as can be, in fp32, where kernels do not work row by
    row, one."""
    return gcd(images, SIDE_BY_SIDE) if precision == torch.bfloat16 else 1


def layout_of(shape: Sequence[int], together: int) -> Layout:
    """How maps [N, C, H, W] lie with so many images side by side.

    A kernel that reaches over the edge of a map by one finds a zero there, and a stride of two leads from the beginning
    of an image to the beginning of one.
    """
    images, channels, height, width = shape
    pitch = width if together == 1 else width + 2 - width % 2
    return Layout(images=images, channels=channels, height=height, width=width, together=together, pitch=pitch)
