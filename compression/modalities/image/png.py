"""An image as a PNG file, for people to look at."""

import struct
import zlib

import numpy as np
from numpy.typing import NDArray

# https://www.w3.org/TR/png-3/: the colour types of grey and of red, green and blue, by the number of channels.
COLOUR_TYPES = {1: 0, 3: 2}
SIGNATURE = b"\x89PNG\r\n\x1a\n"


def png_of(pixels: NDArray[np.uint8]) -> bytes:
    """``pixels`` [C, H, W], with one channel or three."""
    channels, height, width = pixels.shape
    header = struct.pack(">IIBBBBB", width, height, 8, COLOUR_TYPES[channels], 0, 0, 0)
    # Each line begins with the number of its filter: 0, none.
    lines = np.zeros((height, 1 + width * channels), np.uint8)
    lines[:, 1:] = pixels.transpose(1, 2, 0).reshape(height, -1)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(lines.tobytes())), (b"IEND", b""))
    return SIGNATURE + b"".join(_chunk(name, content) for name, content in chunks)


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
