"""The students that presets name, and how large a student's file will be, told from its shape alone.

Torch-free, so that a form can ask before anything is built.
"""

from collections.abc import Iterator
from typing import assert_never

from compression.catalog.cards import ImageDatasetCard
from compression.records.students import Architecture, Student, StudentSize

# The width of each stage, as multiples of a student's own.
STAGES = (1, 2, 4)
# The longest side, in pixels, of the maps that the first stage works on.
LARGEST_MAP = 28
# What presets call by a size.
STUDENTS: dict[StudentSize, Student] = {
    "small": Student(size="small", width=4),
    "small separable": Student(size="small", architecture="separable", width=16),
    "medium": Student(size="medium", width=12),
    "large": Student(size="large", width=20),
    "extra large": Student(size="extra large", width=32),
    "huge": Student(size="huge", width=48),
}
BYTES_PER_NUMBER = 4
# What an exported graph takes beside its weights: docs/lab-notes.md, "Bytes of a student's graph".
BYTES_PER_CONVOLUTION = 550
BYTES_PER_GRAPH = 200


def stem_convolutions(image_shape: tuple[int, int, int]) -> int:
    """How many convolutions of stride 2 bring images [C, H, W] to the size that the stages work on; at least one."""
    side, count = max(image_shape[1:]) / 2, 1
    while side > LARGEST_MAP:
        side, count = side / 2, count + 1
    return count


def file_bytes(student: Student, dataset: ImageDatasetCard) -> int:
    """What the student's fp32 file will have at most; of the smallest, up to a seventh less."""
    shapes = list(_convolutions(student, dataset.image_shape))
    # Batch norms are folded, so that every convolution has a bias.
    numbers = sum(weights + outputs for weights, outputs in shapes)
    numbers += (student.width * STAGES[-1] + 1) * len(dataset.classes)
    return BYTES_PER_NUMBER * numbers + BYTES_PER_CONVOLUTION * len(shapes) + BYTES_PER_GRAPH


def _convolutions(student: Student, image_shape: tuple[int, int, int]) -> Iterator[tuple[int, int]]:
    """Weights and output channels of every convolution."""
    inputs, width = image_shape[0], student.width
    for _ in range(stem_convolutions(image_shape)):
        yield 9 * inputs * width, width
        inputs = width
    for multiple in STAGES:
        outputs = width * multiple
        for _ in range(student.depth):
            yield from _block(student.architecture, inputs, outputs)
            inputs = outputs


def _block(architecture: Architecture, inputs: int, outputs: int) -> Iterator[tuple[int, int]]:
    match architecture:
        case "residual":
            yield 9 * inputs * outputs, outputs
            yield 9 * outputs * outputs, outputs
            if inputs != outputs:
                yield inputs * outputs, outputs
        case "separable":
            for channels in (inputs, outputs):
                yield 9 * channels, channels
                yield channels * outputs, outputs
        case _:
            assert_never(architecture)
