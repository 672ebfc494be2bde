"""What a network takes in, input by input."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from compression.records.base import Record

ElementType = Literal["float32", "int64", "int32", "bool"]


class InputSpec(Record):
    """One input of a network, without its batch axis. ``axes`` says what each number of ``shape`` counts."""

    name: str
    shape: tuple[Annotated[int, Field(gt=0)], ...]
    axes: tuple[str, ...]
    element: ElementType = "float32"

    @model_validator(mode="after")
    def _check(self) -> Self:
        if len(self.axes) != len(self.shape):
            raise ValueError("each axis of an input has a name and a length")
        return self
