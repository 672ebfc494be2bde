"""When a program is of use: which images it takes, and whether it is quicker than the modules that it is made of."""

import torch
from torch import Tensor

# The norms run on one thread, torch's own on all. On two, a step in bf16 took 0.50 to 0.79 of the time of the modules
# for students of width 4 to 40; in fp32 it took 0.56 for a separable one of width 12, but 1.3 for one of width 32. What
# more threads take was not measured.
MOST_THREADS = {torch.bfloat16: 2, torch.float32: 1}


def can_be_one(images: Tensor) -> bool:
    """Whether a program can take these images [N, C, H, W], and is to."""
    precision = torch.get_autocast_dtype("cpu") if torch.is_autocast_enabled("cpu") else images.dtype
    return (
        images.device.type == "cpu"
        and not images.requires_grad
        # Of a single number there is no variance; torch says so.
        and len(images) > 1
        and torch.get_num_threads() <= MOST_THREADS.get(precision, 0)
        # A graph that is captured is to be of operators that others know.
        and not torch.compiler.is_compiling()
    )
