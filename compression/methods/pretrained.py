"""Writing and reading the weights of a pretrained model.

Floating-point weights are stored as 16-bit floats, half the bytes; what is loaded is what is measured.
"""

import torch
from safetensors.torch import load, save
from torch import nn

from compression.catalog.rows import pretrained_card, pretrained_folder, read_verified


def load_pretrained(network: nn.Module, model: str, dataset: str) -> nn.Module:
    """The network of a bundled ``model`` with the weights that it was trained to on ``dataset``.

    In float32 and evaluation mode. Raises UnknownName, DamagedFile.
    """
    content = read_verified(pretrained_folder(model, dataset), pretrained_card(model, dataset).weights)
    unpack_weights(network, content)
    return network.eval()


def count_parameters(network: nn.Module) -> int:
    """Number of trainable scalars."""
    return sum(parameter.numel() for parameter in network.parameters())


def pack_weights(network: nn.Module) -> bytes:
    """A network's state as safetensors, its floating-point tensors as float16."""
    state = {
        name: tensor.detach().to(torch.float16 if tensor.is_floating_point() else tensor.dtype).contiguous()
        for name, tensor in network.state_dict().items()
    }
    return save(state)


def unpack_weights(network: nn.Module, content: bytes) -> None:
    """Put packed weights into a network of the same architecture; they become float32 again."""
    network.load_state_dict({name: _float32(tensor) for name, tensor in load(content).items()})


def _float32(tensor: torch.Tensor) -> torch.Tensor:
    return tensor.float() if tensor.is_floating_point() else tensor
