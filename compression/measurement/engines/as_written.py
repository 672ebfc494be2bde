"""What a file says: its operators computed one by one, as they stand, without any engine's shortcuts.

It is the yardstick of an engine's faults, and no engine that files are deployed in. Processors without instructions for
8-bit products add two products of a signed and an unsigned number in 16 bits, and cut off what does not fit; of two
unsigned numbers they add all of it. So signed weights become unsigned ones first, by another zero point.
"""

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from numpy.typing import NDArray
from onnx import numpy_helper

from compression.catalog.examples import Inputs
from compression.measurement.engines.errors import cannot_run
from compression.measurement.engines.onnx_runtime import REFUSALS, load, session_options
from compression.measurement.engines.session import under_file_names

# The inputs of each that are its weights and their zero point.
WEIGHTS_AND_ZERO = {"MatMulInteger": (1, 3), "ConvInteger": (1, 3), "QLinearMatMul": (3, 5), "QLinearConv": (3, 5)}
MIDDLE = 128


def scores_as_written(path: Path, batches: Iterable[Inputs], *, threads: int) -> NDArray[np.float32]:
    """The scores [N, K] of all ``batches``. Raises ModelNotUsable when they cannot be had."""
    options = session_options(threads)
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    session = _session(path, options)
    taken, given = [each.name for each in session.get_inputs()], [session.get_outputs()[0].name]
    found = []
    for inputs in batches:
        try:
            found.append(session.run(given, under_file_names(inputs, taken, path))[0])
        except REFUSALS as error:
            raise cannot_run(path, "onnxruntime", inputs, error) from error
    return np.concatenate(found)


def _session(path: Path, options: onnxruntime.SessionOptions) -> onnxruntime.InferenceSession:
    model = onnx.load(path)
    if not with_unsigned_weights(model):
        return load(path, options)
    try:
        return onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    except REFUSALS:
        # Signed numbers on both sides have no operator for the mixture, and are added in full as they are.
        return load(path, options)


def with_unsigned_weights(model: onnx.ModelProto) -> bool:
    """Write signed 8-bit weights of integer operators as unsigned ones, in place: both they and their zero point are
    128 more, so that what is computed stays the same. Whether there were any."""
    arrays = {tensor.name: tensor for tensor in model.graph.initializer}
    changed = False
    for number, node in enumerate(model.graph.node):
        places = WEIGHTS_AND_ZERO.get(node.op_type)
        if places is None or node.input[places[0]] not in arrays:
            continue
        weights = numpy_helper.to_array(arrays[node.input[places[0]]])
        zero_name = node.input[places[1]] if len(node.input) > places[1] else ""
        if weights.dtype != np.int8 or (zero_name and zero_name not in arrays):
            continue
        zero = numpy_helper.to_array(arrays[zero_name]) if zero_name else np.zeros((), np.int8)
        while len(node.input) <= places[1]:
            node.input.append("")
        for place, array in zip(places, (weights, zero), strict=True):
            unsigned = numpy_helper.from_array((array.astype(np.int16) + MIDDLE).astype(np.uint8), f"{number}/{place}")
            model.graph.initializer.append(unsigned)
            node.input[place] = unsigned.name
        changed = True
    return changed
