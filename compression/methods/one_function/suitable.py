"""When a program is of use: which images it takes, and whether it is quicker than the modules that it is made of."""

import torch
from torch import Tensor

PRECISIONS = (torch.float32, torch.bfloat16)
# The norms run on one thread. Torch's own run on all; with more than these it was not measured which is quicker.
MOST_THREADS = 2


def can_be_one(images: Tensor) -> bool:
    """Whether a program can take these images [N, C, H, W], and is to."""
    precision = torch.get_autocast_dtype("cpu") if torch.is_autocast_enabled("cpu") else images.dtype
    return (
        images.device.type == "cpu"
        and precision in PRECISIONS
        and not images.requires_grad
        # Of a single number there is no variance; torch says so.
        and len(images) > 1
        and torch.get_num_threads() <= MOST_THREADS
        # A graph that is captured is to be of operators that others know.
        and not torch.compiler.is_compiling()
    )
