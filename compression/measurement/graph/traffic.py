"""How many bytes an ``.onnx`` file has an engine move for one example. Computed from the graph, not measured.

Reads the graph; runs nothing, and knows no engine and no cache.
"""

from collections.abc import Sequence
from math import prod
from pathlib import Path

from onnx import TensorProto, helper

from compression.measurement.graph.branches import written_out
from compression.measurement.graph.constants import weights_of
from compression.measurement.graph.fusion import steps_of
from compression.measurement.graph.onnx_file import load_graph
from compression.measurement.graph.products import values_of_whole
from compression.measurement.graph.shapes import Values, put_in_order, unknown_shape
from compression.records.measurements import Traffic

BITS_BELOW_A_BYTE: dict[int, int] = {
    TensorProto.INT4: 4,
    TensorProto.UINT4: 4,
    TensorProto.FLOAT4E2M1: 4,
    TensorProto.INT2: 2,
    TensorProto.UINT2: 2,
}


def traffic(path: Path, values: Values | None = None) -> Traffic:
    """The bytes that one inference of one example moves at least, each value in the type that the file gives it.

    ``weight_bytes``: every weight and bias once, as it is stored (an int8 one is 1 byte, two 4-bit ones are 1 byte);
    without scales and zero points. ``activation_bytes``: each operator reads each of its inputs once and
    writes its output once, the inputs and the class scores included. Constants, shapes and views (Reshape, Flatten and
    the like) move nothing.

    Between operators that engines commonly run as one (see ``fusion.steps_of``) nothing is moved: an element-wise
    operator behind a convolution or matrix product only reads its other input, as of a residual addition. Next
    to a quantized value the integers are moved: DequantizeLinear is free, and so is QuantizeLinear behind the operator
    whose result it takes. Whether an engine really computes in these integers is for ``kernels`` to say. Of an If the
    longer branch counts, of a Loop its body once.

    ``values`` are shapes and types, where more is known than the graph tells. Raises ModelNotUsable when the file is no
    ONNX file, NotCounted when a shape cannot be worked out.
    """
    whole = load_graph(path)
    model = written_out(whole)
    weight_bytes = sum(_bytes(tensor.dims, tensor.data_type) for tensor in weights_of(model.graph).values())
    if values is None or model is not whole:
        values = values_of_whole(model, path, values or {})
    else:
        put_in_order(model.graph)
    activation_bytes = 0
    for step in steps_of(model.graph, {name: shape for name, (shape, _) in values.items()}):
        for name in (*step.reads, *step.writes):
            shape, element_type = values.get(name, ((None,), TensorProto.UNDEFINED))
            sizes = [size for size in shape if size is not None]
            if len(sizes) != len(shape):
                raise unknown_shape(path, model, f"of its '{name}'")
            activation_bytes += _bytes(sizes, element_type)
    return Traffic(weight_bytes=weight_bytes, activation_bytes=activation_bytes)


def _bytes(shape: Sequence[int], element_type: int) -> int:
    """What an array of this shape takes up; types below a byte are packed."""
    byte = 8
    bits = BITS_BELOW_A_BYTE.get(element_type) or helper.tensor_dtype_to_np_dtype(element_type).itemsize * byte
    return -(-prod(shape) * bits // byte)
