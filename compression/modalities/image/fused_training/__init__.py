"""Training a network of convolutions and norms on a CPU as one function."""

from compression.modalities.image.fused_training.program import FusedStep, Program, can_be_fused

__all__ = ["FusedStep", "Program", "can_be_fused"]
