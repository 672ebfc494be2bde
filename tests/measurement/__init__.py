"""Tests of floor 2, on tiny real ONNX files in the real engines."""
