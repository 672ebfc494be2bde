"""How large a student's file will be, told from its shape alone, and the widest student that keeps within a size.

Torch-free, so that a form can ask before anything is built; knows nothing of weights.
"""

import re
from collections.abc import Iterator, Sequence
from typing import assert_never

from compression.catalog.cards import DatasetCard
from compression.errors import UsageError
from compression.records.students import MOST_STUDENTS, Architecture, Student

# The width of each stage, as multiples of a student's own.
STAGES = (1, 2, 4)
# The longest side, in pixels, of the maps that the first stage works on.
LARGEST_MAP = 28
BYTES_PER_NUMBER = 4
# What an exported graph takes beside its weights, seen on trained students of width 2 to 200 and depth 1 to 3: 496 to
# 548 bytes for every convolution and 150 to 430 once. (An untrained one takes less: its biases are all 0, and tensors
# that are equal are kept once.)
BYTES_PER_CONVOLUTION = 550
BYTES_PER_GRAPH = 200
NARROWEST, WIDEST = 2, 512
BYTES_PER_UNIT = {"KB": 1_000, "MB": 1_000_000}
ASKED_FOR = re.compile(r"(?P<number>\d{1,6}(\.\d{1,3})?)\s*(?P<unit>KB|MB)(?P<separable>\s+separable)?", re.IGNORECASE)


def stem_convolutions(image_shape: tuple[int, int, int]) -> int:
    """How many convolutions of stride 2 bring images [C, H, W] to the size that the stages work on; at least one."""
    side, count = max(image_shape[1:]) / 2, 1
    while side > LARGEST_MAP:
        side, count = side / 2, count + 1
    return count


def file_bytes(student: Student, dataset: DatasetCard) -> int:
    """What the student's fp32 file will have at most; of the smallest, up to a seventh less."""
    shapes = list(_convolutions(student, dataset.image_shape))
    # Batch norms are folded, so that every convolution has a bias.
    numbers = sum(weights + outputs for weights, outputs in shapes)
    numbers += (student.width * STAGES[-1] + 1) * len(dataset.classes)
    return BYTES_PER_NUMBER * numbers + BYTES_PER_CONVOLUTION * len(shapes) + BYTES_PER_GRAPH


def students_asked_for(texts: Sequence[str], dataset: DatasetCard) -> tuple[Student, ...]:
    """The students that these texts stand for. Raises UsageError, also for two of one size and for too many."""
    students = tuple(_asked_for(text, dataset) for text in texts)
    if len({student.id for student in students}) < len(students):
        raise UsageError("Two of the students have the same size; leave one out.")
    if len(students) > MOST_STUDENTS:
        raise UsageError(f"A study has room for {MOST_STUDENTS} students, not {len(students)}; leave some out.")
    return students


def _asked_for(text: str, dataset: DatasetCard) -> Student:
    """The student that '100 KB' or '1.5 MB separable' stands for: the widest whose file has no more than that.

    Raises UsageError for other text, and when no student is that small.
    """
    found = ASKED_FOR.fullmatch(text.strip())
    if found is None:
        raise UsageError(
            f"'{text.strip()}' is no size of a student; write how large its file may be, such as '100 KB', or "
            "'1.5 MB separable' for one of depthwise-separable convolutions."
        )
    number, unit = float(found["number"]), found["unit"].upper()
    architecture: Architecture = "separable" if found["separable"] else "residual"
    return widest_within(
        int(number * BYTES_PER_UNIT[unit]), dataset, size=f"{number:g} {unit}", architecture=architecture
    )


def widest_within(
    limit_bytes: int, dataset: DatasetCard, *, size: str, architecture: Architecture = "residual", depth: int = 1
) -> Student:
    """The widest student whose file has at most ``limit_bytes``. Raises UsageError when none is that small."""
    student = Student(size=size, architecture=architecture, width=NARROWEST, depth=depth)
    if file_bytes(student, dataset) > limit_bytes:
        raise UsageError(
            f"No {architecture} student of {depth} block{'' if depth == 1 else 's'} a stage fits into {size}; the "
            f"smallest takes {file_bytes(student, dataset) / 1000:.1f} KB, so ask for that or more."
        )
    low, high = NARROWEST, WIDEST
    while low < high:
        middle = (low + high + 1) // 2
        fits = file_bytes(student.model_copy(update={"width": middle}), dataset) <= limit_bytes
        low, high = (middle, high) if fits else (low, middle - 1)
    return student.model_copy(update={"width": low})


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
