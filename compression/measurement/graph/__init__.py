"""What an ``.onnx`` file is made of: read from its graph alone. Knows no engine."""
