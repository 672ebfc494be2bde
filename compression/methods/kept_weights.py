"""A trained network's state on disk, number for number, for whoever trains it on later in the same study."""

from pathlib import Path

from safetensors.torch import load, save
from torch import nn

from compression.errors import CandidateFailed
from compression.store.files import write_atomically


def keep_weights(network: nn.Module, path: Path) -> None:
    """Write the state of a network as safetensors."""
    write_atomically(path, save({name: tensor.contiguous() for name, tensor in network.state_dict().items()}))


def restore_weights(network: nn.Module, path: Path) -> None:
    """Put kept weights into a network of the same architecture. Raises CandidateFailed when there are none."""
    if not path.is_file():
        raise CandidateFailed("The trained weights that it starts from are not there; start the study again.")
    network.load_state_dict(load(path.read_bytes()))
