"""The record of what became of a teacher and its student, on validation and test images. Runs nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from compression.catalog.cards import DatasetCard
from compression.store.measurements import Accuracy, EngineName, Pair

# What all of it was found out with.
ENGINE: EngineName = "onnxruntime"


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """Files by what each is called, the teacher's first.

    ``pairs`` are the student against each other file, on the test images. ``images`` of the training split were
    seen so many ``epochs``, with their ``labels`` or without; by those ``short_of_memory`` in half the batch.
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
    short_of_memory: frozenset[str] = frozenset()
