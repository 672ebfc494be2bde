"""What keeps an ONNX model from being quantized, said in one sentence before anything is done with it.

Reads the graph; runs nothing, and knows no scheme.
"""

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, numpy_helper

from compression.errors import ModelNotUsable
from compression.measurement.checks import require_arrays
from compression.measurement.engines.session import require_one_output
from compression.measurement.graph.constants import FLOATS, weights_of
from compression.measurement.graph.onnx_file import inputs_of
from compression.measurement.graph.products import FACTORS
from compression.measurement.graph.shapes import STANDARD

# Their presence means that somebody has quantized the file. QLinear... stands for a family.
QUANTIZED = {
    "QuantizeLinear",
    "DequantizeLinear",
    "DynamicQuantizeLinear",
    "ConvInteger",
    "MatMulInteger",
    "FakeQuantize",
    "MatMulNBits",
    "QGemm",
}
QUANTIZED_FAMILY = "QLinear"
# What examples come as.
TAKEN = {TensorProto.FLOAT, TensorProto.INT64, TensorProto.INT32, TensorProto.BOOL}
HALVES = {TensorProto.FLOAT16, TensorProto.BFLOAT16}


class ModelNotQuantizable(ModelNotUsable):
    """A file that no scheme can be applied to. ``because``: why, and what to do about it."""

    purpose = "quantized"


def require_quantizable(model: onnx.ModelProto, path: Path) -> None:
    """Raise ModelNotQuantizable unless ``model``, which was read from ``path``, is a classifier in fp32: one output,
    operators of the ONNX standard only, weights that are numbers, and nothing quantized yet."""
    try:
        require_arrays(path, model)
    except ModelNotUsable as error:
        raise ModelNotQuantizable(path, error.because) from error
    _require_fp32(model, path)
    _require_numbers(model, path)
    foreign = sorted({f"{node.domain}.{node.op_type}" for node in model.graph.node if node.domain not in STANDARD})
    if foreign:
        raise ModelNotQuantizable(
            path,
            f"nothing is known here of its {', '.join(foreign)}; export it with operators of the ONNX standard only",
        )
    inputs = inputs_of(model)
    try:
        require_one_output(path, len(inputs), len(model.graph.output))
    except ModelNotUsable as error:
        raise ModelNotQuantizable(path, error.because) from error
    for value in inputs:
        tensor = value.type.tensor_type
        if tensor.elem_type not in TAKEN:
            kind = TensorProto.DataType.Name(tensor.elem_type).lower()
            raise ModelNotQuantizable(
                path, f"its '{value.name}' is of the type {kind}; export it for float32, or for whole numbers"
            )
        if not tensor.shape.dim:
            raise ModelNotQuantizable(
                path, f"its '{value.name}' has no axis for a batch; export it with one, as the first"
            )


def _require_fp32(model: onnx.ModelProto, path: Path) -> None:
    kinds = {node.op_type for node in model.graph.node}
    quantized = sorted(kind for kind in kinds if kind in QUANTIZED or kind.startswith(QUANTIZED_FAMILY))
    if quantized:
        raise ModelNotQuantizable(
            path,
            f"it is quantized already (it has {', '.join(quantized)}); choose the fp32 file that it was made from",
        )
    if any(tensor.data_type in HALVES for tensor in weights_of(model.graph).values()):
        raise ModelNotQuantizable(
            path, "its weights are in 16-bit floats already; choose the fp32 file that it was made from"
        )


def _require_numbers(model: onnx.ModelProto, path: Path) -> None:
    """Infinities are allowed where nothing multiplies with them: attention masks have some."""
    factors = {name for node in model.graph.node if node.op_type in FACTORS for name in node.input}
    broken = []
    for name, tensor in weights_of(model.graph).items():
        if tensor.data_type in FLOATS:
            numbers = numpy_helper.to_array(tensor)
            if np.isnan(numbers).any() or (name in factors and np.isinf(numbers).any()):
                broken.append(name)
    if broken:
        raise ModelNotQuantizable(
            path,
            f"it has weights that are not finite numbers ({', '.join(broken)}); choose a checkpoint from before its "
            "training broke down",
        )
