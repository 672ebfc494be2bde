"""What the finished files answer to the validation and the test images, beside their teacher: runs them in an engine.
Knows nothing of how they were made.
"""

from collections.abc import Mapping
from pathlib import Path

from compression.catalog.datasets import Dataset, LabelledImages
from compression.commands.distil.order import STUDENT, TEACHER, Order
from compression.commands.distil.outcome import ENGINE, Outcome
from compression.commands.telling import Teller
from compression.measurement.accuracy.of_file import predictions_of_file
from compression.measurement.accuracy.paired import pair_of
from compression.measurement.accuracy.shares import accuracy_of
from compression.measurement.graph.onnx_file import stored_files
from compression.methods.materials import Materials
from compression.store.measurements import Accuracy, Pair
from compression.store.objectives import needs_labels
from compression.store.predictions import Predictions


def examine(
    order: Order,
    materials: Materials,
    knowledge: Accuracy,
    tell: Teller,
    *,
    threads: int,
    short_of_memory: frozenset[str],
) -> Outcome:
    """What became of an order; ``knowledge`` is the teacher's accuracy on the validation images, and those
    ``short_of_memory`` were trained in half the batch."""
    dataset = materials.dataset
    made = {who: materials.artefact(recipe) for who, recipe in order.recipes.items()}
    files = {TEACHER: order.teacher, **made}
    validation = _answers(made, dataset.validation, dataset, "validation", tell, threads=threads)
    test = _answers(files, dataset.test, dataset, "test", tell, threads=threads)
    return Outcome(
        card=order.card,
        files={TEACHER: order.teacher, **order.places},
        size_bytes={who: _size_bytes(file) for who, file in files.items()},
        validation={TEACHER: knowledge, **_accuracies(validation, dataset.validation)},
        test=_accuracies(test, dataset.test),
        pairs=_pairs(test, dataset.test),
        images=materials.student_views.size,
        epochs=order.budget.epochs,
        labels=needs_labels(order.recipe.objective),
        short_of_memory=short_of_memory,
    )


def _answers(
    files: Mapping[str, Path], examples: LabelledImages, dataset: Dataset, which: str, tell: Teller, *, threads: int
) -> dict[str, Predictions]:
    """What each file answers to the examples, which are told of as ``which`` images."""
    found = {}
    for who, file in files.items():
        tell(f"checking the accuracy of {who} on the {which} images")
        found[who] = predictions_of_file(file, ENGINE, examples.images, dataset.normalize, threads=threads)
    return found


def _accuracies(found: Mapping[str, Predictions], examples: LabelledImages) -> dict[str, Accuracy]:
    """How often each was right."""
    return {who: accuracy_of(each.classes, examples.labels) for who, each in found.items()}


def _pairs(found: Mapping[str, Predictions], examples: LabelledImages) -> tuple[Pair, ...]:
    """The student against each of the others."""
    others = (who for who in found if who != STUDENT)
    return tuple(pair_of(STUDENT, found[STUDENT], who, found[who], examples.labels) for who in others)


def _size_bytes(file: Path) -> int:
    """All that has to be shipped to run it."""
    return sum(each.stat().st_size for each in stored_files(file))
