"""The base of everything that is kept, and the kinds of numbers in it. Knows nothing of what they say."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Share = Annotated[float, Field(ge=0.0, le=1.0)]
Count = Annotated[int, Field(ge=0)]
Positive = Annotated[float, Field(gt=0.0)]


class Record(BaseModel):
    """Frozen, and with no field that is not asked for."""

    model_config = ConfigDict(frozen=True, extra="forbid")
