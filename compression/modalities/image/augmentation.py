"""Augmented views of a training set: a fixed, seeded set of ways to look at each image, rendered a batch at a time; and
mixing the images of a batch with each other.

A view is a choice of flip, shift and cutout for every image. Because the choices are fixed beforehand, a teacher's
logits for a view can be computed once and kept, and the student then sees exactly what the teacher saw
(Beyer et al. 2022, "Knowledge distillation: A good teacher is patient and consistent", section 3).
View 0 is always the image itself.
"""

from dataclasses import dataclass
from hashlib import sha256

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from compression.catalog.cards import ImageDatasetCard
from compression.methods.device import CPU
from compression.methods.modality import TensorInputs
from compression.modalities.image.reading import ImageExamples


@dataclass(frozen=True, kw_only=True)
class Augmentation:
    """How far a view may stray from the image: flips left to right, shifts by pixels, a square cut out."""

    flip: bool = True
    shift_pixels: int = 2
    cutout_pixels: int = 0


class ImageViews:
    """``count`` views of every image of a training set, on one device.

    The images are held once, as uint8 with a border of ``shift_pixels`` zeros; a view costs three bytes an image.
    """

    def __init__(
        self,
        examples: ImageExamples,
        card: ImageDatasetCard,
        augmentation: Augmentation,
        *,
        count: int,
        seed: int,
        device: torch.device = CPU,
    ) -> None:
        self.count = count
        self.size = len(examples)
        self.classes = len(card.classes)
        self.device = device
        self.labels = torch.from_numpy(examples.labels).to(self.device)
        border = augmentation.shift_pixels
        height, width = card.image_shape[1:]
        pixels = examples.pixels[:, ::-1] if card.blue_first else examples.pixels
        padded = np.pad(pixels, ((0, 0), (0, 0), (border, border), (border, border)))
        self._bordered = torch.from_numpy(padded).to(self.device)
        self._rows, self._columns = slice(border, border + height), slice(border, border + width)
        self._mean = torch.tensor(card.mean, device=self.device).view(1, -1, 1, 1) * 255.0
        self._scale = 1.0 / (torch.tensor(card.std, device=self.device).view(1, -1, 1, 1) * 255.0)
        self._height, self._width = height, width
        self._cutout = augmentation.cutout_pixels
        self._flip, self._top, self._left, self._cut_row, self._cut_column = _choices(
            augmentation, count=count, size=self.size, height=height, width=width, seed=seed, device=self.device
        )
        self._augmentation, self._examples = augmentation, examples

    def fingerprint(self) -> str:
        """SHA-256 of the data and of every choice: equal fingerprints render equal pixels, whatever the seed was."""
        digest = sha256(f"{self._examples.fingerprint()} {self._augmentation}".encode())
        for choice in (self._flip, self._top, self._left, self._cut_row, self._cut_column):
            digest.update(choice.cpu().numpy().tobytes())
        return digest.hexdigest()

    def render(self, rows: Tensor, view: int) -> TensorInputs:
        """``images`` at ``rows`` [B] in one view, normalized: float32 [B, C, H, W], channels last in memory."""
        # Whole images are copied first, sooner than pixels are gathered: docs/lab-notes.md, "Views cut out of memory".
        bordered = self._bordered.index_select(0, rows)
        if view == 0:
            pixels = bordered[:, :, self._rows, self._columns]
        else:
            # Every place that an image can be shifted to, [B, C, shifts, shifts, H, W]: a view of the same memory.
            windows = bordered.unfold(2, self._height, 1).unfold(3, self._width, 1)
            each = torch.arange(len(rows), device=self.device)
            pixels = windows[each, :, self._top[view, rows].long(), self._left[view, rows].long()]
            pixels = torch.where(self._flip[view, rows].view(-1, 1, 1, 1), pixels.flip(3), pixels)
        images = pixels.float().sub_(self._mean).mul_(self._scale)
        if self._cutout and view > 0:
            hidden = (
                self._square(self._cut_row[view, rows], self._height)[:, :, None]
                & self._square(self._cut_column[view, rows], self._width)[:, None, :]
            )
            # Zero after normalization is the mean pixel.
            images.masked_fill_(hidden.unsqueeze(1), 0.0)
        return {"images": images.contiguous(memory_format=torch.channels_last)}

    def _square(self, start: Tensor, pixels: int) -> Tensor:
        """Bool [B, pixels]: which rows, or columns, the square that begins at ``start`` [B] hides."""
        offset = torch.arange(pixels, device=self.device) - start.unsqueeze(1).long()
        return (offset >= 0) & (offset < self._cutout)


