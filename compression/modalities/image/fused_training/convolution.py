"""A convolution of feature maps and its gradients. Knows nothing of how the maps lie.

A kernel of one pixel that moves by two is a kernel that moves by one over every second pixel. oneDNN's own kernels for
it can end the process, so the pixels are picked here: docs/lab-notes.md, "Convolutions of 1 x 1 that move by two".
"""

import torch
from torch import Tensor, nn


def convolve(maps: Tensor, weight: Tensor, layer: nn.Conv2d) -> Tensor:
    """Maps [N, I, H, W] to [N, O, h, w]; ``weight`` is the layer's, in the precision of the maps."""
    stride = list(layer.stride)
    if picks_pixels(layer):
        maps, stride = picked(maps, layer), [1, 1]
    result: Tensor = torch.ops.aten.convolution(
        maps, weight, None, stride, layer.padding, layer.dilation, False, [0, 0], layer.groups
    )
    return result


def convolution_gradients(
    gradient: Tensor, maps: Tensor, weight: Tensor, layer: nn.Conv2d, *, of_maps: bool
) -> tuple[Tensor | None, Tensor]:
    """From the gradient [N, O, h, w] of a loss with respect to the result those with respect to the maps, unless nobody
    needs them, and to the weight."""
    given, stride = maps, list(layer.stride)
    if picks_pixels(layer):
        given, stride = picked(maps, layer), [1, 1]
    grad_given, grad_weight, _ = torch.ops.aten.convolution_backward(
        gradient,
        given,
        weight,
        None,
        stride,
        layer.padding,
        layer.dilation,
        False,
        [0, 0],
        layer.groups,
        [of_maps, True, False],
    )
    if grad_given is None or given is maps:
        return grad_given, grad_weight
    grad_maps = torch.zeros_like(maps)
    grad_maps[:, :, :: layer.stride[0], :: layer.stride[1]] = grad_given
    return grad_maps, grad_weight


def picks_pixels(layer: nn.Conv2d) -> bool:
    """Whether a layer's kernel is one pixel that moves by more than one."""
    return layer.kernel_size == (1, 1) and layer.stride != (1, 1)


def picked(maps: Tensor, layer: nn.Conv2d) -> Tensor:
    """The pixels [N, I, h, w] of maps [N, I, H, W] that such a layer looks at."""
    chosen = maps[:, :, :: layer.stride[0], :: layer.stride[1]]
    return chosen.contiguous(memory_format=torch.channels_last)
