"""The shapes and types that OpenVINO works out for a file when one example goes in; nothing is run."""

from pathlib import Path

from compression.errors import ModelNotUsable
from compression.measurement.engines.open_vino import read_file
from compression.measurement.graph.shapes import Sizes, Values

import openvino  # isort: skip, since open_vino has to silence its telemetry first
from onnx import helper


def values_inferred(path: Path, sizes: Sizes) -> Values | None:
    """The shape and type of each value, by the file's names; None when the engine refuses the file."""
    try:
        model = read_file(path, batch=1, sizes=sizes)
    except ModelNotUsable:
        return None
    values: Values = {}
    for node in model.get_ordered_ops():
        for value in node.outputs():
            if value.partial_shape.is_static:
                kind = _onnx_type(value.get_element_type())
                values.update((name, (tuple(value.get_shape()), kind)) for name in value.get_names())
    return values


def _onnx_type(kind: openvino.Type) -> int:
    return helper.np_dtype_to_tensor_dtype(kind.to_dtype())
