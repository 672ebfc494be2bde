"""A quantized graph written so that every engine computes it in integers; it stands for the same numbers."""
