"""The one training loop, and what a training needs: a device, checkpoints, and fused steps on a CPU."""
