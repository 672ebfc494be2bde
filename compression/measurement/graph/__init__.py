"""What an ``.onnx`` file is made of, and what an engine makes of it: read from graphs, nothing is timed."""
