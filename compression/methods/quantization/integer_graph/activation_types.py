"""One integer type for all activations of a quantized graph.

Quantizers give an activation that is never negative the type uint8, and int8 to the others. ONNX Runtime has no kernel
for a convolution from one type to the other, nor for an addition of the two, and computes both in floating point:
docs/lab-notes.md, "Activation types". As uint8 throughout, the graph means the same numbers.

Changes the graph; runs nothing.
"""

import numpy as np
import onnx
from onnx import TensorProto, numpy_helper

# From the least int8 to the least uint8.
OFFSET = 128


def with_unsigned_activations(model: onnx.ModelProto) -> onnx.ModelProto:
    """A copy of ``model`` in which no activation is quantized to int8: where one is, the zero point moves by 128, and
    the integers with it, so that each stands for the same number as before. Stored weights are left as they are.
    """
    result = onnx.ModelProto()
    result.CopyFrom(model)
    signed = {tensor.name: tensor for tensor in result.graph.initializer if tensor.data_type == TensorProto.INT8}
    # A zero point of weights is asked for by a DequantizeLinear alone.
    points = {node.input[-1] for node in result.graph.node if node.op_type == "QuantizeLinear"} & signed.keys()
    for name in points:
        moved = numpy_helper.to_array(signed[name]).astype(np.int16) + OFFSET
        signed[name].CopyFrom(numpy_helper.from_array(moved.astype(np.uint8), name))
    # They state the types of the integers.
    del result.graph.value_info[:]
    return result
