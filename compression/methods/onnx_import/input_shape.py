"""The shapes of what a graph takes in: read, and settled where the file leaves one open. Runs nothing."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import onnx

from compression.measurement.graph.onnx_file import inputs_of
from compression.methods.onnx_import.refusals import ModelNotQuantizable


def with_input_shapes(
    model: onnx.ModelProto, wanted: Mapping[str, Sequence[int]], path: Path
) -> tuple[onnx.ModelProto, dict[str, tuple[int, ...]]]:
    """A copy of ``model``, which was read from ``path``, each input of which has one shape; and these shapes, by name
    and without the batch axis: its own, or the ``wanted`` one where it leaves a size open.

    Raises ModelNotQuantizable when it leaves a size open and none is wanted.
    """
    result = onnx.ModelProto()
    result.CopyFrom(model)
    shapes: dict[str, tuple[int, ...]] = {}
    for value in inputs_of(result):
        dimensions = value.type.tensor_type.shape.dim[1:]
        taken = [dimension.dim_value or None for dimension in dimensions]
        given = wanted.get(value.name, (None,) * len(taken))
        settled = [size or other for size, other in zip(taken, given, strict=True)]
        if None in settled:
            raise ModelNotQuantizable(
                path,
                f"it leaves the shape of its '{value.name}' open ({_times(taken)}); export it with a fixed one, or "
                "choose a dataset that it is meant for",
            )
        for dimension, size in zip(dimensions, settled, strict=True):
            dimension.dim_value = size
        shapes[value.name] = tuple(size for size in settled if size is not None)
    return result, shapes


def _times(shape: Sequence[int | None]) -> str:
    return " x ".join("any" if size is None else str(size) for size in shape)
