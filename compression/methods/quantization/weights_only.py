"""Weight-only quantization of an ONNX model: a small file, computed as before. Needs no example.

In 8 bits every layer; in 4 bits the first and the last layer stay in 8, as is usual (Zhou et al. 2016, "DoReFa-Net"),
which gains accuracy for hardly any bytes: docs/lab-notes.md, "First and last layer".
"""

from pathlib import Path
from typing import Literal

import onnx

from compression.methods.model_file import write_model
from compression.methods.quantization.low_bit_weights import (
    layers_of,
    pack,
    ready_for_4_bits,
    weights_by_name,
    with_packed,
)


def quantize_weights(source: Path, target: Path, bits: Literal[8, 4]) -> None:
    """Write ``source`` with the weights of convolutions and linear layers in ``bits`` to ``target``.

    Raises CandidateFailed when there is no such layer, or no opset with 4-bit types to be had.
    """
    model = onnx.load(source)
    if bits == 4:  # noqa: PLR2004
        model = ready_for_4_bits(model)
    layers = layers_of(model)
    ends = {layers[0], layers[-1]}
    packed = [pack(layer, weights, 8 if layer in ends else bits) for layer, weights in weights_by_name(model, layers)]
    write_model(with_packed(model, packed), target)
