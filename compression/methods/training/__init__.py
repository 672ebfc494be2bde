"""The one training loop, and what a training leaves to go on from."""
