"""The base of everything that is kept, the kinds of numbers in it, and older names. Knows nothing of what they say."""

from typing import Annotated

from pydantic import AliasChoices, BaseModel, ConfigDict, Field

Share = Annotated[float, Field(ge=0.0, le=1.0)]
Count = Annotated[int, Field(ge=0)]
Positive = Annotated[float, Field(gt=0.0)]
# Fields by the names of today, and by those in studies of format 1, whose examples were all of one modality.
EXAMPLES_NAMES = AliasChoices("examples", "images")
CALIBRATION_NAMES = AliasChoices("calibration_examples", "calibration_images")


class Record(BaseModel):
    """Frozen, and with no field that is not asked for."""

    model_config = ConfigDict(frozen=True, extra="forbid")
