"""16-bit floats: half the bytes, and the same network to more digits than its accuracy can show."""

from pathlib import Path

import onnx
from onnxruntime.transformers.float16 import DEFAULT_OP_BLOCK_LIST, convert_float_to_float16

from compression.methods.model_file import write_model

# Its sums of squares are for 32 bits, and in 16 ONNX Runtime may crash: docs/lab-notes.md, "fp16 of transformers".
KEPT_IN_32_BITS = [*DEFAULT_OP_BLOCK_LIST, "LayerNormalization"]


def convert_to_half(source: Path, target: Path) -> None:
    """Write ``source`` with fp16 weights and arithmetic to ``target``; input and output stay float32."""
    half = convert_float_to_float16(onnx.load(source), keep_io_types=True, op_block_list=KEPT_IN_32_BITS)
    write_model(half, target)
