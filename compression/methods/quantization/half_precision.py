"""16-bit floats: half the bytes, and the same network to more digits than its accuracy can show."""

from pathlib import Path

import onnx
from onnxruntime.transformers.float16 import convert_float_to_float16

from compression.methods.export import write_model


def convert_to_half(source: Path, target: Path) -> None:
    """Write ``source`` with fp16 weights and arithmetic to ``target``; input and output stay float32."""
    write_model(convert_float_to_float16(onnx.load(source), keep_io_types=True), target)
