"""ONNX Runtime's CPU provider as a session. Every option that decides speed or result is set here, none is left to a
default that another release may change. Knows nothing of what is measured with it.

Option names: onnxruntime_session_options_config_keys.h of ONNX Runtime.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from onnxruntime.capi import onnxruntime_pybind11_state as states

from compression.catalog.examples import Inputs
from compression.measurement.engines.errors import cannot_load, cannot_run
from compression.measurement.engines.session import (
    PrecisionNotThere,
    require_batch,
    require_one_output,
    under_file_names,
)
from compression.measurement.graph.onnx_file import inputs_of, load_graph

PROVIDERS = ["CPUExecutionProvider"]
CONFIG: dict[str, str] = {
    # Waiting threads spin while a run is under way, as in an ordinary deployment; without it every parallel section
    # of a small network pays for waking them ...
    "session.intra_op.allow_spinning": "1",
    "session.inter_op.allow_spinning": "0",
    # ... but they stop as soon as the run returns: sessions of several files are measured in turn, and threads that
    # keep spinning for the last file would take the cores away from the next.
    "session.force_spinning_stop": "1",
    "session.set_denormal_as_zero": "0",
    # Otherwise fp32 matrix products run in bf16 on the Arm CPUs that have it.
    "mlas.enable_gemm_fastmath_arm64_bfloat16": "0",
    # 1 would compute int8 in a slower and exact way on x86 processors without VNNI, where sums of products can
    # overflow: what few who deploy know to set. Accuracy is measured in each engine, so that it would show.
    "session.x64quantprecision": "0",
    # Nodes between QuantizeLinear and DequantizeLinear run in 8 bits, the others are left as they are.
    "session.disable_quant_qdq": "0",
    "session.enable_quant_qdq_cleanup": "0",
    "session.disable_prepacking": "0",
    "session.dynamic_block_base": "0",
    # 1 is fp32: matrix products with weights that are stored in blocks of integers take their other input as the file
    # has it. The default rounds it to int8 as it runs, which OpenVINO is kept from as well.
    "session.qdq_matmulnbits_accuracy_level": "1",
}
# What the engine has to say comes as an exception; it would write it to the error output as well.
FATAL_ONLY = 4
# Each is derived from Exception and from nothing else.
REFUSALS = (
    states.EPFail,
    states.Fail,
    states.InvalidArgument,
    states.InvalidGraph,
    states.InvalidProtobuf,
    states.NoModel,
    states.NoSuchFile,
    states.NotImplemented,
    states.RuntimeException,
)


class OnnxRuntimeSession:
    """An ``.onnx`` file in ONNX Runtime. It computes in fp32 what is not int8, and offers nothing else on a CPU.

    One call of ``run`` is one ``InferenceSession.run``: the engine reads the NumPy array in place, allocates the
    logits, and hands them over. That is the same deal as with OpenVINO, see there.
    """

    engine: Literal["onnxruntime"] = "onnxruntime"
    precision = "fp32"

    def __init__(self, path: Path, *, threads: int, precision: str = "fp32", batch: int | None = None) -> None:
        if precision != self.precision:
            raise PrecisionNotThere(self.engine, precision, self.precision)
        self.threads = threads
        options = session_options(threads)
        if batch is not None:
            for axis in _names_of_batch_axis(path):
                options.add_free_dimension_override_by_name(axis, batch)
        self._session = load(path, options)
        inputs, outputs = self._session.get_inputs(), self._session.get_outputs()
        require_one_output(path, len(inputs), len(outputs))
        fixed = next((each.shape[0] for each in inputs if each.shape and isinstance(each.shape[0], int)), None)
        if batch is not None and fixed is not None:
            require_batch(path, fixed, batch)
        self.options: Mapping[str, str] = options_of(self._session) | {"batch": str(fixed or "free")}
        self._path, self._outputs = path, [outputs[0].name]
        self.input_names = frozenset(each.name for each in inputs)

    def run(self, inputs: Inputs) -> NDArray[np.float32]:
        """Logits [B, K] of inputs whose first axis is B. Raises ModelNotUsable when they do not fit the file."""
        if inputs.keys() != self.input_names:
            inputs = under_file_names(inputs, self.input_names, self._path)
        try:
            logits: NDArray[np.float32] = self._session.run(self._outputs, inputs)[0]
        except REFUSALS as error:
            raise cannot_run(self._path, self.engine, inputs, error) from error
        return logits


def session_options(threads: int) -> onnxruntime.SessionOptions:
    """The options that every file is run with."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL
    options.enable_mem_pattern = True
    options.enable_cpu_mem_arena = True
    options.log_severity_level = FATAL_ONLY
    for key, value in CONFIG.items():
        options.add_session_config_entry(key, value)
    return options


def load(path: Path, options: onnxruntime.SessionOptions) -> onnxruntime.InferenceSession:
    """The engine's own session. Raises ModelNotUsable when it refuses the file."""
    try:
        return onnxruntime.InferenceSession(str(path), options, providers=PROVIDERS)
    except REFUSALS as error:
        raise cannot_load(path, "onnxruntime", error) from error


def options_of(session: onnxruntime.InferenceSession) -> dict[str, str]:
    """What a session was really set to, read back from it."""
    options = session.get_session_options()
    return {
        "intra_op_num_threads": str(options.intra_op_num_threads),
        "inter_op_num_threads": str(options.inter_op_num_threads),
        "execution_mode": options.execution_mode.name,
        "graph_optimization_level": options.graph_optimization_level.name,
        "enable_mem_pattern": str(options.enable_mem_pattern),
        "enable_cpu_mem_arena": str(options.enable_cpu_mem_arena),
        "providers": ", ".join(session.get_providers()),
    } | {key: options.get_session_config_entry(key) for key in CONFIG}


def _names_of_batch_axis(path: Path) -> set[str]:
    """The symbols that stand for the batch in the file; none when the file fixes it."""
    first = [value.type.tensor_type.shape.dim[:1] for value in inputs_of(load_graph(path))]
    return {dimension.dim_param for dimensions in first for dimension in dimensions} - {""}
