"""What is known of a study's files before they are made, so that there is something to see from the first second."""

from compression.records.base import Count, Record
from compression.records.measurements import Accuracy


class Beforehand(Record):
    """One file, by the id of its candidate: about how large it will be. The original's accuracies are those of where it
    comes from; None is not known."""

    candidate: str
    size_bytes: Count
    validation_accuracy: Accuracy | None = None
    test_accuracy: Accuracy | None = None
