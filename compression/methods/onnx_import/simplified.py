"""A graph as quantizers expect it: a recent enough opset, weights stored as constants, everything computed that does
not depend on the inputs, batch norms folded into the convolutions before them.

Most of it is ONNX Runtime's own work: its basic optimizations keep to operators of the ONNX standard, and every engine
gets the same graph. Knows no scheme.
"""

from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper, version_converter

from compression.measurement.engines.errors import cannot_load, in_short
from compression.measurement.engines.onnx_runtime import FATAL_ONLY, PROVIDERS, REFUSALS
from compression.measurement.graph.shapes import STANDARD
from compression.methods.onnx_import.refusals import ModelNotQuantizable

# The first with weights quantized per channel: QuantizeLinear has an axis from here on.
FEWEST_OPSET = 13
# The first in which a Resize says which places it takes.
RESIZE_SAYS_WHERE = 11
# The first in which weights need not be inputs too.
FEWEST_IR_VERSION = 4


def opset_of(model: onnx.ModelProto) -> int:
    """The version of the ONNX operators that the model is written in."""
    return next((each.version for each in model.opset_import if each.domain in STANDARD), 1)


def with_recent_opset(model: onnx.ModelProto, path: Path) -> onnx.ModelProto:
    """``model`` in opset FEWEST_OPSET or later. Raises ModelNotQuantizable when an operator has no later form."""
    opset = opset_of(model)
    if opset >= FEWEST_OPSET:
        return model
    try:
        return _with_the_same_sampling(version_converter.convert_version(model, FEWEST_OPSET), model)
    except RuntimeError as error:
        raise ModelNotQuantizable(
            path,
            f"it is written in opset {opset}, which cannot be turned into opset {FEWEST_OPSET} "
            f"({in_short(str(error))}); export it in opset {FEWEST_OPSET} or later",
        ) from error


def _with_the_same_sampling(raised: onnx.ModelProto, model: onnx.ModelProto) -> onnx.ModelProto:
    """``raised``, which was made of ``model``, with enlargements that take the same places as before.

    Before opset 11, an Upsample or Resize took the place at i / scale; what the converter makes of it takes the centre.
    """
    if opset_of(model) >= RESIZE_SAYS_WHERE:
        return raised
    said = {"coordinate_transformation_mode": "asymmetric", "nearest_mode": "floor"}
    for node in raised.graph.node:
        if node.op_type == "Resize":
            kept = [attribute for attribute in node.attribute if attribute.name not in said]
            del node.attribute[:]
            node.attribute.extend([*kept, *(helper.make_attribute(name, how) for name, how in said.items())])
    return raised


def in_32_bits(model: onnx.ModelProto) -> onnx.ModelProto:
    """``model`` with 32-bit floats instead of 64-bit ones, which no engine has integer arithmetic beside."""
    result = onnx.ModelProto()
    result.CopyFrom(model)
    _narrow(result.graph)
    return result


def _narrow(graph: onnx.GraphProto) -> None:
    for tensor in graph.initializer:
        _narrow_tensor(tensor)
    for value in graph.value_info:
        if value.type.tensor_type.elem_type == TensorProto.DOUBLE:
            value.type.tensor_type.elem_type = TensorProto.FLOAT
    for attribute in (each for node in graph.node for each in node.attribute):
        if attribute.name in {"to", "dtype"} and attribute.i == TensorProto.DOUBLE:
            attribute.i = TensorProto.FLOAT
        if attribute.HasField("t"):
            _narrow_tensor(attribute.t)
        if attribute.HasField("g"):
            _narrow(attribute.g)


def _narrow_tensor(tensor: onnx.TensorProto) -> None:
    if tensor.data_type == TensorProto.DOUBLE:
        tensor.CopyFrom(numpy_helper.from_array(numpy_helper.to_array(tensor).astype(np.float32), tensor.name))


def computes_in_64_bits(model: onnx.ModelProto) -> bool:
    """Whether a graph has 64-bit floats anywhere inside."""
    return in_32_bits(model) != model


def with_stored_weights(model: onnx.ModelProto) -> onnx.ModelProto:
    """``model`` with its weights as constants only: inputs could change, and nothing may be folded into them."""
    result = onnx.ModelProto()
    result.CopyFrom(model)
    result.ir_version = max(model.ir_version, FEWEST_IR_VERSION)
    stored = {tensor.name for tensor in model.graph.initializer}
    del result.graph.input[:]
    result.graph.input.extend(value for value in model.graph.input if value.name not in stored)
    return result


def folded(model: onnx.ModelProto, path: Path) -> onnx.ModelProto:
    """``model``, which was read from ``path``, after ONNX Runtime's basic graph optimizations.

    Constants are computed, identities and dropouts taken out, and a BatchNormalization, Mul or Add with constants
    behind a Conv becomes part of its weights and bias. Raises ModelNotUsable when the engine refuses the model.
    """
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
    options.log_severity_level = FATAL_ONLY
    with TemporaryDirectory() as folder:
        options.optimized_model_filepath = str(Path(folder) / "folded.onnx")
        try:
            onnxruntime.InferenceSession(model.SerializeToString(), options, providers=PROVIDERS)
        except REFUSALS as error:
            raise cannot_load(path, "onnxruntime", error) from error
        result = onnx.load(options.optimized_model_filepath)
    # The engine lists every domain that it knows.
    used = {node.domain for node in result.graph.node} | {""}
    kept = [each for each in result.opset_import if each.domain in used]
    del result.opset_import[:]
    result.opset_import.extend(kept)
    return result
