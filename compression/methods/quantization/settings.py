"""The ways to quantize one network to int8, the usual one first: what is tried in turn when a file turns out wrong."""

from dataclasses import dataclass
from typing import Any

import nncf
import onnx
from nncf.quantization.advanced_parameters import (
    AdvancedQuantizationParameters,
    AdvancedSmoothQuantParameters,
    OverflowFix,
    QuantizationParameters,
)

from compression.measurement.graph.products import FACTORS
from compression.methods.quantization.network_kind import is_transformer, options_for

# NNCF's sign for SmoothQuant's strength, a share otherwise.
SWITCHED_OFF = -1.0


@dataclass(frozen=True, kw_only=True)
class Setting:
    """``seven_bits``: weights use no more, so that no sum of two products exceeds 16 bits, where processors without
    instructions for 8-bit products cut it off. ``as_transformer``: by NNCF's rules for transformers, whatever the
    network is. ``products_only``: whatever is neither a convolution nor a matrix product stays in floating point.
    ``before_activations``: products are rounded before what follows them as well, where ONNX Runtime computes them in
    floating point otherwise."""

    seven_bits: bool = False
    as_transformer: bool = False
    products_only: bool = False
    before_activations: bool = True


USUAL = Setting()


def settings_for(model: onnx.ModelProto) -> tuple[Setting, ...]:
    """What to try for this network: the usual way, coarser weights, and then ways that round less and less."""
    rules = () if is_transformer(model.graph) else (Setting(as_transformer=True),)
    return (
        USUAL,
        Setting(seven_bits=True),
        *rules,
        Setting(before_activations=False),
        Setting(as_transformer=True, products_only=True),
        Setting(as_transformer=True, products_only=True, before_activations=False),
    )


def advanced_options(setting: Setting) -> AdvancedQuantizationParameters:
    """One range for each activation, taken as it is.

    NNCF would quantize the inputs of depthwise convolutions per channel, and even activations of transformers out
    beforehand (SmoothQuant, Xiao et al. 2022). ONNX Runtime does not run the one, and the other moved scores further
    from fp32: docs/lab-notes.md, "Per-channel activations and SmoothQuant".
    """
    return AdvancedQuantizationParameters(
        activations_quantization_params=QuantizationParameters(per_channel=False),
        smooth_quant_alphas=AdvancedSmoothQuantParameters(convolution=SWITCHED_OFF, matmul=SWITCHED_OFF),
        overflow_fix=OverflowFix.ENABLE if setting.seven_bits else None,
    )


def nncf_options(model: onnx.ModelProto, setting: Setting) -> dict[str, Any]:
    """Arguments of ``nncf.quantize``."""
    options = {"model_type": nncf.ModelType.TRANSFORMER} if setting.as_transformer else options_for(model)
    if setting.products_only:
        kinds = sorted({node.op_type for node in model.graph.node} - FACTORS.keys())
        options["ignored_scope"] = nncf.IgnoredScope(types=kinds, validate=False)
    return options
