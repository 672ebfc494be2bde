"""Students: the small networks that are trained. Says what is to be built, and nothing of how."""

from typing import Annotated, Literal

from pydantic import Field

from compression.store.record import Record


class Student(Record):
    """A small residual network: ``width`` channels in its first stage, ``depth`` blocks in each of its stages."""

    size: Literal["small", "medium", "large"]
    width: Annotated[int, Field(ge=2, le=256)]
    depth: Annotated[int, Field(ge=1, le=8)] = 1
