"""The size of the images that a graph takes: read, and settled where the file leaves it open. Runs nothing."""

from pathlib import Path

import onnx

from compression.methods.onnx_import.refusals import ModelNotQuantizable, images_in

ImageShape = tuple[int, int, int]


def with_image_shape(
    model: onnx.ModelProto, wanted: ImageShape | None, path: Path
) -> tuple[onnx.ModelProto, ImageShape]:
    """A copy of ``model``, which was read from ``path``, that takes images of one shape, and that shape (channels,
    height, width): its own, or ``wanted`` where it leaves one open.

    Raises ModelNotQuantizable when it takes others than ``wanted``, or leaves the shape open and none is wanted.
    """
    result = onnx.ModelProto()
    result.CopyFrom(model)
    dimensions = images_in(result).type.tensor_type.shape.dim[1:]
    taken = [dimension.dim_value or None for dimension in dimensions]
    settled = [size or given for size, given in zip(taken, wanted or (None, None, None), strict=True)]
    if wanted is not None and tuple(settled) != wanted:
        raise ModelNotQuantizable(
            path,
            f"it takes images of {_times(taken)} (channels x height x width), and those of the dataset are "
            f"{_times(wanted)}; export it for these, or choose another dataset",
        )
    if None in settled:
        raise ModelNotQuantizable(
            path,
            f"it leaves the shape of its images open ({_times(taken)}); export it with a fixed one, or choose a "
            "dataset whose images it is meant for",
        )
    for dimension, size in zip(dimensions, settled, strict=True):
        dimension.dim_value = size
    channels, height, width = (int(size or 0) for size in settled)
    return result, (channels, height, width)


def _times(shape: list[int | None] | ImageShape) -> str:
    return " x ".join("any" if size is None else str(size) for size in shape)
