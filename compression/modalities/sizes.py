"""Students that are asked for by the size of their file: the widest that keeps within it. Torch-free."""

import re
from collections.abc import Sequence

from compression.catalog.cards import DatasetCard
from compression.errors import UsageError
from compression.methods.modality import Modality
from compression.records.students import MOST_STUDENTS, Architecture, Student

NARROWEST, WIDEST = 2, 512
BYTES_PER_UNIT = {"KB": 1_000, "MB": 1_000_000}
ASKED_FOR = re.compile(r"(?P<number>\d{1,6}(\.\d{1,3})?)\s*(?P<unit>KB|MB)(?P<separable>\s+separable)?", re.IGNORECASE)


def students_asked_for(texts: Sequence[str], card: DatasetCard, modality: Modality) -> tuple[Student, ...]:
    """The students that these texts stand for. Raises UsageError, also for two of one size and for too many."""
    students = tuple(_asked_for(text, card, modality) for text in texts)
    if len({student.id for student in students}) < len(students):
        raise UsageError("Two of the students have the same size; leave one out.")
    if len(students) > MOST_STUDENTS:
        raise UsageError(f"A study has room for {MOST_STUDENTS} students, not {len(students)}; leave some out.")
    return students


def _asked_for(text: str, card: DatasetCard, modality: Modality) -> Student:
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
        int(number * BYTES_PER_UNIT[unit]), card, modality, size=f"{number:g} {unit}", architecture=architecture
    )


def widest_within(
    limit_bytes: int,
    card: DatasetCard,
    modality: Modality,
    *,
    size: str,
    architecture: Architecture = "residual",
    depth: int = 1,
) -> Student:
    """The widest student whose file has at most ``limit_bytes``. Raises UsageError when none is that small."""
    student = Student(size=size, architecture=architecture, width=NARROWEST, depth=depth)
    if modality.file_bytes(student, card) > limit_bytes:
        raise UsageError(
            f"No {architecture} student of {depth} block{'' if depth == 1 else 's'} a stage fits into {size}; the "
            f"smallest takes {modality.file_bytes(student, card) / 1000:.1f} KB, so ask for that or more."
        )
    low, high = NARROWEST, WIDEST
    while low < high:
        middle = (low + high + 1) // 2
        fits = modality.file_bytes(student.model_copy(update={"width": middle}), card) <= limit_bytes
        low, high = (middle, high) if fits else (low, middle - 1)
    return student.model_copy(update={"width": low})
