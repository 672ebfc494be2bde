"""The graph that ONNX Runtime makes of a file: what of it computes in integers, and what in floating point.

Read from the optimized model that the engine saves, made with the options of every session. Knows nothing of the file
that was asked for. Looks at the main graph only, not into the branches of If or Loop.
"""

from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import onnx
import onnxruntime
from numpy.typing import NDArray

from compression.errors import ModelNotUsable
from compression.measurement.engines.executed import FLOATING, MOVES_DATA, Executed
from compression.measurement.engines.onnx_runtime import FATAL_ONLY, PROVIDERS, load, session_options
from compression.measurement.graph.constants import ConstantSources
from compression.measurement.graph.products import FACTORS, elements, macs_of

INTEGER_PRODUCTS = {
    "QLinearConv",
    "QLinearMatMul",
    "ConvInteger",
    "MatMulInteger",
    "QGemm",
    "MatMulIntegerToFloat",
    "DynamicQuantizeMatMul",
}
# As the engine names the types of a file's inputs.
ELEMENTS = {
    "tensor(float)": np.float32,
    "tensor(float16)": np.float16,
    "tensor(double)": np.float64,
    "tensor(int64)": np.int64,
    "tensor(int32)": np.int32,
    "tensor(uint8)": np.uint8,
    "tensor(bool)": np.bool_,
}
# Reorder...: between the engine's blocked layout (nchwc) and the usual one.
MOVES = MOVES_DATA | {"ReorderInput", "ReorderOutput"}


def executed(path: Path) -> Executed:
    """What ONNX Runtime computes for one example of an ``.onnx`` file, by the operators of the optimized graph.

    In low precision are the products that take integers: QLinearConv, QLinearMatMul, ConvInteger, MatMulInteger and the
    engine's own QGemm, MatMulIntegerToFloat and DynamicQuantizeMatMul. A Conv, Gemm or MatMul that stands behind a
    DequantizeLinear which was not fused into it computes in floating point, whatever its weights are stored as. Every
    other operator counts by its result: in floating point when that is, unless it only moves data. A FusedConv, which
    has taken in the activation behind it, is counted as the Conv that it was.

    Raises ModelNotUsable when the engine refuses the file, or a size other than the batch is free.
    """
    with TemporaryDirectory() as folder:
        options = session_options(threads=1)
        options.optimized_model_filepath = str(Path(folder) / "optimized.onnx")
        session = load(path, options)
        blank = _blank_inputs(path, session)
        model = onnx.load(options.optimized_model_filepath)
    values = _values(model, blank)
    sources = ConstantSources(model.graph)
    macs = weights = 0
    in_float: Counter[str] = Counter()
    for node in model.graph.node:
        result = values[next(name for name in node.output if name)]
        if node.op_type in INTEGER_PRODUCTS:
            left, right = (node.input[place] for place in FACTORS[node.op_type])
            constant = sources.of(right)
            factors = (sources.shape_of(left) or values[left].shape, sources.shape_of(right) or values[right].shape)
            macs += macs_of(node, *factors, result.shape) or 0
            weights += elements(constant)
        elif result.dtype.name in FLOATING and node.op_type not in MOVES:
            in_float[node.op_type.removeprefix("Fused")] += 1
    return Executed(integer_macs=macs, integer_weights=weights, in_float=in_float)


def _blank_inputs(path: Path, session: onnxruntime.InferenceSession) -> dict[str, NDArray[np.generic]]:
    blank: dict[str, NDArray[np.generic]] = {}
    for taken in session.get_inputs():
        sizes = [size if isinstance(size, int) else 1 for size in taken.shape]
        if not sizes or any(not isinstance(size, int) for size in taken.shape[1:]):
            raise ModelNotUsable(path, f"it leaves the size of its '{taken.name}' open; export it with a fixed one")
        blank[taken.name] = np.zeros(sizes, ELEMENTS[taken.type])
    return blank


def _values(model: onnx.ModelProto, blank: dict[str, NDArray[np.generic]]) -> dict[str, NDArray[np.generic]]:
    """Every value of the optimized graph for one example, from running it as it stands.

    The saved graph does not say the types and shapes of what the optimizer made, and ONNX's own shape inference does
    not know the engine's operators.
    """
    known = {value.name for value in model.graph.output}
    names = [name for node in model.graph.node for name in node.output if name]
    shown = onnx.ModelProto()
    shown.CopyFrom(model)
    shown.graph.output.extend(onnx.ValueInfoProto(name=name) for name in names if name not in known)
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = FATAL_ONLY
    session = onnxruntime.InferenceSession(shown.SerializeToString(), options, providers=PROVIDERS)
    return {**blank, **dict(zip(names, session.run(names, blank), strict=True))}
