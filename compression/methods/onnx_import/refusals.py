"""What keeps an ONNX model from being quantized, said in one sentence before anything is done with it.

Reads the graph; runs nothing, and knows no scheme and no dataset.
"""

from pathlib import Path

import onnx
from onnx import TensorProto

from compression.measurement.engines import ModelNotUsable
from compression.measurement.engines.session import require_one_input_and_output
from compression.measurement.graph.constants import weights_of
from compression.measurement.graph.shapes import STANDARD

IMAGE_AXES = ("batch", "channels", "height", "width")
# Their presence means that somebody has quantized the file. QLinear... stands for a family.
QUANTIZED = {
    "QuantizeLinear",
    "DequantizeLinear",
    "DynamicQuantizeLinear",
    "ConvInteger",
    "MatMulInteger",
    "MatMulNBits",
    "QGemm",
}
QUANTIZED_FAMILY = "QLinear"
HALVES = {TensorProto.FLOAT16, TensorProto.BFLOAT16}


class ModelNotQuantizable(ModelNotUsable):
    """A file that no scheme can be applied to. ``because``: why, and what to do about it."""

    purpose = "quantized"


def images_in(model: onnx.ModelProto) -> onnx.ValueInfoProto:
    """The one input of a classifier (see ``require_quantizable``); files of old formats list their weights as well."""
    return inputs_of(model)[0]


def inputs_of(model: onnx.ModelProto) -> list[onnx.ValueInfoProto]:
    """All that is put into the graph, without its weights."""
    weights = {tensor.name for tensor in model.graph.initializer}
    return [value for value in model.graph.input if value.name not in weights]


def require_quantizable(model: onnx.ModelProto, path: Path) -> None:
    """Raise ModelNotQuantizable unless ``model``, which was read from ``path``, is a classifier of images in fp32: one
    float32 input with four axes and one output, operators of the ONNX standard only, and nothing quantized yet.
    """
    _require_fp32(model, path)
    foreign = sorted({f"{node.domain}.{node.op_type}" for node in model.graph.node if node.domain not in STANDARD})
    if foreign:
        raise ModelNotQuantizable(
            path,
            f"nothing is known here of its {', '.join(foreign)}; export it with operators of the ONNX standard only",
        )
    inputs = inputs_of(model)
    try:
        require_one_input_and_output(path, len(inputs), len(model.graph.output))
    except ModelNotUsable as error:
        raise ModelNotQuantizable(path, error.because) from error
    tensor = inputs[0].type.tensor_type
    if tensor.elem_type != TensorProto.FLOAT:
        kind = TensorProto.DataType.Name(tensor.elem_type).lower()
        raise ModelNotQuantizable(
            path, f"its input is of the type {kind}, and images come as float32; export it for these"
        )
    if len(tensor.shape.dim) != len(IMAGE_AXES):
        raise ModelNotQuantizable(
            path,
            f"its input has {len(tensor.shape.dim)} axes, and images come with {len(IMAGE_AXES)} "
            f"({', '.join(IMAGE_AXES)}); export it for these",
        )


def _require_fp32(model: onnx.ModelProto, path: Path) -> None:
    kinds = {node.op_type for node in model.graph.node}
    quantized = sorted(kind for kind in kinds if kind in QUANTIZED or kind.startswith(QUANTIZED_FAMILY))
    if quantized:
        raise ModelNotQuantizable(
            path,
            f"it is quantized already (it has {', '.join(quantized)}); measure it as it is with 'python -m compression "
            "measure', or choose the fp32 file that it was made from",
        )
    if any(tensor.data_type in HALVES for tensor in weights_of(model.graph).values()):
        raise ModelNotQuantizable(
            path, "its weights are in 16-bit floats already; choose the fp32 file that it was made from"
        )
