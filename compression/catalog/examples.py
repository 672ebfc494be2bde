"""Loading a dataset into memory as whole arrays, with its validation split. Knows neither torch nor any model."""

import gzip
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from compression.catalog.cards import DatasetCard, FileCard
from compression.catalog.rows import dataset_folder, read_verified

# https://github.com/zalandoresearch/fashion-mnist: the IDX header is two zero bytes, the type (8: unsigned byte) and
# the number of dimensions, then one big-endian 32-bit size per dimension.
IDX_UNSIGNED_BYTE = 8


@dataclass(frozen=True, kw_only=True)
class LabelledImages:
    """Images as one uint8 array [N, C, H, W] and their labels as one int64 array [N]."""

    images: NDArray[np.uint8]
    labels: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.labels)

    def select(self, indices: NDArray[np.intp]) -> "LabelledImages":
        """The examples at ``indices`` [M], in that order."""
        return LabelledImages(images=self.images[indices], labels=self.labels[indices])

    def fingerprint(self) -> str:
        """SHA-256 of images and labels: what cached results on these examples are filed under."""
        digest = sha256(np.ascontiguousarray(self.images).data)
        digest.update(np.ascontiguousarray(self.labels).data)
        return digest.hexdigest()


@dataclass(frozen=True, kw_only=True)
class Dataset:
    """A dataset in memory. ``test`` is for the final measurement only; every choice is made on ``validation``."""

    card: DatasetCard
    train: LabelledImages
    validation: LabelledImages
    test: LabelledImages

    def normalize(self, images: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Pixels 0..255 [N, C, H, W] to what a network of this dataset takes in: (x / 255 - mean) / std, float32."""
        scale = 1.0 / (255.0 * np.asarray(self.card.std, np.float32))
        offset = np.asarray(self.card.mean, np.float32) / np.asarray(self.card.std, np.float32)
        per_channel = (1, -1, 1, 1)
        return (images * scale.astype(np.float32).reshape(per_channel) - offset.reshape(per_channel)).astype(np.float32)


def load_dataset(card: DatasetCard, folder: Path | None = None) -> Dataset:
    """Read a dataset and split its training images. Raises DamagedFile when a file is not the recorded one."""
    folder = folder or dataset_folder(card)
    learning = LabelledImages(
        images=_images(folder, card.train_images, card),
        labels=_labels(folder, card.train_labels),
    )
    test = LabelledImages(images=_images(folder, card.test_images, card), labels=_labels(folder, card.test_labels))
    order = np.random.default_rng(card.split_seed).permutation(len(learning))
    held_out = np.sort(order[: card.validation_examples])
    kept = np.sort(order[card.validation_examples :])
    return Dataset(card=card, train=learning.select(kept), validation=learning.select(held_out), test=test)


def _images(folder: Path, file: FileCard, card: DatasetCard) -> NDArray[np.uint8]:
    return _read_idx(folder, file).reshape(-1, *card.image_shape)


def _labels(folder: Path, file: FileCard) -> NDArray[np.int64]:
    return _read_idx(folder, file).astype(np.int64)


def _read_idx(folder: Path, file: FileCard) -> NDArray[np.uint8]:
    """One array from a gzipped IDX file of unsigned bytes."""
    content = gzip.decompress(read_verified(folder, file))
    if content[:3] != bytes((0, 0, IDX_UNSIGNED_BYTE)):
        raise ValueError(f"{file.name} is not an IDX file of unsigned bytes")
    dimensions = content[3]
    shape = np.frombuffer(content, ">u4", count=dimensions, offset=4)
    return np.frombuffer(content, np.uint8, offset=4 + 4 * dimensions).reshape(shape)
