"""Mixing the images of a batch with each other. Knows nothing of where images come from or what is trained on them."""

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional


@dataclass(frozen=True, kw_only=True)
class CutMix:
    """Yun et al. 2019, "CutMix: Regularization Strategy to Train Strong Classifiers with Localizable Features", eq. 1.

    A rectangle of an image is covered by the same rectangle of another, and the labels share the target as the two
    share the pixels. ``share`` (0..1) of the images are mixed; the rectangle's share of the image is uniform, before
    what lies outside the image is cut off.
    """

    share: float

    def __call__(self, images: Tensor, labels: Tensor, classes: int) -> tuple[Tensor, Tensor]:
        """Images [B, C, H, W] and labels int64 [B] to mixed images and targets float32 [B, classes], each row 1 in sum.

        Each image's other is the one before it in the batch, which is in random order. Draws from torch's generator.
        """
        batch, _, height, width = images.shape
        area, row, column, chosen = torch.rand(4, batch, device=images.device)
        reach = 0.5 * area.sqrt() * (chosen < self.share)
        covered = _near(row, reach, height).unsqueeze(2) & _near(column, reach, width).unsqueeze(1)
        mixed = torch.where(covered.unsqueeze(1), images.roll(1, 0), images)
        others_share = covered.float().mean((1, 2)).unsqueeze(1)
        own = functional.one_hot(labels, classes).float()
        return mixed, torch.lerp(own, own.roll(1, 0), others_share)


def _near(centre: Tensor, reach: Tensor, pixels: int) -> Tensor:
    """Bool [B, pixels]: which pixels lie within ``reach`` of ``centre``, both as shares of the side, [B]."""
    middles = (torch.arange(pixels, device=centre.device) + 0.5) / pixels
    return (middles - centre.unsqueeze(1)).abs() < reach.unsqueeze(1)
