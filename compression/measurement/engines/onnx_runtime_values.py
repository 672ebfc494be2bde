"""Every value of a graph for one example, from running it in ONNX Runtime as it stands."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from numpy.typing import NDArray
from onnx import helper
from onnx.external_data_helper import load_external_data_for_model

from compression.errors import ModelNotUsable
from compression.measurement.engines.onnx_runtime import FATAL_ONLY, PROVIDERS, REFUSALS
from compression.measurement.graph.onnx_file import load_graph, stored_files
from compression.measurement.graph.shapes import NotCounted, Sizes, Values

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
# What one message of protobuf holds, and with it a graph that is handed over in memory.
LARGEST_BYTES = 2**31 - 1
Arrays = Mapping[str, NDArray[np.generic]]


def values_seen(path: Path, sizes: Sizes) -> Values | None:
    """The shape and type of each value of a file, seen by running it on one blank example; None when it cannot be."""
    if sum(file.stat().st_size for file in stored_files(path)) > LARGEST_BYTES:
        return None
    model = load_graph(path)
    load_external_data_for_model(model, str(path.parent))
    try:
        session = _session_showing_all(model)
        arrays = run_through(session, blank_inputs(path, session, sizes))
    except (*REFUSALS, ModelNotUsable):
        return None
    return {
        name: (array.shape, helper.np_dtype_to_tensor_dtype(array.dtype))
        for name, array in arrays.items()
        if array.dtype != np.object_
    }


def blank_inputs(path: Path, session: onnxruntime.InferenceSession, sizes: Sizes) -> Arrays:
    """One example of nothing but zeros, or as many as the file takes. Raises NotCounted when a size is left open."""
    blank: dict[str, NDArray[np.generic]] = {}
    for taken in session.get_inputs():
        given = (1, *sizes.get(taken.name, ()))
        shape = [
            size if isinstance(size, int) else given[axis] if axis < len(given) else None
            for axis, size in enumerate(taken.shape)
        ]
        settled = [size for size in shape if size is not None]
        if not shape or len(settled) < len(shape) or taken.type not in ELEMENTS:
            raise NotCounted(path, f"it leaves the size of its '{taken.name}' open; export it with a fixed one")
        blank[taken.name] = np.zeros(settled, ELEMENTS[taken.type])
    return blank


def run_through(session: onnxruntime.InferenceSession, inputs: Arrays) -> Arrays:
    """What goes in and comes out, by name; without sequences, and without what an operator leaves out."""
    names = [value.name for value in session.get_outputs()]
    given = zip(names, session.run(names, dict(inputs)), strict=True)
    return {**inputs, **{name: array for name, array in given if isinstance(array, np.ndarray)}}


def showing_all(model: onnx.ModelProto) -> onnx.ModelProto:
    """``model`` with every value as an output; changed in place."""
    known = {value.name for value in model.graph.output}
    names = dict.fromkeys(name for node in model.graph.node for name in node.output if name)
    model.graph.output.extend(onnx.ValueInfoProto(name=name) for name in names if name not in known)
    return model


def plain_options() -> onnxruntime.SessionOptions:
    """Options that leave a graph as it is."""
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = FATAL_ONLY
    return options


def _session_showing_all(model: onnx.ModelProto) -> onnxruntime.InferenceSession:
    return onnxruntime.InferenceSession(showing_all(model).SerializeToString(), plain_options(), providers=PROVIDERS)
