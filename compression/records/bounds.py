"""The least and the most of what a person may choose, for records, command line and form alike."""

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import Field

Number = TypeVar("Number", int, float)


@dataclass(frozen=True)
class Bounds(Generic[Number]):
    """Both ends are allowed."""

    least: Number
    most: Number

    @property
    def field(self) -> Any:  # noqa: ANN401  # what pydantic calls its own
        """The same for the field of a record."""
        return Field(ge=self.least, le=self.most)


SEED = Bounds(0, 2**31 - 1)
THREADS = Bounds(1, 256)
TEMPERATURE = Bounds(1.0, 20.0)
LABELS_SHARE = Bounds(0.0, 1.0)
EPOCHS = Bounds(1, 200)
# The most to spend on timing one file under one condition.
LATENCY_SECONDS = Bounds(0.05, 60.0)
CALIBRATION_EXAMPLES = Bounds(10, 5_000)
# As a share of all examples: 0.005 is half a point.
LARGEST_DROP = Bounds(0.0, 0.5)
