"""Static int8 post-training quantization of an ONNX model with NNCF.

Weights: int8, symmetric, per channel. Activations: per tensor, with ranges seen on calibration examples. NNCF then
corrects the bias that rounding leaves (Nagel et al. 2019, "Data-Free Quantization", section 4.2).
"""

import logging
from pathlib import Path

import nncf
import numpy as np
import onnx

from compression.catalog.examples import Inputs, length_of, rows_of
from compression.measurement.engines.session import under_file_names
from compression.measurement.graph.onnx_file import inputs_of
from compression.methods.model_file import write_model
from compression.methods.onnx_import import fixed_batch_of
from compression.methods.quantization.integer_graph.activation_order import with_activations_first
from compression.methods.quantization.integer_graph.activation_types import with_unsigned_activations
from compression.methods.quantization.integer_graph.channel_steps import with_own_steps
from compression.methods.quantization.integer_graph.integer_biases import with_integer_biases
from compression.methods.quantization.integer_graph.moved_integers import with_moved_integers
from compression.methods.quantization.integer_graph.rounded_products import with_rounded_products
from compression.methods.quantization.settings import USUAL, Setting, advanced_options, nncf_options
from compression.methods.quantization.stored_kernels import require_stored_kernels

# Statistics are gathered a batch at a time, which gives the same ranges sooner: docs/lab-notes.md, "Calibration in
# batches".
CALIBRATION_BATCH = 50
# Numbers in a batch of larger examples: what every layer gives for a batch is in memory at once.
LARGEST_BATCH = 1_200_000


def quantize_int8(source: Path, target: Path, calibration: Inputs, setting: Setting = USUAL) -> None:
    """Write ``source`` with int8 weights and activations to ``target``, as QuantizeLinear / DequantizeLinear pairs.

    ``calibration`` comes from the training data.
    """
    nncf.set_log_level(logging.ERROR)
    model = with_activations_first(onnx.load(source))
    require_stored_kernels(model)
    batches = calibration_batches(model, calibration, source)
    quantized = nncf.quantize(
        model,
        nncf.Dataset(batches),
        subset_size=len(batches),
        advanced_parameters=advanced_options(setting),
        **nncf_options(model, setting),
    )
    quantized = with_own_steps(quantized, model)
    if setting.before_activations:
        quantized = with_rounded_products(quantized, source, calibration)
    write_model(in_integers_throughout(quantized), target)


def in_integers_throughout(model: onnx.ModelProto) -> onnx.ModelProto:
    """The quantized model as every engine can compute it in integers; it stands for the same numbers."""
    return with_integer_biases(with_moved_integers(with_unsigned_activations(model)))


def calibration_batches(model: onnx.ModelProto, calibration: Inputs, source: Path) -> list[Inputs]:
    """The examples in batches, under the names of the inputs of ``model``, which was read from ``source``."""
    numbers = sum(int(np.prod(array.shape[1:])) for array in calibration.values())
    fitting = max(1, LARGEST_BATCH // numbers)
    size = fixed_batch_of(model) or min(CALIBRATION_BATCH, fitting)
    named = under_file_names(calibration, [value.name for value in inputs_of(model)], source)
    return [rows_of(named, slice(start, start + size)) for start in range(0, length_of(named), size)]
