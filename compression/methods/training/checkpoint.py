"""Keeping what an interrupted training needs to go on, and what a later training starts from: files that are written
whole."""

import pickle
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load, save
from torch import nn

from compression.errors import CandidateFailed
from compression.store.files import make_way, write_atomically


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


def store_weights(network: nn.Module, path: Path) -> None:
    """Write the state of a network as safetensors."""
    write_atomically(path, save({name: tensor.contiguous() for name, tensor in network.state_dict().items()}))


def load_weights(network: nn.Module, path: Path) -> None:
    """Put kept weights into a network of the same architecture. Raises CandidateFailed when there are none."""
    if not path.is_file():
        raise CandidateFailed("The trained weights that it starts from are not there; start the study again.")
    network.load_state_dict(load(path.read_bytes()))
