"""What the files of a study answer to an example of one's own. Kept nowhere: one process tells it another."""

from pydantic import ConfigDict

from compression.records.base import Positive, Record, Share


class OwnAnswer(Record):
    """What one file answered: a class by its name, how sure it was, and the median time of an answer."""

    candidate: str
    answer: str
    confidence: Share
    milliseconds: Positive


class OwnAnswers(Record):
    """Those of all files that are here, in the study's order; ``missing`` are the names of the other measured
    ones. ``content`` is the example as the files saw it, of a ``media_type``."""

    model_config = ConfigDict(ser_json_bytes="base64", val_json_bytes="base64")

    answers: tuple[OwnAnswer, ...]
    missing: tuple[str, ...]
    media_type: str
    content: bytes
