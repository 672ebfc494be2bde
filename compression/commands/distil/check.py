"""Whether a file can teach on a dataset, found out before anything is trained; and what the finished files answer to
the validation and the test examples, beside their teacher.
"""

from collections.abc import Mapping
from pathlib import Path

from compression.catalog.cards import DatasetCard
from compression.catalog.examples import Dataset, LabelledImages
from compression.commands.console import StageLines
from compression.commands.distil.request import STUDENT, TEACHER, DistilRequest
from compression.commands.distil.result import ENGINE, DistilResult
from compression.decision.numbers import accuracy_in_percent
from compression.measurement.accuracy.paired import pair_of
from compression.measurement.accuracy.predictions import predictions_of_file
from compression.measurement.accuracy.shares import accuracy_of
from compression.measurement.checks import check_classifier, check_finite
from compression.measurement.engines import ModelNotUsable
from compression.measurement.graph.onnx_file import stored_files
from compression.measurement.measure_files import FIRST_IMAGES
from compression.methods.build_context import BuildContext
from compression.methods.distillation.teacher import TeacherNotUsable
from compression.records.measurements import Accuracy, Pair
from compression.records.objectives import needs_labels
from compression.store.predictions import Predictions


def answer_all(
    order: DistilRequest,
    context: BuildContext,
    knowledge: Accuracy,
    tell: StageLines,
    *,
    threads: int,
    short_of_memory: frozenset[str],
) -> DistilResult:
    """What became of an order; ``knowledge`` is the teacher's accuracy on the validation examples, and those
    ``short_of_memory`` were trained in half the batch."""
    dataset = context.dataset
    made = {who: context.artefact(recipe) for who, recipe in order.recipes.items()}
    files = {TEACHER: order.teacher, **made}
    validation = _answers(made, dataset.validation, dataset, "validation", tell, threads=threads)
    test = _answers(files, dataset.test, dataset, "test", tell, threads=threads)
    return DistilResult(
        card=order.card,
        files={TEACHER: order.teacher, **order.places},
        size_bytes={who: _size_bytes(file) for who, file in files.items()},
        validation={TEACHER: knowledge, **_accuracies(validation, dataset.validation)},
        test=_accuracies(test, dataset.test),
        pairs=_pairs(test, dataset.test),
        examples=context.student_views.size,
        epochs=order.budget.epochs,
        labels=needs_labels(order.recipe.objective),
        short_of_memory=short_of_memory,
    )


def _answers(
    files: Mapping[str, Path], examples: LabelledImages, dataset: Dataset, which: str, tell: StageLines, *, threads: int
) -> dict[str, Predictions]:
    """What each file answers to the examples, which are told of as ``which`` examples."""
    found = {}
    for who, file in files.items():
        tell(f"checking the accuracy of {who} on the {which} {dataset.card.nouns}")
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


def require_classifier(teacher: Path, card: DatasetCard) -> None:
    """Raise TeacherNotUsable unless the engines run the file, on such examples, to scores for so many classes."""
    try:
        check_classifier(teacher, image_shape=card.image_shape, classes=len(card.classes))
    except ModelNotUsable as error:
        raise TeacherNotUsable(teacher, error.because) from error


def require_knowledge(teacher: Path, dataset: Dataset, *, threads: int) -> Accuracy:
    """The accuracy of the file on the validation examples.

    Raises TeacherNotUsable when its scores are no finite numbers, or it answers no better than guessing would.
    """
    images, classes = dataset.validation.images, len(dataset.card.classes)
    try:
        check_finite(teacher, dataset.normalize(images[:FIRST_IMAGES]))
        found = predictions_of_file(teacher, "onnxruntime", images, dataset.normalize, threads=threads)
    except ModelNotUsable as error:
        raise TeacherNotUsable(teacher, error.because) from error
    accuracy = accuracy_of(found.classes, dataset.validation.labels)
    if accuracy.low <= 1 / classes:
        raise TeacherNotUsable(
            teacher,
            f"it answers {accuracy_in_percent(accuracy)} of the validation {dataset.card.nouns} right, no more than "
            f"guessing would; check that it was trained for {dataset.card.title}, with the classes in the same order",
        )
    return accuracy
