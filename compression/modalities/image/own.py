"""Images that somebody brings, as arrays and a card: every file is read, or left out for a reason."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.lib.format import open_memmap
from numpy.typing import NDArray

from compression.catalog.cards import ArrayFiles, AugmentationCard, FileCard, ImageDatasetCard
from compression.catalog.own.kept import sha256_of_file
from compression.catalog.own.listing import Found, LeftOut, Part
from compression.catalog.own.parts import parts_of
from compression.errors import UsageError
from compression.methods.modality import Asked
from compression.modalities.image.own_files import leave_out_the_same, read_files, shape_of

IMAGES, LABELS = "images.npy", "labels.npy"
ORDER: tuple[Part, ...] = ("train", "validation", "test")
# How far an image may be shifted in training, as a share of its side: two pixels of Fashion-MNIST's 28.
SHIFT_SHARE = 1 / 14


def read_own_images(found: Sequence[Found], asked: Asked, folder: Path) -> tuple[ImageDatasetCard, tuple[LeftOut, ...]]:
    """Write the arrays of a dataset into ``folder``. Its card, and what was left out. Raises UsageError."""
    shape = shape_of(found, asked.side)
    folder.mkdir(parents=True, exist_ok=True)
    scratch = folder / "read.npy"
    readings = read_files(found, shape, scratch)
    rows = readings.left()
    if not len(rows):
        raise UsageError(f"None of {len(found):,} files can be used; of {found[0].name}: {readings.reasons[0]}.")
    classes, numbers = np.unique([found[row].label for row in rows], return_inverse=True)
    labels = np.full(len(found), -1, np.int64)
    labels[rows] = numbers
    parts = np.full(len(found), "", "U10")
    parts[rows] = parts_of(labels[rows], [found[row].part for row in rows], seed=asked.seed)
    leave_out_the_same(readings, parts, found)
    rows = readings.left()
    by_part = {part: rows[parts[rows] == part] for part in ORDER}
    rows = np.concatenate(list(by_part.values()))
    images = open_memmap(folder / IMAGES, "w+", np.uint8, (len(rows), *shape))
    for place, row in enumerate(rows):
        images[place] = readings.pixels[row]
    images.flush()
    np.save(folder / LABELS, labels[rows])
    scratch.unlink()
    mean, std = _statistics(images[: len(by_part["train"])])
    card = ImageDatasetCard(
        name=asked.name,
        title=asked.title,
        about=f"{len(rows):,} images of your own, in {len(classes)} classes.",
        classes=tuple(str(each) for each in classes),
        image_shape=shape,
        mean=mean,
        std=std,
        augmentation=AugmentationCard(flip=asked.mirrored, shift_pixels=max(1, round(shape[1] * SHIFT_SHARE))),
        train_examples=len(by_part["train"]) + len(by_part["validation"]),
        validation_examples=len(by_part["validation"]),
        test_examples=len(by_part["test"]),
        split_seed=asked.seed,
        stored=ArrayFiles(images=_file(folder / IMAGES), labels=_file(folder / LABELS)),
        licence="not known",
        source="brought by a user of this computer",
    )
    against = zip(found, readings.reasons, strict=True)
    return card, tuple(LeftOut(name=each.name, because=reason) for each, reason in against if reason is not None)


def _file(path: Path) -> FileCard:
    return FileCard(name=path.name, sha256=sha256_of_file(path))


def _statistics(images: NDArray[np.uint8]) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Mean and standard deviation of each channel of [N, C, H, W], of pixels from 0 to 1; a channel without any
    contrast has a deviation of 1."""
    count, channels = max(1, images[:, 0].size), images.shape[1]
    total, squares = np.zeros(channels), np.zeros(channels)
    for image in images:
        scaled = image.reshape(channels, -1) / 255.0
        total += scaled.sum(axis=1)
        squares += np.square(scaled).sum(axis=1)
    mean = total / count
    std = np.sqrt(np.maximum(squares / count - mean**2, 0.0))
    return tuple(mean.round(4).tolist()), tuple(np.where(std.round(4) > 0, std.round(4), 1.0).tolist())
