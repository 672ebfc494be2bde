"""ONNX Runtime's CPU provider as a session. Every option that decides speed or result is set here, none is left to a
default that another release may change. Knows nothing of what is measured with it.

Option names: onnxruntime_session_options_config_keys.h of ONNX Runtime.
"""

from pathlib import Path
from typing import Literal

import numpy as np
import onnx
import onnxruntime
from numpy.typing import NDArray

from compression.measurement.engines.session import require_one_input_and_output

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
}
ERRORS_ONLY = 3


class OnnxRuntimeSession:
    """An ``.onnx`` file in ONNX Runtime. It computes in fp32 what is not int8, and offers nothing else on a CPU.

    One call of ``run`` is one ``InferenceSession.run``: the engine reads the NumPy array in place, allocates the
    logits, and hands them over. That is the same deal as with OpenVINO, see there.
    """

    engine: Literal["onnxruntime"] = "onnxruntime"
    precision = "fp32"

    def __init__(self, path: Path, *, threads: int, precision: str = "fp32", batch: int | None = None) -> None:
        if precision != self.precision:
            raise ValueError(f"ONNX Runtime computes in {self.precision} on a CPU, not in {precision}")
        self.threads = threads
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL
        options.enable_mem_pattern = True
        options.enable_cpu_mem_arena = True
        options.log_severity_level = ERRORS_ONLY
        for key, value in CONFIG.items():
            options.add_session_config_entry(key, value)
        if batch is not None and (axis := _name_of_batch_axis(path)):
            options.add_free_dimension_override_by_name(axis, batch)
        self._session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        inputs, outputs = self._session.get_inputs(), self._session.get_outputs()
        require_one_input_and_output(path, len(inputs), len(outputs))
        self._input, self._outputs = inputs[0].name, [outputs[0].name]

    def run(self, images: NDArray[np.float32]) -> NDArray[np.float32]:
        """Logits [B, K] of normalized images [B, C, H, W]."""
        logits: NDArray[np.float32] = self._session.run(self._outputs, {self._input: images})[0]
        return logits


def _name_of_batch_axis(path: Path) -> str:
    """The symbol that stands for the batch in the file; empty when the file fixes it."""
    inputs = onnx.load(path, load_external_data=False).graph.input
    return str(inputs[0].type.tensor_type.shape.dim[0].dim_param) if inputs else ""
