"""Floor 2: measures deployable ``.onnx`` files: accuracy, latency, size of the graph, memory, energy, and the machine.

Knows files, engines and test examples; knows no method, no family and no study.
"""
