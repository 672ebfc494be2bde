"""A graph as quantizers expect it: a recent enough opset, weights stored as constants, everything computed that does
not depend on the inputs, batch norms folded into the convolutions before them.

Most of it is ONNX Runtime's own work: its basic optimizations keep to operators of the ONNX standard, and every engine
gets the same graph. Knows no scheme.
"""

from pathlib import Path
from tempfile import TemporaryDirectory

import onnx
import onnxruntime
from onnx import version_converter

from compression.measurement.engines.errors import cannot_load, in_short
from compression.measurement.engines.onnx_runtime import FATAL_ONLY, PROVIDERS, REFUSALS
from compression.measurement.graph.shapes import STANDARD
from compression.methods.onnx_import.refusals import ModelNotQuantizable

# The first with weights quantized per channel: QuantizeLinear has an axis from here on.
FEWEST_OPSET = 13
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
        return version_converter.convert_version(model, FEWEST_OPSET)
    except RuntimeError as error:
        raise ModelNotQuantizable(
            path,
            f"it is written in opset {opset}, which cannot be turned into opset {FEWEST_OPSET} "
            f"({in_short(str(error))}); export it in opset {FEWEST_OPSET} or later",
        ) from error


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
