"""What NNCF should know of a network before it quantizes it, read from the graph."""

from collections import defaultdict
from typing import Any

import nncf
import onnx

from compression.measurement.graph.constants import ConstantSources

# Activations with a few small negative values beside large positive ones. Around zero, half of the 256 steps would be
# for these few: docs/lab-notes.md, "Ranges of lopsided activations".
LOPSIDED = {"Elu", "Erf", "Gelu", "HardSigmoid", "HardSwish", "LeakyRelu", "Mish", "PRelu", "Selu", "Sigmoid", "Swish"}
PRODUCTS = {"MatMul", "Einsum"}
# Operators that multiply activations with each other inside.
ATTENTION = {"Attention", "MultiHeadAttention", "GroupQueryAttention"}
# What may stand between a change of positions and features and the layer that then mixes the positions.
MOVERS = {"Reshape", "Flatten", "Squeeze", "Unsqueeze", "Identity", "Cast"}
POSITIONS_LAST = (0, 2, 1)


def options_for(model: onnx.ModelProto) -> dict[str, Any]:
    """Arguments of ``nncf.quantize`` for this network, as NNCF's documentation recommends them.

    A transformer gets NNCF's rules for one (its additions, means and normalizations stay in floating point); a network
    with lopsided activations gets ranges that need not lie around zero.
    """
    if is_transformer(model.graph):
        return {"model_type": nncf.ModelType.TRANSFORMER}
    kinds = {node.op_type for node in model.graph.node}
    return {"preset": nncf.QuantizationPreset.MIXED if kinds & LOPSIDED else nncf.QuantizationPreset.PERFORMANCE}


def is_transformer(graph: onnx.GraphProto) -> bool:
    """Whether a network attends, however that is written, or mixes its positions by a layer (MLP-Mixer).

    It attends when it multiplies activations with each other by MatMul or Einsum, or has an operator that does.
    """
    constants = ConstantSources(graph)
    for node in graph.node:
        if node.op_type in ATTENTION:
            return True
        activations = [name for name in node.input if name and constants.of(name) is None]
        if node.op_type in PRODUCTS and len(activations) > 1:
            return True
    return _mixes_positions(graph, constants)


def _mixes_positions(graph: onnx.GraphProto, constants: ConstantSources) -> bool:
    """Whether a layer takes [N, features, positions], which a Transpose has just made of [N, positions, features]."""
    readers: dict[str, list[onnx.NodeProto]] = defaultdict(list)
    for node in graph.node:
        for name in node.input:
            readers[name].append(node)
    pending = [node.output[0] for node in graph.node if node.op_type == "Transpose" and _order(node) == POSITIONS_LAST]
    behind_convolution = {
        name for node in graph.node if node.op_type == "Conv" for name in _moved_on(node.output[0], readers)
    }
    for value in pending:
        source = next(node.input[0] for node in graph.node if value in node.output)
        if source in behind_convolution:
            continue  # places become positions here, as in every network that starts with a convolution
        for name in _moved_on(value, readers):
            for node in readers[name]:
                weights = [each for each in node.input if constants.of(each) is not None]
                if node.op_type in {"MatMul", "Gemm", "Einsum"} and weights:
                    return True
    return False


def _moved_on(value: str, readers: dict[str, list[onnx.NodeProto]]) -> set[str]:
    found, pending = {value}, [value]
    while pending:
        for node in readers[pending.pop()]:
            if node.op_type in MOVERS and node.output[0] not in found:
                found.add(node.output[0])
                pending.append(node.output[0])
    return found


def _order(node: onnx.NodeProto) -> tuple[int, ...]:
    return next((tuple(attribute.ints) for attribute in node.attribute if attribute.name == "perm"), ())
