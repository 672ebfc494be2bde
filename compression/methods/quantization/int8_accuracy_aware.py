"""Accuracy-aware int8 post-training quantization of an ONNX model with NNCF.

The network is quantized as ``int8_ptq`` does it. If it then answers too few validation examples right, operators go
back to floating point, the one that matters most first, until the accuracy is within the drop that was asked for. Which
one matters is measured on the validation examples whose answers quantization has changed.
"""

import logging
from collections.abc import Iterable
from pathlib import Path
from typing import get_args

import nncf
import numpy as np
import onnx
from nncf.quantization.advanced_parameters import AdvancedAccuracyRestorerParameters

from compression.catalog.examples import Inputs
from compression.errors import CandidateFailed
from compression.measurement.graph.products import FACTORS
from compression.methods.model_file import write_model
from compression.methods.quantization.int8_ptq import (
    calibration_batches,
    in_integers_throughout,
)
from compression.methods.quantization.integer_graph.activation_order import with_activations_first
from compression.methods.quantization.integer_graph.channel_steps import with_own_steps
from compression.methods.quantization.integer_graph.rounded_products import with_rounded_products
from compression.methods.quantization.scorer import Scorer
from compression.methods.quantization.settings import USUAL, Setting, advanced_options, nncf_options
from compression.methods.quantization.stored_kernels import require_stored_kernels
from compression.records.measurements import EngineName

# Examples that the operators are ranked with: those with changed answers, and others up to this number.
RANKING_EXAMPLES = 300


def quantize_int8_within(
    source: Path,
    target: Path,
    calibration: Inputs,
    scorer: Scorer,
    *,
    largest_drop: float,
    setting: Setting = USUAL,
) -> None:
    """Write ``source`` in int8, as far as that costs at most ``largest_drop`` (a share) of the scorer's accuracy.

    ``calibration`` comes from the training data. The drop is judged once more on the written file, in both engines:
    raises CandidateFailed, and leaves no file, when it is larger, or nothing is left in int8.
    """
    nncf.set_log_level(logging.ERROR)
    model = original = with_activations_first(onnx.load(source))
    require_stored_kernels(model)
    batches = calibration_batches(model, calibration, source)

    # Of everything that was scored on all examples: the model as it came, plain int8, and what followed.
    accuracies: list[float] = []

    def validate(candidate: onnx.ModelProto, rows: Iterable[int]) -> tuple[float, list[float]]:
        right = scorer.right(candidate, np.fromiter(rows, np.intp))
        if len(right) == len(scorer):
            accuracies.append(float(right.mean()))
        return float(right.mean()), [float(each) for each in right]

    quantized = nncf.quantize_with_accuracy_control(
        model,
        nncf.Dataset(batches),
        nncf.Dataset(range(len(scorer))),
        validate,
        max_drop=largest_drop,
        subset_size=len(batches),
        advanced_quantization_parameters=advanced_options(setting),
        **nncf_options(model, setting),
        # By default, it would rank with as many examples as there are calibration batches.
        advanced_accuracy_restorer_parameters=AdvancedAccuracyRestorerParameters(
            ranking_subset_size=RANKING_EXAMPLES, num_ranking_workers=1
        ),
    )
    quantized = with_own_steps(quantized, original)
    before, plain, *_ = accuracies
    if _multiplies_in_int8(quantized):
        # The first is the faster one, if it is accurate enough.
        for model in (with_rounded_products(quantized, source, calibration), quantized):
            write_model(in_integers_throughout(model), target)
            if all(before - scorer.accuracy(target, engine) <= largest_drop for engine in get_args(EngineName)):
                return
        target.unlink()
    raise CandidateFailed(
        f"No int8 file was found that loses at most {100 * largest_drop:g} points of accuracy in both engines on the "
        f"validation examples (plain int8 loses {100 * (before - plain):.2f}); allow a larger drop, or leave this way "
        "out."
    )


def _multiplies_in_int8(model: onnx.ModelProto) -> bool:
    """Whether any convolution or matrix product is left between two values that were rounded."""
    rounded = {node.output[0] for node in model.graph.node if node.op_type == "DequantizeLinear"}
    return any(node.op_type in FACTORS and rounded.issuperset(node.input[:2]) for node in model.graph.node)
