"""The engines that run an ``.onnx`` file, behind one door: :func:`open_session`.

An engine's library is imported when its first session is opened and not before, so that a process pays only for the
engine it uses. Knows nothing of what is measured with a session.
"""

from pathlib import Path
from typing import assert_never

from compression.measurement.engines.session import PRECISIONS, PrecisionNotThere, Session
from compression.records.measurements import EngineName

__all__ = ["PrecisionNotThere", "Session", "open_session"]


def open_session(
    path: Path, engine: EngineName, *, threads: int, precision: str = "fp32", batch: int | None = None
) -> Session:
    """Load an ``.onnx`` file in an engine.

    ``threads`` is what one run may use. ``precision`` is that of the floating-point part of the file. With
    ``batch`` None the first axis stays free; a number fixes it before the engine plans its memory and picks its
    kernels, as deployments with a known batch do (and OpenVINO's benchmark_app).

    Raises ModelNotUsable when the file is no classifier, and PrecisionNotThere for a precision that the engine
    does not have on this processor.
    """
    if threads < 1:
        raise ValueError(f"an engine needs at least one thread, not {threads}")
    if precision not in PRECISIONS:
        raise ValueError(f"engines compute in one of {', '.join(PRECISIONS)}, not in {precision}")
    match engine:
        case "onnxruntime":
            from compression.measurement.engines.onnx_runtime import OnnxRuntimeSession

            return OnnxRuntimeSession(path, threads=threads, precision=precision, batch=batch)
        case "openvino":
            from compression.measurement.engines.open_vino import OpenVinoSession

            return OpenVinoSession(path, threads=threads, precision=precision, batch=batch)
        case _:
            assert_never(engine)
