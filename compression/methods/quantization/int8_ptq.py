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

from compression.methods.export import write_model

# Statistics are gathered a batch at a time; ranges are the same as one by one, four times as fast.
CALIBRATION_BATCH = 50


def quantize_int8(source: Path, target: Path, calibration: NDArray[np.float32]) -> None:
    """Write ``source`` with int8 weights and activations to ``target``, as QuantizeLinear / DequantizeLinear pairs.

    ``calibration``: normalized images, float32 [N, C, H, W], from the training data.
    """
    nncf.set_log_level(logging.ERROR)
    model = onnx.load(source)
    batches = calibration_batches(model, calibration)
    quantized = nncf.quantize(
        model, nncf.Dataset(batches), subset_size=len(batches), advanced_parameters=per_tensor_activations()
    )
    write_model(quantized, target)


def calibration_batches(
    model: onnx.ModelProto, calibration: NDArray[np.float32]
) -> list[dict[str, NDArray[np.float32]]]:
    """The images in batches, each under the name of the model's input."""
    stored = {tensor.name for tensor in model.graph.initializer}
    name = next(value.name for value in model.graph.input if value.name not in stored)
    starts = range(0, len(calibration), CALIBRATION_BATCH)
    return [{name: calibration[start : start + CALIBRATION_BATCH]} for start in starts]


def per_tensor_activations() -> AdvancedQuantizationParameters:
    """NNCF would quantize the inputs of depthwise convolutions per channel, which ONNX Runtime refuses to run
    ("QLinearConv : input zero point must be a scalar")."""
    return AdvancedQuantizationParameters(activations_quantization_params=QuantizationParameters(per_channel=False))
