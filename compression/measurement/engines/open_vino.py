"""OpenVINO's CPU plugin as a session. Every option that decides speed or result is set here, none is left to a default
that depends on the CPU. Knows nothing of what is measured with it.

Option names: https://docs.openvino.ai, "CPU Device", supported properties.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from compression.catalog.examples import Inputs
from compression.measurement.engines.errors import cannot_load, cannot_run
from compression.measurement.engines.session import (
    PrecisionNotThere,
    require_batch,
    require_one_output,
    under_file_names,
)
from compression.measurement.engines.telemetry import forbid_telemetry

forbid_telemetry()

import openvino  # noqa: E402

HINTS = {"fp32": "f32", "bf16": "bf16", "fp16": "f16"}
NAMES = {hint: name for name, hint in HINTS.items()}
CONFIG: dict[str, str | int | float | bool] = {
    "PERFORMANCE_HINT": "LATENCY",
    "NUM_STREAMS": 1,
    # One process of several must not be tied to the same core as another, and ONNX Runtime pins nothing either.
    "ENABLE_CPU_PINNING": False,
    "ENABLE_HYPER_THREADING": False,
    "CPU_DENORMALS_OPTIMIZATION": False,
    # 0 keeps the inputs of matrix products with int8 weights as the file has them instead of rounding them as it runs.
    "DYNAMIC_QUANTIZATION_GROUP_SIZE": 0,
    "EXECUTION_MODE_HINT": "PERFORMANCE",
    # 1 is never: weights with many zeros are multiplied like any others.
    "CPU_SPARSE_WEIGHTS_DECOMPRESSION_RATE": 1.0,
    "SCHEDULING_CORE_TYPE": "ANY_CORE",
    "ENABLE_CPU_RESERVATION": False,
    "PERF_COUNT": False,
}
# Nothing is kept from one run to the next. A compiled file no longer knows it.
NO_CACHE = {"CACHE_DIR": ""}


class OpenVinoSession:
    """An ``.onnx`` file in OpenVINO, on the CPU.

    One call of ``run`` is one synchronous ``infer`` on one request. The input is shared (``share_inputs=True``: read in
    place, as ONNX Runtime does; the default copies it), the output is copied out (ONNX Runtime's belongs to the caller
    too). ``start_async`` is not used: with one request at a time it only adds a change of threads. What that costs:
    docs/lab-notes.md, "Calling an engine from Python".
    """

    engine: Literal["openvino"] = "openvino"

    def __init__(self, path: Path, *, threads: int, precision: str = "fp32", batch: int | None = None) -> None:
        compiled = compile_file(path, threads=threads, precision=precision, batch=batch)
        # Both are limited by what the CPU has, so that the engine is asked what it settled on.
        self.threads = int(compiled.get_property("INFERENCE_NUM_THREADS"))
        self.precision = NAMES[compiled.get_property("INFERENCE_PRECISION_HINT").get_type_name()]
        if self.precision != precision:
            raise PrecisionNotThere(self.engine, precision, self.precision)
        self.options: Mapping[str, str] = options_of(compiled) | {"batch": _batch_of(compiled)}
        self._path, self._request = path, compiled.create_infer_request()
        self.input_names = frozenset(map(_name_of, compiled.inputs))

    def run(self, inputs: Inputs) -> NDArray[np.float32]:
        """Logits [B, K] of inputs whose first axis is B. Raises ModelNotUsable when they do not fit the file."""
        if inputs.keys() != self.input_names:
            inputs = under_file_names(inputs, self.input_names, self._path)
        try:
            logits: NDArray[np.float32] = self._request.infer(inputs, share_inputs=True, share_outputs=False)[0]
        except RuntimeError as error:
            raise cannot_run(self._path, self.engine, inputs, error) from error
        return logits


def compile_file(
    path: Path, *, threads: int, precision: str, batch: int | None, sizes: Mapping[str, Sequence[int]] | None = None
) -> openvino.CompiledModel:
    """The file as the engine runs it, see ``read_file``. Raises ModelNotUsable as that does."""
    asked = CONFIG | NO_CACHE | {"INFERENCE_NUM_THREADS": threads, "INFERENCE_PRECISION_HINT": HINTS[precision]}
    model = read_file(path, batch=batch, sizes=sizes)
    try:
        return openvino.Core().compile_model(model, "CPU", asked)
    except RuntimeError as error:
        raise cannot_load(path, "openvino", error) from error


def read_file(path: Path, *, batch: int | None, sizes: Mapping[str, Sequence[int]] | None = None) -> openvino.Model:
    """The file as the engine reads it, for a ``batch`` if one is given, and with these ``sizes`` where it leaves some
    open. Raises ModelNotUsable when the engine refuses the file, or the file that batch."""
    try:
        model = openvino.Core().read_model(path)
        require_one_output(path, len(model.inputs), len(model.outputs))
        if batch is not None:
            _fix_batch(model, batch, sizes or {}, path)
    except RuntimeError as error:
        raise cannot_load(path, "openvino", error) from error
    return model


def options_of(compiled: openvino.CompiledModel) -> dict[str, str]:
    """What a compiled file was really set to, read back from it; enumerations by their names."""
    settings = {}
    for key in (*CONFIG, "INFERENCE_NUM_THREADS", "INFERENCE_PRECISION_HINT"):
        value = compiled.get_property(key)
        settings[key] = (
            value.get_type_name() if isinstance(value, openvino.Type) else str(getattr(value, "name", value))
        )
    return settings | {"device": "CPU"}


def _name_of(taken: openvino.Output | openvino.ConstOutput) -> str:
    """What the file calls an input: of the names that the engine has for it, since it adds some, the node's own."""
    own = str(taken.get_node().get_friendly_name())
    return own if own in taken.get_names() else str(taken.get_any_name())


def _batch_of(compiled: openvino.CompiledModel) -> str:
    shapes = [each.partial_shape for each in compiled.inputs]
    first = [shape[0] for shape in shapes if shape.rank.is_static and len(shape) > 0]
    return next((str(axis.get_length()) for axis in first if axis.is_static), "free")


def _fix_batch(model: openvino.Model, batch: int, sizes: Mapping[str, Sequence[int]], path: Path) -> None:
    shapes = {}
    for each in model.inputs:
        shape = each.partial_shape
        if shape[0].is_static:
            require_batch(path, shape[0].get_length(), batch)
        shape[0] = batch
        for axis, size in enumerate(sizes.get(_name_of(each), ()), 1):
            if shape[axis].is_dynamic:
                shape[axis] = size
        shapes[each] = shape
    model.reshape(shapes)
