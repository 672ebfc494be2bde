"""The base of everything that is kept. Knows nothing of what that is."""

from pydantic import BaseModel, ConfigDict


class Record(BaseModel):
    """Frozen, and with no field that is not asked for."""

    model_config = ConfigDict(frozen=True, extra="forbid")
