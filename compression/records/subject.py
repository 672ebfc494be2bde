"""What a study was about: kept with it, so that whoever reads a study later asks nobody else."""

from pydantic import Field

from compression.records.base import Count, Record
from compression.records.inputs import InputSpec


class Subject(Record):
    """The model and the dataset of a study, as they were when it started.

    ``modality`` is what the examples are, ``noun`` and ``nouns`` what people call one and several of them. ``classes``
    are in the order of the labels. ``training_examples`` leaves out those kept apart for validation. None, or an empty
    tuple, stands for what an older study did not keep.
    """

    model_title: str
    dataset_title: str
    modality: str | None = None
    noun: str = Field(default="example", min_length=1)
    nouns: str = Field(default="examples", min_length=1)
    classes: tuple[str, ...] = ()
    training_examples: Count | None = None
    validation_examples: Count | None = None
    test_examples: Count | None = None
    inputs: tuple[InputSpec, ...] = ()

    @property
    def title(self) -> str:
        """'ResNet-18 on Fashion-MNIST'."""
        return f"{self.model_title} on {self.dataset_title}"

    def counted(self, number: int) -> str:
        """So many examples, as people call them: '1 example', '10,000 examples'."""
        return counted(number, self.noun, self.nouns)


def counted(number: int, noun: str, nouns: str) -> str:
    """'1 example', '10,000 examples'."""
    return f"{number:,} {noun if number == 1 else nouns}"
