"""Quantization of an ONNX model, one scheme a file, and the choice between them by name."""

from pathlib import Path
from typing import assert_never

import numpy as np
from numpy.typing import NDArray

from compression.measurement.engines.telemetry import forbid_telemetry
from compression.store.schemes import Scheme

# NNCF's default; more images moved no scale by more than its own rounding when tried on the bundled models.
CALIBRATION_IMAGES = 300


def quantize_file(scheme: Scheme, source: Path, target: Path, calibration: NDArray[np.float32]) -> None:
    """Write ``source`` to ``target``, quantized. ``calibration``: normalized training images [N, C, H, W]."""
    # Each scheme's library is imported only by the recipe that needs it: NNCF alone takes seconds.
    match scheme:
        case "int8-ptq":
            forbid_telemetry()
            from compression.methods.quantization.int8_ptq import quantize_int8

            quantize_int8(source, target, calibration)
        case "fp16":
            from compression.methods.quantization.half_precision import convert_to_half

            convert_to_half(source, target)
        case _:
            assert_never(scheme)


def calibration_images_needed(scheme: Scheme) -> int:
    """How many images a scheme looks at; labels are never needed."""
    match scheme:
        case "int8-ptq":
            return CALIBRATION_IMAGES
        case "fp16":
            return 0
        case _:
            assert_never(scheme)
