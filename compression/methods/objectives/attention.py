"""Attention transfer: Zagoruyko and Komodakis 2017 (ICLR), "Paying More Attention to Attention: Improving the
Performance of Convolutional Neural Networks via Attention Transfer", section 3.1.

The student is to have strong features where in the image the teacher has them, whichever features they are: so no
projection is needed.
"""

from torch import Tensor
from torch.nn import functional


def attention_map(features: Tensor) -> Tensor:
    """Feature maps [B, C, H, W] to one map [B, H, W]: the squares, averaged over the channels.

    Their F_sum with p = 2 but for a factor, which the loss does not see.
    """
    return features.square().mean(dim=1)


def normalized_map(attention: Tensor) -> Tensor:
    """Attention maps [B, H, W] to vectors [B, H * W] of length one: Q / ||Q|| of equation 2."""
    return functional.normalize(attention.flatten(1), dim=1)


def attention_loss(student: Tensor, teacher: Tensor) -> Tensor:
    """Squared distance of two normalized maps [B, H * W], mean over the batch: that of equation 2, squared.

    Their code squares it too, and divides by the elements of a map, which makes small maps count for more: with maps of
    2x2 and 4x4 pixels, many times as much as all else that a student is to learn.
    """
    return (student - teacher).square().sum(dim=1).mean()
