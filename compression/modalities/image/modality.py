"""What the methods ask of images. Torch is imported by those answers that need it."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from compression.catalog.cards import DatasetCard, ImageDatasetCard
from compression.catalog.examples import Dataset, Examples
from compression.catalog.own.listing import Found, LeftOut
from compression.methods.modality import Asked, Pretrained, Shown
from compression.modalities.image.own import read_own_images
from compression.modalities.image.png import png_of
from compression.modalities.image.reading import ImageExamples, load_images
from compression.modalities.image.sizes import STUDENTS, file_bytes
from compression.records.students import Student, StudentSize

if TYPE_CHECKING:
    import torch
    from torch import nn

    from compression.methods.training.loop import TrainingProgress
    from compression.modalities.image.augmentation import ImageViews


class ImageModality:
    """Images, as their card describes them."""

    def load(self, card: DatasetCard) -> Dataset:
        """Read a dataset. Raises DamagedFile when a file of it is not the recorded one."""
        return load_images(_own(card))

    def read(self, found: Sequence[Found], asked: Asked, folder: Path) -> tuple[DatasetCard, tuple[LeftOut, ...]]:
        """Write somebody's images into ``folder``, and what was left out. Raises UsageError."""
        return read_own_images(found, asked, folder)

    def shown(self, examples: Examples, row: int) -> Shown:
        """The image at ``row`` as a PNG file, pixel for pixel."""
        return Shown(media_type="image/png", content=png_of(_images(examples).pixels[row]))

    def views(
        self, examples: Examples, card: DatasetCard, *, count: int, seed: int, device: "torch.device"
    ) -> "ImageViews":
        """So many views of each image, as far from it as the card allows."""
        from compression.modalities.image.augmentation import Augmentation, ImageViews

        allowed = _own(card).augmentation
        augmentation = Augmentation(flip=allowed.flip, shift_pixels=allowed.shift_pixels)
        return ImageViews(_images(examples), _own(card), augmentation, count=count, seed=seed, device=device)

    def network(self, model: str, card: DatasetCard) -> "nn.Module":
        """A network of the catalog with its trained weights, in evaluation mode. Raises UnknownName, DamagedFile."""
        from compression.methods.pretrained import load_pretrained
        from compression.modalities.image.networks import build_network

        return load_pretrained(build_network(model, _own(card)), model, card.name)

    def students(self) -> dict[StudentSize, Student]:
        """The students that presets call by a size, the smallest first."""
        return dict(STUDENTS)

    def student(self, student: Student, card: DatasetCard) -> "nn.Module":
        """An untrained student."""
        from compression.modalities.image.students import build_student

        return build_student(student, _own(card))

    def file_bytes(self, student: Student, card: DatasetCard) -> int:
        """What the student's fp32 file will have at most."""
        return file_bytes(student, _own(card))

    def pretrain(
        self, model: str, dataset: Dataset, *, seed: int, checkpoint: Path
    ) -> "Iterator[TrainingProgress | Pretrained]":
        """Train a network of the catalog from scratch, going on from ``checkpoint``. Raises UnknownName."""
        from compression.modalities.image.pretraining import pretrain

        card = _own(dataset.card)
        train, validation = _images(dataset.train), _images(dataset.validation)
        return pretrain(model, card, train, validation, seed=seed, checkpoint=checkpoint)


def _own(card: DatasetCard) -> ImageDatasetCard:
    if not isinstance(card, ImageDatasetCard):
        raise TypeError(f"{card.name} is no dataset of images")
    return card


def _images(examples: Examples) -> ImageExamples:
    if not isinstance(examples, ImageExamples):
        raise TypeError("these examples are no images")
    return examples
