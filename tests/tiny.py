"""Images that are made in a moment and can be learnt: ten patterns of bright and dark fields, with noise; and a small
MobileNetV2 that has learnt them, for tests that need some original, whichever it is.
"""

from functools import cache

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from torch.nn import functional
from torchvision.models import MobileNetV2

from compression.catalog.cards import ArrayFiles, AugmentationCard, DatasetCard, FileCard, ImageDatasetCard
from compression.catalog.examples import Dataset
from compression.modalities.image.modality import ImageModality
from compression.modalities.image.reading import ImageExamples

CLASSES, SIDE = 10, 16
TRAIN, VALIDATION, TEST = 600, 200, 200
# Each pattern is this many fields wide and high.
FIELDS = 4
# The least distance that leaves a student of a few dozen steps something to be unsure of.
CONTRAST, NOISE = 36.0, 60.0


def _file(name: str) -> FileCard:
    """There is none: these images are made."""
    return FileCard(name=name, sha256="0" * 64)


CARD = ImageDatasetCard(
    name="tiny",
    title="Ten patterns",
    about="Images that are made for a test.",
    classes=tuple(f"pattern {number}" for number in range(CLASSES)),
    train_examples=TRAIN + VALIDATION,
    test_examples=TEST,
    validation_examples=VALIDATION,
    split_seed=0,
    licence="MIT",
    source="made by the tests",
    image_shape=(1, SIDE, SIDE),
    mean=(0.5,),
    std=(0.25,),
    augmentation=AugmentationCard(flip=False, shift_pixels=1),
    stored=ArrayFiles(images=_file("images.npy"), labels=_file("labels.npy")),
)


def images(count: int, *, seed: int, shape: tuple[int, int, int] = CARD.image_shape) -> ImageExamples:
    """So many images [C, H, W], of each class about as many as of any other; the patterns are always the same."""
    signs = np.random.default_rng(0).choice([-1.0, 1.0], size=(CLASSES, 1, FIELDS, FIELDS))
    patterns = _enlarged(signs, shape)
    random = np.random.default_rng(seed)
    labels = random.permutation(np.arange(count) % CLASSES)
    pixels = 128.0 + CONTRAST * patterns[labels] + random.normal(scale=NOISE, size=(count, *shape))
    return ImageExamples(
        pixels=np.clip(np.rint(pixels), 0, 255).astype(np.uint8),
        labels=labels.astype(np.int64),
        mean=CARD.mean * shape[0],
        std=CARD.std * shape[0],
    )


def _enlarged(patterns: NDArray[np.float64], shape: tuple[int, int, int]) -> NDArray[np.float64]:
    """Patterns [N, 1, F, F] to [N, C, H, W]."""
    rows, columns = (np.arange(side) * FIELDS // side for side in shape[1:])
    return np.repeat(patterns[:, :, rows][:, :, :, columns], shape[0], axis=1)


def dataset() -> Dataset:
    """Always the same."""
    return Dataset(
        card=CARD, train=images(TRAIN, seed=1), validation=images(VALIDATION, seed=2), test=images(TEST, seed=3)
    )


class TinyModality(ImageModality):
    """Images whose one pretrained network is the small one below, by whatever name it is asked for."""

    def load(self, card: DatasetCard) -> Dataset:  # noqa: ARG002
        return dataset()

    def network(self, model: str, card: DatasetCard) -> nn.Module:  # noqa: ARG002
        network = untrained()
        network.load_state_dict(_learnt())
        return network.eval()


def untrained() -> nn.Module:
    """A MobileNetV2 of six blocks: depthwise convolutions, and sums with what no ReLU has cut off."""
    blocks = [[1, 16, 1, 1], [4, 24, 2, 2], [4, 224, 3, 2]]
    network = MobileNetV2(num_classes=CLASSES, inverted_residual_setting=blocks)
    stem = network.get_submodule("features.0")
    assert isinstance(stem, nn.Sequential)
    stem[0] = nn.Conv2d(CARD.image_shape[0], 32, 3, stride=2, padding=1, bias=False)
    return network


@cache
def _learnt() -> dict[str, torch.Tensor]:
    """The weights after a second or two of training, the same each time."""
    state = torch.get_rng_state()
    torch.manual_seed(0)
    network, learning = untrained().train(), images(TRAIN, seed=1)
    inputs, labels = torch.from_numpy(learning.inputs(slice(None))["images"]), torch.from_numpy(learning.labels)
    optimizer = torch.optim.AdamW(network.parameters(), lr=3e-3)
    for _ in range(6):
        for rows in torch.randperm(TRAIN).split(50):
            optimizer.zero_grad()
            functional.cross_entropy(network(inputs[rows]), labels[rows]).backward()
            optimizer.step()
    torch.set_rng_state(state)
    return network.state_dict()
