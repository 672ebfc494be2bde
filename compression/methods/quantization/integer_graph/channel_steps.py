"""Steps of their own for channels with small weights beside one with huge ones.

NNCF gives no channel a step finer than a hundredth of the coarsest, so that all weights of a small channel may round to
zero. Each channel's step is a number of its own in the file and in both engines, so nothing speaks for that.

Changes the graph; runs nothing.
"""

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import numpy_helper

from compression.measurement.graph.products import FACTORS

# NNCF's floors for the largest weight of a channel (fake_quantize.fix_zero_filters_symmetric): a share of the layer's
# largest, and a number.
SHARE, LEAST = 0.01, 8e-5
# A bias is an integer of 32 bits too, in the step of the products; half of these are left to their sums.
LARGEST_BIAS = 2.0**30


def with_own_steps(model: onnx.ModelProto, original: onnx.ModelProto) -> onnx.ModelProto:
    """A copy of ``model``, which NNCF has made of ``original``, with finer steps for those channels.

    They get back the original's bias, which was corrected for their coarse weights.
    """
    result = onnx.ModelProto()
    result.CopyFrom(model)
    stored = {tensor.name: tensor for tensor in result.graph.initializer}
    before = {tensor.name: tensor for tensor in original.graph.initializer}
    originals = {node.output[0]: node for node in original.graph.node if node.op_type in FACTORS}
    sources = {node.output[0]: node for node in result.graph.node if node.op_type == "DequantizeLinear"}
    done = set()
    for node in result.graph.node:
        first = originals.get(node.output[0])
        inputs, weights = (sources.get(name) for name in [*node.input[:2], "", ""][:2])
        if first is None or inputs is None or weights is None or weights.input[1] in done:
            continue
        if weights.input[0] not in stored or first.input[1] not in before or inputs.input[1] not in stored:
            continue
        done.add(weights.input[1])
        whole, steps = (numpy_helper.to_array(stored[name]).copy() for name in weights.input[:2])
        real = numpy_helper.to_array(before[first.input[1]])
        if real.shape != whole.shape or steps.ndim != 1:
            continue
        axis = next((attribute.i for attribute in weights.attribute if attribute.name == "axis"), 1)
        rows = np.moveaxis(real, axis, 0).reshape(len(steps), -1)
        largest = np.abs(rows).max(axis=1)
        floor = max(SHARE * float(largest.max()), LEAST)
        small = (largest < floor) & (largest > 0)
        if not small.any():
            continue
        bias = _bias(first, before, len(steps))
        of_inputs = float(numpy_helper.to_array(stored[inputs.input[1]]).reshape(-1).max())
        finer = np.maximum(steps * largest / floor, np.abs(bias) / (LARGEST_BIAS * of_inputs)).astype(np.float32)
        steps[small] = np.minimum(finer, steps)[small]
        rounded = np.clip(np.rint(rows / steps[:, None]), -127, 127).astype(np.int8)
        np.moveaxis(whole, axis, 0)[small] = rounded.reshape(np.moveaxis(whole, axis, 0).shape)[small]
        stored[weights.input[0]].CopyFrom(numpy_helper.from_array(whole, weights.input[0]))
        stored[weights.input[1]].CopyFrom(numpy_helper.from_array(steps, weights.input[1]))
        if len(first.input) > 2 and node.input[2] in stored:  # noqa: PLR2004
            corrected = numpy_helper.to_array(stored[node.input[2]]).copy()
            corrected[small] = bias[small]
            stored[node.input[2]].CopyFrom(numpy_helper.from_array(corrected, node.input[2]))
    return result


def _bias(node: onnx.NodeProto, stored: dict[str, onnx.TensorProto], channels: int) -> NDArray[np.float32]:
    """Zeros where a product has none of its own."""
    if len(node.input) > 2 and node.input[2] in stored:  # noqa: PLR2004
        bias = numpy_helper.to_array(stored[node.input[2]]).reshape(-1)
        if len(bias) == channels:
            return bias.astype(np.float32)
    return np.zeros(channels, np.float32)
