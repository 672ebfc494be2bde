"""Which device trains: a GPU where torch finds one, the CPU elsewhere; in which precision; and telling that its memory
ran out. Nothing is to be configured.

Only training and its examples are put there. What is measured is a file, and that runs in an engine on the CPU.
"""

import torch
from torch import nn

CPU = torch.device("cpu")


# What a RuntimeError says when there was not enough memory. Of torch's allocator on a CPU (c10/core/impl/alloc_cpu.cpp:
# the second is Windows' wording) and on an Apple GPU; and of oneDNN, which computes convolutions and says no more than
# that. See docs/lab-notes.md, "Memory that runs out".
SAID_OF_IT = (
    "DefaultCPUAllocator: can't allocate memory",
    "DefaultCPUAllocator: not enough memory",
    "MPS backend out of memory",
    "could not create a primitive",
)


def training_device() -> torch.device:
    """An NVIDIA or AMD GPU, which torch both calls "cuda", else an Apple GPU, else the CPU."""
    if torch.cuda.is_available():
        return torch.device("cuda")
    if torch.backends.mps.is_available():
        return torch.device("mps")
    return CPU


def has_depthwise_convolutions(network: nn.Module) -> bool:
    """Whether any convolution has one filter per channel."""
    return any(
        isinstance(module, nn.Conv2d) and module.groups > 1 and module.groups == module.in_channels
        for module in network.modules()
    )


def training_precision(network: torch.nn.Module, device: torch.device) -> torch.dtype:
    """What convolutions and matrix products are computed in; weights and sums stay in fp32.

    bf16 on a GPU that has arithmetic for it, and on a CPU that has, for a network without depthwise convolutions
    (docs/lab-notes.md, "bf16 or fp32 in training"). fp32 elsewhere: fp16, which older GPUs and Apple's have, would need
    its losses scaled.
    """
    match device.type:
        case "cuda":
            fast_bf16 = torch.cuda.is_bf16_supported(including_emulation=False)
        case "cpu":
            capabilities = torch.cpu.get_capabilities()
            in_hardware = bool(capabilities.get("amx_bf16") or capabilities.get("avx512_bf16"))
            fast_bf16 = in_hardware and not has_depthwise_convolutions(network)
        case _:
            fast_bf16 = False
    return torch.bfloat16 if fast_bf16 else torch.float32


def is_memory_shortage(error: RuntimeError | MemoryError) -> bool:
    """Whether this error means that memory ran out, of the computer or of its GPU."""
    if isinstance(error, MemoryError | torch.OutOfMemoryError):
        return True
    return any(words in str(error) for words in SAID_OF_IT)
