"""The graph that ONNX Runtime makes of a file: what of it computes in integers, and what in floating point.

Read from the optimized model that the engine saves, made with the options of every session. Knows nothing of the file
that was asked for. Looks at the main graph only, not into the branches of If or Loop.
"""

from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

import onnx
import onnxruntime

from compression.measurement.engines.errors import in_short
from compression.measurement.engines.executed import FLOATING, MOVES_DATA, Executed
from compression.measurement.engines.onnx_runtime import PROVIDERS, REFUSALS, load, session_options
from compression.measurement.engines.onnx_runtime_values import (
    Arrays,
    blank_inputs,
    plain_options,
    run_through,
    showing_all,
)
from compression.measurement.graph.constants import ConstantSources
from compression.measurement.graph.products import FACTORS, elements, macs_of
from compression.measurement.graph.shapes import NotCounted, Sizes

INTEGER_PRODUCTS = {
    "QLinearConv",
    "QLinearMatMul",
    "ConvInteger",
    "MatMulInteger",
    "QGemm",
    "MatMulIntegerToFloat",
    "DynamicQuantizeMatMul",
}
# Reorder...: between the engine's blocked layout (nchwc) and the usual one.
MOVES = MOVES_DATA | {"ReorderInput", "ReorderOutput"}


def executed(path: Path, *, sizes: Sizes | None = None) -> Executed:
    """What ONNX Runtime computes for one example of an ``.onnx`` file, by the operators of the optimized graph.

    In low precision are the products that take integers: QLinearConv, QLinearMatMul, ConvInteger, MatMulInteger and the
    engine's own QGemm, MatMulIntegerToFloat and DynamicQuantizeMatMul. A Conv, Gemm or MatMul that stands behind a
    DequantizeLinear which was not fused into it computes in floating point, whatever its weights are stored as. Every
    other operator counts by its result: in floating point when that is, unless it only moves data. A FusedConv, which
    has taken in the activation behind it, is counted as the Conv that it was.

    Raises ModelNotUsable when the engine refuses the file, NotCounted when a size other than the batch is free and not
    among ``sizes``, or the optimized graph cannot be run apart.
    """
    with TemporaryDirectory() as folder:
        options, optimized = session_options(threads=1), Path(folder) / "optimized.onnx"
        options.optimized_model_filepath = str(optimized)
        # Beside it, whether the file keeps its weights in itself or in a second one.
        options.add_session_config_entry("session.optimized_model_external_initializers_file_name", "optimized.data")
        blank = blank_inputs(path, load(path, options), sizes or {})
        model = onnx.load(optimized)
        values = _values(optimized, blank, path)
    sources = ConstantSources(model.graph)
    macs = weights = 0
    in_float: Counter[str] = Counter()
    for node in model.graph.node:
        result = values.get(next(name for name in node.output if name))
        if result is None:
            continue  # a sequence, which is taken apart again
        if node.op_type in INTEGER_PRODUCTS:
            left, right = (node.input[place] for place in FACTORS[node.op_type])
            constant = sources.of(right)
            factors = (sources.shape_of(left) or values[left].shape, sources.shape_of(right) or values[right].shape)
            macs += macs_of(node, *factors, result.shape) or 0
            weights += elements(constant)
        elif result.dtype.name in FLOATING and node.op_type not in MOVES:
            in_float[node.op_type.removeprefix("Fused")] += 1
    return Executed(integer_macs=macs, integer_weights=weights, in_float=in_float)


def _values(optimized: Path, blank: Arrays, path: Path) -> Arrays:
    """Every value of the optimized graph for one example, from running it as it stands.

    The saved graph does not say the types and shapes of what the optimizer made, and ONNX's own shape inference does
    not know the engine's operators.
    """
    shown = optimized.with_name("shown.onnx")
    onnx.save(showing_all(onnx.load(optimized, load_external_data=False)), shown)
    try:
        session = onnxruntime.InferenceSession(str(shown), plain_options(), providers=PROVIDERS)
        return run_through(session, blank)
    except REFUSALS as error:
        raise NotCounted(
            path, f"what ONNX Runtime makes of it cannot be run step by step ({in_short(str(error))})"
        ) from error
