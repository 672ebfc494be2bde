"""The files of somebody's images as rows of one array; and which of them show the same."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import numpy as np
from numpy.lib.format import open_memmap
from numpy.typing import NDArray
from PIL import Image, ImageOps

from compression.catalog.own.listing import Found
from compression.errors import ExampleNotUsable, UsageError
from compression.modalities.image.decoding import read_image
from compression.modalities.image.same import SIDE, first_of_the_same, small_copy

# Pixels of a side. Where nobody asks: as most images, but no more than most pretrained networks take in.
SMALLEST, LARGEST_UNASKED, LARGEST = 16, 224, 512
# So many files tell how large they are, and whether in colour.
LOOKED_AT = 200
# Training keeps images in memory, and views of them.
MOST_BYTES = 2_000_000_000

Shape = tuple[int, int, int]


@dataclass(frozen=True, kw_only=True)
class Readings:
    """A row for each file: ``pixels`` [N, C, H, W], small ``copies`` [N, SIDE, SIDE], and the reason against it, if it
    is left out."""

    pixels: NDArray[np.uint8]
    copies: NDArray[np.uint8]
    reasons: list[str | None]

    def left(self) -> NDArray[np.intp]:
        """The rows that nothing speaks against."""
        return np.flatnonzero([reason is None for reason in self.reasons])


def shape_of(found: Sequence[Found], side: int | None) -> Shape:
    """Channels, height and width: as asked for, else as a part of the files has them. Raises UsageError."""
    if side is not None and not SMALLEST <= side <= LARGEST:
        raise UsageError(f"Images have {SMALLEST} to {LARGEST} pixels a side here, and {side} were asked for.")
    sides, grey = [SMALLEST], True
    for each in found[:: max(1, len(found) // LOOKED_AT)]:
        try:
            image = read_image(each.path, 3)
        except ExampleNotUsable:
            # Told when all are read.
            continue
        sides.append(min(image.size))
        grey = grey and _is_grey(image)
    chosen = side or min(max(int(median(sides[1:] or sides)), SMALLEST), LARGEST_UNASKED)
    channels = 1 if grey else 3
    if len(found) * channels * chosen**2 > MOST_BYTES:
        raise UsageError(
            f"{len(found):,} images of {chosen} x {chosen} pixels take more than {MOST_BYTES / 1e9:.0f} GB; ask for "
            "fewer pixels with --side, or bring fewer images."
        )
    return channels, chosen, chosen


def read_files(found: Sequence[Found], shape: Shape, scratch: Path) -> Readings:
    """Decode every file, several at once; the array lies in the file ``scratch``, not in memory."""
    channels, height, width = shape

    def read(each: Found) -> tuple[NDArray[np.uint8], NDArray[np.uint8]] | str:
        try:
            image = read_image(each.path, channels, about=(2 * width, 2 * height))
        except ExampleNotUsable as error:
            return error.because
        return fitted(image, shape), small_copy(image)

    pixels = open_memmap(scratch, "w+", np.uint8, (len(found), *shape))
    readings = Readings(pixels=pixels, copies=np.zeros((len(found), SIDE, SIDE), np.uint8), reasons=[])
    # Pillow decodes and resizes outside the interpreter's lock.
    with ThreadPoolExecutor() as threads:
        for row, answer in enumerate(threads.map(read, found)):
            if isinstance(answer, str):
                readings.reasons.append(answer)
            else:
                pixels[row], readings.copies[row] = answer
                readings.reasons.append(None)
    return readings


def fitted(image: Image.Image, shape: Shape) -> NDArray[np.uint8]:
    """Its pixels [C, H, W] in that shape. As most networks are tested: the middle of the image, in its proportions."""
    channels, height, width = shape
    pixels = ImageOps.fit(image, (width, height), Image.Resampling.BILINEAR)
    return np.asarray(pixels).reshape(height, width, channels).transpose(2, 0, 1)


def leave_out_the_same(readings: Readings, parts: NDArray[np.str_], found: Sequence[Found]) -> None:
    """Of images that show the same keep one: in the test, else where it helps to choose. ``parts`` [N]."""
    rows = readings.left()
    # The part that is kept comes first, so that it is the first of the same.
    rows = np.concatenate([rows[parts[rows] == part] for part in ("test", "validation", "train")])
    for place, first in enumerate(first_of_the_same(readings.copies[rows])):
        if first != place:
            row, kept = rows[place], rows[first]
            told = f"it shows the same as {found[kept].name}"
            if found[kept].label != found[row].label:
                told += f", which is called '{found[kept].label}'"
            readings.reasons[row] = told + (", and that is for the test" if parts[kept] == "test" else "")


def _is_grey(image: Image.Image) -> bool:
    pixels = np.asarray(image.resize((SIDE, SIDE), Image.Resampling.BOX)).astype(int)
    return bool(np.ptp(pixels, axis=2).max() <= 1)