def _choices(
    augmentation: Augmentation,
    *,
    count: int,
    size: int,
    height: int,
    width: int,
    seed: int,
    device: torch.device,
) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor]:
    """Flip (bool), shift down, shift right, cutout row and column (int8), each [count, size]; view 0 changes nothing.

    Drawn with NumPy, whose generator gives the same numbers on every platform and device.
    """
    random = np.random.default_rng(seed)
    shifts = 2 * augmentation.shift_pixels + 1
    flip = random.integers(0, 2, (count, size)).astype(bool) & augmentation.flip
    top = random.integers(0, shifts, (count, size), dtype=np.int8)
    left = random.integers(0, shifts, (count, size), dtype=np.int8)
    # The square's corner may lie outside, so that pixels at the edge are hidden as often as those in the middle.
    reach = augmentation.cutout_pixels
    cut_row = random.integers(1 - reach, height, (count, size), dtype=np.int8) if reach else np.zeros_like(top)
    cut_column = random.integers(1 - reach, width, (count, size), dtype=np.int8) if reach else np.zeros_like(top)
    flip[0], top[0], left[0] = False, augmentation.shift_pixels, augmentation.shift_pixels
    cut_row[0], cut_column[0] = 0, 0
    choices = (torch.from_numpy(choice).to(device) for choice in (flip, top, left, cut_row, cut_column))
    return tuple(choices)  # type: ignore[return-value]  # five arrays in, five tensors out


@dataclass(frozen=True, kw_only=True)
class CutMix:
    """Yun et al. 2019, "CutMix: Regularization Strategy to Train Strong Classifiers with Localizable Features", eq. 1.

    A rectangle of an image is covered by the same rectangle of another, and the labels share the target as the two
    share the pixels. ``share`` (0..1) of the images are mixed; the rectangle's share of the image is uniform, before
    what lies outside the image is cut off.
    """

    share: float

    def __call__(self, inputs: TensorInputs, labels: Tensor, classes: int) -> tuple[TensorInputs, Tensor]:
        """``images`` [B, C, H, W] and labels int64 [B] to mixed ones and targets float32 [B, classes], whose rows sum
        up to 1.

        Each image's other is the one before it in the batch, which is in random order. Draws from torch's generator.
        """
        images = inputs["images"]
        batch, _, height, width = images.shape
        area, row, column, chosen = torch.rand(4, batch, device=images.device)
        reach = 0.5 * area.sqrt() * (chosen < self.share)
        covered = _near(row, reach, height).unsqueeze(2) & _near(column, reach, width).unsqueeze(1)
        mixed = torch.where(covered.unsqueeze(1), images.roll(1, 0), images)
        others_share = covered.float().mean((1, 2)).unsqueeze(1)
        own = functional.one_hot(labels, classes).float()
        return {"images": mixed}, torch.lerp(own, own.roll(1, 0), others_share)


def _near(centre: Tensor, reach: Tensor, pixels: int) -> Tensor:
    """Bool [B, pixels]: which pixels lie within ``reach`` of ``centre``, both as shares of the side, [B]."""
    middles = (torch.arange(pixels, device=centre.device) + 0.5) / pixels
    return (middles - centre.unsqueeze(1)).abs() < reach.unsqueeze(1)
