"""What the methods ask of images. Torch is imported by those answers that need it."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from compression.catalog.cards import DatasetCard, ImageDatasetCard
from compression.catalog.examples import Dataset, Examples
from compression.catalog.own.listing import Found, LeftOut
from compression.methods.modality import Asked, Pretrained, Recorder, Shown
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
RUN_SCRIPT = Path(__file__).with_name("run_script.py.txt")
# The largest value of a pixel.
LEVELS = 255
# As torchvision's networks take them in.
IMAGENET_MEAN, IMAGENET_STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


class ImageModality:
    """Images, as their card describes them."""

    def load(self, card: DatasetCard) -> Dataset:
        """Read a dataset. Raises DamagedFile when a file of it is not the recorded one."""
        return load_images(_own(card))

    def read_one(self, path: Path, card: DatasetCard) -> ImageExamples:
        """One image from a person's own file."""
        # Pillow is for this alone: no other page or process waits for it.
        from compression.modalities.image.own_file import read_own_image

        return read_own_image(path, _own(card))

    def recorder(self) -> Recorder:
        """Its camera."""
        return "camera"

    def read(self, found: Sequence[Found], asked: Asked, folder: Path) -> tuple[DatasetCard, tuple[LeftOut, ...]]:
        """Write somebody's images into ``folder``, and what was left out. Raises UsageError."""
        return read_own_images(found, asked, folder)

    def shown(self, examples: Examples, row: int) -> Shown:
        """The image at ``row`` as a PNG file, pixel for pixel."""
        return Shown(media_type="image/png", content=png_of(_images(examples).pixels[row]))

    def otherwise_prepared(self, card: DatasetCard) -> dict[str, ImageDatasetCard]:
        """Other scales of pixels that networks are trained with and, of colours, the other order."""
        own = _own(card)
        channels = own.image_shape[0]
        scales = {
            "pixels from 0 to 1": ((0.0,) * channels, (1.0,) * channels),
            "pixels from -1 to 1": ((0.5,) * channels, (0.5,) * channels),
            "pixels from 0 to 255": ((0.0,) * channels, (1.0 / LEVELS,) * channels),
        }
        if channels == len(IMAGENET_MEAN):
            scales["pixels normalized as ImageNet's"] = IMAGENET_MEAN, IMAGENET_STD
            scales["pixels from 0 to 255 less ImageNet's mean"] = IMAGENET_MEAN, (1.0 / LEVELS,) * channels
        made = {words: own.model_copy(update={"mean": mean, "std": std}) for words, (mean, std) in scales.items()}
        if channels == len(IMAGENET_MEAN):
            turned = {"mean": own.mean[::-1], "std": own.std[::-1], "blue_first": True}
            made[f"{own.nouns} prepared as those of {own.title} are, blue first"] = own.model_copy(update=turned)
            made |= {
                f"{words}, blue first": own.model_copy(
                    update={"mean": mean[::-1], "std": std[::-1], "blue_first": True}
                )
                for words, (mean, std) in scales.items()
            }
        return {words: each for words, each in made.items() if each != own}

    def prepared(self, examples: Examples, card: DatasetCard) -> ImageExamples:
        """The same pixels, on the card's scale."""
        own = _own(card)
        return replace(_images(examples), mean=own.mean, std=own.std, blue_first=own.blue_first)

    def run_script(self, card: DatasetCard) -> str:
        """One that reads images as ```read_one``` does."""
        own = _own(card)
        return RUN_SCRIPT.read_text(encoding="utf-8").format(
            shape=own.image_shape, mean=own.mean, std=own.std, order=-1 if own.blue_first else 1
        )

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
