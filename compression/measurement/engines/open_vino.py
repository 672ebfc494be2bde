"""OpenVINO's CPU plugin as a session. Every option that decides speed or result is set here, none is left to a default
that depends on the CPU. Knows nothing of what is measured with it.

Option names: https://docs.openvino.ai, "CPU Device", supported properties.
"""

from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from compression.measurement.engines.session import ModelNotUsable, require_one_input_and_output
from compression.measurement.engines.telemetry import forbid_telemetry

forbid_telemetry()

import openvino  # noqa: E402

HINTS = {"fp32": "f32", "bf16": "bf16", "fp16": "f16"}
NAMES = {hint: name for name, hint in HINTS.items()}
CONFIG: dict[str, str | int | bool] = {
    "PERFORMANCE_HINT": "LATENCY",
    "NUM_STREAMS": 1,
    # One process of several must not be tied to the same core as another, and ONNX Runtime pins nothing either.
    "ENABLE_CPU_PINNING": False,
    "ENABLE_HYPER_THREADING": False,
    "CPU_DENORMALS_OPTIMIZATION": False,
    # 0 keeps the inputs of matrix products with int8 weights as the file has them instead of rounding them as it runs.
    "DYNAMIC_QUANTIZATION_GROUP_SIZE": 0,
    "PERF_COUNT": False,
    "CACHE_DIR": "",
}


class OpenVinoSession:
    """An ``.onnx`` file in OpenVINO, on the CPU.

    One call of ``run`` is one synchronous ``infer`` on one request. The input is shared (``share_inputs=True``: read in
    place, as ONNX Runtime does; the default copies it in a way that costs tens of microseconds), the output is copied
    out (ONNX Runtime's belongs to the caller too). ``start_async`` is not used: with one request at a time it only adds
    a change of threads. What is left of Python is about 7 microseconds a call in OpenVINO and 2 in ONNX Runtime.
    """

    engine: Literal["openvino"] = "openvino"

    def __init__(self, path: Path, *, threads: int, precision: str = "fp32", batch: int | None = None) -> None:
        if precision not in HINTS:
            raise ValueError(f"OpenVINO computes in one of {', '.join(HINTS)}, not in {precision}")
        core = openvino.Core()
        model = core.read_model(path)
        require_one_input_and_output(path, len(model.inputs), len(model.outputs))
        if batch is not None:
            _fix_batch(model, batch, path)
        asked = CONFIG | {"INFERENCE_NUM_THREADS": threads, "INFERENCE_PRECISION_HINT": HINTS[precision]}
        compiled = core.compile_model(model, "CPU", asked)
        # Both are limited by what the CPU has, so that the engine is asked what it settled on.
        self.threads = int(compiled.get_property("INFERENCE_NUM_THREADS"))
        self.precision = NAMES[compiled.get_property("INFERENCE_PRECISION_HINT").get_type_name()]
        self._request = compiled.create_infer_request()

    def run(self, images: NDArray[np.float32]) -> NDArray[np.float32]:
        """Logits [B, K] of normalized images [B, C, H, W]."""
        logits: NDArray[np.float32] = self._request.infer(images, share_inputs=True, share_outputs=False)[0]
        return logits


def _fix_batch(model: openvino.Model, batch: int, path: Path) -> None:
    shape = model.input(0).partial_shape
    if shape[0].is_static and shape[0].get_length() != batch:
        raise ModelNotUsable(
            path, f"it takes batches of {shape[0].get_length()} only; export it with a free batch axis"
        )
    shape[0] = batch
    model.reshape(shape)
