"""Dynamic int8 quantization of an ONNX model with ONNX Runtime's own tool: linear layers only.

Weights in int8, symmetric, per output channel; the range of a layer's input is taken anew for each batch. Convolutions
stay in floating point. The tool would turn them into ConvInteger as well, which a careful deployer leaves out on a CPU:
docs/lab-notes.md, "Dynamic int8 of convolutions".
"""

import logging
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

import onnx
from onnxruntime.quantization import QuantType, quantize_dynamic

from compression.errors import CandidateFailed
from compression.methods.model_file import write_model

# Gemm becomes MatMul and an addition on the way.
LINEAR = ["MatMul"]
FULL_BITS = 8


def quantize_dynamically(source: Path, target: Path, *, weight_bits: Literal[7, 8] = 8) -> None:
    """Write ``source`` with its linear layers in dynamic int8 to ``target``. Raises CandidateFailed without one.

    Of weights of 7 bits no sum is cut off by processors without instructions for 8-bit products.
    """
    # It recommends a step beforehand that this project's exports do not need.
    logging.getLogger().setLevel(logging.ERROR)
    with TemporaryDirectory() as folder:
        quantized = Path(folder) / "quantized.onnx"
        quantize_dynamic(
            source,
            quantized,
            op_types_to_quantize=LINEAR,
            per_channel=True,
            reduce_range=weight_bits < FULL_BITS,
            weight_type=QuantType.QInt8,
        )
        model = onnx.load(quantized)
    if not any(node.op_type == "MatMulInteger" for node in model.graph.node):
        raise CandidateFailed(
            "It has no linear layer, which is all that dynamic int8 is good for on a CPU; leave it out."
        )
    write_model(model, target)
