"""What became of a teacher and its student: the files that ``distil`` ends with, on validation and test images."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from compression.catalog.cards import DatasetCard
from compression.catalog.datasets import Dataset, LabelledImages
from compression.commands.telling import Teller
from compression.measurement.accuracy.of_file import predictions_of_file
from compression.measurement.accuracy.paired import pair_of
from compression.measurement.accuracy.shares import accuracy_of
from compression.measurement.graph.onnx_file import stored_files
from compression.store.measurements import Accuracy, EngineName, Pair
from compression.store.predictions import Predictions

ENGINE: EngineName = "onnxruntime"
TEACHER, STUDENT, CONTROL = "the teacher", "the student", "the control"


@dataclass(frozen=True, kw_only=True)
class Distilled:
    """Files by what each is called, the teacher's first.

    ``pairs`` are the student against each other file, on the test images. ``images`` of the training split were
    seen so many ``epochs``, with their ``labels`` or without; with ``short_of_memory`` in half the batch.
    """

    card: DatasetCard
    files: Mapping[str, Path]
    size_bytes: Mapping[str, int]
    validation: Mapping[str, Accuracy]
    test: Mapping[str, Accuracy]
    pairs: tuple[Pair, ...]
    images: int
    epochs: int
    labels: bool
    short_of_memory: bool


def answers(
    files: Mapping[str, Path], examples: LabelledImages, dataset: Dataset, which: str, tell: Teller, *, threads: int
) -> dict[str, Predictions]:
    """What each file answers to the examples, which are told of as ``which`` images."""
    found = {}
    for who, file in files.items():
        tell(f"checking the accuracy of {who} on the {which} images")
        found[who] = predictions_of_file(file, ENGINE, examples.images, dataset.normalize, threads=threads)
    return found


def accuracies(found: Mapping[str, Predictions], examples: LabelledImages) -> dict[str, Accuracy]:
    """How often each was right."""
    return {who: accuracy_of(each.classes, examples.labels) for who, each in found.items()}


def pairs(found: Mapping[str, Predictions], examples: LabelledImages) -> tuple[Pair, ...]:
    """The student against each of the others."""
    others = (who for who in found if who != STUDENT)
    return tuple(pair_of(STUDENT, found[STUDENT], who, found[who], examples.labels) for who in others)


def sizes(files: Mapping[str, Path]) -> dict[str, int]:
    """All that has to be shipped to run each file, in bytes."""
    return {who: sum(each.stat().st_size for each in stored_files(file)) for who, file in files.items()}
