"""Keeping what an interrupted training needs to go on: one file, written whole, that knows which training it is of.

Knows nothing of what a training is.
"""

import pickle
from pathlib import Path
from typing import Any

import torch

from compression.store.files import make_way


def keep(checkpoint: Path, state: dict[str, Any], *, training: str) -> None:
    """Write a ``state`` of tensors and plain values; ``training`` says which training may go on from it."""
    with make_way(checkpoint) as unfinished:
        torch.save({"training": training, "state": state}, unfinished)


def kept(checkpoint: Path, *, training: str) -> dict[str, Any] | None:
    """What ``keep`` was given; None when there is nothing of this very training, which then has to begin anew."""
    if not checkpoint.is_file():
        return None
    try:
        found = torch.load(checkpoint, weights_only=True, map_location="cpu")
    except (EOFError, RuntimeError, pickle.UnpicklingError):
        # Cut off by a loss of power, or no checkpoint at all: nothing is lost in it that cannot be trained again.
        return None
    of_this_training = isinstance(found, dict) and found.get("training") == training
    return found["state"] if of_this_training else None
