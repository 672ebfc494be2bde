"""Images in memory, read from the files of a dataset."""

import gzip
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import assert_never

import numpy as np
from numpy.typing import NDArray

from compression.catalog.cards import ArrayFiles, FileCard, IdxFiles, ImageDatasetCard
from compression.catalog.examples import Dataset, Inputs, Rows, split_off
from compression.catalog.own.kept import verified
from compression.catalog.rows import dataset_folder, read_verified

# https://github.com/zalandoresearch/fashion-mnist: the IDX header is two zero bytes, the type (8: unsigned byte) and
# the number of dimensions, then one big-endian 32-bit size per dimension.
IDX_UNSIGNED_BYTE = 8


@dataclass(frozen=True, kw_only=True)
class ImageExamples:
    """Images as uint8 ``pixels`` [N, C, H, W], their labels as int64 [N], and how pixels become numbers: ``mean`` and
    ``std`` of each channel, on a scale of 0..1, in the order in which they go in: the last first if ``blue_first``."""

    pixels: NDArray[np.uint8]
    labels: NDArray[np.int64]
    mean: tuple[float, ...]
    std: tuple[float, ...]
    blue_first: bool = False

    def __len__(self) -> int:
        return len(self.labels)

    def select(self, rows: NDArray[np.intp]) -> "ImageExamples":
        """Those at ``rows`` [M], in that order."""
        return replace(self, pixels=self.pixels[rows], labels=self.labels[rows])

    def inputs(self, rows: Rows) -> Inputs:
        """``images``: (pixels / 255 - mean) / std, float32 [N, C, H, W]."""
        pixels = self.pixels[rows][:, ::-1] if self.blue_first else self.pixels[rows]
        scale = 1.0 / (255.0 * np.asarray(self.std, np.float32))
        offset = np.asarray(self.mean, np.float32) / np.asarray(self.std, np.float32)
        per_channel = (1, -1, 1, 1)
        scaled = pixels * scale.astype(np.float32).reshape(per_channel)
        return {"images": (scaled - offset.reshape(per_channel)).astype(np.float32)}

    def fingerprint(self) -> str:
        """SHA-256 of pixels, labels and normalization."""
        digest = sha256(np.ascontiguousarray(self.pixels).data)
        digest.update(np.ascontiguousarray(self.labels).data)
        digest.update(f"{self.mean} {self.std}{' blue first' if self.blue_first else ''}".encode())
        return digest.hexdigest()


def load_images(card: ImageDatasetCard, folder: Path | None = None) -> Dataset:
    """Read a dataset. Raises DamagedFile when a file is not the recorded one."""
    folder = folder or dataset_folder(card)
    match card.stored:
        case IdxFiles() as stored:
            learning = _prepared(card, *(_read_idx(folder, file) for file in stored.files[:2]))
            train, validation = split_off(learning, card.validation_examples, seed=card.split_seed)
            test = _prepared(card, *(_read_idx(folder, file) for file in stored.files[2:]))
        case ArrayFiles() as stored:
            # Mapped: a process reads what it looks at.
            images, labels = (np.load(verified(folder, file), mmap_mode="r") for file in stored.files)
            first, second = card.train_examples - card.validation_examples, card.train_examples
            parts = (slice(first), slice(first, second), slice(second, None))
            train, validation, test = (_prepared(card, images[part], labels[part]) for part in parts)
        case _:
            assert_never(card.stored)
    return Dataset(card=card, train=train, validation=validation, test=test)


def _prepared(card: ImageDatasetCard, pixels: NDArray[np.uint8], labels: NDArray[np.generic]) -> ImageExamples:
    return ImageExamples(
        pixels=pixels.reshape(-1, *card.image_shape),
        labels=np.asarray(labels, np.int64),
        mean=card.mean,
        std=card.std,
        blue_first=card.blue_first,
    )


def _read_idx(folder: Path, file: FileCard) -> NDArray[np.uint8]:
    """One array from a gzipped IDX file of unsigned bytes."""
    content = gzip.decompress(read_verified(folder, file))
    if content[:3] != bytes((0, 0, IDX_UNSIGNED_BYTE)):
        raise ValueError(f"{file.name} is not an IDX file of unsigned bytes")
    dimensions = content[3]
    shape = np.frombuffer(content, ">u4", count=dimensions, offset=4)
    return np.frombuffer(content, np.uint8, offset=4 + 4 * dimensions).reshape(shape)
