"""A convolution of feature maps and its gradients. Knows nothing of how the maps lie."""

import torch
from torch import Tensor, nn


def convolve(maps: Tensor, weight: Tensor, layer: nn.Conv2d) -> Tensor:
    """Maps [N, I, H, W] to [N, O, h, w]; ``weight`` is the layer's, in the precision of the maps."""
    result: Tensor = torch.ops.aten.convolution(
        maps, weight, None, layer.stride, layer.padding, layer.dilation, False, [0, 0], layer.groups
    )
    return result


def convolution_gradients(
    gradient: Tensor, maps: Tensor, weight: Tensor, layer: nn.Conv2d, *, of_maps: bool
) -> tuple[Tensor | None, Tensor]:
    """From the gradient [N, O, h, w] of a loss with respect to the result those with respect to the maps, unless nobody
    needs them, and to the weight."""
    to_maps, to_weight, _ = torch.ops.aten.convolution_backward(
        gradient,
        maps,
        weight,
        None,
        layer.stride,
        layer.padding,
        layer.dilation,
        False,
        [0, 0],
        layer.groups,
        [of_maps, True, False],
    )
    return to_maps, to_weight
