"""Students: the small networks that are trained. Says what is to be built, and nothing of how."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from compression.records.base import Record

Architecture = Literal["residual", "separable"]

# What presets call students by; a modality says which network each stands for, if it has one.
StudentSize = Literal["small", "small separable", "medium", "large", "extra large", "huge"]
# In one study.
MOST_STUDENTS = 8


class Student(Record):
    """A small convolutional network: ``width`` channels in its first stage, ``depth`` blocks in each of its stages.

    ``size`` is a word, or the most bytes that were asked for ("100 KB"); in a study it stands for one width and depth
    of an architecture.
    """

    size: Annotated[str, Field(pattern=r"^[a-z0-9][a-zA-Z0-9. ]*$", max_length=20)]
    architecture: Architecture = "residual"
    width: Annotated[int, Field(ge=2, le=512)]
    depth: Annotated[int, Field(ge=1, le=8)] = 1

    @property
    def title(self) -> str:
        """What it is called, for people: 'small', 'small separable', '100 KB'."""
        return self.size if self.architecture == "residual" else f"{self.size} {self.architecture}"

    @property
    def id(self) -> str:
        """What it is called, in the ids of candidates: 'small', 'small-separable', '100-kb'."""
        return self.title.lower().replace(" ", "-")


def _of_different_sizes(students: tuple[Student, ...]) -> tuple[Student, ...]:
    if len({student.id for student in students}) < len(students):
        raise ValueError("two students go by the same size; leave one out")
    return students


Students = Annotated[
    tuple[Student, ...], Field(min_length=1, max_length=MOST_STUDENTS), AfterValidator(_of_different_sizes)
]
