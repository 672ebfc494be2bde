"""An image of one's own, made like those of a dataset."""

from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from compression.catalog.cards import ImageDatasetCard
from compression.modalities.image.decoding import read_image
from compression.modalities.image.reading import ImageExamples


def read_own_image(path: Path, card: ImageDatasetCard) -> ImageExamples:
    """The middle of the image in a file, in the size and the colours of the dataset's. Raises ExampleNotUsable.

    It keeps its proportions: what is left over on two sides is cut off, as networks' own preparations do.
    """
    channels, height, width = card.image_shape
    image = read_image(path, channels, about=(4 * width, 4 * height))
    fitted = ImageOps.fit(image, (width, height), Image.Resampling.LANCZOS)
    pixels = np.asarray(fitted, np.uint8).reshape(height, width, channels).transpose(2, 0, 1)
    return ImageExamples(
        pixels=np.ascontiguousarray(pixels)[None], labels=np.zeros(1, np.int64), mean=card.mean, std=card.std
    )
