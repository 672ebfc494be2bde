"""Training a network of convolutions and norms on a CPU as one function. Knows nothing of what is trained, or how."""

from compression.methods.one_function.program import Program, Step
from compression.methods.one_function.suitable import can_be_one

__all__ = ["Program", "Step", "can_be_one"]
