"""Training a network of normalized convolutions on a CPU as one function. Knows nothing of what is trained, or how."""

import torch
from torch import Tensor

from compression.methods.one_function.function import means_of_maps
from compression.methods.one_function.program import Program, Step

__all__ = ["Program", "Step", "can_be_one", "means_of_maps"]

# The norms run on one thread. Torch's own run on all, and may be as quick with more than these.
MOST_THREADS = 4


def can_be_one(images: Tensor) -> bool:
    """Whether a program can take these images, and is quicker than the modules that it is made of."""
    # A graph that is captured is to be of operators that others know.
    return images.device.type == "cpu" and torch.get_num_threads() <= MOST_THREADS and not torch.compiler.is_compiling()
