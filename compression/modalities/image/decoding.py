"""One image file as pixels, whatever people's folders and cameras hold; or the reason why it cannot be read."""

import struct
import warnings
import zlib
from pathlib import Path
from typing import BinaryIO

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from compression.errors import ExampleNotUsable

# Pillow reads forty more, with code that few people ever run, on files that strangers may send.
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "PPM")
TITLES = "JPEG, PNG, WebP, GIF, BMP, TIFF or PPM"
# Pillow refuses twice its own limit: https://pillow.readthedocs.io/en/stable/reference/Image.html#PIL.Image.open
MOST_PIXELS = 2 * (Image.MAX_IMAGE_PIXELS or 0)
MODES = {1: "L", 3: "RGB", 4: "RGBA"}
# What Pillow raises for a file that is not what it seems to be.
BROKEN = (OSError, SyntaxError, ValueError, EOFError, IndexError, TypeError, struct.error, zlib.error, MemoryError)


def read_image(source: Path | BinaryIO, channels: int, *, about: tuple[int, int] | None = None) -> Image.Image:
    """The image upright, in 8 bits, grey (1), colour (3) or colour with alpha (4 ``channels``).

    Colours become what the loaders of torchvision and Hugging Face make of them (Pillow's ``convert``), since networks
    were trained on that. Of an animation it is the first image. A JPEG may come smaller, but not smaller than ``about``
    (width, height), for a fraction of the time and memory. Raises ExampleNotUsable.
    """
    with warnings.catch_warnings():
        # One of 100 megapixels is large, and still an image.
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        # Metadata that nobody asks for may be damaged.
        warnings.simplefilter("ignore", UserWarning)
        try:
            with Image.open(source, formats=FORMATS) as image:
                if about is not None:
                    image.draft(None, about)
                return _in_mode(ImageOps.exif_transpose(image), MODES[channels])
        except ExampleNotUsable:
            raise
        except Image.DecompressionBombError as error:
            raise ExampleNotUsable(f"it has more than {MOST_PIXELS / 1e6:.0f} million pixels") from error
        except UnidentifiedImageError as error:
            raise ExampleNotUsable(_why_unknown(source)) from error
        except BROKEN as error:
            raise ExampleNotUsable("it is damaged, or breaks off") from error


def _in_mode(image: Image.Image, mode: str) -> Image.Image:
    if image.mode == "F":
        raise ExampleNotUsable("its pixels are fractions, and what stands for black and white is not known")
    if image.mode.startswith("I"):
        # Pillow's own way to 8 bits makes everything above 255 white.
        values = np.asarray(image).astype(np.int64)
        if values.min() < 0 or values.max() >= 2**16:
            raise ExampleNotUsable("its pixels have more than 16 bits")
        image = Image.fromarray((values >> 8).astype(np.uint8))
    return image.convert(mode)


def _why_unknown(source: Path | BinaryIO) -> str:
    if isinstance(source, Path):
        empty = source.stat().st_size == 0
    else:
        source.seek(0)
        empty = not source.read(1)
    return "it is empty" if empty else f"it is not an image that can be read here ({TITLES})"
