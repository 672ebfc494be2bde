"""An image of one's own, made like those of a dataset."""

from pathlib import Path

import numpy as np

from compression.catalog.cards import ImageDatasetCard
from compression.modalities.image.decoding import read_image
from compression.modalities.image.own_files import fitted
from compression.modalities.image.reading import ImageExamples


def read_own_image(path: Path, card: ImageDatasetCard) -> ImageExamples:
    """The image in a file, in the size and the colours of the dataset's. Raises ExampleNotUsable."""
    channels, height, width = card.image_shape
    image = read_image(path, channels, about=(2 * width, 2 * height))
    pixels = np.ascontiguousarray(fitted(image, card.image_shape))[None]
    return ImageExamples(
        pixels=pixels, labels=np.zeros(1, np.int64), mean=card.mean, std=card.std, blue_first=card.blue_first
    )
