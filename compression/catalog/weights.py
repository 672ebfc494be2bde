"""Writing and reading the weights of a pretrained model. Knows nothing of how they were trained.

Floating-point weights are stored as 16-bit floats, half the bytes; what is loaded is what is measured.
"""

import torch
from safetensors.torch import load, save
from torch import nn

from compression.catalog.networks import build_network
from compression.catalog.rows import dataset_card, pretrained_card, pretrained_folder, read_verified


def load_pretrained(model: str, dataset: str) -> nn.Module:
    """A bundled network with its trained weights, float32, in evaluation mode. Raises UnknownName, DamagedFile."""
    card = pretrained_card(model, dataset)
    content = read_verified(pretrained_folder(model, dataset), card.weights)
    network = build_network(model, dataset_card(dataset))
    unpack_weights(network, content)
    return network.eval()


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
