"""What was found of a dataset, before any of it is read."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

Part = Literal["train", "validation", "test"]
# What people call the parts of a dataset.
PARTS: dict[str, Part] = {
    "train": "train",
    "training": "train",
    "val": "validation",
    "valid": "validation",
    "validation": "validation",
    "dev": "validation",
    "test": "test",
    "testing": "test",
}


@dataclass(frozen=True, kw_only=True)
class Found:
    """One file that should hold an example: its name for people, its class, and its part where somebody has split the
    data already."""

    path: Path
    name: str
    label: str
    part: Part | None


@dataclass(frozen=True, kw_only=True)
class LeftOut:
    """What is no example, by its name for people. ``because`` stands behind the name."""

    name: str
    because: str


@dataclass
class Listing:
    """All that should hold an example, and all that does not."""

    found: list[Found] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
