"""How far a study has come, told step by step: what is done, and how much of it."""

import re
from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, model_validator

from compression.records.base import Record, Share
from compression.records.recipes import LaneName

# What the worker does before the lanes, what a lane does with one recipe (its first look is at some of the validation
# examples), and what the worker does when both have ended. Accuracy is checked in a lane, or else after both.
Stage = Literal[
    "preparing",
    "asking the teacher",
    "exporting",
    "quantizing",
    "looking into the teacher",
    "training",
    "out of memory",
    "first look",
    "looking into layers",
    "trying layers in few bits",
    "checking accuracy",
    "timing",
    "weighing memory",
    "timing again",
]
MEASURING_STAGES: tuple[Stage, ...] = (
    "looking into layers",
    "trying layers in few bits",
    "checking accuracy",
    "timing",
    "weighing memory",
    "timing again",
)
# As older studies told of it.
OUT_OF_MEMORY = re.compile(r"out of memory, training in steps of (\d+)")


class Progress(Record):
    """One step of a study's progress. ``done`` (0..1) is of this stage; ``candidate`` is an id, if it is about one.

    ``lane`` is None for what the worker does before and after the lanes. After memory ran out, training goes on in
    steps of ``batch_size`` examples.
    """

    at: datetime
    lane: LaneName | None
    stage: Stage
    done: Share
    candidate: str | None = None
    validation_accuracy: Share | None = None
    batch_size: Annotated[int, Field(gt=0)] | None = None

    @model_validator(mode="before")
    @classmethod
    def _as_it_was_told_before(cls, given: object) -> object:
        if isinstance(given, dict) and (found := OUT_OF_MEMORY.match(str(given.get("stage")))):
            return given | {"stage": "out of memory", "batch_size": int(found[1])}
        return given


def in_words(stage: Stage, batch_size: int | None) -> str:
    """What is done in a stage, in front of what it is done to."""
    return stage if batch_size is None else f"{stage}, training in steps of {batch_size} examples:"
