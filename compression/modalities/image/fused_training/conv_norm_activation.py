"""The layer that small networks are made of: a convolution, its batch norm, an addition and ReLU. Knows no network."""

from typing import cast

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.utils.fusion import fuse_conv_bn_weights

from compression.modalities.image.fused_training.convolution import picked, picks_pixels


class ConvNormActivation(nn.Sequential):
    """``Conv2d`` with a square kernel and no bias, ``BatchNorm2d``, then the addition of a shortcut, if one is given,
    and ReLU, if ``rectified``."""

    def __init__(
        self, inputs: int, outputs: int, kernel: int, *, stride: int = 1, groups: int = 1, rectified: bool = True
    ) -> None:
        super().__init__(
            nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, groups=groups, bias=False), nn.BatchNorm2d(outputs)
        )
        self.rectified = rectified

    def forward(self, maps: Tensor, added: Tensor | None = None) -> Tensor:
        """Maps [N, I, H, W], and ``added`` [N, O, H / stride, W / stride], to maps of the latter shape."""
        convolution, norm = cast("tuple[nn.Conv2d, nn.BatchNorm2d]", tuple(self))
        if torch.is_inference_mode_enabled() and not self.training:
            # Nothing is traced or differentiated then: the norm may become part of the weights.
            mean, variance = norm.get_buffer("running_mean"), norm.get_buffer("running_var")
            weight, bias = fuse_conv_bn_weights(
                convolution.weight, None, mean, variance, norm.eps, norm.weight, norm.bias
            )
            padding = cast("tuple[int, int]", convolution.padding)
            result = functional.conv2d(maps, weight, bias, convolution.stride, padding, groups=convolution.groups)
        elif self.training and picks_pixels(convolution):
            result = cast("Tensor", norm(functional.conv2d(picked(maps, convolution), convolution.weight)))
        else:
            result = cast("Tensor", norm(convolution(maps)))
        if added is not None:
            result = result + added
        return functional.relu(result) if self.rectified else result

    def extra_repr(self) -> str:
        """What is printed of it."""
        return f"rectified={self.rectified}"
