"""Whether a file that a person brings can teach on a dataset, found out before anything is trained."""

from pathlib import Path

from compression.catalog.cards import DatasetCard
from compression.catalog.datasets import Dataset
from compression.decision.numbers import accuracy_in_percent
from compression.measurement.accuracy.of_file import predictions_of_file
from compression.measurement.accuracy.shares import accuracy_of
from compression.measurement.checks import check_classifier, check_finite
from compression.measurement.engines import ModelNotUsable
from compression.measurement.side_by_side import FIRST_IMAGES
from compression.methods.teacher import TeacherNotUsable
from compression.store.measurements import Accuracy


def require_classifier(teacher: Path, card: DatasetCard) -> None:
    """Raise TeacherNotUsable unless the engines run the file, on such images, to scores for so many classes."""
    try:
        check_classifier(teacher, image_shape=card.image_shape, classes=len(card.classes))
    except ModelNotUsable as error:
        raise TeacherNotUsable(teacher, error.because) from error


def require_knowledge(teacher: Path, dataset: Dataset, *, threads: int) -> Accuracy:
    """The accuracy of the file on the validation images.

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
            f"it answers {accuracy_in_percent(accuracy)} of the validation images right, no more than guessing would; "
            f"check that it was trained for {dataset.card.title}, with the classes in the same order",
        )
    return accuracy
