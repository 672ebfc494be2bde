"""Telling that memory ran out from everything else that can go wrong. Knows nothing of what was being done."""

import torch

# What a RuntimeError says when there was not enough memory. Of torch's allocator on a CPU (c10/core/impl/alloc_cpu.cpp:
# the second is Windows' wording) and on an Apple GPU; and of oneDNN, which computes convolutions and says no more than
# that: with the address space of a process limited, training in fp32 ended in the first, in bf16 always in the last.
SAID_OF_IT = (
    "DefaultCPUAllocator: can't allocate memory",
    "DefaultCPUAllocator: not enough memory",
    "MPS backend out of memory",
    "could not create a primitive",
)


def is_memory_shortage(error: RuntimeError | MemoryError) -> bool:
    """Whether this error means that memory ran out, of the computer or of its GPU."""
    if isinstance(error, MemoryError | torch.OutOfMemoryError):
        return True
    return any(words in str(error) for words in SAID_OF_IT)
