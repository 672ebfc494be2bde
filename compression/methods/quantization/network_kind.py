"""What NNCF should know of a network before it quantizes it, read from the graph."""

from typing import Any

import nncf
import onnx

from compression.measurement.graph.constants import ConstantSources

# Activations with a few small negative values beside large positive ones. Around zero, half of the 256 steps would be
# for these few: docs/lab-notes.md, "Ranges of lopsided activations".
LOPSIDED = {"Elu", "Erf", "Gelu", "HardSigmoid", "HardSwish", "LeakyRelu", "Mish", "PRelu", "Selu", "Sigmoid", "Swish"}


def options_for(model: onnx.ModelProto) -> dict[str, Any]:
    """Arguments of ``nncf.quantize`` for this network, as NNCF's documentation recommends them.

    A transformer, which multiplies activations with each other, gets NNCF's rules for one (its additions and
    normalizations stay in floating point); a network with lopsided activations gets ranges that need not lie around
    zero.
    """
    constants = ConstantSources(model.graph)
    kinds = {node.op_type for node in model.graph.node}
    attends = any(
        node.op_type == "MatMul" and all(constants.of(name) is None for name in node.input) for node in model.graph.node
    )
    if attends:
        return {"model_type": nncf.ModelType.TRANSFORMER}
    return {"preset": nncf.QuantizationPreset.MIXED if kinds & LOPSIDED else nncf.QuantizationPreset.PERFORMANCE}
